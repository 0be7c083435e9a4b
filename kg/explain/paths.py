"""Paths: a way through a transitive property, so that its proof need not be searched for triple by triple.

In: a triple of a transitive property, or of owl:sameAs. Out: one instance of the rule, split in the middle of the
shortest path over asserted triples. All pairs of a chain hold, so a search over what is held would look at each pair
with each middle; a path over what is asserted looks at each triple once, and split in the middle its proof is as deep
as the logarithm of its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.explain.held import Budget, Fact, Held, Standing, Term
from kg.explain.instances import Instance
from kg.explain.rulebook import BookRule
from kg.namespaces import OWL, RDF, RDFS

TRANSITIVE_RULES: Final = frozenset(("prp-trp", "eq-trans"))
_APPLIED: Final = TRANSITIVE_RULES | {"eq-sym"}

_TYPE: Final = NamedNode(f"{RDF}type")
_SAME: Final = NamedNode(f"{OWL}sameAs")
_INVERSE: Final = NamedNode(f"{OWL}inverseOf")
_SUB_PROPERTY: Final = NamedNode(f"{RDFS}subPropertyOf")
_TRANSITIVE: Final = NamedNode(f"{OWL}TransitiveProperty")
_SYMMETRIC: Final = NamedNode(f"{OWL}SymmetricProperty")


_REMEMBERED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Path:
    """Whether there is a path of asserted triples, and the step that it proves.

    Attributes:
        instance: None for a path of one triple, which other rules than that of transitivity turn into what is sought.
        enough: whether no other rule need be read: among things that are the same there are too many ways.
    """

    found: bool
    instance: Instance | None = None
    enough: bool = False


_NO_PATH: Final = Path(found=False)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Which asserted triples are steps of a property: those of some properties, and of some the other way round."""

    forward: tuple[NamedNode, ...]
    backward: tuple[NamedNode, ...]

    def turned(self) -> "_Edges":
        """The same steps the other way round."""
        return _Edges(self.backward, self.forward)


class Paths:
    """Paths over one generation."""

    def __init__(self, held: Held, book: Sequence[BookRule]) -> None:
        self._held = held
        self._rules = {rule.label: rule for rule in book if rule.label in _APPLIED}
        self._edges: dict[NamedNode, _Edges | None] = {}
        self._known: dict[tuple[Term, _Edges], tuple[Term, ...]] = {}

    def find(self, fact: Fact, budget: Budget) -> Path:
        """The path of a triple.

        Raises:
            OutOfBudget: looking for it takes too long.
        """
        subject, predicate, object_ = fact
        if not isinstance(predicate, NamedNode) or subject == object_ or isinstance(subject, Literal):
            return _NO_PATH
        if predicate not in self._edges:
            self._edges[predicate] = self._steps_of(predicate)
        edges = self._edges[predicate]
        if edges is None:
            return _NO_PATH
        path = self._shortest(subject, object_, edges, budget)
        if len(path) == 2 and predicate == _SAME:
            return Path(True, Instance(self._rules["eq-sym"], ((object_, predicate, subject),)), enough=True)
        if len(path) < 3:
            return Path(found=bool(path))
        middle = path[len(path) // 2]
        halves = (subject, predicate, middle), (middle, predicate, object_)
        if predicate == _SAME:
            return Path(True, Instance(self._rules["eq-trans"], halves), enough=True)
        return Path(True, Instance(self._rules["prp-trp"], ((predicate, _TYPE, _TRANSITIVE), *halves)))

    def _steps_of(self, predicate: NamedNode) -> _Edges | None:
        """The steps of a property; None if it is not transitive."""
        if predicate == _SAME:
            return _Edges((_SAME,), (_SAME,)) if len(self._rules) == len(_APPLIED) else None
        if "prp-trp" not in self._rules or not self._holds((predicate, _TYPE, _TRANSITIVE)):
            return None
        below = [fact[0] for fact in self._held.matching(None, _SUB_PROPERTY, predicate) if self._holds(fact)]
        forward = tuple(dict.fromkeys((predicate, *(each for each in below if isinstance(each, NamedNode)))))
        inverses = [fact[0] for fact in self._held.matching(None, _INVERSE, predicate) if self._holds(fact)]
        inverses += [fact[2] for fact in self._held.matching(predicate, _INVERSE, None) if self._holds(fact)]
        backward = tuple(dict.fromkeys(each for each in inverses if isinstance(each, NamedNode)))
        if self._holds((predicate, _TYPE, _SYMMETRIC)):
            backward = tuple(dict.fromkeys((*backward, *forward)))
        return _Edges(forward, backward)

    def _holds(self, axiom: Fact) -> bool:
        """Whether an axiom is given or was inferred."""
        return self._held.is_written(axiom) and self._held.standing(axiom) is not Standing.DOUBTFUL

    def _shortest(self, start: Term, end: Term, edges: _Edges, budget: Budget) -> Sequence[Term]:
        """The nodes of a shortest path, searched from both ends; none if there is no path."""
        sides: tuple[dict[Term, Term | None], dict[Term, Term | None]] = ({start: None}, {end: None})
        fronts = [[start], [end]]
        directions = (edges, edges.turned())
        while fronts[0] and fronts[1]:
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            reached, others = sides[side], sides[1 - side]
            following = []
            for node in fronts[side]:
                for neighbour in self._neighbours(node, directions[side], budget):
                    if neighbour in reached:
                        continue
                    reached[neighbour] = node
                    if neighbour in others:
                        return [*reversed(_trail(neighbour, sides[0])), *_trail(neighbour, sides[1])[1:]]
                    following.append(neighbour)
            fronts[side] = following
        return ()

    def _neighbours(self, node: Term, edges: _Edges, budget: Budget) -> Sequence[Term]:
        budget.spend()
        key = (node, edges)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = [(fact, 2) for each in edges.forward for fact in self._held.matching(node, each, None)]
            found += [(fact, 0) for each in edges.backward for fact in self._held.matching(None, each, node)]
            budget.spend(len(found))
            given = (fact[place] for fact, place in found if self._held.is_given(fact))
            known = self._known[key] = tuple(dict.fromkeys(given))
        return known


def _trail(node: Term, reached: dict[Term, Term | None]) -> list[Term]:
    """The nodes from one back to where the search began."""
    trail = [node]
    while (before := reached[trail[-1]]) is not None:
        trail.append(before)
    return trail
