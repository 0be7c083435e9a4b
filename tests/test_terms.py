"""Canonical terms: what the store holds and SPARQL can write."""

import doctest
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

import kg.terms
from kg.namespaces import XSD
from kg.terms import CanonicalLiterals, writable_iri, writable_language_tag

S = NamedNode("urn:s")
IRIREF = re.compile(r'[^<>"{}|^`\\\x00-\x20]*')

NUMBERS = st.one_of(
    st.integers().map(str),
    st.integers().map("{:+05d}".format),
    st.floats().map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map("{:.9e}".format),
    st.decimals(allow_nan=False, allow_infinity=False, places=5).map("{:f}".format),
    st.sampled_from(["INF", "-INF", "+INF", "NaN", "nan", "-0", "-0.0", "1e400", ".5", "5.", "1E3", "true", "1", "0"]),
)
ZONES = st.sampled_from(["", "Z", "+00:00", "-00:00", "+14:00", "-14:00", "+02:30", "+15:00"])
TIMES = st.one_of(
    st.datetimes().map(lambda time: time.isoformat()),
    st.from_regex(r"-?[0-9]{4,5}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,20})?)?", fullmatch=True),
    st.from_regex(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,20})?", fullmatch=True),
    st.from_regex(r"-{0,2}[0-9]{2,5}(-[0-9]{2})?", fullmatch=True),
)
DURATIONS = st.from_regex(
    r"-?P([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}D)?(T([0-9]{1,4}H)?([0-9]{1,4}M)?([0-9]{1,4}(\.[0-9]{1,4})?S)?)?",
    fullmatch=True,
)
OF_NUMBERS = [
    *("boolean", "integer", "decimal", "double", "float", "byte", "short", "int", "long"),
    *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
]
OF_TIMES = ["dateTime", "dateTimeStamp", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"]
OF_DURATIONS = ["duration", "dayTimeDuration", "yearMonthDuration"]
OTHERS = ["anyURI", "string", "normalizedString", "token", "hexBinary", "base64Binary", "QName", "language", "NOTATION"]
VALUES = st.one_of(NUMBERS, st.builds(str.__add__, TIMES, ZONES), DURATIONS, st.text(max_size=8))


def typed(values: st.SearchStrategy[str], types: list[str]) -> st.SearchStrategy[Literal]:
    return st.builds(lambda value, name: Literal(value, datatype=NamedNode(XSD + name)), values, st.sampled_from(types))


TYPED = st.one_of(
    typed(NUMBERS, OF_NUMBERS),
    typed(st.builds(str.__add__, TIMES, ZONES), OF_TIMES),
    typed(DURATIONS, OF_DURATIONS),
    typed(VALUES, OF_NUMBERS + OF_TIMES + OF_DURATIONS + OTHERS),
    VALUES.map(lambda value: Literal(value, datatype=NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral"))),
)
# Forms that are never sent through a store, and their neighbours.
SETTLED = typed(
    st.one_of(
        st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-2][0-9]:[0-9]{2}:[0-9]{2}Z?)?", fullmatch=True),
        st.from_regex(r"[+-]?[0-9]{1,20}", fullmatch=True),
        st.sampled_from(["true", "false", "True", "1"]),
    ),
    ["date", "dateTime", "integer", "boolean"],
)


def stored(literal: Literal) -> Literal:
    store = Store()
    store.add(Quad(S, S, literal))
    term = next(iter(store)).object
    assert isinstance(term, Literal)
    return term


def sparql_reads(term: NamedNode | Literal) -> object:
    solutions = Store().query(f"SELECT ?term {{ VALUES ?term {{ {term} }} }}")
    assert isinstance(solutions, QuerySolutions)
    return next(solutions)["term"]


def test_docstring_examples_hold() -> None:
    assert doctest.testmod(kg.terms).failed == 0


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("https://data.norge.no/a", "https://data.norge.no/a"),
        ("https://data.norge.no/søk/æøå", "https://data.norge.no/søk/æøå"),
        (" \n https://data.norge.no/a\t", "https://data.norge.no/a"),
        ("https://data.norge.no/a b", "https://data.norge.no/a%20b"),
        ("https://data.norge.no/a%20b", "https://data.norge.no/a%20b"),
        ("https://data.norge.no/%zz%4", "https://data.norge.no/%25zz%254"),
        ('https://data.norge.no/<>"{}|^`\\', "https://data.norge.no/%3C%3E%22%7B%7D%7C%5E%60%5C"),
        ("https://data.norge.no/?a[0]=1", "https://data.norge.no/?a%5B0%5D=1"),
        ("https://data.norge.no/#a#b", "https://data.norge.no/#a%23b"),
        ("https://data.norge.no/#a[1]", "https://data.norge.no/#a%5B1%5D"),
        ("https://[2001:db8::1]/[1]", "https://[2001:db8::1]/%5B1%5D"),
        ("https://data.norge.no/\ue000\x85\ufffe", "https://data.norge.no/%EE%80%80%C2%85%EF%BF%BE"),
        ("https://data norge.no/", "https://data%20norge.no/"),
        ("mailto:Ola Nordmann", "mailto:Ola%20Nordmann"),
        ("urn:a\U0001fffe", "urn:a%F0%9F%BF%BE"),
        ("", None),
        ("   ", None),
        ("datasett/1", None),
        ("//data.norge.no/a", None),
        ("#a", None),
        ("1a:b", None),
        ("æ:b", None),
        (":a", None),
        ("https://data.norge.no:port/", None),
        ("https://[::g]/", None),
        ("https://[::1/", None),
        ("https://a@b@c/", None),
        ("https://data.norge.no/\udc80", None),
    ],
)
def test_iri_is_written_as_sparql_can_or_given_up(text: str, iri: str | None) -> None:
    assert writable_iri(text) == iri


IRI_LIKE = st.builds(
    "".join,
    st.lists(
        st.one_of(
            st.sampled_from(
                ["http:", "//", "/", "?", "#", "%", "%41", "%é", "[", "]", "@", ":", "::1", "80", "no", ".."]
            ),
            st.characters(),
        ),
        max_size=12,
    ),
)


@settings(max_examples=400)
@given(st.one_of(IRI_LIKE, IRI_LIKE.map("https://data.norge.no/".__add__), st.text()))
@example("http://a/\x00")
def test_writable_iri_is_read_by_sparql_and_stays_as_it_is(text: str) -> None:
    iri = writable_iri(text)
    if iri is None:
        return
    assert IRIREF.fullmatch(iri)
    node = NamedNode(iri)
    assert sparql_reads(node) == node
    assert writable_iri(iri) == iri


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_text_after_a_good_beginning_can_be_written(text: str) -> None:
    assert writable_iri(f"https://data.norge.no/x{text}x") is not None


@pytest.mark.parametrize(
    "codepoint",
    [
        *range(0x100),
        0xD7FF,
        0xE000,
        0xF8FF,
        0xFDCF,
        0xFDD0,
        0xFDEF,
        0xFDF0,
        0xFFEF,
        0xFFF0,
        0xFFFF,
        0x10000,
        0x1FFFD,
        0x1FFFE,
        0xDFFFD,
        0xDFFFE,
        0xE0FFF,
        0xE1000,
        0xEFFFD,
        0xEFFFE,
        0xF0000,
        0x10FFFF,
    ],
)
def test_each_character_is_kept_or_encoded(codepoint: int) -> None:
    char = chr(codepoint)
    iri = writable_iri(f"urn:a{char}b")
    encoded = "urn:a" + "".join(f"%{byte:02X}" for byte in char.encode()) + "b"
    assert iri in {f"urn:a{char}b", encoded}


@given(st.one_of(TYPED, SETTLED))
@settings(max_examples=600)
@example(Literal("24:00:00", datatype=NamedNode(f"{XSD}time")))
@example(Literal("2020-01-01T24:00:00Z", datatype=NamedNode(f"{XSD}dateTime")))
@example(Literal("-0", datatype=NamedNode(f"{XSD}integer")))
def test_canonical_literal_is_what_a_store_gives_back_and_keeps(literal: Literal) -> None:
    canonical = CanonicalLiterals().canonical(literal)
    assert str(canonical) == str(stored(literal))
    assert str(stored(canonical)) == str(canonical)


@given(st.lists(st.one_of(TYPED, SETTLED), max_size=20))
def test_what_is_remembered_is_bounded_and_right(literals: list[Literal]) -> None:
    remembering = CanonicalLiterals(capacity=3)
    for literal in [*literals, *literals]:
        assert remembering.canonical(literal) == stored(literal)
        assert len(remembering._known) <= 3


def literals_in_json_ld(language: str, direction: str = "ltr") -> Literal:
    """A literal whose tag was read leniently, as from a file whose faults are to be repaired."""
    text = f'{{"@id": "urn:s", "urn:p": {{"@value": "x", "@language": "{language}", "@direction": "{direction}"}}}}'
    term = next(parse(input=text, format=RdfFormat.JSON_LD, lenient=True)).object
    assert isinstance(term, Literal)
    return term


@pytest.mark.parametrize(
    ("literal", "canonical"),
    [
        (Literal("x"), Literal("x")),
        (Literal(""), Literal("")),
        (Literal("", language="NB"), Literal("", language="nb")),
        (Literal("x", language="zh-Hant-TW"), Literal("x", language="zh-hant-tw")),
        (literals_in_json_ld("NB"), Literal("x", language="nb", direction=BaseDirection.LTR)),
        (literals_in_json_ld("en_US"), Literal("x", language="en-us", direction=BaseDirection.LTR)),
        (literals_in_json_ld("norsk bokmål"), Literal("x")),
        (literals_in_json_ld(""), Literal("x")),
    ],
)
def test_language_tags_are_lower_case_and_writable(literal: Literal, canonical: Literal) -> None:
    found = CanonicalLiterals().canonical(literal)
    assert found == canonical
    assert sparql_reads(found) == found


@given(st.text(max_size=10))
def test_language_tag_is_one_that_sparql_reads_back(tag: str) -> None:
    written = writable_language_tag(tag)
    if written is not None:
        literal = Literal("x", language=written)
        assert literal.language == written
        assert sparql_reads(literal) == literal


@given(st.one_of(TYPED, st.text().map(Literal)))
def test_text_of_a_term_is_n_triples(literal: Literal) -> None:
    triple = Triple(S, S, Triple(S, S, literal))
    assert [quad.triple for quad in parse(input=f"{triple} .", format=RdfFormat.N_TRIPLES)] == [triple]
