"""Columns: sets of numbers and texts by row, in few arrays, so that a hundred thousand things open in milliseconds.

In: rows. Out: `Ragged` and `Strings`, whose work on many pairs of rows at once is numpy's. Both are read from files
without being parsed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
"""Numbers of rows; -1 is none, which has no values."""
Floats = NDArray[np.float64]

_ROW_BITS = np.uint64(32)


@dataclass(frozen=True)
class Ragged:
    """A set of numbers for each row.

    Attributes:
        starts: where each row begins in `values`, and at the end where the last one ends.
        values: those of all rows, sorted within a row, each once.
    """

    starts: NDArray[np.int64]
    values: NDArray[np.uint32]

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> "Ragged":
        """From any collections of numbers.

        >>> Ragged.of([[2, 1, 2], []]).row(0).tolist()
        [1, 2]
        """
        lengths, values = [0], list[int]()
        for row in rows:
            values += sorted(set(row))
            lengths.append(len(values))
        return cls(np.array(lengths, np.int64), np.array(values, np.uint32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> NDArray[np.uint32]:
        """The values of one row."""
        return self.values[self.starts[number] : self.starts[number + 1]]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many values each row has."""
        return np.diff(self.starts)

    @cached_property
    def _packed(self) -> NDArray[np.uint64]:
        rows = np.repeat(np.arange(len(self), dtype=np.uint64), self.lengths)
        return (rows << _ROW_BITS) | self.values.astype(np.uint64)

    def of_rows(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """The values of several rows, one after another, and before them to which place in `rows` each belongs."""
        known = rows >= 0
        inside = np.where(known, rows, 0)
        lengths = np.where(known, self.lengths[inside], 0) if len(self) else np.zeros(len(rows), np.int64)
        places = np.repeat(np.arange(len(rows)), lengths)
        ends = np.cumsum(lengths)
        offsets = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
        begins = np.repeat(self.starts[inside], lengths) if len(self) else places
        return places, self.values[begins + offsets]

    def shared(
        self, left: Rows, right: Rows, weights: Floats | None = None, of_right: "Ragged | None" = None
    ) -> Floats:
        """For each pair of rows, how much they have in common: the number of values, or the sum of their weights.

        >>> Ragged.of([[1, 2, 3], [2, 3, 4]]).shared(np.array([0, 0]), np.array([1, -1])).tolist()
        [2.0, 0.0]
        """
        packed = (of_right or self)._packed
        if not len(packed):
            return np.zeros(len(left))
        places, values = self.of_rows(left)
        wanted = (np.where(right < 0, 1 << 31, right).astype(np.uint64)[places] << _ROW_BITS) | values.astype(np.uint64)
        found = packed[np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)] == wanted
        counted = None if weights is None else weights[values[found]]
        return np.bincount(places[found], counted, len(left)).astype(np.float64)

    def has(self, rows: Rows, values: Rows) -> NDArray[np.bool_]:
        """For each row whether it has the value beside it.

        >>> Ragged.of([[1, 2], [3]]).has(np.array([0, 1]), np.array([2, 2])).tolist()
        [True, False]
        """
        packed = self._packed
        wanted = (rows.astype(np.uint64) << _ROW_BITS) | values.astype(np.uint64)
        if not len(packed):
            return np.zeros(len(rows), np.bool_)
        return np.asarray(packed[np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)] == wanted)

    def sums(self, weights: Floats) -> Floats:
        """For each row the sum of the weights of its values."""
        rows = np.repeat(np.arange(len(self)), self.lengths)
        return np.bincount(rows, weights[self.values], len(self)).astype(np.float64)

    def inverted(self, count: int) -> "Ragged":
        """For each value below `count` the rows that have it."""
        rows = np.repeat(np.arange(len(self), dtype=np.uint32), self.lengths)
        order = np.argsort(self.values, kind="stable")
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(self.values, minlength=count), out=starts[1:])
        return Ragged(starts, rows[order])


@dataclass(frozen=True)
class Strings:
    """A text for each row, as one run of UTF-8."""

    starts: NDArray[np.int64]
    utf8: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Strings":
        """From texts; half a surrogate pair, which is no character, becomes a question mark.

        >>> list(Strings.of(["å", "", "b"]))
        ['å', '', 'b']
        """
        encoded = [text.encode("utf-8", "replace") for text in texts]
        starts = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=starts[1:])
        return cls(starts, np.frombuffer(b"".join(encoded), np.uint8))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> str:
        return self.utf8[self.starts[row] : self.starts[row + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def find(self, text: str) -> int:
        """The row of a text where rows are sorted, -1 where there is none."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < text:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self[low] == text else -1


class Numbering:
    """Numbers for texts, in the order in which they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def number(self, text: str) -> int:
        """The number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """Those of several."""
        return [self._numbers.setdefault(text, len(self._numbers)) for text in texts]


def rarity(holders: Sequence[int] | NDArray[np.int64], rows: int) -> Floats:
    """How much it says to have a value that so many of so many rows have: its inverse document frequency.

    The form is BM25's, so that it is never below zero (Robertson and Zaragoza 2009, section 3.5).
    """
    counts = np.asarray(holders, np.float64)
    return np.log1p((rows - counts + 0.5) / (counts + 0.5)).clip(min=0.0)


def write_columns(folder: Path, columns: Mapping[str, "NDArray[np.generic] | Ragged | Strings"]) -> None:
    """Write columns as numpy files, one per array."""
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            np.save(folder / f"{name}.npy", column, allow_pickle=False)
        elif isinstance(column, Ragged):
            write_columns(folder, {f"{name}.starts": column.starts, f"{name}.values": column.values})
        else:
            write_columns(folder, {f"{name}.starts": column.starts, f"{name}.utf8": column.utf8})


def read_array(folder: Path, name: str) -> NDArray[np.generic]:
    """One array, left on disk until it is looked at.

    Raises:
        OSError: it is not there.
        ValueError: it is no array of numbers.
    """
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
