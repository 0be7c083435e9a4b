"""Paging: page after page gives every row of the whole answer once, in its order."""

import base64
import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from kg.errors import ParameterError
from kg.named.paging import Cursor, is_whole, next_cursor, page_text, read_cursor, total_text
from kg.named.query import NamedQuery
from kg.named.rows import Rows, read_rows
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.named.conftest import Make, head
from tests.named.test_binding import read

NAMES = Names(DEFAULT_BASE_IRI)
PATTERN = "SELECT ?n ?s WHERE { ?s <a:p> ?o OPTIONAL { ?s <a:n> ?n } }"


def query_by(order: str, kind: str = "text") -> NamedQuery:
    key = [word.strip("?()") for word in order.replace("DESC", "").split()]
    front = head(f"paging: {{key: [{', '.join(key)}]}}\ncolumns: {{n: {{type: {kind}}}}}")
    return read(f"{front}{PATTERN} ORDER BY {order}")


def ask(store: Store, text: str) -> Rows:
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    answer = solutions.serialize(format=QueryResultsFormat.JSON)
    assert answer is not None
    return read_rows(answer)


def pages(store: Store, query: NamedQuery, limit: int, *, hurried: bool = False) -> list[list[tuple[object, ...]]]:
    found: list[list[tuple[object, ...]]] = []
    after: Cursor | None = None
    while True:
        page = ask(store, page_text(query, {}, NAMES, after, limit, hurried=hurried))
        if hurried and not is_whole(page, limit):
            page = ask(store, page_text(query, {}, NAMES, after, limit))
        assert page.columns == query.columns
        found.append([tuple(row.values()) for row in page.rows[:limit]])
        if len(page.rows) <= limit:
            return found
        sent = next_cursor(query, page.first(limit), after).write()
        after = read_cursor(sent, query)
        assert len(found) < 1000


def store_of(rows: Sequence[tuple[int, object]]) -> Store:
    store = Store()
    for number, value in rows:
        subject = NamedNode(f"a:s{number}")
        store.add(Quad(subject, NamedNode("a:p"), Literal(1)))
        if value is not None:
            term = NamedNode(value[1:-1]) if isinstance(value, str) and value.startswith("<") else Literal(value)  # type: ignore[arg-type]
            store.add(Quad(subject, NamedNode("a:n"), term))
    return store


VALUES = st.none() | st.sampled_from([1, 2, 10, -3, 2.5, 1e10, "a", "b", 'æ"\\', "", "10", "<a:x>", "<a:y>"])
ORDERS = st.sampled_from(["?n", "DESC(?n)", "?n ?s", "DESC(?n) ?s", "?s", "?s DESC(?n)"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 12), VALUES), max_size=25),
    ORDERS,
    st.sampled_from(["text", "number"]),
    st.integers(1, 5),
)
def test_pages_together_are_the_whole_answer_whatever_the_key_holds(
    data: list[tuple[int, object]], order: str, kind: str, limit: int
) -> None:
    store, query = store_of(data), query_by(order, kind)
    whole = ask(store, query.text.replace(f" ORDER BY {order}", ""))
    found = pages(store, query, limit)
    assert all(len(page) == limit for page in found[:-1])
    together = [row for page in found for row in page]
    assert Counter(together) == Counter(tuple(row.values()) for row in whole.rows)
    assert ask(store, total_text(query, {}, NAMES)).rows == [{"total": len(whole.rows)}]
    # One page with room for all has the same order as many.
    assert together == pages(store, query, 1000)[0]


def test_the_order_of_pages_is_that_of_the_file(make: Make) -> None:
    data = [(index, number) for index, number in enumerate([3, 10, 2, 2, 7, 100, -5])]
    for order in ("?n ?s", "DESC(?n) ?s", "DESC(?s)"):
        query = query_by(order, "number")
        whole = [tuple(row.values()) for row in ask(store_of(data), query.text).rows]
        assert [row for page in pages(store_of(data), query, 2) for row in page] == whole


WRONG_VALUES: tuple[object, ...] = (
    [], {}, 5, None, [[], 0], [["x"], 0], [["x", "y"], -1], [["x", "y"], True], [["x", "y"], 1.5],
    [["x", "y"], 10**30], [[10**400, "y"], 0], [["x\0", "y"], 0], [["\ud800", "y"], 0], [[{}, "y"], 0],
    [["x", 5], 0], [[True, "y"], 0], [["x", "y", "z"], 0],
)  # fmt: skip
WRONG = ["", "x", "%", "W10", "=" * 50, "a" * 50_000, "æ", *map(json.dumps, WRONG_VALUES)]


@pytest.mark.parametrize("text", WRONG)
def test_a_cursor_that_is_not_ours_names_the_parameter(text: str) -> None:
    query = query_by("?n ?s", "number")
    for sent in (text, base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")):
        with pytest.raises(ParameterError) as caught:
            read_cursor(sent, query)
        assert caught.value.parameter == "after"


@settings(max_examples=50)
@given(
    st.lists(
        st.none() | st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2
    ),
    st.integers(0, 5),
)
def test_a_forged_cursor_is_refused_or_moves_the_page_and_nothing_else(key: list[object], given_rows: int) -> None:
    query = query_by("?n ?s", "number")
    store = store_of([(1, 1), (2, 2), (3, None)])
    try:
        cursor = read_cursor(Cursor(tuple(key), given_rows).write(), query)  # type: ignore[arg-type]
    except (ParameterError, UnicodeEncodeError):
        return
    page = ask(store, page_text(query, {}, NAMES, cursor, 10))
    assert {row["s"] for row in page.rows} <= {"a:s1", "a:s2", "a:s3"}
