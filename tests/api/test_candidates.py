"""`/links/candidates` over HTTP and `kg match`: candidates of the generation that is served."""

import csv
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.cli import make_app
from kg.errors import NotFound, UsageError
from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import DecisionLog
from kg.namespaces import DEFAULT_BASE_IRI
from kg.resources import folder
from tests.conftest import serving

NAV = "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse"
BRREG = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"
CATALOGUES = folder("demo") / "catalogues"


def answered(client: httpx.Client, parameters: dict[str, Any], **headers: str) -> httpx.Response:
    """The answer; a service that is still reading its models, or a machine that is busy, says when to come back."""
    for _ in range(20):
        answer = client.get("links/candidates", params=parameters, headers=headers)
        if answer.status_code != 503:
            break
        assert int(answer.headers["Retry-After"]) > 0
        time.sleep(1)
    return answer


def asked(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = answered(client, parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_candidates_have_the_shape_of_the_contract(client: httpx.Client) -> None:
    answer = answered(client, {"left": NAV})
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["X-Generation"]) == 1
    assert "linking" in answer.headers["Server-Timing"]
    found = answer.json()
    assert len(found["candidates"]) > 5
    for each in found["candidates"]:
        assert {"id", "left", "right", "score", "reasons", "status", "relation"} == each.keys()
        assert 0 <= each["score"] <= 1
        assert each["relation"] in set(Relation)
        assert each["status"] == "open"
        assert all(reason["nb"] and reason["en"] for reason in each["reasons"])
        assert each["left"].startswith(NAV)
        assert {each["left"], each["right"]} <= found["things"].keys()


def test_one_model_or_the_concepts_or_one_element(client: httpx.Client) -> None:
    with_brreg = asked(client, left=NAV, right=BRREG)
    assert {each["right"].partition("#")[0] for each in with_brreg["candidates"]} == {BRREG}
    concepts = asked(client, left=NAV, right="concepts")
    assert {concepts["things"][each["right"]]["kind"] for each in concepts["candidates"]} == {"concept"}
    element = f"{NAV}#Soknad.inntekt"
    assert {each["left"] for each in asked(client, left=element, least=0)["candidates"]} == {element}
    assert len(asked(client, left=NAV, limit=3)["candidates"]) == 3
    assert all(each["score"] >= 0.9 for each in asked(client, left=NAV, least=0.9)["candidates"])


def test_an_unchanged_answer_costs_304(client: httpx.Client) -> None:
    etag = answered(client, {"left": NAV}).headers["ETag"]
    again = client.get("links/candidates", params={"left": NAV}, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert answered(client, {"left": NAV, "each": 1}).headers["ETag"] != etag


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("", 422, "left"),
        ("left=", 422, "left"),
        (f"left={NAV}&left={NAV}", 422, "left"),
        ("left=ikke+en+iri", 422, "left"),
        (f"left={NAV}&right=heller+ikke", 422, "right"),
        (f"left={NAV}&limit=0", 422, "limit"),
        (f"left={NAV}&limit=1e3", 422, "limit"),
        (f"left={NAV}&each=51", 422, "each"),
        (f"left={NAV}&least=nan", 422, "least"),
        (f"left={NAV}&least=2", 422, "least"),
        (f"left={NAV}&format=xml", 422, "format"),
        (f"left={NAV}&rigth=concepts", 400, "rigth"),
        ("left=https://nowhere.example/", 404, None),
        (f"left={NAV}&right=https://nowhere.example/", 404, None),
    ],
)
def test_what_is_asked_wrongly_is_a_problem(
    client: httpx.Client, query: str, status: int, parameter: str | None
) -> None:
    asked(client, left=NAV)  # so that the models have been read
    answer = client.get(f"links/candidates?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().get("parameter") == parameter


def test_many_clients_at_once_all_get_the_same(client: httpx.Client, address: str) -> None:
    wanted = asked(client, left=NAV)
    found: list[dict[str, Any]] = []

    def ask() -> None:
        with httpx.Client(base_url=address, timeout=20) as other:
            found.append(asked(other, left=NAV))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 6


def test_a_new_generation_is_asked_as_soon_as_it_answers(home: Home) -> None:
    def built(*names: str) -> None:
        sources = [Source(name, str(CATALOGUES / f"{name}.ttl")) for name in names]
        build(sources, BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None)

    built("modell-nav")
    with serving(home) as (_, address), httpx.Client(base_url=address, timeout=20) as client:
        assert asked(client, left=NAV)["candidates"] == []
        built("modell-nav", "modell-brreg")
        for _ in range(200):
            answer = answered(client, {"left": NAV})
            if answer.headers["X-Generation"] == "2":
                break
            time.sleep(0.1)
        assert answer.json()["candidates"]


def match(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(make_app(), ["match", "--home", str(home.path), *arguments], env={"COLUMNS": "200"})


def test_the_command_gives_what_the_service_gives(demo: Home, client: httpx.Client) -> None:
    done = match(demo, NAV, "--concepts", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == asked(client, left=NAV, right="concepts")


def test_tables_have_a_row_for_each_candidate(demo: Home) -> None:
    rows = list(csv.DictReader(match(demo, NAV, "--tsv").stdout.splitlines(), delimiter="\t"))
    assert len(rows) > 5
    assert all(row["left"].startswith(NAV) and row["reasons_nb"] and row["reasons_en"] for row in rows)
    everything = list(csv.DictReader(match(demo, "--all").stdout.splitlines(), delimiter="\t"))
    assert len({row["id"] for row in everything}) == len(everything) >= len(rows)


def test_what_was_decided_stands_beside_a_candidate_and_what_was_rejected_is_gone(home: Home) -> None:
    sources = [Source(name, str(CATALOGUES / f"{name}.ttl")) for name in ("modell-nav", "modell-brreg")]
    build(sources, BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None)
    first, second, third = json.loads(match(home, NAV, "--json").stdout)["candidates"][:3]
    for each, verdict, relation in ((first, Verdict.REJECT, None), (second, Verdict.ACCEPT, Relation.CLOSE)):
        decision = Decision(each["left"], each["right"], verdict, relation, "", "kari", "2026-11-22T08:00:00Z")
        DecisionLog(home.decisions).append([decision])
    wanted = {second["id"]: "accepted", third["id"]: "open"}
    told = {each["id"]: each["status"] for each in json.loads(match(home, NAV, "--json").stdout)["candidates"]}
    assert told | wanted == told
    assert first["id"] not in told
    for options in ((NAV, "--tsv"), ("--all",)):
        rows = csv.DictReader(match(home, *options).stdout.splitlines(), delimiter="\t")
        told = {row["id"]: row["status"] for row in rows}
        assert told | wanted == told
        assert first["id"] not in told


def test_people_are_told_the_reasons(demo: Home) -> None:
    told = match(demo, NAV, BRREG).stdout
    assert "organisasjonsnummer" in told
    assert "begge viser til begrepet" in told


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), UsageError),
        (("ikke en iri",), UsageError),
        (("https://a.example/", "https://b.example/", "https://c.example/"), UsageError),
        ((NAV, BRREG, "--concepts"), UsageError),
        (("--all", NAV), UsageError),
        (("--all", "--json"), UsageError),
        (("https://nowhere.example/",), NotFound),
    ],
)
def test_wrong_usage_is_told(demo: Home, arguments: tuple[str, ...], error: type[Exception]) -> None:
    done = match(demo, *arguments)
    assert type(done.exception) is error
    assert done.stdout == ""


def test_a_home_without_generations_is_told_without_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "kg", "match", "--home", str(tmp_path), NAV]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "no generation" in done.stderr
    assert "Traceback" not in done.stderr
