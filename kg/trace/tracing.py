"""Tracing: what was asked for in, the web around it out.

In: a generation's graph and a `Request`, whose words have been resolved to IRIs (`kg.trace.words`). Out: the `Web`, and
the part of it that one answer gives. A worker does this, as it answers queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.trace.agencies import agency_of
from kg.trace.graph import Graph
from kg.trace.paths import PATHS
from kg.trace.walk import Link, Scope, Walk
from kg.trace.web import Choice, Edge, Evidence, Node, NodeKind, Statement, Web

DEFAULT_DEPTH: Final = 6
MAX_DEPTH: Final = 12
DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
MAX_OFFSET: Final = 10_000
ENOUGH: Final = 150
"""So many nodes are looked at for findings and counts at least, whichever page is asked for; a larger web says so."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        element: an IRI or a word, as the caller wrote it.
        starts: canonical IRIs that it was resolved to.
        word: whether it was a word.
        matches: how many things have the word as a name; more than `starts` where there are too many.
        choices: IRIs that it may mean instead, where nothing has it as a name.
        paths: names of paths; empty for all.
        agencies: IRIs of agencies; empty for all.
        evidence: how sure a step has to be; empty for any.
        limit, offset: nodes of one page, and how many come before them.
    """

    element: str
    starts: tuple[str, ...]
    word: bool = False
    matches: int = 0
    choices: tuple[str, ...] = ()
    depth: int = DEFAULT_DEPTH
    paths: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    language: str = "nb"
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a worker is told it."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Request":
        """As a worker reads it."""
        made: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return cls(**made)


@dataclass(eq=False)
class Untraceable(Exception):
    """No trace can begin at what was asked for: the graph does not know it, or it is of no kind for it."""

    what: str
    hint: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A web with the order of its edges, so that it can be given in pages.

    Attributes:
        places: of each edge, the place of the node with which it is complete.
        proofs: of each edge, those of its triples that reasoning added.
        nodes_total: how many nodes were found; if not `whole`, there are more.
        hubs: what leads to more than a handful of others, as JSON.
    """

    web: Web
    places: tuple[int, ...]
    proofs: tuple[tuple[Statement, ...], ...]
    nodes_total: int
    whole: bool
    hubs: tuple[Mapping[str, Any], ...]


def trace(graph: Graph, request: Request) -> Trace:
    """The web around what was asked for.

    Raises:
        Untraceable: no trace can begin there.
    """
    starts = _starts(graph, request)
    paths = frozenset(request.paths) or frozenset(path.name for path in PATHS)
    if len(starts) > 1 and not request.paths:
        paths -= {"P3"}  # what the starts share they share by way of the concept, and so it is told once
    scope = Scope(
        depth=request.depth,
        paths=paths,
        evidence=frozenset(map(Evidence, request.evidence)) or frozenset(Evidence),
        agencies=frozenset(request.agencies),
        enough=max(ENOUGH, request.offset + request.limit),
    )
    walk = Walk(graph, scope)
    walk.run(starts)
    nodes = tuple(_node(graph, node, walk.kind(node), request.language) for node in walk.kept)
    links = sorted(_complete(walk), key=lambda pair: pair[0])
    web = Web(
        element=request.element,
        starts=tuple(node.value for node, _ in starts),
        choices=_choices(graph, request),
        nodes=nodes,
        edges=tuple(_edge(link) for _, link in links),
        agencies=_agencies(graph, nodes, request.language),
    )
    hubs = tuple(
        {"iri": hub.node.value, "path": hub.path, "direction": "in" if hub.back else "out", "total": hub.total}
        for hub in walk.hubs
    )
    return Trace(
        web=web,
        places=tuple(place for place, _ in links),
        proofs=tuple(_to_be_proved(link) for _, link in links),
        nodes_total=walk.known,
        whole=walk.is_whole,
        hubs=hubs,
    )


def _starts(graph: Graph, request: Request) -> list[tuple[NamedNode, NodeKind]]:
    starts = []
    for iri in request.starts:
        node = NamedNode(iri)
        kind = graph.kind_of(node) or _taken_for(graph, node)
        if kind is not None:
            starts.append((node, kind))
        elif not request.word:
            if not graph.is_known(node):
                raise Untraceable(f"the graph does not know {iri[:200]}", "a word is looked for as a name", True)
            hint = f"a trace begins at one of {', '.join(NodeKind)}"
            raise Untraceable(f"{iri[:200]} is nothing that a trace can begin at", hint, False)
    return sorted(starts, key=lambda pair: _start_order(*pair))


def _taken_for(graph: Graph, node: NamedNode) -> NodeKind | None:
    """The kind that others take a node for by naming it, though nobody describes it."""
    for path in PATHS:
        for form in path.forms:
            hop = form.hops[-1]
            if not hop.back and any(graph.into(node, predicate) for predicate in hop.properties):
                kind = graph.may_be(node, form.targets)
                if kind is not None:
                    return kind
    return None


def _start_order(node: NamedNode, kind: NodeKind) -> tuple[int, str]:
    """What a word means first of all is a concept, then what holds it."""
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST), node.value


_FIRST: Final = (NodeKind.CONCEPT, NodeKind.ELEMENT, NodeKind.CODELIST, NodeKind.DATASET)


def _complete(walk: Walk) -> list[tuple[int, Link]]:
    """The links between nodes that are kept, each with its place.

    Where one direction is asserted, the inverse that follows from it says nothing more; of two that both follow, one.
    And nothing needs to be suggested between what is linked.
    """
    kept = walk.kept
    asserted = {(link.source, link.target, link.path) for link in walk.links.values() if _is_asserted(link)}
    inferred = {(link.source, link.target, link.path) for link in walk.links.values() if not _is_asserted(link)}
    linked = {
        frozenset((link.source, link.target)) for link in walk.links.values() if link.evidence is not Evidence.SUGGESTED
    }

    def is_needless(link: Link) -> bool:
        if link.evidence is Evidence.SUGGESTED and frozenset((link.source, link.target)) in linked:
            return True
        inverse = link.target, link.source, link.path
        return not _is_asserted(link) and (
            inverse in asserted or (inverse in inferred and link.source.value > link.target.value)
        )

    return [
        (max(kept[link.source], kept[link.target], link.seen), link)
        for link in walk.links.values()
        if link.source in kept and link.target in kept and not is_needless(link)
    ]


def _is_asserted(link: Link) -> bool:
    return link.evidence is Evidence.ASSERTED


def _node(graph: Graph, node: NamedNode, kind: NodeKind, language: str) -> Node:
    return Node(node.value, kind, graph.label_of(node, language), agency_of(graph, node, kind))


def _edge(link: Link) -> Edge:
    statements = tuple(fact.statement() for fact in link.facts)
    return Edge(link.source.value, link.target.value, link.path, link.evidence, statements, link.reason)


def _to_be_proved(link: Link) -> tuple[Statement, ...]:
    return tuple(fact.statement() for fact in link.facts if not fact.asserted)


def _agencies(graph: Graph, nodes: Sequence[Node], language: str) -> dict[str, str]:
    found = sorted({node.agency for node in nodes if node.agency})
    return {iri: graph.label_of(NamedNode(iri), language) for iri in found}


def _choices(graph: Graph, request: Request) -> tuple[Choice, ...]:
    """The meanings of a word, in the order in which they are traced."""
    if not request.word:
        return ()
    found = [(node, graph.kind_of(node)) for node in map(NamedNode, request.starts or request.choices)]
    named = [(node, kind) for node, kind in found if kind is not None]
    if request.starts:
        named.sort(key=lambda pair: _start_order(*pair))
    return tuple(Choice(node.value, kind, graph.label_of(node, request.language)) for node, kind in named)
