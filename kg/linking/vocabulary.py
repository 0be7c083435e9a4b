"""What is compared: which classes are elements of models, and which property says what of them.

In: the namespaces of a generation. Out: tables, which are all that linking needs to know of the application profiles
(ModellDCAT-AP-NO 1.3, SKOS-AP-NO-Begrep 2.0). They name the forms that a build has normalised to.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from kg.namespaces import DCT, MODELLDCATNO, RDFS, SKOS, SKOSNO, Names


class Kind(IntEnum):
    """What a thing is; of several kinds the first one holds."""

    CLASS = 0
    PROPERTY = 1
    CODE_LIST = 2
    CODE = 3
    CONCEPT = 4


_CLASSES: Final = "ObjectType RootObjectType DataType"
# Generalisations and dependencies are left out: they have no content of their own that could be linked.
_PROPERTIES: Final = "Property Attribute Role Association Composition Collection Choice AllOf AnyOf"

MODEL: Final = f"{MODELLDCATNO}InformationModel"

PREFERRED: Final = (f"{SKOS}prefLabel", f"{DCT}title", f"{RDFS}label")
OTHER: Final = (f"{SKOS}altLabel", f"{SKOS}hiddenLabel", f"{DCT}alternative")
TECHNICAL: Final = (f"{SKOSNO}dataStructureLabel",)
"""Names in data, which have no language."""
NOTATION: Final = f"{SKOS}notation"
DEFINITIONS: Final = (f"{SKOS}definition", f"{DCT}description", f"{RDFS}comment", f"{SKOS}scopeNote")

CONTAINS: Final = f"{MODELLDCATNO}containsModelElement"
HAS_PROPERTY: Final = f"{MODELLDCATNO}hasProperty"
IN_SCHEME: Final = (f"{SKOS}inScheme", f"{SKOS}topConceptOf")
VALUE_FROM: Final = f"{MODELLDCATNO}hasValueFrom"
_TARGETS: Final = (
    "hasObjectType refersTo references contains containsObjectType hasDataType hasMember hasSome hasType "
    "formsSymmetryWith"
)
TARGETS: Final = tuple(f"{MODELLDCATNO}{name}" for name in _TARGETS.split())
"""From a property to the class that its values are of."""
SIMPLE_TYPE: Final = f"{MODELLDCATNO}hasSimpleType"
TYPE_DEFINITION: Final = f"{MODELLDCATNO}typeDefinitionReference"
SUBJECT: Final = f"{DCT}subject"
PUBLISHER: Final = f"{DCT}publisher"
EQUIVALENT: Final = f"{SKOS}exactMatch"
MATCHES: Final = tuple(f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
"""Links that are there already."""
NEAR_CONCEPTS: Final = (f"{SKOS}broader", f"{SKOS}narrower", f"{SKOS}related")

# The names that catalogues give simple types, folded; XML Schema 1.1 Part 2 and the words for the same in Norwegian.
_DATATYPES: Final = {
    "text": "string text tekst streng normalizedstring token langstring str fritekst tekststreng",
    "date": "date dato",
    "time": "datetime time tidspunkt datotid datoklokkeslett datotidspunkt klokkeslett datetimestamp",
    "year": "gyear year aar aarstall gyearmonth",
    "whole": "integer int long short heltall nonnegativeinteger positiveinteger tall",
    "decimal": "decimal double float number desimaltall flyttall beloep",
    "boolean": "boolean bool boolsk sannusann janei",
    "iri": "anyuri uri iri uriorcurie url lenke",
    "binary": "base64binary hexbinary binaer",
}
DATATYPES: Final[Mapping[str, str]] = MappingProxyType(
    {name: family for family, several in _DATATYPES.items() for name in several.split()}
)
"""The family of a simple type, by its folded name."""
FAMILIES: Final = tuple(_DATATYPES)


def kinds_of_classes(names: Names) -> dict[str, Kind]:
    """The kind of each class whose things are compared."""
    rows = {f"{MODELLDCATNO}{name}": Kind.CLASS for name in _CLASSES.split()}
    rows |= {f"{MODELLDCATNO}{name}": Kind.PROPERTY for name in _PROPERTIES.split()}
    rows[f"{MODELLDCATNO}CodeList"] = Kind.CODE_LIST
    rows[f"{MODELLDCATNO}CodeElement"] = Kind.CODE
    rows[f"{names.ns}CatalogueConcept"] = Kind.CONCEPT
    return rows
