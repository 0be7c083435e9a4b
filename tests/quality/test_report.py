"""What is wrong in a generation: problems by source, and contradictions between sources."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.errors import NotFound
from kg.namespaces import Names
from kg.quality.contradictions import contradiction_lines
from kg.quality.report import read_quality
from kg.reason.inference import Clash

BASE = "https://kunnskapsgraf.example/"
TURTLE = """@prefix x: <https://x.example/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
x:both a skos:Concept , skos:ConceptScheme . x:fine a skos:Concept ; skos:related x:other .
"""


@pytest.fixture
def built(home: Home, tmp_path: Path) -> Home:
    """A generation in which a thing is a concept and a concept scheme, which SKOS keeps apart (S9)."""
    path = tmp_path / "one.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    build([Source("one", str(path))], BuildPlan(BASE), home, lambda *_: None)
    return home


def test_contradictions_are_in_the_graph_of_quality_with_their_premises(built: Home) -> None:
    quality = read_quality(built.get_current())
    (found,) = quality.contradictions
    assert found.rule == "cax-adc"
    of_both = [premise for premise in found.premises if premise[0] == "<https://x.example/both>"]
    assert {premise[2].rpartition("#")[2] for premise in of_both} == {"Concept>", "ConceptScheme>"}
    axiom = {premise[1].rpartition("#")[2] for premise in found.premises if premise not in of_both}
    assert axiom == {"type>", "members>"}  # the axiom that keeps them apart is told too
    together = next(source for source in quality.sources if not source.source_id)
    assert any("contradictions were found" in problem.what for problem in together.problems)


def test_one_source_can_be_asked_for_and_none_that_is_not_there(built: Home) -> None:
    quality = read_quality(built.get_current(), "one")
    assert [source.source_id for source in quality.sources] == ["one"]
    with pytest.raises(NotFound, match="no source 'two'"):
        read_quality(built.get_current(), "two")


def test_check_prints_contradictions_as_commands_that_explain_them(built: Home) -> None:
    command = [sys.executable, "-P", "-m", "kg", "check", "--home", str(built.path)]
    text = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "kg explain '<https://x.example/both>'" in text
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60, check=True)
    report = json.loads(done.stdout)
    assert report["generation"] == 1
    assert {"iri", "rule", "premises"} <= report["contradictions"][0].keys()


def test_the_same_contradiction_has_the_same_iri_and_is_told_once() -> None:
    clash = Clash("prp-irp", ("<https://x.example/a> <https://x.example/p> <https://x.example/a>",))
    names = Names(BASE)
    once = list(contradiction_lines([clash], names))
    assert list(contradiction_lines([clash, clash], names)) == once
    assert len(once) == 7


def test_no_premise_can_write_a_triple_of_its_own() -> None:
    hostile = '<https://x.example/a> <https://x.example/p> "x> . <https://evil.example/> \\n <y> \\" ."'
    lines = list(contradiction_lines([Clash("prp-irp", (hostile,))], Names(BASE)))
    assert lines[-1].endswith(hostile.split(" ", 2)[2])
    assert all("\n" not in line for line in lines)
