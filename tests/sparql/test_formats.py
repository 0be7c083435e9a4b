"""The formats of answers: the table, and what is chosen for which header, parameter and form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from kg.errors import NotAcceptable, ParameterError
from kg.sparql.formats import ANSWERS, FORMATS, Format, formats_of, negotiate

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
QUERIES = {
    "select": "SELECT * { ?s ?p ?o }",
    "ask": "ASK { ?s ?p ?o }",
    "construct": "CONSTRUCT WHERE { ?s ?p ?o }",
    "describe": "DESCRIBE <http://example.org/a>",
}


@pytest.mark.parametrize("form", ANSWERS)
def test_the_engine_writes_every_format_of_every_form(form: str) -> None:
    store = Store()
    node = NamedNode("http://example.org/a")
    store.add(Quad(node, node, node))
    for row in formats_of(form):
        results = store.query(QUERIES[form])
        if isinstance(results, QueryTriples):
            engine_format = getattr(RdfFormat, row.engine_name)
            assert row.form == "graph"
            written = results.serialize(format=engine_format)
        else:
            assert isinstance(results, QuerySolutions | QueryBoolean)
            engine_results_format = getattr(QueryResultsFormat, row.engine_name)
            assert row.form == "results"
            written = results.serialize(format=engine_results_format)
            engine_format = engine_results_format
        assert written
        assert engine_format.media_type.partition(";")[0] == row.media_types[0]


def test_names_suffixes_and_media_types_mean_one_format_each_within_a_form() -> None:
    for form in ANSWERS:
        given_names = [name for row in formats_of(form) for name in {row.name, *row.suffixes, *row.media_types}]
        assert len(given_names) == len(set(given_names))
    assert len({row.name for row in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("accept", "form", "name"),
    [
        (None, "select", "json"),
        ("", "ask", "json"),
        ("*/*", "select", "json"),
        ("*/*", "construct", "turtle"),
        (None, "describe", "turtle"),
        ("application/json", "select", "json"),
        ("application/json", "construct", "jsonld"),
        ("application/xml", "select", "xml"),
        ("text/xml", "construct", "rdfxml"),
        ("text/plain", "construct", "ntriples"),
        ("TEXT/CSV", "select", "csv"),
        ("text/*", "select", "csv"),
        ("text/*", "construct", "turtle"),
        ("application/*", "construct", "ntriples"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9", "select", "xml"),
        ("text/csv, application/sparql-results+xml", "select", "xml"),
        ("text/turtle;q=0.5, application/ld+json", "construct", "jsonld"),
        ("text/csv;q=0, text/*", "select", "tsv"),
        ("*/*, application/sparql-results+json;q=0", "select", "xml"),
        ("*/*;q=0.1, text/*;q=0.2, text/csv;q=0.05", "select", "tsv"),
        ("application/json;q=0.2, */*;q=0.5", "select", "xml"),
        ("application/sparql-results+json;q=0.2, application/json;q=0.9, text/csv;q=0.5", "select", "json"),
        ("text/html, */*;q=0.1", "select", "json"),
        (BROWSER, "select", "xml"),
        ("text/turtle; charset=utf-8", "construct", "turtle"),
        ('text/turtle; profile="a,b;q=0"; q=0.3, application/n-triples;q=0.2', "construct", "turtle"),
        ("text/turtle;Q=0.3 , application/n-triples ; q=0.4", "construct", "ntriples"),
        ("text/csv;q=2, text/tab-separated-values;q=0.1", "select", "tsv"),
        ("text/csv;q=x, text/tab-separated-values", "select", "tsv"),
        ("text/csv;q=-1, ,;, text, /, a/, */csv, text/tab-separated-values", "select", "tsv"),
        ("nonsense", "select", "json"),
        ("text/csv;q=1.000, application/json;q=0.999", "select", "csv"),
        ('"text/csv, application/json', "select", "json"),
        ("text/csv," + "text/html," * 10_000 + "application/sparql-results+json", "select", "csv"),
    ],
)
def test_the_header_decides_without_a_parameter(accept: str | None, form: str, name: str) -> None:
    assert negotiate(accept, None, form).name == name


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("image/png", "select"),
        ("text/turtle", "select"),
        ("text/csv", "construct"),
        ("text/html", "construct"),
        ("*/*;q=0", "ask"),
        ("application/sparql-results+json;q=0", "select"),
        ("text/plain", "select"),
        ("image/*, text/html;q=0.5", "describe"),
    ],
)
def test_nothing_acceptable_names_what_is_possible(accept: str, form: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, None, form)
    for row in formats_of(form):
        assert f"{row.media_types[0]} (format={row.name})" in caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "form", "name"),
    [
        ("csv", "select", "csv"),
        ("JSON", "ask", "json"),
        ("srx", "select", "xml"),
        ("ttl", "construct", "turtle"),
        ("nt", "describe", "ntriples"),
        ("application/sparql-results+json", "select", "json"),
        ("application/sparql-results json", "select", "json"),
        ("text/turtle", "construct", "turtle"),
        ("tsv,text/tab-separated-values", "select", "tsv"),
        ("json-ld,application/ld+json,application/x-json+ld", "construct", "jsonld"),
        ("rdf xml,application/rdf+xml", "construct", "rdfxml"),
        ("xml", "describe", "rdfxml"),
        ("json", "construct", "jsonld"),
        ("n3", "construct", "turtle"),
    ],
)
def test_the_parameter_wins_over_the_header(wanted: str, form: str, name: str) -> None:
    assert negotiate("image/png", wanted, form).name == name


@pytest.mark.parametrize(
    ("wanted", "form", "known"),
    [
        ("xlsx", "select", False),
        ("", "select", False),
        ("turtle", "ask", True),
        ("csv", "construct", True),
        ("x" * 9999, "ask", False),
    ],
)
def test_a_format_that_does_not_fit_is_a_fault_of_the_parameter(wanted: str, form: str, known: bool) -> None:
    with pytest.raises(ParameterError) as caught:
        negotiate(None, wanted, form)
    assert caught.value.parameter == "format"
    assert not caught.value.unknown
    assert ("no answer in" in caught.value.what) == known
    assert len(str(caught.value)) < 300
    assert [row.name for row in formats_of(form)] == caught.value.hint.removeprefix("one of ").split(", ")


@pytest.mark.parametrize("wanted", ["csv,json", "csv,", "csv,turtle", ",", "json,xlsx"])
def test_several_names_have_to_be_of_one_format(wanted: str) -> None:
    with pytest.raises(ParameterError) as caught:
        negotiate(None, wanted, "select")
    assert caught.value.parameter == "format"


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["text/csv", "*/*", "text/*", ";", "q=0.5", ";q=0", ",", '"', "\\", " ", "a/b"])).map(
        "".join
    ),
    st.sampled_from(sorted(ANSWERS)),
)
def test_any_header_gives_a_fitting_format_or_none(accept: str, form: str) -> None:
    try:
        chosen = negotiate(accept, None, form)
    except NotAcceptable:
        return
    assert ANSWERS[form] in chosen.answers


@given(st.permutations([f"{row.media_types[0]};q={10 - place}e-1" for place, row in enumerate(FORMATS)]))
def test_malformed_qualities_leave_the_default(parts: list[str]) -> None:
    assert negotiate(",".join(parts), None, "select") == FORMATS[0]


@given(st.permutations(range(4)))
def test_the_highest_quality_wins_in_any_order(order: list[int]) -> None:
    rows = formats_of("construct")
    header = ", ".join(f"{rows[place].media_types[0]};q=0.{place + 1}" for place in order)
    assert negotiate(header, None, "construct") == rows[3]


def test_the_content_type_is_the_type_that_is_sent() -> None:
    assert Format("a", ("x/a", "x/b"), (), frozenset(("graph",)), "A").content_type == "x/a"
    assert negotiate("text/csv", None, "select").content_type == "text/csv; charset=utf-8"
