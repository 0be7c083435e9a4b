"""Models made of a few lines of Turtle."""

from collections.abc import Callable

import pytest

from kg.build.generations import Home
from kg.linking.elements import Elements
from kg.linking.keeping import elements_of
from kg.linking.scoring import Scorer, read_scorer
from tests.linking.models import elements_from

FromTurtle = Callable[[str], Elements]


@pytest.fixture(scope="session")
def from_turtle() -> FromTurtle:
    """Columns of what a text says."""
    return elements_from


@pytest.fixture(scope="session")
def demo_elements(demo: Home) -> Elements:
    """The columns of the demo's generation."""
    return elements_of(demo.get_current())


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The model that travels with the package."""
    return read_scorer()
