"""Every kind of finding: it is made where it is to be, not near by, and not without one of its premises."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.trace.findings.registry import FINDINGS, find_all
from kg.trace.web import Finding, FindingKind
from tests.trace.findings.cases import CASES, NEAR_MISSES, Case
from tests.trace.webs import facts_of, iri, store_of, web_of

PREMISES = [(case, place) for case in CASES for place in range(len(case.premises))]


def found_in(turtle: str, start: str) -> list[Finding]:
    store = store_of(turtle)
    web = web_of(store, start)
    findings = list(find_all(web, facts_of(store)))
    for finding in findings:
        assert set(finding.edges) <= set(web.edges), "a finding rests on edges of its web"
    return findings


def of_kind(case: Case, turtle: str) -> list[Finding]:
    return [finding for finding in found_in(turtle, case.start) if finding.kind is case.kind]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_found(case: Case) -> None:
    findings = of_kind(case, case.turtle())
    assert len(findings) == 1, [finding.text.nb for finding in findings]
    assert findings[0].text.nb != findings[0].text.en
    assert findings[0].about


@pytest.mark.parametrize(("case", "place"), PREMISES, ids=lambda part: getattr(part, "name", part))
def test_it_goes_with_any_of_its_premises(case: Case, place: int) -> None:
    whole = {finding.text for finding in of_kind(case, case.turtle())}
    left = {finding.text for finding in of_kind(case, case.turtle(without=place))}
    assert not whole & left


@pytest.mark.parametrize(
    ("case", "less", "more"), [row[1:] for row in NEAR_MISSES], ids=[row[0] for row in NEAR_MISSES]
)
def test_near_misses_are_no_duplicates(case: int, less: str, more: str) -> None:
    turtle = CASES[case].turtle()
    assert of_kind(CASES[case], turtle)
    assert less in turtle
    changed = turtle.replace(less, "a skos:Concept" if less.startswith("skos:") else "") if less else turtle
    assert of_kind(CASES[case], f"{changed}\n{more}") == []


def test_every_kind_has_a_case_and_is_in_the_registry_once() -> None:
    assert {case.kind for case in CASES} == set(FindingKind) == {kind for kind, _ in FINDINGS}
    assert len(FINDINGS) == len(FindingKind)


def test_the_api_to_ask_instead_is_named_and_its_lack_as_well() -> None:
    case = CASES[0]
    without = of_kind(case, case.turtle())[0]
    assert "ikke beskrevet noe API" in without.text.nb
    assert without.details["apis"] == []
    api = '<api> a dcat:DataService ; dct:title "Register-API"@nb . <register> kg:servedBy <api> .'
    having = of_kind(case, f"{case.turtle()}\n{api}")[0]
    assert "Spør API-et Register-API i stedet" in having.text.nb
    assert having.details["apis"] == [iri("api")]


@pytest.mark.parametrize(
    ("more", "authority", "basis"),
    [
        ("", "unknown", None),
        ("<register> fdk:isAuthoritative true .", "known", "provenance"),
        ('<register> dcat:keyword "basisregister"@nb .', "known", "base-register"),
        (
            "<register> kg:legalBasis <loven> ; dct:publisher <skatt> . <loven> kg:establishesRegisterOf <skatt> .",
            "known",
            "law",
        ),
        (
            "<register> kg:legalBasis <loven> ; dct:publisher <skatt> . <loven> kg:establishesRegisterOf <nav> .",
            "unknown",
            None,
        ),
        (
            "<register> fdk:isAuthoritative true . <annet> a dcat:Dataset ; fdk:isAuthoritative true ; "
            "kg:concept <inntekt> ; kg:responsibleAgency <nav> .",
            "several",
            "provenance",
        ),
        (
            "<register> fdk:isAuthoritative true . <annet> a dcat:Dataset ; fdk:isAuthoritative true ; "
            "kg:concept <inntekt> ; kg:responsibleAgency <skatt> .",
            "known",
            "provenance",
        ),
    ],
)
def test_authority_is_told_by_what_it_rests_on(more: str, authority: str, basis: str | None) -> None:
    graph = (
        '<inntekt> a skos:Concept , kg:CatalogueConcept ; skos:prefLabel "inntekt"@nb . '
        "<register> a dcat:Dataset ; kg:concept <inntekt> ; kg:responsibleAgency <skatt> ."
    )
    finding = next(one for one in found_in(f"{graph}\n{more}", "inntekt") if one.kind is FindingKind.AUTHORITY)
    assert finding.details["authority"] == authority
    assert {source["basis"] for source in finding.details["sources"]} == ({basis} if basis else set())


def test_exact_matches_are_one_element_and_no_fork() -> None:
    case = next(case for case in CASES if case.kind is FindingKind.FORK)
    linked = f"{case.turtle()} <inntekt> skos:exactMatch <lonn> . <lonn> skos:exactMatch <inntekt> ."
    assert of_kind(case, linked) == []
    both = f"{linked} <a> a dcat:Dataset ; kg:concept <inntekt> ; kg:responsibleAgency <nav> . "
    both += "<b> a dcat:Dataset ; kg:concept <lonn> ; kg:responsibleAgency <skatt> ."
    shared = [finding for finding in found_in(both, "inntekt") if finding.kind is FindingKind.SHARED]
    assert [len(finding.details["agencies"]) for finding in shared] == [2]


def test_a_close_match_is_a_fork_that_says_so() -> None:
    case = next(case for case in CASES if case.kind is FindingKind.FORK)
    finding = of_kind(case, f"{case.turtle()} <inntekt> skos:closeMatch <lonn> .")[0]
    assert "nesten samme" in finding.text.nb
    assert len(finding.edges) == 1


def test_a_definition_that_differs_in_case_and_space_alone_is_no_fork() -> None:
    case = next(case for case in CASES if case.kind is FindingKind.FORK)
    assert of_kind(case, case.turtle().replace("lønn før skatt", " Det  en tjener. ")) == []


def test_a_broken_reference_with_the_id_of_a_known_concept_says_which_statement_is_meant() -> None:
    case = next(case for case in CASES if case.name == "a reference leads to nothing")
    known = "https://annen.example/5E0C7A4E-6F0E-4D1C-9B57-0D3F6A2C81B4"
    described = f'<{known}> a skos:Concept ; skos:prefLabel "inntekt"@nb .'
    finding = of_kind(case, f"{case.turtle()} {described}")[0]
    assert finding.details["missing"]["object"] == f"<{known}>"
    assert finding.details["missing"]["subject"] == f"<{iri('skjema#inntekt')}>"
    twice = f"{described} <https://tredje.example/5e0c7a4e-6f0e-4d1c-9b57-0d3f6a2c81b4> a skos:Concept ."
    assert of_kind(case, f"{case.turtle()} {twice}")[0].details["missing"]["object"] != f"<{known}>"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind is FindingKind.BROKEN], ids=lambda case: case.name
)
def test_the_missing_statement_mends_the_chain(case: Case) -> None:
    """A variable stands for what the owner alone knows: here for something that is described."""
    broken = of_kind(case, case.turtle())[0]
    told = broken.details["missing"]
    subject, predicate, object_ = (
        f"<{iri('noe')}>" if told[place].startswith("?") else told[place]
        for place in ("subject", "predicate", "object")
    )
    turtle = case.turtle()
    if "instead_of" in broken.details and object_ != f"<{iri('skos:Concept')}>":
        turtle = re.sub(r"<skjema#inntekt> dct:subject <[^>]*> \.", "", turtle)
    # What reasoning adds to the statement.
    if predicate == f"<{iri('modelldcatno:containsModelElement')}>":
        subject, predicate, object_ = object_, f"<{iri('kg:inModel')}>", subject
    follows = f"{subject} kg:responsibleAgency {object_} ." if predicate == f"<{iri('dct:publisher')}>" else ""
    mended = f'{turtle}\n{subject} {predicate} {object_} . {follows} <noe> dct:title "noe"@nb .'
    assert broken.text not in {finding.text for finding in of_kind(case, mended)}


THINGS = ("a", "b", "c", "d", "e", "f")
TYPES = [
    "dcat:Dataset",
    "cpsv:PublicService",
    "skos:Concept",
    "kg:CatalogueConcept",
    "modelldcatno:InformationModel",
    "modelldcatno:Attribute",
    "foaf:Agent",
    "dcat:DataService",
    "cpsvno:RequiredEvidence",
]
PROPERTIES = [
    "kg:responsibleAgency",
    "kg:requiresEvidence",
    "kg:conformsToModel",
    "kg:inModel",
    "kg:concept",
    "kg:servedBy",
    "dct:isPartOf",
    "dct:subject",
    "dct:source",
    "skos:exactMatch",
    "skos:closeMatch",
    "dct:isReplacedBy",
    "dct:requires",
    "kg:givesOutput",
    "org:subOrganizationOf",
    "cv:hasChannel",
    "cpsvno:dataService",
    "cv:hasParticipation",
    "dcat:servesDataset",
]
STATEMENTS = st.one_of(
    st.builds("<{}> a {} .".format, st.sampled_from(THINGS), st.sampled_from(TYPES)),
    st.builds("<{}> {} <{}> .".format, st.sampled_from(THINGS), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)),
    st.builds('<{}> skos:prefLabel "{}"@nb .'.format, st.sampled_from(THINGS), st.sampled_from(("x", "y"))),
    st.builds('<{}> skos:definition "{}"@nb .'.format, st.sampled_from(THINGS), st.sampled_from(("en", "to"))),
    st.builds("<{}> fdk:isAuthoritative true .".format, st.sampled_from(THINGS)),
    st.builds(
        "<{}> dct:provenance <http://data.brreg.no/datakatalog/provinens/bruker> .".format, st.sampled_from(THINGS)
    ),
)


@settings(max_examples=300)
@given(st.lists(STATEMENTS, max_size=40), st.sampled_from(THINGS))
def test_whatever_the_web_findings_rest_on_it_and_agencies_differ(statements: list[str], start: str) -> None:
    turtle = "\n".join(statements)
    findings = found_in(turtle, start)
    assert [finding.to_json() for finding in findings] == [finding.to_json() for finding in found_in(turtle, start)]
    held = {str(quad.triple) for quad in store_of(turtle)}
    for finding in findings:
        if finding.kind is FindingKind.DUPLICATE_COLLECTION:
            assert finding.details["asker"] != finding.details["holder"]
            assert finding.details["triples"]
        if finding.kind is FindingKind.SHARED:
            assert len(set(finding.details["agencies"])) == len(finding.details["agencies"]) > 1
        if finding.kind is FindingKind.BROKEN:
            missing = finding.details["missing"]
            assert f"({missing['subject']}, {missing['predicate']}, {missing['object']})" not in held
        for triple in finding.details.get("triples", ()):
            assert any(all(part in text for part in triple.values()) for text in held)
