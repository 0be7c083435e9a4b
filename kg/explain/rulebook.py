"""The rulebook: every rule that an explanation may name, W3C's and ours, as structures.

In: the names of a generation. Out: its rules by label: the W3C name, or the IRI of ours below `B ns/rule#`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg.namespaces import Names
from kg.reason.own_rules import OWN_RULES, own_rules
from kg.reason.patterns import RulePattern, parsed_rules


@dataclass(frozen=True, slots=True)
class BookRule:
    """A rule under its label.

    Attributes:
        stratum: 0 where it is applied throughout; others see only what the strata before them have found.
    """

    label: str
    pattern: RulePattern
    stratum: int = 0


def rule_iri(names: Names, name: str) -> str:
    """The IRI of one of our rules."""
    return f"{names.base}ns/rule#{name}"


def rulebook(names: Names) -> tuple[BookRule, ...]:
    """The rules of OWL 2 RL that conclude something, those of equality among them, and ours."""
    return book_of(own_rules(names), names)


def book_of(strata: Sequence[Sequence[RulePattern]], names: Names) -> tuple[BookRule, ...]:
    """The rules of OWL 2 RL, and others by stratum."""
    book = [BookRule(rule.name, rule) for rule in parsed_rules(with_equality=True) if rule.conclusions]
    for stratum, rules in enumerate(strata):
        book += [BookRule(rule_iri(names, rule.name), rule, stratum) for rule in rules]
    return tuple(book)


def meanings(names: Names) -> Mapping[str, tuple[str, str]]:
    """What our rules say, by label: Norwegian, English."""
    return MappingProxyType({rule_iri(names, rule.name): (rule.nb, rule.en) for rule in OWN_RULES})
