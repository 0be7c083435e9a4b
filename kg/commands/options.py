"""What several commands share: options, and how a result is shown.

In: a result as JSON and a way to show it. Out: one of the two on stdout.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from kg import console

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the archive and generations [env: KG_HOME].")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on stdout.")]
PortOption = Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one [env: KG_PORT].")]


def show(result: dict[str, Any], as_json: bool, as_text: Callable[[], object]) -> None:
    """Print a result as one JSON object, or as people read it."""
    if as_json:
        console.print_json(result)
    else:
        as_text()
