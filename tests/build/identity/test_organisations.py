"""One canonical IRI per organisation, and nothing guessed."""

from pyoxigraph import NamedNode

from kg.build.identity.aliases import ORGANISATION_IRI, ORGANISATION_NAME, ORGANISATION_NUMBER
from kg.build.identity.organisations import Organisations, find_organisations, normal_name
from tests.build.identity.conftest import See

BRREG = "https://data.norge.no/organizations/974760673"
SKATT = "https://data.norge.no/organizations/974761076"


def found(organisations: Organisations) -> dict[str, tuple[str, str]]:
    return {each.alias.value: (each.canonical.value, each.rule.name) for each in organisations.found}


def reported(organisations: Organisations, source_id: str) -> list[str]:
    return [f"{problem.what}; {problem.hint}" for problem in organisations.problems.get(source_id, ())]


def test_forms_with_a_valid_number_are_aliases_wherever_they_stand(turtle: See) -> None:
    one = turtle("one", "x:d dct:publisher <http://data.brreg.no/enhetsregisteret/enhet/974760673> .")
    two = turtle(
        "two",
        '<https://organization-catalogue.fellesdatakatalog.digdir.no/organizations/974760673> foaf:name "Brreg" .'
        f"x:e dct:creator <{BRREG}> .",
    )
    organisations = find_organisations([one, two])
    assert found(organisations) == {
        "http://data.brreg.no/enhetsregisteret/enhet/974760673": (BRREG, ORGANISATION_IRI.name),
        "https://organization-catalogue.fellesdatakatalog.digdir.no/organizations/974760673": (
            BRREG,
            ORGANISATION_IRI.name,
        ),
    }
    assert organisations.canonical == {NamedNode(BRREG)}
    assert organisations.problems == {}


def test_an_invalid_number_stays_as_it_is_and_is_reported(turtle: See) -> None:
    seen = turtle("one", "x:d dct:publisher <https://data.brreg.no/enhetsregisteret/api/enheter/123456789> .")
    organisations = find_organisations([seen])
    assert found(organisations) == {}
    assert organisations.canonical == frozenset()
    (problem,) = reported(organisations, "one")
    assert "123456789" in problem
    assert "no valid organisation number" in problem


def test_an_agent_is_known_by_the_number_it_gives(turtle: See) -> None:
    text = 'x:agent a foaf:Agent ; dct:identifier "974 760 673" . x:d dct:identifier "974761076" .'
    organisations = find_organisations([turtle("one", text)])
    assert found(organisations) == {"https://x.example/agent": (BRREG, ORGANISATION_NUMBER.name)}


def test_what_is_not_an_agent_is_not_resolved_by_a_number(turtle: See) -> None:
    text = 'x:d a dcat:Dataset ; dct:identifier "974760673" .'
    assert found(find_organisations([turtle("one", text)])) == {}


def test_a_publisher_without_type_is_an_agent(turtle: See) -> None:
    text = f'x:d dct:publisher x:agent . x:agent dct:identifier "{BRREG}" .'
    assert found(find_organisations([turtle("one", text)])) == {
        "https://x.example/agent": (BRREG, ORGANISATION_NUMBER.name)
    }


def test_an_agent_with_two_numbers_is_reported_and_not_resolved(turtle: See) -> None:
    text = 'x:agent a foaf:Agent ; dct:identifier "974760673", "974761076" .'
    organisations = find_organisations([turtle("one", text)])
    assert found(organisations) == {}
    assert any("974760673, 974761076" in line for line in reported(organisations, "one"))


def test_an_iri_goes_before_a_number_that_says_otherwise(turtle: See) -> None:
    iri = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
    organisations = find_organisations([turtle("one", f'<{iri}> a foaf:Agent ; dct:identifier "974761076" .')])
    assert found(organisations) == {iri: (BRREG, ORGANISATION_IRI.name)}
    assert any("taken to be right" in line for line in reported(organisations, "one"))


def test_the_only_organisation_of_a_name_is_meant_by_it(turtle: See) -> None:
    register = turtle("register", f'<{SKATT}> a foaf:Agent ; foaf:name "Skatteetaten"@nb .')
    ki = turtle("ki", 'x:p dct:publisher x:owner . x:owner a foaf:Agent ; foaf:name "SKATTEETATEN " .')
    organisations = find_organisations([register, ki])
    assert found(organisations) == {"https://x.example/owner": (SKATT, ORGANISATION_NAME.name)}
    assert reported(organisations, "ki") == []


def test_a_name_that_several_have_is_reported_with_their_numbers(turtle: See) -> None:
    register = turtle("register", f'<{SKATT}> foaf:name "Etaten" . <{BRREG}> foaf:name "Etaten" .')
    ki = turtle("ki", 'x:owner a foaf:Agent ; foaf:name "Etaten" .')
    organisations = find_organisations([register, ki])
    assert found(organisations) == {}
    (problem,) = reported(organisations, "ki")
    assert "974760673, 974761076" in problem


def test_units_misspellings_and_unknown_names_are_listed_and_never_guessed(turtle: See) -> None:
    register = turtle("register", f'<{SKATT}> foaf:name "Skatteetaten" . <{BRREG}> foaf:name "Brønnøysundregistrene" .')
    names = ("Skatteetaten IT", "Skateetaten", "Brønnøysundregisteret", "Tverrsektorielt samarbeid")
    ki = turtle("ki", "".join(f'x:o{n} a foaf:Agent ; foaf:name "{name}" .' for n, name in enumerate(names)))
    organisations = find_organisations([register, ki])
    assert found(organisations) == {}
    lines = reported(organisations, "ki")
    assert len(lines) == 4
    assert all(any(f'"{name}"' in line for line in lines) for name in names)
    assert any("brønnøysundregistrene" in line for line in lines)


def test_an_agent_with_a_second_name_that_nobody_has_is_not_resolved(turtle: See) -> None:
    register = turtle("register", f'<{SKATT}> foaf:name "Skatteetaten" .')
    ki = turtle("ki", 'x:owner a foaf:Agent ; foaf:name "Skatteetaten", "Skatteetaten region nord" .')
    assert found(find_organisations([register, ki])) == {}


def test_an_abbreviation_in_brackets_makes_no_other_name() -> None:
    assert normal_name("Arbeids- og velferdsetaten (NAV)") == normal_name("arbeids- og  velferdsetaten")
    assert normal_name("Statens vegvesen (avdeling nord)") != normal_name("Statens vegvesen")
