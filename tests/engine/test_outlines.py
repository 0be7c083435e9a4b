"""Outlines are read once for each text, and only those of texts that passed."""

from collections.abc import AsyncIterator

import pytest

from kg.engine.checker import Checker
from kg.engine.guard import GuardLimits, check
from kg.engine.outlines import INLINE_LENGTH, Outlines
from kg.errors import LimitExceeded, SyntaxFault

LIMITS = GuardLimits(max_patterns=2)


@pytest.fixture
async def outlines() -> AsyncIterator[Outlines]:
    outlines = Outlines(LIMITS, Checker(LIMITS))
    yield outlines
    outlines.checker.close()


@pytest.mark.parametrize(
    "query", ["ASK {}", "SELECT (NOW() AS ?x) {} ORDER BY ?x", "ASK { ?s ?p '" + "x" * 5_000 + "' }"]
)
async def test_a_remembered_outline_is_the_guards(outlines: Outlines, query: str) -> None:
    first = await outlines.check(query, 10)
    again = await outlines.check(query, 10)
    assert first == again == check(query, LIMITS)
    assert first.fingerprint == again.fingerprint == check(query, LIMITS).fingerprint != ""


async def test_what_is_refused_is_refused_each_time(outlines: Outlines) -> None:
    for _ in range(2):
        with pytest.raises(LimitExceeded):
            await outlines.check("ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 10)
        with pytest.raises(SyntaxFault):
            await outlines.check("ASK {", 10)


async def test_a_bounded_number_is_remembered(outlines: Outlines) -> None:
    outlines.most = 3
    for number in range(10):
        await outlines.check(f"ASK {{ ?s ?p {number} }}", 10)
        await outlines.check("ASK {}", 10)
    assert len(outlines._known) == 3
    assert ("ASK {}", "") in outlines._known
    assert all(len(text) <= INLINE_LENGTH for text, _ in outlines._known)
