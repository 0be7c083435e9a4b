"""The command line `kg` (design §3): every command, by name, and the edge of the process.

Exit codes: 0 done, 1 the work failed, 2 wrong usage. Errors are said in words on stderr, never as a traceback.
"""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

import kg
from kg import console
from kg.commands.archive import archive_app
from kg.commands.bench import bench
from kg.commands.build import build_command
from kg.commands.check import check
from kg.commands.explain import explain
from kg.commands.export import export_command
from kg.commands.generations import generations_app
from kg.commands.links import links_app
from kg.commands.match import match
from kg.commands.model import model_app
from kg.commands.once_only import once_only
from kg.commands.project import project
from kg.commands.queries import queries_app
from kg.commands.query import query
from kg.commands.search import search
from kg.commands.serve import serve_command, up
from kg.commands.tokens import tokens_app
from kg.commands.trace import trace
from kg.errors import KgError, UsageError

COMMANDS: dict[str, Callable[..., Any]] = {
    "up": up,
    "build": build_command,
    "serve": serve_command,
    "query": query,
    "search": search,
    "explain": explain,
    "trace": trace,
    "once-only": once_only,
    "project": project,
    "match": match,
    "check": check,
    "export": export_command,
    "bench": bench,
}
GROUPS = {
    "queries": queries_app,
    "generations": generations_app,
    "archive": archive_app,
    "links": links_app,
    "model": model_app,
    "tokens": tokens_app,
}

app = typer.Typer(
    name="kg",
    help="A knowledge graph of Norway's public data: build it, serve it, ask it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command line; the process edge."""
    try:
        app(standalone_mode=True)
    except KgError as error:
        console.say_error(error)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        console.stdout().print(f"kg {kg.__version__}")
        raise typer.Exit
