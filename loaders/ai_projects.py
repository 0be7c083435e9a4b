"""Kind `ai_projects`: the list of AI projects in the public sector, as CSV.

In: a table with a header, one project to a row. Out: its quads under our vocabulary `ns/ki#`, and problems with their
lines. Columns marked internal, and those about contact persons, are dropped as the row is read.

The list has no stable key: its numbers were given anew in 2025. A project's IRI comes from owner and title. Projects
that share both are told apart by the first column whose values all differ between them (by all columns, if none
does); rows that are equal but for the number are one project.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad

from kg.errors import SourceError
from loaders.ai_graph import ProjectGraph, Row
from loaders.ai_values import digest, normal
from loaders.csv_records import csv_records
from loaders.protocol import Harvest, Problem, SourceFile
from loaders.reading import open_text

if TYPE_CHECKING:
    import _csv

_COLUMNS: Final = MappingProxyType(
    {
        "": "number",
        "id": "number",
        "nr": "number",
        "prosjekteier": "owner",
        "prosjekttittel": "title",
        "departement": "department",
        "eiertype": "owner_type",
        "beskrivelse av prosjekt": "description",
        "formål med prosjekt": "purpose",
        "prosjektstart": "start",
        "prosjektslutt": "end",
        "tilknyttede organisasjoner": "partners",
        "bruk av innleide konsulenter": "consultants",
        "lenke til prosjekt": "link",
        "status": "status",
        "type data": "data_types",
        "datakilde": "data_origins",
        "modellutvikling": "own_models",
        "klassifisering": "techniques",
    }
)
# What must never be loaded: what is marked internal, and who can be reached.
_PRIVATE: Final = ("intern", "kontakt", "e-post", "epost", "telefon")
_REQUIRED: Final = frozenset({"owner", "title"})
_DELIMITERS: Final = ",;\t"
# In this order, what is least likely to be written anew first.
_DISTINGUISHING: Final = (
    "description",
    "purpose",
    "start",
    "end",
    "link",
    "department",
    "owner_type",
    "partners",
    "data_types",
    "data_origins",
    "techniques",
    "own_models",
    "consultants",
    "status",
)


@dataclass(slots=True)
class _Table:
    name: str
    columns: dict[int, str] = field(default_factory=dict)
    width: int = 0
    rows: list[Row] = field(default_factory=list)
    found: list[tuple[int, Problem]] = field(default_factory=list)

    def report(self, line: int, what: str, hint: str = "") -> None:
        self.found.append((line, Problem(f"{self.name}:{line}", what, hint)))

    def warn(self, line: int, what: str) -> None:
        self.found.append((line, Problem(f"{self.name}:{line}", what, severity="warning")))

    def problems(self, cap: int) -> list[Problem]:
        ordered = [problem for _, problem in sorted(self.found, key=lambda pair: pair[0])]
        surplus = ordered[cap:]
        if surplus:
            severity = "error" if any(problem.severity == "error" for problem in surplus) else "warning"
            ordered[cap:] = [Problem(self.name, f"and {len(surplus)} more problems", severity=severity)]
        return ordered


@dataclass(frozen=True, slots=True)
class AiProjectsLoader:
    """Reads the list of AI projects.

    Attributes:
        kind: the name of the kind.
        problem_cap: how many problems of a file are told; more are counted.
        size_limit: the most bytes, unzipped, that a file may have; the list of 2025 has 85 kB.
    """

    kind: str = "ai_projects"
    problem_cap: int = 100
    size_limit: int = 64 * 1024**2

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Whether the first line is a header with an owner and a title."""
        first = next((line for line in head.decode(errors="replace").splitlines() if line.strip()), "")
        return _find_delimiter(first.removeprefix("\ufeff")) is not None

    def load(self, file: SourceFile) -> Harvest:
        """Read a file.

        Raises:
            SourceError: it has no header with owner and title, no row that can be read, or is not UTF-8; IRIs are
                made of its text, so half of a letter would not do.
        """
        table = _read(file, self.size_limit)
        graph = ProjectGraph(file.mint_iri, table.warn)
        quads: dict[Quad, None] = {}
        for row, key in zip(table.rows, _keys(table), strict=True):
            quads.update(dict.fromkeys(graph.quads(key, row)))
        problems = table.problems(self.problem_cap)
        if error := next((problem for problem in problems if problem.severity == "error" and not quads), None):
            raise SourceError(f"holds no project that can be read: {error.what}", where=error.where, hint=error.hint)
        return Harvest(iter(quads), problems)


def _find_delimiter(header: str) -> str | None:
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:  # a cell of more than 128 kB
            continue
        if _REQUIRED.issubset(_COLUMNS.get(normal(cell), "") for cell in cells):
            return delimiter
    return None


def _read(file: SourceFile, limit: int) -> _Table:
    table = _Table(file.name)
    with open_text(file.path, file.name, limit) as text:
        lines = io.TextIOWrapper(io.BufferedReader(text), encoding="utf-8", newline="")
        first, before = _first_line(lines)
        delimiter = _find_delimiter(first)
        if delimiter is None:
            hint = "the first line has to name the columns, Prosjekteier and Prosjekttittel among them"
            raise SourceError("is not the list of AI projects", where=f"{file.name}:{before + 1}", hint=hint)
        _read_rows(csv.reader(chain((first,), lines), delimiter=delimiter, strict=True), table, before)
        if text.damaged:
            where = f"{file.name}:{text.damaged_lines[0]}"
            raise SourceError("has bytes that are not UTF-8", where=where, hint="save the table as CSV UTF-8")
        if text.broken:
            table.report(text.line, text.broken, "fetch or pack the file again")
    return table


def _first_line(lines: Iterator[str]) -> tuple[str, int]:
    for before, line in enumerate(lines):
        if line.strip():
            return line, before
    return "", 0


def _read_header(cells: Sequence[str], table: _Table, line: int) -> None:
    table.width = len(cells)
    for index, cell in enumerate(cells):
        name = normal(cell)
        column = _COLUMNS.get(name)
        if any(word in name for word in _PRIVATE) or (column == "number" and index and not name):
            continue
        if column is None:
            table.report(line, f"the column {cell.strip()!r} is not known here and is left out")
        elif column in table.columns.values():
            table.report(line, f"the column {cell.strip()!r} comes twice; the first is read")
        else:
            table.columns[index] = column


def _read_rows(reader: "_csv.Reader", table: _Table, before: int) -> None:
    for line, cells in csv_records(reader, before, table.report):
        if not table.width:
            _read_header(cells, table, line)
        elif len(cells) != table.width:
            # The cells may have moved, and one that must not be loaded would be taken for another.
            what = f"the row has {len(cells)} cells where the header has {table.width}; it is left out"
            table.report(line, what, "put cells with a comma or a line break in quotation marks")
        else:
            row = Row(line, {column: cells[index] for index, column in table.columns.items()})
            if row.text("title"):
                table.rows.append(row)
            else:
                table.report(line, "the project has no title; it is left out")


def _keys(table: _Table) -> list[str]:
    """The last segment of each project's IRI, in the order of the rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        groups.setdefault((normal(row.text("owner")), normal(row.text("title"))), []).append(row)
    keys: dict[int, str] = {}
    for (owner, title), rows in groups.items():
        contents = {tuple(normal(row.text(column)) for column in _DISTINGUISHING) for row in rows}
        if len(contents) == 1:
            columns: tuple[str, ...] = ()
        else:
            differing = (
                column
                for position, column in enumerate(_DISTINGUISHING)
                if len({content[position] for content in contents}) == len(contents)
            )
            first = next(differing, None)
            columns = _DISTINGUISHING if first is None else (first,)
        for row in rows:
            keys[row.line] = digest(owner, title, *(normal(row.text(column)) for column in columns))
        _report_namesakes(table, rows, columns)
    return [keys[row.line] for row in table.rows]


def _report_namesakes(table: _Table, rows: Sequence[Row], columns: Sequence[str]) -> None:
    names = {column: name for name, column in _COLUMNS.items()}
    for row in rows[1:]:
        if columns:
            by = f"told apart by «{names[columns[0]]}»" if len(columns) == 1 else "told apart by all columns"
            what = f"has the owner and title of the project on line {rows[0].line}, {by}"
        else:
            what = f"is the same project as the one on line {rows[0].line}"
        table.warn(row.line, what)
