"""Fixtures that all tests may use."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import settings

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import read_sources
from kg.namespaces import DEFAULT_BASE_IRI
from kg.resources import folder
from tests.command_line import start_kg

SERVING = re.compile(r"serving at (http://\S+)\s")
LONGEST = ("tests/soak", "tests/bench", "tests/commands", "tests/test_cli.py", "tests/api")

# What takes two milliseconds alone may take a second beside others: only a test that states a deadline has one.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no process is left with one of them at the end."""
    root = Path(__file__).resolve().parents[1]

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(root).as_posix()
        return next((place for place, each in enumerate(LONGEST) if path.startswith(each)), len(LONGEST))

    items.sort(key=place)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one generation of the demo; built once, so no test may change it."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    build(read_sources(folder("demo") / "sources.toml"), BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None)
    return home


@contextmanager
def serving(home: Home, *options: str) -> Iterator[tuple[ForkServerProcess, str]]:
    """A server on a free port of 127.0.0.1, forked with its imports done, and its address; it ends with the context."""
    with TemporaryDirectory() as folder:
        process = start_kg(Path(folder), *_serve(home, options))
        said = Path(folder) / "stderr"
        try:
            while not (found := SERVING.search(said.read_text(encoding="utf-8", errors="replace"))):
                assert process.exitcode is None, f"the server ended before it answered: {said.read_text()}"
                time.sleep(0.01)
            yield process, found[1]
        finally:
            process.terminate()
            process.join(15)
            if process.exitcode is None:
                process.kill()
                raise subprocess.TimeoutExpired("kg serve", 15)


@contextmanager
def serving_anew(home: Home, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The same in an interpreter of its own, as a user starts it."""
    command = [sys.executable, "-P", "-m", "kg", *_serve(home, options)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            found = None
            while not found:
                line = process.stderr.readline()
                assert line, "the server ended before it answered"
                found = SERVING.search(line)
            yield process, found[1]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _serve(home: Home, options: Sequence[str]) -> tuple[str, ...]:
    return "serve", "--home", str(home.path), "--port", "0", *options


@pytest.fixture(scope="session")
def address(demo: Home) -> Iterator[str]:
    """The address of a server on the demo."""
    with serving(demo, "--timeout", "3") as (_, address):
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A client of the server on the demo."""
    with httpx.Client(base_url=address, timeout=20) as client:
        yield client
