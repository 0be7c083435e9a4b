"""Token buckets, on a clock that the test turns."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.access.rates import Rate, Rates
from kg.errors import RateLimited


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, client: str, rate: Rate, tries: int) -> int:
    """How many of so many requests come in."""
    count = 0
    for _ in range(tries):
        try:
            rates.take(client, rate)
        except RateLimited:
            continue
        count += 1
    return count


def test_a_client_may_ask_at_once_what_its_bucket_holds_and_then_at_its_rate() -> None:
    clock, rate = Clock(), Rate(2.0, 5)
    rates = Rates(clock)
    assert taken(rates, "a", rate, 10) == 5
    clock.now += 0.4
    assert taken(rates, "a", rate, 10) == 0
    clock.now += 0.1
    assert taken(rates, "a", rate, 10) == 1
    clock.now += 100
    assert taken(rates, "a", rate, 10) == 5


def test_who_is_refused_is_told_when_to_come_back() -> None:
    clock, rate = Clock(), Rate(0.1, 1)
    rates = Rates(clock)
    rates.take("a", rate)
    with pytest.raises(RateLimited) as caught:
        rates.take("a", rate)
    assert caught.value.retry_after == 10
    clock.now += caught.value.retry_after
    rates.take("a", rate)


def test_clients_do_not_share_a_bucket() -> None:
    rates, rate = Rates(Clock()), Rate(1.0, 3)
    assert [taken(rates, client, rate, 5) for client in "abc"] == [3, 3, 3]


def test_a_rate_of_0_is_without_limit_and_remembers_nobody() -> None:
    rates = Rates(Clock())
    assert taken(rates, "a", Rate(0.0, 1), 1000) == 1000
    assert len(rates) == 0


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    clock, rate = Clock(), Rate(1.0, 2)
    rates = Rates(clock)
    assert taken(rates, "a", rate, 5) == 2
    clock.now -= 500
    assert taken(rates, "a", rate, 5) == 0
    clock.now += 1
    assert taken(rates, "a", rate, 5) == 1


def test_as_many_clients_are_remembered_as_fit() -> None:
    rates, rate = Rates(Clock(), most=3), Rate(1.0, 1)
    for client in "abcd":
        rates.take(client, rate)
    assert len(rates) == 3
    rates.take("a", rate)  # forgotten, so its bucket is full again
    with pytest.raises(RateLimited):
        rates.take("d", rate)


@given(st.floats(0.01, 100), st.integers(1, 50), st.lists(st.tuples(st.floats(0, 10), st.integers(0, 20)), max_size=30))
def test_never_more_than_the_burst_and_the_rate_come_in(
    per_second: float, burst: int, steps: list[tuple[float, int]]
) -> None:
    clock, rate = Clock(0.0), Rate(per_second, burst)
    rates, total = Rates(clock), 0
    for wait, tries in steps:
        clock.now += wait
        total += taken(rates, "a", rate, tries)
        assert total <= burst + per_second * clock.now + 1e-6
