"""Reading a broken file of Turtle, TriG, N-Triples or N-Quads piece by piece.

In: a document that the strict parser refuses. Out: the quads of every statement that can be read, and remarks on the
others with their lines. Blank nodes get names of their own in this file, the same for a label in all pieces.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, groupby, islice
from operator import attrgetter
from typing import Final, TypeVar, cast

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple

from loaders.rdf_checks import Inspector
from loaders.rdf_document import Document
from loaders.rdf_lines import line_in
from loaders.rdf_remarks import Remark, Remarks, told
from loaders.turtle_statements import Statement, joined, split

Term = TypeVar("Term")

_MOST_ERRORS: Final = 10_000
_MOST_ERRORS_IN_A_GRAPH: Final = 100
_LINES_AT_ONCE: Final = 200
_STATEMENTS_AT_ONCE: Final = 50
_LONGEST_PROLOGUE: Final = 20_000
"""In characters."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a statement, or a run of lines, was found to hold: its quads by event, and its first error."""

    prologue: str
    statement: Statement
    quads: list[tuple[int, Quad]]
    error: Remark | None


class Pieces:
    """Reads one document."""

    def __init__(self, document: Document, inspector: Inspector, remarks: Remarks) -> None:
        self._document = document
        self._inspector = inspector
        self._remarks = remarks
        self._nodes: dict[BlankNode, BlankNode] = {}
        self._errors = 0

    def quads(self, stream: io.BufferedReader) -> Iterator[Quad]:
        """The quads of the document, until there have been too many errors."""
        is_lines = self._document.rdf_format == RdfFormat.N_QUADS
        for piece in self._lines(stream) if is_lines else self._statements(stream.read().decode()):
            self._inspector.locate = partial(self._locate, piece)
            for event, quad in piece.quads:
                self._inspector.event = event
                if self._inspector.keeps(quad):
                    yield self._named(quad)
            if piece.error is not None:
                self._errors += 1
                self._remarks.add(("error", self._errors), piece.error)
            if self._errors >= _MOST_ERRORS:
                what = f"was given up after {self._errors} errors"
                self._remarks.add("given up", Remark(-1, what, "", "error"))
                return

    def _lines(self, stream: io.BufferedReader) -> Iterator[_Piece]:
        number = 1
        while lines := list(islice(stream, _LINES_AT_ONCE)):
            block = self._parse("", Statement(b"".join(lines).decode(), number), lenient=False)
            if block.error is None:
                yield block
            else:
                for offset, line in enumerate(lines):
                    yield self._parse("", Statement(line.decode(), number + offset))
            number += len(lines)

    def _statements(self, text: str) -> Iterator[_Piece]:
        prologue = ""
        for are_directives, statements in groupby(split(text), key=attrgetter("is_directive")):
            while run := list(islice(statements, _STATEMENTS_AT_ONCE)):
                block = self._parse(prologue, joined(run), lenient=False)
                if block.error is None:
                    yield block
                else:
                    for statement in run:
                        yield from self._statement(prologue, statement)
                if are_directives:
                    prologue = self._extended(prologue, run)

    def _statement(self, prologue: str, statement: Statement) -> Iterator[_Piece]:
        piece = self._parse(prologue, statement)
        if piece.error is not None and statement.is_directive:
            dotted = self._parse(prologue, _with_dot(statement))
            yield piece if dotted.error else replace(dotted, error=_missing_dot(statement))
        elif piece.error is not None and statement.seams:
            *before, last = statement.parts()
            for part in before:
                yield _without_dot(self._parse(prologue, part))
            yield self._parse(prologue, last)
        else:
            yield piece

    def _extended(self, prologue: str, directives: Iterable[Statement]) -> str:
        """The prologue with those directives that are valid; it is parsed before every piece, so it has a limit."""
        for directive in directives:
            for form in (directive, _with_dot(directive)):
                longer = f"{prologue}{form.on_one_line()} "
                if len(longer) > _LONGEST_PROLOGUE:
                    what = f"declares prefixes of more than {_LONGEST_PROLOGUE} characters; this one is left out"
                    self._remarks.add("prologue", Remark(-1, what, "", "error", line=directive.line))
                elif self._parse(prologue, form).error is None:
                    prologue = longer
                    break
        return prologue

    def _parse(self, prologue: str, statement: Statement, *, lenient: bool = True) -> _Piece:
        parser = self._document.parser(prologue + statement.text, lenient=lenient, rename=False)
        quads: list[tuple[int, Quad]] = []
        first: Remark | None = None
        errors = 0
        # In a graph of TriG, reading goes on after an error.
        most_errors = _MOST_ERRORS_IN_A_GRAPH if "{" in statement.text else 1
        for event in count():
            try:
                quads.append((event, next(parser)))
            except StopIteration:
                break
            except SyntaxError as error:
                errors += 1
                first = first or self._told(error, prologue, statement)
                if errors >= most_errors:
                    break
        return _Piece(prologue, statement, quads, first)

    def _locate(self, piece: _Piece, event: int, needle: str) -> int:
        line = line_in(self._document, piece.prologue + piece.statement.text, event, needle)
        return piece.statement.line + line - 1

    def _told(self, error: SyntaxError, prologue: str, statement: Statement) -> Remark:
        line = error.lineno or 1
        column = (error.offset or 0) - (len(prologue) if line == 1 else 0)
        remark = told(error, column, "the rest of the statement")
        remark.line = statement.line + line - 1
        return remark

    def _named(self, quad: Quad) -> Quad:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if any(isinstance(term, BlankNode | Triple) for term in (subject, value, graph)):
            return Quad(self._node(subject), quad.predicate, self._node(value), self._node(graph))
        return quad

    def _node(self, term: Term) -> Term:
        named: object = term
        if isinstance(term, BlankNode):
            named = self._nodes.setdefault(term, BlankNode())
        elif isinstance(term, Triple):
            named = Triple(self._node(term.subject), term.predicate, self._node(term.object))
        return cast("Term", named)


def _with_dot(statement: Statement) -> Statement:
    return replace(statement, text=f"{statement.text} .")


def _missing_dot(statement: Statement) -> Remark:
    text = statement.text.rstrip()
    what = "a dot is missing at the end of the statement, which is read as if it were there"
    return Remark(0, what, "", "warning", line=statement.line + text.count("\n"))


def _without_dot(piece: _Piece) -> _Piece:
    """A statement whose only fault is that its dot is missing, which the next one's beginning has told."""
    if piece.error is None or not piece.quads or not piece.error.what.startswith("Unexpected end"):
        return piece
    return replace(piece, error=_missing_dot(piece.statement))
