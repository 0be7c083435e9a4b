"""Forms of the same fact: what real sources write, and what the graph says instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.build.forms.codes import read_code_files, read_codes
from kg.build.normalise import FORMS, NORMALISATIONS, Normalised, NormalisePlan, normalise
from kg.namespaces import DEFAULT_BASE_IRI, WELL_KNOWN_PREFIXES, XSD, Names

NAMES = Names(DEFAULT_BASE_IRI)
CODES = read_codes(read_code_files(DEFAULT_BASE_IRI), NAMES)
PLAN = NormalisePlan(NAMES, codes=CODES)
AUTHORITY = "http://publications.europa.eu/resource/authority/"
BASE = f"{DEFAULT_BASE_IRI}source/x/"
PREFIXES = "".join(
    f"PREFIX {prefix}: <{iri}> "
    for prefix, iri in {
        **WELL_KNOWN_PREFIXES,
        "": "http://example.org/",
        "difi": "http://difi.no/dcatno#",
    }.items()
)


def triples_of(text: str) -> list[Triple]:
    quads = parse(input=PREFIXES + text, format=RdfFormat.TURTLE, base_iri=BASE, lenient=True, rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def normalised(text: str, plan: NormalisePlan = PLAN) -> Normalised:
    return normalise("source", [Quad(*triple) for triple in triples_of(text)], plan)


def written(triples: list[Triple]) -> list[str]:
    return sorted(map(str, triples))


# What a real source wrote, and what is meant.
PAIRS = {
    # Namespaces and terms
    "all names of an IRI are of today": (
        "<https://schema.org/a> <https://schema.org/url> 'x'^^<https://www.w3.org/2001/XMLSchema#token> .",
        "schema:a schema:url 'x'^^xsd:token .",
    ),
    "a dataset's information model": (
        ":d difi:informationModel :m . :m a dct:Standard .",
        ":d dct:conformsTo :m . :m a dct:Standard .",
    ),
    "dates of a period": (
        ":d dct:temporal :p . :p schema:startDate '2014'^^xsd:date ; schema:endDate '2015-12-31'^^xsd:date .",
        ":d dct:temporal :p . :p dcat:startDate '2014'^^xsd:gYear ; dcat:endDate '2015-12-31'^^xsd:date .",
    ),
    "dates of a period by its class": (
        ":p a dct:PeriodOfTime ; <https://schema.org/startDate> '2014-01-01'^^xsd:date .",
        ":p a dct:PeriodOfTime ; dcat:startDate '2014-01-01'^^xsd:date .",
    ),
    "dates of an event stay": (
        ":e a schema:Event ; schema:startDate '2014-01-01'^^xsd:date .",
        ":e a schema:Event ; schema:startDate '2014-01-01'^^xsd:date .",
    ),
    "input and output of services stay as their version has them": (
        ":s cpsv:hasInput :e ; cpsv:produces :o .",
        ":s cpsv:hasInput :e ; cpsv:produces :o .",
    ),
    # IRIs
    "homepage as text": (":o foaf:homepage 'http://kud.dep.no' .", ":o foaf:homepage <http://kud.dep.no> ."),
    "web address of a contact": (
        ":c vcard:hasURL 'https://www.ks.no'^^xsd:anyURI .",
        ":c vcard:hasURL <https://www.ks.no> .",
    ),
    "concept of a model element": (
        ":e modelldcatno:subject 'http://begrepskatalogen/begrep/46f4d714'^^xsd:anyURI .",
        ":e dct:subject <http://begrepskatalogen/begrep/46f4d714> .",
    ),
    "mailbox": (
        ":c vcard:hasEmail 'mailto:post@example.invalid'^^xsd:anyURI .",
        ":c vcard:hasEmail <mailto:post@example.invalid> .",
    ),
    "an IRI that is text by its profile stays text": (
        ":m modelldcatno:informationModelIdentifier 'urn:ske:v2'^^xsd:anyURI ; dct:identifier 'https://a.no/1' ;"
        " modelldcatno:typeDefinitionReference 'http://www.w3.org/2001/XMLSchema#date'^^xsd:anyURI .",
        ":m modelldcatno:informationModelIdentifier 'urn:ske:v2'^^xsd:anyURI ; dct:identifier 'https://a.no/1' ;"
        " modelldcatno:typeDefinitionReference 'http://www.w3.org/2001/XMLSchema#date'^^xsd:anyURI .",
    ),
    "text in a language, or with more than an IRI, stays text": (
        ":c dct:subject 'Avtalerett'@nb, 'http://a.no'@nb ; dct:source 'No data found', 'see https://a.no/1' .",
        ":c dct:subject 'Avtalerett'@nb, 'http://a.no'@nb ; dct:source 'No data found', 'see https://a.no/1' .",
    ),
    # Codes
    "access rights in words": (":d dct:accessRights 'public' .", ":d dct:accessRights <eu>access-right/PUBLIC> ."),
    "frequency": (":d dct:accrualPeriodicity 'Annually' .", ":d dct:accrualPeriodicity <eu>frequency/ANNUAL> ."),
    "frequency as a relative IRI": (
        ":d dct:accrualPeriodicity <annual> .",
        ":d dct:accrualPeriodicity <eu>frequency/ANNUAL> .",
    ),
    "language": (":d dct:language 'no' .", ":d dct:language <eu>language/NOR> ."),
    "licence under another scheme": (
        ":d dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .",
        ":d dct:license <eu>licence/CC0> .",
    ),
    "licence as text": (
        ":d dct:license ' http://creativecommons.org/licenses/by/4.0/ ' .",
        ":d dct:license <eu>licence/CC_BY_4_0> .",
    ),
    "licence behind a node": (
        ":d dct:license :l . :l a dct:LicenseDocument ; dct:source 'https://data.norge.no/nlod/no/1.0' .",
        ":d dct:license <eu>licence/NLOD_1_0> ."
        " :l a dct:LicenseDocument ; dct:source <https://data.norge.no/nlod/no/1.0> .",
    ),
    "format as media type": (
        ":d dct:format 'text/csv' .",
        ":d dct:format <eu>file-type/CSV> ; dcat:mediaType <iana>text/csv> .",
    ),
    "format as a relative IRI": (
        ":d dct:format <text/csv> .",
        ":d dct:format <eu>file-type/CSV> ; dcat:mediaType <iana>text/csv> .",
    ),
    "several formats in one text": (
        ":d dct:format 'application/xml, application/json' .",
        ":d dct:format <eu>file-type/XML>, <eu>file-type/JSON> ;"
        " dcat:mediaType <iana>application/xml>, <iana>application/json> .",
    ),
    "formats as words": (":d dct:format 'CSV JSON' .", ":d dct:format <eu>file-type/CSV>, <eu>file-type/JSON> ."),
    "formats of which one is unknown stay": (":d dct:format 'CSV WS' .", ":d dct:format 'CSV WS' ."),
    "codes that our lists do not hold stay": (
        ":d dct:format <eu>file-type/XYZ> ; dcat:theme <https://psi.norge.no/los/ord/skatt> .",
        ":d dct:format <eu>file-type/XYZ> ; dcat:theme <https://psi.norge.no/los/ord/skatt> .",
    ),
    # Dates
    "year as a date": (
        ":d dct:issued '2014'^^xsd:date, 2015 .",
        ":d dct:issued '2014'^^xsd:gYear, '2015'^^xsd:gYear .",
    ),
    "date as text": (
        ":o dct:issued '2021-01-20' ; dct:modified '31.12.2018', '2019-04-02T00:00:00' .",
        ":o dct:issued '2021-01-20'^^xsd:date ;"
        " dct:modified '2018-12-31'^^xsd:date, '2019-04-02T00:00:00'^^xsd:dateTime .",
    ),
    "date as a time": (":d dct:created '2018-03-01'^^xsd:dateTime .", ":d dct:created '2018-03-01'^^xsd:date ."),
    "a range in words stays where it may be": (":d dct:valid '2010/2015' .", ":d dct:valid '2010/2015' ."),
    "the same text elsewhere stays": (":d dct:title '2014' .", ":d dct:title '2014' ."),
    # Labels
    "Norwegian without saying which stays": (":d dct:title 'Skatt'@no .", ":d dct:title 'Skatt'@no ."),
    "labels that are nodes": (
        ":c skosxl:altLabel :a ; skosxl:hiddenLabel :h . :a skosxl:literalForm 'a'@nb . :h skosxl:literalForm 'h' .",
        ":c skosxl:altLabel :a ; skosxl:hiddenLabel :h ; skos:altLabel 'a'@nb ; skos:hiddenLabel 'h' ."
        " :a skosxl:literalForm 'a'@nb . :h skosxl:literalForm 'h' .",
    ),
    "definition of Difi's draft": (
        ":c <http://difi.no/skosno#betydningsbeskrivelse> :d . :d rdfs:label 'noe'@nb ; skos:scopeNote 'x'@nb .",
        ":c skosno:betydningsbeskrivelse :d ; skos:definition 'noe'@nb ."
        " :d rdfs:label 'noe'@nb ; skos:scopeNote 'x'@nb .",
    ),
    "definition of version 1": (
        ":c skosno:definisjon :d . :d rdfs:label 'noe'@nb .",
        ":c skosno:definisjon :d ; skos:definition 'noe'@nb . :d rdfs:label 'noe'@nb .",
    ),
    "definition of version 2": (
        ":c euvoc:xlDefinition :d . :d rdf:value 'noe'@nb, 'noko'@nn ; dct:source :s .",
        ":c euvoc:xlDefinition :d ; skos:definition 'noe'@nb, 'noko'@nn ."
        " :d rdf:value 'noe'@nb, 'noko'@nn ; dct:source :s .",
    ),
    "concept with a title only": (
        ":c a skos:Concept ; <http://purl.org/dc/title> 'Antall barn'@nb .",
        ":c a skos:Concept ; dct:title 'Antall barn'@nb ; skos:prefLabel 'Antall barn'@nb .",
    ),
    "concept with a label of its own keeps its title apart": (
        ":c a skos:Concept ; skos:prefLabel 'a'@nb ; dct:title 'b'@nb . :d a skos:Concept ; skosxl:prefLabel [] .",
        ":c a skos:Concept ; skos:prefLabel 'a'@nb ; dct:title 'b'@nb . :d a skos:Concept ; skosxl:prefLabel [] .",
    ),
    "of two titles in a language none is preferred": (
        ":c a skos:Concept ; dct:title 'a'@nb, 'b'@nb, 'c'@en .",
        ":c a skos:Concept ; dct:title 'a'@nb, 'b'@nb, 'c'@en ; skos:prefLabel 'c'@en .",
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_what_a_source_wrote_is_in_form(case: str) -> None:
    before, after = (
        text.replace("<eu>", f"<{AUTHORITY}").replace("<iana>", "<https://www.iana.org/assignments/media-types/")
        for text in PAIRS[case]
    )
    found = normalised(before)
    as_meant = normalise("source", [Quad(*triple) for triple in triples_of(after)], NormalisePlan(NAMES, forms=False))
    assert written(found.triples) == written(as_meant.triples)
    again = normalise("source", [Quad(*triple) for triple in found.triples], PLAN)
    assert written(again.triples) == written(found.triples)
    assert not any(again.counts[rule.name] for rule in FORMS)


@pytest.mark.parametrize("case", PAIRS)
def test_axioms_are_taken_as_they_are_written(case: str) -> None:
    result = normalised(
        PAIRS[case][0].replace("<eu>", "<urn:").replace("<iana>", "<urn:"), NormalisePlan(NAMES, forms=False)
    )
    assert not any(result.counts[rule.name] for rule in FORMS)


def test_what_cannot_be_mapped_is_reported_with_the_list_to_take_it_from() -> None:
    result = normalised(
        ":a dct:format 'WS' . :b dct:format 'WS' . :a dct:license <http://lovdata.no/1> ; dct:issued 'i fjor' ;"
        f" foaf:homepage 'ndla.no' ; dct:language <{AUTHORITY}language/XXX> ; dct:accrualPeriodicity [ dct:title 'x' ]."
    )
    assert [(problem.what, problem.hint, problem.severity) for problem in result.problems] == [
        (
            'foaf:homepage "ndla.no" is text where an IRI belongs, and stays',
            "write the IRI in full, with its scheme (https:)",
            "warning",
        ),
        (
            'dct:format "WS" is no code that is known, and stays (2 times)',
            f"use an IRI of {AUTHORITY}file-type",
            "warning",
        ),
        (
            'dct:license "http://lovdata.no/1" is no code that is known, and stays',
            f"use an IRI of {AUTHORITY}licence",
            "warning",
        ),
        ('dct:issued "i fjor" is no date, and stays', 'write a date such as "2026-01-31"^^xsd:date', "warning"),
    ]
    assert len(result.triples) == 8


def test_reported_values_name_no_person() -> None:
    result = normalised(
        ":a dct:format 'spør kari.nordmann@etat.no' ; foaf:homepage 'mailto:kari' ; dct:issued '@kari' ."
    )
    assert len(result.problems) == 3
    assert "kari" not in repr(result.problems)


def test_statements_about_a_statement_follow_it() -> None:
    result = normalised(":r rdf:reifies <<( :d dct:issued '2014'^^xsd:date )>> . :d dct:issued '2014'^^xsd:date .")
    stated = next(triple for triple in result.triples if not isinstance(triple.object, Triple))
    assert any(triple.object == stated for triple in result.triples)


def test_form_is_found_although_the_property_is_spoken_of_too() -> None:
    """An ontology beside the data, in either order, does not hide the properties from the rules."""
    speaking = "dct:issued a rdf:Property . skosxl:prefLabel a rdf:Property . skos:Concept a rdfs:Class . "
    data = (
        ":d dct:issued '2014' . :c a skos:Concept ; skosxl:prefLabel [ skosxl:literalForm 'x' ] ."
        " :e a skos:Concept ; dct:title 't' ."
    )
    for text in (speaking + data, data + speaking):
        counts = normalised(text).counts
        assert (counts["date"], counts["label"]) == (1, 2)


LINKS = ["dcat:contactPoint", "adms:contactPoint", "cv:hasContactPoint", "cv:contactPoint", "difi:contactPoint"]
VOCABULARIES = {
    "http://www.w3.org/TR/vcard-rdf/": ("fn", "hasEmail"),
    "https://www.w3.org/TR/vcard-rdf/": ("fn", "hasEmail"),
    "https://www.w3.org/2006/vcard/ns#": ("fn", "hasEmail"),
    "https://schema.org/": ("name", "email"),
    "https://xmlns.com/foaf/0.1/": ("name", "mbox"),
}


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize(
    "email", ["'kari.nordmann@etat.no'", "'mailto:kari.nordmann@etat.no'", "<mailto:kari.nordmann@etat.no>"]
)
def test_personal_contact_is_withheld_under_every_legacy_name(link: str, vocabulary: str, email: str) -> None:
    name, mailbox = VOCABULARIES[vocabulary]
    contact = f":d {link} [ <{vocabulary}{name}> 'Kari Nordmann' ; <{vocabulary}{mailbox}> {email} ] ."
    result = normalised(contact)
    assert result.counts["withhold-contact"] == 1
    assert "kari" not in repr(result).casefold()


def test_person_labelled_by_a_node_is_withheld_with_the_plain_label() -> None:
    result = normalised(":d dcat:contactPoint :c . :c skosxl:prefLabel [ skosxl:literalForm 'Kari Nordmann' ] .")
    assert "skos/core#prefLabel" not in repr(result.triples)


@pytest.mark.parametrize("address", ["post@etat.no", "kari.nordmann@etat.no", "etaten.nordmann@etat.no"])
def test_mailbox_is_withheld_alike_as_text_and_as_iri(address: str) -> None:
    contact = ":d dcat:contactPoint :c . :c a vcard:Organization ; vcard:fn 'Etaten' ; vcard:hasEmail {} ."
    as_text = normalised(contact.format(f"'mailto:{address}'"))
    as_iri = normalised(contact.format(f"<mailto:{address}>"))
    assert as_text.triples == as_iri.triples
    assert as_text.problems == as_iri.problems


def test_rules_for_forms_come_before_what_is_withheld_and_named() -> None:
    names = [rule.name for rule in NORMALISATIONS]
    last = max(names.index(rule.name) for rule in FORMS)
    assert last < names.index("withhold-contact") < names.index("name-blank-node")


VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["text/csv,text/csv", "CSV;XML", "http://[", "http://a b", "mailto:@", "urn:x:y", "%"]),
)


@given(VALUES, st.sampled_from(["dct:format", "dct:license", "foaf:homepage", "vcard:hasEmail", "dct:issued"]))
def test_no_value_breaks_the_rules_or_comes_to_rest_later_than_at_once(text: str, property_: str) -> None:
    prefix, _, name = property_.partition(":")
    predicate = NamedNode(WELL_KNOWN_PREFIXES[prefix] + name)
    for literal in (Literal(text), Literal(text, datatype=NamedNode(f"{XSD}anyURI")), Literal(text, language="nb")):
        once = normalise("source", [Quad(NamedNode("urn:s"), predicate, literal)], NormalisePlan(NAMES, "all", CODES))
        assert once.triples
        twice = normalise("source", [Quad(*triple) for triple in once.triples], NormalisePlan(NAMES, "all", CODES))
        assert set(twice.triples) == set(once.triples)
