"""A small store, and an engine on it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.engine.orders import Job
from kg.engine.supervisor import EnginePlan, Served, Supervisor
from kg.sparql.formats import negotiate

TRIPLES = 2000


def make_served(folder: Path, number: int, marker: str = "first") -> Served:
    """A generation of 2000 triples in the default graph, one in the inferred graph, and one that says `marker`."""
    place = folder / f"generation-{number}"
    place.mkdir()
    base = "https://x.example/"
    with (place / "quads.nq").open("w", encoding="utf-8") as out:
        for subject in range(TRIPLES // 2):
            out.write(f'<{base}s{subject}> <{base}label> "label {subject}"@nb .\n')
            out.write(f"<{base}s{subject}> <{base}next> <{base}s{subject + 1}> .\n")
        out.write(f'<{base}marker> <{base}is> "{marker}" .\n')
        out.write(f"<{base}s0> <{base}inferred> <{base}s1> <{base}graph/inferred> .\n")
    store = Store(str(place / "store"))
    store.bulk_load(path=str(place / "quads.nq"), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    return Served(number, place / "store", place / "quads.nq", place / "lease", {"ex": base}, f"{base}graph/inferred")


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """The first generation."""
    return make_served(tmp_path, 1)


@pytest.fixture
def plan(tmp_path: Path) -> EnginePlan:
    """A small engine with short times."""
    (tmp_path / "spool").mkdir()
    return EnginePlan(
        workers=3,
        slow_after=0.1,
        slow_places=1,
        slow_queue=1,
        queue=50,
        client_queries=20,
        memory_bytes=512 << 20,
        answer_bytes=64 << 20,
        spool_bytes=256 << 20,
        spool=tmp_path / "spool",
    )


@pytest.fixture(params=["disk", "memory"])
async def engine(request: pytest.FixtureRequest, served: Served, plan: EnginePlan) -> AsyncIterator[Supervisor]:
    """An engine that serves the first generation, in each tier."""
    supervisor = Supervisor(plan)
    await supervisor.serve(served, request.param)
    try:
        yield supervisor
    finally:
        await supervisor.close()


@pytest.fixture
async def disk_engine(served: Served, plan: EnginePlan) -> AsyncIterator[Supervisor]:
    """An engine that serves the first generation from disk."""
    supervisor = Supervisor(plan)
    await supervisor.serve(served, "disk")
    try:
        yield supervisor
    finally:
        await supervisor.close()


def make_job(query: str, answer_format: str = "csv", form: str = "select", **fields: object) -> Job:
    """A job with a short deadline."""
    job = Job(query=query, answer_format=negotiate(None, answer_format, form), seconds=30.0, client="test")
    return replace(job, **fields)  # type: ignore[arg-type]


async def ask(
    supervisor: Supervisor, query: str, answer_format: str = "csv", form: str = "select", **fields: object
) -> str:
    """The answer as text."""
    answer = await supervisor.run(make_job(query, answer_format, form, **fields))
    try:
        return b"".join(answer.chunks()).decode()
    finally:
        supervisor.release(answer)
