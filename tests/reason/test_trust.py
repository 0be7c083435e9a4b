"""Axioms are believed of trusted triples only: what sources say of the vocabulary is counted and changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.explain.proof import Statement
from kg.namespaces import DEFAULT_BASE_IRI, OWL, RDF, RDFS, Names
from kg.reason.own_rules import own_rules
from tests.reason.cases import CASES, STATUS
from tests.reason.graphs import inferred, lines_of
from tests.reason.oracle import derived
from tests.reason.random_ontologies import (
    DENSE,
    FIRST,
    NIL,
    NOTHING,
    REST,
    SAME,
    THING,
    TYPE,
    owl,
    random_ontology,
    rdfs,
)

A, B, C, D, P, Q, X, Y, Z = (f"<urn:{name}>" for name in "ABCDPQXYZ")
NAME = "<http://xmlns.com/foaf/0.1/name>"
AGENCIES = ("<urn:agency>", "<urn:bureau>")
STRATA = own_rules(Names(DEFAULT_BASE_IRI))

DATA: list[Statement] = [
    (AGENCIES[0], NAME, '"Etaten"'),
    (AGENCIES[1], NAME, '"Etaten"'),
    (AGENCIES[0], P, X),
    (AGENCIES[1], P, Y),
    (X, TYPE, C),
    (Y, TYPE, C),
    (X, P, Y),
    (Y, P, Y),
    (X, Q, Y),
    (Y, Q, Z),
]

HIJACKS: dict[str, list[Statement]] = {
    "foaf:name means something else": [(NAME, rdfs("subPropertyOf"), P)],
    "foaf:name tells agencies apart": [(NAME, TYPE, owl("InverseFunctionalProperty"))],
    "foaf:name has a domain": [(NAME, rdfs("domain"), C), (NAME, rdfs("range"), D)],
    "two agencies are the same": [(AGENCIES[0], SAME, AGENCIES[1])],
    "two agencies are different": [(AGENCIES[0], owl("differentFrom"), AGENCIES[1])],
    "a class is a literal's": [(C, owl("equivalentClass"), D)],
    "types are below a property": [(TYPE, rdfs("subPropertyOf"), P)],
    "a property is below types": [(P, rdfs("subPropertyOf"), TYPE)],
    "a property is below equality": [(P, rdfs("subPropertyOf"), SAME)],
    "a property is the inverse of subclass": [(P, owl("inverseOf"), rdfs("subClassOf"))],
    "a property is the same as subclass": [(P, SAME, rdfs("subClassOf"))],
    "a property is transitive": [(Q, TYPE, owl("TransitiveProperty"))],
    "a property is declared": [(Q, TYPE, owl("ObjectProperty"))],
    "everything is below a class": [(THING, rdfs("subClassOf"), C)],
    "a thing is nothing": [(X, TYPE, NOTHING)],
    "a chain": [(P, owl("propertyChainAxiom"), A), (A, FIRST, Q), (A, REST, B), (B, FIRST, Q), (B, REST, NIL)],
    "a key": [(C, owl("hasKey"), A), (A, FIRST, P), (A, REST, NIL)],
    "a restriction": [(D, owl("onProperty"), P), (D, owl("someValuesFrom"), THING)],
    "a negative assertion": [
        (A, owl("sourceIndividual"), X),
        (A, owl("assertionProperty"), Q),
        (A, owl("targetIndividual"), Y),
    ],
    "a bottom property": [(X, owl("bottomObjectProperty"), Y)],
}


@pytest.mark.parametrize("name", HIJACKS)
def test_an_axiom_of_a_source_changes_nothing_and_is_counted(name: str) -> None:
    found = derived((), [*DATA, *HIJACKS[name]], STRATA)
    assert found.triples == derived((), DATA, STRATA).triples == set()
    assert found.contradictions == set()
    assert found.ignored == len(HIJACKS[name])


SAYING_NOTHING_HERE = {
    *("a property is declared", "a bottom property", "two agencies are different", "everything is below a class"),
    # A strict xfail of `test_equality`.
    "a property is the same as subclass",
}


@pytest.mark.parametrize("name", sorted(set(HIJACKS) - SAYING_NOTHING_HERE))
def test_the_same_axiom_is_believed_of_a_trusted_graph(name: str) -> None:
    found = derived(HIJACKS[name], DATA)
    assert found.triples or found.contradictions
    assert found.ignored == 0


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_rule_of_owl_draws_a_conclusion_from_sources_alone(name: str) -> None:
    found = derived((), CASES[name].triples)
    if name in {"cls-thing", "cls-nothing1"}:
        return
    assert found.triples == set(), STATUS[name]
    assert found.contradictions == set()


def test_a_list_of_a_source_does_not_lengthen_a_trusted_one() -> None:
    trusted = [(C, owl("unionOf"), A), (A, FIRST, D), (A, REST, B)]
    extension = [(B, FIRST, "<urn:E>"), (B, REST, NIL)]
    data = [(X, TYPE, "<urn:E>"), (Y, TYPE, D)]
    assert (X, TYPE, C) not in derived(trusted, [*extension, *data]).triples
    assert (X, TYPE, C) in derived([*trusted, *extension], data).triples


def test_a_source_cannot_fill_in_half_of_an_axiom() -> None:
    half = [(C, owl("onProperty"), P)]
    other = [(C, owl("hasValue"), X)]
    assert derived(half, [*other, (Y, P, X)]).triples == set()
    assert derived([*half, *other], [(Y, P, X)]).triples == {(Y, TYPE, C)}


def test_a_trusted_graph_may_make_a_property_of_data_an_axiom() -> None:
    """What the trusted side decides is believed of all data, so `--ontology` is a matter of trust."""
    assert derived([(P, rdfs("subPropertyOf"), SAME)], DATA).triples >= {(AGENCIES[0], SAME, X)}


@pytest.mark.parametrize("term", ["label", "comment", "seeAlso", "isDefinedBy", "member"])
def test_what_describes_a_term_is_data(term: str) -> None:
    found = derived([(P, owl("inverseOf"), rdfs(term))], [(X, rdfs(term), Y)])
    assert found.ignored == 0
    assert (Y, P, X) in found.triples


def test_an_ignored_axiom_is_not_inferred_either() -> None:
    """The default graph has it already, as data: the inferred graph never repeats it."""
    trusted = [(C, rdfs("subClassOf"), D), (D, rdfs("subClassOf"), "<urn:E>")]
    found = derived(trusted, [(C, rdfs("subClassOf"), "<urn:E>")])
    assert found.ignored == 1
    assert found.triples == set()


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 2**32))
def test_whatever_sources_say_of_axioms_the_rest_follows_as_without_it(seed: int, split: int) -> None:
    triples = random_ontology(DENSE, seed)
    speaking = (f"<{OWL}", f"<{RDFS}")

    def is_axiom(triple: Statement) -> bool:
        lists = triple[1] in {FIRST, REST}
        return lists or triple[1].startswith(speaking) or (triple[1] == TYPE and triple[2].startswith(speaking))

    axioms = [triple for triple in triples if is_axiom(triple)]
    data = [triple for triple in triples if not is_axiom(triple)]
    trusted = [axiom for place, axiom in enumerate(axioms) if split >> (place % 32) & 1]
    hijacks = [axiom for axiom in axioms if axiom not in trusted]
    with_them, without = derived(trusted, [*data, *hijacks]), derived(trusted, data)
    assert with_them.triples == without.triples - set(hijacks)
    assert with_them.contradictions == without.contradictions
    assert with_them.ignored == len(hijacks)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_nothing_is_inferred_that_was_given_or_that_rdf_cannot_write(seed: int) -> None:
    triples = random_ontology(DENSE, seed)
    found = derived(triples[::2], triples[1::2]).triples
    assert not found & set(triples)
    for subject, predicate, _ in found:
        assert not subject.startswith('"')
        assert predicate.startswith("<")


def test_the_build_is_told_what_was_ignored() -> None:
    lines = [" ".join(triple) for triple in DATA]
    hijack = " ".join(HIJACKS["two agencies are the same"][0])
    inference = inferred([f"{P} <{RDFS}domain> {C}"], [*lines, hijack])
    assert inference.ignored == 1
    assert set(lines_of(inference)) == {f"{agency} <{RDF}type> {C}" for agency in AGENCIES}
    assert inference.clashes == ()
