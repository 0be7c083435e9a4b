"""What `/sparql` says beside its answers, how a query would be run, and `/prefixes`."""

import io
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from kg.build.generations import Home
from kg.engine.orders import Answer
from kg.namespaces import DCT, DEFAULT_BASE_IRI, Names
from kg.sparql.formats import FORMATS

MISSPELT = "SELECT ?t WHERE {\n ?s dct:titel ?t }"
SAID = "no triple uses dct:titel; did you mean dct:title?"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a dcat:Dataset }"
REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"


def ask(client: httpx.Client, query: str, **parameters: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **parameters})


def test_hints_stand_beside_the_answer_in_json(client: httpx.Client) -> None:
    answer = ask(client, MISSPELT, hints="true")
    body = answer.json()
    assert body["results"]["bindings"] == []
    (hint,) = body["hints"]
    assert hint["text"]["en"] == SAID
    assert (hint["kind"], hint["line"], hint["column"]) == ("property", 2, 5)
    assert (hint["found"], hint["meant"]) == (f"{DCT}titel", f"{DCT}title")
    assert "x-hint" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert ask(client, "ASK { ?s dct:title ?t }", hints="true").json() == {"head": {}, "boolean": True, "hints": []}


def test_hints_stand_in_a_header_otherwise(client: httpx.Client) -> None:
    assert ask(client, MISSPELT).headers["x-hint"] == SAID
    assert "hints" not in ask(client, MISSPELT).json()
    assert ask(client, MISSPELT, hints="true", format="csv").headers["x-hint"] == SAID
    assert "x-hint" not in ask(client, MISSPELT, strict="false", infer="false").request.headers
    assert "x-hint" not in ask(client, "SELECT ?t WHERE { ?s dct:title ?t } LIMIT 1").headers


def test_an_alias_is_a_hint_like_the_others(client: httpx.Client) -> None:
    (hint,) = ask(client, f"ASK {{ ?s dct:publisher <{REGISTER}> }}", hints="true").json()["hints"]
    assert (hint["kind"], hint["found"], hint["line"], hint["column"]) == ("alias", REGISTER, 1, 24)
    assert hint["meant"] == "https://data.norge.no/organizations/974760673"


def test_a_header_holds_no_more_than_ascii_on_one_line(client: httpx.Client) -> None:
    query = "PREFIX blå: <http://purl.org/dc/terms/> SELECT ?t WHERE { ?s blå:titel ?t }"
    told = ask(client, query).headers["x-hint"]
    assert told.isascii()
    assert "did you mean bl" in told


def test_answers_with_and_without_hints_have_tags_of_their_own(client: httpx.Client) -> None:
    tags = {ask(client, COUNT, **asked).headers["etag"] for asked in ({}, {"hints": "true"}, {"explain": "true"})}
    assert len(tags) == 3


@pytest.mark.parametrize("spooled", [False, True])
def test_members_are_added_without_reading_the_answer(spooled: bool, tmp_path: Path) -> None:
    text = json.dumps({"head": {}, "results": ["x" * 600_000]}).encode()
    answer_format = next(row for row in FORMATS if row.name == "json")
    (tmp_path / "answer").write_bytes(text)
    with (tmp_path / "answer").open("rb") as file:
        answer = Answer(answer_format, len(text), 0.0, 1, b"" if spooled else text, file if spooled else None)
        answer.add_members(b'"hints":[1]')
        written = b"".join(answer.chunks())
    assert json.loads(written) == {**json.loads(text), "hints": [1]}
    assert answer.size == len(written)


def test_a_large_answer_with_hints_is_whole(client: httpx.Client) -> None:
    query = "SELECT * WHERE { ?s ?p ?o . VALUES ?i { 1 2 } }"
    plain, hinted = ask(client, query).json(), ask(client, query, hints="true")
    assert len(hinted.content) > 1 << 20
    assert hinted.json()["hints"] == []
    assert len(hinted.json()["results"]["bindings"]) == len(plain["results"]["bindings"])


def test_explain_shows_the_query_as_it_is_run_and_does_not_run_it(client: httpx.Client) -> None:
    plan = ask(client, COUNT, explain="true")
    assert plan.headers["content-type"] == "application/json"
    (rewrite,) = plan.json()["rewrites"]
    assert (rewrite["rule"], rewrite["line"]) == ("statistics", 1)
    assert set(rewrite["reason"]) == {"nb", "en"}
    assert plan.json()["query"] == COUNT
    shown = ask(client, plan.json()["run"], strict="true").json()
    assert shown == ask(client, COUNT).json()
    cross = "SELECT (COUNT(?f) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert ask(client, cross, explain="true").json()["rewrites"] == []
    refused = ask(client, "SELECT ?s { ?s ?p }", explain="true")
    assert (refused.status_code, refused.json()["column"]) == (400, 19)
    assert ask(client, COUNT, explain="true", format="csv").json()["parameter"] == "format"


def test_strict_queries_are_run_as_they_are(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert ask(client, query, explain="true").json()["run"] != query
    plan = ask(client, query, explain="true", strict="true").json()
    assert (plan["run"], plan["rewrites"], plan["prefixes"]) == (query, [], {})
    assert ask(client, query, strict="true").json() == ask(client, query).json()


@pytest.mark.parametrize("infer", ["true", "false"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?o) AS ?m) WHERE { ?s ?p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?m) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
        "SELECT ?c (COUNT(?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c LIMIT 5",
        "SELECT DISTINCT ?c WHERE { ?s a ?c } ORDER BY ?c",
        COUNT,
    ],
)
def test_numbers_from_the_statistics_are_those_of_a_scan(client: httpx.Client, query: str, infer: str) -> None:
    plan = ask(client, query, explain="true", infer=infer).json()
    assert [step["rule"] for step in plan["rewrites"]] == ["statistics"]
    scanned = query.replace("dcat:", "<http://www.w3.org/ns/dcat#>").replace(
        "<http://www.w3.org/ns/dcat#>Dataset", "<http://www.w3.org/ns/dcat#Dataset>"
    )
    answer = ask(client, query, infer=infer, format="tsv").text
    assert answer == ask(client, scanned, infer=infer, format="tsv", strict="true").text
    assert len(answer.splitlines()) > 1


@pytest.mark.parametrize(
    "graph", ["https://datasets.fellesdatakatalog.digdir.no", "https://concepts.fellesdatakatalog.digdir.no/"]
)
def test_a_graph_that_data_norge_no_had_is_a_view_of_the_whole(client: httpx.Client, graph: str) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{graph}> WHERE {{ ?s a dcat:Dataset }}"
    whole = ask(client, COUNT).json()["results"]
    answer = ask(client, query, hints="true").json()
    assert answer["results"] == whole
    assert [hint["kind"] for hint in answer["hints"]] == ["view"]
    by_parameter = ask(client, COUNT, **{"default-graph-uri": graph})
    assert by_parameter.json()["results"] == whole
    assert "data.norge.no" in by_parameter.headers["x-hint"]
    strict = ask(client, query.replace("dcat:Dataset", "<http://www.w3.org/ns/dcat#Dataset>"), strict="true").json()
    assert strict["results"]["bindings"][0]["n"]["value"] == "0"
    beside = f"SELECT (COUNT(*) AS ?n) FROM <{graph}> FROM <http://x.example/g> WHERE {{ ?s ?p ?o }}"
    assert ask(client, beside).json()["results"]["bindings"][0]["n"]["value"] == "0"


def test_the_prefixes_are_listed_in_four_forms(client: httpx.Client) -> None:
    known = Names(DEFAULT_BASE_IRI).prefixes()
    assert client.get("/prefixes").json() == {"prefixes": known}
    turtle = client.get("/prefixes", headers={"Accept": "text/turtle"})
    read = parse(io.BytesIO(turtle.content), RdfFormat.TURTLE)
    assert list(read) == []
    assert dict(read.prefixes) == known
    sparql = client.get("/prefixes", headers={"Accept": "application/sparql-query"}).text
    assert ask(client, f"{sparql} ASK {{ ?s dct:title ?t }}", strict="true").json()["boolean"] is True
    page = client.get("/prefixes", headers={"Accept": "text/html,*/*;q=0.1"})
    assert page.headers["content-type"].startswith("text/html")
    assert f"PREFIX dct: &lt;{DCT}&gt;" in page.text
    assert client.get("/prefixes", params={"format": "turtle"}).headers["content-type"].startswith("text/turtle")


def test_prefixes_refuses_what_it_does_not_know(client: httpx.Client) -> None:
    assert client.get("/prefixes", params={"format": "x"}).status_code == 422
    assert client.get("/prefixes", params={"x": "1"}).status_code == 400
    assert client.get("/prefixes", headers={"Accept": "image/png"}).status_code == 406


def test_the_command_line_says_hints_on_stderr(demo: Home) -> None:
    command = [sys.executable, "-P", "-m", "kg", "query", "-", "--home", str(demo.path)]
    done = subprocess.run(command, input=MISSPELT, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout)["results"]["bindings"] == []
    assert SAID in done.stderr
