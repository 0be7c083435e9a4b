"""The score: how often candidates like one are right, from 0 to 1.

In: values of signals. Out: scores, and what each signal adds. The model is a logistic regression, whose log-odds are a
sum that can be told signal by signal, and after it Platt's scaling (Platt 1999), fitted to pairs that the regression
has not seen. Both stand in a file that `kg bench linking --fit` writes (`kg.linking.fitting`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import BuildError
from kg.linking.columns import Floats
from kg.linking.signals import NAMES, SIGNALS

WEIGHTS: Final = "weights.json"


@dataclass(frozen=True)
class Scorer:
    """A fitted model.

    Attributes:
        weights: of the signals in their order.
        intercept: the log-odds of a pair that has nothing in common.
        slope: of the calibration, above zero; `shift` is its other part.
    """

    weights: Floats
    intercept: float
    slope: float = 1.0
    shift: float = 0.0

    def scores(self, features: NDArray[np.float64]) -> Floats:
        """The score of each row of values."""
        return logistic(self.slope * (self.intercept + features @ self.weights) + self.shift)

    def shares(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each signal adds to the log-odds of each row."""
        return features * (self.slope * self.weights)

    def to_json(self) -> dict[str, Any]:
        """As in the file."""
        return {
            "intercept": round(self.intercept, 4),
            "slope": round(self.slope, 4),
            "shift": round(self.shift, 4),
            "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, self.weights, strict=True)},
        }


def logistic(log_odds: Floats) -> Floats:
    """The probability of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30))))


def read_scorer() -> Scorer:
    """The model that travels with the package.

    Raises:
        BuildError: the file is not of this program's signals.
    """
    return scorer_of(json.loads((files("kg.linking") / WEIGHTS).read_text(encoding="utf-8")))


def scorer_of(told: Mapping[str, Any]) -> Scorer:
    """The model that a file tells of; each signal must keep its sign, so that what speaks for a pair never lowers it.

    Raises:
        BuildError: the file is not of this program's signals.
    """
    weights = told["weights"]
    if tuple(weights) != NAMES:
        raise BuildError("has weights of other signals", where=WEIGHTS, hint="kg bench linking --fit")
    for signal in SIGNALS:
        if (weights[signal.name] > 0) if signal.against else (weights[signal.name] < 0):
            raise BuildError(f"the weight of {signal.name} has the wrong sign", where=WEIGHTS)
    if not told["slope"] > 0:
        raise BuildError("the slope of the calibration is not above zero", where=WEIGHTS)
    return Scorer(np.array(list(weights.values()), np.float64), told["intercept"], told["slope"], told["shift"])
