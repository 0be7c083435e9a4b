"""Rewrites give what the plain engine gives: the same columns, and the same solutions as often.

The thresholds, which say where a rewrite pays, are lifted here; what is left decides where it is right. Each guard of
that kind is taken away once, and the comparison must then find a difference.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sparql.rewrites import counts, lists, paths, patterns
from kg.sparql.rewrites.rewriting import Rewritten, rewrite
from kg.sparql.syntax.tree import Node
from tests.sparql.rewrites.questions import PREFIXES, Questions, World, count_question, make_world, solutions


@pytest.fixture(scope="module", autouse=True)
def _thresholds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "RARE", 0)
        patch.setattr(lists, "RARE", 0)
        patch.setattr(lists, "_pays", _always_pays)
        yield


def _always_pays(question: Any, group: Node, name: str, _constants: int) -> bool:
    blocks = [patterns.patterns(block) for block in group.nodes("triples")]
    return all(block is not None for block in blocks) and not any(
        patterns.variable(question, pattern.verb) == name for block in blocks for pattern in block or ()
    )


def rewritten(world: World, query: str) -> Rewritten:
    return rewrite(query, PREFIXES, world.statistics)


def difference(world: World, query: str) -> tuple[str, str] | None:
    """The query before and after, if the engine answers them differently."""
    changed = rewritten(world, query)
    if not changed.rewrites:
        return None
    before, after = solutions(world, query), solutions(world, changed.text)
    return None if before == after else (query, changed.text)


def random_query(seed: int) -> tuple[World, str]:
    source = random.Random(seed)
    world = make_world(source, odd_class=source.random() < 0.3)
    questions = Questions(source)
    return world, source.choice([lambda: count_question(source), questions.query, questions.likely, questions.likely])()


@settings(max_examples=1500)
@given(st.integers(0, 10**9))
def test_a_rewritten_query_has_the_same_solutions(seed: int) -> None:
    assert difference(*random_query(seed)) is None


def test_random_queries_are_rewritten_often_enough_to_prove_something() -> None:
    rules: Counter[str] = Counter()
    answered = 0
    for seed in range(2500):
        world, query = random_query(seed)
        changed = rewritten(world, query)
        rules.update(step.rule for step in changed.rewrites)
        found = solutions(world, query) if changed.rewrites else None
        answered += found is not None and bool(found[1])
    assert min(rules[name] for name in ("values", "path", "statistics")) >= 40
    assert answered >= 150


def _any_term(question: Any, member: Any) -> str:
    """A constant is what it is written as, whatever its equality."""
    return str(question.tree.of(member))


def _number_of_rows(asked: Any, counted: counts.Counts) -> int:
    return counted.rows


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _no(*_: Any, **__: Any) -> bool:
    return False


MUTANTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "constants whose equality is not identity": (lists, "_term", _any_term),
    "variables that stand twice in a pattern": (counts, "_has_free_variables", _yes),
    "classes that are not listed": (counts, "_lists_every_class", _yes),
    "counts of what is distinct or not bound": (counts, "_number", _number_of_rows),
    "conditions in ORDER BY": (counts, "_sorts_by_columns", _yes),
}


@pytest.mark.parametrize("guard", MUTANTS)
def test_without_a_guard_some_query_is_answered_differently(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, mutant = MUTANTS[guard]
    monkeypatch.setattr(module, name, mutant)
    assert any(difference(*random_query(seed)) for seed in range(6000))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?b { ?a e:p* ?b FILTER(?b IN (e:n1)) }",
        "SELECT ?b { ?a e:p _:x FILTER(?a IN (e:n1)) _:x e:q ?b }",
        "SELECT ?b { ?a e:p ?b FILTER(?a NOT IN (e:n1)) }",
        "SELECT ?b { ?a e:p ?b FILTER(?a IN (e:n1) || ?b = 1) }",
        "SELECT ?b { ?a ?b ?c FILTER(?b IN (e:p)) }",
        "SELECT ?b { ?a e:p ?b OPTIONAL { ?a e:q ?c FILTER(?c IN (e:n1)) } }",
        "SELECT ?b { GRAPH ?g { ?a e:p ?b FILTER(?a IN (e:n1)) } }",
        "SELECT ?b { ?a e:p ?b FILTER EXISTS { ?a e:q ?c FILTER(?c IN (e:n1)) } }",
        "SELECT ?b { ?a e:p ?b FILTER(?a IN (e:n1, ?b)) }",
        "SELECT ?b { ?a e:p ?b FILTER(?c IN (e:n1)) }",
        'SELECT ?b { ?a e:p ?b FILTER(?b IN ("\\u0061")) }',
        "SELECT ?b { ?a e:p ?b FILTER(?b IN ()) }",
        "BASE <http://e/> SELECT ?b { ?a e:p ?b FILTER(?a IN (<n1>)) }",
        "SELECT ?b { ?a e:p ?b FILTER(?a IN (<http://e/./n1>, e:n1)) }",
        "SELECT ?b { ?a e:p ?b FILTER(?a IN (<n1>)) }",
        "SELECT ?b { ?a e:p/e:broader* e:n1 ; e:q* ?b }",
        "SELECT ?b { ?a e:p/e:broader* ?b }",
        "SELECT ?a { ?a e:p/e:broader* e:n1 . _:x e:q ?a . ?a e:p _:x }",
        "SELECT ?b { e:n1 e:p/e:broader* e:n2 . ?b e:p ?c }",
        "SELECT ?b { ?a e:p/e:broader* e:n1 . ?b e:q e:n1 }",
        "SELECT ?b { ?a e:p/e:broader* e:n1 . ?b e:q ?c }",
        "SELECT ?b { OPTIONAL { ?b e:p ?a } ?a e:p/e:broader* e:n1 }",
        "CONSTRUCT WHERE { ?a e:p ?b }",
        "SELECT (COUNT(*) AS ?n) FROM <http://e/named> { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING (COUNT(*) > 1)",
        "SELECT (SUM(?o) AS ?n) { ?s ?p ?o }",
        "SELECT ?p { ?s ?p ?o }",
    ],
)
def test_what_is_not_known_to_be_the_same_is_left_as_it_is(query: str) -> None:
    world = make_world(random.Random(7))
    has_dataset = " FROM " in query
    changed = rewrite(query, PREFIXES, world.statistics, _no if has_dataset else None)
    assert (changed.text, changed.rewrites) == (query, ())
    assert changed.own_dataset == has_dataset


def test_a_rewrite_waits_where_another_pattern_is_the_better_start(monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT ?a { ?a a e:C ; e:p/e:broader* e:n1 }"
    world = make_world(random.Random(7))
    assert rewritten(world, query).rewrites
    monkeypatch.setattr(paths, "RARE", 1 + sum(world.statistics.classes.values()))
    assert not rewritten(world, query).rewrites


def test_names_that_are_made_up_are_new() -> None:
    world = make_world(random.Random(7))
    query = "SELECT ?a { ?a e:p/e:broader* e:n1 ; e:q ?kg0 , ?kg7 }"
    assert "_:kg8 " in rewritten(world, query).text


def test_the_work_on_a_query_is_bounded() -> None:
    world = make_world(random.Random(7))
    filters = " ".join(f"FILTER(?s{number % 30} IN (e:n1, e:n2))" for number in range(400))
    few, many = (" . ".join(f"?s{number} e:p ?o{number}" for number in range(size)) for size in (30, 31))
    assert len(rewritten(world, f"SELECT * {{ {few} {filters} }}").rewrites) == lists.MAX_FILTERS
    assert rewritten(world, f"SELECT * {{ {many} {filters} }}").rewrites == ()
    constants = ", ".join(f"e:n{number}" for number in range(lists.MAX_CONSTANTS))
    assert rewritten(world, f"SELECT * {{ ?s e:p ?o FILTER(?s IN ({constants})) }}").rewrites
    assert not rewritten(world, f"SELECT * {{ ?s e:p ?o FILTER(?s IN ({constants}, e:m)) }}").rewrites
