"""SSSOM TSV: out and in again changes nothing, other tools read it, and a bad row is told of and passed over."""

import csv
import importlib.util
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.sssom import COLUMNS, read_sssom, write_sssom
from kg.linking.statement import Importer
from tests.linking.strategies import decisions

IMPORTER = Importer("importør", "2026-01-01T00:00:00Z")
SET_ID = "https://kunnskapsgraf.example/links.sssom.tsv"
HEAD = "#curie_map:\n#  a: https://a.example/\n#  b: https://b.example/\n"


def once_each(several: list[Decision]) -> list[Decision]:
    """One decision for each pair."""
    return list({decision.id: decision for decision in several}.values())


VALIDATOR = """
import json, sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
mappings = parse_sssom_table(sys.argv[1])
for report in validate(mappings, fail_on_error=True).values():
    assert not report.results, report.results
subjects = sorted(mappings.converter.expand(curie) for curie in mappings.df["subject_id"])
print(json.dumps({"set": mappings.metadata["mapping_set_id"], "subjects": subjects}))
"""


@given(several=st.lists(decisions(), max_size=8).map(once_each))
def test_out_and_in_again_changes_nothing(several: list[Decision]) -> None:
    text = write_sssom(several, SET_ID)
    read = read_sssom(text, IMPORTER)
    assert not read.problems
    assert sorted(read.decisions, key=repr) == sorted(several, key=repr)
    assert write_sssom(read.decisions, SET_ID) == text


@given(several=st.lists(decisions(), min_size=1, max_size=8).map(once_each))
def test_every_row_has_every_column_and_only_declared_prefixes(several: list[Decision]) -> None:
    text = write_sssom(several, SET_ID)
    body = text[text.index("subject_id") :]
    rows = list(csv.DictReader(io.StringIO(body, newline=""), delimiter="\t"))
    assert len(rows) == len(several)
    assert all(set(row) == set(COLUMNS) for row in rows)
    assert {row["predicate_modifier"] for row in rows} <= {"", "Not"}


@given(text=st.text())
@example(HEAD + "subject_id\tpredicate_id\tobject_id\tmapping_justification\n\0\t\r\x85\n")
@example("#a: &a [*a, *a]\n#curie_map: *a\n")
@example("#? [x]\n")
@example("subject_id\tsubject_id\n")
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        read_sssom(text, IMPORTER)
    except SourceError as error:
        assert error.what


@given(cells=st.lists(st.lists(st.text("a:b/\"'\\|Nots=\t x", max_size=12), min_size=1, max_size=6), max_size=5))
def test_rows_of_any_kind_become_decisions_or_problems(cells: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(cells)
    head = f"{HEAD}subject_id\tpredicate_id\tobject_id\tmapping_justification\tother\tauthor_label\n"
    read = read_sssom(head + out.getvalue(), IMPORTER)
    assert len(read.decisions) + len(read.problems) <= len(cells)


def table(*rows: str, columns: str = "subject_id\tpredicate_id\tobject_id\tmapping_justification") -> str:
    return HEAD + "\n".join((columns, *rows)) + "\n"


def test_what_a_person_curated_is_accepted_and_what_a_program_found_is_not() -> None:
    text = table(
        "a:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration",
        "a:2\tskos:broadMatch\tb:2\tsemapv:LexicalMatching",
        "a:3\tskos:closeMatch\tb:3\thttps://w3id.org/semapv/vocab/MappingReview",
    )
    read = read_sssom(text, IMPORTER)
    assert [(each.verdict, each.relation) for each in read.decisions] == [
        (Verdict.ACCEPT, Relation.EXACT),
        (Verdict.UNSURE, Relation.BROAD),
        (Verdict.ACCEPT, Relation.CLOSE),
    ]
    assert {each.who for each in read.decisions} == {"importør"}
    as_accepted = read_sssom(text, replace(IMPORTER, verdict=Verdict.ACCEPT))
    assert {each.verdict for each in as_accepted.decisions} == {Verdict.ACCEPT}


def test_a_negated_mapping_is_a_rejection_with_its_author_and_date() -> None:
    columns = (
        "subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tauthor_label\tmapping_date"
    )
    text = table("a:1\tNot\tskos:exactMatch\tb:1\tsemapv:LexicalMatching\tKari|Ola\\|N\t2024-05-06", columns=columns)
    (decision,) = read_sssom(text, IMPORTER).decisions
    assert (decision.verdict, decision.who, decision.when) == (Verdict.REJECT, "Kari, Ola|N", "2024-05-06T00:00:00Z")


def test_bad_rows_are_told_of_and_the_others_are_read() -> None:
    text = table(
        "c:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration",
        "a:1\towl:sameAs\tb:1\tsemapv:ManualMappingCuration",
        "a:1\tskos:exactMatch\ta:1\tsemapv:ManualMappingCuration",
        "a:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration",
        "a:1\tskos:exactMatch\tb:<1>\tsemapv:ManualMappingCuration",
        "b:1\tskos:closeMatch\ta:1\tsemapv:ManualMappingCuration",
    )
    read = read_sssom(text, IMPORTER)
    assert [problem.row for problem in read.problems] == [1, 2, 3, 5, 6]
    assert "c:1" in read.problems[0].what
    assert "sameAs" in read.problems[1].what
    assert [each.relation for each in read.decisions] == [Relation.CLOSE], "the later row of a pair holds"


def test_the_sssom_package_finds_our_files_valid(tmp_path: Path) -> None:
    if importlib.util.find_spec("sssom") is None:
        pytest.skip("the package sssom is not installed: pip install sssom")
    one = Decision(
        "https://a.example/x",
        "urn:b:y",
        Verdict.ACCEPT,
        Relation.EXACT,
        'å "sitat"\tog\nlinje',
        "Kari|N",
        "2026-11-22T07:08:09Z",
    )
    several = [
        one,
        replace(one, left="https://a.example/y", verdict=Verdict.REJECT, relation=None),
        replace(one, left="https://a.example/z", verdict=Verdict.UNSURE, confidence=0.25),
    ]
    path = tmp_path / "links.sssom.tsv"
    path.write_text(write_sssom(several, SET_ID), encoding="utf-8")
    # In a process of its own: its libraries warn on import, and warnings are errors here.
    done = subprocess.run([sys.executable, "-c", VALIDATOR, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {"set": SET_ID, "subjects": sorted(each.left for each in several)}
