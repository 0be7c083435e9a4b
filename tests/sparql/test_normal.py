"""The normal form of queries: what has one form has one answer, and what is asked otherwise has another form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store

from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.sparql.normal import fingerprint, normal_form
from kg.sparql.tokens import tokens
from tests.sparql.engine import CORPUS, ENDPOINT

PREFIXES = {**Names(DEFAULT_BASE_IRI).prefixes(), "ex": f"{ENDPOINT}e/", "": ENDPOINT}
CHANGING = ("SERVICE", "NOW", "RAND", "UUID", "BNODE", "_:", "[", "<<", "{|")
OWN_FORM = "\0\0\0"
STEADY = tuple(
    query
    for query in CORPUS
    if not any(word in query.upper() for word in CHANGING) and not normal_form(query).startswith(OWN_FORM)
)
GAPS = ("", " ", "  ", "\n", "\t\r\n", "# a comment\n", " #'\"<>{}()\n ", "#\r", "\n\n#>\n")
WORDS = """?a ?b ?c < > <= <?b#> <?b'> <?b&&?c> = != -1 1 1. .5 - + 'x' '' ex:a ex:a.b ex:a.b. : ex: true trueFILTER
FILTER BIND AS IN ( ) ( ) { } , ; . @nb ^^ xsd:string && || ! # #x a | * / ^ \\u0041 '\\u0041' <x\\u003E> LIMIT10 LIMIT
10 STR NOT () ? $d OPTIONAL UNION"""
PIECES = (
    *WORDS.split(),
    "'a  b'",
    '"""a\n# b"""',
    "( )",
)


@pytest.fixture(scope="module")
def store() -> Store:
    """A few triples."""
    store = Store()
    nodes = [NamedNode(f"{ENDPOINT}{name}") for name in ("x", "e/a", "e/p")]
    for subject in nodes:
        for value in (Literal(5), Literal("x"), Literal("A", language="nb"), nodes[1]):
            store.add(Quad(subject, nodes[2], value))
    return store


def answer(store: Store, query: str) -> object:
    """What the engine makes of a text: its rows or triples, or that it refuses it."""
    try:
        results = store.query(query, prefixes=PREFIXES)
        if isinstance(results, QueryBoolean):
            return bool(results)
        if isinstance(results, QueryTriples):
            return sorted((results.serialize(format=RdfFormat.N_TRIPLES) or b"").splitlines())
        return sorted((results.serialize(format=QueryResultsFormat.TSV) or b"").splitlines())
    except (SyntaxError, RuntimeError, ValueError):
        return "refused"


def with_gaps(pieces: list[str], gaps: list[str]) -> str:
    return "".join(gap + piece for gap, piece in zip(gaps, pieces, strict=False))


@given(data=st.data())
def test_white_space_and_comments_change_neither_form_nor_answer(store: Store, data: st.DataObject) -> None:
    query = data.draw(st.sampled_from(STEADY))
    places = list(tokens(query))
    changed, end = "", 0
    for place in places:
        if place.start > end:  # where there is white space already there may be more of it, or less
            changed += data.draw(st.sampled_from(GAPS[1:]))
        changed += query[place.start : place.end]
        end = place.end
    assert normal_form(changed) == normal_form(query)
    assert fingerprint(changed) == fingerprint(query)
    assert answer(store, changed) == answer(store, query)


@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=9), data=st.data())
def test_texts_of_one_form_have_one_answer_however_the_engine_reads_them(
    store: Store, pieces: list[str], data: st.DataObject
) -> None:
    gaps = st.lists(st.sampled_from(GAPS), min_size=len(pieces) + 1, max_size=len(pieces) + 1)
    head, tail = data.draw(
        st.sampled_from((("SELECT * {?a ?b ?c FILTER(", ")}"), ("SELECT * {?a ?b ?c ", "}"), ("ASK{?a ?b ?c}", "")))
    )
    one, other = (f"{head}{with_gaps(pieces, data.draw(gaps))}{data.draw(st.sampled_from(GAPS))}{tail}" for _ in "12")
    if normal_form(one) == normal_form(other):
        assert answer(store, one) == answer(store, other), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ASK{?s ?p ?o}", "  ASK {\n?s ?p ?o } # comment at the end"),
        ("SELECT *{?s ?p ?o;?q ?r}", "SELECT * { ?s ?p ?o ; ?q ?r }\n#"),
        ("ASK { ?s ?p ?o }", "ASK # first\n#second\r\n { ?s\t?p ?o }"),
        ("SELECT (COUNT(*) AS ?n) {}", "SELECT ( COUNT( * )AS ?n ){ }"),
    ],
)
def test_what_differs_in_white_space_and_comments_alone_has_one_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('ASK { ?s ?p "a  b" }', 'ASK { ?s ?p "a b" }'),
        ('ASK { ?s ?p """a\nb""" }', 'ASK { ?s ?p """a\n\nb""" }'),
        ('ASK { ?s ?p "a#b" }', 'ASK { ?s ?p "a#c" }'),
        ("ASK { ?s ?p <x:a#b> }", "ASK { ?s ?p <x:a#c> }"),
        ("ASK { ?s ?p <x:a#b> }", "ASK { ?s ?p <x:a> }"),
        ("ASK { ?s ?p 1 }", "ASK { ?s ?p 01 }"),
        ("ASK { ?s a ?o }", "ASK { ?s A ?o }"),
        ("select * {?s ?p ?o}", "SELECT * {?s ?p ?o}"),
        ("ASK { ex:ab ?p ?o }", "ASK { ex:a b ?p ?o }"),
        ("ASK { ?s ?p ?o } # }\n", "ASK { ?s ?p ?o } # }\n }"),
        ("SELECT * {?s ?p 1 FILTER(?a<?b#>)\n)}", "SELECT * {?s ?p 1 FILTER(?a<?b#>) )}"),
        ("ASK { ?s ?p '\\u0041' }", "ASK { ?s ?p 'A' }"),
        ("ASK { ?s ?p 'x }", "ASK { ?s ?p 'x  }"),
    ],
)
def test_what_is_asked_otherwise_has_another_form(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)
    assert fingerprint(one) != fingerprint(other)


@given(st.text())
def test_any_text_has_a_form(text: str) -> None:
    assert fingerprint(text) == fingerprint(text)
    assert normal_form(text).count("\0") >= text.count("\0")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * {VALUES ?x {+ 10}}", "SELECT * {VALUES ?x {+\n10}}"),
        ('SELECT (CONCAT("a") AS ?x) {}', 'SELECT (CONCAT ("a") AS ?x) {}'),
    ],
)
def test_spaces_that_the_engine_reads_are_kept(store: Store, one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)
    assert answer(store, one) != answer(store, other), "the engine has changed: this need not be told apart any more"
