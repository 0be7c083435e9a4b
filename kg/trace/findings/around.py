"""The web as findings look at it: its nodes by kind, its edges by node, and the meanings that it is about.

In: a `Web`. Out: nodes and edges in the order of the web.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.trace.authority import same_concepts
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
        found, seen = [], set[str]()
        for concept in self._focus():
            if concept in seen:
                continue
            known = [one for one in same_concepts(self.facts, concept) if one in self.nodes]
            same = tuple(dict.fromkeys((concept, *known)))
            seen.update(same)
            found.append(self._meaning(same))
            if len(found) == MOST_MEANINGS:
                break
        return tuple(found)

    def _focus(self) -> Iterable[str]:
        near = [start for start in self.web.starts if start in self.nodes]
        yield from (start for start in near if self.nodes[start].kind is NodeKind.CONCEPT)
        for start in near:
            for edge in self.edges_of(start):
                other = edge.target if edge.source == start else edge.source
                is_had = self.nodes[start].kind in HOLDING and edge.evidence is not Evidence.SUGGESTED
                if is_had and other in self.nodes and self.nodes[other].kind is NodeKind.CONCEPT:
                    yield other

    def _meaning(self, concepts: tuple[str, ...]) -> Meaning:
        holding = [node.iri for node in self.web.nodes if self._may_hold(node)]
        edges = [edge for edge in self.edges_between(concepts, holding) if edge.evidence is not Evidence.SUGGESTED]
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        holders = tuple(node for node in self.web.nodes if node.iri in ends and node.kind in HOLDING)
        return Meaning(concepts, holders, (*edges, *self.edges_between(concepts, concepts)))

    def _may_hold(self, node: Node) -> bool:
        """Whether a node is where information lies; evidence is an element too, and is what is asked for."""
        if node.kind is NodeKind.ELEMENT:
            return bool(self.facts.objects(node.iri, self.facts.own("inModel")))
        return node.kind in HOLDING
