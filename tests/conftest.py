"""Fixtures that all tests may use."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import read_sources
from kg.namespaces import DEFAULT_BASE_IRI
from kg.resources import folder

SERVING = re.compile(rb"serving at (http://\S+)")
LONGEST = ("tests/soak", "tests/bench", "tests/commands", "tests/test_cli.py", "tests/api")


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
def serving(home: Home, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server process on a free port of 127.0.0.1, and its address; it ends with the context."""
    command = [sys.executable, "-P", "-m", "kg", "serve", "--home", str(home.path), "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        try:
            address = None
            while address is None:
                line = process.stderr.readline()
                assert line, "the server ended before it answered"
                if found := SERVING.search(line):
                    address = found[1].decode()
            yield process, address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


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
