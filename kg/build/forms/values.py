"""Values: the form of an object by its property (a step of `kg.build.normalise`).

In: a predicate and an object, both in canonical terms. Out: the objects to write instead: an IRI for its text, a
code for the word that a source has, a date with its datatype. What an object becomes depends on the predicate and
the object alone, so it is found once for each pair. What cannot be mapped stays, and is reported where the property
has no other good values.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.forms.codes import Codes
from kg.build.forms.dates import is_dated, read_date
from kg.build.forms.legacy import PERIOD_TERMS, find_current
from kg.build.forms.rules import CODE, DATE, IRI, Rule, Uses
from kg.namespaces import DCAT, DCT, FOAF, MODELLDCATNO, PROV, RDFS, VCARD, WELL_KNOWN_PREFIXES, XSD
from kg.terms import STRING, CanonicalLiterals, writable_iri

_Term = NamedNode | BlankNode | Literal | Triple


def _terms(namespace: str, names: str) -> frozenset[NamedNode]:
    return frozenset(NamedNode(namespace + name) for name in names.split())


LINKS: Final = _terms(FOAF, "homepage page") | _terms(
    DCAT, "landingPage accessURL downloadURL endpointURL endpointDescription"
)
"""Properties that lead to pages and services: a text that is no IRI is a fault."""

RESOURCES: Final = (
    LINKS
    | _terms(DCT, "conformsTo publisher creator contributor subject source license")
    | _terms(RDFS, "seeAlso")
    | _terms(VCARD, "hasURL")
    | _terms(MODELLDCATNO, "codeListReference")
)
"""Properties whose values are resources by the profiles.

dct:identifier, modelldcatno:informationModelIdentifier and modelldcatno:typeDefinitionReference are not among them:
their range is text or xsd:anyURI (ModellDCAT-AP-NO 1.3).
"""

MAILBOXES: Final = _terms(VCARD, "hasEmail") | _terms(FOAF, "mbox")
"""Properties whose values are mailto: IRIs."""

_EXACT_DATES: Final = (
    _terms(DCT, "issued modified created dateAccepted dateSubmitted")
    | _terms(DCAT, "startDate endDate")
    | _terms(WELL_KNOWN_PREFIXES["euvoc"], "startDate endDate")
    | _terms(PROV, "generatedAtTime startedAtTime endedAtTime invalidatedAtTime atTime")
    | frozenset(map(NamedNode, PERIOD_TERMS))
)
DATES: Final = _EXACT_DATES | _terms(DCT, "date valid available dateCopyrighted")
"""Properties of dates; those of the second group may hold a range in words as well (DCMI Metadata Terms)."""

_WEB_IRI: Final = re.compile(r"(?:https?://|urn:[a-z0-9][a-z0-9-]{1,31}:)[^\s<>\"]+", re.IGNORECASE)
_MAILTO: Final = re.compile(r"mailto:[^\s<>\"@]+@[^\s<>\"@,;]+", re.IGNORECASE)
_TEXTS: Final = frozenset({STRING, NamedNode(f"{XSD}anyURI")})
_SEPARATORS: Final = (re.compile(r"\s*[,;]\s*"), re.compile(r"[\s,;]+"))
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*", re.IGNORECASE)
_FORMAT: Final = NamedNode(f"{DCT}format")
_MEDIA: Final = NamedNode(f"{DCAT}mediaType")
# Codes that are right although our compact lists may not hold them.
_AUTHORITIES: Final = (
    "http://publications.europa.eu/resource/authority/",
    "http://eurovoc.europa.eu/",
    "https://www.iana.org/assignments/media-types/",
    "https://psi.norge.no/los/",
    "https://data.norge.no/vocabulary/",
    "https://w3id.org/mobilitydcat-ap/",
)


@dataclass(frozen=True, slots=True)
class _Form:
    """What an object of a property becomes.

    Attributes:
        objects: one or several.
        rules: those that were used.
        media: dcat:mediaType values that the object gives as well.
        fault: the rule whose use is asked for and not possible.
    """

    objects: tuple[NamedNode | Literal, ...]
    rules: tuple[Rule, ...] = ()
    media: tuple[NamedNode, ...] = ()
    fault: Rule | None = None


class Values:
    """Puts objects into the form that their property asks for.

    Attributes:
        settled: for each property that has forms, the objects that are known to stay as they are.
        nodes: pairs of a property with codes and a node that is no code, but may tell of one.
        period_dates: whether there are dates that may be those of a dct:PeriodOfTime.
    """

    def __init__(self, codes: Codes | None, canonical: CanonicalLiterals, uses: Uses) -> None:
        coded = frozenset(map(NamedNode, codes.properties)) if codes else frozenset[NamedNode]()
        self.settled: Mapping[NamedNode, set[object]] = {
            property_: set() for property_ in RESOURCES | MAILBOXES | DATES | coded
        }
        self.nodes: set[tuple[NamedNode, NamedNode | BlankNode]] = set()
        self.period_dates = False
        self._codes = codes
        self._coded = coded
        self._canonical = canonical
        self._uses = uses
        self._known: dict[tuple[NamedNode, NamedNode | Literal], _Form] = {}
        self._faults: Counter[tuple[Rule, NamedNode, NamedNode | Literal]] = Counter()

    def stays(self, predicate: NamedNode, object_: _Term) -> bool:
        """Whether an object stays as it is, every time it comes."""
        if isinstance(object_, NamedNode) and predicate not in self._coded:
            return True
        if not isinstance(object_, NamedNode | Literal):
            if isinstance(object_, BlankNode) and predicate in self._coded:
                self.nodes.add((predicate, object_))
            return not isinstance(object_, Triple)
        if predicate.value in PERIOD_TERMS:
            self.period_dates = True
        form = self._form(predicate, object_)
        return form.fault is None and not form.rules

    def statements(self, triple: Triple) -> Iterator[Triple]:
        """The triples that say in form what a triple says."""
        subject, predicate, object_ = triple
        if self.stays(predicate, object_) or not isinstance(object_, NamedNode | Literal):
            yield triple
            return
        form = self._form(predicate, object_)
        for rule in form.rules:
            self._uses.counts[rule.name] += 1
        if form.fault is not None:
            self._faults[form.fault, predicate, form.objects[0]] += 1
        if not form.rules:
            yield triple
            return
        for new in form.objects:
            yield Triple(subject, predicate, new)
        for media in form.media:
            yield Triple(subject, _MEDIA, media)

    def quoted(self, triple: Triple) -> Triple:
        """A triple that is spoken of, in the form of the one that is stated, where that is one."""
        subject, predicate, object_ = triple
        if predicate not in self.settled or not isinstance(object_, NamedNode | Literal):
            return triple
        form = self._form(predicate, object_)
        if not form.rules or len(form.objects) > 1:
            return triple
        for rule in form.rules:
            self._uses.counts[rule.name] += 1
        return Triple(subject, predicate, form.objects[0])

    def find_code(self, predicate: NamedNode, value: str) -> NamedNode | None:
        """The code that a value of a property stands for."""
        code = self._codes.find(predicate.value, value) if self._codes else None
        return None if code is None else NamedNode(code)

    def report_faults(self, told: frozenset[tuple[NamedNode, NamedNode | BlankNode]]) -> None:
        """Report what could not be mapped, but for the nodes that turned out to tell of a code."""
        for (rule, predicate, object_), times in self._faults.items():
            if not (isinstance(object_, NamedNode) and (predicate, object_) in told):
                self._uses.report(rule, object_.value, predicate.value, _compact(predicate.value), times)

    def _form(self, predicate: NamedNode, object_: NamedNode | Literal) -> _Form:
        known = self._known.get((predicate, object_))
        if known is None:
            known = self._find_form(predicate, object_)
            if known.rules or known.fault is not None:  # what stays is remembered in `settled`
                self._known[predicate, object_] = known
        return known

    def _find_form(self, predicate: NamedNode, object_: NamedNode | Literal) -> _Form:
        if isinstance(object_, Literal):
            if predicate in DATES:
                return self._date(predicate, object_)
            iri = self._iri_in(predicate, object_)
            form = self._code(predicate, object_, iri)
            if form is not None and form.rules:
                return form
            if iri is not None:
                return _Form((iri,), (IRI,), fault=form.fault if form else None)
            if form is not None:
                return form
            return _Form((object_,), fault=IRI if predicate in LINKS and object_.value else None)
        return self._code(predicate, object_, object_) or _Form((object_,))

    def _iri_in(self, predicate: NamedNode, literal: Literal) -> NamedNode | None:
        """The IRI that the whole of a text is, in the form of today."""
        if literal.datatype not in _TEXTS:
            return None
        text = literal.value.strip()
        form = _MAILTO if predicate in MAILBOXES else _WEB_IRI
        written = writable_iri(text) if form.fullmatch(text) else None
        if written is None:
            return None
        current = find_current(written)
        return NamedNode(current[0] if current else written)

    def _date(self, predicate: NamedNode, literal: Literal) -> _Form:
        if is_dated(literal):
            return _Form((literal,))
        found = read_date(literal.value) if literal.language is None else None
        if found is None:
            return _Form((literal,), fault=DATE if predicate in _EXACT_DATES else None)
        canonical = self._canonical.canonical(found)
        return _Form((literal,)) if canonical == literal else _Form((canonical,), (DATE,))

    def _code(self, predicate: NamedNode, object_: NamedNode | Literal, iri: NamedNode | None) -> _Form | None:
        """The codes for an object, where its property has codes; `iri` is the object as an IRI, if it is one."""
        if self._codes is None or predicate not in self._coded:
            return None
        codes = self._codes_in(predicate, object_, iri)
        if codes == (object_,):
            return _Form((object_,))
        if codes:
            media = self._media_types(object_) if predicate == _FORMAT else ()
            return _Form(codes, (CODE,), media)
        if iri is not None:
            if iri.value.startswith(_AUTHORITIES):
                return _Form((iri,))
            self.nodes.add((predicate, iri))
        return _Form((object_,), fault=CODE if self._codes.is_closed(predicate.value) else None)

    def _codes_in(
        self, predicate: NamedNode, object_: NamedNode | Literal, iri: NamedNode | None
    ) -> tuple[NamedNode, ...]:
        for whole in (iri, object_):
            if whole is not None and (code := self.find_code(predicate, whole.value)) is not None:
                return (code,)
        for separator in _SEPARATORS if isinstance(object_, Literal) else ():
            parts = [part for part in separator.split(object_.value.strip()) if part]
            codes = [self.find_code(predicate, part) for part in parts]
            found = [code for code in codes if code is not None]
            if len(parts) > 1 and len(found) == len(parts):
                return tuple(dict.fromkeys(found))
        return ()

    def _media_types(self, object_: NamedNode | Literal) -> tuple[NamedNode, ...]:
        """The media types that a value of dct:format was written as (DCAT-AP-NO 2.2: both, each from its list)."""
        if _MEDIA not in self._coded:
            return ()
        parts = [object_.value] if isinstance(object_, NamedNode) else _SEPARATORS[1].split(object_.value.strip())
        written = [part for part in parts if isinstance(object_, NamedNode) or _MEDIA_TYPE.fullmatch(part)]
        found = (self.find_code(_MEDIA, part) for part in written)
        return tuple(dict.fromkeys(code for code in found if code is not None))


def _compact(iri: str) -> str:
    for prefix, namespace in WELL_KNOWN_PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
