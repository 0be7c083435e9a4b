"""The N-Quads file of a generation, written part by part.

In: triples by graph, each graph a set, those of a source under its own IRIs. Out: the file that the store is loaded
from, and its parts with their checksums, by which two generations are compared without reading
what is the same in both. A named graph is one part; what of it is new to the default graph stands beside it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast

from pyoxigraph import NamedNode, Triple

_LINES: Final = 20_000
"""So many lines are written at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of whole lines of the file.

    Attributes:
        graph: the IRI of the named graph that it holds.
        offset: where it begins, in bytes.
        length: in bytes.
        sha256: of its bytes.
    """

    graph: str
    offset: int
    length: int
    sha256: str


@dataclass(slots=True)
class QuadFile:
    """An N-Quads file being written; it remembers the default graph, so that each triple is in it once.

    Attributes:
        graphs: how many triples each named graph has.
        asserted: the lines of the default graph in their order: read again in it, they are close in memory.
        parts: those written so far.
    """

    out: BinaryIO
    graphs: dict[str, int] = field(default_factory=dict)
    asserted: dict[str, None] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def write_asserted(
        self, graph: str, triples: Iterable[Triple], canonical: Callable[[Triple], Triple | None] | None = None
    ) -> None:
        """Add one named graph, and what its triples become under `canonical` to the default graph.

        A triple that becomes None is in the named graph alone.
        """
        lines = self._asserted_lines(graph, triples, canonical)
        self.write_graph(graph, lambda out: sum(self._asserted_blocks(lines, out)))

    def write_lines(self, graph: str, lines: Iterable[str]) -> None:
        """Add one named graph, its triples given as N-Triples without the dot."""
        ending = line_ending(graph)
        whole = (line + ending for line in lines)
        self.write_graph(graph, lambda out: sum(_write(several, out) for several in _batches(whole)))

    def write_graph(self, graph: str, write: Callable[[BinaryIO], int]) -> None:
        """Add one named graph: `write` writes whole lines, and says how many of them are its own."""
        offset, part = self.out.tell(), _Hashed(self.out)
        count = write(cast("BinaryIO", part))
        if part.length:
            self.graphs[graph] = self.graphs.get(graph, 0) + count
            self.parts.append(Part(graph, offset, part.length, part.digest.hexdigest()))

    def _asserted_lines(
        self, graph: str, triples: Iterable[Triple], canonical: Callable[[Triple], Triple | None] | None
    ) -> Iterator[str]:
        ending = line_ending(graph)
        for triple in triples:
            text = str(triple)
            yield text + ending
            if canonical is not None:
                renamed = canonical(triple)
                if renamed is None:
                    continue
                if renamed is not triple:
                    text = str(renamed)
            if text not in self.asserted:
                self.asserted[text] = None
                yield f"{text} .\n"

    def _asserted_blocks(self, lines: Iterable[str], out: BinaryIO) -> Iterator[int]:
        known = len(self.asserted)
        for several in _batches(lines):
            # Every line is the named graph's but those by which the default graph has grown.
            yield _write(several, out) - (len(self.asserted) - known)
            known = len(self.asserted)


class _Hashed:
    """A file being written, as far as writers need one; what they write is hashed and measured on its way."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.length = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.length += len(data)
        return self._out.write(data)


def line_ending(graph: str) -> str:
    """What follows a triple's text in a line of a named graph."""
    return f" {NamedNode(graph)} .\n"


def _write(lines: Sequence[str], out: BinaryIO) -> int:
    out.write("".join(lines).encode())
    return len(lines)


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= _LINES:
            yield batch
            batch = []
    if batch:
        yield batch
