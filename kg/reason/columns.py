"""Columns: triples as three arrays of numbers.

In: triples of several parts. Out: the same joined, picked from, and as facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import EMPTY, Ids, contains, pack
from kg.reason.facts import Facts, facts_of


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


def facts_in(columns: Columns, type_: int) -> Facts:
    """The facts of some columns."""
    return facts_of(columns.subjects, columns.predicates, columns.objects, type_)


def lacking_from(columns: Columns, other: Columns) -> Columns:
    """The triples of one that another has not."""
    keep = np.ones(columns.size, np.bool_)
    for predicate in np.unique(columns.predicates):
        rows = columns.predicates == predicate
        those = other.only(other.predicates == predicate)
        pairs = pack(columns.subjects[rows], columns.objects[rows])
        keep[rows] = ~contains(pairs, np.sort(pack(those.subjects, those.objects)))
    return columns.only(keep)
