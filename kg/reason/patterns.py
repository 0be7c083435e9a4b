"""Rules as structures: what `kg.reason.rules` writes as text, parsed.

In: the text of a rule. Out: its premises and conclusions as triple patterns and list conditions over named variables.
Terms that are not variables are N-Triples text, as the dictionary numbers them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.namespaces import OWL, RDF, RDFS, XSD
from kg.reason.rules import OWL_RL, Status

_W3C: Final = MappingProxyType({"rdf": RDF, "rdfs": RDFS, "owl": OWL})
_LIST: Final = re.compile(r"list:([a-z]+)\(([^)]*)\)")
_ABSENT: Final = re.compile(r"absent\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """A triple with variables; other terms are N-Triples text."""

    subject: Variable | str
    predicate: Variable | str
    object: Variable | str

    def terms(self) -> tuple[Variable | str, Variable | str, Variable | str]:
        """The three terms."""
        return self.subject, self.predicate, self.object


@dataclass(frozen=True, slots=True)
class ListPattern:
    """A condition on the members of a list: member, pair, chain, types or values."""

    kind: str
    list: Variable
    arguments: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """That no triple fits a pattern; its variables that stand nowhere else may have any value."""

    pattern: TriplePattern


Pattern = TriplePattern | ListPattern | Absent


@dataclass(frozen=True, slots=True)
class RulePattern:
    """A rule, parsed.

    Attributes:
        name: its W3C name, or the last part of the IRI of one of ours.
        schema: the premises that are matched on the schema.
        data: the premises that are matched on everything.
        conclusions: what follows; none where that is a contradiction.
    """

    name: str
    schema: tuple[Pattern, ...]
    data: tuple[Pattern, ...]
    conclusions: tuple[TriplePattern, ...]

    @property
    def premises(self) -> tuple[Pattern, ...]:
        """All premises."""
        return self.schema + self.data


def parse_rule(name: str, text: str, prefixes: Mapping[str, str] = _W3C) -> RulePattern:
    """The structure of a rule that has a form in triples.

    >>> parse_rule("prp-symp", "?p a owl:SymmetricProperty | ?x ?p ?y => ?y ?p ?x").conclusions[0].subject
    Variable(name='y')
    """
    premises, _, conclusions = text.partition("=>")
    schema, bar, data = premises.partition("|")
    before, after = tuple(_patterns(schema, prefixes)), tuple(_patterns(data, prefixes))
    if not bar and not any(isinstance(pattern, ListPattern) for pattern in before):
        before, after = (), before
    followed = () if conclusions.strip() == "FALSE" else tuple(_patterns(conclusions, prefixes))
    return RulePattern(name, before, after, tuple(each for each in followed if isinstance(each, TriplePattern)))


def parsed_rules(*, with_equality: bool = False) -> tuple[RulePattern, ...]:
    """The rules of OWL 2 RL that are applied; with those that representatives stand for, if asked."""
    taken = {Status.APPLIED, Status.NOT_WRITTEN} | ({Status.BY_REPRESENTATIVES} if with_equality else set())
    return tuple(parse_rule(rule.name, rule.text) for rule in OWL_RL if rule.text and rule.status in taken)


def _patterns(text: str, prefixes: Mapping[str, str]) -> Iterator[Pattern]:
    for part in re.split(r"\s+\.\s+", text.strip()):
        part = part.strip().removeprefix(". ")
        if not part:
            continue
        if found := _LIST.fullmatch(part):
            first, *others = (_variable(argument) for argument in found[2].split(","))
            yield ListPattern(found[1], first, tuple(others))
        elif found := _ABSENT.fullmatch(part):
            yield Absent(_triple(found[1], prefixes))
        else:
            yield _triple(part, prefixes)


def _triple(text: str, prefixes: Mapping[str, str]) -> TriplePattern:
    subject, predicate, object_ = (_term(term, prefixes) for term in text.split())
    return TriplePattern(subject, predicate, object_)


def _variable(text: str) -> Variable:
    return Variable(text.strip().removeprefix("?"))


def _term(text: str, prefixes: Mapping[str, str]) -> Variable | str:
    if text.startswith("?"):
        return _variable(text)
    if text == "a":
        return f"<{RDF}type>"
    if text.isdigit():
        return f'"{text}"^^<{XSD}integer>'
    if text == "true":
        return f'"true"^^<{XSD}boolean>'
    prefix, _, local = text.partition(":")
    return f"<{prefixes[prefix]}{local}>"
