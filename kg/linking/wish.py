"""What candidates are asked for, as a value that costs nothing to import.

In: a request's or command's parameters. Out: a `Wish` that the process which finds candidates understands.
"""

from dataclasses import dataclass
from typing import Final

from kg.errors import ParameterError

MAX_LIMIT: Final = 1_000
DEFAULT_LIMIT: Final = 100
DEFAULT_EACH: Final = 5
MAX_EACH: Final = 50
LEAST_SCORE: Final = 0.02
"""Candidates that are right less often are not shown unless they are asked for."""
UNDECIDED: Final = "open"
"""The status of a link that nobody has decided on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What candidates are asked for.

    Attributes:
        left: IRI of a model, or of one thing.
        right: IRI of another model or thing; empty for all models but that of `left`.
        concepts: partners are the concepts instead.
        limit: so many candidates in all, and `each` for one thing of the left side.
        least: the lowest score.
    """

    left: str
    right: str = ""
    concepts: bool = False
    limit: int = DEFAULT_LIMIT
    each: int = DEFAULT_EACH
    least: float = LEAST_SCORE

    def check(self) -> None:
        """Check what can be checked without a generation.

        Raises:
            ParameterError: a part is wrong.
        """
        for name, value, most in (("limit", self.limit, MAX_LIMIT), ("each", self.each, MAX_EACH)):
            if not 1 <= value <= most:
                raise ParameterError(f"{name} is not from 1 to {most:,}", parameter=name)
        if not 0 <= self.least <= 1:
            raise ParameterError("the score is not from 0 to 1", parameter="least")
        if self.concepts and self.right:
            raise ParameterError("candidates are either of one model or of the concepts", parameter="right")
