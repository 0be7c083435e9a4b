"""Thousands of random ontologies, ours against owlrl: run by `make soak`."""

import pytest

from tests.reason.random_ontologies import DENSE, SPARSE, Profile, random_ontology
from tests.reason.test_against_owlrl import NO_DIFFERENCE, compared

SEEDS = 2_000


@pytest.mark.soak
@pytest.mark.parametrize("profile", [SPARSE, DENSE], ids=lambda profile: profile.name)
@pytest.mark.parametrize("part", range(20))
def test_random_ontologies_have_the_same_closure(profile: Profile, part: int) -> None:
    size = SEEDS // 20
    different = [
        seed
        for seed in range(part * size, (part + 1) * size)
        if compared(random_ontology(profile, seed)) != NO_DIFFERENCE
    ]
    assert different == []
