"""A lean HTTP client for measuring: SPARQL queries over HTTP/1.1 connections that stay open.

In: a server and query texts. Out: answers and how long each took. The load runs in a process of its own
(`python -m kg.bench.client`: an order as JSON on stdin, a `Load` on stdout), so that nothing else holds it
up. It waits with `selectors`, because at thousands of queries a second an event loop's own work would be
measured instead of the servers'.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, cycle
from types import TracebackType
from typing import Final
from urllib.parse import quote

from kg.errors import KgError

PATIENCE_SECONDS: Final = 300.0
"""A server that says nothing for so long has failed."""
_CHUNK: Final = 1 << 16
_ENGINE: Final = re.compile(rb"\bengine;dur=([0-9]+(?:\.[0-9]+)?)")
_NOT_MODIFIED: Final = 304


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server takes queries; `target` is the path, with its parameters."""

    host: str
    port: int
    target: str

    def post(self, query: str) -> bytes:
        """A query as a request (SPARQL 1.1 Protocol, section 2.1.3)."""
        body = query.encode()
        head = (
            f"POST {self.target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            "Content-Type: application/sparql-query\r\nAccept: application/sparql-results+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def get(self, unless: bytes = b"") -> bytes:
        """A plain request for the target, unless it is what this ETag stands for."""
        condition = b"If-None-Match: " + unless + b"\r\n" if unless else b""
        return f"GET {self.target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n".encode() + condition + b"\r\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole response; its head is in lower case."""

    status: int
    body: bytes
    head: bytes = b""

    @property
    def etag(self) -> bytes:
        """Its ETag, or nothing."""
        return _header(self.head, b"etag") or b""

    @property
    def engine_seconds(self) -> float:
        """What the engine took of it, as its head says (W3C Server Timing); 0 where it does not."""
        found = _ENGINE.search(_header(self.head, b"server-timing") or b"")
        return float(found[1]) / 1000 if found else 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a load gave: seconds on the clock, and those of each answer."""

    seconds: float
    latencies: tuple[float, ...]


class ReplyReader:
    """Puts a response together from what comes in; one response at a time."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, data: bytes) -> Reply | None:
        """Take what came; the response if it is whole now.

        Raises:
            KgError: it is not HTTP/1.1, or its length is not told.
        """
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._received[:end]).lower()
        try:
            status = int(head[9:12])
            # It has no body, whatever its head says (RFC 9112, section 6.3).
            found = (b"", end + 4) if status == _NOT_MODIFIED else _find_body(self._received, head, end + 4)
        except ValueError as error:
            raise KgError("a server did not speak HTTP/1.1", where=repr(head[:60])) from error
        if found is None:
            return None
        body, rest = found
        del self._received[:rest]
        return Reply(status, body, head)


def _find_body(received: bytearray, head: bytes, start: int) -> tuple[bytes, int] | None:
    """The body and where it ends; None while it is not whole (RFC 9112, section 6.3)."""
    if (length := _header(head, b"content-length")) is not None:
        end = start + _size(length, 10)
        return None if len(received) < end else (bytes(received[start:end]), end)
    if _header(head, b"transfer-encoding") == b"chunked":
        return _join_chunks(received, start)
    raise KgError("a server did not say how long its answer is", where=repr(head[:60]))


def _header(head: bytes, name: bytes) -> bytes | None:
    at = head.find(b"\r\n" + name + b":")
    return None if at < 0 else head[at + len(name) + 3 :].split(b"\r\n", 1)[0].strip()


def _join_chunks(received: bytearray, start: int) -> tuple[bytes, int] | None:
    """The body and where it ends; None while chunks are missing (RFC 9112, section 7.1)."""
    if not received.endswith(b"\r\n\r\n"):
        return None  # looking through all chunks again with each piece would be charged to who sends small ones
    body, at = bytearray(), start
    while (end := received.find(b"\r\n", at)) >= 0:
        size = _size(bytes(received[at:end]).split(b";", 1)[0], 16)
        after = end + 2 + size + 2
        if len(received) < after:
            return None
        if size == 0:
            return bytes(body), after
        body += received[end + 2 : end + 2 + size]
        at = after
    return None


def _size(text: bytes, base: int) -> int:
    size = int(text, base)
    if size < 0:
        raise ValueError(text)
    return size


class Connection:
    """One connection on which queries are put one after the other."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._reader = ReplyReader()
        self.socket = _connect(endpoint)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def ask(self, query: str) -> bytes:
        """The answer to a query, as SPARQL results in JSON.

        Raises:
            KgError: the server gave none.
        """
        return _body(self.request(self._endpoint.post(query)), self._endpoint)

    def request(self, request: bytes) -> Reply:
        """The response to a request.

        Raises:
            KgError: the server hung up or fell silent.
        """
        self.send(request)
        while True:
            reply = self.receive()
            if reply is not None:
                return reply

    def send(self, request: bytes) -> None:
        """Send a request."""
        try:
            self.socket.sendall(request)
        except OSError as error:
            raise _lost(self._endpoint, error) from error

    def receive(self) -> Reply | None:
        """Take what has come; the response if it is whole now."""
        try:
            data = self.socket.recv(_CHUNK)
        except OSError as error:
            raise _lost(self._endpoint, error) from error
        if not data:
            raise KgError("a server hung up in the middle", where=f"{self._endpoint.host}:{self._endpoint.port}")
        return self._reader.feed(data)


def numbered(query: str, label: str) -> str:
    """The query as a text that no cache has seen, by a prefix that it does not use; comments may not count for one."""
    return f"PREFIX unused: <urn:x-bench:{quote(label, safe='')}>\n{query}"


def put_load(endpoint: Endpoint, queries: Sequence[str], connections: int, seconds: float, label: str) -> Load:
    """Ask the queries in turn on so many connections, for so long.

    No text is sent twice under one label; without a label they are sent as they are, again and again.

    Raises:
        KgError: the server did not answer each of them.
    """
    texts: Iterator[str] = cycle(queries)
    if label:
        texts = (numbered(query, f"{label} {number}") for number, query in zip(count(), texts, strict=False))
    open_connections = [Connection(endpoint) for _ in range(connections)]
    try:
        return _put_load(endpoint, texts, open_connections, seconds)
    finally:
        for connection in open_connections:
            connection.socket.close()


def _put_load(endpoint: Endpoint, texts: Iterator[str], connections: Sequence[Connection], seconds: float) -> Load:
    latencies: list[float] = []
    sent: dict[Connection, float] = {}
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            sent[connection] = time.perf_counter()
            connection.send(endpoint.post(next(texts)))
        while sent:
            events = selector.select(PATIENCE_SECONDS)
            if not events:
                raise KgError("a server fell silent", where=f"{endpoint.host}:{endpoint.port}")
            for key, _mask in events:
                connection = key.data
                reply = connection.receive()
                if reply is None:
                    continue
                now = time.perf_counter()
                latencies.append(now - sent.pop(connection))
                _body(reply, endpoint)
                if now - started < seconds:
                    sent[connection] = now
                    connection.send(endpoint.post(next(texts)))
        return Load(time.perf_counter() - started, tuple(latencies))


def _connect(endpoint: Endpoint) -> socket.socket:
    try:
        connected = socket.create_connection((endpoint.host, endpoint.port), timeout=PATIENCE_SECONDS)
    except OSError as error:
        raise _lost(endpoint, error) from error
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def _body(reply: Reply, endpoint: Endpoint) -> bytes:
    if reply.status != 200:
        raise KgError(
            f"a server answered {reply.status}",
            where=f"{endpoint.host}:{endpoint.port}{endpoint.target}",
            hint=reply.body[:300].decode(errors="replace"),
        )
    return reply.body


def _lost(endpoint: Endpoint, error: OSError) -> KgError:
    return KgError(
        f"a server could not be reached: {error.strerror or error}", where=f"{endpoint.host}:{endpoint.port}"
    )


def main() -> None:
    """Put the load that stdin orders; the process edge."""
    order = json.load(sys.stdin)
    try:
        load = put_load(Endpoint(**order.pop("endpoint")), **order)
    except KgError as error:
        sys.exit(str(error))
    json.dump(asdict(load), sys.stdout)


if __name__ == "__main__":
    main()
