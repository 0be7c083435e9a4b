"""`/resource`, `/id/…` and the paths under our own base, over HTTP."""

import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from rdflib import Graph, Literal, URIRef

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.identities import catalogue_id
from kg.namespaces import DEFAULT_BASE_IRI
from tests.command_line import kg
from tests.conftest import serving

BASE = DEFAULT_BASE_IRI
DATASET, OLD = "https://etat.example/datasett/1", "https://gammel.example/datasett/1"
ID = "df68f420-2200-3e21-9b01-5a1f0dbc4c4f"
REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
ORGANISATION = "https://data.norge.no/organizations/974760673"
EXAMPLE = Path(__file__).with_name("resources.trig")


def publish(home: Home, file: Path, aliases: str) -> None:
    """Make a generation of a file as it is, with these aliases."""
    source = Source(id="example", location=str(file))
    generation = build([source], BuildPlan(BASE, raw=True), home, lambda *_: None).generation
    generation.aliases.write_text(aliases, encoding="utf-8")


@pytest.fixture(scope="module")
def identified(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose generation has an alias; no test may change it."""
    home = Home(tmp_path_factory.mktemp("identified") / "home")
    publish(home, EXAMPLE, f"{OLD}\t{DATASET}\n")
    return home


@pytest.fixture(scope="module")
def server(identified: Home) -> Iterator[str]:
    with serving(identified, "--timeout", "3") as (_, address):
        yield address


@pytest.fixture
def web(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=20) as client:
        yield client


def describe(client: httpx.Client, iri: str, **parameters: str) -> Graph:
    answer = client.get("resource", params={"iri": iri, **parameters})
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format="turtle")


class _Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.elements if "href" in attributes]


def page(client: httpx.Client, iri: str, language: str = "nb") -> _Elements:
    answer = client.get("resource", params={"iri": iri}, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    return _Elements(answer.text)


def test_a_description_has_the_things_own_triples_its_parts_and_what_points_at_it(web: httpx.Client) -> None:
    graph = describe(web, DATASET)
    thing = URIRef(DATASET)
    assert (thing, URIRef("http://purl.org/dc/terms/title"), Literal("Befolkning", lang="nb")) in graph
    assert (URIRef("https://etat.example/datasett/2"), URIRef("http://purl.org/dc/terms/source"), thing) in graph
    assert (URIRef(OLD), URIRef(f"{BASE}ns#sameThing"), thing) in graph
    assert (URIRef(f"{BASE}record/a"), URIRef("http://purl.org/dc/terms/identifier"), Literal(ID)) in graph
    parts = {str(subject) for subject in graph.subjects() if str(subject).startswith(f"{BASE}.well-known/genid/")}
    assert parts == {f"{BASE}.well-known/genid/{n}" for n in range(1, 7)}


@pytest.mark.parametrize(
    ("name", "media_type", "rdflib_name"),
    [
        ("turtle", "text/turtle", "turtle"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("ntriples", "application/n-triples", "nt"),
        ("rdfxml", "application/rdf+xml", "xml"),
    ],
)
def test_every_format_says_the_same(web: httpx.Client, name: str, media_type: str, rdflib_name: str) -> None:
    expected = set(describe(web, DATASET))
    for answer in (
        web.get("resource", params={"iri": DATASET, "format": name}),
        web.get("resource", params={"iri": DATASET}, headers={"Accept": media_type}),
    ):
        assert answer.headers["content-type"].split(";")[0] == media_type
        assert set(Graph().parse(data=answer.text, format=rdflib_name)) == expected


@pytest.mark.parametrize(
    "name",
    [
        OLD,
        f" <{OLD}> ",
        ID,
        ID.upper(),
        catalogue_id(OLD),
        f"https://data.norge.no/datasets/{catalogue_id(OLD)}",
        f"https://data.norge.no/datasets/{ID}",
        f"https://datasets.fellesdatakatalog.digdir.no/datasets/{ID}",
        f"https://fellesdatakatalog.brreg.no/api/datasets/{ID}",
    ],
)
def test_any_form_of_the_iri_gives_the_canonical_thing_and_says_so(web: httpx.Client, name: str) -> None:
    answer = web.get("resource", params={"iri": name})
    assert answer.status_code == 200, answer.text
    assert answer.headers["link"] == f'<{DATASET}>; rel="canonical"'
    assert set(Graph().parse(data=answer.text)) == set(describe(web, DATASET))
    location = answer.headers["content-location"]
    assert parse_qs(urlsplit(location).query) == {"iri": [DATASET], "format": ["turtle"]}
    assert set(Graph().parse(data=web.get(location).text)) == set(describe(web, DATASET))  # the order is not promised


def test_the_canonical_iri_needs_no_link_to_itself(web: httpx.Client) -> None:
    answer = web.get("resource", params={"iri": DATASET})
    assert "link" not in answer.headers
    assert "content-location" not in answer.headers
    assert "link" not in web.get("resource", params={"iri": "dcat:Dataset"}).headers


def test_an_organisation_is_found_under_a_form_that_no_source_used(web: httpx.Client) -> None:
    assert set(describe(web, REGISTER)) == set(describe(web, ORGANISATION))


def test_incoming_links_are_counted(web: httpx.Client) -> None:
    assert web.get("resource", params={"iri": DATASET}).headers["x-incoming"] == "2 of 2"


def test_what_was_inferred_is_part_of_it_unless_it_is_not_wanted(web: httpx.Client) -> None:
    inferred = (URIRef(DATASET), URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"))
    classes = {"http://www.w3.org/ns/dcat#Dataset", "http://www.w3.org/ns/dcat#Resource"}
    assert {str(term) for term in describe(web, DATASET).objects(*inferred)} == classes
    without = {str(term) for term in describe(web, DATASET, infer="false").objects(*inferred)}
    assert without == {"http://www.w3.org/ns/dcat#Dataset"}


@pytest.mark.parametrize(
    ("parameters", "status", "parameter"),
    [
        ({}, 422, "iri"),
        ({"iri": " "}, 422, "iri"),
        ({"iri": "datasett/1"}, 422, "iri"),
        ({"iri": "https://x.example/" + "a" * 5000}, 422, "iri"),
        ({"iri": [DATASET, OLD]}, 422, "iri"),
        ({"iri": DATASET, "infer": "yes"}, 422, "infer"),
        ({"iri": DATASET, "format": "csv"}, 422, "format"),
        ({"iri": DATASET, "format": "xlsx"}, 422, "format"),
        ({"iri": DATASET, "timeout": "3"}, 400, "timeout"),
    ],
)
def test_a_wrong_parameter_is_named(
    web: httpx.Client, parameters: dict[str, str | list[str]], status: int, parameter: str
) -> None:
    answer = web.get("resource", params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter


def test_a_format_that_no_description_has_is_not_acceptable(web: httpx.Client) -> None:
    assert web.get("resource", params={"iri": DATASET}, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "iri",
    [
        "http://etat.example/datasett/1",
        "https://etat.example/datasett/1/",
        "https://etat.example/datasett/1#",
        "HTTPS://ETAT.EXAMPLE/datasett/1",
        "http://gammel.example/datasett/1/",
    ],
)
def test_an_unknown_iri_is_not_taken_for_another_but_the_near_one_is_named(web: httpx.Client, iri: str) -> None:
    answer = web.get("resource", params={"iri": iri})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert DATASET in answer.json()["hint"]


def test_the_unescaped_form_of_an_iri_is_near(web: httpx.Client) -> None:
    answer = web.get("resource", params={"iri": "https://etat.example/%C3%B8st"})
    assert answer.status_code == 404
    assert "https://etat.example/øst" in answer.json()["hint"]


@pytest.mark.parametrize(
    "iri",
    ["https://x.example/1", "00000000-0000-0000-0000-000000000000", 'x:"> <b>\r\nX-Evil: 1', "x:\x00", "x:\u2028"],
)
def test_of_what_nothing_is_known_is_a_problem(web: httpx.Client, iri: str) -> None:
    answer = web.get("resource", params={"iri": iri})
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "x-evil" not in answer.headers


def test_a_head_request_is_answered_like_a_get_without_its_body(web: httpx.Client) -> None:
    head = web.head("resource", params={"iri": OLD})
    got = web.get("resource", params={"iri": OLD})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "link", "x-generation"):
        assert head.headers[name] == got.headers[name]
    assert web.post("resource", data={"iri": OLD}).status_code == 405


def test_an_unchanged_description_costs_a_304(web: httpx.Client) -> None:
    tag = web.get("resource", params={"iri": DATASET}).headers["etag"]
    again = {"If-None-Match": tag}
    assert web.get("resource", params={"iri": DATASET}, headers=again).status_code == 304
    for other in ({"iri": DATASET, "format": "html"}, {"iri": DATASET, "infer": "false"}, {"iri": ORGANISATION}):
        assert web.get("resource", params=other, headers=again).status_code == 200
    unknown = web.get("resource", params={"iri": "https://x.example/1"}, headers={"If-None-Match": "*"})
    assert unknown.status_code == 404


def test_the_page_shows_names_parts_aliases_with_their_rule_and_sources(web: httpx.Client) -> None:
    shown = page(web, OLD)
    assert "AAA REGISTERENHETEN" not in shown.text, "the display name goes before others of its language"
    for words in ("Befolkning", "Registerenheten i Brønnøysund", "the last of six", OLD, "uuid beholdt", "2026-01-02"):
        assert words in shown.text
    for source in ("etat", "annen"):
        assert f"resource?iri={quote(f'{BASE}graph/source/{source}', safe='')}" in shown.links
    assert "resource?iri=https%3A%2F%2Fetat.example%2Fdatasett%2F2" in shown.links
    assert "uuid kept" in page(web, DATASET, "en").text


def test_the_page_is_in_the_language_of_the_reader(web: httpx.Client) -> None:
    headings = {
        language: next(attributes for tag, attributes in page(web, DATASET, language).elements if tag == "html")["lang"]
        for language in ("nb", "en")
    }
    assert headings == {"nb": "nb", "en": "en"}
    assert "Andre IRI-er" in page(web, DATASET, "nb").text
    assert "Other IRIs" in page(web, DATASET, "en").text


@pytest.mark.parametrize(
    "iri", [DATASET, "https://etat.example/datasett/2", "javascript:alert%281%29", f"{BASE}record/a"]
)
def test_text_from_a_source_is_shown_and_never_run(web: httpx.Client, iri: str) -> None:
    answer = web.get("resource", params={"iri": iri, "format": "html"})
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shown = _Elements(answer.text)
    assert not {"script", "b", "img", "iframe"} & {tag for tag, _ in shown.elements}
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    schemes = {urlsplit(link).scheme for link in shown.links}
    assert schemes <= {"", "http", "https"}


def test_what_the_page_links_to_leads_on(web: httpx.Client) -> None:
    inside = [link for link in page(web, DATASET).links if link.startswith("resource?")]
    assert len(inside) > 20
    statuses = {link: web.get(link).status_code for link in dict.fromkeys(inside)}
    # A property, or a document, may be named without being described.
    assert set(statuses.values()) <= {200, 404}
    assert statuses["resource?iri=javascript%3Aalert%25281%2529"] == 200


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
def test_browsers_get_the_page(web: httpx.Client, accept: str) -> None:
    answer = web.get("resource", params={"iri": DATASET}, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "accept", ["*/*", "text/*", "text/turtle, text/html;q=0.9", "text/html;q=0, */*", "text/html;q=x, */*"]
)
def test_programs_get_turtle(web: httpx.Client, accept: str) -> None:
    answer = web.get("resource", params={"iri": DATASET}, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("ki/prosjekt/5", f"{BASE}ki/prosjekt/5"),
        ("ki/prosjekt/%C3%B8", f"{BASE}ki/prosjekt/%C3%B8"),
        (".well-known/genid/1", f"{BASE}.well-known/genid/1"),
        ("record/a", f"{BASE}record/a"),
        (f"id/{ID}", ID),
        ("id/dcat:Dataset", "dcat:Dataset"),
        ("id/https%3A%2F%2Fgammel.example%2Fdatasett%2F1", OLD),
    ],
)
def test_an_iri_under_the_base_leads_to_its_page(web: httpx.Client, path: str, iri: str) -> None:
    for method in ("GET", "HEAD"):
        answer = web.request(method, path)
        assert answer.status_code == 303
        location = urlsplit(answer.headers["location"])
        assert location.path == "/resource"
        assert parse_qs(location.query) == {"iri": [iri]}
    assert web.get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["ki/prosjekt/6", "record/a?x=1", "favicon.ico", "id/x", "a" * 5000, "%00", "%ff", "//x.example"]
)
def test_other_paths_are_the_problem_they_were(web: httpx.Client, path: str) -> None:
    answer = web.get(f"{web.base_url}{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert web.post("ki/prosjekt/5").status_code == 404


def test_a_query_that_names_an_alias_is_answered_with_a_link(web: httpx.Client) -> None:
    query = f"ASK {{ <{OLD}> a dcat:Dataset }}"
    link = f'<{DATASET}>; rel="canonical"; anchor="{OLD}"'
    answer = web.get("sparql", params={"query": query})
    assert answer.json()["boolean"] is False
    assert answer.headers["link"] == link
    assert web.post("sparql", data={"query": query}).headers["link"] == link
    own = {"query": query, "default-graph-uri": f"{BASE}graph/source/etat"}
    assert "link" not in web.get("sparql", params=own).headers
    graph = web.get("sparql", params={"query": f"ASK {{ GRAPH ?g {{ <{OLD}> a dcat:Dataset }} }}"})
    assert graph.json()["boolean"] is True
    assert "link" not in graph.headers
    assert "link" not in web.get("sparql", params={"query": f"ASK {{ <{DATASET}> a dcat:Dataset }}"}).headers


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline


def test_kg_query_says_the_hint_beside_the_answer(identified: Home) -> None:
    done = kg("query", "-", "--home", str(identified.path), stdin=f"ASK {{ <{OLD}> a dcat:Dataset }}")
    assert done.returncode == 0, done.stderr
    assert '"boolean":false' in done.stdout
    assert DATASET not in done.stdout
    assert OLD in done.stderr
    assert DATASET in done.stderr


def test_aliases_change_together_with_the_generation_and_damaged_ones_cost_only_the_hint(tmp_path: Path) -> None:
    home, later, newer = Home(tmp_path / "home"), tmp_path / "later.trig", "https://etat.example/datasett/ny"
    later.write_text(EXAMPLE.read_text(encoding="utf-8").replace(DATASET, newer), encoding="utf-8")
    publish(home, EXAMPLE, f"{OLD}\t{DATASET}\n")
    query = {"query": f"ASK {{ <{OLD}> kg:usedIn ?source }}"}
    canonical: dict[str, set[str]] = {"1": set(), "2": set()}
    with serving(home, "--tier", "disk") as (_, address), httpx.Client(base_url=address) as client:

        def look() -> str:
            for answer in (client.get("resource", params={"iri": OLD}), client.get("sparql", params=query)):
                assert answer.status_code == 200, answer.text
                found = re.match("<([^>]*)>", answer.headers["link"])
                assert found
                canonical[answer.headers["x-generation"]].add(found[1])
            return str(answer.headers["x-generation"])

        assert look() == "1"
        publish(home, later, f"{OLD}\t{newer}\n")
        wait_until(lambda: look() == "2")
        assert canonical == {"1": {DATASET}, "2": {newer}}
        publish(home, later, "no pair\n")
        wait_until(lambda: client.get("sparql", params=query).headers["x-generation"] == "3")
        answer = client.get("sparql", params=query)
        assert answer.json()["boolean"] is True
        assert "link" not in answer.headers
        assert client.get("resource", params={"iri": newer}).status_code == 500
    done = kg("query", "-", "--home", str(home.path), stdin="ASK {}")
    assert done.returncode == 0, done.stderr
    assert '"boolean":true' in done.stdout
    assert "aliases.tsv:1" in done.stderr


def test_a_resource_of_the_demo_is_found_by_its_id(client: httpx.Client) -> None:
    query = "SELECT ?dataset WHERE { ?dataset a dcat:Dataset ; dct:title ?title } LIMIT 1"
    (row,) = client.get("sparql", params={"query": query}).json()["results"]["bindings"]
    iri = row["dataset"]["value"]
    answer = client.get(f"id/{catalogue_id(iri)}", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["link"] == f'<{iri}>; rel="canonical"'
    assert (URIRef(iri), None, None) in Graph().parse(data=answer.text)


def test_parts_of_the_demo_come_with_the_thing(client: httpx.Client) -> None:
    inside = "CONTAINS(STR(?o), '/genid/') && !CONTAINS(STR(?s), '/genid/')"
    query = f"SELECT ?s ?o WHERE {{ ?s ?p ?o . ?s a dcat:Dataset FILTER({inside}) }} LIMIT 1"
    (row,) = client.get("sparql", params={"query": query}).json()["results"]["bindings"]
    graph = describe(client, row["s"]["value"])
    assert (URIRef(row["o"]["value"]), None, None) in graph
