"""`/queries` over HTTP, on the demo: every example, hostile values, pages, formats and errors."""

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph

from kg.build.generations import Home
from kg.engine.limits import GuardLimits
from kg.named.checking import check_folders
from kg.named.folders import our_folder
from kg.named.front_matter import Example
from kg.named.query import NamedQuery
from tests.conftest import serving
from tests.named.conftest import head
from tests.named.test_binding import HOSTILE

SRJ = "application/sparql-results+json"
QUERIES = check_folders([our_folder()], GuardLimits())[0]
EXAMPLES = [(query, example) for query in QUERIES.values() for example in query.front.examples]
PARAMETERS = [(query, name) for query in QUERIES.values() for name in query.front.parameters]

CONSTRUCT = head("parameters:\n  type: {type: iri, required: true, title: {nb: T, en: T}}") + (
    "PREFIX dcat: <http://www.w3.org/ns/dcat#>\nPREFIX kg: <https://kunnskapsgraf.example/ns#>\n"
    "CONSTRUCT { ?s a ?type } WHERE { VALUES ?type { dcat:Dataset } ?s a ?type }"
)
ASK = head() + "ASK { ?s a <http://www.w3.org/ns/dcat#Dataset> }"
PLAIN = head() + (
    "SELECT ?text ?number ?real ?yes ?iri ?day ?none WHERE { VALUES (?text ?number ?real ?yes ?iri ?day ?none) {"
    '("a"@nb 5 1.5 true <a:b> "2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF) } }'
)
RESOURCES = head("infer: false") + (
    "SELECT (COUNT(DISTINCT ?resource) AS ?resources) WHERE { ?resource a <http://www.w3.org/ns/dcat#Resource> }"
)
SLOW = head("timeout: 0.5") + "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of an operator's queries."""
    place = tmp_path_factory.mktemp("queries")
    for name, text in (
        ("graf", CONSTRUCT),
        ("finnes", ASK),
        ("verdier", PLAIN),
        ("ressurser", RESOURCES),
        ("treg", SLOW),
    ):
        (place / f"{name}.rq").write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def named(demo: Home, folder: Path) -> Iterator[httpx.Client]:
    """A client of a server with the operator's queries."""
    with serving(demo, "--queries", str(folder)) as (_, address), httpx.Client(base_url=address, timeout=20) as client:
        yield client


def params_of(example: Example) -> dict[str, list[str]]:
    return {name: list(values) for name, values in example.params.items()}


def holds(row: Mapping[str, object], expected: object) -> bool:
    if isinstance(expected, Mapping):
        return all(row.get(column) == value for column, value in expected.items())
    return expected in row.values()


def whole(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    """The rows of all pages."""
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        rows += answer.json()["rows"]
        following = answer.json()["next"]
        assert (f'<{following}>; rel="next"' == answer.headers.get("link")) is (following is not None)
    return rows


@pytest.mark.parametrize(("query", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", None) or "")
def test_an_example_returns_what_its_file_says(named: httpx.Client, query: NamedQuery, example: Example) -> None:
    expected = example.expect
    if query.form in {"construct", "describe"}:
        answer = named.get(f"queries/{query.name}.ttl", params=params_of(example))
        assert answer.status_code == 200, answer.text
        assert len(Graph().parse(data=answer.text, format="turtle")) >= expected.min_rows
        return
    answer = named.get(f"queries/{query.name}", params=params_of(example))
    assert answer.status_code == 200, answer.text
    assert answer.json()["columns"] == list(expected.columns or query.columns)
    rows = whole(named, str(answer.url))
    assert len(rows) >= expected.min_rows
    for one in expected.contains:
        assert any(holds(row, one) for row in rows), one
    # Pages sort as the file does, so the whole answer is the same rows in the same order.
    table = named.get(f"queries/{query.name}.csv", params=params_of(example))
    first = query.front.paging.key if query.front.paging else ()
    listed = list(csv.DictReader(io.StringIO(table.text)))
    assert len(listed) == len(rows)
    for column in first:
        assert [row[column] for row in listed] == ["" if row[column] is None else str(row[column]) for row in rows]


@pytest.mark.parametrize(("query", "name"), PARAMETERS, ids=lambda value: getattr(value, "name", value))
def test_a_hostile_value_gives_rows_or_an_error_that_names_its_parameter(
    named: httpx.Client, query: NamedQuery, name: str
) -> None:
    needed = {other: query.example(other) for other, row in query.front.parameters.items() if row.required}
    for text in HOSTILE:
        if text == "\ud800":
            continue  # not even a client can send it
        answer = named.post(f"queries/{query.name}", data={**needed, name: text})
        if answer.status_code == 200:
            assert answer.json().keys() >= {"columns", "rows", "next"}
        else:
            assert answer.status_code == 422, (text[:50], answer.text)
            assert answer.json()["parameter"] == name


def test_values_are_plain(named: httpx.Client) -> None:
    assert named.get("queries/verdier").json() == {
        "columns": ["text", "number", "real", "yes", "iri", "day", "none"],
        "rows": [{"text": "a", "number": 5, "real": 1.5, "yes": True, "iri": "a:b", "day": "2026-01-31", "none": None}],
        "next": None,
    }
    assert named.get("queries/finnes").json() == {"columns": ["answer"], "rows": [{"answer": True}], "next": None}


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        ("queries/verdier", None, "application/json"),
        ("queries/verdier", "*/*", "application/json"),
        ("queries/verdier", "application/json", "application/json"),
        ("queries/verdier.json", "text/csv", "application/json"),
        ("queries/verdier", f"{SRJ}, application/json;q=0.5", SRJ),
        ("queries/verdier.srj", None, "application/sparql-results+json"),
        ("queries/verdier?format=csv", None, "text/csv"),
        ("queries/verdier", "text/tab-separated-values", "text/tab-separated-values"),
        ("queries/verdier.xml", None, "application/sparql-results+xml"),
        ("queries/verdier", "text/html,*/*;q=0.8", "text/html"),
        ("queries/verdier.rq", None, "application/sparql-query"),
        ("queries/finnes.srj", None, "application/sparql-results+json"),
        ("queries/graf?type=dcat:Dataset", None, "text/turtle"),
        ("queries/graf?type=dcat:Dataset", "application/ld+json", "application/ld+json"),
        ("queries/graf.nt?type=dcat:Dataset", None, "application/n-triples"),
        ("queries/graf.html?type=dcat:Dataset", None, "text/html"),
        ("queries", None, "application/json"),
        ("queries", "text/html", "text/html"),
        ("queries/schema.json", None, "application/schema+json"),
    ],
)  # fmt: skip
def test_the_format_is_that_of_the_suffix_the_parameter_or_the_header(
    named: httpx.Client, path: str, accept: str | None, content_type: str
) -> None:
    answer = named.get(path, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == content_type


@pytest.mark.parametrize(
    ("path", "status", "field", "said"),
    [
        ("queries/nei", 404, "detail", "no query 'nei'"),
        ("queries/datasett-per-utgivar", 404, "hint", "datasett-per-utgiver"),
        ("queries/finnes?x=1", 400, "parameter", "x"),
        ("queries/finnes?limit=1", 400, "hint", "comes whole"),
        ("queries/finnes.ttl", 422, "parameter", "format"),
        ("queries/finnes?format=exe", 422, "parameter", "format"),
        ("queries/finnes.csv?format=tsv", 422, "parameter", "format"),
        ("queries/finnes?infer=maybe", 422, "parameter", "infer"),
        ("queries/finnes?timeout=-1", 422, "parameter", "timeout"),
        ("queries/graf", 422, "parameter", "type"),
        ("queries/datasett-per-utgiver?limit=0", 422, "parameter", "limit"),
        ("queries/datasett-per-utgiver?limit=1000000", 422, "parameter", "limit"),
        ("queries/datasett-per-utgiver?after=x", 422, "parameter", "after"),
        ("queries/datasett-per-utgiver?count=yes", 422, "parameter", "count"),
        ("queries/datasett-per-utgiver?count=true&count=true", 422, "parameter", "count"),
        ("queries/datasett-per-utgiver?publisher=%zz", 422, "parameter", "publisher"),
        ("queries?x=1", 400, "parameter", "x"),
        ("queries/finnes.rq?x=1", 400, "parameter", "x"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_says_why(
    named: httpx.Client, path: str, status: int, field: str, said: str
) -> None:
    answer = named.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()[field]


def test_a_query_says_whether_it_reads_what_was_inferred_and_the_caller_may_say_otherwise(named: httpx.Client) -> None:
    def resources(**params: str) -> int:
        (row,) = named.get("queries/ressurser", params=params).json()["rows"]
        return int(row["resources"])

    assert resources() == resources(infer="false") < resources(infer="true")


def test_a_query_ends_at_its_own_timeout_and_at_a_shorter_one_of_the_caller(named: httpx.Client) -> None:
    for params, seconds in (({}, 0.5), ({"timeout": "0.2"}, 0.2)):
        answer = named.get("queries/treg", params=params)
        assert answer.status_code == 504
        assert answer.json()["limit_seconds"] == seconds


def test_a_body_that_is_no_form_is_refused_and_a_large_one_too(named: httpx.Client) -> None:
    assert named.post("queries/finnes", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415
    assert named.post("queries/finnes", data={"x": "y" * (5 << 20)}).status_code == 413


def test_pages_together_are_the_whole_and_the_total_is_counted_on_demand(named: httpx.Client) -> None:
    path = "queries/former-av-iri"
    rows = named.get(path, params={"limit": 10_000, "count": "true"}).json()
    assert rows["next"] is None
    assert rows["total"] == len(rows["rows"])
    assert "total" not in named.get(path).json()
    paged = whole(named, f"{path}?limit=7")
    assert paged == rows["rows"]
    first = named.get(f"{path}.csv", params={"limit": 7, "count": "true"})
    assert first.headers["x-total-count"] == str(len(paged))
    following = first.links["next"]["url"]
    listed = list(csv.DictReader(io.StringIO(first.text + named.get(following).text.split("\r\n", 1)[1])))
    assert [row["form"] for row in listed] == [row["form"] for row in paged[:14]]
    assert len(list(csv.DictReader(io.StringIO(named.get(f"{path}.csv").text)))) == len(paged)


def test_an_unchanged_answer_costs_a_304_and_another_one_has_another_tag(named: httpx.Client) -> None:
    tags = set()
    for path in (
        "former-av-iri",
        "former-av-iri?limit=2",
        "former-av-iri?infer=false",
        "former-av-iri.csv",
        "former-av-iri.html",
    ):
        answer = named.get(f"queries/{path}")
        tags.add(answer.headers["etag"])
        again = named.get(f"queries/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert {"x-generation", "server-timing"} <= answer.headers.keys()
    assert len(tags) == 5


def test_the_list_has_what_clients_rely_on(named: httpx.Client) -> None:
    listed = named.get("queries").json()["queries"]
    assert {entry["name"] for entry in listed} == {*QUERIES, "graf", "finnes", "verdier", "ressurser", "treg"}
    for entry in listed:
        assert entry.keys() >= {"name", "group", "title", "description", "parameters", "href"}
        assert entry["title"].keys() == entry["description"].keys() == {"nb", "en"}
        assert named.get(f"{entry['href']}.rq").status_code == 200


def test_the_text_of_a_query_runs_at_the_endpoint_as_it_is(named: httpx.Client) -> None:
    for name in QUERIES:
        text = named.get(f"queries/{name}.rq").text
        assert named.post("sparql", data={"query": text, "strict": "true"}).status_code == 200


def test_pages_escape_what_they_show_and_tell_a_wrong_value_beside_the_form(named: httpx.Client) -> None:
    hostile = "<script>alert(1)</script>"
    answer = named.get("queries/begrep-med-navn.html", params={"label": hostile, "language": hostile})
    assert answer.status_code == 422
    assert hostile not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<strong>language</strong>" in answer.text
    empty = named.get("queries/begrep-med-navn.html")
    assert empty.status_code == 200
    assert "<table>" not in empty.text
    assert "rows = pd.read_csv(" in empty.text
    english = named.get("queries.html".replace(".html", ""), headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "Concepts with a name" in english.text
    page = named.get("queries/former-av-iri.html", params={"limit": "3"})
    assert 'rel="next"' in page.text
    assert "/resource?iri=" in page.text


def test_a_broken_file_stops_the_start_and_all_faults_are_told(demo: Home, tmp_path: Path) -> None:
    from tests.command_line import kg

    (tmp_path / "en.rq").write_text("SELECT ?a { ?a ?b ?c }")
    (tmp_path / "to.rq").write_text(head() + "SELECT ?a { ?a ?b }")
    (tmp_path / "finnes-ikke").mkdir()
    done = kg("serve", "--home", str(demo.path), "--port", "0", "--queries", str(tmp_path), COLUMNS="300")
    assert done.returncode == 2, done.stderr
    assert f"{tmp_path}/en.rq:1: has no front matter" in done.stderr
    assert f"{tmp_path}/to.rq:4: is not SPARQL" in done.stderr
    assert "Traceback" not in done.stderr


def test_changed_files_are_read_again_and_a_fault_leaves_the_last_good_version(demo: Home, tmp_path: Path) -> None:
    file = tmp_path / "min.rq"
    file.write_text(head() + 'SELECT ?x { VALUES (?x) { ("en") } }')
    command = ("--queries", str(tmp_path), "--reload-queries")
    with serving(demo, *command) as (_, address), httpx.Client(base_url=address, timeout=20) as client:
        assert client.get("queries/min").json()["rows"] == [{"x": "en"}]
        file.write_text(head() + 'SELECT ?x { VALUES (?x) { ("to og tre") } }')
        assert client.get("queries/min").json()["rows"] == [{"x": "to og tre"}]
        file.write_text(head() + 'SELECT ?x { VALUES (?x) { ("fire") }')
        assert client.get("queries/min").json()["rows"] == [{"x": "to og tre"}]
        assert "min.rq:4" in client.get("queries").json()["faults"][0]
        (tmp_path / "ny.rq").write_text(head() + "ASK { }")
        file.write_text(head() + 'SELECT ?x { VALUES (?x) { ("fem") } }')
        assert client.get("queries/ny").json()["rows"] == [{"answer": True}]
        assert client.get("queries/min").json()["rows"] == [{"x": "fem"}]
        assert client.get("queries").json()["faults"] == []
        shutil.rmtree(tmp_path)
        assert client.get("queries/min").status_code == 200  # a folder that is gone is a fault


@pytest.fixture(scope="module")
def paths(named: httpx.Client) -> dict[str, Any]:
    """The paths of the OpenAPI document."""
    found: dict[str, Any] = named.get("openapi.json").json()["paths"]
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_answers_are_of_the_schema_in_the_openapi_document(
    named: httpx.Client, paths: dict[str, Any], name: str
) -> None:
    from openapi_schema_validator import OAS31Validator

    operation = paths[f"/queries/{name}"]["get"]
    params = {row["name"]: row["example"] for row in operation["parameters"] if row["required"]}
    answer = named.get(f"queries/{name}", params=params)
    assert answer.status_code == 200
    content = operation["responses"]["200"]["content"]
    assert answer.headers["content-type"].partition(";")[0] in content
    if QUERIES[name].form in {"construct", "describe"}:
        return  # a graph has no rows
    schema = content["application/json"]["schema"]
    OAS31Validator(schema).validate(answer.json())
    wrong = json.loads(answer.text)
    wrong["rows"] = [{**row, "surplus": 1} for row in wrong["rows"]]
    assert not OAS31Validator(schema).is_valid(wrong)
