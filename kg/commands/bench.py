"""The command `kg bench` (design §10).

In: what to measure. Out: a table of ratios, or JSON.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.errors import UsageError


class BenchSubject(StrEnum):
    """What `kg bench` measures."""

    SERVICE = "service"
    QUERIES = "queries"
    REASON = "reason"
    LINKING = "linking"
    EXPLAIN = "explain"


def bench(
    what: Annotated[BenchSubject, typer.Argument(help="What to measure.")] = BenchSubject.SERVICE,
    triples: Annotated[int, typer.Option(help="Size of the generated catalogue, in triples.", min=1000)] = 1_000_000,
    seconds: Annotated[
        float | None, typer.Option(help="Seconds per measurement; default 1.5, of `queries` 1.", min=0.1)
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--folder", help="Where to work; a temporary folder if not given.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--query", help="For `queries`: this one alone; repeatable.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="For `queries`: ask a home that is built already, as `--keep` leaves one.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what was built.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Of `linking`: folder of real models and concepts whose links are known.")
    ] = None,
    models: Annotated[int, typer.Option(help="Of `linking`: generated models, of 100 elements each.", min=0)] = 1_000,
    everything: Annotated[bool, typer.Option("--all", help="Of `linking`: also all models against all.")] = False,
    fit: Annotated[bool, typer.Option("--fit", help="Of `linking`: fit the weights to half of the links.")] = False,
    readme: Annotated[
        Path | None, typer.Option(help="Of `linking`: put the tables between the markers of this file.")
    ] = None,
    home: HomeOption = None,
    sample: Annotated[int, typer.Option(help="Of `explain`: inferred triples that are explained.", min=1)] = 1_000,
    as_json: JsonOption = False,
) -> None:
    """Measure the service against the `oxigraph` server; or each named query, the reasoner, candidate links, proofs.

    Example: `kg bench --triples 100000`, `kg bench queries`, `kg bench reason --triples 100000`,
    `kg bench linking --data DIR`, `kg bench explain --home DIR`
    """
    # Not needed by any other command.
    from kg.bench.named import NamedPlan, run_named_benchmark  # noqa: PLC0415
    from kg.bench.reasoning import ReasoningPlan, run_reasoning_benchmark  # noqa: PLC0415
    from kg.bench.runner import BenchPlan, run_benchmark  # noqa: PLC0415

    if what is BenchSubject.LINKING:
        _bench_linking(data, models, directory, readme, everything=everything, fit=fit, as_json=as_json)
        return
    if what is BenchSubject.EXPLAIN:
        _bench_explain(home, sample, as_json=as_json)
        return
    if only and what is not BenchSubject.QUERIES:
        raise UsageError("--query is for `kg bench queries` alone")
    if home is not None and what is not BenchSubject.QUERIES:
        raise UsageError("--home is for `kg bench queries` alone")
    if what is BenchSubject.REASON:
        if seconds is not None:
            raise UsageError("--seconds is not for the reasoner", hint="an engine reasons once, to its end")
        with console.progress() as watch:
            reasoned = run_reasoning_benchmark(ReasoningPlan(triples, directory, keep), watch)
        show(reasoned.to_json(), as_json, lambda: reasoned.show(console.stdout()))
        return
    if what is BenchSubject.QUERIES:
        with console.progress() as watch:
            asked = run_named_benchmark(
                NamedPlan(triples, seconds or 1.0, directory, keep, only=tuple(only or ()), home=home), watch
            )
        show(asked.to_json(), as_json, lambda: asked.show(console.stdout()))
        return
    with console.progress() as watch:
        report = run_benchmark(BenchPlan(triples, 1.5 if seconds is None else seconds, directory, keep), watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


def _bench_explain(home: Path | None, sample: int, *, as_json: bool) -> None:
    from kg.bench.explaining import run_explaining_benchmark  # noqa: PLC0415

    generation = Home(read_settings(home=home).home).get_current()
    with console.progress() as watch:
        report = run_explaining_benchmark(generation, sample, watch=watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


def _bench_linking(
    data: Path | None,
    models: int,
    directory: Path | None,
    readme: Path | None,
    *,
    everything: bool,
    fit: bool,
    as_json: bool,
) -> None:
    from kg.bench.linking import LinkingPlan, run_linking_benchmark  # noqa: PLC0415
    from kg.bench.linking_report import write_between_markers  # noqa: PLC0415

    if data is not None and not data.is_dir():
        raise UsageError("there is no such folder", where=f"--data {data}")
    if fit and data is None:
        raise UsageError("--fit needs links to learn from", hint="name the folder of data with --data")
    with console.progress() as watch:
        report = run_linking_benchmark(LinkingPlan(data, models, everything, fit, directory), watch)
    if readme is not None:
        write_between_markers(report, readme)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))
