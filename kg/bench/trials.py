"""Trials: a query asked of both servers in turn, and lookups on many connections at once.

In: the two running servers and questions. Out: what each answer took, on the clock and in CPU time of the
server's processes. The servers take turns in short rounds, and who begins changes, so that what else the
machine does meets both alike.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from kg.bench.client import Connection, Endpoint
from kg.bench.measuring import tree_cpu_seconds
from kg.bench.questions import Question, require_same
from kg.bench.servers import Server, environment
from kg.errors import KgError

ROUNDS: Final = 5
LOAD_ROUNDS: Final = 3
LOAD_CONNECTIONS: Final = 8
WARM_UP: Final = 12
"""Answers before the measured ones: each worker of a server should have read the pages that a query needs."""
MOST_PER_ROUND: Final = 500
MOST_REPEATED: Final = 100
SETTLE_SECONDS: Final = 0.02
"""What a server does about a query after its answer, such as replacing a worker, is charged to it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one server took: seconds on the clock for each answer, CPU seconds and clock seconds for all."""

    latencies: tuple[float, ...]
    cpu_seconds: float
    seconds: float

    @property
    def cpu_ms(self) -> float:
        """CPU time per answer, in ms."""
        return 1000 * self.cpu_seconds / len(self.latencies)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The time within which this share of the answers came, in ms."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median_ms(self) -> float:
        """The median time of an answer, in ms."""
        return 1000 * statistics.median(self.latencies)


def time_targets(server: Server, targets: Iterable[str], sign: bytes, warm_up: int = 0) -> tuple[Trial, int]:
    """Ask a server for one address after another; the first `warm_up` answers are not measured.

    Returns:
        What the answers took, and how many have the sign in them.

    Raises:
        KgError: the server gave no answer.
    """
    latencies, signed, before = [], 0, tree_cpu_seconds(server.pid)
    with Connection(server.endpoint) as connection:
        for number, target in enumerate(targets):
            if number == warm_up:
                before = tree_cpu_seconds(server.pid)
            asked = Endpoint(server.endpoint.host, server.endpoint.port, target).get()
            started = time.perf_counter()
            reply = connection.request(asked)
            if number >= warm_up:
                latencies.append(time.perf_counter() - started)
            if reply.status != 200:
                raise KgError(f"a server answered {reply.status}", where=target, hint=repr(reply.body[:300]))
            signed += sign in reply.body
    time.sleep(SETTLE_SECONDS)
    return Trial(tuple(latencies), tree_cpu_seconds(server.pid) - before, sum(latencies)), signed


@dataclass(frozen=True, slots=True)
class Compared:
    """A question's trials on both servers, and how many rows both found; ours again with one text repeated."""

    rows: int
    kg: Trial
    oxigraph: Trial
    repeated: Trial


def compare(question: Question, kg: Server, oxigraph: Server, seconds: float) -> Compared:
    """Ask both servers the question over and over, for about so many seconds each.

    Raises:
        KgError: the answers differ, or a server gave none.
    """
    servers = (kg, oxigraph)
    answers, slowest = [], 0.0
    for server in servers:
        body, took = _warm_up(question, server, seconds)
        answers.append(body)
        slowest = max(slowest, took)
    rows = require_same(question, answers)
    repetitions = max(1, min(MOST_PER_ROUND, int(seconds / ROUNDS / slowest)))
    trials: dict[Server, list[Trial]] = {server: [] for server in servers}
    for number in range(ROUNDS):
        for server in _in_turn(servers, number):
            size = len(answers[servers.index(server)])
            trials[server].append(_ask_repeatedly(question, server, repetitions, f"round {number}", size))
    size = len(answers[0])
    quick = min(_ask_repeatedly(question, kg, 3, "", size).latencies)
    repeated = _ask_repeatedly(question, kg, max(1, min(MOST_REPEATED, int(seconds / quick))), "", size)
    return Compared(rows, joined(trials[kg]), joined(trials[oxigraph]), repeated)


def load(
    queries: Sequence[str], kg: Server, oxigraph: Server, seconds: float, *, repeated: bool = False
) -> tuple[Trial, Trial]:
    """Put lookups to both servers on many connections at once, for so many seconds each.

    Each text is sent once, so that no cache helps, or with `repeated` again and again.

    Raises:
        KgError: a server did not answer each of them.
    """
    servers = (kg, oxigraph)
    for server in servers:
        _put_load(queries, server, seconds / LOAD_ROUNDS, "" if repeated else "warm-up")
    trials: dict[Server, list[Trial]] = {server: [] for server in servers}
    for number in range(LOAD_ROUNDS):
        for server in _in_turn(servers, number):
            label = "" if repeated else f"round {number}"
            trials[server].append(_put_load(queries, server, seconds / LOAD_ROUNDS, label))
    return joined(trials[kg]), joined(trials[oxigraph])


def joined(trials: Sequence[Trial]) -> Trial:
    """Several rounds as one trial."""
    latencies = tuple(latency for trial in trials for latency in trial.latencies)
    return Trial(latencies, sum(trial.cpu_seconds for trial in trials), sum(trial.seconds for trial in trials))


def _in_turn(servers: tuple[Server, Server], number: int) -> tuple[Server, Server]:
    return servers if number % 2 == 0 else (servers[1], servers[0])


def _warm_up(question: Question, server: Server, seconds: float) -> tuple[bytes, float]:
    """Ask a few times; the last answer, and the median of what the answers took."""
    took: list[float] = []
    with Connection(server.endpoint) as connection:
        until = time.perf_counter() + seconds
        while len(took) < 2 or (len(took) < WARM_UP and time.perf_counter() < until):
            started = time.perf_counter()
            body = connection.ask(question.numbered(f"warm-up {len(took)}"))
            took.append(time.perf_counter() - started)
    return body, statistics.median(took)


def _ask_repeatedly(question: Question, server: Server, repetitions: int, label: str, size: int) -> Trial:
    latencies = []
    before = tree_cpu_seconds(server.pid)
    with Connection(server.endpoint) as connection:  # anew in each round: servers close connections that rest
        for number in range(repetitions):
            query = question.numbered(f"{label} {number}") if label else question.text
            started = time.perf_counter()
            body = connection.ask(query)
            latencies.append(time.perf_counter() - started)
            if len(body) != size:
                raise KgError(
                    f"{server.name} gave an answer of {len(body):,} bytes after one of {size:,}",
                    where=f"query {question.name}",
                )
    time.sleep(SETTLE_SECONDS)
    return Trial(tuple(latencies), tree_cpu_seconds(server.pid) - before, sum(latencies))


def _put_load(queries: Sequence[str], server: Server, seconds: float, label: str) -> Trial:
    """One round of load, from a process of its own."""
    order = {
        "endpoint": asdict(server.endpoint),
        "queries": list(queries),
        "connections": LOAD_CONNECTIONS,
        "seconds": seconds,
        "label": label,
    }
    before = tree_cpu_seconds(server.pid)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "kg.bench.client"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    if done.returncode:
        raise KgError("the lookups could not all be put", where=server.name, hint=done.stderr.strip()[-400:])
    told = json.loads(done.stdout)
    time.sleep(SETTLE_SECONDS)
    return Trial(tuple(told["latencies"]), tree_cpu_seconds(server.pid) - before, told["seconds"])
