"""The command line: exit codes, one JSON object on stdout, errors in words."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from kg.build.generations import Home
from kg.resources import folder
from tests.command_line import kg, kg_anew


def test_a_build_prints_one_json_object_of_the_agreed_shape(home: Home) -> None:
    done = kg_anew("build", "--home", str(home.path), "--config", str(folder("demo") / "sources.toml"), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report.keys() >= {"generation", "asserted", "inferred", "sources", "seconds", "peak_rss_mb"}
    assert report["generation"] == 1
    assert report["inferred"] > 500
    assert report["reasoning"] == []
    assert all(source.keys() >= {"id", "kind", "triples", "skipped", "problems"} for source in report["sources"])
    kinds = {source["id"]: source["kind"] for source in report["sources"]}
    assert kinds["ki-prosjekter"] == "ai_projects"
    assert kinds["nav-datasett"] == "rdf"


def test_strict_makes_problems_a_failure_of_a_build_that_still_published(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<a:a> <a:b> <a:c> .\n<a:a> broken .\n<a:a> <a:b> <a:d> .\n")
    done = kg("build", "--home", str(home.path), "--source", f"x={tmp_path}/x.ttl", "--strict")
    assert done.returncode == 1
    assert "x.ttl:2" in done.stdout
    assert home.get_current().manifest.find_source("x") is not None
    assert kg("build", "--home", str(home.path), "--source", f"x={tmp_path}/x.ttl").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["build", "--source", "x=/nowhere.ttl"], 1, "/nowhere.ttl"),
        (["build", "--source", "nonsense"], 2, "ID=PATH_OR_URL"),
        (["build", "--source", "x=y", "--kind", "x=tape"], 2, "tape"),
        (["build", "--config", "/nowhere.toml"], 2, "/nowhere.toml"),
        (["build", "--source", "x=y", "--base-iri", "nonsense"], 2, "base_iri"),
        (["build", "--nonsense"], 2, "nonsense"),
        (["serve"], 1, "kg up"),
        (["serve", "--tier", "tape"], 2, "tier"),
        (["query", "/nowhere.rq"], 2, "/nowhere.rq"),
        (["generations", "rollback", "7"], 1, "no generation 7"),
        (["archive", "purge", "x"], 1, "no source 'x'"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_errors_say_what_where_and_with_which_exit_code(home: Home, arguments: list[str], code: int, said: str) -> None:
    done = kg(*arguments, KG_HOME=str(home.path), COLUMNS="200")
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_queries_need_no_server(demo: Home) -> None:
    query = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a dcat:Dataset }"
    done = kg_anew("query", "-", "--format", "csv", "--home", str(demo.path), stdin=query)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) >= 20


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * WHERE { ?s ?p [ ; ] }", "line 1, column"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "does not ask"),
        ("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "1 s"),
    ],
)
def test_a_query_that_fails_says_why_and_prints_nothing(demo: Home, query: str, said: str) -> None:
    done = kg("query", "-", "--timeout", "1", "--home", str(demo.path), stdin=query)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""


def test_generations_are_listed_rolled_back_and_pruned(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<a:a> <a:b> <a:c> .")
    for _ in range(3):
        assert kg("build", "--home", str(home.path), "--source", f"x={tmp_path}/x.ttl").returncode == 0
    assert kg("generations", "rollback", "2", "--home", str(home.path)).returncode == 0
    listed = json.loads(kg("generations", "list", "--home", str(home.path), "--json").stdout)["generations"]
    assert [(entry["generation"], entry["current"]) for entry in listed] == [(1, False), (2, True), (3, False)]
    assert json.loads(kg_anew("generations", "--home", str(home.path), "--json").stdout)["generations"] == listed
    pruned = kg("generations", "prune", "--keep", "1", "--no-monthly", "--home", str(home.path), "--json")
    assert json.loads(pruned.stdout) == {"removed": [1]}


def test_a_source_can_be_removed_for_good(home: Home, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / f"{name}.ttl").write_text(f'<a:{name}> <a:b> "hemmelig-{name}" .')
    x, y = f"x={tmp_path}/x.ttl", f"y={tmp_path}/y.ttl"
    assert kg("build", "--home", str(home.path), "--source", x, "--source", y).returncode == 0
    refused = kg("archive", "purge", "x", "--home", str(home.path))
    assert refused.returncode == 1
    assert "build without it" in refused.stderr
    assert kg("build", "--home", str(home.path), "--source", y).returncode == 0
    done = kg("archive", "purge", "x", "--home", str(home.path), "--json")
    assert json.loads(done.stdout) == {"source": "x", "files": 1, "generations": [1]}
    left = [path for path in home.path.rglob("*") if path.is_file() and b"hemmelig-x" in path.read_bytes()]
    assert left == []
    listed = json.loads(kg("archive", "list", "--home", str(home.path), "--json").stdout)["harvests"]
    assert {row["source"] for row in listed} == {"y"}


def test_an_export_holds_what_the_graph_holds(demo: Home, tmp_path: Path) -> None:
    target = tmp_path / "default.ttl"
    done = kg("export", str(target), "--graph", "default", "--format", "turtle", "--home", str(demo.path))
    assert done.returncode == 0, done.stderr
    assert len(Graph().parse(target)) == demo.get_current().manifest.asserted
    again = kg("export", str(target), "--graph", "default", "--format", "turtle", "--home", str(demo.path))
    assert again.returncode == 2
    assert "exists already" in again.stderr
    whole = tmp_path / "all.nq"
    assert kg("export", str(whole), "--home", str(demo.path)).returncode == 0
    assert len(whole.read_bytes().splitlines()) == demo.get_current().manifest.quads
    unknown = kg("export", str(tmp_path / "n.nq"), "--graph", "https://x.example/", "--home", str(demo.path))
    assert unknown.returncode == 1
    assert not (tmp_path / "n.nq").exists()


def test_the_wrong_kind_given_for_a_file_is_an_error_of_that_source(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = kg("build", "--home", str(home.path), "--source", f"x={tmp_path}/x.csv", "--kind", "x=ai_projects")
    assert done.returncode == 1
    assert "x.csv" in done.stderr
    assert home.find_current() is None
