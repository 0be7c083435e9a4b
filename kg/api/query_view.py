"""What the pages of the named queries show: plain values for the templates, and snippets to copy.

In: queries, what was given, and an answer. Out: view values in one language.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from kg.api.query_run import Page
from kg.named.asking import Asked
from kg.named.front_matter import Parameter
from kg.named.query import NamedQuery
from kg.named.rows import Plain
from kg.named.types import PARAMETER_TYPES
from kg.sparql.formats import formats_of

SHOWN_ROWS: Final = 1_000
GROUP_TITLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "begrep": {"nb": "Begreper", "en": "Concepts"},
        "bruk": {"nb": "Bruk data", "en": "Use data"},
        "finn": {"nb": "Finn data", "en": "Find data"},
        "ki": {"nb": "KI-prosjekter", "en": "AI projects"},
        "kun-en-gang": {"nb": "Kun én gang", "en": "Once only"},
        "kvalitet": {"nb": "Kvalitet", "en": "Quality"},
        "modell": {"nb": "Informasjonsmodeller", "en": "Information models"},
        "nokkeltall": {"nb": "Nøkkeltall", "en": "Key figures"},
        "organisasjon": {"nb": "Organisasjoner", "en": "Organisations"},
        "regelverk": {"nb": "Regelverk", "en": "Legislation"},
    }
)
"""What the folders of our own queries are called; one of an operator's own is called what it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A query in the list."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Group:
    """The queries of one folder."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: once per value of a parameter, and once more where it may be repeated."""

    name: str
    title: str
    description: str
    kind: str
    required: bool
    options: tuple[str, ...]
    values: tuple[str, ...]
    placeholder: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in the table; `page` is where an IRI leads to, under the root."""

    text: str
    page: str
    number: bool


@dataclass(frozen=True, slots=True)
class PageView:
    """The page of one query."""

    name: str
    group: str
    title: str
    description: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] | None
    more: int
    total: int | None
    formats: tuple[tuple[str, str], ...]
    examples: tuple[tuple[str, str], ...]
    snippets: tuple[tuple[str, str], ...]
    text: str


def list_view(queries: Iterable[NamedQuery], language: str) -> tuple[Group, ...]:
    """The queries by group."""
    return tuple(
        Group(
            _group_title(name, language),
            tuple(
                Entry(query.name, query.front.title.of(language), query.front.description.of(language))
                for query in members
            ),
        )
        for name, members in groupby(queries, key=lambda query: query.group)
    )


def _group_title(name: str, language: str) -> str:
    titles = GROUP_TITLES.get(name)
    return titles[language] if titles else name


def page_view(query: NamedQuery, asked: Asked, given: Page | None, base: str, language: str) -> PageView:
    """The page of a query, with its answer if there is one."""
    front = query.front
    pairs = [(name, value) for name, value in asked.given if value and name not in {"format", "after"}]
    wanted = pairs if given is not None or not _required(query) else _required(query)
    shown = given.rows.rows[:SHOWN_ROWS] if given is not None else ()
    return PageView(
        name=query.name,
        group=_group_title(query.group, language),
        title=front.title.of(language),
        description=front.description.of(language),
        fields=tuple(
            _field(query, name, row, asked.values.get(name, ()), language) for name, row in front.parameters.items()
        ),
        columns=tuple(_column_title(query, column, language) for column in query.columns),
        rows=tuple(tuple(_cell(query, column, row[column]) for column in query.columns) for row in shown)
        if given is not None
        else None,
        more=len(given.rows.rows) - len(shown) if given is not None else 0,
        total=given.total if given is not None else None,
        formats=_formats(query, pairs),
        examples=tuple(
            (example.title.of(language) if example.title else _call(example.params), _query(_pairs(example.params)))
            for example in front.examples
        ),
        snippets=_snippets(query, f"{base}queries/{query.name}", wanted),
        text=query.text,
    )


def _required(query: NamedQuery) -> list[tuple[str, str]]:
    """A value for each parameter that must be given."""
    return [(name, query.example(name)) for name, row in query.front.parameters.items() if row.required]


def _field(query: NamedQuery, name: str, row: Parameter, values: Sequence[str], language: str) -> Field:
    kind = PARAMETER_TYPES[row.type]
    options = row.enum or (("true", "false") if row.type == "boolean" else ())
    filled = tuple(values) or row.default or ("",)
    return Field(
        name=name,
        title=row.title.of(language),
        description=row.description.of(language) if row.description else "",
        kind="select" if options else kind.field,
        required=row.required,
        options=tuple(options),
        values=(*filled, "") if row.repeatable and any(filled) else tuple(filled),
        placeholder=query.example(name),
    )


def _column_title(query: NamedQuery, column: str, language: str) -> str:
    declared = query.front.columns.get(column)
    return declared.title.of(language) if declared and declared.title else column


def _cell(query: NamedQuery, column: str, value: Plain) -> Cell:
    if value is None:
        return Cell("", "", number=False)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    leads = query.column_type(column) == "iri" and text.startswith(("http://", "https://"))
    page = f"/resource?iri={quote(text, safe='')}" if leads else ""
    return Cell(text, page, number=isinstance(value, int | float) and not isinstance(value, bool))


def _formats(query: NamedQuery, pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The formats of the answer, with the address of each, relative to the page."""
    suffixes = ["json", "csv", "tsv", "xml", "srj"]
    if query.form in {"construct", "describe"}:
        suffixes = [row.suffixes[0] for row in formats_of(query.form)]
    return tuple((suffix.upper(), f"{query.name}.{suffix}{_query(pairs)}") for suffix in suffixes)


def _pairs(params: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in params.items() for value in values]


def _call(params: dict[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in _pairs(params)) or "–"


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else "?"


def _snippets(query: NamedQuery, address: str, pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Lines to copy; the address is percent-encoded, so that no value can end a quoted text."""
    encoded = f"?{urlencode(pairs)}" if pairs else ""
    if query.form in {"construct", "describe"}:
        url = f"{address}.ttl{encoded}"
        return (
            ("curl", f"curl '{url}'"),
            ("Python (rdflib)", f'from rdflib import Graph\ngraph = Graph().parse("{url}", format="turtle")'),
            ("R (rdflib)", f'library(rdflib)\ngraph <- rdf_parse("{url}", format = "turtle")'),
        )
    url = f"{address}.csv{encoded}"
    return (
        ("curl", f"curl '{url}'"),
        ("Python (pandas)", f'import pandas as pd\nrows = pd.read_csv("{url}")'),
        ("Python (polars)", f'import polars as pl\nrows = pl.read_csv("{url}")'),
        ("R", f'rows <- read.csv("{url}")'),
        ("Excel (Power Query)", f'= Csv.Document(Web.Contents("{url}"), [Delimiter=",", Encoding=65001])'),
    )
