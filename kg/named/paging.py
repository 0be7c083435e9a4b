"""Paging by key: an answer in parts, each of which begins behind the last row of the one before.

In: a query whose file names a paging key, and a cursor. Out: SPARQL for one page, and the cursor of the next. The page
sorts by the key's columns as text (STR), those that hold numbers as numbers; a missing value sorts first, with DESC
last. Rows with equal keys are told apart by how many of them were given, and sorted by their other columns, so that
each row is given once however the key repeats. A cursor holds values, which become terms; it never holds SPARQL.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import ParameterError
from kg.named.binding import Values, is_text
from kg.named.query import NamedQuery
from kg.named.rows import Rows
from kg.named.structure import Condition
from kg.namespaces import XSD, Names

MAX_CURSOR_LENGTH: Final = 20_000
MAX_SKIPPED: Final = 10_000_000
MAX_NUMBER: Final = 1.7e308
SAMPLED: Final = 0.1
VALUES_PER_ROW: Final = 2
"""So many values of the first key column are looked through for a row of a page, on the average. By chance it is half
as many for a page in some thousand, which may then have to be asked for twice."""
MUCH: Final = 100_000
"""Triples: with fewer, no query takes so long that it is worth an attempt to hurry."""

_DOUBLE: Final = NamedNode(f"{XSD}double")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

KeyValue = str | float | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind so many rows that have this key."""

    key: tuple[KeyValue, ...]
    given: int

    def write(self) -> str:
        """The cursor as it stands in a URL.

        >>> Cursor(("https://data.norge.no/a", 3.5), 1).write()
        'W1siaHR0cHM6Ly9kYXRhLm5vcmdlLm5vL2EiLDMuNV0sMV0'
        """
        text = json.dumps([self.key, self.given], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, query: NamedQuery) -> Cursor:
    """Read a cursor that a client has sent.

    Raises:
        ParameterError: it is none of ours, or of another query.
    """
    wrong = ParameterError(
        "the cursor is not one of this query", hint="take it from the `next` of the page before", parameter="after"
    )
    if len(text) > MAX_CURSOR_LENGTH:
        raise wrong
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key, given = json.loads(raw.decode())
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise wrong from error
    if not isinstance(key, list) or len(key) != len(_conditions(query)):
        raise wrong
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= MAX_SKIPPED:
        raise wrong
    if not all(_fits(value, query, one) for value, one in zip(key, _conditions(query), strict=True)):
        raise wrong
    return Cursor(tuple(key), given)


def page_text(
    query: NamedQuery, values: Values, names: Names, after: Cursor | None, limit: int, *, hurried: bool = False
) -> str:
    """SPARQL for the rows behind a cursor, one more than `limit`, which tells whether there is a next page.

    Where the query has a leading subquery, that is cut too, so that what belongs to other pages is not looked up.
    Hurried, it is asked for some of the first values of the first key column only, where the query gives these apart:
    `is_whole` then tells whether these are the rows.
    """
    given = after.given if after else 0
    behind = f" FILTER ({_at_or_behind(query, _conditions(query), after.key)})" if after else ""
    selected = " ".join(f"?{column}" for column in query.columns)
    ordering = " ".join((*_key_order(query, _conditions(query)), *_other_order(query)))
    body = query.body.fill(values, names)
    if query.around and query.structure.leading:
        before, leading, rest = (part.fill(values, names) for part in query.around)
        if hurried and query.within:
            leading = _hurried(query, [part.fill(values, names) for part in query.within], after, limit)
        columns = " ".join(f"?{column}" for column in query.structure.leading.columns)
        body = (
            f"{before}SELECT {columns} WHERE {{ {{ {leading} }}{behind} }}"
            f" ORDER BY {' '.join(_key_order(query, _conditions(query)))} LIMIT {given + limit + 1}\n{rest}"
        )
    return (
        f"{query.prologue.fill(values, names)}SELECT {selected} WHERE {{ {{ {body}\n}}"
        f"{behind} }} ORDER BY {ordering} LIMIT {limit + 1} OFFSET {given}"
    )


def _hurried(query: NamedQuery, parts: Sequence[str], after: Cursor | None, limit: int) -> str:
    """The leading subquery with the values of the first key column up to one of them, drawn from a sample.

    To sort 24 000 of them takes 400 ms, to draw one and compare the others with it 160 ms. Where there are too few to
    draw from, it is the least of them: each then gives many rows, or there are not many in all.
    """
    before, first, rest = parts
    conditions = _conditions(query)[:1]
    column, expression = conditions[0].column, _expression(query, conditions[0])
    behind = f" FILTER ({_at_or_behind(query, conditions, after.key)})" if after else ""
    place = math.ceil(SAMPLED * VALUES_PER_ROW * (limit + 1))
    sample = f"{{ {first} }}{behind} FILTER (RAND() < {SAMPLED})"
    value = f"SELECT ({expression} AS ?value) WHERE {{ {sample} }} ORDER BY ?value OFFSET {place} LIMIT 1"
    drawn = f"SELECT (MIN(?value) AS ?drawn) WHERE {{ {value} }}"
    least = f"SELECT (MIN({expression}) AS ?least) WHERE {{ {{ {first} }}{behind} }}"
    # The engine reckons with as many rows of a MIN as go into it, but not with more than LIMIT says.
    end = f"SELECT (COALESCE(?drawn, ?least) AS ?end) WHERE {{ {{ {drawn} }} {{ {least} }} }} LIMIT 1"
    return (
        f"{before}SELECT ?{column} WHERE {{ {{ {end} }} {{ {first} }}{behind}"
        f" FILTER (COALESCE({expression} <= ?end, true)) }}\n{rest}"
    )


def is_whole(found: Rows, limit: int) -> bool:
    """Whether what a hurried query found are the rows of the page and the one behind it.

    These are all the rows up to the value it has drawn; where there are too few of them, others may follow.
    """
    return len(found.rows) > limit


def _key_order(query: NamedQuery, conditions: Sequence[Condition]) -> list[str]:
    """Sort conditions by columns of the key: as they are compared, then what tells equal ones apart."""
    compared, apart = [], []
    for condition in conditions:
        expression = _expression(query, condition)
        compared.append(f"DESC({expression})" if condition.descending else f"ASC({expression})")
        if query.column_type(condition.column) != "iri":
            name = condition.column
            apart += [f"STR(?{name})", f"LANG(?{name})", f"STR(DATATYPE(?{name}))"]
    return [*compared, *apart]


def _other_order(query: NamedQuery) -> list[str]:
    """Sort conditions by the other columns."""
    ordering = []
    for column in query.columns:
        if column not in {condition.column for condition in _conditions(query)}:
            ordering.append(f"STR(?{column})")
            if query.column_type(column) == "text":
                ordering.append(f"LANG(?{column})")
    return ordering


def total_text(query: NamedQuery, values: Values, names: Names) -> str:
    """SPARQL for the number of all rows."""
    prologue, body = query.prologue.fill(values, names), query.body.fill(values, names)
    return f"{prologue}SELECT (COUNT(*) AS ?total) WHERE {{ {{ {body}\n}} }}"


def next_cursor(query: NamedQuery, found: Rows, after: Cursor | None) -> Cursor:
    """The cursor behind the last row of a page."""
    conditions, end = _conditions(query), len(found.rows) - 1
    # From the end, so that of a page whose key never repeats two rows are read.
    keys = (
        tuple(_key_value(query, one, found.text(place, one.column)) for one in conditions)
        for place in range(end, -1, -1)
    )
    last = next(keys)
    same = 1 + sum(1 for _ in takewhile(lambda key: key == last, keys))
    before = after.given if after is not None and same == end + 1 and after.key == last else 0
    return Cursor(last, before + same)


def _conditions(query: NamedQuery) -> tuple[Condition, ...]:
    return query.structure.conditions or ()


def _is_number(query: NamedQuery, condition: Condition) -> bool:
    return query.column_type(condition.column) in {"integer", "number"}


def _expression(query: NamedQuery, condition: Condition) -> str:
    """What a column is sorted and compared by."""
    text = f"STR(?{condition.column})"
    return f"{_DOUBLE}({text})" if _is_number(query, condition) else text


def _key_value(query: NamedQuery, condition: Condition, text: str | None) -> KeyValue:
    """What the engine makes of a column's value by `_expression`."""
    if text is None or not _is_number(query, condition):
        return text
    return float(text) if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else None


def _fits(value: object, query: NamedQuery, condition: Condition) -> bool:
    if value is None:
        return True
    if _is_number(query, condition):
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
    return isinstance(value, str) and "\0" not in value and is_text(value)


def _at_or_behind(query: NamedQuery, conditions: Sequence[Condition], key: Sequence[KeyValue]) -> str:
    """An expression that holds for the rows whose key is this one or sorts behind it."""
    if not conditions:
        return "true"
    behind, same = _comparison(query, conditions[0], key[0])
    return f"({behind} || ({same} && {_at_or_behind(query, conditions[1:], key[1:])}))"


def _comparison(query: NamedQuery, condition: Condition, value: KeyValue) -> tuple[str, str]:
    """Whether a column sorts behind a value, and whether it has it; neither is ever an error."""
    expression = _expression(query, condition)
    there = f"COALESCE({expression} = {expression}, false)"
    if value is None:
        return ("false" if condition.descending else there), f"!{there}"
    term = Literal(float(value)) if _is_number(query, condition) else Literal(value)
    same = f"COALESCE({expression} = {term}, false)"
    if condition.descending:
        return f"COALESCE({expression} < {term}, true)", same
    return f"COALESCE({expression} > {term}, false)", same
