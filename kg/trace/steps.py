"""Steps: from a node along one path, either way, with the triples that each step rests on.

In: the graph, a node, a row of `kg.trace.paths`. Out: `Step`s in the order of their far ends. Most paths are walked hop
by hop; those with a shape of their own have a function each here or in `kg.trace.structure` and `kg.trace.likeness`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.identities import canonical_organisation
from kg.namespaces import BR, DCT, PROV
from kg.trace.agencies import agency_of, published_by, publishers_of
from kg.trace.graph import Graph
from kg.trace.likeness import same_names, same_references
from kg.trace.path import Form, Hop, Path, Shape
from kg.trace.structure import models_of, parts_of, shared_with
from kg.trace.triples import Fact, Term
from kg.trace.web import NodeKind, Words

MAX_REPEATS: Final = 8
"""So often a hop is repeated where a form allows any number of times."""

_PUBLISHER: Final = NamedNode(f"{DCT}publisher")
_PROVENANCE: Final = {"P17": NamedNode(f"{DCT}provenance"), "P17b": NamedNode(f"{PROV}wasGeneratedBy")}
_ASSOCIATED: Final = NamedNode(f"{PROV}wasAssociatedWith")
_ORG_PATH: Final = NamedNode(f"{BR}orgPath")
_AGENCY: Final = frozenset({NodeKind.AGENCY})


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was found, in the direction of its path.

    Attributes:
        facts: the triples that it rests on, in their order; at least one.
        close: whether its ends are only close to each other.
        reason: why it is suggested; None where it is said or follows.
    """

    source: NamedNode
    target: NamedNode
    source_kind: NodeKind
    target_kind: NodeKind
    facts: tuple[Fact, ...]
    close: bool = False
    reason: Words | None = None


def steps(graph: Graph, node: NamedNode, kind: NodeKind, path: Path, *, back: bool) -> list[Step]:
    """The steps from a node along a path, or against it, without repeats, in the order of their far ends."""
    walked = list(_WALKS[path.shape](graph, node, kind, path, back))
    if len(walked) < 2:
        return walked
    found = {(step.source, step.target, step.facts): step for step in walked}
    far = (lambda step: step.source.value) if back else (lambda step: step.target.value)
    return sorted(_best(found.values()), key=far)


def _best(found: Iterable[Step]) -> Iterator[Step]:
    """Without what was inferred between two nodes of which the same is asserted."""
    by_ends: dict[tuple[NamedNode, NamedNode], list[Step]] = {}
    for step in found:
        by_ends.setdefault((step.source, step.target), []).append(step)
    for each in by_ends.values():
        asserted = [step for step in each if all(fact.asserted for fact in step.facts)]
        yield from asserted or each[:1]


def _along_forms(graph: Graph, node: NamedNode, kind: NodeKind, path: Path, back: bool) -> Iterator[Step]:
    for form in path.forms:
        near, far = (form.targets, form.sources) if back else (form.sources, form.targets)
        if kind not in near:
            continue
        properties, against = form.last if back else form.first
        if not graph.may_leave(node, properties, back=against) or not (back or _stands(graph, node, form)):
            continue
        for end, facts in _walked(graph, node, form.hops, back):
            end_kind = graph.may_be(end, far)
            if end_kind is None or end == node or not isinstance(end, NamedNode):
                continue
            if back:
                if _stands(graph, end, form):
                    yield Step(end, node, end_kind, kind, facts, form.close)
            else:
                yield Step(node, end, kind, end_kind, facts, form.close)


def _stands(graph: Graph, node: Term, form: Form) -> bool:
    return form.place is None or graph.place_of(node) is form.place


def _walked(graph: Graph, node: NamedNode, hops: Sequence[Hop], back: bool) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """Where the hops lead from a node, with the triples in the order of the path."""
    if len(hops) == 1:  # as most are
        yield from _hopped(graph, ((node, ()),), hops[0], back)
        return
    ends: list[tuple[Term, tuple[Fact, ...]]] = [(node, ())]
    for hop in reversed(hops) if back else hops:
        ends = list(_repeated(graph, ends, hop, back)) if hop.repeated else list(_hopped(graph, ends, hop, back))
    yield from ends


def _repeated(
    graph: Graph, ends: Sequence[tuple[Term, tuple[Fact, ...]]], hop: Hop, back: bool
) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """The ends themselves, and what any number of the same hop leads to; each node once, by its shortest way."""
    seen: set[Term] = set()
    level = list(ends)
    for _ in range(MAX_REPEATS):
        level = [end for end in level if end[0] not in seen and not seen.add(end[0])]  # type: ignore[func-returns-value]
        yield from level
        level = list(_hopped(graph, level, hop, back))
        if not level:
            return


def _hopped(
    graph: Graph, ends: Sequence[tuple[Term, tuple[Fact, ...]]], hop: Hop, back: bool
) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    against = hop.back is not back
    for end, before in ends:
        if not isinstance(end, NamedNode | BlankNode):
            continue
        for predicate in hop.properties:
            for fact in graph.into(end, predicate) if against else graph.out_of(end, predicate):
                reached = fact.subject if against else fact.object
                added: tuple[Fact, ...] = (fact,)
                if hop.also:  # what a step says of itself, such as a role, stands on the node in its middle
                    middle = end if back else reached
                    added += tuple(each for name in hop.also for each in graph.out_of(middle, name))
                yield reached, ((*added, *before) if back else (*before, *added))


def _published(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, back: bool) -> Iterator[Step]:
    if back:
        for thing, thing_kind, facts in published_by(graph, node, kind):
            yield Step(thing, node, thing_kind, kind, facts)
        return
    for agency, facts in publishers_of(graph, node, kind):
        yield Step(node, agency, kind, NodeKind.AGENCY, facts)


def _provenance(graph: Graph, node: NamedNode, kind: NodeKind, path: Path, back: bool) -> Iterator[Step]:
    """From a dataset with a provenance to who has it: to whom an activity belonged, or else its publisher."""
    predicate = _PROVENANCE[path.name]
    if back or kind is not NodeKind.DATASET:
        return
    for fact in graph.out_of(node, predicate):
        agents = [(each.object, (fact, each)) for each in graph.out_of(fact.object, _ASSOCIATED)]
        agents = agents or [(each.object, (fact, each)) for each in graph.out_of(node, _PUBLISHER)]
        for agency, facts in agents:
            agency_kind = graph.may_be(agency, _AGENCY)
            if agency_kind is not None and isinstance(agency, NamedNode):
                yield Step(node, agency, kind, agency_kind, facts)


def _above(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, back: bool) -> Iterator[Step]:
    """From an agency to the one above it, by the path of numbers that the organisation catalogue gives."""
    if back or kind is not NodeKind.AGENCY:
        return
    for fact in graph.out_of(node, _ORG_PATH):
        if isinstance(fact.object, Literal):
            numbers = [part for part in fact.object.value.split("/") if part.isdigit()]
            above = (
                canonical_organisation(f"https://data.norge.no/organizations/{numbers[-2]}") if numbers[1:] else None
            )
            if above is not None and graph.is_described(NamedNode(above)):
                yield Step(node, NamedNode(above), kind, NodeKind.AGENCY, (fact,))


def _structure(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, back: bool) -> Iterator[Step]:
    if back:
        for model, facts in models_of(graph, node, kind):
            yield Step(model, node, NodeKind.MODEL, kind, facts)
        return
    for part, part_kind, facts in parts_of(graph, node, kind):
        yield Step(node, part, kind, part_kind, facts)


def _shared(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, _back: bool) -> Iterator[Step]:
    own = agency_of(graph, node, kind)
    for other, other_kind, facts in shared_with(graph, node, kind):
        theirs = agency_of(graph, other, other_kind)
        if own and theirs and own != theirs:
            yield Step(node, other, kind, other_kind, facts)


def _names(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, _back: bool) -> Iterator[Step]:
    for other, other_kind, facts, reason in same_names(graph, node, kind):
        yield Step(node, other, kind, other_kind, facts, close=True, reason=reason)


def _references(graph: Graph, node: NamedNode, kind: NodeKind, _path: Path, _back: bool) -> Iterator[Step]:
    for other, other_kind, facts, reason in same_references(graph, node, kind):
        yield Step(node, other, kind, other_kind, facts, close=True, reason=reason)


Walk = Callable[[Graph, NamedNode, NodeKind, Path, bool], Iterator[Step]]

_WALKS: Final[Mapping[Shape, Walk]] = MappingProxyType(
    {
        Shape.HOPS: _along_forms,
        Shape.STRUCTURE: _structure,
        Shape.SHARED: _shared,
        Shape.PROVENANCE: _provenance,
        Shape.PUBLISHER: _published,
        Shape.ABOVE: _above,
        Shape.NAMES: _names,
        Shape.REFERENCES: _references,
    }
)
