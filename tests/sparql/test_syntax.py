"""The tree of a query: it loses nothing, and says where a text does not fit."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.sparql.syntax.cursor import MAX_DEPTH, MAX_TOKENS
from kg.sparql.syntax.queries import read_syntax
from kg.sparql.syntax.tree import Misfit, Node, Tree, Unread
from kg.sparql.tokens import tokens
from tests.sparql.engine import CORPUS, ask_engine
from tests.sparql.rewrites.questions import PREFIXES, Questions

# What the engine reads by rules of its own: `<` behind an operand, which the longest token makes an IRI.
OTHERWISE = ("1<2&&3>2", "?a<?b&&?b>?a")
WORDS = """
    SELECT * ?x { } ( ) a . ; , FILTER IN 't' 1 e:p / OPTIONAL UNION VALUES BIND AS GROUP BY COUNT [ ] = <http://x/y>
    EXISTS -1 _:b
    """


def read(text: str) -> object:
    """The tree, or what was raised instead."""
    try:
        return read_syntax(text)
    except (Misfit, Unread) as error:
        return error


@pytest.mark.parametrize("query", [query for query in CORPUS if not any(part in query for part in OTHERWISE)])
def test_what_the_engine_reads_is_read_and_nothing_is_lost(query: str) -> None:
    tree = read_syntax(query)
    assert list(tree.root.leaves()) == list(tokens(query))


@given(st.integers(0, 10**9))
def test_leaves_are_the_tokens_and_parts_stand_in_their_order(seed: int) -> None:
    query = Questions(random.Random(seed)).query()
    tree = read(query)
    if not isinstance(tree, Tree):
        with pytest.raises(SyntaxError):
            Store().query(query, prefixes=PREFIXES)
        return
    assert list(tree.root.leaves()) == list(tokens(query))
    for node in tree.root.walk():
        filled = [part for part in node.parts if not isinstance(part, Node) or part.parts]
        assert all(one.end <= other.start for one, other in pairwise(filled))


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join)))
def test_any_text_is_a_tree_or_a_misfit_with_a_place(text: str) -> None:
    found = read(text)
    if isinstance(found, Misfit):
        assert 0 <= found.token.start <= found.token.end <= len(text)
        assert found.expected


def test_what_does_not_fit_is_not_read_by_the_engine_either() -> None:
    """One word of a good query is left out, doubled or exchanged; where we see a misfit, the engine must refuse it."""
    source = random.Random(5)
    broken: list[str] = []
    while len(broken) < 400:
        text = source.choice(CORPUS) if source.random() < 0.5 else Questions(source).query()
        found = list(tokens(text))
        token = source.choice(found)
        word = text[token.start : token.end]
        text = (
            text[: token.start]
            + source.choice(["", f"{word} {word}", source.choice(WORDS.split())])
            + text[token.end :]
        )
        if len(text) < 3000 and not any(part in text for part in ("<", "SERVICE")):
            broken.append(text)
    wrong = [text for text in broken if isinstance(read(text), Misfit)]
    assert len(wrong) > 100
    verdicts = ask_engine(wrong)
    assert [text for text, verdict in zip(wrong, verdicts, strict=True) if verdict == "ok"] == []


def test_depth_and_length_are_bounded() -> None:
    assert isinstance(read("SELECT * " + "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1)), Unread)
    deep = "SELECT * { ?s ?p ?o " + "FILTER EXISTS { " * (MAX_DEPTH - 1) + "}" * (MAX_DEPTH - 1) + "}"
    assert not isinstance(read(deep), Unread | Misfit)
    assert isinstance(read("ASK { VALUES ?x { " + "1 " * MAX_TOKENS + "} }"), Unread)


@pytest.mark.parametrize(
    ("query", "offset", "expected"),
    [
        ("SELECT * { ?s ?p ?o ?a ?b ?c }", 20, "'.' before the next triple, or '}'"),
        ("SELECT * { ?s ?p }", 17, "an object"),
        ("SELECT * { ?s ?p ?o } LIMIT ?x", 28, "a whole number"),
        ("SELECT * { BIND(1) }", 17, "AS and a variable"),
        ("SELECT * { VALUES (?a ?b) { (1) } }", 30, "a value or UNDEF, as there are 2 variables"),
        ("SELECT * { ?s ?p ?o FILTER(?o = 1 = 2) }", 34, "')' or a logical operator, && or ||"),
    ],
)
def test_a_misfit_says_where_and_what_was_expected(query: str, offset: int, expected: str) -> None:
    with pytest.raises(Misfit) as caught:
        read_syntax(query)
    assert (caught.value.token.start, caught.value.expected) == (offset, expected)
