"""The words that catalogues have for contact information: which classes and properties tell of whom.

Sources: the vCard Ontology (W3C Note, 2014) with its predecessor of 2001, FOAF 0.99, schema.org, the Core
Person and Core Public Organisation Vocabularies, DCAT-AP-NO, CPSV-AP-NO and, for the older links, ADMS and
dcatno.
"""

from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import ADMS, CV, DCAT, DCATNO, DCT, FOAF, PROV, RDF, RDFS, SKOS, VCARD

_ORG: Final = "http://www.w3.org/ns/org#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_PERSON: Final = "http://www.w3.org/ns/person#"
_ROV: Final = "http://www.w3.org/ns/regorg#"
_SCHEMAS: Final = ("http://schema.org/", "https://schema.org/")
# The namespace of today, the one before it, and one that catalogues use by mistake.
_VCARDS: Final = (VCARD, "http://www.w3.org/2001/vcard-rdf/3.0#", "http://www.w3.org/TR/vcard-rdf/")


def _terms(names: str, *spaces: str) -> frozenset[NamedNode]:
    return frozenset(NamedNode(space + name) for space in spaces for name in names.split())


TYPE: Final = NamedNode(f"{RDF}type")
KIND: Final = NamedNode(f"{VCARD}Kind")

LINKS: Final = _terms("contactPoint", DCAT, ADMS, CV, DCATNO, *_SCHEMAS) | _terms("hasContactPoint", CV)
"""Properties that lead to a contact point."""

INDIVIDUALS: Final = _terms("Individual", *_VCARDS) | _terms("Person", FOAF, PROV, _PERSON, *_SCHEMAS)
"""Classes of people."""

ORGANISATIONS: Final = (
    _terms("Organization Group Location", *_VCARDS)
    | _terms("Organization Group Agent", FOAF)
    | _terms("Organization FormalOrganization OrganizationalUnit OrganizationalCollaboration", _ORG)
    | _terms("Organization GovernmentOrganization GovernmentOffice", PROV, *_SCHEMAS)
    | _terms("PublicOrganisation", CV)
    | _terms("RegisteredOrganization", _ROV)
)
"""Classes that say that a node is no person; foaf:Agent among them, as DCAT-AP-NO used it for publishers."""

CONTACT_CLASSES: Final = _terms("Kind VCard Individual Organization Group Location", *_VCARDS) | _terms(
    "ContactPoint", CV, *_SCHEMAS
)
"""Classes of contact points."""

NEUTRAL_CLASSES: Final = (
    CONTACT_CLASSES
    | INDIVIDUALS
    | ORGANISATIONS
    | _terms("Name Address Email Home Work Voice Cell Fax Text TelephoneType", *_VCARDS)
    | _terms("NamedIndividual Thing", _OWL)
    | _terms("Agent", PROV, DCT)
)
"""Classes that give a contact point no other role."""

ANY_NAMES: Final = (
    _terms("fn FN label", *_VCARDS)
    | _terms("name", FOAF, *_SCHEMAS)
    | _terms("label", RDFS)
    | _terms("title", DCT)
    | _terms("prefLabel", SKOS)
)
"""Properties that name people, organisations and everything else."""

_VCARD_NAMES: Final = _terms(
    "given-name family-name additional-name honorific-prefix honorific-suffix nickname n N Given Family "
    " hasName hasGivenName hasFamilyName hasAdditionalName hasHonorificPrefix hasHonorificSuffix hasNickname",
    *_VCARDS,
)
PERSONAL_NAMES: Final = (
    _VCARD_NAMES
    | _terms("firstName lastName givenName givenname familyName family_name surname nick", FOAF)
    | _terms("givenName familyName additionalName honorificPrefix honorificSuffix", *_SCHEMAS)
    | _terms("birthName patronymicName", _PERSON)
)
"""Properties that name people only."""

PERSONAL_IN_VCARD: Final = _VCARD_NAMES | _terms(
    "bday anniversary photo gender title role hasPhoto hasGender hasTitle hasRole", *_VCARDS
)
"""vCard properties that only people have."""

PERSONAL: Final = (
    PERSONAL_NAMES
    | PERSONAL_IN_VCARD
    | _terms("birthday age gender title img", FOAF)
    | _terms("birthDate gender jobTitle", *_SCHEMAS)
)
"""Properties that only people have."""

EMAILS: Final = (
    _terms("hasEmail email EMAIL", *_VCARDS) | _terms("mbox mbox_sha1sum", FOAF) | _terms("email", CV, *_SCHEMAS)
)

DETAILS: Final = (
    _terms("hasTelephone tel TEL hasAddress adr ADR hasGeo geo hasInstantMessage", *_VCARDS)
    | _terms("bday photo hasPhoto gender hasGender", *_VCARDS)
    | _terms("phone birthday age gender img", FOAF)
    | _terms("aimChatID icqChatID jabberID msnChatID skypeID yahooChatID", FOAF)
    | _terms("telephone faxNumber address image birthDate gender", *_SCHEMAS)
    | _terms("telephone", CV)
)
"""What, beside e-mail, a person does not keep who is named for another reason than contact."""

ORGANISATIONAL: Final = (
    _terms(
        "organization-name organization-unit organizationName organizationUnit hasOrganizationName"
        " hasOrganizationUnit Orgname Orgunit hasURL url URL",
        *_VCARDS,
    )
    | _terms("url contactType", *_SCHEMAS)
    | _terms("contactPage", CV)
    | _terms("workplaceHomepage", FOAF)
)
"""What a personal contact point keeps, beside functional e-mail addresses."""

CONTACT_TERMS: Final = PERSONAL | EMAILS | DETAILS | ORGANISATIONAL | _terms("fn FN label", *_VCARDS)
"""All properties that are contact information on whatever node they stand."""
