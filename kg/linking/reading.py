"""Reading: what a generation says of the elements of its models and of its concepts.

In: a store. Out: `Readings`, by IRI, of its default graph. Reading asks for one property after another, so that what
is no model and no concept costs nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.linking import vocabulary
from kg.linking.vocabulary import Kind, kinds_of_classes
from kg.namespaces import RDF, Names
from kg.search.documents import local_name
from kg.search.folding import fold

MAX_NAME = 300
"""Characters of a name that are compared."""
MAX_DEFINITION = 2_000
"""Characters of a definition that are compared."""

Links = defaultdict[str, list[str]]


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text in a language, in lower case; a technical name has none."""

    rank: int
    language: str
    value: str


@dataclass(slots=True)
class Readings:
    """What is said, by the IRI that it is said of.

    Attributes:
        kinds: of everything that is compared.
        names: in the order of the vocabulary, preferred ones first; `rank` is the place in it.
        datatypes: family of a simple type.
        parents: class of a property, code list of a code.
        models: what an element is in; several where several models share it.
        model_names: of every model.
    """

    kinds: dict[str, Kind] = field(default_factory=dict)
    names: defaultdict[str, list[Text]] = field(default_factory=lambda: defaultdict(list))
    definitions: defaultdict[str, list[Text]] = field(default_factory=lambda: defaultdict(list))
    notations: Links = field(default_factory=lambda: defaultdict(list))
    datatypes: dict[str, str] = field(default_factory=dict)
    parents: Links = field(default_factory=lambda: defaultdict(list))
    parts: Links = field(default_factory=lambda: defaultdict(list))
    models: Links = field(default_factory=lambda: defaultdict(list))
    model_names: dict[str, list[Text]] = field(default_factory=dict)
    publishers: Links = field(default_factory=lambda: defaultdict(list))
    targets: Links = field(default_factory=lambda: defaultdict(list))
    code_lists: Links = field(default_factory=lambda: defaultdict(list))
    concepts: Links = field(default_factory=lambda: defaultdict(list))
    near: Links = field(default_factory=lambda: defaultdict(list))
    linked: Links = field(default_factory=lambda: defaultdict(list))
    equivalents: list[tuple[str, str]] = field(default_factory=list)


def read_things(store: Store, names: Names) -> Readings:
    """Read what there is to compare."""
    readings = Readings()
    for class_, kind in kinds_of_classes(names).items():
        for iri in _of_class(store, class_):
            readings.kinds[iri] = min(kind, readings.kinds.get(iri, kind))
    for model in sorted(set(_of_class(store, vocabulary.MODEL))):
        readings.model_names[model] = []
    _read_texts(store, readings)
    _read_structure(store, readings)
    _read_types(store, readings)
    _read_concepts(store, readings, set(_of_class(store, f"{names.ns}SubjectField")))
    return readings


def _of_class(store: Store, class_: str) -> Iterator[str]:
    pattern = store.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(class_), DefaultGraph())
    return (quad.subject.value for quad in pattern if isinstance(quad.subject, NamedNode))


def _links(store: Store, *predicates: str) -> Iterator[tuple[str, str]]:
    """Subject and object where both are IRIs."""
    for predicate in predicates:
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                yield quad.subject.value, quad.object.value


def _texts(store: Store, predicate: str, longest: int) -> Iterator[tuple[str, str, str]]:
    """Subject, language and text on one line, where there is one."""
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            value = " ".join(quad.object.value[: 2 * longest].split())[:longest]
            if not value.isprintable():  # control characters, which a terminal would obey
                value = "".join(filter(str.isprintable, value))
            if value:
                yield quad.subject.value, (quad.object.language or "").partition("-")[0], value


def _read_texts(store: Store, readings: Readings) -> None:
    rows = (*vocabulary.PREFERRED, *vocabulary.OTHER, *vocabulary.TECHNICAL)
    for rank, predicate in enumerate(rows):
        for subject, language, value in _texts(store, predicate, MAX_NAME):
            if subject in readings.kinds:
                readings.names[subject].append(Text(rank, language, value))
            elif subject in readings.model_names:
                readings.model_names[subject].append(Text(rank, language, value))
    for iri, kind in readings.kinds.items():
        if kind is not Kind.CONCEPT and (name := local_name(iri)):
            readings.names[iri].append(Text(len(rows), "", name))
    for subject, _, value in _texts(store, vocabulary.NOTATION, MAX_NAME):
        if subject in readings.kinds:
            readings.notations[subject].append(value)
    for rank, predicate in enumerate(vocabulary.DEFINITIONS):
        for subject, language, value in _texts(store, predicate, MAX_DEFINITION):
            if subject in readings.kinds:
                readings.definitions[subject].append(Text(rank, language, value))


def _read_structure(store: Store, readings: Readings) -> None:
    """Who is part of what: a model lists elements, these have properties, and codes are in their list."""
    kinds, parts = readings.kinds, readings.parts
    for whole, part in _links(store, vocabulary.HAS_PROPERTY):
        if part in kinds:
            parts[whole].append(part)
            readings.parents[part].append(whole)
    for part, whole in _links(store, *vocabulary.IN_SCHEME):
        if kinds.get(part) is Kind.CODE:
            parts[whole].append(part)
            readings.parents[part].append(whole)
    listed: Links = defaultdict(list)
    for model, part in _links(store, vocabulary.CONTAINS):
        listed[model].append(part)
    for model in readings.model_names:
        reached = set(listed[model])
        front = list(reached)
        while front:
            below = {part for whole in front for part in parts.get(whole, ())} - reached
            reached |= below
            front = list(below)
        for part in reached:
            if part in kinds:
                readings.models[part].append(model)
    for subject, publisher in _links(store, vocabulary.PUBLISHER):
        if subject in readings.model_names or subject in kinds:
            readings.publishers[subject].append(publisher)


def _read_types(store: Store, readings: Readings) -> None:
    """What the values of properties are."""
    kinds = readings.kinds
    for subject, target in _links(store, *vocabulary.TARGETS):
        if subject in kinds and target in kinds:
            readings.targets[subject].append(target)
    for subject, target in _links(store, vocabulary.VALUE_FROM):
        if subject in kinds:
            readings.code_lists[subject].append(target)
    simple = {subject: type_ for subject, type_ in _links(store, vocabulary.SIMPLE_TYPE) if subject in kinds}
    of_type = {type_: family for type_ in simple.values() if (family := family_of(local_name(type_)))}
    for predicate in (*vocabulary.PREFERRED, vocabulary.TYPE_DEFINITION):
        for type_, _, value in _texts(store, predicate, MAX_NAME):
            if family := family_of(value.rpartition("#")[2]):
                of_type.setdefault(type_, family)
    readings.datatypes.update({subject: of_type[type_] for subject, type_ in simple.items() if type_ in of_type})


def family_of(name: str) -> str:
    """The family of simple types that a name stands for, empty where it is none that is known.

    >>> family_of("Dato"), family_of("xsd:nonNegativeInteger"), family_of("Elleve sifre")
    ('date', 'whole', '')
    """
    return vocabulary.DATATYPES.get("".join(map(fold, name.rpartition(":")[2].split())), "")


def _read_concepts(store: Store, readings: Readings, fields: set[str]) -> None:
    """What elements mean, what concepts mean the same, and what is linked already."""
    kinds = readings.kinds
    for subject, concept in _links(store, vocabulary.SUBJECT):
        if subject in kinds and kinds[subject] is not Kind.CONCEPT and concept not in fields:
            readings.concepts[subject].append(concept)
    for predicate in vocabulary.MATCHES:
        for one, other in _links(store, predicate):
            if one in kinds and other in kinds:
                readings.linked[one].append(other)
    readings.equivalents += _links(store, vocabulary.EQUIVALENT)
    for one, other in _links(store, *vocabulary.NEAR_CONCEPTS):
        if kinds.get(one) is Kind.CONCEPT and kinds.get(other) is Kind.CONCEPT:
            readings.near[one].append(other)
            readings.near[other].append(one)
