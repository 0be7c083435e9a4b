"""Terms as numbers: one dictionary for all that is reasoned over.

In: terms as N-Triples text, canonical. Out: numbers from 0 up, the same for the same text, and the text again. The
dictionary is a set of categories of polars, which takes texts apart and looks them up many at a time: with strings and
a dictionary of Python's own, that was most of what reasoning takes.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kg.reason.arrays import Ids
from kg.reason.columns import Columns

_PARTS: Final = 3
"""Of a triple."""


class Terms:
    """The numbers of terms."""

    def __init__(self) -> None:
        self._none = pl.Series(dtype=pl.Categorical(pl.Categories.random()))  # polars forgets what no column is of
        self._size = 0
        self._remembered: dict[str, int] = {}
        self._series = pl.Series(dtype=pl.String)

    def __len__(self) -> int:
        return self._size

    @property
    def series(self) -> pl.Series:
        """The terms in the order of their numbers."""
        if len(self._series) != self._size:
            # A category of polars is a number in 32 bits, given from 0 up; it refuses one that it has not given.
            self._series = pl.Series(np.arange(self._size, dtype=np.uint32)).cat.to(self._none.dtype).cast(pl.String)
        return self._series

    def texts(self, numbers: Ids) -> list[str]:
        """The terms of some numbers."""
        return self.series.gather(numbers).to_list()

    def text(self, number: int) -> str:
        """The term of a number."""
        text: str = self.series[int(number)]
        return text

    def remember(self, texts: Iterable[str]) -> None:
        """Number terms that will be asked for one by one, all at once: polars takes as long for one as for many."""
        new = list(dict.fromkeys(text for text in texts if text not in self._remembered))
        self._remembered.update(zip(new, self.numbers(new).tolist(), strict=True))

    def number(self, text: str) -> int:
        """The number of a term, which gets one if it has none."""
        if text not in self._remembered:
            self.remember((text,))
        return self._remembered[text]

    def numbers(self, texts: Iterable[str] | pl.Series) -> Ids:
        """The numbers of many terms."""
        given = _series(texts).cast(self._none.dtype).to_physical().to_numpy()
        if given.size:
            self._size = max(self._size, int(given.max()) + 1)
        return given.astype(np.uint64)

    def columns(self, lines: Iterable[str] | pl.Series) -> Columns:
        """Triples as three columns, each given as its N-Triples text without the final dot.

        Raises:
            ValueError: a line is not three terms with a space between.
        """
        parts = _series(lines).str.splitn(" ", _PARTS).struct.unnest().get_columns()
        if parts[-1].null_count():
            raise ValueError("a triple is three terms with one space between")
        subjects, predicates, objects = map(self.numbers, parts)
        return Columns(subjects, predicates, objects)

    def literals(self) -> NDArray[np.bool_]:
        """Which of the terms are literals."""
        return self.series.str.starts_with('"').to_numpy()

    def iris(self) -> NDArray[np.bool_]:
        """Which of the terms are IRIs."""
        return (self.series.str.starts_with("<") & ~self.series.str.starts_with("<<")).to_numpy()


def _series(texts: Iterable[str] | pl.Series) -> pl.Series:
    return texts if isinstance(texts, pl.Series) else pl.Series(list(texts), dtype=pl.String)
