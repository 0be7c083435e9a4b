"""Duplicate collection: who asks people for what another agency holds already (Digdir, «kun én gang»).

In: facts. Out: `Duplicate` values. There are three shapes: a service requires evidence that is part of another's
dataset; a service requires evidence whose information model has an element of which another's dataset is the
authoritative source; a dataset that is collected from its users has such an element in its model. A false accusation is
worse than a miss, so there is none where it is not known who asks or who holds, where the two are one house, where the
one who asks says that it takes the information from the holder, where it has the information itself, or where the
element is a key, which must be asked for so that the rest can be looked up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kg.namespaces import CPSVNO, CV, DCAT, DCT, PROV, SKOS
from kg.trace.authority import agencies_of, apis_of, are_one_house, authority_of, datasets_about
from kg.trace.facts import Facts
from kg.trace.web import Statement

MAX_ELEMENTS: Final = 2_000
"""Elements of one model that are looked at."""

_COLLECTED: Final = "http://data.brreg.no/datakatalog/provinens/bruker"
_DATA_PROVIDER: Final = "https://data.norge.no/vocabulary/role-type#data-provider"
_TAKEN_FROM: Final = (f"{DCT}source", f"{PROV}wasDerivedFrom", f"{PROV}hadPrimarySource", f"{PROV}used")
_KEY: Final = re.compile(r"(?:nummer|nr\.?|identifikator|kode|-id|\bid|number|identifier|code)$", re.IGNORECASE)


class Shape(StrEnum):
    """In which way somebody asks again."""

    EVIDENCE = "evidence"
    FORM = "form"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True, order=True)
class Duplicate:
    """Something is asked for that another agency holds.

    Attributes:
        asker: the agency that asks.
        asking: the service that asks, or the dataset that is collected.
        asked: the evidence, or the element of a model.
        model: the model that has the element; empty where it is evidence that is asked for.
        concept: what the element means; empty likewise.
        holder: the agency that holds it.
        holding: the dataset that it holds it in.
        apis: the data services to ask instead, which may be none.
        statements: what it rests on.
    """

    asker: str
    asking: str
    asked: str
    holder: str
    holding: str
    shape: Shape
    model: str = ""
    concept: str = ""
    apis: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


def asked_by_service(facts: Facts, service: str) -> Iterator[Duplicate]:
    """What a service asks for that others hold."""
    askers = facts.objects(service, facts.own("responsibleAgency"))
    for evidence in facts.objects(service, facts.own("requiresEvidence")) if askers else ():
        required = facts.statements(service, facts.own("requiresEvidence"), evidence)
        holdings = _datasets_with(facts, evidence)
        if holdings:
            yield from _evidence_held_by_others(facts, service, askers, evidence, holdings)
        else:
            for model in facts.objects(evidence, facts.own("conformsToModel")):
                said = (*required, *facts.statements(evidence, facts.own("conformsToModel"), model))
                yield from _elements_held_by_others(facts, (service, evidence), askers, model, said, Shape.FORM)


def collected_in_dataset(facts: Facts, dataset: str) -> Iterator[Duplicate]:
    """What is collected into a dataset from its users that others hold."""
    if not facts.holds(dataset, f"{DCT}provenance", _COLLECTED):
        return
    askers = facts.objects(dataset, facts.own("responsibleAgency"))
    for model in facts.objects(dataset, facts.own("conformsToModel")) if askers else ():
        said = (
            *facts.statements(dataset, f"{DCT}provenance", _COLLECTED),
            *facts.statements(dataset, facts.own("conformsToModel"), model),
        )
        yield from _elements_held_by_others(facts, (dataset,), askers, model, said, Shape.COLLECTION)


def every_duplicate(facts: Facts) -> Iterator[Duplicate]:
    """Every one of a generation, in a fixed order."""
    services = {service for service, _ in facts.pairs(facts.own("requiresEvidence"))}
    for service in sorted(services):
        yield from asked_by_service(facts, service)
    for dataset in facts.subjects(f"{DCT}provenance", _COLLECTED):
        yield from collected_in_dataset(facts, dataset)


def takes_from(facts: Facts, things: tuple[str, ...], dataset: str) -> bool:
    """Whether one of some things says that it has its information from a dataset, or reaches it through an API."""
    apis = apis_of(facts, dataset)
    origins = {dataset, *apis, *facts.objects(dataset, f"{DCAT}distribution")}
    holders = set(agencies_of(facts, dataset))
    for thing in things:
        if any(not origins.isdisjoint(facts.objects(thing, taken)) for taken in _TAKEN_FROM):
            return True
        channels = (thing, *facts.objects(thing, f"{CV}hasChannel"))
        if any(not origins.isdisjoint(facts.objects(channel, f"{CPSVNO}dataService")) for channel in channels):
            return True
        for participation in facts.objects(thing, f"{CV}hasParticipation"):
            if facts.holds(participation, f"{CV}role", _DATA_PROVIDER) and any(
                are_one_house(facts, participant, holder)
                for participant in facts.objects(participation, f"{CV}hasParticipant")
                for holder in holders
            ):
                return True
    return False


def is_key(facts: Facts, thing: str) -> bool:
    """Whether a thing is called as identifiers are: it is asked for so that the rest can be looked up."""
    return any(_KEY.search(facts.name(thing, language)) for language in ("nb", "en"))


def _evidence_held_by_others(
    facts: Facts, service: str, askers: tuple[str, ...], evidence: str, holdings: tuple[str, ...]
) -> Iterator[Duplicate]:
    if any(_is_own(facts, askers, holding) for holding in holdings):
        return
    for holding in holdings:
        holders = agencies_of(facts, holding)
        if not holders or _comes_from(facts, holding, askers) or takes_from(facts, (service, evidence), holding):
            continue
        said = (
            *facts.statements(service, facts.own("requiresEvidence"), evidence),
            *facts.statements(evidence, f"{DCT}isPartOf", holding),
        )
        apis = apis_of(facts, holding)
        yield Duplicate(askers[0], service, evidence, holders[0], holding, Shape.EVIDENCE, apis=apis, statements=said)


def _elements_held_by_others(
    facts: Facts,
    things: tuple[str, ...],
    askers: tuple[str, ...],
    model: str,
    said: tuple[Statement, ...],
    shape: Shape,
) -> Iterator[Duplicate]:
    owners = agencies_of(facts, model)
    if not any(are_one_house(facts, asker, owner) for asker in askers for owner in owners):
        return  # a model of the holder's or of a third is a way to agree on the form, not to ask for all of it
    for element in facts.subjects(facts.own("inModel"), model)[:MAX_ELEMENTS]:
        for concept in facts.objects(element, facts.own("concept")):
            if is_key(facts, element) or is_key(facts, concept):
                continue
            sources = [one for one in datasets_about(facts, concept) if authority_of(facts, one)]
            if any(_is_own(facts, askers, source) for source in sources):
                continue
            for source in sources:
                holders = agencies_of(facts, source)
                if (
                    not holders
                    or _comes_from(facts, source, askers)
                    or takes_from(facts, (*things, model, element), source)
                ):
                    continue
                more = (
                    *said,
                    *facts.statements(element, facts.own("inModel"), model),
                    *facts.statements(element, facts.own("concept"), concept),
                    *_about(facts, source, concept),
                )
                yield Duplicate(
                    askers[0],
                    things[0],
                    element,
                    holders[0],
                    source,
                    shape,
                    model,
                    concept,
                    apis_of(facts, source),
                    more,
                )


def _datasets_with(facts: Facts, evidence: str) -> tuple[str, ...]:
    """The datasets that evidence is part of; in version 1.0 of the profile evidence may be the dataset itself."""
    if facts.is_a(evidence, f"{DCAT}Dataset"):
        return (evidence,)
    return tuple(one for one in facts.objects(evidence, f"{DCT}isPartOf") if facts.is_a(one, f"{DCAT}Dataset"))


def _is_own(facts: Facts, askers: tuple[str, ...], dataset: str) -> bool:
    holders = agencies_of(facts, dataset)
    return any(are_one_house(facts, asker, holder) for asker in askers for holder in holders)


def _comes_from(facts: Facts, dataset: str, askers: tuple[str, ...]) -> bool:
    """Whether a dataset has its information from one of some agencies."""
    origins = {origin for taken in _TAKEN_FROM for origin in facts.objects(dataset, taken)}
    return any(_is_own(facts, askers, origin) for origin in origins)


def _about(facts: Facts, dataset: str, concept: str) -> tuple[Statement, ...]:
    """That a dataset has a concept, or one that is an exact match."""
    direct = facts.statements(dataset, facts.own("concept"), concept)
    if direct:
        return direct
    match = f"{SKOS}exactMatch"
    for same in facts.objects(concept, match):
        if found := facts.statements(dataset, facts.own("concept"), same):
            return (*facts.statements(concept, match, same), *found)
    return ()
