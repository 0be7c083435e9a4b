"""The supervisor: every query of the service goes through `Supervisor.run`.

In: a `Job`. Out: a whole `Answer`, or one of the `QueryError`s. The web process holds this object and never parses
or evaluates a client's SPARQL itself. New generations, and the move from the store on disk to the copy in memory, are
changes of the pool that new queries go to; queries under way end where they began.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.engine import frames
from kg.engine.lanes import Clients, Gate
from kg.engine.link import Worker
from kg.engine.orders import Answer, Job, order_head
from kg.engine.plans import ForkServerPlan, WorkerPlan
from kg.engine.pool import Pool
from kg.engine.replies import failure, refuse
from kg.engine.standing import Standing
from kg.errors import AnswerTooLarge, DeadlinePassed, EngineFailed, QueueFull, SyntaxFault
from kg.namespaces import DEFAULT_BASE_IRI

SLOW_QUERY_HINT: Final = "select fewer patterns first, add a LIMIT, or ask for a longer timeout= under the cap"
LARGE_GRAPH_HINT: Final = "/dumps/ has large graphs as files"
BACKGROUND_NICENESS: Final = 19


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How the engine runs; the fields are settings of the same meaning (kg.config), times in seconds."""

    workers: int
    slow_after: float
    slow_places: int
    slow_queue: int
    queue: int
    client_queries: int
    memory_bytes: int
    answer_bytes: int
    spool_bytes: int
    spool: Path


@dataclass(frozen=True, slots=True)
class Served:
    """A generation as the engine needs it."""

    number: int
    store: Path
    quads: Path
    lease: Path
    prefixes: Mapping[str, str]
    inferred: str | None
    base: str = DEFAULT_BASE_IRI
    statistics: Path | None = None


@dataclass(slots=True)
class Counts:
    """What happened to queries so far."""

    answered: int = 0
    refused: int = 0
    failed: int = 0
    deadlines: int = 0
    abandoned: int = 0
    forked: int = 0


@dataclass(slots=True)
class Supervisor:
    """The engine as the web process sees it; make it with `Supervisor(plan)` inside a running event loop."""

    plan: EnginePlan
    counts: Counts = field(default_factory=Counts)
    _fast: Gate = field(init=False)
    _slow: Gate = field(init=False)
    _clients: Clients = field(init=False)
    _pool: Pool | None = None
    _users: dict[Pool, int] = field(default_factory=dict)
    _retired: set[asyncio.Task[None]] = field(default_factory=set)
    _spooled: int = 0

    def __post_init__(self) -> None:
        plan = self.plan
        self._fast = Gate(plan.workers, plan.queue, plan.workers - 1)
        self._slow = Gate(plan.slow_places, plan.slow_queue, plan.slow_places - 1)
        self._clients = Clients(plan.client_queries)

    @property
    def pool(self) -> Pool | None:
        """The pool that new queries go to."""
        return self._pool

    @property
    def ready(self) -> bool:
        """Whether a query can be answered now."""
        return self._pool is not None and self._pool.alive

    @property
    def load(self) -> dict[str, int]:
        """How full the lanes are."""
        return {
            "running": self._fast.inside,
            "waiting": self._fast.waiting,
            "slow_running": self._slow.inside,
            "slow_waiting": self._slow.waiting,
            "spooled_bytes": self._spooled,
        }

    async def serve(self, served: Served, tier: str) -> Pool:
        """Bring up a pool for a generation in a tier and let new queries go to it.

        Raises:
            EngineFailed: it did not come up; the pool before goes on serving.
        """
        pool = Pool(
            served.number,
            self._fork_server_plan(served, tier),
            self.plan.workers,
            self.plan.slow_places,
            self._count_fork,
        )
        started = False
        try:
            await pool.start()
            started = True
        finally:
            if not started:
                await pool.close()
        before, self._pool = self._pool, pool
        if before is not None and not self._users.get(before):
            self._retire(before)
        return pool

    async def run(self, job: Job) -> Answer:
        """Answer a query.

        Raises:
            QueryError: whichever of them says why there is no answer.
        """
        self._clients.arrive(job.client)
        try:
            return await self._run(job)
        except asyncio.CancelledError:
            self.counts.abandoned += 1
            raise
        except DeadlinePassed:
            self.counts.deadlines += 1
            raise
        except EngineFailed:
            self.counts.failed += 1
            raise
        except (QueueFull, SyntaxFault, AnswerTooLarge):
            self.counts.refused += 1
            raise
        finally:
            self._clients.depart(job.client)

    async def close(self) -> None:
        """End every process of the engine."""
        pools = {*self._users, *([self._pool] if self._pool else [])}
        self._pool = None
        for task in list(self._retired):
            task.cancel()
        await asyncio.gather(*(pool.close() for pool in pools))

    async def _run(self, job: Job) -> Answer:
        lane = Standing(self._fast, self._slow, job)
        arrived = time.perf_counter()
        try:
            async with asyncio.timeout(max(0.0, job.seconds - job.spent)) as deadline:
                await lane.enter()
                async with self._borrowed_pool() as pool:
                    worker = await pool.acquire()
                    job.progress.queue_seconds = time.perf_counter() - arrived
                    job.progress.lane = "slow" if job.background else "fast"
                    reply = None
                    try:
                        reply = await self._converse(job, deadline.when(), pool, worker, lane)
                        if reply is None:
                            raise failure(await pool.cause_of_death(worker), job)
                        return self._read(reply, job, pool)
                    finally:
                        job.progress.killed = reply is None
                        demoted = lane.slow or job.background
                        if reply is None or reply[0].get("retire") or (demoted and not worker.restore()):
                            pool.kill(worker)
                        else:
                            pool.release(worker)
        except TimeoutError as error:
            raise DeadlinePassed(
                f"the query had no answer after {job.seconds:g} s {lane.doing}",
                hint=LARGE_GRAPH_HINT if job.kind == "dump" else SLOW_QUERY_HINT,
                limit_seconds=job.seconds,
            ) from error
        finally:
            lane.leave()

    async def _converse(
        self, job: Job, deadline: float | None, pool: Pool, worker: Worker, lane: Standing
    ) -> tuple[frames.Head, bytes] | None:
        """Give the order and wait for the reply, in the fast lane and then in the slow one."""
        assert deadline is not None
        remaining = max(0.001, deadline - asyncio.get_running_loop().time())
        reply = worker.send(frames.encode(order_head(job, remaining), job.query.encode()))
        lane.doing = "and was ended"
        if job.background:
            pool.set_aside(worker)
            worker.demote(BACKGROUND_NICENESS)
            return await reply
        await asyncio.wait((reply,), timeout=self.plan.slow_after)
        if not reply.done():
            pool.set_aside(worker)
            await lane.slow_down(worker)
        return await reply

    def _read(self, reply: tuple[frames.Head, bytes], job: Job, pool: Pool) -> Answer:
        head, inline = reply
        refuse(head, job.query)
        self.counts.answered += 1
        job.progress.engine_seconds = float(head["engine_seconds"])
        answer = Answer(job.answer_format, int(head["length"]), float(head["engine_seconds"]), pool.generation, inline)
        answer.hints = head.get("hints", ())
        answer.next_offset = head.get("next")
        if head["file"] is not None:
            path = self.plan.spool / Path(str(head["file"])).name
            answer.file = path.open("rb")
            path.unlink()
            if self._spooled + answer.length > self.plan.spool_bytes:
                answer.close()
                raise QueueFull("too many large answers wait for their readers", hint="try again later", retry_after=30)
            self._spooled += answer.length
        return answer

    def release(self, answer: Answer) -> None:
        """Take an answer back when it was read, or will not be."""
        if answer.file is not None and not answer.file.closed:
            answer.close()
            if not answer.readers.count:
                self._spooled -= answer.length

    @asynccontextmanager
    async def _borrowed_pool(self) -> AsyncIterator[Pool]:
        """The pool of now, kept open until this query is done with it."""
        pool = self._pool
        if pool is None:
            raise EngineFailed("the engine is not running", hint="try again shortly")
        self._users[pool] = self._users.get(pool, 0) + 1
        try:
            yield pool
        finally:
            self._users[pool] -= 1
            if not self._users[pool]:
                del self._users[pool]
                if pool is not self._pool:
                    self._retire(pool)

    def _count_fork(self) -> None:
        self.counts.forked += 1

    def _retire(self, pool: Pool) -> None:
        task = asyncio.get_running_loop().create_task(pool.close())
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)

    def _fork_server_plan(self, served: Served, tier: str) -> ForkServerPlan:
        plan = self.plan
        worker = WorkerPlan(
            plan.spool,
            plan.answer_bytes,
            plan.memory_bytes,
            served.prefixes,
            served.inferred,
            served.base,
            served.statistics,
        )
        return ForkServerPlan(tier, served.store, served.quads, served.lease, worker, plan.answer_bytes + (1 << 20))
