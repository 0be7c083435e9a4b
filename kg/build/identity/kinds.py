"""Kinds told apart: the three things that are typed skos:Concept, each under a name of its own.

In: the sightings of sources. Out: triples for `B graph/identity`: a skos:Concept is a concept of a concept catalogue
(`kg:CatalogueConcept`), an entry of a code list, a theme or another controlled vocabulary (`kg:Code`), or a field that
concepts belong to (`kg:SubjectField`). What dct:subject and dct:conformsTo mean in each place follows by rules
(`kg.reason.own_rules`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from kg.build.identity.aliases import Aliases
from kg.build.identity.sightings import (
    DEFINITION,
    IN_SCHEME,
    MEMBER,
    PUBLISHER,
    SUBJECT,
    TOP_CONCEPT_OF,
    TYPE,
    Sightings,
)
from kg.namespaces import MODELLDCATNO, SKOS, Names

CONCEPT: Final = NamedNode(f"{SKOS}Concept")
_CODE_ELEMENT: Final = NamedNode(f"{MODELLDCATNO}CodeElement")

_CODE_IRI: Final = re.compile(
    "|".join(
        (
            r"https?://publications\.europa\.eu/resource/authority/",
            r"https?://eurovoc\.europa\.eu/",
            r"https?://psi\.norge\.no/los/",
            r"https?://www\.iana\.org/assignments/",
            r"https?://purl\.org/adms/",
            r"https?://data\.brreg\.no/datakatalog/provinens/",
            r"https?://data\.norge\.no/vocabulary/",
            r"https?://data\.norge\.no/concepts/[0-9]+$",  # kinds of life event and the like, not an agency's
            r"https?://w3id\.org/mobilitydcat-ap/",
            r"https?://raw\.githubusercontent\.com/Informasjonsforvaltning/organization-catalog/",
            r"https?://catalog-admin-service\.",  # the subject fields that an agency lists for itself
        )
    )
)
"""Where controlled vocabularies live; their words are skos:Concept as well."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of the concepts of all sources, under their canonical IRIs."""

    codes: frozenset[NamedNode]
    catalogued: frozenset[NamedNode]
    fields: frozenset[NamedNode]


def code_entries(seen: Sightings) -> set[NamedNode]:
    """The entries of code lists among what one source describes, by that source's own word.

    An entry is in a concept scheme, or in a collection that is: SKOS-AP-NO-Begrep 2.0 has collections only, XKOS-AP-NO
    and the authority tables have schemes.
    """
    listed = {subject for predicate in (IN_SCHEME, TOP_CONCEPT_OF) for subject, _ in seen.of(predicate)}
    listed |= {member for group, member in seen.of(MEMBER) if group in listed and isinstance(member, NamedNode)}
    listed |= {subject for subject, object_ in seen.of(TYPE) if object_ == _CODE_ELEMENT}
    concepts = (subject for subject, object_ in seen.of(TYPE) if object_ == CONCEPT)
    return listed | {subject for subject in concepts if _CODE_IRI.match(subject.value)}


def find_kinds(sightings: Sequence[Sightings], aliases: Aliases, names: Names) -> Kinds:
    """Tell the concepts of all sources apart."""

    def canonical(nodes: Iterable[NamedNode]) -> frozenset[NamedNode]:
        return frozenset(aliases.canonical(node) for node in nodes)

    concepts = canonical(subject for seen in sightings for subject, object_ in seen.of(TYPE) if object_ == CONCEPT)
    codes = canonical(node for seen in sightings for node in code_entries(seen)) & concepts
    kept = canonical(
        node
        for seen in sightings
        for predicate in (PUBLISHER, DEFINITION)
        for node, _ in seen.of(predicate)
        if not node.value.startswith(names.genid)
    )
    members = canonical(
        object_ for seen in sightings for _, object_ in seen.of(MEMBER) if isinstance(object_, NamedNode)
    )
    fields = canonical(
        object_
        for seen in sightings
        for subject, object_ in seen.of(SUBJECT)
        if isinstance(object_, NamedNode) and aliases.canonical(subject) in concepts
    )
    return Kinds(codes, (concepts - codes) & (kept | members), fields)


def kind_triples(kinds: Kinds, names: Names) -> Iterator[Triple]:
    """What the kinds say, each triple once."""
    for nodes, name in (
        (kinds.catalogued, "CatalogueConcept"),
        (kinds.codes, "Code"),
        (kinds.fields, "SubjectField"),
    ):
        for node in nodes:
            yield Triple(node, TYPE, NamedNode(f"{names.ns}{name}"))
