"""Namespaces of the field, and the names of our own graphs.

In: the setting `base_iri`. Out: IRIs as text. The prefixes are those predeclared for queries.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCT: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"
ROV: Final = "http://www.w3.org/ns/regorg#"
ORGANISATION_CATALOGUE: Final = (
    "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources/ontology/"
)
BR: Final = f"{ORGANISATION_CATALOGUE}organization-catalog.owl#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
ADMS: Final = "http://www.w3.org/ns/adms#"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
SH: Final = "http://www.w3.org/ns/shacl#"
SCHEMA: Final = "http://schema.org/"
CPSV: Final = "http://purl.org/vocab/cpsv#"
CV: Final = "http://data.europa.eu/m8g/"
MODELLDCATNO: Final = "https://data.norge.no/vocabulary/modelldcatno#"
CPSVNO: Final = "https://data.norge.no/vocabulary/cpsvno#"
SKOSNO: Final = "https://data.norge.no/vocabulary/skosno#"
DCATNO: Final = "https://data.norge.no/vocabulary/dcatno#"

DEFAULT_BASE_IRI: Final = "https://kunnskapsgraf.example/"

WELL_KNOWN_PREFIXES: Final = MappingProxyType(
    {
        "adms": ADMS,
        "cpsv": CPSV,
        "cpsvno": CPSVNO,
        "cv": CV,
        "dcat": DCAT,
        "dcatap": "http://data.europa.eu/r5r/",
        "dcatno": DCATNO,
        "dct": DCT,
        "dcterms": DCT,
        "dqv": "http://www.w3.org/ns/dqv#",
        "dqvno": "https://data.norge.no/vocabulary/dqvno#",
        "eli": "http://data.europa.eu/eli/ontology#",
        "euvoc": "http://publications.europa.eu/ontology/euvoc#",
        "fdk": "https://raw.githubusercontent.com/Informasjonsforvaltning/fdk-reasoning-service/main/src/main/resources/ontology/fdk.owl#",
        "foaf": FOAF,
        "locn": "http://www.w3.org/ns/locn#",
        "modelldcatno": MODELLDCATNO,
        "odrl": "http://www.w3.org/ns/odrl/2/",
        "org": ORG,
        "owl": OWL,
        "prof": "http://www.w3.org/ns/dx/prof/",
        "prov": PROV,
        "rdf": RDF,
        "rdfs": RDFS,
        "rov": ROV,
        "schema": SCHEMA,
        "sh": SH,
        "skos": SKOS,
        "skosno": SKOSNO,
        "skosxl": "http://www.w3.org/2008/05/skos-xl#",
        "vcard": VCARD,
        "void": "http://rdfs.org/ns/void#",
        "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
        "xsd": XSD,
    }
)


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs that this service mints under one base.

    >>> names = Names("https://kunnskapsgraf.example/")
    >>> names.source("brreg")
    'https://kunnskapsgraf.example/graph/source/brreg'
    """

    base: str

    @property
    def inferred(self) -> str:
        """The graph of what reasoning added."""
        return f"{self.base}graph/inferred"

    @property
    def ontology(self) -> str:
        """The graph of our axioms."""
        return f"{self.base}graph/ontology"

    @property
    def quality(self) -> str:
        """The graph of what is wrong; not in the default graph."""
        return f"{self.base}graph/quality"

    @property
    def codes(self) -> str:
        """The graph of the controlled vocabularies."""
        return f"{self.base}graph/codes"

    @property
    def identity(self) -> str:
        """The graph that says which IRIs are other forms of which."""
        return f"{self.base}graph/identity"

    @property
    def records(self) -> str:
        """The graph of catalogue records, harvests and tombstones."""
        return f"{self.base}graph/records"

    @property
    def queries(self) -> str:
        """The graph of the named queries; not in the default graph."""
        return f"{self.base}graph/queries"

    def query(self, name: str) -> str:
        """A named query, which is also where it is asked."""
        return f"{self.base}queries/{name}"

    @property
    def links(self) -> str:
        """The graph of accepted links."""
        return f"{self.base}graph/links"

    def link(self, link_id: str) -> str:
        """The node that says who accepted a link, when and why."""
        return f"{self.base}link/{link_id}"

    def source(self, source_id: str) -> str:
        """The graph of one source."""
        return f"{self.base}graph/source/{source_id}"

    @property
    def genid(self) -> str:
        """What the names of former blank nodes begin with (RDF 1.1 Concepts, section 3.5)."""
        return f"{self.base}.well-known/genid/"

    @property
    def search(self) -> str:
        """What a SERVICE of a query names to search for text."""
        return f"{self.base}search"

    @property
    def ns(self) -> str:
        """Our own vocabulary, prefix `kg:`."""
        return f"{self.base}ns#"

    def prefixes(self) -> dict[str, str]:
        """The prefixes that a query may use without declaring them, ours among them."""
        return {**WELL_KNOWN_PREFIXES, "kg": self.ns}
