"""Advice on queries that run: terms that nothing uses and are like ones that are used, and columns without values."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.namespaces import DCAT, DCT, SKOS, WELL_KNOWN_PREFIXES
from kg.sparql.advice import MAX_ADVICE, Glossary, find_advice
from kg.sparql.naming import RDF_TYPE
from kg.statistics import GraphStatistics, PropertyUse
from tests.sparql.rewrites.questions import Questions

USE = PropertyUse(3, 3, 3)
STATISTICS = GraphStatistics(
    triples=9,
    subjects=9,
    objects=9,
    properties=dict.fromkeys((f"{DCT}title", f"{DCT}publisher", f"{DCAT}theme", f"{SKOS}prefLabel", RDF_TYPE), USE),
    classes={f"{DCAT}Dataset": 3, f"{SKOS}Concept": 3},
    class_properties={},
)
GLOSSARY = Glossary(STATISTICS)


def told(query: str, *, thorough: bool = False) -> list[tuple[str, str, str]]:
    found = find_advice(query, WELL_KNOWN_PREFIXES, GLOSSARY, thorough=thorough)
    return [(advice.kind, advice.found, advice.meant) for advice in found]


@pytest.mark.parametrize(
    ("query", "kind", "found", "meant"),
    [
        ("SELECT * { ?s dct:titel ?t }", "property", f"{DCT}titel", f"{DCT}title"),
        ("SELECT * { ?s dct:Title ?t }", "property", f"{DCT}Title", f"{DCT}title"),
        ("SELECT * { ?s dct:publisher/dct:titel ?t }", "property", f"{DCT}titel", f"{DCT}title"),
        ("SELECT * { ?s dcat:title ?t }", "property", f"{DCAT}title", f"{DCT}title"),
        (f"SELECT * {{ ?s <{DCT}titles> ?t }}", "property", f"{DCT}titles", f"{DCT}title"),
        (f"PREFIX d: <{DCT}> ASK {{ ?s d:publishr ?t }}", "property", f"{DCT}publishr", f"{DCT}publisher"),
        ("SELECT * { ?s a dcat:DataSet }", "class", f"{DCAT}DataSet", f"{DCAT}Dataset"),
        ("ASK { ?s dct:title ?t OPTIONAL { ?s a dcat:Datset } }", "class", f"{DCAT}Datset", f"{DCAT}Dataset"),
    ],
)  # fmt: skip
def test_a_misspelt_term_is_told_with_the_one_that_is_meant(query: str, kind: str, found: str, meant: str) -> None:
    assert told(query) == [(kind, found, meant)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s dct:title ?t ; a dcat:Dataset }",
        "SELECT * { ?s <http://elsewhere/ns#wholly> ?t }",
        "SELECT * { ?s dct:somethingElse ?t }",
        "SELECT * { ?s ?p dct:titel }",
        "SELECT * { GRAPH ?g { ?s dct:titel ?t } }",
        "SELECT * FROM <http://x/g> { ?s dct:titel ?t }",
        "SELECT * { SERVICE <http://x/> { ?s dct:titel ?t } }",
        "CONSTRUCT { ?s dct:titel ?t } WHERE { ?s dct:title ?t }",
        "SELECT * { ?s unknown:titel ?t }",
        "SELECT * { ?s dct:titel }",
        "",
    ],
)
def test_what_is_used_unlike_any_or_not_sought_here_gets_no_advice(query: str) -> None:
    assert told(query) == []


def test_advice_names_the_term_as_the_query_would_write_it_and_where() -> None:
    (advice,) = find_advice("ASK {\n ?s dct:titel ?t }", WELL_KNOWN_PREFIXES, GLOSSARY, thorough=False)
    assert advice.en == "no triple uses dct:titel; did you mean dct:title?"
    assert advice.nb == "Ingen trippel bruker dct:titel; mente du dct:title?"
    assert (advice.line, advice.column) == (2, 5)


def test_a_column_that_nothing_binds_is_told_to_those_who_ask() -> None:
    query = "SELECT ?title ?titel { ?s dct:title ?title }"
    assert told(query) == []
    assert told(query, thorough=True) == [("variable", "?titel", "?title")]
    for bound in (
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
        "SELECT ?x { } VALUES ?x { 1 }",
        "SELECT (1 AS ?x) ?y { BIND(2 AS ?y) }",
        "SELECT ?y { ?s ?p ?o } GROUP BY (STR(?s) AS ?y)",
    ):
        assert told(bound, thorough=True) == []


def test_without_statistics_only_the_query_itself_is_looked_at() -> None:
    assert find_advice("SELECT ?x { ?s dct:titel ?t }", WELL_KNOWN_PREFIXES, None, thorough=False) == []
    (advice,) = find_advice("SELECT ?x { ?s dct:titel ?t }", WELL_KNOWN_PREFIXES, None, thorough=True)
    assert advice.kind == "variable"


def test_advice_is_bounded() -> None:
    many = " ; ".join(f"dct:title{letter} ?{letter}" for letter in "abcdefghijklmnopqrst")
    assert len(told(f"ASK {{ ?s {many} }}")) == MAX_ADVICE
    assert told(f"ASK {{ ?s dct:titel ?t }} # {'x' * 20_000}") == []


@given(st.integers(0, 10**9), st.booleans(), st.text(max_size=5), st.integers(0, 300))
def test_whatever_the_text_nothing_is_raised(seed: int, thorough: bool, inserted: str, place: int) -> None:
    query = Questions(random.Random(seed)).query()
    query = query[:place] + inserted + query[place:]
    assert len(find_advice(query, {"e": DCT}, GLOSSARY, thorough=thorough)) <= MAX_ADVICE
