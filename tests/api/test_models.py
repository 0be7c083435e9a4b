"""`/models/…` over HTTP, on the demo."""

import csv
import html
import io
import re
from typing import Any

import httpx
import pytest

MODEL = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"
OTHER = "https://demo.kunnskapsgraf.example/kartverket/modell/eiendom"
VIEWS: dict[str, dict[str, str]] = {
    "coverage": {"model": MODEL},
    "gaps": {"model": MODEL},
    "impact": {"element": f"{MODEL}#Adresse"},
    "compare": {"left": MODEL, "right": OTHER},
}


def problem(answer: httpx.Response, status: int, parameter: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    value: dict[str, Any] = answer.json()
    assert value.get("parameter") == parameter
    return value


def test_coverage_says_what_the_parts_have(client: httpx.Client) -> None:
    told = client.get("models/coverage", params=VIEWS["coverage"]).json()
    assert told["owner"]["label"] == "Brønnøysundregistrene"
    assert told["counts"]["parts"] == len(told["parts"]) == 27
    assert told["percent"]["with_concept"] == 59


def test_gaps_offer_concepts_as_json_and_as_a_table(client: httpx.Client) -> None:
    told = client.get("models/gaps", params=VIEWS["gaps"]).json()
    assert told["candidates_missing"] is None
    offered = [gap for gap in told["gaps"] if gap["candidates"]]
    assert [gap["label"] for gap in offered] == ["næringskode"]
    assert "næring" in offered[0]["candidates"][0]["definition"]
    answer = client.get("models/gaps", params={**VIEWS["gaps"], "format": "tsv"})
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline=""), delimiter="\t"))
    assert {row["part"] for row in rows} == {gap["iri"] for gap in told["gaps"]}


def test_impact_leads_to_datasets_and_named_queries(client: httpx.Client) -> None:
    told = client.get("models/impact", params=VIEWS["impact"]).json()
    kinds = {each["kind"] for each in told["reached"]}
    assert {"model", "property", "dataset", "dataservice"} <= kinds
    assert "data-etter-modell" in {each["name"] for each in told["queries"]}


def test_two_models_stand_side_by_side(client: httpx.Client) -> None:
    told = client.get("models/compare", params=VIEWS["compare"]).json()
    assert told["counts"]["paired"] >= 8
    assert {pair["paired_by"] for pair in told["pairs"]} == {"concept", "name", None}


@pytest.mark.parametrize("view", sorted(VIEWS))
@pytest.mark.parametrize(("accepted", "language"), [("nb", "nb"), ("en", "en")])
def test_every_view_is_a_page_that_runs_nothing(client: httpx.Client, view: str, accepted: str, language: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": accepted}
    answer = client.get(f"models/{view}", params=VIEWS[view], headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<table>" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_wrong_parameter_is_named(client: httpx.Client, view: str) -> None:
    for name in VIEWS[view]:
        problem(client.get(f"models/{view}", params={**VIEWS[view], name: "nonsense"}), 422, name)
        problem(client.get(f"models/{view}", params={**VIEWS[view], name: ""}), 422, name)
        problem(client.get(f"models/{view}", params={**VIEWS[view], name: "https://borte.example/"}), 404)
    problem(client.get(f"models/{view}", params={**VIEWS[view], "format": "tape"}), 422, "format")
    problem(client.get(f"models/{view}", params={**VIEWS[view], "x": "y"}), 400, "x")


@pytest.mark.parametrize("view", ["coverage", "compare"])
def test_an_unchanged_answer_costs_nothing(client: httpx.Client, view: str) -> None:
    first = client.get(f"models/{view}", params=VIEWS[view])
    again = client.get(f"models/{view}", params=VIEWS[view], headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_of_a_model_leads_to_its_views_and_no_other_page_does(client: httpx.Client) -> None:
    page = client.get("resource", params={"iri": MODEL, "format": "html"}).text
    for address in re.findall(r'href="(models/[^"]*)"', page):
        answer = client.get(html.unescape(address))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.count('href="models/') == 3
    assert 'href="models/' not in client.get("resource", params={"iri": f"{MODEL}#Adresse", "format": "html"}).text
