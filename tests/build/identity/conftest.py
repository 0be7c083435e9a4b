"""Sightings of small sources, written as Turtle."""

from collections.abc import Callable

import pytest
from pyoxigraph import RdfFormat, parse

from kg.build.identity.sightings import Sightings, see
from kg.namespaces import WELL_KNOWN_PREFIXES

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in WELL_KNOWN_PREFIXES.items())
See = Callable[[str, str], Sightings]


@pytest.fixture
def turtle() -> See:
    """What a source is seen to say, given its id and its Turtle."""

    def read(source_id: str, text: str) -> Sightings:
        quads = parse(PREFIXES + "@prefix x: <https://x.example/> .\n" + text, RdfFormat.TURTLE)
        return see(source_id, [quad.triple for quad in quads])

    return read
