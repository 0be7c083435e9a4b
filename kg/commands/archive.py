"""The commands under `kg archive`: what was harvested, kept byte for byte.

In: options. Out: what the archive holds; a source removed for good.
"""

from typing import Any

import typer
from rich.markup import escape

from kg import console
from kg.build.generations import Home
from kg.commands.options import HomeOption, JsonOption, show
from kg.config import read_settings

archive_app = typer.Typer(help="What was harvested, kept byte for byte.", no_args_is_help=True)


@archive_app.command("list")
def archive_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the harvests that the archive holds.

    Example: `kg archive list`
    """
    archive = Home(read_settings(home=home).home).archive
    listed = [
        {
            "source": state.source_id,
            "harvested": state.harvested,
            "location": state.location,
            "files": len(state.files),
        }
        for source_id in archive.source_ids()
        for state in archive.history(source_id)
    ]

    def as_text() -> None:
        for row in listed:
            console.stdout().print(
                escape(f"{row['harvested']}  {row['source']}  {row['files']} files  {row['location']}")
            )

    show({"harvests": listed}, as_json, as_text)


@archive_app.command("purge")
def archive_purge(source: str, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Remove a source's content for good: its archived files and every older generation that holds it.

    Example: `kg archive purge brreg`
    """
    place = Home(read_settings(home=home).home)
    purged = place.purge(source)
    result: dict[str, Any] = {
        "source": source,
        "files": purged.files,
        "generations": list(purged.generations),
    }
    text = f"removed {purged.files} files and the generations {list(purged.generations) or 'none'}"
    show(result, as_json, lambda: console.stdout().print(text))
