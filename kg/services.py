"""What the HTTP handlers and the command line share: one `Services` object, made once per process.

In: settings. Out: the home, the engine and the guard, ready to be asked. There is no module-level state anywhere:
whoever needs these is handed this object.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.access.addresses import TrustedProxies
from kg.access.door import Door
from kg.access.keys import Keys, read_keys
from kg.access.rates import Rate
from kg.access.tokens import TokenFile
from kg.aliases import Aliases
from kg.build.generations import Home
from kg.config import Settings
from kg.engine.answering import Answering
from kg.engine.cache import AnswerCache
from kg.engine.checker import Checker
from kg.engine.guard import GuardLimits, QueryOutline
from kg.engine.keeper import Keeper
from kg.engine.outlines import Outlines
from kg.engine.supervisor import EnginePlan, Supervisor
from kg.engine.warming import Warmer
from kg.linking.decided import Decided
from kg.linking.decisions import DecisionLog
from kg.metrics import Metrics
from kg.named.folders import our_folder
from kg.named.library import Library
from kg.namespaces import Names
from kg.per_generation import Naming, PerGeneration, read_naming
from kg.proposing import Proposing
from kg.querylog import QueryLog
from kg.reviewing import Reviewing
from kg.search.searching import SearchIndex
from kg.searching import Searching
from kg.written import WrittenAnswers

WRITTEN_SHARE: Final = 4
"""One part in so many of what is kept in memory is for answers as they were written."""


@dataclass(slots=True)
class Services:
    """What a running service consists of."""

    settings: Settings
    home: Home
    supervisor: Supervisor
    keeper: Keeper
    guard_limits: GuardLimits
    outlines: Outlines
    namings: PerGeneration[Naming]
    searching: Searching
    door: Door
    answering: Answering
    written: WrittenAnswers
    metrics: Metrics
    query_log: QueryLog
    library: Library
    proposing: Proposing
    reviewing: Reviewing
    decided: Callable[[Aliases], Decided]
    offer: Callable[[Iterable[tuple[str, str]]], None]

    async def check(self, query: str, seconds: float) -> QueryOutline:
        """Check a query against the limits, without holding up the event loop.

        Raises:
            QueryError: see `kg.engine.guard.check`; DeadlinePassed if long queries before this one take that long.
        """
        generation = self.keeper.generation
        search = Names(generation.manifest.base_iri).search if generation else ""
        return await self.outlines.check(query, seconds, search)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The services while the context lasts; the engine serves from disk when it is entered.

    Raises:
        NotFound: the home has no generation.
        UsageError: there are faults in the named queries.
        EngineFailed: the engine did not come up.
    """
    home = Home(settings.home)
    home.get_current()
    door = make_door(settings)
    query_log = QueryLog(settings.query_log, with_text=settings.query_log_text)
    spool = _make_spool(settings.home)
    supervisor = Supervisor(engine_plan(settings, spool))
    keeper = Keeper(home, supervisor, settings.tier)
    limits, metrics = guard_limits(settings), Metrics()
    outlines = Outlines(limits, Checker(limits))
    namings = PerGeneration(home, read_naming)
    searching = Searching(PerGeneration(home, lambda generation: SearchIndex.open(generation.search)), namings)
    kept = settings.cache_mb << 20
    written = WrittenAnswers(kept // WRITTEN_SHARE)
    answering = Answering(supervisor, AnswerCache(kept - written.most_bytes), metrics)
    metrics.watch(answering, keeper)
    library = open_library(settings)
    services = Services(
        settings,
        home,
        supervisor,
        keeper,
        limits,
        outlines,
        namings,
        searching,
        door,
        answering,
        written,
        metrics,
        query_log,
        library,
        proposing := Proposing(home),
        reviewing := open_reviewing(home),
        reviewing.decided,
        reviewing.offers.remember,
    )
    try:
        # Both take a moment in another process.
        begun = await asyncio.gather(keeper.look(), asyncio.to_thread(library.load), return_exceptions=True)
        for error in filter(None, begun):
            raise error
        loop = asyncio.get_running_loop()
        keeping = (loop.create_task(keeper.keep()), loop.create_task(Warmer(answering).keep()))
        try:
            yield services
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
    finally:
        await proposing.close()
        outlines.checker.close()
        await supervisor.close()
        query_log.close()
        shutil.rmtree(spool, ignore_errors=True)


def make_door(settings: Settings) -> Door:
    """The settings that concern who may come in.

    Raises:
        UsageError: the file of keys is wrong.
    """
    return Door(
        TrustedProxies.parse(settings.trusted_proxies),
        read_keys(settings.api_keys) if settings.api_keys else Keys(),
        Rate(settings.client_rate, settings.client_burst),
        tokens=TokenFile(Home(settings.home).tokens),
    )


def open_reviewing(home: Home) -> Reviewing:
    """The decisions on links of a home, and those who may take them."""
    return Reviewing(DecisionLog(home.decisions), TokenFile(home.tokens))


def open_library(settings: Settings) -> Library:
    """The named queries, ours and the operator's, before they are read."""
    return Library((our_folder(), *settings.query_folders), guard_limits(settings), settings.reload_queries)


def guard_limits(settings: Settings) -> GuardLimits:
    """The settings that concern the guard."""
    return GuardLimits(max_length=settings.max_query_length, allowed_services=settings.allowed_services)


def engine_plan(settings: Settings, spool: Path) -> EnginePlan:
    """The settings that concern the engine, in its units."""
    return EnginePlan(
        workers=settings.workers,
        slow_after=settings.slow_after_ms / 1000,
        slow_places=settings.slow_places,
        slow_queue=settings.slow_queue,
        queue=settings.queue,
        client_queries=settings.client_queries,
        memory_bytes=settings.worker_memory_mb << 20,
        answer_bytes=settings.answer_mb << 20,
        spool_bytes=settings.spool_mb << 20,
        spool=spool,
    )


def _make_spool(home: Path) -> Path:
    """A folder for large answers, named by process; those that dead processes left are removed."""
    folder = home / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if left.name.isdigit() and not _is_alive(int(left.name)):
            shutil.rmtree(left, ignore_errors=True)
    spool = folder / str(os.getpid())
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    return spool.resolve()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
