"""The library: all named queries, from our folder and the operator's.

In: folders. Out: a `Library` whose queries were all checked. In development it looks before each use whether a file has
changed; a fault is then told, and the last good version of everything stays in use.
"""

import asyncio
import difflib
import logging
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from kg.engine.limits import GuardLimits
from kg.errors import NotFound, UsageError
from kg.named.checking import check_folders
from kg.named.fault import Fault, refuse
from kg.named.folders import Queries, files_in
from kg.named.query import NamedQuery

logger = logging.getLogger(__name__)

_Stamps = dict[Path, tuple[int, int]]


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
            for path in files_in(place):
                try:
                    status = path.stat()
                except OSError:  # removed just now
                    continue
                stamps[path] = (status.st_mtime_ns, status.st_size)
        return stamps
