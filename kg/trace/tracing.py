"""Tracing: what was asked for in, the web around it out (design §6, `/trace`).

In: a generation's graph and a `Request`, whose words have been resolved to IRIs (`kg.trace.words`). Out: the `Web`, and
the part of it that one answer gives. A worker does this, as it answers queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.errors import KgError
from kg.trace.agencies import agency_of
from kg.trace.graph import Graph
from kg.trace.paths import PATHS
from kg.trace.walk import Link, Scope, Walk
from kg.trace.web import Choice, Edge, Evidence, Node, NodeKind, Web

DEFAULT_DEPTH: Final = 6
MAX_DEPTH: Final = 12
DEFAULT_LIMIT: Final = 200
MAX_LIMIT: Final = 1_000
MAX_OFFSET: Final = 10_000
ENOUGH: Final = 1_000
"""So many nodes are looked at for findings and counts, whichever page is asked for; a larger web is counted as such."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        element: an IRI or a word, as the caller wrote it.
        starts: canonical IRIs that it was resolved to.
        word: whether it was a word.
        choices: its meanings, as IRI and label, where it was a word; where `starts` is empty they are all there is.
        paths: names of paths; empty for all.
        agencies: IRIs of agencies; empty for all.
        evidence: how sure a step has to be; empty for any.
        limit, offset: nodes of one page, and how many come before them.
    """

    element: str
    starts: tuple[str, ...]
    word: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()
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
        made["choices"] = tuple(tuple(choice) for choice in given["choices"])
        return cls(**made)


class NotTraceable(KgError):
    """What was asked for is in the graph, but of no kind at which a trace can begin."""


class Unknown(KgError):
    """The graph does not know what was asked for."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A web with the order of its edges, so that it can be given in pages.

    Attributes:
        places: of each edge, the place of the node with which it is complete.
        nodes_total: how many nodes were found; if not `whole`, there are more.
        hubs: what leads to more than a handful of others, as JSON.
    """

    web: Web
    places: tuple[int, ...]
    nodes_total: int
    whole: bool
    hubs: tuple[Mapping[str, Any], ...]


def trace(graph: Graph, request: Request) -> Trace:
    """The web around what was asked for.

    Raises:
        Unknown: the graph does not know the IRI.
        NotTraceable: it is of no kind at which a trace can begin.
    """
    starts = _starts(graph, request)
    scope = Scope(
        depth=request.depth,
        paths=frozenset(request.paths) or frozenset(path.name for path in PATHS),
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
    return Trace(web, tuple(place for place, _ in links), walk.known, walk.is_whole, hubs)


def _starts(graph: Graph, request: Request) -> list[tuple[NamedNode, NodeKind]]:
    starts = []
    for iri in request.starts:
        node = NamedNode(iri)
        kind = graph.kind_of(node)
        if kind is not None:
            starts.append((node, kind))
        elif not request.word:
            if not graph.is_known(node):
                raise Unknown(f"the graph does not know {iri[:200]}", hint="a word is looked for as a name")
            hint = f"a trace begins at one of {', '.join(NodeKind)}"
            raise NotTraceable(f"{iri[:200]} is nothing that a trace can begin at", hint=hint)
    return starts


def _complete(walk: Walk) -> list[tuple[int, Link]]:
    """The links between nodes that are kept, each with its place.

    Where one direction is asserted, the inverse that follows from it says nothing more; of two that both follow, one.
    """
    kept = walk.kept
    asserted = {(link.source, link.target, link.path) for link in walk.links.values() if _is_asserted(link)}
    inferred = {(link.source, link.target, link.path) for link in walk.links.values() if not _is_asserted(link)}

    def is_needless(link: Link) -> bool:
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


def _agencies(graph: Graph, nodes: Sequence[Node], language: str) -> dict[str, str]:
    found = sorted({node.agency for node in nodes if node.agency})
    return {iri: graph.label_of(NamedNode(iri), language) for iri in found}


def _choices(graph: Graph, request: Request) -> tuple[Choice, ...]:
    found = []
    for iri, _, _ in request.choices:
        node = NamedNode(iri)
        kind = graph.kind_of(node)
        if kind is not None:
            found.append(Choice(iri, kind, graph.label_of(node, request.language)))
    return tuple(found)
