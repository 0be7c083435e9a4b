"""Compression, in process and over HTTP."""

import asyncio
import gzip
from collections.abc import Sequence

import httpx
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as some
from starlette.types import Message, Receive, Scope, Send

from kg.api.compression import Compression, choose

LONG = {"query": "SELECT ?s ?p { ?s a dcat:Dataset ; ?p ?o } ORDER BY ?s ?p", "format": "csv"}


def unpacked(content: bytes, coding: str | None) -> bytes:
    if coding == "gzip":
        return gzip.decompress(content)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return content


def raw(client: httpx.Client, path: str, accepted: str, **params: str) -> tuple[httpx.Response, bytes]:
    """A response and its bytes as they came, which httpx would decompress."""
    with client.stream("GET", path, params=params, headers={"accept-encoding": accepted}) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "zstd"),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("GZIP ; Q=1", "gzip"),
        ("br", None),
        ("", None),
    ],
)
def test_the_coding_that_the_client_likes_best_is_chosen(accepted: str, coding: str | None) -> None:
    assert choose(accepted) == coding


@given(some.text(max_size=200))
def test_any_header_is_read(accepted: str) -> None:
    assert choose(accepted) in {None, "gzip", "zstd"}


def answered(pieces: Sequence[bytes], accepted: str, *, whole: bool = True) -> list[Message]:
    """What an application's answer becomes, sent piece by piece; not `whole` where it breaks off."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/csv"), (b"etag", b'"x"'), (b"content-length", b"9")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if whole:
            await send({"type": "http.response.body", "body": b""})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", accepted.encode())]}
    asyncio.run(Compression(app)(scope, receive, send))
    return sent


@given(some.lists(some.binary(max_size=60_000), max_size=5), some.sampled_from(["gzip", "zstd"]))
def test_pieces_come_back_as_they_were_sent(pieces: list[bytes], coding: str) -> None:
    start, *bodies = answered(pieces, coding)
    headers = dict(start["headers"])
    assert unpacked(
        b"".join(body["body"] for body in bodies), headers.get(b"content-encoding", b"").decode() or None
    ) == b"".join(pieces)
    assert [body["more_body"] for body in bodies[:-1]] == [True] * (len(bodies) - 1)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_an_answer_that_breaks_off_has_no_end(coding: str) -> None:
    _, *bodies = answered([bytes(range(256)) * 1000] * 3, coding, whole=False)
    assert all(body["more_body"] for body in bodies)
    with pytest.raises((EOFError, zstandard.ZstdError)):
        content = b"".join(body["body"] for body in bodies)
        if coding == "gzip":
            gzip.decompress(content)
        else:
            zstandard.ZstdDecompressor().decompress(content, max_output_size=1 << 20, allow_extra_data=False)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_answer_is_the_plain_one_and_says_so(client: httpx.Client, coding: str) -> None:
    plain, content = raw(client, "sparql", "identity", **LONG)
    packed, squeezed = raw(client, "sparql", coding, **LONG)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == coding
    assert len(squeezed) < len(content) / 3
    assert unpacked(squeezed, coding) == content
    for response in (plain, packed):
        assert "accept-encoding" in response.headers["vary"].lower()
    assert packed.headers["etag"] == plain.headers["etag"]
    again = client.get(
        "sparql", params=LONG, headers={"if-none-match": packed.headers["etag"], "accept-encoding": coding}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_small_answers_and_dumps_stay_as_they_are(client: httpx.Client) -> None:
    small, _ = raw(client, "sparql", "gzip", query="ASK {}")
    assert "content-encoding" not in small.headers
    assert small.headers["content-length"]
    dump, content = raw(client, "dumps/all.nq.gz", "zstd")
    assert "content-encoding" not in dump.headers
    assert gzip.decompress(content)
