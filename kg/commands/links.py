"""The commands under `kg links`: decisions on links, in and out.

In: options. Out: files of mappings; decisions in the home's file.
"""

import getpass
import io
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from kg import console
from kg.aliases import NO_ALIASES, Aliases, read_aliases, read_iri
from kg.build.generations import Home
from kg.clock import now
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.engine.once import answer_once
from kg.engine.orders import trial
from kg.errors import SourceError, UsageError
from kg.explain.tree import print_proof
from kg.explain.wording import abbreviation
from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import Damage, DecisionLog, Decisions
from kg.linking.graph import FORMATS, SUFFIXES, read_links, write_links
from kg.linking.sssom import MAX_BYTES, read_sssom, write_sssom
from kg.linking.statement import Importer, MappingFile
from kg.namespaces import Names
from kg.reviewing import with_rejections
from kg.services import engine_plan

links_app = typer.Typer(help="Decisions on links, in and out.", no_args_is_help=True)

SSSOM = "sssom"
TRIAL_SECONDS = 30.0
FormatOption = Annotated[
    str | None, typer.Option("--format", help=f"{SSSOM}, {', '.join(FORMATS)}; by the file's name unless given.")
]


@links_app.command("list")
def links_list(
    decision: Annotated[Verdict | None, typer.Option(help="Only those that were decided so.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the decisions that hold.

    Example: `kg links list --decision accept`
    """
    place, aliases, _ = _open(home)
    known = DecisionLog(place.decisions).read().under(aliases.canonical)
    _say_damage(known.damage, place)
    listed = known.of(*([decision] if decision else Verdict))

    def as_text() -> None:
        for each in listed:
            told = (
                f"{each.when}  {each.verdict.status:<8}  {each.left}  {each.relation or '-'}  {each.right}  {each.who}"
            )
            console.stdout().print(escape(told))

    show({"decisions": [{"id": each.id, **each.to_json()} for each in listed]}, as_json, as_text)


@links_app.command("export")
def links_export(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    answer_format: FormatOption = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Also what reviewers were unsure about.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what was accepted and what was rejected, as SSSOM TSV or RDF.

    Example: `kg links export links.sssom.tsv`
    """
    chosen = _format_of(file, answer_format)
    place, aliases, names = _open(home)
    known = DecisionLog(place.decisions).read().under(aliases.canonical)
    _say_damage(known.damage, place)
    decisions = known.of(*(Verdict if unsure else (Verdict.ACCEPT, Verdict.REJECT)))
    if chosen == SSSOM:
        content = write_sssom(decisions, f"{names.base}links.sssom.tsv").encode()
    else:
        content = write_links(decisions, names, chosen)
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError as error:
        raise UsageError("exists already", where=str(file), hint="name another file") from error
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(file)) from error
    text = f"{len(decisions):,} decisions in {file}"
    show({"file": str(file), "decisions": len(decisions)}, as_json, lambda: console.stdout().print(escape(text)))


@links_app.command("import")
def links_import(
    file: Annotated[Path, typer.Argument(help="SSSOM TSV or RDF.")],
    answer_format: FormatOption = None,
    who: Annotated[str | None, typer.Option(help="Who decided, where the file does not say; default you.")] = None,
    unreviewed: Annotated[
        Verdict, typer.Option("--unreviewed", help="What becomes of mappings that no person has curated.")
    ] = Verdict.UNSURE,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in the mappings of a file as decisions; what says the same as holds already changes nothing.

    Example: `kg links import links.sssom.tsv`
    """
    place, aliases, names = _open(home)
    importer = Importer(who or getpass.getuser(), now(), unreviewed)
    read = _read(file, _format_of(file, answer_format), importer, names)
    log = DecisionLog(place.decisions)
    known = log.read().under(aliases.canonical)
    _say_damage(known.damage, place)
    new = [decision for decision in read.decisions if not _holds(decision, known, aliases, importer)]
    log.append(new)
    verdicts = Counter(str(decision.verdict) for decision in new)
    result: dict[str, Any] = {
        "file": str(file),
        "mappings": len(read.decisions),
        "recorded": {str(verdict): verdicts[str(verdict)] for verdict in Verdict},
        "unchanged": len(read.decisions) - len(new),
        "problems": [{"row": problem.row, "what": problem.what} for problem in read.problems],
    }

    def as_text() -> None:
        for problem in read.problems:
            console.stderr().print(f"[yellow]row {problem.row}[/] {escape(problem.what)}", soft_wrap=True)
        told = ", ".join(f"{count} {verdict}" for verdict, count in result["recorded"].items())
        console.stdout().print(
            escape(f"{len(new):,} decisions recorded ({told}), {result['unchanged']:,} held already")
        )

    show(result, as_json, as_text)


@links_app.command("try")
def links_try(
    left: Annotated[str, typer.Argument(help="An IRI or CURIE.")],
    relation: Annotated[Relation, typer.Argument(help="How left stands to right; broad: the right one is broader.")],
    right: Annotated[str, typer.Argument(help="An IRI or CURIE.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a link would entail and contradict, were it accepted; nothing is recorded.

    Example: `kg links try https://example.org/a#Person exact https://example.org/b#Individ`
    """
    settings = read_settings(home=home)
    place, aliases, names = _open(home)
    ends = []
    for side, text in (("LEFT", left), ("RIGHT", right)):
        iri = read_iri(text, names.prefixes())
        if iri is None:
            raise UsageError(f"{text[:200]!r} is neither an absolute IRI nor a CURIE", where=side)
        ends.append(aliases.canonical(iri))
    answer = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="kg-") as spool:
        job = trial(ends[0], relation, ends[1], TRIAL_SECONDS)
        answer_once(place.get_current(), job, engine_plan(settings, Path(spool)), answer)
    known = DecisionLog(place.decisions).read().under(aliases.canonical)
    found = with_rejections(json.loads(answer.getvalue()), known)
    show(found, as_json, lambda: _show_trial(found, names))


def _show_trial(found: dict[str, Any], names: Names) -> None:
    out, write = console.stdout(), abbreviation(names.prefixes())

    def line(triple: dict[str, str]) -> str:
        return escape(" ".join(write(triple[place]) for place in ("subject", "predicate", "object")))

    more = "" if found["complete"] else ", and more: the search was cut short"
    out.print(f"{found['total']:,} triples would follow{more}")
    for each in found["entails"]:
        out.print(f"  {line(each['triple'])}  [dim]{escape(each['rule'].rpartition('#')[2])}[/]")
    for each in found["contradictions"]:
        out.print(f"[red]{each['kind']}[/] {escape(each['text']['en'])}")
        for premise in each["premises"]:
            print_proof(premise, names, out)


def _holds(decision: Decision, known: Decisions, aliases: Aliases, importer: Importer) -> bool:
    """Whether the same was decided of the pair already, by the same person at the same time as far as the file says."""
    left, right = aliases.canonical(decision.left), aliases.canonical(decision.right)
    held = known.find(left, right)
    if held is None:
        return False
    who = held.who if decision.who == importer.who else decision.who
    when = held.when if decision.when == importer.when else decision.when
    return held == replace(decision, left=left, right=right, who=who, when=when)


def _read(file: Path, chosen: str, importer: Importer, names: Names) -> MappingFile:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise SourceError(f"has more than {MAX_BYTES:,} bytes", where=str(file), hint="split it")
        if chosen != SSSOM:
            return read_links(file, chosen, importer, names)
        return read_sssom(file.read_bytes().decode(), importer)
    except SourceError as error:
        raise SourceError(error.what, where=f"{file} {error.where}".strip(), hint=error.hint) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"is not UTF-8 at byte {error.start}", where=str(file)) from error
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(file)) from error


def _format_of(file: Path, given: str | None) -> str:
    chosen = given or SUFFIXES.get(file.suffix.lower(), SSSOM)
    if chosen not in {SSSOM, *FORMATS}:
        known = ", ".join((SSSOM, *FORMATS))
        raise UsageError(f"{chosen[:60]!r} is no format of links", where="--format", hint=f"one of {known}")
    return chosen


def _open(home: Path | None) -> tuple[Home, Aliases, Names]:
    """The home, and how its current generation names things; a home may have decisions before its first generation."""
    settings = read_settings(home=home)
    place = Home(settings.home)
    current = place.find_current()
    if current is None:
        return place, NO_ALIASES, Names(settings.base_iri)
    return place, read_aliases(current.aliases), Names(current.manifest.base_iri)


def _say_damage(damage: Sequence[Damage], place: Home) -> None:
    for each in damage:
        where = f"{place.decisions}:{each.line}"
        console.stderr().print(f"[yellow]warning[/] {escape(f'{where}: {each.what}')}", soft_wrap=True)
