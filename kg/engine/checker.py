"""The checker: a process that checks long queries, so that a million characters hold up nobody else.

In: query text. Out: what `kg.engine.guard.check` says of it. The process is ours to end: a check that outlasts its
deadline is killed with it, and when the service goes, however it goes, the socket's end tells the process to go too.
"""

import asyncio
import json
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from typing import Any

from kg import errors
from kg.engine import frames
from kg.engine.confinement import end_with_parent
from kg.engine.guard import GuardLimits, QueryOutline, check
from kg.engine.lanes import Gate
from kg.engine.link import Worker
from kg.errors import DeadlinePassed, KgError

QUEUE = 100


class Checker:
    """One process that checks queries, one after another; it is started when it is first needed."""

    def __init__(self, limits: GuardLimits) -> None:
        self._limits = limits
        self._gate = Gate(places=1, queue=QUEUE, share=1)
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Worker | None = None

    async def check(self, query: str, seconds: float, search: str = "") -> QueryOutline:
        """Check a query; `search` is the IRI of the text search, which goes with the generation.

        Raises:
            QueryError: see `kg.engine.guard.check`; DeadlinePassed if it or those before it take too long.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._gate.enter("")
                try:
                    reply = await self._ask(query, search)
                finally:
                    self._gate.leave("")
        except TimeoutError as error:
            raise DeadlinePassed(
                f"the query was not checked within {seconds:g} s",
                hint="shorten it; long queries are checked one after another",
                limit_seconds=seconds,
            ) from error
        return _outline(reply)

    def close(self) -> None:
        """End the process."""
        if self._link is not None:
            self._link.hang_up()
            self._link = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def _ask(self, query: str, search: str) -> frames.Head | None:
        if self._link is None or self._link.lost:
            self.close()
            self._link = await self._start()
        done = False
        try:
            reply = await self._link.send(frames.encode({"search": search}, query.encode("utf-8", "surrogatepass")))
            done = reply is not None
        finally:
            if not done:
                self.close()  # it died of the query, or is still at it: the next one gets a new process
        return reply[0] if reply else None

    async def _start(self) -> Worker:
        ours, theirs = socket.socketpair()
        link = Worker("checker")
        with theirs:
            ours.setblocking(False)
            self._process = subprocess.Popen(  # noqa: ASYNC220  a millisecond, once
                [sys.executable, "-P", "-m", "kg.engine.checker", str(theirs.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
            )
        assert self._process.stdin is not None
        limits = {**asdict(self._limits), "allowed_services": sorted(self._limits.allowed_services)}
        self._process.stdin.write(json.dumps(limits).encode() + b"\n")
        self._process.stdin.close()
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        return link


def _outline(reply: frames.Head | None) -> QueryOutline:
    if reply is None:
        raise errors.EngineFailed("the query could not be checked", hint="shorten it")
    if "error" in reply:
        raise getattr(errors, reply["error"])(**reply["fields"])
    lists = {name: tuple(reply["outline"][name]) for name in ("services", "text_searches")}
    return QueryOutline(**{**reply["outline"], **lists})


def serve(connection: socket.socket, limits: GuardLimits) -> None:
    """Check what comes until the service hangs up."""
    buffer = bytearray()
    while piece := connection.recv(1 << 16):
        buffer += piece
        frame, size = frames.decode(buffer)
        if frame is not None:
            del buffer[:size]
            head, body = frame
            given = replace(limits, search=head["search"])
            connection.sendall(frames.encode(_reply(body.decode("utf-8", "surrogatepass"), given)))


def _reply(query: str, limits: GuardLimits) -> dict[str, Any]:
    try:
        return {"outline": asdict(check(query, limits))}
    except KgError as error:
        return {"error": type(error).__name__, "fields": asdict(error)}


if __name__ == "__main__":
    end_with_parent()
    given = json.loads(sys.stdin.readline())
    serve(
        socket.socket(fileno=int(sys.argv[1])),
        GuardLimits(**{**given, "allowed_services": frozenset(given["allowed_services"])}),
    )
