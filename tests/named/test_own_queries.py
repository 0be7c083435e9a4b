"""Queries of ours on graphs made for a question that the demo does not put."""

from pyoxigraph import QueryTriples, Store

from kg.aliases import Aliases
from kg.engine.limits import GuardLimits
from kg.named.binding import bind, read_values
from kg.named.checking import check_folders
from kg.named.folders import our_folder
from kg.named.types import Reading
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.named.test_paging import ask

CONCEPTS = """
PREFIX kg: <https://kunnskapsgraf.example/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  <a:both> a kg:CatalogueConcept ; skos:prefLabel "skatt"@nb, "skatt"@nn ; skos:definition "avgift"@nb, "avgifta"@nn .
  <a:nynorsk> a kg:CatalogueConcept ; skos:prefLabel "skatt"@nb, "skatt"@nn ; skos:definition "bare her"@nn .
  <a:english> a kg:CatalogueConcept ; skos:prefLabel "skatt"@en, "skatter"@nb ; skos:definition "treasure"@en .
  <a:code> skos:prefLabel "skatt"@nb .
}"""


def rows_of(name: str, data: str, **given: str) -> list[tuple[object, ...]]:
    """The rows of a query on a graph."""
    store, names = Store(), Names(DEFAULT_BASE_IRI)
    store.update(data)
    query = check_folders([our_folder()], GuardLimits())[0][name]
    values = read_values(query, {parameter: [text] for parameter, text in given.items()}, Reading(names, Aliases({})))
    return [tuple(row.values()) for row in ask(store, bind(query, values, names)).rows]


def test_a_concept_that_is_called_the_same_in_two_languages_is_one_row() -> None:
    assert rows_of("begrep-med-navn", CONCEPTS, label="skatt") == [
        ("a:both", "skatt", "avgift", None),
        ("a:english", "skatt", "treasure", None),
        ("a:nynorsk", "skatt", "bare her", None),
    ]


def test_a_concept_in_one_language_has_its_definition_in_that_language_alone() -> None:
    assert rows_of("begrep-med-navn", CONCEPTS, label="skatt", language="nn") == [
        ("a:both", "skatt", "avgifta", None),
        ("a:nynorsk", "skatt", "bare her", None),
    ]
    assert rows_of("begrep-med-navn", CONCEPTS, label="skatt", language="nb") == [
        ("a:both", "skatt", "avgift", None),
        ("a:nynorsk", "skatt", None, None),
    ]


LINKS = """
PREFIX dct: <http://purl.org/dc/terms/> PREFIX kg: <https://kunnskapsgraf.example/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  <a:model> dct:publisher <https://data.norge.no/organizations/974760673> .
  <a:element> kg:inModel <a:model> .
  <a:own> dct:publisher <https://data.norge.no/organizations/974760673> .
  <a:concept> a kg:CatalogueConcept .
  <a:1> a kg:AcceptedLink ; owl:annotatedProperty skos:exactMatch ;
    owl:annotatedSource <a:element> ; owl:annotatedTarget <a:concept> .
  <a:2> a kg:AcceptedLink ; owl:annotatedProperty skos:broadMatch ;
    owl:annotatedSource <a:concept> ; owl:annotatedTarget <a:element> .
  <a:3> a kg:AcceptedLink ; owl:annotatedProperty skos:exactMatch ;
    owl:annotatedSource <a:own> ; owl:annotatedTarget <a:concept> .
  <a:4> a kg:AcceptedLink ; owl:annotatedProperty skos:exactMatch ;
    owl:annotatedSource <a:element> ; owl:annotatedTarget <a:other> .
}"""


def test_an_element_that_is_exactly_a_concept_of_the_catalogue_has_it_as_its_subject() -> None:
    store, names = Store(), Names(DEFAULT_BASE_IRI)
    store.update(LINKS)
    query = check_folders([our_folder()], GuardLimits())[0]["koblinger-til-egen-katalog"]
    values = read_values(query, {"publisher": ["974760673"]}, Reading(names, Aliases({})))
    found = store.query(bind(query, values, names))
    assert isinstance(found, QueryTriples)
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert {(t.subject.value, t.predicate.value, t.object.value) for t in found} == {
        ("a:element", f"{skos}exactMatch", "a:concept"),
        ("a:element", f"{skos}narrowMatch", "a:concept"),
        ("a:element", f"{skos}exactMatch", "a:other"),
        ("a:own", f"{skos}exactMatch", "a:concept"),
        ("a:element", "http://purl.org/dc/terms/subject", "a:concept"),
    }
