"""Compression: answers as zstd or gzip for clients that take it (RFC 9110, section 12.5.3; RFC 8878; RFC 1952).

In: an ASGI application. Out: the same, whose answers of text are compressed piece by piece, so that a large one takes
no more memory than a small one; large pieces are compressed in a thread. A compressed answer is another
representation, so its validator is weak (RFC 9110, section 8.8.1), and each answer that could be compressed says that
it varies. An answer that breaks off stays broken: the compressed stream ends with the answer alone.
"""

import asyncio
import zlib
from typing import Final, Protocol

import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST: Final = 1_000
"""Answers of fewer bytes fit a packet as they are."""
IN_THREAD: Final = 32 << 10
"""Pieces from this size on would hold up other requests."""
GZIP_LEVEL: Final = 4
ZSTD_LEVEL: Final = 3
CODINGS: Final = ("zstd", "gzip")
"""Those we write, the preferred one first."""
_TEXT: Final = ("text/", "application/json", "application/xml", "application/n-triples", "application/n-quads")
_MAX_LENGTH: Final = 1_000


class _Compressor(Protocol):
    """Takes pieces and gives pieces."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def choose(accepted: str | None) -> str | None:
    """The coding of an answer by Accept-Encoding; None is none.

    >>> choose("gzip, deflate, br, zstd"), choose("gzip;q=0.8, *;q=0"), choose("br"), choose(None)
    ('zstd', 'gzip', None, None)
    """
    weights: dict[str, float] = {}
    for part in (accepted or "")[:_MAX_LENGTH].split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip().lower()] = _weight(parameter)
    offered = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: offered[coding])
    return best if offered[best] > 0.0 and offered[best] >= weights.get("identity", 0.0) else None


def _weight(parameter: str) -> float:
    name, equals, value = parameter.partition("=")
    if not equals or name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


class Compression:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        coding = choose(Headers(scope=scope).get("accept-encoding"))
        await self._app(scope, receive, _Answering(send, coding).send)


class _Answering:
    """One answer on its way; its head is kept back until it is known how large the answer is."""

    def __init__(self, send: Send, coding: str | None) -> None:
        self._send, self._coding = send, coding
        self._start: Message | None = None
        self._compressor: _Compressor | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, compressed where it is part of a body."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        start, self._start = self._start, None
        if start is not None:
            self._begin(start, len(body), more=more)
        if self._compressor is not None:
            body = await self._squeeze(body, more=more)
        if start is not None:
            if self._compressor is not None and not more:
                MutableHeaders(raw=start["headers"])["Content-Length"] = str(len(body))
            await self._send(start)
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def _begin(self, start: Message, length: int, *, more: bool) -> None:
        """Decide, and write the head accordingly."""
        headers = MutableHeaders(raw=start["headers"])
        unchanged = start["status"] == 304
        if not unchanged and (not is_text(headers.get("content-type", "")) or "content-encoding" in headers):
            return
        headers.add_vary_header("Accept-Encoding")
        if self._coding is None or start["status"] in {204, 206, 304} or (not more and length < SMALLEST):
            return
        self._compressor = _compressor(self._coding)
        headers["Content-Encoding"] = self._coding
        if "content-length" in headers:
            del headers["content-length"]  # known again where all of it comes at once
        etag = headers.get("etag", "")
        if etag and not etag.startswith("W/"):
            headers["ETag"] = f"W/{etag}"

    async def _squeeze(self, body: bytes, *, more: bool) -> bytes:
        if len(body) >= IN_THREAD:
            return await asyncio.to_thread(self._pressed, body, more=more)
        return self._pressed(body, more=more)

    def _pressed(self, body: bytes, *, more: bool) -> bytes:
        assert self._compressor is not None
        squeezed = self._compressor.compress(body)
        return squeezed if more else squeezed + self._compressor.flush()


def is_text(content_type: str) -> bool:
    """Whether content of a type is worth compressing.

    >>> is_text("application/sparql-results+json"), is_text("text/csv; charset=utf-8"), is_text("application/gzip")
    (True, True, False)
    """
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith(_TEXT) or media_type.endswith(("+json", "+xml"))


def _compressor(coding: str) -> _Compressor:
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
