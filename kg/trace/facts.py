"""What a generation says, statement by statement: the small reader that findings and the overview stand on.

In: a generation's store, IRIs. Out: IRIs and literals in a fixed order, and statements with their evidence. The default
graph and the inferred graph are read; the graphs of the sources repeat what the default graph has, under other IRIs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.identities import number_of_agent
from kg.namespaces import DCT, FOAF, ORG, RDF, RDFS, ROV, SKOS, Names
from kg.organisation_numbers import is_organisation_number
from kg.trace.web import Statement, Words

LONGEST_NAME: Final = 120
"""Characters of a name in a sentence; a longer one is cut, and says so."""

MOST_REMEMBERED: Final = 100_000
"""Agencies of which it is remembered what their number is, and what they are a part of."""

_PART_OF: Final = (f"{ORG}transitiveSubOrganizationOf", f"{ORG}subOrganizationOf")
_NAMING: Final = (f"{SKOS}prefLabel", f"{DCT}title", f"{FOAF}name", f"{ROV}legalName", f"{RDFS}label")
_LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"nb": ("nb", "no", "nn", "", "en"), "en": ("en", "nb", "no", "nn", "")}
)
_DEFAULT: Final = DefaultGraph()
_TYPE: Final = f"{RDF}type"
_UUID: Final = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


class Facts:
    """The statements of one generation, which never change."""

    def __init__(self, store: Store, inferred: str | None, names: Names) -> None:
        self.names = names
        self._store = store
        self._inferred = NamedNode(inferred) if inferred else None
        self._read = {_DEFAULT, self._inferred}
        self._numbers: dict[str, str] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._concepts_by_id: dict[str, tuple[str, ...]] | None = None  # made when it is first asked for

    def own(self, name: str) -> str:
        """A term of our vocabulary."""
        return f"{self.names.ns}{name}"

    def objects(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The IRIs that a property of a thing leads to, in their order."""
        found = {quad.object for quad in self._quads(subject, predicate, None)}
        return tuple(sorted(term.value for term in found if isinstance(term, NamedNode)))

    def subjects(self, predicate: str, object_: str) -> tuple[str, ...]:
        """The IRIs of what leads to a thing by a property, in their order."""
        found = {quad.subject for quad in self._quads(None, predicate, object_)}
        return tuple(sorted(term.value for term in found if isinstance(term, NamedNode)))

    def literals(self, subject: str, predicate: str) -> tuple[Literal, ...]:
        """The literals of a property of a thing, in their order."""
        found = {quad.object for quad in self._quads(subject, predicate, None)}
        return tuple(sorted((term for term in found if isinstance(term, Literal)), key=str))

    def labelled(self, predicate: str, label: Literal) -> tuple[str, ...]:
        """The IRIs of what has exactly this literal, in their order."""
        found = self._store.quads_for_pattern(None, NamedNode(predicate), label, None)
        subjects = {quad.subject for quad in found if self._holds(quad)}
        return tuple(sorted(term.value for term in subjects if isinstance(term, NamedNode)))

    def number_of(self, agency: str) -> str:
        """The organisation number that an agency's IRI ends in or that is its identifier; empty where it has none."""
        known = self._numbers.get(agency)
        if known is None:
            if len(self._numbers) >= MOST_REMEMBERED:
                self._numbers.clear()
            identifiers = (label.value for label in self.literals(agency, f"{DCT}identifier"))
            stated = (number for number in identifiers if is_organisation_number(number))
            known = self._numbers[agency] = number_of_agent(agency) or next(stated, "")
        return known

    def above(self, agency: str) -> frozenset[str]:
        """The agencies that an agency is a part of, however many steps above it (The Organization Ontology, 5.2)."""
        known = self._above.get(agency)
        if known is None:
            if len(self._above) >= MOST_REMEMBERED:
                self._above.clear()
            found = {above for part in _PART_OF for above in self.objects(agency, part)} - {agency}
            known = self._above[agency] = frozenset(found)
        return known

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        """Every pair of IRIs that a property joins, each once, in no order."""
        for quad in self._quads(None, predicate, None):
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(object_, NamedNode):
                yield subject.value, object_.value

    def is_a(self, thing: str, kind: str) -> bool:
        """Whether a thing is of a class."""
        return self.holds(thing, _TYPE, kind)

    def holds(self, subject: str, predicate: str, object_: str) -> bool:
        """Whether a statement between two IRIs holds."""
        # Asked of each graph by itself, which costs a sixth of a search for what fits.
        terms = NamedNode(subject), NamedNode(predicate), NamedNode(object_)
        if Quad(*terms) in self._store:
            return True
        return self._inferred is not None and Quad(*terms, self._inferred) in self._store

    def concepts_with_id(self, iri: str) -> tuple[str, ...]:
        """The concepts whose IRIs hold the UUID of an IRI; it stays the same when an IRI takes another form."""
        if self._concepts_by_id is None:
            self._concepts_by_id = {}
            for concept in self.subjects(_TYPE, f"{SKOS}Concept"):
                if found := _UUID.search(concept):
                    known = self._concepts_by_id.get(found[0].lower(), ())
                    self._concepts_by_id[found[0].lower()] = (*known, concept)
        found = _UUID.search(iri)
        return self._concepts_by_id.get(found[0].lower(), ()) if found else ()

    def is_described(self, thing: str) -> bool:
        """Whether anything is said of a thing."""
        return any(self._holds(quad) for quad in self._store.quads_for_pattern(NamedNode(thing), None, None, None))

    def statements(self, subject: str, predicate: str, object_: str | None = None) -> tuple[Statement, ...]:
        """The statements that fit, as N-Triples texts in their order."""
        found = {
            (str(quad.subject), str(quad.predicate), str(quad.object))
            for quad in self._quads(subject, predicate, object_)
        }
        return tuple(Statement(*texts) for texts in sorted(found))

    def name(self, thing: str, language: str) -> str:
        """What a thing is called in a language, on one line and not too long; without a name the end of its IRI."""
        return _chosen(self._labels(thing), thing, language)

    def words(self, thing: str) -> Words:
        """What a thing is called in both languages."""
        labels = self._labels(thing)
        return Words(_chosen(labels, thing, "nb"), _chosen(labels, thing, "en"))

    def _labels(self, thing: str) -> list[Literal]:
        """The labels of the first property that names a thing."""
        for place in (self.own("displayName"), *_NAMING):
            if labels := [label for label in self.literals(thing, place) if label.value.strip()]:
                return labels
        return []

    def _quads(self, subject: str | None, predicate: str, object_: str | None) -> Iterator[Quad]:
        # Without a graph, because to name the default graph costs three times as much as the search itself.
        found = self._store.quads_for_pattern(
            NamedNode(subject) if subject is not None else None,
            NamedNode(predicate),
            NamedNode(object_) if object_ is not None else None,
            None,
        )
        return (quad for quad in found if self._holds(quad))

    def _holds(self, quad: Quad) -> bool:
        return quad.graph_name in self._read


def _chosen(labels: Sequence[Literal], thing: str, language: str) -> str:
    if not labels:
        return _short(thing.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or thing)
    wanted = _LANGUAGES[language]
    return _short(min(labels, key=lambda label: (_rank(label, wanted), label.value)).value)


def _rank(label: Literal, wanted: tuple[str, ...]) -> int:
    tag = (label.language or "").partition("-")[0]
    return wanted.index(tag) if tag in wanted else len(wanted)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"
