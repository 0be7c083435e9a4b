"""Inquiries: all that one request asks of the engine, answered by one generation and within one deadline.

In: a request and what it asks. Out: answers that belong together. A new generation may take over between two questions;
an answer that would rest on both is begun again from the first question, so often and no oftener.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from pyoxigraph import QuerySolution
from starlette.requests import Request

from kg.api.access import client_of
from kg.api.answers import run_while_connected, take
from kg.engine.conversations import rows_of
from kg.engine.orders import Answer, Job
from kg.errors import AnswerTooLarge, EngineFailed, QueueFull
from kg.per_generation import Naming
from kg.services import Services
from kg.sparql.formats import JSON

ATTEMPTS: Final = 3
"""So often an answer is begun, where each time the generation changes before it is whole."""

MAX_ROWS_BYTES: Final = 16 << 20
"""Rows of more than these bytes are not read, which takes memory of the web process."""

IN_THREAD_BYTES: Final = 256 << 10
"""More are read in a thread, so that they do not hold up everybody else."""

Given = TypeVar("Given")


class GenerationChanged(Exception):
    """Another generation answered than the one that the answer rests on."""


def served_generation(services: Services) -> int:
    """The number of the generation that answers now.

    Raises:
        EngineFailed: none does.
    """
    pool = services.supervisor.pool
    if pool is None:
        raise EngineFailed("the engine is not running", hint="try again shortly")
    return pool.generation


async def served_naming(services: Services) -> Naming:
    """How the generation that answers now names things.

    Raises:
        EngineFailed: none does.
        BuildError: the generation's folder is damaged.
    """
    return await services.namings.of(served_generation(services))


def of_generation(services: Services, answer: Answer, generation: int) -> Answer:
    """An answer, if this generation gave it.

    Raises:
        GenerationChanged: another one did; the answer is given back.
    """
    if answer.generation != generation:
        services.supervisor.release(answer)
        raise GenerationChanged
    return answer


async def from_one_generation(begin: Callable[[], Awaitable[Given]]) -> Given:
    """What `begin` gives; it is begun again where it finds out that the generation has changed.

    Raises:
        QueueFull: it has changed each time.
    """
    for _ in range(ATTEMPTS):
        try:
            return await begin()
        except GenerationChanged:
            continue
    raise QueueFull("the graph is being changed just now", hint="ask again")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Questions to one generation that belong to one request and share its deadline.

    Attributes:
        arrived: when the request did, by `time.perf_counter`.
        naming: how the generation that is asked names things.
        infer: whether rows are also of what reasoning added.
    """

    request: Request
    arrived: float
    naming: Naming
    infer: bool = True

    @property
    def services(self) -> Services:
        """What the request is answered with."""
        services: Services = self.request.app.state.services
        return services

    @property
    def seconds(self) -> float:
        """The deadline, counted from the request's arrival."""
        return self.services.settings.timeout

    @property
    def spent(self) -> float:
        """How many seconds have passed since the request arrived."""
        return time.perf_counter() - self.arrived

    def timing(self) -> dict[str, str]:
        """The header that says how long the request has taken so far."""
        return {"Server-Timing": f"total;dur={self.spent * 1000:.2f}"}

    async def ask(self, job: Job) -> Answer:
        """The answer to a job, which is done for this request's client in the time that is left of the job's seconds.

        Raises:
            ClientDisconnect: there is nobody to answer any more.
            QueryError: whichever of them says why there is no answer.
            GenerationChanged: another generation has answered.
        """
        mine = replace(job, spent=self.spent, client=client_of(self.request))
        answer = await run_while_connected(self.services, mine, self.request.receive)
        return of_generation(self.services, answer, self.naming.generation)

    async def content(self, job: Job) -> bytes:
        """The bytes of the answer to a job; raises what `ask` raises."""
        return take(self.services, await self.ask(job))

    async def rows(self, query: str, *, strict: bool = False) -> list[QuerySolution]:
        """The solutions of a query that bounds their number; raises what `ask` raises.

        Raises:
            AnswerTooLarge: they hold texts of many megabytes.
        """
        job = Job(query, JSON, infer=self.infer, seconds=self.seconds, strict=strict)
        answer = await self.ask(job)
        if answer.length > MAX_ROWS_BYTES:
            self.services.supervisor.release(answer)
            raise AnswerTooLarge(
                f"the answer rests on more than {MAX_ROWS_BYTES >> 20} MB of text",
                hint="ask for less of it, or for another format",
            )
        content = take(self.services, answer)
        return rows_of(content) if len(content) <= IN_THREAD_BYTES else await asyncio.to_thread(rows_of, content)


async def inquire(
    request: Request, arrived: float, answer: Callable[[Inquiry], Awaitable[Given]], *, infer: bool = True
) -> Given:
    """What `answer` gives for an inquiry to the generation that answers now, or to the one that takes over from it.

    Raises:
        EngineFailed: no generation answers.
        BuildError: the generation's folder is damaged.
        QueueFull: the generation changes too often for a whole answer.
    """

    async def begin() -> Given:
        naming = await served_naming(request.app.state.services)
        return await answer(Inquiry(request, arrived, naming, infer))

    return await from_one_generation(begin)
