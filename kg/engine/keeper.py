"""The keeper: sees to it that the supervisor serves the home's current generation, in the best tier that fits.

In: a home and settings. Out: calls of `Supervisor.serve`. A generation is answered from disk first, which takes a
fraction of a second, and moves to memory when its copy is loaded. A fork server that died is
brought up again.
"""

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.build.generations import Generation, Home
from kg.engine.supervisor import Served, Supervisor
from kg.errors import KgError
from kg.namespaces import Names

LOOK_SECONDS: Final = 0.5
RETRY_SECONDS: Final = 2.0
BYTES_PER_QUAD: Final = 500
"""What a quad takes in an in-memory store, rounded up from measurements of 400 to 450 bytes."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Keeper:
    """Keeps one supervisor up to date; `tier` is "auto", "memory" or "disk"."""

    home: Home
    supervisor: Supervisor
    tier: str
    generation: Generation | None = None
    _settled: bool = False

    @property
    def _processes(self) -> int:
        """The fork server, the workers of the fast lane and those of the slow one."""
        return 1 + self.supervisor.plan.workers + self.supervisor.plan.slow_places

    async def keep(self) -> None:
        """Look for a new current generation, and for a pool that died, until cancelled."""
        while True:
            try:
                await self.look()
                await self.promote()
            except KgError as error:
                # What was served is still served; the next look tries again.
                logger.error("cannot serve the current generation: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Serve what is current now from disk, if it is not served already.

        Raises:
            KgError: there is no generation, or the engine did not come up.
        """
        current = self.home.get_current()
        if self.generation is not None and self.generation.number == current.number and self.supervisor.ready:
            return
        await self.supervisor.serve(as_served(current), "disk")
        self.generation, self._settled = current, False
        logger.info("serving generation %d from disk", current.number)

    async def promote(self) -> None:
        """Move the served generation to memory, if that is wanted and it fits.

        Raises:
            KgError: the engine did not come up in memory; the generation is served from disk.
        """
        if self._settled or self.generation is None:
            return
        self._settled = True
        manifest = self.generation.manifest
        if self.tier == "disk" or (
            self.tier == "auto" and not fits_in_memory(manifest.quads * BYTES_PER_QUAD, self._processes)
        ):
            return
        pool = await self.supervisor.serve(as_served(self.generation), "memory")
        logger.info("serving generation %d from memory (%d MB)", manifest.number, pool.resident_bytes >> 20)
        if self.tier == "auto" and not fits_in_memory(pool.resident_bytes, self._processes):
            logger.warning("generation %d is larger in memory than reckoned: back to disk", manifest.number)
            await self.supervisor.serve(as_served(self.generation), "disk")


def as_served(generation: Generation) -> Served:
    """A generation as the engine needs it."""
    manifest = generation.manifest
    names = Names(manifest.base_iri)
    return Served(
        number=generation.number,
        store=generation.store,
        quads=generation.quads,
        lease=generation.lease,
        prefixes=names.prefixes(),
        inferred=names.inferred if manifest.graphs.get(names.inferred) else None,
        base=names.base,
        statistics=generation.statistics,
    )


def fits_in_memory(store_bytes: int, processes: int) -> bool:
    """Whether a store may be held in memory: its size times the processes that hold it in half the machine's.

    Scans in forked workers copy pages, so each worker is reckoned with a copy of its own.
    """
    return processes * store_bytes <= machine_memory() // 2


def machine_memory() -> int:
    """The memory this process may use, in bytes: the machine's, or its control group's where that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file():
        text = limit.read_text(encoding="ascii").strip()
        if text.isdigit():
            return min(total, int(text))
    return total
