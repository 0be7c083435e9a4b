"""The prover: backward search for a well-founded proof of a triple.

In: what is held, the rulebook, a triple, a budget. Out: a proof, or that there is none. The search goes outwards from
the triple: the instances that conclude it, then those that conclude their premises, and so on. What is shown is passed
on forwards, from given triples to what rests on them; so nothing can rest on itself, and a search that has nothing
left to look at has shown that no proof exists.

The shortest proof: the search ends at the least distance at which there is one, and of all proofs within what was
looked at until then the one with the fewest steps is taken.

Rules with `absent` come in strata (`kg.reason.own_rules`): a rule of stratum k sees what asserted triples and the
strata before k give. So each triple is sought at a level, the highest stratum that may be used: premises and absences
of a rule of stratum k at level k - 1. A triple that fits an absent pattern is no obstacle if no proof of it exists at
that level, which a search on its own decides: a publisher that a dataset has by inheritance alone does not keep it
from inheriting one.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from kg.explain.held import Budget, Fact, Held, Standing, Term
from kg.explain.instances import Instance, Instances
from kg.explain.paths import TRANSITIVE_RULES, Paths
from kg.explain.proof import Absence, Condition, Members, Proof, Status
from kg.explain.rulebook import BookRule

MAX_PROOF_STEPS: Final = 10_000
MAX_PROOF_DEPTH: Final = 200
_REMEMBERED: Final = 100_000

Goal = tuple[Fact, int]
"""A triple, and the highest stratum that its proof may use."""


class TooLong(Exception):
    """There is a proof, but it is too long to be read."""


@dataclass(slots=True)
class _Open:
    """An instance whose premises are not all shown."""

    goal: Goal
    instance: Instance
    premises: tuple[Goal, ...]
    missing: int


class Prover:
    """Proofs over one generation; what it learns serves later proofs too.

    Attributes:
        highest: the highest stratum of a rule.
        known: triples of which it was found out at a level whether they have a proof.
    """

    def __init__(self, held: Held, book: Sequence[BookRule]) -> None:
        self._held = held
        self._instances = Instances(book, held)
        self._paths = Paths(held, book)
        self.highest = max((rule.stratum for rule in book), default=0)
        self.known: dict[Goal, bool] = {}

    def prove(self, fact: Fact, budget: Budget) -> Proof | None:
        """The shortest proof of a triple; None if it does not follow from anything.

        Raises:
            OutOfBudget: the search took too long.
            TooLong: the proof is too long to be read.
        """
        goal = (fact, self.highest)
        search = _Search(self, self._held, budget)
        if not search.show(goal):
            return None
        return _shortest(goal, search)

    def is_provable(self, goal: Goal, budget: Budget) -> bool:
        """Whether a triple has a proof at its level.

        Raises:
            OutOfBudget: that takes too long to say.
        """
        if goal not in self.known:
            search = _Search(self, self._held, budget, with_proof=False)
            found = search.show(goal)
            self._remember(search, exhausted=not found)
        return self.known[goal]

    def _remember(self, search: "_Search", *, exhausted: bool) -> None:
        """Keep what a search has shown, and of one that left nothing to look at also what it has not."""
        if len(self.known) + len(search.asked) > _REMEMBERED:
            self.known.clear()
        for goal in search.asked:
            if exhausted or goal in search.shown:
                self.known[goal] = goal in search.shown

    def instances(self, goal: Goal, budget: Budget) -> Iterator[Instance]:
        """The instances that conclude a triple at its level.

        Raises:
            OutOfBudget: looking for them takes too long.
        """
        fact, level = goal
        path = self._paths.find(fact, budget)
        if path.instance is not None:
            yield path.instance
        if path.enough:
            return
        for instance in self._instances.of(fact, budget):
            rule = instance.rule
            if rule.stratum > level or fact in instance.premises or (path.found and rule.label in TRANSITIVE_RULES):
                continue
            if all(self._is_absent(pattern, rule.stratum - 1, budget) for pattern in instance.absent):
                yield instance

    def _is_absent(self, pattern: tuple[Term | None, Term | None, Term | None], level: int, budget: Budget) -> bool:
        return not any(
            self._held.is_given(fact) or self.is_provable((fact, level), budget)
            for fact in self._held.matching(*pattern)
        )


@dataclass(slots=True)
class _Search:
    """One search: what was asked, what of it is shown, and by which instances.

    With `with_proof` every step of what is shown is found; without, it may rest on what earlier searches have shown.
    """

    prover: Prover
    held: Held
    budget: Budget
    with_proof: bool = True
    shown: set[Goal] = field(default_factory=set)
    grounds: dict[Goal, list[_Open]] = field(default_factory=lambda: defaultdict(list))
    """The instances whose premises are all shown, by what they conclude."""
    asked: set[Goal] = field(default_factory=set)
    _waiting: dict[Goal, list[_Open]] = field(default_factory=lambda: defaultdict(list))
    _likely: deque[Goal] = field(default_factory=deque)
    _doubtful: deque[Goal] = field(default_factory=deque)

    def show(self, goal: Goal) -> bool:
        """Whether a triple has a proof at its level.

        Raises:
            OutOfBudget: that takes too long to say.
        """
        self._ask(goal)
        while goal not in self.shown and (self._likely or self._doubtful):
            next_ = (self._likely or self._doubtful).popleft()
            if next_ in self.shown:
                continue
            for instance in self.prover.instances(next_, self.budget):
                self._add(next_, instance)
                if goal in self.shown or next_ in self.shown:
                    break
        return goal in self.shown

    def _ask(self, goal: Goal) -> None:
        if goal in self.asked:
            return
        self.asked.add(goal)
        fact, level = goal
        known = self.prover.known.get(goal)
        if known is False:
            return
        standing = self.held.standing(fact)
        if (
            standing is Standing.GIVEN
            or (known and not self.with_proof)
            or any((fact, lower) in self.shown for lower in range(level))
        ):
            self.shown.add(goal)
        else:
            (self._likely if standing is Standing.LIKELY else self._doubtful).append(goal)

    def _add(self, goal: Goal, instance: Instance) -> None:
        level = goal[1] if not instance.rule.stratum else instance.rule.stratum - 1
        premises = tuple((fact, level) for fact in instance.premises)
        for premise in premises:
            self._ask(premise)
        missing = [premise for premise in premises if premise not in self.shown]
        found = _Open(goal, instance, premises, len(missing))
        for premise in missing:
            self._waiting[premise].append(found)
        if not missing:
            self._conclude(found)

    def _conclude(self, found: _Open) -> None:
        """Note what an instance shows, and what follows from that."""
        complete = [found]
        while complete:
            step = complete.pop()
            self.grounds[step.goal].append(step)
            fact, level = step.goal
            levels = range(level, self.prover.highest + 1)
            for goal in [(fact, higher) for higher in levels if (fact, higher) in self.asked]:
                if goal not in self.shown:
                    self.shown.add(goal)
                    for waiting in self._waiting.pop(goal, ()):
                        waiting.missing -= 1
                        if not waiting.missing:
                            complete.append(waiting)


def _shortest(goal: Goal, search: _Search) -> Proof:
    """The proof with the fewest steps among those that a search has seen (Knuth 1977, a generalisation of Dijkstra's).

    Raises:
        TooLong: nobody could read it.
    """
    uses: dict[Goal, list[_Open]] = defaultdict(list)
    left: dict[int, int] = {}
    waiting: list[tuple[int, int, Goal, _Open | None]] = []
    number = count()
    for steps in search.grounds.values():
        for step in steps:
            left[id(step)] = len(step.premises)
            for premise in step.premises:
                uses[premise].append(step)
            if not step.premises:
                heapq.heappush(waiting, (1, next(number), step.goal, step))
    for given in search.shown:
        if search.held.is_given(given[0]):
            heapq.heappush(waiting, (1, next(number), given, None))
    sizes: dict[Goal, int] = {}
    chosen: dict[Goal, _Open | None] = {}
    while goal not in sizes:
        size, _, done, by = heapq.heappop(waiting)
        if done in sizes:
            continue
        sizes[done], chosen[done] = size, by
        fact, level = done
        for higher in range(level + 1, search.prover.highest + 1):
            heapq.heappush(waiting, (size, next(number), (fact, higher), by))
        for using in uses.get(done, ()):
            left[id(using)] -= 1
            if not left[id(using)]:
                total = 1 + sum(sizes[premise] for premise in using.premises)
                heapq.heappush(waiting, (total, next(number), using.goal, using))
    if sizes[goal] > MAX_PROOF_STEPS:
        raise TooLong(f"the proof has {sizes[goal]:,} steps; the limit is {MAX_PROOF_STEPS:,}")
    return _tree(goal, chosen)


def _tree(goal: Goal, chosen: Mapping[Goal, _Open | None], depth: int = 0) -> Proof:
    if depth > MAX_PROOF_DEPTH:
        raise TooLong(f"the proof is more than {MAX_PROOF_DEPTH} steps deep")
    subject, predicate, object_ = goal[0]
    triple = str(subject), str(predicate), str(object_)
    step = chosen[goal]
    if step is None:
        return Proof(triple, Status.ASSERTED)
    instance = step.instance
    conditions: list[Condition] = [Members(str(node), tuple(map(str, members))) for node, members in instance.lists]
    conditions += [Absence(*(None if term is None else str(term) for term in each)) for each in instance.absent]
    return Proof(
        triple,
        Status.INFERRED,
        rule=instance.rule.label,
        premises=tuple(_tree(premise, chosen, depth + 1) for premise in step.premises),
        conditions=tuple(conditions),
    )
