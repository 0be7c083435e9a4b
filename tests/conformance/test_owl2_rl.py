"""The W3C's test cases for OWL 2, those of the RL profile: what we pass, and why we do not pass the others.

The collection is `all.rdf` of https://www.w3.org/2009/11/owl-test/. It is looked for in the folder that the environment
variable KG_OWL2_TESTS names, else beside the checkout.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from tests.conformance.owl2_cases import Case, has_triples, passes, read_cases
from tests.reason.oracle import derived, derived_by_owlrl

FOLDER: Final = Path(
    os.environ.get("KG_OWL2_TESTS") or Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "owl2-tests"
)

_NEW_CLASS: Final = "the conclusion has a class expression that the premise has not; rules make no new ones"
_DIFFERENT: Final = "it concludes that two things differ; no rule of the tables does"
_RANGES: Final = "it concludes from how datatypes contain each other; no rule of the tables does"
_ANNOTATION: Final = "it carries an annotation from one class to an equivalent one, which are not the same thing"
FAILURES: Final = {
    "DisjointClasses-001": _NEW_CLASS,
    "DisjointClasses-003": _NEW_CLASS,
    "New-Feature-ObjectQCR-002": _NEW_CLASS,
    "WebOnt-I5.5-005": _NEW_CLASS,
    "New-Feature-DisjointDataProperties-002": _DIFFERENT,
    "New-Feature-DisjointObjectProperties-001": _DIFFERENT,
    "New-Feature-DisjointObjectProperties-002": _DIFFERENT,
    "WebOnt-differentFrom-001": _DIFFERENT,
    "owl2-rl-rules-fp-differentFrom": _DIFFERENT,
    "owl2-rl-rules-ifp-differentFrom": _DIFFERENT,
    "WebOnt-I5.8-006": _RANGES,
    "WebOnt-I5.8-008": _RANGES,
    "WebOnt-I5.8-009": _RANGES,
    "WebOnt-I4.6-005-Direct": _ANNOTATION,
    "WebOnt-equivalentClass-008-Direct": _ANNOTATION,
    "New-Feature-ReflexiveProperty-001": "owl:ReflexiveProperty is outside the RL profile's rules",
    "chain2trans1": "it concludes an axiom from another, that a chain of p and p makes p transitive; no rule does",
}
"""Positive entailments that do not follow by the rules of tables 4 to 9, with the reason."""

WITHOUT_TRIPLES: Final = frozenset(
    (
        "Disjoint_Props_via_Disjoint_Domains",
        "Disjoint_Props_via_Disjoint_Ranges",
        "Individual-Class_Punning_vs._ObjectOneOf",
        "New-Feature-ObjectPropertyChain-BJP-002",
        "Plus and Minus Zero are Distinct",
        "WebOnt-imports-013",
        "functionality-clash",
        "string-integer-clash",
    )
)
"""Cases that stand in the collection in functional syntax only, which nothing here reads."""


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    if not (FOLDER / "all.rdf").exists():
        pytest.skip(f"the W3C's OWL 2 test cases are not in {FOLDER}")
    return read_cases(FOLDER)


def test_every_case_is_passed_or_its_failure_has_a_reason(cases: list[Case]) -> None:
    failed = {
        case.name for case in cases if has_triples(case) for kind in case.kinds if not passes(case, kind, derived)
    }
    assert failed == set(FAILURES)


def test_every_case_that_owlrl_passes_is_passed(cases: list[Case]) -> None:
    asked = [(case, kind) for case in cases if has_triples(case) for kind in sorted(case.kinds)]
    worse = [
        (case.name, kind)
        for case, kind in asked
        if not passes(case, kind, derived) and passes(case, kind, derived_by_owlrl)
    ]
    assert worse == []
    assert len(asked) > 100


def test_only_the_cases_named_have_no_triples(cases: list[Case]) -> None:
    assert {case.name for case in cases if not has_triples(case)} <= WITHOUT_TRIPLES


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_no_failure_takes_a_case_for_inconsistent(cases: list[Case], name: str) -> None:
    case = next(case for case in cases if case.name == name)
    assert "PositiveEntailmentTest" in case.kinds
    assert passes(case, "ConsistencyTest", derived)
