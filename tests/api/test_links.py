"""`/links` over HTTP: decisions with a token, on disk before the answer, and as SSSOM."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.access.tokens import TokenFile
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.linking.candidate import candidate_id
from kg.linking.decisions import DecisionLog
from kg.linking.sssom import read_sssom
from kg.linking.statement import Importer
from kg.namespaces import DEFAULT_BASE_IRI
from tests.build.test_links import SOURCE, x
from tests.conftest import serving

NOW = "2026-11-22T08:00:00Z"
PERSON, INDIVID, KODE = x("Person"), x("Individ"), x("Kode")
FORMER = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
AGENCY = "https://data.norge.no/organizations/974760673"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str, dict[str, str]]]:
    """A home with a small generation, the address of its server, and the secrets of two reviewers."""
    folder = tmp_path_factory.mktemp("links")
    (folder / "x.ttl").write_text(SOURCE, encoding="utf-8")
    home = Home(folder / "home")
    build([Source("x", str(folder / "x.ttl"))], BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None)
    tokens = TokenFile(home.tokens)
    secrets = {"Kari": tokens.new("Kari", (), NOW), "Ola": tokens.new("Ola", (x("Kode"),), NOW)}
    with serving(home, "--timeout", "5") as (_, address):
        yield home, address, secrets


@pytest.fixture
def web(reviewed: tuple[Home, str, dict[str, str]]) -> Iterator[httpx.Client]:
    """A client that shows Kari's token."""
    home, address, secrets = reviewed
    home.decisions.unlink(missing_ok=True)
    headers = {"Authorization": f"Bearer {secrets['Kari']}"}
    with httpx.Client(base_url=address, timeout=20, headers=headers) as client:
        yield client


def problem(answer: httpx.Response, status: int, name: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    value: dict[str, Any] = answer.json()
    assert value["type"] == f"/problems/{name}"
    return value


def accept(web: httpx.Client, **fields: str) -> httpx.Response:
    body = {"decision": "accept", "relation": "exact", "left": PERSON, "right": INDIVID, **fields}
    return web.post("links", json={name: value for name, value in body.items() if value})


def test_a_decision_is_on_disk_when_it_is_acknowledged(web: httpx.Client, reviewed: Any) -> None:
    answer = accept(web, comment=" samme ")
    assert answer.status_code == 200, answer.text
    (recorded,) = DecisionLog(reviewed[0].decisions).read().history
    assert answer.json() == {
        "id": candidate_id(PERSON, INDIVID),
        "left": PERSON,
        "right": INDIVID,
        "decision": "accept",
        "status": "accepted",
        "relation": "exact",
        "comment": "samme",
        "who": "Kari",
        "when": recorded.when,
    }
    assert (recorded.left, recorded.right, recorded.who) == (PERSON, INDIVID, "Kari")


def test_a_pair_that_was_decided_is_known_by_its_id(web: httpx.Client) -> None:
    link_id = accept(web).json()["id"]
    answer = web.post(f"links/{link_id}", data={"decision": "reject", "comment": "likevel ikke"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "rejected"
    shown = web.get(f"links/{link_id}").json()
    assert [each["decision"] for each in shown["history"]] == ["accept", "reject"]
    assert shown["comment"] == "likevel ikke"
    listed = web.get("links", params={"decision": "reject"}).json()
    assert (listed["total"], listed["decisions"][0]["id"]) == (1, link_id)
    assert web.get("links", params={"decision": "accept"}).json()["total"] == 0


def test_an_id_alone_says_nothing_of_which_is_left(web: httpx.Client) -> None:
    link_id = accept(web).json()["id"]
    said = problem(web.post(f"links/{link_id}", json={"decision": "accept", "relation": "broad"}), 422, "parameter")
    assert said["parameter"] == "left"
    turned = {"decision": "accept", "relation": "broad", "left": INDIVID, "right": PERSON}
    assert web.post(f"links/{link_id}", json=turned).json()["left"] == INDIVID


def test_a_pair_may_be_named_by_alias_and_curie(web: httpx.Client) -> None:
    answer = accept(web, right=FORMER, relation="related")
    assert answer.json()["right"] == AGENCY
    assert web.post("links", json={"decision": "unsure", "left": "skos:Concept", "right": PERSON}).status_code == 200


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic a2d", "Bearer kgr_" + "A" * 43])
def test_without_a_valid_token_nothing_is_recorded(web: httpx.Client, reviewed: Any, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = httpx.post(
        f"{reviewed[1]}links", headers=headers, json={"decision": "reject", "left": PERSON, "right": KODE}
    )
    problem(answer, 401, "token-needed")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not DecisionLog(reviewed[0].decisions).read().history


def test_a_token_for_some_things_does_not_extend_to_others(web: httpx.Client, reviewed: Any) -> None:
    headers = {"Authorization": f"Bearer {reviewed[2]['Ola']}"}
    body = {"decision": "reject", "left": PERSON, "right": INDIVID}
    problem(web.post("links", headers=headers, json=body), 403, "not-permitted")
    assert web.post("links", headers=headers, json={**body, "right": KODE}).json()["who"] == "Ola"


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"decision": ""}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"relation": ""}, "relation"),
        ({"relation": "same"}, "relation"),
        ({"left": "nonsense"}, "left"),
        ({"right": ""}, "right"),
        ({"right": PERSON}, "right"),
        ({"left": "https://a.example/", "right": "https://b.example/"}, "left"),
        ({"comment": "\x1b[2J"}, "comment"),
        ({"comment": "x" * 4001}, "comment"),
    ],
)
def test_a_field_that_is_wrong_is_named(
    web: httpx.Client, reviewed: Any, fields: dict[str, str], parameter: str
) -> None:
    assert problem(accept(web, **fields), 422, "parameter")["parameter"] == parameter
    assert not DecisionLog(reviewed[0].decisions).read().history


def test_what_is_no_body_of_ours_is_refused_in_words(web: httpx.Client) -> None:
    json_type = {"Content-Type": "application/json"}
    for body in (b"", b"[]", b"[[1]]", b"{", b"\xff", b'{"decision": "accept"', b"[" * 50_000):
        problem(web.post("links", headers=json_type, content=body), 400, "bad-request")
    problem(web.post("links", headers=json_type, content=b'{"who": "Ola"}'), 400, "unknown-parameter")
    twice = b'{"decision": "accept", "decision": "reject"}'
    problem(web.post("links", headers=json_type, content=twice), 422, "parameter")
    problem(web.post("links", headers=json_type, content=b'{"decision": {"a": "b"}}'), 422, "parameter")
    problem(web.post("links", content=b"x", headers={"Content-Type": "text/plain"}), 415, "media-type")
    problem(web.post("links", json={"decision": "x" * 70_000}), 413, "body-too-large")
    problem(web.post("links?who=Ola", json={"decision": "reject"}), 400, "unknown-parameter")
    problem(web.get("links/x"), 404, "not-found")
    problem(web.post("links/x", json={"decision": "reject"}), 404, "not-found")
    problem(web.get("links?limit=x"), 422, "parameter")
    problem(web.get("links?decision=x"), 422, "parameter")
    assert problem(web.put("links/x"), 405, "method")


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_json_of_any_shape_gets_a_problem(web: httpx.Client, value: object) -> None:
    content = json.dumps(value).encode()
    answer = web.post("links", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}, answer.text


def test_the_decisions_are_given_as_sssom_and_come_in_again(web: httpx.Client, reviewed: Any) -> None:
    accept(web)
    web.post("links", json={"decision": "reject", "left": PERSON, "right": KODE})
    web.post("links", json={"decision": "unsure", "left": INDIVID, "right": KODE})
    answer = web.get("links.sssom.tsv")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    importer = Importer("x", NOW)
    history = DecisionLog(reviewed[0].decisions).read().history
    assert set(read_sssom(answer.text, importer).decisions) == set(history[:2])
    everything = web.get("links.sssom.tsv", params={"unsure": "true"})
    assert set(read_sssom(everything.text, importer).decisions) == set(history)
    again = web.get("links.sssom.tsv", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    problem(web.get("links.sssom.tsv?unsure=perhaps"), 422, "parameter")
    problem(web.get("links.sssom.tsv?x=y"), 400, "unknown-parameter")


def test_a_home_that_cannot_be_written_gives_an_error_and_no_decision(web: httpx.Client, reviewed: Any) -> None:
    reviewed[0].decisions.unlink(missing_ok=True)
    reviewed[0].decisions.mkdir(parents=True)
    try:
        problem(accept(web), 500, "not-recorded")
        problem(web.get("links"), 500, "not-recorded")
    finally:
        Path(reviewed[0].decisions).rmdir()
    assert accept(web).status_code == 200


def test_what_a_link_would_do_is_said_before_it_is_accepted(web: httpx.Client, reviewed: Any) -> None:
    given = {"left": PERSON, "relation": "exact", "right": INDIVID}
    answer = web.get("links/consequences", params=given)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["left"], found["relation"], found["right"], found["complete"]) == (PERSON, "exact", INDIVID, True)
    assert found["total"] >= 4
    assert all(each.keys() >= {"triple", "rule", "premises"} for each in found["entails"])
    assert found["contradictions"] == []
    kinds = web.get("links/consequences", params={**given, "right": KODE}).json()["contradictions"]
    assert [each["kind"] for each in kinds] == ["different"]
    web.post("links", json={"decision": "reject", "left": INDIVID, "right": PERSON})
    (rejected,) = web.get("links/consequences", params=given).json()["contradictions"]
    assert (rejected["kind"], rejected["decision"]["who"]) == ("rejected", "Kari")
    assert len(DecisionLog(reviewed[0].decisions).read().history) == 1, "trying records nothing"


@pytest.mark.parametrize("parameter", ["left", "relation", "right"])
def test_a_trial_without_a_parameter_or_with_a_wrong_one_names_it(web: httpx.Client, parameter: str) -> None:
    given = {"left": PERSON, "relation": "exact", "right": INDIVID}
    for value in (None, "", "nonsense"):
        changed = {name: each for name, each in {**given, parameter: value}.items() if each is not None}
        said = problem(web.get("links/consequences", params=changed), 422, "parameter")
        assert said["parameter"] == parameter
    problem(web.get("links/consequences", params={**given, "x": "y"}), 400, "unknown-parameter")
    problem(web.get("links/consequences", params={**given, "right": PERSON}), 422, "parameter")


def test_a_candidate_is_decided_by_its_id_and_never_comes_back_when_it_was_rejected(web: httpx.Client) -> None:
    asked = {"left": x("A"), "right": x("B"), "least": "0"}
    deadline = time.monotonic() + 60
    while (answer := web.get("links/candidates", params=asked)).status_code in {503, 504}:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)  # the models of the generation are still being read
    found = answer.json()["candidates"]
    assert {each["status"] for each in found} == {"open"}
    rejected, accepted = found[0], found[1]
    assert web.post(f"links/{rejected['id']}", json={"decision": "reject"}).status_code == 200
    answer = web.post(f"links/{accepted['id']}", data={"decision": "accept", "relation": "close"})
    assert (answer.json()["left"], answer.json()["right"]) == (accepted["left"], accepted["right"])
    status = {each["id"]: each["status"] for each in web.get("links/candidates", params=asked).json()["candidates"]}
    assert rejected["id"] not in status
    assert status[accepted["id"]] == "accepted"


@pytest.mark.parametrize("path", ["links?limit=1&limit=2", "links.sssom.tsv?unsure=true&unsure=false"])
def test_a_parameter_that_is_given_twice_is_refused(web: httpx.Client, path: str) -> None:
    assert problem(web.get(path), 422, "parameter")["parameter"] in {"limit", "unsure"}
