"""`/sparql` over HTTP, on the demo."""

import csv
import io
import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import Graph

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
DATASETS = "SELECT ?dataset WHERE { ?dataset a dcat:Dataset } ORDER BY ?dataset"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def count(client: httpx.Client, query: str, **parameters: str) -> int:
    answer = client.get("sparql", params={"query": query, "format": "csv", **parameters})
    assert answer.status_code == 200, answer.text
    return int(answer.text.split()[1])


def test_the_three_ways_to_ask_give_one_answer(client: httpx.Client) -> None:
    got = client.get("sparql", params={"query": DATASETS})
    form = client.post("sparql", data={"query": DATASETS})
    direct = client.post("sparql", content=DATASETS, headers={"Content-Type": "application/sparql-query"})
    assert got.status_code == form.status_code == direct.status_code == 200
    assert got.json() == form.json() == direct.json()
    assert len(got.json()["results"]["bindings"]) >= 20


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_solutions_come_in_the_format_that_is_accepted(
    client: httpx.Client, accept: str | None, content_type: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get("sparql", params={"query": DATASETS}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == content_type
    assert answer.headers["vary"].lower().find("accept") >= 0


@pytest.mark.parametrize(
    ("name", "rdflib_name"),
    [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")],
)
def test_graphs_come_in_every_format_and_say_the_same(client: httpx.Client, name: str, rdflib_name: str) -> None:
    query = "CONSTRUCT { ?d dct:title ?t } WHERE { ?d a dcat:Dataset ; dct:title ?t }"
    answer = client.get("sparql", params={"query": query, "format": name})
    assert answer.status_code == 200, answer.text
    graph = Graph().parse(data=answer.text, format=rdflib_name)
    assert len(graph) == count(client, "SELECT (COUNT(*) AS ?n) WHERE { ?d a dcat:Dataset ; dct:title ?t }")


def test_ask_and_describe_are_answered(client: httpx.Client) -> None:
    assert client.get("sparql", params={"query": "ASK { ?s a skos:Concept }"}).json()["boolean"] is True
    described = client.get(
        "sparql", params={"query": "DESCRIBE ?d WHERE { ?d a dcat:Dataset } LIMIT 1", "format": "nt"}
    )
    assert described.status_code in {200, 422}
    described = client.get("sparql", params={"query": "DESCRIBE ?d WHERE { ?d a dcat:Dataset } LIMIT 1"})
    assert described.headers["content-type"].startswith("text/turtle")
    assert len(Graph().parse(data=described.text, format="turtle")) > 3


def test_the_default_graph_is_the_sum_of_what_goes_into_it_each_triple_once(client: httpx.Client) -> None:
    listed = client.get("graphs").json()
    assert count(client, COUNT, infer="false") == listed["default"]["triples"]
    distinct = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
    assert count(client, distinct, infer="false") == listed["default"]["triples"]
    under_aliases = """SELECT (COUNT(*) AS ?n) WHERE { ?alias kg:sameThing ?thing ; ?p ?o
        FILTER (?p NOT IN (kg:sameThing, kg:foundBy, kg:usedIn)) }"""
    assert count(client, under_aliases) == 0  # with what is inferred too
    for graph in listed["graphs"]:
        assert (
            count(client, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph['iri']}> {{ ?s ?p ?o }} }}")
            == graph["triples"]
        )
        assert count(client, COUNT, **{"default-graph-uri": graph["iri"]}) == graph["triples"]


def test_infer_adds_the_inferred_graph_which_shares_no_triple_with_the_default_one(client: httpx.Client) -> None:
    asserted, both = count(client, COUNT, infer="false"), count(client, COUNT, infer="true")
    of_graph = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://kunnskapsgraf.example/graph/inferred> { ?s ?p ?o } }"
    inferred = count(client, of_graph)
    assert count(client, COUNT) == both == asserted + inferred
    assert inferred > 500
    distinct = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
    assert count(client, distinct) == both
    shared = of_graph.replace("} }", "} FILTER EXISTS { ?s ?p ?o } }")
    assert count(client, shared, infer="false") == 0


def test_infer_has_no_effect_where_a_dataset_is_named(client: httpx.Client) -> None:
    graph = {"default-graph-uri": "https://kunnskapsgraf.example/graph/records"}
    assert count(client, COUNT, infer="true", **graph) == count(client, COUNT, infer="false", **graph)
    named = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert count(client, named, infer="true") == count(client, named, infer="false")


@pytest.mark.parametrize(
    ("parameters", "status", "kind", "details"),
    [
        ({"query": "SELECT * WHERE {\n  ?s ?p [ ; ] }"}, 400, "syntax", {"line": 2, "column": 11}),
        ({"query": ""}, 400, "syntax", {}),
        ({"query": "# nothing"}, 400, "syntax", {}),
        ({"query": "SELECT * WHERE " + "{" * 500 + "}" * 500}, 400, "limit", {}),
        (
            {"query": "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"},
            400,
            "service-refused",
            {"line": 1},
        ),
        ({"query": COUNT, "infer": "maybe"}, 422, "parameter", {"parameter": "infer"}),
        ({"query": COUNT, "timeout": "-1"}, 422, "parameter", {"parameter": "timeout"}),
        ({"query": COUNT, "format": "xlsx"}, 422, "parameter", {"parameter": "format"}),
        ({"query": COUNT, "fromat": "csv"}, 400, "unknown-parameter", {"parameter": "fromat"}),
        ({"query": CROSS, "timeout": "0.3"}, 504, "deadline", {"limit_seconds": 0.3}),
        ({"query": "INSERT DATA { <a:b> <a:c> <a:d> }"}, 400, "syntax", {}),
    ],
)
def test_what_goes_wrong_is_a_problem_that_says_what(
    client: httpx.Client, parameters: dict[str, str], status: int, kind: str, details: dict[str, object]
) -> None:
    answer = client.get("sparql", params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{kind}"
    assert problem["detail"]
    assert problem.items() >= details.items()
    page = client.get(problem["type"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


def test_a_syntax_fault_points_into_the_text(client: httpx.Client) -> None:
    problem = client.get("sparql", params={"query": "SELECT ?s\nWHERE { ?s ?p [ ; ] }"}).json()
    assert (problem["line"], problem["column"]) == (2, 17)
    first, caret = problem["excerpt"].splitlines()
    assert first[caret.index("^") :].startswith(";")


@pytest.mark.parametrize(
    ("accept", "query"),
    [("image/png", "ASK {}"), ("text/turtle", COUNT), ("text/csv", "CONSTRUCT WHERE { ?s ?p ?o }")],
)
def test_a_format_that_cannot_be_made_is_not_acceptable(client: httpx.Client, accept: str, query: str) -> None:
    answer = client.get("sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.json()["hint"]


def test_bodies_are_bounded_and_typed(client: httpx.Client) -> None:
    assert (
        client.post(
            "sparql", content=b"x" * (10 << 20), headers={"Content-Type": "application/sparql-query"}
        ).status_code
        == 413
    )
    chunked = client.post(
        "sparql", content=iter([b"x" * (1 << 20)] * 10), headers={"Content-Type": "application/sparql-query"}
    )
    assert chunked.status_code == 413
    assert client.post("sparql", content=COUNT, headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.put("sparql", content=COUNT).status_code == 405


def test_an_unchanged_answer_costs_a_304(client: httpx.Client) -> None:
    first = client.get("sparql", params={"query": COUNT})
    tag = first.headers["etag"]
    assert int(first.headers["x-generation"]) == 1
    assert "engine;dur=" in first.headers["server-timing"]
    again = client.get("sparql", params={"query": COUNT}, headers={"If-None-Match": f'"other", {tag}'})
    assert again.status_code == 304
    assert again.content == b""
    as_csv = client.get("sparql", params={"query": COUNT, "format": "csv"}, headers={"If-None-Match": tag})
    assert as_csv.status_code == 200


def test_an_answer_that_changes_by_itself_has_no_tag(client: httpx.Client) -> None:
    assert "etag" not in client.get("sparql", params={"query": "SELECT (NOW() AS ?now) WHERE {}"}).headers


def test_other_origins_may_read(client: httpx.Client) -> None:
    preflight = client.options(
        "sparql", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert client.get("sparql", params={"query": "ASK {}"}, headers={"Origin": "https://x.example"}).headers[
        "access-control-allow-origin"
    ]


def test_a_client_that_hangs_up_cancels_its_query(client: httpx.Client, address: str) -> None:
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port), timeout=5) as connection:
        text = httpx.QueryParams({"query": CROSS})
        connection.sendall(f"GET /sparql?{text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        deadline = time.monotonic() + 5
        while client.get("ready").json()["running"] + client.get("ready").json()["slow_running"] == 0:
            assert time.monotonic() < deadline
    deadline = time.monotonic() + 1
    while client.get("ready").json()["running"] + client.get("ready").json()["slow_running"]:
        assert time.monotonic() < deadline, "the query of a client that left still runs"


def test_large_answers_arrive_whole(client: httpx.Client) -> None:
    query = "SELECT ?s ?p ?o ?n WHERE { ?s ?p ?o VALUES ?n { 1 2 3 4 5 6 7 8 9 10 } }"
    plain = {"accept-encoding": "identity"}
    answer = client.get("sparql", params={"query": query, "format": "csv"}, headers=plain)
    assert int(answer.headers["content-length"]) == len(answer.content) > 1 << 20
    assert len(list(csv.reader(io.StringIO(answer.text)))) == 1 + 10 * count(client, COUNT)


def test_head_gives_the_headers_alone(client: httpx.Client) -> None:
    answer = client.head("sparql", params={"query": COUNT})
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0


def test_hostile_text_comes_back_as_text(client: httpx.Client) -> None:
    query = 'SELECT ("</script><b>\\u0000\\u202e" AS ?x) WHERE {}'
    answer = client.get("sparql", params={"query": query})
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        json.loads(answer.text)
