"""The command `kg once-only`.

In: an agency, an event. Out: the elements most worth sharing, as a table or JSON.
"""

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kg import console
from kg.aliases import read_iri
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.engine.once import answer_once
from kg.engine.orders import overview
from kg.errors import ParameterError, UsageError
from kg.explain.tree import plain
from kg.per_generation import read_naming
from kg.search.searching import read_publisher
from kg.services import engine_plan
from kg.trace.overview_json import Part

OVERVIEW_SECONDS = 60.0
"""For the overview of a large generation from disk."""


def once_only(
    agency: Annotated[str, typer.Option(help="Only what this agency has or asks for: an IRI or its number.")] = "",
    event: Annotated[str, typer.Option(help="Only what is asked for again in this event: an IRI.")] = "",
    limit: Annotated[int, typer.Option(help="Entries to show.", min=1, max=500)] = 20,
    offset: Annotated[int, typer.Option(help="Entries to pass over.", min=0)] = 0,
    lang: Annotated[str, typer.Option(help="Language of names: nb or en.")] = "nb",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which elements are most worth sharing, and why: who has them, who asks for them again, whom to ask instead.

    Example: `kg once-only --agency 889640782`
    """
    if lang not in {"nb", "en"}:
        raise UsageError(f"{lang[:60]!r} is no language of names here", where="--lang", hint="one of nb, en")
    settings = read_settings(home=home)
    generation = Home(settings.home).get_current()
    naming = read_naming(generation)
    prefixes = naming.names.prefixes()
    try:
        wanted = read_publisher(agency, prefixes, naming.aliases)
    except ParameterError as error:
        raise UsageError(error.what, where="--agency", hint="an IRI or the number of an organisation") from error
    happening = read_iri(event, prefixes) if event else ""
    if happening is None:
        raise UsageError(f"{event[:200]!r} is no IRI", where="--event")
    part = Part(wanted, naming.aliases.canonical(happening) if happening else "", offset, limit)
    answer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        plan = engine_plan(settings, Path(spool))
        answer_once(generation, overview(asdict(part), OVERVIEW_SECONDS), plan, answer)
    found: dict[str, Any] = json.loads(answer.getvalue())
    show(found, as_json, lambda: _print(found, lang))


def _print(found: Mapping[str, Any], lang: str) -> None:
    names = {agency["iri"]: agency["name"][lang] for agency in found["agencies"]}
    table = Table(box=None, pad_edge=False)
    for heading in (
        ("", "opplysning", "hvorfor", "spør på nytt") if lang == "nb" else ("", "element", "why", "asks again")
    ):
        table.add_column(heading, overflow="fold")
    for entry in found["entries"]:
        askers = Text("\n").join(
            Text(plain(f"{names.get(asking['asker'], asking['asker'])}: {asking['asked']['label'][lang]}"))
            + Text(_instead(asking, lang), style="green" if asking["apis"] else "yellow")
            for asking in entry["asked_again"]
        )
        label = Text(plain(entry["label"][lang]), style="bold")
        table.add_row(Text(str(entry["points"]), style="cyan"), label, Text(plain(entry["reason"][lang])), askers)
    out = console.stdout()
    out.print(table)
    shown, total = len(found["entries"]), found["total"]
    out.print(f"{shown} av {total} opplysninger" if lang == "nb" else f"{shown} of {total} elements", style="dim")


def _instead(asking: Mapping[str, Any], lang: str) -> str:
    apis = ", ".join(plain(api["label"][lang]) for api in asking["apis"])
    if apis:
        return f" → {apis}"
    return f" ({'uten API' if lang == 'nb' else 'no API'})"
