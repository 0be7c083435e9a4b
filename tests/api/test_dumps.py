"""Dumps over HTTP."""

import gzip
import hashlib
from typing import Any

import httpx
import pytest

from kg.build.generations import Home


@pytest.fixture
def listed(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("dumps/").json()["dumps"]
    return found


def test_every_dump_of_the_list_is_served_with_its_checksum(client: httpx.Client, listed: list[dict[str, Any]]) -> None:
    assert len(listed) > 10
    for dump in listed:
        answer = client.get(dump["href"])
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == dump["sha256"]
        assert len(answer.content) == int(dump["bytes"])
        assert answer.content == client.get(f"dumps/{dump['name']}").content


def test_the_whole_is_the_file_that_the_store_was_loaded_from(client: httpx.Client, demo: Home) -> None:
    answer = client.get("dumps/1/all.nq.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert gzip.decompress(answer.content) == demo.get_current().quads.read_bytes()


def test_the_list_says_licence_and_publisher(listed: list[dict[str, Any]]) -> None:
    (nav,) = [dump for dump in listed if dump.get("source") == "nav-datasett"]
    assert nav["licences"] == ["http://publications.europa.eu/resource/authority/licence/CC0"]
    assert nav["publishers"]


def test_a_range_is_a_part_of_the_file(client: httpx.Client) -> None:
    whole = client.get("dumps/all.nq.gz")
    part = client.get("dumps/all.nq.gz", headers={"range": "bytes=100-199", "if-range": whole.headers["etag"]})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert part.content == whole.content[100:200]
    changed = client.get("dumps/all.nq.gz", headers={"range": "bytes=100-199", "if-range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    assert client.get("dumps/all.nq.gz", headers={"range": "bytes=99999999-"}).status_code == 416


def test_an_unchanged_dump_costs_304_and_head_its_headers(client: httpx.Client) -> None:
    whole = client.get("dumps/all.nq.zst")
    again = client.get("dumps/all.nq.zst", headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("dumps/all.nq.zst")
    assert int(head.headers["content-length"]) == len(whole.content)
    assert head.headers["accept-ranges"] == "bytes"


def test_the_checksums_are_a_file_too(client: httpx.Client, listed: list[dict[str, Any]]) -> None:
    lines = client.get("dumps/SHA256SUMS").text.splitlines()
    assert sorted(lines) == sorted(f"{dump['sha256']}  {dump['name']}" for dump in listed)


@pytest.mark.parametrize(
    "name",
    ["none.nq.gz", "index.json", ".all.nq.gz", "..%2Fmanifest.json", "..%2f..%2f..%2fcurrent", "%00", "99/all.nq.gz"],
)
def test_nothing_but_a_dump_is_found(client: httpx.Client, name: str) -> None:
    answer = client.get(f"dumps/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_parameters_are_refused(client: httpx.Client) -> None:
    for path in ("dumps/", "dumps/all.nq.gz"):
        assert client.get(path, params={"x": "1"}).json()["parameter"] == "x"
