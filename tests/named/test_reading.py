"""Reading files of queries: whatever a file holds, it is a query or faults, never an exception."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.named.query import read_text
from tests.named.conftest import HEAD, Make, head

WRITTEN = (
    "#+ ", "title:", "parameters:", "{nb: T, en: T}", "- ", "a: b", "&a", "*a", "!!python/object:os.system",
    "2026-99-99", "? [", "[[[[", "{{{{", "|\n#+  x", ": ", "\n", "\n#+ ", "# ", "'", '"', "<<: ", "~", "0b2", ".inf",
    "!!binary x", "SELECT ", "?x ", "(COUNT(*) AS ?n)", "WHERE ", "{", "}", "VALUES ?p { ", "ORDER BY ", "DESC(", ")",
    "LIMIT 5", "<a:b>", "PREFIX a: <a:> ", "\u2028", "\x85", "\r", "\t", "\0", "😀", "examples: [{params: {p: 1}}]",
    "paging: {key: [x]}",
)  # fmt: skip
PIECES = st.sampled_from(WRITTEN)


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join), st.booleans())
def test_any_text_is_a_query_or_faults(text: str, with_head: bool) -> None:
    query, faults = read_text(HEAD + text if with_head else text, Path("g/q.rq"), "g")
    assert (query is None) is any(fault.serious for fault in faults)
    for fault in faults:
        assert 1 <= fault.line <= text.count("\n") + text.count("\r") + 4
        assert fault.what


@pytest.mark.parametrize("text", ["[" * 5_000, "{a: " * 5_000, "- " * 5_000, "a" * 500_000])
def test_nesting_and_length_in_the_front_matter_are_faults(text: str) -> None:
    query, faults = read_text(f"#+ title: {text}\nSELECT ?a {{ }}", Path("g/q.rq"), "g")
    assert query is None
    assert faults


def test_values_are_read_as_they_are_written(make: Make) -> None:
    query = make(
        head(
            """
            parameters:
              p: {type: text, enum: [1, true, 2026-01-31, "007"], title: {nb: P, en: P}}
            """
        )
        + "SELECT ?a { VALUES ?p { UNDEF } }"
    )
    assert query.front.parameters["p"].enum == ("1", "true", "2026-01-31", "007")


def test_other_comments_may_stand_in_the_front_matter_and_lines_are_those_of_the_file() -> None:
    text = "# comment\r\n#+ title: {nb: T, en: T}\r\n\r\n# more\r\n#+ description: {nb: T}\r\nASK { }"
    query, faults = read_text(text, Path("g/q.rq"), "g")
    assert query is None
    assert [(fault.line, fault.what) for fault in faults] == [(5, "the key description.en is missing")]
