"""Reviewers' tokens: known when seen, gone when revoked, and nowhere to be read."""

import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.access.door import Door, Headers
from kg.access.keys import Key, Keys
from kg.access.rates import Rate
from kg.access.tokens import PREFIX, Token, TokenFile
from kg.errors import KeyUnknown, NotFound, UsageError

NOW = "2026-11-22T08:00:00Z"


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "home" / "tokens.json")


def test_a_token_is_known_by_its_secret_alone_until_it_is_revoked(tokens: TokenFile) -> None:
    secret, other = tokens.new("Kari", (), NOW), tokens.new("Ola", (), NOW)
    served = TokenFile(tokens.path)
    assert [token.name for token in served.read()] == ["Kari", "Ola"]
    found = served.find(secret)
    assert found is not None
    assert found.name == "Kari"
    for wrong in ("", "x", secret[:-1], secret + "x", found.sha256, "\ud800", "x" * 10_000):
        assert served.find(wrong) is None
    tokens.revoke("Kari")
    assert served.find(secret) is None
    assert served.find(other) is not None
    with pytest.raises(NotFound):
        tokens.revoke("Kari")


def test_the_file_holds_no_secret_and_is_for_its_owner_alone(tokens: TokenFile) -> None:
    secret = tokens.new("Kari", (), NOW)
    content = tokens.path.read_text(encoding="utf-8")
    assert secret.startswith(PREFIX)
    assert len(secret) > 40
    assert secret not in content
    assert secret.removeprefix(PREFIX) not in content
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", " ", "a\nb", " a", "x" * 101, "a\x1b[2J"])
def test_what_cannot_be_a_name_is_refused(tokens: TokenFile, name: str) -> None:
    with pytest.raises(UsageError):
        tokens.new(name, (), NOW)


def test_a_name_is_given_out_once(tokens: TokenFile) -> None:
    tokens.new("Kari", (), NOW)
    with pytest.raises(UsageError):
        tokens.new("Kari", (), NOW)


def test_those_who_make_tokens_at_the_same_time_lose_none(tokens: TokenFile) -> None:
    makers = [threading.Thread(target=TokenFile(tokens.path).new, args=(f"nummer {n}", (), NOW)) for n in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert {token.name for token in tokens.read()} == {f"nummer {n}" for n in range(8)}


@pytest.mark.parametrize("content", ["", "[]", '{"tokens": [{"name": "x"}]}', '{"tokens": 1}', '{"tokens": ["x"]}'])
def test_a_damaged_file_is_said_to_be_one(tokens: TokenFile, content: str) -> None:
    tokens.path.parent.mkdir()
    tokens.path.write_text(content)
    with pytest.raises(UsageError) as caught:
        tokens.find("x")
    assert caught.value.where == str(tokens.path)


@given(start=st.text(max_size=3), left=st.text(max_size=5), right=st.text(max_size=5))
def test_a_token_covers_the_pairs_of_which_one_begins_as_it_says(start: str, left: str, right: str) -> None:
    token = Token("Kari", "", NOW, (start,))
    assert token.covers(left, right) == (left[: len(start)] == start or right[: len(start)] == start)
    assert Token("Ola", "", NOW).covers(left, right)


def test_a_token_passes_the_door_where_keys_are_asked_for(tokens: TokenFile) -> None:
    secret = tokens.new("Kari", (), NOW)
    door = Door(keys=Keys({"0" * 64: Key("annen", Rate())}), tokens=tokens)
    assert door.admit(None, Headers(authorization=f"Bearer {secret}")) == "token Kari"
    with pytest.raises(KeyUnknown):
        door.admit(None, Headers(authorization="Bearer kgr_x"))
    assert json.loads(tokens.path.read_text())["tokens"][0]["name"] == "Kari"
