"""Measures of linking: precision and recall at so many candidates, and whether scores say how often they are right.

In: for each query the partners that a method gives, the best first, and those that are right. Out: figures. Precision
at k is the share of right ones among all that are given among the first k, recall at k the share of all right ones
that are among them; both over all queries together, so that a method which gives nothing is not called precise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.linking.columns import Floats

CUTS: Final = (1, 5, 10)
BINS: Final = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a method gives for one query, the best first, and what is right."""

    given: tuple[int, ...]
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Precision and recall at each of `CUTS`; precision is None where nothing is given."""

    queries: int
    precision: tuple[float | None, ...]
    recall: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """By the cut."""
        names = [str(cut) for cut in CUTS]
        return {
            "queries": self.queries,
            "precision": dict(zip(names, self.precision, strict=True)),
            "recall": dict(zip(names, self.recall, strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates with scores from `low` up to `high`: how many, their mean score, and the share that is right."""

    low: float
    high: float
    count: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well scores say how often candidates are right.

    Attributes:
        error: expected calibration error: the mean distance of score and share right, over bins by their size.
        brier: mean square of the distance of score and 1 for right or 0 for wrong.
        constant: the same of a score that is the share of right ones for every candidate.
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    constant: float

    def to_json(self) -> dict[str, Any]:
        """With the table of bins."""
        return {
            "ece": self.error,
            "brier": self.brier,
            "brier_of_constant": self.constant,
            "bins": [
                {"from": each.low, "to": each.high, "count": each.count, "score": each.score, "right": each.right}
                for each in self.bins
            ],
        }


def accuracy(rankings: Sequence[Ranking]) -> Accuracy:
    """Precision and recall of all rankings together.

    >>> accuracy([Ranking((3, 4), frozenset({3, 5}))]).precision[1]
    0.5
    """
    precision: list[float | None] = []
    recall = []
    wanted = sum(len(ranking.right) for ranking in rankings)
    for cut in CUTS:
        given = sum(len(ranking.given[:cut]) for ranking in rankings)
        right = sum(len(ranking.right.intersection(ranking.given[:cut])) for ranking in rankings)
        precision.append(round(right / given, 3) if given else None)
        recall.append(round(right / wanted, 3) if wanted else 0.0)
    return Accuracy(len(rankings), tuple(precision), tuple(recall))


def calibration(scores: Floats, right: NDArray[np.bool_]) -> Calibration:
    """Compare scores with what is right."""
    if not len(scores):
        return Calibration((), 0.0, 0.0, 0.0)
    place = np.clip(np.searchsorted(BINS, scores, side="right") - 1, 0, len(BINS) - 2)
    bins, error = [], 0.0
    for number in range(len(BINS) - 1):
        inside = place == number
        if count := int(inside.sum()):
            score, share = float(scores[inside].mean()), float(right[inside].mean())
            bins.append(Bin(BINS[number], BINS[number + 1], count, round(score, 3), round(share, 3)))
            error += count / len(scores) * abs(score - share)
    brier = float(np.square(scores - right).mean())
    constant = float(right.mean() * (1 - right.mean()))
    return Calibration(tuple(bins), round(error, 4), round(brier, 4), round(constant, 4))
