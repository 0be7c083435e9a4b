"""Output: what reasoning found, said of every thing and without what is there already.

In: the facts under representatives. Out: triples as numbers, that follow and are news: no literal as subject, nothing
that was given, and none of the axioms that are true of every class or property (rules "not written" in
`kg.reason.rules`).
"""

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kg.reason.arrays import Ids, contains, distinct, firsts, matches, pack, seconds
from kg.reason.axioms import NOTHING, REFLEXIVE, SUB_CLASS, THING
from kg.reason.clauses import Vocabulary
from kg.reason.columns import Columns, facts_in, joined
from kg.reason.equality import Representatives
from kg.reason.facts import Facts
from kg.reason.terms import Terms


def expanded(facts: Facts, representatives: Representatives, vocabulary: Vocabulary) -> Columns:
    """The facts about representatives, said of everything that they stand for."""
    parts = []
    for predicate, relation in facts.relations.items():
        pairs = relation.forward
        parts.append(Columns(firsts(pairs), np.full(pairs.size, predicate, np.uint64), seconds(pairs)))
    for class_, things in facts.members.items():
        parts.append(
            Columns(things, np.full(things.size, vocabulary.type_, np.uint64), np.full(things.size, class_, np.uint64))
        )
    columns = joined(parts)
    clusters = list(representatives.clusters())
    if not clusters:
        return columns
    first = np.fromiter((min(cluster) for cluster in clusters for _ in cluster), np.uint64)
    table = distinct(pack(first, np.fromiter(chain.from_iterable(clusters), np.uint64)))
    for place in range(3):
        columns = _spread(columns, place, table)
    same = [(one, other) for cluster in clusters for one in cluster for other in cluster if one != other]
    pairs = np.array(same, np.uint64).reshape(-1, 2)
    return joined([columns, Columns(pairs[:, 0], np.full(len(pairs), vocabulary.same, np.uint64), pairs[:, 1])])


def _spread(columns: Columns, place: int, table: Ids) -> Columns:
    """Triples with each representative in one place replaced by all that it stands for."""
    values = [columns.subjects, columns.predicates, columns.objects]
    several = contains(values[place], distinct(firsts(table)))
    if not several.any():
        return columns
    rows = [column[several] for column in values]
    places, members = matches(rows[place], table)
    spread = [column[places] for column in rows]
    spread[place] = members
    return joined([columns.only(~several), Columns(*spread)])


def news(columns: Columns, given: Facts, terms: Terms, vocabulary: Vocabulary) -> Columns:
    """What is worth writing: no literal as subject, nothing that was given, and no axiom about everything."""
    literals, iris = terms.literals(), terms.iris()
    columns = columns.only(~literals[columns.subjects] & iris[columns.predicates])
    facts = facts_in(columns.only(~_trivial(columns, terms, vocabulary)), vocabulary.type_)
    found = []
    for predicate, relation in facts.relations.items():
        pairs = relation.forward[~contains(relation.forward, given.pairs(predicate).forward)]
        found.append(Columns(firsts(pairs), np.full(pairs.size, predicate, np.uint64), seconds(pairs)))
    for class_, things in facts.members.items():
        fresh = things[~contains(things, given.things(class_))]
        types = np.full(fresh.size, vocabulary.type_, np.uint64)
        found.append(Columns(fresh, types, np.full(fresh.size, class_, np.uint64)))
    return joined(found)


def _trivial(columns: Columns, terms: Terms, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """What is true of every class, property or thing (rules scm-cls, scm-op, scm-dp; everything is an owl:Thing)."""
    thing, nothing, below = (np.uint64(terms.number(term)) for term in (THING, NOTHING, SUB_CLASS))
    of_schema = np.isin(columns.predicates, terms.numbers(sorted(REFLEXIVE)))
    itself = of_schema & (columns.subjects == columns.objects)
    extremes = (columns.predicates == below) & ((columns.objects == thing) | (columns.subjects == nothing))
    types = columns.predicates == vocabulary.type_
    of_all = (columns.objects == thing) | (columns.subjects == thing) | (columns.subjects == nothing)
    trivial: NDArray[np.bool_] = itself | extremes | (types & of_all)
    return trivial
