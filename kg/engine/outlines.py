"""Outlines: what the service needs to know of a query, read once for each text.

In: query text. Out: what `kg.engine.guard.check` says of it. Short texts are checked here, long ones by the checker's
process, because a million characters would hold up everybody else. What passed is remembered for a while: the limits
do not change while the service runs.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

from kg.engine.checker import Checker
from kg.engine.guard import GuardLimits, QueryOutline, check

INLINE_LENGTH: Final = 4_096
MOST_REMEMBERED: Final = 2_000
"""Together at most 8 million characters."""


@dataclass(slots=True)
class Outlines:
    """The outlines of the short texts that were asked last."""

    limits: GuardLimits
    checker: Checker
    most: int = MOST_REMEMBERED
    _known: OrderedDict[tuple[str, str], QueryOutline] = field(default_factory=OrderedDict)

    async def check(self, query: str, seconds: float, search: str = "") -> QueryOutline:
        """Check a query against the limits, without holding up the event loop.

        `search` is the IRI of the text search, which goes with the generation.

        Raises:
            QueryError: see `kg.engine.guard.check`; DeadlinePassed if long queries before this one take that long.
        """
        if len(query) > INLINE_LENGTH:
            return await self.checker.check(query, seconds, search)
        outline = self._known.get((query, search))
        if outline is None:
            outline = self._known[query, search] = check(query, replace(self.limits, search=search))
            if len(self._known) > self.most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end((query, search))
        return outline
