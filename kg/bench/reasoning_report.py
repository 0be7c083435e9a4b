"""The report of `kg bench reason`: every run of every engine, and the bounds that ours is held to.

In: runs. Out: what is printed, as two tables or as JSON.
"""

from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.bench.measuring import Usage
from kg.bench.report import Bound, RatioAtMost, shown


@dataclass(frozen=True, slots=True)
class PartAtMost:
    """At most one of so many parts of what the other takes."""

    parts: int

    def holds(self, kg: float, oxigraph: float) -> bool:
        """Whether it is met."""
        return kg * self.parts <= oxigraph

    def text(self, unit: str) -> str:  # noqa: ARG002 - a ratio has no unit
        """The bound in a few signs."""
        return f"≤ 1/{self.parts}"


LOADING: Final = PartAtMost(3)
OWLRL: Final = PartAtMost(500)
BEST_PEER: Final = PartAtMost(3)
GROWTH: Final = RatioAtMost(1.2)
"""Five times as much takes at most six times as much: per triple written, 1.2 times."""


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one size of data.

    Attributes:
        engine: its name.
        task: what it did: reason, or load.
        triples: that it was given.
        usage: what its process took; None if it did not finish.
        written: triples that it wrote, or holds.
        stages: CPU seconds by stage.
        problem: why it did not finish.
    """

    engine: str
    task: str
    triples: int
    usage: Usage | None = None
    written: int = 0
    stages: tuple[tuple[str, float], ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The run as `kg bench reason --json` prints it."""
        usage = self.usage
        return {
            "engine": self.engine,
            "task": self.task,
            "triples": self.triples,
            "cpu_seconds": None if usage is None else round(usage.cpu_seconds, 3),
            "wall_seconds": None if usage is None else round(usage.wall_seconds, 3),
            "peak_mb": None if usage is None else round(usage.peak_mb),
            "written": self.written,
            "stages": {stage: round(seconds, 3) for stage, seconds in self.stages},
            "problem": self.problem or None,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """Ours beside another figure of the same run."""

    what: str
    unit: str
    kg: float
    other: float
    against: str
    bound: Bound | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the bound is met; None without one."""
        return None if self.bound is None else self.bound.holds(self.kg, self.other)

    def to_json(self) -> dict[str, Any]:
        """The comparison as `kg bench reason --json` prints it."""
        return {
            "what": self.what,
            "unit": self.unit,
            "kg": round(self.kg, 4),
            "other": round(self.other, 4),
            "against": self.against,
            "times": round(self.other / self.kg, 3) if self.kg else None,
            "bound": None if self.bound is None else self.bound.text(self.unit),
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class ReasoningReport:
    """What one run of the benchmark found.

    Attributes:
        triples: of the largest data, axioms included.
        axioms: triples of the ontology.
        versions: of each engine that is installed.
        processors: that the machine has.
        seconds: that the run took.
        folder: where its files were left; empty where they were removed.
        runs: every engine's, in order.
        missing: engines that are not installed.
        compared: the bounds, in order.
    """

    triples: int
    axioms: int
    versions: tuple[tuple[str, str], ...]
    processors: int
    seconds: float
    folder: str
    runs: tuple[Run, ...]
    missing: tuple[str, ...]
    compared: tuple[Compared, ...]

    @property
    def holds(self) -> bool:
        """Whether every bound is met."""
        return all(each.holds is not False for each in self.compared)

    def to_json(self) -> dict[str, Any]:
        """The report as `kg bench reason --json` prints it."""
        return {
            "triples": self.triples,
            "axioms": self.axioms,
            "versions": dict(self.versions),
            "processors": self.processors,
            "seconds": round(self.seconds, 1),
            "folder": self.folder or None,
            "missing": list(self.missing),
            "holds": self.holds,
            "runs": [run.to_json() for run in self.runs],
            "measurements": [each.to_json() for each in self.compared],
        }

    def show(self, console: Console) -> None:
        """Print the report as tables."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions)
        console.print(
            f"{self.triples:,} triples, {self.axioms} of them axioms; {versions}; "
            f"{self.processors} processors; {self.seconds:.0f} s",
            markup=False,
        )
        console.print(self._runs_table())
        for name in self.missing:
            console.print(
                f"{name} is not installed, and is left out; the dependency group `bench` has it", markup=False
            )
        console.print(self._bounds_table())
        if self.folder:
            console.print(f"its files are in {escape(self.folder)}")

    def _runs_table(self) -> Table:
        table = _table(("engine", "triples", "CPU", "wall", "peak", "written", "CPU by stage"), left=("engine",))
        for run in self.runs:
            name = run.engine if run.task == "reason" else f"{run.engine}: {run.task}"
            if run.usage is None:
                table.add_row(escape(name), f"{run.triples:,}", "–", "–", "–", "–", escape(run.problem))
                continue
            stages = ", ".join(f"{stage} {shown(seconds)}" for stage, seconds in run.stages)
            usage = run.usage
            figures = (f"{shown(usage.cpu_seconds)} s", f"{shown(usage.wall_seconds)} s", f"{usage.peak_mb:,.0f} MB")
            table.add_row(escape(name), f"{run.triples:,}", *figures, f"{run.written:,}", stages)
        return table

    def _bounds_table(self) -> Table:
        table = _table(("what", "kg", "other", "times", "bound", "holds?"), left=("what", "bound", "holds?"))
        for each in self.compared:
            table.add_row(
                escape(f"{each.what} ({each.against})"),
                f"{shown(each.kg)} {each.unit}",
                f"{shown(each.other)} {each.unit}",
                f"{shown(each.other / each.kg)}×" if each.kg else "–",
                "" if each.bound is None else each.bound.text(each.unit),
                {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[each.holds],
            )
        return table


def _table(headings: tuple[str, ...], left: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        last = heading == "CPU by stage"
        table.add_column(heading, justify="left" if heading in left or last else "right", no_wrap=not last)
    return table
