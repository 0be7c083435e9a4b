"""Before a link is accepted: what it would entail is what a generation with it infers, and what it contradicts."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.explain.explaining import Explainer
from kg.explain.held import Budget
from kg.explain.proof import Statement
from kg.linking.candidate import Relation
from kg.linking.consequences import Trial
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import Decisions
from kg.linking.graph import link_triples
from kg.namespaces import MODELLDCATNO, WELL_KNOWN_PREFIXES
from kg.reason.axioms import is_axiom
from kg.reason.own_rules import own_rules
from kg.reviewing import with_rejections
from tests.reason.graphs import NAMES, Graph, follows, reasoned

ALL = {**WELL_KNOWN_PREFIXES, "kg": NAMES.ns, "x": "https://x.example/", "m": MODELLDCATNO}
PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        **WELL_KNOWN_PREFIXES,
        "kg": NAMES.ns,
        "x": "https://x.example/",
        "m": WELL_KNOWN_PREFIXES["modelldcatno"],
    }.items()
)
ONTOLOGY = """
m:ObjectType rdfs:subClassOf m:ModelElement . m:CodeList rdfs:subClassOf m:ModelElement .
m:RootObjectType rdfs:subClassOf m:ModelElement . m:Attribute rdfs:subClassOf m:Property .
[] a owl:AllDisjointClasses ; owl:members ( m:CodeList m:ObjectType m:RootObjectType ) .
skos:exactMatch a owl:SymmetricProperty , owl:TransitiveProperty ; owl:propertyDisjointWith skos:broadMatch .
skos:broadMatch owl:inverseOf skos:narrowMatch .
"""
DATA = """
x:Person a m:ObjectType . x:Individ a m:RootObjectType . x:Ting a m:ObjectType . x:Kode a m:CodeList .
x:navn a m:Attribute . x:c a kg:CatalogueConcept . x:navn kg:inModel x:modell .
x:p a x:Person .
x:c1 skos:exactMatch x:c2 . x:d1 skos:exactMatch x:d2 . x:c2 skos:broadMatch x:d2 .
"""


def triples(text: str) -> list[Statement]:
    quads = parse(PREFIXES + text, RdfFormat.TURTLE)
    return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]


def graph_of(axioms: str = "", data: str = DATA) -> Graph:
    return reasoned(triples(ONTOLOGY + axioms), triples(data), own_rules(NAMES))


def attempt(graph: Graph, left: str, relation: Relation, right: str) -> dict[str, Any]:
    store: Store = graph.store()
    trial = Trial(store, NAMES, NAMES.inferred, Explainer(store, NAMES, NAMES.inferred))
    ends = (f"https://x.example/{name}" for name in (left, right))
    return trial.attempt(next(ends), relation, next(ends), Budget(500_000, time.monotonic() + 20))


def kinds(found: dict[str, Any]) -> list[str]:
    return [each["kind"] for each in found["contradictions"]]


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize(
    ("left", "right"), [("Person", "Individ"), ("navn", "c"), ("c", "navn"), ("c1", "c"), ("p", "c2")]
)
def test_what_a_link_would_entail_is_what_reasoning_with_it_adds(left: str, right: str, relation: Relation) -> None:
    graph = graph_of()
    found = attempt(graph, left, relation, right)
    decision = Decision(
        f"https://x.example/{left}",
        f"https://x.example/{right}",
        Verdict.ACCEPT,
        relation,
        "",
        "?",
        "2000-01-01T00:00:00Z",
    )
    link = [(str(t.subject), str(t.predicate), str(t.object)) for t in link_triples([decision], NAMES)]
    after = follows([*graph.trusted, *link], graph.others, graph.strata)
    told = {
        (each["triple"]["subject"], each["triple"]["predicate"], each["triple"]["object"]) for each in found["entails"]
    }
    assert found["complete"]
    assert told == {each for each in after - graph.inferred if "/link/" not in each[0]}
    assert found["total"] == len(told)


def test_a_link_between_elements_makes_their_members_one_class_and_says_by_which_rule() -> None:
    found = attempt(graph_of(), "Person", Relation.BROAD, "Individ")
    rules = {
        each["triple"]["predicate"].rpartition("#")[2]: each["rule"].rpartition("#")[2] for each in found["entails"]
    }
    assert rules["subClassOf>"] == "linked-element-broader"
    assert {
        "subject": "<https://x.example/p>",
        "predicate": "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
        "object": "<https://x.example/Individ>",
    } in [each["triple"] for each in found["entails"]]
    assert kinds(found) == []


@pytest.mark.parametrize(
    "axiom",
    [
        "x:Person owl:disjointWith x:Ting .",
        "x:Ting owl:disjointWith x:Person .",
        "x:Ting owl:complementOf x:Person .",
        "[] a owl:AllDisjointClasses ; owl:members ( x:A x:Ting x:Person ) .",
        "x:Person rdfs:subClassOf x:Levende . x:Ting owl:disjointWith x:Levende .",
    ],
)
@pytest.mark.parametrize("relation", [Relation.EXACT, Relation.BROAD, Relation.NARROW])
def test_a_link_that_makes_a_class_empty_is_told_with_its_proof(axiom: str, relation: Relation) -> None:
    data = DATA.replace("x:p a x:Person .", "")
    found = attempt(graph_of(axiom, data), "Person", relation, "Ting")
    assert "empty-class" in kinds(found)
    contradiction = next(each for each in found["contradictions"] if each["kind"] == "empty-class")
    leaves = list(leaves_of(contradiction["premises"]))
    assert {leaf["status"] for leaf in leaves} <= {"supposed", "asserted", "inferred"}
    assert any(leaf["status"] == "supposed" for leaf in leaves), "the link itself is among the grounds"
    assert contradiction["text"].keys() == {"nb", "en"}


def leaves_of(proofs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for proof in proofs:
        if proof["premises"]:
            yield from leaves_of(proof["premises"])
        else:
            yield proof


def test_a_link_that_puts_a_thing_into_two_disjoint_classes_contradicts_by_the_rule_of_owl() -> None:
    found = attempt(graph_of("x:Person owl:disjointWith x:Ting ."), "Person", Relation.BROAD, "Ting")
    assert "cax-dw" in [each["rule"] for each in found["contradictions"]]


def test_things_of_kinds_that_exclude_each_other_or_declared_different_are_not_equated_in_silence() -> None:
    assert kinds(attempt(graph_of(), "Person", Relation.EXACT, "Kode")) == ["different"]
    assert kinds(attempt(graph_of(), "Kode", Relation.EXACT, "Person")) == ["different"]
    assert kinds(attempt(graph_of(), "Person", Relation.EXACT, "Individ")) == [], "a root is one in its own model only"
    assert kinds(attempt(graph_of(), "Person", Relation.CLOSE, "Kode")) == []
    assert kinds(attempt(graph_of("x:Ting owl:differentFrom x:Person ."), "Person", Relation.EXACT, "Ting")) == [
        "different"
    ]


def test_a_link_that_chains_two_clusters_is_told_with_a_pair_nobody_has_looked_at() -> None:
    found = attempt(graph_of(), "c1", Relation.EXACT, "d1")
    assert [each["size"] for each in found["clusters"]] == [2, 2]
    assert set(kinds(found)) == {"chain", "contradiction"}, "c2 has a broader match that it would match exactly"
    chain = next(each for each in found["contradictions"] if each["kind"] == "chain")
    (proof,) = chain["premises"]
    assert proof["triple"]["subject"] == "<https://x.example/c2>"
    assert proof["triple"]["object"] == "<https://x.example/d2>"
    assert kinds(attempt(graph_of(), "c", Relation.EXACT, "d1")) == []
    assert kinds(attempt(graph_of(), "c1", Relation.EXACT, "c2")) == []


def test_a_pair_that_somebody_rejected_is_named_when_a_link_would_make_it_match() -> None:
    rejected = Decision(
        "https://x.example/c2", "https://x.example/d1", Verdict.REJECT, None, "", "Kari", "2026-11-22T08:00:00Z"
    )
    known = Decisions({rejected.id: rejected}, (rejected,))
    found = with_rejections(attempt(graph_of(), "c1", Relation.EXACT, "d1"), known)
    told = [each for each in found["contradictions"] if each["kind"] == "rejected"]
    assert [each["decision"]["who"] for each in told] == ["Kari"]


def test_a_source_cannot_prevent_a_link_with_an_axiom_of_its_own() -> None:
    graph = graph_of(data=DATA + "x:Person owl:disjointWith x:Ting .")
    assert (
        "<https://x.example/Person>",
        "<http://www.w3.org/2002/07/owl#disjointWith>",
        "<https://x.example/Ting>",
    ) in graph.others
    assert all(not is_axiom(each[1], each[2]) or each not in graph.trusted for each in graph.others)
    assert kinds(attempt(graph, "Person", Relation.EXACT, "Ting")) == []
