"""The command `kg query`: SPARQL or a named query, without a server.

In: options. Out: the answer on stdout, hints on stderr.
"""

import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kg import console
from kg.aliases import read_aliases
from kg.api.hints import find_hints
from kg.build.generations import Generation, Home
from kg.commands.naming import find_named, named_job
from kg.commands.options import HomeOption
from kg.config import read_settings
from kg.engine.once import answer_once, make_job
from kg.errors import BuildError, SyntaxFault, UsageError
from kg.namespaces import Names
from kg.per_generation import read_naming
from kg.search.answering import answer_text_searches
from kg.search.searching import SearchIndex
from kg.services import engine_plan, guard_limits
from kg.sparql.substitution import Substituted


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
    finish, rewritten = None, Substituted(text, text)
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


def _with_text_searches(text: str, places: tuple[int, ...], generation: Generation) -> Substituted:
    """A query with the text searches that begin at these places made."""
    if not places:
        return Substituted(text, text)
    naming = read_naming(generation)
    index = SearchIndex.open(generation.search)
    return answer_text_searches(text, places, index, naming.names.ns, naming.names.prefixes(), naming.aliases)


def _say_hints(text: str, generation: Generation) -> None:
    """Say which IRIs of a query are aliases; the answer is out already, so no fault of ours may end the command."""
    try:
        aliases = read_aliases(generation.aliases)
    except BuildError as error:
        console.say_error(error)
        return
    for hint in find_hints(text, aliases, Names(generation.manifest.base_iri).prefixes()):
        console.stderr().print(f"[yellow]hint[/] {escape(hint.en)}", soft_wrap=True)


def _read_query(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=file) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"is not UTF-8 at byte {error.start}", where=file) from error
