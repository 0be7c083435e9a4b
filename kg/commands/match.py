"""The command `kg match`.

In: one model or two. Out: candidate links with scores and reasons, for people, as JSON or as TSV.
"""

import csv
import getpass
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from kg import console
from kg.aliases import read_iri
from kg.build.generations import Home
from kg.clock import now
from kg.commands.options import HomeOption, JsonOption
from kg.commands.review import Review, review, terminal_key
from kg.config import read_settings
from kg.errors import ParameterError, UsageError
from kg.linking.candidate import Candidate
from kg.linking.decision import Verdict
from kg.linking.decisions import DecisionLog, Decisions
from kg.linking.wish import DEFAULT_EACH, DEFAULT_LIMIT, LEAST_SCORE, MAX_EACH, MAX_LIMIT, Wish
from kg.per_generation import Naming, read_naming

if TYPE_CHECKING:
    from kg.linking.elements import Description

COLUMNS = (
    "id", "score", "relation", "left", "left_label", "right", "right_label", "right_definition", "status",
    "reasons_nb", "reasons_en",
)  # fmt: skip


def match(
    models: Annotated[
        list[str] | None, typer.Argument(help="IRI of a model, or of one element; a second one limits to that model.")
    ] = None,
    home: HomeOption = None,
    concepts: Annotated[bool, typer.Option("--concepts", help="Find concepts instead of elements.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All models against all, without giving one; writes TSV.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Candidates in all.", min=1, max=MAX_LIMIT)] = DEFAULT_LIMIT,
    each: Annotated[int, typer.Option(help="Candidates for one element.", min=1, max=MAX_EACH)] = DEFAULT_EACH,
    least: Annotated[float, typer.Option(help="Lowest score.", min=0.0, max=1.0)] = LEAST_SCORE,
    by_keyboard: Annotated[
        bool, typer.Option("--review", help="Decide on each by keyboard; what was decided already is left out.")
    ] = False,
    who: Annotated[str | None, typer.Option("--as", help="Who reviews, published with the decisions; you.")] = None,
    as_tsv: Annotated[bool, typer.Option("--tsv", help="Print a table for spreadsheets.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find what the elements of a model may be linked with: in another model, in all, or among the concepts.

    Nothing is linked by this: each candidate has its reasons, and a score that says how often such candidates are
    right.

    Example: `kg match https://data.norge.no/modell/person --concepts --tsv`
    """
    # numpy takes a moment, and no other command needs it.
    from kg.linking.finding import Matcher  # noqa: PLC0415
    from kg.linking.keeping import elements_of  # noqa: PLC0415
    from kg.linking.scoring import read_scorer  # noqa: PLC0415

    iris = models or []
    _check(iris, concepts=concepts, everything=everything, as_json=as_json)
    if by_keyboard and (everything or as_json or as_tsv):
        raise UsageError("--review goes without --all, --json and --tsv", where="--review")
    place = Home(read_settings(home=home).home)
    generation = place.get_current()
    naming = read_naming(generation)
    log = DecisionLog(place.decisions)
    decisions = log.read().under(naming.aliases.canonical)
    left, right = (_iri(iri, naming) for iri in (*iris, "", "")[:2])
    if not generation.linking.is_dir():
        console.stderr().print("reading the models of this generation, once")
    matcher = Matcher(elements_of(generation), read_scorer())
    wish = Wish(left, right, concepts, limit, each, least)
    rejected = frozenset(decision.id for decision in decisions.of(Verdict.REJECT))
    try:
        if everything:
            with console.progress() as watch:
                found_all = matcher.find_all(lambda done, of: watch("match", done, of), wish, rejected)
                describe = matcher.elements.describe
                _write_tsv(found_all, lambda iri: describe(matcher.elements.iris.find(iri)), decisions)
            return
        found = matcher.find(wish, rejected)
    except ParameterError as error:
        raise UsageError(error.what, where=error.parameter, hint=error.hint) from error
    if by_keyboard:
        work = [each for each in found.candidates if decisions.status(each.left, each.right) in {"open", "unsure"}]
        session = Review(log, who or getpass.getuser(), now, terminal_key, sys.stdin.readline, console.stdout())
        console.show_tally(review(work, found.things, session), len(work))
    elif as_json:
        console.print_json(found.to_json(decisions.status))
    elif as_tsv:
        _write_tsv(found.candidates, found.things.__getitem__, decisions)
    else:
        console.show_candidates(found)


def _check(iris: list[str], *, concepts: bool, everything: bool, as_json: bool) -> None:
    """What does not go together.

    Raises:
        UsageError: naming it.
    """
    if everything and (iris or as_json):
        raise UsageError("--all takes no model and writes TSV alone", where="--all")
    if not everything and not iris:
        raise UsageError("no model is given", hint="its IRI, or --all; `kg search WORD --type model` finds some")
    if len(iris) > 2:
        raise UsageError("more than two models are given", hint="one against all, or two with each other")
    if concepts and len(iris) == 2:
        raise UsageError("--concepts goes with one model", hint="leave out the second")


def _iri(text: str, naming: Naming) -> str:
    """The canonical IRI of what is given.

    Raises:
        UsageError: it is no IRI.
    """
    if not text:
        return ""
    iri = read_iri(text, naming.names.prefixes())
    if iri is None:
        raise UsageError(f"{text[:200]!r} is no IRI", where="MODELS", hint="absolute, or a CURIE")
    return naming.aliases.canonical(iri)


def _write_tsv(candidates: Iterable[Candidate], describe: "Callable[[str], Description]", decisions: Decisions) -> None:
    table = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for each in candidates:
        left, right = describe(each.left), describe(each.right)
        table.writerow(
            (
                each.id,
                each.score,
                each.relation,
                each.left,
                left.label,
                each.right,
                right.label,
                right.definition,
                decisions.status(each.left, each.right),
                "; ".join(reason.nb for reason in each.reasons),
                "; ".join(reason.en for reason in each.reasons),
            )
        )
