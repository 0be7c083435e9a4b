"""The overview of once-only: the elements most worth sharing over the whole graph, with the reason.

In: the facts of a generation. Out: entries, ranked, and what they come to for each agency and each life event. An entry
is a data element that several agencies have, or a dataset of one agency that others ask people for again. What
many things say is read property by property, not thing by thing: of a large graph that is the smaller part of the time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.namespaces import CV, DCAT, MODELLDCATNO, SKOS
from kg.trace.authority import MAX_SAME, agencies_of, apis_of, authoritative_datasets, houses
from kg.trace.duplicates import Duplicate, every_duplicate
from kg.trace.facts import Facts
from kg.trace.findings.sentences import counted
from kg.trace.web import NodeKind, Words

POINTS_AGENCY: Final = 2
"""For each agency beyond the first that has the element."""
POINTS_ASKED: Final = 3
"""For each time that somebody asks people for it although another agency holds it."""
POINTS_UNSETTLED: Final = 1
"""Where no authoritative source is known, or several claim to be it."""
POINTS_API: Final = 1
"""Where an API is there to ask instead."""

_AGENCIES: Final = Words("virksomhet har det", "agency has it"), Words("virksomheter har det", "agencies have it")
_ASKED: Final = (
    Words("gang blir det samlet inn selv om en annen har det", "time it is collected although another holds it"),
    Words("ganger blir det samlet inn selv om en annen har det", "times it is collected although another holds it"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something worth sharing.

    Attributes:
        concepts: of a data element, itself and its exact matches; of a dataset, none.
        agencies: those that have it, each house once.
        authority: "known", "several" or "unknown"; of a dataset, whether it is authoritative itself.
        sources: the authoritative datasets, or the dataset itself.
        duplicates: who asks again.
        events: life events in which it is asked for again.
    """

    iri: str
    kind: NodeKind
    concepts: tuple[str, ...]
    agencies: tuple[str, ...]
    authority: str
    sources: tuple[str, ...]
    apis: tuple[str, ...]
    duplicates: tuple[Duplicate, ...]
    events: tuple[str, ...]

    @property
    def points(self) -> int:
        """How much it is worth to share it."""
        return (
            POINTS_AGENCY * max(0, len(self.agencies) - 1)
            + POINTS_ASKED * len(self.duplicates)
            + POINTS_UNSETTLED * (self.authority != "known")
            + POINTS_API * bool(self.apis)
        )

    def reason(self) -> Words:
        """Why it has these points, in words."""
        parts = [counted(len(self.agencies), *_AGENCIES)]
        if self.duplicates:
            parts.append(counted(len(self.duplicates), *_ASKED))
        if self.authority == "several":
            parts.append(Words("flere gjør krav på å være kilden", "several claim to be the source"))
        elif self.authority == "unknown":
            parts.append(Words("ingen er oppgitt som autoritativ kilde", "none is stated as the authoritative source"))
        if self.apis:
            parts.append(Words("det finnes et API å spørre", "there is an API to ask"))
        return Words("; ".join(part.nb for part in parts), "; ".join(part.en for part in parts))


@dataclass(frozen=True, slots=True)
class Overview:
    """What a generation has that is worth sharing.

    Attributes:
        entries: ranked, those of most points first.
        events: by service, the events that lead to it.
    """

    entries: tuple[Entry, ...]
    duplicates: tuple[Duplicate, ...]
    events: Mapping[str, frozenset[str]]


def overview(facts: Facts) -> Overview:
    """The overview of a generation."""
    events = _events_of_services(facts)
    duplicates = tuple(every_duplicate(facts))
    entries = sorted(_entries(facts, duplicates, events), key=lambda entry: (-entry.points, entry.iri))
    return Overview(tuple(entries), duplicates, events)


def _entries(facts: Facts, duplicates: Sequence[Duplicate], events: Mapping[str, frozenset[str]]) -> Iterable[Entry]:
    having = list(facts.pairs(facts.own("concept")))
    holders, authoritative = _holders(facts, having), authoritative_datasets(facts)
    sources: dict[str, list[str]] = defaultdict(list)
    for thing, concept in having:
        if thing in authoritative:
            sources[concept].append(thing)
    clusters = _clusters(facts, holders)
    asked_concepts: dict[str, list[Duplicate]] = defaultdict(list)
    asked_datasets: dict[str, list[Duplicate]] = defaultdict(list)
    leading = {concept: cluster[0] for cluster in clusters for concept in cluster}
    for duplicate in duplicates:
        own = [duplicate.concept] if duplicate.concept else facts.objects(duplicate.asked, facts.own("concept"))
        known = dict.fromkeys(leading[concept] for concept in own if concept in leading)
        for concept in known:
            asked_concepts[concept].append(duplicate)
        if not known:
            asked_datasets[duplicate.holding].append(duplicate)
    for cluster in clusters:
        asked = asked_concepts[cluster[0]]
        agencies = houses(facts, dict.fromkeys(agency for concept in cluster for agency in holders[concept]))
        if len(agencies) > 1 or asked:
            datasets = sorted({dataset for concept in cluster for dataset in sources.get(concept, ())})
            yield _element(facts, cluster, agencies, datasets, asked, events)
    for dataset, asked in asked_datasets.items():
        yield Entry(
            iri=dataset,
            kind=NodeKind.DATASET,
            concepts=(),
            agencies=agencies_of(facts, dataset)[:1],
            authority="known" if dataset in authoritative else "unknown",
            sources=(dataset,),
            apis=apis_of(facts, dataset),
            duplicates=tuple(asked),
            events=_events(asked, events),
        )


def _element(
    facts: Facts,
    cluster: tuple[str, ...],
    agencies: tuple[str, ...],
    datasets: Sequence[str],
    asked: Sequence[Duplicate],
    events: Mapping[str, frozenset[str]],
) -> Entry:
    claimants = houses(facts, (agency for dataset in datasets for agency in agencies_of(facts, dataset)))
    return Entry(
        iri=cluster[0],
        kind=NodeKind.CONCEPT,
        concepts=cluster,
        agencies=agencies,
        authority="unknown" if not datasets else "several" if len(claimants) > 1 else "known",
        sources=tuple(datasets),
        apis=tuple(sorted({api for dataset in datasets for api in apis_of(facts, dataset)})),
        duplicates=tuple(asked),
        events=_events(asked, events),
    )


def _holders(facts: Facts, having: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """By concept, the agencies that have it in a dataset or a model."""
    models: dict[str, list[str]] = defaultdict(list)
    for element, model in facts.pairs(facts.own("inModel")):
        models[element].append(model)
    answering: dict[str, tuple[str, ...]] = {}

    def agencies(thing: str) -> tuple[str, ...]:
        if thing not in answering:
            answering[thing] = facts.objects(thing, facts.own("responsibleAgency"))
        return answering[thing]

    found: dict[str, set[str]] = defaultdict(set)
    for thing, concept in having:
        if thing in models:
            found[concept].update(agency for model in models[thing] for agency in agencies(model))
        elif any(facts.is_a(thing, kind) for kind in (f"{DCAT}Dataset", f"{MODELLDCATNO}InformationModel")):
            found[concept].update(agencies(thing))
    return {concept: tuple(sorted(agencies)) for concept, agencies in found.items()}


def _clusters(facts: Facts, holders: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The concepts that somebody has, exact matches together, the one that most have first; too many stay apart."""
    root: dict[str, str] = {concept: concept for concept in holders}

    def find(concept: str) -> str:
        while root[concept] != concept:
            root[concept] = root[root[concept]]
            concept = root[concept]
        return concept

    for one, other in facts.pairs(f"{SKOS}exactMatch"):
        if one in root and other in root:
            left, right = sorted((find(one), find(other)))
            root[right] = left
    together: dict[str, list[str]] = defaultdict(list)
    for concept in holders:
        together[find(concept)].append(concept)
    found: list[tuple[str, ...]] = []
    for members in together.values():
        ordered = sorted(members, key=lambda concept: (-len(holders[concept]), concept))
        found += [tuple(ordered)] if len(ordered) <= MAX_SAME else [(concept,) for concept in ordered]
    return sorted(found)


def _events_of_services(facts: Facts) -> Mapping[str, frozenset[str]]:
    """By service, the events that lead to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for service, event in facts.pairs(f"{CV}isGroupedBy"):
        found[service].add(event)
    for event, service in facts.pairs(f"{CV}hasRelatedService"):
        if facts.is_a(event, f"{CV}Event"):
            found[service].add(event)
    return {service: frozenset(leading_to) for service, leading_to in found.items()}


def _events(duplicates: Iterable[Duplicate], events: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted({event for duplicate in duplicates for event in events.get(duplicate.asking, ())}))
