import httpx
import pytest


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("health").json() == {"status": "ok"}
    ready = client.get("ready")
    assert ready.status_code == 200
    assert ready.json()["generation"] == 1


def test_graphs_are_listed_with_counts_and_sources(client: httpx.Client) -> None:
    listed = client.get("graphs").json()
    assert listed["default"]["triples"] > 1000
    assert all(graph["triples"] > 0 for graph in listed["graphs"])
    sources = {graph["source"] for graph in listed["graphs"] if "source" in graph}
    assert "ki-prosjekter" in sources


@pytest.mark.parametrize("path", ["health", "ready", "graphs", ""])
def test_unknown_parameters_are_refused_by_name(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"verbose": "1"})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "verbose"


def test_an_unknown_path_is_a_problem(client: httpx.Client) -> None:
    for path in ("nothing", "problems/nothing", "sparql/x"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_start_page_works_without_scripts(client: httpx.Client) -> None:
    page = client.get("")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert 'name="query"' in page.text
    assert "nav-datasett" in page.text
