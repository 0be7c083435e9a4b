"""The register of organisations: names by language, who is under whom, and the ministry.

In: the sightings of all sources and the aliases. Out: triples for `B graph/identity` about organisations with a
number: what can be read out of what sources say, and is not said outright. Each organisation gets one kg:displayName
in each language that has one, so that a table of publishers has a row for each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.build.identity.aliases import Aliases
from kg.build.identity.sightings import LEGAL_NAME, NAMES, ORG_PATH, ORG_TYPE, PARENT, Sightings
from kg.identities import ORGANISATIONS
from kg.namespaces import Names
from kg.organisation_numbers import is_organisation_number

_MOST_LEVELS: Final = 20
"""Levels of hierarchy; the deepest in the public sector has six."""

_TOPS: Final = {"STAT": "STAT", "FYLK": "FYLKE", "KOMM": "KOMMUNE"}
"""The first part of an orgPath by the form of the topmost organisation, as data.norge.no writes it."""


def organisation_triples(
    sightings: Sequence[Sightings], aliases: Aliases, organisations: frozenset[NamedNode], names: Names
) -> Iterator[Triple]:
    """What follows about the organisations, each triple once."""
    shown = _display_names(sightings, aliases, organisations)
    display_name, ministry = NamedNode(f"{names.ns}displayName"), NamedNode(f"{names.ns}ministry")
    for node, texts in shown.items():
        for text in texts:
            yield Triple(node, display_name, text)
    parents, paths = _parents(sightings, aliases, organisations)
    for node, parent in parents.items():
        yield Triple(node, PARENT, parent)
    types = _types(sightings, aliases)
    for node in sorted(organisations, key=lambda each: each.value):
        chain = _chain(node, parents)
        path = paths.get(node) or _path(chain, types)
        if path is None:
            continue
        if node not in paths:
            yield Triple(node, ORG_PATH, Literal(path))
        top = chain[-1]
        if path.startswith("/STAT/") and any("departement" in text.value.casefold() for text in shown.get(top, ())):
            yield Triple(node, ministry, top)


def _display_names(
    sightings: Sequence[Sightings], aliases: Aliases, organisations: frozenset[NamedNode]
) -> dict[NamedNode, list[Literal]]:
    """One name in each language: what most sources write; the registered name, in capitals, where there is no other."""
    written: dict[tuple[NamedNode, str], Counter[tuple[bool, str]]] = defaultdict(Counter)
    for seen in sightings:
        said = {
            (aliases.canonical(subject), _language(object_), predicate != LEGAL_NAME, object_.value.strip())
            for predicate in NAMES
            for subject, object_ in seen.of(predicate)
            if isinstance(object_, Literal) and aliases.canonical(subject) in organisations
        }
        for node, language, readable, text in said:
            written[node, language][readable and not text.isupper(), text] += 1
    shown: dict[NamedNode, list[Literal]] = defaultdict(list)
    for (node, language), texts in sorted(written.items(), key=lambda each: (each[0][0].value, each[0][1])):
        best = max(texts, key=lambda each: (each[0], texts[each], -len(each[1]), each[1]))
        if best[1]:
            shown[node].append(Literal(best[1], language=language))
    return shown


def _language(name: Literal) -> str:
    """The language of a name; Norwegian catalogues leave it out of Norwegian names."""
    language = (name.language or "nb").partition("-")[0]
    return "nb" if language == "no" else language


def _parents(
    sightings: Sequence[Sightings], aliases: Aliases, organisations: frozenset[NamedNode]
) -> tuple[dict[NamedNode, NamedNode], dict[NamedNode, str]]:
    """The organisation that each is under, stated or by its orgPath, and the orgPaths stated."""
    parents: dict[NamedNode, NamedNode] = {}
    paths: dict[NamedNode, str] = {}
    stated = (
        (aliases.canonical(subject), aliases.canonical(object_))
        for seen in sightings
        for subject, object_ in seen.of(PARENT)
        if isinstance(object_, NamedNode)
    )
    for node, parent in sorted(stated, key=lambda pair: (pair[0].value, pair[1].value)):
        if node in organisations and node != parent:
            parents.setdefault(node, parent)
    written = ((aliases.canonical(subject), text.value) for seen in sightings for subject, text in seen.of(ORG_PATH))
    for node, path in sorted(written, key=lambda pair: (pair[0].value, pair[1])):
        steps = [NamedNode(f"{ORGANISATIONS}{part}") for part in path.split("/") if is_organisation_number(part)]
        if not steps or steps[-1] != node or len(steps) > _MOST_LEVELS:
            continue
        paths.setdefault(node, path)
        for above, below in pairwise(steps):
            parents.setdefault(below, above)
    return parents, paths


def _types(sightings: Sequence[Sightings], aliases: Aliases) -> dict[NamedNode, str]:
    written = (
        (aliases.canonical(subject), object_.value.rpartition("#")[2])
        for seen in sightings
        for subject, object_ in seen.of(ORG_TYPE)
    )
    return dict(sorted(written, key=lambda pair: (pair[0].value, pair[1]), reverse=True))


def _chain(node: NamedNode, parents: Mapping[NamedNode, NamedNode]) -> list[NamedNode]:
    """An organisation and those above it; a circle is left where it closes."""
    chain = [node]
    while (parent := parents.get(chain[-1])) is not None and parent not in chain and len(chain) < _MOST_LEVELS:
        chain.append(parent)
    return chain


def _path(chain: Sequence[NamedNode], types: Mapping[NamedNode, str]) -> str | None:
    """The orgPath of an organisation, where the form of the topmost one is known."""
    top = types.get(chain[-1])
    if top is None or any(not node.value.startswith(ORGANISATIONS) for node in chain):
        return None
    first = _TOPS.get(top, "ANNET" if top == "ORGL" else "PRIVAT")
    return "/".join(("", first, *(node.value.removeprefix(ORGANISATIONS) for node in reversed(chain))))
