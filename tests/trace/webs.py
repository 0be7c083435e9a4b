"""Small webs drawn in Turtle, for tests of what is found in them.

In: Turtle with the terms that reasoning has added. Out: the facts it states, and the web of all its nodes: every triple
between two nodes is an edge.
"""

from collections.abc import Sequence

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.trace.facts import Facts
from kg.trace.web import Edge, Evidence, Node, NodeKind, Statement, Web

NAMES = Names(DEFAULT_BASE_IRI)
BASE = "https://etat.example/"
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.prefixes().items()) + f"@base <{BASE}> .\n"
KINDS = {
    "modelldcatno:InformationModel": NodeKind.MODEL,
    "modelldcatno:Attribute": NodeKind.ELEMENT,
    "modelldcatno:ObjectType": NodeKind.ELEMENT,
    "cpsvno:RequiredEvidence": NodeKind.ELEMENT,
    "skos:Concept": NodeKind.CONCEPT,
    "dcat:Dataset": NodeKind.DATASET,
    "dcat:DataService": NodeKind.DATA_SERVICE,
    "cpsv:PublicService": NodeKind.SERVICE,
    "cv:LifeEvent": NodeKind.EVENT,
    "foaf:Agent": NodeKind.AGENCY,
    "eli:LegalResource": NodeKind.LAW,
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def iri(text: str) -> str:
    """An IRI written as in the Turtle: a CURIE, or relative to the base."""
    prefix, colon, rest = text.partition(":")
    namespace = NAMES.prefixes().get(prefix)
    return f"{namespace}{rest}" if colon and namespace else text if "://" in text else BASE + text


def store_of(turtle: str) -> Store:
    """A store that holds the Turtle."""
    store = Store()
    store.load((PREFIXES + turtle).encode(), RdfFormat.TURTLE)
    return store


def facts_of(store: Store) -> Facts:
    """What a store says."""
    return Facts(store, NAMES.inferred, NAMES)


def web_of(store: Store, *starts: str) -> Web:
    """The web of everything in a store, around some of its nodes."""
    facts, kinds = facts_of(store), {iri(name): kind for name, kind in KINDS.items()}
    nodes: dict[str, Node] = {}
    for quad in store.quads_for_pattern(None, NamedNode(_TYPE), None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode) and quad.object.value in kinds:
            agencies = facts.objects(quad.subject.value, facts.own("responsibleAgency"))
            name = facts.name(quad.subject.value, "nb")
            nodes[quad.subject.value] = Node(quad.subject.value, kinds[quad.object.value], name, "".join(agencies[:1]))
    edges = [
        Edge(
            quad.subject.value,
            quad.object.value,
            "P",
            Evidence.ASSERTED,
            (Statement(str(quad.subject), str(quad.predicate), str(quad.object)),),
        )
        for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        if quad.subject.value in nodes and quad.object.value in nodes
    ]
    edges.sort(key=lambda edge: (edge.source, edge.target, edge.statements))
    names = {node.iri: node.label for node in nodes.values() if node.kind is NodeKind.AGENCY}
    ordered: Sequence[Node] = sorted(nodes.values(), key=lambda node: node.iri)
    return Web(starts[0], tuple(map(iri, starts)), (), tuple(ordered), tuple(edges), names)
