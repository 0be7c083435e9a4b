"""Models for tests: from Turtle, and random ones with names that collide in every way."""

import io
from dataclasses import dataclass

from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from kg.linking.elements import Elements
from kg.linking.indexing import make_elements
from kg.linking.reading import read_things
from kg.namespaces import DEFAULT_BASE_IRI, WELL_KNOWN_PREFIXES, Names

NAMES = Names(DEFAULT_BASE_IRI)
PREFIXES = "".join(
    f"PREFIX {name}: <{iri}>\n"
    for name, iri in {
        **WELL_KNOWN_PREFIXES,
        "kg": NAMES.ns,
        "m": "https://m.example/",
        "c": "https://c.example/",
    }.items()
)
WORDS = (
    "navn",
    "Navn",
    "kommune",
    "kommunenummer",
    "kommuneNr",
    "person",
    "personnavn",
    "adresse",
    "postadresse",
    "x",
    "",
)


def elements_from(turtle: str) -> Elements:
    """Columns of what a text says, in the normalised forms of a build."""
    store = Store()
    store.load(io.BytesIO((PREFIXES + turtle).encode()), RdfFormat.TURTLE)
    return make_elements(read_things(store, NAMES))


@dataclass(frozen=True)
class Thing:
    """One random class, property or concept."""

    kind: str
    name: str
    meaning: str
    concepts: tuple[int, ...]
    part_of: int


@dataclass(frozen=True)
class World:
    """Some models, and concepts."""

    models: tuple[tuple[Thing, ...], ...]
    concepts: tuple[Thing, ...]

    def turtle(self, shared: tuple[str, str] | None = None) -> str:
        """As Turtle; two elements may be given one concept more that nothing else has."""
        lines = [
            f"c:{number} a skos:Concept, kg:CatalogueConcept {_said(thing)} ."
            for number, thing in enumerate(self.concepts)
        ]
        for model, things in enumerate(self.models):
            lines.append(f"m:{model} a modelldcatno:InformationModel .")
            for number, thing in enumerate(things):
                lines += _element(model, number, thing, things)
        if shared:
            lines += [f"<{iri}> dct:subject <https://c.example/one-more> ." for iri in shared]
        return "\n".join(lines)


def _said(thing: Thing) -> str:
    said = f'; skos:prefLabel "{thing.name}"@nb ' if thing.name else ""
    return said + (f'; skos:definition "{thing.meaning}"@nb ' if thing.meaning else "")


def _element(model: int, number: int, thing: Thing, things: tuple[Thing, ...]) -> list[str]:
    iri = f"<https://m.example/{model}/{number:08}>"
    class_ = "ObjectType" if thing.kind == "class" else "Attribute"
    lines = [f"{iri} a modelldcatno:{class_} {_said(thing)} ."]
    classes = [place for place, each in enumerate(things) if each.kind == "class"]
    if thing.kind == "class" or not classes:
        lines.append(f"m:{model} modelldcatno:containsModelElement {iri} .")
    else:
        owner = f"<https://m.example/{model}/{classes[thing.part_of % len(classes)]:08}>"
        lines.append(f"{owner} modelldcatno:hasProperty {iri} .")
    lines += [f"{iri} dct:subject c:{concept} ." for concept in thing.concepts]
    return lines


def things(kinds: tuple[str, ...] = ("class", "property")) -> st.SearchStrategy[Thing]:
    """Things whose names collide."""
    meanings = st.lists(st.sampled_from(("tall", "som", "identifiserer", "en", "kommune", "person")), max_size=4)
    return st.builds(
        Thing,
        kind=st.sampled_from(kinds),
        name=st.sampled_from(WORDS),
        meaning=meanings.map(" ".join),
        concepts=st.lists(st.integers(0, 3), max_size=2, unique=True).map(tuple),
        part_of=st.integers(0, 3),
    )


def worlds() -> st.SearchStrategy[World]:
    """A few models with a few elements each, and four concepts."""
    models = st.lists(st.lists(things(), min_size=1, max_size=6).map(tuple), min_size=2, max_size=3).map(tuple)
    return st.builds(World, models=models, concepts=st.tuples(*[things(("concept",))] * 4))
