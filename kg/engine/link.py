"""The supervisor's end of one worker: orders out, replies in, and a hand on the process.

In: frames on a socket. Out: a future per order, None if the worker dies before it replies.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import cast

from kg.engine import frames


class Worker(asyncio.Protocol):
    """The supervisor's end of one worker."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid = 0
        self.lost = False
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[tuple[frames.Head, bytes] | None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called when the socket is connected."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are of no class of asyncio's

    def data_received(self, data: bytes) -> None:
        """Called with a piece of a reply."""
        self._buffer += data
        try:
            frame, size = frames.decode(self._buffer)
        except frames.TornFrame:
            self.hang_up()  # a worker that speaks nonsense is as good as dead
            return
        if frame is not None:
            del self._buffer[:size]
            self._resolve(frame)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Called when the worker is gone."""
        self.lost = True
        self._resolve(None)

    def expect(self) -> asyncio.Future[tuple[frames.Head, bytes] | None]:
        """The next reply, None if the worker dies before it."""
        self._reply = asyncio.get_running_loop().create_future()
        if self.lost:
            self._reply.set_result(None)
        return self._reply

    def send(self, order: bytes) -> asyncio.Future[tuple[frames.Head, bytes] | None]:
        """Give an order; the reply to come."""
        reply = self.expect()
        if self._transport is not None and not self.lost:
            self._transport.write(order)
        return reply

    def hang_up(self) -> None:
        """Close the socket; an idle worker then ends by itself."""
        if self._transport is not None:
            self._transport.abort()

    def demote(self, niceness: int) -> None:
        """Give it a lower priority."""
        self._signal(lambda: os.setpriority(os.PRIO_PROCESS, self.pid, niceness))

    def restore(self) -> bool:
        """Give it back the priority of this process; whether we may (root, CAP_SYS_NICE or RLIMIT_NICE)."""
        try:
            self._signal(lambda: os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, 0)))
        except PermissionError:
            return False
        return True

    def pause(self) -> None:
        """Stop it where it is."""
        self._signal(lambda: os.kill(self.pid, signal.SIGSTOP))

    def resume(self) -> None:
        """Let it go on."""
        self._signal(lambda: os.kill(self.pid, signal.SIGCONT))

    def _signal(self, act: Callable[[], None]) -> None:
        if self.pid and not self.lost:
            try:
                act()
            except ProcessLookupError:
                return  # it ended a moment ago; its socket will say so

    def _resolve(self, frame: tuple[frames.Head, bytes] | None) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(frame)
