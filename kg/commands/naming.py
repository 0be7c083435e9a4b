"""Which named query a command means, and the job that answers it.

In: a name or a file, and parameters as text. Out: the query, and a job for the engine.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kg.aliases import read_aliases
from kg.build.generations import Generation
from kg.config import Settings
from kg.engine.orders import Job
from kg.errors import ParameterError, UsageError
from kg.named.asking import read_asked
from kg.named.binding import bind, read_values
from kg.named.checking import check_folders
from kg.named.fault import refuse
from kg.named.folders import our_folder
from kg.named.library import Library
from kg.named.query import NAME, NamedQuery
from kg.named.rows import read_rows
from kg.named.types import Reading
from kg.namespaces import Names
from kg.services import guard_limits
from kg.sparql.formats import negotiate


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
