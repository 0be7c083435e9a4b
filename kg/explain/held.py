"""What is held: a generation's store as the prover reads it.

In: a store. Out: whether a triple is given, whether it may hold at all, and the triples that fit a pattern. Given is
what the default graph holds, axioms only if a trusted graph holds them too. Everything else that is held (the inferred
graph, an axiom of a source, what goes without saying, a literal as subject) holds only as far as a rule shows it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.reason.axioms import (
    FIRST,
    MAX_MEMBERS,
    NIL,
    REFLEXIVE,
    REST,
    SAME,
    SUB_CLASS,
    THING,
    TYPE,
    goes_without_saying,
    is_axiom,
)

Term = NamedNode | BlankNode | Literal | Triple
Fact = tuple[Term, Term, Term]
"""A triple as terms; its subject may be a literal."""

_REMEMBERED: Final = 200_000
_DEFAULT: Final = DefaultGraph()
_FIRST, _REST, _NIL = (NamedNode(text[1:-1]) for text in (FIRST, REST, NIL))
_SUB_CLASS, _SAME, _THING, _TYPE = (NamedNode(text[1:-1]) for text in (SUB_CLASS, SAME, THING, TYPE))
_REFLEXIVE: Final = frozenset(NamedNode(text[1:-1]) for text in REFLEXIVE)


class Standing(StrEnum):
    """What is known of a triple that may hold."""

    GIVEN = "given"
    LIKELY = "likely"
    """It was inferred, or goes without saying."""
    DOUBTFUL = "doubtful"
    """A source states it, which is no ground for an axiom, or a literal is its subject: it seldom follows."""


class OutOfBudget(Exception):
    """The search has taken as long as it may, so that it knows neither a proof nor that there is none."""


@dataclass(slots=True)
class Budget:
    """How long a search may take.

    Attributes:
        steps: triples that may still be looked at.
        deadline: the time by `clock` when it has to end, in seconds.
    """

    steps: int
    deadline: float
    clock: Callable[[], float] = time.monotonic
    _look: int = 0

    def spend(self, steps: int = 1) -> None:
        """Take some steps.

        Raises:
            OutOfBudget: there are none left, or no time.
        """
        self.steps -= steps
        self._look += 1
        if self.steps < 0 or (not self._look % 256 and self.clock() > self.deadline):
            raise OutOfBudget


@dataclass(frozen=True, slots=True)
class ReadList:
    """An RDF list as it is walked: its members, and the triples of it that are not given."""

    members: tuple[Term, ...]
    derived: tuple[Fact, ...]


class Held:
    """The triples of one generation, which never change; what axioms say is remembered from one proof to the next."""

    def __init__(self, store: Store, inferred: str | None, trusted: Sequence[str]) -> None:
        self._store = store
        self._inferred = NamedNode(inferred) if inferred else None
        self._trusted = [NamedNode(graph) for graph in trusted]
        self._read = {_DEFAULT, self._inferred}
        self._axioms: dict[tuple[Term | None, ...], tuple[Fact, ...]] = {}
        self._speaking: dict[tuple[Term, Term | None], bool] = {}
        self._lists: dict[Term, tuple[ReadList, ...]] = {}

    def is_written(self, fact: Fact) -> bool:
        """Whether the default graph or the inferred graph holds a triple."""
        return self._is_asserted(fact) or self._is_in(fact, self._inferred)

    def is_asserted(self, fact: Fact) -> bool:
        """Whether the default graph holds a triple."""
        return _is_writable(fact) and self._is_asserted(fact)

    def is_given(self, fact: Fact) -> bool:
        """Whether a triple needs no proof."""
        return self.standing(fact) is Standing.GIVEN

    def standing(self, fact: Fact) -> "Standing":
        """What is known of a triple that is possible, before any rule is read."""
        if not _is_writable(fact):
            return Standing.DOUBTFUL
        if not self._is_asserted(fact):
            return Standing.LIKELY
        if not self.is_axiom(fact[1], fact[2]) or any(self._is_in(fact, graph) for graph in self._trusted):
            return Standing.GIVEN
        return Standing.DOUBTFUL

    def is_possible(self, fact: Fact) -> bool:
        """Whether a triple may hold: what is neither written nor of the kinds that are not written does not."""
        if _is_writable(fact) and self.is_written(fact):
            return True
        subject, predicate, object_ = fact
        if isinstance(subject, Literal):
            return isinstance(predicate, NamedNode) and predicate != _SAME
        return goes_without_saying(str(subject), str(predicate), str(object_))

    def matching(self, subject: Term | None, predicate: Term | None, object_: Term | None) -> Iterable[Fact]:
        """The triples that fit a pattern and may hold.

        Of those that no graph holds, the ones that a class or property is to itself are among them, and no others: they
        are too many, and a rule that needs them finds them when all their terms are known.
        """
        if predicate is not None and not isinstance(predicate, NamedNode):
            return ()
        if predicate is None or not self.is_axiom(predicate, object_):
            return self._find(subject, predicate, object_)
        return self.axioms(subject, predicate, object_)

    def axioms(self, subject: Term | None, predicate: NamedNode, object_: Term | None) -> Sequence[Fact]:
        """The triples that fit a pattern which only axioms fit; remembered, because there are few and all need them."""
        key = (subject, predicate, object_)
        known = self._axioms.get(key)
        if known is None:
            if len(self._axioms) >= _REMEMBERED:
                self._axioms.clear()
            known = self._axioms[key] = (*self._find(*key), *_to_itself(*key))
        return known

    def is_axiom(self, predicate: Term, object_: Term | None) -> bool:
        """As `kg.reason.axioms.is_axiom`; of a pattern without object, whether only axioms fit it."""
        key = (predicate, object_ if predicate == _TYPE else None)
        known = self._speaking.get(key)
        if known is None:
            if len(self._speaking) >= _REMEMBERED:
                self._speaking.clear()
            known = self._speaking[key] = is_axiom(str(predicate), str(object_))
        return known

    def speaks_of(self, predicate: NamedNode, object_: Term | None) -> bool:
        """Whether any graph holds a triple with a predicate, and an object where one is named."""
        return next(self._store.quads_for_pattern(None, predicate, object_, None), None) is not None

    def lists(self, node: Term) -> Sequence[ReadList]:
        """The ways to read a list; more than one only where a node has several firsts or rests.

        A list that is broken or runs in a circle ends where it does, as in the reasoner.
        """
        known = self._lists.get(node)
        if known is None:
            if len(self._lists) >= _REMEMBERED:
                self._lists.clear()
            known = self._lists[node] = tuple(self._walk(node, (), (), frozenset()))
        return known

    def graphs(self, fact: Fact) -> list[str]:
        """The IRIs of the named graphs that hold a triple."""
        if not _is_writable(fact):
            return []
        found = (quad.graph_name for quad in self._store.quads_for_pattern(*fact, None))  # type: ignore[arg-type]
        return sorted(graph.value for graph in found if isinstance(graph, NamedNode))

    def _walk(
        self, node: Term, before: tuple[Term, ...], derived_before: tuple[Fact, ...], seen_before: frozenset[Term]
    ) -> Iterator[ReadList]:
        members, derived, seen = list(before), list(derived_before), set(seen_before)
        while True:
            firsts = [] if node == _NIL or node in seen else self._links(node, _FIRST)
            if not firsts or len(members) >= MAX_MEMBERS:
                yield ReadList(tuple(members), tuple(derived))
                return
            seen.add(node)
            rests = self._links(node, _REST)
            if len(firsts) > 1 or len(rests) > 1:
                break
            members.append(firsts[0][2])
            derived += [fact for fact in (*firsts, *rests) if not self.is_given(fact)]
            node = rests[0][2] if rests else _NIL
        for first in firsts:
            for rest in rests or (None,):
                links = [link for link in (first, rest) if link is not None and not self.is_given(link)]
                following = rest[2] if rest is not None else _NIL
                yield from self._walk(following, (*members, first[2]), (*derived, *links), frozenset(seen))

    def _links(self, node: Term, predicate: NamedNode) -> list[Fact]:
        found = self.matching(node, predicate, None)
        return [fact for fact in found if self.is_given(fact) or not self.is_asserted(fact)]

    def _find(self, subject: Term | None, predicate: NamedNode | None, object_: Term | None) -> Iterator[Fact]:
        if isinstance(subject, Literal | Triple):
            return
        # Without a graph, because to name the default graph costs three times as much as the search itself.
        for quad in self._store.quads_for_pattern(subject, predicate, object_, None):
            if quad.graph_name in self._read:
                yield quad.subject, quad.predicate, quad.object

    def _is_asserted(self, fact: Fact) -> bool:
        return Quad(*fact) in self._store  # type: ignore[arg-type]

    def _is_in(self, fact: Fact, graph: NamedNode | None) -> bool:
        return graph is not None and Quad(*fact, graph) in self._store  # type: ignore[arg-type]


def term_of(text: str) -> Term:
    """The term of an N-Triples text.

    Raises:
        SyntaxError: it is none.

    >>> term_of('"tekst"@nb').value
    'tekst'
    """
    quads = list(parse(input=f"<x:s> <x:p> {text} .", format=RdfFormat.N_TRIPLES, lenient=True))
    if len(quads) != 1:
        raise SyntaxError(f"{text!r} is not one term")
    term: Term = quads[0].object
    return term


def _is_writable(fact: Fact) -> bool:
    return isinstance(fact[0], NamedNode | BlankNode) and isinstance(fact[1], NamedNode)


def _to_itself(subject: Term | None, predicate: Term, object_: Term | None) -> Iterator[Fact]:
    if predicate in _REFLEXIVE:
        one = subject if object_ is None else object_
        if one is not None and (subject is None or object_ is None) and not isinstance(one, Literal):
            yield one, predicate, one
        if predicate == _SUB_CLASS and subject is not None and object_ is None and subject != _THING:
            yield subject, predicate, _THING
