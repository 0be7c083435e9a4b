"""The commands under `kg model`: an information model as its owner wants to see it, without a server.

In: IRIs. Out: coverage, gaps, impact and comparison, for people, as JSON, the gaps also as TSV.
"""

import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pyoxigraph import QuerySolution
from rich.markup import escape
from rich.table import Table

from kg import console
from kg.aliases import read_iri
from kg.build.generations import Generation, Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import Settings, read_settings
from kg.engine.once import converse_once
from kg.errors import UsageError
from kg.linking.decisions import DecisionLog
from kg.linking.wish import Wish
from kg.models.comparison import comparison_json
from kg.models.coverage import coverage_json, gaps_json, gaps_tsv
from kg.models.impact import read_impact
from kg.models.model import read_model
from kg.per_generation import Naming, read_naming
from kg.services import engine_plan, open_library

Result = TypeVar("Result")
SECONDS = 60.0
CANDIDATES = 1_000

model_app = typer.Typer(help="An information model as its owner wants to see it.", no_args_is_help=True)
ModelArgument = Annotated[str, typer.Argument(help="IRI of an information model.")]


class _Place:
    """The current generation, to be asked."""

    def __init__(self, home: Path | None) -> None:
        self.settings: Settings = read_settings(home=home)
        self.home = Home(self.settings.home)
        self.generation: Generation = self.home.get_current()
        self.naming: Naming = read_naming(self.generation)

    def iri(self, text: str) -> str:
        """The canonical IRI of what is given."""
        iri = read_iri(text, self.naming.names.prefixes())
        if iri is None:
            raise UsageError(f"{text[:200]!r} is neither an absolute IRI nor a CURIE")
        return self.naming.aliases.canonical(iri)

    def hold(self, conversation: Generator[str, Sequence[QuerySolution], Result]) -> Result:
        """Hold a conversation with the engine."""
        with tempfile.TemporaryDirectory(prefix="kg-") as spool:
            return converse_once(self.generation, conversation, engine_plan(self.settings, Path(spool)), SECONDS)

    def candidates(self, model: str) -> Mapping[str, Any]:
        """Concepts that may fit the parts of a model."""
        # numpy takes a moment, and the other commands do not need it.
        from kg.linking.finding import Matcher  # noqa: PLC0415
        from kg.linking.keeping import elements_of  # noqa: PLC0415
        from kg.linking.scoring import read_scorer  # noqa: PLC0415

        decisions = DecisionLog(self.home.decisions).read().under(self.naming.aliases.canonical)
        rejected = {link_id for link_id, each in decisions.newest.items() if each.verdict.status == "rejected"}
        matcher = Matcher(elements_of(self.generation), read_scorer())
        found: Mapping[str, Any] = matcher.find(Wish(model, concepts=True, limit=CANDIDATES), rejected).to_json()
        return found


@model_app.command("coverage")
def model_coverage(model: ModelArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say how much of a model has a concept, a definition, an owner, a type and a code list.

    Example: `kg model coverage https://data.norge.no/modell/person`
    """
    place = _Place(home)
    told = coverage_json(place.hold(read_model(place.iri(model), place.naming.names)))

    def as_text() -> None:
        for name, count in told["counts"].items():
            share = told["percent"].get(name)
            console.stdout().print(f"{name:<16} {count:>6}" + (f"  {share} %" if share is not None else ""))

    show(told, as_json, as_text)


@model_app.command("gaps")
def model_gaps(
    model: ModelArgument,
    home: HomeOption = None,
    as_tsv: Annotated[bool, typer.Option("--tsv", help="Print a table for spreadsheets.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what a model lacks, with concepts that may fit and their definitions.

    Example: `kg model gaps https://data.norge.no/modell/person --tsv`
    """
    place = _Place(home)
    iri = place.iri(model)
    read = place.hold(read_model(iri, place.naming.names))
    told = gaps_json(read, place.candidates(iri))
    if as_tsv:
        sys.stdout.write(gaps_tsv(told))
        return

    def as_text() -> None:
        for gap in told["gaps"]:
            console.stdout().print(escape(f"{gap['label'] or gap['iri']}: {', '.join(gap['lacks'])}"))
            for each in gap["candidates"]:
                line = f"  {each['score']:.2f}  {each.get('label') or each['right']}: {each.get('definition') or ''}"
                console.stdout().print(escape(line))

    show(told, as_json, as_text)


@model_app.command("impact")
def model_impact(
    element: Annotated[str, typer.Argument(help="IRI of an element, property, code list, concept or model.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a change of one thing reaches: models, datasets, APIs, services, links and named queries.

    Example: `kg model impact https://data.norge.no/modell/person#Person`
    """
    place = _Place(home)
    found = place.hold(read_impact(place.iri(element), place.naming.names))
    library = open_library(place.settings)
    library.load()
    told = found.to_json({name: query.text for name, query in library.queries.items()})

    def as_text() -> None:
        for each in told["reached"]:
            steps = " → ".join(step["step"] for step in each["path"])
            console.stdout().print(escape(f"{each['kind']:<12} {each['label'] or each['iri']}  ({steps})"))
        for query in told["queries"]:
            console.stdout().print(escape(f"{'query':<12} {query['name']}  (names {query['iri']})"))

    show(told, as_json, as_text)


@model_app.command("compare")
def model_compare(
    left: ModelArgument, right: ModelArgument, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Put two models, or two versions of one, side by side.

    Example: `kg model compare https://data.norge.no/modell/person https://data.norge.no/modell/individ`
    """
    place = _Place(home)
    one, other = (place.hold(read_model(place.iri(iri), place.naming.names)) for iri in (left, right))
    told = comparison_json(one, other)

    def as_text() -> None:
        table = Table(box=None, pad_edge=False)
        for heading in (one.label or one.iri, other.label or other.iri, "found by", "differences"):
            table.add_column(escape(heading))
        for pair in told["pairs"]:
            sides = (
                escape(pair[side]["label"] or pair[side]["iri"]) if pair[side] else "" for side in ("left", "right")
            )
            fields = ", ".join(each["field"] for each in pair["differences"])
            table.add_row(*sides, pair["paired_by"] or "", f"[red]{fields}[/]" if pair["breaking"] else fields)
        console.stdout().print(table)

    show(told, as_json, as_text)
