"""The overview: what is ranked, by what, and that its parts are the whole; compared with queries of another engine."""

from dataclasses import replace
from itertools import pairwise

import pytest
from pyoxigraph import QuerySolutions, Store

from kg.build.generations import Home
from kg.namespaces import Names
from kg.trace.facts import Facts
from kg.trace.overview import Overview, overview
from kg.trace.overview_json import Part, part_of
from tests.trace.webs import facts_of, iri, store_of

DEATH = "https://demo.kunnskapsgraf.example/hendelse/dodsfall-og-arv"
NAV = "https://data.norge.no/organizations/889640782"


@pytest.fixture(scope="module")
def facts(demo: Home) -> Facts:
    generation = demo.get_current()
    names = Names(generation.manifest.base_iri)
    return Facts(Store.read_only(str(generation.store)), names.inferred, names)


@pytest.fixture(scope="module")
def whole(facts: Facts) -> Overview:
    return overview(facts)


def test_an_element_has_the_agencies_that_a_query_counts(demo: Home, facts: Facts, whole: Overview) -> None:
    """By concept, over datasets and models; the demo has no house of several agencies, and one exact match."""
    store = Store.read_only(str(demo.get_current().store))
    query = """SELECT ?concept (COUNT(DISTINCT ?agency) AS ?n) WHERE {
        { ?thing kg:inModel/kg:responsibleAgency ?agency }
        UNION { VALUES ?kind { dcat:Dataset modelldcatno:InformationModel }
            ?thing a ?kind ; kg:responsibleAgency ?agency }
        ?thing kg:concept/(skos:exactMatch?) ?concept .
    } GROUP BY ?concept HAVING (COUNT(DISTINCT ?agency) > 1)"""
    solutions = store.query(query, prefixes=facts.names.prefixes(), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    counted = {row["concept"].value: int(row["n"].value) for row in solutions}
    found = {
        concept: len(entry.agencies) for entry in whole.entries if len(entry.agencies) > 1 for concept in entry.concepts
    }
    assert found == counted


def test_entries_are_ranked_by_points_and_each_is_there_once(whole: Overview) -> None:
    points = [entry.points for entry in whole.entries]
    assert points == sorted(points, reverse=True)
    assert len({entry.iri for entry in whole.entries}) == len(whole.entries) > 10


def test_parts_are_the_whole(facts: Facts, whole: Overview) -> None:
    together = []
    for offset in range(0, len(whole.entries) + 3, 3):
        part = part_of(whole, Part(offset=offset, limit=3), facts)
        assert part["total"] == len(whole.entries)
        together += [entry["iri"] for entry in part["entries"]]
    assert together == [entry.iri for entry in whole.entries]


def test_an_agency_and_an_event_restrict_the_entries(facts: Facts, whole: Overview) -> None:
    everything = part_of(whole, Part(limit=500), facts)["entries"]
    of_nav = part_of(whole, Part(agency=NAV, limit=500), facts)["entries"]
    expected = [
        entry
        for entry in everything
        if NAV in entry["agencies"] or any(asking["asker"] == NAV for asking in entry["asked_again"])
    ]
    assert of_nav == expected
    assert 0 < len(of_nav) < len(everything)
    of_death = part_of(whole, Part(event=DEATH, limit=500), facts)["entries"]
    assert of_death == [entry for entry in everything if DEATH in entry["events"]] != []


def test_what_agencies_and_events_come_to_adds_up(facts: Facts, whole: Overview) -> None:
    part = part_of(whole, Part(), facts)
    assert sum(agency["asks_again"] for agency in part["agencies"]) == part["duplicates"] == 6
    assert sum(agency["is_asked_for"] for agency in part["agencies"]) == 6
    assert [(event["iri"], event["services"], event["asks_again"]) for event in part["events"]] == [(DEATH, 6, 5)]


def test_the_reason_says_what_the_points_are_for() -> None:
    turtle = """
        <c> a skos:Concept , kg:CatalogueConcept .
        <a> a dcat:Dataset ; kg:concept <c> ; kg:responsibleAgency <nav> .
        <b> a dcat:Dataset ; kg:concept <c> ; kg:responsibleAgency <skatt> ; fdk:isAuthoritative true .
    """
    without = overview(facts_of(store_of(turtle))).entries
    assert [(entry.iri, entry.points, entry.authority) for entry in without] == [(iri("c"), 2, "known")]
    entries = overview(facts_of(store_of(f"{turtle} <b> kg:servedBy <api> ."))).entries
    assert [entry.points for entry in entries] == [3]
    assert entries[0].reason().nb == "2 virksomheter har det; det finnes et API å spørre"
    unsettled = overview(facts_of(store_of(f"{turtle} <a> fdk:isAuthoritative true ."))).entries
    assert [(entry.points, entry.authority) for entry in unsettled] == [(3, "several")]


def test_agencies_of_one_house_count_once() -> None:
    turtle = """
        <c> a skos:Concept , kg:CatalogueConcept . <nav> org:subOrganizationOf <over> .
        <a> a dcat:Dataset ; kg:concept <c> ; kg:responsibleAgency <nav> .
        <b> a dcat:Dataset ; kg:concept <c> ; kg:responsibleAgency <over> .
    """
    assert overview(facts_of(store_of(turtle))).entries == ()
    apart = turtle.replace("<nav> org:subOrganizationOf <over> .", "")
    assert len(overview(facts_of(store_of(apart))).entries) == 1


def test_too_many_exact_matches_stay_apart() -> None:
    concepts = [f"c{number}" for number in range(60)]
    chain = " ".join(f"<{one}> skos:exactMatch <{other}> ." for one, other in pairwise(concepts))
    held = " ".join(
        f"<d{one}> a dcat:Dataset ; kg:concept <{one}> ; kg:responsibleAgency <{one}o> ." for one in concepts
    )
    assert overview(facts_of(store_of(f"{chain} {held}"))).entries == ()
    few = overview(facts_of(store_of(f"{chain.replace('<c9>', '<x>')} {held}"))).entries
    assert [len(entry.agencies) for entry in few] == [50, 9]


def test_an_empty_graph_has_an_empty_overview() -> None:
    facts = facts_of(store_of(""))
    assert part_of(overview(facts), replace(Part(), limit=5), facts)["total"] == 0
