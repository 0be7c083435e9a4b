"""The smallest case of every rule that has a form in triples, and what lies next to it, made from the rule itself.

In: a rule, parsed. Out: triples in which it holds once and nothing else does, its conclusions, and near misses: the
same triples without one of them, or with one join broken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.explain.proof import Statement
from kg.namespaces import OWL, RDF
from kg.reason.patterns import ListPattern, RulePattern, TriplePattern, Variable, parse_rule
from kg.reason.rules import OWL_RL, Status

_TYPE: Final = f"<{RDF}type>"
_SAME: Final = f"<{OWL}sameAs>"


@dataclass(frozen=True)
class Case:
    """A rule at work.

    Attributes:
        rule: its name.
        triples: what makes it hold.
        links: which of them make up the list, whose order and end belong to it.
        conclusions: what follows; none where that is a contradiction.
    """

    rule: str
    triples: tuple[Statement, ...]
    links: frozenset[Statement]
    conclusions: tuple[Statement, ...]

    @property
    def premises(self) -> tuple[Statement, ...]:
        """The triples that are not part of a list."""
        return tuple(triple for triple in self.triples if triple not in self.links)

    def near_misses(self) -> Iterator[tuple[str, tuple[Statement, ...]]]:
        """Triples in which the rule does not hold, with what is wrong with them."""
        for premise in self.premises:
            yield f"without {_short(premise)}", tuple(triple for triple in self.triples if triple != premise)
        uses: dict[str, int] = {}
        for triple in self.triples:
            for term in triple:
                uses[term] = uses.get(term, 0) + 1
        for premise in self.premises:
            for place, term in enumerate(premise):
                if term.startswith("<urn:") and uses[term] > 1:
                    terms = [*premise]
                    terms[place] = "<urn:stranger>"
                    changed = (terms[0], terms[1], terms[2])
                    yield (
                        f"with {_short(changed)}",
                        tuple(changed if each == premise else each for each in self.triples),
                    )


def case_of(rule: RulePattern) -> Case:
    """The smallest case of a rule."""
    triples: list[Statement] = []
    links: set[Statement] = set()
    for premise in rule.premises:
        if isinstance(premise, TriplePattern):
            triples.append(_filled(premise))
        elif isinstance(premise, ListPattern):
            members, data = _list_of(premise)
            nodes = [_iri(premise.list), *(f"<urn:list{place}>" for place in range(1, len(members)))]
            for place, member in enumerate(members):
                rest = nodes[place + 1] if place + 1 < len(nodes) else f"<{RDF}nil>"
                links |= {(nodes[place], f"<{RDF}first>", member), (nodes[place], f"<{RDF}rest>", rest)}
            triples += data
    conclusions = tuple(_filled(conclusion) for conclusion in rule.conclusions)
    return Case(rule.name, (*triples, *sorted(links)), frozenset(links), conclusions)


def _list_of(condition: ListPattern) -> tuple[list[str], list[Statement]]:
    """The members of a list of which a condition holds, and the triples beside it that this takes."""
    terms = [_iri(argument) for argument in condition.arguments]
    if condition.kind in {"member", "pair"}:
        return [*terms, "<urn:another>"], []
    members = [f"<urn:member{place}>" for place in range(3)]
    if condition.kind == "types":
        return members, [(terms[0], _TYPE, member) for member in members]
    if condition.kind == "chain":
        stops = [terms[0], "<urn:stop1>", "<urn:stop2>", terms[1]]
        return members, [(stops[place], member, stops[place + 1]) for place, member in enumerate(members)]
    assert condition.kind == "values"
    values = [f"<urn:value{place}>" for place in range(3)]
    return members, [(term, members[place], value) for place, value in enumerate(values) for term in terms]


def _filled(pattern: TriplePattern) -> Statement:
    subject, predicate, object_ = (_iri(term) if isinstance(term, Variable) else term for term in pattern.terms())
    return subject, predicate, object_


def _iri(variable: Variable) -> str:
    return f"<urn:{variable.name}>"


def _short(triple: Statement) -> str:
    return " ".join(term.rpartition("#")[2].rpartition(":")[2].strip("<>") for term in triple)


PARSED: Final[Mapping[str, RulePattern]] = {rule.name: parse_rule(rule.name, rule.text) for rule in OWL_RL if rule.text}
"""The rules of OWL 2 RL that have a form in triples, by name."""

STATUS: Final[Mapping[str, Status]] = {rule.name: rule.status for rule in OWL_RL}

CASES: Final[Mapping[str, Case]] = {name: case_of(rule) for name, rule in PARSED.items()}
"""The smallest case of each."""
