import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.bench.questions import Question, read_rows, require_same
from kg.errors import KgError
from kg.sparql.normal import normal_form

QUESTION = Question("facet", "SELECT * {}")


def results(*values: str | None, variable: str = "x", language: str = "nb") -> bytes:
    term = {"type": "literal", "xml:lang": language}
    rows = [{} if value is None else {variable: {**term, "value": value}} for value in values]
    return json.dumps({"head": {"vars": [variable]}, "results": {"bindings": rows}}).encode()


def test_same_rows_in_another_order_are_the_same() -> None:
    assert require_same(QUESTION, (results("a", "b", None), results(None, "b", "a"))) == 3


@pytest.mark.parametrize(
    "theirs",
    [
        results("a"),
        results("a", "b", "b"),
        results("a", "c"),
        results("a", None),
        results("a", "b", language="nn"),
        results("a", "b", variable="y"),
    ],
)
def test_other_rows_stop_the_benchmark(theirs: bytes) -> None:
    with pytest.raises(KgError, match="query facet: the answers differ"):
        require_same(QUESTION, (results("a", "b"), theirs))


def test_repeated_row_counts() -> None:
    with pytest.raises(KgError, match="differ: 3 rows of kg, 2 of oxigraph"):
        require_same(QUESTION, (results("a", "a", "b"), results("a", "b")))


def test_two_empty_answers_stop_the_benchmark_too() -> None:
    with pytest.raises(KgError, match="nothing is compared"):
        require_same(QUESTION, (results(), results()))


@settings(max_examples=50)
@given(
    st.one_of(
        st.binary(max_size=50), st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
    )
)
def test_what_is_no_result_is_an_error_in_words(body: bytes) -> None:
    with pytest.raises(KgError, match="not SPARQL results"):
        read_rows(body)


def test_numbering_changes_the_text_but_not_the_query() -> None:
    question = Question("x", "ASK {}")
    assert question.numbered("round 1") == "PREFIX unused: <urn:x-bench:round%201>\nASK {}"
    assert normal_form(question.numbered("1")) != normal_form(question.numbered("2"))
