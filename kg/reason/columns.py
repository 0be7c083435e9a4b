"""Columns: triples as three arrays of numbers.

In: triples of several parts. Out: the same joined, picked from, and as facts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import EMPTY, Ids, contains, distinct, pack, places_of_each
from kg.reason.facts import Facts, Relation, by_second


@dataclass(frozen=True, slots=True)
class Columns:
    """Triples as three columns of numbers."""

    subjects: Ids
    predicates: Ids
    objects: Ids

    @property
    def size(self) -> int:
        """The number of triples."""
        return self.subjects.size

    def only(self, rows: NDArray[np.bool_]) -> "Columns":
        """Some of the triples."""
        return Columns(self.subjects[rows], self.predicates[rows], self.objects[rows])


NO_COLUMNS = Columns(EMPTY, EMPTY, EMPTY)
"""No triples."""


def joined(parts: Sequence[Columns]) -> Columns:
    """All triples of some columns."""
    if not parts:
        return NO_COLUMNS
    return Columns(
        np.concatenate([part.subjects for part in parts]),
        np.concatenate([part.predicates for part in parts]),
        np.concatenate([part.objects for part in parts]),
    )


def facts_in(parts: Iterable[Columns], type_: int) -> Facts:
    """The facts of triples of several parts."""
    found: dict[int, list[Ids]] = defaultdict(list)
    for part in parts:
        for predicate, places in places_of_each(part.predicates):
            found[predicate].append(pack(part.subjects[places], part.objects[places]))
    types = np.concatenate(found.pop(type_, [EMPTY]))
    relations = {predicate: Relation(distinct(np.concatenate(several))) for predicate, several in found.items()}
    return Facts(type_, relations, dict(by_second(types)))


def lacking_from(columns: Columns, other: Columns) -> Columns:
    """The triples of one that another has not."""
    keep = np.ones(columns.size, np.bool_)
    theirs = dict(places_of_each(other.predicates))
    for predicate, rows in places_of_each(columns.predicates):
        if predicate in theirs:
            those = theirs[predicate]
            pairs = pack(columns.subjects[rows], columns.objects[rows])
            keep[rows] = ~contains(pairs, np.sort(pack(other.subjects[those], other.objects[those])))
    return columns.only(keep)
