"""The graph that a trace walks: a generation's default graph and its inferred one, read pattern by pattern.

In: a store. Out: what leads out of a node and into it, with whether a source said it or reasoning added it; what kind
of thing a node is, what it is called and whose it is. No query is made: a trace is many small look-ups, and each costs
microseconds this way. What has been looked up is remembered for the length of one trace.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.namespaces import (
    CPSV,
    CPSVNO,
    CV,
    DCAT,
    DCT,
    FOAF,
    MODELLDCATNO,
    RDF,
    RDFS,
    ROV,
    SKOS,
    WELL_KNOWN_PREFIXES,
    XSD,
    Names,
)
from kg.search.vocabulary import kinds_of_classes, languages
from kg.trace.path import Place
from kg.trace.web import Evidence, NodeKind, Statement

Term = NamedNode | BlankNode | Literal | Triple

MAX_LITERAL: Final = 300
"""Characters of a label; longer ones are cut."""

_DEFAULT: Final = DefaultGraph()
_TYPE: Final = NamedNode(f"{RDF}type")
_HAS_PROPERTY: Final = NamedNode(f"{MODELLDCATNO}hasProperty")
_CONTROLLED: Final = re.compile(
    r"https?://(publications\.europa\.eu/resource/authority|eurovoc\.europa\.eu|psi\.norge\.no/los"
    r"|www\.iana\.org/assignments)/"
)
"""Where the words of controlled vocabularies live; also where nobody describes them, they are no concepts."""

_EVIDENCE_CLASSES: Final = (
    f"{CV}Evidence",
    f"{CPSVNO}RequiredEvidence",
    f"{CV}EvidenceType",
    f"{CV}Output",
    f"{CPSVNO}PossibleOutput",
    f"{CPSV}Output",
    f"{CV}InformationConcept",
)
_LAW_CLASSES: Final = (f"{WELL_KNOWN_PREFIXES['eli']}LegalResource", f"{WELL_KNOWN_PREFIXES['eli']}LegalExpression")
_PROPERTY_NAMES: Final = (
    "Property Attribute Role Association Composition Collection Choice AllOf AnyOf Specialization Realization"
    " Abstraction Dependency"
)
_PROPERTY_CLASSES: Final = frozenset(f"{MODELLDCATNO}{name}" for name in _PROPERTY_NAMES.split())


class Fact(NamedTuple):
    """A triple that the graph holds; asserted where the default graph has it."""

    subject: NamedNode | BlankNode | Triple
    predicate: NamedNode
    object: Term
    asserted: bool

    def statement(self) -> Statement:
        """The same as text."""
        return Statement(str(self.subject), str(self.predicate), str(self.object))


def evidence_of(facts: Sequence[Fact]) -> Evidence:
    """How sure something is that rests on these: asserted only where each of them is."""
    return Evidence.ASSERTED if all(fact.asserted for fact in facts) else Evidence.INFERRED


class Graph:
    """The graph of one generation as one trace reads it."""

    def __init__(self, store: Store, names: Names, inferred: str | None) -> None:
        self._store = store
        self._inferred = NamedNode(inferred) if inferred else None
        self.names = names
        self._kinds, self._ranks = _kinds(names)
        self._labels = tuple(
            NamedNode(iri)
            for iri in (
                f"{names.ns}displayName",
                f"{SKOS}prefLabel",
                f"{DCT}title",
                f"{FOAF}name",
                f"{ROV}legalName",
                f"{RDFS}label",
            )
        )
        self._out: dict[Term, Mapping[NamedNode, Sequence[Fact]]] = {}
        self._into: dict[Term, Mapping[NamedNode, Sequence[Fact]]] = {}
        self._into_by: dict[tuple[Term, NamedNode], Sequence[Fact]] = {}
        self._kind_of: dict[Term, NodeKind | None] = {}

    def out_of(self, node: Term, predicate: NamedNode) -> Sequence[Fact]:
        """What a node is the subject of, by one property, in the order of the objects."""
        return self._all_out(node).get(predicate, ())

    def into(self, node: Term, predicate: NamedNode) -> Sequence[Fact]:
        """What a node is the object of, by one property, in the order of the subjects."""
        all_into = self._into.get(node)
        if all_into is not None:
            return all_into.get(predicate, ())
        if self.kind_of(node) not in _SHARED_BY_MANY:
            found = self._into[node] = _by_predicate(self._read(None, None, node), _of_subject)
            return found.get(predicate, ())
        key = node, predicate
        facts = self._into_by.get(key)
        if facts is None:
            facts = self._into_by[key] = sorted(self._read(None, predicate, node), key=_of_subject)
        return facts

    def holds(self, subject: NamedNode, predicate: NamedNode, object_: Term) -> Fact | None:
        """The triple, where the graph holds it."""
        if Quad(subject, predicate, object_) in self._store:
            return Fact(subject, predicate, object_, True)
        if self._inferred is not None and Quad(subject, predicate, object_, self._inferred) in self._store:
            return Fact(subject, predicate, object_, False)
        return None

    def named(self, predicate: NamedNode, literal: Literal) -> Sequence[Fact]:
        """What has a literal as the value of a property."""
        return self.into(literal, predicate)

    def is_known(self, node: NamedNode) -> bool:
        """Whether the graph says anything of a node or names it anywhere."""
        return (
            bool(self._all_out(node)) or next(self._store.quads_for_pattern(None, None, node, None), None) is not None
        )

    def kind_of(self, node: Term) -> NodeKind | None:
        """What kind of thing a node is; None for what no trace shows, and for what nobody has described."""
        if node not in self._kind_of:
            self._kind_of[node] = self._find_kind(node)
        return self._kind_of[node]

    def is_described(self, node: Term) -> bool:
        """Whether anything is said of a node itself."""
        return bool(self._all_out(node))

    def may_be(self, node: Term, kinds: frozenset[NodeKind]) -> NodeKind | None:
        """The kind of a node, if it is one of these; what nobody describes is taken for the first that it may be.

        The words of controlled vocabularies are never concepts, described or not.
        """
        kind = self.kind_of(node)
        if kind is not None:
            return kind if kind in kinds else None
        if not isinstance(node, NamedNode) or self.out_of(node, _TYPE) or node.value.startswith(XSD):
            return None
        assumed = next((kind for kind in _ASSUMED if kind in kinds), None)
        return None if assumed is NodeKind.CONCEPT and _CONTROLLED.match(node.value) else assumed

    def place_of(self, element: Term) -> Place:
        """Where an element stands."""
        classes = {fact.object.value for fact in self.out_of(element, _TYPE) if isinstance(fact.object, NamedNode)}
        if classes & _EVIDENCE:
            return Place.EVIDENCE
        if f"{MODELLDCATNO}CodeElement" in classes or f"{self.names.ns}Code" in classes:
            return Place.CODE
        if classes & _PROPERTY_CLASSES or self.into(element, _HAS_PROPERTY):
            return Place.PROPERTY
        return Place.MEMBER

    def label_of(self, node: NamedNode, language: str) -> str:
        """What a node is called, in a language or else those its readers read next; else the end of its IRI."""
        wanted = languages(language)
        for predicate in self._labels:
            best: tuple[int, str] | None = None
            for fact in self.out_of(node, predicate):
                if isinstance(fact.object, Literal) and fact.object.value.strip():
                    tag = (fact.object.language or "").partition("-")[0]
                    rank = wanted.index(tag) if tag in wanted else len(wanted)
                    best = min(best or (rank, fact.object.value), (rank, fact.object.value))
            if best is not None:
                return shown(best[1])
        iri = node.value.rstrip("/#")
        return shown(iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]) or node.value

    def _all_out(self, node: Term) -> Mapping[NamedNode, Sequence[Fact]]:
        found = self._out.get(node)
        if found is None:
            facts = self._read(node, None, None) if isinstance(node, NamedNode | BlankNode) else ()
            found = self._out[node] = _by_predicate(facts, _of_object)
        return found

    def _read(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode | None, object_: Term | None
    ) -> list[Fact]:
        find = self._store.quads_for_pattern
        found = [
            Fact(each.subject, each.predicate, each.object, True)
            for each in find(subject, predicate, object_, _DEFAULT)
        ]
        if self._inferred is not None:
            added = find(subject, predicate, object_, self._inferred)
            found += [Fact(each.subject, each.predicate, each.object, False) for each in added]
        return found

    def _find_kind(self, node: Term) -> NodeKind | None:
        ranks = (self._ranks.get(fact.object) for fact in self.out_of(node, _TYPE))  # type: ignore[arg-type]
        rank = min((rank for rank in ranks if rank is not None), default=None)
        return None if rank is None else self._kinds[rank]


def _of_subject(fact: Fact) -> str:
    return str(fact.subject)


def _of_object(fact: Fact) -> str:
    return str(fact.object)


def _by_predicate(facts: Iterable[Fact], order: Callable[[Fact], str]) -> Mapping[NamedNode, Sequence[Fact]]:
    found: dict[NamedNode, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.predicate, []).append(fact)
    for each in found.values():
        if len(each) > 1:
            each.sort(key=order)
    return found


_SHARED_BY_MANY: Final = frozenset({None, NodeKind.AGENCY, NodeKind.LAW, NodeKind.CODELIST})
"""Of these so much may be said elsewhere that it is read property by property; literals and types are among them."""


def shown(text: str) -> str:
    """A label in one line, cut where it is too long to be one."""
    line = " ".join(text[: 2 * MAX_LITERAL].split())
    return line if len(line) <= MAX_LITERAL else f"{line[: MAX_LITERAL - 1]}…"


_EVIDENCE: Final = frozenset(_EVIDENCE_CLASSES)
_ASSUMED: Final = (
    NodeKind.CONCEPT,
    NodeKind.AGENCY,
    NodeKind.LAW,
    NodeKind.ELEMENT,
    NodeKind.EVENT,
)
"""What a node that nobody describes may be taken for, by the path that leads to it."""


def _kinds(names: Names) -> tuple[Sequence[NodeKind | None], Mapping[NamedNode, int]]:
    """The kinds of all classes in order, and where in it each class is; a thing of several is of the first."""
    found = {class_: NodeKind(kind) if kind else None for class_, kind in kinds_of_classes(names).items()}
    found[f"{names.ns}Code"] = NodeKind.ELEMENT
    last = {class_: found.pop(class_) for class_ in tuple(found) if class_.startswith((names.ns, SKOS))}
    found[f"{DCAT}Distribution"] = NodeKind.DISTRIBUTION
    found |= dict.fromkeys(_EVIDENCE_CLASSES, NodeKind.ELEMENT)
    found |= dict.fromkeys(_LAW_CLASSES, NodeKind.LAW)
    found |= last
    return list(found.values()), {NamedNode(class_): rank for rank, class_ in enumerate(found)}
