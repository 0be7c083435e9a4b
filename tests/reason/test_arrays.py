"""Sets of numbers as sorted arrays, each operation beside the same one on Python's sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.reason.arrays import (
    EMPTY,
    Ids,
    contains,
    distinct,
    distinct_without,
    firsts,
    matches,
    pack,
    places_of_each,
    seconds,
    swapped,
    union,
)

SMALL = st.integers(0, 6)
LARGE = st.one_of(SMALL, st.sampled_from([2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]))
PAIRS = st.sets(st.tuples(LARGE, LARGE), max_size=30)


def ids(numbers: "set[int] | list[int]") -> Ids:
    """Numbers as they come."""
    return np.array(list(numbers), np.uint64)


def packed(pairs: set[tuple[int, int]]) -> Ids:
    """A set of pairs."""
    return np.array(sorted((first << 32) | second for first, second in pairs), np.uint64)


def unpacked(pairs: Ids) -> list[tuple[int, int]]:
    """The pairs of an array, in its order."""
    return list(zip(firsts(pairs).tolist(), seconds(pairs).tolist(), strict=True))


def is_set(numbers: Ids) -> bool:
    """Whether an array is sorted and has each number once, and is of numbers without sign."""
    return numbers.dtype == np.uint64 and numbers.tolist() == sorted(set(numbers.tolist()))


@given(st.lists(st.tuples(LARGE, LARGE), max_size=20))
def test_pairs_are_packed_and_unpacked_in_their_order(pairs: list[tuple[int, int]]) -> None:
    columns = pack(ids([first for first, _ in pairs]), ids([second for _, second in pairs]))
    assert unpacked(columns) == pairs
    assert unpacked(swapped(columns)) == [(second, first) for first, second in pairs]


@given(st.lists(LARGE, max_size=30))
def test_the_set_of_some_numbers(numbers: list[int]) -> None:
    found = distinct(ids(numbers))
    assert is_set(found)
    assert set(found.tolist()) == set(numbers)


@given(
    st.lists(st.lists(st.integers(0, 60), max_size=9), min_size=1, max_size=4),
    st.sets(st.integers(0, 60), max_size=20),
    st.sampled_from([61, 5000]),
)
def test_the_set_of_parts_without_another(several: list[list[int]], known: set[int], below: int) -> None:
    # Below 61 they are ticked off, unless they are very few; among 5 000 they are sorted.
    found = distinct_without([ids(part) for part in several], ids(sorted(known)), below)
    assert is_set(found)
    assert set(found.tolist()) == {number for part in several for number in part} - known


@given(st.lists(st.one_of(SMALL, st.integers(0, 5000)), max_size=40))
def test_each_number_comes_with_its_places(numbers: list[int]) -> None:
    found = [(number, places.tolist()) for number, places in places_of_each(ids(numbers))]
    assert found == [(n, [i for i, each in enumerate(numbers) if each == n]) for n in sorted(set(numbers))]


def test_each_of_more_numbers_than_16_bits_can_tell_apart_comes_with_its_places() -> None:
    numbers = np.concatenate([np.arange(70_000, dtype=np.uint64)[::-1], ids([3, 69_999])])
    found = {number: places.tolist() for number, places in places_of_each(numbers)}
    assert list(found) == list(range(70_000))
    assert found[3] == [69_996, 70_000]
    assert found[69_999] == [0, 70_001]
    assert all(len(places) == 1 for number, places in found.items() if number not in {3, 69_999})


@given(st.lists(LARGE, max_size=20), st.sets(LARGE, max_size=20))
def test_membership(numbers: list[int], of: set[int]) -> None:
    assert contains(ids(numbers), ids(sorted(of))).tolist() == [number in of for number in numbers]


@given(st.sets(st.integers(0, 500), max_size=120), st.sets(st.integers(0, 500), max_size=120))
def test_the_union_of_two_sets(one: set[int], other: set[int]) -> None:
    for first, second in ((one, other - one), (other - one, one)):
        found = union(ids(sorted(first)), ids(sorted(second)))
        assert is_set(found)
        assert set(found.tolist()) == one | other


@given(st.integers(1, 40), st.sets(st.integers(0, 5000), max_size=3))
def test_the_union_of_a_large_set_and_a_small_one(step: int, other: set[int]) -> None:
    one = set(range(0, 100 * step, step))
    found = union(ids(sorted(one)), ids(sorted(other - one)))
    assert is_set(found)
    assert set(found.tolist()) == one | other


@given(st.lists(LARGE, max_size=15), PAIRS)
def test_matches_are_all_pairs_that_begin_with_each_key(keys: list[int], pairs: set[tuple[int, int]]) -> None:
    places, found = matches(ids(keys), packed(pairs))
    assert sorted(zip(places.tolist(), found.tolist(), strict=True)) == sorted(
        (place, second) for place, key in enumerate(keys) for first, second in pairs if first == key
    )


def test_nothing_in_gives_nothing_out() -> None:
    places, found = matches(EMPTY, EMPTY)
    assert not places.size
    assert not found.size
    assert not union(EMPTY, EMPTY).size
    assert not contains(EMPTY, EMPTY).size
    assert not distinct(EMPTY).size


def test_operations_leave_their_arguments_as_they_are() -> None:
    pairs = packed({(1, 2), (3, 1)})
    before = pairs.copy()
    for operation in (distinct, swapped, firsts, seconds):
        operation(pairs)
    union(pairs, ids([7]))
    contains(pairs, pairs)
    matches(ids([1]), pairs)
    assert pairs.tolist() == before.tolist()
