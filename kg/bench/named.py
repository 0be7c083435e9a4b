"""`kg bench queries`: every named query over HTTP, beside the SPARQL that it amounts to (design §5, §10).

In: a plan. Out: a report. One generation holds the demo, which has an answer to each query, and a generated catalogue,
which makes it as large as is asked for. Each query is put with what its first example gives for the parameters that it
must have, and nothing for the others, so that it reads all there is. Fresh answers come from a server without a cache,
where the named query and its SPARQL take turns; repeated ones from a server with the cache that it has by default.
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

from kg.bench.client import Connection, Endpoint
from kg.bench.generator import generate
from kg.bench.measuring import require_proc, run_measured
from kg.bench.named_report import NamedMeasurement, NamedReport
from kg.bench.servers import Server, environment, kg_command, serving_kg
from kg.bench.workplace import working_folder
from kg.build.generations import Generation, Home
from kg.build.sources import read_sources
from kg.engine.limits import GuardLimits
from kg.errors import KgError, UsageError
from kg.named.binding import bind, read_values
from kg.named.checking import check_folders
from kg.named.folders import our_folder
from kg.named.paging import page_text
from kg.named.query import NamedQuery
from kg.named.types import Reading
from kg.per_generation import read_naming
from kg.resources import folder as shared_folder

Watch = Callable[[str, int, int], None]

FEWEST: Final = 3
MOST: Final = 15
"""Fresh answers of each, as many as `seconds` has room for."""
REPEATED: Final = 15


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """How to measure; the fields are the options of `kg bench queries`.

    Attributes:
        triples: of the generated catalogue; the demo comes on top.
        seconds: about how long each query is asked for fresh answers, at least three times.
        folder: where the data and stores are put meanwhile; the system's temporary folder if None.
        keep: whether they are left there.
        seed: of the generator.
        only: the names of the queries to measure; all if empty.
    """

    triples: int = 1_000_000
    seconds: float = 1.0
    folder: Path | None = None
    keep: bool = False
    seed: int = 1
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as it is put: the path of the named one, and its SPARQL with how many rows a page has."""

    query: NamedQuery
    target: str
    text: str
    limit: int | None


def run_named_benchmark(plan: NamedPlan, watch: Watch = lambda _stage, _done, _total: None) -> NamedReport:
    """Generate, build, serve and ask.

    Raises:
        UsageError: the plan is wrong.
        KgError: something did not run, or a named query and its SPARQL gave different numbers of rows.
    """
    require_proc()
    queries = _wanted(plan.only)
    started = time.perf_counter()
    with working_folder(plan.folder, keep=plan.keep) as folder:
        generation = _build(plan, folder, watch)
        asked = list(_questions(generation, queries))
        home = folder / "home"
        with serving_kg(home, folder / "fresh.log", cache_mb=0) as server:
            tier = server.tier
            fresh = []
            for number, one in enumerate(asked):
                watch("fresh", number, len(asked))
                fresh.append(_ask_in_turn(one, server, plan.seconds))
        with serving_kg(home, folder / "repeated.log") as server:
            repeated = []
            for number, one in enumerate(asked):
                watch("repeated", number, len(asked))
                repeated.append(_ask_again(one, server))
        watch("repeated", len(asked), len(asked))
        rows = (
            NamedMeasurement(one.query.name, count, named, raw, again)
            for one, (count, named, raw), again in zip(asked, fresh, repeated, strict=True)
        )
        manifest = generation.manifest
        return NamedReport(
            asserted=manifest.asserted,
            inferred=manifest.inferred,
            tier=tier,
            processors=os.cpu_count() or 1,
            seconds=time.perf_counter() - started,
            folder=str(folder) if plan.keep else "",
            measurements=tuple(sorted(rows, key=lambda row: -row.fresh_ms)),
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
    """The queries to measure.

    Raises:
        UsageError: one that is named does not exist.
    """
    queries, _faults = check_folders([our_folder()], GuardLimits())
    if missing := set(only) - set(queries):
        raise UsageError("there is no such query", where=min(missing), hint="`kg queries list` lists them")
    return [query for query in queries.values() if not only or query.name in only]


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
            yield _Asked(query, target, bind(query, values, naming.names), None)
        else:
            limit = query.front.paging.limit
            yield _Asked(query, target, page_text(query, values, naming.names, None, limit), limit)


def _ask_in_turn(asked: _Asked, server: Server, seconds: float) -> tuple[int, Sequence[float], Sequence[float]]:
    """How many rows there are, and what each fresh answer took, of the named query and of its SPARQL, in seconds."""
    host, port = server.endpoint.host, server.endpoint.port
    infer = "true" if asked.query.front.infer else "false"
    named, raw = Endpoint(host, port, asked.target), Endpoint(host, port, f"/sparql?infer={infer}")
    requests = (named.get(), raw.post(asked.text))
    took: tuple[list[float], list[float]] = ([], [])
    with Connection(named) as connection:
        counts = [_rows(connection, request, asked) for request in requests]
        if counts[0] != (counts[1] if asked.limit is None else min(counts[1], asked.limit)):
            raise KgError(f"{counts[0]} rows, and {counts[1]} of its SPARQL", where=f"query {asked.query.name}")
        until = time.perf_counter() + seconds
        while len(took[0]) < FEWEST or (len(took[0]) < MOST and time.perf_counter() < until):
            for place in (0, 1) if len(took[0]) % 2 else (1, 0):
                took[place].append(_timed(connection, requests[place], asked))
    return counts[0], *took


def _ask_again(asked: _Asked, server: Server) -> float:
    """What an answer takes that is in the cache, in seconds: the median."""
    endpoint = Endpoint(server.endpoint.host, server.endpoint.port, asked.target)
    with Connection(endpoint) as connection:
        _timed(connection, endpoint.get(), asked)
        return statistics.median(_timed(connection, endpoint.get(), asked) for _ in range(REPEATED))


def _timed(connection: Connection, request: bytes, asked: _Asked) -> float:
    started = time.perf_counter()
    reply = connection.request(request)
    took = time.perf_counter() - started
    if reply.status != 200:
        what, told = f"was answered {reply.status}", reply.body[:300].decode(errors="replace")
        raise KgError(what, where=f"query {asked.query.name}", hint=told)
    return took


def _rows(connection: Connection, request: bytes, asked: _Asked) -> int:
    """How many rows an answer has, plain or as SPARQL results."""
    reply = connection.request(request)
    if reply.status != 200:
        what, told = f"was answered {reply.status}", reply.body[:300].decode(errors="replace")
        raise KgError(what, where=f"query {asked.query.name}", hint=told)
    body = json.loads(reply.body)
    return len(body["rows"] if "rows" in body else body["results"]["bindings"])
