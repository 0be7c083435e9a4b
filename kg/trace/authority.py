"""Who answers for what: the agency behind a thing, whether two are one house, and whether a dataset is authoritative.

In: facts. Out: IRIs of agencies, and on what an authority rests. Nothing is guessed: where no source says it, the
answer is empty.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import DCAT, DCT, RDFS, SKOS, WELL_KNOWN_PREFIXES, XSD
from kg.trace.facts import Facts

MAX_SAME: Final = 50
"""Concepts that are taken as one with a concept; one wrong exact match can join very many."""

_FDK: Final = WELL_KNOWN_PREFIXES["fdk"]
_TRUE: Final = Literal("true", datatype=NamedNode(f"{XSD}boolean"))
_BASE_REGISTER: Final = tuple(
    Literal(form, language=tag) if tag else Literal(form)
    for word in ("basisregister", "grunndataregister", "base register", "base registry")
    for form in (word, word.capitalize())
    for tag in ("nb", "nn", "no", "en", "")
)
"""What the publisher of a base register calls it, as keyword or type."""


_CALLING: Final = (f"{DCAT}keyword", f"{DCT}type")


class Basis(StrEnum):
    """On what it rests that a dataset is the authoritative source."""

    PROVENANCE = "provenance"
    """Its publisher states national provenance (DCAT-AP-NO, opphav; data.norge.no's rule of isAuthoritative)."""
    BASE_REGISTER = "base-register"
    """Its publisher calls it a base register, as keyword or type."""
    LAW = "law"
    """It rests on an act that establishes a register, and its publisher is the one that keeps that register."""


def agencies_of(facts: Facts, thing: str) -> tuple[str, ...]:
    """The agencies that are responsible for a thing; of an element, those responsible for its models."""
    found = facts.objects(thing, facts.own("responsibleAgency"))
    if found:
        return found
    models = facts.objects(thing, facts.own("inModel"))
    return tuple(
        sorted({agency for model in models for agency in facts.objects(model, facts.own("responsibleAgency"))})
    )


def are_one_house(facts: Facts, one: str, other: str) -> bool:
    """Whether two IRIs name one agency, or one of them is a part of the other."""
    if one == other or (facts.number_of(one) and facts.number_of(one) == facts.number_of(other)):
        return True
    return other in facts.above(one) or one in facts.above(other)


def houses(facts: Facts, agencies: Iterable[str]) -> tuple[str, ...]:
    """Agencies, each house once: of two forms of one the first, and none that is a part of another of them."""
    first: dict[str, str] = {}
    for agency in agencies:
        first.setdefault(facts.number_of(agency) or agency, agency)
    found = list(dict.fromkeys(first.values()))
    return tuple(agency for agency in found if facts.above(agency).isdisjoint(found))


def same_concepts(facts: Facts, concept: str) -> tuple[str, ...]:
    """A concept and those linked with it as exact matches, the concept first (SKOS Reference, section 10)."""
    match = f"{SKOS}exactMatch"
    same = dict.fromkeys((concept, *facts.objects(concept, match), *facts.subjects(match, concept)))
    return tuple(same)[:MAX_SAME]


def authority_of(facts: Facts, dataset: str) -> Basis | None:
    """Why a dataset is an authoritative source; None where nothing says that it is."""
    if _TRUE in facts.literals(dataset, f"{_FDK}isAuthoritative"):
        return Basis.PROVENANCE
    if any(label in _BASE_REGISTER for property_ in _CALLING for label in facts.literals(dataset, property_)):
        return Basis.BASE_REGISTER
    acts = facts.objects(dataset, facts.own("legalBasis"))
    known = {act for basis in acts for act in (basis, *facts.objects(basis, f"{RDFS}seeAlso"))}
    keepers = {keeper for act in known for keeper in facts.objects(act, facts.own("establishesRegisterOf"))}
    publishers = facts.objects(dataset, f"{DCT}publisher")
    if any(are_one_house(facts, keeper, publisher) for keeper in keepers for publisher in publishers):
        return Basis.LAW
    return None


def authoritative_datasets(facts: Facts) -> dict[str, Basis]:
    """Every dataset that is an authoritative source, and why; the same as `authority_of` says of each."""
    stated = facts.labelled(f"{_FDK}isAuthoritative", _TRUE)
    candidates = {
        thing for property_ in _CALLING for label in _BASE_REGISTER for thing in facts.labelled(property_, label)
    }
    for act, _ in facts.pairs(facts.own("establishesRegisterOf")):
        for basis in (act, *facts.subjects(f"{RDFS}seeAlso", act)):
            candidates.update(facts.subjects(facts.own("legalBasis"), basis))
    others = ((dataset, authority_of(facts, dataset)) for dataset in candidates.difference(stated))
    found = dict.fromkeys(stated, Basis.PROVENANCE) | {dataset: basis for dataset, basis in others if basis}
    return dict(sorted(found.items()))


def apis_of(facts: Facts, dataset: str) -> tuple[str, ...]:
    """The data services through which a dataset is to be had."""
    served = {*facts.objects(dataset, facts.own("servedBy")), *facts.subjects(f"{DCAT}servesDataset", dataset)}
    return tuple(sorted(served))


def datasets_about(facts: Facts, concept: str) -> tuple[str, ...]:
    """The datasets that have a concept or one that is the same, in their order."""
    found = {thing for same in same_concepts(facts, concept) for thing in facts.subjects(facts.own("concept"), same)}
    return tuple(sorted(thing for thing in found if facts.is_a(thing, f"{DCAT}Dataset")))
