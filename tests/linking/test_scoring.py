"""The score: its weights, its calibration, and that what speaks for a pair never lowers it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BuildError
from kg.linking.fitting import LEAST_OF_PRIOR, fit, platt, regression
from kg.linking.scoring import Scorer, logistic, read_scorer, scorer_of
from kg.linking.signals import SIGNALS

VALUES = st.lists(st.floats(0, 1), min_size=len(SIGNALS), max_size=len(SIGNALS)).map(np.array)


def drawn(rows: int = 4_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of which the second signal alone decides, and how often they are right."""
    source = np.random.default_rng(1)
    values = np.zeros((rows, len(SIGNALS)))
    values[:, 1] = source.random(rows)
    values[:, 2] = source.random(rows)
    chance = logistic(-4 + 8 * values[:, 1])
    return values, source.random(rows) < chance, chance


@given(VALUES, st.integers(0, len(SIGNALS) - 1), st.floats(0, 1))
def test_more_of_a_signal_moves_the_score_its_own_way(values: np.ndarray, number: int, more: float) -> None:
    scorer = read_scorer()
    raised = values.copy()
    raised[number] = max(values[number], more)
    before, after = scorer.scores(np.stack((values, raised)))
    assert (after <= before) if SIGNALS[number].against else (after >= before)
    assert 0 <= before <= 1


def test_weights_are_learnt_from_pairs_and_keep_their_sign() -> None:
    values, right, _ = drawn()
    weights = regression(values, right)
    assert weights[2] == pytest.approx(8, abs=1.5)
    for signal, weight in zip(SIGNALS, weights[1:], strict=True):
        assert weight <= 0 if signal.against else weight >= LEAST_OF_PRIOR * signal.prior


def test_a_signal_that_no_pair_shows_keeps_what_it_is_thought_to_be() -> None:
    values, right, _ = drawn()
    weights = regression(values, right)[1:]
    assert weights[0] == pytest.approx(SIGNALS[0].prior)


def test_scores_of_a_fitted_model_say_how_often_pairs_are_right() -> None:
    values, right, chance = drawn()
    scorer = fit(values, right, np.arange(len(right)))
    assert np.abs(scorer.scores(values) - chance).mean() < 0.05


def test_calibration_mends_scores_that_are_too_sure() -> None:
    source = np.random.default_rng(2)
    log_odds = source.normal(0, 2, 20_000)
    slope, shift = platt(3 * log_odds + 1, source.random(20_000) < logistic(log_odds))
    assert slope == pytest.approx(1 / 3, abs=0.02)
    assert shift == pytest.approx(-1 / 3, abs=0.1)


def test_a_model_comes_back_from_its_file() -> None:
    scorer = read_scorer()
    told = json.loads(json.dumps(scorer.to_json()))
    assert scorer_of(told).to_json() == told


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"same-name": 1.0}},
        {"weights": {signal.name: -signal.prior for signal in SIGNALS}},
        {"slope": -1.0},
    ],
)
def test_a_file_that_is_not_of_these_signals_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BuildError):
        scorer_of({**read_scorer().to_json(), **change})


def test_shares_add_up_to_the_score() -> None:
    scorer = Scorer(np.linspace(-1, 1, len(SIGNALS)), -2.0, 0.5, 0.25)
    values = np.linspace(0, 1, len(SIGNALS)).reshape(1, -1)
    log_odds = scorer.shares(values).sum() + 0.5 * -2.0 + 0.25
    assert scorer.scores(values)[0] == pytest.approx(1 / (1 + np.exp(-log_odds)))
