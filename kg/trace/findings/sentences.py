"""How names are put into sentences, in both languages.

In: names. Out: texts, with at most so many names that they can be read.
"""

from collections.abc import Sequence
from typing import Final

from kg.trace.web import Words

MOST_NAMED: Final = 6
"""Names in one sentence; how many more there are is said."""


def listed(names: Sequence[Words]) -> Words:
    """Names as a list in words.

    >>> listed([Words("Nav", "Nav"), Words("Kartverket", "the Mapping Authority")]).en
    'Nav and the Mapping Authority'
    """
    return Words(_joined([name.nb for name in names], "og", "til"), _joined([name.en for name in names], "and", "more"))


def counted(number: int, one: Words, several: Words) -> Words:
    """A number with its noun.

    >>> counted(2, Words("virksomhet", "agency"), Words("virksomheter", "agencies")).nb
    '2 virksomheter'
    """
    noun = one if number == 1 else several
    return Words(f"{number} {noun.nb}", f"{number} {noun.en}")


def _joined(names: Sequence[str], last: str, more: str) -> str:
    shown = list(dict.fromkeys(names))
    if len(shown) > MOST_NAMED:
        left = len(shown) - MOST_NAMED
        return f"{', '.join(shown[:MOST_NAMED])} {last} {left} {more}"
    return f" {last} ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""
