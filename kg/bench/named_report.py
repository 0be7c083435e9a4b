"""What `kg bench queries` found, as a table and as JSON, with the bounds that named queries are held to."""

import statistics
from collections.abc import Sequence
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
class NamedMeasurement:
    """One query: rows of its first page, seconds of fresh answers by name and as SPARQL, seconds of a repeated one."""

    name: str
    rows: int
    fresh: Sequence[float]
    raw: Sequence[float]
    repeated: float

    @property
    def fresh_ms(self) -> float:
        """The median of the fresh answers."""
        return 1000 * statistics.median(self.fresh)

    @property
    def raw_ms(self) -> float:
        """The median of the fresh answers to its SPARQL."""
        return 1000 * statistics.median(self.raw)

    @property
    def added_ms(self) -> float:
        """What the name adds: the difference of the quickest answers, which other work disturbs least."""
        return 1000 * (min(self.fresh) - min(self.raw))

    @property
    def repeated_ms(self) -> float:
        """A repeated answer."""
        return 1000 * self.repeated

    @property
    def missed(self) -> tuple[str, ...]:
        """The bounds that are not met."""
        held = {
            "fresh": self.fresh_ms <= FRESH_MS,
            "added": self.added_ms <= ADDED_MS,
            "repeated": self.repeated_ms <= REPEATED_MS,
        }
        return tuple(name for name, holds in held.items() if not holds)

    def to_json(self) -> dict[str, Any]:
        """The measurement as `kg bench queries --json` prints it."""
        return {
            "query": self.name,
            "rows": self.rows,
            "fresh_ms": round(self.fresh_ms, 2),
            "sparql_ms": round(self.raw_ms, 2),
            "added_ms": round(self.added_ms, 2),
            "repeated_ms": round(self.repeated_ms, 2),
            "missed": list(self.missed),
        }


@dataclass(frozen=True, slots=True)
class NamedReport:
    """What one run found.

    Attributes:
        asserted: triples of the default graph; `inferred` of what was inferred.
        tier: where the queries ran.
        processors: that the machine has.
        seconds: that the run took.
        folder: where its files were left; empty where they were removed.
        measurements: the queries, the slowest first.
    """

    asserted: int
    inferred: int
    tier: str
    processors: int
    seconds: float
    folder: str
    measurements: tuple[NamedMeasurement, ...]

    @property
    def holds(self) -> bool:
        """Whether every bound is met."""
        return not any(measurement.missed for measurement in self.measurements)

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
        for heading in ("query", "rows", "fresh", "SPARQL", "added", "repeated", "over"):
            table.add_column(heading, justify="left" if heading in {"query", "over"} else "right", no_wrap=True)
        for row in self.measurements:
            figures = (row.fresh_ms, row.raw_ms, row.added_ms, row.repeated_ms)
            over = f"[red]{', '.join(row.missed)}[/]" if row.missed else ""
            table.add_row(row.name, str(row.rows), *map(_signed, figures), over)
        console.print(table)
        if self.folder:
            console.print(f"its files are in {escape(self.folder)}")


def _signed(figure: float) -> str:
    return f"-{shown(-figure)}" if figure < 0 else shown(figure)
