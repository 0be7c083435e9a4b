"""Enhetsregisteret's CSV: the table of all entities.

In: text whose first line names the columns; between the cells stands a comma or a semicolon. Out: records with their
lines. Column names are matched whatever their case, because the table writes some of them otherwise than the API. A
row with more or fewer cells than the header is left out: one that must not be loaded could be taken for another.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain, count
from types import MappingProxyType
from typing import Final, TextIO

from kg.errors import SourceError
from loaders.csv_records import csv_records
from loaders.organisation_records import FIELDS, Notes, Record
from loaders.rdf_remarks import excerpt

_COLUMNS: Final = MappingProxyType({name.lower(): field for field, name in FIELDS.items()})
_REQUIRED: Final = frozenset({"number", "name", "form"})
_DELIMITERS: Final = ",;"
_LONGEST_LINE: Final = 1024**2
"""Characters of a line that are read at once, so that a file without line breaks does not fill the memory."""


def is_register_table(text: str) -> bool:
    """Whether the first line of a text is the header of the register's table."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _find_delimiter(first) is not None


def table_records(stream: TextIO, name: str, notes: Notes) -> Iterator[Record]:
    """The records of a table.

    Args:
        stream: the text, its line breaks untouched.
        name: what messages call the file.
        notes: is told what is wrong.

    Raises:
        SourceError: the first line is not the header of the register's table.
    """
    lines = iter(lambda: stream.readline(_LONGEST_LINE), "")
    before, first = next(((before, line) for before, line in enumerate(lines) if line.strip()), (0, ""))
    delimiter = _find_delimiter(first)
    if delimiter is None:
        hint = f"the first line has to name the columns, {', '.join(sorted(FIELDS[field] for field in _REQUIRED))}"
        raise SourceError("is no file of Enhetsregisteret", where=f"{name}:{before + 1}", hint=hint)
    reader = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
    header = next(reader)
    columns = _columns(header, before + 1, notes)
    places = count(1)
    for line, cells in csv_records(reader, before, notes.error):
        place = next(places)
        if len(cells) != len(header):
            what = f"the row has {len(cells)} cells where the header has {len(header)}; it is left out"
            notes.error(line, what, "put cells with a comma or a line break in quotation marks")
            continue
        texts = ((field, cells[index].strip()) for index, field in columns)
        yield Record(line, place, {field: text for field, text in texts if text})


def _find_delimiter(header: str) -> str | None:
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:  # a quotation mark too few, or a cell of more than 128 kB
            continue
        if _REQUIRED.issubset(_COLUMNS.get(cell.strip().lower(), "") for cell in cells):
            return delimiter
    return None


def _columns(header: Sequence[str], line: int, notes: Notes) -> tuple[tuple[int, str], ...]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(header):
        field = _COLUMNS.get(cell.strip().lower())
        if field in columns:
            notes.error(line, f'the column "{excerpt(cell)}" comes twice; the first is read')
        elif field is not None:
            columns[field] = index
    return tuple((index, field) for field, index in columns.items())
