"""Small graphs for the tests of reasoning: triples in, a store with what follows from them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.explain.checker import Evidence, evidence
from kg.explain.proof import Absence, Statement
from kg.explain.rulebook import BookRule, book_of
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.reason.inference import Inference, infer
from kg.reason.own_rules import own_rules
from kg.reason.patterns import RulePattern
from kg.reason.reasoner import reason
from kg.reason.terms import Terms

NAMES: Final = Names(DEFAULT_BASE_IRI)
Strata = Sequence[Sequence[RulePattern]]


def lines_of(inference: Inference) -> list[str]:
    """What an inference writes, as N-Triples without the dot."""
    written = BytesIO()
    count = inference.write(written, "\n")
    lines = written.getvalue().decode().split("\n")[:-1]
    assert len(lines) == count
    return lines


def inferred(trusted: Iterable[str], others: Iterable[str] = ()) -> Inference:
    """What a build infers from lines of N-Triples without the dot."""
    terms = Terms()
    return infer(terms.columns(trusted), terms.columns(others), terms, NAMES)


def follows(trusted: Iterable[Statement], others: Iterable[Statement], strata: Strata) -> set[Statement]:
    """What the reasoner writes."""
    terms = Terms()
    columns = []
    for triples in (trusted, others):
        rows = [" ".join(triple) for triple in triples]
        columns.append(terms.columns(rows))
    inferred = reason(columns[0], columns[1], terms, strata).inferred
    numbers = zip(inferred.subjects.tolist(), inferred.predicates.tolist(), inferred.objects.tolist(), strict=True)
    texts = terms.series.to_list()
    return {(texts[s], texts[p], texts[o]) for s, p, o in numbers}


@dataclass(frozen=True)
class Graph:
    """Asserted triples, of which some are trusted, and what follows from them."""

    trusted: frozenset[Statement]
    others: frozenset[Statement]
    inferred: frozenset[Statement]
    book: tuple[BookRule, ...]
    strata: Strata

    def store(self) -> Store:
        """The graph as a generation lays it out."""
        store = Store()
        placed = [
            (None, {*self.trusted, *self.others}),
            (NAMES.ontology, self.trusted),
            (NAMES.source("x"), self.others),
            (NAMES.inferred, self.inferred),
        ]
        for graph, triples in placed:
            text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
            for quad in parse(input=text, format=RdfFormat.N_TRIPLES):
                store.add(Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) if graph else quad)
        return store

    def evidence(self) -> Evidence:
        """What a checker believes of it, with absences judged by reasoning up to the stratum before."""
        known: dict[int, set[Statement]] = {}

        def fitted(stratum: int, absence: Absence) -> bool:
            if stratum not in known:
                found = follows(self.trusted, self.others, self.strata[:stratum])
                known[stratum] = {*self.trusted, *self.others, *found}
            wanted = (absence.subject, absence.predicate, absence.object)
            return any(
                all(term in {None, found} for term, found in zip(wanted, triple, strict=True))
                for triple in known[stratum]
            )

        return evidence({*self.trusted, *self.others}, self.trusted, fitted)


def reasoned(trusted: Iterable[Statement], others: Iterable[Statement] = (), strata: Strata | None = None) -> Graph:
    """A graph with what follows."""
    strata = own_rules(NAMES) if strata is None else strata
    first = frozenset(trusted)
    second = frozenset(others) - first
    inferred = frozenset(follows(sorted(first), sorted(second), strata))
    return Graph(first, second, inferred, book_of(strata, NAMES), strata)
