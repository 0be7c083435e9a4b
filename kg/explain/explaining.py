"""Explaining: the whole answer to why a triple holds.

In: a generation's store, the triple under each name that it may have, a budget. Out: a proof with the graphs that hold
each of its triples, or that the triple does not hold, as JSON. The default graph has one IRI for each thing; the graphs
of the sources hold what they said under their own IRIs, so a triple is looked for there under every alias of its terms.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Store

from kg.explain.held import Budget, Fact, Held, Term, term_of
from kg.explain.proof import Proof, Statement, Status
from kg.explain.prover import Prover
from kg.explain.rulebook import rulebook
from kg.explain.wording import wording
from kg.namespaces import Names

MAX_STEPS: Final = 200_000
MAX_SECONDS: Final = 5.0


class Unexplained(Exception):
    """A triple is in the inferred graph, but no rule concludes it from what is held."""


class Explainer:
    """Explanations over one generation."""

    def __init__(self, store: Store, names: Names, inferred: str | None) -> None:
        self._held = Held(store, inferred, (names.ontology, names.codes, names.links))
        self._prover = Prover(self._held, rulebook(names))
        self._same_thing = NamedNode(f"{names.ns}sameThing")
        self._wording = wording(names.prefixes())

    def explain(self, names: Sequence[Statement], budget: Budget) -> dict[str, Any]:
        """The JSON of a triple's proof.

        Raises:
            OutOfBudget: the search takes too long.
            TooLong: the proof is too long to be read.
            Unexplained: the triple was inferred and yet follows from nothing.
        """
        return self.prove(names, budget).to_json(self._wording)

    def prove(self, names: Sequence[Statement], budget: Budget) -> Proof:
        """Why a triple holds; of its names the first that is held, or else the last, is the one that is explained.

        Raises:
            OutOfBudget: the search takes too long.
            TooLong: the proof is too long to be read.
            Unexplained: the triple was inferred and yet follows from nothing.
        """
        facts = [_fact(statement) for statement in names]
        fact = next((each for each in facts if _is_triple(each) and self._held.is_written(each)), facts[-1])
        proof = self._prove(fact, budget)
        found: dict[Statement, tuple[str, ...]] = {}

        def with_graphs(step: Proof) -> Proof:
            if step.triple not in found:
                found[step.triple] = self._graphs(_fact(step.triple))
            return replace(step, graphs=found[step.triple], premises=tuple(map(with_graphs, step.premises)))

        return with_graphs(proof)

    def _prove(self, fact: Fact, budget: Budget) -> Proof:
        triple = str(fact[0]), str(fact[1]), str(fact[2])
        if not _is_triple(fact) or not self._held.is_possible(fact):
            return Proof(triple, Status.NOT_HELD)
        if self._held.is_asserted(fact):
            return Proof(triple, Status.ASSERTED)
        proof = self._prover.prove(fact, budget)
        if proof is None and self._held.is_written(fact):
            raise Unexplained
        return proof or Proof(triple, Status.NOT_HELD)

    def _graphs(self, fact: Fact) -> tuple[str, ...]:
        subject, predicate, object_ = fact
        forms = product(self._forms(subject), self._forms(object_))
        found = {graph for one, other in forms for graph in self._held.graphs((one, predicate, other))}
        return tuple(sorted(found))

    def _forms(self, term: Term) -> list[Term]:
        """A term and its aliases."""
        if not isinstance(term, NamedNode):
            return [term]
        return [term, *(fact[0] for fact in self._held.matching(None, self._same_thing, term))]


def _fact(statement: Statement) -> Fact:
    subject, predicate, object_ = map(term_of, statement)
    return subject, predicate, object_


def _is_triple(fact: Fact) -> bool:
    return not isinstance(fact[0], Literal) and isinstance(fact[1], NamedNode)


def budget(seconds: float) -> Budget:
    """The budget of one explanation that begins now: the service's own, or less where there is less time."""
    return Budget(MAX_STEPS, time.monotonic() + min(seconds, MAX_SECONDS))
