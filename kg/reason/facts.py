"""Facts: triples as numbers, by predicate, and the types by class.

In: pairs and members. Out: for each predicate the set of its pairs, findable from either side, and for each class the
set of its members.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from kg.reason.arrays import EMPTY, Ids, distinct, firsts, pack, seconds, swapped, union


class Relation:
    """The pairs of one predicate."""

    __slots__ = ("_backward", "forward")

    def __init__(self, forward: Ids = EMPTY) -> None:
        self.forward = forward
        self._backward: Ids | None = None

    @property
    def backward(self) -> Ids:
        """The pairs with the object first."""
        if self._backward is None:
            self._backward = np.sort(swapped(self.forward))
        return self._backward

    def copy(self) -> "Relation":
        """The same pairs; arrays are never changed in place, so they are shared."""
        copied = Relation(self.forward)
        copied._backward = self._backward
        return copied

    def add(self, pairs: Ids) -> None:
        """Add pairs that are not there yet."""
        self.forward = union(self.forward, pairs)
        if self._backward is not None:
            self._backward = union(self._backward, np.sort(swapped(pairs)))


@dataclass(slots=True)
class Facts:
    """Triples by predicate; rdf:type, whose number is `type_`, by class."""

    type_: int
    relations: dict[int, Relation] = field(default_factory=dict)
    members: dict[int, Ids] = field(default_factory=dict)

    def pairs(self, predicate: int) -> Relation:
        """The relation of a predicate; an empty one where there is none."""
        if predicate == self.type_:
            return Relation(self.type_pairs())
        return self.relations.get(predicate) or Relation()

    def type_pairs(self) -> Ids:
        """Every thing with each of its classes."""
        if not self.members:
            return EMPTY
        columns = [pack(things, np.full(things.size, class_, np.uint64)) for class_, things in self.members.items()]
        return np.sort(np.concatenate(columns))

    def things(self, class_: int) -> Ids:
        """The members of a class."""
        return self.members.get(class_, EMPTY)

    def size(self) -> int:
        """The number of facts."""
        pairs = sum(relation.forward.size for relation in self.relations.values())
        return pairs + sum(things.size for things in self.members.values())

    def copy(self) -> "Facts":
        """The same facts; sets are never changed in place, so they are shared."""
        relations = {predicate: relation.copy() for predicate, relation in self.relations.items()}
        return Facts(self.type_, relations, dict(self.members))


def by_second(pairs: Ids) -> Iterator[tuple[int, Ids]]:
    """The firsts of some pairs, as sets, by their seconds."""
    turned = distinct(swapped(pairs))
    keys = firsts(turned)
    for rows in np.split(turned, np.flatnonzero(np.diff(keys)) + 1):
        if rows.size:
            yield int(firsts(rows[:1])[0]), seconds(rows)
