"""Text searches of a running service: in turn, in threads, within a time.

In: a search, or a query that holds some. Out: hits, or the query with its searches made.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from kg.engine.lanes import Gate
from kg.engine.orders import Job
from kg.errors import DeadlinePassed
from kg.per_generation import Naming, PerGeneration
from kg.search.answering import answer_text_searches
from kg.search.searching import Hits, SearchIndex, SearchQuery
from kg.sparql.substitution import Substituted
from kg.trace.words import Meanings, resolve

Found = TypeVar("Found")


@dataclass(slots=True)
class Searching:
    """Text searches, made in threads of the web process: tantivy lets others run meanwhile and takes milliseconds.

    A worker would have to be handed the index of its generation and be asked twice for a query that searches, and
    what a search may cost is bounded by its words (`kg.search.searching`), not by what a client writes. So many run
    at once, and one client may not hold all places.
    """

    indexes: PerGeneration[SearchIndex]
    namings: PerGeneration[Naming]
    _gate: Gate = field(default_factory=lambda: Gate(places=4, queue=64, share=3))

    async def search(self, generation: int, query: SearchQuery, client: str, seconds: float) -> Hits:
        """Search a generation.

        Raises:
            ParameterError: a part of the query is wrong.
            NotFound: the generation has no index.
            QueueFull: too many searches wait.
            DeadlinePassed: it did not get its turn in time.
        """
        index = await self.indexes.of(generation)
        return await self._run(lambda: index.search(query), client, seconds)

    async def resolve(self, generation: int, word: str, client: str, seconds: float) -> Meanings:
        """What a word means in a generation.

        Raises:
            ParameterError: it is empty or too long.
            NotFound: the generation has no index.
            QueueFull: too many searches wait.
            DeadlinePassed: it did not get its turn in time.
        """
        index = await self.indexes.of(generation)
        return await self._run(lambda: resolve(index, word), client, seconds)

    async def answer(self, generation: int, job: Job, places: tuple[int, ...]) -> Substituted:
        """The query of a job with its text searches made, which begin at these places.

        Raises:
            SyntaxFault: one of them is not written as a search.
            LimitExceeded: there are too many, or one finds too much.
            NotFound: the generation has no index.
            QueueFull: too many searches wait.
            DeadlinePassed: it did not get its turn in time.
        """
        index, naming = await self.indexes.of(generation), await self.namings.of(generation)
        ns, prefixes = naming.names.ns, {} if job.strict else naming.names.prefixes()
        return await self._run(
            lambda: answer_text_searches(job.query, places, index, ns, prefixes, naming.aliases),
            job.client,
            job.seconds - job.spent,
        )

    async def _run(self, work: Callable[[], Found], client: str, seconds: float) -> Found:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._gate.enter(client)
                try:
                    return await asyncio.to_thread(work)
                finally:
                    self._gate.leave(client)
        except TimeoutError as error:
            raise DeadlinePassed("the search did not get its turn in time", limit_seconds=seconds) from error
