"""The service description: what the endpoint can do and what it answers from (SPARQL 1.1 Service Description).

In: what a generation holds, and the endpoints that queries may name. Out: triples. What is stated is what holds: the
endpoint answers by simple entailment over triples that a build has derived, so that it claims no regime beyond that,
and says in words what the derived ones are.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import RDF, RDFS
from kg.sparql.formats import FORMATS
from kg.sparql.void import FORMATS_IRI, Holding

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SIMPLE_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/Simple"
LANGUAGES: Final = ("SPARQL10Query", "SPARQL11Query")
FORMAT_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}
"""The names of our formats in the W3C's list of file formats, https://www.w3.org/ns/formats/."""

INFERENCE_NB: Final = (
    "Standardgrafen leses sammen med det som følger av den etter OWL 2 RL og tjenestens egne regler (graph/inferred), "
    "utledet da grafen ble bygget. Bare tjenestens egne aksiomer brukes. infer=false leser det kildene har sagt."
)
INFERENCE_EN: Final = (
    "The default graph is read together with what follows from it by OWL 2 RL and the service's own rules "
    "(graph/inferred), derived when the graph was built. Only the service's own axioms are believed. infer=false reads "
    "what the sources have said."
)
_TYPE: Final = NamedNode(f"{RDF}type")


def describe_service(holding: Holding, *, federated: bool) -> Iterator[Triple]:
    """The description of the endpoint; `federated` where queries may name other endpoints."""
    service, dataset = BlankNode("service"), BlankNode("dataset")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(holding.endpoint))
    yield from (Triple(service, _sd("supportedLanguage"), _sd(language)) for language in LANGUAGES)
    for row in FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(FORMATS_IRI + FORMAT_NAMES[row.name]))
    if federated:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield Triple(service, _sd("defaultEntailmentRegime"), NamedNode(SIMPLE_ENTAILMENT))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(service, _sd("availableGraphs"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _TYPE, _sd("GraphCollection"))
    together = holding.dataset("together")
    yield Triple(dataset, _sd("defaultGraph"), together)
    yield Triple(together, _TYPE, _sd("Graph"))
    if holding.graphs.get(holding.names.inferred):
        for text, tag in ((INFERENCE_NB, "nb"), (INFERENCE_EN, "en")):
            yield Triple(together, NamedNode(f"{RDFS}comment"), Literal(text, language=tag))
    for number, (iri, triples) in enumerate(sorted(holding.graphs.items())):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, _TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(iri))
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, _TYPE, _sd("Graph"))
        yield Triple(graph, NamedNode("http://rdfs.org/ns/void#triples"), _count(triples))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _count(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
