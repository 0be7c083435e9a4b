"""The command line of named queries: `kg queries`, and what `kg query NAME` asks (design §3, §5).

In: options. Out: a job for the engine, or what is known of queries and their files, on the terminal.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from kg import console
from kg.aliases import read_aliases
from kg.build.generations import Generation
from kg.config import Settings, read_settings
from kg.engine.orders import Job
from kg.errors import ParameterError, UsageError
from kg.named.asking import read_asked
from kg.named.binding import bind, read_values
from kg.named.checking import check_folders
from kg.named.fault import refuse
from kg.named.folders import our_folder
from kg.named.front_matter import schema
from kg.named.library import Library
from kg.named.query import NAME, NamedQuery
from kg.named.rows import read_rows
from kg.named.types import Reading
from kg.namespaces import Names
from kg.services import guard_limits
from kg.sparql.formats import negotiate

queries_app = typer.Typer(help="List, check and begin named queries.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on stdout.")]

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


def find_named(name: str, settings: Settings, *, given: bool) -> NamedQuery | None:
    """The query of a name, None where the text is a file or stands for stdin.

    A file with a front matter may be given parameters too, and is then a query of its own.

    Raises:
        UsageError: the files of queries have faults.
        NotFound: it is neither a file nor a name.
    """
    path = Path(name)
    if path.is_file() and given:
        queries, faults = check_folders([path.parent], guard_limits(settings))
        refuse(fault for fault in faults if fault.path == path)
        return next((query for query in queries.values() if query.path == path), None)
    if name == "-" or path.is_file() or not NAME.fullmatch(name):
        return None
    library = Library((our_folder(), *settings.query_folders), guard_limits(settings))
    library.load()
    return library.get(library.queries, name)


def named_job(
    query: NamedQuery,
    params: Sequence[str],
    generation: Generation,
    answer_format: str | None,
    *,
    infer: bool | None,
    seconds: float,
) -> tuple[Job, Callable[[bytes], dict[str, Any]] | None]:
    """The job of a named query, and what makes its answer into plain rows where those are wanted.

    Raises:
        UsageError: a parameter is unknown, missing or wrong.
    """
    pairs = []
    for one in params:
        name, equals, value = one.partition("=")
        if not equals:
            raise UsageError(f"{one!r} is no NAME=VALUE", where="--param", hint="for example --param label=skatt")
        if name not in query.front.parameters:
            known = ", ".join(query.front.parameters) or "none"
            raise UsageError(f"the query has no parameter {name!r}", where="--param", hint=f"it has: {known}")
        pairs.append((name, value))
    names = Names(generation.manifest.base_iri)
    try:
        values = read_values(query, read_asked(query, pairs).values, Reading(names, read_aliases(generation.aliases)))
    except ParameterError as error:
        raise UsageError(error.what, where=f"--param {error.parameter}", hint=error.hint) from error
    plain = query.form in {"select", "ask"} and answer_format in {None, "json"}
    job = Job(
        query=bind(query, values, names),
        answer_format=negotiate(None, "json" if plain else answer_format, query.form),
        infer=query.front.infer if infer is None else infer,
        own_dataset=query.structure.has_dataset,
        seconds=seconds,
        strict=False,  # so that forms the engine answers slowly are rewritten
        ordered=query.structure.sorted,
    )
    return job, _rows if plain else None


def _rows(answer: bytes) -> dict[str, Any]:
    rows = read_rows(answer)
    return {"columns": list(rows.columns), "rows": list(rows.rows), "next": None}


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
