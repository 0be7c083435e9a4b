"""Gap: elements that no concept explains, and data that is to be shared and has no API.

In: the web around an element. Out: one finding for each element without concept where the walk began, one for each
model there with the number of its properties that have none, and one for each dataset without API that is where the
walk began, has the element as an authoritative source, or is asked for by another agency.
"""

from collections.abc import Iterator

from kg.namespaces import DCAT, DCT, MODELLDCATNO
from kg.trace.authority import apis_of, authority_of
from kg.trace.findings.around import Around
from kg.trace.findings.sentences import counted
from kg.trace.web import Finding, FindingKind, Node, NodeKind, Words

MAX_PROPERTIES = 2_000
"""Properties of one model that are looked at."""

_PROPERTY = Words("egenskap", "property"), Words("egenskaper", "properties")


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    starts = [around.nodes[start] for start in around.web.starts if start in around.nodes]
    for node in starts:
        if node.kind is NodeKind.ELEMENT and _lacks_concept(around, node.iri):
            yield _element(around, node)
        elif node.kind is NodeKind.MODEL:
            yield from _model(around, node)
    asked = {duplicate.holding for duplicate in around.duplicates()}
    held = {node.iri for meaning in around.meanings() for node in meaning.of_kind(NodeKind.DATASET)}
    wanted = {iri for iri in held if authority_of(around.facts, iri)} | asked | {node.iri for node in starts}
    for node in around.of_kind(NodeKind.DATASET):
        if node.iri in wanted and not apis_of(around.facts, node.iri):
            yield _dataset(around, node)


def _lacks_concept(around: Around, element: str) -> bool:
    """Whether an element of a model has no concept, be it one that nobody describes (see `broken`)."""
    facts = around.facts
    if not facts.objects(element, facts.own("inModel")) or facts.is_a(element, f"{MODELLDCATNO}Specialization"):
        return False
    return not facts.objects(element, facts.own("concept")) and not facts.objects(element, f"{DCT}subject")


def _element(around: Around, node: Node) -> Finding:
    models = around.facts.objects(node.iri, around.facts.own("inModel"))
    name = around.facts.words(node.iri)
    text = Words(
        f"Elementet «{name.nb}» har ikke noe begrep, så det vites ikke om andre har det samme.",
        f"The element “{name.en}” has no concept, so that nobody can tell who else has it.",
    )
    edges = around.edges_between((node.iri,), models)
    return Finding(FindingKind.GAP, text, edges, (node.iri,), {"gap": "concept"})


def _model(around: Around, node: Node) -> Iterator[Finding]:
    facts = around.facts
    properties = [
        element
        for element in facts.subjects(facts.own("inModel"), node.iri)[:MAX_PROPERTIES]
        if facts.is_a(element, f"{MODELLDCATNO}Property")
    ]
    lacking = [element for element in properties if _lacks_concept(around, element)]
    if lacking:
        name, of = facts.words(node.iri), counted(len(properties), *_PROPERTY)
        text = Words(
            f"{len(lacking)} av {of.nb} i modellen «{name.nb}» har ikke noe begrep.",
            f"{len(lacking)} of {of.en} in the model “{name.en}” have no concept.",
        )
        edges = around.edges_between((node.iri,), lacking)
        yield Finding(
            FindingKind.GAP, text, edges, (node.iri,), {"gap": "concept", "elements": lacking, "of": len(properties)}
        )


def _dataset(around: Around, node: Node) -> Finding:
    name = around.facts.words(node.iri)
    files = around.facts.objects(node.iri, f"{DCAT}distribution")
    nb = "bare distribusjoner uten API" if files else "verken API eller distribusjon"
    en = "only distributions without an API" if files else "neither an API nor a distribution"
    text = Words(f"Datasettet «{name.nb}» har {nb}.", f"The dataset “{name.en}” has {en}.")
    return Finding(FindingKind.GAP, text, around.agency_edges((node.iri,)), (node.iri,), {"gap": "api"})
