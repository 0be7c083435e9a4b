"""Candidate links of a running service: in turn, in a process of its own, within a time.

In: what candidates are asked for. Out: candidates as JSON. The columns that they are found in are made when they are
first needed (`kg.linking.keeping`), by another process, for which requests wait as long as they may.
"""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import asdict
from typing import Any, Final

from kg import errors
from kg.build.generations import Home
from kg.engine import frames
from kg.engine.lanes import Gate
from kg.engine.link import Worker
from kg.errors import DeadlinePassed, EngineFailed, QueueFull
from kg.linking.wish import Wish

QUEUE: Final = 20
RETRY_AFTER: Final = 5
_MODULE: Final = "kg.linking.process"


class Proposing:
    """One process that finds candidates, one wish after another; it is started when it is first needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._gate = Gate(places=1, queue=QUEUE, share=1)
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Worker | None = None
        self._kept = 0
        self._making: dict[int, asyncio.Task[None]] = {}

    async def find(
        self, generation: int, wish: Wish, rejected: Collection[str], client: str, seconds: float
    ) -> dict[str, Any]:
        """The candidates in a generation, but for those whose ids were rejected.

        Raises:
            ParameterError: a part of the wish is wrong.
            NotFound: there is no such model or thing, or the generation is gone.
            QueueFull: others wait already, or the models of the generation are still being read.
            DeadlinePassed: it was not done in time.
            EngineFailed: the process ended while it was at it.
        """
        due = time.monotonic() + seconds
        await self._make(generation, seconds)
        try:
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                await self._gate.enter(client)
                try:
                    reply = await self._ask(generation, wish, rejected)
                finally:
                    self._gate.leave(client)
        except TimeoutError as error:
            hint = "ask for one other model with right=, or with a longer timeout of the service"
            raise DeadlinePassed("the candidates were not found in time", hint=hint, limit_seconds=seconds) from error
        if reply is None:
            raise EngineFailed("the candidates could not be found", hint="try again shortly")
        head, body = reply
        if "error" in head:
            raise getattr(errors, head["error"])(**head["fields"])
        found: dict[str, Any] = await asyncio.to_thread(json.loads, body)
        return found

    async def close(self) -> None:
        """End the processes."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        self._end()

    async def _make(self, generation: int, seconds: float) -> None:
        """Have the columns of a generation made if they are not there."""
        if generation == self._kept:
            return
        if not await asyncio.to_thread(lambda: self._home.get_generation(generation).linking.is_dir()):
            if generation not in self._making:
                self._making[generation] = asyncio.get_running_loop().create_task(self._run_making(generation))
            try:
                # Shielded, because others may wait for the same, and what is done of it would be lost.
                await asyncio.wait_for(asyncio.shield(self._making[generation]), seconds)
            except TimeoutError as error:
                raise QueueFull(
                    "the models of this generation are being read for the first time",
                    hint="ask again in a moment",
                    retry_after=RETRY_AFTER,
                ) from error
        self._kept = generation

    async def _run_making(self, generation: int) -> None:
        """Make the columns in a process of its own.

        Raises:
            EngineFailed: it ended without having made them.
        """
        command = [sys.executable, "-P", "-m", _MODULE, str(self._home.path), "make", str(generation)]
        process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
        try:
            _, said = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        finally:
            self._making.pop(generation, None)
        if process.returncode:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            hint = f"it said: {lines[-1][:300]}" if lines else "the log of the system may say why"
            raise EngineFailed("the models of this generation could not be read", hint=hint)

    async def _ask(self, generation: int, wish: Wish, rejected: Collection[str]) -> tuple[frames.Head, bytes] | None:
        if self._link is None or self._link.lost:
            self._end()
            self._link = await self._start()
        done = False
        try:
            body = json.dumps(sorted(rejected)).encode()
            reply = await self._link.send(frames.encode({"generation": generation, "wish": asdict(wish)}, body))
            done = reply is not None
        finally:
            if not done:
                self._end()  # it died, or is still at it: the next wish gets a new process
        return reply

    async def _start(self) -> Worker:
        ours, theirs = socket.socketpair()
        link = Worker("linking")
        with theirs:
            ours.setblocking(False)
            self._process = subprocess.Popen(  # noqa: ASYNC220  a millisecond, once
                [sys.executable, "-P", "-m", _MODULE, str(self._home.path), "serve", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
            )
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        return link

    def _end(self) -> None:
        if self._link is not None:
            self._link.hang_up()
            self._link = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
