"""Substitution: a query in which pieces were replaced before it is run, and where its places are in the client's text.

In: text and what to put in the place of which pieces. Out: the text as it is run, which finds the way back for faults
and advice that speak of lines and columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.errors import SyntaxFault
from kg.sparql.tokens import excerpt_at, line_column, offset_of


@dataclass(frozen=True, slots=True)
class Substituted:
    """A query as it is run, and what it was made from: (start, end, length now) of each piece that was replaced."""

    query: str
    original: str
    pieces: tuple[tuple[int, int, int], ...] = ()

    def located(self, fault: SyntaxFault) -> SyntaxFault:
        """A fault that the engine found, at the place in the client's text."""
        if not self.pieces or not fault.line:
            return fault
        line, column = self.place(fault.line, fault.column)
        return replace(fault, line=line, column=column, excerpt=excerpt_at(self.original, line, column))

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Where a place of the query as it is run is in the client's text; lines and columns count from 1."""
        return line_column(self.original, self._original_place(offset_of(self.query, line, column)))

    def _original_place(self, place: int) -> int:
        moved = 0
        for start, end, length in self.pieces:
            begins = start + moved
            if place < begins:
                break
            if place < begins + length:
                return start
            moved += length - (end - start)
        return place - moved


def substitute(query: str, pieces: Iterable[tuple[int, int, str]]) -> Substituted:
    """The query with other text from each start to the end; the pieces do not overlap."""
    parts: list[str] = []
    replaced = []
    place = 0
    for start, end, text in sorted(pieces):
        parts += (query[place:start], text)
        replaced.append((start, end, len(text)))
        place = end
    return Substituted("".join((*parts, query[place:])), query, tuple(replaced))
