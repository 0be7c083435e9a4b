"""The W3C's tests of the SPARQL Protocol, the service description and the Graph Store Protocol, as far as they read.

The service takes no updates. Where a test writes first, what it writes becomes the data of the next generation, and
what it then reads is asked of the service; where it updates, the service has to refuse.
"""

import email
from email.message import Message as EmailMessage
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.namespaces import RDF
from tests.conformance.endpoint import Endpoint
from tests.conformance.http_cases import Exchange, HttpCase, Message, http_cases
from tests.conformance.sparql_answers import read_graph, read_results, same
from tests.conformance.sparql_cases import Case, Suite

AUTHORITY: Final = "http://www.example"
NEW_GRAPH: Final = f"{AUTHORITY}/gsp/new"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
TABULAR: Final = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/tab-separated-values": "tsv",
}
RDF_TYPES: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
}


def is_right(status: int, wanted: frozenset[int]) -> bool:
    return status in wanted or status // 100 * 100 in wanted - {200, 404} or (status == 200 and 200 in wanted)


def ask(service: Endpoint, exchange: Exchange, target: str) -> httpx.Response:
    headers = {"accept": "", **exchange.request.headers}
    if not headers["accept"]:
        headers["accept"] = "*/*"
    return service.client.request(exchange.method, target, content=exchange.request.body, headers=headers)


def media_type(response: httpx.Response) -> str:
    return response.headers["content-type"].partition(";")[0]


def test_the_protocol_of_queries_is_kept_and_updates_are_refused(suite: Suite, service: Endpoint) -> None:
    cases = http_cases(suite, "sparql11/protocol/manifest.ttl")
    assert len(cases) >= 34
    wrong = []
    for case in cases:
        service.load(suite.dataset(Case(case.name, "", "", graphs=case.graphs)))
        for exchange in case.exchanges:
            response = ask(service, exchange, exchange.target.replace("/sparql/", "/sparql", 1))
            if case.name.startswith("update_"):
                if not 400 <= response.status_code < 500:
                    wrong.append(f"{case.name}: an update had status {response.status_code}")
                break
            if fault := protocol_fault(exchange, response):
                wrong.append(f"{case.name}: {fault}")
    assert wrong == []


def protocol_fault(exchange: Exchange, response: httpx.Response) -> str:
    if not is_right(response.status_code, exchange.statuses):
        return f"status {response.status_code}: {response.text}"
    if exchange.answer == "RDF":
        return "" if read_graph(response.content, RDF_TYPES[media_type(response)]) is not None else "no graph"
    if exchange.answer:
        answer = read_results(response.content, TABULAR[media_type(response)])
        if isinstance(answer, bool) != (exchange.answer == "boolean"):
            return f"an answer that is not {exchange.answer}"
        if exchange.truth is not None and answer is not exchange.truth:
            return f"the answer {answer}"
    return ""


class Graphs:
    """A graph store as the tests write it, by the definition of the methods (sections 5.3 to 5.5)."""

    def __init__(self) -> None:
        self.held: dict[str | None, set[Triple]] = {None: set()}

    def write(self, exchange: Exchange, graph: str | None) -> None:
        if exchange.method == "DELETE":
            self.held.pop(graph, None)
            return
        base = graph or AUTHORITY
        triples = {
            quad.triple
            for text in turtle_in(exchange.request)
            for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base, rename_blank_nodes=True)
        }
        self.held[graph] = triples if exchange.method == "PUT" else self.held.get(graph, set()) | triples

    def data(self) -> bytes:
        quads = [
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))
            if graph
            else Quad(triple.subject, triple.predicate, triple.object)
            for graph, triples in self.held.items()
            for triple in triples
        ]
        return serialize(quads, format=RdfFormat.N_QUADS) or b""


def turtle_in(request: Message) -> list[bytes]:
    """The documents of a request, which is one or a form of several."""
    if not request.headers["content-type"].startswith("multipart/form-data"):
        return [request.body]
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + request.body.strip()).get_payload()
    assert isinstance(parts, list)
    return [bytes(part.get_payload(decode=True)) for part in parts if isinstance(part, EmailMessage)]


def graph_of(target: str) -> str | None:
    """The graph that a request names, directly or indirectly; None for the default graph."""
    parts = urlsplit(target)
    if parts.query == "default":
        return None
    return dict(parse_qsl(parts.query)).get("graph") or urljoin(AUTHORITY, parts.path)


@pytest.mark.parametrize("way", ["direct", "indirect"])
def test_graphs_are_read_by_the_graph_store_protocol(suite: Suite, service: Endpoint, way: str) -> None:
    cases = http_cases(suite, f"sparql11/graph-store-protocol/manifest-{way}.ttl")
    assert len(cases) >= 4
    wrong = [f"{case.name}: {fault}" for case in cases for fault in graph_faults(case, service)]
    assert wrong == []


def graph_faults(case: HttpCase, service: Endpoint) -> list[str]:
    faults, graphs, names, reads = [], Graphs(), dict[str, str](), 0
    service.load(b"")
    for exchange in case.exchanges:
        target = exchange.target
        for name, value in names.items():
            target = target.replace(name, value)
        if exchange.method not in {"GET", "HEAD"}:
            if exchange.location:
                names[exchange.location] = NEW_GRAPH
            graphs.write(exchange, NEW_GRAPH if exchange.location else graph_of(target))
            service.load(graphs.data())
            refused = ask(service, exchange, target.replace("/gsp?", "/graph-store?"))
            if refused.status_code not in {404, 405}:
                faults.append(f"{exchange.method} had status {refused.status_code}")
            continue
        reads += 1
        response = ask(service, exchange, target.replace("/gsp?", "/graph-store?"))
        if not is_right(response.status_code, exchange.statuses):
            faults.append(f"{exchange.method} {target} had status {response.status_code}")
        elif (wanted := exchange.expected.headers.get("content-type")) and response.headers["content-type"] != wanted:
            faults.append(f"the content is {response.headers['content-type']}")
        elif exchange.expected.body:
            expected = read_graph(exchange.expected.body, RdfFormat.TURTLE, AUTHORITY)
            if not same(read_graph(response.content, RdfFormat.TURTLE), expected):
                faults.append(f"{target} is another graph")
    assert reads
    return faults


def test_the_endpoint_describes_itself(suite: Suite, service: Endpoint) -> None:
    """The three tests of the suite, which it gives in words only: RDF, an endpoint, and the schema's classes."""
    assert len(suite.text("https://w3c.github.io/rdf-tests/sparql/sparql11/service-description/manifest.ttl")) > 0
    service.load(b"<http://x/s> <http://x/p> <http://x/o> <http://x/g> .")
    for content_type, rdf_format in RDF_TYPES.items():
        response = service.client.get("/sparql", headers={"accept": content_type})
        assert response.status_code == 200
        assert media_type(response) == content_type
        store = Store()
        store.load(response.content, rdf_format)
        endpoint = NamedNode(f"{service.client.base_url}/sparql".replace("//sparql", "/sparql"))
        (described,) = store.quads_for_pattern(None, NamedNode(f"{SD}endpoint"), endpoint)
        assert list(store.quads_for_pattern(described.subject, NamedNode(f"{RDF}type"), NamedNode(f"{SD}Service")))
        assert schema_faults(store) == []


RANGES: Final = {
    "defaultDataset": "Dataset",
    "availableGraphs": "GraphCollection",
    "defaultGraph": "Graph",
    "namedGraph": "NamedGraph",
    "graph": "Graph",
}
DOMAINS: Final = {
    "endpoint": "Service",
    "feature": "Service",
    "defaultEntailmentRegime": "Service",
    "supportedLanguage": "Service",
    "resultFormat": "Service",
    "inputFormat": "Service",
    "defaultDataset": "Service",
    "defaultGraph": "Dataset",
    "name": "NamedGraph",
    "graph": "NamedGraph",
}


def schema_faults(store: Store) -> list[str]:
    """What of the vocabulary is used in a way that its domains and ranges do not allow (section 3 of the standard)."""

    def is_a(node: object, name: str) -> bool:
        return bool(list(store.quads_for_pattern(node, NamedNode(f"{RDF}type"), NamedNode(SD + name))))  # type: ignore[arg-type]

    rules = [(name, class_, "object") for name, class_ in RANGES.items()]
    rules += [(name, class_, "subject") for name, class_ in DOMAINS.items()]
    return [
        f"{quad} has a {place} that is no {class_}"
        for name, class_, place in rules
        for quad in store.quads_for_pattern(None, NamedNode(SD + name), None)
        if not is_a(getattr(quad, place), class_)
    ]
