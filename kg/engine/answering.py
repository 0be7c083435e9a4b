"""Answering: every query of a client goes through here on its way to the engine, and identical ones share an answer.

In: a job. Out: an answer: one that is kept (`kg.engine.cache`), that of the same query under way, or the engine's. A
client that goes away takes its query with it only if nobody else waits for the answer. What a query is refused for
because of who asked it (too many at once, a short deadline) is not passed on to those who asked the same: they ask for
themselves.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Protocol

from kg import errors
from kg.engine.cache import AnswerCache, Favourite, Key, is_shareable, key_of
from kg.engine.lanes import Clients
from kg.engine.orders import Answer, Job
from kg.engine.progress import Progress
from kg.engine.supervisor import SLOW_QUERY_HINT, Supervisor
from kg.errors import ClientBusy, DeadlinePassed, KgError, QueueFull

OUTCOMES: Final = MappingProxyType(
    {
        errors.SyntaxFault: "syntax",
        errors.AnswerTooLarge: "too-large",
        errors.EngineFailed: "engine",
        errors.DeadlinePassed: "deadline",
        errors.ClientBusy: "client-busy",
        errors.QueueFull: "queue-full",
        errors.KgError: "other",
    }
)
"""How a query can end without an answer, looked up along the class hierarchy; besides there are these two."""
ANSWERED: Final = "answered"
ABANDONED: Final = "abandoned"

KILLED_FOR: Final = MappingProxyType(
    {"deadline": "deadline", ABANDONED: "abandoned", "queue-full": "slow-lane-full", "engine": "crash"}
)
"""What a worker was ended for, by the outcome of its query; a crash for want of memory is told apart."""
OUT_OF_MEMORY: Final = "memory"


class Observer(Protocol):
    """Who is told of queries; the words are of closed sets."""

    def query_ended(self, outcome: str, progress: Progress, seconds: float) -> None:
        """A client's query has ended, `seconds` after it was handed over."""

    def worker_killed(self, reason: str) -> None:
        """A worker was ended over a query, or died of it."""


class Answering:
    """The engine behind its cache."""

    def __init__(self, supervisor: Supervisor, cache: AnswerCache, observer: Observer) -> None:
        self.supervisor, self.cache = supervisor, cache
        self._observer = observer
        self._clients = Clients(supervisor.plan.client_queries)
        self._flights: dict[tuple[Key, str], _Flight] = {}
        self._since: dict[int, float] = {}

    @property
    def oldest_seconds(self) -> float:
        """How long the query that has been under way longest has been; 0 without one."""
        return time.perf_counter() - min(self._since.values()) if self._since else 0.0

    async def run(self, job: Job) -> Answer:
        """Answer a query; the answer is to be released by the supervisor.

        Raises:
            QueryError: whichever of them says why there is no answer.
        """
        return self.find(job) or await self.evaluate(job)

    def find(self, job: Job) -> Answer | None:
        """The answer that is kept, at once."""
        key = self._key(job)
        if key is None:
            return None
        answer = self.cache.get(key, job.query)
        job.progress.cache = "miss" if answer is None else "hit"
        if answer is not None:
            job.progress.length, job.progress.generation = answer.length, answer.generation
            self._observer.query_ended(ANSWERED, job.progress, 0.0)
        return answer

    def touch(self, job: Job) -> None:
        """Count a use of an answer that its reader still had."""
        if (key := self._key(job)) is not None:
            self.cache.touch(key)

    def count_again(self, jobs: Iterable[Job]) -> None:
        """Count uses of answers that a client was given as they were written before."""
        for job in jobs:
            self.touch(job)
            self.cache.hits += 1
            self._observer.query_ended(ANSWERED, Progress(cache="hit"), 0.0)

    async def evaluate(self, job: Job) -> Answer:
        """The engine's answer, or that of the same query under way.

        Raises:
            QueryError: whichever of them says why there is no answer.
        """
        # Not the event loop's clock, which may tell milliseconds only.
        started, outcome = time.perf_counter(), ABANDONED
        ticket = id(job)
        self._since[ticket] = started
        try:
            key = self._key(job)
            answer = await (self._run(job) if key is None else self._share((key, job.query), job))
            job.progress.length, job.progress.generation = answer.length, answer.generation
            outcome = ANSWERED
        except KgError as error:
            outcome = outcome_of(error)
            raise
        finally:
            del self._since[ticket]
            self._observer.query_ended(outcome, job.progress, time.perf_counter() - started)
        return answer

    async def warm(self, favourite: Favourite) -> bool:
        """Ask the engine in the background for an answer that is not kept yet, and keep it; whether it gave one."""
        pool = self.supervisor.pool
        if pool is None or key_of(favourite.job, pool.generation) in self.cache:
            return False
        try:
            answer = await self.supervisor.run(replace(favourite.job, background=True, progress=Progress()))
        except errors.QueryError:
            return False  # what had an answer in one generation need not have one in the next
        self.cache.put(favourite.job, answer, favourite.uses // 2)
        self.supervisor.release(answer)
        return True

    def _key(self, job: Job) -> Key | None:
        """The key of a job's answer from the generation of now; None where it is nobody else's."""
        pool = self.supervisor.pool
        return None if pool is None or not is_shareable(job) else key_of(job, pool.generation)

    async def _run(self, job: Job) -> Answer:
        outcome = ABANDONED
        try:
            answer = await self.supervisor.run(job)
            outcome = ANSWERED
        except KgError as error:
            outcome = outcome_of(error)
            raise
        finally:
            if job.progress.killed and outcome in KILLED_FOR:
                self._observer.worker_killed(OUT_OF_MEMORY if job.progress.out_of_memory else KILLED_FOR[outcome])
        return answer

    async def _share(self, key: tuple[Key, str], job: Job) -> Answer:
        """The answer of the same query under way, or of one that sets out now and that others may join.

        It is of the very same text, because what is wrong with it is told with its place.
        """
        self._clients.arrive(job.client)
        try:
            return await self._board(key, job)
        finally:
            self._clients.depart(job.client)

    async def _board(self, key: tuple[Key, str], job: Job) -> Answer:
        started = time.perf_counter()
        while True:
            left = job.seconds - job.spent - (time.perf_counter() - started)
            flight = self._flights.get(key)
            if flight is None or not flight.may_be_joined_by(job.client):
                return await self._set_out(key, replace(job, spent=job.seconds - left)).answer_for_one_more()
            try:
                async with asyncio.timeout(left):
                    answer = await flight.answer_for_one_more()
            except TimeoutError as error:
                raise DeadlinePassed(
                    f"the query had no answer after {job.seconds:g} s",
                    hint=SLOW_QUERY_HINT,
                    limit_seconds=job.seconds,
                ) from error
            except (ClientBusy, DeadlinePassed, QueueFull):
                continue  # that was between the service and another client
            job.progress.cache = "shared"
            job.progress.follow(flight.job.progress)
            return answer

    def _set_out(self, key: tuple[Key, str], job: Job) -> "_Flight":
        flight = _Flight(job, asyncio.get_running_loop().create_task(self._run(job)), self.supervisor)
        self._flights[key] = flight

        def land(task: asyncio.Task[Answer]) -> None:
            if self._flights.get(key) is flight:
                del self._flights[key]
            if not task.cancelled() and task.exception() is None:
                self.cache.put(job, task.result())

        # Before anybody waits for it, so that nobody is told of the answer before it is kept.
        flight.task.add_done_callback(land)
        return flight


@dataclass(slots=True)
class _Flight:
    """A query under way, and how many wait for its answer."""

    job: Job
    task: asyncio.Task[Answer]
    supervisor: Supervisor
    waiting: int = 0
    ended: bool = False

    def may_be_joined_by(self, client: str) -> bool:
        """Not by anybody once it has ended, and not by others while it waits for a worker in its client's own queue."""
        under_way = not self.ended and not self.task.done()
        return under_way and (self.job.progress.running or self.job.client == client)

    async def answer_for_one_more(self) -> Answer:
        self.waiting += 1
        try:
            return (await asyncio.shield(self.task)).copy()
        finally:
            self.waiting -= 1
            if not self.waiting:
                await self._end()

    async def _end(self) -> None:
        """Nobody waits any more: end the query, or give its answer back."""
        self.ended = True
        if not self.task.done():
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        if not self.task.cancelled() and self.task.exception() is None:
            self.supervisor.release(self.task.result())


def outcome_of(error: KgError) -> str:
    """The word for how a query ended."""
    return next(OUTCOMES[cls] for cls in type(error).__mro__ if cls in OUTCOMES)
