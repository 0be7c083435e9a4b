"""Likeness: what may be one piece of information although nobody says so, because its names or references are equal.

In: the graph and a node. Out: other nodes of other agencies, with the triples that are equal and the reason in words.
These are suggestions and named as such: equal names need not mean the same.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import DCT, MODELLDCATNO, SKOS, SKOSNO
from kg.search.folding import fold
from kg.trace.agencies import agency_of
from kg.trace.graph import Graph, shown
from kg.trace.triples import Fact
from kg.trace.web import NodeKind, Words

MAX_NAME: Final = 200
"""Characters of a name that is looked for at others."""

_NAMES: Final = tuple(
    NamedNode(iri)
    for iri in (
        f"{DCT}title",
        f"{SKOS}prefLabel",
        f"{SKOS}altLabel",
        f"{SKOSNO}dataStructureLabel",
        f"{SKOS}notation",
        f"{DCT}identifier",
    )
)
_REFERENCE: Final = NamedNode(f"{MODELLDCATNO}typeDefinitionReference")
_LANGUAGES: Final = ("nb", "nn", "no", "en")
NAMED: Final = frozenset({NodeKind.ELEMENT, NodeKind.CONCEPT, NodeKind.CODELIST})

Likeness = tuple[NamedNode, NodeKind, tuple[Fact, ...], Words]


def key_of(name: str) -> str:
    """A name as it is compared: without case, spaces and signs, the Norwegian letters written with two.

    >>> key_of("Fødsels-nummer"), key_of("foedselsNummer")
    ('foedselsnummer', 'foedselsnummer')
    """
    return "".join(filter(str.isalnum, fold(name)))


def names_of(graph: Graph, node: NamedNode) -> list[Fact]:
    """What a thing is called, by people and in data; identifiers that are addresses are no names."""
    return [
        fact
        for predicate in _NAMES
        for fact in graph.out_of(node, predicate)
        if isinstance(fact.object, Literal)
        and "://" not in fact.object.value
        and len(key_of(fact.object.value)) > 1
        and len(fact.object.value) <= MAX_NAME
    ]


def alike(graph: Graph, one: NamedNode, other: NamedNode) -> tuple[Fact, Fact] | None:
    """Names of two things that are equal, however they are written."""
    names: dict[str, Fact] = {}
    for fact in names_of(graph, one):
        names.setdefault(key_of(fact.object.value), fact)  # type: ignore[union-attr]
    for fact in names_of(graph, other):
        same = names.get(key_of(fact.object.value))  # type: ignore[union-attr]
        if same is not None:
            return same, fact
    return None


def same_names(graph: Graph, node: NamedNode, kind: NodeKind) -> Iterator[Likeness]:
    """Concepts and elements of other agencies with a name that this one has, as it or in the usual ways to write it."""
    if kind not in NAMED:
        return
    own = agency_of(graph, node, kind)
    seen: set[NamedNode] = {node}
    for fact in names_of(graph, node):
        for literal in _spellings(fact.object):  # type: ignore[arg-type]
            for predicate in _NAMES:
                for other in graph.into(literal, predicate):
                    found = _other(graph, other, own, seen)
                    if found is not None:
                        yield *found, (fact, other), equal_names(fact)


def same_references(graph: Graph, node: NamedNode, kind: NodeKind) -> Iterator[Likeness]:
    """Simple types of other agencies that refer to the same definition (ModellDCAT-AP-NO 1.3, Enkel type)."""
    if kind is not NodeKind.ELEMENT:
        return
    own = agency_of(graph, node, kind)
    seen: set[NamedNode] = {node}
    for fact in graph.out_of(node, _REFERENCE):
        for other in graph.into(fact.object, _REFERENCE):
            found = _other(graph, other, own, seen)
            if found is not None:
                nb = "begge viser til samme typedefinisjon"
                yield *found, (fact, other), Words(nb, "both refer to the same type definition")


def equal_names(fact: Fact) -> Words:
    """The reason in words."""
    name = shown(fact.object.value)  # type: ignore[union-attr]
    return Words(f"begge heter «{name}»", f"both are called “{name}”")


def _other(graph: Graph, fact: Fact, own: str, seen: set[NamedNode]) -> tuple[NamedNode, NodeKind] | None:
    """The thing that a name or reference belongs to, if it is of another agency and was not found yet."""
    node = fact.subject
    if not isinstance(node, NamedNode) or node in seen:
        return None
    seen.add(node)
    kind = graph.kind_of(node)
    if kind not in NAMED:
        return None
    agency = agency_of(graph, node, kind)
    return (node, kind) if agency and own and agency != own else None


def _spellings(name: Literal) -> Sequence[Literal]:
    """The literals that a name may be written as elsewhere: small or capital, in each language or none."""
    text = name.value.strip()
    written = dict.fromkeys((text, text[:1].lower() + text[1:], text[:1].upper() + text[1:], text.lower()))
    plain = (Literal(each) for each in written)
    tagged = (Literal(each, language=tag) for each in written for tag in _LANGUAGES)
    return [*plain, *tagged]
