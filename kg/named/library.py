"""The library: all named queries, from our folder and the operator's (design §5).

In: folders. Out: a `Library` whose queries were all checked. In development it looks before each use whether a file has
changed; a fault is then told, and the last good version of everything stays in use.
"""

import asyncio
import difflib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from kg.engine.limits import GuardLimits
from kg.errors import NotFound, UsageError
from kg.named.checking import faults_of
from kg.named.fault import Fault, refuse
from kg.named.query import NamedQuery, read_query
from kg.resources import folder

logger = logging.getLogger(__name__)

Queries = Mapping[str, NamedQuery]
"""Queries by name, in the order of group and name."""

_Stamps = dict[Path, tuple[int, int]]


def our_folder() -> Path:
    """The folder of the queries that travel with the package."""
    return folder("queries")


def read_folders(folders: Sequence[Path]) -> tuple[Queries, list[Fault]]:
    """Read the queries of folders and of the folders in them; a name that is taken is a fault."""
    found: dict[str, NamedQuery] = {}
    faults: list[Fault] = []
    for place in folders:
        if not place.is_dir():
            faults.append(Fault(place, 1, "is no folder of queries", "KG_QUERY_FOLDERS and --queries name folders"))
        for path in _files(place):
            query, told = read_query(path, path.parent.name)
            faults += told
            if query is None:
                continue
            if query.name in found:
                faults.append(Fault(path, 1, f"the name {query.name!r} is taken by {found[query.name].path}", "rename"))
            else:
                found[query.name] = query
    ordered = sorted(found.values(), key=lambda query: (query.group, query.name))
    return MappingProxyType({query.name: query for query in ordered}), faults


def check_folders(folders: Sequence[Path], limits: GuardLimits) -> tuple[Queries, list[Fault]]:
    """Read the queries of folders and check them; the faults of all files."""
    queries, faults = read_folders(folders)
    return queries, sorted({*faults, *faults_of(list(queries.values()), limits)})


@dataclass(slots=True)
class Library:
    """The queries that are served.

    Attributes:
        queries: those that were read last without a fault.
        faults: what is wrong with newer versions of their files.
        reload: whether files are looked at before each use.
    """

    folders: tuple[Path, ...]
    limits: GuardLimits
    reload: bool = False
    queries: Queries = field(default_factory=lambda: MappingProxyType({}))
    faults: tuple[Fault, ...] = ()
    _stamps: _Stamps = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def load(self) -> None:
        """Read and check everything.

        Raises:
            UsageError: there are faults; it has all of them.
        """
        self._stamps = self._look()
        queries, faults = check_folders(self.folders, self.limits)
        self.faults = tuple(fault for fault in faults if fault.serious)
        refuse(self.faults)
        self.queries = queries

    async def current(self) -> Queries:
        """The queries of now."""
        if self.reload:
            async with self._lock:
                await asyncio.to_thread(self._refresh)
        return self.queries

    def get(self, queries: Queries, name: str) -> NamedQuery:
        """A query by its name.

        Raises:
            NotFound: there is none; the hint has names that are written nearly so.
        """
        query = queries.get(name)
        if query is None:
            near = difflib.get_close_matches(name[:100], queries, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "/queries lists them"
            raise NotFound(f"there is no query {name[:100]!r}", hint=hint)
        return query

    def _refresh(self) -> None:
        if self._look() == self._stamps:
            return
        try:
            self.load()
        except UsageError as error:
            logger.error("%s", error)

    def _look(self) -> _Stamps:
        stamps: _Stamps = {}
        for place in self.folders:
            for path in _files(place):
                try:
                    status = path.stat()
                except OSError:  # removed just now
                    continue
                stamps[path] = (status.st_mtime_ns, status.st_size)
        return stamps


def _files(place: Path) -> list[Path]:
    return sorted([*place.glob("*.rq"), *place.glob("*/*.rq")])
