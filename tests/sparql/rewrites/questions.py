"""Random data and random queries for the rewrites, and the plain engine's answers to compare with.

The data is dense and small, so that every pattern has solutions, duplicates and gaps: a few nodes, some of them in no
triple, a hierarchy, classes, and literals that are equal without being the same.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.sparql.naming import RDF_TYPE
from kg.statistics import GraphStatistics, PropertyUse

E = "http://e/"
PREFIXES = {"e": E, "f": E}
INFERRED = NamedNode(f"{E}inferred")
NAMED = NamedNode(f"{E}named")
NODES = [f"{E}n{number}" for number in range(6)]
PROPERTIES = [f"{E}p", f"{E}q", f"{E}broader"]
CLASSES = [f"{E}C", f"{E}D"]
LITERALS = [Literal("a"), Literal("a", language="en"), Literal("b"), Literal(1), Literal(1.0), Literal(True)]
CONSTANTS = [
    "e:n0", "e:n1", "e:n2", "f:n1", "<http://e/n1>", "e:n9", '"a"', "'a'", '"a"@en', '"b"', "1", "01", "1.0", "true",
    '"""a"""', '"\\u0061"', "e:C", '"a"@EN',
]  # fmt: skip
VARIABLES = ["?a", "?b", "?c"]


@dataclass(frozen=True)
class World:
    """A store with a default, an inferred and a named graph, and the statistics of the first two together."""

    store: Store
    statistics: GraphStatistics


def make_world(source: random.Random, *, odd_class: bool = False) -> World:
    """A world; with a class that is a literal where that is asked for."""
    triples: set[tuple[NamedNode, NamedNode, NamedNode | Literal]] = set()
    for _ in range(source.randrange(4, 26)):
        subject = NamedNode(source.choice(NODES))
        kind = source.random()
        if kind < 0.25:
            triples.add((subject, NamedNode(RDF_TYPE), NamedNode(source.choice(CLASSES))))
        elif kind < 0.5:
            triples.add((subject, NamedNode(f"{E}broader"), NamedNode(source.choice(NODES))))
        else:
            value = NamedNode(source.choice(NODES)) if source.random() < 0.5 else source.choice(LITERALS)
            triples.add((subject, NamedNode(source.choice(PROPERTIES)), value))
    if odd_class:
        triples.add((NamedNode(NODES[0]), NamedNode(RDF_TYPE), Literal("C")))
    store = Store()
    for triple in sorted(triples, key=str):
        store.add(Quad(*triple, INFERRED if source.random() < 0.3 else DefaultGraph()))
        if source.random() < 0.3:
            store.add(Quad(*triple, NAMED))
    return World(store, count(triples))


def count(triples: set[tuple[NamedNode, NamedNode, NamedNode | Literal]]) -> GraphStatistics:
    """The statistics of a set of triples, counted one by one."""
    uses = {}
    for iri in {predicate.value for _, predicate, _ in triples}:
        own = [triple for triple in triples if triple[1].value == iri]
        uses[iri] = PropertyUse(len(own), len({s for s, _, _ in own}), len({str(o) for _, _, o in own}))
    types = [o.value for _, p, o in triples if p.value == RDF_TYPE and isinstance(o, NamedNode)]
    subjects, objects = {s for s, _, _ in triples}, {str(o) for _, _, o in triples}
    return GraphStatistics(len(triples), len(subjects), len(objects), uses, dict(Counter(types)), {})


def solutions(world: World, query: str) -> tuple[Sequence[str], Counter[tuple[str, ...]]] | None:
    """The columns and the multiset of rows that the engine gives; None where it does not read the query."""
    try:
        found = world.store.query(query, prefixes=PREFIXES, default_graph=[DefaultGraph(), INFERRED])
    except SyntaxError:
        return None
    if isinstance(found, QueryBoolean):
        return (), Counter([(str(bool(found)),)])
    if isinstance(found, QueryTriples):
        return (), Counter([(str(triple),) for triple in found])
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return names, Counter(tuple(str(value) for value in solution) for solution in found)


class Questions:
    """Makes queries of one kind after another."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._choice = source.choice

    def query(self) -> str:
        """A query of any form."""
        group = self.group(0)
        return self.ask_for(group)

    def likely(self) -> str:
        """A query with a list or a path where a rule looks for it, and something beside it."""
        verb = self._choice(["e:p/e:broader*", "e:q/e:broader+", "e:broader*", "e:p/e:q/e:broader+", "e:p?/e:broader*"])
        path = f"{self._choice(VARIABLES)} {verb} {self._choice(['e:n0', 'e:n1', 'e:n9', '?a'])}"
        plain = [f"{self._choice(VARIABLES)} {self._choice(['e:p', 'e:q', 'a', '?v'])} {self._choice(VARIABLES)}"]
        plain += [self._same_subject()] if self._source.random() < 0.3 else []
        plain += ["_:x e:q ?a", "?a e:p _:x"] if self._source.random() < 0.1 else []
        block = self._source.sample([path, *plain], len(plain) + 1) if self._source.random() < 0.5 else plain
        beside = [self.filter(), f"OPTIONAL {{ ?a e:p {self._choice(VARIABLES)} }}"]
        beside += [self.clause(1), self.triples()] if self._source.random() < 0.5 else []
        parts = [" . ".join(block) + self._choice([" .", " .", ""])]
        parts += self._source.sample(beside, self._source.randrange(len(beside) + 1))
        if self._source.random() < 0.3:
            self._source.shuffle(parts)
        return self.ask_for(" ".join(parts))

    def ask_for(self, group: str) -> str:
        """A query with a pattern."""
        heads = ["SELECT *", "SELECT ?a ?b", "SELECT DISTINCT ?a", "SELECT ?c ?a ?b", "ASK", "COUNT", "CON"]
        head = self._choice(heads)
        if head == "COUNT":
            return f"SELECT ?a (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?a"
        if head == "CON":
            return f"CONSTRUCT {{ ?a e:made ?b }} WHERE {{ {group} }}"
        return f"{head} {{ {group} }}"

    def group(self, depth: int) -> str:
        """What stands inside a pair of braces."""
        parts = []
        for _ in range(self._source.randrange(1, 5)):
            kind = self._source.random()
            if kind < 0.45 or depth > 1:
                stop = self._choice([" .", " .", ""])
                parts.append(f"{self.triples()}{stop}")
            elif kind < 0.75:
                parts.append(self.filter() + self._choice(["", " ."]))
            else:
                parts.append(self.clause(depth))
        if self._source.random() < 0.4:
            parts.append(self.filter())
        return " ".join(parts)

    def clause(self, depth: int) -> str:
        """A clause with a group of its own, or one that binds."""
        group = self.group(depth + 1)
        return self._choice(
            [
                f"OPTIONAL {{ {group} }}", f"MINUS {{ {group} }}", f"{{ {group} }}", f"GRAPH ?g {{ {group} }}",
                f"{{ {group} }} UNION {{ {self.group(depth + 1)} }}", f"{{ SELECT ?a ?b {{ {group} }} }}",
                f"{{ SELECT * {{ {group} }} }}", f"FILTER EXISTS {{ {group} }}", f"FILTER NOT EXISTS {{ {group} }}",
                f"BIND({self._choice(VARIABLES)} AS ?d)", f"BIND(e:n1 AS {self._choice(VARIABLES)})",
                f"VALUES {self._choice(VARIABLES)} {{ e:n0 e:n1 UNDEF }}", f"{{ SELECT DISTINCT ?c {{ {group} }} }}",
            ]
        )  # fmt: skip

    def filter(self) -> str:
        """A filter, most often with a list."""
        if self._source.random() < 0.15:
            return f"FILTER({self._choice(VARIABLES)} != e:n0)"
        members = ", ".join(self._choice(CONSTANTS) for _ in range(self._source.randrange(1, 4)))
        negation = self._choice(["", "", "", "", "", "NOT "])
        return f"FILTER({self._choice(VARIABLES)} {negation}IN ({members}))"

    def triples(self) -> str:
        """One to three triples, some with paths."""
        return " . ".join(self._same_subject() for _ in range(self._source.randrange(1, 4)))

    def _same_subject(self) -> str:
        subject = self._choice([*VARIABLES, *VARIABLES, *VARIABLES, "e:n1", "_:x", "[]"])
        pairs = [f"{self._verb()} {self._object()}" for _ in range(self._choice([1, 1, 2, 3]))]
        return f"{subject} {' ; '.join(pairs)}"

    def _verb(self) -> str:
        return self._choice(
            [
                "e:p", "e:q", "e:p", "e:q", "a", "?b", "e:broader", "e:p/e:broader*", "e:q/e:broader+", "e:broader*",
                "e:p/e:q/e:broader*", "^e:broader/e:p*", "e:p/(e:broader|e:q)*", "e:p?/e:broader*", "!e:p", "e:p|e:q",
                "^e:p/e:broader*", "e:broader+",
            ]
        )  # fmt: skip

    def _object(self) -> str:
        return self._choice([*VARIABLES, *VARIABLES, "e:n0", "e:n1", "e:n9", "e:C", '"a"', "_:x", "?a, ?c", "e:n1"])


_PATTERNS = (
    ("?s ?p ?o", "?p"), ("?s ?p ?o", "?p"), ("?s a ?c", "?c"), ("?s a ?c", "?c"), ("?s e:p ?o", ""), ("?s a e:C", ""),
    ("?s ?p ?s", "?p"), ("?s e:z ?o", ""), ("?s a e:Z", ""), ("?s ?p e:n1", "?p"), ("?s a ?s", "?s"),
    ("?s e:p ?o . ?s e:q ?o", ""), ("?s ?p ?o FILTER(?o = 1)", "?p"), ("?s e:p/e:q ?o", ""), ("_:b a ?c", "?c"),
    ("?s a ?c ; a ?d", "?c"), ("?s ?p ?o, ?c", "?p"), ("?s a ?c .", "?c"), ("{ ?s ?p ?o }", "?p"), ("?s ?p ?o", "?s"),
)  # fmt: skip
_COUNTED = (
    "*", "*", "?s", "?o", "?p", "?c", "DISTINCT ?s", "DISTINCT ?o", "DISTINCT ?p", "DISTINCT ?c", "DISTINCT *", "?z",
)  # fmt: skip


def count_question(source: random.Random) -> str:
    """A query for totals and counts, or one that nearly is."""
    choice = source.choice
    pattern, key = choice(_PATTERNS[:6]) if source.random() < 0.6 else choice(_PATTERNS)
    names = source.sample(["?n", "?m", "?s", "?c"], 2) if source.random() < 0.2 else ["?n", "?m"]
    counted = " ".join(f"(COUNT({choice(_COUNTED)}) AS {name})" for name in names[: source.randrange(3)])
    grouped = source.random() < 0.5 and bool(key)
    columns = choice([key, key, key, "", "?s"]) if key and (grouped or not counted) else choice(["", "", "", "?s"])
    distinct = "DISTINCT " if not counted or source.random() < 0.2 else ""
    by = f" GROUP BY {key}" if grouped else ""
    having = choice([""] * 9 + [" HAVING(COUNT(*) > 1)"])
    order = choice(["", "", " ORDER BY ?n", f" ORDER BY DESC(?n) {key}", " ORDER BY COUNT(*)"]) if grouped else ""
    values = choice([""] * 12 + [" VALUES ?p { e:p }"])
    if not (columns or counted):
        counted = "(COUNT(*) AS ?n)"
    return f"SELECT {distinct}{columns} {counted} {{ {pattern} }}{by}{having}{order}{values}"
