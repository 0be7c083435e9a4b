"""The commands under `kg queries`: list, check and begin named queries.

In: options. Out: what is known of queries and their files, on the terminal.
"""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table

from kg import console
from kg.commands.options import JsonOption
from kg.config import read_settings
from kg.errors import UsageError
from kg.named.checking import check_folders
from kg.named.fault import refuse
from kg.named.folders import our_folder
from kg.named.front_matter import schema
from kg.named.query import NAME
from kg.services import guard_limits

queries_app = typer.Typer(help="List, check and begin named queries.", no_args_is_help=True)

NEW: Final = """\
#+ title: {nb: Tittel, en: Title}
#+ description:
#+   nb: Hva spørsmålet svarer på, i én setning.
#+   en: What the query answers, in one sentence.
#+ tags: [datasett]
#+ parameters:
#+   publisher:
#+     type: orgnr
#+     title: {nb: Virksomhet, en: Organisation}
#+     example: 974760673
#+ columns:
#+   dataset: {type: iri, title: {nb: Datasett, en: Dataset}}
#+   title: {title: {nb: Tittel, en: Title}}
#+ paging: {key: [dataset]}
#+ examples:
#+   - params: {publisher: 974760673}
#+     expect: {min_rows: 1, columns: [dataset, title]}
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>

SELECT ?dataset ?title
WHERE {
  VALUES ?publisher { UNDEF }
  ?dataset dct:publisher ?publisher ;
    a dcat:Dataset ;
    dct:title ?title .
  FILTER (LANG(?title) = "nb")
}
ORDER BY ?dataset
"""


@queries_app.command("list")
def queries_list(as_json: JsonOption = False) -> None:
    """List the named queries, ours and those of KG_QUERY_FOLDERS.

    Example: `kg queries list`
    """
    settings = read_settings()
    queries, faults = check_folders([our_folder(), *settings.query_folders], guard_limits(settings))
    refuse(faults)
    if as_json:
        listed = [
            {
                "name": query.name,
                "group": query.group,
                "title": query.front.title.model_dump(),
                "parameters": list(query.front.parameters),
                "file": str(query.path),
            }
            for query in queries.values()
        ]
        console.print_json({"queries": listed})
        return
    table = Table("group", "name", "parameters", "title", box=None)
    for query in queries.values():
        table.add_row(query.group, query.name, ", ".join(query.front.parameters), escape(query.front.title.nb))
    console.stdout().print(table)


@queries_app.command("check")
def queries_check(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[DIR]…", help="Folders beside ours.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong in the files of named queries, all of it; exit 1 if something is.

    Example: `kg queries check my-queries`
    """
    settings = read_settings()
    places = [our_folder(), *(folders or settings.query_folders)]
    queries, faults = check_folders(places, guard_limits(settings))
    serious = [fault for fault in faults if fault.serious]
    if as_json:
        told = [
            {"file": str(one.path), "line": one.line, "what": one.what, "hint": one.hint, "serious": one.serious}
            for one in faults
        ]
        console.print_json({"queries": len(queries), "faults": told})
    else:
        for fault in faults:
            console.stdout().print(escape(str(fault)) if fault.serious else f"[dim]{escape(str(fault))}[/]")
        console.stderr().print(f"{len(queries)} queries without a fault of their own, {len(serious)} faults")
    raise typer.Exit(1 if serious else 0)


@queries_app.command("new")
def queries_new(
    name: Annotated[str, typer.Argument(help="What it is called: lower-case letters, digits and hyphens.")],
    group: Annotated[str, typer.Option(help="The folder in DIR that it belongs to.")] = "egne",
    directory: Annotated[Path, typer.Option("--folder", metavar="DIR", help="A folder of queries.")] = Path("queries"),
) -> None:
    """Begin a named query: write a file that works, to be changed.

    Example: `kg queries new datasett-om-skatt --group finn`
    """
    for part, what in ((name, "name"), (group, "group")):
        if not NAME.fullmatch(part):
            raise UsageError(f"the {what} {part!r} does not fit in a URL", hint="lower-case letters, digits, hyphens")
    path = directory / group / f"{name}.rq"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(NEW)
    except FileExistsError as error:
        raise UsageError("exists already", where=str(path), hint="choose another name") from error
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from error
    console.stdout().print(f"{escape(str(path))}\n  try: kg query {name} --param publisher=974760673")


@queries_app.command("schema")
def queries_schema() -> None:
    """Print the JSON Schema of the front matter, for editors.

    Example: `kg queries schema > front-matter.schema.json`
    """
    console.print_json(schema())
