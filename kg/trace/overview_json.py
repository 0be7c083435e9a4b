"""The overview as clients read it: one page of its entries, with what they come to for agencies and events.

In: an `Overview`, and which part of it is asked for. Out: JSON. Names are looked up for what is shown alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from kg.trace.authority import agencies_of, apis_of
from kg.trace.duplicates import Duplicate
from kg.trace.facts import Facts
from kg.trace.overview import Entry, Overview, overview


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of an overview is asked for.

    Attributes:
        agency: only entries that this agency has or asks for; empty for all.
        event: only entries that are asked for again in this event; empty for all.
        offset: how many entries are passed over.
        limit: the most entries that are given.
    """

    agency: str = ""
    event: str = ""
    offset: int = 0
    limit: int = 50

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is among what is asked for."""
        concerned = (*entry.agencies, *(duplicate.asker for duplicate in entry.duplicates))
        return (not self.agency or self.agency in concerned) and (not self.event or self.event in entry.events)


class Overviewer:
    """Parts of the overview of one generation, which is made when it is first asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole: Overview | None = None

    def part(self, part: Part) -> dict[str, Any]:
        """A part as JSON."""
        if self._whole is None:
            self._whole = overview(self._facts)
        return part_of(self._whole, part, self._facts)


def part_of(whole: Overview, part: Part, facts: Facts) -> dict[str, Any]:
    """A part of an overview as JSON; `total` counts the entries that fit, on whichever page."""
    fitting = [entry for entry in whole.entries if part.fits(entry)]
    return {
        "total": len(fitting),
        "offset": part.offset,
        "entries": [_entry_json(facts, entry) for entry in fitting[part.offset : part.offset + part.limit]],
        "duplicates": len(whole.duplicates),
        "agencies": _per_agency(facts, whole),
        "events": _per_event(facts, whole),
    }


def _entry_json(facts: Facts, entry: Entry) -> dict[str, Any]:
    return {
        "iri": entry.iri,
        "kind": str(entry.kind),
        "label": facts.words(entry.iri).to_json(),
        "points": entry.points,
        "reason": entry.reason().to_json(),
        "same": list(entry.concepts[1:]),
        "agencies": list(entry.agencies),
        "authority": entry.authority,
        "sources": [
            {
                "iri": source,
                "label": facts.words(source).to_json(),
                "agency": next(iter(agencies_of(facts, source)), None),
                "apis": [{"iri": api, "label": facts.words(api).to_json()} for api in apis_of(facts, source)],
            }
            for source in entry.sources
        ],
        "asked_again": [duplicate_json(facts, duplicate) for duplicate in entry.duplicates],
        "events": list(entry.events),
    }


def duplicate_json(facts: Facts, duplicate: Duplicate) -> dict[str, Any]:
    """A duplicate collection with the names of what it is about."""
    return {
        "shape": str(duplicate.shape),
        "asker": duplicate.asker,
        "asking": {"iri": duplicate.asking, "label": facts.words(duplicate.asking).to_json()},
        "asked": {"iri": duplicate.asked, "label": facts.words(duplicate.asked).to_json()},
        "holder": duplicate.holder,
        "holding": {"iri": duplicate.holding, "label": facts.words(duplicate.holding).to_json()},
        "apis": [{"iri": api, "label": facts.words(api).to_json()} for api in duplicate.apis],
        "triples": [statement.to_json() for statement in duplicate.statements],
    }


def _per_agency(facts: Facts, whole: Overview) -> list[dict[str, Any]]:
    shares: dict[str, int] = defaultdict(int)
    for entry in whole.entries:
        for agency in entry.agencies:
            shares[agency] += 1
    asks: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for duplicate in whole.duplicates:
        asks[duplicate.asker] += 1
        asked[duplicate.holder] += 1
    known = sorted(
        {*shares, *asks, *asked}, key=lambda agency: (-asks[agency], -asked[agency], -shares[agency], agency)
    )
    return [
        {
            "iri": agency,
            "name": facts.words(agency).to_json(),
            "asks_again": asks[agency],
            "is_asked_for": asked[agency],
            "shares": shares[agency],
        }
        for agency in known
    ]


def _per_event(facts: Facts, whole: Overview) -> list[dict[str, Any]]:
    services: dict[str, int] = defaultdict(int)
    asks: dict[str, int] = defaultdict(int)
    for leading_to in whole.events.values():
        for event in leading_to:
            services[event] += 1
    for duplicate in whole.duplicates:
        for event in whole.events.get(duplicate.asking, ()):
            asks[event] += 1
    return [
        {
            "iri": event,
            "label": facts.words(event).to_json(),
            "services": services[event],
            "asks_again": asks[event],
            "entries": sum(event in entry.events for entry in whole.entries),
        }
        for event in sorted(services, key=lambda event: (-asks[event], event))
    ]
