"""The command `kg bench` (design §10).

In: what to measure. Out: a table of ratios, or JSON.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import console
from kg.commands.options import JsonOption, show
from kg.errors import UsageError


class BenchSubject(StrEnum):
    """What `kg bench` measures."""

    SERVICE = "service"
    REASON = "reason"


def bench(
    what: Annotated[BenchSubject, typer.Argument(help="What to measure.")] = BenchSubject.SERVICE,
    triples: Annotated[int, typer.Option(help="Size of the generated catalogue, in triples.", min=1000)] = 1_000_000,
    seconds: Annotated[
        float | None, typer.Option(help="Seconds per measurement of `service`; default 3.", min=0.1)
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--folder", help="Where to work; a temporary folder if not given.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what was built.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the service against the `oxigraph` server, or the reasoner (`reason`) against others, in one run.

    Example: `kg bench --triples 100000`, `kg bench reason --triples 100000`
    """
    # Not needed by any other command.
    from kg.bench.reasoning import ReasoningPlan, run_reasoning_benchmark  # noqa: PLC0415
    from kg.bench.runner import BenchPlan, run_benchmark  # noqa: PLC0415

    if what is BenchSubject.REASON:
        if seconds is not None:
            raise UsageError("--seconds is for the service alone", hint="an engine reasons once, to its end")
        with console.progress() as watch:
            reasoned = run_reasoning_benchmark(ReasoningPlan(triples, directory, keep), watch)
        show(reasoned.to_json(), as_json, lambda: reasoned.show(console.stdout()))
        return
    with console.progress() as watch:
        report = run_benchmark(BenchPlan(triples, 3.0 if seconds is None else seconds, directory, keep), watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))
