"""Generated models for the speed of linking: as many classes and properties as all agencies may come to have.

In: how many models and elements of each. Out: N-Triples in the normalised forms of a build, the same for the same
seed. Names are compounds of which some are everywhere and most are rare, in the spellings that catalogues mix; every
second element has a definition, every fourth a concept.
"""

import random
from collections.abc import Iterator
from typing import Final

from kg.bench.vocabulary import Draw, Vocabulary, compose
from kg.namespaces import DCT, MODELLDCATNO, RDF, SKOS, XSD, Names

BASE: Final = "https://bench.example/"
PROPERTIES: Final = 9
"""Of each class."""
_CONCEPTS_PER_MODEL: Final = 5
_TYPES: Final = ("string", "date", "integer", "boolean", "decimal")
_TYPE, _TITLE, _SUBJECT = f"<{RDF}type>", f"<{DCT}title>", f"<{DCT}subject>"


def model_iri(number: int) -> str:
    """The IRI of a model; they are numbered from 0."""
    return f"{BASE}model/{number}"


def generate_models(models: int, classes: int, seed: int, names: Names) -> Iterator[str]:
    """Lines of N-Triples: concepts, then models with so many classes each."""
    draw = random.Random(seed).random  # noqa: S311 - repeatable is what is wanted
    words = compose(draw)
    concepts = max(1, models * _CONCEPTS_PER_MODEL)
    for number in range(concepts):
        concept = f"<{BASE}concept/{number}>"
        yield f"{concept} {_TYPE} <{SKOS}Concept> .\n"
        yield f"{concept} {_TYPE} <{names.ns}CatalogueConcept> .\n"
        yield f'{concept} <{SKOS}prefLabel> "{_name(words, draw)}"@nb .\n'
        yield f'{concept} <{SKOS}definition> "{words.description(2, draw)}"@nb .\n'
    for number in range(models):
        yield from _model(number, classes, concepts, words, draw)


def _model(number: int, classes: int, concepts: int, words: Vocabulary, draw: Draw) -> Iterator[str]:
    model = f"<{model_iri(number)}>"
    yield f"{model} {_TYPE} <{MODELLDCATNO}InformationModel> .\n"
    yield f'{model} {_TITLE} "Informasjonsmodell for {words.term(draw)} {number}"@nb .\n'
    for position in range(classes):
        class_ = f"<{model_iri(number)}/Type{position}>"
        yield f"{model} <{MODELLDCATNO}containsModelElement> {class_} .\n"
        yield f"{class_} {_TYPE} <{MODELLDCATNO}ObjectType> .\n"
        yield from _said(class_, _name(words, draw).capitalize(), concepts, words, draw)
        for place in range(PROPERTIES):
            attribute = f"<{model_iri(number)}/Type{position}/{place}>"
            yield f"{class_} <{MODELLDCATNO}hasProperty> {attribute} .\n"
            yield f"{attribute} {_TYPE} <{MODELLDCATNO}Attribute> .\n"
            yield f"{attribute} <{MODELLDCATNO}hasSimpleType> <{XSD}{_TYPES[int(len(_TYPES) * draw())]}> .\n"
            yield from _said(attribute, _name(words, draw), concepts, words, draw)


def _said(element: str, name: str, concepts: int, words: Vocabulary, draw: Draw) -> Iterator[str]:
    yield f'{element} {_TITLE} "{name}"@nb .\n'
    if draw() < 0.5:
        yield f'{element} <{DCT}description> "{words.description(1, draw)}"@nb .\n'
    if draw() < 0.25:
        yield f"{element} {_SUBJECT} <{BASE}concept/{int(concepts * draw())}> .\n"


def _name(words: Vocabulary, draw: Draw) -> str:
    """A name: a frequent compound, or a rarer one, some of them of two words."""
    chance = draw()
    if chance < 0.3:
        return words.term(draw)
    rare = words.terms[int(len(words.terms) * draw())]
    return rare if chance < 0.6 else f"{rare} {words.place(draw)}"
