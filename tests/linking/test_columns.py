"""Columns against sets and lists of Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.linking.columns import Ragged, Strings, rarity

SETS = st.lists(st.sets(st.integers(0, 6), max_size=5), min_size=1, max_size=6)


@given(SETS, SETS, st.data())
def test_shared_is_the_weight_of_the_intersection(
    one: list[set[int]], other: list[set[int]], data: st.DataObject
) -> None:
    left_row, right_row = (st.integers(-1, len(sets) - 1) for sets in (one, other))
    pairs = data.draw(st.lists(st.tuples(left_row, right_row), max_size=8))
    weights = np.arange(1.0, 8.0)
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    both = [(one[i] if i >= 0 else set()) & (other[j] if j >= 0 else set()) for i, j in pairs]
    found = Ragged.of(one).shared(left, right, of_right=Ragged.of(other))
    assert found.tolist() == [len(each) for each in both]
    weighted = Ragged.of(one).shared(left, right, weights, of_right=Ragged.of(other))
    assert weighted.tolist() == [sum(value + 1 for value in each) for each in both]


@given(SETS)
def test_inverted_twice_is_the_same(sets: list[set[int]]) -> None:
    ragged = Ragged.of(sets)
    inverted = ragged.inverted(7)
    assert [set(inverted.row(value).tolist()) for value in range(7)] == [
        {row for row, values in enumerate(sets) if value in values} for value in range(7)
    ]
    again = inverted.inverted(len(sets))
    assert [again.row(row).tolist() for row in range(len(sets))] == [sorted(values) for values in sets]


@given(SETS, st.integers(0, 6))
def test_has_is_membership_and_sums_add_weights(sets: list[set[int]], value: int) -> None:
    rows = np.arange(len(sets))
    assert Ragged.of(sets).has(rows, np.full(len(sets), value)).tolist() == [value in each for each in sets]
    assert Ragged.of(sets).sums(np.arange(7.0)).tolist() == [sum(each) for each in sets]


@given(st.lists(st.text(), max_size=8))
def test_texts_come_back_and_are_found_where_they_are_sorted(texts: list[str]) -> None:
    texts = sorted({text.encode("utf-8", "replace").decode() for text in texts})
    strings = Strings.of(texts)
    assert list(strings) == texts
    assert [strings.find(text) for text in texts] == list(range(len(texts)))
    assert strings.find("not there, not there") == -1


def test_what_more_rows_have_is_less_rare_and_never_below_zero() -> None:
    found = rarity([1, 2, 50, 100], 100)
    assert (np.diff(found) < 0).all()
    assert (found >= 0).all()
