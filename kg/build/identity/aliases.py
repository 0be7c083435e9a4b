"""Aliases: which IRIs are other forms of which, each with the rule that found it.

In: what the rules of this folder found. Out: the whole mapping, every alias straight to its canonical IRI, and its
triples for `B graph/identity`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from kg.build.identity.sightings import Sightings
from kg.namespaces import Names


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """One way to find that two IRIs name one thing.

    Attributes:
        name: the last part of its IRI, and as it appears in the build report.
        does: what it takes to be the same, in words.
        because: why that is certain.
    """

    name: str
    does: str
    because: str


ORGANISATION_IRI: Final = IdentityRule(
    "organisation-iri",
    "IRIs of a register or catalogue of organisations with the same valid organisation number",
    "Enhetsregisteret gives each organisation one number; its check digit is right",
)
ORGANISATION_NUMBER: Final = IdentityRule(
    "organisation-number",
    "an agent with one valid number as its dct:identifier or last part of its IRI, and the organisation of that number",
    "the source says so itself",
)
ORGANISATION_NAME: Final = IdentityRule(
    "organisation-name",
    "an agent without number, and the one organisation with a number that has all its names",
    "names are equal but for case and space, and no other organisation that is known has one of them",
)
CONCEPT_UUID: Final = IdentityRule(
    "concept-uuid",
    "IRIs of the common concept catalogue and its forerunners with the same uuid, of the same owner",
    "the uuid was kept each time the form of the IRIs was changed",
)
BRREG_CONCEPT: Final = IdentityRule(
    "brreg-concept",
    "IRIs of Brønnøysundregistrene's concepts with the same number",
    "the number is that of one entry in one register, whichever service shows it",
)
CATALOGUE_ID: Final = IdentityRule(
    "catalogue-id",
    "the address at which data.norge.no shows a resource, and the resource",
    "the id in it is a hash of the resource's IRI, or a harvested record says which resource it is of",
)
SCHEME: Final = IdentityRule(
    "scheme",
    "an IRI that nobody describes, and one that is described and differs in http or https alone",
    "no source uses both for two things",
)

IDENTITY_RULES: Final = (
    ORGANISATION_IRI,
    ORGANISATION_NUMBER,
    ORGANISATION_NAME,
    CONCEPT_UUID,
    BRREG_CONCEPT,
    CATALOGUE_ID,
    SCHEME,
)
"""Every rule, the most certain first: where two speak of one alias, the first is believed."""


@dataclass(frozen=True, slots=True)
class Found:
    """That a rule takes an IRI for a form of another."""

    alias: NamedNode
    canonical: NamedNode
    rule: IdentityRule


class Aliases:
    """The mapping from every alias to its canonical IRI."""

    def __init__(self, found: Iterable[Found]) -> None:
        rank = {rule: number for number, rule in enumerate(IDENTITY_RULES)}
        ordered = sorted(found, key=lambda each: (rank[each.rule], each.alias.value, each.canonical.value))
        steps: dict[NamedNode, Found] = {}
        for each in ordered:
            if each.alias != each.canonical:
                steps.setdefault(each.alias, each)
        ends = ((alias, _end(alias, steps)) for alias in steps)
        self.mapping: Mapping[NamedNode, NamedNode] = {alias: end for alias, end in ends if alias != end}
        self._found = {alias: steps[alias] for alias in self.mapping}

    def __len__(self) -> int:
        return len(self.mapping)

    def canonical(self, node: NamedNode) -> NamedNode:
        """The canonical IRI; itself where it is no alias."""
        return self.mapping.get(node, node)

    def rule(self, alias: NamedNode) -> IdentityRule:
        """The rule that found an alias."""
        return self._found[alias].rule

    def counts(self) -> dict[str, int]:
        """For each rule how many aliases it found."""
        counts = {rule.name: 0 for rule in IDENTITY_RULES}
        for each in self._found.values():
            counts[each.rule.name] += 1
        return counts

    def table(self) -> dict[str, str]:
        """The mapping as text."""
        return {alias.value: canonical.value for alias, canonical in self.mapping.items()}

    def triples(self, sightings: Sequence[Sightings], names: Names) -> Iterator[Triple]:
        """What `B graph/identity` says: each alias, its canonical IRI, the rule, and the sources that use it."""
        same, by, used = (NamedNode(f"{names.ns}{name}") for name in ("sameThing", "foundBy", "usedIn"))
        for alias in sorted(self.mapping, key=lambda node: node.value):
            users = (seen.source_id for seen in sightings if alias in seen.described or alias in seen.named)
            yield Triple(alias, same, self.mapping[alias])
            yield Triple(alias, by, NamedNode(f"{names.base}ns/identity#{self.rule(alias).name}"))
            for source_id in sorted(users):
                yield Triple(alias, used, NamedNode(names.source(source_id)))


def _end(alias: NamedNode, steps: Mapping[NamedNode, Found]) -> NamedNode:
    """Where the steps from an alias lead; in a circle, the least IRI of it."""
    path = [alias]
    while (step := steps.get(path[-1])) is not None:
        if step.canonical in path:
            circle = path[path.index(step.canonical) :]
            return min(circle, key=lambda node: node.value)
        path.append(step.canonical)
    return path[-1]
