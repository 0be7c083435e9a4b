"""The checker: a process that checks long queries, so that a million characters hold up nobody else.

In: query text. Out: what `kg.engine.guard.check` says of it. The process is ours to end: a check that outlasts its
deadline is killed with it.
"""

import asyncio
import json
import socket
import sys
from dataclasses import asdict, replace
from typing import Final

from kg.engine import frames
from kg.engine.companion import Companion
from kg.engine.confinement import end_with_parent
from kg.engine.exchanges import refuse, serve
from kg.engine.guard import GuardLimits, QueryOutline, check
from kg.errors import DeadlinePassed, EngineFailed

QUEUE: Final = 100


class Checker:
    """One process that checks queries, one after another; it is started when it is first needed."""

    def __init__(self, limits: GuardLimits) -> None:
        given = {**asdict(limits), "allowed_services": sorted(limits.allowed_services)}
        self._process = Companion("kg.engine.checker", given=json.dumps(given).encode(), queue=QUEUE)

    async def check(self, query: str, seconds: float, search: str = "") -> QueryOutline:
        """Check a query; `search` is the IRI of the text search, which goes with the generation.

        Raises:
            QueryError: see `kg.engine.guard.check`; DeadlinePassed if it or those before it take too long.
        """
        try:
            async with asyncio.timeout(seconds):
                reply = await self._process.ask({"search": search}, query.encode("utf-8", "surrogatepass"))
        except TimeoutError as error:
            raise DeadlinePassed(
                f"the query was not checked within {seconds:g} s",
                hint="shorten it; long queries are checked one after another",
                limit_seconds=seconds,
            ) from error
        if reply is None:
            raise EngineFailed("the query could not be checked", hint="shorten it")
        head, _ = reply
        refuse(head)
        return _outline(head)

    def close(self) -> None:
        """End the process."""
        self._process.close()


def _outline(head: frames.Head) -> QueryOutline:
    lists = {name: tuple(head["outline"][name]) for name in ("services", "text_searches")}
    return QueryOutline(**{**head["outline"], **lists})


def _checked(head: frames.Head, body: bytes, limits: GuardLimits) -> bytes:
    outline = check(body.decode("utf-8", "surrogatepass"), replace(limits, search=head["search"]))
    return frames.encode({"outline": asdict(outline)})


if __name__ == "__main__":
    end_with_parent()
    given = json.load(sys.stdin)
    limits = GuardLimits(**{**given, "allowed_services": frozenset(given["allowed_services"])})
    serve(socket.socket(fileno=int(sys.argv[1])), lambda head, body: _checked(head, body, limits))
