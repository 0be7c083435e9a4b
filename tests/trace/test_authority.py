"""Who answers for what: every ground of authority, in one look-up and in the look over all; houses of agencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.trace.authority import Basis, authoritative_datasets, authority_of, houses
from tests.trace.webs import facts_of, iri, store_of

GROUNDS = """
    <a> a dcat:Dataset ; fdk:isAuthoritative true .
    <b> a dcat:Dataset ; dcat:keyword "Basisregister"@nb , "annet"@nb .
    <c> a dcat:Dataset ; kg:legalBasis <grunnlag> ; dct:publisher <skatt> . <grunnlag> rdfs:seeAlso <loven> .
    <loven> kg:establishesRegisterOf <skatt> .
    <d> a dcat:Dataset ; kg:legalBasis <loven> ; dct:publisher <nav> .
    <e> a dcat:Dataset ; dcat:keyword "mitt basisregister"@nb ; fdk:isAuthoritative false .
    <f> a dcat:Dataset ; dcat:keyword "basisregister" ; fdk:isAuthoritative true .
"""


def test_the_look_over_all_datasets_says_what_is_said_of_each() -> None:
    facts = facts_of(store_of(GROUNDS))
    found = authoritative_datasets(facts)
    assert found == {
        iri("a"): Basis.PROVENANCE,
        iri("b"): Basis.BASE_REGISTER,
        iri("c"): Basis.LAW,
        iri("f"): Basis.PROVENANCE,
    }
    for name in "abcdef":
        assert authority_of(facts, iri(name)) is found.get(iri(name))


@pytest.mark.parametrize(
    ("agencies", "kept"),
    [
        (("skatt", "nav"), ("skatt", "nav")),
        (("skatt", "skatt"), ("skatt",)),
        (("under", "nav"), ("nav",)),
        (("under", "skatt"), ("under", "skatt")),
        (("https://data.norge.no/organizations/974761076", "https://x.example/974761076"), None),
        ((), ()),
    ],
)
def test_a_house_counts_once(agencies: tuple[str, ...], kept: tuple[str, ...] | None) -> None:
    facts = facts_of(store_of("<under> org:subOrganizationOf <nav> ."))
    found = houses(facts, map(iri, agencies))
    assert found == tuple(map(iri, agencies[:1] if kept is None else kept))


@given(st.lists(st.sampled_from("abcd")), st.sets(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"))))
def test_houses_are_some_of_the_agencies_and_apart(agencies: list[str], parts: set[tuple[str, str]]) -> None:
    turtle = " ".join(f"<{one}> org:subOrganizationOf <{other}> ." for one, other in sorted(parts))
    facts = facts_of(store_of(turtle))
    found = houses(facts, map(iri, agencies))
    assert set(found) <= set(map(iri, agencies))
    assert all(facts.above(agency).isdisjoint(found) for agency in found)
