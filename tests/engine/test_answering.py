"""Answers that are kept and shared: right ones, once evaluated, and nobody depends on another client's fate."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kg.engine.answering import KILLED_FOR, OUT_OF_MEMORY, Answering, _Flight
from kg.engine.cache import AnswerCache, key_of
from kg.engine.orders import Answer, Job
from kg.engine.progress import Progress
from kg.engine.supervisor import EnginePlan, Served, Supervisor
from kg.engine.warming import Warmer
from kg.errors import ClientBusy, DeadlinePassed, EngineFailed, KgError, QueueFull, SyntaxFault
from kg.sparql.normal import Fingerprint, fingerprint
from tests.engine.conftest import TRIPLES, make_job, make_served

MARKER = "SELECT ?x WHERE { ex:marker ex:is ?x }"
SLOWISH = "SELECT (COUNT(*) AS ?n) WHERE { ?a ex:next ?b . ?c ex:label ?d }"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * WHERE { ?s ?p ?o . VALUES ?i { " + " ".join(map(str, range(20))) + " } }"


@dataclass
class Witness:
    """What an observer was told."""

    ended: list[tuple[str, str, str]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)

    def query_ended(self, outcome: str, progress: Progress, seconds: float) -> None:
        assert seconds >= 0
        self.ended.append((outcome, progress.lane, progress.cache))

    def worker_killed(self, reason: str) -> None:
        assert reason in {*KILLED_FOR.values(), OUT_OF_MEMORY}
        self.killed.append(reason)


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
async def answering(disk_engine: Supervisor, witness: Witness) -> AsyncIterator[Answering]:
    yield Answering(disk_engine, AnswerCache(1 << 20), witness)
    assert disk_engine.load["spooled_bytes"] == 0, "an answer was not given back"


def shared(query: str, **fields: object) -> Job:
    return make_job(query, fingerprint=Fingerprint(query, fingerprint(query)), **fields)  # type: ignore[arg-type]


async def text(answering: Answering, job: Job) -> str:
    answer = await answering.run(job)
    try:
        return b"".join(answer.chunks()).decode()
    finally:
        answering.supervisor.release(answer)


async def until_running(answering: Answering) -> None:
    while not answering.supervisor.load["running"]:
        await asyncio.sleep(0.002)


async def test_a_repeated_query_is_evaluated_once(answering: Answering, witness: Witness) -> None:
    first = await text(answering, shared(MARKER))
    again = shared(f"{MARKER} # with a comment", client="another")
    assert await text(answering, again) == first == "x\r\nfirst\r\n"
    assert answering.supervisor.counts.answered == 1
    assert again.progress.cache == "hit"
    assert (again.progress.length, again.progress.generation) == (len(first), 1)
    assert witness.ended == [("answered", "fast", "miss"), ("answered", "none", "hit")]


async def test_a_query_without_fingerprint_is_evaluated_each_time(answering: Answering) -> None:
    for _ in range(2):
        await text(answering, make_job(MARKER))
    assert answering.supervisor.counts.answered == 2
    assert len(answering.cache) == 0


async def test_a_text_that_was_made_of_another_is_not_shared_under_its_fingerprint(answering: Answering) -> None:
    """As where a search is answered first: what it finds is of one generation, and so is the text."""
    job = replace(shared(MARKER), query="SELECT ?x WHERE { VALUES ?x { 1 } }")
    assert await text(answering, job) == "x\r\n1\r\n"
    assert job.progress.cache == "off"
    assert len(answering.cache) == 0
    assert await text(answering, shared(MARKER)) == "x\r\nfirst\r\n"


async def test_what_is_no_query_is_not_shared(answering: Answering) -> None:
    """The plan of a query shows its text, which is its client's own."""
    job = shared("[]", answer_format="json", kind="explain")
    for _ in range(2):
        with contextlib.suppress(KgError):
            await answering.run(job)
    assert len(answering.cache) == 0
    assert job.progress.cache == "off"


async def test_faults_are_told_of_the_clients_own_text(answering: Answering) -> None:
    texts = ["SELECT * WHERE { ?s ?p [ ; ] }", "SELECT * WHERE {\n ?s ?p [ ; ] }"]
    faults = await asyncio.gather(*(answering.run(shared(query)) for query in texts), return_exceptions=True)
    assert [fault.line for fault in faults if isinstance(fault, SyntaxFault)] == [1, 2]


async def test_errors_are_not_kept(answering: Answering) -> None:
    for _ in range(2):
        with pytest.raises(SyntaxFault):
            await text(answering, shared("SELECT * WHERE { ?s ?p [ ; ] }"))
    assert len(answering.cache) == 0
    assert answering.supervisor.counts.refused == 2


async def test_identical_queries_at_once_are_evaluated_once(answering: Answering) -> None:
    answers = await asyncio.gather(*(text(answering, shared(SLOWISH, client="one")) for _ in range(10)))
    assert set(answers) == {f"n\r\n{(TRIPLES // 2) ** 2}\r\n"}
    assert answering.supervisor.counts.answered == 1


async def test_a_large_answer_is_shared_and_given_back_by_the_last_reader(answering: Answering) -> None:
    answers: list[Answer] = await asyncio.gather(*(answering.run(shared(LARGE)) for _ in range(3)))
    assert answering.supervisor.counts.answered == 1
    assert all(answer.file is not None for answer in answers)
    pieces = list(zip(*(answer.chunks() for answer in answers), strict=True))  # read in turn, piece by piece
    assert all(len(set(same)) == 1 for same in pieces)
    assert b"".join(same[0] for same in pieces).count(b"\r\n") == 1 + 20 * (TRIPLES + 2)
    for number, answer in enumerate(answers):
        assert answering.supervisor.load["spooled_bytes"] == answer.length
        answering.supervisor.release(answer)
        answering.supervisor.release(answer)
        assert (answering.supervisor.load["spooled_bytes"] == 0) == (number == 2)


async def test_who_goes_away_does_not_take_the_answer_from_others(answering: Answering) -> None:
    first = asyncio.create_task(text(answering, shared(SLOWISH, client="one")))
    await until_running(answering)
    second = asyncio.create_task(text(answering, shared(SLOWISH, client="two")))
    await asyncio.sleep(0.01)
    first.cancel()
    assert await second == f"n\r\n{(TRIPLES // 2) ** 2}\r\n"
    assert first.cancelled()
    assert answering.supervisor.counts.answered == 1
    assert answering.supervisor.counts.abandoned == 0


async def test_the_last_who_goes_away_ends_the_query(answering: Answering, witness: Witness) -> None:
    waiting = [asyncio.create_task(answering.run(shared(CROSS, client=client))) for client in ("one", "one", "one")]
    await until_running(answering)
    await asyncio.sleep(0.05)
    assert answering.oldest_seconds > 0.04
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert answering.supervisor.load["running"] + answering.supervisor.load["slow_running"] == 0
    assert witness.killed == ["abandoned"]
    assert answering.oldest_seconds == 0
    assert await text(answering, shared(MARKER)) == "x\r\nfirst\r\n"


async def test_who_asks_while_the_query_is_being_ended_is_answered(answering: Answering) -> None:
    first = asyncio.create_task(text(answering, shared(SLOWISH)))
    await until_running(answering)
    first.cancel()
    await asyncio.sleep(0)
    assert await text(answering, shared(SLOWISH)) == f"n\r\n{(TRIPLES // 2) ** 2}\r\n"


async def test_a_query_that_has_just_failed_is_not_joined(answering: Answering) -> None:
    """Between the end of a query and the moment when its clients are told of it."""
    job = shared(MARKER)
    failed: asyncio.Task[Answer] = asyncio.create_task(_fail())
    await asyncio.wait((failed,))
    key = (key_of(job, 1), job.query)
    answering._flights[key] = _Flight(job, failed, answering.supervisor, waiting=1)
    assert await text(answering, job) == "x\r\nfirst\r\n"


async def _fail() -> Answer:
    raise DeadlinePassed("too late")


async def test_a_short_deadline_is_its_clients_own(answering: Answering, witness: Witness) -> None:
    impatient = asyncio.create_task(answering.run(shared(CROSS, seconds=0.3, client="one")))
    await until_running(answering)
    patient = asyncio.create_task(answering.run(shared(CROSS, seconds=1.0, client="two")))
    started = time.monotonic()
    with pytest.raises(DeadlinePassed) as caught:
        await impatient
    assert caught.value.limit_seconds == 0.3
    with pytest.raises(DeadlinePassed) as caught:
        await patient
    assert caught.value.limit_seconds == 1.0
    assert 0.8 < time.monotonic() - started < 1.6
    assert witness.killed == ["deadline", "deadline"]

    long = asyncio.create_task(answering.run(shared(CROSS, seconds=2.0, client="one")))
    await until_running(answering)
    started = time.monotonic()
    with pytest.raises(DeadlinePassed) as caught:
        await answering.run(shared(CROSS, seconds=0.2, client="two"))
    assert caught.value.limit_seconds == 0.2
    assert time.monotonic() - started < 0.6
    long.cancel()
    await asyncio.gather(long, return_exceptions=True)


async def test_nobody_waits_in_another_clients_queue(served: Served, plan: EnginePlan, witness: Witness) -> None:
    supervisor = Supervisor(plan)  # three places, of which one client may have two
    await supervisor.serve(served, "disk")
    answering = Answering(supervisor, AnswerCache(1 << 20), witness)
    try:
        greedy = [
            asyncio.create_task(answering.run(shared(query, client="greedy", seconds=3.0)))
            for query in (CROSS, f"{CROSS} LIMIT 2", MARKER)
        ]
        await until_running(answering)
        started = time.monotonic()
        other = shared(MARKER, client="other")
        assert await text(answering, other) == "x\r\nfirst\r\n"
        assert time.monotonic() - started < 1.0
        for task in greedy:
            task.cancel()
        for outcome in await asyncio.gather(*greedy, return_exceptions=True):
            if isinstance(outcome, Answer):
                supervisor.release(outcome)
    finally:
        await supervisor.close()


async def test_waiting_for_a_shared_answer_counts_as_a_query(
    served: Served, plan: EnginePlan, witness: Witness
) -> None:
    supervisor = Supervisor(plan)
    await supervisor.serve(served, "disk")
    answering = Answering(supervisor, AnswerCache(1 << 20), witness)
    try:
        tasks = [asyncio.create_task(answering.run(shared(CROSS))) for _ in range(plan.client_queries)]
        await asyncio.sleep(0.02)
        with pytest.raises(ClientBusy):
            await answering.run(shared(CROSS))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await supervisor.close()


async def test_a_crash_is_told_once_and_reaches_all_who_asked(answering: Answering, witness: Witness) -> None:
    bomb = "SELECT * WHERE " + "{" * 20_000 + "}" * 20_000
    outcomes = await asyncio.gather(*(answering.run(shared(bomb)) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [EngineFailed] * 3
    assert witness.killed == ["crash"]
    assert [word for word, _, _ in witness.ended] == ["engine"] * 3


async def test_a_new_generation_is_never_answered_from_the_one_before(tmp_path: Path, answering: Answering) -> None:
    seen: list[tuple[int, str]] = []
    stop = asyncio.Event()

    async def keep_asking(client: str) -> None:
        while not stop.is_set():
            answer = await answering.run(shared(MARKER, client=client))
            seen.append((answer.generation, answer.inline.decode()))
            await asyncio.sleep(0.001)

    asking = [asyncio.create_task(keep_asking(str(client))) for client in range(4)]
    await asyncio.sleep(0.1)
    await answering.supervisor.serve(make_served(tmp_path, 2, "second"), "disk")
    switched = len(seen)
    await asyncio.sleep(0.1)
    stop.set()
    await asyncio.gather(*asking)
    assert set(seen) == {(1, "x\r\nfirst\r\n"), (2, "x\r\nsecond\r\n")}
    assert {generation for generation, _ in seen[switched + 4 :]} == {2}
    assert answering.cache.hits > 20


async def test_the_favourites_of_a_generation_are_warm_in_the_next(tmp_path: Path, answering: Answering) -> None:
    warmer = Warmer(answering)
    await warmer.look()
    for _ in range(3):
        await text(answering, shared(MARKER))
    await text(answering, shared("ASK {}", answer_format="json", form="ask"))  # once: no favourite
    await answering.supervisor.serve(make_served(tmp_path, 2, "second"), "disk")
    while (pool := answering.supervisor.pool) is None or pool.idle < 2:
        await asyncio.sleep(0.01)
    before = answering.supervisor.counts.answered
    await warmer.look()
    assert answering.supervisor.counts.answered == before + 1
    job = shared(MARKER)
    assert await text(answering, job) == "x\r\nsecond\r\n"
    assert job.progress.cache == "hit"
    assert len(answering.cache) == 1
    await warmer.look()
    assert answering.supervisor.counts.answered == before + 1


async def test_warming_takes_no_place_in_the_lanes_and_has_the_lowest_priority(answering: Answering) -> None:
    supervisor = answering.supervisor
    pool = supervisor.pool
    assert pool is not None
    while pool.idle < 3:
        await asyncio.sleep(0.01)
    running = asyncio.create_task(supervisor.run(make_job(CROSS, background=True, seconds=1.0)))
    niceness: set[int] = set()
    while 19 not in niceness:
        await asyncio.sleep(0.01)
        niceness = {os.getpriority(os.PRIO_PROCESS, pid) for pid in pool.process_ids}
    assert supervisor.load["running"] + supervisor.load["slow_running"] == 0
    assert await text(answering, shared(MARKER)) == "x\r\nfirst\r\n"
    with pytest.raises(DeadlinePassed):
        await running


async def test_what_the_next_generation_cannot_answer_is_left_out(tmp_path: Path, answering: Answering) -> None:
    warmer = Warmer(answering)
    await warmer.look()
    answer = await answering.run(shared(MARKER))
    bomb = "SELECT * WHERE " + "{" * 20_000 + "}" * 20_000
    answering.cache.put(shared(bomb), answer, 5)
    answering.cache.put(shared(MARKER), answer, 4)
    await answering.supervisor.serve(make_served(tmp_path, 2, "second"), "disk")
    while (pool := answering.supervisor.pool) is None or pool.idle < 2:
        await asyncio.sleep(0.01)
    await warmer.look()
    assert len(answering.cache) == 1
    assert await text(answering, shared(MARKER)) == "x\r\nsecond\r\n"


async def test_a_full_slow_lane_turns_away_the_greediest(served: Served, plan: EnginePlan, witness: Witness) -> None:
    supervisor = Supervisor(replace(plan, workers=6, slow_places=1, slow_queue=3))
    await supervisor.serve(served, "disk")
    answering = Answering(supervisor, AnswerCache(0), witness)
    try:
        greedy = [
            asyncio.create_task(answering.run(shared(f"{CROSS} LIMIT {number}", client="greedy", seconds=2.0)))
            for number in range(1, 5)
        ]
        while supervisor.load["slow_waiting"] < 3:
            await asyncio.sleep(0.01)
        with pytest.raises(DeadlinePassed):
            await answering.run(shared(f"{CROSS} LIMIT 9", client="other", seconds=1.0))
        outcomes = await asyncio.gather(*greedy, return_exceptions=True)
        assert sum(isinstance(outcome, QueueFull) for outcome in outcomes) == 1
        assert witness.killed.count("slow-lane-full") == 1
    finally:
        await supervisor.close()
