"""Hints on queries that name aliases."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.aliases import NO_ALIASES, Aliases
from kg.api.hints import (
    MAX_HEADER_LENGTH,
    MAX_HINTS,
    MAX_TOKENS,
    AliasHint,
    as_uri,
    canonical_link,
    find_hints,
    link_header,
    named_iris,
)
from kg.namespaces import DEFAULT_BASE_IRI, Names

PREFIXES = Names(DEFAULT_BASE_IRI).prefixes()
OLD, NEW = "https://old.example/1", "https://new.example/1"
ALIASES = Aliases({OLD: NEW, "https://old.example/ø": "https://new.example/2", "https://old.example/a,b": NEW})
REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
LINK = re.compile(r'<[!#-;=?-\[\]_a-z~%]+>; rel="canonical"; anchor="[!#-;=?-\[\]_a-z~%]+"')


def hinted(query: str, prefixes: dict[str, str] = PREFIXES) -> list[str]:
    return [hint.alias for hint in find_hints(query, ALIASES, prefixes)]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * WHERE {{ ?s ?p <{OLD}> }}",
        f"PREFIX o: <https://old.example/> DESCRIBE o:1 {'# '}<{NEW}>",
        "PREFIX : <https://old.example/> ASK { ?s ?p :1 }",
        "BASE <https://old.example/x> ASK { ?s ?p <1> }",
        "BASE <https://old.example/> PREFIX o: <./> ASK { ?s ?p o:1 }",
        "base <https://old.example/> prefix o:<> ASK { ?s ?p o:1,o:1, o:1 }",
        r"ASK { ?s ?p <https://old.example/\u0031> }",
        f"ASK {{ VALUES ?s {{ <{OLD}> }} ?s ?p 'GRAPH', \"FROM <x>\" }}",
        f"ASK {{ ?s <{OLD}>/dct:title ?o }}",
        f'ASK {{ ?s ?p "x"^^<{OLD}> }}',
    ],
)
def test_an_alias_is_found_however_it_is_written(query: str) -> None:
    assert hinted(query) == [OLD]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * WHERE {{ ?s ?p <{NEW}> }}",
        f"SELECT * WHERE {{ ?s ?p '<{OLD}>' }} # <{OLD}>",
        f"SELECT * WHERE {{ GRAPH ?g {{ ?s ?p <{OLD}> }} }}",
        f"SELECT * FROM <x:y> WHERE {{ ?s ?p <{OLD}> }}",
        f"SELECT * WHERE {{ ?s ?p <{OLD}> {{ gRaPh ?g {{ }} }} }}",
        f"SELECT * WHERE {{ <{OLD}> kg:sameThing ?thing }}",
        f"PREFIX o: <{OLD}> SELECT * WHERE {{ ?s ?p o:x }}",
        f"BASE <{OLD}> SELECT * WHERE {{ ?s ?p ?o }}",
        "SELECT * WHERE { ?s ?p unknown:1 }",
        "",
    ],
)
def test_where_no_alias_is_meant_there_is_no_hint(query: str) -> None:
    assert hinted(query) == []


def test_escapes_in_prefixed_names_are_read() -> None:
    assert hinted(r"PREFIX o: <https://old.example/> ASK { ?s ?p o:a\,b, o:ø }") == [
        "https://old.example/a,b",
        "https://old.example/ø",
    ]


def test_predeclared_prefixes_count_only_where_the_query_is_read_with_them() -> None:
    aliases = Aliases({"http://purl.org/dc/terms/title": NEW})
    assert len(find_hints("ASK { ?s dct:title ?o }", aliases, PREFIXES)) == 1
    assert find_hints("ASK { ?s dct:title ?o }", aliases, {}) == ()


def test_a_prefix_that_the_query_declares_goes_before_the_predeclared_one() -> None:
    assert hinted("PREFIX dct: <https://old.example/> ASK { ?s ?p dct:1 }") == [OLD]


def test_an_organisation_is_hinted_at_by_its_number_but_not_where_nothing_was_identified() -> None:
    query = f"ASK {{ ?s dct:publisher <{REGISTER}> }}"
    (hint,) = find_hints(query, Aliases({}), PREFIXES)
    assert hint.canonical == "https://data.norge.no/organizations/974760673"
    assert hint.alias in hint.nb
    assert hint.canonical in hint.en
    assert find_hints(query, NO_ALIASES, PREFIXES) == ()


def test_there_are_so_many_hints_and_no_more() -> None:
    aliases = Aliases({f"https://old.example/{n}": NEW for n in range(100)})
    query = "ASK { VALUES ?s { " + " ".join(f"<https://old.example/{n}>" for n in range(100)) + " } }"
    hints = find_hints(query, aliases, PREFIXES)
    assert [hint.alias for hint in hints] == [f"https://old.example/{n}" for n in range(MAX_HINTS)]


def test_a_header_keeps_to_its_length_and_is_never_cut_within_a_link() -> None:
    hints = [AliasHint(f"https://old.example/{n}{'ø' * 300}", NEW) for n in range(10)]
    header = link_header(hints)
    assert 0 < len(header) <= MAX_HEADER_LENGTH
    assert all(LINK.fullmatch(link) for link in header.split(", "))
    assert link_header([AliasHint("https://old.example/" + "x" * 5000, NEW)]) == ""


@pytest.mark.parametrize(
    "hostile", ['"', "\r\nX-Evil: 1", ">; rel=x", "\\", "\x00", "\u2028", "\ud800", "ø", "🇳🇴", ", <"]
)
def test_nothing_in_an_iri_breaks_out_of_the_header(hostile: str) -> None:
    header = link_header([AliasHint(f"https://x.no/{hostile}", f"https://y.no/{hostile}")])
    assert LINK.fullmatch(header), header
    header.encode("ascii")
    assert "\r" not in canonical_link(hostile) + as_uri(hostile)


def test_a_uri_stays_as_it_is() -> None:
    uri = "https://x.no:80/a/%C3%B8?b=c&d=(e)#f!$'*+,;@[1]~"
    assert as_uri(uri) == uri


@given(alias=st.text(), canonical=st.text())
def test_any_hint_makes_one_link(alias: str, canonical: str) -> None:
    header = link_header([AliasHint(f"a:{alias}", f"b:{canonical}")])
    assert header == "" or LINK.fullmatch(header)


PIECES = st.sampled_from(
    [
        "PREFIX",
        "BASE",
        "o:",
        "<",
        ">",
        f"<{OLD}>",
        "<http://[>",
        "<//[x/>",
        ":",
        "o:1",
        "\\u0031",
        "'",
        '"""',
        "#",
        "GRAPH",
        "\n",
        "{",
    ]
)


@given(text=st.lists(PIECES | st.text(max_size=4), max_size=30).map(" ".join))
def test_no_text_makes_the_search_for_hints_fail(text: str) -> None:
    assert len(find_hints(text, ALIASES, PREFIXES)) <= MAX_HINTS
    assert len(named_iris(text, PREFIXES)) == len(set(named_iris(text, PREFIXES)))


def test_a_small_query_costs_next_to_nothing_and_a_large_one_little() -> None:
    small = f"SELECT ?t WHERE {{ ?d a dcat:Dataset ; dct:title ?t ; dct:publisher <{REGISTER}> }} LIMIT 10"
    numbers = random.Random(1)
    large = "ASK { " + " . ".join(f"?s ?p <https://x.no/{numbers.random()}>" for _ in range(20_000)) + " }"
    assert len(named_iris(large, PREFIXES)) < MAX_TOKENS
    for query, seconds in ((small, 0.001), (large, 0.05)):
        best = 1.0
        for _ in range(10):
            started = time.perf_counter()
            find_hints(query, ALIASES, PREFIXES)
            best = min(best, time.perf_counter() - started)
        assert best < seconds
