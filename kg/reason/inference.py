"""Inference: the triples of a build in, the text of what follows from them out.

In: the default graph in numbers, the triples of trusted graphs apart. Out: the lines of `B graph/inferred`, none of
which the default graph has, and the contradictions found. This is all that a build sees of the reasoner.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import numpy as np

from kg.namespaces import Names
from kg.reason.arrays import Ids, contains
from kg.reason.axioms import TYPE
from kg.reason.columns import Columns, joined
from kg.reason.output import write_lines
from kg.reason.own_rules import own_rules
from kg.reason.reasoner import reason
from kg.reason.terms import Terms


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction: the rule that finds it, and the triples that cannot all hold, as N-Triples without the dot."""

    rule: str
    premises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """What follows.

    Attributes:
        asserted: the triples that were read.
        inferred: those that follow and were not there, each once.
        terms: what their numbers stand for.
        clashes: contradictions.
        ignored: triples of untrusted graphs that speak the language of axioms and were not read as such.
        refused: the transitive properties that are left unclosed, because their closure would pass the limit.
        rounds: how many rounds of derivation it took.
    """

    asserted: Columns
    inferred: Columns
    terms: Terms
    clashes: tuple[Clash, ...]
    ignored: int
    refused: tuple[str, ...]
    rounds: int

    def write(self, out: BinaryIO, ending: str = " .\n") -> int:
        """Write the triples as lines of N-Triples, each of which ends with `ending`; how many they are."""
        write_lines(self.inferred, self.terms, out, ending)
        return self.inferred.size

    def lines(self, predicates: Iterable[str], classes: Iterable[str]) -> Iterator[str]:
        """The triples of some predicates, and those that say of which of some classes a thing is, without the dot."""
        type_, columns = self.terms.number(TYPE), self.inferred
        typing = (columns.predicates == np.uint64(type_)) & contains(columns.objects, self._numbered(classes))
        wanted = columns.only(typing | contains(columns.predicates, self._numbered(predicates)))
        written = BytesIO()
        write_lines(wanted, self.terms, written, "\n")
        yield from written.getvalue().decode().split("\n")[:-1]

    def _numbered(self, iris: Iterable[str]) -> Ids:
        return np.sort(self.terms.numbers(f"<{iri}>" for iri in iris))


def infer(trusted: Columns, others: Columns, terms: Terms, names: Names) -> Inference:
    """Derive what follows from the triples of a default graph, each given once in one of the two parts."""
    reasoned = reason(trusted, others, terms, own_rules(names))
    clashes = tuple(
        Clash(each.rule, tuple(" ".join(map(terms.text, premise)) for premise in each.premises))
        for each in reasoned.contradictions
    )
    refused = tuple(map(terms.text, reasoned.refused))
    return Inference(
        joined([trusted, others]), reasoned.inferred, terms, clashes, reasoned.ignored, refused, reasoned.rounds
    )
