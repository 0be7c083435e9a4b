"""The two servers side by side: start, wait until they answer, and stop whatever happens.

In: a home that was built, and a store that `oxigraph` loaded. Out: a `Server` with its address and process
id, while a context lasts. Each runs in a session of its own, so that stopping it reaches all its processes.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from kg.bench.client import Connection, Endpoint
from kg.bench.measuring import tail
from kg.errors import KgError

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 30.0
STOP_SECONDS: Final = 15.0
QUERY_SECONDS: Final = 300
_LOOK_SECONDS: Final = 0.02
_ANNOUNCED: Final = re.compile(rb"http://127\.0\.0\.1:(\d+)/")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `tier` is where it evaluates, `start_seconds` how long it took to answer."""

    name: str
    pid: int
    endpoint: Endpoint
    tier: str
    start_seconds: float


def environment() -> dict[str, str]:
    """The environment without settings of this service: what is measured is its defaults.

    Python keeps what it compiled, as it does where nobody forbids it: packages beside ours come compiled.
    """
    without = "PYTHONDONTWRITEBYTECODE"
    return {name: value for name, value in os.environ.items() if not name.startswith("KG_") and name != without}


def kg_command(*arguments: str) -> list[str]:
    """A command line of this package, by the interpreter that runs now."""
    return [sys.executable, "-P", "-m", "kg", *arguments]


def find_oxigraph() -> str:
    """The `oxigraph` program that is installed beside this interpreter.

    Raises:
        KgError: it is not installed.
    """
    program = Path(sys.executable).parent / "oxigraph"
    if not program.is_file():
        raise KgError(
            "the oxigraph program is not installed",
            where=str(program),
            hint="`make bench` installs it and runs the benchmark",
        )
    return str(program)


@contextmanager
def serving_kg(home: Path, log: Path, *, cache_mb: int | None = None) -> Iterator[Server]:
    """This service over a home, in the tier that it settles at; it is answering when the context is entered.

    `cache_mb` is the memory for answers, if it is to be another than by default.

    Raises:
        KgError: it did not come up.
    """
    # The longest query of the benchmark may take longer than a service would grant.
    command = kg_command("serve", "--home", str(home), "--host", HOST, "--port", "0", "--timeout", str(QUERY_SECONDS))
    variables = environment() | ({} if cache_mb is None else {"KG_CACHE_MB": str(cache_mb)})
    started = time.perf_counter()
    with _running(command, log, variables) as process:
        port = _wait_for("its address", process, log, START_SECONDS, lambda: _announced_port(log))
        _wait_for("a first answer", process, log, START_SECONDS, lambda: _readiness(port).get("ready"))
        took = time.perf_counter() - started
        tier = _settled_tier(process, log, port)
        yield Server("kg", process.pid, Endpoint(HOST, port, "/sparql?infer=false"), tier, took)


@contextmanager
def serving_oxigraph(program: str, store: Path, log: Path) -> Iterator[Server]:
    """The oxigraph server over a store, which it only reads; it is answering when the context is entered.

    Raises:
        KgError: it did not come up.
    """
    port = free_port()
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"{HOST}:{port}"]
    started = time.perf_counter()
    with _running(command, log, environment()) as process:
        _wait_for("a first answer", process, log, START_SECONDS, lambda: _listens(port))
        yield Server("oxigraph", process.pid, Endpoint(HOST, port, "/query"), "disk", time.perf_counter() - started)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: Sequence[str], log: Path, variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=dict(variables),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server in order, and by force what is left of its session."""
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    finally:
        with suppress(ProcessLookupError):  # raised where all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(
    what: str, process: subprocess.Popen[bytes], log: Path, seconds: float, look: Callable[[], _Found | None]
) -> _Found:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise KgError(f"a server ended with status {process.returncode}", where=log.name, hint=tail(log))
        if found := look():
            return found
        time.sleep(_LOOK_SECONDS)
    raise KgError(f"a server did not give {what} within {seconds:g} s", where=log.name, hint=tail(log))


def _announced_port(log: Path) -> int | None:
    found = _ANNOUNCED.search(log.read_bytes())
    return int(found[1]) if found else None


def _readiness(port: int) -> dict[str, object]:
    endpoint = Endpoint(HOST, port, "/ready")
    with Connection(endpoint) as connection:
        body = connection.request(endpoint.get()).body
    told: dict[str, object] = json.loads(body)
    return told


def _settled_tier(process: subprocess.Popen[bytes], log: Path, port: int) -> str:
    """The tier that queries run in: memory if it gets there in time, otherwise what it says then."""
    try:
        return _wait_for("memory", process, log, SETTLE_SECONDS, lambda: _tier_if(port, "memory"))
    except KgError:
        if process.poll() is not None:
            raise
        return str(_readiness(port).get("tier"))


def _tier_if(port: int, wanted: str) -> str | None:
    tier = _readiness(port).get("tier")
    return wanted if tier == wanted else None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
