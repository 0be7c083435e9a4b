"""An information model as a value: its parts, what is said of them, and whose it is (ModellDCAT-AP-NO 1.3).

In: rows. Out: a `Model` whose parts are its elements and their properties, with concept, definition, owner, type and
code list; and the things they refer to, with their names.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.errors import NotFound
from kg.models.asking import Conversation, ask_of_all, question
from kg.namespaces import DCT, FOAF, MODELLDCATNO, RDF, RDFS, SKOS, Names

LANGUAGES: Final = ("nb", "nn", "en")
MAX_PARTS: Final = 20_000

_LABELS: Final = (f"{DCT}title", f"{SKOS}prefLabel", f"{RDFS}label", f"{FOAF}name")
_MATCHES: Final = tuple(f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
_SPECIALISATION: Final = f"{MODELLDCATNO}Specialization"
_KINDS: Final = (
    "RootObjectType", "ObjectType", "DataType", "SimpleType", "CodeList", "Module",
    "Attribute", "Association", "Composition", "Role", "Choice", "Collection", "Abstraction", "Realization",
    "Dependency", "Specialization", "Property",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What a thing is called and defined as; empty where nothing says it."""

    label: str = ""
    definition: str = ""
    owner: str = ""

    def to_json(self, iri: str) -> dict[str, Any]:
        """As JSON, with its IRI."""
        return {"iri": iri, "label": self.label or None, "definition": self.definition or None}


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a model, or a property of one.

    Attributes:
        element: IRI of the element that has the property; empty of an element.
        kind: the name of its class in ModellDCAT-AP-NO.
        definition: its own description, or else the definition of its concept.
        concepts: IRIs of the concepts that it means.
        references: what it refers to as a concept and nobody describes as one.
        owner: whose it is: its own publisher, or else that of the model.
        types: IRIs of what its values are.
        code_lists: IRIs of the code lists that its values are from.
        matches: IRIs of what it is linked to.
    """

    iri: str
    element: str
    kind: str
    label: str
    definition: str
    concepts: tuple[str, ...]
    references: tuple[str, ...]
    owner: str
    types: tuple[str, ...]
    code_lists: tuple[str, ...]
    minimum: str
    maximum: str
    matches: tuple[str, ...]

    @property
    def is_property(self) -> bool:
        """Whether it is a property of an element."""
        return bool(self.element)


@dataclass(frozen=True, slots=True)
class Model:
    """An information model.

    Attributes:
        parts: elements in their order, each followed by its properties; specialisations, which say only what an element
            is a kind of, are left out.
        things: what is known of whatever the parts refer to, by IRI.
    """

    iri: str
    label: str
    owner: str
    parts: tuple[Part, ...]
    things: Mapping[str, About]

    def about(self, iri: str) -> About:
        """What is known of a thing."""
        return self.things.get(iri, About())


def read_model(iri: str, names: Names, language: str = "nb") -> Conversation[Model]:
    """A model with all its parts.

    Raises:
        NotFound: there is no such model, or it has no element.
    """
    rows = yield question("parts", names, [iri])
    if not rows:
        raise NotFound(
            "is no information model with elements", where=iri[:300], hint="/search?type=model finds information models"
        )
    elements = {_text(row["element"]): "" for row in rows}
    properties = {_text(row["property"]): _text(row["element"]) for row in rows if row["property"] is not None}
    if len(elements) + len(properties) > MAX_PARTS:
        raise NotFound(f"has more than {MAX_PARTS:,} parts, too many to be shown", where=iri[:300])
    owners = {**elements, **{each: element for each, element in properties.items() if each not in elements}}
    said = _Said((yield from ask_of_all("said", names, [iri, *owners])), names)
    referred = {value for thing in (iri, *owners) for value in said.referred(thing)}
    more = _Said((yield from ask_of_all("said", names, sorted(referred - {*owners, iri}))), names)
    things = {
        thing: source.about(thing, language)
        for source, wanted in ((said, (iri, *owners)), (more, referred))
        for thing in wanted
    }
    things |= {thing: said.about(thing, language) for thing in owners}
    owner = next(iter(said.iris(iri, f"{DCT}publisher")), "")
    order = [part for row in rows for part in (_text(row["element"]), _text(row["property"] or row["element"]))]
    parts = tuple(
        said.part(each, owners[each], owner, things, language)
        for each in dict.fromkeys(order)
        if _SPECIALISATION not in said.iris(each, f"{RDF}type")
    )
    return Model(iri, things[iri].label, owner, parts, things)


class _Said:
    """What is said of things, by predicate."""

    def __init__(self, rows: Sequence[QuerySolution], names: Names) -> None:
        self._names = names
        self._values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            value = row["value"]
            if isinstance(value, NamedNode | Literal):
                self._values[_text(row["thing"])][_text(row["predicate"])].append(value)

    def iris(self, thing: str, predicate: str) -> tuple[str, ...]:
        found = self._values.get(thing, {}).get(predicate, ())
        return tuple(sorted({value.value for value in found if isinstance(value, NamedNode)}))

    def text(self, thing: str, language: str, *predicates: str) -> str:
        """One text: of the first of the predicates that has one, in the language asked for if there is one."""
        ranks = {tag: rank for rank, tag in enumerate(dict.fromkeys((language, *LANGUAGES)))}
        for predicate in predicates:
            found = [value for value in self._values.get(thing, {}).get(predicate, ()) if isinstance(value, Literal)]
            if found:
                best = min(found, key=lambda value: (ranks.get(value.language or "", len(ranks)), value.value))
                return best.value
        return ""

    def about(self, thing: str, language: str) -> About:
        return About(
            self.text(thing, language, f"{self._names.ns}displayName", *_LABELS),
            self.text(thing, language, f"{SKOS}definition", f"{DCT}description"),
            next(iter(self.iris(thing, f"{DCT}publisher")), ""),
        )

    def referred(self, thing: str) -> set[str]:
        """Whatever a thing refers to and people want the name of."""
        predicates = (
            f"{DCT}publisher",
            f"{DCT}subject",
            f"{self._names.ns}concept",
            f"{MODELLDCATNO}hasType",
            *_MATCHES,
        )
        return {iri for predicate in predicates for iri in self.iris(thing, predicate)}

    def part(self, iri: str, element: str, owner: str, things: Mapping[str, About], language: str) -> Part:
        concepts = self.iris(iri, f"{self._names.ns}concept")
        defined = next((things[each].definition for each in concepts if each in things and things[each].definition), "")
        kinds = {each.removeprefix(MODELLDCATNO) for each in self.iris(iri, f"{RDF}type")}
        return Part(
            iri=iri,
            element=element,
            kind=next((kind for kind in _KINDS if kind in kinds), "Property" if element else "ModelElement"),
            label=things[iri].label,
            definition=self.text(iri, language, f"{DCT}description", f"{SKOS}definition") or defined,
            concepts=concepts,
            references=tuple(each for each in self.iris(iri, f"{DCT}subject") if each not in concepts),
            owner=next(iter(self.iris(iri, f"{DCT}publisher")), owner),
            types=self.iris(iri, f"{MODELLDCATNO}hasType"),
            code_lists=self.iris(iri, f"{MODELLDCATNO}hasValueFrom"),
            minimum=self.text(iri, language, f"{MODELLDCATNO}minOccurs"),
            maximum=self.text(iri, language, f"{MODELLDCATNO}maxOccurs"),
            matches=tuple(sorted({each for predicate in _MATCHES for each in self.iris(iri, predicate)} - {iri})),
        )


def _text(term: object) -> str:
    assert isinstance(term, NamedNode | Literal), "the queries give nothing else in these places"
    return term.value
