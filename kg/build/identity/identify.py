"""Identify: one IRI per thing.

In: what all sources were seen to say. Out: the aliases, the triples of `B graph/identity`, and what could not be
resolved, by source. Sources keep their own IRIs in `B graph/source/*`; the default and the
inferred graph have canonical ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.identity.aliases import Aliases
from kg.build.identity.kinds import find_kinds, kind_triples
from kg.build.identity.organisations import find_organisations
from kg.build.identity.references import find_references
from kg.build.identity.register import organisation_triples
from kg.build.identity.sightings import Sightings
from kg.namespaces import BR, DCAT, FOAF, VCARD, Names
from loaders.protocol import Problem

MAX_PROBLEMS: Final = 100
"""Problems reported of each kind for one source; the last one says how many more there are."""

_ADDRESSES: Final = frozenset(
    NamedNode(iri)
    for iri in (
        f"{FOAF}page",
        f"{FOAF}homepage",
        f"{FOAF}isPrimaryTopicOf",
        f"{DCAT}landingPage",
        f"{DCAT}accessURL",
        f"{DCAT}downloadURL",
        f"{DCAT}endpointURL",
        f"{DCAT}endpointDescription",
        f"{VCARD}hasURL",
        f"{BR}norwegianRegistry",
    )
)
"""Properties whose values are addresses of documents and services, whatever the address names elsewhere."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is the same as what.

    Attributes:
        aliases: every IRI that is another form of a canonical one.
        triples: those of `B graph/identity`: the aliases, the kinds of concepts, the register of organisations.
        problems: by source, what could not be resolved.
    """

    aliases: Aliases
    triples: tuple[Triple, ...]
    problems: Mapping[str, tuple[Problem, ...]]


def identify(sightings: Sequence[Sightings], codes: Sightings, names: Names) -> Identity:
    """Find out what is the same as what in all sources together; their order changes nothing.

    `codes` are the sightings of the controlled vocabularies, which are told apart from concepts like those of sources.
    """
    organisations = find_organisations(sightings)
    references = find_references(sightings)
    aliases = Aliases((*organisations.found, *references.found))
    kinds = find_kinds((*sightings, codes), aliases, names)
    found = {
        *aliases.triples(sightings, names),
        *kind_triples(kinds, names),
        *organisation_triples(sightings, aliases, organisations.canonical, names),
    }
    problems = {
        seen.source_id: (
            *_first(organisations.problems.get(seen.source_id, ()), "organisations that are not resolved"),
            *_first(references.problems.get(seen.source_id, ()), "references that lead nowhere"),
        )
        for seen in sightings
    }
    return Identity(aliases, tuple(sorted(found, key=str)), problems)


def _first(problems: Sequence[Problem], of: str) -> Iterable[Problem]:
    yield from problems[:MAX_PROBLEMS]
    if len(problems) > MAX_PROBLEMS:
        last = problems[-1]
        yield Problem(last.where, f"and {len(problems) - MAX_PROBLEMS} more {of}", last.hint, last.severity)


def under_canonical_iris(triple: Triple, mapping: Mapping[NamedNode, NamedNode]) -> Triple | None:
    """A triple with canonical IRIs; the same object where it has them already.

    None where it says of two forms of one thing that they are related, which says nothing any more.
    """
    subject, predicate, object_ = triple
    new_subject = mapping.get(subject, subject) if isinstance(subject, NamedNode) else subject
    new_object: NamedNode | BlankNode | Literal | Triple | None = object_
    if isinstance(object_, NamedNode):
        if object_ in mapping and predicate not in _ADDRESSES:
            new_object = mapping[object_]
    elif isinstance(object_, Triple):
        new_object = under_canonical_iris(object_, mapping)
    if new_object is None:
        return None
    if new_subject is subject and new_object is object_:
        return triple
    if new_subject == new_object and subject != object_:
        return None
    return Triple(new_subject, predicate, new_object)
