import asyncio
from collections.abc import AsyncIterator

import pytest

from kg.engine.checker import Checker
from kg.engine.guard import GuardLimits, check
from kg.errors import DeadlinePassed, LimitExceeded, QueryError, ServiceRefused, SyntaxFault

LIMITS = GuardLimits(allowed_services=frozenset({"https://x.example/sparql"}))
LONG = "SELECT * WHERE { VALUES ?x { " + " ".join(f"<https://x.example/{number}>" for number in range(20_000)) + " } }"


@pytest.fixture
async def checker() -> AsyncIterator[Checker]:
    checker = Checker(LIMITS)
    yield checker
    checker.close()


async def test_it_says_what_the_guard_says(checker: Checker) -> None:
    for query in (LONG, "ASK {}", "SELECT * WHERE { SERVICE <https://x.example/sparql> { ?s ?p ?o } }"):
        assert await checker.check(query, 10) == check(query, LIMITS)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("", SyntaxFault),
        ("SELECT * WHERE {{{", SyntaxFault),
        ("SELECT \ud800", SyntaxFault),
        ("SELECT * WHERE " + "{" * 500 + "}" * 500, LimitExceeded),
        ("SELECT * WHERE { SERVICE <https://y.example/> {} }", ServiceRefused),
    ],
)
async def test_errors_come_back_as_they_were(checker: Checker, query: str, error: type[QueryError]) -> None:
    with pytest.raises(error) as here:
        check(query, LIMITS)
    with pytest.raises(error) as there:
        await checker.check(query, 10)
    assert vars(there.value) == vars(here.value)


async def test_a_check_that_takes_too_long_is_ended_and_the_next_one_is_not_kept_waiting(checker: Checker) -> None:
    assert await checker.check("ASK {}", 10)
    with pytest.raises(DeadlinePassed):
        await checker.check(LONG, 0.001)
    assert (await checker.check("ASK {}", 10)).form == "ask"


async def test_many_at_once_are_checked_one_after_another(checker: Checker) -> None:
    outlines = await asyncio.gather(*(checker.check(LONG, 30) for _ in range(10)))
    assert {outline.form for outline in outlines} == {"select"}
