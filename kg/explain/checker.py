"""The proof checker: whether a proof is one, judged by the rules alone.

In: a proof, the rulebook, and what was asserted. Out: the first fault, or none. It does not search and knows nothing of
how the proof was found: each step has to be an instance of its rule, each leaf asserted, each axiom among the leaves
asserted in a trusted graph, each condition the one that the rule asks for, and true.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.explain.proof import Absence, Members, Proof, Statement, Status
from kg.explain.rulebook import BookRule
from kg.reason.axioms import FIRST, NIL, REST, TYPE, is_axiom
from kg.reason.patterns import Absent, ListPattern, Pattern, TriplePattern, Variable

Bound = dict[Variable, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a checker believes without proof.

    Attributes:
        asserted: the triples of the default graph.
        trusted: those of the graphs whose axioms are believed.
        fitted: whether a triple that was known when a stratum began fits a pattern; asked of absences alone.
        links: the triples of lists in trusted graphs, by node and predicate.
    """

    asserted: Container[Statement]
    trusted: Container[Statement]
    fitted: Callable[[int, Absence], bool]
    links: Mapping[tuple[str, str], Sequence[str]]


def evidence(
    asserted: Container[Statement], trusted: Iterable[Statement], fitted: Callable[[int, Absence], bool]
) -> Evidence:
    """The evidence of some triples."""
    believed = set(trusted)
    return Evidence(asserted, believed, fitted, _links(believed))


def find_fault(proof: Proof, book: Iterable[BookRule], evidence: Evidence) -> str | None:
    """Why a proof is none, in words; None if it is one."""
    if proof.status is Status.NOT_HELD:
        return "it says itself that the triple does not hold"
    if proof.status is Status.ASSERTED and not proof.premises and not proof.rule and not proof.conditions:
        return None if proof.triple in evidence.asserted else f"{proof.triple} is not asserted"
    rules = {rule.label: rule for rule in book}
    left: list[tuple[Proof, frozenset[Statement], int | None]] = [(proof, frozenset(), None)]
    while left:
        step, above, before = left.pop()
        fault = f"{step.triple} rests on itself" if step.triple in above else _fault(step, rules, before, evidence)
        if fault:
            return fault
        # What a rule of a stratum needs was known before that: rules of its own stratum cannot have found it.
        before = rules[step.rule].stratum or before if step.rule else before
        left += [(premise, above | {step.triple}, before) for premise in step.premises]
    return None


def _fault(step: Proof, rules: Mapping[str, BookRule], before: int | None, evidence: Evidence) -> str | None:
    if step.status is Status.ASSERTED:
        return _leaf_fault(step, evidence)
    rule = rules.get(step.rule)
    if step.status is not Status.INFERRED or rule is None:
        return f"{step.triple} follows by no rule named {step.rule!r}"
    if before is not None and rule.stratum >= before:
        return f"{step.rule} is applied only after the rule that needs {step.triple}"
    return _step_fault(step, rule, evidence)


def _leaf_fault(step: Proof, evidence: Evidence) -> str | None:
    if step.premises or step.rule or step.conditions:
        return f"{step.triple} is said to be asserted, and to follow"
    if step.triple not in evidence.asserted:
        return f"{step.triple} is not asserted"
    if is_axiom(step.triple[1], step.triple[2]) and step.triple not in evidence.trusted:
        return f"{step.triple} is an axiom that no trusted graph states"
    return None


def _step_fault(step: Proof, rule: BookRule, evidence: Evidence) -> str | None:
    told = [condition for condition in step.conditions if isinstance(condition, Members)]
    links = _links({premise.triple for premise in step.premises})
    for members in told:
        if not _reads(members, evidence.links, links):
            return f"{members.list} is not the list that {step.rule} reads for {step.triple}"
    absences = [condition for condition in step.conditions if isinstance(condition, Absence)]
    for absence in absences:
        if evidence.fitted(rule.stratum, absence):
            return f"{step.rule} needs something absent that was there: {absence}"
    premises = frozenset(premise.triple for premise in step.premises)
    spare = frozenset(triple for triple in premises if triple[1] in {FIRST, REST}) if told else frozenset()
    for conclusion in rule.pattern.conclusions:
        bound = _fitted(conclusion, step.triple, {})
        if bound is None:
            continue
        for used, ending in _matched(rule.pattern.premises, bound, premises, told, frozenset()):
            if premises <= used | spare and _told_absences(rule, ending) == absences:
                return None
    return f"{step.triple} is no instance of {step.rule}"


def _matched(
    patterns: Sequence[Pattern],
    bound: Bound,
    premises: frozenset[Statement],
    told: Sequence[Members],
    used: frozenset[Statement],
) -> Iterator[tuple[frozenset[Statement], Bound]]:
    """The ways to fit patterns to premises: which premises they use, and what the variables are."""
    if not patterns:
        yield used, bound
        return
    pattern, others = patterns[0], patterns[1:]
    if isinstance(pattern, Absent):
        yield from _matched(others, bound, premises, told, used)
    elif isinstance(pattern, ListPattern):
        for members in told:
            if bound.get(pattern.list) == members.list:
                for expanded, extended in _expanded(pattern, members.members, bound):
                    yield from _matched((*expanded, *others), extended, premises, told, used)
    else:
        for triple in premises:
            fitted = _fitted(pattern, triple, bound)
            if fitted is not None:
                yield from _matched(others, fitted, premises, told, used | {triple})


def _expanded(
    pattern: ListPattern, members: Sequence[str], bound: Bound
) -> Iterator[tuple[Sequence[TriplePattern], Bound]]:
    """A condition on the members of a list as patterns, with what it says of the variables."""
    arguments = pattern.arguments
    if pattern.kind == "member":
        for member in dict.fromkeys(members):
            if bound.get(arguments[0], member) == member:
                yield (), {**bound, arguments[0]: member}
    elif members and pattern.kind == "types":
        yield [TriplePattern(arguments[0], TYPE, member) for member in members], bound
    elif members and pattern.kind == "chain":
        between = [Variable(f"{pattern.list.name}/{place}") for place in range(1, len(members))]
        stops = [arguments[0], *between, arguments[1]]
        yield [TriplePattern(stops[place], member, stops[place + 1]) for place, member in enumerate(members)], bound
    elif members and pattern.kind == "values":
        shared = [Variable(f"{pattern.list.name}/{place}") for place in range(len(members))]
        pairs = zip(members, shared, strict=True)
        yield [TriplePattern(one, member, value) for member, value in pairs for one in arguments], bound


def _fitted(pattern: TriplePattern, triple: Statement, bound: Bound) -> Bound | None:
    """What is known of the variables if a triple fits a pattern; None if it does not."""
    extended = dict(bound)
    for term, found in zip(pattern.terms(), triple, strict=True):
        if isinstance(term, Variable):
            if extended.setdefault(term, found) != found:
                return None
        elif term != found:
            return None
    return extended


def _told_absences(rule: BookRule, bound: Bound) -> list[Absence]:
    def value(term: Variable | str) -> str | None:
        return bound.get(term) if isinstance(term, Variable) else term

    patterns = [each.pattern for each in rule.pattern.premises if isinstance(each, Absent)]
    return [Absence(value(each.subject), value(each.predicate), value(each.object)) for each in patterns]


def _links(triples: Iterable[Statement]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, predicate, object_ in triples:
        if predicate in {FIRST, REST}:
            found[subject, predicate].append(object_)
    return dict(found)


def _reads(told: Members, *links: Mapping[tuple[str, str], Sequence[str]]) -> bool:
    """Whether a list can be read as told; one that is broken or runs in a circle ends where it does."""

    def objects(node: str, predicate: str) -> list[str]:
        return [object_ for each in links for object_ in each.get((node, predicate), ())]

    left: list[tuple[str, int, frozenset[str]]] = [(told.list, 0, frozenset())]
    while left:
        node, place, seen = left.pop()
        firsts = [] if node == NIL or node in seen else objects(node, FIRST)
        if place == len(told.members):
            if not firsts:
                return True
        elif told.members[place] in firsts:
            left += [(rest, place + 1, seen | {node}) for rest in objects(node, REST) or [NIL]]
    return False
