"""The benchmark from end to end on little data, and what becomes of its servers and files."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from kg.bench import servers
from kg.bench.runner import BenchPlan, run_benchmark
from kg.bench.servers import Server, find_oxigraph, serving_oxigraph
from kg.errors import KgError, UsageError


@pytest.fixture(scope="module")
def oxigraph() -> str:
    try:
        return find_oxigraph()
    except KgError as error:
        pytest.skip(str(error))


@pytest.fixture
def small_store(oxigraph: str, tmp_path: Path) -> Path:
    data = tmp_path / "data.nt"
    data.write_text("<http://a.example/s> <http://a.example/p> <http://a.example/o> .\n", encoding="ascii")
    store = tmp_path / "store"
    subprocess.run([oxigraph, "load", "--location", store, "--file", data], check=True, capture_output=True)
    return store


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def commands_about(folder: Path) -> list[bytes]:
    """The command lines of living processes that name the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found.append(path.read_bytes())
    return [command for command in found if str(folder).encode() in command]


def test_benchmark_measures_both_and_leaves_nothing_behind(oxigraph: str, tmp_path: Path) -> None:
    stages: list[str] = []
    made = run_benchmark(
        BenchPlan(triples=5000, seconds=0.02, folder=tmp_path), lambda stage, _done, _total: stages.append(stage)
    )
    told = {measurement.what: measurement for measurement in made.measurements}
    assert {
        "build: CPU",
        "start: wall until it answers",
        "facet: CPU",
        "star: wall",
        "8 clients: p99",
        "search: p95",
        "trace: CPU",
        "trace: p50",
        "trace: p95",
    } <= told.keys()
    assert all(measurement.kg >= 0 for measurement in made.measurements)
    assert told["build: CPU"].kg > 0
    assert told["8 clients: lookups"].ratio
    assert 4900 <= made.triples <= 5100
    assert made.quads > made.asserted >= 4000
    assert made.tier in {"memory", "disk"}
    assert dict(made.rows)["newest"] == 20
    assert list(dict.fromkeys(stages)) == ["generate", "build", "start", "queries", "lookups", "search", "trace"]
    assert list(tmp_path.iterdir()) == []
    assert commands_about(tmp_path) == []


def test_missing_oxigraph_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(KgError, match=r"oxigraph program is not installed .*make bench"):
        run_benchmark(BenchPlan(triples=5000, folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_time_must_be_positive() -> None:
    with pytest.raises(UsageError, match="seconds: must be above 0"):
        run_benchmark(BenchPlan(seconds=0))


def test_server_ends_with_its_context_whatever_happens(oxigraph: str, small_store: Path, tmp_path: Path) -> None:
    pids: list[int] = []

    def fail(server: Server) -> None:
        pids.append(server.pid)
        assert is_alive(server.pid)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), serving_oxigraph(oxigraph, small_store, tmp_path / "log") as server:
        fail(server)
    assert not is_alive(pids[0])


def test_server_that_does_not_start_is_an_error_with_its_last_words(oxigraph: str, tmp_path: Path) -> None:
    with (
        pytest.raises(KgError, match="a server ended with status"),
        serving_oxigraph(oxigraph, tmp_path / "missing" / "store", tmp_path / "log"),
    ):
        pass


def test_settings_of_the_caller_do_not_reach_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_WORKERS", "64")
    assert "KG_WORKERS" not in servers.environment()
