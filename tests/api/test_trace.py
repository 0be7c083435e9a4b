"""`/trace` over HTTP: its shape, its errors, its pages, and hostile texts."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.namespaces import DEFAULT_BASE_IRI
from kg.trace.web import Evidence, NodeKind
from tests.conftest import serving

CONCEPT = "https://demo.kunnskapsgraf.example/skatteetaten/begrep/fodselsnummer"
PERSON = "https://demo.kunnskapsgraf.example/skatteetaten/modell/person-og-inntekt#Person.fodselsnummer"


def traced(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = client.get("trace", params=parameters)
    assert answer.status_code == 200, answer.text
    value: dict[str, Any] = answer.json()
    return value


def test_the_answer_has_the_agreed_shape(client: httpx.Client) -> None:
    found = traced(client, element="fødselsnummer")
    assert found["element"] == "fødselsnummer"
    assert {(choice["kind"], choice["label"]) for choice in found["choices"]} == {
        ("concept", "fødselsnummer"),
        ("element", "fødselsnummer"),
    }
    iris = {node["iri"] for node in found["nodes"]}
    assert len(iris) == len(found["nodes"])
    assert {node["kind"] for node in found["nodes"]} <= set(NodeKind)
    for edge in found["edges"]:
        assert {edge["from"], edge["to"]} <= iris
        assert edge["evidence"] in set(Evidence)
        assert all(triple.keys() == {"subject", "predicate", "object"} for triple in edge["triples"])
        assert edge["triples"]
        assert ("reason" in edge) == (edge["evidence"] == "suggested")
        assert ("proofs" in edge) == (edge["evidence"] == "inferred")
    assert {agency["iri"] for agency in found["agencies"]} == {node["agency"] for node in found["nodes"]} - {None}
    assert {"authority", "shared", "duplicate-collection"} <= {finding["kind"] for finding in found["findings"]}
    assert found["total"] == {"nodes": len(iris), "edges": len(found["edges"]), "complete": True}
    assert found["next"] is None


def test_any_iri_of_a_thing_gives_the_same_trace_and_choices_narrow_a_word(client: httpx.Client) -> None:
    one, other = (traced(client, element=iri) for iri in (PERSON, f"<{PERSON}>"))
    assert one["nodes"] == other["nodes"]
    assert one["starts"] == [PERSON]
    word = traced(client, element="fødselsnummer")
    assert PERSON in {choice["iri"] for choice in word["choices"]}
    by_number, by_iri = (
        traced(client, element=text, depth=1)
        for text in ("974760673", "http://data.brreg.no/enhetsregisteret/enhet/974760673.json")
    )
    assert by_number["nodes"] == by_iri["nodes"]


def test_get_and_post_give_the_same_answer(client: httpx.Client) -> None:
    form = {"element": "orgnr", "depth": "3", "lang": "en"}
    one, other = client.get("trace", params=form), client.post("trace", data=form)
    assert one.json() == other.json()
    assert one.headers["content-language"] == "en"


def test_pages_give_each_edge_once(client: httpx.Client) -> None:
    whole = traced(client, element=CONCEPT, limit=500)
    address: str | None = f"trace?element={CONCEPT}&limit=7&lang=nb"
    nodes: dict[str, Any] = {}
    edges: list[Any] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        nodes |= {node["iri"]: node for node in found["nodes"]}
        edges += found["edges"]
        address = found["next"]
        if address:
            assert address.startswith(str(client.base_url))
            assert parse_qs(urlsplit(address).query)["limit"] == ["7"]
    assert sorted(nodes) == sorted(node["iri"] for node in whole["nodes"])
    assert sorted(map(json.dumps, edges)) == sorted(map(json.dumps, whole["edges"]))


def test_an_unchanged_answer_costs_nothing(client: httpx.Client) -> None:
    first = client.get("trace", params={"element": CONCEPT})
    assert first.headers["x-generation"] == "1"
    again = client.get("trace", params={"element": CONCEPT}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("trace", params={"element": CONCEPT, "depth": 2})
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("parameters", "status", "name"),
    [
        ({}, 422, "element"),
        ({"element": "a", "dept": "1"}, 400, "dept"),
        ({"element": "a", "depth": "99"}, 422, "depth"),
        ({"element": "a", "paths": "P0"}, 422, "paths"),
        ({"element": "a", "evidence": "sure"}, 422, "evidence"),
        ({"element": "a", "agency": "nav"}, 422, "agency"),
        ({"element": "a", "limit": "0"}, 422, "limit"),
        ({"element": "a", "offset": "-1"}, 422, "offset"),
        ({"element": "a", "lang": "xx"}, 422, "lang"),
        ({"element": "a", "format": "svg"}, 422, "format"),
        ({"element": ["a", "b"]}, 422, "element"),
        ({"element": "http://www.w3.org/ns/dcat#Dataset"}, 422, "element"),
        ({"element": "https://nobody.example/1"}, 404, None),
    ],
)
def test_what_is_wrong_is_said_with_its_name(
    client: httpx.Client, parameters: dict[str, Any], status: int, name: str | None
) -> None:
    answer = client.get("trace", params=parameters)
    assert (answer.status_code, answer.json().get("parameter")) == (status, name)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "element",
    [
        "'; DROP",
        '"><script>alert(1)</script>',
        "\x00",
        "\ud800",
        "{{7*7}}",
        "urn:x",
        "a:b",
        "?x",
        "<",
        "\u202e",
        "𝕏" * 300,
    ],
)
def test_whatever_is_asked_has_an_answer_in_words(client: httpx.Client, element: str) -> None:
    answer = client.post(
        "trace",
        content=httpx.QueryParams({"element": element.encode("utf-8", "replace").decode()}).__str__(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in {200, 404, 422}
    assert answer.json()


def test_hostile_labels_stay_text_and_inferred_steps_lead_to_their_proof(tmp_path: Path) -> None:
    source = tmp_path / "hostile.ttl"
    source.write_text(
        """
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        <https://x.example/c> a dcat:Catalog ; dct:publisher <https://x.example/o> ;
          dcat:dataset <https://x.example/e> .
        <https://x.example/e> a dcat:Dataset ; dct:title "uten utgiver"@nb .
        <https://x.example/%22%3E%3Cscript%3E> a skos:Concept ; skos:definition "x"@nb ;
            dct:publisher <https://x.example/o> ;
            skos:prefLabel "</script><script>alert(1)</script>"@nb .
        <https://x.example/d?a=1&b='> a dcat:Dataset ; dct:subject <https://x.example/%22%3E%3Cscript%3E> ;
            dct:title "=cmd|' /C calc'!A0\\u001b[31m\\u202e"@nb ; dct:publisher <https://x.example/o> .
        <https://x.example/o> a foaf:Agent ; foaf:name "<img src=x onerror=alert(1)>"@nb .
        """,
        encoding="utf-8",
    )
    home = Home(tmp_path / "home")
    build([Source("hostile", str(source))], BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None)
    with serving(home) as (_, address), httpx.Client(base_url=address, timeout=20) as client:
        found = traced(client, element="https://x.example/%22%3E%3Cscript%3E")
        labels = {node["label"] for node in found["nodes"]}
        assert "</script><script>alert(1)</script>" in labels
        assert {node["kind"] for node in found["nodes"]} == {"concept", "dataset", "agency"}
        page = client.get("trace", params={"element": "https://x.example/%22%3E%3Cscript%3E", "format": "html"})
        assert page.status_code == 200
        for harm in ("<script>alert", "<img src=x", "onerror=alert(1)>"):
            assert harm not in page.text
        # The dataset has the publisher of its catalogue, which is a rule of ours.
        (edge,) = traced(client, element="https://x.example/e")["edges"]
        assert (edge["path"], edge["evidence"]) == ("P8", "inferred")
        (proof,) = edge["proofs"]
        proved = client.get(proof).json()
        assert (proved["status"], proved["triple"]) == ("inferred", edge["triples"][0])
