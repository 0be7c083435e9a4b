"""The walk: what it follows and what it leaves, its order, and its pages."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from kg.namespaces import RDF
from kg.trace.answer import page
from kg.trace.graph import Graph, Known
from kg.trace.path import Shape
from kg.trace.paths import PATHS
from kg.trace.tracing import Request, Trace, Untraceable, trace
from kg.trace.triples import Ground
from kg.trace.walk import HANDFUL
from kg.trace.web import Evidence, NodeKind
from tests.trace.test_steps import CLASSES, INFERRED, NAMES, expand, node, trig

X = "https://x.example/"


def traced(graph: Graph, *starts: str, **asked: Any) -> Trace:
    return trace(graph, Request(starts[0], tuple(f"{X}{start}" for start in starts), **asked))


def names(found: Trace) -> set[str]:
    return {each.iri.rpartition("/")[2] for each in found.web.nodes}


def test_a_close_match_is_shown_with_its_users_but_never_chained() -> None:
    graph = trig(
        """
        :a a kg:CatalogueConcept ; skos:closeMatch :b . :b a kg:CatalogueConcept ; skos:closeMatch :c ;
            skos:exactMatch :d . :c a kg:CatalogueConcept . :d a kg:CatalogueConcept .
        :data a dcat:Dataset ; dct:subject :b . :far a dcat:Dataset ; dct:subject :c .
        """
    )
    assert names(traced(graph, "a")) == {"a", "b", "data"}


def test_exact_matches_and_replacements_are_followed_as_far_as_they_go() -> None:
    graph = trig(
        """
        :a a kg:CatalogueConcept ; skos:exactMatch :b . :c a kg:CatalogueConcept ; skos:exactMatch :b .
        :b a kg:CatalogueConcept . :old a kg:CatalogueConcept ; dct:isReplacedBy :a .
        :data a dcat:Dataset ; dct:subject :c . :former a dcat:Dataset ; dct:subject :old .
        """
    )
    assert names(traced(graph, "a")) == {"a", "b", "c", "old", "data", "former"}


def test_a_trace_does_not_turn_back_to_what_a_dataset_or_a_subject_field_has_besides() -> None:
    graph = trig(
        """
        :a a kg:CatalogueConcept ; dct:subject :field . :field a kg:SubjectField .
        :b a kg:CatalogueConcept ; dct:subject :field .
        :data a dcat:Dataset ; dct:subject :a, :b ; dct:publisher :one ;
            dcat:theme <http://publications.europa.eu/resource/authority/data-theme/SOCI> .
        :other a dcat:Dataset ; dct:subject :b ; dct:publisher :one .
        :one a org:Organization .
        """
    )
    assert names(traced(graph, "a")) == {"a", "data", "one"}
    assert names(traced(graph, "data")) >= {"a", "b", "other"}  # of the dataset itself its concepts are traced
    assert names(traced(graph, "one")) == {"one", "data", "other"}


def test_a_data_service_of_a_dataset_does_not_lead_to_the_others_that_it_serves() -> None:
    graph = trig(
        """
        :a a kg:CatalogueConcept . :data a dcat:Dataset ; dct:subject :a . :other a dcat:Dataset .
        :api a dcat:DataService ; dcat:servesDataset :data, :other .
        """
    )
    assert names(traced(graph, "a")) == {"a", "data", "api"}
    assert names(traced(graph, "api")) == {"a", "data", "api", "other"}


CHAIN = """
    :e a m:Attribute ; dct:subject :c . :o a m:ObjectType ; m:hasProperty :e .
    :m a m:InformationModel ; m:containsModelElement :o ; dct:publisher :one .
    :c a kg:CatalogueConcept . :f a m:Attribute ; dct:subject :c . :p a m:ObjectType ; m:hasProperty :f .
    :n a m:InformationModel ; m:containsModelElement :p ; dct:publisher :two .
    :d a dcat:Dataset ; dct:conformsTo :n ; dct:publisher :two ; dcatap:applicableLegislation :l .
    :api a dcat:DataService ; dcat:servesDataset :d ; dct:publisher :two . :l a eli:LegalResource .
    :ev a cpsvno:RequiredEvidence ; dct:isPartOf :d .
    :s a cpsv:PublicService ; cpsvno:hasRequiredEvidence :ev ; cv:hasCompetentAuthority :one .
    :one a org:Organization ; foaf:name "En"@nb . :two a org:Organization ; foaf:name "To"@nb .
"""


def test_the_whole_chain_is_walked_from_an_element_to_who_asks_for_it_again() -> None:
    found = traced(trig(CHAIN), "e")
    assert names(found) == {"e", "c", "f", "m", "n", "d", "api", "l", "ev", "s", "one", "two", "o"}
    assert found.web.agencies == {f"{X}one": "En", f"{X}two": "To"}
    whose = {each.iri.rpartition("/")[2]: each.agency.rpartition("/")[2] for each in found.web.nodes}
    assert (whose["e"], whose["f"], whose["ev"], whose["l"]) == ("one", "two", "one", "")
    assert {edge.path for edge in found.web.edges} >= {"P1", "P2", "P3", "P5", "P7", "P8", "P8c", "P9", "P9c", "P16"}


def test_depth_limits_the_steps_but_for_whose_a_thing_is() -> None:
    graph = trig(CHAIN)
    assert names(traced(graph, "c", depth=1)) == {"c", "e", "f"}
    assert names(traced(graph, "c", depth=2)) == {"c", "e", "f", "m", "n", "one", "two"}


def test_paths_and_evidence_choose_what_is_followed() -> None:
    graph = trig(CHAIN)
    assert names(traced(graph, "c", paths=("P1",))) == {"c", "e", "f"}
    assert {edge.path for edge in traced(graph, "c", paths=("P1", "P2")).web.edges} == {"P1", "P2"}
    assert names(traced(graph, "c", evidence=("inferred",))) == {"c"}


def test_one_agency_is_kept_with_what_leads_to_it() -> None:
    found = traced(trig(CHAIN), "e", agencies=(f"{X}two",))
    kept = names(found)
    assert {"e", "f", "n", "d", "api", "two"} <= kept
    assert "m" not in kept
    assert all(edge.source.rpartition("/")[2] in kept for edge in found.web.edges)


def test_of_an_inverse_that_follows_only_what_was_said_is_told() -> None:
    graph = trig(":a a kg:CatalogueConcept ; skos:related :b . :b a kg:CatalogueConcept .")
    store = Store()
    for number in (0, 1):
        store.add(Quad(node(number), NamedNode(f"{RDF}type"), expand("kg:CatalogueConcept")))
    store.add(Quad(node(1), expand("skos:related"), node(0)))
    store.add(Quad(node(0), expand("skos:related"), node(1), INFERRED))
    found = trace(Graph(Known(Ground(store, NAMES.inferred), NAMES)), Request("0", (node(0).value,)))
    assert [(edge.source, edge.evidence) for edge in found.web.edges] == [(node(1).value, Evidence.ASSERTED)]
    assert [edge.path for edge in traced(graph, "b").web.edges] == ["P4e"]


def test_what_a_word_names_at_two_agencies_is_suggested_unless_it_is_linked() -> None:
    text = """
        :c a kg:CatalogueConcept ; skos:prefLabel "fødselsnummer"@nb ; dct:publisher :one .
        :m a m:InformationModel ; dct:publisher :two ; m:containsModelElement :o .
        :o a m:ObjectType ; m:hasProperty :f . :f a m:Attribute ; dct:title "Foedselsnummer"@nb {} .
        :one a org:Organization . :two a org:Organization .
    """
    suggested = traced(trig(text.replace("{}", "")), "f", "c", word=True).web.edges
    (edge,) = (each for each in suggested if each.path == "P21")
    assert (edge.source, edge.target, edge.evidence) == (f"{X}c", f"{X}f", Evidence.SUGGESTED)
    assert edge.reason is not None
    assert edge.reason.nb == "begge heter «fødselsnummer»"
    linked = traced(trig(text.replace("{}", "; dct:subject :c")), "f", "c", word=True).web.edges
    assert {each.path for each in linked} == {"P1", "P2", "P2b", "P8"}


@pytest.mark.parametrize("start", ["nobody", "catalogue"])
def test_no_trace_begins_at_what_is_unknown_or_of_no_kind_for_it(start: str) -> None:
    graph = trig(":catalogue a dcat:Catalog ; dct:title 'x' .")
    with pytest.raises(Untraceable) as caught:
        traced(graph, start)
    assert caught.value.unknown == (start == "nobody")


def crowd(users: int) -> Graph:
    """A concept that very many datasets have, each with a publisher and an API."""
    lines = [":c a kg:CatalogueConcept . :m a m:InformationModel ; dct:subject :c ; dct:publisher :a0 ."]
    lines += (
        f":d{number} a dcat:Dataset ; dct:subject :c ; dct:publisher :a{number % 7} ."
        f" :s{number} a dcat:DataService ; dcat:servesDataset :d{number} . :a{number % 7} a org:Organization ."
        for number in range(users)
    )
    return trig("\n".join(lines))


def pages(graph: Graph, start: str, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The nodes and edges of all pages, each node once."""
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, Any]] = []
    offset: int | None = 0
    while offset is not None:
        request = Request(start, (f"{X}{start}",), limit=limit, offset=offset)
        found, offset = page(trace(graph, request), request)
        nodes |= {each["iri"]: each for each in found["nodes"]}
        edges += found["edges"]
    return list(nodes.values()), edges


def test_a_popular_concept_is_counted_and_paged_and_does_not_hide_the_rest() -> None:
    graph, users = crowd(400), 400
    first = traced(graph, "c")
    assert first.hubs == ({"iri": f"{X}c", "path": "P6", "direction": "in", "total": users},)
    assert len(first.web.nodes) < first.nodes_total
    assert not first.whole
    # The handful, their publishers and their data services come before the other datasets.
    assert [each.kind for each in first.web.nodes].index(NodeKind.DATA_SERVICE) < HANDFUL + 20
    nodes, edges = pages(graph, "c", 90)
    assert len(nodes) == 2 + 2 * users + 7
    assert len(edges) == len({json.dumps(edge, sort_keys=True) for edge in edges}) == 2 + 3 * users


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Store, int]:
    """Nodes of all kinds with random links of all paths between them."""
    properties = sorted(
        {
            each
            for path in PATHS
            if path.shape is Shape.HOPS
            for form in path.forms
            for hop in form.hops
            for each in hop.properties
        },
        key=str,
    )
    classes = draw(st.lists(st.sampled_from(sorted(CLASSES)), min_size=4, max_size=14))
    numbers = st.integers(0, len(classes) - 1)
    triples = draw(st.lists(st.tuples(numbers, st.sampled_from(properties), numbers, st.booleans()), max_size=80))
    store = Store()
    for number, kind in enumerate(classes):
        store.add(Quad(node(number), NamedNode(f"{RDF}type"), expand(CLASSES[kind])))
    for subject, predicate, object_, asserted in triples:
        store.add(Quad(node(subject), predicate, node(object_), *([] if asserted else [INFERRED])))
    return store, len(classes)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(made=graphs(), limit=st.integers(1, 5), depth=st.integers(1, 8))
def test_pages_together_are_the_web_and_every_walk_gives_it_again(
    made: tuple[Store, int], limit: int, depth: int
) -> None:
    store, count = made
    ground = Ground(store, NAMES.inferred)
    for number in range(0, count, 3):
        iri = node(number).value
        whole = Request(iri, (iri,), limit=500, depth=depth)
        if Graph(Known(ground, NAMES)).kind_of(node(number)) is None:
            continue
        one, other = (page(trace(Graph(Known(ground, NAMES)), whole), whole)[0] for _ in range(2))
        assert one == other
        edges: list[Any] = []
        nodes: set[str] = set()
        offset: int | None = 0
        while offset is not None:
            request = Request(iri, (iri,), limit=limit, offset=offset, depth=depth)
            found, offset = page(trace(Graph(Known(ground, NAMES)), request), request)
            edges += found["edges"]
            nodes |= {each["iri"] for each in found["nodes"]}
            assert {edge[end] for edge in found["edges"] for end in ("from", "to")} <= {
                each["iri"] for each in found["nodes"]
            }
        assert nodes == {each["iri"] for each in one["nodes"]}
        assert _sorted(edges) == _sorted(one["edges"])
        assert one["nodes"][0]["iri"] == iri


def _sorted(edges: Sequence[Any]) -> list[str]:
    return sorted(json.dumps(edge, sort_keys=True) for edge in edges)
