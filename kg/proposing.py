"""Candidate links of a running service: in turn, in a process of its own, within a time.

In: what candidates are asked for. Out: candidates as JSON. The columns that they are found in are made when they are
first needed (`kg.linking.keeping`), for which requests wait as long as they may; that work is not begun anew.
"""

import asyncio
import json
import time
from collections.abc import Collection
from dataclasses import asdict
from typing import Any, Final

from kg.build.generations import Home
from kg.engine import frames
from kg.engine.companion import Companion, Reply
from kg.engine.exchanges import refuse
from kg.errors import DeadlinePassed, EngineFailed, QueueFull
from kg.linking.wish import Wish

QUEUE: Final = 20
RETRY_AFTER: Final = 5


class Proposing:
    """One process that finds candidates, one wish after another; it is started when it is first needed."""

    def __init__(self, home: Home) -> None:
        self._process = Companion("kg.linking.process", str(home.path), queue=QUEUE)
        self._opened = 0
        self._opening: dict[int, asyncio.Task[None]] = {}

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
        await self._open_within(generation, seconds)
        head: frames.Head = {"generation": generation, "wish": asdict(wish)}
        try:
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                reply = await self._process.ask(head, json.dumps(sorted(rejected)).encode(), client)
        except TimeoutError as error:
            hint = "ask for one other model with right=, or for fewer elements"
            raise DeadlinePassed("the candidates were not found in time", hint=hint, limit_seconds=seconds) from error
        found: dict[str, Any] = await asyncio.to_thread(json.loads, _body(reply))
        return found

    async def close(self) -> None:
        """End the process."""
        for task in self._opening.values():
            task.cancel()
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        self._process.close()

    async def _open_within(self, generation: int, seconds: float) -> None:
        """Have the process open a generation, which it may have to read first."""
        if generation == self._opened and self._process.alive:
            return
        if generation not in self._opening:
            task = asyncio.get_running_loop().create_task(self._open(generation))
            task.add_done_callback(_look_at)  # all who wait may have gone
            self._opening[generation] = task
        try:
            # Shielded, because others may wait for the same, and what is done of it would be lost.
            await asyncio.wait_for(asyncio.shield(self._opening[generation]), seconds)
        except TimeoutError as error:
            raise QueueFull(
                "the models of this generation are being read for the first time",
                hint="ask again in a moment",
                retry_after=RETRY_AFTER,
            ) from error

    async def _open(self, generation: int) -> None:
        try:
            _body(await self._process.ask({"generation": generation}))
            self._opened = generation
        finally:
            self._opening.pop(generation, None)


def _look_at(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        task.exception()


def _body(reply: Reply) -> bytes:
    """The body of a reply.

    Raises:
        KgError: the process says so, or ended.
    """
    if reply is None:
        raise EngineFailed("the candidates could not be found", hint="try again shortly")
    head, body = reply
    refuse(head)
    return body
