"""The W3C's tests of SPARQL, as queries with their data and what must come out.

In: the folder `sparql` of a copy of https://github.com/w3c/rdf-tests. Out: the cases of a suite that read; those of
updates, federation and entailment are not among them, because the endpoint takes no updates, calls no other endpoint,
and reasons when it builds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.namespaces import RDF

BASE: Final = "https://w3c.github.io/rdf-tests/sparql/"
MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
EVALUATION: Final = frozenset(("QueryEvaluationTest", "CSVResultFormatTest"))
POSITIVE: Final = frozenset(("PositiveSyntaxTest", "PositiveSyntaxTest11"))
NEGATIVE: Final = frozenset(("NegativeSyntaxTest", "NegativeSyntaxTest11"))
ELSEWHERE: Final = frozenset(("entailment", "service", "syntax-fed"))
_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
}
_FROM: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Case:
    """One test.

    Attributes:
        name: its folder and name, which are unique in a suite.
        kind: what it asks, one of the three sets above.
        query: the query's IRI, which relative IRIs in it are resolved against.
        data: the documents of the default graph.
        graphs: the named graphs, each with its document.
        result: the document with the expected answer; empty for a test of syntax.
        lax: whether repeated solutions may be left out (REDUCED).
    """

    name: str
    kind: str
    query: str
    data: tuple[str, ...] = ()
    graphs: tuple[tuple[str, str], ...] = ()
    result: str = ""
    lax: bool = False


class Suite:
    """A copy of the tests in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, iri: str) -> Path:
        """Where a document of the suite lies."""
        return self._folder / iri.removeprefix(BASE)

    def text(self, iri: str) -> str:
        """The text of a document, as it is: some tests are about line ends."""
        return self.path(iri).read_bytes().decode()

    def quads(self, iri: str, graph: str | None = None) -> Iterator[Quad]:
        """The triples of a document, in a named graph where one is given; blank nodes are its own."""
        path = self.path(iri)
        found = parse(path=str(path), format=_FORMATS[path.suffix], base_iri=iri, rename_blank_nodes=True)
        for quad in found:
            yield quad if graph is None else Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))

    def dataset(self, case: Case) -> bytes:
        """The data of a case as N-Quads, with terms written as in the documents."""
        quads = [quad for document in case.data for quad in self.quads(document)]
        quads += [quad for graph, document in case.graphs for quad in self.quads(document, graph)]
        written = serialize(quads, format=RdfFormat.N_QUADS)
        assert written is not None
        return written

    def cases(self, name: str) -> list[Case]:
        """The cases of a suite: "sparql10", "sparql11" or "sparql12"."""
        # A manifest may name a test that another one has too.
        found: dict[str, Case] = {}
        for folder in sorted(path for path in (self._folder / name).iterdir() if path.is_dir()):
            if folder.name not in ELSEWHERE and (folder / "manifest.ttl").is_file():
                found.update(
                    (case.name, case) for case in self._in_manifest(f"{BASE}{name}/{folder.name}/manifest.ttl")
                )
        return list(found.values())

    def _in_manifest(self, manifest: str) -> Iterator[Case]:
        store = Store()
        store.extend(self.quads(manifest))
        for kind in sorted(EVALUATION | POSITIVE | NEGATIVE):
            for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(MF + kind)):
                assert isinstance(quad.subject, NamedNode)
                yield self._case(store, quad.subject, kind, manifest.split("/")[-2])

    def _case(self, store: Store, node: NamedNode, kind: str, folder: str) -> Case:
        (action,) = _objects(store, node, f"{MF}action")
        name = f"{folder}/{node.value.rpartition('#')[2]}"
        if kind not in EVALUATION:
            return Case(name, kind, _iri(action))
        query = _iri(*_objects(store, action, f"{QT}query"))
        data = tuple(map(_iri, _objects(store, action, f"{QT}data")))
        graphs = [_iri(graph) for graph in _objects(store, action, f"{QT}graphData")]
        if not data and not graphs:
            graphs = [urljoin(query, name) for name in _FROM.findall(self.text(query))]
        cardinality = list(_objects(store, node, f"{MF}resultCardinality"))
        (result,) = _objects(store, node, f"{MF}result")
        named = tuple((graph, graph) for graph in dict.fromkeys(graphs))
        return Case(name, kind, query, data, named, _iri(result), lax=bool(cardinality))


def _objects(store: Store, subject: object, predicate: str) -> list[Node]:
    assert isinstance(subject, NamedNode | BlankNode)
    found = [quad.object for quad in store.quads_for_pattern(subject, NamedNode(predicate), None)]
    assert not any(isinstance(each, Literal | Triple) for each in found)
    return [each for each in found if isinstance(each, NamedNode | BlankNode)]


def _iri(node: Node) -> str:
    assert isinstance(node, NamedNode)
    return node.value
