"""Supposing: what would follow if some triples were held as well.

In: what is held, rules, triples that are supposed. Out: every triple that would follow and is not held, each with the
rule and the premises that it follows by, and the contradictions that would come about. What is held is a closure
already, so only applications with a supposed or new premise are looked for: the work is that of the consequences, and
does not depend on the size of the graph.

What this does not see: conclusions that would no longer be drawn, because a rule with something absent would find it
(an absence is judged by what is held now); lists that the supposed triples would make, also by making a member the same
as something else; and what follows by way of triples that nobody writes: what is said of a literal, and what goes
without saying, as that each class is below owl:Thing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.explain.held import Budget, Fact, Held, OutOfBudget, Standing, Term, term_of
from kg.explain.proof import Absence, Condition, Members, Statement
from kg.explain.rulebook import BookRule
from kg.reason.axioms import SAME, THING, TYPE, goes_without_saying
from kg.reason.patterns import Absent, ListPattern, TriplePattern, Variable

MAX_FACTS: Final = 2_000
MAX_CONTRADICTIONS: Final = 100

Known = dict[Variable, Term]


@dataclass(frozen=True, slots=True)
class Step:
    """By which rule and premises a triple would follow, or a contradiction come about."""

    rule: str
    premises: tuple[Fact, ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would follow.

    Attributes:
        supposed: the triples that are supposed and not held.
        steps: each triple that would follow, in the order in which they were found.
        contradictions: what could not all hold.
        complete: whether this is everything; false where a limit of time, work or number ended the search.
    """

    supposed: tuple[Fact, ...]
    steps: dict[Fact, Step]
    contradictions: tuple[Step, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Concrete:
    """A rule whose lists are read: premises and conclusions are patterns, some variables are known."""

    label: str
    premises: tuple[TriplePattern, ...]
    absent: tuple[TriplePattern, ...]
    conclusions: tuple[TriplePattern, ...]
    known: Known = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


class Supposer:
    """Consequences over one generation; the rules are read once."""

    def __init__(self, held: Held, book: Iterable[BookRule]) -> None:
        self.held = held
        self._terms: dict[str, Term] = {}
        self._by_predicate: dict[Term | None, list[tuple[_Concrete, int]]] = defaultdict(list)
        for rule in book:
            for concrete in self._read_lists(rule):
                for place, premise in enumerate(concrete.premises):
                    predicate = self._value(premise.predicate, concrete.known)
                    self._by_predicate[predicate].append((concrete, place))

    def suppose(self, supposed: Iterable[Fact], budget: Budget) -> Consequences:
        """What would follow from some triples beside what is held."""
        search = _Search(self, budget)
        for fact in dict.fromkeys(supposed):
            if not self.is_held(fact):
                search.facts[fact] = None
        given = tuple(search.facts)
        complete = search.run()
        steps = {fact: step for fact, step in search.facts.items() if step is not None}
        return Consequences(given, steps, tuple(search.contradictions.values()), complete)

    def is_held(self, fact: Fact) -> bool:
        """Whether a triple is held and may be built on: an axiom that a source alone states is not."""
        if not isinstance(fact[1], NamedNode) or not self.held.is_possible(fact):
            return False
        return not (self.held.is_asserted(fact) and self.held.standing(fact) is Standing.DOUBTFUL)

    def triggered(self, fact: Fact) -> Iterator[tuple[_Concrete, int]]:
        """The rules that have a premise which a triple may be, and its place."""
        yield from self._by_predicate.get(fact[1], ())
        yield from self._by_predicate.get(None, ())

    def _read_lists(self, rule: BookRule) -> Iterator[_Concrete]:
        """A rule without lists as it is; another once for each way to read its lists."""
        premises = rule.pattern.premises
        lists = [each for each in premises if isinstance(each, ListPattern)]
        triples = tuple(each for each in premises if isinstance(each, TriplePattern))
        absent = tuple(each.pattern for each in premises if isinstance(each, Absent))
        plain = _Concrete(rule.label, triples, absent, rule.pattern.conclusions)
        if not lists:
            yield plain
            return
        (pattern,) = lists  # no rule reads two
        (place,) = [number for number, each in enumerate(triples) if each.object == pattern.list]
        anchor = triples[place]
        predicate = self._value(anchor.predicate, {})
        for fact in self.held.matching(None, predicate, None):
            if not self.is_held(fact):
                continue
            known = self.fitted(anchor, fact, {})
            for read in self.held.lists(fact[2]) if known is not None else ():
                condition = Members(str(fact[2]), tuple(map(str, read.members)))
                for further, more in _expanded(pattern, read.members):
                    yield replace(
                        plain,
                        premises=(*triples, *further),
                        known={**(known or {}), **more},
                        conditions=(condition,),
                    )

    def fitted(self, pattern: TriplePattern, fact: Fact, known: Known) -> Known | None:
        """What is known of the variables if a triple fits a pattern; None if it does not."""
        extended = known
        for slot, term in zip(pattern.terms(), fact, strict=True):
            value = self._value(slot, extended)
            if value is None:
                assert isinstance(slot, Variable)
                extended = {**extended, slot: term}
            elif value != term:
                return None
        return extended

    def filled(self, pattern: TriplePattern, known: Known) -> tuple[Term | None, Term | None, Term | None]:
        """A pattern with what is known."""
        subject, predicate, object_ = pattern.terms()
        return self._value(subject, known), self._value(predicate, known), self._value(object_, known)

    def _value(self, slot: Variable | str, known: Known) -> Term | None:
        if isinstance(slot, Variable):
            return known.get(slot)
        if slot not in self._terms:
            self._terms[slot] = term_of(slot)
        return self._terms[slot]


@dataclass(slots=True)
class _Search:
    """One search: the triples that are supposed (None) or follow (with their step), and what contradicts."""

    supposer: Supposer
    budget: Budget
    facts: dict[Fact, Step | None] = field(default_factory=dict)
    contradictions: dict[tuple[str, frozenset[Fact]], Step] = field(default_factory=dict)
    _new: dict[Term, list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def run(self) -> bool:
        """Find everything; False where a limit ends it."""
        waiting = list(self.facts)
        for fact in waiting:
            self._new[fact[1]].append(fact)
        try:
            while waiting:
                fact = waiting.pop(0)
                for concrete, place in self.supposer.triggered(fact):
                    self.budget.spend()
                    waiting += self._apply(concrete, place, fact)
                if len(self.facts) > MAX_FACTS or len(self.contradictions) > MAX_CONTRADICTIONS:
                    return False
        except OutOfBudget:
            return False
        return True

    def _apply(self, concrete: _Concrete, place: int, fact: Fact) -> list[Fact]:
        """The triples that follow by a rule with a triple as its premise at a place."""
        known = self.supposer.fitted(concrete.premises[place], fact, concrete.known)
        if known is None:
            return []
        others = concrete.premises[:place] + concrete.premises[place + 1 :]
        found = []
        for ending, premises in list(self._matches(others, known, (fact,))):
            absences = tuple(self.supposer.filled(each, ending) for each in concrete.absent)
            if any(next(self._matching(*pattern), None) is not None for pattern in absences):
                continue
            step = Step(
                concrete.label, tuple(dict.fromkeys(premises)), (*concrete.conditions, *map(_absence, absences))
            )
            if not concrete.conclusions:
                self.contradictions.setdefault((step.rule, frozenset(step.premises)), step)
            for conclusion in concrete.conclusions:
                new = self._take(self.supposer.filled(conclusion, ending), step)
                found += [new] if new else []
        return found

    def _take(self, filled: tuple[Term | None, Term | None, Term | None], step: Step) -> Fact | None:
        subject, predicate, object_ = filled
        if subject is None or object_ is None or not isinstance(predicate, NamedNode) or isinstance(subject, Literal):
            return None
        fact = subject, predicate, object_
        if fact in self.facts or self.supposer.is_held(fact) or _says_nothing(fact):
            return None
        self.facts[fact] = step
        self._new[predicate].append(fact)
        return fact

    def _matches(
        self, patterns: Sequence[TriplePattern], known: Known, premises: tuple[Fact, ...]
    ) -> Iterator[tuple[Known, tuple[Fact, ...]]]:
        """The ways to match patterns, always the one with fewest unknowns first."""
        if not patterns:
            yield known, premises
            return
        filled = [self.supposer.filled(pattern, known) for pattern in patterns]
        place = min(range(len(patterns)), key=lambda place: _unknowns(filled[place]))
        pattern, others = patterns[place], [*patterns[:place], *patterns[place + 1 :]]
        for fact in self._matching(*filled[place]):
            extended = self.supposer.fitted(pattern, fact, known)
            if extended is not None:
                yield from self._matches(others, extended, (*premises, fact))

    def _matching(self, subject: Term | None, predicate: Term | None, object_: Term | None) -> Iterator[Fact]:
        if subject is not None and predicate is not None and object_ is not None:
            self.budget.spend()
            fact = subject, predicate, object_
            if fact in self.facts or self.supposer.is_held(fact):
                yield fact
            return
        news = [*self._new[predicate]] if predicate is not None else [*self.facts]
        for fact in news:
            self.budget.spend()
            if all(wanted in {None, term} for wanted, term in zip((subject, predicate, object_), fact, strict=True)):
                yield fact
        for fact in self.supposer.held.matching(subject, predicate, object_):
            self.budget.spend()
            if fact not in self.facts and self.supposer.is_held(fact):
                yield fact


def _says_nothing(fact: Fact) -> bool:
    """Whether a triple is true of everything, or of every class or property."""
    subject, predicate, object_ = statement_of(fact)
    return (
        goes_without_saying(subject, predicate, object_)
        or object_ == THING
        or (predicate == SAME and subject == object_)
    )


def _unknowns(filled: tuple[Term | None, Term | None, Term | None]) -> int:
    """How many triples are to be expected: what is unknown counts, a known class alone says little."""
    subject, predicate, object_ = filled
    many = subject is None and predicate is not None and str(predicate) == TYPE
    return (subject is None) + 4 * (predicate is None) + (object_ is None) + many


def _expanded(pattern: ListPattern, members: Sequence[Term]) -> Iterator[tuple[tuple[TriplePattern, ...], Known]]:
    """A condition on the members of a list as patterns, with what it says of the variables."""
    arguments, texts = pattern.arguments, [str(member) for member in members]
    if pattern.kind == "member":
        for member in dict.fromkeys(members):
            yield (), {arguments[0]: member}
    elif pattern.kind == "pair":
        for one, other in combinations(members, 2):
            yield (), {arguments[0]: one, arguments[1]: other}
    elif texts and pattern.kind == "types":
        yield tuple(TriplePattern(arguments[0], TYPE, text) for text in texts), {}
    elif texts and pattern.kind == "chain":
        stops = [arguments[0], *(Variable(f"stop/{place}") for place in range(1, len(texts))), arguments[1]]
        yield tuple(TriplePattern(stops[place], text, stops[place + 1]) for place, text in enumerate(texts)), {}
    elif texts and pattern.kind == "values":
        shared = [Variable(f"value/{place}") for place in range(len(texts))]
        pairs = list(zip(texts, shared, strict=True))
        yield tuple(TriplePattern(one, text, value) for text, value in pairs for one in arguments), {}


def _absence(pattern: tuple[Term | None, Term | None, Term | None]) -> Absence:
    subject, predicate, object_ = (None if term is None else str(term) for term in pattern)
    return Absence(subject, predicate, object_)


def statement_of(fact: Fact) -> Statement:
    """A triple as text."""
    return str(fact[0]), str(fact[1]), str(fact[2])
