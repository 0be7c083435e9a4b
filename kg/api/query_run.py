"""One run of a named query: terms bound, asked of the engine, given back as rows or as bytes of a format.

In: a query and what a client asks of it. Out: `Page` with plain rows, or an `Answer`. The texts that run here are a
checked file with typed terms in it, so the guard, which looks after a stranger's SPARQL, is not asked again.
"""

import asyncio
from dataclasses import dataclass, field

from kg.api.inquiry import IN_THREAD_BYTES, MAX_ROWS_BYTES, Inquiry
from kg.api.validators import tag_of
from kg.engine.orders import Answer, Job
from kg.errors import AnswerTooLarge
from kg.named.asking import Asked
from kg.named.binding import Values, bind, read_values
from kg.named.paging import MUCH, Cursor, is_whole, next_cursor, page_text, read_cursor, total_text
from kg.named.query import NamedQuery
from kg.named.rows import Rows, read_rows
from kg.named.types import Reading
from kg.namespaces import Names
from kg.sparql.formats import JSON, Format
from kg.sparql.normal import verbatim


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with plain values, the cursor of those behind them, and how many there are in all if that was asked."""

    rows: Rows
    following: Cursor | None = None
    total: int | None = None


@dataclass(slots=True)
class Run:
    """A query, its values, and the generation that it was read for.

    Attributes:
        engine_seconds: what the engine took so far.
        jobs: what it was asked.
    """

    inquiry: Inquiry
    query: NamedQuery
    asked: Asked
    values: Values
    after: Cursor | None
    engine_seconds: float = 0.0
    jobs: list[Job] = field(default_factory=list)

    @classmethod
    def begin(cls, inquiry: Inquiry, query: NamedQuery, asked: Asked) -> "Run":
        """Read the values for the generation that is asked.

        Raises:
            ParameterError: one is wrong.
        """
        naming = inquiry.naming
        values = read_values(query, asked.values, Reading(naming.names, naming.aliases))
        after = read_cursor(asked.after, query) if asked.after is not None else None
        return cls(inquiry, query, asked, values, after)

    @property
    def names(self) -> Names:
        """The IRIs of the generation that is asked."""
        return self.inquiry.naming.names

    @property
    def limit(self) -> int:
        """Rows of a page."""
        assert self.query.front.paging is not None, "only such queries take the parameter"
        return self.asked.limit or self.query.front.paging.limit

    @property
    def text(self) -> str:
        """The SPARQL of the whole answer."""
        return bind(self.query, self.values, self.names)

    def tag(self, shape: str) -> str:
        """A validator over everything that an answer depends on; empty where no two answers need be the same."""
        if self.query.structure.volatile:
            return ""
        request = self.inquiry.request
        # What was given is in the address of the next page, as are the base and the path.
        called = self.asked.given, str(request.base_url), request.url.path
        return tag_of(self.inquiry.naming.generation, self.text, self.asked.infer, *called, shape)

    async def page(self) -> Page:
        """The rows: a page of them where the query has pages, and otherwise all."""
        if self.query.front.paging is None:
            return Page(await self._rows(self.text))
        found = await self._page_and_one_more()
        page = found.first(self.limit)
        following = next_cursor(self.query, page, self.after) if len(found.rows) > self.limit else None
        total = None
        if self.asked.count:
            total = len(page.rows) if following is None and self.after is None else await self._total()
        return Page(page, following, total)

    async def _page_and_one_more(self) -> Rows:
        """The rows of a page and the first behind it; first looked for where they are likely to be.

        That has a price where there are few rows, which is little only where there is much to look through.
        """
        parts = (self.query, self.values, self.names, self.after, self.limit)
        generation = self.inquiry.services.keeper.generation
        if self.query.within and generation is not None and generation.manifest.asserted >= MUCH:
            found = await self._rows(page_text(*parts, hurried=True))
            if is_whole(found, self.limit):
                return found
        return await self._rows(page_text(*parts))

    async def answer(self, answer_format: Format) -> tuple[Answer, Cursor | None, int | None]:
        """The answer in a format of the engine; all of it unless a page was asked for."""
        total = await self._total() if self.asked.count else None
        if not self.asked.paged:
            return await self._ask(self.text, answer_format), None, total
        # The engine writes the format, so the rows that the next page begins behind are asked for apart.
        following = (await self.page()).following
        text = page_text(self.query, self.values, self.names, self.after, self.limit - 1)
        return await self._ask(text, answer_format), following, total

    async def _total(self) -> int:
        rows = await self._rows(total_text(self.query, self.values, self.names))
        return int(str(rows.rows[0]["total"]))

    async def _rows(self, text: str) -> Rows:
        answer = await self._ask(text, JSON)
        try:
            if answer.length > MAX_ROWS_BYTES:
                raise AnswerTooLarge(
                    f"the answer has {answer.length:,} bytes, too many for plain rows",
                    hint="ask for format=csv, tsv, xml or srj",
                )
            if answer.length > IN_THREAD_BYTES:
                return await asyncio.to_thread(lambda: read_rows(b"".join(answer.chunks())))
            return read_rows(b"".join(answer.chunks()))
        finally:
            self.inquiry.services.supervisor.release(answer)

    async def _ask(self, text: str, answer_format: Format) -> Answer:
        """Have the engine answer.

        Raises:
            QueryError: there is no answer; `request.state.query` then has the text it is about.
        """
        self.inquiry.request.state.query = text
        cap = self.inquiry.seconds
        job = Job(
            query=text,
            answer_format=answer_format,
            infer=self.asked.infer,
            own_dataset=self.query.structure.has_dataset,
            seconds=min(self.asked.timeout or cap, cap),
            strict=False,  # so that forms the engine answers slowly are rewritten
            ordered=self.query.structure.sorted,
            fingerprint=None if self.query.structure.volatile else verbatim(text),
        )
        self.jobs.append(job)
        answer = await self.inquiry.ask(job)
        self.engine_seconds += answer.seconds
        return answer
