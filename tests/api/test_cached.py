"""Repeated queries over HTTP: the same answer, at once, and never another's."""

import statistics
import time

import httpx
import pytest

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o . ?s a ?class }"


def cache_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.headers["server-timing"].partition(",")[0]


def test_a_repeated_query_is_answered_from_the_cache(client: httpx.Client) -> None:
    query = f"{COUNT} # cached"
    first = client.get("sparql", params={"query": f"{COUNT} LIMIT 7"})
    assert cache_of(first) == "cache;desc=miss"
    for text in (f"{COUNT} LIMIT 7", f"{query}\nLIMIT  7", f"{COUNT} LIMIT 7 # other words"):
        again = client.post("sparql", data={"query": text})
        assert cache_of(again) == "cache;desc=hit"
        assert again.content == first.content
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["content-type"] == first.headers["content-type"]


@pytest.mark.parametrize(
    "other",
    [
        {"infer": "false"},
        {"strict": "true"},
        {"format": "csv"},
        {"default-graph-uri": "https://kunnskapsgraf.example/graph/records"},
        {"named-graph-uri": "https://kunnskapsgraf.example/graph/records"},
    ],
)
def test_what_an_answer_depends_on_is_asked_anew(client: httpx.Client, other: dict[str, str]) -> None:
    asked = {"query": f"{COUNT} LIMIT 8"}
    client.get("sparql", params=asked)
    assert cache_of(client.get("sparql", params=asked)) == "cache;desc=hit"
    assert cache_of(client.get("sparql", params={**asked, **other})) == "cache;desc=miss"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) WHERE {}",
        "SELECT (RAND() AS ?x) WHERE {}",
        "SELECT (UUID() AS ?x) WHERE {}",
        "SELECT (strUUID() AS ?x) WHERE {}",
        "SELECT (BNODE() AS ?x) WHERE {}",
    ],
)
def test_an_answer_that_changes_by_itself_is_never_kept(client: httpx.Client, query: str) -> None:
    answers = [client.get("sparql", params={"query": query}) for _ in range(2)]
    assert [cache_of(answer) for answer in answers] == ["cache;desc=off"] * 2
    assert answers[0].headers["cache-control"] == "no-store"
    assert "etag" not in answers[0].headers


def test_a_word_in_a_string_does_not_keep_an_answer_from_being_kept(client: httpx.Client) -> None:
    query = "SELECT ('NOW() RAND() SERVICE' AS ?x) WHERE {}"
    client.get("sparql", params={"query": query})
    assert cache_of(client.get("sparql", params={"query": query})) == "cache;desc=hit"


def test_proxies_may_keep_an_answer_and_ask_whether_it_holds(client: httpx.Client) -> None:
    asked = {"query": f"{COUNT} LIMIT 9"}
    first = client.get("sparql", params=asked)
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.headers["etag"].startswith('W/"')
    assert "accept" in first.headers["vary"].lower()
    unchanged = client.get("sparql", params=asked, headers={"If-None-Match": first.headers["etag"]})
    assert unchanged.status_code == 304
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert unchanged.headers["cache-control"] == "public, no-cache"


def test_a_failed_query_fails_again(client: httpx.Client) -> None:
    for _ in range(2):
        assert client.get("sparql", params={"query": "SELECT * WHERE { ?s ?p [ ; ] }"}).status_code == 400


def test_a_repeated_query_takes_milliseconds(client: httpx.Client) -> None:
    """The budget is 2 ms, measured by the benchmark; here it is held to what a busy machine gives."""
    heavy = "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o . ?s ?q ?r } GROUP BY ?p ORDER BY ?p"
    assert cache_of(client.get("sparql", params={"query": heavy})) == "cache;desc=miss"
    took = []
    for _ in range(50):
        started = time.perf_counter()
        assert cache_of(client.get("sparql", params={"query": heavy})) == "cache;desc=hit"
        took.append(time.perf_counter() - started)
    assert statistics.median(took) < 0.02


def test_rows_of_a_named_query_are_given_again_as_they_were_written(client: httpx.Client) -> None:
    asked = {"limit": "2", "count": "true"}
    first = client.get("queries/datasett-per-utgiver", params=asked)
    before = hits(client)
    again = client.get("queries/datasett-per-utgiver", params=asked)
    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    told = ("content-type", "etag", "link", "vary", "x-generation", "x-total-count", "cache-control")
    assert [again.headers.get(name) for name in told] == [first.headers.get(name) for name in told]
    assert again.headers["server-timing"].startswith("engine;dur=0.00,")
    assert hits(client) > before
    other = client.get("queries/datasett-per-utgiver", params={**asked, "limit": "1"})
    assert other.json()["rows"] == first.json()["rows"][:1]
    assert client.get("queries/datasett-per-utgiver.csv", params=asked).headers["content-type"].startswith("text/csv")


def hits(client: httpx.Client) -> float:
    (line,) = [each for each in client.get("metrics").text.splitlines() if each.startswith("kg_cache_hits_total ")]
    return float(line.split()[1])
