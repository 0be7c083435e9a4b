"""Rows with plain values: what a spreadsheet or a program without RDF can use.

In: an answer in SPARQL 1.1 Query Results JSON. Out: columns, and rows of numbers, truth values, texts and None; an IRI
is its text, and so is a date.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.namespaces import XSD

Plain = str | int | float | bool | None

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,400}")
_WHOLE: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedLong",
        "unsignedInt", "unsignedShort", "unsignedByte", "nonPositiveInteger", "negativeInteger",
    )
)  # fmt: skip
_REAL: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
_BOOLEAN: Final = f"{XSD}boolean"


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: its columns, its rows with plain values, and the terms that these were."""

    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Plain]]
    terms: Sequence[Mapping[str, Mapping[str, Any]]]

    def text(self, row: int, column: str) -> str | None:
        """A value as text, as the cursor of the next page has it."""
        term = self.terms[row].get(column)
        return None if term is None else term["value"]

    def first(self, count: int) -> "Rows":
        """The first rows."""
        return Rows(self.columns, self.rows[:count], self.terms[:count])


def read_rows(answer: bytes) -> Rows:
    """Read an answer of the engine; that to ASK has one row with one column, `answer`.

    >>> read_rows(b'{"head": {}, "boolean": true}').rows
    [{'answer': True}]
    """
    read = json.loads(answer)
    if "boolean" in read:
        term = {"type": "literal", "value": str(read["boolean"]).lower(), "datatype": _BOOLEAN}
        return Rows(("answer",), [{"answer": read["boolean"]}], [{"answer": term}])
    columns = tuple(read["head"]["vars"])
    bindings = read["results"]["bindings"]
    rows = [{column: plain(row[column]) if column in row else None for column in columns} for row in bindings]
    return Rows(columns, rows, bindings)


def plain(term: Mapping[str, Any]) -> Plain:
    """The plain value of a term; a number that JSON cannot write is its text.

    >>> plain({"type": "literal", "value": "3.0", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"})
    3.0
    """
    told, datatype = term["value"], term.get("datatype")
    value: str = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)  # a triple term
    if datatype is None:
        return value
    if datatype in _WHOLE and _INTEGER.fullmatch(value):
        return int(value)
    if datatype == _BOOLEAN and value in {"true", "false"}:
        return value == "true"
    if datatype in _REAL:
        try:
            number = float(value)
        except ValueError:
            return value
        return number if math.isfinite(number) else value
    return value
