"""The commands under `kg tokens`: who may decide on links over HTTP.

In: options. Out: a token that is shown once; what tokens there are.
"""

from typing import Annotated

import typer
from rich.markup import escape

from kg import console
from kg.access.tokens import TokenFile
from kg.build.generations import Home
from kg.clock import now
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings

tokens_app = typer.Typer(help="Give and take the right to decide on links.", no_args_is_help=True)


@tokens_app.command("new")
def tokens_new(
    name: Annotated[str, typer.Argument(help="Whose it is; published as the author of decisions.")],
    extends_to: Annotated[
        list[str] | None, typer.Option("--for", help="What one of the two IRIs has to begin with; any unless given.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and show it, this once.

    Example: `kg tokens new "Kari Nordmann" --for https://data.brreg.no/`
    """
    file = TokenFile(Home(read_settings(home=home).home).tokens)
    secret = file.new(name, extends_to or (), now())

    def as_text() -> None:
        console.stdout().print(escape(secret))
        console.stderr().print("keep it now: only its hash is stored", style="dim")

    show({"name": name, "token": secret, "for": list(extends_to or ())}, as_json, as_text)


@tokens_app.command("list")
def tokens_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the tokens; none of them can be shown again.

    Example: `kg tokens list`
    """
    tokens = TokenFile(Home(read_settings(home=home).home).tokens).read()
    listed = [{"name": each.name, "created": each.created, "for": list(each.extends_to)} for each in tokens]

    def as_text() -> None:
        for each in tokens:
            extent = " ".join(each.extends_to) or "links between any things"
            console.stdout().print(escape(f"{each.created}  {each.name}  {extent}"))

    show({"tokens": listed}, as_json, as_text)


@tokens_app.command("revoke")
def tokens_revoke(name: str, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take a token back; a running server refuses it from the next request on.

    Example: `kg tokens revoke "Kari Nordmann"`
    """
    TokenFile(Home(read_settings(home=home).home).tokens).revoke(name)
    show({"revoked": name}, as_json, lambda: console.stdout().print(escape(f"{name} may not decide any more")))
