"""The paths along which a shared data element is traced, as data: one row per path and one form per way to write it.

In: nothing. Out: `PATHS`. The rows and their numbers are those of the profiles' links between models, concepts,
datasets, services and agencies: ModellDCAT-AP-NO 1.3, SKOS-AP-NO-Begrep 2.0, XKOS-AP-NO 1.0, DCAT-AP-NO 2.2 and 3.0,
CPSV-AP-NO 1.0 and 1.1, CCCEV 2.1. A path leads from its first kind to its second and can be walked either way; which
way a trace takes it, and how far it goes on from there, says `kg.trace.bearings`.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kg.namespaces import (
    CPSV,
    CPSVNO,
    CV,
    DCAT,
    DCATNO,
    DCT,
    MODELLDCATNO,
    PROV,
    RDFS,
    SKOS,
    SKOSNO,
    WELL_KNOWN_PREFIXES,
)
from kg.trace.web import NodeKind, Words

_XKOS: Final = WELL_KNOWN_PREFIXES["xkos"]
_PROF: Final = WELL_KNOWN_PREFIXES["prof"]
_DCATAP: Final = WELL_KNOWN_PREFIXES["dcatap"]
_DIFI: Final = "http://difi.no/dcatno#"


class Group(StrEnum):
    """What a path is about; a caller may choose paths by it."""

    CONCEPT = "concept"
    MATCH = "match"
    MODEL = "model"
    DATA = "data"
    SERVICE = "service"
    AGENCY = "agency"
    LAW = "law"
    NAME = "name"


class Strength(StrEnum):
    """What a path says about two things being one piece of information, or about who has it."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    STRUCTURE = "structure"


class Shape(StrEnum):
    """How a path is walked: along the hops of its forms, or by a rule of its own (`kg.trace.steps`)."""

    HOPS = "hops"
    STRUCTURE = "structure"
    SHARED = "shared"
    PROVENANCE = "provenance"
    PUBLISHER = "publisher"
    ABOVE = "above"
    NAMES = "names"
    REFERENCES = "references"


class Place(StrEnum):
    """Where an element stands: which of them have a concept by which path."""

    PROPERTY = "property"
    MEMBER = "member"
    CODE = "code"
    EVIDENCE = "evidence"
    """A piece of information that a service asks for or gives."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step over any of these properties, from subject to object or back.

    Attributes:
        repeated: any number of times, none included.
        also: properties of the node that the hop leads to whose statements belong to the step, such as a role.
    """

    properties: tuple[str, ...]
    back: bool = False
    repeated: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a path.

    Attributes:
        close: whether what it leads to is only close, so that no trace goes on to further concepts from there.
        place: where the first node has to stand, for an element; None where that does not matter.
    """

    sources: frozenset[NodeKind]
    targets: frozenset[NodeKind]
    hops: tuple[Hop, ...]
    close: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A path with its name, what it says in words, and the ways to write it."""

    name: str
    group: Group
    strength: Strength
    words: Words
    forms: tuple[Form, ...] = ()
    shape: Shape = Shape.HOPS


def _form(sources: str, targets: str, *hops: Hop, close: bool = False, place: Place | None = None) -> Form:
    of, to = (frozenset(map(NodeKind, kinds.split())) for kinds in (sources, targets))
    return Form(of, to, hops, close, place)


def _over(namespace: str, *names: str) -> Hop:
    return Hop(tuple(f"{namespace}{name}" for name in names))


def _back(namespace: str, *names: str) -> Hop:
    return Hop(tuple(f"{namespace}{name}" for name in names), back=True)


_SUBJECT: Final = _over(DCT, "subject")
_CONFORMS: Final = Hop((f"{DCT}conformsTo", f"{_DIFI}informationModel", f"{DCATNO}informationModel"))
_ASKS: Final = Hop((f"{CPSV}hasInput", f"{CPSVNO}hasRequiredEvidence"))
_GIVES: Final = Hop((f"{CPSV}produces", f"{CPSVNO}hasPossibleOutput"))
_CHANNEL: Final = _over(CV, "hasChannel")
_IMPLEMENTS: Final = _over(CPSV, "implements")

_DATASET_LINKS: Final = "relation isReferencedBy references requires isPartOf hasPart replaces isVersionOf"
_MODEL_LINKS: Final = "isPartOf hasPart replaces isReplacedBy conformsTo"
_TYPE_NAMES: Final = (
    "hasType hasDataType hasSimpleType hasObjectType containsObjectType hasValueFrom refersTo references contains"
    " hasMember hasSome hasGeneralConcept hasSupplier isAbstractionOf dependentOn"
)
TYPE_PROPERTIES: Final = tuple(f"{MODELLDCATNO}{name}" for name in _TYPE_NAMES.split())
"""From a property of a model to what it has as its type (ModellDCAT-AP-NO 1.3, Egenskap)."""

_SEE_ALSO: Final = _over(RDFS, "seeAlso")

_LEGAL: Final = (
    f"{_DCATAP}applicableLegislation",
    f"{CV}hasLegalResource",
    *(
        f"{namespace}legalBasisFor{purpose}"
        for namespace in (DCATNO, _DIFI)
        for purpose in ("Restriction", "Processing", "Access")
    ),
)

PATHS: Final = (
    Path(
        "P1",
        Group.CONCEPT,
        Strength.STRONG,
        Words("egenskapen har begrepet", "the property has the concept"),
        (_form("element", "concept", _SUBJECT, place=Place.PROPERTY),),
    ),
    Path(
        "P1b",
        Group.CONCEPT,
        Strength.STRONG,
        Words("modellelementet har begrepet", "the model element has the concept"),
        (_form("element codelist", "concept", _SUBJECT, place=Place.MEMBER),),
    ),
    Path(
        "P1c",
        Group.CONCEPT,
        Strength.STRONG,
        Words("koden har begrepet", "the code has the concept"),
        (_form("element", "concept", _SUBJECT, place=Place.CODE),),
    ),
    Path(
        "P1d",
        Group.CONCEPT,
        Strength.WEAK,
        Words("modellen handler om begrepet", "the model is about the concept"),
        (_form("model", "concept", _SUBJECT),),
    ),
    Path(
        "P2",
        Group.MODEL,
        Strength.STRUCTURE,
        Words("modellen inneholder", "the model contains"),
        shape=Shape.STRUCTURE,
    ),
    Path(
        "P2b",
        Group.MODEL,
        Strength.STRUCTURE,
        Words("har delen eller typen", "has the part or the type"),
        (
            _form("element", "element", _over(MODELLDCATNO, "hasProperty")),
            _form("element", "element codelist", Hop(TYPE_PROPERTIES)),
            _form("codelist", "element", _back(SKOS, "inScheme")),
        ),
    ),
    Path(
        "P3",
        Group.CONCEPT,
        Strength.STRONG,
        Words("samme begrep i modellene til to virksomheter", "the same concept in the models of two organisations"),
        shape=Shape.SHARED,
    ),
    Path(
        "P4",
        Group.MATCH,
        Strength.STRONG,
        Words("begrepene er koblet som samme eller nesten samme", "the concepts are linked as exact or close matches"),
        (
            _form("concept", "concept", _over(SKOS, "exactMatch")),
            _form("concept", "concept", _over(SKOS, "closeMatch"), close=True),
        ),
    ),
    Path(
        "P4b",
        Group.MATCH,
        Strength.STRONG,
        Words("begrepet er erstattet av", "the concept is replaced by"),
        (
            _form("concept", "concept", _over(DCT, "isReplacedBy")),
            _form("concept", "concept", _back(DCT, "replaces")),
        ),
    ),
    Path(
        "P4c",
        Group.MATCH,
        Strength.MEDIUM,
        Words("begrepet er en type av", "the concept is a kind of"),
        (
            _form("concept", "concept", _over(_XKOS, "specializes"), close=True),
            _form("concept", "concept", _back(_XKOS, "generalizes"), close=True),
            _form(
                "concept",
                "concept",
                _over(SKOSNO, "hasGenericConceptRelation"),
                _over(SKOSNO, "hasGenericConcept"),
                close=True,
            ),
            _form(
                "concept",
                "concept",
                _back(SKOSNO, "hasSpecificConcept"),
                _back(SKOSNO, "hasGenericConceptRelation"),
                close=True,
            ),
        ),
    ),
    Path(
        "P4d",
        Group.MATCH,
        Strength.MEDIUM,
        Words("begrepet er del av", "the concept is part of"),
        (
            _form("concept", "concept", _over(_XKOS, "isPartOf"), close=True),
            _form("concept", "concept", _back(_XKOS, "hasPart"), close=True),
            _form(
                "concept",
                "concept",
                _over(SKOSNO, "hasPartitiveConceptRelation"),
                _over(SKOSNO, "hasComprehensiveConcept"),
                close=True,
            ),
            _form(
                "concept",
                "concept",
                _back(SKOSNO, "hasPartitiveConcept"),
                _back(SKOSNO, "hasPartitiveConceptRelation"),
                close=True,
            ),
        ),
    ),
    Path(
        "P4e",
        Group.MATCH,
        Strength.WEAK,
        Words("begrepene er i slekt", "the concepts are related"),
        (
            _form("concept", "concept", _over(SKOSNO, "isFromConceptIn"), _over(SKOSNO, "hasToConcept"), close=True),
            _form("concept", "concept", _over(SKOS, "related"), close=True),
            _form("concept", "concept", _over(RDFS, "seeAlso"), close=True),
        ),
    ),
    Path(
        "P4f",
        Group.MATCH,
        Strength.STRONG,
        Words("koden svarer til", "the code corresponds to"),
        (_form("concept element", "concept element", _back(_XKOS, "sourceConcept"), _over(_XKOS, "targetConcept")),),
    ),
    Path(
        "P5",
        Group.MODEL,
        Strength.STRONG,
        Words("datasettet følger modellen", "the dataset conforms to the model"),
        (_form("dataset", "model", _CONFORMS),),
    ),
    Path(
        "P5b",
        Group.MODEL,
        Strength.STRONG,
        Words("en distribusjon følger modellen", "a distribution conforms to the model"),
        (
            _form("dataset", "model", _over(DCAT, "distribution"), _CONFORMS),
            _form("distribution", "model", _CONFORMS),
        ),
    ),
    Path(
        "P5c",
        Group.MODEL,
        Strength.STRONG,
        Words("datatjenesten følger modellen", "the data service conforms to the model"),
        (_form("dataservice", "model", _CONFORMS),),
    ),
    Path(
        "P6",
        Group.CONCEPT,
        Strength.MEDIUM,
        Words("dataene handler om begrepet", "the data are about the concept"),
        (_form("dataset dataservice", "concept", _SUBJECT),),
    ),
    Path(
        "P7",
        Group.DATA,
        Strength.STRONG,
        Words("datatjenesten gir tilgang til datasettet", "the data service serves the dataset"),
        (_form("dataservice", "dataset", _over(DCAT, "servesDataset")),),
    ),
    Path(
        "P7b",
        Group.DATA,
        Strength.STRONG,
        Words("en distribusjon er tilgjengelig gjennom", "a distribution is accessed through"),
        (
            _form(
                "dataset",
                "dataservice",
                _over(DCAT, "distribution"),
                Hop((f"{DCAT}accessService", "http://dcat.no/dcatapi/accessService")),
            ),
        ),
    ),
    Path(
        "P7c",
        Group.DATA,
        Strength.STRUCTURE,
        Words("datasettet har distribusjonen", "the dataset has the distribution"),
        (_form("dataset", "distribution", _over(DCAT, "distribution")),),
    ),
    Path(
        "P8",
        Group.AGENCY,
        Strength.STRUCTURE,
        Words("utgis av", "is published by"),
        shape=Shape.PUBLISHER,
    ),
    Path(
        "P8b",
        Group.AGENCY,
        Strength.STRUCTURE,
        Words("virksomheten ligger under", "the organisation is under"),
        shape=Shape.ABOVE,
    ),
    Path(
        "P8c",
        Group.AGENCY,
        Strength.STRUCTURE,
        Words("ansvarlig for tjenesten", "responsible for the service"),
        (_form("service event", "agency", _over(CV, "hasCompetentAuthority", "ownedBy")),),
    ),
    Path(
        "P9",
        Group.SERVICE,
        Strength.STRONG,
        Words("tjenesten ber om", "the service asks for"),
        (_form("service", "element", _ASKS),),
    ),
    Path(
        "P9b",
        Group.SERVICE,
        Strength.STRONG,
        Words("en kanal ber om", "a channel asks for"),
        (_form("service", "element", _CHANNEL, _ASKS),),
    ),
    Path(
        "P9c",
        Group.SERVICE,
        Strength.STRONG,
        Words("dokumentasjonen finnes i datasettet", "the evidence is in the dataset"),
        (_form("element", "dataset", _over(DCT, "isPartOf")),),
    ),
    Path(
        "P9d",
        Group.SERVICE,
        Strength.STRONG,
        Words("tjenesten ber om datasettet", "the service asks for the dataset"),
        (_form("service", "dataset", _ASKS), _form("service", "dataset", _CHANNEL, _ASKS)),
    ),
    Path(
        "P9e",
        Group.SERVICE,
        Strength.STRONG,
        Words("tjenesten ber om dokumentasjon av denne typen", "the service asks for evidence of this type"),
        (_form("service", "element", _over(CV, "hasInputType")),),
    ),
    Path(
        "P9f",
        Group.SERVICE,
        Strength.STRONG,
        Words("dokumentasjonen gjelder begrepet", "the evidence is about the concept"),
        (_form("element", "concept", _SUBJECT, place=Place.EVIDENCE),),
    ),
    Path(
        "P10",
        Group.SERVICE,
        Strength.STRONG,
        Words("tjenesten gir", "the service gives"),
        (_form("service", "element", _GIVES),),
    ),
    Path(
        "P10b",
        Group.SERVICE,
        Strength.STRONG,
        Words("resultatet av tjenesten går inn i datasettet", "the output of the service goes into the dataset"),
        (_form("service", "dataset", _GIVES, _over(DCT, "isPartOf")),),
    ),
    Path(
        "P11",
        Group.SERVICE,
        Strength.STRONG,
        Words("et krav gjelder opplysningen", "a requirement is about the piece of information"),
        (
            _form(
                "service",
                "element concept",
                _over(CV, "holdsRequirement", "hasCriterion"),
                Hop((f"{CV}hasRequirement",), repeated=True),
                _over(CV, "hasConcept", "constrains"),
            ),
        ),
    ),
    Path(
        "P11b",
        Group.SERVICE,
        Strength.STRONG,
        Words("dokumentasjonen viser opplysningen", "the evidence supports the piece of information"),
        (_form("element dataset", "element concept", _over(CV, "supportsConcept")),),
    ),
    Path(
        "P12",
        Group.CONCEPT,
        Strength.MEDIUM,
        Words("tjenesten eller hendelsen handler om begrepet", "the service or event is about the concept"),
        (_form("service event", "concept", _SUBJECT),),
    ),
    Path(
        "P13",
        Group.SERVICE,
        Strength.WEAK,
        Words("tjenesten hører til hendelsen", "the service belongs to the event"),
        (_form("service", "event", _over(CV, "isGroupedBy")),),
    ),
    Path(
        "P13b",
        Group.SERVICE,
        Strength.WEAK,
        Words("hendelsen kan utløse tjenesten", "the event may trigger the service"),
        (_form("event", "service", _over(CPSVNO, "mayTrigger", "mayTriggerNeedFor", "mayInitiate")),),
    ),
    Path(
        "P14",
        Group.SERVICE,
        Strength.STRONG,
        Words("tjenesten bruker datatjenesten", "the service uses the data service"),
        (_form("service", "dataservice", _CHANNEL, _over(CPSVNO, "dataService")),),
    ),
    Path(
        "P15",
        Group.SERVICE,
        Strength.WEAK,
        Words("er beskrevet i datasettet", "is described in the dataset"),
        (_form("service event", "dataset", _over(CV, "isDescribedAt")),),
    ),
    Path(
        "P16",
        Group.LAW,
        Strength.MEDIUM,
        Words("har hjemmel i", "has its legal basis in"),
        (
            _form("dataset dataservice service event", "law", Hop(_LEGAL)),
            _form("dataset dataservice service event", "law", _over(CPSV, "follows"), _IMPLEMENTS),
            _form("service event", "law", _over(CV, "fulfils"), _IMPLEMENTS),
            _form("service event", "law", _over(CV, "fulfils")),
        ),
    ),
    Path(
        "P17",
        Group.DATA,
        Strength.STRONG,
        Words("datasettets opphav hos utgiveren", "the provenance of the dataset at its publisher"),
        shape=Shape.PROVENANCE,
    ),
    Path(
        "P17b",
        Group.DATA,
        Strength.MEDIUM,
        Words("datasettet ble til gjennom en aktivitet hos", "the dataset was generated by an activity of"),
        shape=Shape.PROVENANCE,
    ),
    Path(
        "P17c",
        Group.DATA,
        Strength.MEDIUM,
        Words("datasettet har som kilde", "the dataset has as its source"),
        (_form("dataset", "dataset", _over(DCT, "source")),),
    ),
    Path(
        "P18",
        Group.DATA,
        Strength.MEDIUM,
        Words("datasettet er knyttet til", "the dataset is linked to"),
        (
            _form("dataset", "dataset", _over(DCAT, "qualifiedRelation"), _over(DCT, "relation")),
            _form(
                "dataset",
                "dataset",
                Hop(
                    (
                        *(f"{DCT}{name}" for name in _DATASET_LINKS.split()),
                        f"{DCAT}inSeries",
                        f"{DCAT}hasVersion",
                    )
                ),
            ),
        ),
    ),
    Path(
        "P18b",
        Group.MODEL,
        Strength.MEDIUM,
        Words("modellen er knyttet til", "the model is linked to"),
        (
            _form(
                "model",
                "model",
                Hop(
                    (
                        *(f"{DCT}{name}" for name in _MODEL_LINKS.split()),
                        f"{_PROF}isProfileOf",
                    )
                ),
            ),
        ),
    ),
    Path(
        "P19",
        Group.AGENCY,
        Strength.STRONG,
        Words("tar del i tjenesten", "takes part in the service"),
        (
            _form(
                "service event",
                "agency",
                Hop((f"{CV}hasParticipation",), also=(f"{CV}role",)),
                _over(CV, "hasParticipant"),
            ),
            _form(
                "service event",
                "agency",
                Hop((f"{CV}hasParticipation",), also=(f"{CV}role",)),
                _back(CV, "participates", "playsRole"),
            ),
        ),
    ),
    Path(
        "P19b",
        Group.AGENCY,
        Strength.STRONG,
        Words("har en rolle for datasettet", "has a role for the dataset"),
        (
            _form(
                "dataset",
                "agency",
                Hop((f"{PROV}qualifiedAttribution",), also=(f"{DCAT}hadRole",)),
                _over(PROV, "agent"),
            ),
        ),
    ),
    Path(
        "P20",
        Group.SERVICE,
        Strength.WEAK,
        Words("tjenesten er knyttet til tjenesten", "the service is linked to the service"),
        (
            _form(
                "service",
                "service",
                Hop((f"{DCT}requires", f"{DCT}relation", f"{CV}relatedService", f"{CV}hasRelatedService")),
            ),
        ),
    ),
    Path(
        "P21",
        Group.NAME,
        Strength.WEAK,
        Words("samme navn hos en annen virksomhet", "the same name at another organisation"),
        shape=Shape.NAMES,
    ),
    Path(
        "P21b",
        Group.NAME,
        Strength.WEAK,
        Words("samme typedefinisjon hos en annen virksomhet", "the same type definition at another organisation"),
        shape=Shape.REFERENCES,
    ),
)
"""Every path, in the order in which a node is left along them."""

PATH_NAMES: Final = MappingProxyType({path.name: path for path in PATHS})
"""The same, by name."""
