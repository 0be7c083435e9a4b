"""Checks of a link before it is accepted: what no rule of OWL 2 RL finds, because it needs no member of a class.

In: the names of a generation. Out: rules whose conclusion is a contradiction, one row each. They are asked only when a
link is tried: a generation may hold classes without members, which harms nobody until somebody is put into one.
"""

from dataclasses import dataclass
from typing import Final

from kg.explain.supposing import Step
from kg.namespaces import MODELLDCATNO, WELL_KNOWN_PREFIXES, Names
from kg.reason.axioms import TYPE
from kg.reason.patterns import RulePattern, parse_rule

_LINK: Final = (
    "?l a kg:AcceptedLink . ?l owl:annotatedSource ?a . ?l owl:annotatedTarget ?b "
    ". ?l owl:annotatedProperty skos:exactMatch"
)
_PAIRS: Final = "?x a owl:AllDisjointClasses . ?x owl:members ?m . list:pair(?m, ?d, ?e)"

COMPATIBLE: Final = frozenset(f"<{MODELLDCATNO}{name}>" for name in ("ObjectType", "RootObjectType"))
"""Kinds of which one element has only one, and which may well be the same thing in two models: a root is a root in its
own model alone (ModellDCAT-AP-NO 1.3, Rotobjekttype)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: its name in an answer.
        kind: "empty-class" or "different".
        text: what must not hold, written as in `kg.reason.rules`.
    """

    name: str
    kind: str
    text: str
    nb: str
    en: str


_EMPTY: Final = "empty-class"
_DIFFERENT: Final = "different"
_EMPTY_NB: Final = "en klasse blir underklasse av to klasser uten felles medlemmer, og kan ikke ha noe medlem"
_EMPTY_EN: Final = "a class comes to be below two classes without common members, and can have no member"

CHECKS: Final = (
    Check(
        "empty-by-disjoint-classes",
        _EMPTY,
        "?c rdfs:subClassOf ?d . ?c rdfs:subClassOf ?e . ?d owl:disjointWith ?e => FALSE",
        _EMPTY_NB,
        _EMPTY_EN,
    ),
    Check(
        "empty-by-all-disjoint-classes",
        _EMPTY,
        "?x a owl:AllDisjointClasses . ?x owl:members ?l . list:pair(?l, ?d, ?e) "
        ". ?c rdfs:subClassOf ?d . ?c rdfs:subClassOf ?e => FALSE",
        _EMPTY_NB,
        _EMPTY_EN,
    ),
    Check(
        "empty-by-complement",
        _EMPTY,
        "?c rdfs:subClassOf ?d . ?c rdfs:subClassOf ?e . ?d owl:complementOf ?e => FALSE",
        _EMPTY_NB,
        _EMPTY_EN,
    ),
    Check(
        "different-by-disjoint-kinds",
        _DIFFERENT,
        f"{_LINK} . ?a a ?d . ?b a ?e . ?d owl:disjointWith ?e => FALSE",
        "koblingen gjør like to ting av slag som utelukker hverandre",
        "the link equates two things of kinds that exclude each other",
    ),
    Check(
        "different-by-all-disjoint-kinds",
        _DIFFERENT,
        f"{_PAIRS} . {_LINK} . ?a a ?d . ?b a ?e => FALSE",
        "koblingen gjør like to ting av slag som utelukker hverandre",
        "the link equates two things of kinds that exclude each other",
    ),
    Check(
        "different-by-all-disjoint-kinds-turned",
        _DIFFERENT,
        f"{_PAIRS} . {_LINK} . ?a a ?e . ?b a ?d => FALSE",
        "koblingen gjør like to ting av slag som utelukker hverandre",
        "the link equates two things of kinds that exclude each other",
    ),
    Check(
        "different-by-disjoint-kinds-turned",
        _DIFFERENT,
        f"{_LINK} . ?a a ?d . ?b a ?e . ?e owl:disjointWith ?d => FALSE",
        "koblingen gjør like to ting av slag som utelukker hverandre",
        "the link equates two things of kinds that exclude each other",
    ),
    Check(
        "declared-different",
        _DIFFERENT,
        f"{_LINK} . ?a owl:differentFrom ?b => FALSE",
        "koblingen gjør like to ting som er oppgitt å være forskjellige",
        "the link equates two things that are declared different",
    ),
    Check(
        "declared-different-turned",
        _DIFFERENT,
        f"{_LINK} . ?b owl:differentFrom ?a => FALSE",
        "koblingen gjør like to ting som er oppgitt å være forskjellige",
        "the link equates two things that are declared different",
    ),
)
"""Every check."""


def checks(names: Names) -> tuple[RulePattern, ...]:
    """The checks, parsed."""
    prefixes = {**WELL_KNOWN_PREFIXES, "kg": names.ns}
    return tuple(parse_rule(check.name, check.text, prefixes) for check in CHECKS)


def is_harmless(step: Step) -> bool:
    """Whether a contradiction is only that two elements are of compatible kinds."""
    kinds = {str(fact[2]) for fact in step.premises if str(fact[1]) == TYPE and str(fact[2]) in COMPATIBLE}
    return step.rule.startswith("different-by-") and kinds == COMPATIBLE
