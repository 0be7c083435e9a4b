"""A pool: the fork server of one generation in one tier, and the workers it has forked.

In: a `ForkServerPlan`. Out: warm workers, first come first served, each lent to one query at a time. A worker that
dies is replaced; why it died is asked of the fork server, which reaped it.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kg.engine.link import Worker
from kg.engine.plans import ForkServerPlan
from kg.errors import EngineFailed

EXIT_NOTICE_SECONDS: Final = 2.0
START_AGAIN_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Died:
    """How a worker ended: exit status (negative is a signal) and what it last wrote to stderr."""

    status: int | None
    words: str


class Pool:
    """Workers of one generation in one tier.

    It keeps `size` workers beside those that are set aside with a long query; of those that come back, `spare` more.
    It calls `on_fork` for each that it has forked.
    """

    def __init__(
        self, generation: int, plan: ForkServerPlan, size: int, spare: int, on_fork: Callable[[], None] = lambda: None
    ) -> None:
        self.generation, self.plan, self.size, self.spare = generation, plan, size, spare
        self._on_fork = on_fork
        self.resident_bytes = 0
        self.deaths = 0
        self._control: socket.socket | None = None
        self._text = bytearray()
        self._server: subprocess.Popen[bytes] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._workers: dict[str, Worker] = {}
        self._aside: set[str] = set()
        self._idle: deque[Worker] = deque()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._exits: dict[str, asyncio.Future[Died]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._closing = False

    @property
    def alive(self) -> bool:
        """Whether the fork server runs."""
        return self._control is not None and not self._closing

    @property
    def idle(self) -> int:
        """How many workers have nothing to do."""
        return len(self._idle)

    @property
    def process_ids(self) -> list[int]:
        """The fork server and its workers."""
        server = [self._server.pid] if self._server else []
        return server + [worker.pid for worker in self._workers.values() if worker.pid]

    async def start(self) -> None:
        """Start the fork server, have it hold the store, and wait for the first warm worker.

        Raises:
            EngineFailed: it ended before it was ready.
        """
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._ready = loop.create_future()
        self._server = subprocess.Popen(  # noqa: ASYNC220  a millisecond, once per generation
            [sys.executable, "-P", "-m", "kg.engine.forkserver", str(theirs.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=(theirs.fileno(),),
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
        theirs.close()
        assert self._server.stdin is not None
        self._server.stdin.write(self.plan.to_json().encode() + b"\n")
        self._server.stdin.close()
        self._control = ours
        loop.add_reader(ours, self._read_control)
        await self._ready
        self._spawn()
        worker = await self.acquire()
        self.release(worker)
        self._fill()  # only now, so that the first does not share the processor with the rest

    async def acquire(self) -> Worker:
        """A warm worker, for this caller alone.

        Raises:
            EngineFailed: the fork server is gone.
        """
        while self._idle:
            worker = self._idle.pop()  # the one that worked last: its pages and caches are the warmest
            if not worker.lost:
                return worker
        if not self.alive:
            raise EngineFailed("the engine is not running", hint="try again shortly")
        waiter: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif not waiter.cancelled() and waiter.exception() is None:
                self.release(waiter.result())
            raise

    def set_aside(self, worker: Worker) -> None:
        """Have another forked beside a worker that is busy for long."""
        self._aside.add(worker.name)
        self._fill()

    def release(self, worker: Worker) -> None:
        """Take a worker back; one that is gone is passed over, and one that is not needed any more is ended."""
        if worker.lost or self._closing:
            self._forget(worker)
            return
        self._aside.discard(worker.name)
        if self._at_hand > self.size + self.spare:
            self.kill(worker)
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        self._idle.append(worker)

    def kill(self, worker: Worker) -> None:
        """End a worker at once, and have another forked in its place."""
        self._send({"kill": worker.name})
        worker.hang_up()
        self._forget(worker)

    async def cause_of_death(self, worker: Worker) -> Died:
        """How a worker that died ended."""
        notice = self._exits.setdefault(worker.name, asyncio.get_running_loop().create_future())
        try:
            return await asyncio.wait_for(asyncio.shield(notice), EXIT_NOTICE_SECONDS)
        except TimeoutError:
            return Died(None, "")
        finally:
            self._exits.pop(worker.name, None)
            self._forget(worker)

    async def close(self) -> None:
        """End the fork server and every worker."""
        self._closing = True
        self._drop_control(EngineFailed("the engine is shutting down"))
        for worker in list(self._workers.values()):
            worker.hang_up()
        for task in list(self._tasks):
            task.cancel()
        if self._server is not None:
            try:
                await asyncio.wait_for(asyncio.to_thread(self._server.wait), 5)
            except TimeoutError:
                self._server.kill()
                await asyncio.to_thread(self._server.wait)

    def _forget(self, worker: Worker) -> None:
        self._aside.discard(worker.name)
        if self._workers.pop(worker.name, None) is not None and self.alive:
            self._fill()

    @property
    def _at_hand(self) -> int:
        return len(self._workers) - len(self._aside)

    def _fill(self) -> None:
        while self._at_hand < self.size:
            self._spawn()

    def _spawn(self) -> None:
        self._count += 1
        self._on_fork()
        worker = Worker(f"g{self.generation}-{self.plan.tier}-{self._count}")
        self._workers[worker.name] = worker
        task = asyncio.get_running_loop().create_task(self._bring_up(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring_up(self, worker: Worker) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            try:
                await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
            except asyncio.CancelledError:
                ours.close()
                raise
            ready = worker.expect()
            self._send({"fork": worker.name}, theirs)
        if await ready is None:
            self.deaths += 1
            await asyncio.sleep(START_AGAIN_SECONDS)  # whatever keeps workers from starting may keep on
            died = await self.cause_of_death(worker)
            self._fail_waiting(EngineFailed("a query worker could not start", hint=died.words.strip()[-200:]))
            return
        self.release(worker)

    def _send(self, message: dict[str, str], passed: socket.socket | None = None) -> None:
        if self._control is None:
            return
        line = json.dumps(message).encode() + b"\n"
        try:
            if passed is None:
                self._control.send(line)
            else:
                socket.send_fds(self._control, [line], [passed.fileno()])
        except (BrokenPipeError, ConnectionResetError):
            self._drop_control(EngineFailed("the engine ended unexpectedly", hint="try again shortly"))

    def _read_control(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._drop_control(EngineFailed("the engine ended unexpectedly", hint="try again shortly"))
            return
        self._text += data
        while (end := self._text.find(b"\n")) >= 0:
            message = json.loads(bytes(self._text[:end]))
            del self._text[: end + 1]
            self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self.resident_bytes = int(message["rss_bytes"])
            if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
        elif "forked" in message:
            worker = self._workers.get(message["forked"])
            if worker is not None:
                worker.pid = int(message["pid"])
        elif "exited" in message:
            notice = self._exits.setdefault(message["exited"], asyncio.get_running_loop().create_future())
            if not notice.done():
                notice.set_result(Died(int(message["status"]), str(message["words"])))
            if message["exited"] not in self._workers:
                self._exits.pop(message["exited"], None)

    def _drop_control(self, error: EngineFailed) -> None:
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(error)
        self._fail_waiting(error)

    def _fail_waiting(self, error: EngineFailed) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(error)
