"""Blocking: which pairs are worth a close look, as a hundred thousand things make five billion.

In: rows to find partners for, and which rows may be partners. Out: pairs, for each row those `most` that have most in
common by a rough count: concepts, whole names, rare words of names and definitions, what stands beside them. What has
none of these in common is never a candidate. It says nothing of how good a pair is; `kg.linking.signals` does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.linking.columns import Floats, Ragged, Rows
from kg.linking.elements import Elements
from kg.linking.vocabulary import Kind

MOST: Final = 60
"""Partners that each row gets."""
_LONGEST: Final = 5_000
"""What more rows than this have in common tells them apart too little to look all of them up."""

# What each thing in common counts; only their order of size matters.
_CONCEPT, _NAME, _STEM, _COMPOSED, _CODES, _MEANING, _NEAR = 12.0, 6.0, 4.0, 4.0, 3.0, 6.0, 3.0
_KIND: Final = 2.0


@dataclass(frozen=True)
class Blocking:
    """The ways from a row to those that have something in common with it."""

    elements: Elements

    @cached_property
    def _composed(self) -> Ragged:
        elements = self.elements
        return elements.composed.inverted(len(elements.with_key))

    @cached_property
    def _codes(self) -> Ragged:
        elements = self.elements
        return elements.codes.inverted(len(elements.with_key))

    @cached_property
    def _near(self) -> Ragged:
        elements = self.elements
        return elements.near.inverted(len(elements.with_key))

    def pairs(
        self, lefts: Rows, allowed: NDArray[np.bool_], most: int = MOST, *, within: bool = False
    ) -> tuple[Rows, Rows]:
        """For each row its partners among those allowed, never itself, and none in a model of its own but `within`.

        Pairs come by the order of `lefts`, and partners by row.
        """
        rights = [self._partners(int(left), allowed, most, within=within) for left in lefts]
        lengths = [len(each) for each in rights]
        return np.repeat(lefts, lengths), np.concatenate(rights) if rights else np.zeros(0, np.int64)

    def _partners(self, left: int, allowed: NDArray[np.bool_], most: int, *, within: bool) -> Rows:
        elements = self.elements
        found = list(self._ways(left))
        if not found:
            return np.zeros(0, np.int64)
        rows = np.concatenate([rows for rows, _ in found]).astype(np.int64)
        counts = np.bincount(rows, np.concatenate([weight for _, weight in found]), len(elements))
        counts[left] = 0
        for model in () if within else elements.models.row(left):
            counts[elements.of_model.row(int(model))] = 0
        partners = np.flatnonzero((counts > 0) & allowed)
        partners = partners[self._fit(left, partners)]
        if len(partners) <= most:
            return partners
        # Things of one kind first, where there is little else that tells them apart; of equals those that come first.
        worth = counts[partners] + _KIND * (elements.kinds[partners] == elements.kinds[left])
        best = np.lexsort((partners, -worth))[:most]
        return np.sort(partners[best])

    def _fit(self, left: int, partners: Rows) -> NDArray[np.bool_]:
        """A code is compared with codes and concepts alone."""
        kinds = self.elements.kinds
        if kinds[left] == Kind.CODE:
            return np.isin(kinds[partners], (Kind.CODE, Kind.CONCEPT))
        if kinds[left] == Kind.CONCEPT:
            return np.ones(len(partners), np.bool_)
        return np.asarray(kinds[partners] != Kind.CODE)

    def _ways(self, left: int) -> Iterator[tuple[NDArray[np.uint32], Floats]]:
        elements = self.elements
        keys, names = elements.keys.row(left), elements.key_weights
        yield from _look_up(elements.with_concept, elements.concepts.row(left), _CONCEPT)
        yield from _look_up(elements.with_key, keys, _NAME, names, everything=True)
        yield from _look_up(elements.with_stem, elements.stems.row(left), _STEM, everything=True)
        yield from _look_up(elements.with_key, elements.composed.row(left), _COMPOSED)
        yield from _look_up(self._composed, keys, _COMPOSED)
        yield from _look_up(elements.with_word, elements.words.row(left), 0.0, elements.word_weights)
        codes = elements.codes.row(left)
        yield from _look_up(self._codes, codes, _CODES / max(1, len(codes)))
        near = elements.near.row(left)
        if len(near):
            yield from _look_up(self._near, near, 0.0, _NEAR * names / max(float(elements.near_sums[left]), 1e-9))
        norms = elements.meaning_norms
        if norms[left] > 0:
            weights = _MEANING * elements.meaning_weights / norms[left]
            for rows, weight in _look_up(elements.with_meaning, elements.meaning.row(left), 0.0, weights):
                yield rows, weight / norms[rows]


def _look_up(
    index: Ragged, values: NDArray[np.uint32], base: float, weights: Floats | None = None, *, everything: bool = False
) -> Iterator[tuple[NDArray[np.uint32], Floats]]:
    """Who else has each value, and what that counts; values that too many have only where there are no others."""
    lengths = index.lengths[values]
    rare = lengths <= _LONGEST
    if not everything and len(values) and not rare.any():
        rare = lengths == lengths.min()
    for value in values if everything else values[rare]:
        rows = index.row(int(value))
        yield rows, np.full(len(rows), base + (0.0 if weights is None else float(weights[value])))
