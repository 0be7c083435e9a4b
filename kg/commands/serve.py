"""The commands `kg up` and `kg serve`.

In: options. Out: a service that runs until it is told to stop.
"""

from pathlib import Path
from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.build.sources import read_sources
from kg.commands.build import build_generation
from kg.commands.options import HomeOption, PortOption
from kg.config import Settings, read_settings
from kg.resources import folder


def up(home: HomeOption = None, port: PortOption = None, host: str | None = None) -> None:
    """Serve; build the demo first if there is no generation yet.

    Example: `kg up --port 8000`
    """
    settings = read_settings(home=home, port=port, host=host)
    console.start_logging()
    if Home(settings.home).find_current() is None:
        for edition in ("sources-2025-01.toml", "sources.toml"):  # two, so that there is a change to look at
            console.show_report(build_generation(read_sources(folder("demo") / edition), settings))
    _serve(settings)


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


def _serve(settings: Settings) -> None:
    # The web framework takes a third of a second that other commands need not pay.
    from kg.api.server import serve  # noqa: PLC0415

    serve(settings, console.announce)
