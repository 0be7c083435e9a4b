"""`kg bench`: this service beside the oxigraph server, on the same data in the same run.

In: a plan. Out: a report of ratios. The row is: generate → build both → serve both → compare queries →
lookups → search → trace. Everything runs in processes of their own that are measured from outside and ended whatever
happens.
"""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import kg
from kg.bench import report
from kg.bench.generator import generate
from kg.bench.measuring import Usage, require_proc, run_measured, tree_cpu_seconds
from kg.bench.questions import NAMES, lookups, read_questions
from kg.bench.report import BenchReport, Measurement
from kg.bench.servers import Server, environment, find_oxigraph, kg_command, serving_kg, serving_oxigraph
from kg.bench.text_search import compare_search
from kg.bench.tracing import time_traces
from kg.bench.trials import LOAD_CONNECTIONS, Compared, Trial, compare, load
from kg.bench.workplace import working_folder
from kg.build.generations import Generation, Home
from kg.build.stopwatch import Watch
from kg.errors import UsageError

_LOAD_FACTOR: Final = 4
"""The lookups run so many times longer than one query: their 99th percentile needs many answers."""


@dataclass(frozen=True, slots=True)
class BenchPlan:
    """How to measure; the fields are the options of `kg bench`.

    Attributes:
        triples: size of the data.
        seconds: about how long each query is asked of each server.
        folder: where the data and stores are put meanwhile; the system's temporary folder if None.
        keep: whether they are left there.
        seed: of the generator.
    """

    triples: int = 1_000_000
    seconds: float = 1.5
    folder: Path | None = None
    keep: bool = False
    seed: int = 1


def run_benchmark(plan: BenchPlan, watch: Watch = lambda _stage, _done, _total: None) -> BenchReport:
    """Generate, build, serve and compare.

    Raises:
        UsageError: the plan is wrong.
        KgError: something did not run, or the two servers answered differently.
    """
    if plan.seconds <= 0:
        raise UsageError("must be above 0", where="seconds")
    require_proc()
    program = find_oxigraph()
    started = time.perf_counter()
    with working_folder(plan.folder, keep=plan.keep) as folder:
        watch("generate", 0, 1)
        with (folder / "data.nt").open("wb") as out:
            triples = generate(out, plan.triples, plan.seed)
        watch("generate", 1, 1)
        generation, builds = _build_both(folder, program, watch)
        watch("start", 0, 1)
        with (
            serving_oxigraph(program, folder / "oxigraph", folder / "oxigraph.log") as theirs,
            serving_kg(folder / "home", folder / "kg.log") as ours,
        ):
            watch("start", 1, 1)
            starts = _start_measurements(ours, theirs)
            rows, queries = _compare_queries(plan, ours, theirs, watch)
            small = _compare_lookups(plan, ours, theirs, watch)
            found = _compare_search(ours, theirs, watch)
            traced = _time_traces(ours, watch)
            tier = ours.tier
        return BenchReport(
            triples=triples,
            asserted=generation.manifest.asserted,
            quads=generation.manifest.quads,
            tier=tier,
            versions=(kg.__version__, _version(program)),
            processors=os.cpu_count() or 1,
            seconds=time.perf_counter() - started,
            folder=str(folder) if plan.keep else "",
            rows=rows,
            measurements=(*builds, *starts, *queries, *small, *found, *traced),
        )


def _build_both(folder: Path, program: str, watch: Watch) -> tuple[Generation, list[Measurement]]:
    """Build a generation, and have oxigraph load and optimise what the build wrote."""
    variables = environment()
    home = Home(folder / "home")
    # Dumps are made when the generation is served already, and oxigraph makes none.
    source = ("--source", f"bench={folder / 'data.nt'}")
    build = kg_command("build", "--home", str(home.path), *source, "--no-dumps", "--json")
    watch("build", 0, 3)
    ours = run_measured(build, folder / "build.log", variables)
    generation = home.get_current()
    location = ("--location", str(folder / "oxigraph"))
    watch("build", 1, 3)
    loading = run_measured(
        [program, "load", *location, "--file", str(generation.quads)], folder / "load.log", variables
    )
    watch("build", 2, 3)
    optimising = run_measured([program, "optimize", *location], folder / "optimize.log", variables)
    watch("build", 3, 3)
    theirs = Usage(
        loading.cpu_seconds + optimising.cpu_seconds,
        loading.wall_seconds + optimising.wall_seconds,
        max(loading.peak_mb, optimising.peak_mb),
    )
    return generation, [
        Measurement("build: CPU", "s", ours.cpu_seconds, theirs.cpu_seconds, report.BUILD_CPU),
        Measurement("build: wall", "s", ours.wall_seconds, theirs.wall_seconds),
        Measurement("build: peak memory", "MB", ours.peak_mb, theirs.peak_mb),
    ]


def _start_measurements(ours: Server, theirs: Server) -> list[Measurement]:
    return [
        Measurement("start: wall until it answers", "s", ours.start_seconds, theirs.start_seconds, report.START),
        Measurement("start: CPU until settled", "s", tree_cpu_seconds(ours.pid), tree_cpu_seconds(theirs.pid)),
    ]


def _compare_queries(
    plan: BenchPlan, ours: Server, theirs: Server, watch: Watch
) -> tuple[tuple[tuple[str, int], ...], list[Measurement]]:
    rows, measurements = [], []
    for number, question in enumerate(read_questions()):
        watch("queries", number, len(NAMES))
        compared = compare(question, ours, theirs, plan.seconds)
        rows.append((question.name, compared.rows))
        measurements += query_measurements(question.name, compared)
    watch("queries", len(NAMES), len(NAMES))
    return tuple(rows), measurements


def query_measurements(name: str, compared: Compared) -> list[Measurement]:
    """The lines of one query; the bound stands at CPU time for heavy ones, at wall time for light ones."""
    ours, theirs = compared.kg, compared.oxigraph
    heavy = theirs.median_ms > report.HEAVY_FROM_MS
    return [
        Measurement(f"{name}: CPU", "ms", ours.cpu_ms, theirs.cpu_ms, report.HEAVY_QUERY if heavy else None),
        Measurement(f"{name}: wall", "ms", ours.median_ms, theirs.median_ms, None if heavy else report.LIGHT_QUERY),
        Measurement(
            f"{name}: repeated, wall", "ms", compared.repeated.median_ms, theirs.median_ms, report.REPEATED_QUERY
        ),
    ]


def _compare_lookups(plan: BenchPlan, ours: Server, theirs: Server, watch: Watch) -> list[Measurement]:
    watch("lookups", 0, 1)
    queries = lookups(read_questions()[0], plan.triples)
    trials = load(queries, ours, theirs, _LOAD_FACTOR * plan.seconds)
    cached = load(queries, ours, theirs, _LOAD_FACTOR * plan.seconds, repeated=True)
    watch("lookups", 1, 1)
    what = f"{LOAD_CONNECTIONS} clients: cached lookups"
    rate = Measurement(what, "/s", cached[0].rate, cached[1].rate, report.CACHED_LOOKUP_RATE)
    return [*lookup_measurements(*trials), rate]


def _compare_search(ours: Server, theirs: Server, watch: Watch) -> list[Measurement]:
    watch("search", 0, 1)
    trials = compare_search(ours, theirs)
    watch("search", 1, 1)
    return search_measurements(*trials)


def _time_traces(ours: Server, watch: Watch) -> list[Measurement]:
    watch("trace", 0, 1)
    trial = time_traces(ours)
    watch("trace", 1, 1)
    return trace_measurements(trial)


def trace_measurements(trial: Trial) -> list[Measurement]:
    """The lines of the traces, which no other server makes."""
    return [
        Measurement("trace: CPU", "ms", trial.cpu_ms, None),
        Measurement("trace: p50", "ms", trial.percentile_ms(0.5), None),
        Measurement("trace: p95", "ms", trial.percentile_ms(0.95), None, report.TRACE_P95),
    ]


def search_measurements(ours: Trial, theirs: Trial) -> list[Measurement]:
    """The lines of the text search, beside a CONTAINS filter over the same texts."""
    return [
        Measurement("search: CPU", "ms", ours.cpu_ms, theirs.cpu_ms),
        Measurement("search: wall (oxigraph: CONTAINS)", "ms", ours.median_ms, theirs.median_ms, report.SEARCH),
        Measurement("search: p95", "ms", ours.percentile_ms(0.95), None, report.SEARCH_P95),
    ]


def lookup_measurements(ours: Trial, theirs: Trial) -> list[Measurement]:
    """The lines of the lookups on many connections."""
    what = f"{LOAD_CONNECTIONS} clients"
    p50, p99 = 0.5, 0.99
    return [
        Measurement(f"{what}: lookups", "/s", ours.rate, theirs.rate, report.LOOKUP_RATE),
        Measurement(f"{what}: CPU", "ms", ours.cpu_ms, theirs.cpu_ms),
        Measurement(f"{what}: p50", "ms", ours.percentile_ms(p50), theirs.percentile_ms(p50)),
        Measurement(f"{what}: p99", "ms", ours.percentile_ms(p99), theirs.percentile_ms(p99), report.LOOKUP_P99),
    ]


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.strip().rpartition(" ")[2] or "of unknown version"
