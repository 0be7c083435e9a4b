"""Mistakes in queries are told in words, with their place and what to write instead."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.engine.guard import GuardLimits, check
from kg.errors import SyntaxFault
from kg.namespaces import DCT, WELL_KNOWN_PREFIXES
from kg.sparql.mistakes import Mistake, Vocabulary, explain_mistake, prefix_hint
from tests.sparql.rewrites.questions import Questions

KNOWN = Vocabulary(WELL_KNOWN_PREFIXES, WELL_KNOWN_PREFIXES, {f"{DCT}title"})
STRICT = Vocabulary({}, WELL_KNOWN_PREFIXES, {f"{DCT}title"})


def told(query: str, vocabulary: Vocabulary = KNOWN) -> Mistake:
    """What the service says of a query that is not answered: the guard's words, or those on the engine's refusal."""
    try:
        check(query, GuardLimits())
    except SyntaxFault as fault:
        return Mistake(fault.what, fault.hint, fault.line, fault.column)
    with pytest.raises(SyntaxError) as refused:
        Store().query(query, prefixes=dict(vocabulary.predeclared))
    return explain_mistake(query, str(refused.value), vocabulary)


# The query with a mark where the mistake is, and words that what is said and the hint must hold.
MISTAKES = [
    ("SELECT * { ?s dct:title ?t →?x a ?y }", "full stop is missing", "?t ."),
    ("SELECT * →{ ?s ?p ?o", "not closed", "'}'"),
    ("SELECT * { ?s ?p ?o } →}", "closes nothing", ""),
    ("SELECT * { ?s ?p →http://example.org/x }", "angle brackets", "<http://example.org/x>"),
    ("SELECT * { ?s →https://example.org/p ?o }", "angle brackets", "<https://example.org/p>"),
    ("SELECT * FROM →http://example.org/g { ?s ?p ?o }", "angle brackets", "<http://example.org/g>"),
    ("SELECT * { ?s ?p →<http://a b> }", "no whole IRI", "percent-encoded"),
    ("SELECT * { ?s ?p →<foo> }", "no absolute IRI", "prefix"),
    ("SELECT * { BIND(?y →:= 1) }", "with AS, not with :=", "(expression AS ?variable)"),
    ("SELECT * { BIND(1 = ?x→) }", "needs AS", "BIND(expression AS ?variable)"),
    ("SELECT * { ?s ?p ?o FILTER(?o =→= 3) }", "equality is written =", ""),
    ("SELECT * { ?s ?p ?o FILTER(?o →<> 3) }", "inequality", "!="),
    ("SELECT * { ?s ?p ?o FILTER(?o > 3 →and ?o < 5) }", "not a word", "&&"),
    ("SELECT * { ?s ?p ?o FILTER →?o > 3 }", "in brackets", "FILTER("),
    ("SELECT ?x →COUNT(?y) { ?x ?p ?y }", "stands in brackets", "(COUNT(…) AS ?name)"),
    ("SELECT (COUNT(*)→) { ?x ?p ?y }", "needs AS", "AS ?count"),
    ("SELECT →?x (COUNT(?y) AS ?n) { ?x ?p ?y }", "no GROUP BY names it", "GROUP BY ?x"),
    ("SELECT →?x { ?x ?p ?y } GROUP BY ?p", "no GROUP BY names it", "SAMPLE(?x)"),
    ("SELECT →* { ?x ?p ?y } GROUP BY ?p", "GROUP BY", "name the columns"),
    ("SELECT (1 AS →?x) { ?x ?p ?y }", "bound by the pattern already", "name of its own"),
    ("SELECT * { ?s ?p ?o FILTER(→COUNT(?o) > 1) }", "not inside a pattern", "HAVING"),
    ("SELECT ?s→, ?p { ?s ?p ?o }", "no commas", "space"),
    ("SELECT * { ?s ?p ?o →ORDER BY ?s }", "inside of the braces", "}"),
    ("SELECT * { ?s ?p ?o } LIMIT 10 →ORDER BY ?s", "too late", "the order is"),
    ("SELECT * { ?s ?p ?o } →WHERE { }", "two patterns", ""),
    ("SELECT * { ?s dct:title →}", "no object", "dct:title"),
    ("SELECT * { ?s a ?c , →}", "comma", "remove"),
    ("SELECT * { ?s →'a' ?o }", "cannot be a predicate", ""),
    ("SELECT * { OPTIONAL →?s ?p ?o }", "'{' is missing", "OPTIONAL"),
    ("SELECT * WHERE →?s ?p ?o", "'{' is missing", ""),
    ("SELECT * { ?x ?p ?o BIND(2 AS →?x) }", "has a value before", "FILTER"),
    ("SELECT * { ?x ?p _:a { ?y ?q →_:a } }", "two groups", "variable"),
    ("SELECT * { ?x ?p _:a OPTIONAL { ?x ?q ?o } ?y ?q →_:a }", "two groups", "variable"),
    ("SELECT * { ?s ?p ?o FILTER(→STRLEN(?o, 3) > 1) }", "2 arguments", "1"),
    ("SELECT * { ?s →dct.title ?o }", "not a word", "dct:…"),
    ("→INSERT DATA { <a:b> <a:c> 1 }", "only reads", "ask"),
    ("PREFIX x: <http://x.no/> →DELETE WHERE { ?s ?p ?o }", "only reads", "ask"),
    ("SELECT * {\r\n ?s dct:title ?t .\n ?s →dctx:title ?t }", "dctx: is not declared", f"PREFIX dct: <{DCT}>"),
    ("SELECT * { ?s →zzzz:name ?t }", "zzzz: is not declared", "/prefixes"),
]


@pytest.mark.parametrize(("marked", "what", "hint"), MISTAKES)
def test_a_common_mistake_is_told_with_its_place(marked: str, what: str, hint: str) -> None:
    query, before = marked.replace("→", ""), marked.partition("→")[0]
    mistake = told(query)
    assert what in mistake.what
    assert hint in mistake.hint
    lines = before.replace("\r\n", "\n").split("\n")
    assert (mistake.line, mistake.column) == (len(lines), len(lines[-1]) + 1)


def test_a_well_known_prefix_in_a_strict_query_is_to_be_declared() -> None:
    mistake = told("ASK { ?s dct:title ?o }", STRICT)
    assert mistake.hint == f"declare it: PREFIX dct: <{DCT}>"


def test_the_prefix_whose_local_name_exists_is_meant_before_one_that_is_spelt_alike() -> None:
    known = {"dcat": "http://dcat/", "dct": DCT}
    assert prefix_hint("dcat2", "title", Vocabulary(known, known, {f"{DCT}title"})).startswith("did you mean dct:title")
    assert prefix_hint("dcat2", "title", Vocabulary(known, known)).startswith("did you mean dcat:")


@given(st.integers(0, 10**9), st.text(max_size=6), st.integers(0, 400))
def test_whatever_the_text_there_are_words_and_a_place_inside_it(seed: int, inserted: str, place: int) -> None:
    query = Questions(random.Random(seed)).query()
    query = query[:place] + inserted + query[place + 1 :]
    mistake = explain_mistake(query, 'error at 1:1: expected one of "{", SELECT', KNOWN)
    assert mistake.what
    assert len(mistake.what) < 400
    assert 0 < mistake.line <= query.count("\n") + query.count("\r") + 1
    assert 0 < mistake.column <= len(query) + 1


def test_where_nothing_is_found_the_engines_own_place_stands() -> None:
    mistake = explain_mistake("ASK {}", 'error at 3:7: expected one of "{", SELECT', KNOWN)
    assert (mistake.line, mistake.column) == (3, 7)
    assert "SELECT" in mistake.hint
    assert explain_mistake("ASK {}", "something else", KNOWN).line == 0
