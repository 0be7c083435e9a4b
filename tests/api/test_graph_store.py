"""Graphs over HTTP, compared with those of the store."""

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse

from kg.build.generations import Home
from kg.namespaces import DEFAULT_BASE_IRI, Names

NAMES = Names(DEFAULT_BASE_IRI)
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


def held(demo: Home, graph: NamedNode | DefaultGraph) -> set[Triple]:
    store = Store.read_only(str(demo.get_current().store))
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_graph_comes_whole_in_each_format(client: httpx.Client, demo: Home, media_type: str) -> None:
    asked: list[tuple[NamedNode | DefaultGraph, dict[str, str]]] = [
        (DefaultGraph(), {"default": ""}),
        (NamedNode(NAMES.inferred), {"graph": NAMES.inferred}),
    ]
    for graph, params in asked:
        answer = client.get("graph-store", params=params, headers={"accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media_type)
        assert {quad.triple for quad in parse(answer.content, format=FORMATS[media_type])} == held(demo, graph)


def test_a_graph_is_found_under_its_own_iri(client: httpx.Client) -> None:
    direct = client.get("graph/source/ki-prosjekter", headers={"accept": "application/n-triples"})
    params = {"graph": NAMES.source("ki-prosjekter"), "format": "ntriples"}
    assert sorted(direct.text.splitlines()) == sorted(client.get("graph-store", params=params).text.splitlines())


def test_a_browser_is_led_to_the_page_of_a_graph(client: httpx.Client) -> None:
    answer = client.get("graph/source/ki-prosjekter", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/resource?iri=")
    assert client.get(answer.headers["location"], headers={"accept": "text/html"}).status_code == 200


def test_an_unchanged_graph_costs_304_and_the_format_is_part_of_the_tag(client: httpx.Client) -> None:
    first = client.get("graph-store?default")
    again = client.get("graph-store?default", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("graph-store?default&format=ntriples", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_head_says_what_get_would(client: httpx.Client) -> None:
    head, get = client.head("graph-store?default"), client.get("graph-store?default")
    assert head.status_code == 200
    assert head.content == b""
    assert all(head.headers[name] == get.headers[name] for name in ("content-type", "etag", "x-generation"))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unknown_graph_is_404(client: httpx.Client, method: str) -> None:
    for path in ("graph-store?graph=http://x/none", "graph/source/none"):
        assert client.request(method, path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_refused_with_what_is_allowed(client: httpx.Client, method: str) -> None:
    for path in ("graph-store?default", "graph/inferred"):
        answer = client.request(method, path, content=b"<a:a> <a:a> <a:a> .")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
        assert answer.headers["content-type"] == "application/problem+json"


def test_formats_that_no_graph_has_are_refused(client: httpx.Client) -> None:
    assert client.get("graph-store?default", headers={"accept": "text/csv"}).status_code == 406
    wrong = client.get("graph-store?default&format=csv")
    assert (wrong.status_code, wrong.json()["parameter"]) == (422, "format")
    assert client.get("graph-store?defualt").json()["parameter"] == "defualt"
