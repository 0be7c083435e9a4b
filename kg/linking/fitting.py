"""Fitting: weights from pairs that are known to be right or wrong.

In: values of signals, and for each pair whether it is right. Out: a `Scorer`. Few links are known, so each weight is
drawn to what it is thought to be before any was seen (`Signal.prior`); a signal that no pair shows keeps that.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.linking.columns import Floats
from kg.linking.scoring import Scorer, logistic
from kg.linking.signals import SIGNALS

PRIOR_DEVIATION: Final = 1.5
"""How far, in log-odds, a weight may well be from what it is thought to be."""
LEAST_OF_PRIOR: Final = 0.25
"""No weight of what speaks for a pair falls below this share of what it is thought to be: the known links are nearly
all between things of one name, which says nothing of those that are not."""
PRIOR_INTERCEPT: Final = -5.0
_ROUNDS: Final = 300
_ENOUGH: Final = 1e-7
FOLDS: Final = 5


def fit(features: NDArray[np.float64], right: NDArray[np.bool_], groups: NDArray[np.int64]) -> Scorer:
    """Fit the regression, and its calibration to scores of pairs that were left out.

    Args:
        features: a row for each pair.
        right: whether each pair is.
        groups: what must not be torn apart between what is learnt from and what is left out: what partners are for.
    """
    weights = regression(features, right)
    fold = groups % FOLDS
    held = np.zeros(len(right))
    for number in range(FOLDS):
        rest = fold != number
        part = regression(features[rest], right[rest])
        held[~rest] = part[0] + features[~rest] @ part[1:]
    slope, shift = platt(held, right)
    return Scorer(weights[1:], float(weights[0]), slope, shift)


def regression(features: NDArray[np.float64], right: NDArray[np.bool_]) -> Floats:
    """Intercept and weights that are the most probable, each with its sign (coordinate descent with Newton's step)."""
    columns = np.column_stack((np.ones(len(features)), features))
    means = np.array([PRIOR_INTERCEPT, *(signal.prior for signal in SIGNALS)])
    against = np.array([False, *(signal.against for signal in SIGNALS)])
    lowest = np.where(against, -np.inf, means * LEAST_OF_PRIOR)
    highest = np.where(against, 0.0, np.inf)
    lowest[0], highest[0] = -np.inf, np.inf
    weights = means.copy()
    log_odds = columns @ weights
    for _ in range(_ROUNDS):
        before = weights.copy()
        for number in range(len(weights)):
            column = columns[:, number]
            chance = logistic(log_odds)
            slope = column @ (right - chance) - (weights[number] - means[number]) / PRIOR_DEVIATION**2
            curve = (column * column) @ (chance * (1 - chance)) + 1 / PRIOR_DEVIATION**2
            step = np.clip(slope / curve, -1.0, 1.0)
            new = float(np.clip(weights[number] + step, lowest[number], highest[number]))
            log_odds += (new - weights[number]) * column
            weights[number] = new
        if np.abs(weights - before).max() < _ENOUGH:
            break
    return weights


def platt(log_odds: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that make log-odds say how often pairs are right (Platt 1999, with his smoothed targets)."""
    good = int(right.sum())
    target = np.where(right, (good + 1) / (good + 2), 1 / (len(right) - good + 2))
    slope, shift = 1.0, 0.0
    for _ in range(_ROUNDS):
        chance = logistic(slope * log_odds + shift)
        error, curve = target - chance, chance * (1 - chance) + 1e-9
        gradient = np.array([log_odds @ error, error.sum()])
        hessian = np.array([[curve @ log_odds**2, curve @ log_odds], [curve @ log_odds, curve.sum()]])
        step = np.linalg.solve(hessian + 1e-6 * np.eye(2), gradient)
        step = step * min(1.0, 1.0 / max(1e-12, float(np.abs(step).max())))
        slope, shift = max(0.05, slope + float(step[0])), shift + float(step[1])
        if np.abs(step).max() < _ENOUGH:
            break
    return slope, shift
