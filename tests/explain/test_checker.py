"""The proof checker: it accepts what the rules allow and refuses everything that was changed."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kg.explain.checker import find_fault
from kg.explain.held import Budget, Held, term_of
from kg.explain.proof import Absence, Members, Proof, Status
from kg.explain.prover import Prover
from kg.explain.rulebook import book_of, rule_iri
from kg.namespaces import OWL, RDF
from kg.reason.own_rules import own_rules
from kg.reason.patterns import RulePattern
from tests.reason.cases import CASES, PARSED, case_of
from tests.reason.graphs import NAMES, Graph

STRANGER = "<urn:f:stranger>"
OWN: dict[str, RulePattern] = {rule.name: rule for stratum in own_rules(NAMES) for rule in stratum}
BOOK = book_of(own_rules(NAMES), NAMES)


def example(name: str) -> tuple[Graph, Proof]:
    """The smallest case of a rule, with the proof of what it concludes."""
    case = CASES[name] if name in CASES else case_of(OWN[name])
    graph = Graph(frozenset(case.triples), frozenset(), frozenset(case.conclusions), BOOK, own_rules(NAMES))
    prover = Prover(Held(graph.store(), NAMES.inferred, (NAMES.ontology,)), BOOK)
    subject, predicate, object_ = map(term_of, case.conclusions[0])
    proof = prover.prove((subject, predicate, object_), Budget(100_000, time.monotonic() + 10))
    assert proof is not None
    return graph, proof


def mutants(proof: Proof) -> Iterator[tuple[str, Proof]]:
    """Proofs that differ from a proof in one thing."""
    for place, premise in enumerate(proof.premises):
        before, after = proof.premises[:place], proof.premises[place + 1 :]
        yield f"without premise {place}", replace(proof, premises=before + after)
        for term in range(3):
            triple = list(premise.triple)
            triple[term] = STRANGER
            changed = replace(premise, triple=(triple[0], triple[1], triple[2]))
            yield f"with another term in premise {place}", replace(proof, premises=(*before, changed, *after))
        denied = replace(premise, status=Status.NOT_HELD)
        yield f"with premise {place} not held", replace(proof, premises=(*before, denied, *after))
        itself = replace(proof, premises=())
        yield f"resting on itself in premise {place}", replace(proof, premises=(*before, itself, *after))
    spare = Proof((STRANGER, "<urn:p>", STRANGER), Status.ASSERTED)
    yield "with a premise that is not asserted", replace(proof, premises=(*proof.premises, spare))
    for term in range(3):
        if proof.rule != "cls-thing" or term != 1:
            triple = list(proof.triple)
            triple[term] = STRANGER
            yield "of another triple", replace(proof, triple=(triple[0], triple[1], triple[2]))
    yield "by no rule", replace(proof, rule="")
    yield "by an unknown rule", replace(proof, rule="prp-xyz")
    yield "as asserted", replace(proof, status=Status.ASSERTED)
    yield "as a bare assertion", Proof(proof.triple, Status.ASSERTED)
    yield "as not held", replace(proof, status=Status.NOT_HELD)
    for place, condition in enumerate(proof.conditions):
        others = proof.conditions[:place] + proof.conditions[place + 1 :]
        yield f"without condition {place}", replace(proof, conditions=others)
        if isinstance(condition, Members):
            shorter = Members(condition.list, condition.members[:-1])
            other = Members(condition.list, (*condition.members[:-1], STRANGER))
            longer = Members(condition.list, (*condition.members, STRANGER))
            for wrong in (shorter, other, longer, Members(STRANGER, condition.members)):
                yield "with another list", replace(proof, conditions=(*others, wrong))
        else:
            wrong_absence = Absence(STRANGER, condition.predicate, condition.object)
            yield "with another absence", replace(proof, conditions=(*others, wrong_absence))
    yield "with an absence too many", replace(proof, conditions=(*proof.conditions, Absence(STRANGER, None, None)))


CONCLUDING = [name for name, rule in PARSED.items() if rule.conclusions]


@pytest.mark.parametrize("name", [*CONCLUDING, *OWN])
def test_a_proof_is_accepted_and_every_change_of_it_refused(name: str) -> None:
    graph, proof = example(name)
    judge = graph.evidence()
    assert find_fault(proof, BOOK, judge) is None
    for what, mutant in mutants(proof):
        assert find_fault(mutant, BOOK, judge) is not None, what


@pytest.mark.parametrize("name", [*CONCLUDING, *OWN])
def test_a_proof_is_of_its_own_rule(name: str) -> None:
    graph, proof = example(name)
    judge = graph.evidence()
    others = {rule.label for rule in BOOK} - {proof.rule}
    alike = {other for other in others if find_fault(replace(proof, rule=other), BOOK, judge) is None}
    assert alike <= ({"eq-rep-o"} if name == "eq-trans" else set())  # which says the same of owl:sameAs itself


def test_an_axiom_has_to_stand_in_a_trusted_graph() -> None:
    graph, proof = example("prp-symp")
    untrusted = Graph(frozenset(), graph.trusted, graph.inferred, BOOK, graph.strata)
    assert "trusted" in (find_fault(proof, BOOK, untrusted.evidence()) or "")


def test_what_is_asserted_by_anybody_is_its_own_proof() -> None:
    graph, _ = example("prp-symp")
    untrusted = Graph(frozenset(), graph.trusted, graph.inferred, BOOK, graph.strata)
    for triple in graph.trusted:
        assert find_fault(Proof(triple, Status.ASSERTED), BOOK, untrusted.evidence()) is None


def test_an_absence_that_is_none_is_refused() -> None:
    graph, proof = example("dataset-publisher-from-catalogue")
    (absence,) = proof.conditions
    assert isinstance(absence, Absence)
    assert absence.subject is not None
    assert absence.predicate is not None
    obstacle = (absence.subject, absence.predicate, "<urn:other>")
    hindered = Graph(graph.trusted | {obstacle}, frozenset(), graph.inferred, BOOK, graph.strata)
    assert "absent" in (find_fault(proof, BOOK, hindered.evidence()) or "")


def test_a_rule_cannot_rest_on_one_that_is_applied_later() -> None:
    """The catalogue has its publisher by the rule for series, so that no dataset in it can have inherited that."""
    graph, proof = example("dataset-publisher-from-catalogue")
    publisher = next(premise for premise in proof.premises if "publisher" in premise.triple[1])
    catalogue, predicate, agency = publisher.triple
    series = [
        (catalogue, f"<{RDF}type>", "<http://www.w3.org/ns/dcat#Dataset>"),
        (catalogue, "<http://www.w3.org/ns/dcat#inSeries>", "<urn:series>"),
        ("<urn:series>", predicate, agency),
    ]
    later = Proof(
        publisher.triple,
        Status.INFERRED,
        rule=rule_iri(NAMES, "publisher-from-series"),
        premises=tuple(Proof(triple, Status.ASSERTED) for triple in series),
        conditions=(Absence(catalogue, predicate, None),),
    )
    wrong = replace(proof, premises=tuple(later if each is publisher else each for each in proof.premises))
    believed = (graph.trusted | set(series)) - {publisher.triple}
    judge = Graph(believed, frozenset(), graph.inferred, BOOK, graph.strata).evidence()
    assert find_fault(later, BOOK, judge) is None
    assert "only after" in (find_fault(wrong, BOOK, judge) or "")


def test_a_broken_or_circular_list_ends_where_it_does() -> None:
    union, member, first, rest = (f"<{OWL}unionOf>", "<urn:C>", f"<{RDF}first>", f"<{RDF}rest>")
    for tail in ([], [("<urn:l>", rest, "<urn:l>")], [("<urn:l>", rest, "<urn:nowhere>")]):
        axioms = frozenset([("<urn:U>", union, "<urn:l>"), ("<urn:l>", first, member), *tail])
        conclusion = (member, "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", "<urn:U>")
        graph = Graph(axioms, frozenset(), frozenset([conclusion]), BOOK, ())
        prover = Prover(Held(graph.store(), NAMES.inferred, (NAMES.ontology,)), BOOK)
        subject, predicate, object_ = map(term_of, conclusion)
        proof = prover.prove((subject, predicate, object_), Budget(1000, time.monotonic() + 10))
        assert proof is not None
        assert find_fault(proof, BOOK, graph.evidence()) is None


@pytest.mark.parametrize("name", ["prp-spo2", "participant", "cls-thing"])
def test_a_proof_is_the_same_after_its_way_through_json(name: str) -> None:
    _, proof = example(name)
    assert Proof.from_json(proof.to_json(lambda _: ("nb", "en"))) == proof


@pytest.mark.parametrize("field", ["triple", "status", "graphs", "rule", "premises", "found"])
def test_json_without_a_field_is_no_proof(field: str) -> None:
    _, proof = example("prp-spo2")
    value = proof.to_json(lambda _: ("nb", "en"))
    del value[field]
    with pytest.raises(KeyError):
        Proof.from_json(value)
