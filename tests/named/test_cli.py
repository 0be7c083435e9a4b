"""Named queries on the command line: asked without a server, listed, checked and begun."""

import json
from pathlib import Path

import pytest

from kg.build.generations import Home
from kg.named.front_matter import schema
from tests.named.conftest import head
from tests.test_cli import kg


def test_a_query_is_asked_by_its_name(demo: Home) -> None:
    done = kg("query", "datasett-per-utgiver", "--param", "publisher=974760673", "--home", str(demo.path))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["columns"] == ["publisher", "name", "datasets"]
    assert [row["publisher"] for row in answer["rows"]] == ["https://data.norge.no/organizations/974760673"]
    table = kg("query", "datasett-per-utgiver", "--format", "csv", "--home", str(demo.path))
    assert table.stdout.splitlines()[0] == "publisher,name,datasets"
    assert len(table.stdout.splitlines()) > 5


def test_a_file_with_a_front_matter_takes_parameters_too(demo: Home, tmp_path: Path) -> None:
    file = tmp_path / "mitt.rq"
    file.write_text(
        head("parameters:\n  x: {type: integer, title: {nb: X, en: X}}") + "SELECT ?x { VALUES ?x { UNDEF } }"
    )
    done = kg("query", str(file), "--param", "x=7", "--home", str(demo.path))
    assert json.loads(done.stdout)["rows"] == [{"x": 7}], done.stderr
    plain = kg("query", str(file), "--format", "csv", "--home", str(demo.path))
    assert plain.stdout.split() == ["x"], plain.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["datasett-per-utgivar"], 1, "datasett-per-utgiver"),
        (["datasett-per-utgiver", "--param", "publisher"], 2, "NAME=VALUE"),
        (["datasett-per-utgiver", "--param", "utgiver=1"], 2, "it has: publisher"),
        (["datasett-per-utgiver", "--param", "publisher=1"], 2, "publisher"),
        (["begrep-med-navn"], 2, "name"),
        (["datasett-per-utgiver", "--format", "turtle"], 1, "turtle"),
    ],
)
def test_a_wrong_call_says_why(demo: Home, arguments: list[str], code: int, said: str) -> None:
    done = kg("query", *arguments, "--home", str(demo.path), COLUMNS="200")
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_list_names_every_query_and_its_file() -> None:
    listed = json.loads(kg("queries", "list", "--json").stdout)["queries"]
    assert {"begrep-med-navn", "datasett-per-utgiver", "former-av-iri"} <= {entry["name"] for entry in listed}
    assert all(Path(entry["file"]).is_file() for entry in listed)
    assert "datasett-per-utgiver" in kg("queries", "list", COLUMNS="200").stdout


def test_check_tells_every_fault_and_fails_where_there_is_one(tmp_path: Path) -> None:
    assert kg("queries", "check").returncode == 0
    (tmp_path / "a.rq").write_text("SELECT * { }")
    (tmp_path / "b.rq").write_text(head() + "SELECT ?a { ?a ?b }")
    done = kg("queries", "check", str(tmp_path))
    assert done.returncode == 1
    assert "a.rq:1: " in done.stdout
    assert "b.rq:4: " in done.stdout
    faults = json.loads(kg("queries", "check", str(tmp_path), "--json").stdout)["faults"]
    assert {(Path(fault["file"]).name, fault["line"]) for fault in faults if fault["serious"]} == {
        ("a.rq", 1),
        ("b.rq", 4),
    }


def test_a_new_query_has_no_faults_and_answers(demo: Home, tmp_path: Path) -> None:
    done = kg("queries", "new", "mitt-sporsmal", "--folder", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert kg("queries", "check", str(tmp_path)).returncode == 0
    again = kg("queries", "new", "mitt-sporsmal", "--folder", str(tmp_path))
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert kg("queries", "new", "Mitt spørsmål", "--folder", str(tmp_path)).returncode == 2
    folders = json.dumps([str(tmp_path)])
    asked = ("query", "mitt-sporsmal", "--param", "publisher=974760673", "--home", str(demo.path))
    assert len(json.loads(kg(*asked, KG_QUERY_FOLDERS=folders).stdout)["rows"]) >= 1


def test_queries_follow_the_base_of_the_generation_that_they_ask(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(
        "<https://x.example/d> <http://purl.org/dc/terms/publisher> "
        "<https://data.brreg.no/enhetsregisteret/api/enheter/974760673> ."
    )
    built = kg("build", "--home", str(home.path), "--source", f"x={tmp_path}/x.ttl", "--base-iri", "https://b.example/")
    assert built.returncode == 0, built.stderr
    done = kg("query", "former-av-iri", "--home", str(home.path))
    (row,) = json.loads(done.stdout)["rows"]
    assert row["canonical"] == "https://data.norge.no/organizations/974760673"
    assert row["source"] == "https://b.example/graph/source/x"


def test_a_fault_in_a_query_stops_a_build_before_anything_is_harvested(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("SELECT ?a { }")
    source = f"x={tmp_path}/x.ttl"
    done = kg("build", "--home", str(home.path), "--source", source, KG_QUERY_FOLDERS=json.dumps([str(tmp_path)]))
    assert done.returncode == 2
    assert "a.rq:1: has no front matter" in done.stderr
    assert home.find_current() is None


def test_the_schema_is_printed() -> None:
    assert json.loads(kg("queries", "schema").stdout) == schema()
