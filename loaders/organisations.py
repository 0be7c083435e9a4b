"""Kind `organisations`: the entities of Enhetsregisteret, as JSON or CSV, and data.norge.no's organisation catalogue.

In: a file of the register's API or one of its downloads, plain or gzipped. Out: its organisations as quads under
canonical IRIs, and problems with their lines. The files are streamed: the whole register has more than a million
entities. Persons are left out (`loaders/organisation_graph.py` says how they are told).

The organisation catalogue has the same shape in RDF, which the loader of RDF recognises; where this kind is given for
it, the file is handed over.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Quad

from kg.errors import SourceError
from loaders.organisation_graph import OrganisationGraph
from loaders.organisation_json import is_register_json, json_records
from loaders.organisation_records import Notes
from loaders.organisation_table import is_register_table, table_records
from loaders.protocol import Harvest, Problem, SourceFile
from loaders.rdf import RdfLoader, rdf_format_of
from loaders.reading import head, open_text


@dataclass(frozen=True, slots=True)
class OrganisationsLoader:
    """Reads Enhetsregisteret.

    Attributes:
        kind: the name of the kind.
        problem_cap: how many problems of a file are told; more are counted.
        size_limit: the most bytes, unzipped, that a file may have; the register's table of 2026 has 842 MB.
    """

    kind: str = "organisations"
    problem_cap: int = 100
    size_limit: int = 8 * 1024**3

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether the content is JSON or CSV of the register; RDF is left to its own loader."""
        if rdf_format_of(head, name) is not None:
            return False
        text = head.decode(errors="replace").removeprefix("\ufeff").lstrip()
        return is_register_json(text) or is_register_table(text)

    def load(self, file: SourceFile) -> Harvest:
        """Read a file.

        Raises:
            SourceError: no organisation can be read, for a fault. Reading the quads raises it too, where the file
                turns out to be over the limit, or unreadable on the disk, after the first of them.
        """
        start = head(file.path, file.name)
        if rdf_format_of(start, file.name) is not None:
            return RdfLoader(problem_cap=self.problem_cap).load(file)
        problems: list[Problem] = []
        quads = self._quads(file, problems, is_json=start.lstrip()[:1] in {b"[", b"{"})
        first = next(quads, None)
        if first is not None:
            return Harvest(chain((first,), quads), problems)
        if error := next((problem for problem in problems if problem.severity == "error"), None):
            what = f"holds no organisation that can be read: {error.what}"
            raise SourceError(what, where=error.where, hint=error.hint)
        return Harvest(iter(()), problems)

    def _quads(self, file: SourceFile, problems: list[Problem], *, is_json: bool) -> Iterator[Quad]:
        """The quads; the problems are complete when they are."""
        notes = Notes(self.problem_cap)
        graph = OrganisationGraph(notes)
        with open_text(file.path, file.name, self.size_limit) as text:
            stream = io.TextIOWrapper(io.BufferedReader(text), encoding="utf-8", newline="")
            records = json_records(stream, notes) if is_json else table_records(stream, file.name, notes)
            for record in records:
                yield from graph.quads(record)
            for line in text.damaged_lines:
                notes.warn(line, "has bytes that are not UTF-8, which are read as U+FFFD", "save it as UTF-8")
            notes.count_warnings(text.damaged - len(text.damaged_lines))
            if text.broken:
                notes.error(text.line, text.broken, "fetch or pack the file again")
        problems.extend(notes.problems(file.name))
        problems.extend(graph.summary(file.name))
