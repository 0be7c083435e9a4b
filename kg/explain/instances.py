"""Instances: the ways in which a rule, read backwards, concludes a given triple.

In: the rulebook, what is held, a triple. Out: instances, each the premises and conditions with which a rule concludes
it. That the premises are possible is known, not that they hold: to show that is the prover's business.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.explain.held import Budget, Fact, Held, Term, term_of
from kg.explain.rulebook import BookRule
from kg.reason.axioms import REFLEXIVE, THING, TYPE, is_axiom
from kg.reason.patterns import Absent, ListPattern, RulePattern, TriplePattern, Variable

Slot = int | Term
"""A place of a pattern: the number of a variable, or a term."""
Slots = tuple[Slot, Slot, Slot]


@dataclass(frozen=True, slots=True)
class Reading:
    """That a rule reads a list: the kind of condition, the variable of the list, those of its members."""

    kind: str
    list: int
    arguments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Backward:
    """A rule prepared for reading backwards from one of its conclusions; variables are numbers from 0."""

    rule: BookRule
    conclusion: Slots
    premises: tuple[Slots, ...]
    readings: tuple[Reading, ...]
    absent: tuple[Slots, ...]
    variables: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One way in which a rule concludes a triple.

    Attributes:
        premises: triples that have to hold.
        absent: patterns that nothing may fit; None stands for any term.
        lists: the lists that were read, with their members.
    """

    rule: BookRule
    premises: tuple[Fact, ...]
    absent: tuple[tuple[Term | None, Term | None, Term | None], ...] = ()
    lists: tuple[tuple[Term, tuple[Term, ...]], ...] = ()


class Instances:
    """The rules by what they conclude; those left out whose axioms no graph of this store has."""

    def __init__(self, book: Sequence[BookRule], held: Held) -> None:
        self._held = held
        self._by_predicate: dict[Slot, list[Backward]] = defaultdict(list)
        for rule in sorted(book, key=lambda rule: len(rule.pattern.premises)):
            if _can_apply(rule.pattern, held):
                for conclusion in rule.pattern.conclusions:
                    backward = _prepare(rule, conclusion)
                    predicate = backward.conclusion[1]
                    self._by_predicate[-1 if isinstance(predicate, int) else predicate].append(backward)

    def of(self, fact: Fact, budget: Budget) -> Iterator[Instance]:
        """The instances of all rules that conclude a triple, rules with few premises first.

        Raises:
            OutOfBudget: looking for them takes too long.
        """
        for backward in (*self._by_predicate.get(fact[1], ()), *self._by_predicate.get(-1, ())):
            budget.spend()
            known: list[Term | None] = [None] * backward.variables
            if _fit(backward.conclusion, fact, known):
                yield from _Solver(self._held, backward, budget).solve(known)


@dataclass(slots=True)
class _Solver:
    """Matches the premises of one rule, always the pattern that fewest triples can be expected to fit."""

    held: Held
    backward: Backward
    budget: Budget

    def solve(self, known: list[Term | None]) -> Iterator[Instance]:
        """The instances that agree with what is known of the variables."""
        yield from self._match(list(self.backward.premises), list(self.backward.readings), known, (), ())

    def _match(
        self,
        patterns: list[Slots],
        readings: list[Reading],
        known: list[Term | None],
        premises: tuple[Fact, ...],
        lists: tuple[tuple[Term, tuple[Term, ...]], ...],
    ) -> Iterator[Instance]:
        reading = next((each for each in readings if known[each.list] is not None), None)
        if reading is not None:
            yield from self._read(reading, patterns, readings, known, premises, lists)
            return
        if not patterns:
            absent = tuple(_filled(slots, known) for slots in self.backward.absent)
            yield Instance(self.backward.rule, tuple(dict.fromkeys(premises)), absent, lists)
            return
        filled = [_filled(pattern, known) for pattern in patterns]
        place = min(range(len(patterns)), key=lambda place: self._cost(filled[place]))
        pattern, wanted = patterns[place], filled[place]
        others = patterns[:place] + patterns[place + 1 :]
        subject, predicate, object_ = wanted
        if subject is not None and predicate is not None and object_ is not None:
            self.budget.spend()
            fact = subject, predicate, object_
            if self.held.is_possible(fact):
                yield from self._match(others, readings, known, (*premises, fact), lists)
            return
        for fact in self.held.matching(*wanted):
            self.budget.spend()
            extended = list(known)
            if _fit(pattern, fact, extended):
                yield from self._match(others, readings, extended, (*premises, fact), lists)

    def _cost(self, wanted: tuple[Term | None, Term | None, Term | None]) -> int:
        """About how many triples fit a pattern; exactly where it is an axiom, which is looked up only once."""
        subject, predicate, object_ = wanted
        unknown = (subject is None) + (predicate is None) + (object_ is None)
        if not unknown:
            return 0
        if isinstance(predicate, NamedNode) and unknown == 1 and self.held.is_axiom(predicate, object_):
            # What is below owl:Thing is not held, so that it cannot be enumerated.
            return (
                _MANY if object_ == _THING and subject is None else len(self.held.axioms(subject, predicate, object_))
            )
        if isinstance(subject, Literal):
            return _MANY  # nothing said of a literal is held
        return (_FEW, _MANY, _MANY * 100)[unknown - 1]

    def _read(
        self,
        reading: Reading,
        patterns: list[Slots],
        readings: list[Reading],
        known: list[Term | None],
        premises: tuple[Fact, ...],
        lists: tuple[tuple[Term, tuple[Term, ...]], ...],
    ) -> Iterator[Instance]:
        node = known[reading.list]
        assert node is not None
        others = [each for each in readings if each is not reading]
        for read in self.held.lists(node):
            self.budget.spend(1 + len(read.members))
            grounds = (*premises, *read.derived)
            told = (*lists, (node, read.members))
            if reading.kind == "member":
                (argument,) = reading.arguments
                wanted = known[argument]
                for member in dict.fromkeys(read.members) if wanted is None else (wanted,):
                    if wanted is None or wanted in read.members:
                        extended = list(known)
                        extended[argument] = member
                        yield from self._match(patterns, others, extended, grounds, told)
            elif read.members:  # an empty chain, intersection or key says nothing
                extended = list(known)
                further = _expanded(reading, read.members, extended)
                yield from self._match(patterns + further, others, extended, grounds, told)


_FEW: Final = 4
_MANY: Final = 1000
_THING: Final = NamedNode(THING[1:-1])
_TYPE: Final = NamedNode(TYPE[1:-1])


def _expanded(reading: Reading, members: Sequence[Term], known: list[Term | None]) -> list[Slots]:
    """A condition on all members as patterns; the variables between them are added to `known`."""

    def fresh() -> int:
        known.append(None)
        return len(known) - 1

    if reading.kind == "types":
        return [(reading.arguments[0], _TYPE, member) for member in members]
    one, other = reading.arguments
    if reading.kind == "chain":
        stops = [one, *(fresh() for _ in members[1:]), other]
        return [(stops[place], member, stops[place + 1]) for place, member in enumerate(members)]
    patterns: list[Slots] = []
    for member in members:
        shared = fresh()
        patterns += [(one, member, shared), (other, member, shared)]
    return patterns


def _filled(slots: Slots, known: Sequence[Term | None]) -> tuple[Term | None, Term | None, Term | None]:
    subject, predicate, object_ = slots
    return (
        known[subject] if isinstance(subject, int) else subject,
        known[predicate] if isinstance(predicate, int) else predicate,
        known[object_] if isinstance(object_, int) else object_,
    )


def _fit(slots: Slots, fact: Fact, known: list[Term | None]) -> bool:
    """Whether a triple fits a pattern; what it says of the variables is added to `known`."""
    for slot, term in zip(slots, fact, strict=True):
        if not isinstance(slot, int):
            if slot != term:
                return False
        elif known[slot] is None:
            known[slot] = term
        elif known[slot] != term:
            return False
    return True


def _prepare(rule: BookRule, conclusion: TriplePattern) -> Backward:
    numbers: dict[Variable, int] = {}

    def slot(term: Variable | str) -> Slot:
        return numbers.setdefault(term, len(numbers)) if isinstance(term, Variable) else term_of(term)

    def slots(pattern: TriplePattern) -> Slots:
        return slot(pattern.subject), slot(pattern.predicate), slot(pattern.object)

    def number(variable: Variable) -> int:
        return numbers.setdefault(variable, len(numbers))

    premises = rule.pattern.premises
    return Backward(
        rule,
        slots(conclusion),
        tuple(slots(each) for each in premises if isinstance(each, TriplePattern)),
        tuple(
            Reading(each.kind, number(each.list), tuple(map(number, each.arguments)))
            for each in premises
            if isinstance(each, ListPattern)
        ),
        tuple(slots(each.pattern) for each in premises if isinstance(each, Absent)),
        len(numbers),
    )


def _can_apply(pattern: RulePattern, held: Held) -> bool:
    """Whether every axiom that a rule needs may be there; those that go without saying always are."""
    for premise in pattern.premises:
        if isinstance(premise, TriplePattern) and isinstance(premise.predicate, str):
            object_ = premise.object if isinstance(premise.object, str) else None
            unsaid = premise.predicate in REFLEXIVE or object_ == THING
            if is_axiom(premise.predicate, object_ or "") and not unsaid:
                predicate = term_of(premise.predicate)
                assert isinstance(predicate, NamedNode)
                if not held.speaks_of(predicate, term_of(object_) if object_ is not None else None):
                    return False
    return True
