"""The paths along which a shared data element is traced, as data: one row per path and one form per way to write it.

In: nothing. Out: `PATHS`. The rows and their numbers are those of the profiles' links between models, concepts,
datasets, services and agencies: ModellDCAT-AP-NO 1.3, SKOS-AP-NO-Begrep 2.0, XKOS-AP-NO 1.0, DCAT-AP-NO 2.2 and 3.0,
CPSV-AP-NO 1.0 and 1.1, CCCEV 2.1, in new and former forms. A path leads from its first kind to its second and can be
walked either way; which way a trace takes it, and how far it goes on from there, says `kg.trace.bearings`.

Not of the profiles are P7c and P2b, which are structure alone, P9f and P11b, by which evidence says what it is about,
and P21 and P21b, by which things are alike though nobody links them.
"""

from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.trace.path import PREFIXES, Form, Group, Path, Place, Shape, Strength, forms
from kg.trace.web import Words

_C, _T, _M, _D, _S, _A, _L, _N = Group
_STRONG, _MEDIUM, _WEAK, _STRUCTURE = Strength

_TYPES: Final = (
    "hasType hasDataType hasSimpleType hasObjectType containsObjectType hasValueFrom refersTo references contains"
    " hasMember hasSome hasGeneralConcept hasSupplier isAbstractionOf dependentOn"
)
TYPE_PROPERTIES: Final = tuple(NamedNode(f"{PREFIXES['m']}{name}") for name in _TYPES.split())
"""From a property of a model to what it has as its type (ModellDCAT-AP-NO 1.3, Egenskap)."""
_TYPED: Final = "|".join(f"m:{name}" for name in _TYPES.split())

_CONFORMS: Final = "dct:conformsTo|difi:informationModel|dcatno:informationModel"
_ASKS: Final = "cpsv:hasInput|cpsvno:hasRequiredEvidence"
_GIVES: Final = "cpsv:produces|cpsvno:hasPossibleOutput"
_LEGAL: Final = "dcatap:applicableLegislation|cv:hasLegalResource|" + "|".join(
    f"{prefix}:legalBasisFor{purpose}"
    for prefix in ("dcatno", "difi")
    for purpose in ("Restriction", "Processing", "Access")
)
_DATASET_LINKS: Final = (
    "dct:relation|dct:isReferencedBy|dct:references|dct:requires|dct:isPartOf|dct:hasPart|dcat:inSeries|dct:replaces"
    "|dct:isVersionOf|dcat:hasVersion"
)
_MODEL_LINKS: Final = "dct:isPartOf|dct:hasPart|dct:replaces|dct:isReplacedBy|prof:isProfileOf|dct:conformsTo"
_PARTICIPATION: Final = "cv:hasParticipation{cv:role}"


def _path(
    name: str,
    group: Group,
    strength: Strength,
    nb: str,
    en: str,
    *written: tuple[Form, ...],
    shape: Shape = Shape.HOPS,
) -> Path:
    return Path(name, group, strength, Words(nb, en), tuple(form for each in written for form in each), shape)


_MEANING: Final = (
    _path(
        *("P1", _C, _STRONG, "egenskapen har begrepet", "the property has the concept"),
        forms("element", "concept", "dct:subject", place=Place.PROPERTY),
    ),
    _path(
        *("P1b", _C, _STRONG, "modellelementet har begrepet", "the model element has the concept"),
        forms("element codelist", "concept", "dct:subject", place=Place.MEMBER),
    ),
    _path(
        *("P1c", _C, _STRONG, "koden har begrepet", "the code has the concept"),
        forms("element", "concept", "dct:subject", place=Place.CODE),
    ),
    _path(
        *("P1d", _C, _WEAK, "modellen handler om begrepet", "the model is about the concept"),
        forms("model", "concept", "dct:subject"),
    ),
    _path("P2", _M, _STRUCTURE, "modellen inneholder", "the model contains", shape=Shape.STRUCTURE),
    _path(
        *("P2b", _M, _STRUCTURE, "har delen eller typen", "has the part or the type"),
        forms("element", "element", "m:hasProperty"),
        forms("element", "element codelist", _TYPED),
        forms("codelist", "element", "^skos:inScheme"),
    ),
    _path(
        *("P3", _C, _STRONG, "samme begrep i to virksomheters modeller", "the same concept in two agencies' models"),
        shape=Shape.SHARED,
    ),
    _path(
        *("P4", _T, _STRONG, "begrepene er koblet som samme eller nesten samme", "the concepts match"),
        forms("concept", "concept", "skos:exactMatch"),
        forms("concept", "concept", "skos:closeMatch", close=True),
    ),
    _path(
        *("P4b", _T, _STRONG, "begrepet er erstattet av", "the concept is replaced by"),
        forms("concept", "concept", "dct:isReplacedBy", "^dct:replaces"),
    ),
    _path(
        *("P4c", _T, _MEDIUM, "begrepet er en type av", "the concept is a kind of"),
        forms(
            *("concept", "concept", "xkos:specializes", "^xkos:generalizes"),
            "skosno:hasGenericConceptRelation / skosno:hasGenericConcept",
            "^skosno:hasSpecificConcept / ^skosno:hasGenericConceptRelation",
            close=True,
        ),
    ),
    _path(
        *("P4d", _T, _MEDIUM, "begrepet er del av", "the concept is part of"),
        forms(
            *("concept", "concept", "xkos:isPartOf", "^xkos:hasPart"),
            "skosno:hasPartitiveConceptRelation / skosno:hasComprehensiveConcept",
            "^skosno:hasPartitiveConcept / ^skosno:hasPartitiveConceptRelation",
            close=True,
        ),
    ),
    _path(
        *("P4e", _T, _WEAK, "begrepene er i slekt", "the concepts are related"),
        forms("concept", "concept", "skosno:isFromConceptIn / skosno:hasToConcept", close=True),
        forms("concept", "concept", "skos:related|rdfs:seeAlso", close=True),
    ),
    _path(
        *("P4f", _T, _STRONG, "koden svarer til", "the code corresponds to"),
        forms("concept element", "concept element", "^xkos:sourceConcept / xkos:targetConcept"),
    ),
)

_DATA: Final = (
    _path(
        *("P5", _M, _STRONG, "datasettet følger modellen", "the dataset conforms to the model"),
        forms("dataset", "model", _CONFORMS),
    ),
    _path(
        *("P5b", _M, _STRONG, "en distribusjon følger modellen", "a distribution conforms to the model"),
        forms("dataset", "model", f"dcat:distribution / {_CONFORMS}"),
        forms("distribution", "model", _CONFORMS),
    ),
    _path(
        *("P5c", _M, _STRONG, "datatjenesten følger modellen", "the data service conforms to the model"),
        forms("dataservice", "model", _CONFORMS),
    ),
    _path(
        *("P6", _C, _MEDIUM, "dataene handler om begrepet", "the data are about the concept"),
        forms("dataset dataservice", "concept", "dct:subject"),
    ),
    _path(
        *("P7", _D, _STRONG, "datatjenesten gir tilgang til datasettet", "the data service serves the dataset"),
        forms("dataservice", "dataset", "dcat:servesDataset"),
    ),
    _path(
        *("P7b", _D, _STRONG, "en distribusjon er tilgjengelig gjennom", "a distribution is accessed through"),
        forms("dataset", "dataservice", "dcat:distribution / dcat:accessService|dcatapi:accessService"),
    ),
    _path(
        *("P7c", _D, _STRUCTURE, "datasettet har distribusjonen", "the dataset has the distribution"),
        forms("dataset", "distribution", "dcat:distribution"),
    ),
    _path("P8", _A, _STRUCTURE, "utgis av", "is published by", shape=Shape.PUBLISHER),
    _path("P8b", _A, _STRUCTURE, "virksomheten ligger under", "the organisation is under", shape=Shape.ABOVE),
    _path(
        *("P8c", _A, _STRUCTURE, "ansvarlig for tjenesten er", "responsible for the service is"),
        forms("service event", "agency", "cv:hasCompetentAuthority|cv:ownedBy"),
    ),
)

_SERVICES: Final = (
    _path(
        *("P9", _S, _STRONG, "tjenesten ber om", "the service asks for"),
        forms("service", "element", _ASKS),
    ),
    _path(
        *("P9b", _S, _STRONG, "en kanal ber om", "a channel asks for"),
        forms("service", "element", f"cv:hasChannel / {_ASKS}"),
    ),
    _path(
        *("P9c", _S, _STRONG, "dokumentasjonen finnes i datasettet", "the evidence is in the dataset"),
        forms("element", "dataset", "dct:isPartOf"),
    ),
    _path(
        *("P9d", _S, _STRONG, "tjenesten ber om datasettet", "the service asks for the dataset"),
        forms("service", "dataset", _ASKS, f"cv:hasChannel / {_ASKS}"),
    ),
    _path(
        *("P9e", _S, _STRONG, "tjenesten ber om dokumentasjon av typen", "the service asks for evidence of the type"),
        forms("service", "element", "cv:hasInputType"),
    ),
    _path(
        *("P9f", _S, _STRONG, "dokumentasjonen gjelder begrepet", "the evidence is about the concept"),
        forms("element", "concept", "dct:subject", place=Place.EVIDENCE),
    ),
    _path(
        *("P10", _S, _STRONG, "tjenesten gir", "the service gives"),
        forms("service", "element", _GIVES),
    ),
    _path(
        *("P10b", _S, _STRONG, "resultatet går inn i datasettet", "the output goes into the dataset"),
        forms("service", "dataset", f"{_GIVES} / dct:isPartOf"),
    ),
    _path(
        *("P11", _S, _STRONG, "et krav gjelder opplysningen", "a requirement is about the piece of information"),
        forms(
            *("service", "element concept"),
            "cv:holdsRequirement|cv:hasCriterion / cv:hasRequirement* / cv:hasConcept|cv:constrains",
        ),
    ),
    _path(
        *("P11b", _S, _STRONG, "dokumentasjonen viser opplysningen", "the evidence supports the piece of information"),
        forms("element dataset", "element concept", "cv:supportsConcept"),
    ),
    _path(
        *("P12", _C, _MEDIUM, "tjenesten handler om begrepet", "the service is about the concept"),
        forms("service event", "concept", "dct:subject"),
    ),
    _path(
        *("P13", _S, _WEAK, "tjenesten hører til hendelsen", "the service belongs to the event"),
        forms("service", "event", "cv:isGroupedBy"),
    ),
    _path(
        *("P13b", _S, _WEAK, "hendelsen kan utløse tjenesten", "the event may trigger the service"),
        forms("event", "service", "cpsvno:mayTrigger|cpsvno:mayTriggerNeedFor|cpsvno:mayInitiate"),
    ),
    _path(
        *("P14", _S, _STRONG, "tjenesten bruker datatjenesten", "the service uses the data service"),
        forms("service", "dataservice", "cv:hasChannel / cpsvno:dataService"),
    ),
    _path(
        *("P15", _S, _WEAK, "er beskrevet i datasettet", "is described in the dataset"),
        forms("service event", "dataset", "cv:isDescribedAt"),
    ),
)

_CONTEXT: Final = (
    _path(
        *("P16", _L, _MEDIUM, "har hjemmel i", "has its legal basis in"),
        forms("dataset dataservice service event", "law", _LEGAL, "cpsv:follows / cpsv:implements"),
        forms("service event", "law", "cv:fulfils / cpsv:implements", "cv:fulfils"),
    ),
    _path(
        *("P17", _D, _STRONG, "datasettets opphav hos utgiveren", "the provenance of the dataset at its publisher"),
        shape=Shape.PROVENANCE,
    ),
    _path(
        *("P17b", _D, _MEDIUM, "datasettet ble til gjennom en aktivitet hos", "was generated by an activity of"),
        shape=Shape.PROVENANCE,
    ),
    _path(
        *("P17c", _D, _MEDIUM, "datasettet har som kilde", "the dataset has as its source"),
        forms("dataset", "dataset", "dct:source"),
    ),
    _path(
        *("P18", _D, _MEDIUM, "datasettet er knyttet til", "the dataset is linked to"),
        forms("dataset", "dataset", "dcat:qualifiedRelation / dct:relation", _DATASET_LINKS),
    ),
    _path(
        *("P18b", _M, _MEDIUM, "modellen er knyttet til", "the model is linked to"),
        forms("model", "model", _MODEL_LINKS),
    ),
    _path(
        *("P19", _A, _STRONG, "tjenesten har som deltaker", "the service has as a participant"),
        forms("service event", "agency", f"{_PARTICIPATION} / cv:hasParticipant"),
        forms("service event", "agency", f"{_PARTICIPATION} / ^cv:participates|cv:playsRole"),
    ),
    _path(
        *("P19b", _A, _STRONG, "en virksomhet har en rolle for datasettet", "an agency has a role for the dataset"),
        forms("dataset", "agency", "prov:qualifiedAttribution{dcat:hadRole} / prov:agent"),
    ),
    _path(
        *("P20", _S, _WEAK, "tjenesten er knyttet til tjenesten", "the service is linked to the service"),
        forms("service", "service", "dct:requires|dct:relation|cv:relatedService|cv:hasRelatedService"),
    ),
    _path("P21", _N, _WEAK, "samme navn hos en annen", "the same name at another agency", shape=Shape.NAMES),
    _path(
        *("P21b", _N, _WEAK, "samme typedefinisjon hos en annen", "the same type definition at another agency"),
        shape=Shape.REFERENCES,
    ),
)

PATHS: Final = (*_MEANING, *_DATA, *_SERVICES, *_CONTEXT)
"""Every path, in the order in which a node is left along them."""

PATH_NAMES: Final = MappingProxyType({path.name: path for path in PATHS})
"""The same, by name."""
