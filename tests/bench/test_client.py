"""The HTTP client against a small server that speaks what each test says."""

import json
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.bench.client import Connection, Endpoint, ReplyReader, put_load
from kg.errors import KgError

Answer = Callable[[bytes, bytes], bytes]
"""A request's head and body in, the bytes of the response out."""


@contextmanager
def tiny_server(answer: Answer, target: str = "/sparql") -> Iterator[Endpoint]:
    """A server of threads while the context lasts; an empty answer hangs up."""
    accepted: list[socket.socket] = []

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError):
                while lines := list(iter(lambda: self.rfile.readline().strip(), b"")):
                    length = next((int(line[15:]) for line in lines if line.startswith(b"Content-Length:")), 0)
                    head = b"".join(line + b"\r\n" for line in lines)
                    response = answer(head, self.rfile.read(length))
                    if not response:
                        return
                    middle = len(response) // 2
                    for piece in (response[:middle], response[middle:]):
                        self.wfile.write(piece)

    class Server(socketserver.ThreadingTCPServer):
        def process_request(self, request: Any, client_address: Any) -> None:
            accepted.append(request)
            super().process_request(request, client_address)

    with Server(("127.0.0.1", 0), Conversation) as server:
        listening = threading.Thread(target=server.serve_forever, args=(0.01,))
        listening.start()
        try:
            yield Endpoint("127.0.0.1", server.server_address[1], target)
        finally:
            server.shutdown()
            listening.join()
            for connection in accepted:  # whoever still waits for a request reads the end now
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def with_length(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def in_chunks(body: bytes, size: int = 3) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


@pytest.mark.parametrize("frame", [with_length, in_chunks])
def test_query_goes_out_as_a_direct_post_and_its_answer_comes_back_whole(frame: Callable[[bytes], bytes]) -> None:
    heads: list[bytes] = []

    def answer(head: bytes, body: bytes) -> bytes:
        heads.append(head)
        return frame(b"answer to " + body)

    with tiny_server(answer, "/sparql?infer=false") as endpoint, Connection(endpoint) as connection:
        assert connection.ask("ASK {}") == b"answer to ASK {}"
        assert connection.ask("SELECT * {}  # æ") == "answer to SELECT * {}  # æ".encode()
    assert heads[0].startswith(b"POST /sparql?infer=false HTTP/1.1\r\n")
    assert b"Content-Type: application/sparql-query\r\n" in heads[0]
    assert b"Accept: application/sparql-results+json\r\n" in heads[0]


def test_error_status_is_an_error_with_the_server_s_words() -> None:
    with (
        tiny_server(lambda _head, _body: with_length(b"no such thing", "404 Not Found")) as endpoint,
        Connection(endpoint) as connection,
        pytest.raises(KgError, match=r"answered 404 .*no such thing"),
    ):
        connection.ask("ASK {}")


def test_server_that_hangs_up_is_an_error() -> None:
    with (
        tiny_server(lambda _head, _body: b"") as endpoint,
        Connection(endpoint) as connection,
        pytest.raises(KgError, match="hung up"),
    ):
        connection.ask("ASK {}")


def test_server_that_is_not_there_is_an_error() -> None:
    with tiny_server(lambda _head, _body: b"") as endpoint:
        pass
    with pytest.raises(KgError, match="could not be reached"):
        Connection(endpoint)


def test_load_sends_no_text_twice_and_times_every_answer() -> None:
    seen: list[bytes] = []

    def answer(_head: bytes, body: bytes) -> bytes:
        seen.append(body)
        return with_length(b"{}")

    with tiny_server(answer) as endpoint:
        load = put_load(endpoint, ["ASK {}", "ASK {?s ?p ?o}"], connections=4, seconds=0.2, label="round 1")
    assert len(seen) == len(set(seen)) == len(load.latencies) > 8
    assert {text.split(b"\n")[1] for text in seen} == {b"ASK {}", b"ASK {?s ?p ?o}"}
    assert load.seconds >= 0.2
    assert all(0 < latency <= load.seconds for latency in load.latencies)


def test_load_without_a_label_sends_the_texts_as_they_are() -> None:
    seen: list[bytes] = []

    def answer(_head: bytes, body: bytes) -> bytes:
        seen.append(body)
        return with_length(b"{}")

    with tiny_server(answer) as endpoint:
        put_load(endpoint, ["ASK {}", "ASK {?s ?p ?o}"], connections=2, seconds=0.1, label="")
    assert set(seen) == {b"ASK {}", b"ASK {?s ?p ?o}"}


def test_load_stops_at_an_error() -> None:
    with (
        tiny_server(lambda _head, _body: with_length(b"busy", "503 Service Unavailable")) as endpoint,
        pytest.raises(KgError, match=r"answered 503 .*busy"),
    ):
        put_load(endpoint, ["ASK {}"], connections=2, seconds=5, label="")


def run_client(endpoint: Endpoint) -> subprocess.CompletedProcess[str]:
    order = {"endpoint": asdict(endpoint), "queries": ["ASK {}"], "connections": 2, "seconds": 0.1, "label": "x"}
    command = [sys.executable, "-P", "-m", "kg.bench.client"]
    return subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)


def test_client_runs_as_a_process_of_its_own() -> None:
    with tiny_server(lambda _head, _body: with_length(b"{}")) as endpoint:
        done = run_client(endpoint)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["seconds"] >= 0.1
    assert len(told["latencies"]) > 1


def test_client_process_says_in_words_what_went_wrong() -> None:
    with tiny_server(lambda _head, _body: with_length(b"broken", "500 No")) as endpoint:
        done = run_client(endpoint)
    assert done.returncode == 1
    assert "answered 500" in done.stderr
    assert "Traceback" not in done.stderr


@given(body=st.binary(max_size=200), size=st.integers(1, 50), cuts=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=100)
def test_response_is_put_together_however_it_is_torn(body: bytes, size: int, cuts: list[int]) -> None:
    for response in (with_length(body), in_chunks(body, size)):
        ends = sorted({min(cut, len(response)) for cut in cuts} | {len(response)})
        reader, start = ReplyReader(), 0
        replies = []
        for end in ends:
            replies.append(reader.feed(response[start:end]))
            start = end
        assert replies[-1] is not None
        assert (replies[-1].status, replies[-1].body) == (200, body)
        assert replies[:-1] == [None] * (len(replies) - 1)


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_nonsense_is_an_error_of_ours_or_waits_for_more(data: bytes) -> None:
    for received in (data, data + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + data):
        with suppress(KgError):
            ReplyReader().feed(received)


def test_negative_chunk_is_an_error() -> None:
    with pytest.raises(KgError, match=r"HTTP/1\.1"):
        ReplyReader().feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n\r\n")


@pytest.mark.parametrize("length", [b"-1", b"many", b""])
def test_wrong_length_is_an_error(length: bytes) -> None:
    with pytest.raises(KgError, match=r"HTTP/1\.1"):
        ReplyReader().feed(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nbody")
