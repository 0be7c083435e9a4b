"""The prover: every rule read backwards, well-founded and shortest proofs, absences, limits."""

import time
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.explain.checker import find_fault
from kg.explain.held import Budget, Held, OutOfBudget, term_of
from kg.explain.proof import Absence, Members, Proof, Statement, Status
from kg.explain.prover import MAX_PROOF_STEPS, Prover, TooLong
from kg.explain.rulebook import book_of, rule_iri
from kg.namespaces import OWL, RDF, RDFS
from kg.reason.own_rules import OWN_RULES, own_rules
from kg.reason.patterns import Absent, RulePattern, TriplePattern, parse_rule
from tests.reason.cases import CASES, PARSED, case_of
from tests.reason.graphs import NAMES, Graph, Strata, reasoned

TYPE, FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
SUB_CLASS, SUB_PROPERTY, DOMAIN, RANGE = (
    f"<{RDFS}{name}>" for name in ("subClassOf", "subPropertyOf", "domain", "range")
)
SAME, INVERSE, CHAIN, SYMMETRIC, TRANSITIVE = (
    f"<{OWL}{name}>"
    for name in ("sameAs", "inverseOf", "propertyChainAxiom", "SymmetricProperty", "TransitiveProperty")
)
DCT, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"


def n(name: str) -> str:
    return f"<urn:f:{name}>"


def prover_of(graph: Graph) -> Prover:
    return Prover(Held(graph.store(), NAMES.inferred, (NAMES.ontology, NAMES.codes)), graph.book)


def prove(graph: Graph, triple: Statement, steps: int = 100_000) -> Proof | None:
    subject, predicate, object_ = map(term_of, triple)
    return prover_of(graph).prove((subject, predicate, object_), Budget(steps, time.monotonic() + 10))


def written(trusted: Iterable[Statement], inferred: Iterable[Statement], strata: Strata = ()) -> Graph:
    """A graph whose inferred triples are given rather than derived."""
    return Graph(frozenset(trusted), frozenset(), frozenset(inferred), book_of(strata, NAMES), strata)


def accepted(graph: Graph, proof: Proof | None) -> Proof:
    assert proof is not None
    assert find_fault(proof, graph.book, graph.evidence()) is None
    return proof


@pytest.mark.parametrize("name", [name for name, rule in PARSED.items() if rule.conclusions])
def test_every_rule_of_owl_2_rl_proves_what_it_concludes(name: str) -> None:
    case = CASES[name]
    for conclusion in case.conclusions:
        graph = written(case.triples, case.conclusions)
        proof = accepted(graph, prove(graph, conclusion))
        assert proof.rule == name
        assert {premise.triple for premise in proof.premises} == set(case.premises)
        assert all(premise.status is Status.ASSERTED for premise in proof.premises)
        assert bool(case.links) == any(isinstance(condition, Members) for condition in proof.conditions)


@pytest.mark.parametrize("name", [name for name, rule in PARSED.items() if rule.conclusions])
def test_what_misses_a_premise_has_no_proof(name: str) -> None:
    case = CASES[name]
    for missing in case.premises:
        graph = written([triple for triple in case.triples if triple != missing], case.conclusions)
        proof = prove(graph, case.conclusions[0])
        assert proof is None or proof.rule != name, missing


@pytest.mark.parametrize("pattern", list(chain.from_iterable(own_rules(NAMES))), ids=lambda pattern: pattern.name)
def test_every_rule_of_ours_proves_what_it_concludes_and_says_what_was_absent(pattern: RulePattern) -> None:
    case = case_of(pattern)
    graph = written(case.triples, case.conclusions, own_rules(NAMES))
    proof = accepted(graph, prove(graph, case.conclusions[0]))
    assert proof.rule == rule_iri(NAMES, pattern.name)
    absent = [premise for premise in pattern.premises if isinstance(premise, Absent)]
    assert len([condition for condition in proof.conditions if isinstance(condition, Absence)]) == len(absent)
    for each in absent:
        obstacle = [f"<urn:{term.name}>" if not isinstance(term, str) else term for term in each.pattern.terms()]
        hindered = written([*case.triples, (obstacle[0], obstacle[1], obstacle[2])], case.conclusions, graph.strata)
        if case.conclusions[0] not in hindered.trusted:
            assert prove(hindered, case.conclusions[0]) is None


def test_the_rules_with_something_absent_are_among_those_tested() -> None:
    assert sum("absent" in rule.text for rule in OWN_RULES) >= 5


def dct(name: str) -> str:
    return f"<{DCT}{name}>"


def dcat(name: str) -> str:
    return f"<{DCAT}{name}>"


CATALOGUES = [
    (n("d"), TYPE, dcat("Dataset")),
    (n("c1"), dcat("dataset"), n("d")),
    (n("c2"), dcat("dataset"), n("d")),
    (n("c1"), dct("publisher"), n("a1")),
    (n("c2"), dct("publisher"), n("a2")),
]


@pytest.mark.parametrize("agency", ["a1", "a2"])
def test_a_publisher_that_is_inherited_does_not_keep_another_from_being_inherited(agency: str) -> None:
    graph = reasoned([], CATALOGUES)
    proof = accepted(graph, prove(graph, (n("d"), dct("publisher"), n(agency))))
    assert proof.rule == rule_iri(NAMES, "dataset-publisher-from-catalogue")
    assert proof.conditions == (Absence(n("d"), dct("publisher"), None),)


def test_a_publisher_that_owl_infers_does_keep_the_catalogues_from_being_inherited() -> None:
    axioms = [(n("owner"), SUB_PROPERTY, dct("publisher"))]
    graph = reasoned(axioms, [*CATALOGUES, (n("d"), n("owner"), n("a3"))])
    assert {triple[2] for triple in graph.inferred if triple[1] == dct("publisher")} == {n("a3")}
    assert accepted(graph, prove(graph, (n("d"), dct("publisher"), n("a3")))).rule == "prp-spo1"
    forged = Graph(graph.trusted, graph.others, graph.inferred | {(n("d"), dct("publisher"), n("a1"))}, graph.book, ())
    assert prove(forged, (n("d"), dct("publisher"), n("a1"))) is None


def test_a_later_stratum_sees_what_the_one_before_has_found() -> None:
    series = [(n("d"), dcat("inSeries"), n("s")), (n("s"), dct("publisher"), n("a3"))]
    graph = reasoned([], [*CATALOGUES, *series])
    assert (n("d"), dct("publisher"), n("a3")) not in graph.inferred
    forged = Graph(graph.trusted, graph.others, graph.inferred | {(n("d"), dct("publisher"), n("a3"))}, graph.book, ())
    assert prove(forged, (n("d"), dct("publisher"), n("a3"))) is None
    alone = reasoned([], [CATALOGUES[0], *series])
    proof = accepted(alone, prove(alone, (n("d"), dct("publisher"), n("a3"))))
    assert proof.rule == rule_iri(NAMES, "publisher-from-series")


def test_what_a_symmetric_property_gives_does_not_rest_on_itself() -> None:
    axioms = [(n("p"), TYPE, SYMMETRIC)]
    graph = reasoned(axioms, [(n("b"), n("p"), n("a"))])
    proof = accepted(graph, prove(graph, (n("a"), n("p"), n("b"))))
    assert {step.triple for step in proof.premises} == {axioms[0], (n("b"), n("p"), n("a"))}
    both = {(n("a"), n("p"), n("b")), (n("b"), n("p"), n("a"))}
    assert prove(written(axioms, both), (n("a"), n("p"), n("b"))) is None


def test_axioms_of_a_source_prove_nothing() -> None:
    claim, fact = (n("A"), SUB_CLASS, n("B")), (n("x"), TYPE, n("A"))
    conclusion = (n("x"), TYPE, n("B"))
    assert (
        prove(Graph(frozenset(), frozenset([claim, fact]), frozenset([conclusion]), book_of((), NAMES), ()), conclusion)
        is None
    )
    graph = reasoned([claim], [fact])
    assert accepted(graph, prove(graph, conclusion)).rule == "cax-sco"


def test_an_axiom_that_a_source_repeats_and_ours_imply_is_proven_from_ours() -> None:
    ours = [(n("A"), SUB_CLASS, n("B")), (n("B"), SUB_CLASS, n("C")), (n("C"), SUB_CLASS, n("D"))]
    repeated = (n("A"), SUB_CLASS, n("D"))
    graph = reasoned([*ours, (n("p"), DOMAIN, n("A"))], [repeated])
    assert repeated not in graph.inferred
    accepted(graph, prove(graph, (n("p"), DOMAIN, n("D"))))


def test_of_two_proofs_the_shorter_is_given() -> None:
    axioms = [(n(a), SUB_CLASS, n(b)) for a, b in ("AB", "BC", "CD")] + [(n("E"), SUB_CLASS, n("D"))]
    facts = [(n("x"), TYPE, n("A")), (n("x"), TYPE, n("E"))]
    graph = reasoned(axioms, facts)
    proof = accepted(graph, prove(graph, (n("x"), TYPE, n("D"))))
    assert {premise.triple for premise in proof.premises} == {facts[1], axioms[3]}


@pytest.mark.parametrize("length", [2, 3, 100])
@pytest.mark.parametrize("kind", ["given", "below", "inverse", "same"])
def test_a_long_way_through_a_transitive_property_is_split_in_halves(length: int, kind: str) -> None:
    axioms = [(n("p"), TYPE, TRANSITIVE), (n("q"), SUB_PROPERTY, n("p")), (n("r"), INVERSE, n("p"))]
    link = {"given": n("p"), "below": n("q"), "inverse": n("r"), "same": SAME}[kind]
    steps = [(n(f"x{i}"), link, n(f"x{i + 1}")) for i in range(length)]
    if kind == "inverse":
        steps = [(o, p, s) for s, p, o in steps]
    trusted, others = ([*axioms, *steps], []) if kind == "same" else (axioms, steps)
    graph = reasoned(trusted, others)
    proof = accepted(graph, prove(graph, (n("x0"), SAME if kind == "same" else n("p"), n(f"x{length}"))))
    assert {step.triple for step in proof.steps()} >= set(steps)
    assert depth(proof) <= 9


def depth(proof: Proof) -> int:
    return 1 + max((depth(premise) for premise in proof.premises), default=0)


def test_a_chain_through_things_that_are_the_same_is_proven() -> None:
    nodes = [n("l1"), n("l2")]
    axioms = [
        (n("r"), CHAIN, nodes[0]),
        (nodes[0], FIRST, n("p")),
        (nodes[0], REST, nodes[1]),
        (nodes[1], FIRST, n("q")),
        (nodes[1], REST, NIL),
        (n("b"), SAME, n("c")),
    ]
    graph = reasoned(axioms, [(n("a"), n("p"), n("b")), (n("c"), n("q"), n("d"))])
    proof = accepted(graph, prove(graph, (n("a"), n("r"), n("d"))))
    assert proof.rule == "prp-spo2"
    assert proof.conditions == (Members(nodes[0], (n("p"), n("q"))),)
    assert {step.rule for step in proof.steps()} & {"eq-rep-s", "eq-rep-o"}


def test_what_follows_from_the_type_of_a_literal_is_proven_although_that_cannot_be_written() -> None:
    axioms = [
        (n("p"), RANGE, n("D")),
        (n("R"), f"<{OWL}someValuesFrom>", n("D")),
        (n("R"), f"<{OWL}onProperty>", n("p")),
    ]
    text = '"a \\"quoted\\" <b>text</b>\\n"@nb'
    graph = reasoned(axioms, [(n("x"), n("p"), text)])
    proof = accepted(graph, prove(graph, (n("x"), TYPE, n("R"))))
    assert (text, TYPE, n("D")) in {step.triple for step in proof.steps()}


def test_a_search_over_its_budget_says_so_instead_of_guessing() -> None:
    axioms = [(n("p"), TYPE, TRANSITIVE)]
    graph = reasoned(axioms, [(n(f"x{i}"), n("p"), n(f"x{i + 1}")) for i in range(30)])
    for steps in (0, 1, 10):
        with pytest.raises(OutOfBudget):
            prove(graph, (n("x0"), n("p"), n("x30")), steps)
    fact = tuple(map(term_of, (n("x0"), n("p"), n("x30"))))
    with pytest.raises(OutOfBudget):
        prover_of(graph).prove((fact[0], fact[1], fact[2]), Budget(100_000, deadline=1.0, clock=lambda: 2.0))


def test_a_proof_too_long_to_be_read_is_refused() -> None:
    length = MAX_PROOF_STEPS // 2
    steps = [(n(f"x{i}"), n("p"), n(f"x{i + 1}")) for i in range(length)]
    whole = (n("x0"), n("p"), n(f"x{length}"))
    graph = Graph(
        frozenset([(n("p"), TYPE, TRANSITIVE)]), frozenset(steps), frozenset(halves(0, length)), book_of((), NAMES), ()
    )
    with pytest.raises(TooLong, match="steps"):
        prove(graph, whole, 10_000_000)


def halves(low: int, high: int) -> Iterator[Statement]:
    """The pairs into which the path from one place to another is split."""
    if high - low > 1:
        middle = low + (high - low + 1) // 2
        yield n(f"x{low}"), n("p"), n(f"x{high}")
        yield from halves(low, middle)
        yield from halves(middle, high)


INVENTED = {"x": "urn:f:"}
LAYERED = (
    (parse_rule("zero", "?x x:p0 ?y . ?y a x:C0 => ?x a x:C1", INVENTED),),
    (
        parse_rule("one", "?x x:p0 ?y . absent(?x x:p1 ?any) => ?x x:p1 ?y", INVENTED),
        parse_rule("other", "?x x:p1 ?y . absent(?x a x:C1) => ?x a x:C1", INVENTED),
    ),
    (parse_rule("two", "?x x:p2 ?y . ?y a x:C1 . absent(?y a x:C2) => ?x x:p0 ?y", INVENTED),),
)

classes, properties, things = (
    st.sampled_from([n(f"{letter}{number}") for number in range(count)])
    for letter, count in (("C", 4), ("p", 3), ("i", 5))
)


VALUED = n("t")
"""A property of literals, which is therefore neither symmetric nor anything's inverse."""


@st.composite
def listed(draw: st.DrawFn, subject: str, predicate: str, members: st.SearchStrategy[str]) -> list[Statement]:
    values = draw(st.lists(members, min_size=1, max_size=3))
    head = draw(st.integers(0, 10**6))
    nodes = [*(n(f"l{head}-{place}") for place in range(len(values))), NIL]
    links = [(nodes[place], FIRST, value) for place, value in enumerate(values)]
    links += [(nodes[place], REST, nodes[place + 1]) for place in range(len(values))]
    return [(subject, predicate, nodes[0]), *links]


@st.composite
def axioms(draw: st.DrawFn) -> list[Statement]:
    a, b, p, q, i = draw(classes), draw(classes), draw(properties), draw(properties), draw(things)
    v = draw(st.one_of(properties, st.just(VALUED)))
    kind = draw(st.integers(0, 16))
    simple = [
        (a, SUB_CLASS, b), (p, SUB_PROPERTY, q), (v, DOMAIN, a), (v, RANGE, a), (p, INVERSE, q), (p, TYPE, SYMMETRIC),
        (p, TYPE, TRANSITIVE), (p, TYPE, f"<{OWL}FunctionalProperty>"), (i, SAME, draw(things)),
        (a, f"<{OWL}equivalentClass>", b), (a, TYPE, f"<{OWL}Class>"), (p, TYPE, f"<{OWL}ObjectProperty>"),
    ]  # fmt: skip
    if kind < len(simple):
        return [simple[kind]]
    if kind == 12:
        return draw(listed(p, CHAIN, properties))
    if kind in {13, 14}:
        return draw(listed(a, f"<{OWL}{'intersectionOf' if kind == 13 else 'unionOf'}>", classes))
    if kind == 15:
        return [(a, f"<{OWL}hasValue>", i), (a, f"<{OWL}onProperty>", v)]
    return [
        (a, f"<{OWL}{draw(st.sampled_from(['someValuesFrom', 'allValuesFrom']))}>", b),
        (a, f"<{OWL}onProperty>", v),
    ]


facts = st.one_of(
    st.tuples(things, properties, things),
    st.tuples(things, st.just(VALUED), st.just('"5"')),
    st.tuples(things, st.just(TYPE), classes),
)


@settings(max_examples=60)
@given(st.lists(axioms(), max_size=6), st.lists(axioms(), max_size=1), st.lists(facts, max_size=8))
def test_all_that_the_reasoner_infers_is_explained_and_the_checker_accepts_it(
    ours: list[list[Statement]], theirs: list[list[Statement]], said: list[Statement]
) -> None:
    graph = reasoned(chain.from_iterable(ours), [*chain.from_iterable(theirs), *said], LAYERED)
    prover = prover_of(graph)
    judge = graph.evidence()
    for triple in sorted(graph.inferred)[:60]:
        subject, predicate, object_ = map(term_of, triple)
        proof = prover.prove((subject, predicate, object_), Budget(2_000_000, time.monotonic() + 30))
        assert proof is not None, triple
        assert proof.triple == triple
        assert find_fault(proof, graph.book, judge) is None


def test_a_pattern_reads_as_the_store_does() -> None:
    held = Held(
        reasoned([(n("A"), SUB_CLASS, n("B"))], [(n("x"), TYPE, n("A"))]).store(), NAMES.inferred, (NAMES.ontology,)
    )
    assert {fact[2] for fact in held.matching(NamedNode("urn:f:x"), NamedNode(f"{RDF}type"), None)} == {
        NamedNode("urn:f:A"),
        NamedNode("urn:f:B"),
    }
    assert isinstance(PARSED["prp-symp"].premises[0], TriplePattern)
