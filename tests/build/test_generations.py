import fcntl
import json
import multiprocessing.synchronize
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.build.archive import ArchivedFile, HarvestState
from kg.build.generations import Generation, Home
from kg.build.manifest import STORE_FORMAT, Manifest, SourceEntry, write_manifest
from kg.errors import BuildError, HomeBusy, NotFound, StoreTooNew
from tests.command_line import fork_server


def publish(home: Home, created: str = "2026-11-01T00:00:00Z", *sources: str) -> Generation:
    """Publish a generation that holds nothing but a manifest."""
    number = home.next_number()
    entries = tuple(
        SourceEntry(
            HarvestState(source, "x", created, (ArchivedFile("x", "0" * 64, 1, "http://x.example/"),)),
            {},
            1,
            0,
            1,
        )
        for source in sources
    )
    manifest = Manifest(number, created, "0", "http://x.example/", False, 1, 0, {}, entries, (), {}, 1)
    with home.candidate() as candidate:
        write_manifest(candidate.manifest_file, manifest)
        candidate.store.mkdir()
        (candidate.store / "data").write_text("x")
        return home.publish(candidate, number)


@contextmanager
def read_by_someone(generation: Generation) -> Iterator[None]:
    with generation.lease.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def test_a_home_without_generations_says_what_to_do(home: Home) -> None:
    assert home.find_current() is None
    assert home.list_generations() == []
    with pytest.raises(NotFound) as caught:
        home.get_current()
    assert "kg up" in caught.value.hint


def test_the_last_published_generation_is_served(home: Home) -> None:
    publish(home)
    second = publish(home)
    assert home.get_current().number == second.number == 2
    assert [generation.number for generation in home.list_generations()] == [1, 2]


def test_rolling_back_serves_the_older_one_and_the_next_build_gets_a_new_number(home: Home) -> None:
    first, second = publish(home), publish(home)
    home.switch(first)
    assert home.get_current().number == first.number
    assert publish(home).number == second.number + 1


def test_what_a_killed_build_left_is_not_a_generation_and_goes_with_the_next(home: Home) -> None:
    publish(home)
    candidate = home.path / "generations" / ".candidate-killed"
    candidate.mkdir()
    (candidate / "quads.nq").write_text("half")
    assert [generation.number for generation in home.list_generations()] == [1]
    home.clean()
    assert not candidate.exists()
    assert home.get_current().number == 1


def test_pruning_keeps_the_newest_the_served_one_and_one_a_month(home: Home) -> None:
    for day in ("2026-01-05", "2026-01-20", "2026-02-01", "2026-03-01", "2026-03-02", "2026-03-03"):
        publish(home, f"{day}T00:00:00Z")
    home.switch(home.get_generation(1))
    assert home.prune(2) == [4]
    assert [generation.number for generation in home.list_generations()] == [1, 2, 3, 5, 6]
    assert home.prune(1, monthly=False) == [2, 3, 5]
    assert [generation.number for generation in home.list_generations()] == [1, 6]


def test_pruning_passes_by_what_is_being_read(home: Home) -> None:
    first = publish(home)
    publish(home)
    with read_by_someone(first):
        assert home.prune(1, monthly=False) == []
        assert (first.folder / "store" / "data").exists()
    assert home.prune(1, monthly=False) == [1]


def test_a_newer_store_format_is_refused_with_a_clear_message(home: Home) -> None:
    generation = publish(home)
    path = generation.folder / "manifest.json"
    fields = json.loads(path.read_text())
    path.write_text(json.dumps({**fields, "store_format": STORE_FORMAT + 1, "something_new": []}))
    with pytest.raises(StoreTooNew) as caught:
        home.get_current()
    assert f"store format {STORE_FORMAT + 1}" in caught.value.what


@pytest.mark.parametrize("text", ["", "{", "[]", '{"store_format": 1}', '{"store_format": "x"}', "\x00"])
def test_a_broken_manifest_is_an_error_that_names_it(home: Home, text: str) -> None:
    generation = publish(home)
    (generation.folder / "manifest.json").write_text(text)
    with pytest.raises(BuildError) as caught:
        home.get_current()
    assert "manifest.json" in caught.value.where


def test_purging_refuses_while_the_served_generation_holds_the_source(home: Home) -> None:
    home.archive.record(HarvestState("a", "x", "2026-01-01T00:00:00Z", ()))
    publish(home, "2026-01-01T00:00:00Z", "a")
    with pytest.raises(BuildError) as caught:
        home.purge("a")
    assert "build without it" in caught.value.hint


def test_purging_removes_older_generations_that_hold_the_source(home: Home) -> None:
    home.archive.record(HarvestState("a", "x", "2026-01-01T00:00:00Z", ()))
    publish(home, "2026-01-01T00:00:00Z", "a", "b")
    publish(home, "2026-01-02T00:00:00Z", "b")
    publish(home, "2026-01-03T00:00:00Z", "b")
    assert home.purge("a").generations == (1,)
    assert [generation.number for generation in home.list_generations()] == [2, 3]


def _hold(path: Path, held: "multiprocessing.synchronize.Event", release: "multiprocessing.synchronize.Event") -> None:
    with Home(path).lock():
        held.set()
        release.wait(30)


def test_a_second_build_waits_or_says_why_not(home: Home) -> None:
    context = fork_server()
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(home.path, held, release))
    other.start()
    assert held.wait(30)
    with pytest.raises(HomeBusy), home.lock(wait=False):
        pass
    started = time.monotonic()
    release.set()
    with home.lock():
        assert time.monotonic() - started < 30
    other.join(30)


def test_the_lock_goes_with_the_process_however_it_ends(home: Home) -> None:
    context = fork_server()
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(home.path, held, release))
    other.start()
    assert held.wait(30)
    other.kill()
    other.join(30)
    with home.lock(wait=False):
        pass
