"""Folding: a word without what does not tell it from others: case, accents, how the Norwegian letters are written.

In: a word. Out: letters and digits in lower case, å, ø and æ with two letters. Apart from `kg.search.analysis`, so that
names can be compared where there are no stemmers.
"""

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"å": "aa", "æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th"}
)


def fold(word: str) -> str:
    """A word without case and accents, å, ø and æ written with two letters.

    >>> fold("Ærfugløya"), fold("ÅRSREGNSKAP"), fold("café")
    ('aerfugloeya', 'aarsregnskap', 'cafe')
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_LETTERS)
    # Some letters are made of several, with spaces or marks between them.
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", plain))).translate(_LETTERS)
