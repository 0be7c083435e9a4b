"""The graph that a trace walks: its triples, and what kind of thing each node is, what it is called, where it stands.

In: a generation's store. Out: the reader's side of `kg.trace`: everything else asks this.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

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
from kg.trace.triples import Fact, Ground, Term, Triples
from kg.trace.web import NodeKind

MAX_LITERAL: Final = 300
"""Characters of a label; longer ones are cut."""
MOST_REMEMBERED: Final = 50_000
"""Things of which it is remembered from trace to trace what kind they are of, and whose they are."""

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
_LAW_CLASSES: Final = (
    f"{WELL_KNOWN_PREFIXES['eli']}LegalResource",
    f"{WELL_KNOWN_PREFIXES['eli']}LegalExpression",
    f"{DCT}RightsStatement",  # as DCAT-AP-NO 1.1 has a legal basis
)
_PROPERTY_NAMES: Final = (
    "Property Attribute Role Association Composition Collection Choice AllOf AnyOf Specialization Realization"
    " Abstraction Dependency"
)
_PROPERTY_CLASSES: Final = frozenset(f"{MODELLDCATNO}{name}" for name in _PROPERTY_NAMES.split())


class Known:
    """What traces over one generation share: its store, what kinds of things there are, and what was found of things.

    Attributes:
        kinds: of classes, in order; a thing of several is of the first.
        ranks: where in it each class is.
        labels: the properties that name things, the first that a thing has counts.
        in_model: the property by which an element is in a model.
        kind_of: the kinds of things, as far as they were looked for.
        agencies_of: whose things are, as far as that was found (`kg.trace.agencies`).
    """

    def __init__(self, ground: Ground, names: Names) -> None:
        self.ground, self.names = ground, names
        self.kinds, self.ranks = _kinds(names)
        self.labels = tuple(
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
        self.in_model = NamedNode(f"{names.ns}inModel")
        self.kind_of: dict[Term, NodeKind | None] = {}
        self.agencies_of: dict[tuple[Term, NodeKind], frozenset[NamedNode]] = {}

    def forget(self) -> None:
        """Drop what was found where it has become much; done between traces."""
        if len(self.kind_of) > MOST_REMEMBERED:
            self.kind_of.clear()
        if len(self.agencies_of) > MOST_REMEMBERED:
            self.agencies_of.clear()


class Graph:
    """The graph of one generation as one trace reads it; make one for each trace, as it remembers all that it read."""

    def __init__(self, known: Known) -> None:
        known.forget()
        self._known = known
        self._triples = Triples(known.ground)
        self._kind_of = known.kind_of
        self.names = known.names
        self.agencies = known.agencies_of

    def out_of(self, node: Term, predicate: NamedNode) -> Sequence[Fact]:
        """What a node is the subject of, by one property, in the order of the objects."""
        return self._triples.out_of(node, predicate)

    def types_of(self, node: Term) -> Sequence[Fact]:
        """The classes of a node, without all else that is said of it: of most nodes that is all that is looked at."""
        return self._triples.out_of(node, _TYPE, alone=True)

    def in_models(self, element: Term) -> Sequence[Fact]:
        """The models that reasoning has found an element to be in."""
        return self._triples.out_of(element, self._known.in_model, alone=True)

    def into(self, node: Term, predicate: NamedNode) -> Sequence[Fact]:
        """What a node is the object of, by one property, in the order of the subjects."""
        return self._triples.into(node, predicate, alone=self.kind_of(node) in _SHARED_BY_MANY)

    def may_leave(self, node: Term, predicates: frozenset[NamedNode], *, back: bool) -> bool:
        """Whether anything may lead out of a node by one of these properties, or into it."""
        if back and self.kind_of(node) in _SHARED_BY_MANY:
            return True
        return self._triples.may_leave(node, predicates, back=back)

    def holds(self, subject: NamedNode, predicate: NamedNode, object_: Term) -> Fact | None:
        """The triple, where the graph holds it."""
        return self._triples.holds(subject, predicate, object_)

    def is_described(self, node: Term) -> bool:
        """Whether a source says anything of a node itself."""
        return self._triples.is_described(node)

    def is_known(self, node: NamedNode) -> bool:
        """Whether the graph says anything of a node or names it anywhere."""
        return self._triples.is_known(node)

    def kind_of(self, node: Term) -> NodeKind | None:
        """What kind of thing a node is; None for what no trace shows, and for what nobody has described."""
        if not isinstance(node, NamedNode | BlankNode):  # nor is a literal remembered, of whatever length it is
            return None
        if node not in self._kind_of:
            self._kind_of[node] = self._find_kind(node)
        return self._kind_of[node]

    def may_be(self, node: Term, kinds: frozenset[NodeKind]) -> NodeKind | None:
        """The kind of a node, if it is one of these; what nobody describes is taken for the first that it may be.

        The words of controlled vocabularies are never concepts, described or not.
        """
        kind = self.kind_of(node)
        if kind is not None:
            return kind if kind in kinds else None
        if not isinstance(node, NamedNode) or self.types_of(node) or node.value.startswith(XSD):
            return None
        assumed = next((kind for kind in _ASSUMED if kind in kinds), None)
        return None if assumed is NodeKind.CONCEPT and _CONTROLLED.match(node.value) else assumed

    def place_of(self, element: Term) -> Place:
        """Where an element stands."""
        classes = {fact.object.value for fact in self.types_of(element) if isinstance(fact.object, NamedNode)}
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
        for predicate in self._known.labels:
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

    def _find_kind(self, node: Term) -> NodeKind | None:
        ranks = (self._known.ranks.get(fact.object) for fact in self.types_of(node))  # type: ignore[arg-type]
        rank = min((rank for rank in ranks if rank is not None), default=None)
        return None if rank is None else self._known.kinds[rank]


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
