"""`/once-only` and the page of `/trace` over HTTP: shapes, paging, languages, refusals; hostile texts do nothing."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from rdflib import RDF, Graph, Literal, Namespace

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.namespaces import DEFAULT_BASE_IRI
from tests.command_line import kg
from tests.conftest import serving

NAV = "https://data.norge.no/organizations/889640782"
DEMO = "https://demo.kunnskapsgraf.example/"
PROJECT = 'title = "Prøve"\nelements = ["fødselsnummer", "finnes-ikke-xyz", "https://ukjent.example/x"]\n'
TOML = {"Content-Type": "application/toml"}
KG = Namespace(f"{DEFAULT_BASE_IRI}ns#")
HOSTILE = ("service", "dataset", "concept", "api")
LEADS = re.compile(r"^(?:/|/queries|trace|/?(?:resource|trace|explain|once-only)\?[^<>\"' ]*)$")
_TAGS = """html head meta title link style body nav p a form label select option input button h1 h2 h3 ul li strong code
    br details summary blockquote div svg desc text rect line g table caption thead tbody tr th td span"""
TAGS = frozenset(_TAGS.split())


class Page(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name in {"href", "src", "action", "xlink:href"}]


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose every text is hostile; no test may change it."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    source = Source(id="x", location=str(Path(__file__).with_name("hostile.trig")))
    build([source], BuildPlan(DEFAULT_BASE_IRI, raw=True), home, lambda *_: None)
    return home


@pytest.fixture(scope="module")
def hostile(hostile_home: Home) -> Iterator[httpx.Client]:
    with (
        serving(hostile_home, "--timeout", "5") as (_, address),
        httpx.Client(base_url=address, timeout=20) as client,
    ):
        yield client


def test_the_overview_has_entries_with_reasons_and_pages_that_lose_nothing(client: httpx.Client) -> None:
    answer = client.get("/once-only", params={"limit": "500"})
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert whole["duplicates"] == 6
    assert whole["next"] is None
    for entry in whole["entries"]:
        assert entry.keys() >= {"iri", "kind", "label", "points", "reason", "agencies", "authority", "asked_again"}
        assert entry["reason"].keys() == {"nb", "en"}
    paged, following = [], "/once-only?limit=7"
    while following:
        page = client.get(following)
        paged += page.json()["entries"]
        following = page.json()["next"]
        assert ("next" in page.links) == bool(following)
    assert paged == whole["entries"]


def test_agency_and_event_restrict_it_under_any_name(client: httpx.Client) -> None:
    by_number = client.get("/once-only", params={"agency": "889640782"}).json()
    by_alias = client.get(
        "/once-only", params={"agency": f"https://data.brreg.no/enhetsregisteret/api/enheter/{NAV[-9:]}"}
    )
    assert by_number["entries"] == by_alias.json()["entries"] != []
    event = client.get("/once-only", params={"event": f"{DEMO}hendelse/dodsfall-og-arv"}).json()
    assert event["total"] == 4
    assert client.get("/once-only", params={"event": "https://ukjent.example/x"}).json()["total"] == 0


def test_an_unchanged_overview_costs_a_304(client: httpx.Client) -> None:
    first = client.get("/once-only")
    again = client.get("/once-only", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["x-generation"] == again.headers["x-generation"]
    other = client.get("/once-only", params={"limit": "3"}, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("?x=1", 400, "x"),
        ("?limit=0", 422, "limit"),
        ("?limit=501", 422, "limit"),
        ("?limit=%2B5", 422, "limit"),
        ("?offset=-1", 422, "offset"),
        ("?offset=1000001", 422, "offset"),
        ("?agency=nav", 422, "agency"),
        ("?event=ord", 422, "event"),
        ("?format=csv", 422, "format"),
        ("?lang=de", 422, "lang"),
        ("?limit=1&limit=2", 422, "limit"),
        (f"?agency={'x' * 5000}", 422, "agency"),
    ],
)
def test_wrong_parameters_of_the_overview_are_named(
    client: httpx.Client, query: str, status: int, parameter: str
) -> None:
    answer = client.get(f"/once-only{query}")
    assert answer.status_code == status, answer.text
    assert answer.json()["parameter"] == parameter
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("language", "heading"), [("nb", "Kun én gang"), ("nn-NO", "Kun én gang"), ("en", "Once only")]
)
def test_the_overview_is_a_page_in_the_language_of_its_reader(
    client: httpx.Client, language: str, heading: str
) -> None:
    answer = client.get("/once-only", headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200
    assert heading in answer.text
    page = Page(answer.text)
    assert set(page.tags) <= TAGS
    assert all(map(LEADS.match, page.links())), page.links()


def test_a_trace_is_a_page_with_findings_in_words_a_drawing_and_its_evidence(client: httpx.Client) -> None:
    answer = client.get("/trace", params={"element": "fødselsnummer"}, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == "nb"
    for words in (
        "Autoritativ kilde",
        "Folkeregisteret",
        "Dobbeltinnsamling",
        "Spør API-et",
        "Grunnlaget, steg for steg",
    ):
        assert words in answer.text
    page = Page(answer.text)
    assert set(page.tags) <= TAGS
    assert all(map(LEADS.match, page.links())), page.links()
    svg = re.search(r"<svg.*?</svg>", answer.text, re.DOTALL)
    assert svg
    root = ET.fromstring(svg[0])
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert set(str(root.get("aria-labelledby")).split()) == set(named)
    assert all(named.values())
    json_answer = client.get("/trace", params={"element": "fødselsnummer"})
    assert json_answer.headers["content-type"] == "application/json"
    assert json_answer.headers["etag"] != answer.headers["etag"]


def test_a_word_without_a_meaning_has_choices_or_says_so(client: httpx.Client) -> None:
    none = client.get("/trace", params={"element": "xyzzyxx", "format": "html", "lang": "en"})
    assert "Nothing is called this" in none.text
    some = client.get("/trace", params={"element": "kommune", "format": "html"})
    assert some.status_code == 200


def test_every_step_of_the_json_is_in_the_table(client: httpx.Client) -> None:
    found = client.get("/trace", params={"element": "kontonummer"}).json()
    text = client.get("/trace", params={"element": "kontonummer", "format": "html"}).text
    table = text[text.index("<tbody>") :]
    assert table.count("<tr>") == len(found["edges"])


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("address", ["/trace?format=html&element={}", "/once-only?format=html"])
def test_hostile_labels_and_iris_do_nothing_on_a_page(hostile: httpx.Client, name: str, address: str) -> None:
    answer = hostile.get(address.format(f"javascript:alert('{name}')".replace("'", "%27")))
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    assert set(page.tags) <= TAGS
    assert all(map(LEADS.match, page.links())), page.links()
    assert not [attribute for attribute, _ in page.attributes if attribute.startswith("on")]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not [text for text in ("<script", "<img", "<iframe", "<svg onload") if text in answer.text]
    if address.startswith("/once-only"):
        assert "{{7*7}}" in answer.text


def test_an_inferred_step_leads_to_its_proof(hostile: httpx.Client) -> None:
    text = hostile.get("/trace", params={"element": "javascript:alert('dataset')", "format": "html"}).text
    proofs = {link for link in Page(text).links() if link.startswith("explain?")}
    assert proofs
    for link in proofs:
        assert hostile.get(f"/{link}").json()["status"] == "inferred"


@pytest.mark.parametrize("answer_format", ["json", "csv", "turtle", "html"])
def test_hostile_texts_do_nothing_in_any_form_of_a_project(hostile: httpx.Client, answer_format: str) -> None:
    elements = ", ".join(f"\"javascript:alert('{name}')\"" for name in HOSTILE)
    project = f'title = "<script>alert(0)</script>"\ndescription = "=1+1"\nelements = [{elements}]\n'
    answer = hostile.post(f"/once-only/project?format={answer_format}", content=project.encode(), headers=TOML)
    assert answer.status_code == 200, answer.text
    if answer_format == "json":
        assert {finding["kind"] for finding in answer.json()["findings"]} >= {"duplicate-collection", "fork"}
    elif answer_format == "csv":
        rows = list(csv.reader(io.StringIO(answer.text, newline="")))
        assert len(rows) > 10
        assert not [cell for row in rows for cell in row if cell.lstrip(" ")[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    elif answer_format == "turtle":
        graph = Graph().parse(data=answer.text, format="turtle")
        project_node = graph.value(predicate=RDF.type, object=KG.Project)
        titles = [str(title) for title in graph.objects(project_node) if isinstance(title, Literal)]
        assert "<script>alert(0)</script>" in titles
    else:
        page = Page(answer.text)
        assert set(page.tags) <= TAGS
        assert all(map(LEADS.match, page.links())), page.links()
        assert "<script" not in answer.text


def test_hostile_labels_do_not_steer_the_terminal(hostile_home: Home) -> None:
    for lang in ("nb", "en"):
        done = kg("once-only", "--home", str(hostile_home.path), "--lang", lang, FORCE_COLOR="1", COLUMNS="200")
        assert done.returncode == 0, done.stderr
        assert "alert(" in done.stdout
        assert "\x1b[31m" not in done.stdout
        assert "\u202e" not in done.stdout


def test_a_project_is_traced_whole_and_what_is_unknown_says_so_in_its_place(client: httpx.Client) -> None:
    answer = client.post("/once-only/project", content=PROJECT.encode(), headers=TOML)
    assert answer.status_code == 200, answer.text
    project = answer.json()
    known, word, iri = project["elements"]
    assert known["trace"]["nodes"]
    assert word["trace"]["nodes"] == iri["trace"]["nodes"] == []
    assert "problem" in iri["trace"]
    own = client.get("/trace", params={"element": "fødselsnummer"}).json()
    assert known["trace"]["findings"] == own["findings"]
    assert project["counts"]["duplicate-collection"] == 3


def test_the_turtle_of_a_project_describes_the_statements_it_rests_on(client: httpx.Client) -> None:
    answer = client.post("/once-only/project?format=ttl", content=PROJECT.encode(), headers=TOML)
    assert answer.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.text, format="turtle")
    findings = list(graph.subjects(RDF.type, KG.Finding))
    kinds = [str(graph.value(finding, KG.findingKind)) for finding in findings]
    assert kinds.count("duplicate-collection") == 3
    for finding in findings:
        for statement in graph.objects(finding, KG.restsOn):
            assert all(graph.value(statement, place) is not None for place in (RDF.subject, RDF.predicate, RDF.object))


@pytest.mark.parametrize(
    ("query", "headers", "content", "status"),
    [
        ("", {}, PROJECT, 415),
        ("", {"Content-Type": "application/json"}, PROJECT, 415),
        ("", TOML, "", 422),
        ("", TOML, "title = ", 422),
        ("", TOML, "x = " + "[" * 50_000, 422),
        ("", TOML, "#" * 70_000, 413),
        ("?format=pdf", TOML, PROJECT, 422),
        ("?lang=sv", TOML, PROJECT, 422),
        ("?depth=1", TOML, PROJECT, 400),
    ],
)
def test_what_is_no_project_is_refused(
    client: httpx.Client, query: str, headers: dict[str, str], content: str, status: int
) -> None:
    answer = client.post(f"/once-only/project{query}", content=content.encode(), headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_project_is_posted_only(client: httpx.Client) -> None:
    assert client.get("/once-only/project").status_code == 405
