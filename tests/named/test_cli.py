"""Named queries on the command line: asked without a server, listed, checked and begun."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.build.generations import Home
from kg.cli import make_app
from kg.errors import KgError, NotFound, ParameterError, UsageError
from kg.named.front_matter import schema
from tests.command_line import kg
from tests.named.conftest import head


def run(*arguments: str, **environment: str) -> Result:
    """Run a command in this process; an error of ours is its exception, as `kg.cli.main` shows it."""
    return CliRunner().invoke(make_app(), arguments, env={"COLUMNS": "200", **environment})


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
    ("arguments", "kind", "said"),
    [
        (["datasett-per-utgivar"], NotFound, "datasett-per-utgiver"),
        (["datasett-per-utgiver", "--param", "publisher"], UsageError, "NAME=VALUE"),
        (["datasett-per-utgiver", "--param", "utgiver=1"], UsageError, "it has: publisher"),
        (["datasett-per-utgiver", "--param", "publisher=1"], UsageError, "--param publisher"),
        (["begrep-med-navn"], UsageError, "--param label"),
        (["datasett-per-utgiver", "--format", "turtle"], ParameterError, "turtle"),
    ],
)
def test_a_wrong_call_says_why(demo: Home, arguments: list[str], kind: type[KgError], said: str) -> None:
    done = run("query", *arguments, "--home", str(demo.path))
    assert isinstance(done.exception, kind)
    assert said in str(done.exception)
    assert done.stdout == ""


def test_the_list_names_every_query_and_its_file() -> None:
    listed = json.loads(run("queries", "list", "--json").stdout)["queries"]
    assert {"begrep-med-navn", "datasett-per-utgiver", "former-av-iri"} <= {entry["name"] for entry in listed}
    assert all(Path(entry["file"]).is_file() for entry in listed)
    assert "datasett-per-utgiver" in run("queries", "list").stdout


def test_check_tells_every_fault_and_fails_where_there_is_one(tmp_path: Path) -> None:
    assert run("queries", "check").exit_code == 0
    (tmp_path / "a.rq").write_text("SELECT * { }")
    (tmp_path / "b.rq").write_text(head() + "SELECT ?a { ?a ?b }")
    done = run("queries", "check", str(tmp_path))
    assert done.exit_code == 1
    assert "a.rq:1: " in done.stdout
    assert "b.rq:4: " in done.stdout
    faults = json.loads(run("queries", "check", str(tmp_path), "--json").stdout)["faults"]
    serious = {(Path(fault["file"]).name, fault["line"]) for fault in faults if fault["serious"]}
    assert serious == {("a.rq", 1), ("b.rq", 4)}


def test_a_new_query_has_no_faults_and_answers(demo: Home, tmp_path: Path) -> None:
    done = run("queries", "new", "mitt-sporsmal", "--folder", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert run("queries", "check", str(tmp_path)).exit_code == 0
    again = run("queries", "new", "mitt-sporsmal", "--folder", str(tmp_path))
    assert isinstance(again.exception, UsageError)
    assert "exists already" in str(again.exception)
    assert isinstance(run("queries", "new", "Mitt spørsmål", "--folder", str(tmp_path)).exception, UsageError)
    folders = json.dumps([str(tmp_path)])
    asked = ("query", "mitt-sporsmal", "--param", "publisher=974760673", "--home", str(demo.path))
    assert len(json.loads(run(*asked, KG_QUERY_FOLDERS=folders).stdout)["rows"]) >= 1


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
    assert json.loads(run("queries", "schema").stdout) == schema()
