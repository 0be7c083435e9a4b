"""What is searched: which classes are found as which kind, and which property is searched as what.

In: the namespaces of a generation. Out: two tables, which are all that a build needs to know of the application
profiles to make the text index. A new kind or property is a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kg.namespaces import (
    CPSV,
    CPSVNO,
    CV,
    DCAT,
    DCT,
    FOAF,
    MODELLDCATNO,
    ORG,
    RDFS,
    ROV,
    SKOS,
    SKOSNO,
    VCARD,
    WELL_KNOWN_PREFIXES,
    Names,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a hit can be: its name in parameters and answers, and what people call several of them."""

    name: str
    nb: str
    en: str


KINDS: Final = (
    Kind("dataset", "datasett", "datasets"),
    Kind("dataservice", "datatjenester", "data services"),
    Kind("model", "informasjonsmodeller", "information models"),
    Kind("codelist", "kodelister", "code lists"),
    Kind("element", "modellelementer", "model elements"),
    Kind("concept", "begreper", "concepts"),
    Kind("service", "tjenester", "services"),
    Kind("event", "hendelser", "events"),
    Kind("aiproject", "KI-prosjekter", "AI projects"),
    Kind("agency", "virksomheter", "organisations"),
)
KIND_NAMES: Final = tuple(kind.name for kind in KINDS)

NOT_FOUND: Final = ""
"""The kind of what is no hit of its own: entries of controlled vocabularies, and fields that concepts belong to."""

_ELEMENTS: Final = (
    "ObjectType RootObjectType DataType SimpleType ModelElement CodeElement "
    "Property Attribute Role Association Composition Collection Choice AllOf AnyOf Specialization Realization "
    "Abstraction Dependency"
)


class Field(IntEnum):
    """What a text is to the thing that it is a text of.

    PREFERRED is what it is called, OTHER what it is called as well, TECHNICAL what it is called in data or its number,
    KEYWORD what it is about, DEFINITION what it means and DESCRIPTION what is told of it.
    """

    PREFERRED = 0
    OTHER = 1
    TECHNICAL = 2
    KEYWORD = 3
    DEFINITION = 4
    DESCRIPTION = 5


def kinds_of_classes(names: Names) -> dict[str, str]:
    """The kind of each class; a thing of several is of the kind that comes first here."""
    of_kind = {
        "dataset": (f"{DCAT}Dataset", f"{DCAT}DatasetSeries"),
        "dataservice": (f"{DCAT}DataService",),
        "model": (f"{MODELLDCATNO}InformationModel",),
        "codelist": (f"{MODELLDCATNO}CodeList",),
        "element": tuple(f"{MODELLDCATNO}{name}" for name in _ELEMENTS.split()),
        "service": (f"{CPSV}PublicService", f"{CPSVNO}Service"),
        "event": (f"{CV}Event", f"{CV}LifeEvent", f"{CV}BusinessEvent"),
        "aiproject": (f"{names.base}ns/ki#Prosjekt",),
    }
    rows = [(class_, kind) for kind, classes in of_kind.items() for class_ in classes]
    # A skos:Concept may be three things (kg.build.identity.kinds); what is none of them is a concept still.
    rows += [
        (f"{names.ns}CatalogueConcept", "concept"),
        (f"{names.ns}Code", NOT_FOUND),
        (f"{names.ns}SubjectField", NOT_FOUND),
        (f"{SKOS}Concept", "concept"),
        (f"{SKOS}ConceptScheme", "codelist"),
        (f"{CV}PublicOrganisation", "agency"),
        (f"{ORG}FormalOrganization", "agency"),
        (f"{ORG}Organization", "agency"),
        (f"{ROV}RegisteredOrganization", "agency"),
        (f"{FOAF}Organization", "agency"),
        (f"{FOAF}Agent", "agency"),
    ]
    return dict(rows)


def fields_of_properties(names: Names) -> Mapping[str, Field]:
    """What each property's text is; of several preferred names of one language the first in this order is shown."""
    schema = WELL_KNOWN_PREFIXES["schema"]
    return {
        f"{names.ns}displayName": Field.PREFERRED,
        f"{SKOS}prefLabel": Field.PREFERRED,
        f"{DCT}title": Field.PREFERRED,
        f"{FOAF}name": Field.PREFERRED,
        f"{ROV}legalName": Field.PREFERRED,
        f"{RDFS}label": Field.PREFERRED,
        f"{SKOS}altLabel": Field.OTHER,
        f"{SKOS}hiddenLabel": Field.OTHER,
        f"{DCT}alternative": Field.OTHER,
        f"{FOAF}nick": Field.OTHER,
        f"{VCARD}nickname": Field.OTHER,
        f"{schema}alternateName": Field.OTHER,
        f"{SKOSNO}dataStructureLabel": Field.TECHNICAL,
        f"{SKOS}notation": Field.TECHNICAL,
        f"{DCT}identifier": Field.TECHNICAL,
        f"{DCAT}keyword": Field.KEYWORD,
        f"{SKOS}definition": Field.DEFINITION,
        f"{DCT}description": Field.DESCRIPTION,
        f"{DCT}abstract": Field.DESCRIPTION,
        f"{SKOS}scopeNote": Field.DESCRIPTION,
        f"{RDFS}comment": Field.DESCRIPTION,
        f"{names.base}ns/ki#formaal": Field.DESCRIPTION,
    }


PUBLISHERS: Final = (f"{DCT}publisher", f"{CV}hasCompetentAuthority", f"{CV}ownedBy")
"""From a thing to who is responsible for it (DCAT-AP-NO 2.2; CPSV-AP-NO 1.1 for services)."""

WHOLES: Final = (f"{SKOS}inScheme", f"{SKOS}topConceptOf")
"""From a part of a model to the whole that it is in (ModellDCAT-AP-NO 1.3)."""

PARTS: Final = (f"{MODELLDCATNO}containsModelElement", f"{MODELLDCATNO}hasProperty")
"""From the whole to its parts: an element has the publisher of its model."""


LANGUAGES: Final = ("nb", "nn", "en")
"""Languages in which a reader may want labels."""

_ORDERS: Final = {"nn": ("nn", "nb", "no", "", "en"), "en": ("en", "nb", "no", "nn", "")}


def languages(wanted: str) -> tuple[str, ...]:
    """The languages of texts in the order in which a reader of one wants them; "" is no language.

    >>> languages("nn")
    ('nn', 'nb', 'no', '', 'en')
    """
    return _ORDERS.get(wanted, ("nb", "no", "nn", "", "en"))
