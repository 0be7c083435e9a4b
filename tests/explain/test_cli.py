"""`kg explain`: the tree, the JSON, the exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.namespaces import DEFAULT_BASE_IRI
from tests.command_line import kg, kg_anew

DATASET, OLD, AGENCY = "https://etat.example/datasett", "https://gammel.example/datasett", "https://etat.example/etat"


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a small generation; no test may change it."""
    home = Home(tmp_path_factory.mktemp("explained") / "home")
    file = Path(__file__).resolve().parents[1] / "api" / "explain.trig"
    plan = BuildPlan(DEFAULT_BASE_IRI, raw=True)
    build([Source(id="example", location=str(file))], plan, home, lambda *_: None)
    home.get_current().aliases.write_text(f"{OLD}\t{DATASET}\n", encoding="utf-8")
    return home


def test_a_proof_is_a_tree_on_the_terminal(explained: Home) -> None:
    done = kg("explain", OLD, "dct:publisher", AGENCY, "--home", str(explained.path), COLUMNS="60")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"<{DATASET}> dct:publisher <{AGENCY}>"
    assert "dataset-publisher-from-catalogue" in lines[1]
    assert f"as no dct:publisher of <{DATASET}>" in lines
    assert sum(line.startswith(("├── ", "└── ")) for line in lines) == 3
    assert "asserted in graph/source/etat" in done.stdout


def test_json_is_one_object_of_the_agreed_shape(explained: Home) -> None:
    done = kg_anew("explain", DATASET, "rdf:type", "dcat:Resource", "--home", str(explained.path), "--json")
    assert done.returncode == 0, done.stderr
    proof: dict[str, Any] = json.loads(done.stdout)
    assert (proof["status"], proof["rule"]) == ("inferred", "cax-sco")


def test_what_does_not_hold_is_said_and_no_failure(explained: Home) -> None:
    done = kg("explain", DATASET, "dct:title", '"x"', "--home", str(explained.path))
    assert done.returncode == 0
    assert "not-held" in done.stdout


def test_text_from_a_source_does_not_steer_the_terminal(explained: Home) -> None:
    title = '"<b>x</b>\\u001B[31m\\u202E"@de'
    done = kg("explain", DATASET, "dct:title", title, "--home", str(explained.path), FORCE_COLOR="1")
    assert "\\u001B[31m" in done.stdout
    assert "\x1b[31m" not in done.stdout
    assert "\u202e" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["bare ord", "dct:title", "dct:x"], 2, "bare ord"),
        (["https://etat.example/forged", "rdf:type", "https://etat.example/z"], 1, "no rule"),
    ],
)
def test_errors_say_what_is_wrong(explained: Home, arguments: list[str], code: int, said: str) -> None:
    done = kg("explain", *arguments, "--home", str(explained.path), COLUMNS="200")
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_without_a_generation_there_is_nothing_to_explain(home: Home) -> None:
    done = kg("explain", DATASET, "dct:title", '"x"', "--home", str(home.path))
    assert done.returncode == 1
    assert "kg up" in done.stderr
