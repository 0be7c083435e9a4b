"""The command line `kg`: every command, by name, and the edge of the process.

Exit codes: 0 done, 1 the work failed, 2 wrong usage. Errors are said in words on stderr, never as a traceback.
"""

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Final

import typer

import kg
from kg import console
from kg.errors import KgError, UsageError

COMMANDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "up": ("serve", "up"),
        "build": ("build", "build_command"),
        "serve": ("serve", "serve_command"),
        "query": ("query", "query"),
        "search": ("search", "search"),
        "explain": ("explain", "explain"),
        "trace": ("trace", "trace"),
        "once-only": ("once_only", "once_only"),
        "project": ("project", "project"),
        "match": ("match", "match"),
        "check": ("check", "check"),
        "export": ("export", "export_command"),
        "bench": ("bench", "bench_app"),
        "queries": ("queries", "queries_app"),
        "generations": ("generations", "generations_app"),
        "archive": ("archive", "archive_app"),
        "links": ("links", "links_app"),
        "model": ("model", "model_app"),
        "tokens": ("tokens", "tokens_app"),
    }
)
"""The module under `kg.commands` that each command stands in, and its name there: a function or a group of commands."""


def make_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with some of its commands, whose modules are imported."""
    app = typer.Typer(
        name="kg",
        help="A knowledge graph of Norway's public data: build it, serve it, ask it.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode="markdown",
    )
    app.callback(invoke_without_command=True)(_version)
    for name in names:
        module, attribute = COMMANDS[name]
        command = getattr(import_module(f"kg.commands.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    """Run the command line; the process edge."""
    # All commands together take over a second to import, so only the one that is asked for is, if it is one.
    asked = sys.argv[1:2]
    needed = asked if COMMANDS.keys() & asked else () if asked == ["--version"] else COMMANDS
    try:
        make_app(needed)(standalone_mode=True)
    except KgError as error:
        console.say_error(error)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        console.stdout().print(f"kg {kg.__version__}")
        raise typer.Exit
