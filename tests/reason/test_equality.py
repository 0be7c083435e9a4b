"""Things that are the same: representatives, expansion, and equality that comes late and changes what axioms say."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.explain.proof import Statement
from kg.namespaces import RDFS
from kg.reason.arrays import pack
from kg.reason.equality import Representatives
from tests.reason.oracle import derived
from tests.reason.random_ontologies import FIRST, NIL, NOTHING, REST, SAME, THING, TYPE, owl, rdfs, whole

A, B, C, D, E, P, Q, R, X, Y, Z, V, W = (f"<urn:{name}>" for name in "ABCDEPQRXYZVW")
FUNCTIONAL = (P, TYPE, owl("FunctionalProperty"))


def partition(pairs: set[tuple[int, int]]) -> set[frozenset[int]]:
    """Numbers that pairs join, naively."""
    parts: list[set[int]] = []
    for pair in pairs:
        joined = set(pair).union(*(part for part in parts if part & set(pair)))
        parts = [part for part in parts if not part & joined] + [joined]
    return {frozenset(part) for part in parts if len(part) > 1}


@given(st.lists(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6), max_size=4))
def test_representatives_are_the_partition_that_the_pairs_make(rounds: list[set[tuple[int, int]]]) -> None:
    known = Representatives(10, np.zeros(10, np.bool_))
    for pairs in rounds:
        before = known.of.copy()
        first, second = (np.array([pair[place] for pair in sorted(pairs)], np.uint64) for place in range(2))
        changed = known.unite(pack(first, second))
        assert changed == set(np.flatnonzero(known.of != before).tolist())
    wanted = partition({pair for pairs in rounds for pair in pairs})
    assert {frozenset(cluster) for cluster in known.clusters()} == wanted
    for cluster in wanted:
        assert {int(known.of[number]) for number in cluster} == {min(cluster)}


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_literals_are_never_made_one(pairs: set[tuple[int, int]]) -> None:
    known = Representatives(10, np.arange(10) >= 6)
    first, second = (np.array([pair[place] for pair in sorted(pairs)], np.uint64) for place in range(2))
    known.unite(pack(first, second))
    assert known.of[6:].tolist() == [6, 7, 8, 9]
    assert max(known.of[:6].tolist()) < 6
    assert known.clashes == {(min(pair), max(pair)) for pair in pairs if max(pair) >= 6 and pair[0] != pair[1]}


@settings(max_examples=25)
@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_what_holds_of_one_thing_is_written_of_all_that_are_the_same(pairs: set[tuple[int, int]]) -> None:
    things = [f"<urn:{number}>" for number in range(6)]
    same = {(things[one], SAME, things[other]) for one, other in pairs}
    data = {(things[0], P, things[1]), (things[2], things[3], things[4]), (X, TYPE, things[5])}
    found = derived(same, data).triples | same | data
    clusters = partition(pairs)
    of = {number: next((part for part in clusters if number in part), frozenset({number})) for number in range(6)}
    wanted = {
        *((things[one], P, things[other]) for one in of[0] for other in of[1]),
        *((things[one], things[two], things[three]) for one in of[2] for two in of[3] for three in of[4]),
        *((X, TYPE, things[one]) for one in of[5]),
        *((things[one], SAME, things[other]) for part in clusters for one in part for other in part),
    }
    assert {triple for triple in found if not (triple[1] == SAME and triple[0] == triple[2])} == {
        triple for triple in wanted if triple[0] != triple[2] or triple[1] != SAME
    }


def late(one: str, other: str) -> list[Statement]:
    """That two things are the same, which a rule finds only in the second round."""
    steps = [FUNCTIONAL, (Q, rdfs("subPropertyOf"), P)]
    return [*steps, ("<urn:owner>", Q, one), ("<urn:owner>", P, other)]


def restricted(kind: str, value: str) -> list[Statement]:
    """A restriction of W."""
    return [(R, owl("onProperty"), W), (R, owl(kind), value)]


LATE: dict[str, tuple[list[Statement], list[Statement], Statement]] = {
    "a value of a restriction": (restricted("hasValue", X), late(X, Y), (V, TYPE, R)),
    "a class": ([(C, rdfs("subPropertyOf"), C), (D, rdfs("domain"), E)], late(C, D), (D, rdfs("domain"), E)),
    "a property that is transitive": ([(C, TYPE, owl("TransitiveProperty"))], late(C, D), (X, D, Z)),
    "a property of a restriction": (
        [(R, owl("onProperty"), C), (R, owl("someValuesFrom"), THING)],
        late(C, D),
        (X, TYPE, R),
    ),
    "a member of a list": (
        [(C, owl("intersectionOf"), A), (A, FIRST, D), (A, REST, B), (B, FIRST, E), (B, REST, NIL)],
        late(D, E),
        (Z, TYPE, C),
    ),
    "the head of a list": (
        [(C, owl("unionOf"), A), (B, FIRST, E), (B, REST, NIL)],
        late(A, B),
        (Z, TYPE, C),
    ),
}
DATA: list[Statement] = [(V, W, Y), (X, D, Y), (Y, C, Z), (Z, TYPE, E)]


@pytest.mark.parametrize("name", LATE)
def test_equality_that_comes_late_changes_what_axioms_say(name: str) -> None:
    axioms, equality, conclusion = LATE[name]
    assert conclusion in derived([*axioms, *equality], DATA).triples | set(axioms)
    if conclusion not in axioms:
        assert conclusion not in derived([*axioms, *equality[:-1]], DATA).triples


def test_members_are_handed_up_from_classes_that_become_one() -> None:
    """The classes become one only after the first round, when the members have been handed up already."""
    axioms = [(D, rdfs("subClassOf"), E), *late(C, D)]
    assert (X, TYPE, E) in derived(axioms, [(X, TYPE, C)]).triples


def test_members_are_handed_up_when_equality_touches_an_axiom_meanwhile() -> None:
    axioms = [(C, owl("equivalentClass"), D), (D, owl("equivalentClass"), E), *late(X, Y)]
    denied = ("<urn:n>", owl("sourceIndividual"), Y)
    assert (Z, TYPE, E) in derived([*axioms, denied], [(Z, TYPE, C)]).triples


CONTRADICTIONS: dict[str, list[Statement]] = {
    "eq-diff1": [(X, owl("differentFrom"), Y)],
    "eq-diff2": [
        (D, TYPE, owl("AllDifferent")),
        (D, owl("members"), A),
        (A, FIRST, X),
        (A, REST, B),
        (B, FIRST, Y),
        (B, REST, NIL),
    ],
    "prp-irp": [(W, TYPE, owl("IrreflexiveProperty")), (X, W, Y)],
    "prp-asyp": [(W, TYPE, owl("AsymmetricProperty")), (X, W, Y)],
    "prp-pdw": [(V, owl("propertyDisjointWith"), W), (Z, V, X), (Z, W, Y)],
    "prp-npa1": [
        (D, owl("sourceIndividual"), X),
        (D, owl("assertionProperty"), W),
        (D, owl("targetIndividual"), Z),
        (Y, W, Z),
    ],
    "cls-com": [(C, owl("complementOf"), D), (X, TYPE, C), (Y, TYPE, D)],
    "cls-nothing2": [(C, rdfs("subClassOf"), NOTHING), (X, TYPE, C)],
    "cax-dw": [(C, owl("disjointWith"), D), (X, TYPE, C), (Y, TYPE, D)],
    "cls-maxc1": [(C, owl("maxCardinality"), whole(0)), (C, owl("onProperty"), W), (X, TYPE, C), (Y, W, Z)],
}


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_contradictions_are_found_between_things_that_are_the_same(rule: str) -> None:
    triples = CONTRADICTIONS[rule]
    assert rule in derived([*triples, *late(X, Y)]).contradictions
    if rule != "cls-nothing2":
        assert derived([*triples, *late(X, Y)[:-1]]).contradictions == set()


@pytest.mark.parametrize("length", [2, 3, 40])
def test_chains_of_equality_are_written_in_full(length: int) -> None:
    things = [f"<urn:{number}>" for number in range(length)]
    found = derived([(one, SAME, other) for one, other in pairwise(things)]).triples
    assert len(found) == length * (length - 1) - (length - 1)


def test_a_thing_that_is_the_same_as_a_literal_is_a_contradiction_and_stays_itself() -> None:
    found = derived([(X, SAME, '"x"')], [(X, P, Y)])
    assert found.contradictions == {"dt-diff"}
    assert found.triples == set()


VOCABULARY: dict[str, tuple[list[Statement], Statement]] = {
    "owl:Thing": ([(C, SAME, THING), *restricted("someValuesFrom", THING), (X, W, Y)], (X, TYPE, R)),
    "rdf:type": ([(Q, SAME, TYPE), (X, Q, C), (C, rdfs("subClassOf"), D)], (X, TYPE, D)),
    "rdfs:subClassOf": ([(Q, SAME, f"<{RDFS}subClassOf>"), (C, Q, D), (X, TYPE, C)], (X, TYPE, D)),
}


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_term_of_the_vocabulary_may_be_the_same_as_another(name: str) -> None:
    triples, conclusion = VOCABULARY[name]
    assert conclusion in derived(triples).triples


@pytest.mark.xfail(
    strict=True, reason="owl:sameAs is taken out of the facts, so axioms about it find nothing to apply to"
)
def test_axioms_about_equality_apply_to_it() -> None:
    assert (X, Q, Y) in derived([(SAME, rdfs("subPropertyOf"), Q), (X, SAME, Y)]).triples
