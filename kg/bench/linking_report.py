"""The report of `kg bench linking`: as JSON, for people, and as the table of the README.

In: what was measured. Out: text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.markdown import Markdown

from kg.bench.linking_measures import CUTS, Accuracy, Calibration
from kg.bench.linking_sets import SETS
from kg.errors import UsageError
from kg.linking.scoring import Scorer

BEGIN, END = "<!-- linking -->\n", "<!-- /linking -->"
METHODS: Final = ("kg", "label equality", "text search")


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds on generated models.

    Attributes:
        making: to read them and write their columns, once per generation.
        first: to open the columns and find the candidates of the first model.
        against_all: of one model against all others, for several models; `concepts` against the concepts.
        everything: of all against all, None where it was not asked for; `found` so many candidates.
    """

    models: int
    elements: int
    making: float
    first: float
    against_all: tuple[float, ...]
    concepts: tuple[float, ...]
    everything: float | None = None
    found: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Quality: by set and method, and of the scores; `learnt` queries were learnt from, `tested` others tested on."""

    accuracies: Mapping[str, Mapping[str, Accuracy]]
    calibration: Calibration
    learnt: int
    tested: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "sets": {
                name: {method: of.to_json() for method, of in by_method.items()}
                for name, by_method in self.accuracies.items()
            },
            "calibration": self.calibration.to_json(),
            "learnt": self.learnt,
            "tested": self.tested,
        }


@dataclass(frozen=True, slots=True)
class LinkingReport:
    """What was measured; `skipped` says what quality was not measured for the lack of."""

    measured: Measured | None
    speed: Speed | None
    skipped: tuple[str, ...]
    scorer: Scorer

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "quality": self.measured.to_json() if self.measured else None,
            "speed": asdict(self.speed) if self.speed else None,
            "skipped": list(self.skipped),
            "model": self.scorer.to_json(),
        }

    def show(self, console: Console) -> None:
        """Print it for people."""
        console.print(Markdown("\n".join(self.lines())))

    def lines(self) -> Iterator[str]:
        """As Markdown."""
        if self.skipped:
            yield f"Quality was not measured, as this is missing: {', '.join(self.skipped)}."
            yield ""
        if self.measured:
            yield from _accuracy_lines(self.measured)
            yield from _calibration_lines(self.measured)
        if self.speed:
            yield from _speed_lines(self.speed)


def _accuracy_lines(measured: Measured) -> Iterator[str]:
    heads = " | ".join([*(f"precision at {cut}" for cut in CUTS), *(f"recall at {cut}" for cut in CUTS)])
    yield f"| set (queries) | method | {heads} |"
    yield f"|---|---|{'---|' * 2 * len(CUTS)}"
    for name, by_method in measured.accuracies.items():
        for method in METHODS:
            of = by_method[method]
            figures = [*(_figure(each) for each in of.precision), *(_figure(each) for each in of.recall)]
            first = f"{SETS[name]} ({of.queries})" if method == METHODS[0] else ""
            yield f"| {first} | {method} | {' | '.join(figures)} |"
    yield ""


def _calibration_lines(measured: Measured) -> Iterator[str]:
    told = measured.calibration
    yield "| score | candidates | mean score | right |"
    yield "|---|---|---|---|"
    for each in told.bins:
        yield f"| {each.low:g} to {each.high:g} | {each.count:,} | {each.score:.2f} | {each.right:.2f} |"
    yield ""
    yield (
        f"Expected calibration error {told.error:.3f}, Brier score {told.brier:.3f} (of one score for all: "
        f"{told.constant:.3f}), on {measured.tested:,} queries; learnt from {measured.learnt:,} others."
    )
    yield ""


def _speed_lines(speed: Speed) -> Iterator[str]:
    yield f"| {speed.models:,} generated models, {speed.elements:,} elements and concepts | seconds |"
    yield "|---|---|"
    yield f"| reading them, once per generation | {speed.making:.1f} |"
    yield f"| one model against all, the first time | {speed.first:.2f} |"
    yield f"| one model against all, median and slowest of {len(speed.against_all)} | {_both(speed.against_all)} |"
    yield f"| one model against the concepts, the same | {_both(speed.concepts)} |"
    if speed.everything is not None:
        yield f"| all against all, {speed.found or 0:,} candidates | {speed.everything:.0f} |"
    yield ""


def _both(seconds: tuple[float, ...]) -> str:
    return f"{median(seconds):.2f}, {max(seconds):.2f}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def write_between_markers(report: LinkingReport, path: Path) -> None:
    """Put the tables into a README in the place of those that are there.

    Raises:
        UsageError: there is no such file, or it has no markers.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"has no markers {BEGIN.strip()} and {END}", where=str(path))
    path.write_text(f"{before}{BEGIN}{chr(10).join(report.lines())}{END}{after}", encoding="utf-8")
