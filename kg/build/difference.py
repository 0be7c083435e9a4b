"""The difference between the files of two generations: the lines that only one of them has.

In: two N-Quads files and their parts. Out: the lines gone and the lines new, if they are few enough to be worth it; a
store is then changed by them in less time than it is loaded. Parts that are the same byte for byte are not read.

Lines are compared by 64-bit hashes, eight bytes for each line instead of its text. That two lines of millions have the
same one is next to impossible, and not silent: what takes up a difference counts what it then has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.build.quad_lines import QuadLines
from kg.reason.arrays import EMPTY, Ids, contains, distinct


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines of N-Quads, each with its dot and without a line feed."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """How many lines differ."""
        return len(self.removed) + len(self.added)


def find_difference(before: QuadLines, after: QuadLines, most: int) -> Difference | None:
    """What turns one file into the other; None if more than `most` lines differ.

    Raises:
        OSError: a file cannot be read.
    """
    same = {part.sha256 for part in before.parts} & {part.sha256 for part in after.parts}
    old, new = (
        QuadLines(file.path, [part for part in file.parts if part.sha256 not in same]) for file in (before, after)
    )
    old_hashes, new_hashes = _hashes(old), _hashes(new)
    every_old, every_new = _set_of(old_hashes), _set_of(new_hashes)
    gone, come = every_old[~contains(every_old, every_new)], every_new[~contains(every_new, every_old)]
    if gone.size + come.size > most:
        return None
    return Difference(tuple(_lines_with(gone, old, old_hashes)), tuple(_lines_with(come, new, new_hashes)))


def _hashes(file: QuadLines) -> list[Ids]:
    """The hashes of all lines, in the runs that they are read in; only those of one process are alike."""
    return [np.fromiter(map(hash, lines), np.int64, len(lines)).view(np.uint64) for _, lines in file.read()]


def _set_of(hashes: Sequence[Ids]) -> Ids:
    return distinct(np.concatenate((EMPTY, *hashes)))


def _lines_with(wanted: Ids, file: QuadLines, hashes: Sequence[Ids]) -> Iterator[bytes]:
    if not wanted.size:
        return
    for (_, lines), those in zip(file.read(), hashes, strict=True):
        yield from (lines[place] for place in np.flatnonzero(contains(those, wanted)).tolist())
