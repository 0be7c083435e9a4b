"""The page for those who come from data.norge.no: both queries of each pair have an answer here."""

import html
import re

import httpx
import pytest

from kg.api.data_norge import COMPARISONS, query_text
from kg.namespaces import DEFAULT_BASE_IRI, Names


@pytest.mark.parametrize("name", [comparison.name for comparison in COMPARISONS])
def test_both_queries_of_a_pair_have_rows(client: httpx.Client, name: str) -> None:
    for side in ("there", "here"):
        text = query_text(name, side, Names(DEFAULT_BASE_IRI))
        answer = client.post("sparql", data={"query": text, "format": "json"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["results"]["bindings"], f"{name}.{side}.rq has no rows"


def test_the_page_shows_each_pair_and_links_to_the_answers(client: httpx.Client) -> None:
    page = client.get("data-norge", headers={"Accept-Language": "en"})
    assert page.headers["content-language"] == "en"
    assert "<script" not in page.text
    for comparison in COMPARISONS:
        assert html.escape(comparison.title[1]) in page.text
    links = [html.unescape(link) for link in re.findall(r'href="/(sparql\?[^"]+)"', page.text)]
    assert len(links) == 2 * len(COMPARISONS)
    assert all(client.get(link).headers["content-type"].startswith("text/csv") for link in links)
    assert "Noen datasett" in client.get("data-norge").text


def test_queries_follow_the_base_of_the_generation() -> None:
    other = Names("https://graf.example.no/")
    assert any(other.base in query_text(comparison.name, "here", other) for comparison in COMPARISONS)
    assert not any(DEFAULT_BASE_IRI in query_text(comparison.name, "here", other) for comparison in COMPARISONS)


def test_the_start_page_says_what_there_is_in_two_languages(client: httpx.Client) -> None:
    norwegian, english = (client.get("", headers={"Accept-Language": tag}).text for tag in ("nb", "en"))
    counted = re.search(r"<b>(\d+)</b> datasets", english)
    assert counted is not None
    query = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }"
    rows = client.get("sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    assert counted[1] == rows[0]["n"]["value"]
    assert "datasett" in norwegian
    assert 'action="/search"' in english
    for name in [query["name"] for query in client.get("queries").json()["queries"]]:
        assert f"/queries/{name}" in english
