"""The benchmark's report: measurements side by side, the bounds they are held to, as a table and as JSON.

In: `Measurement`s. Out: what `kg bench` prints.
"""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from rich.console import Console
from rich.markup import escape
from rich.table import Table


class Bound(Protocol):
    """What a measurement is held to."""

    def holds(self, kg: float, oxigraph: float) -> bool:
        """Whether it is met; a measurement of kg alone comes with `oxigraph` 0."""

    def text(self, unit: str) -> str:
        """The bound in a few signs."""


@dataclass(frozen=True, slots=True)
class RatioAtMost:
    """At most so many times what oxigraph takes."""

    limit: float

    def holds(self, kg: float, oxigraph: float) -> bool:
        """Whether it is met."""
        return kg <= self.limit * oxigraph

    def text(self, unit: str) -> str:  # noqa: ARG002 - a ratio has no unit
        """The bound in a few signs."""
        return f"≤ {self.limit:g}×"


@dataclass(frozen=True, slots=True)
class RatioAtLeast:
    """At least so many times what oxigraph does."""

    limit: float

    def holds(self, kg: float, oxigraph: float) -> bool:
        """Whether it is met."""
        return kg >= self.limit * oxigraph

    def text(self, unit: str) -> str:  # noqa: ARG002 - a ratio has no unit
        """The bound in a few signs."""
        return f"≥ {self.limit:g}×"


@dataclass(frozen=True, slots=True)
class MoreAtMost:
    """At most so much more than oxigraph takes."""

    limit: float

    def holds(self, kg: float, oxigraph: float) -> bool:
        """Whether it is met."""
        return kg <= oxigraph + self.limit

    def text(self, unit: str) -> str:
        """The bound in a few signs."""
        return f"≤ + {self.limit:g} {unit}"


@dataclass(frozen=True, slots=True)
class AtMost:
    """At most so much, whatever oxigraph takes."""

    limit: float

    def holds(self, kg: float, oxigraph: float) -> bool:  # noqa: ARG002 - the bound is absolute
        """Whether it is met."""
        return kg <= self.limit

    def text(self, unit: str) -> str:
        """The bound in a few signs."""
        return f"≤ {self.limit:g} {unit}"


BUILD_CPU: Final = RatioAtMost(2.5)
START: Final = AtMost(2.0)
HEAVY_QUERY: Final = RatioAtMost(0.6)
LIGHT_QUERY: Final = MoreAtMost(3.0)
HEAVY_FROM_MS: Final = 20.0
"""What takes oxigraph longer is held to a ratio of CPU time, what is quicker to a difference on the clock."""
LOOKUP_RATE: Final = RatioAtLeast(0.15)
CACHED_LOOKUP_RATE: Final = RatioAtLeast(0.3)
REPEATED_QUERY: Final = AtMost(2.0)
LOOKUP_P99: Final = AtMost(25.0)
SEARCH_P95: Final = AtMost(10.0)
TRACE_P95: Final = AtMost(100.0)
SEARCH: Final = RatioAtMost(0.05)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the report; `oxigraph` is None where it has nothing of the kind."""

    what: str
    unit: str
    kg: float
    oxigraph: float | None
    bound: Bound | None = None

    @property
    def ratio(self) -> float | None:
        """How many times oxigraph's figure ours is; None where that says nothing."""
        return self.kg / self.oxigraph if self.oxigraph else None

    @property
    def holds(self) -> bool | None:
        """Whether the bound is met; None without one."""
        return None if self.bound is None else self.bound.holds(self.kg, self.oxigraph or 0.0)

    def to_json(self) -> dict[str, Any]:
        """The measurement as `kg bench --json` prints it."""
        return {
            "what": self.what,
            "unit": self.unit,
            "kg": round(self.kg, 4),
            "oxigraph": None if self.oxigraph is None else round(self.oxigraph, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "bound": None if self.bound is None else self.bound.text(self.unit),
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class BenchReport:
    """What one run of the benchmark found.

    Attributes:
        triples: how many the generator wrote.
        asserted: how many the build's default graph holds, which the queries read.
        quads: how many both stores hold.
        tier: where kg evaluated the queries.
        versions: of kg and of oxigraph.
        processors: that the machine has.
        seconds: that the run took.
        folder: where its files were left; empty where they were removed.
        rows: how many each query found, the same on both sides.
        measurements: the lines, in order.
    """

    triples: int
    asserted: int
    quads: int
    tier: str
    versions: tuple[str, str]
    processors: int
    seconds: float
    folder: str
    rows: tuple[tuple[str, int], ...]
    measurements: tuple[Measurement, ...]

    @property
    def holds(self) -> bool:
        """Whether every bound is met."""
        return all(measurement.holds is not False for measurement in self.measurements)

    def to_json(self) -> dict[str, Any]:
        """The report as `kg bench --json` prints it."""
        return {
            "triples": self.triples,
            "asserted": self.asserted,
            "quads": self.quads,
            "tier": self.tier,
            "versions": {"kg": self.versions[0], "oxigraph": self.versions[1]},
            "processors": self.processors,
            "seconds": round(self.seconds, 1),
            "folder": self.folder or None,
            "rows": dict(self.rows),
            "holds": self.holds,
            "measurements": [measurement.to_json() for measurement in self.measurements],
        }

    def show(self, console: Console) -> None:
        """Print the report as a table."""
        kg, oxigraph = self.versions
        console.print(
            f"{self.triples:,} triples generated, {self.quads:,} quads in both stores; "
            f"kg {kg} in {self.tier}, oxigraph {oxigraph} on disk; "
            f"{self.processors} processors; {self.seconds:.0f} s",
            markup=False,
        )
        table = Table(box=None, pad_edge=False)
        for heading in ("what", "kg", "oxigraph", "ratio", "bound", "holds?"):
            table.add_column(
                heading, justify="left" if heading in {"what", "bound", "holds?"} else "right", no_wrap=True
            )
        for measurement in self.measurements:
            table.add_row(*_cells(measurement))
        console.print(table)
        if self.folder:
            console.print(f"its files are in {escape(self.folder)}")


def _cells(measurement: Measurement) -> tuple[str, ...]:
    unit, ratio, bound = measurement.unit, measurement.ratio, measurement.bound
    return (
        escape(measurement.what),
        f"{shown(measurement.kg)} {unit}",
        "–" if measurement.oxigraph is None else f"{shown(measurement.oxigraph)} {unit}",
        "–" if ratio is None else f"{shown(ratio)}×",
        "" if bound is None else bound.text(unit),
        {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[measurement.holds],
    )


def shown(value: float) -> str:
    """A figure with as many digits as mean something.

    >>> [shown(value) for value in (0.0421, 3.456, 34.56, 12345.6)]
    ['0.042', '3.46', '34.6', '12,346']
    """
    if value < 1:
        return f"{value:.3f}"
    if value < 10:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
