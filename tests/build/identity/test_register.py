"""Names, hierarchy and ministry of organisations."""

from pyoxigraph import NamedNode

from kg.build.identity.aliases import Aliases
from kg.build.identity.organisations import find_organisations
from kg.build.identity.register import organisation_triples
from kg.build.identity.sightings import Sightings
from kg.namespaces import WELL_KNOWN_PREFIXES, Names
from tests.build.identity.conftest import See

NAMES = Names("https://kunnskapsgraf.example/")
ORG = "https://data.norge.no/organizations/"
BRREG, NFD, SKATT, KARTVERKET = "974760673", "912660680", "974761076", "971040238"
BR = (
    "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources/ontology/"
    "organization-catalog.owl#orgPath"
)
ORG_TYPE = (
    "https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources/ontology/"
    "org-type.ttl#"
)


def said(*sightings: Sightings) -> set[tuple[str, str, str]]:
    """What follows: number, local name of the predicate, and number or N-Triples text."""
    organisations = find_organisations(sightings)
    triples = organisation_triples(sightings, Aliases(organisations.found), organisations.canonical, NAMES)
    return {
        (
            str(triple.subject).strip("<>").removeprefix(ORG),
            triple.predicate.value.rpartition("#")[2],
            triple.object.value.removeprefix(ORG) if isinstance(triple.object, NamedNode) else str(triple.object),
        )
        for triple in triples
    }


def test_the_display_name_is_what_most_sources_write_and_one_for_each_language(turtle: See) -> None:
    texts = ('"Brreg"@nb', '"Brønnøysundregistrene"', '"Brønnøysundregistrene"@no , "Register Centre"@en')
    seen = [turtle(str(n), f"<{ORG}{BRREG}> foaf:name {text} .") for n, text in enumerate(texts)]
    assert (
        said(*seen)
        == said(*reversed(seen))
        == {
            (BRREG, "displayName", '"Brønnøysundregistrene"@nb'),
            (BRREG, "displayName", '"Register Centre"@en'),
        }
    )


def test_the_registered_name_in_capitals_is_shown_only_where_there_is_no_other(turtle: See) -> None:
    register = turtle(
        "register", f'<{ORG}{BRREG}> rov:legalName "REGISTERENHETEN" . <{ORG}{SKATT}> rov:legalName "SKATT" .'
    )
    one = turtle("one", f'<{ORG}{BRREG}> foaf:name "Brreg"@nb .')
    assert said(register, one) == {(BRREG, "displayName", '"Brreg"@nb'), (SKATT, "displayName", '"SKATT"@nb')}


def test_an_org_path_gives_the_parents_and_the_ministry(turtle: See) -> None:
    seen = turtle(
        "register",
        f'<{ORG}{BRREG}> <{BR}> "/STAT/{NFD}/{BRREG}" . <{ORG}{NFD}> foaf:name "Nærings- og fiskeridepartementet"@nb .',
    )
    found = said(seen)
    assert (BRREG, "subOrganizationOf", NFD) in found
    assert (BRREG, "ministry", NFD) in found


def test_parents_and_the_form_of_the_topmost_give_the_org_path(turtle: See) -> None:
    seen = turtle(
        "register",
        f"<{ORG}{BRREG}> <{WELL_KNOWN_PREFIXES['org']}subOrganizationOf> <{ORG}{NFD}> ."
        f'<{ORG}{NFD}> rov:orgType <{ORG_TYPE}STAT> ; foaf:name "Nærings- og fiskeridepartementet"@nb .'
        f'<{ORG}{SKATT}> rov:orgType <{ORG_TYPE}AS> . <{ORG}{KARTVERKET}> foaf:name "Kartverket" .',
    )
    found = said(seen)
    assert (BRREG, "orgPath", f'"/STAT/{NFD}/{BRREG}"') in found
    assert (NFD, "orgPath", f'"/STAT/{NFD}"') in found
    assert (BRREG, "ministry", NFD) in found
    assert (NFD, "ministry", NFD) in found
    assert (SKATT, "orgPath", f'"/PRIVAT/{SKATT}"') in found
    assert not any(number == KARTVERKET and predicate == "orgPath" for number, predicate, _ in found)


def test_a_state_body_under_none_has_no_ministry(turtle: See) -> None:
    seen = turtle("register", f'<{ORG}984195796> rov:orgType <{ORG_TYPE}STAT> ; foaf:name "Domstolene i Norge"@nb .')
    assert not any(predicate == "ministry" for _, predicate, _ in said(seen))


def test_organisations_under_each_other_in_a_circle_do_no_harm(turtle: See) -> None:
    org = WELL_KNOWN_PREFIXES["org"]
    seen = turtle(
        "register",
        f"<{ORG}{BRREG}> <{org}subOrganizationOf> <{ORG}{NFD}> ; rov:orgType <{ORG_TYPE}STAT> ."
        f"<{ORG}{NFD}> <{org}subOrganizationOf> <{ORG}{BRREG}>, <{ORG}{NFD}> ; rov:orgType <{ORG_TYPE}STAT> .",
    )
    assert {(BRREG, "subOrganizationOf", NFD), (NFD, "subOrganizationOf", BRREG)} <= said(seen)


def test_a_path_that_does_not_end_in_the_organisation_is_not_believed(turtle: See) -> None:
    seen = turtle("register", f'<{ORG}{BRREG}> <{BR}> "/STAT/{SKATT}", "x", "/STAT/1/{"9" * 4000}" .')
    assert not any(predicate == "subOrganizationOf" for _, predicate, _ in said(seen))
