"""The command `kg trace`.

In: an IRI or a word. Out: the web around it, as a tree or as the JSON of `/trace`.
"""

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.engine.once import answer_once
from kg.engine.orders import tracing
from kg.errors import ParameterError, UsageError
from kg.per_generation import read_naming
from kg.search.searching import SearchIndex
from kg.search.vocabulary import LANGUAGES
from kg.services import engine_plan
from kg.trace.asking import read_request
from kg.trace.path import Group
from kg.trace.tracing import DEFAULT_DEPTH, DEFAULT_LIMIT, MAX_DEPTH, MAX_LIMIT, MAX_OFFSET
from kg.trace.tree import print_trace
from kg.trace.web import Evidence
from kg.trace.words import resolve

TRACE_SECONDS = 30.0
"""For a trace of a large generation from disk."""

_PATHS_HELP = f"Only along these: names such as P1, or groups: {', '.join(Group)}."


def trace(
    element: Annotated[str, typer.Argument(help="A word, an IRI or a CURIE.")],
    depth: Annotated[int, typer.Option(help="Steps from the element.", min=1, max=MAX_DEPTH)] = DEFAULT_DEPTH,
    paths: Annotated[list[str] | None, typer.Option(help=_PATHS_HELP)] = None,
    agency: Annotated[list[str] | None, typer.Option(help="Only towards this agency: an IRI or its number.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help=f"Only steps that are {', '.join(Evidence)}.")] = None,
    lang: Annotated[str, typer.Option(help=f"Language of labels: {', '.join(LANGUAGES)}.")] = "nb",
    limit: Annotated[int, typer.Option(help="Things of one page.", min=1, max=MAX_LIMIT)] = DEFAULT_LIMIT,
    offset: Annotated[int, typer.Option(help="Things to pass over.", min=0, max=MAX_OFFSET)] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where a data element lives: who holds it, who is the authority, who asks again, and the API to ask instead.

    Example: `kg trace fødselsnummer`
    """
    chosen = {"paths": paths or [], "agency": agency or [], "evidence": evidence or []}
    given = {
        "element": [element],
        "lang": [lang],
        **{name: [str(value)] for name, value in (("depth", depth), ("limit", limit), ("offset", offset))},
        **{name: values for name, values in chosen.items() if values},
    }
    settings = read_settings(home=home)
    generation = Home(settings.home).get_current()
    naming = read_naming(generation)
    try:
        wish = read_request(given, lang, naming.names.prefixes(), naming.aliases)
        if wish.word:
            meanings = resolve(SearchIndex.open(generation.search), wish.element)
            wish = replace(wish, starts=meanings.exact, matches=meanings.total, choices=meanings.others)
        job, answer = tracing(wish.to_json(), TRACE_SECONDS), io.BytesIO()
        with tempfile.TemporaryDirectory(prefix="kg-") as spool:
            answer_once(generation, job, engine_plan(settings, Path(spool)), answer)
    except ParameterError as error:
        option = f"--{error.parameter}" if error.parameter not in {"", "element"} else "ELEMENT"
        raise UsageError(error.what, where=error.where or option, hint=error.hint) from error
    found: dict[str, Any] = json.loads(answer.getvalue())
    following = offset + limit
    found["next"] = _address(naming.names.base, given, following) if following < found["total"]["nodes"] else None
    show(found, as_json, lambda: print_trace(found, lang, console.stdout()))


def _address(base: str, given: Mapping[str, Sequence[str]], following: int) -> str:
    """Where a service at the base would have the next page."""
    pairs = [(name, value) for name, values in given.items() if name != "offset" for value in values]
    return f"{base}trace?{urlencode([*pairs, ('offset', str(following))], errors='replace')}"
