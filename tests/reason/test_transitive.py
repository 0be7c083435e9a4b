"""The closure of one property beside a naive one: shallow, deep, in circles, symmetric, and past the limit."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.reason.arrays import EMPTY, Ids
from kg.reason.transitive import TooManyPairs, Transitive, connected, reachable

Pairs = set[tuple[int, int]]
PAIRS = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)
LIMIT = 1_000_000


def packed(pairs: Pairs) -> Ids:
    """A set of pairs."""
    return np.array(sorted((first << 32) | second for first, second in pairs), np.uint64)


def unpacked(pairs: Ids) -> Pairs:
    """The pairs of an array, which has each once and in order."""
    assert pairs.tolist() == sorted(set(pairs.tolist()))
    return {(pair >> 32, pair & 0xFFFFFFFF) for pair in pairs.tolist()}


def naive(pairs: Pairs) -> Pairs:
    """What can be reached from what."""
    following: dict[int, set[int]] = {}
    for first, second in pairs:
        following.setdefault(first, set()).add(second)
    found = set()
    for start, ends in following.items():
        reached: set[int] = set()
        left = list(ends)
        while left:
            node = left.pop()
            if node not in reached:
                reached.add(node)
                left += following.get(node, ())
        found |= {(start, node) for node in reached}
    return found


def both_ways(pairs: Pairs) -> Pairs:
    """Pairs in both directions."""
    return pairs | {(second, first) for first, second in pairs}


@given(PAIRS)
def test_the_closure_is_everything_that_can_be_reached(pairs: Pairs) -> None:
    assert unpacked(reachable(packed(pairs), LIMIT)) == naive(pairs)


@given(PAIRS)
def test_the_closure_of_a_symmetric_property_is_its_connected_components(pairs: Pairs) -> None:
    assert unpacked(connected(packed(pairs), LIMIT)) == naive(both_ways(pairs))


@settings(max_examples=20)
@given(PAIRS, st.integers(45, 80), st.integers(0, 9), st.integers(0, 9))
def test_a_closure_deeper_than_what_is_taken_step_by_step(pairs: Pairs, length: int, start: int, end: int) -> None:
    chain = [start, *range(100, 100 + length), end]
    deep = pairs | set(pairwise(chain))
    assert unpacked(reachable(packed(deep), LIMIT)) == naive(deep)


@given(st.lists(PAIRS, min_size=1, max_size=4), st.booleans())
def test_a_closure_that_grows_is_that_of_all_its_pairs(parts: list[Pairs], symmetric: bool) -> None:
    growing, found, everything = Transitive(symmetric, EMPTY), set(), set()
    for part in parts:
        everything |= part
        found |= unpacked(growing.add(packed(part), LIMIT))
        wanted = naive(both_ways(everything) if symmetric else everything)
        assert found | everything == wanted | everything


@given(st.lists(PAIRS, min_size=1, max_size=3), st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_a_closure_of_things_that_become_one_is_that_of_the_renamed(parts: list[Pairs], names: list[int]) -> None:
    of = np.array(names, np.uint64)
    first, *others = parts
    growing = Transitive(False, EMPTY)
    growing.add(packed(first), LIMIT)
    growing.rename(of)
    everything = {(names[one], names[other]) for one, other in first}
    found = unpacked(growing.add(packed(everything), LIMIT))
    for part in others:
        everything |= part
        found |= unpacked(growing.add(packed(part), LIMIT))
    assert found | everything == naive(everything) | everything


@pytest.mark.parametrize("shape", ["chain", "ring", "bipartite"])
@pytest.mark.parametrize("close", [reachable, connected])
def test_a_closure_past_the_limit_is_refused(shape: str, close: object) -> None:
    pairs = {
        "chain": {(number, number + 1) for number in range(120)},
        "ring": {(number, (number + 1) % 120) for number in range(120)},
        "bipartite": {(one, 1000 + other) for one in range(30) for other in range(30)},
    }[shape]
    assert callable(close)
    size = len(naive(both_ways(pairs) if close is connected else pairs))
    assert close(packed(pairs), size).size == size
    if not (shape == "bipartite" and close is reachable):  # what is given is not refused
        with pytest.raises(TooManyPairs):
            close(packed(pairs), size - 1)
