"""Normalise: one form per fact, whatever the order and the spelling of the source."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.build.forms.codes import read_code_files, read_codes
from kg.build.normalise import (
    FORMS,
    MAX_PROBLEMS,
    MAX_QUOTING,
    NORMALISATIONS,
    Normalised,
    NormalisePlan,
    normalise,
)
from kg.build.privacy.contacts import MODES
from kg.errors import UsageError
from kg.namespaces import DEFAULT_BASE_IRI, WELL_KNOWN_PREFIXES, XSD, Names
from loaders.protocol import Problem

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
FORMATS = {".ttl": RdfFormat.TURTLE, ".jsonld": RdfFormat.JSON_LD, ".rdf": RdfFormat.RDF_XML}
NAMES = Names(DEFAULT_BASE_IRI)
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in WELL_KNOWN_PREFIXES.items())
LISTS = f"""
PREFIX kg: <{NAMES.ns}> {PREFIXES}
<http://lists.example/licence> a skos:ConceptScheme ; kg:valueOf dct:license .
<http://lists.example/licence/NLOD_1> a skos:Concept ; skos:inScheme <http://lists.example/licence> ;
  skos:notation "NLOD_1" ; kg:variant <http://data.norge.no/nlod/no/1.0> .
<http://lists.example/file-type> a skos:ConceptScheme ; kg:valueOf dct:format .
<http://lists.example/file-type/CSV> a skos:Concept ; skos:inScheme <http://lists.example/file-type> ;
  skos:notation "CSV" ; skos:hiddenLabel "text/csv" .
<http://lists.example/file-type/XML> a skos:Concept ; skos:inScheme <http://lists.example/file-type> ;
  skos:notation "XML" .
<http://lists.example/media> a skos:ConceptScheme ; kg:valueOf dcat:mediaType .
<http://lists.example/media/text/csv> a skos:Concept ; skos:inScheme <http://lists.example/media> ;
  skos:notation "text/csv" .
"""
CODES = read_codes([quad.triple for quad in parse(input=LISTS, format=RdfFormat.TURTLE)], NAMES)
PLAN = NormalisePlan(NAMES, codes=CODES)
S, P = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")


def quads_of(text: str, rdf_format: RdfFormat = RdfFormat.TRIG) -> list[Quad]:
    """Quads as a lenient loader gives them, faults and all."""
    prefixed = f"{PREFIXES} PREFIX : <http://example.org/> {text}" if rdf_format == RdfFormat.TRIG else text
    return list(parse(input=prefixed, format=rdf_format, lenient=True, rename_blank_nodes=True))


def normalised(text: str, rdf_format: RdfFormat = RdfFormat.TRIG) -> Normalised:
    return normalise("source", quads_of(text, rdf_format), PLAN)


def object_of(result: Normalised) -> object:
    (triple,) = result.triples
    return triple.object


# For each rule what comes in, and what goes out.
CASES = {
    "fold-graphs": (":g { :s :p 1 } :h { :s :p 2 } :s :p 3 .", ":s :p 1, 2, 3 ."),
    "encode-iri": (
        r":s :p <http://example.org/a\u0020b>, <http://example.org/%zz> .",
        ":s :p <http://example.org/a%20b>, <http://example.org/%25zz> .",
    ),
    "reject-iri": (":s :p :o . <relative> :p :o . :s <p> :o . :s :p <http://[/>, 'x'^^<nothing> .", ":s :p :o ."),
    "legacy-namespace": (
        ":c <https://rdf-vocabulary.ddialliance.org/xkos/next> <http://psi.norge.no/los/tema/energi> .",
        ":c xkos:next <https://psi.norge.no/los/tema/energi> .",
    ),
    "legacy-term": (
        ":a xsd:minOccurs 1 ; modelldcatno:hasSimpletype :t .",
        ":a modelldcatno:minOccurs 1 ; modelldcatno:hasSimpleType :t .",
    ),
    "repair-language": (":s :p 'a'@toolongforatag, 'b'@nb .", ":s :p 'a', 'b'@nb ."),
    "canonical-literal": (":s :p 05, 1.50, 'true'@NB .", ":s :p 5, 1.5, 'true'@nb ."),
    "limit-quoting": (f":s :p :o . :s :p {'<<( :s :p ' * 20}:o{' )>>' * 20} .", ":s :p :o ."),
    "iri-from-literal": (":o foaf:homepage ' http://difi.no' .", ":o foaf:homepage <http://difi.no> ."),
    "code": (
        ":d dct:license <https://data.norge.no/nlod/no/1.0/> .",
        ":d dct:license <http://lists.example/licence/NLOD_1> .",
    ),
    "date": (":d dct:issued '2014'^^xsd:date .", ":d dct:issued '2014'^^xsd:gYear ."),
    "label": (
        ":c skosxl:prefLabel :l . :l skosxl:literalForm 'virksomhet'@nb .",
        ":c skosxl:prefLabel :l ; skos:prefLabel 'virksomhet'@nb . :l skosxl:literalForm 'virksomhet'@nb .",
    ),
    "withhold-contact": (
        ":d <http://www.w3.org/ns/dcat#contactPoint> :c . :c <http://www.w3.org/2006/vcard/ns#given-name> 'Kari' .",
        ":d <http://www.w3.org/ns/dcat#contactPoint> :c . :c a <http://www.w3.org/2006/vcard/ns#Kind> .",
    ),
    "withhold-email": (":s :p :o ; <http://xmlns.com/foaf/0.1/mbox> <mailto:kari.nordmann@etat.no> .", ":s :p :o ."),
    "distinct": (":s :p 5, 05 . :g { :s :p 5 }", ":s :p 5 ."),
    "name-blank-node": (
        ":s :p [] .",
        f":s :p <{DEFAULT_BASE_IRI}.well-known/genid/6ee787a51e103e4a0a1fb0ce7a61e600> .",
    ),
}


def test_each_rule_has_a_case_and_is_documented() -> None:
    assert [rule.name for rule in NORMALISATIONS] == list(CASES)
    for rule in NORMALISATIONS:
        assert rule.does
        assert rule.required_by


@pytest.mark.parametrize("rule", CASES)
def test_rule_does_what_it_says_and_is_counted(rule: str) -> None:
    before, after = CASES[rule]
    result = normalised(before)
    assert sorted(map(str, result.triples)) == sorted(str(quad.triple) for quad in quads_of(after))
    assert result.counts[rule] > 0


@pytest.mark.parametrize("rule", CASES)
def test_rule_has_nothing_to_do_a_second_time(rule: str) -> None:
    once = normalised(CASES[rule][0])
    twice = normalise("source", [Quad(*triple) for triple in once.triples], PLAN)
    assert twice.triples == once.triples
    assert not twice.problems
    assert not any(twice.counts.values())


def test_counts_name_every_rule_even_if_unused() -> None:
    result = normalised(":s :p :o .")
    assert dict(result.counts) == dict.fromkeys(CASES, 0)
    assert result.source_id == "source"
    assert result.problems == []


def test_terms_in_triple_terms_are_brought_into_form() -> None:
    result = normalised(r":r :p <<( <http://example.org/a\u0020b> :p <<( _:b :p 05 )>> )>> . _:b :p 1 .")
    texts = sorted(map(str, result.triples))
    assert len(texts) == 2
    quoted = next(triple.object for triple in result.triples if isinstance(triple.object, Triple))
    assert str(quoted.subject) == "<http://example.org/a%20b>"
    inner = quoted.object
    assert isinstance(inner, Triple)
    assert str(inner.object) == f'"5"^^<{XSD}integer>'
    assert inner.subject in {triple.subject for triple in result.triples}


def test_statement_that_quotes_what_cannot_be_written_is_left_out() -> None:
    result = normalised(":r :p <<( :s :p <relative> )>>, :o .")
    assert object_of(result) == NamedNode("http://example.org/o")
    assert [problem.severity for problem in result.problems] == ["error"]


def test_quoting_up_to_the_limit_stays() -> None:
    assert len(normalised(f":s :p {'<<( :s :p ' * MAX_QUOTING}:o{' )>>' * MAX_QUOTING} .").triples) == 1
    assert len(normalised(f":s :p {'<<( :s :p ' * (MAX_QUOTING + 1)}:o{' )>>' * (MAX_QUOTING + 1)} .").triples) == 0


@pytest.mark.parametrize(
    ("language", "literal", "warnings"),
    [
        ("NB", Literal("x", language="nb"), 0),
        ("en_US", Literal("x", language="en-us"), 0),
        ("", Literal("x"), 0),
        ("norsk bokmål", Literal("x"), 1),
    ],
)
def test_language_tag_is_repaired_or_dropped(language: str, literal: Literal, warnings: int) -> None:
    value = {"@id": S.value, P.value: {"@value": "x", "@language": language}}
    result = normalised(json.dumps(value), RdfFormat.JSON_LD)
    assert object_of(result) == literal
    assert [problem.severity for problem in result.problems] == ["warning"] * warnings


def test_problem_says_what_how_often_and_how_bad() -> None:
    result = normalised(
        r":s :p <a>, <http://example.org/\u0020>, 'x'@toolongforatag . :t :p <http://example.org/\u0020> ."
    )
    assert result.problems == [
        Problem(
            "source",
            "<http://example.org/ > has characters that no IRI may have; they were percent-encoded (2 times)",
            "percent-encode it at the source",
            "warning",
        ),
        Problem(
            "source",
            "<a> is no absolute IRI, and what it stands in was left out",
            "write it in full, with its scheme (https:)",
            "error",
        ),
        Problem(
            "source", "toolongforatag is no language tag and was dropped", "write a tag such as nb, nn or en", "warning"
        ),
    ]


def test_problems_of_a_rule_are_capped_and_the_rest_counted() -> None:
    lines = [f"<http://example.org/s> <http://example.org/p> <r{number:03}> ." for number in range(MAX_PROBLEMS + 7)]
    random.Random(0).shuffle(lines)
    result = normalised("\n".join(lines))
    assert len(result.problems) == MAX_PROBLEMS + 1
    assert result.problems[0].what.startswith("<r000>")
    assert result.problems[-1].what.startswith("and 7 more")
    assert result.counts["reject-iri"] == MAX_PROBLEMS + 7


def test_problem_is_short_on_one_line_and_names_no_person() -> None:
    long = "x" * 500
    result = normalised(
        rf":s :p <mailto:kari\u0020nordmann@etat.no>, <http://example.org/\u000A{long}>, <a\u0007>, <kari@a> ."
    )
    assert "kari" not in repr(result.problems)
    for problem in result.problems:
        assert len(problem.what) < 350
        assert problem.what.isprintable()


def test_withheld_people_make_one_warning() -> None:
    people = " ".join(
        f":d{i} <http://www.w3.org/ns/dcat#contactPoint> [ <http://www.w3.org/2006/vcard/ns#fn> 'Kari Nordmann' ] ."
        for i in range(3)
    )
    (problem,) = normalised(people).problems
    assert problem.what == "3 personal contact points were withheld"
    assert problem.severity == "warning"
    assert not normalise("source", quads_of(people), NormalisePlan(PLAN.names, "none")).problems
    assert len(normalise("source", quads_of(people), NormalisePlan(PLAN.names, "all")).triples) == 6


def test_names_do_not_depend_on_what_is_withheld() -> None:
    contact = ":d <http://www.w3.org/ns/dcat#contactPoint> [ <http://www.w3.org/2006/vcard/ns#fn> '{}' ] ."
    assert normalised(contact.format("Kari Nordmann")).triples == normalised(contact.format("Ola Nordmann")).triples


def test_names_that_may_change_are_a_warning() -> None:
    ring = " ".join(f"_:b{i} :p _:b{(i + 1) % 2000} ." for i in range(2000))
    (problem,) = normalised(ring).problems
    assert problem.what.startswith("2000 blank nodes are so alike")
    assert problem.severity == "warning"


def test_unknown_way_to_treat_contact_points_is_refused() -> None:
    with pytest.raises(UsageError):
        normalise("source", [], NormalisePlan(PLAN.names, "some"))


IRIS = st.sampled_from(
    [
        "http://example.org/a",
        "http://example.org/a b",
        "http://example.org/a%20b",
        "rel",
        "http://[",
        "urn:%",
        "mailto:kari@etat.no",
        "http://www.w3.org/ns/dcat#contactPoint",
        "http://www.w3.org/2006/vcard/ns#fn",
        "http://xmlns.com/foaf/0.1/mbox",
        "http://xmlns.com/foaf/0.1/homepage",
        "https://schema.org/startDate",
        "http://difi.no/skosno#betydningsbeskrivelse",
        "http://difi.no/dcatno#contactPoint",
        "http://www.w3.org/TR/vcard-rdf/given-name",
        "http://data.norge.no/nlod/no/1.0",
        "http://lists.example/licence/none",
        "http://purl.org/dc/title",
        *(f"{WELL_KNOWN_PREFIXES['dct']}{name}" for name in ("license", "format", "issued", "source", "title")),
        *(f"{WELL_KNOWN_PREFIXES['skosxl']}{name}" for name in ("prefLabel", "literalForm")),
        f"{WELL_KNOWN_PREFIXES['skos']}prefLabel",
        f"{WELL_KNOWN_PREFIXES['rdfs']}label",
        f"{WELL_KNOWN_PREFIXES['dcat']}mediaType",
    ]
)
CLASSES = st.sampled_from([f"{WELL_KNOWN_PREFIXES['skos']}Concept", f"{WELL_KNOWN_PREFIXES['dct']}PeriodOfTime"])
LEXICAL = st.sampled_from(
    [
        *("05", "5", "1.50", "x", "Kari Nordmann", "2020-01-01T24:00:00Z", "true", "1", ""),
        *("2014", "31.12.2018", "2018-02-30", "2020-01", "http://difi.no ", "http://data.norge.no/nlod/no/1.0"),
        *("CSV", "text/csv", "CSV XML", "xml, csv, x", "mailto:post@etat.no", "mailto:kari.nordmann@etat.no"),
    ]
)
LANGUAGES = st.sampled_from(["NB", "nb", "en_US", "q", "", "norsk bokmål"])


@st.composite
def lenient_quads(draw: st.DrawFn) -> list[Quad]:
    """Quads with faults of all kinds, as a lenient parser lets them through."""
    node = st.one_of(IRIS.map(lambda iri: {"@id": iri}), st.integers(0, 4).map(lambda number: {"@id": f"_:b{number}"}))
    value = st.one_of(
        st.builds(lambda text, tag: {"@value": text, "@language": tag}, LEXICAL, LANGUAGES),
        st.builds(
            lambda text, datatype: {"@value": text, "@type": datatype},
            LEXICAL,
            st.sampled_from(
                [
                    *(f"{XSD}{name}" for name in ("integer", "decimal", "dateTime", "date", "boolean", "anyURI")),
                    "http://example.org/a b",
                ]
            ),
        ),
        LEXICAL.map(lambda text: {"@value": text}),
    )
    statements = draw(st.lists(st.builds(lambda s, p, o: {**s, p: o}, node, IRIS, st.one_of(node, value)), max_size=12))
    types = draw(st.lists(st.builds(lambda s, c: {**s, "@type": c}, node, CLASSES), max_size=3))
    return quads_of(json.dumps(statements + types), RdfFormat.JSON_LD)


@given(lenient_quads(), st.sampled_from(MODES))
def test_what_comes_out_is_distinct_canonical_writable_and_without_blank_nodes(quads: list[Quad], mode: str) -> None:
    result = normalise("source", quads, NormalisePlan(PLAN.names, mode, CODES))
    assert len(set(result.triples)) == len(result.triples)
    store = Store()
    store.extend(Quad(*triple) for triple in result.triples)
    assert {str(quad.triple) for quad in store} == set(map(str, result.triples))
    for triple in result.triples:
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)
        assert store.query(f"ASK {{ {triple} }}")


@given(lenient_quads(), st.sampled_from(MODES), st.integers())
def test_order_of_quads_changes_neither_triples_nor_report(quads: list[Quad], mode: str, seed: int) -> None:
    plan = NormalisePlan(PLAN.names, mode, CODES)
    left, right = (
        normalise("source", given_quads, plan) for given_quads in (quads, random.Random(seed).sample(quads, len(quads)))
    )
    assert set(left.triples) == set(right.triples)
    assert (left.problems, left.counts) == (right.problems, right.counts)


@given(lenient_quads(), st.sampled_from(MODES))
@settings(max_examples=60)
def test_normalising_again_changes_nothing(quads: list[Quad], mode: str) -> None:
    plan = NormalisePlan(PLAN.names, mode, CODES)
    once = normalise("source", quads, plan)
    twice = normalise("source", [Quad(*triple) for triple in once.triples], plan)
    assert set(twice.triples) == set(once.triples)


REAL = [
    "datasets/space-in-uri.jsonld",
    "datasets/gdoc-2016-12-12.ttl",
    "concepts/data.brreg.no_begrep.ttl",
    "infomodels/modelldcatno-ontology.ttl",
    "reference/eu-access-right-skos-ap-act.rdf",
]


@pytest.mark.parametrize("name", REAL)
def test_real_files_keep_their_triples_and_names(name: str) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")

    def read() -> list[Quad]:
        rdf_format = FORMATS[path.suffix]
        return list(
            parse(
                path=str(path), format=rdf_format, base_iri="http://example.org/", lenient=True, rename_blank_nodes=True
            )
        )

    result = normalise("source", read(), PLAN)
    other = read()
    random.Random(1).shuffle(other)
    assert set(normalise("source", other, PLAN).triples) == set(result.triples)
    assert not any(problem.severity == "error" for problem in result.problems)
    without_forms = normalise("source", read(), NormalisePlan(PLAN.names, forms=False))
    lost = len({quad.triple for quad in read()}) - len(without_forms.triples)
    gone = ("withhold-email", "distinct", "canonical-literal")
    assert 0 <= lost <= sum(without_forms.counts[rule] for rule in gone)
    assert not any(without_forms.counts[rule.name] for rule in FORMS)


FILES = sorted(path for path in DATA.rglob("*") if path.suffix in FORMATS and path.stat().st_size < 2_000_000)


@pytest.mark.skipif(not FILES, reason="the real catalogue files are not beside this checkout")
def test_normalising_real_files_again_changes_nothing() -> None:
    codes = read_codes(read_code_files(DEFAULT_BASE_IRI), NAMES)
    plan = NormalisePlan(NAMES, codes=codes)
    seen = 0
    for path in FILES:
        try:
            base = f"{DEFAULT_BASE_IRI}source/x/"
            quads = list(parse(path=str(path), format=FORMATS[path.suffix], base_iri=base, lenient=True))
        except SyntaxError:  # what a loader repairs or reports
            continue
        once = normalise("source", quads, plan)
        twice = normalise("source", [Quad(*triple) for triple in once.triples], plan)
        assert set(twice.triples) == set(once.triples), path
        assert not any(twice.counts.values()), path
        seen += 1
    assert seen > 100
