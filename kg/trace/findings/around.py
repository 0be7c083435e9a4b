"""The web as findings look at it: its nodes by kind, its edges by node, and the meanings that it is about.

In: a `Web`. Out: nodes and edges in the order of the web.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.namespaces import CV
from kg.trace.authority import same_concepts
from kg.trace.duplicates import Duplicate, asked_by_service, collected_in_dataset
from kg.trace.facts import Facts
from kg.trace.web import Edge, Evidence, Node, NodeKind, Web

MOST_MEANINGS: Final = 20
"""Meanings of one web that findings are made about, those nearest to where the walk began."""

HOLDING: Final = frozenset((NodeKind.DATASET, NodeKind.ELEMENT, NodeKind.MODEL, NodeKind.CODELIST))


@dataclass(frozen=True, slots=True)
class Meaning:
    """One data element: a concept with its exact matches in the web, and who has it.

    Attributes:
        concepts: those of the web, the one nearest to the start first.
        holders: what has one of them: datasets, models and elements, by IRI.
        edges: from those to the concepts, and between the concepts.
    """

    concepts: tuple[str, ...]
    holders: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def of_kind(self, kind: NodeKind) -> tuple[Node, ...]:
        """The holders of a kind."""
        return tuple(node for node in self.holders if node.kind is kind)


class Around:
    """A web, indexed."""

    def __init__(self, web: Web, facts: Facts) -> None:
        self.web, self.facts = web, facts
        self.nodes: Mapping[str, Node] = {node.iri: node for node in web.nodes}
        self._meanings: tuple[Meaning, ...] | None = None
        self._duplicates: tuple[Duplicate, ...] | None = None
        self._edges: dict[str, list[Edge]] = defaultdict(list)
        for edge in web.edges:
            self._edges[edge.source].append(edge)
            if edge.target != edge.source:
                self._edges[edge.target].append(edge)

    def edges_of(self, node: str) -> tuple[Edge, ...]:
        """The edges that leave a node or lead to it."""
        return tuple(self._edges.get(node, ()))

    def edges_between(self, one: Iterable[str], others: Iterable[str]) -> tuple[Edge, ...]:
        """The edges that join one of some nodes with one of others, each once."""
        ends = set(others)
        found = {
            id(edge): edge
            for node in one
            for edge in self.edges_of(node)
            if (edge.target if edge.source == node else edge.source) in ends
        }
        return tuple(found.values())

    def of_kind(self, *kinds: NodeKind) -> tuple[Node, ...]:
        """The nodes of some kinds."""
        return tuple(node for node in self.web.nodes if node.kind in kinds)

    def agency_edges(self, nodes: Iterable[str]) -> tuple[Edge, ...]:
        """The edges from nodes to the agencies that answer for them."""
        wanted = list(nodes)
        return self.edges_between(wanted, (node.iri for node in self.of_kind(NodeKind.AGENCY)))

    def meanings(self) -> tuple[Meaning, ...]:
        """The data elements that the web is about: the concepts where it begins, or those of what it begins with."""
        if self._meanings is None:
            found: dict[str, Meaning] = {}
            seen = set[str]()
            for concept in self._focus():
                if concept not in seen and len(found) < MOST_MEANINGS:
                    known = [one for one in same_concepts(self.facts, concept) if one in self.nodes]
                    same = tuple(dict.fromkeys((concept, *known)))
                    seen.update(same)
                    found[concept] = self._meaning(same)
            self._meanings = tuple(found.values())
        return self._meanings

    def duplicates(self) -> tuple[Duplicate, ...]:
        """The duplicate collections in the web that concern what it is about (see `_concerns`)."""
        if self._duplicates is None:
            found = [
                duplicate
                for node in self.of_kind(NodeKind.SERVICE, NodeKind.DATASET)
                for duplicate in (asked_by_service if node.kind is NodeKind.SERVICE else collected_in_dataset)(
                    self.facts, node.iri
                )
            ]
            self._duplicates = tuple(each for each in found if each.holding in self.nodes and self._concerns(each))
        return self._duplicates

    def near(self) -> tuple[Node, ...]:
        """The nodes that the web is about: where it begins, what those lead to, its meanings and who has them."""
        starts = [start for start in self.web.starts if start in self.nodes]
        beside = [end for start in starts for edge in self.edges_of(start) for end in (edge.source, edge.target)]
        meant = [concept for meaning in self.meanings() for concept in meaning.concepts]
        having = [node.iri for meaning in self.meanings() for node in meaning.holders]
        return tuple(self.nodes[iri] for iri in dict.fromkeys((*starts, *meant, *having, *beside)) if iri in self.nodes)

    def _concerns(self, duplicate: Duplicate) -> bool:
        """Whether a duplicate is about where the web begins, or about one of its meanings.

        Where it is not known which concept is asked for, it is one that the dataset has which holds it.
        """
        ends = {
            duplicate.asker,
            duplicate.asking,
            duplicate.asked,
            duplicate.model,
            duplicate.holder,
            duplicate.holding,
        }
        events = self.facts.objects(duplicate.asking, f"{CV}isGroupedBy")
        if not (ends | set(events)).isdisjoint(self.web.starts):
            return True
        asked = (
            (duplicate.concept,)
            if duplicate.concept
            else self.facts.objects(duplicate.asked, self.facts.own("concept"))
        )
        for meaning in self.meanings():
            if any(concept in meaning.concepts for concept in asked):
                return True
            if not asked and any(node.iri == duplicate.holding for node in meaning.holders):
                return True
        return False

    def _focus(self) -> Iterable[str]:
        near = [start for start in self.web.starts if start in self.nodes]
        yield from (start for start in near if self.nodes[start].kind is NodeKind.CONCEPT)
        for start in near:
            for edge in self.edges_of(start):
                other = edge.target if edge.source == start else edge.source
                is_had = self.nodes[start].kind in HOLDING and edge.evidence is not Evidence.SUGGESTED
                is_concept = other in self.nodes and self.nodes[other].kind is NodeKind.CONCEPT
                if is_had and is_concept and self.facts.is_described(other):
                    yield other

    def _meaning(self, concepts: tuple[str, ...]) -> Meaning:
        edges = [
            edge
            for concept in concepts
            for edge in self.edges_of(concept)
            if edge.evidence is not Evidence.SUGGESTED
            and self._may_hold(edge.source if edge.target == concept else edge.target)
        ]
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        holders = tuple(node for node in self.web.nodes if node.iri in ends and node.kind in HOLDING)
        return Meaning(concepts, holders, (*edges, *self.edges_between(concepts, concepts)))

    def _may_hold(self, iri: str) -> bool:
        """Whether a node is where information lies; evidence is an element too, and is what is asked for."""
        node = self.nodes[iri]
        if node.kind is NodeKind.ELEMENT:
            return bool(self.facts.objects(node.iri, self.facts.own("inModel")))
        return node.kind in HOLDING
