"""The quads of organisations, in the shape of data.norge.no's organisation catalogue.

In: a record of Enhetsregisteret. Out: quads about `https://data.norge.no/organizations/{organisation number}`.

No person is loaded. Which forms of organisation bear the name of a natural person is told by their code; an entity
without a code, or with one that is not known here, is left out with them. A subunit has the name of its main unit,
which may be a sole proprietor, and only the main unit's form would tell: it is loaded where the main unit stands before
it in the same file, and left out elsewhere.

The municipality is not stated: the catalogue names it by Kartverket's internal number, which no file here leads to
from the municipality number. Neither is `br:orgPath`, unless the file itself has it.
"""

import re
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.namespaces import ADMS, BR, DCT, FOAF, ORG, ORGANISATION_CATALOGUE, RDF, ROV, SKOS, XSD
from kg.organisation_numbers import is_organisation_number
from loaders.organisation_records import Notes, Record
from loaders.protocol import Problem
from loaders.rdf_remarks import excerpt

_STATUS: Final = f"{ORGANISATION_CATALOGUE}org-status.ttl#"
_REGISTER: Final = "https://data.brreg.no/enhetsregisteret/api"

_TYPE: Final = NamedNode(f"{RDF}type")
_TYPES: Final = tuple(map(NamedNode, (f"{ROV}RegisteredOrganization", f"{FOAF}Agent", f"{ORG}Organization")))
# Made once: there are tens of millions of quads.
_IDENTIFIER: Final = NamedNode(f"{DCT}identifier")
_ORG_TYPE: Final = NamedNode(f"{ROV}orgType")
_REGISTRY_ENTRY: Final = NamedNode(f"{BR}norwegianRegistry")
_LEGAL_NAME: Final = NamedNode(f"{ROV}legalName")
_NAME: Final = NamedNode(f"{FOAF}name")
_PARENT: Final = NamedNode(f"{ORG}subOrganizationOf")
_HOMEPAGE: Final = NamedNode(f"{FOAF}homepage")
_ORG_STATUS: Final = NamedNode(f"{ROV}orgStatus")
_REGISTRATION: Final = NamedNode(f"{ROV}registration")
_ADMS_IDENTIFIER: Final = NamedNode(f"{ADMS}Identifier")
_NOTATION: Final = NamedNode(f"{SKOS}notation")
_SCHEMA_AGENCY: Final = NamedNode(f"{ADMS}schemaAgency")
_ISSUED: Final = NamedNode(f"{DCT}issued")
_DATE: Final = NamedNode(f"{XSD}date")
_AGENCY: Final = Literal("Brønnøysundregistrene")
_CODES: Final = (
    ("sector", "br:sectorCode", NamedNode(f"{BR}sectorCode"), re.compile(r"[0-9]{4}")),
    ("activity", "br:nace", NamedNode(f"{BR}nace"), re.compile(r"[0-9]{2}(?:\.[0-9]{1,3})?")),
    ("path", "br:orgPath", NamedNode(f"{BR}orgPath"), re.compile(r"/[A-ZÆØÅ]{2,20}(?:/[0-9]{9}){1,20}")),
)
"""Fields whose text is the value: their property, by its prefixed name and its IRI, and what they may hold."""

# Codes of the list org-type of the organisation catalogue; EOFG and UTLA are Enhetsregisteret's own. Those of persons:
# sole proprietors and other single persons, estates of the dead and the bankrupt, and co-owners.
_PERSONAL_FORM: Final = re.compile("BO|ENK|KBO|KTRF|OPMV|PERS|PRE|SAM|TVAM")
_SUBUNIT_FORM: Final = re.compile("AAFY|BEDR")
_OTHER_FORM: Final = re.compile(
    "ADOS|ANNA|ANS|AS|ASA|BA|BBL|BRL|DA|EOFG|EØFG|ESEK|FKF|FLI|FYLK|GFS|IKJP|IKS|KF|KIRK|KOMM|KS|NUF|ORGL|PK|SA|SE|SF"
    "|SPA|STAT|STI|SÆR|UTLA|VPFO"
)

_NINE_DIGITS: Final = re.compile(r"[0-9]{9}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# No user name in the authority: it is a credential, hides the real host, or makes an address of an e-mail address.
_WEB_ADDRESS: Final = re.compile(r"https?://[^/?#@:\s]+\.[^/?#@:\s]+(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE)
_LONGEST_NAME: Final = 1000
"""Characters of a name; the register allows 175."""
_LONGEST_ADDRESS: Final = 2000
_LANGUAGES: Final = MappingProxyType({"bokmål": "nb", "nynorsk": "nn"})
_STANDING: Final = ("bankrupt", "winding_up", "forced_winding_up")
_PROCEEDINGS: Final = (*_STANDING, "insolvent_abroad", "restructuring")


class OrganisationGraph:
    """Makes quads of the records of one file."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._loaded: set[int] = set()
        self._persons = 0
        self._subunits = 0
        self._in_proceedings = 0

    def quads(self, record: Record) -> Iterator[Quad]:
        """Everything about one organisation; nothing about what is left out."""
        number, form = record.text("number"), record.text("form")
        if not self._is_loaded(record, number, form):
            return
        if int(number) in self._loaded:
            self._notes.warn(record.line, f"{number} comes more than once; all that is said of it is loaded")
        self._loaded.add(int(number))
        organisation = self._organisation(record, number)
        for type_ in _TYPES:
            yield Quad(organisation, _TYPE, type_)
        yield Quad(organisation, _IDENTIFIER, Literal(number))
        yield from self._names(organisation, record)
        yield Quad(organisation, _ORG_TYPE, NamedNode(f"{ORGANISATION_CATALOGUE}org-type.ttl#{form}"))
        for field, label, predicate, pattern in _CODES:
            if text := record.text(field):
                if pattern.fullmatch(text):
                    yield Quad(organisation, predicate, Literal(text))
                else:
                    self._warn(record, f'"{excerpt(text)}" is no value of {label}; it is left out')
        kind = "underenheter" if _SUBUNIT_FORM.fullmatch(form) else "enheter"
        yield Quad(organisation, _REGISTRY_ENTRY, NamedNode(f"{_REGISTER}/{kind}/{number}"))
        yield from self._parent(organisation, record)
        yield from self._homepage(organisation, record)
        yield from self._status(organisation, record)
        yield from self._registration(organisation, record)

    def summary(self, name: str) -> list[Problem]:
        """What was done to many, as one problem for each reason."""
        told = (
            (self._persons, "entities left out, because their form of organisation is one of persons"),
            (self._subunits, "subunits left out, because their main unit, maybe a person, does not stand before them"),
            (self._in_proceedings, "organisations that are bankrupt or the like, for which rov:orgStatus has no code"),
        )
        return [Problem(name, f"{what}: {count}", severity="warning") for count, what in told if count]

    def _is_loaded(self, record: Record, number: str, form: str) -> bool:
        if _PERSONAL_FORM.fullmatch(form):
            self._persons += 1
            return False
        name = record.text("name")
        # What is left out may be about a person, so it is not quoted.
        if not number:
            wrong = "has no organisation number"
        elif not _NINE_DIGITS.fullmatch(number):
            wrong = f"has an organisation number of {len(number)} characters instead of nine digits"
        elif not form:
            wrong = "has no code for its form of organisation, so that it may be a person"
        elif not (_SUBUNIT_FORM.fullmatch(form) or _OTHER_FORM.fullmatch(form)):
            wrong = f'has the unknown form of organisation "{excerpt(form)}", so that it may be a person'
        elif not name:
            wrong = "has no name"
        elif len(name) > _LONGEST_NAME:
            wrong = f"has a name of {len(name)} characters"
        else:
            return self._has_main_unit(record, form)
        self._notes.error(record.line, f"entity {record.place} {wrong}; it is left out")
        return False

    def _has_main_unit(self, record: Record, form: str) -> bool:
        parent = record.text("parent")
        if _SUBUNIT_FORM.fullmatch(form) and not (_NINE_DIGITS.fullmatch(parent) and int(parent) in self._loaded):
            self._subunits += 1
            return False
        return True

    def _warn(self, record: Record, what: str) -> None:
        self._notes.warn(record.line, f"{record.text('number')}: {what}")

    def _organisation(self, record: Record, number: str) -> NamedNode:
        if not is_organisation_number(number):
            self._warn(record, "the check digit of the organisation number is wrong; it is loaded all the same")
        return _organisation(number)

    def _names(self, organisation: NamedNode, record: Record) -> Iterator[Quad]:
        name, norwegian = record.text("name"), record.text("norwegian")
        yield Quad(organisation, _LEGAL_NAME, Literal(name))
        language = _LANGUAGES.get(norwegian.lower())
        if norwegian and language is None:
            self._warn(record, f'the written Norwegian "{excerpt(norwegian)}" is not known; the name has no language')
        yield Quad(organisation, _NAME, Literal(name, language=language))

    def _parent(self, organisation: NamedNode, record: Record) -> Iterator[Quad]:
        parent = record.text("parent")
        if not parent:
            return
        if not _NINE_DIGITS.fullmatch(parent) or parent == record.text("number"):
            self._warn(record, "the number of the unit above it is its own or has not nine digits; it is left out")
            return
        if not is_organisation_number(parent):
            self._warn(record, f"the check digit of the unit above it, {parent}, is wrong; it is loaded all the same")
        yield Quad(organisation, _PARENT, _organisation(parent))

    def _homepage(self, organisation: NamedNode, record: Record) -> Iterator[Quad]:
        text = record.text("homepage")
        if not text:
            return
        homepage = _web_address(text)
        if homepage is not None:
            yield Quad(organisation, _HOMEPAGE, homepage)
        elif "@" in text:
            self._warn(record, "the homepage is an e-mail address or has one in it; it is left out")
        else:
            self._warn(record, f'the homepage "{excerpt(text)}" makes no web address; it is left out')

    def _status(self, organisation: NamedNode, record: Record) -> Iterator[Quad]:
        if record.text("deleted"):
            status = "Avviklet"
        elif any(record.text(field) not in {"", "false"} for field in _PROCEEDINGS):
            self._in_proceedings += 1
            return
        elif all(record.text(field) == "false" for field in _STANDING):
            status = "NormalAktivitet"
        else:
            return
        yield Quad(organisation, _ORG_STATUS, NamedNode(_STATUS + status))

    def _registration(self, organisation: NamedNode, record: Record) -> Iterator[Quad]:
        number, day = record.text("number"), record.text("registered")
        registration = BlankNode(f"registrering{number}")
        yield Quad(organisation, _REGISTRATION, registration)
        yield Quad(registration, _TYPE, _ADMS_IDENTIFIER)
        yield Quad(registration, _NOTATION, Literal(number))
        yield Quad(registration, _SCHEMA_AGENCY, _AGENCY)
        if not day:
            return
        if _is_day(day):
            yield Quad(registration, _ISSUED, Literal(day, datatype=_DATE))
        else:
            self._warn(record, f'the date of registration "{excerpt(day)}" is no date; it is left out')


def _organisation(number: str) -> NamedNode:
    return NamedNode(f"https://data.norge.no/organizations/{number}")


def _web_address(text: str) -> NamedNode | None:
    """The address as an IRI; the register has most of them without a scheme.

    >>> str(_web_address("www.brreg.no")), _web_address("post@brreg.no")
    ('<http://www.brreg.no>', None)
    """
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"http://{text}"
    if len(address) > _LONGEST_ADDRESS or not _WEB_ADDRESS.fullmatch(address):
        return None
    try:
        return NamedNode(address)
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
