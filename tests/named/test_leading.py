"""The leading subquery: which queries have one, and that a page cut in it is the page of the whole."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg.named.paging import page_text
from kg.named.query import NamedQuery
from tests.named.conftest import head
from tests.named.test_binding import read
from tests.named.test_paging import NAMES, ask, pages

GROUPED = "SELECT ?s (COUNT(?o) AS ?n) WHERE { ?s <a:p> ?o } GROUP BY ?s"
DISTINCT = "SELECT DISTINCT ?n ?s WHERE { ?s <a:p> ?n }"
TITLE = 'VALUES ?lang { "nb" } OPTIONAL { ?s <a:t> ?t FILTER(LANG(?t) = ?lang) }'


def query_of(pattern: str, order: str, select: str = "SELECT ?n ?s ?t", kind: str = "text") -> NamedQuery:
    key = [word.strip("?()") for word in order.replace("DESC", "").split()]
    front = head(f"paging: {{key: [{', '.join(key)}]}}\ncolumns: {{n: {{type: {kind}}}, s: {{type: iri}}}}")
    return read(f"{front}{select} WHERE {{ {pattern} }} ORDER BY {order}")


@pytest.mark.parametrize(
    ("pattern", "order", "select"),
    [
        (f"{{ {GROUPED} }} {TITLE}", "?n ?s", "SELECT ?n ?s ?t"),
        (f"{{ {GROUPED} }} {TITLE}", "DESC(?s)", "SELECT DISTINCT ?n ?s ?t"),
        (f"{{ {DISTINCT} }} OPTIONAL {{ ?s <a:t> ?t }} . BIND(STR(?t) AS ?u)", "?s ?n", "SELECT ?n ?s ?u"),
        (f"{{ {DISTINCT} }}", "?s ?n", "SELECT ?n ?s"),
    ],
)
def test_a_subquery_that_decides_the_rows_leads(pattern: str, order: str, select: str) -> None:
    assert query_of(pattern, order, select).around is not None


@pytest.mark.parametrize(
    ("pattern", "order", "select"),
    [
        pytest.param(f"{{ {DISTINCT} }} FILTER(?n > 1)", "?n ?s", "SELECT ?n ?s", id="a filter takes rows away"),
        pytest.param(f"{{ {DISTINCT} }} ?s <a:t> ?t", "?n ?s", "SELECT ?n ?s ?t", id="a pattern takes rows away"),
        pytest.param(f"{{ {DISTINCT} }} MINUS {{ ?s <a:t> ?t }}", "?n ?s", "SELECT ?n ?s", id="MINUS"),
        pytest.param(f"{{ {DISTINCT} }} UNION {{ ?s <a:q> ?n }}", "?n ?s", "SELECT ?n ?s", id="UNION"),
        pytest.param(f"{{ {DISTINCT} }} VALUES ?s {{ <a:s1> }}", "?n ?s", "SELECT ?n ?s", id="VALUES that joins"),
        pytest.param(
            f"{{ {DISTINCT} }} OPTIONAL {{ ?s <a:t> ?t }} VALUES ?t {{ 1 }}", "?n ?s", "SELECT ?n ?s", id="VALUES later"
        ),
        pytest.param(f"{{ {DISTINCT} }} VALUES ?t {{ }}", "?n ?s", "SELECT ?n ?s", id="VALUES of nothing"),
        pytest.param(f"{{ {DISTINCT} }} VALUES (?t) {{ (1) }}", "?n ?s", "SELECT ?n ?s", id="VALUES in brackets"),
        pytest.param(f"{{ {DISTINCT} LIMIT 3 }}", "?n ?s", "SELECT ?n ?s", id="the subquery is cut"),
        pytest.param(f"{{ {GROUPED} HAVING(?n > 1) }}", "?n ?s", "SELECT ?n ?s", id="HAVING is not read"),
        pytest.param(f"{{ {DISTINCT.replace('DISTINCT ', '')} }}", "?n ?s", "SELECT ?n ?s", id="rows repeat"),
        pytest.param(f"{{ {DISTINCT} }}", "?s", "SELECT ?n ?s", id="the key does not tell rows apart"),
        pytest.param(
            f"{{ {DISTINCT} }} OPTIONAL {{ ?s <a:t> ?t }}", "?n ?s ?t", "SELECT ?n ?s ?t", id="a key from outside"
        ),
        pytest.param(f"OPTIONAL {{ ?s <a:t> ?t }} {{ {DISTINCT} }}", "?n ?s", "SELECT ?n ?s", id="not the first"),
        pytest.param(f"{{ {DISTINCT} }}", "?s ?n", "SELECT ?s (COUNT(?n) AS ?n)", id="one row of many"),
    ],
)  # fmt: skip
def test_a_query_of_another_form_has_none(pattern: str, order: str, select: str) -> None:
    assert query_of(pattern, order, select).around is None


NUMBERS = st.sampled_from([1, 2, 10, "a", "b", "10", 'æ"\\'])
TAGS = st.sampled_from(["nb", "nb", "en"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 9), NUMBERS), max_size=25),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc"), TAGS), max_size=12),
    st.sampled_from([GROUPED, DISTINCT]),
    st.sampled_from(["?n ?s", "DESC(?n) ?s", "?s ?n", "DESC(?s) ?n"]),
    st.sampled_from(["text", "number"]),
    st.integers(1, 4),
)
def test_a_page_cut_in_the_leading_subquery_is_the_page_of_the_whole(
    data: list[tuple[int, int | str]],
    titles: list[tuple[int, str, str]],
    subquery: str,
    order: str,
    kind: str,
    limit: int,
) -> None:
    store = Store()
    for number, value in data:
        store.add(Quad(NamedNode(f"a:s{number}"), NamedNode("a:p"), Literal(value)))
    for number, text, tag in titles:
        store.add(Quad(NamedNode(f"a:s{number}"), NamedNode("a:t"), Literal(text, language=tag)))
    query = query_of(f"{{ {subquery} }} {TITLE}", order, kind=kind)
    assert query.around is not None
    found = pages(store, query, limit)
    assert found == pages(store, replace(query, around=None), limit)
    whole = ask(store, query.text)
    assert Counter(row for page in found for row in page) == Counter(tuple(row.values()) for row in whole.rows)


FIRST = "SELECT DISTINCT ?n WHERE { ?any <a:p> ?n }"


@pytest.mark.parametrize(
    ("first", "rest", "order", "gives"),
    [
        (FIRST, "?s <a:p> ?n", "?n ?s", True),
        ("SELECT ?n WHERE { ?any <a:p> ?n } GROUP BY ?n", "?s <a:p> ?n MINUS { ?s <a:t> ?t }", "?n ?s", True),
        ("SELECT DISTINCT ?n WHERE { VALUES ?n { UNDEF } ?any <a:p> ?n }", "?s <a:p> ?n", "?n ?s", True),
        pytest.param(FIRST, "?s <a:p> ?n", "?s ?n", False, id="not what is sorted by first"),
        pytest.param(FIRST, "?s <a:p> ?n", "DESC(?n) ?s", False, id="descending"),
        pytest.param(FIRST, "UNION { ?s <a:p> ?n }", "?n ?s", False, id="UNION"),
        pytest.param(FIRST.replace("DISTINCT ", ""), "?s <a:p> ?n", "?n ?s", False, id="values repeat"),
        pytest.param(
            "SELECT DISTINCT ?n WHERE { OPTIONAL { ?any <a:p> ?n } }", "?s <a:p> ?n", "?n ?s", False, id="OPTIONAL"
        ),
        pytest.param(
            "SELECT DISTINCT ?n WHERE { VALUES ?n { UNDEF } }", "?s <a:p> ?n", "?n ?s", False, id="maybe unbound"
        ),
        pytest.param("SELECT DISTINCT ?n ?s WHERE { ?s <a:p> ?n }", "?s <a:q> ?n", "?n ?s", False, id="two columns"),
    ],
)
def test_the_first_values_of_the_key_are_known_where_the_leading_subquery_begins_with_them(
    first: str, rest: str, order: str, gives: bool
) -> None:
    query = query_of(f"{{ SELECT DISTINCT ?n ?s WHERE {{ {{ {first} }} {rest} }} }}", order, "SELECT ?n ?s")
    assert query.around is not None
    assert (query.within is not None) is gives


VALUES = st.sampled_from([1, 2, 10, "a", "b", "10", "<a:1>", "<a:2>", "a@en", "_:b"]) | st.integers(100, 130)


def term_of(value: int | str) -> Literal | NamedNode | BlankNode:
    if isinstance(value, str) and value.startswith("<"):
        return NamedNode(value[1:-1])
    if value == "_:b":
        return BlankNode("b")
    return Literal("a", language="en") if value == "a@en" else Literal(value)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 9), VALUES), max_size=60),
    st.lists(st.integers(0, 9), max_size=4),
    st.sampled_from(["?n ?s", "?n DESC(?s)"]),
    st.sampled_from(["text", "number"]),
    st.integers(1, 4),
)
def test_a_page_that_is_sought_among_the_first_values_is_the_page_of_the_whole(
    data: list[tuple[int, int | str]], without: list[int], order: str, kind: str, limit: int
) -> None:
    store = Store()
    for number, value in data:
        store.add(Quad(NamedNode(f"a:s{number}"), NamedNode("a:p"), term_of(value)))
    for number in without:
        store.add(Quad(NamedNode(f"a:s{number}"), NamedNode("a:q"), Literal(1)))
    leading = f"SELECT DISTINCT ?n ?s WHERE {{ {{ {FIRST} }} ?s <a:p> ?n FILTER NOT EXISTS {{ ?s <a:q> 1 }} }}"
    query = query_of(f"{{ {leading} }} {TITLE}", order, kind=kind)
    assert query.within is not None
    assert pages(store, query, limit, hurried=True) == pages(store, query, limit)


def test_of_many_values_few_are_looked_through_and_these_are_the_first() -> None:
    store = Store()
    store.extend(Quad(NamedNode(f"a:s{n}"), NamedNode("a:p"), Literal(f"{n:05}")) for n in range(3_000))
    leading = f"SELECT DISTINCT ?n ?s WHERE {{ {{ {FIRST} }} ?s <a:p> ?n }}"
    query = query_of(f"{{ {leading} }}", "?n ?s", "SELECT ?n ?s")
    uncut = page_text(query, {}, NAMES, None, 100, hurried=True).replace("LIMIT 101", "LIMIT 9999")
    found = [row["n"] for row in ask(store, uncut).rows]
    assert found == [f"{n:05}" for n in range(len(found))]
    assert 20 < len(found) < 2_000
