"""The file of decisions: nothing acknowledged is lost, nothing torn is believed, the last word on a pair holds."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kg.errors import NotRecorded, ParameterError
from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict, checked
from kg.linking.decisions import DecisionLog
from tests.linking.strategies import decisions

ACCEPTED = Decision(
    "https://a.example/x", "https://b.example/y", Verdict.ACCEPT, Relation.BROAD, "æ", "Kari", "2026-11-22T08:00:00Z"
)


@pytest.fixture
def log(tmp_path: Path) -> DecisionLog:
    return DecisionLog(tmp_path / "links" / "decisions.jsonl")


def test_a_decision_is_read_again_by_whoever_comes_later(log: DecisionLog) -> None:
    log.append([ACCEPTED])
    for reader in (log, DecisionLog(log.path)):
        assert list(reader.read().history) == [ACCEPTED]
        assert reader.read().status(ACCEPTED.right, ACCEPTED.left) == "accepted"
    assert log.read().status("https://a.example/x", "https://b.example/z") == "open"


def test_the_last_decision_on_a_pair_holds_whichever_way_round_it_is_named(log: DecisionLog) -> None:
    turned = replace(ACCEPTED, left=ACCEPTED.right, right=ACCEPTED.left, verdict=Verdict.REJECT, relation=None)
    log.append([ACCEPTED])
    log.append([turned])
    assert log.read().status(ACCEPTED.left, ACCEPTED.right) == "rejected"
    assert len(log.read().newest) == 1
    log.append([ACCEPTED])
    assert log.read().status(ACCEPTED.left, ACCEPTED.right) == "accepted"
    seen = log.read().find(ACCEPTED.right, ACCEPTED.left)
    assert seen is not None
    assert (seen.left, seen.relation) == (ACCEPTED.right, Relation.NARROW)


@given(several=st.lists(decisions(), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_recorded_comes_back_unchanged(tmp_path: Path, several: list[Decision]) -> None:
    log = DecisionLog(tmp_path / f"{os.urandom(8).hex()}.jsonl")
    log.append(several[:3])
    log.read()
    log.append(several[3:])
    assert list(log.read().history) == several
    assert not log.read().damage


@given(cut=st.integers(1, 400), noise=st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_torn_end_hides_nothing_before_it_and_nothing_after_it(tmp_path: Path, cut: int, noise: bytes) -> None:
    log = DecisionLog(tmp_path / f"{os.urandom(8).hex()}.jsonl")
    log.append([ACCEPTED])
    whole = log.path.read_bytes()
    torn = whole[: min(cut, len(whole) - 2)] + noise.replace(b"\n", b"")
    assume(torn != whole[:-1])  # what the noise completed is not torn
    log.path.write_bytes(whole + torn)
    assert list(log.read().history) == [ACCEPTED]
    assert [each.line for each in log.read().damage] == [2]
    other = replace(ACCEPTED, comment="etter")
    DecisionLog(log.path).append([other])
    for reader in (log, DecisionLog(log.path)):
        assert list(reader.read().history) == [ACCEPTED, other]
        assert [each.line for each in reader.read().damage] == [2]


@given(place=st.integers(0), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int, byte: int) -> None:
    log = DecisionLog(tmp_path / f"{os.urandom(8).hex()}.jsonl")
    log.append([ACCEPTED, replace(ACCEPTED, comment="to")])
    content = bytearray(log.path.read_bytes())
    place %= len(content)
    if content[place] == byte:
        return
    content[place] = byte
    log.path.write_bytes(content)
    read = DecisionLog(log.path).read()
    assert read.damage
    assert all(decision in {ACCEPTED, replace(ACCEPTED, comment="to")} for decision in read.history)


def test_writers_in_threads_and_processes_do_not_tear_each_others_lines(log: DecisionLog) -> None:
    script = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from kg.linking.decisions import DecisionLog\nfrom tests.linking.test_decisions import ACCEPTED\n"
        "for n in range(20): DecisionLog(Path(sys.argv[1])).append([replace(ACCEPTED, who=f'{sys.argv[2]} {n}')])\n"
    )

    def record(thread: int) -> None:
        for n in range(20):
            log.append([replace(ACCEPTED, who=f"t{thread} {n}")])

    root = Path(__file__).resolve().parents[2]
    processes = [subprocess.Popen([sys.executable, "-c", script, str(log.path), f"p{n}"], cwd=root) for n in range(2)]
    threads = [threading.Thread(target=record, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert not log.read().damage
    for thread in threads:
        thread.join()
    assert [process.wait(60) for process in processes] == [0, 0]
    expected = {f"{name} {n}" for name in ("t0", "t1", "t2", "p0", "p1") for n in range(20)}
    assert {decision.who for decision in log.read().history} == expected
    assert len(log.read().history) == 100


def test_a_file_that_was_put_in_its_place_is_read_from_the_beginning(log: DecisionLog, tmp_path: Path) -> None:
    log.append([ACCEPTED, ACCEPTED])
    assert len(log.read().history) == 2
    other = DecisionLog(tmp_path / "other.jsonl")
    other.append([replace(ACCEPTED, who="Ola")])
    other.path.replace(log.path)
    assert [decision.who for decision in log.read().history] == ["Ola"]
    log.path.unlink()
    assert not log.read().history


def test_what_cannot_be_written_is_not_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotRecorded):
        DecisionLog(tmp_path / "file" / "decisions.jsonl").append([ACCEPTED])
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(NotRecorded):
        DecisionLog(folder).read()


@pytest.mark.parametrize(
    ("changed", "parameter"),
    [
        ({"left": "x"}, "left"),
        ({"left": "https://a.example/ x"}, "left"),
        ({"right": ACCEPTED.left}, "right"),
        ({"relation": None}, "relation"),
        ({"comment": "x" * 4001}, "comment"),
        ({"comment": "a\x1b[2J"}, "comment"),
        ({"who": ""}, "who"),
        ({"who": "a\nb"}, "who"),
        ({"when": "i går"}, "when"),
        ({"when": "2026-13-01T00:00:00Z"}, "when"),
        ({"justification": "fordi"}, "justification"),
        ({"confidence": 1.5}, "confidence"),
        ({"confidence": float("nan")}, "confidence"),
    ],
)
def test_what_may_not_be_recorded_is_named(log: DecisionLog, changed: dict[str, object], parameter: str) -> None:
    wrong = replace(ACCEPTED, **changed)  # type: ignore[arg-type]
    with pytest.raises(ParameterError) as caught:
        log.append([ACCEPTED, wrong])
    assert caught.value.parameter == parameter
    assert not log.read().history, "nothing of what was given together is recorded"


@given(fields=st.dictionaries(st.sampled_from(["left", "right", "verdict", "relation", "x"]), st.none() | st.text()))
def test_lines_of_any_shape_never_break_the_reading(fields: dict[str, str | None]) -> None:
    from kg.linking.decisions import _checksum, _decision

    line = json.dumps({**fields, "checksum": _checksum(fields)}).encode("utf-8", "surrogatepass")
    assert isinstance(_decision(line), str)


def test_two_pairs_that_have_become_one_are_decided_by_the_later(log: DecisionLog) -> None:
    former = replace(ACCEPTED, left="https://old.example/x", verdict=Verdict.REJECT, relation=None)
    log.append([ACCEPTED, former, replace(ACCEPTED, right="https://old.example/x")])
    names = {"https://old.example/x": "https://a.example/x"}
    under = log.read().under(lambda iri: names.get(iri, iri))
    assert under.status("https://a.example/x", "https://b.example/y") == "rejected"
    assert len(under.newest) == 1
    assert checked(ACCEPTED) == ACCEPTED


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_file_of_anything_is_read_and_can_be_gone_on_with(tmp_path: Path, content: bytes) -> None:
    log = DecisionLog(tmp_path / f"{os.urandom(8).hex()}.jsonl")
    log.path.write_bytes(content)
    assert not log.read().history
    log.append([ACCEPTED])
    assert list(DecisionLog(log.path).read().history) == list(log.read().history) == [ACCEPTED]
