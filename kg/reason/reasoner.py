"""Reasoning from start to end: triples in, what follows from them out.

In: parts, each a set of triples as numbers under a name, that come, change and go. Trusted parts (our axioms, accepted
links, what `--ontology` names) may hold axioms; in the others axioms are ignored and counted, so that no harvested file
can say what `foaf:name` means or that two agencies are one. Out: the triples that follow and are
not there already, and the contradictions.

What is added is reasoned with at once, on top of what is known; a removal derives everything anew, which in numbers
takes about a second for a million triples and is sound without any bookkeeping. Either way the result is that of
reasoning over all parts at once. Rules with something absent are applied anew each time, for what is added may be
what they found absent.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import Ids
from kg.reason.axioms import FIRST, NIL, REST, SAME, TYPE, speaks
from kg.reason.clauses import Vocabulary
from kg.reason.closure import Closure
from kg.reason.columns import NO_COLUMNS, Columns, facts_in, lacking_from
from kg.reason.equality import Representatives
from kg.reason.output import news
from kg.reason.patterns import Absent, RulePattern, TriplePattern, Variable, parsed_rules
from kg.reason.terms import Terms
from kg.reason.transitive import MAX_PAIRS


@dataclass(frozen=True, slots=True)
class Contradiction:
    """That facts contradict each other.

    Attributes:
        rule: the W3C name of the rule that finds it.
        premises: the triples that cannot all hold, as numbers.
    """

    rule: str
    premises: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What reasoning came to.

    Attributes:
        inferred: the triples that follow and were not there.
        contradictions: up to a limit of each kind.
        ignored: triples of untrusted sources that look like axioms and were not read as such.
        refused: transitive properties that are not closed, because that would pass the limit.
        rounds: how many rounds it took.
    """

    inferred: Columns
    contradictions: tuple[Contradiction, ...]
    ignored: int
    refused: tuple[int, ...]
    rounds: int


MAX_CONTRADICTIONS: Final = 100
"""Contradictions told of each clause; there may be more of the kind."""


Strata = Sequence[Sequence[RulePattern]]
"""Rules beside OWL's: the first are applied with those, each of the others when all before them are exhausted."""


class Reasoner:
    """Reasons over named parts.

    Attributes:
        terms: the dictionary that the parts are numbered by.
    """

    def __init__(self, terms: Terms, strata: Strata = (), max_pairs: int = MAX_PAIRS) -> None:
        first, *later = strata or ((),)
        self.terms = terms
        self._rules = (*parsed_rules(), *first)
        self._later = later
        self._max_pairs = max_pairs
        constants = list(_constants([*self._rules, *chain.from_iterable(later)]))
        terms.remember(constants)
        self._named = frozenset(map(terms.number, constants))
        self._vocabulary = _vocabulary(terms)
        self._parts: dict[str, tuple[Columns, bool]] = {}
        self._closure: Closure | None = None
        self._new: list[Columns] = []

    def put(self, name: str, columns: Columns, *, trusted: bool = False) -> None:
        """Add a part, or put it in the place of the one of that name."""
        before, was_trusted = self._parts.get(name, (NO_COLUMNS, trusted))
        self._parts[name] = columns, trusted
        if was_trusted != trusted or lacking_from(before, columns).size:
            self._closure = None
        elif self._closure is not None:
            added = lacking_from(columns, before)
            self._new.append(added if trusted else added.only(~_axioms(added, self.terms)))

    def drop(self, name: str) -> None:
        """Take a part away."""
        del self._parts[name]
        self._closure = None

    def infer(self) -> Reasoned:
        """What follows from all parts together."""
        terms, vocabulary = self.terms, self._vocabulary
        parts = [(columns, trusted, _axioms(columns, terms)) for columns, trusted in self._parts.values()]
        ignored = sum(int(axioms.sum()) for _, trusted, axioms in parts if not trusted)
        given = facts_in((columns for columns, _, _ in parts), vocabulary.type_)
        if self._closure is None:
            believed = [columns if trusted else columns.only(~axioms) for columns, trusted, axioms in parts]
            self._closure = Closure(
                facts_in(believed, vocabulary.type_) if ignored else given.copy(),
                self._rules,
                terms.number,
                vocabulary,
                Representatives(len(terms), terms.literals(), self._named),
                self._max_pairs,
            )
            self._closure.run()
        elif self._new:
            self._closure.representatives.grow(len(terms), terms.literals())
            self._closure.add(facts_in(self._new, vocabulary.type_))
        self._new = []
        closure = self._closure.copy() if self._later else self._closure
        for stratum in self._later:
            closure.apply(stratum)
        return Reasoned(
            news(closure.facts, closure.representatives, given, terms, vocabulary),
            tuple(_contradictions(closure, vocabulary)),
            ignored,
            tuple(sorted(closure.refused)),
            closure.rounds,
        )


def reason(trusted: Columns, others: Columns, terms: Terms, strata: Strata = ()) -> Reasoned:
    """Derive everything that follows by OWL 2 RL and the rules beside it, from one trusted part and one other."""
    reasoner = Reasoner(terms, strata)
    reasoner.put("trusted", trusted, trusted=True)
    reasoner.put("others", others)
    return reasoner.infer()


def _constants(rules: Sequence[RulePattern]) -> Iterator[str]:
    """The terms that rules name."""
    for rule in rules:
        for pattern in chain(rule.premises, rule.conclusions):
            triple = pattern.pattern if isinstance(pattern, Absent) else pattern
            if isinstance(triple, TriplePattern):
                yield from (term for term in triple.terms() if not isinstance(term, Variable))


def _vocabulary(terms: Terms) -> Vocabulary:
    return Vocabulary(*(terms.number(term) for term in (TYPE, FIRST, REST, NIL, SAME)))


def _axioms(columns: Columns, terms: Terms) -> NDArray[np.bool_]:
    """Which triples speak the language of axioms (`kg.reason.axioms`)."""
    found = _of_those(columns.predicates, terms, lambda term: term in {FIRST, REST} or speaks(term))
    typing = columns.predicates == np.uint64(terms.number(TYPE))
    found[typing] = _of_those(columns.objects[typing], terms, speaks)
    return found


def _of_those(numbers: Ids, terms: Terms, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Which of many numbers, few of them different, are of terms that are wanted."""
    if not numbers.size:
        return np.empty(0, np.bool_)
    chosen = np.bincount(numbers.astype(np.intp)) > 0  # by number, which has no room for more than there are terms
    different = np.flatnonzero(chosen).astype(np.uint64)
    chosen[different] = np.fromiter(map(wanted, terms.texts(different)), np.bool_, different.size)
    return chosen[numbers]


def _contradictions(closure: Closure, vocabulary: Vocabulary) -> Iterator[Contradiction]:
    for one, other in sorted(closure.representatives.clashes)[:MAX_CONTRADICTIONS]:
        yield Contradiction("dt-diff", ((one, vocabulary.same, other),))
    for name, body, table in closure.contradictions():
        for row in range(min(table.rows, MAX_CONTRADICTIONS)):

            def value(term: int, row: int = row, columns: dict[int, Ids] = table.columns) -> int:
                return int(columns[term][row]) if term < 0 else term

            yield Contradiction(name, tuple((value(step.subject), step.predicate, value(step.object)) for step in body))
