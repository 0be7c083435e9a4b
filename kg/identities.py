"""Forms of IRI: which thing an IRI names, told from its text alone.

In: an IRI. Out: the number, id or key that is the same in every form that the thing's IRI has had, or None. These are
the forms that occur in catalogues harvested by data.norge.no; that two forms name one thing is decided by
`kg.build.identity`, which knows what is described.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Final

from kg.organisation_numbers import is_organisation_number

ORGANISATIONS: Final = "https://data.norge.no/organizations/"
"""What the canonical IRI of an organisation begins with; its number follows."""

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_ORGANISATION: Final = re.compile(
    r"https?://(?:"
    r"data\.norge\.no/organizations/|"
    r"organization-catalog(?:ue)?\.(?:staging\.)?fellesdatakatalog\.(?:digdir|brreg)\.no/organizations/|"
    r"data\.brreg\.no/enhetsregisteret/(?:api/|oppslag/)?(?:under)?enhet(?:er)?/"
    r")([0-9]{9})(?:\.json)?/?"
)

_LAST_PART: Final = re.compile(r"[/#:=]([0-9]{9})/?$")

# The oldest first: what a form ranks by. Staging hosts hold copies for tests and name nothing here.
_CONCEPTS: Final = (
    re.compile(rf"https?://begrepskatalogen/begrep/({_UUID})"),
    re.compile(rf"https?://data\.skatteetaten\.no/begrep/({_UUID})"),
    re.compile(rf"https?://registrering-begrep\.fellesdatakatalog\.(?:digdir|brreg)\.no/[0-9]{{9}}/({_UUID})"),
    re.compile(
        rf"https?://concept-catalog(?:ue)?\.fellesdatakatalog\.(?:digdir|brreg)\.no/collections/[0-9]{{9}}/({_UUID})"
    ),
    re.compile(
        rf"https?://concept-catalog(?:ue)?\.fellesdatakatalog\.digdir\.no/collections/[0-9]{{9}}/concepts/({_UUID})"
    ),
)
_COLLECTION_OWNER: Final = re.compile(r"/([0-9]{9})/")

_BRREG_CONCEPTS: Final = (
    re.compile(r"https?://jira\.brreg\.no/rest/api/2/issue/([0-9]{1,9})"),
    re.compile(r"http://data\.brreg\.no/begrep/([0-9]{1,9})"),
    re.compile(r"https://data\.brreg\.no/begrep/([0-9]{1,9})"),
)

_CATALOGUE_PAGE: Final = re.compile(
    r"https?://(?:"
    r"data\.norge\.no/(?:[a-z]{2}/)?[a-z-]+/|"
    r"[a-z-]+\.fellesdatakatalog\.(?:digdir|brreg)\.no/[a-z-]+/|"
    r"fellesdatakatalog\.(?:digdir|brreg)\.no/(?:api/)?[a-z-]+/"
    rf")({_UUID})"
)


@dataclass(frozen=True, slots=True)
class ConceptForm:
    """What the IRI of a concept says: the key that its forms share, how new the form is, and whose collection."""

    key: str
    generation: int
    owner: str = ""


def find_organisation_number(iri: str) -> str | None:
    """The nine digits in an IRI that has the form of an organisation's, be the number valid or not.

    >>> find_organisation_number("http://data.brreg.no/enhetsregisteret/enhet/974760673.json")
    '974760673'
    """
    match = _ORGANISATION.fullmatch(iri)
    return match.group(1) if match else None


def number_of_agent(iri: str) -> str | None:
    """The valid organisation number that the last part of an IRI is, for an IRI that is known to name an organisation.

    >>> number_of_agent("http://localhost:5050/organizations/912660680")
    '912660680'
    """
    match = _LAST_PART.search(iri)
    return match.group(1) if match and is_organisation_number(match.group(1)) else None


def canonical_organisation(iri: str) -> str | None:
    """The canonical IRI of the organisation that an IRI names, if its form and number say so.

    >>> canonical_organisation("https://data.brreg.no/enhetsregisteret/api/enheter/974760673")
    'https://data.norge.no/organizations/974760673'
    """
    number = find_organisation_number(iri)
    return f"{ORGANISATIONS}{number}" if number and is_organisation_number(number) else None


def find_concept(iri: str) -> ConceptForm | None:
    """The concept that an IRI of the common concept catalogue or its forerunners names, by its uuid.

    The uuid was kept each time the IRIs were changed (Digdir's model catalogue against the concept catalogue: twelve
    of twelve uuids that occur in both have the same owner and a fitting term).
    """
    for generation, form in enumerate(_CONCEPTS):
        if match := form.fullmatch(iri):
            owner = _COLLECTION_OWNER.search(iri)
            return ConceptForm(match.group(1), generation, owner.group(1) if owner else "")
    return None


def find_brreg_concept(iri: str) -> ConceptForm | None:
    """The concept that an IRI of Brønnøysundregistrene's own catalogue names, by its number.

    >>> find_brreg_concept("https://data.brreg.no/begrep/28155").key
    '28155'
    """
    for generation, form in enumerate(_BRREG_CONCEPTS):
        if match := form.fullmatch(iri):
            return ConceptForm(match.group(1), generation)
    return None


def find_catalogue_id(iri: str) -> str | None:
    """The id in an IRI under which data.norge.no shows a resource, or has shown one.

    >>> find_catalogue_id("https://data.norge.no/concepts/7af763ec-fd42-415f-9ef2-9571b25f23a4")
    '7af763ec-fd42-415f-9ef2-9571b25f23a4'
    """
    match = _CATALOGUE_PAGE.fullmatch(iri)
    return match.group(1) if match else None


def catalogue_id(iri: str) -> str:
    """The id that data.norge.no gives a resource: the UUID of version 3 of its IRI's bytes, without a name space."""
    return str(uuid.UUID(bytes=hashlib.md5(iri.encode(), usedforsecurity=False).digest(), version=3))
