"""Clauses: rules with the schema filled in, which is what runs on the data.

In: the parsed rules, the terms' numbers, and the facts. Out: clauses, each a body of steps over the data with all that
follows from it. A rule whose schema part holds in a thousand ways gives a thousand clauses, those with equal bodies
joined in one; a rule without schema part is a clause already.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeGuard

from kg.reason.arrays import firsts, seconds
from kg.reason.axioms import MAX_MEMBERS, SAME, TYPE
from kg.reason.facts import Facts
from kg.reason.patterns import Absent, ListPattern, Pattern, RulePattern, TriplePattern, Variable
from kg.reason.solving import Step, solve

Number = Callable[[str], int]
"""The number of a term."""


@dataclass(frozen=True, slots=True)
class Merge:
    """That all values of one variable are the same thing, wherever the others in `by` are equal."""

    value: int
    by: tuple[int, ...]


@dataclass(slots=True)
class Clause:
    """A body and what follows wherever it holds.

    Attributes:
        body: steps over the data.
        absent: steps that must not hold.
        heads: the triples that follow.
        merges: which values become one thing.
        contradictions: the names of the rules for which the body is a contradiction.
    """

    body: tuple[Step, ...]
    absent: tuple[Step, ...] = ()
    heads: set[Step] = field(default_factory=set)
    merges: set[Merge] = field(default_factory=set)
    contradictions: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The numbers of the terms that compiling knows by name."""

    type_: int
    first: int
    rest: int
    nil: int
    same: int


Body = tuple[tuple[Step, ...], tuple[Step, ...]]
"""What has to hold, and what must not."""


def compile_rules(
    rules: Iterable[RulePattern], facts: Facts, number: Number, vocabulary: Vocabulary
) -> dict[Body, Clause]:
    """The clauses of the rules on what the schema says now, by what has to hold and what must not."""
    lists = Lists(facts, vocabulary)
    clauses: dict[Body, Clause] = {}
    for rule in rules:
        for bound in _schema_rows(rule, facts, number, lists):
            names: dict[Variable, int] = {}
            body = _body(rule, bound, names, number, lists)
            if body is not None:
                _add(clauses, rule, body, bound, names, number, vocabulary)
    return clauses


class Lists:
    """The RDF lists among the facts."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary) -> None:
        self._first = _first_of_each(facts, vocabulary.first)
        self._rest = _first_of_each(facts, vocabulary.rest)
        self._nil = vocabulary.nil

    def members(self, node: int) -> tuple[int, ...]:
        """The members of a list; none where it does not end in rdf:nil, for then it is no list."""
        found: list[int] = []
        seen = set()
        while node != self._nil:
            if node in seen or node not in self._first or node not in self._rest or len(found) == MAX_MEMBERS:
                return ()
            seen.add(node)
            found.append(self._first[node])
            node = self._rest[node]
        return tuple(found)


def _first_of_each(facts: Facts, predicate: int) -> dict[int, int]:
    pairs = facts.pairs(predicate).forward
    return dict(zip(firsts(pairs).tolist()[::-1], seconds(pairs).tolist()[::-1], strict=True))


Bound = dict[Variable, int]
"""The numbers of the variables of a rule that its schema part has given."""


def _schema_rows(rule: RulePattern, facts: Facts, number: Number, lists: Lists) -> Iterator[Bound]:
    """The ways in which the schema part of a rule holds."""
    triples = [pattern for pattern in rule.schema if isinstance(pattern, TriplePattern)]
    conditions = [pattern for pattern in rule.schema if isinstance(pattern, ListPattern)]
    names: dict[Variable, int] = {}
    steps = [_step(pattern, {}, names, number) for pattern in triples if not _is_equality(pattern)]
    table = solve(steps, facts)
    if not table.rows:
        return
    variables = list(names)
    columns = [table.columns[names[variable]].tolist() for variable in variables]
    rows: Iterable[tuple[int, ...]] = zip(*columns, strict=True) if columns else ((),)
    equal = [pattern for pattern in triples if _is_equality(pattern)]
    for row in rows:
        for bound in _with_lists(dict(zip(variables, row, strict=True)), conditions, lists):
            if all(_same(pattern, bound) for pattern in equal):
                yield bound


def _is_equality(pattern: TriplePattern) -> bool:
    """Whether a pattern says that two things are the same, which their representatives show."""
    return pattern.predicate == SAME


def _is_plain(pattern: Pattern) -> TypeGuard[TriplePattern]:
    return isinstance(pattern, TriplePattern) and not _is_equality(pattern)


def _same(pattern: TriplePattern, bound: Bound) -> bool:
    return (
        isinstance(pattern.subject, Variable)
        and isinstance(pattern.object, Variable)
        and bound[pattern.subject] == bound[pattern.object]
    )


def _with_lists(bound: Bound, conditions: Sequence[ListPattern], lists: Lists) -> Iterator[Bound]:
    if not conditions:
        yield bound
        return
    condition, *others = conditions
    members = lists.members(bound[condition.list])
    choices: Iterable[tuple[int, ...]]
    choices = ((member,) for member in members) if condition.kind == "member" else combinations(members, 2)
    for chosen in choices:
        yield from _with_lists({**bound, **dict(zip(condition.arguments, chosen, strict=True))}, others, lists)


def _body(rule: RulePattern, bound: Bound, names: dict[Variable, int], number: Number, lists: Lists) -> Body | None:
    """The data part of a rule as steps; it adds the numbers of its variables to `names`."""
    steps: list[Step] = []
    absent: list[Step] = []
    for pattern in rule.data:
        if isinstance(pattern, TriplePattern):
            steps.append(_step(pattern, bound, names, number))
        elif isinstance(pattern, Absent):
            absent.append(_step(pattern.pattern, bound, names, number))
        else:
            members = lists.members(bound[pattern.list])
            if not members:  # an empty chain, intersection or key says nothing
                return None
            steps += _list_steps(pattern, members, names, number)
    return tuple(dict.fromkeys(steps)), tuple(absent)


def _list_steps(
    pattern: ListPattern, members: Sequence[int], names: dict[Variable, int], number: Number
) -> Iterator[Step]:
    arguments = [_variable(argument, names) for argument in pattern.arguments]
    if pattern.kind == "types":
        type_ = number(TYPE)
        yield from (Step(arguments[0], type_, member) for member in members)
    elif pattern.kind == "chain":
        stops = [arguments[0], *(_fresh(names) for _ in members[1:]), arguments[1]]
        yield from (Step(stops[place], member, stops[place + 1]) for place, member in enumerate(members))
    else:
        for member in members:
            shared = _fresh(names)
            yield from (Step(argument, member, shared) for argument in arguments)


def _variable(variable: Variable, names: dict[Variable, int]) -> int:
    return names.setdefault(variable, -len(names) - 1)


def _fresh(names: dict[Variable, int]) -> int:
    return _variable(Variable(f"_{len(names)}"), names)


def _step(pattern: TriplePattern, bound: Mapping[Variable, int], names: dict[Variable, int], number: Number) -> Step:
    def term(of: Variable | str) -> int:
        if isinstance(of, str):
            return number(of)
        return bound[of] if of in bound else _variable(of, names)

    return Step(term(pattern.subject), term(pattern.predicate), term(pattern.object))


def _add(
    clauses: dict[Body, Clause],
    rule: RulePattern,
    whole: Body,
    bound: Bound,
    names: dict[Variable, int],
    number: Number,
    vocabulary: Vocabulary,
) -> None:
    body, absent = whole
    heads = [_step(pattern, bound, names, number) for pattern in rule.conclusions]
    merges = [head for head in heads if head.predicate == vocabulary.same and head.subject < 0 and head.object < 0]
    if not rule.conclusions:
        # The axiom is told with the facts that break it, and each violation has a body of its own.
        axiom = [_step(each, bound, names, number) for each in rule.schema if _is_plain(each)]
        body = _without_equality((*axiom, *body), vocabulary.same)
        clauses.setdefault((body, ()), Clause(body)).contradictions.add(rule.name)
    elif merges and _is_symmetric(body, merges[0]):
        half, merge = _half(body, merges[0])
        clauses.setdefault((half, ()), Clause(half)).merges.add(merge)
    else:
        new = {head for head in heads if head not in body}
        if new:
            clauses.setdefault(whole, Clause(body, absent)).heads |= new


def _without_equality(body: tuple[Step, ...], same: int) -> tuple[Step, ...]:
    """A body in which things that have to be the same are one variable: they share a representative."""
    for step in body:
        if step.predicate == same:
            others = [each for each in body if each != step]
            return tuple(_replaced(each, step.object, step.subject) for each in others)
    return body


def _replaced(step: Step, old: int, new: int) -> Step:
    return Step(
        new if step.subject == old else step.subject, step.predicate, new if step.object == old else step.object
    )


def _is_symmetric(body: tuple[Step, ...], head: Step) -> bool:
    one, other = head.subject, head.object
    swapped = {_replaced(_replaced(_replaced(step, one, 0), other, one), 0, other) for step in body}
    return swapped == set(body)


def _half(body: tuple[Step, ...], head: Step) -> tuple[tuple[Step, ...], Merge]:
    """Half of a symmetric body, and what has to be equal for its values to be one thing.

    The other half is the same with another variable, so to match both is to pair the rows of the first: of a thousand
    values of one functional property a million pairs, where a thousand rows say it all.
    """
    half = tuple(step for step in body if head.object not in step.variables())
    other = {variable for step in body if head.object in step.variables() for variable in step.variables()}
    shared = {variable for step in half for variable in step.variables()} & other
    return half, Merge(head.subject, tuple(sorted(shared)))


def transitive_predicates(clauses: Iterable[Clause]) -> dict[int, bool]:
    """The predicates that clauses make transitive, and whether others make them symmetric; the clauses lose that head.

    A transitive predicate is closed by itself (`kg.reason.transitive`), not by joining it with itself in each round.
    """
    found: dict[int, bool] = {}
    symmetric = set()
    for clause in clauses:
        match clause.body:
            case (Step(a, p, b),) if a < 0 and b < 0 and Step(b, p, a) in clause.heads:
                symmetric.add(p)
            case (Step(a, p, b), Step(c, q, d)) if p == q and b == c and a < 0 and b < 0 and d < 0:
                head = Step(a, p, d)
                if head in clause.heads and len({a, b, d}) == 3:
                    clause.heads.discard(head)
                    found[p] = False
    return {predicate: predicate in symmetric for predicate in found}


def triggers(clauses: Iterable[Clause], type_: int) -> dict[tuple[int, int], list[tuple[Clause, int]]]:
    """For each predicate, or class of rdf:type, the clauses with a step of it; -1 stands for every class."""
    found: dict[tuple[int, int], list[tuple[Clause, int]]] = defaultdict(list)
    for clause in clauses:
        for place, step in enumerate(clause.body):
            of_class = step.predicate == type_ and step.object >= 0
            found[step.predicate, step.object if of_class else -1].append((clause, place))
    return found
