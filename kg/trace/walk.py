"""The walk: from the starts outward, breadth first, as far as is asked for.

In: the graph, where to begin, and how far and along what to go. Out: nodes and edges in an order that the same graph
gives again. What one node leads to by one path comes in handfuls: the first of each everywhere, then the second, so
that a concept that thousands use neither hides the rest nor makes the walk explode; whoever pages on loses nothing.
Nodes and edges have places in the order, so that a walk that is cut short gives the first places of one that is not.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from pyoxigraph import NamedNode

from kg.trace.agencies import agency_of
from kg.trace.bearings import Bearing, Lead, leads, suited
from kg.trace.graph import Graph
from kg.trace.likeness import NAMED, alike, equal_names
from kg.trace.paths import PATH_NAMES
from kg.trace.steps import Step, steps
from kg.trace.triples import Fact, evidence_of
from kg.trace.web import Evidence, NodeKind, Words

HANDFUL: Final = 50
"""So many of what a node leads to by one path come before anything further is followed."""
FREE_PATHS: Final = frozenset({"P8", "P8c"})
"""Whose a thing is belongs to the thing, and is told at any depth."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a walk goes.

    Attributes:
        depth: steps from a start.
        paths: names of paths that are followed.
        evidence: how sure a step has to be.
        agencies: whose things are kept, with what lies between them and the starts; empty for all.
        enough: no further node is looked at after so many are kept.
    """

    depth: int
    paths: frozenset[str]
    evidence: frozenset[Evidence]
    agencies: frozenset[str]
    enough: int


@dataclass(frozen=True, slots=True)
class Link:
    """An edge with its place: it is complete when so many nodes have been kept."""

    source: NamedNode
    target: NamedNode
    path: str
    evidence: Evidence
    facts: tuple[Fact, ...]
    reason: Words | None
    seen: int


@dataclass(frozen=True, slots=True)
class Hub:
    """A node that leads to more than a handful by one path."""

    node: NamedNode
    path: str
    back: bool
    total: int


@dataclass(slots=True)
class _Visit:
    """What is known of a node: its kind, by which node it was reached first, and how it was looked at so far."""

    kind: NodeKind
    parent: NamedNode | None
    looked: list[tuple[Bearing, int]] = field(default_factory=list)

    def surpasses(self, bearing: Bearing, depth: int) -> bool:
        """Whether a look at the node before found all that this one would."""
        return any(known <= bearing and before <= depth for known, before in self.looked)


class Walk:
    """One walk; `kept` are the nodes in their order, with their places."""

    def __init__(self, graph: Graph, scope: Scope) -> None:
        self._graph, self._scope = graph, scope
        self.kept: dict[NamedNode, int] = {}
        self.links: dict[tuple[NamedNode, NamedNode, str, tuple[Fact, ...]], Link] = {}
        self.hubs: list[Hub] = []
        self._visits: dict[NamedNode, _Visit] = {}
        self._queue: list[tuple[int, int, int, NamedNode, Bearing]] = []
        self._tickets = count()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be looked at."""
        return not self._queue

    @property
    def known(self) -> int:
        """How many nodes were found, kept or not looked at yet."""
        if not self._scope.agencies:
            return len(self._visits)
        return len(self.kept)

    def kind(self, node: NamedNode) -> NodeKind:
        """The kind of a node that was found."""
        return self._visits[node].kind

    def run(self, starts: Sequence[tuple[NamedNode, NodeKind]]) -> None:
        """Walk from the starts until there is enough, or nothing left."""
        for place, (node, kind) in enumerate(starts):
            self._meet(node, kind, None, Bearing.START, place // HANDFUL, 0)
        # What one word names is likened below, once, and not from each.
        paths = self._scope.paths - {"P21"} if len(starts) > 1 else self._scope.paths
        while self._queue and len(self.kept) < self._scope.enough:
            rounds, depth, _, node, bearing = heapq.heappop(self._queue)
            visit = self._visits[node]
            if visit.surpasses(bearing, depth):
                continue
            self._keep(node, visit)
            visit.looked.append((bearing, depth))
            for lead in leads(visit.kind, bearing):
                if lead.path in paths and (depth < self._scope.depth or lead.path in FREE_PATHS):
                    self._follow(node, visit.kind, lead, rounds, depth)
        if len(starts) > 1:
            self._liken([node for node, _ in starts if node in self.kept])

    def _follow(self, node: NamedNode, kind: NodeKind, lead: Lead, rounds: int, depth: int) -> None:
        path = PATH_NAMES[lead.path]
        found = [
            (step, evidence)
            for step in steps(self._graph, node, kind, path, back=lead.back)
            if (evidence := _evidence(step)) in self._scope.evidence
            and not (lead.only and _far(step, lead.back)[1] not in lead.only)
        ]
        if len(found) > HANDFUL:
            self.hubs.append(Hub(node, path.name, lead.back, len(found)))
        for place, (step, evidence) in enumerate(found):
            end, end_kind = _far(step, lead.back)
            bearing = suited(end_kind, lead.onward_close if step.close else lead.onward)
            self._meet(end, end_kind, node, bearing, max(rounds, place // HANDFUL), depth + 1)
            self._link(step, path.name, evidence)

    def _meet(
        self, node: NamedNode, kind: NodeKind, parent: NamedNode | None, bearing: Bearing, rounds: int, depth: int
    ) -> None:
        visit = self._visits.get(node)
        if visit is None:
            visit = self._visits[node] = _Visit(kind, parent)
        elif visit.surpasses(bearing, depth):
            return
        heapq.heappush(self._queue, (rounds, depth, next(self._tickets), node, bearing))

    def _keep(self, node: NamedNode, visit: _Visit) -> None:
        """Give a node its place, and before it those through which it was reached, where only some agencies count."""
        if node in self.kept:
            return
        wanted = self._scope.agencies
        if wanted and visit.parent is not None and agency_of(self._graph, node, visit.kind) not in wanted:
            return
        way = [node]
        while (parent := self._visits[way[-1]].parent) is not None and parent not in self.kept:
            way.append(parent)
        for each in reversed(way):
            self.kept[each] = len(self.kept)

    def _link(self, step: Step, path: str, evidence: Evidence) -> None:
        key = step.source, step.target, path, step.facts
        mirrored = step.target, step.source, path, step.facts[::-1]
        if key not in self.links and mirrored not in self.links:
            seen = max(0, len(self.kept) - 1)
            self.links[key] = Link(step.source, step.target, path, evidence, step.facts, step.reason, seen)

    def _liken(self, starts: Sequence[NamedNode]) -> None:
        """Suggest that what one word names is one thing: from the first concept, or else the first start, to others.

        Nothing is suggested between things of one agency, nor where the graph already links them.
        """
        if "P21" not in self._scope.paths or Evidence.SUGGESTED not in self._scope.evidence:
            return
        named = [node for node in starts if self.kind(node) in NAMED]
        first = next((node for node in named if self.kind(node) is NodeKind.CONCEPT), named[0] if named else None)
        if first is None:
            return
        linked = {frozenset((link.source, link.target)) for link in self.links.values()}
        own = agency_of(self._graph, first, self.kind(first))
        for other in named:
            agency = agency_of(self._graph, other, self.kind(other))
            if other == first or not (own and agency and own != agency) or frozenset((first, other)) in linked:
                continue
            facts = alike(self._graph, first, other)
            if facts is not None:
                step = Step(first, other, self.kind(first), self.kind(other), facts, reason=equal_names(facts[0]))
                place = max(self.kept[first], self.kept[other])
                key = first, other, "P21", facts
                self.links[key] = Link(first, other, "P21", Evidence.SUGGESTED, step.facts, step.reason, place)


def _far(step: Step, back: bool) -> tuple[NamedNode, NodeKind]:
    return (step.source, step.source_kind) if back else (step.target, step.target_kind)


def _evidence(step: Step) -> Evidence:
    return Evidence.SUGGESTED if step.reason is not None else evidence_of(step.facts)
