"""Joins of columns beside nested loops over Python's sets."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.reason.columns import Columns, facts_in
from kg.reason.facts import Facts, Relation, by_second
from kg.reason.solving import UNIT, Step, Table, extend, lacking, rows_of, solve, things_of

TYPE = 100
THINGS = range(4)
PREDICATES = (10, 11, TYPE)
Triple = tuple[int, int, int]

TERMS = st.one_of(st.sampled_from(list(THINGS)), st.integers(-4, -1))
STEPS = st.builds(Step, TERMS, st.sampled_from(PREDICATES), TERMS)
TRIPLES = st.sets(st.tuples(st.sampled_from(list(THINGS)), st.sampled_from(PREDICATES), st.sampled_from(list(THINGS))))


def facts(triples: "set[Triple]") -> Facts:
    """Facts of some triples."""
    columns = [np.array([triple[place] for triple in sorted(triples)], np.uint64) for place in range(3)]
    return facts_in([Columns(*columns)], TYPE)


def naive(steps: Sequence[Step], triples: "set[Triple]") -> list[dict[int, int]]:
    """The values of variables for which every step is a triple."""
    variables = sorted({variable for step in steps for variable in step.variables()})
    found = []
    for values in product(THINGS, repeat=len(variables)):
        bound = dict(zip(variables, values, strict=True))
        if all((bound.get(s.subject, s.subject), s.predicate, bound.get(s.object, s.object)) in triples for s in steps):
            found.append(bound)
    return found


def rows(table: Table) -> list[tuple[tuple[int, int], ...]]:
    """The rows of a table, sorted."""
    return sorted(
        tuple((variable, int(table.columns[variable][row])) for variable in sorted(table.columns))
        for row in range(table.rows)
    )


def expected(found: list[dict[int, int]]) -> list[tuple[tuple[int, int], ...]]:
    """Rows as `rows` has them."""
    return sorted(tuple(sorted(bound.items())) for bound in found)


@given(st.lists(STEPS, min_size=1, max_size=4), TRIPLES)
def test_all_rows_that_satisfy_the_patterns_are_found_once(steps: list[Step], triples: "set[Triple]") -> None:
    table = solve(steps, facts(triples))
    found = naive(steps, triples)
    assert table.rows == len(found)
    assert rows(table) == expected(found)
    assert set(table.columns) == {variable for step in steps for variable in step.variables()}


@given(st.lists(STEPS, min_size=2, max_size=3), TRIPLES, TRIPLES)
def test_what_is_new_joined_with_all_is_every_row_with_something_new(
    steps: list[Step], before: "set[Triple]", new: "set[Triple]"
) -> None:
    first, *others = steps
    pairs = np.array(sorted((s << 32) | o for s, p, o in new if p == first.predicate), np.uint64)
    table = solve(others, facts(before | new), rows_of(first, pairs))
    wanted = [
        bound
        for bound in naive(steps, before | new)
        if (bound.get(first.subject, first.subject), first.predicate, bound.get(first.object, first.object)) in new
    ]
    assert rows(table) == expected(wanted)


@given(STEPS, STEPS, TRIPLES)
def test_rows_lack_a_pattern_if_no_triple_fits_it(step: Step, absent: Step, triples: "set[Triple]") -> None:
    known = facts(triples)
    table = solve([step], known)
    wanted = [
        bound
        for bound in naive([step], triples)
        if not naive(
            [
                Step(
                    bound.get(absent.subject, absent.subject), absent.predicate, bound.get(absent.object, absent.object)
                )
            ],
            triples,
        )
    ]
    assert rows(lacking(table, absent, known)) == expected(wanted)


@given(TRIPLES, st.sampled_from(list(THINGS)), TERMS)
def test_the_members_of_a_class_are_a_table(triples: "set[Triple]", class_: int, subject: int) -> None:
    step = Step(subject, TYPE, class_)
    assert rows(things_of(step, facts(triples).things(class_))) == expected(naive([step], triples))


@given(TRIPLES)
def test_facts_hold_each_triple_once_and_are_found_from_both_sides(triples: "set[Triple]") -> None:
    known = facts(triples)
    assert known.size() == len(triples)
    for predicate in PREDICATES:
        relation = known.pairs(predicate)
        forward = {(pair >> 32, pair & 0xFFFFFFFF) for pair in relation.forward.tolist()}
        assert forward == {(s, o) for s, p, o in triples if p == predicate}
        assert relation.backward.tolist() == sorted((o << 32) | s for s, o in forward)


@given(
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9))), st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)))
)
def test_a_relation_grows_on_both_sides(before: set[tuple[int, int]], more: set[tuple[int, int]]) -> None:
    def packed(pairs: set[tuple[int, int]]) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
        return np.array(sorted((first << 32) | second for first, second in pairs), np.uint64)

    relation = Relation(packed(before))
    assert relation.backward.size == len(before)
    relation.add(packed(more - before))
    assert relation.forward.tolist() == packed(before | more).tolist()
    assert relation.backward.tolist() == packed({(second, first) for first, second in before | more}).tolist()


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_pairs_are_grouped_by_their_seconds(pairs: set[tuple[int, int]]) -> None:
    packed = np.array(sorted((first << 32) | second for first, second in pairs), np.uint64)
    groups = {second: set(things.tolist()) for second, things in by_second(packed)}
    assert groups == {second: {f for f, s in pairs if s == second} for _, second in pairs}


def test_no_patterns_hold_in_one_row_that_says_nothing() -> None:
    assert solve([], facts(set())) is UNIT


def test_a_copy_of_facts_does_not_change_with_them() -> None:
    known = facts({(1, 10, 2), (1, TYPE, 3)})
    copied = known.copy()
    known.relations[10].add(np.array([(2 << 32) | 2], np.uint64))
    known.members[3] = np.array([1, 2], np.uint64)
    assert copied.size() == 2


def test_a_table_extended_by_a_pattern_that_nothing_fits_has_no_rows() -> None:
    known = facts({(1, 10, 2)})
    assert extend(solve([Step(-1, 10, -2)], known), Step(-2, 10, -3), known).rows == 0
