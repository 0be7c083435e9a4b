"""Legacy names: which IRI a term has today (a step of `kg.build.normalise`).

In: an IRI as a source writes it. Out: the IRI of the same term today and the rule that says so, or None where the
IRI is as it should be. What is renamed is the same thing under another name, so it holds wherever the IRI stands.
Forms of two versions of a profile that do not mean quite the same, such as cpsv:hasInput and
cpsvno:hasRequiredEvidence, are left to axioms.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.build.forms.rules import NAMESPACE, TERM, Rule
from kg.namespaces import ADMS, CV, DCAT, DCATNO, DCT, MODELLDCATNO, PROV, RDFS, SKOS, SKOSNO, WELL_KNOWN_PREFIXES, XSD

SCHEMA: Final = "http://schema.org/"
_TIME: Final = "http://www.w3.org/2006/time#"
_OA: Final = "http://www.w3.org/ns/oa#"
_ADDED: Final = {"time": _TIME, "oa": _OA, "xsd": XSD}
_FDK_FILES: Final = "https://raw.githubusercontent.com/Informasjonsforvaltning/"


def _other_schemes(namespaces: Mapping[str, str]) -> dict[str, str]:
    """Each namespace under http where it has https, and the other way round: no vocabulary has both."""
    swapped = {}
    for namespace in namespaces.values():
        scheme, colon, rest = namespace.partition(":")
        swapped[f"{'http' if scheme == 'https' else 'https'}{colon}{rest}"] = namespace
    return swapped


NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **_other_schemes(WELL_KNOWN_PREFIXES),
        **_other_schemes(_ADDED),
        # As the ontology of ModellDCAT-AP-NO, its examples and the parser of data.norge.no write it.
        "https://rdf-vocabulary.ddialliance.org/xkos/": WELL_KNOWN_PREFIXES["xkos"],
        "http://rdf-vocabulary.ddialliance.org/xkos/": WELL_KNOWN_PREFIXES["xkos"],
        # Difi kept the vocabularies of the Norwegian profiles until Digdir did.
        "http://difi.no/dcatno#": DCATNO,
        "https://difi.no/dcatno#": DCATNO,
        "http://difi.no/skosno#": SKOSNO,
        "https://difi.no/skosno#": SKOSNO,
        # Addresses of specifications, drafts and a wrong host in place of the namespace.
        "http://www.w3.org/ns/dqvNS#": WELL_KNOWN_PREFIXES["dqv"],
        "http://www.w3c.org/2004/02/skos/core#": SKOS,
        "http://www.w3.org/TR/owl-time/": _TIME,
        "https://www.w3.org/TR/owl-time/": _TIME,
        "http://www.w3.org/TR/vcard-rdf/": WELL_KNOWN_PREFIXES["vcard"],
        "https://www.w3.org/TR/vcard-rdf/": WELL_KNOWN_PREFIXES["vcard"],
    }
)
"""A former or mistaken namespace, and that of today. Only IRIs with a local name are terms of it."""

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "https://publications.europa.eu/resource/authority/": "http://publications.europa.eu/resource/authority/",
        "http://www.iana.org/assignments/media-types/": "https://www.iana.org/assignments/media-types/",
        "http://psi.norge.no/los/": "https://psi.norge.no/los/",
        # The branch of the repositories was renamed, and with it the namespaces of the ontologies in them.
        f"{_FDK_FILES}organization-catalog/master/": f"{_FDK_FILES}organization-catalog/main/",
        f"{_FDK_FILES}fdk-reasoning-service/master/": f"{_FDK_FILES}fdk-reasoning-service/main/",
    }
)
"""The same for what has several levels below it."""

_PREFIXES: Final = tuple(PREFIXES)

# DCMI Metadata Terms, sections 3, 6 and 7: properties and classes; `http://purl.org/dc/` holds none itself.
_DCMI: Final = (
    "abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience available"
    " bibliographicCitation conformsTo contributor coverage created creator date dateAccepted dateCopyrighted"
    " dateSubmitted description educationLevel extent format hasFormat hasPart hasVersion identifier"
    " instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy isRequiredBy isVersionOf issued language"
    " license mediator medium modified provenance publisher references relation replaces requires rights"
    " rightsHolder source spatial subject tableOfContents temporal title type valid"
    " Agent AgentClass BibliographicResource FileFormat Frequency Jurisdiction LicenseDocument LinguisticSystem"
    " Location LocationPeriodOrJurisdiction MediaType MediaTypeOrExtent MethodOfAccrual MethodOfInstruction"
    " PeriodOfTime PhysicalMedium PhysicalResource Policy ProvenanceStatement RightsStatement SizeOrDuration Standard"
)

TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"http://purl.org/dc/{name}": f"{DCT}{name}" for name in _DCMI.split()},
        # ModellDCAT-AP-NO 1.2 took these out of the namespace of XML Schema, which never had them.
        f"{XSD}minOccurs": f"{MODELLDCATNO}minOccurs",
        f"{XSD}maxOccurs": f"{MODELLDCATNO}maxOccurs",
        f"{XSD}seeAlso": f"{RDFS}seeAlso",
        f"{MODELLDCATNO}hasSimpletype": f"{MODELLDCATNO}hasSimpleType",
        f"{MODELLDCATNO}subject": f"{DCT}subject",
        # An information model is a dct:Standard (ModellDCAT-AP-NO, InformationModel).
        f"{DCATNO}informationModel": f"{DCT}conformsTo",
        # SKOS-AP-NO-Begrep 1 has it right in its shapes, the ontology has not.
        f"{SKOSNO}assisiativRelasjon": f"{SKOSNO}assosiativRelasjon",
        f"{SKOS}inSchema": f"{SKOS}inScheme",
        # DCMI has no such terms; DCAT has the property, DCMI the class with a capital.
        f"{DCT}landingPage": f"{DCAT}landingPage",
        f"{DCT}location": f"{DCT}Location",
        # PROV-O has none; DQV takes the text of an annotation from Web Annotation (DQV-AP-NO, QualityAnnotation).
        f"{PROV}hasBody": f"{_OA}hasBody",
        # CPSV-AP 3.2, PublicService: contact point, and holds requirement for 2.2's has criterion.
        f"{CV}hasContactPoint": f"{CV}contactPoint",
        f"{CV}hasCriterion": f"{CV}holdsRequirement",
        f"{ADMS}contactPoint": f"{DCAT}contactPoint",  # ADMS 2.00 leaves it to DCAT
        f"{DCATNO}contactPoint": f"{DCAT}contactPoint",
        # DCAT-AP-NO had these before DCAT 2.
        "http://dcat.no/dcatapi/accessService": f"{DCAT}accessService",
        "http://dcat.no/dcatapi/endpointDescription": f"{DCAT}endpointDescription",
    }
)
"""A single term and its name of today, once its namespace is that of today."""

PERIOD_TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {f"{SCHEMA}startDate": f"{DCAT}startDate", f"{SCHEMA}endDate": f"{DCAT}endDate"}
)
"""Terms that are legacy on a dct:PeriodOfTime only (DCAT-AP-NO 2.2, Tidsrom): elsewhere they are schema.org's own."""

_NAMESPACES: Final = frozenset({*NAMESPACES, *(iri[: (iri.rfind("#") + 1 or iri.rfind("/") + 1)] for iri in TERMS)})
"""Where a former name may be; this is asked of every IRI."""


def find_current(iri: str) -> tuple[str, tuple[Rule, ...]] | None:
    """The IRI of today and the rules that lead to it, or None where the IRI is as it should be.

    >>> find_current("http://difi.no/dcatno#informationModel")[0]
    'http://purl.org/dc/terms/conformsTo'
    """
    local = iri.rfind("#") + 1 or iri.rfind("/") + 1
    namespace = iri[:local]
    if namespace in _NAMESPACES:
        moved = NAMESPACES[namespace] + iri[local:] if namespace in NAMESPACES and local < len(iri) else iri
        current = TERMS.get(moved, moved)
        if current == iri:
            return None
        return current, (NAMESPACE,) * (moved != iri) + (TERM,) * (current != moved)
    if iri.startswith(_PREFIXES):
        old = next(prefix for prefix in _PREFIXES if iri.startswith(prefix))
        return None if iri == old else (PREFIXES[old] + iri[len(old) :], (NAMESPACE,))
    return None
