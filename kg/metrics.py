"""Metrics: what the service does, as Prometheus reads it at `/metrics`.

In: what the parts of the service tell, and their state when somebody looks. Out: the text of the exposition format.
Label values are of closed sets (routes, statuses, lanes, words of ours), never a client's: neither do they grow without
bound, nor do they tell who asked what.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.engine.answering import Answering
from kg.engine.keeper import Keeper
from kg.engine.progress import Progress

SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds of the histograms; 0.25 s is where a query leaves the fast lane."""
NO_ROUTE: Final = "none"
"""The route of a request to an address of which there is none of ours."""


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kg_http_requests", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self._request_seconds = Histogram(
            "kg_http_request_seconds", "From a request's head to the end of its answer.", ("route",),
            registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self._queries = Counter(
            "kg_queries", "Queries by how they ended and what the cache did.", ("outcome", "cache"),
            registry=self.registry,
        )  # fmt: skip
        self._query_seconds = Histogram(
            "kg_query_seconds", "From a query's arrival to its answer, by the lane it came to (none: from the cache).",
            ("lane",), registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self._queue_seconds = Histogram(
            "kg_query_queue_seconds", "How long queries waited for a worker.", registry=self.registry, buckets=SECONDS
        )
        self._killed = Counter(
            "kg_workers_killed", "Workers that were ended over a query, or died of it.", ("reason",),
            registry=self.registry,
        )  # fmt: skip
        ProcessCollector(registry=self.registry)

    def watch(self, answering: Answering, keeper: Keeper) -> None:
        """Tell the state of the engine too, from now on."""
        self.registry.register(_Engine(answering, keeper))

    def request_ended(self, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is a path as it is declared."""
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def query_ended(self, outcome: str, progress: Progress, seconds: float) -> None:
        """A client's query has ended, `seconds` after it was handed over."""
        self._queries.labels(outcome, progress.cache).inc()
        self._query_seconds.labels(progress.lane).observe(seconds)
        if progress.running and progress.cache != "shared":
            self._queue_seconds.observe(progress.queue_seconds)

    def worker_killed(self, reason: str) -> None:
        """A worker was ended over a query, or died of it."""
        self._killed.labels(reason).inc()


@dataclass(frozen=True, eq=False)  # the registry asks for its hash
class _Engine(Collector):
    """The state of the engine when somebody looks."""

    answering: Answering
    keeper: Keeper

    def describe(self) -> Iterable[Metric]:
        """Nothing: there may be no engine yet when this is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The gauges and counters of now."""
        yield from self._queries()
        yield from self._cache()
        yield from self._workers()
        yield from self._generation()

    def _queries(self) -> Iterator[Metric]:
        load = self.answering.supervisor.load
        yield _by("kg_queries_running", "Queries that a worker evaluates.", "lane",
                  {"fast": load["running"], "slow": load["slow_running"]})  # fmt: skip
        yield _by("kg_queries_queued", "Queries that wait for a worker, or are paused before the slow lane.", "lane",
                  {"fast": load["waiting"], "slow": load["slow_waiting"]})  # fmt: skip
        yield _one("kg_query_oldest_seconds", "Age of the query that has been under way longest.",
                   self.answering.oldest_seconds)  # fmt: skip
        yield _one("kg_spooled_bytes", "Answers in files that wait for their readers.", load["spooled_bytes"])

    def _cache(self) -> Iterator[Metric]:
        cache = self.answering.cache
        yield _count("kg_cache_hits", "Answers from the cache.", cache.hits)
        yield _count("kg_cache_misses", "Queries whose answer was not in the cache.", cache.misses)
        yield _count("kg_cache_dropped", "Answers that made room for others.", cache.dropped)
        yield _one("kg_cache_bytes", "What the cache holds.", cache.bytes)
        yield _one("kg_cache_answers", "How many answers the cache holds.", len(cache))

    def _workers(self) -> Iterator[Metric]:
        supervisor = self.answering.supervisor
        pool = supervisor.pool
        yield _count("kg_workers_forked", "Query workers started since the service was.", supervisor.counts.forked)
        if pool is None:
            return
        server, *workers = pool.process_ids or [0]
        yield _one("kg_workers", "Query workers that there are.", len(workers))
        yield _by("kg_engine_resident_bytes", "Resident memory; workers share pages, which count in each.", "process",
                  {"fork-server": _resident_bytes(server), "workers": sum(map(_resident_bytes, workers))})  # fmt: skip

    def _generation(self) -> Iterator[Metric]:
        pool, generation = self.answering.supervisor.pool, self.keeper.generation
        tiers = {tier: int(pool is not None and pool.alive and pool.plan.tier == tier) for tier in ("memory", "disk")}
        yield _by("kg_tier", "Where queries run: 1 for the tier that answers.", "tier", tiers)
        yield _one("kg_ready", "Whether a query can be answered now.", int(self.answering.supervisor.ready))
        if pool is not None:
            yield _one("kg_generation", "Number of the generation that answers.", pool.generation)
        if generation is not None:
            built = datetime.fromisoformat(generation.manifest.created)
            yield _one("kg_generation_age_seconds", "Time since the generation was built.",
                       max(0.0, time.time() - built.timestamp()))  # fmt: skip


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _count(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family


def _resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 where it is gone, or there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
