"""Sets of numbers and of pairs of numbers as sorted arrays: the arithmetic of the reasoner.

A pair is one unsigned 64-bit number, the first of it in the upper half. Every array of a set is sorted and has each
number once.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
"""Numbers of terms, or packed pairs of them."""

EMPTY: Final[Ids] = np.empty(0, np.uint64)

_HALF: Final = np.uint64(32)
_LOWER: Final = np.uint64(0xFFFFFFFF)
_FEW: Final = 16
"""Fewer numbers than one of so many that there might be are quicker to sort than to tick off."""


def pack(first: Ids, second: Ids) -> Ids:
    """Pairs of two columns."""
    return (first << _HALF) | second


def firsts(pairs: Ids) -> Ids:
    """The first of each pair."""
    return pairs >> _HALF


def seconds(pairs: Ids) -> Ids:
    """The second of each pair."""
    return pairs & _LOWER


def swapped(pairs: Ids) -> Ids:
    """Each pair the other way round, in the order of the pairs."""
    return (pairs << _HALF) | (pairs >> _HALF)


def distinct(numbers: Ids) -> Ids:
    """The set of some numbers."""
    if numbers.size < 2:
        return numbers
    ordered = np.sort(numbers)
    keep = np.empty(ordered.size, np.bool_)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def distinct_without(several: Sequence[Ids], known: Ids, below: int) -> Ids:
    """The set of some numbers, given in parts, without those of a set; all are below a number."""
    if sum(numbers.size for numbers in several) * _FEW < below:
        few = distinct(np.concatenate(several))
        return few[~contains(few, known)]
    ticked = np.zeros(below, np.bool_)
    for numbers in several:
        ticked[numbers] = True
    ticked[known] = False
    return np.flatnonzero(ticked).astype(np.uint64)


def places_of_each(numbers: Ids) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each of some numbers, ascending, with the places where it stands."""
    if not numbers.size:
        return
    counts = np.bincount(numbers.astype(np.intp))
    used = np.flatnonzero(counts)
    ranks = np.zeros(counts.size, np.uint16 if used.size < 1 << 16 else np.intp)  # 16 bits are sorted in linear time
    ranks[used] = np.arange(used.size)
    order = np.argsort(ranks[numbers], kind="stable")
    yield from zip(used.tolist(), np.split(order, np.cumsum(counts[used])[:-1]), strict=True)


def contains(numbers: Ids, of: Ids) -> NDArray[np.bool_]:
    """Which of the numbers are in a set."""
    if not of.size:
        return np.zeros(numbers.size, np.bool_)
    places = np.searchsorted(of, numbers)
    places[places == of.size] = 0
    found: NDArray[np.bool_] = of[places] == numbers
    return found


def union(one: Ids, other: Ids) -> Ids:
    """The union of two sets without a common member."""
    if not one.size:
        return other
    if not other.size:
        return one
    if other.size * 20 < one.size:
        return np.insert(one, np.searchsorted(one, other), other)
    both = np.concatenate([one, other])
    both.sort()
    return both


def matches(keys: Ids, pairs: Ids) -> tuple[NDArray[np.intp], Ids]:
    """For each key the pairs that begin with it: the places of the keys, repeated, and the seconds of the pairs."""
    low = np.searchsorted(pairs, keys << _HALF, "left")
    high = np.searchsorted(pairs, (keys << _HALF) | _LOWER, "right")
    counts = high - low
    total = int(counts.sum())
    if not total:
        return np.empty(0, np.intp), EMPTY
    starts = low - np.concatenate((np.zeros(1, counts.dtype), np.cumsum(counts)[:-1]))
    return np.repeat(np.arange(keys.size), counts), seconds(pairs[np.repeat(starts, counts) + np.arange(total)])
