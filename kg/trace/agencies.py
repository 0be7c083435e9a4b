"""Whose a thing is: its publisher or the agency responsible for it, and what an agency publishes.

In: the graph and a node. Out: agencies with the triples that say so. That the publisher of the catalogue or collection
stands in where a thing has none is what data.norge.no's reasoning does as well (fdk-reasoning-service, Rules.kt); the
graph mostly holds it as inferred, and where it does not it is read here. An agency has one IRI in the graph, so that
none is counted twice.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import CPSV, CPSVNO, CV, DCAT, DCATNO, DCT, MODELLDCATNO, SKOS
from kg.trace.graph import Graph
from kg.trace.structure import models_of
from kg.trace.triples import Fact
from kg.trace.web import NodeKind

_PUBLISHER: Final = NamedNode(f"{DCT}publisher")
_RESPONSIBLE: Final = tuple(NamedNode(f"{CV}{name}") for name in ("hasCompetentAuthority", "ownedBy"))
_LISTINGS: Final = tuple(
    NamedNode(iri)
    for iri in (
        f"{DCAT}dataset",
        f"{DCAT}service",
        f"{MODELLDCATNO}model",
        f"{DCATNO}containsService",
        f"{DCATNO}containsEvent",
        f"{SKOS}member",
    )
)
_ASKED: Final = tuple(
    NamedNode(iri)
    for iri in (
        f"{CPSV}hasInput",
        f"{CPSVNO}hasRequiredEvidence",
        f"{CPSV}produces",
        f"{CPSVNO}hasPossibleOutput",
    )
)
_CHANNEL: Final = NamedNode(f"{CV}hasChannel")
_DISTRIBUTION: Final = NamedNode(f"{DCAT}distribution")
_AGENCY: Final = frozenset({NodeKind.AGENCY})
_UNPUBLISHED: Final = frozenset({NodeKind.ELEMENT, NodeKind.DISTRIBUTION})
"""What has no publisher of its own."""
_PARTS: Final = frozenset({*_UNPUBLISHED, NodeKind.CODELIST})
"""What those answer for who answer for the models, datasets and services that it is a part of."""
_PUBLISHED: Final = frozenset(
    {
        NodeKind.DATASET,
        NodeKind.DATA_SERVICE,
        NodeKind.MODEL,
        NodeKind.CONCEPT,
        NodeKind.CODELIST,
        NodeKind.SERVICE,
        NodeKind.EVENT,
        NodeKind.AI_PROJECT,
    }
)


def publishers_of(graph: Graph, node: NamedNode, kind: NodeKind) -> Iterator[tuple[NamedNode, tuple[Fact, ...]]]:
    """The publishers of a thing: as it says itself, or else as the catalogues or collections do that list it."""
    if kind not in _PUBLISHED:
        return
    own: list[tuple[Fact, ...]] = [(fact,) for fact in graph.out_of(node, _PUBLISHER)]
    if not own and not any(graph.out_of(node, predicate) for predicate in _RESPONSIBLE):
        own = [
            (lists, publishes)
            for predicate in _LISTINGS
            for lists in graph.into(node, predicate)
            for publishes in graph.out_of(lists.subject, _PUBLISHER)
        ]
    for facts in own:
        agency = facts[-1].object
        if isinstance(agency, NamedNode) and graph.may_be(agency, _AGENCY):
            yield agency, facts


def published_by(
    graph: Graph, agency: NamedNode, kind: NodeKind
) -> Iterator[tuple[NamedNode, NodeKind, tuple[Fact, ...]]]:
    """What an agency publishes."""
    if kind is not NodeKind.AGENCY:
        return
    for fact in graph.into(agency, _PUBLISHER):
        of = graph.kind_of(fact.subject)
        if of in _PUBLISHED and isinstance(fact.subject, NamedNode):
            yield fact.subject, of, (fact,)


def agency_of(graph: Graph, node: NamedNode, kind: NodeKind) -> str:
    """The IRI of the agency that answers for a thing; of a part, that of its whole; empty where none is known.

    A service is answered for by its competent authority or owner (CPSV-AP-NO 1.1), whoever publishes its description.
    Of several agencies the first by IRI counts.
    """
    if kind is NodeKind.AGENCY:
        return node.value
    if kind is NodeKind.LAW:
        return ""
    return min((agency.value for agency in _agencies(graph, node, kind)), default="")


def _agencies(graph: Graph, node: NamedNode, kind: NodeKind) -> frozenset[NamedNode]:
    known = graph.agencies.get((node, kind))
    if known is None:
        known = graph.agencies[node, kind] = frozenset(_find_agencies(graph, node, kind))
    return known


def _find_agencies(graph: Graph, node: NamedNode, kind: NodeKind) -> set[NamedNode]:
    own = set() if kind in _UNPUBLISHED else _own(graph, node, kind)
    if own or kind not in _PARTS:
        return own
    wholes = _models(graph, node, kind) or list(_wholes(graph, node))
    return {agency for whole, whole_kind in wholes for agency in _agencies(graph, whole, whole_kind)}


def _own(graph: Graph, node: NamedNode, kind: NodeKind) -> set[NamedNode]:
    responsible = {
        fact.object
        for predicate in _RESPONSIBLE
        for fact in graph.out_of(node, predicate)
        if isinstance(fact.object, NamedNode) and graph.may_be(fact.object, _AGENCY)
    }
    return responsible or {agency for agency, _ in publishers_of(graph, node, kind)}


def _models(graph: Graph, node: NamedNode, kind: NodeKind) -> list[tuple[NamedNode, NodeKind]]:
    """The models that an element is in; where reasoning has found them already, they are not looked for again."""
    found = [fact.object for fact in graph.in_models(node)]
    models = [model for model in found if isinstance(model, NamedNode)]
    return [(model, NodeKind.MODEL) for model in models or (model for model, _ in models_of(graph, node, kind))]


def _wholes(graph: Graph, node: NamedNode) -> Iterator[tuple[NamedNode, NodeKind]]:
    """The services that ask for a piece of evidence or give an output, and the datasets of a distribution."""
    for predicate in _ASKED:
        for fact in graph.into(node, predicate):
            channels = graph.into(fact.subject, _CHANNEL)
            for service in [each.subject for each in channels] or [fact.subject]:
                if isinstance(service, NamedNode):
                    yield service, NodeKind.SERVICE
    for fact in graph.into(node, _DISTRIBUTION):
        if isinstance(fact.subject, NamedNode):
            yield fact.subject, NodeKind.DATASET
