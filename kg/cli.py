"""The command line `kg` (design §3): a command reads options, calls one domain function and shows the result.

Exit codes: 0 done, 1 the work failed, 2 wrong usage. Errors are said in words on stderr, never as a traceback.
"""

import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

import kg
from kg import console
from kg.aliases import read_aliases
from kg.api.hints import find_hints
from kg.api.statement import read_statement
from kg.build.generations import Generation, Home
from kg.build.sources import Source, parse_sources, read_sources
from kg.cli_queries import find_named, named_job, queries_app
from kg.config import Settings, read_settings
from kg.engine.once import answer_once, make_job
from kg.engine.orders import explanation
from kg.errors import BuildError, KgError, LimitExceeded, ParameterError, ServiceRefused, SyntaxFault, UsageError
from kg.explain.tree import print_proof
from kg.export import EXPORT_FORMATS, export
from kg.namespaces import Names
from kg.quality.report import read_quality
from kg.resources import folder
from kg.search.answering import answer_text_searches
from kg.search.searching import DEFAULT_LIMIT, MAX_LIMIT, SearchIndex, SearchQuery, read_publisher
from kg.search.vocabulary import KIND_NAMES, LANGUAGES
from kg.services import engine_plan, guard_limits, read_naming
from kg.sparql.text_search import Rewritten

if TYPE_CHECKING:
    from kg.build.report import Report

app = typer.Typer(
    name="kg",
    help="A knowledge graph of Norway's public data: build it, serve it, ask it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)
app.add_typer(queries_app, name="queries")
generations_app = typer.Typer(help="List, roll back and prune generations.", invoke_without_command=True)
archive_app = typer.Typer(help="What was harvested, kept byte for byte.", no_args_is_help=True)
app.add_typer(generations_app, name="generations")
app.add_typer(archive_app, name="archive")

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the archive and generations [env: KG_HOME].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on stdout.")]
EXPLAIN_SECONDS = 30.0
"""For an explanation to be found and written, so that only the search's own limits end it."""
PortOption = Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one [env: KG_PORT].")]


class BenchSubject(StrEnum):
    """What `kg bench` measures."""

    SERVICE = "service"
    REASON = "reason"


def main() -> None:
    """Run the command line; the process edge."""
    try:
        app(standalone_mode=True)
    except KgError as error:
        _say(error)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _say(error: KgError) -> None:
    where = f"{error.where}: " if error.where else ""
    console.stderr().print(f"[red]error[/] {escape(where + error.what)}", soft_wrap=True)
    if isinstance(error, SyntaxFault | LimitExceeded | ServiceRefused) and error.excerpt:
        place = f"line {error.line}, column {error.column}:\n{error.excerpt}"
        console.stderr().print(escape(place), soft_wrap=True, highlight=False)
    if error.hint:
        console.stderr().print(f"  [dim]→[/] {escape(error.hint)}", soft_wrap=True)


def _say_hints(text: str, generation: Generation) -> None:
    """Say which IRIs of a query are aliases; the answer is out already, so no fault of ours may end the command."""
    try:
        aliases = read_aliases(generation.aliases)
    except BuildError as error:
        _say(error)
        return
    for hint in find_hints(text, aliases, Names(generation.manifest.base_iri).prefixes()):
        console.stderr().print(f"[yellow]hint[/] {escape(hint.en)}", soft_wrap=True)


def _with_text_searches(text: str, places: tuple[int, ...], generation: Generation) -> Rewritten:
    """A query with the text searches that begin at these places made."""
    if not places:
        return Rewritten(text, text)
    naming = read_naming(generation)
    index = SearchIndex.open(generation.search)
    return answer_text_searches(text, places, index, naming.names.ns, naming.names.prefixes(), naming.aliases)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        console.stdout().print(f"kg {kg.__version__}")
        raise typer.Exit


@app.command()
def up(home: HomeOption = None, port: PortOption = None, host: str | None = None) -> None:
    """Serve; build the demo first if there is no generation yet.

    Example: `kg up --port 8000`
    """
    settings = read_settings(home=home, port=port, host=host)
    console.start_logging()
    if Home(settings.home).find_current() is None:
        for edition in ("sources-2025-01.toml", "sources.toml"):  # two, so that there is a change to look at
            console.show_report(_build(read_sources(folder("demo") / edition), settings))
    _serve(settings)


@app.command("build")
def build_command(
    home: HomeOption = None,
    config: Annotated[Path | None, typer.Option(help="File of [[source]] tables; default ./sources.toml.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="ID=PATH_OR_URL, once per source.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="ID=KIND, where the kind is not to be recognised.")] = None,
    ontology: Annotated[list[Path] | None, typer.Option(help="File of axioms besides ours.")] = None,
    base_iri: Annotated[str | None, typer.Option(help="Base of the IRIs minted [env: KG_BASE_IRI].")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Load files as they are, for conformance tests.")] = False,
    accept_loss: Annotated[bool, typer.Option(help="Take sources that lost over half of their resources.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a source had a problem.")] = False,
    wait: Annotated[bool, typer.Option(help="Wait for another build that runs, or fail.")] = True,
    dumps: Annotated[bool, typer.Option(help="Write dumps for download when the generation is served.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Harvest the sources, build a generation and serve it from now on.

    Example: `kg build --source brreg=catalogues/brreg.ttl --source nav=https://example.org/nav.ttl`
    """
    settings = read_settings(home=home, base_iri=base_iri)
    sources = _sources(config, source or [], kind or [])
    ontologies = tuple(ontology or ())
    report = _build(sources, settings, ontologies=ontologies, raw=raw, accept_loss=accept_loss, wait=wait, dumps=dumps)
    _show(console.report_json(report), as_json, lambda: console.show_report(report))
    raise typer.Exit(1 if strict and report.troubled else 0)


@app.command("serve")
def serve_command(
    home: HomeOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on [env: KG_HOST].")] = None,
    port: PortOption = None,
    workers: Annotated[int | None, typer.Option(help="Query workers of the fast lane [env: KG_WORKERS].")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds a query may take at most [env: KG_TIMEOUT].")] = None,
    tier: Annotated[str | None, typer.Option(help="auto, memory or disk [env: KG_TIER].")] = None,
    queries: Annotated[
        list[Path] | None, typer.Option(help="Folder of named queries of your own [env: KG_QUERY_FOLDERS].")
    ] = None,
    reload_queries: Annotated[
        bool | None, typer.Option("--reload-queries", help="Read changed files of queries again.")
    ] = None,
) -> None:
    """Serve the current generation; newer ones are picked up without a restart.

    Example: `kg serve --port 8000 --timeout 30`
    """
    settings = read_settings(
        home=home,
        host=host,
        port=port,
        workers=workers,
        timeout=timeout,
        tier=tier,
        query_folders=tuple(queries) if queries else None,
        reload_queries=reload_queries,
    )
    console.start_logging()
    _serve(settings)


@app.command()
def query(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-|NAME", help="A file of SPARQL, - for stdin, or a query's name.")
    ],
    param: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, for each parameter of a named query.")] = None,
    home: HomeOption = None,
    answer_format: Annotated[str | None, typer.Option("--format", help="json, csv, turtle, …")] = None,
    infer: Annotated[
        bool | None, typer.Option("--infer/--no-infer", help="With what reasoning added, or without.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the query may take.", min=0.1)] = 300.0,
) -> None:
    """Ask the current generation, without a server; the answer goes to stdout.

    Example: `kg query begrep-med-navn --param label=kommunenummer --format csv`
    """
    settings = read_settings(home=home)
    named = find_named(file, settings, given=param is not None)
    text = _read_query(file) if named is None else ""
    generation = Home(settings.home).get_current()
    finish, rewritten = None, Rewritten(text, text)
    if named is not None:
        job, finish = named_job(named, param or [], generation, answer_format, infer=infer, seconds=timeout)
    else:
        limits = replace(guard_limits(settings), search=Names(generation.manifest.base_iri).search)
        job, places = make_job(text, answer_format, limits, infer=infer is not False, seconds=timeout)
        rewritten = _with_text_searches(text, places, generation)
        job = replace(job, query=rewritten.query, hints=True)
    out = sys.stdout.buffer if finish is None else io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        try:
            hints = answer_once(generation, job, engine_plan(settings, Path(spool)), out)
        except SyntaxFault as fault:
            raise rewritten.located(fault) from fault
    if finish is not None:
        assert isinstance(out, io.BytesIO)
        console.print_json(finish(out.getvalue()))
    for hint in hints:
        console.stderr().print(f"[yellow]hint[/] {escape(hint['text']['en'])}", soft_wrap=True)
    if named is None and not job.own_dataset:
        _say_hints(text, generation)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="What to look for.")],
    home: HomeOption = None,
    kind: Annotated[str, typer.Option("--type", help=f"One of {', '.join(KIND_NAMES)}.")] = "",
    publisher: Annotated[str, typer.Option(help="An IRI of an agency, or its number.")] = "",
    limit: Annotated[int, typer.Option(help="Hits to show.", min=1, max=MAX_LIMIT)] = DEFAULT_LIMIT,
    lang: Annotated[str, typer.Option(help=f"Language of labels: {', '.join(LANGUAGES)}.")] = "nb",
    as_json: JsonOption = False,
) -> None:
    """Find things of the current generation by words in their names, definitions and descriptions.

    Example: `kg search kommune nummer --type concept`
    """
    generation = Home(read_settings(home=home).home).get_current()
    if lang not in LANGUAGES:
        raise UsageError(
            f"{lang[:60]!r} is no language of labels", where="--lang", hint=f"one of {', '.join(LANGUAGES)}"
        )
    try:
        naming = read_naming(generation)
        agency = read_publisher(publisher, naming.names.prefixes(), naming.aliases)
        wanted = SearchQuery(" ".join(words), kind=kind, publisher=agency, limit=limit, language=lang)
        hits = SearchIndex.open(generation.search).search(wanted)
    except ParameterError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from error
    _show(hits.to_json(), as_json, lambda: console.show_hits(hits))


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(help="An IRI, <IRI> or CURIE.")],
    predicate: Annotated[str, typer.Argument(help="An IRI, <IRI> or CURIE.")],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help='The same, or a literal: "text"@nb.')],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a triple of the current generation holds: the rules, down to what sources have said.

    Example: `kg explain https://data.norge.no/organizations/974760673 rdf:type foaf:Agent`
    """
    settings = read_settings(home=home)
    generation = Home(settings.home).get_current()
    names = Names(generation.manifest.base_iri)
    try:
        triple = read_statement((subject, predicate, object_), names.prefixes(), read_aliases(generation.aliases))
    except ParameterError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from error
    answer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        answer_once(generation, explanation(triple, EXPLAIN_SECONDS), engine_plan(settings, Path(spool)), answer)
    proof = json.loads(answer.getvalue())
    _show(proof, as_json, lambda: print_proof(proof, names, console.stdout()))


@app.command()
def check(
    source: Annotated[str | None, typer.Option(help="One source; all of them unless given.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong in the current generation, and which triples contradict each other.

    Example: `kg check --source nav-datasett`
    """
    settings = read_settings(home=home)
    quality = read_quality(Home(settings.home).get_current(), source)
    _show(console.quality_json(quality), as_json, lambda: console.show_quality(quality))


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    home: HomeOption = None,
    graph: Annotated[str | None, typer.Option(help="IRI of one graph, or `default`; all graphs if not given.")] = None,
    export_format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(EXPORT_FORMATS)}.")] = "nquads",
    as_json: JsonOption = False,
) -> None:
    """Write the current generation, or one graph of it, to a file.

    Example: `kg export --graph default --format turtle graph.ttl`
    """
    generation = Home(read_settings(home=home).home).get_current()
    size = export(generation, graph, export_format, file)
    result = {"file": str(file), "bytes": size, "generation": generation.number}
    _show(result, as_json, lambda: console.stdout().print(f"{escape(str(file))}: {size:,} bytes"))


@generations_app.callback()
def generations_callback(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List, roll back and prune generations.

    Example: `kg generations`
    """
    if context.invoked_subcommand is None:
        generations_list(home, as_json)


@generations_app.command("list")
def generations_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the generations; the served one is marked.

    Example: `kg generations list --json`
    """
    place = Home(read_settings(home=home).home)
    generations, current = place.list_generations(), place.find_current()
    number = current.number if current else None
    listed = {"generations": [console.generation_json(generation, number) for generation in generations]}
    _show(listed, as_json, lambda: console.show_generations(generations, number))


@generations_app.command("rollback")
def generations_rollback(number: int, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Serve an earlier generation again.

    Example: `kg generations rollback 3`
    """
    place = Home(read_settings(home=home).home)
    with place.lock():
        place.switch(place.get_generation(number))
    _show({"generation": number}, as_json, lambda: console.stdout().print(f"generation {number} is served now"))


@generations_app.command("prune")
def generations_prune(
    home: HomeOption = None,
    keep: Annotated[int | None, typer.Option(help="Newest generations to keep; default 10.", min=1)] = None,
    monthly: Annotated[bool, typer.Option(help="Also keep the newest of each month.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Remove old generations; the served one and those being read stay.

    Example: `kg generations prune --keep 3 --no-monthly`
    """
    settings = read_settings(home=home)
    place = Home(settings.home)
    with place.lock():
        removed = place.prune(keep or settings.keep_generations, monthly=monthly)
    _show({"removed": removed}, as_json, lambda: console.stdout().print(f"removed: {removed or 'none'}"))


@archive_app.command("list")
def archive_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the harvests that the archive holds.

    Example: `kg archive list`
    """
    archive = Home(read_settings(home=home).home).archive
    listed = [
        {
            "source": state.source_id,
            "harvested": state.harvested,
            "location": state.location,
            "files": len(state.files),
        }
        for source_id in archive.source_ids()
        for state in archive.history(source_id)
    ]

    def as_text() -> None:
        for row in listed:
            console.stdout().print(
                escape(f"{row['harvested']}  {row['source']}  {row['files']} files  {row['location']}")
            )

    _show({"harvests": listed}, as_json, as_text)


@archive_app.command("purge")
def archive_purge(source: str, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Remove a source's content for good: its archived files and every older generation that holds it.

    Example: `kg archive purge brreg`
    """
    place = Home(read_settings(home=home).home)
    purged = place.purge(source)
    result: dict[str, Any] = {
        "source": source,
        "files": purged.files,
        "generations": list(purged.generations),
    }
    text = f"removed {purged.files} files and the generations {list(purged.generations) or 'none'}"
    _show(result, as_json, lambda: console.stdout().print(text))


@app.command()
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
        _show(reasoned.to_json(), as_json, lambda: reasoned.show(console.stdout()))
        return
    with console.progress() as watch:
        report = run_benchmark(BenchPlan(triples, 3.0 if seconds is None else seconds, directory, keep), watch)
    _show(report.to_json(), as_json, lambda: report.show(console.stdout()))


def _show(result: dict[str, Any], as_json: bool, as_text: Any) -> None:
    if as_json:
        console.print_json(result)
    else:
        as_text()


def _serve(settings: Settings) -> None:
    # The web framework takes a third of a second that other commands need not pay.
    from kg.api.server import serve  # noqa: PLC0415

    serve(settings, console.announce)


def _build(sources: Sequence[Source], settings: Settings, **options: Any) -> "Report":
    # The pipeline takes half a second that other commands need not pay.
    from kg.cli_build import build_sources  # noqa: PLC0415

    return build_sources(sources, settings, **options)


def _sources(config: Path | None, given: list[str], kinds: list[str]) -> list[Source]:
    if given and config is not None:
        raise UsageError("--config and --source exclude each other", hint="the sources given are the whole set")
    if kinds and not given:
        raise UsageError("--kind needs --source", hint="in sources.toml, write kind = …")
    return parse_sources(given, kinds) if given else read_sources(config or Path("sources.toml"))


def _read_query(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=file) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"is not UTF-8 at byte {error.start}", where=file) from error
