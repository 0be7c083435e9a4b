"""The prologue and the form: what is read, and what is said where it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SyntaxFault
from kg.sparql.prologue import FORMS, read_prologue
from tests.sparql.engine import CORPUS


@pytest.mark.parametrize(
    ("text", "form", "iris"),
    [
        ("SELECT * {}", "select", ()),
        ("ask{}", "ask", ()),
        ("# x\n\tConstruct WHERE {}", "construct", ()),
        ("DESCRIBE<a>", "describe", ()),
        ("SELECTDISTINCT * {}", "select", ()),
        ("SELECT?x{}", "select", ()),
        ("BASE <http://a/> PREFIX ex: <b#> prefix : <> SELECT * {}", "select", ("http://a/", "b#", "")),
        ('VERSION "1.2" PREFIX a.b:<x>#c\nASK {}', "ask", ("x",)),
    ],
)
def test_what_stands_before_the_pattern_is_read(text: str, form: str, iris: tuple[str, ...]) -> None:
    prologue = read_prologue(text)
    assert prologue.form == form
    assert text[: prologue.end].lower().endswith(form)
    assert tuple(iri for iri, _ in prologue.iris) == iris
    assert all(text[start : start + len(iri) + 2] == f"<{iri}>" for iri, start in prologue.iris)


@pytest.mark.parametrize(
    ("text", "place", "what", "hint"),
    [
        ("", (1, 1), "empty", "SELECT"),
        (" \n# only a comment\n\t", (3, 2), "empty", "SELECT"),
        ("PREFIX ex: <a>\n", (2, 1), "ends after its prologue", "SELECT"),
        ("PREFIX ex <a> ASK {}", (1, 8), "expected a prefix with a colon", ""),
        ("PREFIX ex: a ASK {}", (1, 12), "expected an IRI", ""),
        ("BASE 'a' ASK {}", (1, 6), "expected an IRI", ""),
        ("VERSION 1.2 ASK {}", (1, 9), "expected a version", ""),
        ("SELCT * {}", (1, 1), "expected SELECT", "did you mean SELECT?"),
        ("{ ?s ?p ?o }", (1, 1), "expected SELECT", "PREFIX and BASE"),
        ("\ufeffSELECT * {}", (1, 1), "expected SELECT", "byte order mark"),
        ("\\u0053ELECT * {}", (1, 1), "expected SELECT", "escapes"),
        ("INSERT DATA { <a> <b> <c> }", (1, 1), "INSERT is an update", "ask a query"),
        ("PREFIX a: <b>\n  load <http://x/>", (2, 3), "LOAD is an update", "ask a query"),
        ("DROP ALL", (1, 1), "DROP is an update", "ask a query"),
        ("clear default", (1, 1), "CLEAR is an update", "ask a query"),
        ("CREATE GRAPH <a>", (1, 1), "CREATE is an update", "ask a query"),
        ("with <a> DELETE { } WHERE { }", (1, 1), "WITH is an update", "ask a query"),
        ("x:y", (1, 1), "expected SELECT", ""),
    ],
)
def test_a_fault_says_what_was_expected_and_where(text: str, place: tuple[int, int], what: str, hint: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_prologue(text)
    assert (caught.value.line, caught.value.column) == place
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert caught.value.excerpt.endswith("^")


def test_every_query_of_the_corpus_has_a_form() -> None:
    assert {read_prologue(query).form for query in CORPUS} == set(FORMS)


@given(
    st.lists(st.sampled_from(["PREFIX ", "BASE ", "VERSION ", "ex: ", "<a> ", "'1' ", "SELECT ", "x ", "#\n"])).map(
        "".join
    )
)
def test_any_beginning_is_read_or_a_syntax_fault(text: str) -> None:
    try:
        prologue = read_prologue(text)
    except SyntaxFault as fault:
        assert fault.line >= 1
    else:
        assert prologue.form == "select"
