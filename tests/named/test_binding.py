"""The binder against the engine: what was asked for is what the bound query holds, and nothing else has changed."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from kg.aliases import NO_ALIASES, Aliases
from kg.errors import ParameterError
from kg.named.binding import MAX_VALUES, bind, read_values
from kg.named.query import NamedQuery, read_text
from kg.named.types import MAX_VALUE_LENGTH, PARAMETER_TYPES, Reading, Term
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.named.conftest import Make, head

READING = Reading(Names(DEFAULT_BASE_IRI), NO_ALIASES)

HOSTILE = (
    'a" } UNION { ?s ?p ?o } #', "'''", '"""', "\\", '\\"', "\\u0022 }", "}", "{", "} }", "<", ">", "<http://a/>",
    "UNDEF", "?x", "$x", "#", "\n", "\r\n", "\t", "%00", "\0", "😀", "\u202e", "\ufeff", "\ud800", "''", '""', "@nb",
    "^^<a:b>", "VALUES ?p { 1 }", "https://a.example/> } #", "dct:title> }", "x" * 100_000, "æ" * 9_999, "(", ")", ";",
    "\\u007D \\u0023", "\\U0000007D", "{" * 1_000, '\\"}', "\n}\n#", "974760673 }", "5 6", "true false",
    "2026-01-31\n", "nb nn", "../../etc/passwd", "\u2028", "\x7f", "\x1b[0m", "0\x1f", "\x1c1", "7\u2003",
)  # fmt: skip


def test_the_hostile_values_hold_quotes_braces_line_ends_escapes_length_nul_and_emoji() -> None:
    for part in ('"', "'", "'''", '"""', "{", "}", "\n", "\r\n", "\\u00", "\\U00", "\0", "😀", "\ud800", "#", "<", ">"):
        assert any(part in text for text in HOSTILE), part
    assert any(len(text) >= 100_000 for text in HOSTILE)


def parameters(*types: str, more: str = "repeatable: true") -> str:
    lines = [f"  p{index}: {{type: {name}, title: {{nb: P, en: P}}, {more}}}" for index, name in enumerate(types)]
    return head("parameters:\n" + "\n".join(lines))


ALL = [name for name in PARAMETER_TYPES if name != "enum"]
QUERY = (
    parameters(*ALL)
    + "PREFIX kg: <https://kunnskapsgraf.example/ns#>\nSELECT * WHERE {\n"
    + "# VALUES ?p0 { UNDEF }\n"
    + "".join(f"  {{ VALUES ?p{index} {{ UNDEF }} }} UNION\n" for index in range(len(ALL)))
    + """  { VALUES (?text ?own) { ("VALUES ?p1 { UNDEF }" kg:x) } } } # VALUES ?p1 { UNDEF }"""
)


def read(text: str) -> NamedQuery:
    query, faults = read_text(text, Path("group/q.rq"), "group")
    assert query is not None, faults
    return query


def rows(text: str) -> list[dict[str, str]]:
    """What the engine makes of a query on an empty store."""
    solutions = Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: str(row[name]) for name in names if row[name] is not None} for row in solutions]


def check_bound(query: NamedQuery, values: Mapping[str, Sequence[Term]]) -> None:
    """Each value is the one row that it was asked to be, and the constant stays what it was."""
    found = rows(bind(query, values, READING.names))
    expected: list[dict[str, str]] = []
    for name, terms in values.items():
        expected += [{name: str(term)} for term in terms] or [{}]
    constant = {"text": '"VALUES ?p1 { UNDEF }"', "own": "<https://kunnskapsgraf.example/ns#x>"}
    assert Counter(map(as_set, found)) == Counter(map(as_set, [*expected, constant]))


def as_set(row: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(row.items())


def try_values(query: NamedQuery, given_values: Mapping[str, Sequence[str]]) -> None:
    """Values become rows, or an error that names a parameter that was given."""
    try:
        values = read_values(query, given_values, READING)
    except ParameterError as error:
        assert error.parameter in given_values
        assert not error.unknown
        return
    check_bound(query, values)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_stays_a_value_or_is_refused(name: str, text: str) -> None:
    try_values(read(QUERY), {f"p{ALL.index(name)}": [text]})


def texts() -> st.SearchStrategy[str]:
    """Anything a client may send, weighted towards what means something somewhere."""
    pieces = st.sampled_from([text for text in HOSTILE if len(text) < 100]) | st.text(max_size=20)
    anything = st.text(st.characters(), max_size=60)
    whole = st.integers(-(10**20), 10**20).map(str) | st.dates().map(str) | st.booleans().map(lambda b: str(b).lower())
    iris = st.text(max_size=30).map(lambda rest: f"https://x.example/{rest}")
    return st.lists(pieces, max_size=6).map("".join) | anything | whole | iris | st.sampled_from(["nb", "dct:title"])


def asked() -> st.SearchStrategy[dict[str, list[str]]]:
    names = st.sampled_from([f"p{index}" for index in range(len(ALL))])
    return st.dictionaries(names, st.lists(texts(), max_size=4), max_size=4)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(asked())
def test_any_values_become_just_their_rows(given_values: dict[str, list[str]]) -> None:
    try_values(read(QUERY), given_values)


@pytest.mark.soak
def test_ten_minutes_of_any_values() -> None:
    ends = time.monotonic() + 600
    query = read(QUERY)
    count = 0

    @settings(max_examples=1_000, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(asked())
    def run(given_values: dict[str, list[str]]) -> None:
        nonlocal count
        if time.monotonic() < ends:
            try_values(query, given_values)
            count += 1

    while time.monotonic() < ends:
        run()
    print(f"{count:,} requests")


def test_without_values_blocks_hold_their_defaults_and_undef(make: Make) -> None:
    text = head(
        """
        parameters:
          p: {type: text, default: [a, b], repeatable: true, title: {nb: P, en: P}}
          q: {type: iri, title: {nb: Q, en: Q}}
        """
    )
    query = make(text + 'SELECT * { VALUES ?p { "a" "b" } VALUES ?q { UNDEF } }')
    assert rows(bind(query, read_values(query, {}, READING), READING.names)) == rows(query.text)
    assert rows(bind(query, read_values(query, {"p": [""], "q": [""]}, READING), READING.names)) == rows(query.text)


def test_a_text_with_languages_is_a_literal_in_each_of_them(make: Make) -> None:
    text = head("parameters:\n  p: {type: text, languages: [nb, en, ''], title: {nb: P, en: P}}")
    query = make(text + "SELECT ?p { VALUES ?p { UNDEF } }")
    bound = bind(query, read_values(query, {"p": ['a"@nb ']}, READING), READING.names)
    assert [row["p"] for row in rows(bound)] == ['"a\\"@nb "@nb', '"a\\"@nb "@en', '"a\\"@nb "']


def test_every_block_of_a_parameter_is_filled(make: Make) -> None:
    text = head("parameters:\n  p: {type: integer, title: {nb: P, en: P}}")
    query = make(text + "SELECT * { { VALUES ?p { UNDEF } } UNION { VALUES ?p { UNDEF } } }")
    assert len(rows(bind(query, read_values(query, {"p": ["7"]}, READING), READING.names))) == 2


def test_an_alias_is_bound_as_the_canonical_iri(make: Make) -> None:
    query = make(head("parameters:\n  p: {type: iri, title: {nb: P, en: P}}") + "SELECT ?p { VALUES ?p { UNDEF } }")
    reading = Reading(READING.names, Aliases({"https://a.example/": "https://c.example/"}))
    bound = bind(query, read_values(query, {"p": ["https://a.example/"]}, reading), reading.names)
    assert rows(bound) == [{"p": "<https://c.example/>"}]


def test_our_own_iris_follow_the_base_of_the_generation(make: Make) -> None:
    text = head("parameters:\n  p: {type: iri, default: 'kg:x', title: {nb: P, en: P}}")
    query = make(
        f"""{text}PREFIX kg: <https://kunnskapsgraf.example/ns#>
        SELECT * {{
          VALUES ?p {{ kg:x }}
          VALUES (?q) {{ (<https://kunnskapsgraf.example/y>) }}
          VALUES (?t) {{ ('<https://kunnskapsgraf.example/>') }}
        }}"""
    )
    reading = Reading(Names("https://b.example/"), NO_ALIASES)
    (row,) = rows(bind(query, read_values(query, {}, reading), reading.names))
    assert row == {
        "p": "<https://b.example/ns#x>",
        "q": "<https://b.example/y>",
        "t": '"<https://kunnskapsgraf.example/>"',
    }


@pytest.mark.parametrize(
    ("more", "given_values", "said"),
    [
        ("required: true", [], "is missing"),
        ("required: true", [""], "is missing"),
        ("required: false", ["a", "b"], "more than once"),
        ("repeatable: true", ["x"] * (MAX_VALUES + 1), "the limit is"),
        ("enum: [a, b]", ["c"], "not one of"),
        ("required: false", ["x" * (MAX_VALUE_LENGTH + 1)], "characters; the limit"),
        ("required: false", ["a\0b"], "no text can have"),
        ("required: false", ["\udc80"], "no text can have"),
    ],
)
def test_a_value_that_is_missing_wrong_or_too_many_is_an_error_that_names_the_parameter(
    make: Make, more: str, given_values: list[str], said: str
) -> None:
    query = make(parameters("text", more=more) + "SELECT ?p0 { VALUES ?p0 { UNDEF } }")
    with pytest.raises(ParameterError, match=said) as caught:
        read_values(query, {"p0": given_values}, READING)
    assert caught.value.parameter == "p0"


def test_binding_takes_a_fraction_of_a_millisecond(make: Make) -> None:
    query = read(QUERY)
    run: Callable[[], str] = lambda: bind(query, read_values(query, {"p1": ["skatt"]}, READING), READING.names)  # noqa: E731
    started = time.process_time()
    for _ in range(200):
        run()
    assert (time.process_time() - started) / 200 < 0.001
