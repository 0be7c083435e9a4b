"""Which thing an IRI names, told from its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identities import (
    ORGANISATIONS,
    canonical_organisation,
    catalogue_id,
    find_brreg_concept,
    find_catalogue_id,
    find_concept,
    find_organisation_number,
)
from kg.organisation_numbers import is_organisation_number

UUID = "92f82e8d-fb04-11e9-92b0-005056828ed3"
FORMS = (
    "http://data.brreg.no/enhetsregisteret/enhet/{}",
    "http://data.brreg.no/enhetsregisteret/enhet/{}.json",
    "https://data.brreg.no/enhetsregisteret/api/enheter/{}",
    "https://data.brreg.no/enhetsregisteret/api/underenheter/{}",
    "https://data.brreg.no/enhetsregisteret/oppslag/enheter/{}",
    "https://organization-catalog.fellesdatakatalog.digdir.no/organizations/{}",
    "https://organization-catalogue.fellesdatakatalog.digdir.no/organizations/{}",
    "https://organization-catalogue.fellesdatakatalog.brreg.no/organizations/{}",
    "https://data.norge.no/organizations/{}",
    "http://data.norge.no/organizations/{}/",
)


def check_digit(first: str) -> int:
    """The ninth digit by the definition: what makes the weighted sum of all nine divisible by eleven; 10 is none."""
    total = sum(weight * int(digit) for weight, digit in zip((3, 2, 7, 6, 5, 4, 3, 2), first, strict=True))
    return next(digit for digit in range(11) if (total + digit) % 11 == 0)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_exactly_the_ninth_digit_that_the_definition_gives_is_right(first: str) -> None:
    right = [digit for digit in range(10) if is_organisation_number(f"{first}{digit}")]
    assert right == [digit for digit in [check_digit(first)] if digit < 10]


@pytest.mark.parametrize(
    "text", ["", "97476067", "9747606730", "974 760 673", "٩٧٤٧٦٠٦٧٣", "97476067³", "-74760673", "974760673\n"]
)
def test_nothing_but_nine_ascii_digits_is_a_number(text: str) -> None:
    assert not is_organisation_number(text)


@pytest.mark.parametrize("form", FORMS)
@given(first=st.text("0123456789", min_size=8, max_size=8))
def test_every_form_leads_to_the_canonical_iri_of_its_number_if_that_is_valid(form: str, first: str) -> None:
    digit = check_digit(first)
    number = f"{first}{digit % 10}"
    iri = form.format(number)
    assert find_organisation_number(iri) == number
    expected = f"{ORGANISATIONS}{number}" if digit < 10 else None
    assert canonical_organisation(iri) == expected


@pytest.mark.parametrize(
    "iri",
    [
        "http://data.brreg.no/enhetsregisteret/enhet/",
        "http://data.brreg.no/enhetsregisteret/enhet/9747606731",
        "https://data.brreg.no.evil.example/enhetsregisteret/enhet/974760673",
        "https://evil.example/?x=https://data.norge.no/organizations/974760673",
        "https://data.norge.no/organizations/974760673/datasets",
        "https://brreg.no/catalogs/974760673/datasets/1",
        "https://concept-catalog.fellesdatakatalog.digdir.no/collections/974761076",
        "https://data.norge.no/organizations/974760673\n",
    ],
)
def test_a_number_elsewhere_in_an_iri_names_no_organisation(iri: str) -> None:
    assert canonical_organisation(iri) is None


def test_newer_forms_of_a_concept_rank_above_older_ones() -> None:
    iris = [
        f"http://begrepskatalogen/begrep/{UUID}",
        f"https://data.skatteetaten.no/begrep/{UUID}",
        f"https://registrering-begrep.fellesdatakatalog.brreg.no/974761076/{UUID}",
        f"https://concept-catalog.fellesdatakatalog.digdir.no/collections/974761076/{UUID}",
        f"https://concept-catalog.fellesdatakatalog.digdir.no/collections/974761076/concepts/{UUID}",
    ]
    forms = [find_concept(iri) for iri in iris]
    assert [form.generation for form in forms if form] == [0, 1, 2, 3, 4]
    assert {form.key for form in forms if form} == {UUID}
    assert [form.owner for form in forms if form] == ["", "", "974761076", "974761076", "974761076"]


def test_copies_on_staging_hosts_name_nothing() -> None:
    iri = f"https://concept-catalog.staging.fellesdatakatalog.digdir.no/collections/910244132/concepts/{UUID}"
    assert find_concept(iri) is None


def test_the_concepts_of_brreg_are_known_by_number() -> None:
    iris = [
        "https://jira.brreg.no/rest/api/2/issue/28155",
        "http://data.brreg.no/begrep/28155",
        "https://data.brreg.no/begrep/28155",
    ]
    forms = [find_brreg_concept(iri) for iri in iris]
    assert [(form.key, form.generation) for form in forms if form] == [("28155", 0), ("28155", 1), ("28155", 2)]
    assert find_brreg_concept("https://begrep.brreg.no/foretaksnavn") is None


def test_the_id_of_the_catalogue_is_a_hash_of_the_iri() -> None:
    # Java's UUID.nameUUIDFromBytes, as data.norge.no uses it: MD5 with the version and variant bits set.
    assert catalogue_id("hello") == "5d41402a-bc4b-3a76-b971-9d911017c592"  # md5 of "hello" begins 5d41402abc4b2a76


@pytest.mark.parametrize(
    "iri",
    [
        f"https://data.norge.no/concepts/{UUID}",
        f"https://data.norge.no/nb/datasets/{UUID}",
        f"https://datasets.fellesdatakatalog.digdir.no/datasets/{UUID}",
        f"https://fellesdatakatalog.brreg.no/api/concepts/{UUID}",
    ],
)
def test_addresses_at_which_the_catalogue_shows_a_resource_give_its_id(iri: str) -> None:
    assert find_catalogue_id(iri) == UUID
    assert find_catalogue_id(f"{iri}/more") is None


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for find in (canonical_organisation, find_concept, find_brreg_concept, find_catalogue_id):
        assert find(text) is None or "/" in text
