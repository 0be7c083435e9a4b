"""Every error has a status, a page and an exit code."""

import inspect
import json
import socket

import httpx
import pytest

from kg import errors
from kg.api.problems import PROBLEMS, all_problem_types, problem_type


def _classes() -> list[type[errors.KgError]]:
    return [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.KgError) and cls.__module__ == errors.__name__
    ]


def test_every_error_that_a_request_can_meet_has_a_row_of_its_own() -> None:
    served = {cls for cls in _classes() if issubclass(cls, errors.RequestError | errors.QueryError | errors.NotFound)}
    assert served <= set(PROBLEMS)


def test_every_error_resolves_and_no_two_rows_share_a_page() -> None:
    assert all(problem_type(cls("x")).status >= 400 for cls in _classes())
    names = [row.name for row in all_problem_types()]
    assert len(names) == len(set(names))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    for cls in _classes():
        assert cls.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"NONSENSE\r\n\r\n", id="no HTTP"),
        pytest.param(b"GET /search?q=" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="long address"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\0: x\r\n\r\n", id="NUL in a header"),
    ],
)
def test_what_is_no_http_is_refused_with_a_problem_too(address: str, sent: bytes) -> None:
    url = httpx.URL(address)
    with socket.create_connection((url.host, url.port or 80), timeout=10) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert f"content-length: {len(body)}".encode() in head
    assert json.loads(body)["status"] == 400
