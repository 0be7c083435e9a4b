"""The page of a thing as values: what its template shows, in the order in which it shows it.

In: rows of the engine. Out: a `ResourceView`. Every IRI leads to its own page here; only http and https ones are also
linked to where they lie, because others could be run (`javascript:`) or lead nowhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.api.description import MAX_COUNTED, MAX_STATEMENTS, compact, text
from kg.namespaces import DCT, FOAF, MODELLDCATNO, RDF, RDFS, ROV, SKOS, VCARD, Names
from kg.terms import STRING

SHOWN_VALUES: Final = 200
"""Values that one property shows; how many more there are is said."""
MAX_NESTING: Final = 40
"""So deep are parts shown inside each other."""

_NAMING: Final = (f"{SKOS}prefLabel", f"{DCT}title", f"{FOAF}name", f"{ROV}legalName", f"{RDFS}label", f"{VCARD}fn")
_TYPE: Final = f"{RDF}type"
_MODEL: Final = f"{MODELLDCATNO}InformationModel"
_FIRST: Final = (_TYPE, *_NAMING, f"{SKOS}definition", f"{DCT}description")
_LANGUAGES: Final = {"nb": ("nb", "no", "nn", "", "en"), "en": ("en", "nb", "nn", "no", "")}


@dataclass(frozen=True, slots=True)
class Link:
    """An IRI: what it is shown as, its page here, and where it leads by itself (empty where it is not linked)."""

    iri: str
    label: str
    page: str
    outside: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: a link, a part described in its place, or a literal."""

    link: Link | None = None
    part: "Description | None" = None
    text: str = ""
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values; `more` of them are not shown."""

    link: Link
    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of one node."""

    link: Link
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Another IRI of the thing: the rule that found it, and the sources that use it."""

    link: Link
    rule: Link | None
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ResourceView:
    """What the page shows.

    Attributes:
        cut: whether there are more statements than those shown.
        incoming: who points at the thing, with the property.
        counted: how many do; the page says "over" where counting stopped.
        forms: the thing's other IRIs.
        sources: the graphs that use one of its IRIs.
    """

    thing: Link
    description: Description
    record: Description | None
    cut: bool
    incoming: tuple[tuple[Link, Link], ...]
    counted: int
    forms: tuple[Form, ...]
    sources: tuple[Link, ...]

    @property
    def over(self) -> bool:
        """Whether more point at the thing than were counted."""
        return self.counted > MAX_COUNTED

    @property
    def views_of_model(self) -> tuple[tuple[str, str, str], ...]:
        """What else is shown of an information model: address, and what it is called in Norwegian and English."""
        kinds = next((each.values for each in self.description.properties if each.link.iri == _TYPE), ())
        if not any(kind.link and kind.link.iri == _MODEL for kind in kinds):
            return ()
        iri = quote(self.thing.iri, safe="")
        return (
            (f"models/coverage?model={iri}&format=html", "Dekning", "Coverage"),
            (f"models/gaps?model={iri}&format=html", "Mangler", "Gaps"),
            (f"models/impact?element={iri}&format=html", "Virkning av en endring", "Impact of a change"),
        )


@dataclass(frozen=True, slots=True)
class Statements:
    """What is said of some nodes, as far as it is shown.

    Attributes:
        said: values by node and property, in the order in which they are shown.
        more: how many values are left out, where there are too many of one property.
        cut: whether there are more statements than were asked for.
    """

    said: Mapping[str, Mapping[str, Sequence[object]]]
    more: Mapping[tuple[str, str], int]
    cut: bool

    @classmethod
    def of(cls, rows: Sequence[QuerySolution], language: str) -> "Statements":
        """The answer to the question `statements`; values in the language of the page come first."""
        said: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for row in rows[:MAX_STATEMENTS]:
            said[text(row["node"])][text(row["predicate"])].append(row["object"])
        more = {}
        for node, properties in said.items():
            for predicate, terms in properties.items():
                if len(terms) > SHOWN_VALUES:
                    more[node, predicate] = len(terms) - SHOWN_VALUES
                properties[predicate] = _in_order(terms, language)[:SHOWN_VALUES]
        return cls(said, more, len(rows) > MAX_STATEMENTS)

    def terms(self) -> Iterator[object]:
        """Every term that is shown."""
        for node, properties in self.said.items():
            yield NamedNode(node)
            for predicate, terms in properties.items():
                yield NamedNode(predicate)
                yield from terms


@dataclass(frozen=True, slots=True)
class Rows:
    """The engine's answers that a page is made of, by question."""

    statements: Statements
    incoming: Sequence[QuerySolution]
    counted: int
    forms: Sequence[QuerySolution]

    def iris(self) -> list[str]:
        """The IRIs that the page mentions, each once, for their labels."""
        terms = chain(self.statements.terms(), *self.incoming, *self.forms)
        return list(dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode)))


def resource_view(thing: str, rows: Rows, labels: Sequence[QuerySolution], names: Names, language: str) -> ResourceView:
    """The page of a thing in a language."""
    link = _linker(_chosen(labels, language), names)
    describer = _Describer(rows.statements, link, names, set())
    records = [node for node in rows.statements.said if node.startswith(f"{names.base}record/") and node != thing]
    return ResourceView(
        thing=link(thing),
        description=describer.describe(thing),
        record=describer.describe(records[0]) if records else None,
        cut=rows.statements.cut,
        incoming=tuple((link(text(row["subject"])), link(text(row["predicate"]))) for row in rows.incoming),
        counted=rows.counted,
        forms=_forms(rows.forms, link),
        sources=tuple(map(link, sorted({text(row["source"]) for row in rows.forms if row["source"] is not None}))),
    )


@dataclass(slots=True)
class _Describer:
    """Describes nodes by what is said of them; each part once, in the first place, and linked to in others."""

    statements: Statements
    link: Callable[[str], Link]
    names: Names
    described: set[str]

    def describe(self, node: str, depth: int = 0) -> Description:
        self.described.add(node)
        properties = []
        said = self.statements.said.get(node, {})
        for predicate, terms in sorted(said.items(), key=lambda item: _place(item[0])):
            values = tuple(self._value(term, depth) for term in terms)
            properties.append(Property(self.link(predicate), values, self.statements.more.get((node, predicate), 0)))
        return Description(self.link(node), tuple(properties))

    def _value(self, term: object, depth: int) -> Value:
        if isinstance(term, NamedNode):
            iri = term.value
            is_part = iri.startswith(self.names.genid) and iri in self.statements.said and iri not in self.described
            if is_part and depth < MAX_NESTING:
                return Value(part=self.describe(iri, depth + 1))
            return Value(link=self.link(iri))
        if not isinstance(term, Literal):
            return Value(text=str(term))
        plain = term.language is not None or term.datatype == STRING
        datatype = "" if plain else compact(self.names)(term.datatype.value)
        return Value(text=term.value, language=term.language or "", datatype=datatype)


def _place(predicate: str) -> tuple[int, str]:
    """Type, names and descriptions come before other properties."""
    return (_FIRST.index(predicate) if predicate in _FIRST else len(_FIRST), predicate)


def _in_order(terms: Sequence[object], language: str) -> list[object]:
    """Values in a fixed order, those in the page's language first."""
    return sorted(terms, key=lambda term: (_rank(term, language), str(term)))


def _rank(term: object, language: str) -> int:
    wanted = _LANGUAGES[language]
    tag = (term.language or "").partition("-")[0] if isinstance(term, Literal) else ""
    return wanted.index(tag) if tag in wanted else len(wanted)


def _chosen(labels: Sequence[QuerySolution], language: str) -> dict[str, str]:
    """One label for each thing: in the language of the page if there is one, and of those a display name."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for row in labels:
        label = row["label"]
        if isinstance(label, Literal) and label.value.strip():
            found[text(row["thing"])].append((_rank(label, language), text(row["place"]), label.value))
    return {thing: min(names)[2] for thing, names in found.items()}


def _linker(labels: Mapping[str, str], names: Names) -> Callable[[str], Link]:
    write = compact(names)

    def link(iri: str) -> Link:
        outside = iri if iri.startswith(("http://", "https://")) and not iri.startswith(names.genid) else ""
        return Link(iri, labels.get(iri) or write(iri), page_of(iri), outside)

    return link


def page_of(iri: str) -> str:
    """The address of a thing's page, relative to the service's own.

    >>> page_of("javascript:alert('x')")
    'resource?iri=javascript%3Aalert%28%27x%27%29'
    """
    return f"resource?iri={quote(iri, safe='')}"


def _forms(rows: Sequence[QuerySolution], link: Callable[[str], Link]) -> tuple[Form, ...]:
    found: dict[str, tuple[Link | None, dict[Link, None]]] = {}
    for row in rows:
        if row["alias"] is not None:
            rule = link(text(row["rule"])) if row["rule"] is not None else None
            _, sources = found.setdefault(text(row["alias"]), (rule, {}))
            if row["source"] is not None:
                sources[link(text(row["source"]))] = None
    return tuple(Form(link(alias), rule, tuple(sources)) for alias, (rule, sources) in found.items())
