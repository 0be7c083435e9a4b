"""The query log: what is in a line, and what never is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.engine.guard import GuardLimits, check
from kg.engine.orders import Job
from kg.engine.progress import Progress
from kg.errors import UsageError
from kg.querylog import Asked, QueryLog, event, without_literals
from kg.sparql.formats import FORMATS

QUERY = "SELECT ?s WHERE { ?s ?p 'hemmelig' }"
SECRET = "hemmelig"


def asked(query: str = QUERY) -> Asked:
    progress = Progress("slow", 0.25, 1.5, "miss", length=9, generation=3)
    job = Job(query, FORMATS[0], client="192.0.2.77", progress=progress)
    return Asked(query, check(query, GuardLimits()), job, 200, 123, 2.0)


def test_an_event_has_numbers_and_words_of_ours() -> None:
    told = event(asked(), with_text=False)
    assert told.items() >= {
        "form": "select", "status": 200, "seconds": 2.0, "queue_seconds": 0.25, "engine_seconds": 1.5, "lane": "slow",
        "cache": "miss", "format": "json", "bytes": 123, "generation": 3, "infer": True, "dataset": False,
    }.items()  # fmt: skip
    assert "text" not in told
    line = json.dumps(told)
    assert SECRET not in line
    assert "192.0.2.77" not in line


def test_a_log_is_lines_of_json_that_nobody_else_gets(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = tmp_path / "queries.jsonl"
    for _ in range(2):  # a restart goes on where it was
        log = QueryLog(str(place), with_text=True)
        log.write(asked())
        log.close()
    lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == ['SELECT ?s WHERE { ?s ?p "…" }'] * 2
    assert caplog.records == []


def test_without_a_place_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    log = QueryLog(None)
    log.write(asked())
    log.close()
    assert capfd.readouterr() == ("", "")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        QueryLog(str(tmp_path))


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT * {{ ?s ?p "{SECRET}" }}',
        f"SELECT * {{ ?s ?p '{SECRET}'@nb }}",
        f'SELECT * {{ ?s ?p """a\n{SECRET}""" }}',
        f"SELECT * {{ ?s ?p ?o }} # {SECRET}",
        f"SELECT * {{ ?s ?p '{SECRET} }}",
        f"SELECT * {{ FILTER(?a<'{SECRET}'&&?b>'x') }}",
        f"SELECT * {{ ?s ?p 'it\\'s {SECRET}' }}",
        f"SELECT * {{ ?s ?p '{SECRET}\\q' }}",
        f"SELECT * {{ ?s ?p \\ '{SECRET}' }}",
    ],
)
def test_no_literal_or_comment_is_in_the_text(query: str) -> None:
    assert SECRET not in without_literals(query)


def test_long_numbers_are_left_out() -> None:
    told = without_literals("SELECT * { ?s ex:nin 01017012345 ; ex:year 2026 ; ex:phone +4722222222 } LIMIT 10")
    assert told == "SELECT * { ?s ex:nin 0 ; ex:year 2026 ; ex:phone 0 } LIMIT 10"


@given(st.text(alphabet="'\"<>{}()?a#\\\n .@", max_size=40))
def test_a_text_that_was_closed_by_quotes_stays_out_whatever_is_around_it(around: str) -> None:
    told = without_literals(f"SELECT * {{ ?s ?p '{SECRET}' . {around} }}")
    assert SECRET not in told
