"""Kinds told apart: concepts, codes and subject fields."""

from pyoxigraph import NamedNode

from kg.build.identity.aliases import Aliases
from kg.build.identity.kinds import code_entries, find_kinds, kind_triples
from kg.build.identity.sightings import Sightings
from kg.namespaces import Names
from tests.build.identity.conftest import See

NAMES = Names("https://kunnskapsgraf.example/")
X = "https://x.example/"


def kinds(*sightings: Sightings) -> set[tuple[str, str, str]]:
    triples = kind_triples(find_kinds(sightings, Aliases(()), NAMES), NAMES)
    return {
        (
            triple.subject.value.removeprefix(X),
            triple.predicate.value.rpartition("#")[2],
            triple.object.value.removeprefix(X).removeprefix(NAMES.ns),
        )
        for triple in triples
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode)
    }


def test_a_concept_with_publisher_definition_or_collection_is_a_concept_of_a_catalogue(turtle: See) -> None:
    seen = turtle(
        "one",
        'x:a a skos:Concept ; dct:publisher x:org . x:b a skos:Concept ; skos:definition "b"@nb .'
        "x:c a skos:Concept . x:all a skos:Collection ; skos:member x:c . x:stub a skos:Concept .",
    )
    assert kinds(seen) == {(name, "type", "CatalogueConcept") for name in "abc"}


def test_words_of_controlled_vocabularies_are_codes_whatever_is_said_of_them(turtle: See) -> None:
    los, status = "https://psi.norge.no/los/ord/skatt", "http://purl.org/adms/status/Completed"
    seen = turtle(
        "one",
        f'<{los}> a skos:Concept ; skos:definition "x"@nb ; dct:publisher x:org . <{status}> a skos:Concept .'
        "x:k a skos:Concept, modelldcatno:CodeElement ; dct:publisher x:org ."
        "x:entry a skos:Concept ; skos:inScheme x:list ; dct:publisher x:org ."
        "x:group a skos:Collection ; skos:inScheme x:list ; skos:member x:member . x:member a skos:Concept .",
    )
    assert kinds(seen) == {
        (los, "type", "Code"),
        (status, "type", "Code"),
        ("k", "type", "Code"),
        ("entry", "type", "Code"),
        ("member", "type", "Code"),
    }
    assert len(code_entries(seen)) == 6  # the collection is in the list as well, and no concept


def test_what_one_source_calls_a_code_is_no_concept_of_another(turtle: See) -> None:
    one = turtle("one", "x:a a skos:Concept ; skos:inScheme x:list .")
    two = turtle("two", "x:a a skos:Concept ; dct:publisher x:org .")
    assert kinds(one, two) == kinds(two, one) == {("a", "type", "Code")}


def test_what_concepts_belong_under_is_a_subject_field(turtle: See) -> None:
    seen = turtle(
        "one",
        'x:a a skos:Concept ; skos:definition "a"@nb ; dct:subject x:field, "Skatt"@nb .'
        "x:property a modelldcatno:Attribute ; dct:subject x:a, x:unknown .",
    )
    assert kinds(seen) == {("a", "type", "CatalogueConcept"), ("field", "type", "SubjectField")}
