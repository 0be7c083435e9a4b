"""References: concepts and other resources that are referred to under an IRI they no longer have.

In: the sightings of all sources. Out: aliases, and the references that lead nowhere. The canonical IRI is the newest
form that a source describes; where none does there is no alias, and the reference is reported.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.build.identity.aliases import BRREG_CONCEPT, CATALOGUE_ID, CONCEPT_UUID, SCHEME, Found, IdentityRule
from kg.build.identity.sightings import IDENTIFIER, PRIMARY_TOPIC, TYPE, Sightings
from kg.identities import ConceptForm, catalogue_id, find_brreg_concept, find_catalogue_id, find_concept
from kg.namespaces import DCAT
from loaders.protocol import Problem

_RECORD: Final = NamedNode(f"{DCAT}CatalogRecord")

_FORMS: Final[tuple[tuple[IdentityRule, Callable[[str], ConceptForm | None]], ...]] = (
    (CONCEPT_UUID, find_concept),
    (BRREG_CONCEPT, find_brreg_concept),
)


@dataclass(frozen=True, slots=True)
class References:
    """What was found about references.

    Attributes:
        found: the aliases.
        problems: by source, the references that lead nowhere.
    """

    found: tuple[Found, ...]
    problems: Mapping[str, tuple[Problem, ...]]


def find_references(sightings: Sequence[Sightings]) -> References:
    """Recover every reference that can be recovered with certainty; the order of the sources does not matter."""
    described = frozenset[NamedNode]().union(*(seen.described for seen in sightings))
    named = frozenset[NamedNode]().union(*(seen.named for seen in sightings))
    problems: dict[str, list[Problem]] = defaultdict(list)
    found = [
        *(each for rule, find in _FORMS for each in _by_form(rule, find, described, named)),
        *_by_catalogue_id(sightings, described, named),
        *_by_scheme(described, named),
    ]
    aliases = {each.alias for each in found}
    for seen in sightings:
        for node in seen.named - described - aliases:
            if _names_a_resource(node.value):
                what = f"<{node.value}> names a concept or resource that no source describes"
                hint = "load the source that describes it, or refer to it by the IRI it has now"
                problems[seen.source_id].append(Problem(seen.source_id, what, hint, "warning"))
    ordered = {source_id: tuple(sorted(listed, key=lambda each: each.what)) for source_id, listed in problems.items()}
    return References(tuple(found), ordered)


def _names_a_resource(iri: str) -> bool:
    return bool(find_concept(iri) or find_brreg_concept(iri) or find_catalogue_id(iri))


def _by_form(
    rule: IdentityRule,
    find: Callable[[str], ConceptForm | None],
    described: frozenset[NamedNode],
    named: frozenset[NamedNode],
) -> Iterator[Found]:
    forms: dict[str, list[tuple[ConceptForm, NamedNode]]] = defaultdict(list)
    for node in described | named:
        if (form := find(node.value)) is not None:
            forms[form.key].append((form, node))
    for same in forms.values():
        owners = {form.owner for form, _ in same if form.owner}
        if len(owners) > 1:  # a uuid was copied from another owner's concept: these are two concepts
            continue
        there = [(form.generation, node.value, node) for form, node in same if node in described]
        if not there:
            continue
        canonical = max(there)[2]
        for _, node in same:
            if node != canonical:
                yield Found(node, canonical, rule)


def _by_catalogue_id(
    sightings: Sequence[Sightings], described: frozenset[NamedNode], named: frozenset[NamedNode]
) -> Iterator[Found]:
    records = {subject for seen in sightings for subject, object_ in seen.of(TYPE) if object_ == _RECORD}
    # A page address that is itself described as a record is the record, not the resource.
    asked = ((node, find_catalogue_id(node.value)) for node in named | described if node not in records)
    addresses = {node: key for node, key in asked if key is not None}
    if not addresses:
        return
    wanted = set(addresses.values())
    hashed: dict[str, set[NamedNode]] = defaultdict(set)
    for node in described:
        if node not in addresses and (key := catalogue_id(node.value)) in wanted:
            hashed[key].add(node)
    stated: dict[str, set[NamedNode]] = defaultdict(set)
    for seen in sightings:
        for key, topic in _stated(seen, records):
            stated[key].add(topic)
    for address, key in addresses.items():
        # What anybody can reckon goes before what one source says of another's resource.
        meant = (hashed.get(key) or stated[key]) - {address}
        if len(meant) == 1:
            yield Found(address, next(iter(meant)), CATALOGUE_ID)


def _stated(seen: Sightings, records: set[NamedNode]) -> Iterator[tuple[str, NamedNode]]:
    """The ids of the catalogue records in a source, each with the resource that the record is of."""
    ids: dict[NamedNode, str] = {}
    for subject, object_ in seen.of(IDENTIFIER):
        if subject in records:
            ids[subject] = object_.value
    for subject, object_ in seen.of(PRIMARY_TOPIC):
        if subject in ids and isinstance(object_, NamedNode):
            yield ids[subject], object_


def _by_scheme(described: frozenset[NamedNode], named: frozenset[NamedNode]) -> Iterator[Found]:
    for node in named - described:
        iri = node.value
        if iri.startswith("http://"):
            twin = NamedNode(f"https://{iri[7:]}")
        elif iri.startswith("https://"):
            twin = NamedNode(f"http://{iri[8:]}")
        else:
            continue
        if twin in described:
            yield Found(node, twin, SCHEME)
