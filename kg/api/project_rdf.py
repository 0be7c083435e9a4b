"""A project as RDF: its elements, its findings, and the statements that they rest on, each as an rdf:Statement.

In: a project as JSON. Out: Turtle. The statements are described, not stated, so that whoever loads the file does not
take over what is suggested; only the names of things are stated. Terms are those of ontologies/kunnskapsgraf.ttl.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.explain.held import term_of
from kg.namespaces import DCT, RDF, RDFS, Names

_TYPE: Final = NamedNode(f"{RDF}type")
_PLACES: Final = ("subject", "predicate", "object")

Node = BlankNode | NamedNode


def project_turtle(project: Mapping[str, Any], names: Names) -> bytes:
    """The description of a project."""
    prefixes = {name: iri for name, iri in names.prefixes().items() if name in {"dct", "rdf", "rdfs", "kg"}}
    written = serialize(_Describer(names).project(project), format=RdfFormat.TURTLE, prefixes=prefixes)
    assert written is not None, "there is no output to write to"
    return written


class _Describer:
    """Describes the parts of one project."""

    def __init__(self, names: Names) -> None:
        self._names, self._numbers = names, count(1)

    def project(self, project: Mapping[str, Any]) -> Iterator[Triple]:
        root = self._blank()
        yield Triple(root, _TYPE, self._own("Project"))
        yield Triple(root, NamedNode(f"{DCT}title"), Literal(project["title"]))
        if project["description"]:
            yield Triple(root, NamedNode(f"{DCT}description"), Literal(project["description"]))
        elements = {}
        for entry in project["elements"]:
            element = elements[entry["element"]] = self._blank()
            yield Triple(root, self._own("element"), element)
            yield Triple(element, NamedNode(f"{RDFS}label"), Literal(entry["element"]))
            for start in entry["trace"]["starts"]:
                yield Triple(element, self._own("startsAt"), NamedNode(start))
            for edge in entry["trace"]["edges"]:
                yield from self._step(element, edge)
        for finding in project["findings"]:
            node = self._blank()
            yield from self._finding(node, finding)
            for element in finding["elements"]:
                yield Triple(elements[element], self._own("finding"), node)
        yield from self._labels(project)

    def _finding(self, node: Node, finding: Mapping[str, Any]) -> Iterator[Triple]:
        yield Triple(node, _TYPE, self._own("Finding"))
        yield Triple(node, self._own("findingKind"), Literal(finding["kind"]))
        for language, text in finding["text"].items():
            yield Triple(node, NamedNode(f"{RDFS}label"), Literal(text, language=language))
        for about in finding["about"]:
            yield Triple(node, self._own("about"), NamedNode(about))
        if "missing" in finding:
            yield from self._statement(node, self._own("missing"), finding["missing"])
        for edge in finding["edges"]:
            for triple in edge["triples"]:
                yield from self._statement(node, self._own("restsOn"), triple)

    def _step(self, element: Node, edge: Mapping[str, Any]) -> Iterator[Triple]:
        step = self._blank()
        yield Triple(element, self._own("step"), step)
        yield Triple(step, self._own("path"), Literal(edge["path"]))
        yield Triple(step, self._own("evidence"), Literal(edge["evidence"]))
        yield Triple(step, self._own("from"), NamedNode(edge["from"]))
        yield Triple(step, self._own("to"), NamedNode(edge["to"]))
        for triple in edge["triples"]:
            yield from self._statement(step, self._own("restsOn"), triple)

    def _statement(self, of: Node, by: NamedNode, triple: Mapping[str, str]) -> Iterator[Triple]:
        """A statement in the place of an object; what only its owner knows (`?dataset`) is left open."""
        node = self._blank()
        yield Triple(of, by, node)
        yield Triple(node, _TYPE, NamedNode(f"{RDF}Statement"))
        for place in _PLACES:
            if not triple[place].startswith("?"):
                yield Triple(node, NamedNode(f"{RDF}{place}"), term_of(triple[place]))

    def _labels(self, project: Mapping[str, Any]) -> Iterator[Triple]:
        seen = set[str]()
        for entry in project["elements"]:
            for node in entry["trace"]["nodes"]:
                if node["iri"] not in seen:
                    seen.add(node["iri"])
                    yield Triple(NamedNode(node["iri"]), NamedNode(f"{RDFS}label"), Literal(node["label"]))

    def _blank(self) -> BlankNode:
        """A blank node, numbered so that the same project is written the same again."""
        return BlankNode(f"n{next(self._numbers)}")

    def _own(self, name: str) -> NamedNode:
        return NamedNode(f"{self._names.ns}{name}")
