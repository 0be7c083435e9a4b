"""Inquiries: an answer rests on one generation, or there is none."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from kg.api.inquiry import ATTEMPTS, GenerationChanged, Inquiry, from_one_generation, inquire
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.config import read_settings
from kg.engine.answering import Answering
from kg.engine.cache import AnswerCache
from kg.engine.keeper import Keeper
from kg.engine.supervisor import Supervisor
from kg.errors import EngineFailed, NotFound, QueueFull
from kg.metrics import Metrics
from kg.namespaces import DEFAULT_BASE_IRI
from kg.per_generation import PerGeneration, read_naming
from kg.services import engine_plan

TITLE = "SELECT ?title WHERE { <https://x.example/d> dct:title ?title }"


def publish(home: Home, folder: Path, title: str) -> None:
    file = folder / "d.ttl"
    file.write_text(f'<https://x.example/d> <http://purl.org/dc/terms/title> "{title}" .', encoding="utf-8")
    build([Source("x", str(file))], BuildPlan(DEFAULT_BASE_IRI, raw=True, dumps=False), home, lambda *_: None)


def request_to(services: SimpleNamespace) -> Request:
    app = SimpleNamespace(state=SimpleNamespace(services=services))
    return Request({"type": "http", "headers": [], "app": app, "state": {"client": ""}})


@asynccontextmanager
async def asking(home: Home) -> AsyncIterator[tuple[Request, Keeper]]:
    """A request to as much of the services as an inquiry needs, and who takes a new generation into service."""
    settings = read_settings(home=home.path, workers=1)
    supervisor = Supervisor(engine_plan(settings, home.path))
    keeper = Keeper(home, supervisor, "disk")
    try:
        await keeper.look()
        metrics = Metrics()
        services = SimpleNamespace(
            settings=settings,
            supervisor=supervisor,
            namings=PerGeneration(home, read_naming),
            answering=Answering(supervisor, AnswerCache(1 << 20), metrics),
        )
        yield request_to(services), keeper
        assert supervisor.load["spooled_bytes"] == 0, "an answer was not given back"
    finally:
        await supervisor.close()


class Changing:
    """An answer that finds the generation changed so many times."""

    def __init__(self, times: int) -> None:
        self.left, self.begun = times, 0

    async def __call__(self, *_: Inquiry) -> str:
        self.begun += 1
        if self.left:
            self.left -= 1
            raise GenerationChanged
        return "whole"


@pytest.mark.parametrize("times", range(ATTEMPTS))
async def test_an_answer_is_begun_again_as_long_as_the_generation_changes(times: int) -> None:
    answer = Changing(times)
    assert await from_one_generation(answer) == "whole"
    assert answer.begun == times + 1


async def test_a_generation_that_changes_each_time_is_an_error_that_says_to_ask_again() -> None:
    answer = Changing(ATTEMPTS)
    with pytest.raises(QueueFull, match="being changed") as refused:
        await from_one_generation(answer)
    assert answer.begun == ATTEMPTS
    assert refused.value.hint


async def test_other_errors_are_told_at_once() -> None:
    begun = 0

    async def fail() -> None:
        nonlocal begun
        begun += 1
        raise NotFound("nothing is known of it")

    with pytest.raises(NotFound):
        await from_one_generation(fail)
    assert begun == 1


async def test_answers_of_two_generations_never_make_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, tmp_path, "old")
    async with asking(home) as (request, keeper):
        asked: list[int] = []

        async def titles(inquiry: Inquiry) -> list[str]:
            asked.append(inquiry.naming.generation)
            first = await inquiry.rows(TITLE)
            if len(asked) == 1:  # a new generation takes over between the two questions
                publish(home, tmp_path, "new")
                await keeper.look()
            second = await inquiry.rows(f"{TITLE} LIMIT 1")
            return [row["title"].value for row in (*first, *second)]

        assert await inquire(request, time.perf_counter(), titles) == ["new", "new"]
        assert asked == [1, 2]


async def test_without_an_engine_there_is_an_error(tmp_path: Path) -> None:
    supervisor = Supervisor(engine_plan(read_settings(home=tmp_path), tmp_path))
    namings = PerGeneration(Home(tmp_path), read_naming)
    request = request_to(SimpleNamespace(supervisor=supervisor, namings=namings))
    with pytest.raises(EngineFailed):
        await inquire(request, time.perf_counter(), Changing(0))
