"""The structure of information models: which model an element is in, what a model holds, who shares a concept.

In: the graph and a node. Out: models and elements with the triples that lead there, the model first (ModellDCAT-AP-NO
1.3). A model may list its topmost elements only, so that others belong to it by being the type of its properties.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import DCT, MODELLDCATNO, SKOS
from kg.trace.graph import Graph
from kg.trace.paths import TYPE_PROPERTIES
from kg.trace.triples import Fact, Term
from kg.trace.web import NodeKind

MAX_LEVELS: Final = 8
"""So many elements lie between a model and an element of it at most."""
MAX_SEEN: Final = 500
"""So many elements are looked at before it is given up to find a model."""

_CONTAINS: Final = NamedNode(f"{MODELLDCATNO}containsModelElement")
_HAS_PROPERTY: Final = NamedNode(f"{MODELLDCATNO}hasProperty")
_IN_SCHEME: Final = NamedNode(f"{SKOS}inScheme")
_SUBJECT: Final = NamedNode(f"{DCT}subject")
_PARTS: Final = frozenset({NodeKind.ELEMENT, NodeKind.CODELIST})
_CONCEPT: Final = frozenset({NodeKind.CONCEPT})

Chain = tuple[Fact, ...]


def models_of(graph: Graph, node: NamedNode, kind: NodeKind) -> list[tuple[NamedNode, Chain]]:
    """The models that an element is in, each with the shortest chain of triples from the model to the element.

    Those count that list it, or the element that has it as a property, or its code list; only where there are none,
    those whose properties have it as their type. All that are equally near count.
    """
    if kind not in _PARTS:
        return []
    return _nearest(graph, node, by_type=False) or _nearest(graph, node, by_type=True)


def _nearest(graph: Graph, node: NamedNode, *, by_type: bool) -> list[tuple[NamedNode, Chain]]:
    seen: set[Term] = {node}
    level: list[tuple[Term, Chain]] = [(node, ())]
    for _ in range(MAX_LEVELS):
        found: dict[NamedNode, Chain] = {}
        for part, chain in level:
            for fact in graph.into(part, _CONTAINS):
                if isinstance(fact.subject, NamedNode):
                    found.setdefault(fact.subject, (fact, *chain))
        if found:
            return sorted(found.items(), key=lambda item: item[0].value)
        above: list[tuple[Term, Chain]] = []
        for part, chain in level:
            for whole, fact in _above(graph, part, by_type):
                if whole not in seen and len(seen) < MAX_SEEN:
                    seen.add(whole)
                    above.append((whole, (fact, *chain)))
        level = above
    return []


def _above(graph: Graph, part: Term, by_type: bool) -> Iterator[tuple[Term, Fact]]:
    for fact in graph.into(part, _HAS_PROPERTY):
        yield fact.subject, fact
    for fact in graph.out_of(part, _IN_SCHEME):
        yield fact.object, fact
    if by_type:
        uses = [fact for predicate in TYPE_PROPERTIES for fact in graph.into(part, predicate)]
        # hasType follows from every other of them, so what a source says goes first.
        for fact in sorted(uses, key=lambda fact: not fact.asserted):
            yield fact.subject, fact


def parts_of(graph: Graph, model: NamedNode, kind: NodeKind) -> Iterator[tuple[NamedNode, NodeKind, Chain]]:
    """What a model holds: its elements, their properties, the codes of its lists, and types that no model lists."""
    if kind is not NodeKind.MODEL:
        return
    seen: set[Term] = set()
    level: list[tuple[Term, Chain]] = [(fact.object, (fact,)) for fact in graph.out_of(model, _CONTAINS)]
    for _ in range(MAX_LEVELS):
        below: list[tuple[Term, Chain]] = []
        for part, chain in level:
            if part in seen:
                continue
            seen.add(part)
            part_kind = graph.kind_of(part)
            if part_kind in _PARTS and isinstance(part, NamedNode):
                yield part, part_kind, chain
                below += [(end, (*chain, fact)) for end, fact in _below(graph, part)]
        level = below


def _below(graph: Graph, part: NamedNode) -> Iterator[tuple[Term, Fact]]:
    for fact in graph.out_of(part, _HAS_PROPERTY):
        yield fact.object, fact
    for fact in graph.into(part, _IN_SCHEME):
        yield fact.subject, fact
    types = [fact for predicate in TYPE_PROPERTIES for fact in graph.out_of(part, predicate)]
    for fact in sorted(types, key=lambda fact: not fact.asserted):
        if not graph.into(fact.object, _CONTAINS):
            yield fact.object, fact


def shared_with(graph: Graph, node: NamedNode, kind: NodeKind) -> Iterator[tuple[NamedNode, NodeKind, Chain]]:
    """Elements of other models that have the same concept; that the models are of two agencies is for the caller."""
    if kind not in _PARTS:
        return
    own = {model for model, _ in models_of(graph, node, kind)}
    for fact in graph.out_of(node, _SUBJECT):
        if graph.may_be(fact.object, _CONCEPT) is None:
            continue
        for other in graph.into(fact.object, _SUBJECT):
            other_kind = graph.kind_of(other.subject)
            if other.subject == node or other_kind not in _PARTS or not isinstance(other.subject, NamedNode):
                continue
            models = {model for model, _ in models_of(graph, other.subject, other_kind)}
            if models and own and not models & own:
                yield other.subject, other_kind, (fact, other)
