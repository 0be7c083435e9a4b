"""Reading a generation's N-Quads file, part by part.

In: the file and those of its parts that are wanted. Out: their lines, some at a time, and which of them are the named
graph's own: what of it is new to the default graph stands between them (`kg.build.quad_file`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.build.quad_file import Part, line_ending

_CHUNK: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class QuadLines:
    """A file of quads, and the parts of it that are looked at."""

    path: Path
    parts: Sequence[Part]

    def read(self) -> Iterator[tuple[Part, list[bytes]]]:
        """The lines of the parts, some at a time, without line feeds: no literal holds one (N-Quads, production [15]).

        Raises:
            OSError: the file cannot be read, or is shorter than its parts.
        """
        with self.path.open("rb") as quads:
            for part in self.parts:
                quads.seek(part.offset)
                left, rest = part.length, b""
                while left:
                    chunk = quads.read(min(_CHUNK, left))
                    if not chunk:
                        raise OSError(f"{self.path} is shorter than its parts")
                    left -= len(chunk)
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield part, lines


def own_statements(graph: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """The triples of a part that are the named graph's own, as N-Triples without the dot.

    A triple of the default graph that has the graph's name as its object ends as a line of the graph does.
    """
    ending = line_ending(graph).rstrip("\n").encode()
    name = ending[1:]
    for line in lines:
        if line.endswith(ending) and line.split(b" ", 2)[2] != name:
            yield line.removesuffix(ending)
