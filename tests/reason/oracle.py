"""What owlrl derives, and what we derive, of the same triples: the two sides of every comparison.

owlrl is a plain reading of the W3C's rules over rdflib. Where it falls short of them it is helped here, so that its
faults hide none of ours: in keys, AllDifferent and AllDisjointProperties it leaves the last member of a list out, so
there it is given lists whose last member stands twice; and it passes over what a circle of subclasses or subproperties
says of each of them, on which rules for restrictions build.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from owlrl.OWLRL import OWLRL_Semantics  # type: ignore[import-untyped]
from rdflib import OWL, RDFS, Graph
from rdflib.term import Node
from rdflib.util import from_n3

from kg.explain.proof import Statement
from kg.reason.reasoner import Strata, reason
from kg.reason.terms import Terms
from tests.reason.random_ontologies import FIRST, NIL, REST, TYPE, owl


@dataclass(frozen=True)
class Derived:
    """What follows from some triples.

    Attributes:
        triples: those that were not given.
        contradictions: which rules found one; rules that owlrl does not tell apart under one name.
        ignored: how many triples were not believed.
    """

    triples: frozenset[Statement]
    contradictions: frozenset[str]
    ignored: int = 0


JOINED_RULES: Final = {
    "eq-diff3": "eq-diff2",
    "cls-maxqc2": "cls-maxqc1",
    "cax-adc": "cax-dw",
}
"""Rules that have one message in owlrl."""

_MESSAGES: Final = (
    ("eq-diff1", r"'sameAs' and 'differentFrom'"),
    ("eq-diff2", r"'sameAs' and 'AllDifferent'"),
    ("prp-irp", r"Irreflexive"),
    ("prp-asyp", r"Erroneous usage of asymmetric"),
    ("prp-adp", r"Disjoint properties in an 'AllDisjointProperties'"),
    ("prp-pdw", r"Erroneous usage of disjoint properties"),
    ("prp-npa1", r"Negative \(object\)"),
    ("prp-npa2", r"Negative \(datatype\)"),
    ("cls-nothing2", r".* is defined of type 'Nothing'"),
    ("cls-com", r"Violation of complementarity"),
    ("cls-maxc1", r"Erroneous usage of maximum cardinality"),
    ("cls-maxqc1", r"Erroneous usage of maximum qualified"),
    ("cax-dw", r"Disjoint classes"),
    ("dt-not-type", r"Lexical value of the literal"),
)


def derived(trusted: Iterable[Statement], others: Iterable[Statement] = (), strata: Strata = ()) -> Derived:
    """What our reasoner derives."""
    terms = Terms()
    columns = [terms.columns(" ".join(triple) for triple in triples) for triples in (trusted, others)]
    reasoned = reason(columns[0], columns[1], terms, strata)
    found = reasoned.inferred
    rows = zip(found.subjects.tolist(), found.predicates.tolist(), found.objects.tolist(), strict=True)
    texts = terms.series.to_list()
    return Derived(
        frozenset((texts[subject], texts[predicate], texts[object_]) for subject, predicate, object_ in rows),
        frozenset(contradiction.rule for contradiction in reasoned.contradictions),
        reasoned.ignored,
    )


def derived_by_owlrl(triples: Iterable[Statement]) -> Derived:
    """What owlrl derives, triples with literals as subjects left out."""
    given = set(triples)
    graph = Graph()
    for subject, predicate, object_ in _padded(given):
        graph.add((_node(subject), _node(predicate), _node(object_)))
    semantics = _Semantics(graph, False, False, False)
    semantics.closure()
    found = {(subject.n3(), predicate.n3(), object_.n3()) for subject, predicate, object_ in graph}
    new = {
        triple
        for triple in found - given
        if not triple[0].startswith('"') and not any(term.startswith((_PAD, _ERRORS)) for term in triple)
    }
    return Derived(frozenset(new), frozenset(map(_rule_of, semantics.error_messages)))


class _Semantics(OWLRL_Semantics):  # type: ignore[misc]
    """owlrl, with what its rules scm-sco, scm-spo, scm-eqc1 and scm-eqp1 pass over."""

    def _schema_vocabulary(self, triple: tuple[Node, Node, Node], cycle_num: int) -> None:
        super()._schema_vocabulary(triple, cycle_num)
        subject, predicate, object_ = triple
        if predicate in {RDFS.subClassOf, RDFS.subPropertyOf}:
            if (object_, predicate, subject) in self.graph:
                self.store_triple((subject, predicate, subject))
        elif predicate in _BELOW and subject == object_:
            self.store_triple((subject, _BELOW[predicate], subject))


_BELOW: Final[dict[Node, Node]] = {OWL.equivalentClass: RDFS.subClassOf, OWL.equivalentProperty: RDFS.subPropertyOf}
_PAD: Final = "<urn:pad:"
_ERRORS: Final = "<http://www.daml.org/2002/03/agents/agent-ont#"


def _padded(triples: set[Statement]) -> set[Statement]:
    """The triples with the last member of certain lists standing twice."""
    first = {subject: object_ for subject, predicate, object_ in triples if predicate == FIRST}
    rest = {subject: object_ for subject, predicate, object_ in triples if predicate == REST}
    pairwise = {
        subject
        for subject, predicate, object_ in triples
        if predicate == TYPE and object_ in {owl("AllDifferent"), owl("AllDisjointProperties")}
    }
    padded = set(triples)
    for subject, predicate, node in triples:
        if predicate == owl("hasKey") or (
            predicate in {owl("members"), owl("distinctMembers")} and subject in pairwise
        ):
            while rest[node] != NIL:
                node = rest[node]
            pad = f"{_PAD}{len(padded)}>"
            padded.remove((node, REST, NIL))
            padded |= {(node, REST, pad), (pad, FIRST, first[node]), (pad, REST, NIL)}
    return padded


def _node(text: str) -> Node:
    node = from_n3(text)
    assert isinstance(node, Node)
    return node


def _rule_of(message: str) -> str:
    return next(rule for rule, form in _MESSAGES if re.match(form, message))
