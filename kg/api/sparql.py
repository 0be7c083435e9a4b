"""`/sparql`: SPARQL 1.1 Protocol queries (design §4).

In: a request. Out: a whole answer with ETag, Server-Timing and X-Generation, and a Link where the query names an alias;
or the error that the exception handlers render. A client that goes away cancels its query.
"""

import asyncio
import hashlib
import logging
import time
from dataclasses import replace
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.api.hints import find_hints, link_header
from kg.api.text_search import run_with_text_searches
from kg.engine.guard import QueryOutline
from kg.engine.orders import Answer, Job, QueryDataset
from kg.errors import BodyTooLarge, KgError, ParameterError, RequestError
from kg.services import Services
from kg.sparql.formats import Format, negotiate
from kg.sparql.protocol import SparqlRequest, read_request

WRITER_SECONDS: Final = 30.0
"""How long a client may take to send its request."""

UNWATCHED_SECONDS: Final = 0.05
"""Queries that are answered sooner are not worth watching their clients for."""

READER_SECONDS: Final = 60.0
"""A client that takes no byte of its answer for so long is hung up on."""

logger = logging.getLogger(__name__)


async def sparql(request: Request) -> Response:
    """Answer a query.

    Raises:
        KgError: whichever says why there is no answer; `request.state.query` then has the text it is about.
    """
    services: Services = request.app.state.services
    body = await read_body(request, services.settings.max_body_mb << 20)
    arrived = time.perf_counter()
    asked = read_request(request.method, request.headers.get("content-type"), request.scope["query_string"], body)
    if asked.query is None:
        raise ParameterError(
            "there is no query",
            parameter="query",
            hint="for example /sparql?query=SELECT * WHERE { ?s ?p ?o } LIMIT 10",
        )
    request.state.query = asked.query
    seconds = min(asked.timeout or services.settings.timeout, services.settings.timeout)
    outline = await services.check(asked.query, seconds)
    answer_format = negotiate(request.headers.get("accept"), asked.format, outline.form)
    pool = services.supervisor.pool
    etag = "" if outline.volatile or pool is None else _etag(pool.generation, asked, answer_format)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if etag:
        headers["ETag"] = etag
        if matches(request.headers.get("if-none-match"), etag):
            assert pool is not None
            return Response(status_code=304, headers={**headers, "X-Generation": str(pool.generation)})
    job = _job(asked, outline, answer_format, request)
    job = replace(job, seconds=seconds, spent=time.perf_counter() - arrived)
    answer = await run_with_text_searches(
        services, job, outline.text_searches, lambda run: run_while_connected(services, run, request.receive)
    )
    headers["X-Generation"] = str(answer.generation)
    try:
        link = await _link(services, job, answer.generation)
    except BaseException:  # the client went away meanwhile
        services.supervisor.release(answer)
        raise
    if link:
        headers["Link"] = link
    if pool is None or answer.generation != pool.generation:
        headers.pop("ETag", None)  # the generation changed meanwhile, and the tag is of the one before
    total = (time.perf_counter() - arrived) * 1000
    headers["Server-Timing"] = f"engine;dur={answer.seconds * 1000:.2f}, total;dur={total:.2f}"
    return render(answer, headers, services)


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large.

    Raises:
        BodyTooLarge: it has more bytes than the limit.
        RequestError: it does not arrive.
    """
    if request.method not in {"POST", "PUT", "PATCH"}:
        return b""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge(f"the body has {int(declared):,} bytes; the limit is {limit:,}")
    body = bytearray()
    try:
        async with asyncio.timeout(WRITER_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise BodyTooLarge(f"the body is larger than the limit of {limit:,} bytes")
    except TimeoutError as error:
        raise RequestError(f"the body did not arrive within {WRITER_SECONDS:g} s") from error
    return bytes(body)


def _job(asked: SparqlRequest, outline: QueryOutline, answer_format: Format, request: Request) -> Job:
    assert asked.query is not None
    dataset = None
    if asked.default_graphs or asked.named_graphs:
        dataset = QueryDataset(asked.default_graphs, asked.named_graphs)
    return Job(
        query=asked.query,
        answer_format=answer_format,
        infer=asked.infer,
        dataset=dataset,
        own_dataset=outline.has_dataset_clause,
        client=request.client.host if request.client else "",
        strict=asked.strict,
        ordered=outline.has_order_by,
    )


async def _link(services: Services, job: Job, generation: int) -> str:
    """The hints on a query as a Link header, by the aliases of the generation that answered it."""
    if job.dataset is not None or job.own_dataset:
        return ""  # the graphs of sources hold the sources' own forms
    try:
        naming = await services.namings.of(generation)
    except KgError as error:
        logger.warning("no hints for an answer of generation %d: %s", generation, error)
        return ""
    prefixes = {} if job.strict else naming.names.prefixes()
    return link_header(find_hints(job.query, naming.aliases, prefixes))


async def run_while_connected(services: Services, job: Job, receive: Receive) -> Answer:
    """Run a job; a client that disconnects cancels it.

    Raises:
        ClientDisconnect: there is nobody to answer any more.
    """
    running = asyncio.ensure_future(services.supervisor.run(job))
    try:
        await asyncio.wait((running,), timeout=UNWATCHED_SECONDS)
        if not running.done():
            watching = asyncio.ensure_future(_disconnected(receive))
            await asyncio.wait((running, watching), return_when=asyncio.FIRST_COMPLETED)
            watching.cancel()
        if running.done():
            return running.result()
    finally:
        if not running.done():
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    raise ClientDisconnect


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def render(answer: Answer, headers: dict[str, str], services: Services) -> Response:
    """A whole answer as a response."""
    media_type = answer.answer_format.content_type
    if answer.file is None:
        return Response(answer.inline, headers=headers, media_type=media_type)
    return _SpooledResponse(answer, headers, media_type, services)


class _SpooledResponse(Response):
    """An answer from its file, which is given back whatever happens to the client."""

    def __init__(self, answer: Answer, headers: dict[str, str], media_type: str, services: Services) -> None:
        super().__init__(headers={**headers, "Content-Length": str(answer.length)}, media_type=media_type)
        self._answer, self._services = answer, services

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            chunks = () if scope["method"] == "HEAD" else self._answer.chunks()
            for chunk in chunks:
                async with asyncio.timeout(READER_SECONDS):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError as error:
            raise ClientDisconnect from error  # the connection is closed without the end of the answer
        finally:
            self._services.supervisor.release(self._answer)


def _etag(generation: int, asked: SparqlRequest, answer_format: Format) -> str:
    """A strong validator over everything that an answer depends on."""
    parts = (
        generation,
        asked.query,
        asked.default_graphs,
        asked.named_graphs,
        asked.infer,
        asked.strict,
        answer_format.name,
    )
    return f'"{hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]}"'


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names a tag, by weak comparison (RFC 9110, section 13.1.2)."""
    if header is None:
        return False
    return header.strip() == "*" or any(part.strip().removeprefix("W/") == etag for part in header.split(","))
