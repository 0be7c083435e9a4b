"""`kg bench queries`: every named query over HTTP, beside the SPARQL that it amounts to.

In: a plan. Out: a report. One generation holds the demo, which has an answer to each query, and a generated catalogue,
which makes it as large as is asked for. Each query is put with what its first example gives for the parameters that it
must have, and nothing for the others, so that it reads all there is. Fresh answers come from a server without a cache,
where the named query and its SPARQL take turns; repeated ones from a server with the cache that it has by default.

What the name adds is what the two take outside the engine, which both say of each answer: the engine does the same for
both, and on a machine with other work its time alone differs by more than the rest is.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from kg.bench.client import Connection, Endpoint, Reply
from kg.bench.generator import generate
from kg.bench.measuring import require_proc, run_measured, tree_cpu_seconds
from kg.bench.named_report import Fresh, NamedMeasurement, NamedReport, Pair, Repeated
from kg.bench.servers import Server, environment, kg_command, serving_kg
from kg.bench.workplace import working_folder
from kg.build.generations import Generation, Home
from kg.build.sources import read_sources
from kg.engine.limits import GuardLimits
from kg.errors import KgError, UsageError
from kg.named.binding import bind, read_values
from kg.named.checking import check_folders
from kg.named.folders import our_folder
from kg.named.paging import MUCH, page_text
from kg.named.query import NamedQuery
from kg.named.types import Reading
from kg.per_generation import read_naming
from kg.resources import folder as shared_folder

Watch = Callable[[str, int, int], None]

FEWEST: Final = 5
MOST: Final = 15
"""Fresh answers of each, as many as `seconds` has room for."""
REPEATED: Final = 15


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """How to measure; the fields are the options of `kg bench queries`.

    Attributes:
        triples: of the generated catalogue; the demo comes on top.
        seconds: about how long each query is asked for fresh answers, at least five times.
        folder: where the data and stores are put meanwhile; the system's temporary folder if None.
        keep: whether they are left there.
        seed: of the generator.
        only: the names of the queries to measure; all if empty.
        home: one that is built already, to be asked instead; it should hold the demo, too.
    """

    triples: int = 1_000_000
    seconds: float = 1.0
    folder: Path | None = None
    keep: bool = False
    seed: int = 1
    only: tuple[str, ...] = ()
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as it is put: the path of the named one, and the SPARQL that the service asks for it.

    Attributes:
        texts: of a page it first asks the first, and only if that gives too few rows the next.
        limit: how many rows a page has; None where all come at once.
    """

    query: NamedQuery
    target: str
    texts: tuple[str, ...]
    limit: int | None


def run_named_benchmark(plan: NamedPlan, watch: Watch = lambda _stage, _done, _total: None) -> NamedReport:
    """Generate, build, serve and ask.

    Raises:
        UsageError: the plan is wrong.
        KgError: something did not run. A query that is refused, or whose SPARQL has another number of rows, is told in
            the report.
    """
    require_proc()
    queries = _wanted(plan.only)
    started = time.perf_counter()
    with working_folder(plan.folder, keep=plan.keep) as folder:
        home = Home(plan.home or folder / "home")
        generation = home.get_current() if plan.home else _build(plan, folder, watch)
        asked = list(_questions(generation, queries))
        failed: dict[str, str] = {}
        measured = []
        with serving_kg(home.path, folder / "fresh.log", cache_mb=0) as server:
            tier = server.tier
            for number, one in enumerate(asked):
                watch("fresh", number, len(asked))
                try:
                    measured.append((one, *_ask_in_turn(one, server, plan.seconds)))
                except KgError as error:
                    failed[one.query.name] = f"{error.what}: {error.hint}"
        rows = []
        with serving_kg(home.path, folder / "repeated.log") as server:
            for number, (one, count, fresh) in enumerate(measured):
                watch("repeated", number, len(measured))
                rows.append(NamedMeasurement(one.query.name, count, fresh, _ask_again(one, server)))
        watch("repeated", len(measured), len(measured))
        manifest = generation.manifest
        return NamedReport(
            asserted=manifest.asserted,
            inferred=manifest.inferred,
            tier=tier,
            processors=os.cpu_count() or 1,
            seconds=time.perf_counter() - started,
            folder=str(folder) if plan.keep else "",
            measurements=tuple(sorted(rows, key=lambda row: -row.cpu_ms)),
            failed=failed,
        )


def _build(plan: NamedPlan, folder: Path, watch: Watch) -> Generation:
    """A generation of the demo and a generated catalogue."""
    watch("generate", 0, 1)
    with (folder / "data.nt").open("wb") as out:
        generate(out, plan.triples, plan.seed)
    watch("build", 0, 1)
    options = [f"bench={folder / 'data.nt'}"]
    options += [f"{source.id}={source.location}" for source in read_sources(shared_folder("demo") / "sources.toml")]
    sources = [word for option in options for word in ("--source", option)]
    home = Home(folder / "home")
    command = kg_command("build", "--home", str(home.path), *sources, "--no-dumps", "--json")
    run_measured(command, folder / "build.log", environment())
    watch("build", 1, 1)
    return home.get_current()


def _wanted(only: Sequence[str]) -> list[NamedQuery]:
    """The queries to measure: those with rows; graphs come in other formats by name than as SPARQL.

    Raises:
        UsageError: one that is named does not exist.
    """
    queries, _faults = check_folders([our_folder()], GuardLimits())
    if missing := set(only) - set(queries):
        raise UsageError("there is no such query", where=min(missing), hint="`kg queries list` lists them")
    with_rows = {name: query for name, query in queries.items() if query.form in {"select", "ask"}}
    if graphs := set(only) - set(with_rows):
        raise UsageError("the query gives a graph, which is not measured", where=min(graphs))
    return [query for query in with_rows.values() if not only or query.name in only]


def _questions(generation: Generation, queries: Sequence[NamedQuery]) -> Iterator[_Asked]:
    """The queries with values for the parameters that they must have."""
    naming = read_naming(generation)
    for query in queries:
        example = query.front.examples[0].params if query.front.examples else {}
        given = {
            name: list(example.get(name, (query.example(name),)))
            for name, row in query.front.parameters.items()
            if row.required
        }
        values = read_values(query, given, Reading(naming.names, naming.aliases))
        target = f"/queries/{query.name}?{urlencode(given, doseq=True)}"
        if query.front.paging is None:
            yield _Asked(query, target, (bind(query, values, naming.names),), None)
            continue
        limit = query.front.paging.limit
        whole = page_text(query, values, naming.names, None, limit)
        if query.within and generation.manifest.asserted >= MUCH:
            yield _Asked(
                query, target, (page_text(query, values, naming.names, None, limit, hurried=True), whole), limit
            )
        else:
            yield _Asked(query, target, (whole,), limit)


def _ask_in_turn(asked: _Asked, server: Server, seconds: float) -> tuple[int, Fresh]:
    """How many rows there are, and what fresh answers took, of the named query and of its SPARQL."""
    host, port = server.endpoint.host, server.endpoint.port
    infer = "true" if asked.query.front.infer else "false"
    endpoint, raw = Endpoint(host, port, asked.target), Endpoint(host, port, f"/sparql?infer={infer}")
    named = [endpoint.get()]
    with Connection(endpoint) as connection:
        cold = _ask(connection, named, asked)
        count = _rows(cold.reply)
        same = _same(connection, raw, asked, count)
        pairs: list[Pair] = []
        until = time.perf_counter() + seconds
        while len(pairs) < FEWEST or (len(pairs) < MOST and time.perf_counter() < until):
            other = _ask(connection, same, asked) if len(pairs) % 2 else None
            before = tree_cpu_seconds(server.pid)
            one = _ask(connection, named, asked)
            cpu = tree_cpu_seconds(server.pid) - before
            other = other or _ask(connection, same, asked)
            pairs.append(Pair(one.seconds, other.seconds, cpu, one.outside - other.outside))
    return count, Fresh(cold.seconds, tuple(pairs))


def _same(connection: Connection, raw: Endpoint, asked: _Asked, count: int) -> list[bytes]:
    """The requests for SPARQL that amount to the named query, which has so many rows.

    Raises:
        KgError: they have another number.
    """
    requests: list[bytes] = []
    for text in asked.texts:
        requests.append(raw.post(text))
        found = _rows(_ask(connection, requests[-1:], asked).reply)
        if asked.limit is None or found > asked.limit:
            break
    if count != (found if asked.limit is None else min(found, asked.limit)):
        raise KgError(f"{count} rows, and {found} of its SPARQL", where=f"query {asked.query.name}")
    return requests


def _ask_again(asked: _Asked, server: Server) -> Repeated:
    """What an answer takes that is in the cache, and one that the client still has."""
    endpoint = Endpoint(server.endpoint.host, server.endpoint.port, asked.target)
    with Connection(endpoint) as connection:
        tag = _ask(connection, [endpoint.get()], asked).reply.etag

        def median(request: bytes) -> float:
            return statistics.median(_ask(connection, [request], asked).seconds for _ in range(REPEATED))

        return Repeated(median(endpoint.get()), median(endpoint.get(unless=tag)) if tag else None)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an answer took, and how much of it outside the engine, in seconds."""

    seconds: float
    outside: float
    reply: Reply


def _ask(connection: Connection, requests: Sequence[bytes], asked: _Asked) -> _Answer:
    """The answer to the last of some requests, one after the other, and what all of them took.

    Raises:
        KgError: one is refused.
    """
    engine = 0.0
    started = time.perf_counter()
    for request in requests:
        reply = connection.request(request)
        engine += reply.engine_seconds
        if reply.status not in {200, 304}:
            what, told = f"was answered {reply.status}", reply.body[:300].decode(errors="replace")
            raise KgError(what, where=f"query {asked.query.name}", hint=told)
    seconds = time.perf_counter() - started
    return _Answer(seconds, seconds - engine, reply)


def _rows(reply: Reply) -> int:
    """How many rows an answer has, plain or as SPARQL results."""
    body = json.loads(reply.body)
    return len(body["rows"] if "rows" in body else body["results"]["bindings"])
