"""`kg bench` and the commands under it: what this takes, beside what others take, in one run.

In: what to measure, and how much of it. Out: a table of figures with their bounds, or JSON.
"""

from pathlib import Path
from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.errors import UsageError

bench_app = typer.Typer(
    help="Measure this against the `oxigraph` server, in one run; the commands below measure parts of it.",
    invoke_without_command=True,
)

TriplesOption = Annotated[int, typer.Option(help="Size of the generated catalogue, in triples.", min=1000)]
FolderOption = Annotated[Path | None, typer.Option("--folder", help="Where to work; a temporary folder if not given.")]
KeepOption = Annotated[bool, typer.Option("--keep", help="Keep what was built.")]


@bench_app.callback()
def bench(
    context: typer.Context,
    triples: TriplesOption = 1_000_000,
    seconds: Annotated[float, typer.Option(help="Seconds per measurement.", min=0.1)] = 1.5,
    folder: FolderOption = None,
    keep: KeepOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the service against the `oxigraph` server: build, start, queries, look-ups, text search, traces.

    Example: `kg bench --triples 100000`, `kg bench queries`, `kg bench reason --triples 100000`
    """
    if context.invoked_subcommand is not None:
        sources = map(context.get_parameter_source, context.params)
        if any(source is not None and source.name == "COMMANDLINE" for source in sources):
            raise UsageError("options stand behind the command", hint=f"kg bench {context.invoked_subcommand} --help")
        return
    # As below: what a benchmark imports is not needed by any other command.
    from kg.bench.runner import BenchPlan, run_benchmark  # noqa: PLC0415

    with console.progress() as watch:
        report = run_benchmark(BenchPlan(triples, seconds, folder, keep), watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


@bench_app.command("queries")
def bench_queries(
    triples: TriplesOption = 1_000_000,
    seconds: Annotated[float, typer.Option(help="Seconds per query, about.", min=0.1)] = 1.0,
    only: Annotated[list[str] | None, typer.Option("--query", help="This query alone; repeatable.")] = None,
    home: Annotated[Path | None, typer.Option(help="Ask a home that is built already, as `--keep` leaves one.")] = None,
    folder: FolderOption = None,
    keep: KeepOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure each named query with its example: fresh, repeated, and as the SPARQL that it stands for.

    Example: `kg bench queries --triples 100000`, `kg bench queries --query apne-data`
    """
    from kg.bench.named import NamedPlan, run_named_benchmark  # noqa: PLC0415

    with console.progress() as watch:
        report = run_named_benchmark(
            NamedPlan(triples, seconds, folder, keep, only=tuple(only or ()), home=home), watch
        )
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


@bench_app.command("reason")
def bench_reason(
    triples: TriplesOption = 1_000_000,
    folder: FolderOption = None,
    keep: KeepOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the reasoner beside others, each to its end, and beside loading what it writes.

    Example: `kg bench reason --triples 100000`
    """
    from kg.bench.reasoning import ReasoningPlan, run_reasoning_benchmark  # noqa: PLC0415

    with console.progress() as watch:
        report = run_reasoning_benchmark(ReasoningPlan(triples, folder, keep), watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


@bench_app.command("explain")
def bench_explain(
    home: HomeOption = None,
    sample: Annotated[int, typer.Option(help="Inferred triples that are explained.", min=1)] = 1_000,
    as_json: JsonOption = False,
) -> None:
    """Explain inferred triples of the current generation, taken at random, and have each proof replayed.

    Example: `kg bench explain --home DIR`
    """
    from kg.bench.explaining import run_explaining_benchmark  # noqa: PLC0415

    generation = Home(read_settings(home=home).home).get_current()
    with console.progress() as watch:
        report = run_explaining_benchmark(generation, sample, watch=watch)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))


@bench_app.command("linking")
def bench_linking(
    data: Annotated[Path | None, typer.Option(help="Folder of real models and concepts whose links are known.")] = None,
    models: Annotated[int, typer.Option(help="Generated models, of 100 elements each.", min=0)] = 1_000,
    everything: Annotated[bool, typer.Option("--all", help="Also all models against all.")] = False,
    fit: Annotated[bool, typer.Option("--fit", help="Fit the weights to half of the links.")] = False,
    readme: Annotated[Path | None, typer.Option(help="Put the tables between the markers of this file.")] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how often candidate links are right, and how soon they are there.

    Example: `kg bench linking --data DIR`
    """
    from kg.bench.linking import LinkingPlan, run_linking_benchmark  # noqa: PLC0415
    from kg.bench.linking_report import write_between_markers  # noqa: PLC0415

    if data is not None and not data.is_dir():
        raise UsageError("there is no such folder", where=f"--data {data}")
    if fit and data is None:
        raise UsageError("--fit needs links to learn from", hint="name the folder of data with --data")
    with console.progress() as watch:
        report = run_linking_benchmark(LinkingPlan(data, models, everything, fit, folder), watch)
    if readme is not None:
        write_between_markers(report, readme)
    show(report.to_json(), as_json, lambda: report.show(console.stdout()))
