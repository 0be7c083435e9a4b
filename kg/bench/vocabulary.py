"""Words of the generator: Norwegian-looking titles, labels and descriptions, put together from `words.toml`.

In: a source of random numbers between 0 and 1. Out: texts. Only that source is asked, never a method of
`random.Random` built on it: those have changed between versions of Python, and a seed must give the same
bytes.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

Draw = Callable[[], float]
"""Gives the next random number, 0 included and 1 not."""

_PHRASES: Final = 3000
_FAVOUR: Final = 3
"""Words are drawn at the cube of a random number: a few are everywhere and most are rare, as in real text."""
_STRIDE: Final = 7


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pools of words and phrases to draw from."""

    terms: Sequence[str]
    qualities: Sequence[str]
    places: Sequence[str]
    phrases: Sequence[str]

    def term(self, draw: Draw) -> str:
        """One compound word, "vannkvalitet"."""
        return self.terms[int(len(self.terms) * draw() ** _FAVOUR)]

    def distinct_terms(self, count: int, draw: Draw) -> list[str]:
        """Compound words of which no two are equal."""
        first = int((len(self.terms) - _STRIDE * count) * draw() ** _FAVOUR)
        return [self.terms[first + _STRIDE * position] for position in range(count)]

    def place(self, draw: Draw) -> str:
        """A place, "Nordfjord"."""
        return _any(self.places, draw)

    def title(self, draw: Draw) -> str:
        """A title, "Årlig vannkvalitet i Nordfjord"."""
        return f"{_any(self.qualities, draw)} {self.term(draw)} i {self.place(draw)}"

    def description(self, length: int, draw: Draw) -> str:
        """So many phrases, each of four to eight words."""
        phrases, size = self.phrases, len(self.phrases)
        return ". ".join([phrases[int(size * draw())] for _ in range(length)]) + "."


def compose(draw: Draw) -> Vocabulary:
    """A vocabulary; the same numbers give the same one."""
    words = tomllib.loads((files("kg.bench") / "words.toml").read_text(encoding="utf-8"))
    terms = [matter + form for form in words["forms"] for matter in words["matters"]]
    for last in range(len(terms) - 1, 0, -1):  # shuffled, so that common terms are of all kinds
        chosen = int((last + 1) * draw())
        terms[last], terms[chosen] = terms[chosen], terms[last]

    def phrase() -> str:
        subject, matter = (terms[int(len(terms) * draw() ** _FAVOUR)] for _ in range(2))
        return f"{subject.capitalize()} {_any(words['openings'], draw)} {matter} {_any(words['closings'], draw)}"

    return Vocabulary(
        terms=tuple(terms),
        qualities=tuple(quality.capitalize() for quality in words["qualities"]),
        places=tuple(side + ground for side in words["sides"] for ground in words["grounds"]),
        phrases=tuple(phrase() for _ in range(_PHRASES)),
    )


def _any(words: Sequence[str], draw: Draw) -> str:
    return words[int(len(words) * draw())]
