"""References to IRIs that things had before."""

import pytest
from pyoxigraph import NamedNode

from kg.build.identity.aliases import BRREG_CONCEPT, CATALOGUE_ID, CONCEPT_UUID, SCHEME, Aliases
from kg.build.identity.references import References, find_references
from kg.identities import catalogue_id
from tests.build.identity.conftest import See

UUID = "92f82e8d-fb04-11e9-92b0-005056828ed3"
HOST = "https://concept-catalog.fellesdatakatalog.digdir.no/collections"
NEWEST = f"{HOST}/974761076/concepts/{UUID}"
OLDER = f"{HOST}/974761076/{UUID}"
OLDEST = f"http://begrepskatalogen/begrep/{UUID}"


def found(references: References) -> dict[str, tuple[str, str]]:
    return {each.alias.value: (each.canonical.value, each.rule.name) for each in references.found}


def lost(references: References, source_id: str) -> list[str]:
    return [problem.what for problem in references.problems.get(source_id, ())]


def test_old_forms_lead_to_the_newest_form_that_is_described(turtle: See) -> None:
    concepts = turtle("concepts", f'<{NEWEST}> a skos:Concept ; skos:prefLabel "x"@nb .')
    model = turtle("model", f"x:a dct:subject <{OLDER}> . x:b dct:subject <{OLDEST}> .")
    references = find_references([model, concepts])
    assert found(references) == {OLDER: (NEWEST, CONCEPT_UUID.name), OLDEST: (NEWEST, CONCEPT_UUID.name)}
    assert lost(references, "model") == []


def test_the_newest_form_that_nobody_describes_leads_to_the_one_that_is_described(turtle: See) -> None:
    concepts = turtle("concepts", f"<{OLDEST}> a skos:Concept .")
    model = turtle("model", f"x:a dct:subject <{NEWEST}> .")
    assert found(find_references([model, concepts])) == {NEWEST: (OLDEST, CONCEPT_UUID.name)}


def test_two_forms_that_are_both_described_are_one_concept(turtle: See) -> None:
    seen = turtle("concepts", f"<{OLDEST}> a skos:Concept . <{NEWEST}> a skos:Concept .")
    assert found(find_references([seen])) == {OLDEST: (NEWEST, CONCEPT_UUID.name)}


def test_what_nobody_describes_is_reported_where_it_is_referred_to(turtle: See) -> None:
    model = turtle("model", f"x:a dct:subject <{OLDER}>, <{OLDEST}> .")
    other = turtle("other", "x:c a skos:Concept .")
    references = find_references([model, other])
    assert found(references) == {}
    assert [OLDER in line or OLDEST in line for line in lost(references, "model")] == [True, True]
    assert lost(references, "other") == []


def test_one_uuid_with_two_owners_is_two_concepts(turtle: See) -> None:
    other = f"{HOST}/971040238/concepts/{UUID}"
    seen = turtle("concepts", f"<{NEWEST}> a skos:Concept . <{other}> a skos:Concept . x:a dct:subject <{OLDEST}> .")
    assert found(find_references([seen])) == {}


def test_brreg_concepts_go_by_their_number(turtle: See) -> None:
    concepts = turtle("concepts", "<http://data.brreg.no/begrep/28155> a skos:Concept .")
    model = turtle(
        "model",
        "x:a dct:subject <https://data.brreg.no/begrep/28155>, <https://jira.brreg.no/rest/api/2/issue/28155>,"
        "<https://data.brreg.no/begrep/2815> .",
    )
    references = find_references([concepts, model])
    aliases = Aliases(references.found)  # the general rule finds the first as well; the more certain one is believed
    assert {alias.value: aliases.rule(alias) for alias in aliases.mapping} == {
        "https://data.brreg.no/begrep/28155": BRREG_CONCEPT,
        "https://jira.brreg.no/rest/api/2/issue/28155": BRREG_CONCEPT,
    }
    assert {node.value for node in aliases.mapping.values()} == {"http://data.brreg.no/begrep/28155"}
    assert len(lost(references, "model")) == 1


@pytest.mark.parametrize(
    "address",
    ["https://data.norge.no/datasets/{}", "https://datasets.fellesdatakatalog.digdir.no/datasets/{}"],
)
def test_the_address_at_the_catalogue_leads_to_the_resource_that_it_is_a_hash_of(turtle: See, address: str) -> None:
    dataset = "https://x.example/d"
    alias = address.format(catalogue_id(dataset))
    seen = turtle("one", f"<{dataset}> a dcat:Dataset . x:e dct:relation <{alias}> .")
    assert found(find_references([seen])) == {alias: (dataset, CATALOGUE_ID.name)}


def test_a_harvested_record_tells_which_resource_its_id_is_of(turtle: See) -> None:
    alias = f"https://data.norge.no/datasets/{UUID}"
    text = f'x:r a dcat:CatalogRecord ; dct:identifier "{UUID}" ; foaf:primaryTopic x:d . x:e dct:relation <{alias}> .'
    assert found(find_references([turtle("one", text)])) == {alias: ("https://x.example/d", CATALOGUE_ID.name)}


def test_no_record_can_take_the_address_of_a_resource_that_is_there(turtle: See) -> None:
    dataset = "https://x.example/d"
    key = catalogue_id(dataset)
    alias = f"https://data.norge.no/datasets/{key}"
    good = turtle("good", f"<{dataset}> a dcat:Dataset . x:e dct:relation <{alias}> .")
    bad = turtle("bad", f'x:r a dcat:CatalogRecord ; dct:identifier "{key}" ; foaf:primaryTopic x:evil .')
    assert found(find_references([good, bad])) == {alias: (dataset, CATALOGUE_ID.name)}


def test_a_record_of_the_catalogue_is_not_the_resource(turtle: See) -> None:
    dataset = "https://x.example/d"
    key = catalogue_id(dataset)
    record = f"https://datasets.fellesdatakatalog.digdir.no/datasets/{key}"
    text = f'<{record}> a dcat:CatalogRecord ; dct:identifier "{key}" ; foaf:primaryTopic <{dataset}> .'
    text += f"<{dataset}> a dcat:Dataset ."
    assert found(find_references([turtle("one", text)])) == {}


def test_http_and_https_are_one_where_one_of_them_is_described_alone(turtle: See) -> None:
    seen = turtle("one", "<http://y.example/1> a x:y . <http://y.example/2> a x:y . <https://y.example/2> a x:y .")
    named = turtle("two", "x:a x:p <https://y.example/1>, <https://y.example/2>, <https://y.example/3> .")
    assert found(find_references([seen, named])) == {"https://y.example/1": ("http://y.example/1", SCHEME.name)}
    assert NamedNode("http://y.example/2") not in {each.alias for each in find_references([seen, named]).found}
