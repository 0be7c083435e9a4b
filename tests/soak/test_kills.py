"""`kill -9` at random moments: of a build, of a publication under load, of the server. Nothing wrong, nothing lost.

`make test` kills a few times with a small source; `make soak` twenty times each with a large one, under all the load
that two clients can make.
"""

import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.access.tokens import TokenFile
from kg.build.generations import Generation, Home
from kg.linking.decisions import DecisionLog
from tests.command_line import kg, start_kg
from tests.conftest import serving, serving_anew

PREFIX = "https://x.example/"
CHECKSUM = f"""SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?sum) (MAX(?e) AS ?edition)
WHERE {{ ?s <{PREFIX}value> ?v . <{PREFIX}this> <{PREFIX}edition> ?e }}"""


@dataclass(frozen=True)
class Ordeal:
    """How often is killed, how many values the source has, and how long a client rests between its questions."""

    rounds: int
    values: int
    rest_seconds: float


SHORT, LONG = Ordeal(3, 4_000, 0.05), Ordeal(20, 30_000, 0.0)
ORDEALS = [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.soak)]


def write_edition(folder: Path, edition: int, values: int) -> None:
    """A source of so many values, all of which carry the number of the edition."""
    lines = [f"<{PREFIX}s{n}> <{PREFIX}value> {n * edition} ." for n in range(values)]
    text = "\n".join([f"<{PREFIX}this> <{PREFIX}edition> {edition} .", *lines])
    (folder / "values.ttl").write_text(text)


def checksum(edition: int, values: int) -> str:
    """What the checksum query gives for a whole edition."""
    return f"n,sum,edition\r\n{values},{edition * values * (values - 1) // 2},{edition}\r\n"


def command(folder: Path, home: Home) -> tuple[str, ...]:
    return "build", "--home", str(home.path), "--source", f"values={folder}/values.ttl"


def build_whole(folder: Path, home: Home) -> float:
    kg("--version")  # what builds are forked off is there, so the time is that of the build alone
    started = time.monotonic()
    done = kg(*command(folder, home))
    assert done.returncode == 0, done.stderr
    return time.monotonic() - started


def build_and_kill(folder: Path, home: Home, seconds: float) -> None:
    """Start a build and kill it after so long, unless it has ended by then."""
    process = start_kg(folder, *command(folder, home))
    time.sleep(seconds)
    process.kill()
    process.join()


def assert_whole(generation: Generation) -> None:
    """The store, the file it was loaded from and the manifest agree."""
    store = Store.read_only(str(generation.store))
    quads = set(store)
    assert len(quads) == generation.manifest.quads
    assert quads == set(parse(path=str(generation.quads), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("ordeal", ORDEALS)
def test_killed_builds_leave_the_served_generation_whole(tmp_path: Path, home: Home, ordeal: Ordeal) -> None:
    chance = random.Random(1)
    write_edition(tmp_path, 1, ordeal.values)
    seconds = build_whole(tmp_path, home)
    published = home.get_current().number
    for number in range(ordeal.rounds):
        write_edition(tmp_path, number + 2, ordeal.values)
        build_and_kill(tmp_path, home, chance.uniform(0.0, seconds))
        current = home.get_current()
        assert current.number >= published  # the kill may have come after the publication
        published = current.number
        assert_whole(current)
    write_edition(tmp_path, 99, ordeal.values)
    build_whole(tmp_path, home)
    assert_whole(home.get_current())
    for leftover in (home.path / "generations").iterdir():
        assert not leftover.name.startswith("."), "the next build cleans up"
    names = {path.name for path in (home.path / "archive" / "objects").rglob("*") if path.is_file()}
    assert {file.sha256 for state in home.archive.history("values") for file in state.files} <= names


@pytest.mark.parametrize("ordeal", ORDEALS)
def test_publications_and_kills_under_load_give_no_wrong_answer(tmp_path: Path, home: Home, ordeal: Ordeal) -> None:
    chance = random.Random(2)
    write_edition(tmp_path, 1, ordeal.values)
    seconds = build_whole(tmp_path, home)
    last = ordeal.rounds + 2
    right = {checksum(edition, ordeal.values) for edition in range(1, last + 1)}
    seen: list[str] = []
    wrong: list[str] = []
    stop = threading.Event()

    def ask(address: str) -> None:
        with httpx.Client(base_url=address, timeout=20) as client:
            while not stop.is_set():
                answer = client.get("sparql", params={"query": f"{CHECKSUM} #{len(seen)}", "format": "csv"})
                (seen if answer.status_code == 200 and answer.text in right else wrong).append(answer.text)
                stop.wait(ordeal.rest_seconds)

    with serving(home) as (_, address):
        askers = [threading.Thread(target=ask, args=(address,)) for _ in range(2)]
        for asker in askers:
            asker.start()
        for number in range(ordeal.rounds):
            write_edition(tmp_path, number + 2, ordeal.values)
            if chance.random() < 0.5:
                build_and_kill(tmp_path, home, chance.uniform(0.0, seconds))
            else:
                build_whole(tmp_path, home)
        write_edition(tmp_path, last, ordeal.values)
        build_whole(tmp_path, home)
        deadline = time.monotonic() + 20
        while seen[-1] != checksum(last, ordeal.values):
            assert time.monotonic() < deadline, "the last generation is not served"
            time.sleep(0.1)
        stop.set()
        for asker in askers:
            asker.join(30)
    assert wrong == []
    assert len(seen) > ordeal.rounds


@pytest.mark.parametrize("ordeal", ORDEALS)
def test_a_killed_server_leaves_nothing_running_and_the_next_answers_at_once(
    tmp_path: Path, home: Home, ordeal: Ordeal
) -> None:
    chance = random.Random(3)
    write_edition(tmp_path, 1, ordeal.values)
    build_whole(tmp_path, home)
    for _ in range(ordeal.rounds):
        started = time.monotonic()
        with serving_anew(home) as (process, address):
            with httpx.Client(base_url=address, timeout=20) as client:
                answer = client.get("sparql", params={"query": CHECKSUM, "format": "csv"})
                ready_after = time.monotonic() - started
                assert answer.text == checksum(1, ordeal.values)
            time.sleep(chance.uniform(0.0, 1.0))
            workers = [int(child) for child in _descendants(process.pid)]
            process.kill()
            process.wait(10)
            deadline = time.monotonic() + 5
            while any(Path(f"/proc/{pid}").exists() for pid in workers):
                assert time.monotonic() < deadline, "workers outlive their server"
                time.sleep(0.05)
        print(f"answered {ready_after:.2f} s after the start")


@pytest.mark.parametrize("ordeal", ORDEALS)
def test_every_decision_that_was_acknowledged_outlives_a_kill_during_review(
    tmp_path: Path, home: Home, ordeal: Ordeal
) -> None:
    chance = random.Random(4)
    write_edition(tmp_path, 1, ordeal.values)
    build_whole(tmp_path, home)
    headers = {"Authorization": f"Bearer {TokenFile(home.tokens).new('Kari', (), '2026-11-22T08:00:00Z')}"}
    acknowledged: set[tuple[str, str]] = set()
    sent: set[tuple[str, str]] = set()

    def review(address: str, reviewer: str) -> None:
        with httpx.Client(base_url=address, timeout=20, headers=headers) as client:
            for number in range(10_000):
                pair = f"{PREFIX}s{number}", f"https://y.example/{reviewer}/{number}"
                body = {"decision": "accept", "relation": "close", "left": pair[0], "right": pair[1]}
                sent.add(pair)
                try:
                    answer = client.post("links", json=body)
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    acknowledged.add(pair)

    for number in range(ordeal.rounds):
        with serving(home) as (process, address):
            reviewers = [threading.Thread(target=review, args=(address, f"{number}-{each}")) for each in range(4)]
            for reviewer in reviewers:
                reviewer.start()
            deadline = time.monotonic() + 30
            while len(acknowledged) < 20 * (number + 1):
                assert time.monotonic() < deadline, "nothing is acknowledged"
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.5))
            process.kill()
            process.join(10)
            for reviewer in reviewers:
                reviewer.join(30)
        kept = DecisionLog(home.decisions).read()
        pairs = {(decision.left, decision.right) for decision in kept.history}
        assert acknowledged <= pairs <= sent
    print(f"{len(acknowledged)} decisions were acknowledged, {len(sent)} sent")


def test_a_server_that_is_told_to_stop_leaves_no_process_and_no_file(tmp_path: Path, home: Home) -> None:
    write_edition(tmp_path, 1, SHORT.values)
    build_whole(tmp_path, home)
    with serving_anew(home) as (process, address):
        assert httpx.get(f"{address}sparql", params={"query": CHECKSUM, "format": "csv"}).text == checksum(
            1, SHORT.values
        )
        workers = [int(child) for child in _descendants(process.pid)]
        process.terminate()
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert list((home.path / "spool").iterdir()) == []


def _descendants(pid: int) -> list[str]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [child, *_descendants(int(child))]
    return found
