"""Organisation numbers: nine digits, the last of which checks the others.

In: text. Out: whether it is a number that Enhetsregisteret can have given out. The weights are those of the
register's documentation of organisasjonsnummer (modulus 11).
"""

import re
from typing import Final

_NINE_DIGITS: Final = re.compile(r"[0-9]{9}")
_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)


def is_organisation_number(text: str) -> bool:
    """Whether a text is nine ASCII digits with the right check digit.

    >>> is_organisation_number("974760673"), is_organisation_number("974760674")
    (True, False)
    """
    if not _NINE_DIGITS.fullmatch(text):
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False)) % 11
    # A rest of 1 would need the check digit 10; such numbers are not given out.
    return rest != 1 and int(text[8]) == (11 - rest) % 11
