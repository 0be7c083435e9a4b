"""One query on a generation, without a server: the same workers, limits and errors.

In: query text. Out: the answer, on a binary stream.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

from pyoxigraph import QuerySolution

from kg.build.generations import Generation
from kg.engine.conversations import Conversation, Result, hold, rows_of
from kg.engine.guard import GuardLimits, check
from kg.engine.keeper import as_served
from kg.engine.orders import Job
from kg.engine.supervisor import EnginePlan, Supervisor
from kg.errors import NotFound, ParameterError
from kg.sparql.formats import JSON, negotiate


def answer_once(generation: Generation, job: Job, plan: EnginePlan, out: IO[bytes]) -> Sequence[Mapping[str, Any]]:
    """Run one job on a generation and write its answer; returns the hints on it.

    Raises:
        QueryError: there is no answer; nothing was written.
    """
    alone = replace(plan, workers=1, slow_after=job.seconds, slow_places=1, slow_queue=0)
    return asyncio.run(_answer(generation, job, alone, out))


def answer_all(
    generation: Generation, jobs: Sequence[Job], plan: EnginePlan
) -> list[bytes | NotFound | ParameterError]:
    """Run jobs on a generation one after the other, in one worker; what one asks for in vain is said in its place.

    Raises:
        QueryError: one of them has no answer.
    """
    longest = max((job.seconds for job in jobs), default=0.0)
    alone = replace(plan, workers=1, slow_after=longest, slow_places=1, slow_queue=0)
    return asyncio.run(_answer_all(generation, jobs, alone))


def converse_once(
    generation: Generation,
    conversation: Conversation[Result],
    plan: EnginePlan,
    seconds: float,
) -> Result:
    """Hold a conversation with a generation: its questions are answered until it has its value.

    Raises:
        QueryError: a question got no answer.
    """
    alone = replace(plan, workers=1, slow_after=seconds, slow_places=1, slow_queue=0)
    return asyncio.run(_converse(generation, conversation, alone, seconds))


def make_job(
    query: str, answer_format: str | None, limits: GuardLimits, *, infer: bool, seconds: float
) -> tuple[Job, tuple[int, ...]]:
    """A job for a query that comes from the operator, and where its text searches begin.

    Raises:
        QueryError: the guard does not let it pass.
        RequestError: the format is unknown or does not fit the query.
    """
    outline = check(query, limits)
    job = Job(
        query=query,
        answer_format=negotiate(None, answer_format, outline.form),
        infer=infer,
        own_dataset=outline.has_dataset_clause,
        seconds=seconds,
        ordered=outline.has_order_by,
    )
    return job, outline.text_searches


async def _answer_all(
    generation: Generation, jobs: Sequence[Job], plan: EnginePlan
) -> list[bytes | NotFound | ParameterError]:
    supervisor = Supervisor(plan)
    found: list[bytes | NotFound | ParameterError] = []
    try:
        await supervisor.serve(as_served(generation), "disk")
        for job in jobs:
            try:
                answer = await supervisor.run(job)
            except (NotFound, ParameterError) as error:
                found.append(error)
                continue
            try:
                found.append(b"".join(answer.chunks()))
            finally:
                supervisor.release(answer)
    finally:
        await supervisor.close()
    return found


async def _answer(generation: Generation, job: Job, plan: EnginePlan, out: IO[bytes]) -> Sequence[Mapping[str, Any]]:
    supervisor = Supervisor(plan)
    try:
        await supervisor.serve(as_served(generation), "disk")
        answer = await supervisor.run(job)
        try:
            for chunk in answer.chunks():
                out.write(chunk)
            out.flush()
            return answer.hints
        finally:
            supervisor.release(answer)
    finally:
        await supervisor.close()


async def _converse(
    generation: Generation,
    conversation: Conversation[Result],
    plan: EnginePlan,
    seconds: float,
) -> Result:
    supervisor = Supervisor(plan)

    async def ask(question: str) -> list[QuerySolution]:
        answer = await supervisor.run(Job(question, JSON, seconds=seconds))
        try:
            return rows_of(b"".join(answer.chunks()))
        finally:
            supervisor.release(answer)

    try:
        await supervisor.serve(as_served(generation), "disk")
        return await hold(conversation, ask)
    finally:
        await supervisor.close()
