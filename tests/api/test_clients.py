"""The clients that people use: two libraries of Python, curl, and scripts of other origins in a browser."""

import json
import shutil
import subprocess
from typing import Any

import httpx
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

SELECT = f"SELECT ?d ?t WHERE {{ ?d a <{DCAT.Dataset}> ; <{DCTERMS.title}> ?t }} ORDER BY ?d ?t LIMIT 5"
CONSTRUCT = f"CONSTRUCT {{ ?d <{DCTERMS.title}> ?t }} WHERE {{ ?d a <{DCAT.Dataset}> ; <{DCTERMS.title}> ?t }}"
ORIGIN = "https://app.example"


@pytest.fixture
def titles(client: httpx.Client) -> list[tuple[str, str]]:
    """The titles that the clients ask for."""
    body = client.get("sparql", params={"query": SELECT, "format": "json"}).json()
    found = [(row["d"]["value"], row["t"]["value"]) for row in body["results"]["bindings"]]
    assert len(found) == 5
    return found


def converted(wrapper: SPARQLWrapper) -> Any:
    """What the library makes of an answer, which depends on its format."""
    return wrapper.queryAndConvert()


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("way", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_reads_solutions(address: str, titles: list[tuple[str, str]], method: str, way: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql")
    wrapper.setMethod(method)
    wrapper.setRequestMethod(way)
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    rows = converted(wrapper)["results"]["bindings"]
    assert [(row["d"]["value"], row["t"]["value"]) for row in rows] == titles
    wrapper.setReturnFormat(XML)
    document = converted(wrapper)
    assert len(document.getElementsByTagName("result")) == len(titles)


@pytest.mark.parametrize("name", [CSV, TSV])
def test_sparqlwrapper_reads_tables(address: str, titles: list[tuple[str, str]], name: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql", returnFormat=name)
    wrapper.setQuery(SELECT)
    assert len(converted(wrapper).splitlines()) == 1 + len(titles)


@pytest.mark.parametrize("name", [TURTLE, N3, RDFXML, XML, JSONLD])
def test_sparqlwrapper_reads_graphs(address: str, client: httpx.Client, name: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql", returnFormat=name)
    wrapper.setQuery(CONSTRUCT)
    found = converted(wrapper)
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    answer = client.get("sparql", params={"query": CONSTRUCT, "format": "ntriples"})
    assert len(graph) == len(answer.text.splitlines()) > 10


def test_sparqlwrapper_is_told_what_is_wrong(address: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql")
    wrapper.setQuery("SELECT * WHERE { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="not SPARQL"):
        wrapper.query()


def test_rdflib_reads_the_endpoint_as_a_store(address: str, titles: list[tuple[str, str]]) -> None:
    for method in ("GET", "POST"):
        graph = Graph(SPARQLStore(f"{address}sparql", method=method))
        assert [(str(row[0]), str(row[1])) for row in graph.query(SELECT)] == titles  # type: ignore[index]
        dataset = URIRef(titles[0][0])
        assert (dataset, RDF.type, DCAT.Dataset) in graph
        assert titles[0][1] in {str(title) for title in graph.objects(dataset, DCTERMS.title)}
        assert graph.query("ASK { <a:a> <a:a> <a:a> }").askAnswer is False


def test_rdflib_reads_a_named_graph(address: str, client: httpx.Client) -> None:
    name = "https://kunnskapsgraf.example/graph/source/nav-datasett"
    graph = Graph(SPARQLStore(f"{address}sparql"), identifier=URIRef(name))
    (row,) = graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    sizes = {each["iri"]: each["triples"] for each in client.get("graphs").json()["graphs"]}
    assert row[0] == Literal(sizes[name])  # type: ignore[index]


def test_rdflib_reads_the_graph_store(address: str, client: httpx.Client) -> None:
    graph = Graph().parse(f"{address}graph-store?graph=https://kunnskapsgraf.example/graph/inferred")
    sizes = {each["iri"]: each["triples"] for each in client.get("graphs").json()["graphs"]}
    assert len(graph) == sizes["https://kunnskapsgraf.example/graph/inferred"]


def test_curl_asks_in_the_ways_of_the_protocol(address: str, titles: list[tuple[str, str]]) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    direct = ["--header", "Content-Type: application/sparql-query", "--data-binary", SELECT, f"{address}sparql"]
    for way in (
        ["--data-urlencode", f"query={SELECT}", f"{address}sparql"],
        ["--get", "--data-urlencode", f"query={SELECT}", f"{address}sparql"],
        ["--compressed", *direct],
        ["--get", "--data-urlencode", f"query={SELECT}", f"{address}sparql.srj"],
    ):
        command = [curl, "--silent", "--show-error", "--fail", "--max-time", "10", *way]
        done = subprocess.run(command, capture_output=True, timeout=20, check=True)
        rows = json.loads(done.stdout)["results"]["bindings"]
        assert [(row["d"]["value"], row["t"]["value"]) for row in rows] == titles


FETCH = """
const [address, query] = process.argv.slice(1);
const body = new URLSearchParams({query});
const answer = await fetch(address + "sparql", {method: "POST", body, headers: {Accept: "application/json"}});
console.log(JSON.stringify([answer.status, answer.headers.get("content-encoding"), await answer.json()]));
"""


def test_a_script_of_node_asks_with_fetch(address: str, titles: list[tuple[str, str]]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    command = [node, "--input-type=module", "--eval", FETCH, address, SELECT]
    done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    if b"fetch is not defined" in done.stderr:
        pytest.skip("this node has no fetch")
    status, _, body = json.loads(done.stdout)
    assert status == 200
    assert [(row["d"]["value"], row["t"]["value"]) for row in body["results"]["bindings"]] == titles


def test_a_browser_may_ask_from_another_origin(client: httpx.Client) -> None:
    """A form is a simple request, a query itself is asked for leave first (Fetch standard, CORS protocol)."""
    simple = client.post("sparql", data={"query": SELECT}, headers={"origin": ORIGIN})
    assert simple.headers["access-control-allow-origin"] in {"*", ORIGIN}
    exposed = {name.strip().lower() for name in simple.headers["access-control-expose-headers"].split(",")}
    assert {"etag", "link", "x-generation"} <= exposed
    for method, headers in (("POST", "content-type"), ("GET", "if-none-match,x-requested-with"), ("HEAD", "accept")):
        preflight = client.options(
            "sparql",
            headers={
                "origin": ORIGIN,
                "access-control-request-method": method,
                "access-control-request-headers": headers,
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] in {"*", ORIGIN}
        assert method in preflight.headers["access-control-allow-methods"]
        allowed = preflight.headers["access-control-allow-headers"].lower()
        assert all(name in allowed for name in headers.split(","))
    refused = client.options("sparql", headers={"origin": ORIGIN, "access-control-request-method": "DELETE"})
    assert refused.status_code == 400


def test_a_browser_may_read_errors_too(client: httpx.Client) -> None:
    for answer in (
        client.get("sparql", params={"query": "SELEKT"}, headers={"origin": ORIGIN}),
        client.get("sparql", params={"query": "ASK {}", "verbose": "1"}, headers={"origin": ORIGIN}),
        client.get("nothing", headers={"origin": ORIGIN}),
        client.put("sparql", headers={"origin": ORIGIN}),
    ):
        assert answer.status_code >= 400
        assert answer.headers["access-control-allow-origin"] in {"*", ORIGIN}


def test_options_says_what_may_be_asked(client: httpx.Client) -> None:
    for path, methods in (("sparql", {"GET", "HEAD", "POST", "OPTIONS"}), ("graph-store", {"GET", "HEAD", "OPTIONS"})):
        answer = client.options(path)
        assert answer.status_code == 204
        assert {name.strip() for name in answer.headers["allow"].split(",")} == methods


def test_a_suffix_names_the_format(client: httpx.Client) -> None:
    by_suffix = client.get("sparql.csv", params={"query": SELECT})
    by_name = client.get("sparql", params={"query": SELECT, "format": "csv"})
    assert by_suffix.content == by_name.content
    assert by_suffix.headers["content-type"] == "text/csv; charset=utf-8"
    assert client.post("sparql.ttl", data={"query": CONSTRUCT}).headers["content-type"].startswith("text/turtle")
    assert client.get("sparql.xlsx", params={"query": SELECT}).status_code == 404
    assert client.get("sparql.csv", params={"query": SELECT, "format": "csv"}).json()["parameter"] == "format"
    assert client.get("sparql.ttl", params={"query": SELECT}).json()["parameter"] == "format"
