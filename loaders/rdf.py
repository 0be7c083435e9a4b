"""Kind `rdf`: a file of Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD.

In: the file, plain or gzipped. Out: its quads as they stand, and problems with their lines. A fault of syntax leaves
out as little as can be told apart: one statement in Turtle and its kin, what follows in RDF/XML and JSON-LD, whose
parsers invent or lose triples after it. What is only ill-formed within a statement (an IRI with a space, a date that
is none, a language tag, a blank node where a resource should have a name) is kept and said: here with its line, by
`kg.build.normalise` with its repair and count.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad, RdfFormat

from kg.errors import SourceError
from loaders.json_ld import whole_part
from loaders.protocol import Harvest, Problem, SourceFile
from loaders.rdf_checks import Inspector
from loaders.rdf_document import Document
from loaders.rdf_lines import find_lines
from loaders.rdf_pieces import Pieces
from loaders.rdf_remarks import Remark, Remarks, told
from loaders.rdf_syntax import rdf_format_of
from loaders.reading import DEFAULT_LIMIT, Text, head

__all__ = ["RdfLoader", "rdf_format_of"]

_NAMES: Final = MappingProxyType({RdfFormat.TRIG: "Turtle", RdfFormat.N_QUADS: "N-Triples"})
_MOST_HELD: Final = 250_000
"""Quads of a file that are held in memory until the parser has seen all of it; larger files are read twice."""
_MOST_ERRORS: Final = 10_000


@dataclass(frozen=True, slots=True)
class RdfLoader:
    """Reads RDF.

    Attributes:
        kind: the name of the kind.
        problem_cap: how many different problems of a file are told; more are counted.
        size_limit: the most bytes, unzipped, that a file may have.
    """

    kind: str = "rdf"
    problem_cap: int = 100
    size_limit: int = DEFAULT_LIMIT

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether the content is RDF; an empty file is where its name says so."""
        return rdf_format_of(head, name) is not None

    def load(self, file: SourceFile) -> Harvest:
        """Read a file.

        Raises:
            SourceError: not one triple can be read, for a fault. Reading the quads raises it too, where the file
                turns out to be over the limit, or unreadable on the disk, after the first of them.
        """
        rdf_format = rdf_format_of(head(file.path, file.name), file.name)
        if rdf_format is None:
            raise SourceError("is RDF in no syntax known here", where=file.name)
        problems: list[Problem] = []
        document = Document(file, rdf_format, self.size_limit)
        quads = _Reading(replace(document, fault=document.find_fault()), Remarks(self.problem_cap)).quads(problems)
        first = next(quads, None)
        if first is not None:
            return Harvest(chain((first,), quads), problems)
        if error := next((problem for problem in problems if problem.severity == "error"), None):
            syntax = _NAMES.get(rdf_format, str(rdf_format))
            raise SourceError(f"cannot be read as {syntax}: {error.what}", where=error.where, hint=error.hint)
        return Harvest(iter(()), problems)


class _Reading:
    """One pass through one document."""

    def __init__(self, document: Document, remarks: Remarks) -> None:
        self._document = document
        self._remarks = remarks
        self._inspector = Inspector(document.rdf_format, remarks)
        self._errors = 0
        self._has_events = True

    def quads(self, problems: list[Problem]) -> Iterator[Quad]:
        """The quads; the problems are complete when they are."""
        is_turtle = self._document.rdf_format in {RdfFormat.TRIG, RdfFormat.N_QUADS}
        yield from self._statements() if is_turtle else self._events()
        self._find_lines()
        problems.extend(self._remarks.problems(self._document.file.name))

    def _statements(self) -> Iterator[Quad]:
        """Quads of Turtle and its kin: by the strict parser, or piece by piece if that refuses anything."""
        try:
            held = self._held()
        except SyntaxError:
            self._has_events = False
            with self._document.text() as (text, stream):
                yield from Pieces(self._document, self._inspector, self._remarks).quads(stream)
                self._remark_on_text(text)
            return
        if held is not None:
            yield from filter(self._inspector.examine, held)
            return
        with self._document.text() as (_, stream):
            yield from filter(self._inspector.examine, self._document.parser(stream, lenient=False))

    def _held(self) -> list[Quad] | None:
        """The quads of a document without faults, or None where these are too many to hold.

        Raises:
            SyntaxError: the strict parser refuses something.
        """
        with self._document.text() as (text, stream):
            parser = self._document.parser(stream, lenient=False)
            quads = list(islice(parser, _MOST_HELD))
            is_all = len(quads) < _MOST_HELD
            if not is_all:
                quads.clear()
                deque(parser, maxlen=0)
            self._remark_on_text(text)
        return quads if is_all else None

    def _events(self) -> Iterator[Quad]:
        """Quads of RDF/XML and JSON-LD, as far as their parsers can be trusted."""
        keeps = self._inspector.keeps
        with self._document.text() as (text, stream):
            parser = self._document.parser(stream)
            while True:
                try:
                    for quad in parser:
                        if keeps(quad):
                            yield quad
                    break
                except SyntaxError as error:
                    parser = self._after(error, parser)
            self._remark_on_text(text)

    def _after(self, error: SyntaxError, parser: Iterator[Quad]) -> Iterator[Quad]:
        """Note an error, and say what to go on with."""
        event = self._inspector.event
        self._inspector.event += 1
        self._errors += 1
        # JSON that is well-formed has errors without a place, each in one value.
        is_local = self._document.rdf_format == RdfFormat.JSON_LD and not error.lineno
        remark = told(error, error.offset or 0, "the value" if is_local else "what follows")
        remark.event = event
        self._remarks.add(("error", event), remark)
        if is_local and self._errors < _MOST_ERRORS:
            return parser
        if self._document.rdf_format == RdfFormat.JSON_LD and error.lineno and event == 0:
            return self._whole_part(error.lineno, error.offset or 1)
        return iter(())

    def _whole_part(self, line: int, column: int) -> Iterator[Quad]:
        self._has_events = False
        with self._document.text() as (_, stream):
            part = whole_part(stream.read().decode(), line, column)
        return iter(()) if part is None else self._document.parser(part)

    def _remark_on_text(self, text: Text) -> None:
        for line in text.damaged_lines:
            what = "has bytes that are not UTF-8, which are read as U+FFFD"
            self._remarks.add(("damage", line), Remark(-1, what, "save it as UTF-8", "warning", line=line))
        self._remarks.surplus += text.damaged - len(text.damaged_lines)
        if text.broken:
            hint = "fetch or pack the file again"
            self._remarks.add("broken", Remark(-1, text.broken, hint, "error", line=text.line))
        if fault := self._document.fault:
            what = f"{fault.what}; what follows is left out"
            self._remarks.add("fault", Remark(-1, what, "", "error", line=fault.line))

    def _find_lines(self) -> None:
        remarks = self._remarks.kept
        if all(remark.line for remark in remarks.values()):
            return
        late = find_lines(self._document, remarks.values(), by_event=self._has_events)
        if self._document.fault:
            # The parser stumbled over the cut, for which the fault has the better words.
            for event in late:
                remarks.pop(("error", event), None)
