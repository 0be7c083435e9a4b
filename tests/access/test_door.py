"""Who comes in, and under which name."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.access.addresses import TrustedProxies
from kg.access.door import Door, Headers
from kg.access.keys import Keys, read_keys
from kg.access.rates import Rate, Rates
from kg.errors import KeyUnknown, RateLimited, UsageError

SECRET = "correct-horse-battery-staple"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()


def keys(folder: Path, text: str) -> Keys:
    path = folder / "keys.toml"
    path.write_text(text, encoding="utf-8")
    return read_keys(path)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    """One that lets an address in twice, and the holder of the key four times."""
    known = keys(tmp_path, f'[[key]]\nname = "nav"\nsha256 = "{HASH}"\nrate = 1\nburst = 4\n')
    return Door(TrustedProxies.parse(["10.0.0.1"]), known, Rate(1.0, 2), Rates(lambda: 0.0))


def admit(door: Door, peer: str = "198.51.100.7", **headers: str) -> str:
    return door.admit(door.address(peer, Headers()), Headers(**headers))


def test_without_a_key_the_address_is_counted(door: Door) -> None:
    assert [admit(door), admit(door)] == ["198.51.100.7"] * 2
    with pytest.raises(RateLimited):
        admit(door)
    assert admit(door, "198.51.100.8") == "198.51.100.8"


@pytest.mark.parametrize(
    "headers", [{"api_key": SECRET}, {"authorization": f"Bearer {SECRET}"}, {"authorization": f"bearer  {SECRET} "}]
)
def test_a_key_is_counted_wherever_it_comes_from(door: Door, headers: dict[str, str]) -> None:
    assert {admit(door, f"198.51.100.{number}", **headers) for number in range(4)} == {"key nav"}
    with pytest.raises(RateLimited):
        admit(door, "198.51.100.5", **headers)
    assert admit(door, "198.51.100.5") == "198.51.100.5"


def test_an_unknown_key_is_refused_and_costs_the_address(door: Door) -> None:
    for _ in range(2):
        with pytest.raises(KeyUnknown) as caught:
            admit(door, api_key="guess")
        assert "guess" not in str(caught.value)
    with pytest.raises(RateLimited):
        admit(door, api_key="guess")
    with pytest.raises(RateLimited):
        admit(door)


def test_other_schemes_are_for_others(door: Door) -> None:
    assert admit(door, authorization="Basic dXNlcjpwYXNz") == "198.51.100.7"


def test_without_a_file_of_keys_none_is_looked_for() -> None:
    assert admit(Door(), api_key="anything") == "198.51.100.7"


@given(st.text())
def test_no_text_is_a_key_but_the_key(text: str) -> None:
    known = Keys({HASH: next(iter(_one_key().by_hash.values()))})
    assert (known.find(text) is None) == (text != SECRET)


def _one_key() -> Keys:
    from kg.access.keys import Key

    return Keys({HASH: Key("nav", None)})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[key]]\nname = 'a'\n", "sha256 is the hash"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH[:-1]}'\n", "sha256 is the hash"),
        (f"[[key]]\nsha256 = '{HASH}'\n", "has no name"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nrate = -1\n", "rate is a number"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nrate = true\n", "rate is a number"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nrate = nan\n", "rate is a number"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nrate = 1\nburst = 0\n", "burst is a number"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nburst = 1\n", "burst without a rate"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\nkey = 'x'\n", "nothing else"),
        (f"[[key]]\nname = 'a'\nsha256 = '{HASH}'\n" * 2, "twice"),
        ("[key]\n", "only [[key]]"),
        ("[[keys]]\n", "only [[key]]"),
        ("[[key]\n", "cannot be read"),
    ],
)
def test_a_fault_in_the_file_of_keys_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        keys(tmp_path, text)
    assert told in caught.value.what
    assert "keys.toml" in caught.value.where


def test_a_missing_file_of_keys_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_keys(tmp_path / "none.toml")


def test_the_burst_of_a_key_follows_its_rate(tmp_path: Path) -> None:
    known = keys(tmp_path, f'[[key]]\nname = "nav"\nsha256 = "{HASH.upper()}"\nrate = 2.5\n')
    key = known.find(SECRET)
    assert key is not None
    assert key.rate == Rate(2.5, 5) or key.rate == Rate(2.5, round(5.0))
