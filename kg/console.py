"""What people see on a terminal: progress and logs on stderr, results on stdout, as text or as one JSON object.

In: values of the domain. Out: text. With `--json` nothing but the object reaches stdout.
"""

import json
import logging
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from kg.errors import KgError, LimitExceeded, ServiceRefused, SyntaxFault

if TYPE_CHECKING:  # for their types alone: they take long to import
    from kg.build.generations import Generation
    from kg.build.report import Report
    from kg.build.stopwatch import Watch
    from kg.linking.finding import Found
    from kg.linking.tally import Tally
    from kg.quality.report import Quality
    from kg.search.searching import Hits
    from loaders.protocol import Problem

SHOWN_PROBLEMS = 5
FILE_WIDTH = 160
"""Columns where no terminal says how many it has, so that tables in files are whole."""


def stderr() -> Console:
    """Where progress, logs and errors go."""
    return Console(stderr=True, highlight=False)


def stdout() -> Console:
    """Where results go."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else FILE_WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


def say_error(error: KgError) -> None:
    """Say on stderr what happened, where, and what to do next."""
    where = f"{error.where}: " if error.where else ""
    stderr().print(f"[red]error[/] {escape(where + error.what)}", soft_wrap=True)
    if isinstance(error, SyntaxFault | LimitExceeded | ServiceRefused) and error.excerpt:
        place = f"line {error.line}, column {error.column}:\n{error.excerpt}"
        stderr().print(escape(place), soft_wrap=True, highlight=False)
    if error.hint:
        stderr().print(f"  [dim]→[/] {escape(error.hint)}", soft_wrap=True)


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def start_logging() -> None:
    """Log to stderr, in plain lines where it is not a terminal."""
    console = stderr()
    if console.is_terminal:
        handler: logging.Handler = RichHandler(console=console, show_path=False, markup=False)
        handler.setFormatter(logging.Formatter("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


@contextmanager
def progress() -> "Iterator[Watch]":
    """A progress bar per stage while the context lasts; quiet where stderr is not a terminal."""
    console = stderr()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield watch


def announce(address: str) -> None:
    """Say where the server answers, and what to try first."""
    query = "SELECT ?title WHERE { ?dataset a dcat:Dataset ; dct:title ?title } LIMIT 5"
    stderr().print(f"[green]●[/] serving at [bold]{address}[/]  (Ctrl-C ends it)", soft_wrap=True)
    stderr().print(
        f"  try: curl -H 'Accept: text/csv' --data-urlencode \"query={escape(query)}\" {address}sparql",
        soft_wrap=True,
    )


def show_report(report: "Report") -> None:
    """Say what a build published and what was wrong with its sources."""
    manifest = report.generation.manifest
    console = stdout()
    table = Table(box=None, pad_edge=False)
    for heading, side in (
        ("source", "left"),
        ("triples", "right"),
        ("resources", "right"),
        ("changes", "right"),
        ("problems", "right"),
    ):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for source in report.sources:
        entry = source.entry
        numbers = (entry.triples, entry.resources, sum(entry.changes.values()), len(source.problems))
        table.add_row(escape(entry.id), *(f"{number:,}" for number in numbers))
    console.print(table)
    for source in report.sources:
        _show_problems(source.entry.id, source.entry.kept, source.problems, console)
    _show_problems("all sources", "", report.reasoning, console)
    if aliases := sum(manifest.identity.values()):
        console.print(f"{aliases:,} IRIs are other forms of a thing's canonical IRI (graph/identity says of which)")
    console.print(
        f"generation {report.generation.number}: {manifest.asserted:,} asserted and {manifest.inferred:,} "
        f"inferred triples, {manifest.quads:,} quads, "
        f"{sum(manifest.seconds.values()):.1f} s, {manifest.peak_rss_mb:,} MB; "
        f"log in {escape(str(report.generation.problems))}"
    )


def _show_problems(name: str, kept: str, problems: "Sequence[Problem]", console: Console) -> None:
    if kept:
        console.print(f"[yellow]{escape(name)}[/]: {escape(kept)}")
    for problem in problems[:SHOWN_PROBLEMS]:
        colour = "red" if problem.severity == "error" else "yellow"
        hint = f" ({problem.hint})" if problem.hint else ""
        console.print(f"[{colour}]{escape(name)}[/] {escape(f'{problem.where}: {problem.what}{hint}')}")
    if (more := len(problems) - SHOWN_PROBLEMS) > 0:
        console.print(f"{escape(name)}: and {more:,} more")


def show_quality(quality: "Quality") -> None:
    """Say what is wrong in a generation, by source, and which triples contradict each other."""
    console = stdout()
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "errors", "warnings"):
        table.add_column(heading, justify="left" if heading == "source" else "right")
    for source in quality.sources:
        name = escape(source.source_id) or "all sources"
        table.add_row(name, f"{source.count('error'):,}", f"{source.count('warning'):,}")
    console.print(table)
    for source in quality.sources:
        for problem in source.problems:
            colour = "red" if problem.severity == "error" else "yellow"
            hint = f" ({problem.hint})" if problem.hint else ""
            name = escape(source.source_id) or "all sources"
            console.print(f"[{colour}]{name}[/] {escape(f'{problem.where}: {problem.what}{hint}')}", soft_wrap=True)
    for contradiction in quality.contradictions:
        console.print(f"[red]contradiction[/] ({escape(contradiction.rule)}), which of these holds?")
        for triple in contradiction.premises:
            console.print("  kg explain " + escape(" ".join(shlex.quote(term) for term in triple)), soft_wrap=True)


def quality_json(quality: "Quality") -> dict[str, Any]:
    """A quality report as `kg check --json` prints it."""
    return {
        "generation": quality.generation,
        "sources": [
            {
                "id": source.source_id or None,
                "errors": source.count("error"),
                "warnings": source.count("warning"),
                "problems": [_problem_json(problem) for problem in source.problems],
            }
            for source in quality.sources
        ],
        "contradictions": [
            {
                "iri": each.iri,
                "rule": each.rule,
                "premises": [
                    {"subject": subject, "predicate": predicate, "object": object_}
                    for subject, predicate, object_ in each.premises
                ],
            }
            for each in quality.contradictions
        ],
    }


def _problem_json(problem: "Problem") -> dict[str, str]:
    return {"where": problem.where, "what": problem.what, "hint": problem.hint, "severity": problem.severity}


def report_json(report: "Report") -> dict[str, Any]:
    """A build as `kg build --json` prints it."""
    manifest = report.generation.manifest
    return {
        "generation": report.generation.number,
        "asserted": manifest.asserted,
        "inferred": manifest.inferred,
        "sources": [
            {
                "id": source.entry.id,
                "kind": next(iter(source.entry.kinds), None) if len(source.entry.kinds) < 2 else "mixed",
                "kinds": dict(source.entry.kinds),
                "triples": source.entry.triples,
                "resources": source.entry.resources,
                "skipped": source.entry.skipped,
                "kept": source.entry.kept or None,
                "changes": dict(source.entry.changes),
                "problems": [_problem_json(problem) for problem in source.problems],
            }
            for source in report.sources
        ],
        "identity": dict(manifest.identity),
        "reasoning": [_problem_json(problem) for problem in report.reasoning],
        "seconds": dict(manifest.seconds),
        "peak_rss_mb": manifest.peak_rss_mb,
        "pruned": list(report.pruned),
    }


def generation_json(generation: "Generation", current: int | None) -> dict[str, Any]:
    """A generation as `kg generations --json` lists it."""
    manifest = generation.manifest
    return {
        "generation": generation.number,
        "current": generation.number == current,
        "created": manifest.created,
        "asserted": manifest.asserted,
        "inferred": manifest.inferred,
        "quads": manifest.quads,
        "sources": [entry.id for entry in manifest.sources],
    }


def show_hits(hits: "Hits") -> None:
    """List what a search found, the best first."""
    for hit in hits.hits:
        about = f"{hit.kind}, {hit.publisher_label}" if hit.publisher_label else hit.kind
        stdout().print(f"[bold]{escape(hit.label or hit.iri)}[/]  [dim]{escape(about)}  {hit.score:.2f}[/]")
        stdout().print(f"  {escape(hit.iri)}")
        if hit.snippet:
            stdout().print(f"  [dim]{escape(hit.snippet)}[/]")
    some = " have some of the words, none all" if hits.required < hits.words and hits.total else ""
    stderr().print(f"{len(hits.hits):,} of {hits.total:,} hits{some}")


def show_candidates(found: "Found") -> None:
    """List candidate links, the most likely ones first, with their reasons."""
    for each in found.candidates:
        left, right = found.things[each.left], found.things[each.right]
        stdout().print(
            f"[bold]{escape(left.label)}[/] [dim]{each.relation}[/] [bold]{escape(right.label)}[/]  {each.score:.2f}"
        )
        stdout().print(f"  {escape(each.left)}\n  {escape(each.right)}")
        if right.definition:
            stdout().print(f"  [dim]{escape(right.definition)}[/]")
        for reason in each.reasons:
            stdout().print(f"  – {escape(reason.nb)}")
    stderr().print(f"{len(found.candidates):,} of {found.total:,} candidates")


def show_generations(generations: "Sequence[Generation]", current: int | None) -> None:
    """List generations, newest last; the served one is marked."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "generation", "created", "asserted", "quads", "sources"):
        table.add_column(heading)
    for generation in generations:
        manifest = generation.manifest
        mark = "[green]●[/]" if generation.number == current else ""
        sources = ", ".join(entry.id for entry in manifest.sources)
        table.add_row(
            mark,
            str(generation.number),
            manifest.created,
            f"{manifest.asserted:,}",
            f"{manifest.quads:,}",
            escape(sources),
        )
    stdout().print(table)


def show_tally(tally: "Tally", offered: int) -> None:
    """Say what came of a review."""
    done = f"{tally.accepted} accepted, {tally.rejected} rejected, {tally.unsure} unsure, {tally.skipped} skipped"
    stdout().print(f"{done}, of {offered} candidates; accepted links are in the graph from the next `kg build` on")
