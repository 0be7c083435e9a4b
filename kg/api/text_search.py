"""Queries that search for text: each `SERVICE <B search>` is answered by the index before a worker sees the query.

In: a job and the places of its searches. Out: a whole answer of one generation, index and store alike, with faults at
their place in the client's text.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from kg.api.inquiry import from_one_generation, of_generation, served_generation
from kg.engine.orders import Answer, Job
from kg.errors import SyntaxFault
from kg.services import Services
from kg.sparql.substitution import Substituted


async def run_with_text_searches(
    services: Services, job: Job, places: tuple[int, ...], run: Callable[[Job], Awaitable[Answer]]
) -> Answer:
    """Run a job, by `run`, with the text searches that begin at these places of its query, if there are any.

    Raises:
        ClientDisconnect: there is nobody to answer any more.
        QueryError: whichever of them says why there is no answer.
        NotFound: the generation has no text index.
    """
    if not places:
        return await run(job)
    begun = time.perf_counter()

    async def search_and_run() -> Answer:
        generation = served_generation(services)
        current = replace(job, spent=job.spent + time.perf_counter() - begun)
        rewritten = await services.searching.answer(generation, current, places)
        spent = job.spent + time.perf_counter() - begun
        try:
            answer = await run(replace(job, query=rewritten.query, spent=spent))
        except SyntaxFault as fault:
            raise rewritten.located(fault) from fault
        of_generation(services, answer, generation)
        answer.hints = [_located(hint, rewritten) for hint in answer.hints]
        return answer

    return await from_one_generation(search_and_run)


def _located(hint: dict[str, Any], rewritten: Substituted) -> dict[str, Any]:
    """Advice with its place in the client's text."""
    line, column = rewritten.place(hint["line"], hint["column"])
    return {**hint, "line": line, "column": column}
