"""The guard: what it lets pass, what it refuses, and in which words and what time.

Everything that the engine is asked here it is asked in a process of its own (`tests.sparql.engine`).
"""

import contextlib
import pickle
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.engine.guard import GuardLimits, QueryOutline, check
from kg.errors import KgError, LimitExceeded, QueryError, ServiceRefused, SyntaxFault
from tests.sparql.engine import CORPUS, ask_engine

LIMITS = GuardLimits()
REFERENCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "reference"


def pattern(inside: str) -> str:
    return f"SELECT * {{ {inside} }}"


def each(text: str, count: int, between: str = " ") -> str:
    return between.join(text.replace("#", str(number)) for number in range(count))


def values_beside(rows: str, count: int) -> str:
    return f"VALUES ?s {{{each(rows, count)}}}"


STAR = "?s ex:p# ?o# ."
MANY = each("ex:#", 10_000, ",")
MANY_VALUES = values_beside("ex:#", 50_000)
REPLACED = ', "a", "b")'

# For each limit, queries of a given size: the guard lets that size pass and not the next one.
AT_THE_LIMIT: dict[str, tuple[str, int, Callable[[int], str]]] = {
    "groups": ("max_depth", 128, lambda n: "SELECT * " + "{" * n + "}" * n),
    "parentheses": ("max_depth", 127, lambda n: pattern(f"FILTER{'(' * n}1{')' * n}")),
    "functions": ("max_depth", 127, lambda n: pattern(f"FILTER{'STR(' * n}1{')' * n}")),
    "subqueries": ("max_depth", 127, lambda n: pattern("{SELECT * " * n + "{}" + "}" * n).replace("{}", "")),
    "exists": ("max_depth", 127, lambda n: pattern("FILTER EXISTS{" * n + "}" * n)),
    "collections": ("max_collection_depth", 20, lambda n: pattern(f"?s ?p {'(' * n}1{')' * n}")),
    "nodes": ("max_collection_depth", 20, lambda n: pattern(f"?s ?p {'[ex:p ' * n}1{']' * n}")),
    "paths": ("max_collection_depth", 20, lambda n: pattern(f"?s {'(' * n}ex:p{')*' * n} ?o")),
    "reified": ("max_collection_depth", 20, lambda n: pattern(f"?x ex:p {'<<' * n}?s ?p ?o{'>> ?p 1' * (n - 1)}>>")),
    "annotations": ("max_collection_depth", 20, lambda n: pattern("?s ?p ?o " + "{|?p ?o" * n + "|}" * n)),
    "triple terms": ("max_collection_depth", 20, lambda n: pattern("?x ex:p " + "<<( ?s ?p " * n + "1" + ")>> " * n)),
    "template collections": ("max_collection_depth", 20, lambda n: f"CONSTRUCT {{ ?s ?p {'(' * n}1{')' * n} }} {{}}"),
    "star": ("max_patterns", 80, lambda n: pattern(each("?s ex:p# ?o# .", n))),
    "no last stop": ("max_patterns", 80, lambda n: pattern(each("?s ex:p# ?o#", n, "."))),
    "predicates": ("max_patterns", 80, lambda n: pattern("?s " + each("ex:p# ?o#", n, ";"))),
    "objects": ("max_patterns", 80, lambda n: pattern("?s ex:p " + each("#", n, ","))),
    "path steps": ("max_patterns", 80, lambda n: pattern(f"?s {each('ex:p#', n, '/')} ?o")),
    "members": ("max_patterns", 39, lambda n: pattern(f"?s ex:p ({each('#', n)})")),
    "inner groups": ("max_patterns", 80, lambda n: pattern(each("{?s ex:p# ?o#}", n))),
    "graphs": ("max_patterns", 80, lambda n: pattern(each("GRAPH ?g# {?s ex:p# ?o#}", n))),
    "values blocks": ("max_patterns", 79, lambda n: pattern("?s ?p ?o " + each("VALUES ?v# {}", n))),
    "optionals": ("max_patterns", 79, lambda n: pattern("?s ?p ?o " + each("OPTIONAL{}", n))),
    "subqueries beside": ("max_patterns", 80, lambda n: pattern(each("{SELECT * {}}", n))),
    "behind a filter": ("max_patterns", 80, lambda n: pattern("FILTER(?x) " + each(STAR, n))),
    "behind a function": ("max_patterns", 80, lambda n: pattern("FILTER ex:f() " + each(STAR, n))),
    "behind a graph": ("max_patterns", 80, lambda n: pattern("GRAPH ?g {} " + each(STAR, n))),
    "construct where": ("max_patterns", 80, lambda n: f"CONSTRUCT WHERE {{ {each('?s ex:p# ?o# .', n)} }}"),
    "values beside a star": ("max_patterns", 45, lambda n: pattern(each(STAR, n) + values_beside("ex:#", 10_000))),
    "trailing values": ("max_patterns", 45, lambda n: pattern(each(STAR, n)) + values_beside("(ex:#)", 10_000)),
    "several branches": ("max_patterns", 7, lambda n: pattern(each(f"{{{each('?s ?p ?o .', 40)}}}", n, " UNION "))),
    "filters": ("max_operators", 500, lambda n: pattern("?s ?p ?o " + each("FILTER(?o != #)", n))),
    "conjunction": ("max_operators", 500, lambda n: pattern(f"FILTER({each('?o', n, '&&')})")),
    "sum": ("max_operators", 500, lambda n: pattern(f"FILTER({each('?o', n, '+')})")),
    "signs": ("max_operators", 499, lambda n: pattern(f"FILTER({'+1' * n})")),
    "negation": ("max_operators", 499, lambda n: pattern(f"FILTER({'!' * n}?o)")),
    "bindings": ("max_operators", 500, lambda n: pattern(each("BIND(# AS ?b#)", n))),
    "minus": ("max_operators", 500, lambda n: pattern(each("MINUS{}", n))),
    "unions": ("max_operators", 250, lambda n: pattern("{}" + " UNION {}" * n)),
    "existence": ("max_operators", 250, lambda n: pattern(each("FILTER EXISTS{}", n))),
    "alternatives": ("max_operators", 501, lambda n: pattern(f"?s {each('ex:p#', n, '|')} ?o")),
    "columns": ("max_operators", 500, lambda n: f"SELECT {each('?x#', n)} {{}}"),
    "computed columns": ("max_operators", 500, lambda n: f"SELECT {each('(1 AS ?x#)', n)} {{}}"),
    "sort keys": ("max_operators", 500, lambda n: pattern("") + " ORDER BY " + each("DESC(?x#)", n)),
    "having": ("max_operators", 500, lambda n: pattern("") + " HAVING " + each("(?x#)", n)),
    "described": ("max_operators", 500, lambda n: "DESCRIBE " + each("ex:a#", n)),
    "value variables": ("max_operators", 499, lambda n: pattern(f"VALUES ({each('?v#', n)}) {{}}")),
    "filters over a list": ("max_operators", 98, lambda n: pattern(f"FILTER(?o IN({MANY}))" + each("FILTER(?o)", n))),
    "filters over a list and a star": (
        "max_operators",
        83,
        lambda n: pattern(each(STAR, 60) + f"FILTER(?o IN({MANY}))" + each("FILTER(?o)", n)),
    ),
    "filters over values": ("max_operators", 98, lambda n: pattern(MANY_VALUES + each("FILTER(1)", n))),
    "template": ("max_template", 10_000, lambda n: f"CONSTRUCT {{ {each('?s ex:p# ?o#.', n)} }} {{}}"),
    "template list": ("max_template", 4_999, lambda n: f"CONSTRUCT {{ ?s ?p ({each('#', n)}) }} {{}}"),
    "regex": ("max_rereading", 17, lambda n: pattern(f"FILTER({'REGEX(' * n}?o{',1)' * n})")),
    "replace": ("max_rereading", 15, lambda n: pattern(f"BIND({'REPLACE(' * n}?o{REPLACED * n} AS ?x)")),
    "group_concat": ("max_rereading", 16, lambda n: f"SELECT ({'GROUP_CONCAT(' * n}?o{')' * n} AS ?x) {{}}"),
    "prefix": ("max_prefix_length", 2_000, lambda n: f"PREFIX ex: <{'x' * n}> ASK {{}}"),
    "base": ("max_prefix_length", 2_000, lambda n: f"BASE <{'x' * n}> ASK {{}}"),
    "length": ("max_length", 1_000_000, lambda n: "ASK {}".ljust(n)),
}  # fmt: skip


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_a_limit_is_passed_by_one_and_says_which_how_much_and_what_to_do(name: str) -> None:
    limit, size, make = AT_THE_LIMIT[name]
    check(make(size), LIMITS)
    with pytest.raises(LimitExceeded) as caught:
        check(make(size + 1), LIMITS)
    error = caught.value
    assert error.limit == limit
    assert f"the limit is {getattr(LIMITS, limit):,}" in error.what
    assert error.hint
    if limit != "max_length":
        assert error.line == 1
        assert error.column > 1
        assert error.excerpt.endswith("^")
    assert len(str(error)) < 400


def test_at_the_limits_the_engine_still_plans_within_its_time_and_stack() -> None:
    names = [
        "star",
        "graphs",
        "filters",
        "unions",
        "regex",
        "exists",
        "functions",
        "annotations",
        "value variables",
        "columns",
    ]
    queries = [make(size) for limit, size, make in (AT_THE_LIMIT[name] for name in names)]
    started = time.perf_counter()
    verdicts = ask_engine(queries)
    assert set(verdicts) <= {"ok", "other"}
    assert time.perf_counter() - started < 20  # 2.5 s on an idle machine


@pytest.mark.parametrize(
    ("variables", "row", "count"),
    [
        ("?v", "<https://data.norge.no/concepts/{}>", 10_000),
        ("?v", "<https://example.org/begrep#nr-{}>", 20_000),
        ("?v", "ex:x{}", 100_000),
        ("?v", '"a"@nb "1"^^xsd:int 5 true UNDEF', 10_000),
        ("(?v)", "(<https://example.org/o'neill/{}>)", 20_000),
        ("(?v ?w ?x)", '("x" ex:{} UNDEF)', 30_000),
    ],
)
def test_long_lists_of_values_pass(variables: str, row: str, count: int) -> None:
    rows = " ".join(row.format(number) for number in range(count))
    query = pattern(f"?s ?p ?o ; a ?t . OPTIONAL {{ ?s ex:q ?q }} VALUES {variables} {{ # one, two\n {rows} }}")
    assert check(query, LIMITS).tokens < 50


def test_many_graphs_may_be_named() -> None:
    assert check("ASK " + each("FROM <http://x/#> FROM NAMED ex:#", 2_000) + " {}", LIMITS).has_dataset_clause


def test_a_list_may_hold_expressions_between_constants() -> None:
    check(pattern(f"FILTER(?o IN ({each('ex:#', 5_000, ', ')}, ?x + 1, 'a', <b#c>))"), LIMITS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * {}", QueryOutline("select", False, False, False, (), 4)),
        ("ask{}", QueryOutline("ask", False, False, False, (), 3)),
        ("PREFIX ex: <a> CONSTRUCT {} FROM <x> WHERE {}", QueryOutline("construct", True, False, False, (), 11)),
        ("DESCRIBE ex:a FROM NAMED <x>", QueryOutline("describe", True, False, False, (), 5)),
        ("SELECT * {} ORDER BY ?x", QueryOutline("select", False, True, False, (), 7)),
        ("SELECT * { { SELECT * {} ORDER BY ?x LIMIT 1 } }", QueryOutline("select", False, True, False, (), 15)),
        ("SELECT (now() AS ?n) {}", QueryOutline("select", False, False, True, (), 9)),
        ("SELECT ?now ('NOW() FROM ORDER' AS ?from) {} # ORDER", QueryOutline("select", False, False, False, (), 9)),
        ("SELECT * { ex:now ex:rand <uuid> }", QueryOutline("select", False, False, False, (), 7)),
    ],
)
def test_the_outline_says_what_the_service_needs(query: str, expected: QueryOutline) -> None:
    assert check(query, LIMITS) == expected


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "bnode('x')"])
def test_a_function_that_never_answers_the_same_makes_a_query_volatile(function: str) -> None:
    assert check(f"SELECT ({function} AS ?x) {{}}", LIMITS).volatile
    assert check(pattern(f"FILTER({function} = ?x)"), LIMITS).volatile


@pytest.mark.parametrize(
    ("query", "place", "what"),
    [
        ("", (1, 1), "empty"),
        ("# nothing\n", (2, 1), "empty"),
        ("SELECT * { ?s ?p ?o", (1, 10), "'{' is not closed"),
        ("SELECT * {\n ( }", (2, 4), "'}' stands where ')' is expected, for '(' in line 2, column 2"),
        ("SELECT * }", (1, 10), "'}' closes nothing"),
        ('SELECT * {\n ?s ?p "abc }', (2, 8), 'begins with " is not closed'),
        ('SELECT * { ?s ?p """abc" }', (1, 18), 'begins with """ is not closed'),
        ("SELECT * { ?s ?p 'a\\q' }", (1, 18), "an escape that does not exist"),
        ("SELECT * { ?s ?p \\u0027 }", (1, 18), "\\ is no part of SPARQL"),
        ("SELECT * { OPTINAL {} }", (1, 12), "OPTINAL is not a word of SPARQL"),
        ("SELECT * { ?s \u00a0 ?o }", (1, 15), "U+00A0 is no part of SPARQL"),
        ("ASK { ?s ?p '\0' }", (1, 14), "NUL"),
        ("ASK { ?s ?p '\ud83d' }", (1, 14), "surrogate"),
        ("DELETE WHERE { ?s ?p ?o }", (1, 1), "only reads"),
    ],
)
def test_what_is_broken_is_shown_with_its_place(query: str, place: tuple[int, int], what: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        check(query, LIMITS)
    assert what in caught.value.what
    assert (caught.value.line, caught.value.column) == place


def test_a_misspelt_word_is_answered_with_a_guess() -> None:
    with pytest.raises(SyntaxFault) as caught:
        check("SELECT * { OPTINAL {} }", LIMITS)
    assert caught.value.hint == "did you mean OPTIONAL?"


def test_every_query_of_the_corpus_passes() -> None:
    for query in CORPUS:
        check(query, LIMITS)


def test_the_patterns_that_traces_walk_over_pass() -> None:
    paths, prefixes = REFERENCE / "trace_paths.tsv", REFERENCE / "trace_prefixes.rq"
    if not paths.is_file():
        pytest.skip("the reference paths are not beside the checkout")
    head = prefixes.read_text(encoding="utf-8")
    rows = [line.split("\t") for line in paths.read_text(encoding="utf-8").splitlines()[1:]]
    queries = [f"{head} SELECT * {{ {row[2]} }}" for row in rows]
    assert set(ask_engine(queries)) == {"ok"}
    for query in queries:
        check(query, LIMITS)


@pytest.mark.parametrize(
    "text", ["SELECT * {", "SELECT * { SERVICE <http://x/> {} }", "{" * 200, "SELECT * " + "{" * 200]
)
def test_errors_and_outlines_can_be_handed_between_processes(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(text, LIMITS)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is type(caught.value)
    assert vars(copy) == vars(caught.value)
    outline = check("ASK {}", LIMITS)
    assert pickle.loads(pickle.dumps(outline)) == outline


FRAGMENTS = (
    "SELECT * {", "ASK {", "CONSTRUCT {", "{", "}", "(", ")", "[", "]", "<<", ">>", "<<(", ")>>", "{|", "|}", "?a ",
    "<a>", "ex:a ", "5 ", "'x'", "@nb", "^^", ". ", ";", ",", "a ", "FILTER ", "FILTER(", "BIND(", " AS ", "VALUES ",
    "VALUES ?x {", "VALUES (?x) {(", "UNION ", "OPTIONAL {", "GRAPH ", "EXISTS {", "MINUS {", "SERVICE ", "SILENT ",
    "ORDER BY ", "IN (", "<", ">", "=", "||", "|", "/", "*", "true", "#", "\n", '"', "'", '"""', "\\u0041", "\\",
    "FROM ", "PREFIX ", "LIMIT 1", "()", "[]", "REGEX(", "é", "\x00",
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_any_text_passes_or_is_refused_in_words(text: str) -> None:
    try:
        check(text, LIMITS)
    except KgError as error:
        assert isinstance(error, SyntaxFault | LimitExceeded | ServiceRefused)
        assert error.what
        assert len(str(error)) < 500


def repeated(parts: Sequence[str], length: int) -> list[str]:
    return [f"{head}{part * (length // len(part))}" for head in ("SELECT * { ", "CONSTRUCT { ") for part in parts]


def test_time_is_in_proportion_to_the_text_whatever_it_is() -> None:
    parts = (
        "(", "{", "[", "<<", "{|", "a.", "<", "<a#", "'''", '"', "\\u0041", "SELECT", "a", "?s ?p ?o .",
        "ex:service{", "service:x ", "BASE<a>", "PREFIX a:<b>", "FILTER(", "VALUES?x{", "VALUES?x{(", "VALUES?x{}",
        "IN(1,", "#", "\n", "FROM<a>", "1,", "(1)", "STR(1),", "REGEX(", ". ", ")", "}", "SERVICE", "{}", "()",
        "LIMIT1",
    )  # fmt: skip
    limits = GuardLimits(*(10**7,) * 8)
    for text in [*repeated(parts, 20_000), "PREFIX a:<b>" * 2_000, "BASE<a>#\n" * 2_000]:
        started = time.process_time()
        with contextlib.suppress(QueryError):
            check(text, limits)
        # 0.05 s is usual; were it quadratic, 20,000 tokens would take a minute.
        assert time.process_time() - started < 1, text[:40]


def test_a_megabyte_is_checked_in_well_under_a_second() -> None:
    values = pattern(f"VALUES ?x {{ {each('<https://example.org/#>', 35_000)} }}")
    literal = pattern(f"?s ?p '{'x' * 900_000}'")
    template = f"CONSTRUCT {{ {each('?s ex:p ?o .', 9_000)} }} {{ }}".ljust(900_000)
    for query in (values, literal, template):
        assert len(query) > 800_000
        started = time.process_time()
        check(query, LIMITS)
        assert time.process_time() - started < 1.5
