"""What would follow: exactly what reasoning with the supposed triples adds, each with an instance of its rule."""

import time
from random import Random

import pytest

from kg.explain.held import Budget, Held, term_of
from kg.explain.proof import Statement
from kg.explain.rulebook import BookRule
from kg.explain.supposing import Consequences, Supposer, statement_of
from kg.namespaces import OWL
from kg.reason.axioms import FIRST, NOTHING, REST, SAME, THING, is_axiom
from kg.reason.patterns import parsed_rules
from tests.reason.graphs import NAMES, Graph, follows, reasoned
from tests.reason.oracle import derived
from tests.reason.random_ontologies import DENSE, SPARSE, Profile, random_ontology

BOOK = tuple(BookRule(rule.name, rule) for rule in parsed_rules(with_equality=True))
SEEDS = [*range(12), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(12, 200))]
LISTS = frozenset(
    f"<{OWL}{name}>"
    for name in ("propertyChainAxiom", "intersectionOf", "unionOf", "oneOf", "hasKey", "members", "distinctMembers")
)


def suppose(graph: Graph, supposed: list[Statement], steps: int = 2_000_000) -> Consequences:
    held = Held(graph.store(), NAMES.inferred, (NAMES.ontology, NAMES.codes))
    facts = []
    for statement in supposed:
        subject, predicate, object_ = map(term_of, statement)
        facts.append((subject, predicate, object_))
    return Supposer(held, BOOK).suppose(facts, Budget(steps, time.monotonic() + 20))


def may_be_supposed(triple: Statement) -> bool:
    """What is not of the kinds that `kg.explain.supposing` leaves out."""
    declares = triple[2] in {f"<{OWL}{name}>" for name in ("Class", "ObjectProperty", "DatatypeProperty")}
    universal = {f"<{OWL}Thing>", f"<{OWL}Nothing>"} & {*triple}
    return (
        triple[1] not in {FIRST, REST, SAME, *LISTS}
        and not declares
        and not universal
        and not triple[0].startswith('"')
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", [SPARSE, DENSE], ids=["sparse", "dense"])
def test_what_would_follow_is_what_reasoning_with_it_adds(profile: Profile, seed: int) -> None:
    chance = Random(seed)
    # What is said of a literal is known to the reasoner and never written, so it is left out here.
    world = [
        each for each in sorted(random_ontology(profile, seed)) if not (each[2][0] == '"' and each[1][:5] == "<urn:")
    ]
    choices = [triple for triple in world if may_be_supposed(triple)]
    supposed = chance.sample(choices, min(len(choices), chance.randrange(1, 4)))
    rest = [triple for triple in world if triple not in supposed]
    trusted, others = [[t for t in rest if is_axiom(t[1], t[2]) is kind] for kind in (True, False)]
    graph = reasoned(trusted, others, ())
    found = suppose(graph, supposed)
    after = follows([*trusted, *supposed], others, ())
    held = {*graph.inferred, *rest, *supposed}
    told = {statement_of(fact) for fact in found.steps}
    added = {triple for triple in after if triple not in held and triple[0][0] != '"' and triple[2] != THING}
    # A member of a list that became the same as another thing gives another list, which is not read.
    # And what is in owl:Nothing is in every class, as nobody writes that that is below them all.
    if found.complete and not any(triple[1] == SAME or triple[2] == NOTHING for triple in told):
        assert added <= told, (supposed, added - told)
    assert told <= {*after, *rest, *supposed}
    before_rules = derived(trusted, others).contradictions
    after_rules = derived([*trusted, *supposed], others).contradictions
    rules = {step.rule for step in found.contradictions}
    assert rules <= after_rules
    if found.complete:
        assert after_rules - before_rules - {"dt-diff"} <= rules


@pytest.mark.parametrize("seed", range(10))
def test_every_step_rests_on_what_is_held_supposed_or_found_before(seed: int) -> None:
    world = sorted(random_ontology(DENSE, seed))
    supposed = [triple for triple in world if not is_axiom(triple[1], triple[2])][:2]
    rest = [triple for triple in world if triple not in supposed]
    trusted, others = [[t for t in rest if is_axiom(t[1], t[2]) is kind] for kind in (True, False)]
    graph = reasoned(trusted, others, ())
    found = suppose(graph, supposed)
    known = {*graph.inferred, *rest, *supposed}
    for fact, step in found.steps.items():
        premises = {statement_of(premise) for premise in step.premises}
        assert all(premise in known or premise[0] == premise[2] for premise in premises if premise[1] != "never")
        known.add(statement_of(fact))


def test_what_is_held_already_has_no_consequence() -> None:
    triple = ("<urn:a>", "<urn:p>", "<urn:b>")
    assert suppose(reasoned((), [triple], ()), [triple]).supposed == ()


def test_an_axiom_that_a_source_alone_states_is_no_ground() -> None:
    below = ("<urn:C>", "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", "<urn:D>")
    kind = ("<urn:x>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:C>")
    assert not suppose(reasoned((), [below], ()), [kind]).steps
    assert suppose(reasoned([below], (), ()), [kind]).steps


def test_a_search_that_is_cut_short_says_so() -> None:
    same = "<http://www.w3.org/2002/07/owl#TransitiveProperty>"
    trusted = [("<urn:p>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", same)]
    chain = [(f"<urn:{n}>", "<urn:p>", f"<urn:{n + 1}>") for n in range(20)]
    graph = reasoned(trusted, [*chain[:10], *chain[11:]], ())
    assert suppose(graph, [chain[10]]).complete
    assert len(suppose(graph, [chain[10]]).steps) == 11 * 10 - 1
    assert not suppose(graph, [chain[10]], steps=100).complete
