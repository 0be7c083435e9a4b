"""`/search` and `SERVICE <B search>` over HTTP, and `kg search`: one index, of the generation that answers."""

import json
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.namespaces import DEFAULT_BASE_IRI
from kg.search.vocabulary import KIND_NAMES
from tests.command_line import kg, kg_anew
from tests.conftest import serving

SEARCH = f"SERVICE <{DEFAULT_BASE_IRI}search>"
KARTVERKET = "971040238"


def hits(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = client.get("search", params=parameters)
    assert answer.status_code == 200, answer.text
    value: dict[str, Any] = answer.json()
    return value


def rows(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    answer = client.post("sparql", data={"query": query, "format": "json"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]["bindings"]
    return found


# /search


def test_hits_have_the_shape_of_the_contract(client: httpx.Client) -> None:
    answer = client.get("search", params={"q": "kommunenummer"})
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["total"] >= len(body["hits"]) > 0
    for hit in body["hits"]:
        assert hit["type"] in KIND_NAMES
        assert 0 <= hit["score"] <= 1
        assert isinstance(hit["label"], str)
        assert isinstance(hit["snippet"], str)
    assert body["hits"][0]["label"] == "kommunenummer"
    assert {"type", "publisher"} <= body["facets"].keys()
    assert all(value.keys() == {"value", "label", "count"} for value in body["facets"]["type"])
    assert sum(value["count"] for value in body["facets"]["type"]) == body["total"]


def test_every_form_of_the_iri_of_a_publisher_and_its_number_restrict_alike(client: httpx.Client) -> None:
    forms = (
        f"https://data.norge.no/organizations/{KARTVERKET}",
        f"https://data.brreg.no/enhetsregisteret/api/enheter/{KARTVERKET}",
        f"http://data.brreg.no/enhetsregisteret/enhet/{KARTVERKET}",
        KARTVERKET,
    )
    found = [hits(client, q="nummer", publisher=form) for form in forms]
    assert found[0]["total"] > 0
    assert all(each == found[0] for each in found)
    assert {hit["publisher"] for hit in found[0]["hits"]} == {forms[0]}
    assert {hit["publisher_label"] for hit in found[0]["hits"]} == {"Kartverket"}
    assert hits(client, q="nummer", publisher="https://ingen.example/")["total"] == 0


def test_a_form_by_post_is_answered_like_the_address(client: httpx.Client) -> None:
    wanted = {"q": "kommune nummer", "type": "concept", "limit": "1"}
    assert client.post("search", data=wanted).json() == hits(client, **wanted)
    assert client.post("search", json=wanted).status_code == 415


def test_labels_are_in_the_language_of_the_parameter_or_the_header(client: httpx.Client) -> None:
    def label(parameters: dict[str, str], accepted: str) -> str:
        wanted = {"q": "kommunenummer", "type": "concept", "publisher": KARTVERKET, **parameters}
        answer = client.get("search", params=wanted, headers={"Accept-Language": accepted})
        return str(answer.json()["hits"][0]["label"])

    assert label({}, "nb") == label({"lang": "nb"}, "en") == "kommunenummer"
    assert label({}, "en") == label({"lang": "en"}, "nb") == "municipality number"


@pytest.mark.parametrize(
    ("parameters", "status", "named"),
    [
        ({}, 422, "q"),
        ({"q": ""}, 422, "q"),
        ({"q": "a" * 501}, 422, "q"),
        ({"q": "x", "type": "Dataset"}, 422, "type"),
        ({"q": "x", "limit": "101"}, 422, "limit"),
        ({"q": "x", "limit": "-1"}, 422, "limit"),
        ({"q": "x", "limit": "1.5"}, 422, "limit"),
        ({"q": "x", "limit": "9" * 30}, 422, "limit"),
        ({"q": "x", "offset": "10001"}, 422, "offset"),
        ({"q": "x", "lang": "de"}, 422, "lang"),
        ({"q": "x", "format": "xml"}, 422, "format"),
        ({"q": "x", "publisher": "Kartverket"}, 422, "publisher"),
        ({"q": ["x", "y"]}, 422, "q"),
        ({"query": "x"}, 400, "query"),
    ],
)
def test_a_wrong_parameter_is_named(client: httpx.Client, parameters: dict[str, Any], status: int, named: str) -> None:
    answer = client.get("search", params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["parameter"] == named


def test_hostile_texts_are_answered_or_refused_and_others_still_answered(client: httpx.Client) -> None:
    for text in ("\0", '"', "\\", "🦆", "a:b AND (", "*", "'); DROP", "%", "\u202e", "<script>alert(1)</script>"):
        assert client.get("search", params={"q": text}).status_code == 200, text
    assert client.post("search", data={"q": "x" * 100_000}).status_code == 422
    assert client.get("search?q=%ff").status_code == 422
    assert client.get("search?q=%zz").status_code == 422
    assert hits(client, q="kommunenummer")["total"] > 0


def test_an_unchanged_answer_costs_304_and_says_its_generation(client: httpx.Client) -> None:
    first = client.get("search", params={"q": "person"})
    assert first.headers["x-generation"] == "1"
    assert "search;dur=" in first.headers["server-timing"]
    again = client.get("search", params={"q": "person"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("search", params={"q": "person", "limit": 1}, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


def test_a_browser_gets_a_page_that_leads_to_things_and_narrower_searches(client: httpx.Client) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    answer = client.get("search", params={"q": "nummer", "limit": 5}, headers=accept)
    assert answer.headers["content-type"].startswith("text/html")
    page = _Page(answer.text)
    assert "script" not in page.tags
    for link in page.links:
        led = client.get(link)
        assert led.status_code == 200, link
    narrower = [link for link in page.links if "type=concept" in link]
    assert parse_qs(urlsplit(narrower[0]).query)["q"] == ["nummer"]
    start = client.get("/").text
    assert 'action="/search"' in start


def test_markup_in_a_search_stays_text(client: httpx.Client) -> None:
    for language in ("nb", "nn", "en"):
        answer = client.get("search", params={"q": '"><script>x</script>', "format": "html", "lang": language})
        assert answer.status_code == 200
        assert "<script>" not in answer.text


# SERVICE


def test_a_service_is_the_values_of_what_search_finds(client: httpx.Client) -> None:
    found = hits(client, q="nummer", limit=100)
    assert found["total"] == len(found["hits"])
    values = " ".join(f"(<{hit['iri']}> {hit['score']:.4f})" for hit in found["hits"])
    searched = f'{SEARCH} {{ ?r kg:matches "nummer" ; kg:score ?score }}'
    patterns = (
        "{0} ?r skos:prefLabel|dct:title ?label",
        "?r skos:prefLabel|dct:title ?label {0}",
        "?r dct:publisher ?p OPTIONAL {{ {0} }}",
        "{{ {0} }} UNION {{ ?r a dcat:Dataset }}",
        "?r a skos:Concept MINUS {{ {0} }}",
        "?r a skos:Concept FILTER NOT EXISTS {{ {0} }}",
        "{{ SELECT ?r (MAX(?score) AS ?best) {{ {0} }} GROUP BY ?r }} ?r a ?type",
        "{0} FILTER(?score < 0.5 && ?score > 0.1) ?r a ?type",
        "{0} {0} ?r a ?type",
        "GRAPH ?g {{ ?r a ?type }} {0}",
    )
    for pattern in patterns:
        ours = rows(client, f"SELECT * {{ {pattern.format(searched)} }}")
        by_hand = rows(client, f"SELECT * {{ {pattern.format(f'VALUES (?r ?score) {{ {values} }}')} }}")
        assert sorted(map(json.dumps, ours)) == sorted(map(json.dumps, by_hand)), pattern
        assert ours, pattern


def test_a_service_restricts_and_limits_like_search(client: httpx.Client) -> None:
    agency = f"https://data.brreg.no/enhetsregisteret/api/enheter/{KARTVERKET}"
    inside = f'?r kg:matches "nummer" ; kg:score ?s ; kg:type "concept" ; kg:publisher <{agency}> ; kg:limit 3'
    ours = rows(client, f"SELECT ?r ?s {{ {SEARCH} {{ {inside} }} }} ORDER BY DESC(?s) ?r")
    found = hits(client, q="nummer", type="concept", publisher=KARTVERKET, limit=3)["hits"]
    assert {(row["r"]["value"], float(row["s"]["value"])) for row in ours} == {
        (hit["iri"], hit["score"]) for hit in found
    }
    assert rows(client, f'SELECT ?r {{ {SEARCH} {{ ?r kg:matches "finnesikkenoested" }} }}') == []


def test_all_forms_of_query_may_search(client: httpx.Client) -> None:
    inside = f'{SEARCH} {{ ?r kg:matches "kommunenummer" }}'
    for query, expected in (
        (f"ASK {{ {inside} }}", "true"),
        (f"CONSTRUCT {{ ?r a ?t }} WHERE {{ {inside} ?r a ?t }}", "kommunenummer"),
        (f"DESCRIBE ?r WHERE {{ {inside} }}", "kommunenummer"),
    ):
        answer = client.post("sparql", content=query, headers={"Content-Type": "application/sparql-query"})
        assert answer.status_code == 200
        assert expected in answer.text


def test_errors_around_a_search_have_the_place_that_the_client_wrote(client: httpx.Client) -> None:
    block = f'{SEARCH} {{ ?r kg:matches "nummer" ; kg:score ?s }}'
    blank = "VALUES ?r {}".ljust(len(block))
    for query in (
        "SELECT * {{ {0} ?r }}",
        "SELECT * {{\n  {0}\n  ?r a }}",
        "SELECT * {{ {0} ?r nope:x ?y }}",
    ):
        ours = client.post("sparql", data={"query": query.format(block)})
        theirs = client.post("sparql", data={"query": query.format(blank)})
        assert ours.status_code == theirs.status_code == 400
        for name in ("line", "column", "type"):
            assert ours.json()[name] == theirs.json()[name], query
        line = query.format(block).splitlines()[ours.json()["line"] - 1]
        assert ours.json()["excerpt"].splitlines()[0].strip("…") in line
    here = client.post("sparql", data={"query": f"SELECT * {{\n ?a {block} }}"}).json()
    assert (here["line"], here["column"]) == (2, 5)
    wrong = client.post("sparql", data={"query": f"SELECT * {{\n {SEARCH} {{ ?r kg:matches ?words }} }}"}).json()
    assert (wrong["line"], "variable" in wrong["detail"]) == (2, True)
    long = f"SELECT * {{ {block} }}" + "#" * 5_000  # checked in a process of its own
    assert client.post("sparql", data={"query": long}).status_code == 200
    other = client.post("sparql", data={"query": "SELECT * { SERVICE <https://other.example/> { ?s ?p ?o } }"}).json()
    assert other["type"].endswith("service-refused")
    assert f"{DEFAULT_BASE_IRI}search" in other["hint"]


# kg search


def test_the_command_gives_what_the_service_gives(demo: Home, client: httpx.Client) -> None:
    options = ("--type", "concept", "--publisher", KARTVERKET, "--limit", "3", "--json", "--home", str(demo.path))
    done = kg_anew("search", "kommune", "nummer", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == hits(client, q="kommune nummer", type="concept", publisher=KARTVERKET, limit=3)


def test_the_command_says_what_is_wrong_with_its_words(demo: Home, tmp_path: Path) -> None:
    done = kg("search", "x", "--type", "thing", "--home", str(demo.path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no type of thing" in done.stderr
    assert kg("search", "x", "--home", str(tmp_path / "empty")).returncode == 1


# Generations


def concept(path: Path, label: str) -> Source:
    path.write_text(
        f"<https://x.example/{label}> a <http://www.w3.org/2004/02/skos/core#Concept> ; "
        f'<http://www.w3.org/2004/02/skos/core#prefLabel> "{label}" .\n',
        encoding="utf-8",
    )
    return Source(id="x", location=str(path))


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_new_generation_is_searched_with_it_and_one_without_an_index_says_so(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "x.ttl"
    plan = BuildPlan(DEFAULT_BASE_IRI, accept_loss=True)
    build([concept(file, "eple")], plan, home, lambda *_: None)
    query = f'SELECT ?l {{ {SEARCH} {{ ?r kg:matches "eple banan" }} ?r skos:prefLabel ?l }}'
    with serving(home) as (_, address), httpx.Client(base_url=address, timeout=20) as client:

        def labels() -> set[tuple[str, str, str]]:
            found, asked = client.get("search?q=eple+banan"), client.get("sparql", params={"query": query})
            [hit] = found.json()["hits"]
            [row] = asked.json()["results"]["bindings"]
            assert found.headers["x-generation"] in {"1", "2"}
            return {
                ("search", found.headers["x-generation"], hit["label"]),
                ("sparql", asked.headers["x-generation"], row["l"]["value"]),
            }

        seen = labels()
        build([concept(file, "banan")], plan, home, lambda *_: None)
        until = time.monotonic() + 20
        while ("sparql", "2", "banan") not in seen:
            assert time.monotonic() < until
            seen |= labels()
        seen |= labels()
        right = {"1": "eple", "2": "banan"}
        assert all(label == right[generation] for _, generation, label in seen)
        assert {generation for _, generation, _ in seen} == {"1", "2"}
        build([concept(file, "raa")], BuildPlan(DEFAULT_BASE_IRI, raw=True), home, lambda *_: None)
        wait_until(lambda: client.get("ready").json().get("generation") == 3)
        for answer in (client.get("search?q=raa"), client.get("sparql", params={"query": query})):
            assert (answer.status_code, "no text index" in answer.text) == (404, True)
