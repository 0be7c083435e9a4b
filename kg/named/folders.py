"""Folders of named queries: their files, read.

In: folders. Out: queries by name, and the faults of their files. They are checked apart (`kg.named.checking`), as a
build that describes them needs no engine for it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kg.named.fault import Fault
from kg.named.query import NamedQuery, read_query
from kg.resources import folder

Queries = Mapping[str, NamedQuery]
"""Queries by name, in the order of group and name."""


def our_folder() -> Path:
    """The folder of the queries that travel with the package."""
    return folder("queries")


def files_in(place: Path) -> list[Path]:
    """The files of queries in a folder and in the folders in it."""
    return sorted([*place.glob("*.rq"), *place.glob("*/*.rq")])


def read_folders(folders: Sequence[Path]) -> tuple[Queries, list[Fault]]:
    """Read the queries of folders and of the folders in them; a name that is taken is a fault."""
    found: dict[str, NamedQuery] = {}
    faults: list[Fault] = []
    for place in folders:
        if not place.is_dir():
            faults.append(Fault(place, 1, "is no folder of queries", "KG_QUERY_FOLDERS and --queries name folders"))
        for path in files_in(place):
            query, told = read_query(path, path.absolute().parent.name)
            faults += told
            if query is None:
                continue
            if query.name in found:
                faults.append(Fault(path, 1, f"the name {query.name!r} is taken by {found[query.name].path}", "rename"))
            else:
                found[query.name] = query
    ordered = sorted(found.values(), key=lambda query: (query.group, query.name))
    return MappingProxyType({query.name: query for query in ordered}), faults
