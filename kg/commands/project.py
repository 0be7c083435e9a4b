"""The command `kg project`.

In: a file of TOML, or the address of one. Out: the traces and findings of its elements together, on stdout.
"""

import io
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from kg import console
from kg.api.pages import make_templates
from kg.api.project import nothing_known
from kg.api.project_rdf import project_turtle
from kg.api.project_view import project_view
from kg.build.generations import Generation, Home
from kg.build.harvest import HarvestLimits, fetch
from kg.commands.options import HomeOption
from kg.config import Settings, read_settings
from kg.engine.once import answer_all
from kg.engine.orders import Job, tracing
from kg.errors import ParameterError, UsageError
from kg.namespaces import Names
from kg.per_generation import read_naming
from kg.search.searching import SearchIndex
from kg.services import engine_plan
from kg.trace.asking import read_request
from kg.trace.project import MAX_BYTES, Project, gather, read_project
from kg.trace.project_table import project_table
from kg.trace.words import resolve

FORMATS = ("json", "csv", "turtle", "html")
TRACE_SECONDS = 30.0
"""For one element, on a large generation from disk."""
FETCH_LIMITS = HarvestLimits(file_bytes=MAX_BYTES, url_seconds=30.0)


def project(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="A project: title, description, elements.")],
    answer_format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "json",
    lang: Annotated[str, typer.Option(help="Language of the report: nb or en.")] = "nb",
    home: HomeOption = None,
) -> None:
    """Trace the elements of a project together: who has them, who asks again, what to mend.

    Example: `kg project demo/projects/digitalt-dodsbo.toml --format html`
    """
    if answer_format not in FORMATS:
        raise UsageError(
            f"a project has no format {answer_format[:60]!r}", where="--format", hint=f"one of {', '.join(FORMATS)}"
        )
    if lang not in {"nb", "en"}:
        raise UsageError(f"{lang[:60]!r} is no language of reports", where="--lang", hint="one of nb, en")
    try:
        wanted = read_project(_read(source))
    except ParameterError as error:
        raise UsageError(error.what, where=source, hint=error.hint) from error
    settings = read_settings(home=home)
    generation = Home(settings.home).get_current()
    gathered = gather(wanted, _traces(wanted, generation, settings, lang), generation.number)
    names = Names(generation.manifest.base_iri)
    if answer_format == "json":
        console.print_json(gathered)
        return
    sys.stdout.buffer.write(_written(gathered, answer_format, names, lang))
    sys.stdout.buffer.flush()


def _written(gathered: Mapping[str, Any], answer_format: str, names: Names, lang: str) -> bytes:
    if answer_format == "turtle":
        return project_turtle(gathered, names)
    if answer_format == "csv":
        return project_table(gathered).encode("utf-8", "replace")
    template = make_templates().get_template("project.html")
    view = project_view(gathered, names, lang, names.base)
    return template.render(view=view, language=lang).encode("utf-8", "replace")


def _read(source: str) -> bytes:
    """The bytes of a file or of what an address gives, at most one more than a project may have.

    Raises:
        UsageError: the file cannot be read.
        SourceError: the address gives nothing, or too much.
    """
    if source.startswith(("http://", "https://")):
        body = io.BytesIO()
        fetch(source, body, FETCH_LIMITS)
        return body.getvalue()
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=source) from error


def _traces(wanted: Project, generation: Generation, settings: Settings, lang: str) -> Sequence[Mapping[str, Any]]:
    naming, index = read_naming(generation), SearchIndex.open(generation.search)
    prefixes = naming.names.prefixes()
    jobs: list[Job] = []
    found: dict[str, Mapping[str, Any]] = {}
    asked: list[str] = []
    for element in wanted.elements:
        try:
            wish = read_request({"element": [element]}, lang, prefixes, naming.aliases)
            if wish.word:
                meanings = resolve(index, wish.element)
                wish = replace(wish, starts=meanings.exact, matches=meanings.total, choices=meanings.others)
        except ParameterError as error:
            found[element] = nothing_known(element, error.what)
            continue
        jobs.append(tracing(wish.to_json(), TRACE_SECONDS))
        asked.append(element)
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        answers = answer_all(generation, jobs, engine_plan(settings, Path(spool)))
    for element, answer in zip(asked, answers, strict=True):
        found[element] = json.loads(answer) if isinstance(answer, bytes) else nothing_known(element, answer.what)
    return [found[element] for element in wanted.elements]
