"""The formats of answers, and the choice among them (RFC 9110, section 12.5.1).

In: an Accept header, the parameter `format`, the form of a query. Out: one row of `FORMATS`. The parameter wins over
the header; without either, results are JSON and graphs are Turtle. The rows feed negotiation, suffixes, the service
description and the documentation. HTML is not among them: pages are the business of who shows them.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import NotAcceptable, ParameterError

MAX_ACCEPT_LENGTH: Final = 8_192
"""Characters of an Accept header that are read."""
ANSWERS: Final = MappingProxyType({"select": "solutions", "ask": "boolean", "construct": "graph", "describe": "graph"})
"""What each form of query answers with."""

_LETTERS: Final = "[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_RANGE: Final = re.compile(rf"[ \t]*+({_LETTERS}/{_LETTERS})[ \t]*+(?:;(.*+))?+", re.DOTALL)
_QUALITY: Final = re.compile(r"[ \t]*+[qQ]=(0(?:\.[0-9]*+)?+|1(?:\.0*+)?+)[ \t]*+")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer.

    Attributes:
        name: what the parameter `format` takes, and what the documentation calls it.
        media_types: the types that it is asked for by; the first is the one that is sent.
        suffixes: what may follow a dot in a path; `format` takes them too.
        synonyms: what else `format` takes, as clients are used to from other endpoints.
        answers: which of "solutions", "boolean" and "graph" it can hold.
        engine_name: the member of pyoxigraph's QueryResultsFormat or RdfFormat.
        charset: whether the content type names UTF-8, which the others imply.
    """

    name: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    answers: frozenset[str]
    engine_name: str
    charset: bool = False
    synonyms: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.media_types[0]}; charset=utf-8" if self.charset else self.media_types[0]

    @property
    def form(self) -> str:
        """Whether it writes a "graph" or "results", which are two enumerations in the engine."""
        return "graph" if "graph" in self.answers else "results"


_RESULTS: Final = frozenset(("solutions", "boolean"))
_GRAPH: Final = frozenset(("graph",))

# In the order of preference where a client likes several equally.
FORMATS: Final = (
    Format("json", ("application/sparql-results+json", "application/json"), ("json", "srj"), _RESULTS, "JSON"),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), ("xml", "srx"), _RESULTS, "XML"),
    Format("csv", ("text/csv",), ("csv",), _RESULTS, "CSV", charset=True),
    Format("tsv", ("text/tab-separated-values",), ("tsv",), _RESULTS, "TSV", charset=True),
    Format(
        "turtle",
        ("text/turtle", "application/x-turtle", "application/turtle"),
        ("ttl",),
        _GRAPH,
        "TURTLE",
        charset=True,
        synonyms=("n3",),
    ),
    Format("ntriples", ("application/n-triples", "text/plain"), ("nt",), _GRAPH, "N_TRIPLES"),
    Format(
        "rdfxml",
        ("application/rdf+xml", "application/xml", "text/xml"),
        ("rdf",),
        _GRAPH,
        "RDF_XML",
        synonyms=("rdf+xml", "xml"),
    ),
    Format(
        "jsonld",
        ("application/ld+json", "application/json", "application/x-json+ld"),
        ("jsonld",),
        _GRAPH,
        "JSON_LD",
        synonyms=("json-ld", "json"),
    ),
)
JSON: Final = FORMATS[0]
"""In which we ask for rows ourselves."""


def formats_of(form: str) -> tuple[Format, ...]:
    """The formats that the answer to a form of query can have, the preferred one first."""
    return tuple(row for row in FORMATS if ANSWERS[form] in row.answers)


def negotiate(accept: str | None, wanted: str | None, form: str) -> Format:
    """Choose the format of an answer.

    Args:
        accept: the Accept header, or None.
        wanted: the parameter `format`: a name, suffix or media type, or None.
        form: "select", "ask", "construct" or "describe".

    Raises:
        ParameterError: there is no such format, or the answer cannot have it.
        NotAcceptable: the header leaves nothing over.

    >>> negotiate("text/turtle;q=0.5, application/ld+json", None, "construct").name
    'jsonld'
    """
    possible = formats_of(form)
    if wanted is not None:
        return _named(wanted, possible, form)
    ranges = _ranges(accept or "")
    if not ranges:
        return possible[0]
    best = max(possible, key=lambda row: _quality(row, ranges))
    if _quality(best, ranges) > 0:
        return best
    types = ", ".join(f"{row.media_types[0]} (format={row.name})" for row in possible)
    raise NotAcceptable("none of the types in Accept is one that this answer can have", hint=f"it can be {types}")


def _named(wanted: str, possible: tuple[Format, ...], form: str) -> Format:
    """The one format that all the names stand for, which commas separate."""
    rows = [_row(name, possible, form) for name in wanted.split(",")]
    if any(row is not rows[0] for row in rows):
        what = f"several formats are named: {', '.join(dict.fromkeys(row.name for row in rows))}"
        raise ParameterError(what, hint="name one of them", parameter="format")
    return rows[0]


def _row(wanted: str, possible: tuple[Format, ...], form: str) -> Format:
    # A plus that was not escaped in a URL arrives as a space.
    name = wanted.strip().lower().replace(" ", "+")
    for row in possible:
        if _goes_by(row, name):
            return row
    known = any(_goes_by(row, name) for row in FORMATS)
    shown = wanted if len(wanted) <= 60 else f"{wanted[:59]}…"
    what = f"a {form} query has no answer in format {shown}" if known else f"there is no format {shown}"
    hint = f"one of {', '.join(row.name for row in possible)}"
    raise ParameterError(what, hint=hint, parameter="format")


def _goes_by(row: Format, name: str) -> bool:
    return name == row.name or any(name in names for names in (row.suffixes, row.media_types, row.synonyms))


def _ranges(accept: str) -> dict[str, float]:
    """The media ranges of a header, in lower case, with their quality; what is malformed is left out.

    Parameters other than the quality narrow nothing: no two of our formats differ in them.
    """
    ranges: dict[str, float] = {}
    for part in _QUOTED.sub('""', accept[:MAX_ACCEPT_LENGTH]).split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        parameters = [text for text in (match[2] or "").split(";") if text.lstrip(" \t")[:2].lower() == "q="]
        quality = _QUALITY.fullmatch(parameters[0]) if parameters else None
        if parameters and quality is None:
            continue
        name = match[1].lower()
        ranges[name] = max(ranges.get(name, 0.0), float(quality[1]) if quality else 1.0)
    return ranges


def _quality(row: Format, ranges: dict[str, float]) -> float:
    """How much a client wants a format: the most specific range decides, and each of its types may be named.

    A wildcard stands for the type that is sent, not for the other names of the format.
    """
    sent = row.media_types[0]
    named = [ranges[name] for name in row.media_types if name in ranges]
    if named:
        return max(named)
    for wildcard in (f"{sent.partition('/')[0]}/*", "*/*"):
        if wildcard in ranges:
            return ranges[wildcard]
    return 0.0
