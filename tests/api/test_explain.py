"""`/explain` over HTTP: proofs as JSON, Turtle and pages, under any alias, with the sources of what they rest on."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from kg.aliases import Aliases
from kg.api.explain_rdf import proof_turtle
from kg.api.explain_view import proof_iris, proof_view
from kg.api.statement import MAX_TERM_LENGTH, read_statement
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.errors import ParameterError
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.conftest import serving

BASE = DEFAULT_BASE_IRI
NAMES = Names(BASE)
DATASET, OLD, AGENCY = "https://etat.example/datasett", "https://gammel.example/datasett", "https://etat.example/etat"
PUBLISHER = (DATASET, "dct:publisher", AGENCY)
KG, PROV = Namespace(f"{BASE}ns#"), Namespace("http://www.w3.org/ns/prov#")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on the small generation."""
    home = Home(tmp_path_factory.mktemp("explained") / "home")
    source = Source(id="example", location=str(Path(__file__).with_name("explain.trig")))
    generation = build([source], BuildPlan(BASE, raw=True), home, lambda *_: None).generation
    generation.aliases.write_text(f"{OLD}\t{DATASET}\n", encoding="utf-8")
    with serving(home, "--timeout", "5") as (_, address):
        yield address


@pytest.fixture
def web(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=20) as client:
        yield client


def ask(web: httpx.Client, triple: tuple[str, str, str], **more: Any) -> httpx.Response:
    subject, predicate, object_ = triple
    parameters = {"s": subject, "p": predicate, "o": object_, **more.pop("params", {})}
    return web.get("explain", params=parameters, **more)


def proof_of(web: httpx.Client, triple: tuple[str, str, str]) -> dict[str, Any]:
    answer = ask(web, triple)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    value: dict[str, Any] = answer.json()
    return value


def test_a_proof_has_the_agreed_shape_down_to_its_leaves(web: httpx.Client) -> None:
    left = [proof_of(web, PUBLISHER)]
    while left:
        step = left.pop()
        assert step.keys() >= {"triple", "status", "graphs", "rule", "premises", "conditions"}
        assert step["triple"].keys() == {"subject", "predicate", "object"}
        assert step["status"] in {"asserted", "inferred"}
        assert (step["rule"] is None) == (step["status"] == "asserted")
        left += step["premises"]


def test_an_inferred_triple_names_its_rule_premises_sources_and_what_was_absent(web: httpx.Client) -> None:
    proof = proof_of(web, PUBLISHER)
    assert proof["status"] == "inferred"
    assert proof["graphs"] == [NAMES.inferred]
    assert proof["rule"] == f"{BASE}ns/rule#dataset-publisher-from-catalogue"
    assert proof["conditions"] == [f"no dct:publisher of <{DATASET}>"]
    assert proof["conditions_nb"] == [f"ingen dct:publisher for <{DATASET}>"]
    graphs = {step["triple"]["predicate"].strip("<>").rpartition("#")[2]: step["graphs"] for step in proof["premises"]}
    assert graphs["type"] == graphs["dataset"] == [NAMES.source("etat")]


def test_an_asserted_triple_names_all_its_sources_under_whichever_iri_they_use(web: httpx.Client) -> None:
    proof = proof_of(web, (DATASET, "dct:title", '"Befolkning"@NB'))
    assert proof["status"] == "asserted"
    assert proof["graphs"] == [NAMES.source("annen"), NAMES.source("etat")]
    assert proof["triple"]["object"] == '"Befolkning"@nb'
    assert proof["premises"] == []
    linked = proof_of(web, ("https://etat.example/katalog", "dcat:dataset", DATASET))
    assert linked["graphs"] == [NAMES.source("etat")]


def test_a_rule_of_the_w3c_is_named_as_there(web: httpx.Client) -> None:
    proof = proof_of(web, (DATASET, "rdf:type", "dcat:Resource"))
    assert proof["rule"] == "cax-sco"
    assert {tuple(step["graphs"]) for step in proof["premises"]} == {(NAMES.ontology,), (NAMES.source("etat"),)}


@pytest.mark.parametrize("subject", [OLD, f"<{OLD}>", f" {DATASET} "])
def test_any_alias_gives_the_proof_of_the_canonical_thing(web: httpx.Client, subject: str) -> None:
    assert proof_of(web, (subject, "<http://purl.org/dc/terms/publisher>", f"<{AGENCY}>")) == proof_of(web, PUBLISHER)


def test_a_triple_about_an_alias_itself_is_explained_as_it_was_written(web: httpx.Client) -> None:
    proof = proof_of(web, (OLD, "kg:sameThing", DATASET))
    assert proof["status"] == "asserted"
    assert proof["triple"]["subject"] == f"<{OLD}>"


@pytest.mark.parametrize(
    "triple",
    [
        (DATASET, "dct:publisher", "https://x.example/"),
        (DATASET, "dct:title", '"Befolkning"'),
        ("https://x.example/", "https://x.example/", '"x"^^https://x.example/'),
        ("https://etat.example/x", "rdfs:subClassOf", "https://etat.example/x"),
    ],
)
def test_a_triple_that_does_not_hold_is_an_answer_too(web: httpx.Client, triple: tuple[str, str, str]) -> None:
    proof = proof_of(web, triple)
    assert proof["status"] == "not-held"
    assert (proof["rule"], proof["premises"], proof["graphs"]) == (None, [], [])


def test_what_is_only_suggested_does_not_hold_but_says_where_it_stands(web: httpx.Client) -> None:
    proof = proof_of(web, (DATASET, "dct:subject", "https://etat.example/forslag"))
    assert (proof["status"], proof["graphs"]) == ("not-held", [f"{BASE}graph/suggestions"])


def test_an_inferred_triple_that_nothing_explains_is_a_problem_and_no_guess(web: httpx.Client) -> None:
    answer = ask(web, ("https://etat.example/forged", "rdf:type", "https://etat.example/z"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("parameters", "status", "parameter"),
    [
        ({}, 422, "s"),
        ({"s": DATASET}, 422, "p"),
        ({"s": DATASET, "p": "dct:title"}, 422, "o"),
        ({"s": '"x"', "p": "dct:title", "o": "dct:x"}, 422, "s"),
        ({"s": DATASET, "p": '"x"', "o": "dct:x"}, 422, "p"),
        ({"s": "_:b", "p": "dct:title", "o": "dct:x"}, 422, "s"),
        ({"s": DATASET, "p": "dct:title", "o": "Befolkning"}, 422, "o"),
        ({"s": DATASET, "p": "dct:title", "o": '"x" . <urn:a> <urn:b> <urn:c>'}, 422, "o"),
        ({"s": DATASET, "p": "dct:title", "o": '"x"^^nonsense'}, 422, "o"),
        ({"s": DATASET, "p": "dct:title", "o": f'"{"x" * MAX_TERM_LENGTH}"'}, 422, "o"),
        ({"s": [DATASET, OLD], "p": "dct:title", "o": "dct:x"}, 422, "s"),
        ({"s": DATASET, "p": "dct:title", "o": "dct:x", "format": "csv"}, 422, "format"),
        ({"s": DATASET, "p": "dct:title", "o": "dct:x", "infer": "true"}, 400, "infer"),
    ],
)
def test_a_wrong_parameter_is_named(web: httpx.Client, parameters: dict[str, Any], status: int, parameter: str) -> None:
    answer = web.get("explain", params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter


def test_a_format_that_no_proof_has_is_not_acceptable(web: httpx.Client) -> None:
    for accept in ("image/png", "text/html;q=0, application/json;q=0"):
        assert ask(web, PUBLISHER, headers={"Accept": accept}).status_code == 406


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/json;q=0.5, text/turtle", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_a_client_gets_the_format_that_it_likes(web: httpx.Client, accept: str, media_type: str) -> None:
    answer = ask(web, PUBLISHER, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["x-generation"] == "1"


def test_an_unchanged_proof_costs_a_304(web: httpx.Client) -> None:
    tag = ask(web, PUBLISHER).headers["etag"]
    assert ask(web, PUBLISHER, headers={"If-None-Match": tag}).status_code == 304
    for other in ({"format": "turtle"}, {"o": "https://x.example/"}):
        assert ask(web, PUBLISHER, params=other, headers={"If-None-Match": tag}).status_code == 200


def test_turtle_says_the_same_as_json(web: httpx.Client) -> None:
    proof = proof_of(web, PUBLISHER)
    graph = Graph().parse(data=ask(web, PUBLISHER, params={"format": "turtle"}).text, format="turtle")
    (root,) = graph.subjects(RDF.type, KG.Explanation)
    assert graph.value(root, RDF.subject) == URIRef(DATASET)
    assert graph.value(root, KG.byRule) == URIRef(proof["rule"])
    assert graph.value(root, KG.proofStatus) == Literal("inferred")
    assert Literal(proof["conditions"][0], lang="en") in set(graph.objects(root, KG.condition))
    premises = set(graph.objects(root, PROV.wasDerivedFrom))
    assert len(premises) == len(proof["premises"])
    assert URIRef(NAMES.source("etat")) in {graph.value(premise, KG.heldIn) for premise in premises}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ("utledet", "oppgitt", "ingen dct:publisher", "Befolkning", "utgiveren til katalogen")),
        ("en", ("inferred", "asserted", "no dct:publisher", "Population", "that of its catalogue")),
    ],
)
def test_the_page_shows_the_proof_in_the_language_of_the_reader(
    web: httpx.Client, language: str, words: tuple[str, ...]
) -> None:
    answer = ask(web, PUBLISHER, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.headers["content-language"] == language
    shown = _Page(answer.text)
    for word in words:
        assert word in shown.text
    assert [tag for tag, _ in shown.tags].count("ol") == 1
    links = [attributes["href"] or "" for _, attributes in shown.tags if "href" in attributes]
    assert any(link.startswith("resource?iri=") for link in links)
    assert all(web.get(link).status_code == 200 for link in links if link.startswith("explain?"))
    formats = {parse_qs(urlsplit(link).query)["format"][0] for link in links if link.startswith("explain?")}
    assert formats == {"json", "turtle"}


@pytest.mark.parametrize(
    "triple",
    [
        PUBLISHER,
        ("javascript:alert(1)", "skos:related", DATASET),
        (DATASET, "dct:title", '"<b>x</b>\\u001B[31m\\u202E"@de'),
        ('https://x.example/"><script>', "dct:title", '"<script>"'),
    ],
)
def test_text_from_a_source_is_shown_and_never_run(web: httpx.Client, triple: tuple[str, str, str]) -> None:
    answer = ask(web, triple, params={"format": "html"})
    assert answer.status_code == 200, answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shown = _Page(answer.text)
    assert not {"script", "b", "img"} & {tag for tag, _ in shown.tags}
    schemes = {urlsplit(attributes["href"] or "").scheme for _, attributes in shown.tags if "href" in attributes}
    assert schemes <= {"", "http", "https"}


def test_a_page_of_what_does_not_hold_says_so(web: httpx.Client) -> None:
    answer = ask(web, (DATASET, "dct:publisher", "https://x.example/"), params={"format": "html"})
    assert "gjelder ikke" in answer.text


def test_a_head_request_and_another_method(web: httpx.Client) -> None:
    parameters = dict(zip("spo", PUBLISHER, strict=True))
    assert web.head("explain", params=parameters).status_code == 200
    assert web.post("explain", data=parameters).status_code == 405


@settings(max_examples=150)
@given(
    st.text(max_size=30), st.text(max_size=30), st.one_of(st.text(max_size=30), st.text(max_size=20).map('"{}"'.format))
)
def test_whatever_is_written_is_a_triple_or_a_named_fault(subject: str, predicate: str, object_: str) -> None:
    try:
        found = read_statement((subject, predicate, object_), NAMES.prefixes(), Aliases({}))
    except ParameterError as error:
        assert error.parameter in {"s", "p", "o"}
        return
    for triple in found:
        again = read_statement(triple, {}, Aliases({}))
        assert triple in again


def test_a_deep_proof_is_shown_whole() -> None:
    proof: dict[str, Any] = {"premises": []}
    for place in range(150):
        triple = {"subject": f"<urn:{place}>", "predicate": "<urn:p>", "object": '"x"'}
        proof = {
            "triple": triple, "status": "inferred", "graphs": [], "rule": "prp-trp", "conditions": [],
            "conditions_nb": [], "premises": [proof] if proof.get("triple") else [],
        }  # fmt: skip
    assert len(proof_iris(proof)) == 151
    view = proof_view(proof, [], NAMES, {}, "nb")
    steps = 1
    while view.premises:
        (view,) = view.premises
        steps += 1
    assert steps == 150
    assert len(set(Graph().parse(data=proof_turtle(proof, NAMES), format="turtle").objects(None, RDF.subject))) == 150
