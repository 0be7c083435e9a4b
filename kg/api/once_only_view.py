"""The page of the overview as values: what its template shows, in one language.

In: a part of the overview as JSON. Out: an `OverviewView`. Every IRI leads to its own page here; text from a source
stays text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from kg.api.resource_view import page_of
from kg.trace.overview_json import Part

_AUTHORITY: Final = {
    "nb": {"known": "kjent", "several": "flere gjør krav", "unknown": "ikke oppgitt"},
    "en": {"known": "known", "several": "several claim it", "unknown": "not stated"},
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A name and the page that it leads to."""

    name: str
    page: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks again, in what, and what to ask instead."""

    asker: str
    asking: Linked
    asked: Linked
    holding: Linked
    apis: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the overview."""

    place: int
    thing: Linked
    trace: str
    points: int
    reason: str
    agencies: tuple[str, ...]
    authority: str
    sources: tuple[Linked, ...]
    asked_again: tuple[Asking, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """An agency or an event with its counts."""

    thing: Linked
    address: str
    counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class OverviewView:
    """What the page shows.

    Attributes:
        chosen: the names of the agency and the event that it is restricted to; empty where it is not.
        before, behind: addresses of the pages around; empty where there is none.
    """

    total: int
    duplicates: int
    chosen: tuple[str, str]
    part: Part
    entries: tuple[EntryView, ...]
    agencies: tuple[RowView, ...]
    events: tuple[RowView, ...]
    before: str
    behind: str


def trace_page(iri: str) -> str:
    """The address of the trace of a thing, relative to the service's own.

    >>> trace_page("https://x.example/a b")
    'trace?element=https%3A%2F%2Fx.example%2Fa%20b&format=html'
    """
    return f"trace?element={quote(iri, safe='')}&format=html"


def overview_view(found: Mapping[str, Any], part: Part, language: str) -> OverviewView:
    """The page of a part of the overview."""
    names = {agency["iri"]: agency["name"][language] for agency in found["agencies"]}
    titles = {event["iri"]: event["label"][language] for event in found["events"]}
    behind = part.offset + part.limit
    return OverviewView(
        total=found["total"],
        duplicates=found["duplicates"],
        chosen=(names.get(part.agency, part.agency), titles.get(part.event, part.event)),
        part=part,
        entries=tuple(
            _entry(entry, part.offset + number, names, language) for number, entry in enumerate(found["entries"], 1)
        ),
        agencies=tuple(
            RowView(
                Linked(agency["name"][language], page_of(agency["iri"])),
                _address(language, agency=agency["iri"], event=part.event),
                (agency["asks_again"], agency["is_asked_for"], agency["shares"]),
            )
            for agency in found["agencies"]
        ),
        events=tuple(
            RowView(
                Linked(event["label"][language], page_of(event["iri"])),
                _address(language, agency=part.agency, event=event["iri"]),
                (event["asks_again"], event["services"], event["entries"]),
            )
            for event in found["events"]
        ),
        before=_paged(part, max(0, part.offset - part.limit), language) if part.offset else "",
        behind=_paged(part, behind, language) if behind < found["total"] else "",
    )


def _entry(entry: Mapping[str, Any], place: int, names: Mapping[str, str], language: str) -> EntryView:
    return EntryView(
        place=place,
        thing=_linked(entry, language),
        trace=trace_page(entry["iri"]),
        points=entry["points"],
        reason=entry["reason"][language],
        agencies=tuple(names.get(agency, agency) for agency in entry["agencies"]),
        authority=_AUTHORITY[language][entry["authority"]],
        sources=tuple(_linked(source, language) for source in entry["sources"]),
        asked_again=tuple(
            Asking(
                asker=names.get(asking["asker"], asking["asker"]),
                asking=_linked(asking["asking"], language),
                asked=_linked(asking["asked"], language),
                holding=_linked(asking["holding"], language),
                apis=_all_linked(asking["apis"], language),
            )
            for asking in entry["asked_again"]
        ),
    )


def _all_linked(things: Sequence[Mapping[str, Any]], language: str) -> tuple[Linked, ...]:
    return tuple(_linked(thing, language) for thing in things)


def _linked(thing: Mapping[str, Any], language: str) -> Linked:
    return Linked(thing["label"][language], page_of(thing["iri"]))


def _paged(part: Part, offset: int, language: str) -> str:
    return _address(language, agency=part.agency, event=part.event, limit=part.limit, offset=offset)


def _address(language: str, **given: object) -> str:
    kept = {name: str(value) for name, value in given.items() if value not in {"", 0}}
    return f"once-only?{urlencode({**kept, 'lang': language, 'format': 'html'}, errors='replace')}"
