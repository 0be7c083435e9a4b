"""Each rule damaged in turn: some case of `test_rules` no longer holds, or some near miss does.

A rule is taken out; loses a premise or a conclusion; has a conclusion turned round; or has one of its joins cut.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import pytest

from kg.reason import output, reasoner
from kg.reason.closure import Closure
from kg.reason.equality import Representatives
from kg.reason.patterns import Pattern, RulePattern, TriplePattern, Variable, parsed_rules
from kg.reason.rules import Status
from tests.reason import test_rules
from tests.reason.cases import CASES, PARSED, STATUS
from tests.reason.oracle import Derived, derived

FOLLOWS_FROM_OTHERS: Final = {
    "prp-eqp1": {"prp-eqp2", "prp-spo1"},
    "prp-eqp2": {"prp-eqp1", "prp-spo1"},
    "cls-int2": {"scm-int"},
    "cls-uni": {"scm-uni"},
}
"""Rules whose conclusions follow without them, and those that they follow from."""

BY_HIERARCHY: Final = {"cax-sco", "cax-eqc1", "cax-eqc2"}
"""Rules that the closure applies by handing members up, whatever their text says."""

UNSEEN: Final = frozenset(
    (
        # What nothing else binds may be called anything.
        "cls-maxc1 data 1 cut: x p stranger",
        "cls-maxqc2 data 1 cut: x p stranger",
        "cls-nothing2 data 0 cut: stranger type Nothing",
        "cls-svf2 data 0 cut: x p stranger",
        "prp-dom data 0 cut: x p stranger",
        "prp-rng data 0 cut: stranger p y",
        # The same from either end.
        "cls-maxc2 conclusion 0 turned",
        "cls-maxqc3 conclusion 0 turned",
        "cls-maxqc4 conclusion 0 turned",
        "prp-fp conclusion 0 turned",
        "prp-ifp conclusion 0 turned",
        "prp-key conclusion 0 turned",
        "scm-eqc2 conclusion 0 turned",
        "scm-eqp2 conclusion 0 turned",
        *(f"{name} conclusion {place} turned" for name in ("scm-cls", "scm-op", "scm-dp") for place in (0, 1)),
        # To be below itself and to be equivalent to itself follow from each other.
        *(f"{name} without conclusion {place}" for name in ("scm-cls", "scm-op", "scm-dp") for place in (0, 1)),
        # They follow from other rules, so that nothing changes if they are out, or find nothing to match.
        *(f"{name} out" for name in FOLLOWS_FROM_OTHERS),
        *(f"{name} without schema 0" for name in ("prp-eqp1", "prp-eqp2")),
        "prp-eqp1 schema 0 cut: stranger equivalentProperty p2",
        "prp-eqp2 schema 0 cut: p1 equivalentProperty stranger",
    )
)
"""Damage that changes nothing that is written."""


def mutants(rule: RulePattern) -> Iterator[tuple[str, RulePattern | None]]:
    """A rule damaged in every way, and None for its being out."""
    yield "out", None
    for what, schema in _damaged("schema", rule.schema):
        yield what, replace(rule, schema=schema)
    for what, data in _damaged("data", rule.data):
        yield what, replace(rule, data=data)
    for place, conclusion in enumerate(rule.conclusions):
        before, after = rule.conclusions[:place], rule.conclusions[place + 1 :]
        if before or after:
            yield f"without conclusion {place}", replace(rule, conclusions=(*before, *after))
        turned = TriplePattern(conclusion.object, conclusion.predicate, conclusion.subject)
        yield f"conclusion {place} turned", replace(rule, conclusions=(*before, turned, *after))


def _damaged(part: str, premises: tuple[Pattern, ...]) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    """Premises with one of them missing, or one of its variables called what nothing else is."""
    stranger = Variable("stranger")
    for place, premise in enumerate(premises):
        before, after = premises[:place], premises[place + 1 :]
        yield f"without {part} {place}", (*before, *after)
        if isinstance(premise, TriplePattern):
            cuts = []
            if isinstance(premise.subject, Variable):
                cuts.append(replace(premise, subject=stranger))
            if isinstance(premise.object, Variable):
                cuts.append(replace(premise, object=stranger))
            for cut in cuts:
                yield f"{part} {place} cut: {_words(cut)}", (*before, cut, *after)


def _words(pattern: TriplePattern) -> str:
    return " ".join(
        term.name if isinstance(term, Variable) else term.rpartition("#")[2].strip("<>") for term in pattern.terms()
    )


@lru_cache
def baseline(name: str) -> Derived:
    """What follows from the smallest case of a rule; `test_against_owlrl` shows that it is right."""
    return derived(CASES[name].triples)


def survives(monkeypatch: pytest.MonkeyPatch, name: str, rules: Sequence[RulePattern]) -> bool:
    """Whether every case of a rule still holds when others are applied."""
    expected = baseline(name)
    with monkeypatch.context() as patch:
        patch.setattr(reasoner, "parsed_rules", lambda: tuple(rules))
        try:
            assert derived(CASES[name].triples) == expected
            test_rules.test_no_near_miss_of_a_rule_holds(name)
            for key, (triples, conclusion) in test_rules.NOT_WRITTEN.items():
                if key.startswith(name):
                    assert conclusion in derived(triples).triples
        except (AssertionError, KeyError, OverflowError):  # the latter two where nothing binds a conclusion any more
            return False
    return True


APPLIED: Final = sorted(
    name for name in PARSED if STATUS[name] in {Status.APPLIED, Status.NOT_WRITTEN} and name not in BY_HIERARCHY
)


@pytest.mark.parametrize("name", APPLIED)
def test_every_damage_to_a_rule_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rules = parsed_rules()
    unseen = set()
    for what, mutant in mutants(PARSED[name]):
        damaged = [mutant if rule.name == name else rule for rule in rules]
        if survives(monkeypatch, name, [rule for rule in damaged if rule is not None]):
            unseen.add(f"{name} {what}")
    assert unseen == {damage for damage in UNSEEN if damage.startswith(f"{name} ")} & {
        f"{name} {what}" for what, _ in mutants(PARSED[name])
    }


@pytest.mark.parametrize(("name", "others"), FOLLOWS_FROM_OTHERS.items())
def test_a_rule_that_follows_from_others_is_missed_with_them(
    monkeypatch: pytest.MonkeyPatch, name: str, others: set[str]
) -> None:
    left = [rule for rule in parsed_rules() if rule.name not in {name, *others}]
    assert not survives(monkeypatch, name, left)


def test_no_rule_is_damaged_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(survives(monkeypatch, name, parsed_rules()) for name in APPLIED)


@pytest.mark.parametrize("name", sorted(BY_HIERARCHY))
def test_a_closure_that_hands_no_members_up_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rules = parsed_rules()
    baseline(name)
    with monkeypatch.context() as patch:
        patch.setattr(Closure, "_inherit", lambda self, pairs: None)
        assert not survives(monkeypatch, name, rules)


@pytest.mark.parametrize("name", ["eq-rep-s", "eq-rep-p", "eq-rep-o"])
def test_an_expansion_that_leaves_one_place_out_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    left_out, spread = ("eq-rep-s", "eq-rep-p", "eq-rep-o").index(name), output._spread
    baseline(name)
    with monkeypatch.context() as patch:
        patch.setattr(
            output,
            "_spread",
            lambda columns, place, table: columns if place == left_out else spread(columns, place, table),
        )
        assert not survives(monkeypatch, name, parsed_rules())


@pytest.mark.parametrize("name", ["eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o"])
def test_representatives_that_unite_nothing_are_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    baseline(name)
    with monkeypatch.context() as patch:
        patch.setattr(Representatives, "unite", lambda self, pairs: set())
        assert not survives(monkeypatch, name, parsed_rules())


def test_literals_made_one_in_silence_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Representatives, "clashes", property(lambda self: set(), lambda self, value: None), raising=False)
        with pytest.raises(AssertionError):
            test_rules.test_a_second_value_of_a_functional_property_is_a_contradiction_if_it_is_a_literal('"a"')
