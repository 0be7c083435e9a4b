"""`/metrics`: what Prometheus reads is true, and nobody can write into it."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o . ?s a ?class }"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(client: httpx.Client) -> Samples:
    answer = client.get("metrics", headers={"Accept": "text/plain"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def gained(before: Samples, after: Samples) -> Samples:
    return {key: value - before.get(key, 0.0) for key, value in after.items() if value != before.get(key, 0.0)}


def test_queries_are_counted_by_how_they_ended(client: httpx.Client) -> None:
    before = samples(client)
    for query, status in ((COUNT, 200), (COUNT, 200), ("SELECT * WHERE { ?s ?p [ ; ] }", 400), ("nonsense", 400)):
        assert client.get("sparql", params={"query": f"{query} LIMIT 11"}).status_code == status
    assert client.get("sparql", params={"query": CROSS, "timeout": "0.4"}).status_code == 504
    assert client.get("no/such/page").status_code == 404
    change = gained(before, samples(client))
    assert change["kg_http_requests_total", (("route", "/sparql"), ("status", "200"))] == 2
    assert change["kg_http_requests_total", (("route", "/sparql"), ("status", "400"))] == 2
    assert change["kg_http_requests_total", (("route", "/sparql"), ("status", "504"))] == 1
    assert change["kg_http_requests_total", (("route", "none"), ("status", "404"))] == 1
    assert change["kg_queries_total", (("cache", "miss"), ("outcome", "answered"))] >= 1
    assert change["kg_queries_total", (("cache", "hit"), ("outcome", "answered"))] == 1
    assert change["kg_queries_total", (("cache", "miss"), ("outcome", "syntax"))] == 1
    assert change["kg_queries_total", (("cache", "miss"), ("outcome", "deadline"))] == 1
    assert change["kg_workers_killed_total", (("reason", "deadline"),)] == 1
    assert change["kg_workers_forked_total", ()] >= 1
    assert change["kg_cache_hits_total", ()] == 1
    assert change["kg_query_seconds_count", (("lane", "slow"),)] == 1
    assert change["kg_query_seconds_count", (("lane", "none"),)] == 1
    assert change["kg_cache_bytes", ()] > 0


def test_the_state_of_the_engine_is_told(client: httpx.Client) -> None:
    now = samples(client)
    assert now["kg_generation", ()] == 1
    assert now["kg_ready", ()] == 1
    assert 0 < now["kg_generation_age_seconds", ()] < 3600
    assert now["kg_tier", (("tier", "memory"),)] + now["kg_tier", (("tier", "disk"),)] == 1
    assert now["kg_queries_running", (("lane", "fast"),)] == 0
    assert now["kg_queries_queued", (("lane", "slow"),)] == 0
    assert now["kg_workers", ()] >= 1
    assert now["kg_engine_resident_bytes", (("process", "fork-server"),)] > 1 << 20
    assert now["kg_engine_resident_bytes", (("process", "workers"),)] > 1 << 20
    assert now["process_resident_memory_bytes", ()] > 1 << 20


def test_no_client_writes_into_the_labels(client: httpx.Client) -> None:
    client.get("sparql", params={"query": "ASK {}", 'evil"}': "x"})
    client.get('evil"}{/path')
    client.request("EVIL", "sparql")
    client.get("problems/evil")
    client.get("sparql", params={"query": "ASK { ?evil ?p ?o }", "format": "evil"}, headers={"X-API-Key": "evil"})
    names = samples(client)
    assert "evil" not in repr(names)
    routes = {dict(labels)["route"] for name, labels in names if name == "kg_http_requests_total"}
    assert {"/problems/{name}", "/sparql", "/metrics", "none"} <= routes


def test_parameters_are_refused(client: httpx.Client) -> None:
    assert client.get("metrics?name=x").status_code == 400
