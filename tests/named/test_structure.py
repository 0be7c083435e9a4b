"""What is read from a query's tokens."""

import pytest

from kg.errors import SyntaxFault
from kg.named.structure import read_structure

OWN = "https://kunnskapsgraf.example/"


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.name, text[block.start : block.end]) for block in read_structure(text).blocks]


def test_blocks_are_found_outside_strings_comments_and_iris() -> None:
    text = """SELECT ?d { # VALUES ?no { 1 }
      VALUES ?a { <http://x/VALUES?no> "} VALUES ?no {" }
      FILTER (STR(?d) != "VALUES ?no { 1 }" && ?d!='''} VALUES ?no { ''')
      ?d <http://x/p#VALUES> ?a . values $b{UNDEF} } VALUES?c{ "x"@nb "1"^^<http://x/t> } """
    assert blocks(text) == [
        ("a", ' <http://x/VALUES?no> "} VALUES ?no {" '),
        ("b", "UNDEF"),
        ("c", ' "x"@nb "1"^^<http://x/t> '),
    ]


def test_a_block_of_several_variables_is_no_parameter() -> None:
    assert blocks("SELECT ?a { VALUES (?a) { (1) } VALUES (?b ?c) { (1 2) } }") == []


@pytest.mark.parametrize(
    ("text", "columns", "guessed"),
    [
        ("SELECT ?a $b { ?a ?b ?c }", ("a", "b"), {}),
        ("SELECT DISTINCT ?a WHERE { ?a ?b ?c }", ("a",), {}),
        ("SELECT(COUNT(?x)AS ?n)(STR(?y) AS ?t) FROM <a:b> { ?x ?y ?z }", ("n", "t"), {"n": "integer"}),
        ("SELECT (IF(EXISTS { ?a ?b ?c }, 1, 2) AS ?x) ?y { ?y ?b ?c }", ("x", "y"), {}),
        ("SELECT (SUM(?x) AS ?s) { { SELECT ?q { ?q ?x ?z } } }", ("s",), {"s": "number"}),
        ("ASK { ?a ?b ?c }", (), {}),
    ],
)
def test_the_columns_are_those_of_the_outermost_select(
    text: str, columns: tuple[str, ...], guessed: dict[str, str]
) -> None:
    structure = read_structure(text)
    assert (structure.columns, structure.guessed) == (columns, guessed)
    assert not structure.star


@pytest.mark.parametrize(
    ("tail", "conditions", "limited"),
    [
        ("", [], False),
        ("ORDER BY ?a", [("a", False)], False),
        (
            "GROUP BY ?a HAVING (COUNT(?b) > 1) order by DESC(?a) ASC ( ?b ) ?c # ORDER BY ?x",
            [("a", True), ("b", False), ("c", False)],
            False,
        ),
        ("ORDER BY ?a LIMIT 5", [("a", False)], True),
        ("LIMIT 5", [], True),
        ("ORDER BY STR(?a)", None, False),
        ("ORDER BY ?a (?b + 1)", None, False),
        ("VALUES ?z { 1 }", [], True),
    ],
)
def test_the_order_is_that_of_the_outermost_query(
    tail: str, conditions: list[tuple[str, bool]] | None, limited: bool
) -> None:
    inner = "{ SELECT ?q { ?q ?r ?s } ORDER BY ?q LIMIT 3 }"
    text = f"SELECT ?a ?b {{ ?a ?b ?c {inner} }} {tail}"
    structure = read_structure(text)
    found = structure.conditions
    assert (None if found is None else [(one.column, one.descending) for one in found]) == conditions
    assert structure.limited is limited
    assert structure.sorted is ("order by" in tail.lower().split("#")[0])
    if structure.sorted:
        assert text[structure.order_start :].lower().startswith("order by")


def test_our_own_iris_are_found_in_iris_alone() -> None:
    text = f'PREFIX kg: <{OWN}ns#> SELECT ?a {{ ?a <{OWN}x> "<{OWN}no>" }} # <{OWN}no>'
    found = read_structure(text).own_iris
    assert [text[place - 1 : place + len(OWN) + 1] for place in found] == [f"<{OWN}n", f"<{OWN}x"]


def test_what_is_no_query_is_a_syntax_fault() -> None:
    for text in ("", "INSERT DATA { <a:a> <a:a> <a:a> }", "# only a comment"):
        with pytest.raises(SyntaxFault):
            read_structure(text)
