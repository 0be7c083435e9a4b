"""A candidate link between two things, as a value: how sure it is, and why.

In: nothing. Out: the vocabulary that finding, review and publication of links share. A candidate is a proposal to a
person; nothing here ever chooses.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Relation(StrEnum):
    """How the left thing stands to the right one: the mapping properties of SKOS (SKOS Reference, section 10)."""

    EXACT = "exact"
    CLOSE = "close"
    BROAD = "broad"
    NARROW = "narrow"
    RELATED = "related"

    @property
    def inverse(self) -> "Relation":
        """How the right thing stands to the left one.

        >>> Relation.BROAD.inverse.value, Relation.CLOSE.inverse.value
        ('narrow', 'close')
        """
        return {Relation.BROAD: Relation.NARROW, Relation.NARROW: Relation.BROAD}.get(self, self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground for a candidate, as a sentence in both languages.

    Attributes:
        signal: which signal found it; see `kg.linking.signals`.
        weight: what it adds to the log-odds of the score.
    """

    signal: str
    weight: float
    nb: str
    en: str

    def to_json(self) -> dict[str, str]:
        """As in `reasons`."""
        return {"nb": self.nb, "en": self.en}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two things that may be linked.

    Attributes:
        left: canonical IRI of the thing that candidates were asked for.
        right: canonical IRI of the other one.
        score: 0 to 1, how often candidates like this are right.
        reasons: what speaks for it, the strongest first; at least one.
        relation: the one that is suggested, left to right.
        features: the values that the score was reckoned from, by name.
    """

    left: str
    right: str
    score: float
    reasons: tuple[Reason, ...]
    relation: Relation
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """See `candidate_id`."""
        return candidate_id(self.left, self.right)

    def to_json(self) -> dict[str, Any]:
        """As in `candidates`, but for the status, which decisions give."""
        return {
            "id": self.id,
            "left": self.left,
            "right": self.right,
            "score": self.score,
            "relation": str(self.relation),
            "reasons": [reason.to_json() for reason in self.reasons],
        }


def candidate_id(left: str, right: str) -> str:
    """The id of the link between two things: 20 hexadecimal digits, whichever way round and in every generation.

    It depends on the two canonical IRIs alone, so that what was decided of a pair is found again after a rebuild, also
    when the signals, the score or the class of one of the two have changed.

    >>> candidate_id("https://a.example/x", "https://b.example/y") == candidate_id(
    ...     "https://b.example/y", "https://a.example/x"
    ... )
    True
    """
    first, second = sorted((left, right))
    # No IRI holds a space, so no two pairs give the same text.
    return hashlib.sha256(f"{first} {second}".encode()).hexdigest()[:20]
