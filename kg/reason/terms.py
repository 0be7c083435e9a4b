"""Terms as numbers: one dictionary for all that is reasoned over.

In: terms as N-Triples text, canonical. Out: numbers from 0 up, the same for the same text, and the
text again.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, repeat
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import Ids


class Terms:
    """The numbers of terms."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        # A term that is not there gets the number of terms there are: no code of ours runs for a term.
        self._numbers.default_factory = self._numbers.__len__
        self._texts: list[str] = []
        self._literals = self._iris = np.empty(0, np.bool_)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def texts(self) -> list[str]:
        """The terms in the order of their numbers."""
        if len(self._texts) != len(self._numbers):
            self._texts = list(self._numbers)
        return self._texts

    def number(self, text: str) -> int:
        """The number of a term, which gets one if it has none."""
        return self._numbers[text]

    def known(self, texts: Iterable[str]) -> Ids:
        """The numbers of those terms that have one, ascending."""
        return np.array(sorted(self._numbers[text] for text in texts if text in self._numbers), np.uint64)

    def numbers(self, texts: Iterable[str]) -> Ids:
        """The numbers of many terms."""
        return np.fromiter(map(self._numbers.__getitem__, texts), np.uint64)

    def columns(self, lines: Iterable[str]) -> tuple[Ids, Ids, Ids]:
        """Triples as three columns, each given as its N-Triples text without the final dot."""
        rows = self.numbers(chain.from_iterable(map(str.split, lines, repeat(" "), repeat(2)))).reshape(-1, 3)
        return rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy()

    def literals(self) -> NDArray[np.bool_]:
        """Which of the terms are literals."""
        self._tell_kinds()
        return self._literals

    def iris(self) -> NDArray[np.bool_]:
        """Which of the terms are IRIs."""
        self._tell_kinds()
        return self._iris

    def _tell_kinds(self) -> None:
        """Look at the terms that came since the last time."""
        new = self.texts[self._literals.size :]
        if new:
            first, second = (
                np.fromiter(map(ord, map(itemgetter(place), new)), np.uint32, len(new)) for place in (0, 1)
            )
            self._literals = np.concatenate((self._literals, first == ord('"')))
            self._iris = np.concatenate((self._iris, (first == ord("<")) & (second != ord("<"))))
