"""The W3C's query tests as texts: what is a query is read whole, and what the engine refuses is told in words."""

import pytest
from pyoxigraph import Store

from kg.namespaces import WELL_KNOWN_PREFIXES
from kg.sparql.mistakes import Vocabulary, explain_mistake
from kg.sparql.syntax.queries import read_syntax
from kg.sparql.syntax.tree import Misfit
from kg.sparql.tokens import tokens
from tests.conformance.sparql_cases import EVALUATION, NEGATIVE, POSITIVE, Suite

SUITES = ["sparql10", "sparql11", "sparql12"]


@pytest.mark.parametrize("name", SUITES)
def test_every_query_that_the_engine_reads_is_a_tree(suite: Suite, name: str) -> None:
    unread = []
    for case in suite.cases(name):
        if case.kind in EVALUATION | POSITIVE:
            text = suite.text(case.query)
            try:
                Store().query(text, base_iri=case.query)
            except (SyntaxError, RuntimeError):
                continue
            try:
                assert list(read_syntax(text).root.leaves()) == list(tokens(text))
            except Misfit as misfit:
                unread.append(f"{case.name}: {misfit.expected} at {text[misfit.token.start :][:30]!r}")
    assert unread == []


@pytest.mark.parametrize("name", SUITES)
def test_every_refused_text_is_told_in_words_with_a_place(suite: Suite, name: str) -> None:
    vague, told = [], 0
    for case in suite.cases(name):
        if case.kind in NEGATIVE:
            text = suite.text(case.query)
            try:
                Store().query(text, base_iri=case.query)
            except SyntaxError as error:
                mistake = explain_mistake(text, str(error), Vocabulary({}, WELL_KNOWN_PREFIXES))
                assert mistake.line > 0
                told += 1
                if mistake.what == "this is not SPARQL":
                    vague.append(case.name)
    assert told > 10
    assert len(vague) <= told // 2, vague
