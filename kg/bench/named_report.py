"""What `kg bench queries` found, as a table and as JSON, with the bounds that named queries are held to."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.bench.report import shown

FRESH_MS: Final = 500.0
ADDED_MS: Final = 3.0
REPEATED_MS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A fresh answer by name and one as SPARQL, one right after the other, in seconds.

    Attributes:
        named: until the answer by name was there; `raw` likewise of its SPARQL.
        cpu: CPU time of the whole service for the answer by name.
        added: by how much more the one by name took outside the engine.
    """

    named: float
    raw: float
    cpu: float
    added: float


@dataclass(frozen=True, slots=True)
class Fresh:
    """Fresh answers of one query: the first since the service started, in seconds, and pairs of later ones."""

    cold: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """Seconds of an answer from the service's cache, and of the word that the client's copy is still right."""

    cached: float
    unchanged: float | None


@dataclass(frozen=True, slots=True)
class NamedMeasurement:
    """One query: the rows of its first page, fresh answers and repeated ones."""

    name: str
    rows: int
    fresh: Fresh
    repeated: Repeated

    @property
    def fresh_ms(self) -> float:
        """The median of the fresh answers."""
        return _median_ms(pair.named for pair in self.fresh.pairs)

    @property
    def raw_ms(self) -> float:
        """The median of the fresh answers to its SPARQL."""
        return _median_ms(pair.raw for pair in self.fresh.pairs)

    @property
    def cpu_ms(self) -> float:
        """The median CPU time of the fresh answers."""
        return _median_ms(pair.cpu for pair in self.fresh.pairs)

    @property
    def added_ms(self) -> float:
        """What the name adds: the median of the differences within pairs."""
        return _median_ms(pair.added for pair in self.fresh.pairs)

    @property
    def cold_ms(self) -> float:
        """The first answer since the service started."""
        return 1000 * self.fresh.cold

    @property
    def repeated_ms(self) -> float:
        """A repeated answer."""
        return 1000 * self.repeated.cached

    @property
    def unchanged_ms(self) -> float | None:
        """A repeated answer that the client still has."""
        return None if self.repeated.unchanged is None else 1000 * self.repeated.unchanged

    @property
    def missed(self) -> tuple[str, ...]:
        """The bounds that are not met; a fresh answer is held to its CPU time where waiting made it longer."""
        held = {
            "fresh": min(self.fresh_ms, self.cpu_ms) <= FRESH_MS,
            "added": self.added_ms <= ADDED_MS,
            "repeated": self.repeated_ms <= REPEATED_MS,
        }
        return tuple(name for name, holds in held.items() if not holds)

    def to_json(self) -> dict[str, Any]:
        """The measurement as `kg bench queries --json` prints it."""
        return {
            "query": self.name,
            "rows": self.rows,
            "pairs": len(self.fresh.pairs),
            "cold_ms": round(self.cold_ms, 2),
            "fresh_ms": round(self.fresh_ms, 2),
            "cpu_ms": round(self.cpu_ms, 2),
            "sparql_ms": round(self.raw_ms, 2),
            "added_ms": round(self.added_ms, 2),
            "repeated_ms": round(self.repeated_ms, 2),
            "unchanged_ms": None if self.unchanged_ms is None else round(self.unchanged_ms, 2),
            "missed": list(self.missed),
        }


def _median_ms(seconds: Iterable[float]) -> float:
    return 1000 * statistics.median(seconds)


@dataclass(frozen=True, slots=True)
class NamedReport:
    """What one run found.

    Attributes:
        asserted: triples of the default graph; `inferred` of what was inferred.
        tier: where the queries ran.
        processors: that the machine has.
        seconds: that the run took.
        folder: where its files were left; empty where they were removed.
        measurements: the queries, those that take most CPU time first.
        failed: those that could not be measured, and why.
    """

    asserted: int
    inferred: int
    tier: str
    processors: int
    seconds: float
    folder: str
    measurements: tuple[NamedMeasurement, ...]
    failed: Mapping[str, str]

    @property
    def holds(self) -> bool:
        """Whether every bound is met, by every query."""
        return not self.failed and not any(measurement.missed for measurement in self.measurements)

    def to_json(self) -> dict[str, Any]:
        """The report as `kg bench queries --json` prints it."""
        return {
            "asserted": self.asserted,
            "inferred": self.inferred,
            "tier": self.tier,
            "processors": self.processors,
            "seconds": round(self.seconds, 1),
            "folder": self.folder or None,
            "bounds": {"fresh_ms": FRESH_MS, "added_ms": ADDED_MS, "repeated_ms": REPEATED_MS},
            "holds": self.holds,
            "queries": [measurement.to_json() for measurement in self.measurements],
            "failed": dict(self.failed),
        }

    def show(self, console: Console) -> None:
        """Print the report as a table."""
        console.print(
            f"{self.asserted:,} asserted and {self.inferred:,} inferred triples in {self.tier}; "
            f"{self.processors} processors; {self.seconds:.0f} s",
            markup=False,
        )
        console.print(f"ms; bounds: fresh {FRESH_MS:g}, added {ADDED_MS:g}, repeated {REPEATED_MS:g}", markup=False)
        table = Table(box=None, pad_edge=False)
        headings = ("query", "rows", "cold", "fresh", "CPU", "SPARQL", "added", "repeated", "unchanged", "over")
        for heading in headings:
            table.add_column(heading, justify="left" if heading in {"query", "over"} else "right", no_wrap=True)
        for row in self.measurements:
            figures = (row.cold_ms, row.fresh_ms, row.cpu_ms, row.raw_ms, row.added_ms, row.repeated_ms)
            unchanged = "" if row.unchanged_ms is None else _signed(row.unchanged_ms)
            over = f"[red]{', '.join(row.missed)}[/]" if row.missed else ""
            table.add_row(row.name, str(row.rows), *map(_signed, figures), unchanged, over)
        console.print(table)
        for name, why in self.failed.items():
            console.print(f"{name} failed: {why}", style="red", markup=False)
        if self.folder:
            console.print(f"its files are in {escape(self.folder)}")


def _signed(figure: float) -> str:
    return f"-{shown(-figure)}" if figure < 0 else shown(figure)
