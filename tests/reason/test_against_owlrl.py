"""Ours against owlrl on random ontologies: the same triples follow and the same rules find contradictions.

`make test` compares a few; `make soak` thousands (`tests/soak/test_reason_soak.py`). What differs systematically is in
one table, each row with a reason and an example that shows that it still differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest

from kg.explain.proof import Statement
from kg.namespaces import XSD
from tests.reason.cases import CASES, PARSED
from tests.reason.oracle import JOINED_RULES, derived, derived_by_owlrl
from tests.reason.random_ontologies import (
    AXIOMS,
    DENSE,
    FIRST,
    NIL,
    NOTHING,
    REST,
    SAME,
    SPARSE,
    THING,
    TYPE,
    Profile,
    owl,
    random_ontology,
    rdfs,
    whole,
)
from tests.reason.test_rules import NOT_WRITTEN

_X, _Y, _C, _P = "<urn:x>", "<urn:y>", "<urn:C>", "<urn:p>"


@dataclass(frozen=True)
class Difference:
    """What the two make different things of.

    Attributes:
        reason: why.
        concerns: whether a triple is one that owlrl has and we do not write; None where what leads to the difference is
            kept out of random ontologies.
        example: triples from which different things follow.
    """

    name: str
    reason: str
    concerns: Callable[[Statement], bool] | None
    example: tuple[Statement, ...]


DIFFERENCES: Final = (
    Difference(
        "same as itself",
        "rule eq-ref is left out: it would multiply the graph",
        lambda triple: triple[1] == SAME and triple[0] == triple[2],
        ((_X, _P, _Y),),
    ),
    Difference(
        "class or property below itself",
        "rules scm-cls, scm-op and scm-dp are applied and not written: every class and property is",
        lambda triple: (
            triple[0] == triple[2]
            and triple[1]
            in {rdfs("subClassOf"), owl("equivalentClass"), rdfs("subPropertyOf"), owl("equivalentProperty")}
        ),
        ((_C, TYPE, owl("Class")),),
    ),
    Difference(
        "class between nothing and everything",
        "rule scm-cls again: every class is",
        lambda triple: triple[1] == rdfs("subClassOf") and (triple[2] == THING or triple[0] == NOTHING),
        ((_C, TYPE, owl("Class")),),
    ),
    Difference(
        "everything is a thing",
        "what a class, a domain or a range says of owl:Thing is true of all, and would be the most of the graph",
        lambda triple: triple[1] == TYPE and triple[2] == THING,
        ((_C, TYPE, owl("Class")), (_X, TYPE, _C)),
    ),
    Difference(
        "everything and nothing are classes",
        "rules cls-thing and cls-nothing1 are applied and not written",
        lambda triple: triple[1] == TYPE and triple[0] in {THING, NOTHING},
        (),
    ),
    Difference(
        "datatypes are datatypes",
        "rule dt-type1 is left out: an axiom that nobody asks for",
        lambda triple: triple[1] == TYPE and triple[2] == rdfs("Datatype"),
        (),
    ),
    Difference(
        "annotation properties are annotation properties",
        "rule prp-ap is left out: an axiom that nobody asks for",
        lambda triple: triple[1] == TYPE and triple[2] == owl("AnnotationProperty"),
        (),
    ),
    Difference(
        "literals that must be one",
        "a contradiction here (rule dt-diff), and one thing to owlrl",
        None,
        ((_P, TYPE, owl("FunctionalProperty")), (_X, _P, '"a"'), (_X, _P, _Y)),
    ),
    Difference(
        "types of literals",
        "rule dt-type2 is left out, and with it what follows from it",
        None,
        ((_C, owl("someValuesFrom"), f"<{XSD}integer>"), (_C, owl("onProperty"), _P), (_X, _P, whole(1))),
    ),
    Difference(
        "axioms about owl:sameAs",
        "equality is kept by representatives and not among the facts",
        None,
        ((SAME, rdfs("subPropertyOf"), _P), (_X, SAME, _Y)),
    ),
    Difference(
        "a member that stands twice",
        "the W3C's rules eq-diff2 and eq-diff3 find it different from itself; owlrl passes over it",
        None,
        (
            ("<urn:d>", TYPE, owl("AllDifferent")),
            ("<urn:d>", owl("members"), "<urn:l>"),
            *(("<urn:l>", FIRST, _X), ("<urn:l>", REST, "<urn:m>"), ("<urn:m>", FIRST, _X), ("<urn:m>", REST, NIL)),
        ),
    ),
)
"""Every way in which the two differ for a reason. (A node that is in two lists, or in one list twice, would be another:
owlrl reads one of its first members, whichever comes to hand. No random ontology has one.)"""


Comparison = tuple[set[Statement], set[Statement], set[str], set[str]]
"""What only owlrl derives and what only we do; which rules find a contradiction only there and only here."""


def compared(triples: list[Statement]) -> Comparison:
    """Where the two differ without a reason."""
    theirs, ours = derived_by_owlrl(triples), derived(triples)
    rows = {triple for triple in theirs.triples if any(row.concerns and row.concerns(triple) for row in DIFFERENCES)}
    found = {JOINED_RULES.get(rule, rule) for rule in ours.contradictions}
    return (
        set(theirs.triples - ours.triples - rows),
        set(ours.triples - theirs.triples) | (ours.triples & rows),
        set(theirs.contradictions - found),
        found - theirs.contradictions,
    )


NO_DIFFERENCE: Final[Comparison] = (set(), set(), set(), set())


@pytest.mark.parametrize("profile", [SPARSE, DENSE], ids=lambda profile: profile.name)
@pytest.mark.parametrize("tens", range(1))
def test_random_ontologies_have_the_same_closure(profile: Profile, tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        assert compared(random_ontology(profile, seed)) == NO_DIFFERENCE, f"seed {seed}"


@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: row.name)
def test_each_difference_is_one(row: Difference) -> None:
    triples = list(row.example)
    if row.concerns is None:
        assert compared(triples) != NO_DIFFERENCE
    else:
        assert any(map(row.concerns, derived_by_owlrl(triples).triples))
        assert not any(map(row.concerns, derived(triples).triples))
        assert compared(triples) == NO_DIFFERENCE


@pytest.mark.parametrize("name", sorted(CASES))
def test_both_draw_the_conclusions_of_each_rule_in_its_smallest_case(name: str) -> None:
    case = CASES[name]
    assert compared(list(case.triples)) == NO_DIFFERENCE
    theirs = derived_by_owlrl(case.triples)
    assert {*case.conclusions} <= {*theirs.triples, *case.triples}
    if not PARSED[name].conclusions:
        assert theirs.contradictions == {JOINED_RULES.get(name, name)}


@pytest.mark.parametrize("name", NOT_WRITTEN)
def test_both_agree_on_what_follows_from_rules_that_are_not_written(name: str) -> None:
    assert compared(NOT_WRITTEN[name][0]) == NO_DIFFERENCE


def test_random_ontologies_say_everything() -> None:
    assert len(AXIOMS) == 35
    said = {triple[1] for seed in range(120) for triple in random_ontology(DENSE, seed)}
    wanted = {
        *(rdfs(name) for name in ("subClassOf", "subPropertyOf", "domain", "range")),
        *(owl(name) for name in AXIOMS if name[0].islower() and " " not in name),
        *(owl(name) for name in ("onProperty", "onClass", "members", "distinctMembers", "sourceIndividual")),
        *(owl(name) for name in ("targetIndividual", "targetValue", "assertionProperty")),
    } - {owl(name) for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    assert wanted <= said
