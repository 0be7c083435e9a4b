"""The commands under `kg generations`: time.

In: options. Out: what generations there are; the served one changed, old ones removed.
"""

from typing import Annotated

import typer

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings

generations_app = typer.Typer(help="List, roll back and prune generations.", invoke_without_command=True)


@generations_app.callback()
def generations_callback(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List, roll back and prune generations.

    Example: `kg generations`
    """
    if context.invoked_subcommand is None:
        generations_list(home, as_json)


@generations_app.command("list")
def generations_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the generations; the served one is marked.

    Example: `kg generations list --json`
    """
    place = Home(read_settings(home=home).home)
    generations, current = place.list_generations(), place.find_current()
    number = current.number if current else None
    listed = {"generations": [console.generation_json(generation, number) for generation in generations]}
    show(listed, as_json, lambda: console.show_generations(generations, number))


@generations_app.command("rollback")
def generations_rollback(number: int, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Serve an earlier generation again.

    Example: `kg generations rollback 3`
    """
    place = Home(read_settings(home=home).home)
    with place.lock():
        place.switch(place.get_generation(number))
    show({"generation": number}, as_json, lambda: console.stdout().print(f"generation {number} is served now"))


@generations_app.command("prune")
def generations_prune(
    home: HomeOption = None,
    keep: Annotated[int | None, typer.Option(help="Newest generations to keep; default 10.", min=1)] = None,
    monthly: Annotated[bool, typer.Option(help="Also keep the newest of each month.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Remove old generations; the served one and those being read stay.

    Example: `kg generations prune --keep 3 --no-monthly`
    """
    settings = read_settings(home=home)
    place = Home(settings.home)
    with place.lock():
        removed = place.prune(keep or settings.keep_generations, monthly=monthly)
    show({"removed": removed}, as_json, lambda: console.stdout().print(f"removed: {removed or 'none'}"))
