"""Output: what reasoning found, said of every thing and without what is there already.

In: the facts under representatives. Out: triples as numbers, that follow and are news: no literal as subject, nothing
that was given, and none of the axioms that are true of every class or property (rules "not written" in
`kg.reason.rules`). They come relation by relation, as the facts lie: only what names a thing that was made one with
another is taken apart and said of each.
"""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

import numpy as np
import polars as pl

from kg.reason.arrays import Ids, contains, distinct, distinct_without, firsts, matches, pack, seconds
from kg.reason.axioms import NOTHING, REFLEXIVE, SUB_CLASS, THING
from kg.reason.clauses import Vocabulary
from kg.reason.columns import Columns, facts_in, joined
from kg.reason.equality import Representatives
from kg.reason.facts import Facts, Relation
from kg.reason.terms import Terms

_BLOCK: Final = 100_000
"""So many lines are made at once: fewer take longer for each, more do not fit in memory that is there already."""


def news(facts: Facts, representatives: Representatives, given: Facts, terms: Terms, vocabulary: Vocabulary) -> Columns:
    """What is worth writing of the facts, said of everything that a representative stands for."""
    if not any(representatives.clusters()):
        return joined(list(_news(facts, given, terms, vocabulary)))
    untouched, merged = _parted(facts, representatives)
    parts = list(_news(untouched, given, terms, vocabulary))
    whole = facts_in([_said_of_all(merged, representatives, vocabulary)], vocabulary.type_)
    return joined([*parts, *_news(whole, given, terms, vocabulary)])


def write_lines(columns: Columns, terms: Terms, out: BinaryIO, ending: str = " .\n") -> None:
    """Write triples as lines of N-Triples, in their order; `ending` may say more than the dot.

    They are written by polars as the rows of a table: no code of ours runs for a line, of which there may be millions.
    """
    for start in range(0, columns.size, _BLOCK):
        rows = slice(start, start + _BLOCK)
        table = pl.DataFrame(
            {
                "subject": terms.series.gather(columns.subjects[rows]),
                "predicate": terms.series.gather(columns.predicates[rows]),
                "object": terms.series.gather(columns.objects[rows]),
            }
        )
        table.write_csv(out, include_header=False, separator=" ", line_terminator=ending, quote_style="never")


def _parted(facts: Facts, representatives: Representatives) -> tuple[Facts, Columns]:
    """The facts that name nothing that was made one with something else, and those that do."""
    clusters = list(representatives.clusters())
    several = np.zeros(representatives.of.size, np.bool_)
    several[np.fromiter(chain.from_iterable(clusters), np.intp)] = True
    untouched, merged = Facts(facts.type_), []
    for predicate, relation in facts.relations.items():
        pairs = relation.forward
        rows = several[firsts(pairs)] | several[seconds(pairs)] | several[predicate]
        untouched.relations[predicate] = Relation(pairs[~rows]) if rows.any() else relation
        merged.append(_pairs_of(predicate, pairs[rows]))
    for class_, things in facts.members.items():
        rows = several[things] | several[class_]
        untouched.members[class_] = things[~rows] if rows.any() else things
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
        pairs, known = relation.forward, given.pairs(predicate).forward
        if pairs is known or not iris[predicate]:  # nothing was added to it, or it is none
            continue
        pairs = pairs[~contains(pairs, known)]
        keep = ~literals[firsts(pairs)]
        if predicate in reflexive:
            keep &= firsts(pairs) != seconds(pairs)
        if predicate == below:
            keep &= (seconds(pairs) != np.uint64(thing)) & (firsts(pairs) != np.uint64(nothing))
        yield _pairs_of(predicate, pairs[keep])
    for class_, things in facts.members.items():
        known = given.things(class_)
        if class_ != thing and things is not known:
            fresh = distinct_without([things], known, len(terms))
            keep = ~literals[fresh] & (fresh != np.uint64(thing)) & (fresh != np.uint64(nothing))
            yield _types_of(class_, fresh[keep], vocabulary.type_)
