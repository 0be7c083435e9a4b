"""Labels of all generations can be asked for in one way."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.build.forms.labels import GATHERED, RICH, plain_labels
from kg.build.normalise import NormalisePlan, normalise
from kg.namespaces import DCT, DEFAULT_BASE_IRI, RDF, RDFS, SKOS, Names

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
CONCEPT, PREFERRED, TITLE = NamedNode(f"{SKOS}Concept"), NamedNode(f"{SKOS}prefLabel"), NamedNode(f"{DCT}title")
TYPE, NAME, S = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}label"), NamedNode("http://example.org/s")


def added(*triples: Triple) -> list[Triple]:
    return plain_labels(
        {property_: [triple for triple in triples if triple.predicate == property_] for property_ in GATHERED}
    )


def test_every_plain_label_property_is_reached_by_a_rich_one() -> None:
    assert {plain.value.removeprefix(SKOS) for plain, _ in RICH.values()} == {
        *("prefLabel", "altLabel", "hiddenLabel", "definition")
    }


def test_name_labels_a_concept_only_for_want_of_a_title() -> None:
    concept = Triple(S, TYPE, CONCEPT)
    title, name = Triple(S, TITLE, Literal("t", language="nb")), Triple(S, NAME, Literal("n", language="en"))
    assert added(concept, title, name) == [Triple(S, PREFERRED, title.object)]
    assert added(concept, name) == [Triple(S, PREFERRED, name.object)]
    assert added(title, name) == []


def test_what_is_there_is_not_added() -> None:
    link, node = next(property_ for property_ in RICH if property_.value.endswith("prefLabel")), NamedNode("urn:l")
    (text,) = RICH[link][1]
    label = Literal("x", language="nb")
    rich = (Triple(S, link, node), Triple(node, text, label))
    assert added(*rich) == [Triple(S, PREFERRED, label)]
    assert added(*rich, Triple(S, PREFERRED, label)) == []


def test_text_that_is_no_literal_is_no_label() -> None:
    link, (plain, texts) = next(iter(RICH.items()))
    assert plain == PREFERRED
    assert added(Triple(S, link, S), *(Triple(S, text, S) for text in texts)) == []


@pytest.mark.parametrize(
    ("name", "concepts"),
    [
        ("concepts/data.brreg.no_begrep.ttl", 181),
        ("concepts/felles-begrepskatalog-excerpt.ttl", 90),
        ("organizations/org-type.ttl", 43),
    ],
)
def test_every_concept_of_real_catalogues_has_a_plain_label_and_definition(name: str, concepts: int) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    quads = parse(path=str(path), format=RdfFormat.TURTLE, base_iri="http://example.org/")
    triples = normalise("source", quads, NormalisePlan(Names(DEFAULT_BASE_IRI))).triples

    def subjects(property_: str) -> set[object]:
        return {triple.subject for triple in triples if triple.predicate.value == property_}

    found = {triple.subject for triple in triples if triple.predicate == TYPE and triple.object == CONCEPT}
    assert len(found) == concepts
    assert found <= subjects(f"{SKOS}prefLabel")
    assert found <= subjects(f"{SKOS}definition")
