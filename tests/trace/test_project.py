"""Projects: files of anybody are read or refused with a reason, and what they come to can be calculated by nobody."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ParameterError
from kg.trace.project import MAX_BYTES, MAX_ELEMENTS, Project, gather, read_project
from kg.trace.project_table import COLUMNS, project_table

GOOD = """
title = "Dødsbo"
description = "Hva en blir spurt om"
elements = ["fødselsnummer", " dødsdato ", "fødselsnummer"]
"""


def test_a_project_is_read_with_each_element_once() -> None:
    expected = Project("Dødsbo", "Hva en blir spurt om", ("fødselsnummer", "dødsdato"))
    assert read_project(GOOD.encode()) == expected
    assert read_project(b"\xef\xbb\xbf" + GOOD.encode()) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"title = ", "no TOML"),
        (b"a" * (MAX_BYTES + 1), "the limit is 65,536"),
        (b'elements = ["x"]', "no title"),
        (b'title = " "\nelements = ["x"]', "no title"),
        (b'title = 1\nelements = ["x"]', "title is no text"),
        (b'title = "x"', "no elements"),
        (b'title = "x"\nelements = []', "no elements"),
        (b'title = "x"\nelements = "x"', "no elements"),
        (b'title = "x"\nelements = [1]', "element 1 is no text"),
        (b'title = "x"\nelements = ["a", " "]', "element 2 is no text"),
        (b'title = "x"\nelements = [' + b'"x",' * (MAX_ELEMENTS + 1) + b"]", "the limit is 50"),
        (b'title = "' + b"x" * 201 + b'"\nelements = ["x"]', "the limit is 200"),
        (b'title = "x"\nelements = ["' + b"x" * 5000 + b'"]', "the limit is 4,096"),
        (b'title = "x"\nelement = ["x"]', "no field 'element'"),
        (b"x = " + b"[" * 30_000, "brackets"),
        (b"x = " + b"{a=" * 20_000, "brackets"),
        (b"x = " + b"9" * 60_000, "no TOML"),
        (b"a." * 20_000 + b"b = 1", "no"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_is_no_project_is_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(ParameterError) as refused:
        read_project(content)
    assert said in refused.value.what
    assert refused.value.hint


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(alphabet='title="elements[]{}\n.#\\uD8' + "'", max_size=300).map(str.encode))
def test_any_bytes_are_a_project_or_refused(content: bytes) -> None:
    try:
        project = read_project(content)
    except ParameterError:
        return
    assert project.title
    assert 0 < len(project.elements) <= MAX_ELEMENTS


def trace(label: str) -> dict[str, Any]:
    """A trace of one step whose texts are all the same."""
    triple = {"subject": "<urn:a>", "predicate": "<urn:p>", "object": f'"{label}"'}
    edge = {"from": "urn:a", "to": "urn:b", "path": "P1", "evidence": "asserted", "triples": [triple]}
    finding = {"kind": "broken", "text": {"nb": label, "en": label}, "edges": [edge], "about": ["urn:a"]}
    finding["missing"] = {"subject": "<urn:a>", "predicate": "<urn:p>", "object": "?x"}
    return {
        "element": label,
        "starts": ["urn:a"],
        "choices": [],
        "nodes": [
            {"iri": "urn:a", "kind": "element", "label": label, "agency": "urn:o"},
            {"iri": "urn:b", "kind": "concept", "label": label, "agency": None},
        ],
        "edges": [edge],
        "findings": [finding],
        "agencies": [{"iri": "urn:o", "name": label}],
        "total": {"nodes": 2, "edges": 1, "complete": True},
    }


def test_a_finding_of_two_elements_is_told_once_with_both() -> None:
    gathered = gather(Project("x", "", ("a", "b")), [trace("t"), trace("t")], 7)
    assert [finding["elements"] for finding in gathered["findings"]] == [["a", "b"]]
    assert gathered["counts"] == {"broken": 1}
    assert gathered["generation"] == 7


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    label = f"={text}"
    table = project_table(gather(Project("=1", "", (label,)), [trace(label)], 1))
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == 2
    for row in rows:
        assert set(row) == set(COLUMNS)
        assert all(value[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"} for value in row.values())
    assert rows[0]["text_nb"] == "'" + label.replace("\0", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r", "|", "%"])
def test_what_spreadsheets_calculate_is_marked_as_text(start: str) -> None:
    table = project_table(gather(Project("x", "", ("x",)), [trace(f"{start}cmd|' /C calc'!A0")], 1))
    for row in csv.reader(io.StringIO(table, newline="")):
        assert not any(cell.lstrip(" ").startswith(start.strip(" ")) for cell in row)
