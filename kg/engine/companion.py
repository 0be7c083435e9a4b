"""A companion: a process of ours beside the service that is asked one thing after another, and may die of it.

In: what to start, and frames. Out: its replies, None where it ended before it gave one. It is started when it is first
needed, and anew when it died or whoever asked has stopped waiting: what it is still at is for nobody then. When the
service goes, however it goes, the socket's end tells the process to go too.
"""

import asyncio
import socket
import subprocess
import sys

from kg.engine import frames
from kg.engine.lanes import Gate
from kg.engine.link import Worker

Reply = tuple[frames.Head, bytes] | None


class Companion:
    """One process at the most.

    Args:
        module: what `python -m` runs; its last argument is the number of the socket.
        arguments: those before it.
        given: what it is given on its standard input.
        queue: how many may wait for their turn.
    """

    def __init__(self, module: str, *arguments: str, given: bytes = b"", queue: int) -> None:
        self._command = [sys.executable, "-P", "-m", module, *arguments]
        self._given = given
        self._gate = Gate(places=1, queue=queue, share=1)
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Worker | None = None

    @property
    def alive(self) -> bool:
        """Whether there is a process, which knows what it was told."""
        return self._link is not None and not self._link.lost

    async def ask(self, head: frames.Head, body: bytes = b"", client: str = "") -> Reply:
        """The reply to an order, None if the process ended before it gave one.

        Raises:
            QueueFull: too many wait already.
        """
        await self._gate.enter(client)
        try:
            if self._link is None or self._link.lost:
                self.close()
                self._link = await self._start()
            reply = None
            try:
                reply = await self._link.send(frames.encode(head, body))
            finally:
                if reply is None:
                    self.close()  # it died of the order, or is still at it: the next one gets a new process
        finally:
            self._gate.leave(client)
        return reply

    def close(self) -> None:
        """End the process."""
        if self._link is not None:
            self._link.hang_up()
            self._link = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def _start(self) -> Worker:
        ours, theirs = socket.socketpair()
        link = Worker("companion")
        with theirs:
            ours.setblocking(False)
            self._process = subprocess.Popen(  # noqa: ASYNC220  a millisecond, once
                [*self._command, str(theirs.fileno())], stdin=subprocess.PIPE, pass_fds=(theirs.fileno(),)
            )
        assert self._process.stdin is not None
        with self._process.stdin as stdin:
            stdin.write(self._given)
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        return link
