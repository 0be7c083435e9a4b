"""Counting: the statistics of a generation from its triples as numbers (design §1, index).

In: the columns that the reasoner read and wrote, or the lines of a raw store. Out: `Statistics`. All is sets over
sorted arrays: each predicate's pairs are sorted once, and each triple's subject and predicate once more for the
counts by class, which then cost one search for each instance of each class.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from kg.reason.arrays import Ids, distinct, firsts, matches, pack, seconds
from kg.reason.axioms import TYPE
from kg.reason.columns import Columns, facts_in, joined
from kg.reason.terms import Terms
from kg.statistics import GraphStatistics, PropertyUse, Statistics

MAX_CLASS_PROPERTIES: Final = 500_000
"""Pairs of class and property that are counted: one thing of many classes and properties has their product."""


def count(asserted: Columns, inferred: Columns, terms: Terms) -> Statistics:
    """The statistics of two disjoint sets of distinct triples: of the first, and of both together."""
    return Statistics(_count(asserted, terms), _count(joined([asserted, inferred]), terms))


def count_raw(asserted: Iterable[str], inferred: Iterable[str]) -> Statistics | None:
    """The same from lines of N-Triples without the dot, each part without repetition.

    None where the parts have a triple in common: a query that reads both would see it twice (design §2).
    """
    first, second = list(asserted), list(inferred)
    if second and not set(first).isdisjoint(second):
        return None
    terms = Terms()
    return count(Columns(*terms.columns(first)), Columns(*terms.columns(second)), terms)


def _count(columns: Columns, terms: Terms) -> GraphStatistics:
    type_ = terms.number(TYPE)
    facts, texts = facts_in(columns, type_), terms.texts
    pairs = {predicate: relation.forward for predicate, relation in facts.relations.items()}
    if facts.members:
        pairs[type_] = facts.type_pairs()
    classes = {class_: things for class_, things in facts.members.items() if _is_iri(texts[class_])}
    return GraphStatistics(
        triples=columns.size,
        subjects=distinct(columns.subjects).size,
        objects=distinct(columns.objects).size,
        properties={_iri(texts[predicate]): _use(both) for predicate, both in pairs.items()},
        classes={_iri(texts[class_]): things.size for class_, things in classes.items()},
        class_properties=_by_class(classes, np.sort(pack(columns.subjects, columns.predicates)), texts),
    )


def _use(pairs: Ids) -> PropertyUse:
    subjects = 1 + int(np.count_nonzero(np.diff(firsts(pairs))))
    return PropertyUse(pairs.size, subjects, distinct(seconds(pairs)).size)


def _by_class(classes: Mapping[int, Ids], described: Ids, texts: Sequence[str]) -> dict[str, dict[str, int]]:
    """The triples of each property that instances of each class have; smaller classes first give way to the limit.

    Args:
        classes: the instances of each class.
        described: subject and predicate of each triple, sorted.
        texts: the terms by number.
    """
    counted: dict[str, dict[str, int]] = {}
    total = 0
    for class_, things in sorted(classes.items(), key=lambda item: (-item[1].size, texts[item[0]])):
        predicates, times = np.unique(matches(things, described)[1], return_counts=True)
        total += predicates.size
        if total > MAX_CLASS_PROPERTIES:
            break
        counted[_iri(texts[class_])] = {
            _iri(texts[predicate]): times_used
            for predicate, times_used in zip(predicates.tolist(), times.tolist(), strict=True)
        }
    return counted


def _is_iri(text: str) -> bool:
    return text[0] == "<" and text[1] != "<"


def _iri(text: str) -> str:
    return text[1:-1]
