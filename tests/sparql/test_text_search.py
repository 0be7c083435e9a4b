"""Text search inside SPARQL: how a block is read, what comes in its place, and where faults are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from kg.engine.guard import GuardLimits, check
from kg.errors import LimitExceeded, QueryError, ServiceRefused, SyntaxFault
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.sparql.substitution import Substituted
from kg.sparql.text_search import (
    MAX_HITS,
    MAX_SEARCHES,
    TextSearch,
    read_text_searches,
    replace_text_searches,
    too_many,
)
from kg.sparql.tokens import line_column

NAMES = Names(DEFAULT_BASE_IRI)
SEARCH = f"SERVICE <{NAMES.search}>"
LIMITS = GuardLimits(search=NAMES.search)


def read(query: str, *, strict: bool = False) -> tuple[TextSearch, ...]:
    places = check(query, LIMITS).text_searches
    return read_text_searches(query, places, NAMES.ns, {} if strict else NAMES.prefixes())


def one(block: str) -> TextSearch:
    query = f"SELECT * {{ {SEARCH} {block} ?a ?b ?c }}"
    [search] = read(query)
    assert query[search.start : search.start + 7].upper() == "SERVICE"
    assert query[search.end :] == " ?a ?b ?c }"
    return search


def test_the_block_of_the_design_is_read() -> None:
    search = one('{ ?resource kg:matches "skatt person" ; kg:score ?score }')
    assert (search.resource, search.score, search.text) == ("?resource", "?score", "skatt person")
    assert (search.kind, search.publisher, search.limit) == ("", "", None)


@pytest.mark.parametrize(
    "block",
    [
        '{?r kg:matches"x";kg:score ?s}',
        '{ ?r kg:matches "x" ; kg:score ?s . }',
        '{ ?r kg:matches "x" ; kg:score ?s ; }',
        '{ ?r kg:matches "x" ; kg:score ?s ; . }',
        '{ ?r kg:matches "x" . ?r kg:score ?s }',
        "{ $r kg:score ?s ; kg:matches '''x''' }",
        '{ # a comment }\n ?r\n kg:matches # {\n """x""" ; kg:score ?s }',
        f'{{ ?r <{NAMES.ns}matches> "x" ; <{NAMES.ns}score> ?s }}',
    ],
)
def test_a_block_may_be_written_in_all_ways_that_sparql_has(block: str) -> None:
    search = one(block)
    assert (search.resource[1:], search.score, search.text) == ("r", "?s", "x")


def test_a_block_may_restrict_and_limit() -> None:
    search = one(
        '{ ?r kg:matches "x" ; kg:type "dataset" ; kg:limit 50 ; kg:publisher <https://x.example/etat> ; kg:score ?s }'
    )
    assert (search.kind, search.limit, search.publisher) == ("dataset", 50, "https://x.example/etat")
    assert one('{ ?r kg:publisher dct:x ; kg:matches "x" }').publisher == f"{NAMES.prefixes()['dct']}x"


def test_own_prefixes_hold_and_under_strict_they_alone() -> None:
    query = f'PREFIX : <{NAMES.ns}> SELECT * {{ {SEARCH} {{ ?r :matches "x" }} }}'
    assert read(query)[0].text == read(query, strict=True)[0].text == "x"
    with pytest.raises(SyntaxFault, match="kg: is not declared"):
        read(f'SELECT * {{ {SEARCH} {{ ?r kg:matches "x" }} }}', strict=True)
    with pytest.raises(SyntaxFault, match="not part of a text search"):
        read(f'PREFIX kg: <http://other.example/> SELECT * {{ {SEARCH} {{ ?r kg:matches "x" }} }}')


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_read_as_it_was_meant(text: str) -> None:
    assert one(f"{{ ?r kg:matches {Literal(text)} }}").text == text


def test_escapes_are_read_as_the_standard_has_them() -> None:
    assert one(r'{ ?r kg:matches "a\tb\\nc\u00e5\"" }').text == 'a\tb\\ncå"'


@pytest.mark.parametrize(
    ("block", "at", "said"),
    [
        ("{ ?r kg:matches ?words }", "?words", "takes a text, not a variable"),
        ("{ ?r kg:matches 5 }", "5", "takes a text in quotes"),
        ('{ ?r kg:matches "x"@nb }', "@nb", "neither language nor datatype"),
        ('{ ?r kg:matches "x"^^xsd:string }', "^^", "neither language nor datatype"),
        ('{ ?r kg:matches "x" , "y" }', ",", "single values only"),
        ('{ ?r kg:matches "x" ; kg:matches "y" }', "kg:matches", "given twice"),
        ("{ ?r kg:score ?s }", "?r", "has no text"),
        ("{ }", "} }", "begins with the variable"),
        ('{ <http://x.example/> kg:matches "x" }', "<http://x.example/>", "begins with the variable"),
        ('{ ?r dct:title "x" }', "dct:title", "not part of a text search"),
        ('{ ?r kg:matchs "x" }', "kg:matchs", "not part of a text search"),
        ('{ ?r ?p "x" }', "?p", "not part of a text search"),
        ('{ ?r kg:matches "x" ; kg:score 1 }', "1", "takes a variable"),
        ('{ ?r kg:matches "x" ; kg:score ?r }', "?r", "variable of its own"),
        ('{ ?r kg:matches "x" ; kg:limit 0 }', "0", "from 1 to 10,000"),
        ('{ ?r kg:matches "x" ; kg:limit 10001 }', "10001", "from 1 to 10,000"),
        ('{ ?r kg:matches "x" ; kg:limit 1.5 }', "1.5", "from 1 to 10,000"),
        ('{ ?r kg:matches "x" ; kg:limit ?n }', "?n", "from 1 to 10,000"),
        ('{ ?r kg:matches "x" ; kg:publisher "y" }', '"y"', "takes an IRI"),
        ('{ ?r kg:matches "x" . ?q kg:matches "y" }', "?q", "about one variable"),
        ('{ ?r kg:matches "x" FILTER(?r = 1) }', "FILTER", "single values only"),
        ('{ { ?r kg:matches "x" } }', "{ ?r", "begins with the variable"),
        ('{ ?r kg:matches "x" ; kg:score [] }', "[]", "takes a variable"),
    ],
)
def test_what_is_no_search_is_said_at_its_place(block: str, at: str, said: str) -> None:
    query = f"SELECT * {{\n  {SEARCH} {block} }}"
    with pytest.raises(SyntaxFault) as caught:
        read(query)
    assert said in caught.value.what
    assert caught.value.hint
    place = query.rindex(at)
    assert (caught.value.line, caught.value.column) == line_column(query, place)


def test_only_the_own_search_is_let_through_and_only_as_it_is_written() -> None:
    for service in (
        f"SERVICE SILENT <{NAMES.search}>",
        f"SERVICE <{NAMES.search}/>",
        "SERVICE <https://other.example/search>",
        "SERVICE ?x",
        "SERVICE kg:search",
        "SERVICE <search>",
        f"SERVICE <{NAMES.base}sear\\u0063h>",
    ):
        with pytest.raises(ServiceRefused):
            check(f'SELECT * {{ {service} {{ ?r kg:matches "x" }} }}', LIMITS)
    with pytest.raises(ServiceRefused):
        check(f"SELECT * {{ {SEARCH} {{}} }}", GuardLimits())
    text = f'SELECT * {{ ?s ?p "SERVICE <{NAMES.search}> {{}}" # {SEARCH} {{}}\n }}'
    assert check(text, LIMITS).text_searches == ()


def test_values_that_may_come_in_count_as_values() -> None:
    patterns = " . ".join(f"?a{number} ?p ?b" for number in range(60))
    check(f"SELECT * {{ {patterns} }}", LIMITS)
    with pytest.raises(LimitExceeded):
        check(f'SELECT * {{ {SEARCH} {{ ?r kg:matches "x" }} {patterns} }}', LIMITS)


def test_too_many_searches_and_too_many_hits_are_errors_with_a_place() -> None:
    block = f'{SEARCH} {{ ?r kg:matches "x" }} '
    read(f"SELECT * {{ {block * MAX_SEARCHES} }}")
    query = f"SELECT * {{ {block * (MAX_SEARCHES + 1)} }}"
    with pytest.raises(LimitExceeded, match=f"holds {MAX_SEARCHES + 1}") as caught:
        read(query)
    assert caught.value.column == query.rindex("SERVICE") + 1
    error = too_many(query, read(f"SELECT * {{ {block} }}")[0], MAX_HITS + 1)
    assert "10,001" in error.what
    assert "kg:limit" in error.hint


def test_what_was_found_comes_in_the_place_of_each_block_and_nothing_else_changes() -> None:
    query = (
        f'SELECT * {{ {SEARCH} {{ ?a kg:matches "x" ; kg:score ?s }} OPTIONAL {{ {SEARCH} {{ ?b kg:matches "y" }} }} }}'
    )
    found = [[("https://x.example/1", 0.95), ("https://x.example/2", 0.5)], []]
    rewritten = replace_text_searches(query, read(query), found)
    assert rewritten.query == (
        "SELECT * { { SELECT ?a ?s { VALUES (?a ?s) { "
        "(<https://x.example/1> 0.9500) (<https://x.example/2> 0.5000) } } LIMIT 2 } "
        "OPTIONAL { VALUES ?b {  } } }"
    )
    check(rewritten.query, GuardLimits())


@given(st.integers(0, 3), st.integers(0, 40), st.lists(st.integers(0, 30), min_size=1, max_size=3))
def test_faults_behind_before_and_between_blocks_are_told_at_the_place_that_the_client_wrote(
    lines: int, indent: int, hits: list[int]
) -> None:
    block = f'{SEARCH} {{ ?r kg:matches "x" ;\n kg:score ?s }}'
    query = "SELECT * {" + "".join(
        f"{chr(10) * lines}{' ' * indent}@{number} {block} @x{number}" for number in range(len(hits))
    )
    places = [match.start() for match in re.finditer("SERVICE", query)]
    searches = read_text_searches(query, places, NAMES.ns, NAMES.prefixes())
    found = [[(f"https://x.example/{number}", 0.5) for number in range(count)] for count in hits]
    rewritten = replace_text_searches(query, searches, found)
    for match in re.finditer(r"@x?\d", query):
        line, column = line_column(rewritten.query, rewritten.query.index(match[0]))
        located = rewritten.located(SyntaxFault("fault", line=line, column=column))
        assert (located.line, located.column) == line_column(query, match.start())


def test_a_fault_inside_what_came_in_is_told_at_the_service() -> None:
    query = f'SELECT *\n{{ {SEARCH} {{ ?r kg:matches "x" }} }}'
    rewritten = replace_text_searches(query, read(query), [[("https://x.example/1", 0.5)]])
    located = rewritten.located(SyntaxFault("fault", line=2, column=15))
    assert (located.line, located.column) == (2, 3)
    untouched = SyntaxFault("fault", line=2, column=15)
    assert Substituted(query, query).located(untouched) is untouched


_PIECES = st.sampled_from(
    ("?r", "?s", " ", "\n", "kg:matches", "kg:score", "kg:limit", '"x"', '"', "5", ";", ".", ",", "{", "}", "<a:b>",
     "#", "@nb", "^^", "(", ")", "[]", "a", "SERVICE", SEARCH, "FILTER", "_:b", "\\u0022", "OPTIONAL")
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14))
def test_whatever_stands_in_a_block_is_read_or_refused_with_a_place(pieces: list[str]) -> None:
    query = f"SELECT * {{ {SEARCH} {{ {' '.join(pieces)} }} }}"
    try:
        searches = read(query)
    except QueryError as error:
        assert isinstance(error, SyntaxFault | LimitExceeded | ServiceRefused)
        assert error.line >= 1
        return
    rewritten = replace_text_searches(query, searches, [[("https://x.example/1", 0.5)]] * len(searches))
    assert "SERVICE" not in re.sub("#.*", "", rewritten.query)
