"""Warming: after a publication the queries that were asked most are asked again, before a client does.

In: the answers kept of the generation before. Out: answers of the new one. One query at a time, on a worker of its own
at the lowest priority and only while others are idle, for a bounded number of queries and a bounded time.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Final

from kg.engine.answering import Answering
from kg.errors import KgError

LOOK_SECONDS: Final = 0.5
MOST_QUERIES: Final = 200
MOST_SECONDS: Final = 30.0
QUERY_SECONDS: Final = 5.0
IDLE_WORKERS: Final = 2
"""So many workers have nothing to do when one is taken: a client that comes just then finds another."""
IDLE_LOOK_SECONDS: Final = 0.02

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Warmer:
    """Keeps the cache to the generation that is served; `generation` is the one it has seen to."""

    answering: Answering
    generation: int = 0

    async def keep(self) -> None:
        """Look for a new generation, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """If a new generation is served, forget the answers of others and ask for the favourites."""
        pool = self.answering.supervisor.pool
        if pool is None or pool.generation == self.generation:
            return
        self.generation = pool.generation
        cache = self.answering.cache
        favourites = cache.favourites(MOST_QUERIES)
        cache.keep_only(pool.generation)
        warmed = 0
        try:
            async with asyncio.timeout(MOST_SECONDS):
                for favourite in favourites:
                    await self._wait_for_idle_workers()
                    job = replace(favourite.job, seconds=min(favourite.job.seconds, QUERY_SECONDS))
                    warmed += await self.answering.warm(favourite._replace(job=job))
        except TimeoutError:
            logger.info("warming ended after %g s", MOST_SECONDS)
        except KgError as error:
            logger.warning("warming ended: %s", error)
        if favourites:
            logger.info("generation %d: %d of %d answers warmed", pool.generation, warmed, len(favourites))

    async def _wait_for_idle_workers(self) -> None:
        supervisor = self.answering.supervisor
        while (pool := supervisor.pool) is None or pool.idle < min(IDLE_WORKERS, pool.size):  # noqa: ASYNC110  looks on
            await asyncio.sleep(IDLE_LOOK_SECONDS)
