"""Equality: things that are the same share one representative while reasoning (rules eq-*).

In: pairs of things that are the same. Out: the representative of each. Literals are never made one: two values that
would have to be are a contradiction (rule dt-diff).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import Ids, firsts, seconds


class Representatives:
    """Which thing stands for which; a thing that nothing was said of stands for itself."""

    def __init__(self, size: int, literals: NDArray[np.bool_], named: frozenset[int] = frozenset()) -> None:
        self.of: Ids = np.arange(size, dtype=np.uint64)
        self.clashes: set[tuple[int, int]] = set()
        self._members: dict[int, list[int]] = {}
        self._literals = literals
        self._named = named  # terms that rules name: they stand for others and nothing stands for them

    def grow(self, size: int, literals: NDArray[np.bool_]) -> None:
        """Make room for terms that were numbered since."""
        self.of = np.concatenate([self.of, np.arange(self.of.size, size, dtype=np.uint64)])
        self._literals = literals

    def copy(self) -> "Representatives":
        """The same, to go on with apart."""
        copied = Representatives(0, self._literals, self._named)
        copied.of, copied.clashes = self.of.copy(), set(self.clashes)
        copied._members = {kept: list(members) for kept, members in self._members.items()}
        return copied

    def unite(self, pairs: Ids) -> set[int]:
        """Make the things of each pair one; the numbers whose representative is another now."""
        changed: set[int] = set()
        for one, other in zip(firsts(pairs).tolist(), seconds(pairs).tolist(), strict=True):
            if self._literals[one] or self._literals[other]:
                if one != other:
                    self.clashes.add((min(one, other), max(one, other)))
                continue
            kept, given_up = sorted(
                (int(self.of[one]), int(self.of[other])), key=lambda number: (number not in self._named, number)
            )
            if kept == given_up:
                continue
            moved = self._members.pop(given_up, [given_up])
            self._members.setdefault(kept, [kept]).extend(moved)
            self.of[np.array(moved, np.intp)] = kept
            changed.update(moved)
        return changed

    def clusters(self) -> Iterable[list[int]]:
        """The things that are one, where they are several."""
        return (members for members in self._members.values() if len(members) > 1)
