"""Documents: what is read from the lines of a generation."""

import doctest
from types import ModuleType

import pytest

import kg.search.analysis
import kg.search.documents
import kg.search.index
import kg.search.matching
import kg.search.searching
import kg.search.vocabulary
from kg.namespaces import DEFAULT_BASE_IRI, RDF, Names
from kg.search.documents import read_documents
from kg.search.vocabulary import KIND_NAMES, Field, fields_of_properties, kinds_of_classes

NAMES = Names(DEFAULT_BASE_IRI)
PREFIXES = NAMES.prefixes()
X = "https://x.example/"


def iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return f"<{X}{local}>" if prefix == "x" else f"<{PREFIXES[prefix]}{local}>"


def lines(text: str) -> list[str]:
    """Lines of N-Triples from `subject predicate object` with CURIEs and literals."""
    made = []
    for line in filter(None, map(str.strip, text.splitlines())):
        subject, predicate, object_ = line.split(" ", 2)
        of = f"<{RDF}type>" if predicate == "a" else iri(predicate)
        value = object_ if object_[0] in {'"', "<"} else iri(object_)
        made.append(f"{iri(subject)} {of} {value}")
    return made


def test_a_thing_is_read_with_all_its_texts_and_their_languages() -> None:
    [document] = read_documents(
        lines("""
            x:d a dcat:Dataset
            x:d dct:title "Enheter"@nb-no
            x:d dct:title "Units"@en
            x:d dct:description "Linje\\nto \\"sitert\\" \\u00e5"@nb
            x:d dcat:keyword "firma"
            x:d dct:publisher x:etat
            x:d dct:modified "2025-01-01"
        """),
        NAMES,
    )
    assert (document.iri, document.kind, document.publishers) == (f"{X}d", "dataset", (f"{X}etat",))
    assert {(text.field, text.value, text.language) for text in document.texts} == {
        (Field.PREFERRED, "Enheter", "nb"),
        (Field.PREFERRED, "Units", "en"),
        (Field.DESCRIPTION, 'Linje\nto "sitert" å', "nb"),
        (Field.KEYWORD, "firma", ""),
    }


def test_elements_have_the_publisher_of_the_model_and_the_name_in_their_iri() -> None:
    documents = {
        document.iri: document
        for document in read_documents(
            lines("""
                x:m a modelldcatno:InformationModel
                x:m dct:title "Modell"
                x:m dct:publisher x:etat
                x:m modelldcatno:containsModelElement x:Person
                x:Person a modelldcatno:ObjectType
                x:Person modelldcatno:hasProperty x:Person.foedselsnummer
                x:Person.foedselsnummer a modelldcatno:Attribute
                x:liste a modelldcatno:CodeList
                x:liste dct:title "Liste"
                x:m modelldcatno:containsModelElement x:liste
                x:kode a modelldcatno:CodeElement
                x:kode skos:inScheme x:liste
                x:kode skos:prefLabel "Kode"
            """),
            NAMES,
        )
    }
    assert {document.publishers for document in documents.values()} == {(f"{X}etat",)}
    attribute = documents[f"{X}Person.foedselsnummer"]
    assert [(text.field, text.value) for text in attribute.texts] == [(Field.TECHNICAL, "foedselsnummer")]


def test_a_circle_of_wholes_ends() -> None:
    circle = """
        x:a a modelldcatno:ObjectType
        x:a dct:title "A"
        x:a modelldcatno:hasProperty x:b
        x:b modelldcatno:hasProperty x:a
    """
    assert [document.publishers for document in read_documents(lines(circle), NAMES)] == [()]


def test_codes_and_subject_fields_are_no_hits_and_concepts_are() -> None:
    found = read_documents(
        lines("""
            x:begrep a skos:Concept
            x:begrep a kg:CatalogueConcept
            x:begrep a kg:SubjectField
            x:begrep skos:prefLabel "begrep"
            x:kode a skos:Concept
            x:kode a kg:Code
            x:kode skos:prefLabel "kode"
            x:felt a skos:Concept
            x:felt a kg:SubjectField
            x:felt skos:prefLabel "felt"
            x:ukjent a skos:Concept
            x:ukjent skos:prefLabel "ukjent"
        """),
        NAMES,
    )
    assert {document.iri: document.kind for document in found} == {f"{X}begrep": "concept", f"{X}ukjent": "concept"}


def test_what_has_no_name_is_left_out_and_addresses_are_no_names() -> None:
    found = read_documents(
        lines("""
            x:d a dcat:Dataset
            x:d dct:description "uten navn"
            x:d dct:identifier "https://x.example/d"
        """),
        NAMES,
    )
    assert list(found) == []


def test_every_kind_has_a_class_and_every_class_a_kind() -> None:
    kinds = set(kinds_of_classes(NAMES).values()) - {""}
    assert kinds == set(KIND_NAMES)
    fields = list(fields_of_properties(NAMES).values())
    assert set(fields) == set(Field)
    assert fields == sorted(fields), "preferred names come first, which is what the order of the table means"


@pytest.mark.parametrize(
    "module",
    [
        kg.search.analysis,
        kg.search.documents,
        kg.search.index,
        kg.search.matching,
        kg.search.searching,
        kg.search.vocabulary,
    ],
)
def test_examples_in_the_docstrings_give_what_they_show(module: ModuleType) -> None:
    told = doctest.testmod(module)
    assert told.attempted > 0
    assert told.failed == 0
