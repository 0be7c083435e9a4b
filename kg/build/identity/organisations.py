"""Organisations: one canonical IRI per organisation number, `https://data.norge.no/organizations/{number}`.

In: the sightings of all sources. Out: aliases, and what could not be resolved, for the owners of the sources. An IRI
is trusted by its form, an agent by the number it gives, a name only where it is that of exactly one organisation whose
number is known; everything else stays as it is and is listed.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.build.identity.aliases import ORGANISATION_IRI, ORGANISATION_NAME, ORGANISATION_NUMBER, Found
from kg.build.identity.sightings import AGENT_PROPERTIES, IDENTIFIER, NAMES, TYPE, Sightings
from kg.identities import ORGANISATIONS, canonical_organisation, find_organisation_number, number_of_agent
from kg.namespaces import CV, DCT, FOAF, ORG, ROV
from kg.organisation_numbers import is_organisation_number
from loaders.protocol import Problem

ORGANISATION_CLASSES: Final = frozenset(
    NamedNode(iri)
    for iri in (
        f"{FOAF}Agent",
        f"{FOAF}Organization",
        f"{ORG}Organization",
        f"{ORG}FormalOrganization",
        f"{ORG}OrganizationalUnit",
        f"{ROV}RegisteredOrganization",
        f"{CV}PublicOrganisation",
        f"{DCT}Agent",
    )
)
"""What organisations are typed as in the application profiles and their older versions."""

_SPACE: Final = re.compile(r"\s+")
_ABBREVIATION: Final = re.compile(r" \([A-ZÆØÅ][A-Za-zÆØÅæøå-]{1,7}\)$")
_ENOUGH_ALIKE: Final = 0.85
_MOST_COMPARED: Final = 300


@dataclass(frozen=True, slots=True)
class Organisations:
    """What was found about the organisations of all sources.

    Attributes:
        found: the aliases.
        problems: by source, what stays unresolved.
        canonical: the canonical IRIs of all organisations with a number.
    """

    found: tuple[Found, ...]
    problems: Mapping[str, tuple[Problem, ...]]
    canonical: frozenset[NamedNode]


def find_organisations(sightings: Sequence[Sightings]) -> Organisations:
    """Resolve every organisation that can be resolved with certainty; the order of the sources does not matter."""
    problems: dict[str, list[Problem]] = defaultdict(list)
    by_iri = _by_iri(sightings, problems)
    agents = {seen.source_id: _agents(seen) for seen in sightings}
    by_number = _by_number(sightings, agents, by_iri, problems)
    resolved = {**by_number, **by_iri}
    names = _names(sightings, resolved)
    by_name = _by_name(sightings, agents, resolved, names, problems)
    found = [
        *(Found(node, canonical, ORGANISATION_IRI) for node, canonical in by_iri.items()),
        *(Found(node, canonical, ORGANISATION_NUMBER) for node, canonical in by_number.items()),
        *(Found(node, canonical, ORGANISATION_NAME) for node, canonical in by_name.items()),
    ]
    return Organisations(
        tuple(each for each in found if each.alias != each.canonical),
        {source_id: tuple(sorted(listed, key=lambda problem: problem.what)) for source_id, listed in problems.items()},
        frozenset(resolved.values()),
    )


def _by_iri(sightings: Sequence[Sightings], problems: dict[str, list[Problem]]) -> dict[NamedNode, NamedNode]:
    found: dict[NamedNode, NamedNode] = {}
    for seen in sightings:
        for node in seen.described | seen.named:
            number = find_organisation_number(node.value)
            if number is None:
                continue
            canonical = canonical_organisation(node.value)
            if canonical is None:
                problems[seen.source_id].append(
                    Problem(
                        seen.source_id,
                        f"<{node.value}> has no valid organisation number; it stays as it is",
                        "look the organisation up in Enhetsregisteret",
                        "warning",
                    )
                )
            else:
                found[node] = NamedNode(canonical)
    return found


def _agents(seen: Sightings) -> set[NamedNode]:
    """What a source takes for an organisation: by its type, or by what it is said to do."""
    typed = {subject for subject, object_ in seen.of(TYPE) if object_ in ORGANISATION_CLASSES}
    acting = {
        object_ for predicate in AGENT_PROPERTIES for _, object_ in seen.of(predicate) if isinstance(object_, NamedNode)
    }
    return typed | acting


def _by_number(
    sightings: Sequence[Sightings],
    agents: Mapping[str, set[NamedNode]],
    by_iri: Mapping[NamedNode, NamedNode],
    problems: dict[str, list[Problem]],
) -> dict[NamedNode, NamedNode]:
    stated: dict[NamedNode, dict[str, str]] = defaultdict(dict)
    for seen in sightings:
        for subject, object_ in seen.of(IDENTIFIER):
            number = _number(object_)
            if number and subject in agents[seen.source_id]:
                stated[subject].setdefault(number, seen.source_id)
        for node in agents[seen.source_id]:
            if number := number_of_agent(node.value):
                stated[node].setdefault(number, seen.source_id)
    found: dict[NamedNode, NamedNode] = {}
    for node, numbers in stated.items():
        meant = by_iri.get(node)
        if meant is None and len(numbers) == 1:
            found[node] = NamedNode(f"{ORGANISATIONS}{next(iter(numbers))}")
        elif meant is None or any(meant.value != f"{ORGANISATIONS}{number}" for number in numbers):
            what = f"<{node.value}> has the organisation numbers {', '.join(sorted(numbers))}"
            if meant is not None:
                what += f" and another in its IRI, which is taken to be right ({meant.value})"
            for source_id in sorted(set(numbers.values())):
                problems[source_id].append(
                    Problem(source_id, what, "give each organisation its own IRI and number", "warning")
                )
    return found


def _number(term: NamedNode | Literal) -> str | None:
    """The valid organisation number that an identifier holds: nine digits, spaces between them allowed, or an IRI."""
    text = term.value if isinstance(term, NamedNode) else _SPACE.sub("", term.value)
    if is_organisation_number(text):
        return text
    canonical = canonical_organisation(text)
    return canonical.removeprefix(ORGANISATIONS) if canonical else None


def normal_name(text: str) -> str:
    """A name for comparison: in one case, with single spaces, without an abbreviation in brackets at its end.

    >>> normal_name(" NORSK  Polarinstitutt "), normal_name("Norges vassdrags- og energidirektorat (NVE)")
    ('norsk polarinstitutt', 'norges vassdrags- og energidirektorat')
    """
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return _ABBREVIATION.sub("", text).casefold()


def _names(sightings: Sequence[Sightings], resolved: Mapping[NamedNode, NamedNode]) -> dict[str, set[NamedNode]]:
    """Which organisations with a number have a name."""
    names: dict[str, set[NamedNode]] = defaultdict(set)
    for seen in sightings:
        for subject, text in _named(seen):
            canonical = resolved.get(subject)
            if canonical is not None:
                names[normal_name(text)].add(canonical)
    return names


def _named(seen: Sightings) -> Iterator[tuple[NamedNode, str]]:
    for predicate in NAMES:
        for subject, object_ in seen.of(predicate):
            if isinstance(object_, Literal) and normal_name(object_.value):
                yield subject, _SPACE.sub(" ", object_.value).strip()


def _by_name(
    sightings: Sequence[Sightings],
    agents: Mapping[str, set[NamedNode]],
    resolved: Mapping[NamedNode, NamedNode],
    names: Mapping[str, set[NamedNode]],
    problems: dict[str, list[Problem]],
) -> dict[NamedNode, NamedNode]:
    called: dict[NamedNode, set[str]] = defaultdict(set)
    told_by: dict[NamedNode, set[str]] = defaultdict(set)
    for seen in sightings:
        unresolved = {node for node in agents[seen.source_id] if node not in resolved}
        for node in unresolved:
            if find_organisation_number(node.value) is None:  # an invalid number has been reported
                told_by[node].add(seen.source_id)
        for subject, text in _named(seen):
            if subject in unresolved:
                called[subject].add(text)
    alike = _Alike(names)
    found: dict[NamedNode, NamedNode] = {}
    for node, source_ids in told_by.items():
        meant = {canonical for text in called[node] for canonical in names.get(normal_name(text), ())}
        if len(meant) == 1 and all(normal_name(text) in names for text in called[node]):
            found[node] = next(iter(meant))
            continue
        what, hint = _unresolved(node, called[node], meant, alike)
        for source_id in source_ids:
            problems[source_id].append(Problem(source_id, what, hint, "warning"))
    return found


def _unresolved(node: NamedNode, called: set[str], meant: set[NamedNode], alike: "_Alike") -> tuple[str, str]:
    title = f'"{min(called)}"' if called else f"<{node.value}>"
    what = f"{title} is an organisation without a number that is known; it stays as it is"
    if len(meant) > 1:
        numbers = ", ".join(sorted(canonical.value.removeprefix(ORGANISATIONS) for canonical in meant))
        return what, f"several organisations have the name: {numbers}; give the number of the right one"
    near = alike.to(called)
    if near:
        return what, f"give its number as dct:identifier; names that are nearly the same: {', '.join(near)}"
    return what, "give its number as dct:identifier"


class _Alike:
    """Finds names that are nearly the same, for people to judge."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names):
            for word in {word[:4] for word in name.split() if len(word) > 3}:
                self._by_start[word].append(name)

    def to(self, called: Iterable[str]) -> list[str]:
        """Up to three names that are nearly like one of these."""
        near: list[str] = []
        for name in sorted(normal_name(text) for text in called):
            starts = {word[:4] for word in name.split() if len(word) > 3}
            # Words that hundreds of names begin with tell nothing ("kommune").
            rare = [start for start in starts if len(self._by_start.get(start, ())) <= _MOST_COMPARED]
            compared = sorted({other for start in rare for other in self._by_start.get(start, ())})
            near += difflib.get_close_matches(name, compared, 3, _ENOUGH_ALIKE)
        return near[:3]
