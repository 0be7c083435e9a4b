"""The command `kg build`.

In: options. Out: a generation, and what was read and made on the terminal.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg import console
from kg.build.sources import Source, parse_sources, read_sources
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import Settings, read_settings
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.build.report import Report


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
    report = build_generation(
        sources, settings, ontologies=ontologies, raw=raw, accept_loss=accept_loss, wait=wait, dumps=dumps
    )
    show(console.report_json(report), as_json, lambda: console.show_report(report))
    raise typer.Exit(1 if strict and report.troubled else 0)


def build_generation(sources: Sequence[Source], settings: Settings, **options: Any) -> "Report":
    """Build a generation, with progress on the terminal; see `kg.commands.building.build_sources`."""
    # The pipeline takes half a second that other commands need not pay.
    from kg.commands.building import build_sources  # noqa: PLC0415

    return build_sources(sources, settings, **options)


def _sources(config: Path | None, given: list[str], kinds: list[str]) -> list[Source]:
    if given and config is not None:
        raise UsageError("--config and --source exclude each other", hint="the sources given are the whole set")
    if kinds and not given:
        raise UsageError("--kind needs --source", hint="in sources.toml, write kind = …")
    return parse_sources(given, kinds) if given else read_sources(config or Path("sources.toml"))
