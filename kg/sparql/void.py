"""VoID: what the graph holds, in RDF (W3C Interest Group Note "Describing Linked Datasets with the VoID Vocabulary").

In: counts made at build, and what is known of the sources. Out: triples. There are three datasets: what the sources
assert, what was inferred from that, and both together, which is what a query reads unless it says otherwise; each
source is a subset with its licence and publishers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import DCT, FOAF, RDF, XSD, Names
from kg.statistics import GraphStatistics, Statistics

VOID: Final = "http://rdfs.org/ns/void#"
FORMATS_IRI: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = NamedNode(f"{RDF}type")
Node = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class SourceHolding:
    """One source: its id, graph, size, when it was harvested (an xsd:dateTime), and what its catalogues say of it.

    `dumps` are the addresses of its triples as files; `licences` and `publishers` are IRIs.
    """

    id: str
    graph: str
    triples: int
    harvested: str
    licences: Sequence[str] = ()
    publishers: Sequence[str] = ()
    dumps: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """What a generation holds, and where it is asked.

    Attributes:
        root: the address that the service has for whoever asks; ends with a slash.
        created: when the generation was built, an xsd:dateTime.
        asserted: triples of the default graph.
        graphs: triples of each named graph.
        statistics: counts by class and property, where the generation has them.
        dumps: the addresses of the whole as files.
    """

    names: Names
    root: str
    number: int
    created: str
    asserted: int
    graphs: Mapping[str, int]
    sources: Sequence[SourceHolding]
    statistics: Statistics | None = None
    dumps: Sequence[str] = ()

    @property
    def endpoint(self) -> str:
        """The address of the SPARQL endpoint."""
        return f"{self.root}sparql"

    def dataset(self, name: str) -> NamedNode:
        """The IRI of one of the datasets: "asserted", "inferred" or "together"."""
        return NamedNode(f"{self.names.base}.well-known/void#{name}")


def describe(holding: Holding) -> Iterator[Triple]:
    """The description of a generation."""
    document = NamedNode(f"{holding.names.base}.well-known/void")
    together, asserted = holding.dataset("together"), holding.dataset("asserted")
    inferred = holding.graphs.get(holding.names.inferred, 0)
    yield Triple(document, _TYPE, _void("DatasetDescription"))
    yield Triple(document, NamedNode(f"{FOAF}primaryTopic"), together)
    yield from _dataset(together, holding, holding.asserted + inferred)
    for text, tag in (("Kunnskapsgraf over Norges offentlige data", "nb"), ("Norway's public data, a graph", "en")):
        yield Triple(together, NamedNode(f"{DCT}title"), Literal(text, language=tag))
    yield Triple(together, NamedNode(f"{DCT}created"), _datetime(holding.created))
    yield Triple(together, _void("subset"), asserted)
    yield from _dataset(asserted, holding, holding.asserted)
    yield from (Triple(together, _void("dataDump"), NamedNode(address)) for address in holding.dumps)
    if inferred:
        yield Triple(together, _void("subset"), holding.dataset("inferred"))
        yield from _dataset(holding.dataset("inferred"), holding, inferred)
    if holding.statistics is not None:
        yield from _counts(together, "together", holding.statistics.together)
        yield from _counts(asserted, "asserted", holding.statistics.asserted)
    for source in holding.sources:
        yield Triple(asserted, _void("subset"), NamedNode(source.graph))
        yield from _source(source)


def _dataset(node: NamedNode, holding: Holding, triples: int) -> Iterator[Triple]:
    yield Triple(node, _TYPE, _void("Dataset"))
    yield Triple(node, _void("triples"), _integer(triples))
    yield Triple(node, _void("sparqlEndpoint"), NamedNode(holding.endpoint))


def _source(source: SourceHolding) -> Iterator[Triple]:
    node = NamedNode(source.graph)
    yield Triple(node, _TYPE, _void("Dataset"))
    yield Triple(node, NamedNode(f"{DCT}title"), Literal(source.id))
    yield Triple(node, NamedNode(f"{DCT}modified"), _datetime(source.harvested))
    yield Triple(node, _void("triples"), _integer(source.triples))
    for name, values in (("license", source.licences), ("publisher", source.publishers)):
        yield from (Triple(node, NamedNode(DCT + name), NamedNode(value)) for value in values)
    yield from (Triple(node, _void("dataDump"), NamedNode(address)) for address in source.dumps)


def _counts(node: NamedNode, name: str, counts: GraphStatistics) -> Iterator[Triple]:
    """Totals, and the partitions by property and by class; a class has those of the properties of its instances."""
    totals = {
        "distinctSubjects": counts.subjects,
        "distinctObjects": counts.objects,
        "properties": len(counts.properties),
        "classes": len(counts.classes),
    }
    yield from (Triple(node, _void(total), _integer(value)) for total, value in totals.items())
    for number, (iri, use) in enumerate(sorted(counts.properties.items())):
        part = BlankNode(f"{name}p{number}")
        yield Triple(node, _void("propertyPartition"), part)
        yield Triple(part, _void("property"), NamedNode(iri))
        yield Triple(part, _void("triples"), _integer(use.triples))
        yield Triple(part, _void("distinctSubjects"), _integer(use.subjects))
        yield Triple(part, _void("distinctObjects"), _integer(use.objects))
    for number, (iri, instances) in enumerate(sorted(counts.classes.items())):
        part = BlankNode(f"{name}c{number}")
        yield Triple(node, _void("classPartition"), part)
        yield Triple(part, _void("class"), NamedNode(iri))
        yield Triple(part, _void("entities"), _integer(instances))
        for place, (used, triples) in enumerate(sorted(counts.class_properties.get(iri, {}).items())):
            inner = BlankNode(f"{name}c{number}p{place}")
            yield Triple(part, _void("propertyPartition"), inner)
            yield Triple(inner, _void("property"), NamedNode(used))
            yield Triple(inner, _void("triples"), _integer(triples))


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(f"{XSD}integer"))


def _datetime(value: str) -> Literal:
    return Literal(value, datatype=NamedNode(f"{XSD}dateTime"))
