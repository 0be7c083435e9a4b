"""Solving: the rows that satisfy some patterns on facts, by joins of whole columns.

In: patterns whose predicates are numbers, and facts. Out: a table with a column for each variable. Variables are
negative numbers, terms are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import Ids, contains, firsts, matches, pack, seconds
from kg.reason.facts import Facts


@dataclass(frozen=True, slots=True)
class Step:
    """A triple pattern of numbers; negative ones are variables. The predicate is a term."""

    subject: int
    predicate: int
    object: int

    def variables(self) -> set[int]:
        """Its variables."""
        return {term for term in (self.subject, self.object) if term < 0}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values for variables; with no column at all, `rows` says whether the patterns hold."""

    rows: int
    columns: dict[int, Ids]

    def taken(self, places: NDArray[np.intp] | NDArray[np.bool_], rows: int) -> "Table":
        """The rows at some places."""
        return Table(rows, {variable: column[places] for variable, column in self.columns.items()})

    def values(self, term: int) -> Ids:
        """The column of a variable, or of a term that is the same in every row."""
        if term < 0:
            return self.columns[term]
        return np.full(self.rows, term, np.uint64)


_EVERYTHING = 2**62
"""How many types there are, for all that choosing the next pattern needs to know."""

_PLACE = -(2**31)
"""The variable of the places of rows, which no rule has."""

UNIT = Table(1, {})
"""The table of no patterns: one row that says nothing."""


def solve(steps: Sequence[Step], facts: Facts, table: Table = UNIT) -> Table:
    """Extend a table by patterns, always the one that is most bound and then the smallest."""
    left = list(steps)
    while left and table.rows:
        known = table.columns
        best = min(left, key=lambda step: (_unknown(step, known), _size(step, facts)))
        left.remove(best)
        table = extend(table, best, facts)
    if left:
        missing = {variable for step in left for variable in step.variables()}
        return Table(0, {variable: np.empty(0, np.uint64) for variable in missing | set(table.columns)})
    return table


def _unknown(step: Step, known: dict[int, Ids]) -> int:
    return len({variable for variable in step.variables() if variable not in known})


def _size(step: Step, facts: Facts) -> int:
    if step.predicate == facts.type_ and step.object >= 0:
        return facts.things(step.object).size
    if step.predicate == facts.type_:
        return _EVERYTHING
    relation = facts.relations.get(step.predicate)
    return relation.forward.size if relation else 0


def rows_of(step: Step, pairs: Ids) -> Table:
    """A table of some pairs of a pattern's predicate, those that do not fit it left out."""
    subjects, objects = firsts(pairs), seconds(pairs)
    if step.subject >= 0:
        fits = subjects == np.uint64(step.subject)
        subjects, objects = subjects[fits], objects[fits]
    if step.object >= 0:
        fits = objects == np.uint64(step.object)
        subjects, objects = subjects[fits], objects[fits]
    elif step.object == step.subject:
        fits = subjects == objects
        subjects, objects = subjects[fits], objects[fits]
    columns = {}
    if step.subject < 0:
        columns[step.subject] = subjects
    if step.object < 0:
        columns[step.object] = objects
    return Table(subjects.size, columns)


def things_of(step: Step, things: Ids) -> Table:
    """A table of some members of the class of a type pattern."""
    if step.subject < 0:
        return Table(things.size, {step.subject: things})
    return Table(int(contains(np.array([step.subject], np.uint64), things)[0]), {})


def extend(table: Table, step: Step, facts: Facts) -> Table:
    """The rows of a table that a pattern allows, with what it adds to them."""
    if step.predicate == facts.type_ and step.object >= 0:
        return _extend_by_class(table, step, facts.things(step.object))
    relation = facts.pairs(step.predicate)
    subject_known = step.subject >= 0 or step.subject in table.columns
    object_known = step.object >= 0 or step.object in table.columns
    if subject_known and object_known:
        keep = contains(pack(table.values(step.subject), table.values(step.object)), relation.forward)
        return table.taken(keep, int(keep.sum()))
    if subject_known:
        places, found = matches(table.values(step.subject), relation.forward)
        variable = step.object
    elif object_known:
        places, found = matches(table.values(step.object), relation.backward)
        variable = step.subject
    else:
        return _crossed(table, rows_of(step, relation.forward))
    extended = table.taken(places, found.size)
    extended.columns[variable] = found
    return extended


def lacking(table: Table, step: Step, facts: Facts) -> Table:
    """The rows of a table for which no triple fits a pattern; what it names beside them may have any value."""
    places = Table(table.rows, {**table.columns, _PLACE: np.arange(table.rows, dtype=np.uint64)})
    found = extend(places, step, facts).columns[_PLACE]
    keep = np.ones(table.rows, np.bool_)
    keep[found.astype(np.intp)] = False
    return table.taken(keep, int(keep.sum()))


def _extend_by_class(table: Table, step: Step, things: Ids) -> Table:
    if step.subject >= 0 or step.subject in table.columns:
        keep = contains(table.values(step.subject), things)
        return table.taken(keep, int(keep.sum()))
    return _crossed(table, things_of(step, things))


def _crossed(table: Table, other: Table) -> Table:
    """Every row of one table with every row of another that has no column of it."""
    if table is UNIT:
        return other
    rows = table.rows * other.rows
    columns = {variable: np.repeat(column, other.rows) for variable, column in table.columns.items()}
    columns |= {variable: np.tile(column, table.rows) for variable, column in other.columns.items()}
    return Table(rows, columns)
