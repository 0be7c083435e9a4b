"""The command `kg export`.

In: options. Out: a file of one graph or all.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.export import EXPORT_FORMATS, export


def export_command(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    home: HomeOption = None,
    graph: Annotated[str | None, typer.Option(help="IRI of one graph, or `default`; all graphs if not given.")] = None,
    export_format: Annotated[str, typer.Option("--format", help=f"One of {', '.join(EXPORT_FORMATS)}.")] = "nquads",
    as_json: JsonOption = False,
) -> None:
    """Write the current generation, or one graph of it, to a file.

    Example: `kg export --graph default --format turtle graph.ttl`
    """
    generation = Home(read_settings(home=home).home).get_current()
    size = export(generation, graph, export_format, file)
    result = {"file": str(file), "bytes": size, "generation": generation.number}
    show(result, as_json, lambda: console.stdout().print(f"{escape(str(file))}: {size:,} bytes"))
