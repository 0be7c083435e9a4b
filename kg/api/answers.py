"""Answers: a job runs as long as its client is there, and what it gives is sent whole or not at all.

In: a job of a request. Out: the engine's whole answer, and the response that it is sent as, or its bytes.
"""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.engine.orders import Answer, Job
from kg.services import Services

UNWATCHED_SECONDS: Final = 0.05
"""Queries that are answered sooner are not worth watching their clients for."""

READER_SECONDS: Final = 60.0
"""A client that takes no byte of its answer for so long is hung up on."""


async def run_while_connected(services: Services, job: Job, receive: Receive) -> Answer:
    """Run a job; a client that disconnects cancels it.

    Raises:
        ClientDisconnect: there is nobody to answer any more.
    """
    if (kept := services.answering.find(job)) is not None:
        return kept
    running = asyncio.ensure_future(services.answering.evaluate(job))
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


def take(services: Services, answer: Answer) -> bytes:
    """The bytes of an answer, which is given back."""
    try:
        return b"".join(answer.chunks())
    finally:
        services.supervisor.release(answer)


def render(answer: Answer, headers: dict[str, str], services: Services) -> Response:
    """A whole answer as a response."""
    media_type = answer.answer_format.content_type
    if answer.file is None:
        return Response(b"".join(answer.chunks()), headers=headers, media_type=media_type)
    return _SpooledResponse(answer, headers, media_type, services)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class _SpooledResponse(Response):
    """An answer from its file, which is given back whatever happens to the client."""

    def __init__(self, answer: Answer, headers: dict[str, str], media_type: str, services: Services) -> None:
        super().__init__(headers={**headers, "Content-Length": str(answer.size)}, media_type=media_type)
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
