"""The W3C's tests of the SPARQL Protocol and the Graph Store Protocol, as requests with what must come back.

In: a manifest in the vocabulary HTTP in RDF. Out: cases, each a sequence of exchanges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.namespaces import RDF, RDFS
from tests.conformance.sparql_cases import BASE, MF, Node, Suite

HT: Final = "http://www.w3.org/2011/http#"
HTS: Final = "http://www.w3.org/2011/http-statusCodes#"
CNT: Final = "http://www.w3.org/2011/content#"
UT: Final = "http://www.w3.org/2009/sparql/tests/test-update#"
_STATUSES: Final = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


@dataclass(frozen=True)
class Message:
    """Headers, by their names in lower case, and a body."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """A request, and what the response must be.

    Attributes:
        statuses: those that are right, hundreds for a whole class.
        answer: "boolean", "tabular" or "RDF"; empty where nothing is said of it.
        truth: the answer of an ASK, where that is said.
        expected: headers and body of the response; an empty body is not said.
        location: the name that the response's Location goes by in later requests.
    """

    method: str
    target: str
    request: Message
    statuses: frozenset[int]
    answer: str
    truth: bool | None
    expected: Message
    location: str


@dataclass(frozen=True)
class HttpCase:
    """One test: named graphs with their documents, and the exchanges in their order."""

    name: str
    graphs: tuple[tuple[str, str], ...]
    exchanges: tuple[Exchange, ...]


def http_cases(suite: Suite, manifest: str) -> list[HttpCase]:
    """The cases of a manifest, in the order of their names."""
    store = Store()
    store.extend(suite.quads(f"{BASE}{manifest}"))
    reader = _Reader(store)
    actions = sorted(store.quads_for_pattern(None, NamedNode(f"{MF}action"), None), key=lambda quad: str(quad.subject))
    return [reader.case(quad.subject, quad.object) for quad in actions]


@dataclass(frozen=True)
class _Reader:
    store: Store

    def case(self, node: object, action: object) -> HttpCase:
        assert isinstance(node, NamedNode)
        data = self.nodes(node, f"{UT}graphData")
        graphs = tuple((self.text(each, f"{RDFS}label"), self.iri(each, f"{UT}graph")) for each in data)
        requests = self.items(self.nodes(action, f"{HT}requests")[0])
        return HttpCase(node.value.rpartition("#")[2], graphs, tuple(map(self.exchange, requests)))

    def exchange(self, node: Node) -> Exchange:
        (response,) = self.nodes(node, f"{HT}resp")
        truth = self.text(response, f"{MF}expectedBoolean")
        statuses = (each.value.removeprefix(HTS) for each in self.nodes(response, f"{MF}expectedStatus"))
        return Exchange(
            self.text(node, f"{HT}methodName"),
            self.text(node, f"{HT}absolutePath"),
            self.message(node),
            frozenset(_STATUSES.get(name) or int(name.removeprefix("StatusCode")[0]) * 100 for name in statuses),
            self.text(response, f"{MF}expectedFormat"),
            truth == "true" if truth else None,
            self.message(response),
            self.text(response, f"{MF}expectedLocation"),
        )

    def message(self, node: Node) -> Message:
        headers = {}
        for listed in self.nodes(node, f"{HT}headers"):
            for header in self.items(listed):
                headers[self.text(header, f"{HT}fieldName").lower()] = self.text(header, f"{HT}fieldValue")
        body = b""
        for content in self.nodes(node, f"{HT}body"):
            encoding = self.text(content, f"{CNT}characterEncoding")
            body = self.text(content, f"{CNT}chars").encode(encoding)
        return Message(headers, body)

    def items(self, node: Node) -> Iterator[Node]:
        """The members of a list."""
        while node.value != f"{RDF}nil":
            (first,) = self.nodes(node, f"{RDF}first")
            yield first
            (node,) = self.nodes(node, f"{RDF}rest")

    def nodes(self, subject: object, predicate: str) -> list[Node]:
        return [each for each in self.objects(subject, predicate) if isinstance(each, NamedNode | BlankNode)]

    def iri(self, subject: object, predicate: str) -> str:
        return self.nodes(subject, predicate)[0].value

    def text(self, subject: object, predicate: str) -> str:
        found = [each.value for each in self.objects(subject, predicate) if isinstance(each, Literal)]
        return found[0] if found else ""

    def objects(self, subject: object, predicate: str) -> list[object]:
        assert isinstance(subject, NamedNode | BlankNode)
        return [quad.object for quad in self.store.quads_for_pattern(subject, NamedNode(predicate), None)]
