"""Counting: the statistics of a generation from its triples as numbers.

In: the columns that the reasoner read and wrote, or the lines of a raw store. Out: `Statistics`. Different terms are
ticked off in an array of all; what is sorted is each triple's subject with its predicate, once, for the counts by
class, which then cost what the instances of each class have.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from kg.reason.arrays import EMPTY, Ids, distinct_without, firsts, pack, places_of_each, seconds
from kg.reason.axioms import TYPE
from kg.reason.columns import Columns, joined
from kg.reason.facts import by_second
from kg.reason.terms import Terms
from kg.statistics import GraphStatistics, PropertyUse, Statistics

MAX_CLASS_PROPERTIES: Final = 500_000
"""Pairs of class and property that are counted: one thing of many classes and properties has their product."""


def count(asserted: Columns, inferred: Columns, terms: Terms) -> Statistics:
    """The statistics of two disjoint sets of distinct triples: of the first, and of both together."""
    texts, type_ = terms.series.to_list(), terms.number(TYPE)
    return Statistics(_count(asserted, texts, type_), _count(joined([asserted, inferred]), texts, type_))


def count_raw(asserted: Iterable[str], inferred: Iterable[str]) -> Statistics | None:
    """The same from lines of N-Triples without the dot, each part without repetition.

    None where the parts have a triple in common: a query that reads both would see it twice.
    """
    first, second = list(asserted), list(inferred)
    if second and not set(first).isdisjoint(second):
        return None
    terms = Terms()
    return count(terms.columns(first), terms.columns(second), terms)


def _count(columns: Columns, texts: Sequence[str], type_: int) -> GraphStatistics:
    properties: dict[str, PropertyUse] = {}
    classes: dict[int, Ids] = {}
    for predicate, rows in places_of_each(columns.predicates):
        subjects, objects = columns.subjects[rows], columns.objects[rows]
        use = PropertyUse(rows.size, _distinct(subjects, len(texts)), _distinct(objects, len(texts)))
        properties[_iri(texts[predicate])] = use
        if predicate == type_:
            members = by_second(pack(subjects, objects))
            classes = {class_: things for class_, things in members if _is_iri(texts[class_])}
    return GraphStatistics(
        triples=columns.size,
        subjects=_distinct(columns.subjects, len(texts)),
        objects=_distinct(columns.objects, len(texts)),
        properties=properties,
        classes={_iri(texts[class_]): things.size for class_, things in classes.items()},
        class_properties=_by_class(classes, columns, texts),
    )


def _distinct(numbers: Ids, terms: int) -> int:
    """How many different numbers there are, all below the number of terms."""
    return distinct_without([numbers], EMPTY, terms).size


def _by_class(classes: Mapping[int, Ids], columns: Columns, texts: Sequence[str]) -> dict[str, dict[str, int]]:
    """The triples of each property that instances of each class have; smaller classes first give way to the limit."""
    described = np.sort(pack(columns.subjects, columns.predicates))
    predicates = seconds(described)
    sizes = np.bincount(firsts(described).astype(np.int64), minlength=len(texts))
    starts = np.cumsum(sizes) - sizes
    counted: dict[str, dict[str, int]] = {}
    total = 0
    for class_, things in sorted(classes.items(), key=lambda item: (-item[1].size, texts[item[0]])):
        of_each = sizes[things]
        places = np.repeat(starts[things] - np.cumsum(of_each) + of_each, of_each) + np.arange(of_each.sum())
        used, times = np.unique(predicates[places], return_counts=True)
        total += used.size
        if total > MAX_CLASS_PROPERTIES:
            break
        counts = zip(used.tolist(), times.tolist(), strict=True)
        counted[_iri(texts[class_])] = {_iri(texts[predicate]): times_used for predicate, times_used in counts}
    return counted


def _is_iri(text: str) -> bool:
    return text[0] == "<" and text[1] != "<"


def _iri(text: str) -> str:
    return text[1:-1]
