"""Output: what reasoning found, said of every thing and without what is there already.

In: the facts under representatives. Out: triples as numbers, that follow and are news: no literal as subject, nothing
that was given, and none of the axioms that are true of every class or property (rules "not written" in
`kg.reason.rules`). They come relation by relation, as the facts lie: only what names a thing that was made one with
another is taken apart and said of each.
"""

from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from typing import Final

import numpy as np

from kg.reason.arrays import Ids, contains, distinct, firsts, matches, pack, seconds
from kg.reason.axioms import NOTHING, REFLEXIVE, SUB_CLASS, THING
from kg.reason.clauses import Vocabulary
from kg.reason.columns import Columns, facts_in, joined
from kg.reason.equality import Representatives
from kg.reason.facts import Facts, Relation
from kg.reason.terms import Terms

_BLOCK: Final = 50_000
"""The most lines of a block."""


def news(facts: Facts, representatives: Representatives, given: Facts, terms: Terms, vocabulary: Vocabulary) -> Columns:
    """What is worth writing of the facts, said of everything that a representative stands for."""
    if not any(representatives.clusters()):
        return joined(list(_news(facts, given, terms, vocabulary)))
    untouched, merged = _parted(facts, representatives)
    parts = list(_news(untouched, given, terms, vocabulary))
    whole = facts_in(_said_of_all(merged, representatives, vocabulary), vocabulary.type_)
    return joined([*parts, *_news(whole, given, terms, vocabulary)])


def blocks(columns: Columns, terms: Terms, type_: int, ending: str) -> Iterator[tuple[str, int]]:
    """Triples as lines of N-Triples, in their order, many at a time and how many; `ending` is in the place of the dot.

    What is the same in a run of triples, the predicate or with rdf:type the class too, is put between the others by
    joining them: no line is made by itself, of which there may be millions.
    """
    texts = terms.texts
    text = np.array(texts, np.object_)  # many are taken from it at once, by their numbers
    typing = columns.predicates == np.uint64(type_)
    keys = np.where(typing, columns.objects, columns.predicates)
    cuts = (np.diff(keys) != 0) | (np.diff(typing) != 0)
    cuts[_BLOCK - 1 :: _BLOCK] = True
    for start, end in pairwise([0, *(np.flatnonzero(cuts) + 1).tolist(), columns.size]):
        if start == end:
            continue
        subjects = text[columns.subjects[start:end]].tolist()
        predicate = texts[columns.predicates[start]]
        if typing[start]:
            tail = f" {predicate} {texts[columns.objects[start]]}{ending}"
            yield tail.join((*subjects, "")), end - start
        else:
            objects = text[columns.objects[start:end]].tolist()
            places = zip(subjects, repeat(f" {predicate} "), objects, repeat(ending))
            yield "".join(chain.from_iterable(places)), end - start


def _parted(facts: Facts, representatives: Representatives) -> tuple[Facts, Columns]:
    """The facts that name nothing that was made one with something else, and those that do."""
    clusters = list(representatives.clusters())
    several = np.zeros(representatives.of.size, np.bool_)
    several[np.fromiter(chain.from_iterable(clusters), np.intp)] = True
    untouched, merged = Facts(facts.type_), []
    for predicate, relation in facts.relations.items():
        pairs = relation.forward
        rows = several[firsts(pairs)] | several[seconds(pairs)] | several[predicate]
        untouched.relations[predicate] = Relation(pairs[~rows])
        merged.append(_pairs_of(predicate, pairs[rows]))
    for class_, things in facts.members.items():
        rows = several[things] | several[class_]
        untouched.members[class_] = things[~rows]
        merged.append(_types_of(class_, things[rows], facts.type_))
    return untouched, joined(merged)


def _pairs_of(predicate: int, pairs: Ids) -> Columns:
    return Columns(firsts(pairs), np.full(pairs.size, predicate, np.uint64), seconds(pairs))


def _types_of(class_: int, things: Ids, type_: int) -> Columns:
    return Columns(things, np.full(things.size, type_, np.uint64), np.full(things.size, class_, np.uint64))


def _said_of_all(columns: Columns, representatives: Representatives, vocabulary: Vocabulary) -> Columns:
    """Facts about representatives, said of everything that they stand for; and that those are the same."""
    clusters = list(representatives.clusters())
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


def _news(facts: Facts, given: Facts, terms: Terms, vocabulary: Vocabulary) -> Iterator[Columns]:
    """No literal as subject, nothing that was given, nothing that is true of every class, property or thing."""
    literals, iris = terms.literals(), terms.iris()
    thing, nothing, below = (terms.number(term) for term in (THING, NOTHING, SUB_CLASS))
    reflexive = {terms.number(term) for term in REFLEXIVE}
    for predicate, relation in facts.relations.items():
        if not iris[predicate]:
            continue
        pairs = relation.forward[~contains(relation.forward, given.pairs(predicate).forward)]
        keep = ~literals[firsts(pairs)]
        if predicate in reflexive:
            keep &= firsts(pairs) != seconds(pairs)
        if predicate == below:
            keep &= (seconds(pairs) != np.uint64(thing)) & (firsts(pairs) != np.uint64(nothing))
        yield _pairs_of(predicate, pairs[keep])
    for class_, things in facts.members.items():
        if class_ != thing:
            fresh = things[~contains(things, given.things(class_))]
            keep = ~literals[fresh] & (fresh != np.uint64(thing)) & (fresh != np.uint64(nothing))
            yield _types_of(class_, fresh[keep], vocabulary.type_)
