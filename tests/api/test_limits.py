"""Limits over HTTP: rates, keys, time, size and numbers, on a server that has them set; and the log that it writes."""

import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kg.build.generations import Home
from tests.conftest import serving

QUERY = 'SELECT ?s WHERE { ?s dct:title "Kari Nordmann"@nb } # by kari@example.org'
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SECRET = "correct-horse-battery-staple"
BURST = 3


@dataclass
class Guarded:
    """A server that lets each address in three times, and its log."""

    address: str
    log: Path
    next_host: int = 0

    def host(self) -> str:
        """An address that nobody has come from."""
        self.next_host += 1
        return f"198.51.100.{self.next_host}"

    def get(
        self, path: str = "sparql", query: str | None = "ASK {}", seconds: str = "", **headers: str
    ) -> httpx.Response:
        parameters = ({"query": query} if query else {}) | ({"timeout": seconds} if seconds else {})
        return httpx.get(self.address + path, params=parameters, headers=headers, timeout=20)

    def running(self) -> int:
        """How many queries are evaluated now."""
        told = httpx.get(f"{self.address}ready", timeout=20).json()
        return int(told["running"] + told["slow_running"])

    def lines(self, wanted: int) -> list[dict[str, object]]:
        """The last lines of the log, once there are so many more."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            lines = self.log.read_text(encoding="utf-8").splitlines()
            if len(lines) >= wanted:
                break
            time.sleep(0.01)
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def guarded(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("access")
    keys = folder / "keys.toml"
    hashed = hashlib.sha256(SECRET.encode()).hexdigest()
    keys.write_text(f'[[key]]\nname = "nav"\nsha256 = "{hashed}"\nrate = 0\n', encoding="utf-8")
    settings = {
        "KG_CLIENT_RATE": "0.001",
        "KG_CLIENT_BURST": str(BURST),
        "KG_TRUSTED_PROXIES": '["127.0.0.1"]',
        "KG_API_KEYS": str(keys),
        "KG_QUERY_LOG": str(folder / "queries.jsonl"),
        "KG_QUERY_LOG_TEXT": "true",
        "KG_ANSWER_MB": "1",
        "KG_CLIENT_QUERIES": "2",
    }
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # for this server alone
            for name, value in settings.items():
                patch.setenv(name, value)
            _, address = stack.enter_context(serving(demo, "--timeout", "2", "--tier", "disk"))
        yield Guarded(address, folder / "queries.jsonl")


def test_a_client_that_asks_too_often_is_told_when_to_come_back(guarded: Guarded) -> None:
    host = guarded.host()
    headers = {"X-Forwarded-For": host, "Origin": "https://x.example"}
    assert [guarded.get(**headers).status_code for _ in range(BURST)] == [200] * BURST
    refused = guarded.get(**headers)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/rate"
    assert int(refused.headers["retry-after"]) > 900
    assert refused.headers["access-control-allow-origin"] == "*"
    assert "retry-after" in refused.headers["access-control-expose-headers"].lower()
    assert guarded.get(**{"X-Forwarded-For": guarded.host()}).status_code == 200


def test_a_client_cannot_be_many_by_writing_headers(guarded: Guarded) -> None:
    host = guarded.host()
    rows = [f"203.0.113.{number}, {host}" for number in range(BURST + 1)]
    assert [guarded.get(**{"X-Forwarded-For": row}).status_code for row in rows] == [200] * BURST + [429]
    network = [f"2001:db8:0:7::{number}" for number in range(BURST + 1)]
    assert [guarded.get(**{"X-Forwarded-For": row}).status_code for row in network] == [200] * BURST + [429]


def test_what_watches_the_service_is_never_refused(guarded: Guarded) -> None:
    host = guarded.host()
    for path in ("health", "ready", "metrics"):
        for _ in range(BURST + 2):
            assert guarded.get(path, None, **{"X-Forwarded-For": host}).status_code == 200
    assert guarded.get(**{"X-Forwarded-For": host}).status_code == 200


def test_every_page_counts(guarded: Guarded) -> None:
    host = guarded.host()
    statuses = [
        guarded.get(path, None, **{"X-Forwarded-For": host}).status_code
        for path in ("graphs", "", "no/such/page", "resource?iri=dcat:Dataset")
    ]
    assert statuses == [200, 200, 404, 429]


def test_a_key_goes_before_the_address(guarded: Guarded) -> None:
    host = guarded.host()
    for shown in ({"X-API-Key": SECRET}, {"Authorization": f"Bearer {SECRET}"}):
        assert {guarded.get(**{"X-Forwarded-For": host}, **shown).status_code for _ in range(BURST + 1)} == {200}
    wrong = guarded.get(**{"X-Forwarded-For": host, "X-API-Key": "guess"})
    assert wrong.status_code == 401
    assert wrong.headers["www-authenticate"] == "Bearer"
    assert wrong.json()["type"] == "/problems/key-unknown"


def test_the_log_says_what_was_asked_and_not_by_whom(guarded: Guarded) -> None:
    host = guarded.host()
    headers = {"X-Forwarded-For": host, "Accept": "text/csv"}
    before = len(guarded.lines(0))
    answer = guarded.get(query=QUERY, **headers)
    again = guarded.get(query=f"{QUERY} # again", **headers)
    broken = guarded.get(query="SELECT * WHERE { ?s ?p 'Kari }", **headers)
    assert (answer.status_code, again.status_code, broken.status_code) == (200, 200, 400)
    lines = guarded.lines(before + 3)[before:]
    assert len(lines) == 3
    first, second, third = lines
    assert first.keys() == second.keys() == third.keys()
    assert first["query"] == second["query"] != third["query"]
    assert (first["status"], first["cache"], first["lane"]) == (200, "miss", "fast")
    assert (second["status"], second["cache"], second["lane"]) == (200, "hit", "none")
    assert (third["status"], third["form"], third["generation"]) == (400, None, None)
    assert first["bytes"] == len(answer.content)
    assert (first["format"], first["generation"], first["infer"], first["dataset"]) == ("csv", 1, True, False)
    assert first["text"] == 'SELECT ?s WHERE { ?s dct:title "…" @nb }'
    whole = guarded.log.read_text(encoding="utf-8")
    for secret in ("Kari", "kari", host, "127.0.0.1", SECRET, "nav"):
        assert secret not in whole


def test_a_query_that_was_ended_is_in_the_log(guarded: Guarded) -> None:
    before = len(guarded.lines(0))
    assert guarded.get(query=CROSS, **{"X-Forwarded-For": guarded.host()}).status_code == 504
    (line,) = guarded.lines(before + 1)[before:]
    assert (line["status"], line["lane"], line["cache"], line["generation"]) == (504, "slow", "miss", None)
    assert isinstance(line["seconds"], float)
    assert 1.9 < line["seconds"] < 3


def test_a_longer_time_than_the_cap_is_the_cap(guarded: Guarded) -> None:
    started = time.monotonic()
    refused = guarded.get(query=CROSS, seconds="60", **{"X-Forwarded-For": guarded.host()})
    assert refused.status_code == 504
    assert refused.json()["limit_seconds"] == 2
    assert 1.9 < time.monotonic() - started < 3


def test_an_answer_over_the_cap_is_an_error_and_never_cut(guarded: Guarded) -> None:
    query = "SELECT * WHERE { ?s ?p ?o VALUES ?n { 1 2 3 4 5 6 7 8 9 } }"
    for _ in range(2):
        refused = guarded.get(query=query, **{"X-Forwarded-For": guarded.host()})
        assert refused.status_code == 413
        assert refused.json()["type"] == "/problems/answer-too-large"
    assert guarded.get(query=f"{query} LIMIT 10", **{"X-Forwarded-For": guarded.host()}).status_code == 200


def test_one_client_has_a_bounded_number_of_queries_and_others_go_on(guarded: Guarded) -> None:
    greedy, other = guarded.host(), guarded.host()

    def ask(number: int) -> httpx.Response:
        return guarded.get(query=f"{CROSS} LIMIT {number}", **{"X-Forwarded-For": greedy})

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(ask, (1, 2, 3)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [429, 504, 504]
        busy = next(answer for answer in answers if answer.status_code == 429)
        assert busy.json()["type"] == "/problems/client-busy"
        assert int(busy.headers["retry-after"]) >= 1
    with ThreadPoolExecutor(2) as threads:
        slow = [
            threads.submit(guarded.get, query=f"{CROSS} LIMIT {n}", **{"X-Forwarded-For": guarded.host()}) for n in "45"
        ]
        assert guarded.get(**{"X-Forwarded-For": other}).status_code == 200
        assert [answer.result().status_code for answer in slow] == [504, 504]


def test_who_hangs_up_does_not_take_the_answer_from_others_and_the_last_ends_the_query(guarded: Guarded) -> None:
    query = f"{CROSS} LIMIT 77"
    url = urlsplit(guarded.address)
    request = f"GET /sparql?{httpx.QueryParams({'query': query})} HTTP/1.1\r\nHost: x\r\n"
    first, second = (socket.create_connection((url.hostname, url.port), timeout=5) for _ in "12")
    with first, second:
        for connection in (first, second):
            connection.sendall(f"{request}X-Forwarded-For: {guarded.host()}\r\n\r\n".encode())
            _wait(lambda: guarded.running() == 1)
        time.sleep(0.2)
        first.close()
        time.sleep(0.3)
        assert guarded.running() == 1
        second.close()
        _wait(lambda: guarded.running() == 0, 1.0)


def test_without_trusted_proxies_nobody_is_believed_not_even_on_this_machine(
    demo: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_CLIENT_RATE", "0.001")
    monkeypatch.setenv("KG_CLIENT_BURST", str(BURST))
    with serving(demo, "--tier", "disk") as (_, address):
        headers = [{"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"} for n in range(BURST + 1)]
        statuses = [httpx.get(f"{address}graphs", headers=row, timeout=20).status_code for row in headers]
    assert statuses == [200] * BURST + [429]


def _wait(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
