"""`kg bench reason`: our reasoner beside others and beside loading its output, in one run.

In: a plan. Out: a report. Each engine runs in a process of its own, from files of N-Triples to a file of N-Triples,
and is measured from outside: interpreter, reading and writing are in its figures. What an engine cannot take (memory,
time) or what is not installed is said, and the run goes on.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.bench import reasoning_report as report
from kg.bench.measuring import require_proc, run_measured
from kg.bench.ontology import write_both, write_ontology
from kg.bench.reasoning_engines import ENGINES, OURS, OWLRL, OXIGRAPH, PEERS, Engine
from kg.bench.reasoning_report import Compared, ReasoningReport, Run
from kg.bench.servers import environment
from kg.bench.workplace import working_folder
from kg.build.stopwatch import Watch
from kg.errors import KgError

SMALL_SIZES: Final = (30_000, 100_000)
"""Sizes beside the one asked for; those below it are measured too, because not every engine can take it."""
OWLRL_SIZE: Final = 5_000
"""Where owlrl is measured: it takes milliseconds for each triple."""
ROUNDS: Final = 3
"""How often an engine reasons over the largest data, in turns with the others; its median run is compared."""
STEP: Final = 5
"""Growth is measured from one part of so many to the whole."""
LEAST: Final = 2_000
"""Triples of the smallest data that hold what the axioms speak of."""


@dataclass(frozen=True, slots=True)
class ReasoningPlan:
    """How to measure; the fields are options of `kg bench reason`.

    Attributes:
        triples: size of the largest data.
        folder: where files are put meanwhile; the system's temporary folder if None.
        keep: whether they are left there.
        seed: of the generator.
    """

    triples: int = 1_000_000
    folder: Path | None = None
    keep: bool = False
    seed: int = 1


@dataclass(slots=True)
class _Trial:
    """What one run of the benchmark has so far."""

    plan: ReasoningPlan
    folder: Path
    watch: Watch
    total: int
    runs: list[Run] = field(default_factory=list)
    given: dict[int, int] = field(default_factory=dict)

    def files(self, size: int) -> list[Path]:
        """The axioms and the data of a size, which are made when they are first asked for."""
        axioms, data = self.folder / "axioms.nt", self.folder / f"data-{size}.nt"
        if size not in self.given:
            self.given[size] = write_both(axioms, data, size, self.plan.seed)
        return [axioms, data]

    def output(self, size: int) -> Path:
        """Where our reasoner writes what follows from a size."""
        return self.folder / f"{OURS.name}-{size}.nt"

    def reason(self, engine: Engine, size: int) -> Run:
        """Have an engine reason."""
        files = self.files(size)
        out = self.folder / f"{engine.name}-{size}.nt"
        run = self._measure(engine, "reason", self.given[size], files, out)
        if engine is not OURS and not self.plan.keep:
            out.unlink(missing_ok=True)
        return run

    def reason_in_turns(self, engines: Sequence[Engine], size: int) -> dict[str, Run]:
        """Have engines reason several times, in turns: each one's run of median CPU time, or that which failed."""
        runs: dict[str, list[Run]] = {engine.name: [] for engine in engines}
        for _ in range(ROUNDS):
            for engine in engines:
                if all(run.usage for run in runs[engine.name]):
                    runs[engine.name].append(self.reason(engine, size))
                else:
                    self.total -= 1  # what failed once is not asked again
        return {name: median_run(several) for name, several in runs.items()}

    def load(self, task: str, files: Sequence[Path], triples: int) -> Run:
        """Have files loaded into an Oxigraph store in memory."""
        return self._measure(OXIGRAPH, task, triples, files, self.folder / "unused")

    def _measure(self, engine: Engine, task: str, triples: int, files: Sequence[Path], out: Path) -> Run:
        run = measure(engine, task, triples, files, out)
        self.runs.append(run)
        self.watch("reason", len(self.runs), self.total)
        return run


def run_reasoning_benchmark(plan: ReasoningPlan, watch: Watch = lambda _stage, _done, _total: None) -> ReasoningReport:
    """Generate, reason with every engine, load the output, compare.

    Raises:
        UsageError: the plan is wrong.
        KgError: our own reasoner, or loading, did not run.
    """
    require_proc()
    started = time.perf_counter()
    peers = [engine for engine in PEERS if engine.version() is not None]
    below = [size for size in SMALL_SIZES if size < plan.triples]
    smaller = min(plan.triples, max(LEAST, plan.triples // STEP))
    own_below = sorted({*below, smaller} - {plan.triples})
    total = len(own_below) + len(below) * len(peers) + ROUNDS * (1 + len(peers)) + (OWLRL.version() is not None) + 2
    with working_folder(plan.folder, keep=plan.keep) as folder:
        trial = _Trial(plan, folder, watch, total)
        ours = {size: _required(trial.reason(OURS, size)) for size in own_below}
        others = {(engine.name, size): trial.reason(engine, size) for engine in peers for size in below}
        largest = trial.reason_in_turns((OURS, *peers), plan.triples)
        ours[plan.triples] = _required(largest.pop(OURS.name))
        others |= {(name, plan.triples): run for name, run in largest.items()}
        slow = trial.reason(OWLRL, min(OWLRL_SIZE, plan.triples)) if OWLRL.version() is not None else None
        written = trial.output(plan.triples)
        held = trial.given[plan.triples] + ours[plan.triples].written
        whole = _required(trial.load("load asserted and inferred", [*trial.files(plan.triples), written], held))
        inferred = _required(trial.load("load inferred", [written], ours[plan.triples].written))
        compared = [
            *loading_compared(ours[plan.triples], whole, inferred),
            *owlrl_compared(ours[plan.triples], slow),
            *peers_compared(ours, others),
            *growth_compared(ours[smaller], ours[plan.triples]),
        ]
        with (folder / "axioms.nt").open("wb") as out:
            axioms = write_ontology(out)
        return ReasoningReport(
            triples=trial.given[plan.triples],
            axioms=axioms,
            versions=tuple((name, told) for name, each in ENGINES.items() if (told := each.version()) is not None),
            processors=os.cpu_count() or 1,
            seconds=time.perf_counter() - started,
            folder=str(folder) if plan.keep else "",
            runs=tuple(trial.runs),
            missing=tuple(name for name, each in ENGINES.items() if each.version() is None),
            compared=tuple(compared),
        )


def measure(engine: Engine, task: str, triples: int, files: Sequence[Path], out: Path) -> Run:
    """Run an engine in a process of its own; where it fails, the run says how."""
    log = out.with_suffix(".log")
    command = [sys.executable, "-P", "-m", "kg.bench.reasoning_engines", engine.name, str(out), *map(str, files)]
    try:
        usage = run_measured(command, log, environment())
    except KgError as error:
        return Run(engine.name, task, triples, problem=f"{error.what}: {_last_words(log)}")
    told = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    stages = told["stages"] | {"end": usage.cpu_seconds - sum(told["stages"].values())}  # when it has told its own
    return Run(engine.name, task, triples, usage, told["written"], tuple(stages.items()))


def _last_words(log: Path) -> str:
    """The line of a log that says what went wrong, which a Rust program follows by where it was."""
    said = log.read_text(encoding="utf-8", errors="replace").splitlines() or ["it said nothing"]
    return next((line for line in reversed(said) if "rror: " in line or " failed" in line), said[-1])


def median_run(runs: Sequence[Run]) -> Run:
    """Of an engine's runs of the same task that of median CPU time; one that failed, if one did."""
    failed = next((run for run in runs if run.usage is None), None)
    return failed or sorted(runs, key=_cpu)[len(runs) // 2]


def loading_compared(ours: Run, whole: Run, inferred: Run) -> list[Compared]:
    """Ours from terms to triples written, beside loading what it read and wrote: CPU time without start and reading."""
    work, both, alone = _stages(ours, "encode", "reason", "write"), _stages(whole, "load"), _stages(inferred, "load")
    return [
        Compared("CPU from terms on", "s", work, both, "loading asserted and inferred in memory", report.LOADING),
        Compared("CPU from terms on", "s", work, alone, "loading inferred alone in memory"),
    ]


def owlrl_compared(ours: Run, owlrl: Run | None) -> list[Compared]:
    """Our CPU time per triple given, beside that of owlrl on less data; nothing if it did not run."""
    if owlrl is None or owlrl.usage is None:
        return []
    kg, other = (1e6 * _cpu(run) / run.triples for run in (ours, owlrl))
    return [Compared("CPU per triple", "µs", kg, other, f"owlrl, {owlrl.triples:,} triples", report.OWLRL)]


def peers_compared(ours: dict[int, Run], others: dict[tuple[str, int], Run]) -> list[Compared]:
    """Our CPU time beside that of the best other engine at each size; the bound stands at the largest."""
    compared: list[Compared] = []
    for size in sorted({size for _name, size in others}, reverse=True):
        finished = [run for (_name, each), run in others.items() if each == size and run.usage is not None]
        if finished:
            best = min(finished, key=_cpu)
            bound = None if compared else report.BEST_PEER
            against = f"best other at {best.triples:,}: {best.engine}"
            compared.append(Compared("CPU", "s", _cpu(ours[size]), _cpu(best), against, bound))
    return compared


def growth_compared(small: Run, large: Run) -> list[Compared]:
    """What a triple written takes in the whole, beside what it takes in a part."""
    against = f"at {small.triples:,} triples"
    cpu, cpu_before = (1e6 * _cpu(run) / run.written for run in (large, small))
    memory, memory_before = (1e6 * _peak(run) / run.written for run in (large, small))
    return [
        Compared("CPU per triple written", "µs", cpu, cpu_before, against, report.GROWTH),
        Compared("memory per triple written", "B", memory, memory_before, against, report.GROWTH),
    ]


def _required(run: Run) -> Run:
    if run.usage is None:
        raise KgError(run.problem, where=f"{run.engine}, {run.triples:,} triples")
    return run


def _stages(run: Run, *names: str) -> float:
    return sum(seconds for stage, seconds in run.stages if stage in names)


def _cpu(run: Run) -> float:
    assert run.usage is not None
    return run.usage.cpu_seconds


def _peak(run: Run) -> float:
    assert run.usage is not None
    return run.usage.peak_mb
