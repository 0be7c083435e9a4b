"""The command `kg check`.

In: options. Out: what is wrong in the current generation.
"""

from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings
from kg.quality.report import read_quality


def check(
    source: Annotated[str | None, typer.Option(help="One source; all of them unless given.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong in the current generation, and which triples contradict each other.

    Example: `kg check --source nav-datasett`
    """
    settings = read_settings(home=home)
    quality = read_quality(Home(settings.home).get_current(), source)
    show(console.quality_json(quality), as_json, lambda: console.show_quality(quality))
