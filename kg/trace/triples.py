"""Triples: a generation's default graph and its inferred one, read around one node after the other.

In: a store. Out: what leads out of a node and into it by a property, with whether a source said it or reasoning added
it. No query is made: a trace is many small look-ups, and each costs microseconds this way. What sources say of a node
is read at once; what reasoning adds is read property by property, for a concept may have every other below it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.trace.web import Evidence, Statement

Term = NamedNode | BlankNode | Literal | Triple

_DEFAULT: Final = DefaultGraph()


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


class Ground:
    """What traces over one generation share: its store, and which properties reasoning adds at all."""

    def __init__(self, store: Store, inferred: str | None) -> None:
        self.store = store
        self.inferred = NamedNode(inferred) if inferred else None
        self._added: dict[NamedNode, bool] = {}
        self._any_added: dict[frozenset[NamedNode], bool] = {}

    def may_any_be_inferred(self, predicates: frozenset[NamedNode]) -> bool:
        """Whether the inferred graph has a triple with one of the properties."""
        known = self._any_added.get(predicates)
        if known is None:
            known = self._any_added[predicates] = any(map(self.may_be_inferred, predicates))
        return known

    def may_be_inferred(self, predicate: NamedNode) -> bool:
        """Whether the inferred graph has a triple with the property; asked of the store once."""
        if self.inferred is None:
            return False
        known = self._added.get(predicate)
        if known is None:
            found = self.store.quads_for_pattern(None, predicate, None, self.inferred)
            known = self._added[predicate] = next(found, None) is not None
        return known


class Triples:
    """The triples of one generation as one trace reads them; each is read once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._find = ground.store.quads_for_pattern
        self._said_of: dict[Term, Mapping[NamedNode, Sequence[Quad]]] = {}
        self._said_to: dict[Term, Mapping[NamedNode, Sequence[Quad]]] = {}
        self._out: dict[tuple[Term, NamedNode], Sequence[Fact]] = {}
        self._into: dict[tuple[Term, NamedNode], Sequence[Fact]] = {}

    def out_of(self, node: Term, predicate: NamedNode, *, alone: bool = False) -> Sequence[Fact]:
        """What a node is the subject of, by one property, in the order of the objects.

        Args:
            node: the subject.
            predicate: the property.
            alone: not to read what sources say of the node by other properties along with it.
        """
        if not isinstance(node, NamedNode | BlankNode):
            return ()
        key = node, predicate
        found = self._out.get(key)
        if found is None:
            if alone and node not in self._said_of:
                said: Iterable[Quad] = self._find(node, predicate, None, _DEFAULT)
            else:
                said = self._all_said_of(node).get(predicate, ())
            found = [Fact(node, predicate, quad.object, True) for quad in said]
            if self._ground.may_be_inferred(predicate):
                added = self._find(node, predicate, None, self._ground.inferred)
                found += [Fact(node, predicate, quad.object, False) for quad in added]
            if len(found) > 1:
                found.sort(key=_of_object)
            self._out[key] = found
        return found

    def into(self, node: Term, predicate: NamedNode, *, alone: bool = False) -> Sequence[Fact]:
        """What a node is the object of, by one property, in the order of the subjects.

        Args:
            node: the object.
            predicate: the property.
            alone: not to read what sources say of the node by other properties along with it, which may be very much.
        """
        key = node, predicate
        found = self._into.get(key)
        if found is None:
            if alone and node not in self._said_to:
                said: Iterable[Quad] = self._find(None, predicate, node, _DEFAULT)
            else:
                said = self._all_said_to(node).get(predicate, ())
            found = [Fact(quad.subject, predicate, node, True) for quad in said]
            if self._ground.may_be_inferred(predicate):
                added = self._find(None, predicate, node, self._ground.inferred)
                found += [Fact(quad.subject, predicate, node, False) for quad in added]
            if len(found) > 1:
                found.sort(key=_of_subject)
            self._into[key] = found
        return found

    def may_leave(self, node: Term, predicates: frozenset[NamedNode], *, back: bool) -> bool:
        """Whether a source says anything of a node by one of these properties, or reasoning may."""
        said = self._all_said_to(node) if back else self._all_said_of(node)
        return not predicates.isdisjoint(said) or self._ground.may_any_be_inferred(predicates)

    def holds(self, subject: NamedNode, predicate: NamedNode, object_: Term) -> Fact | None:
        """The triple, where the graph holds it."""
        store, inferred = self._ground.store, self._ground.inferred
        if Quad(subject, predicate, object_) in store:
            return Fact(subject, predicate, object_, True)
        if inferred is not None and Quad(subject, predicate, object_, inferred) in store:
            return Fact(subject, predicate, object_, False)
        return None

    def is_described(self, node: Term) -> bool:
        """Whether a source says anything of a node itself."""
        return bool(self._all_said_of(node))

    def is_known(self, node: NamedNode) -> bool:
        """Whether anything is said of a node, or of others by naming it."""
        return self.is_described(node) or next(self._find(None, None, node, None), None) is not None

    def _all_said_of(self, node: Term) -> Mapping[NamedNode, Sequence[Quad]]:
        found = self._said_of.get(node)
        if found is None:
            quads = self._find(node, None, None, _DEFAULT) if isinstance(node, NamedNode | BlankNode) else ()
            found = self._said_of[node] = _by_predicate(quads)
        return found

    def _all_said_to(self, node: Term) -> Mapping[NamedNode, Sequence[Quad]]:
        found = self._said_to.get(node)
        if found is None:
            found = self._said_to[node] = _by_predicate(self._find(None, None, node, _DEFAULT))
        return found


def _of_subject(fact: Fact) -> str:
    return str(fact.subject)


def _of_object(fact: Fact) -> str:
    return str(fact.object)


def _by_predicate(quads: Iterable[Quad]) -> Mapping[NamedNode, Sequence[Quad]]:
    """Quads as they are: of most of what is said of a node nothing is asked, so no fact is made of it."""
    found: dict[NamedNode, list[Quad]] = {}
    for quad in quads:
        found.setdefault(quad.predicate, []).append(quad)
    return found
