"""Totals, and counts by class and property, are answered from what was counted at build (`kg.statistics`).

Recognised is a query whose whole pattern is `?s ?p ?o`, `?s <property> ?o`, `?s a <class>` or `?s a ?class`, which
selects COUNTs, COUNTs by ?p or ?class, or DISTINCT ?p or ?class. The pattern is replaced by the numbers, so that the
engine still names, orders and writes the columns. The statistics are exact and of the very triples that the query
reads: each stands once in the default graph or in the inferred one. Measured over a million triples and
what is inferred from them, in memory: 788 ms to 0.1 ms for the total, 2.2 s to 1.9 ms for counts by property, 1.3 s to
0.9 ms for DISTINCT ?p, 381 ms to 0.8 ms for counts by class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.sparql.naming import RDF_TYPE
from kg.sparql.rewrites.edits import Edit, Question, Rewrite
from kg.sparql.rewrites.patterns import Pattern, patterns, variable
from kg.sparql.syntax.tree import Node, Part
from kg.sparql.tokens import Token
from kg.statistics import GraphStatistics

NAME: Final = "statistics"
MAX_ROWS: Final = 5_000
_NB: Final = "tallene ble talt opp da grafen ble bygget"
_EN: Final = "the numbers were counted when the graph was built"
_KNOWN: Final = frozenset(("prologue", "select", "group", "group-by", "order-by", "limit", "offset"))


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a pattern: its solutions, and the distinct values of its variables, None where unknown."""

    rows: int
    distinct: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One number that a column asks for: of the rows, or of the distinct values of a variable."""

    name: str | None
    distinct: bool


def counts(question: Question) -> list[Rewrite]:
    """The rewrite of a query that asks for numbers that are known."""
    tree, statistics = question.tree, question.statistics
    nodes = [part for part in tree.root.parts if isinstance(part, Node)]
    if statistics is None or any(node.kind not in _KNOWN for node in nodes) or not tree.root.nodes("select"):
        return []
    (group,) = tree.root.nodes("group")
    pattern = _only_pattern(group)
    if pattern is None:
        return []
    if not _has_free_variables(question, pattern):
        return []
    edits = _edits(question, statistics, group, pattern)
    return [Rewrite(NAME, _NB, _EN, group.start, edits)] if edits else []


def _has_free_variables(question: Question, pattern: Pattern) -> bool:
    """Whether the subject is a variable, and none stands there twice."""
    names = [variable(question, term) for term in (pattern.subject, pattern.verb, pattern.object)]
    given = [name for name in names if name is not None]
    return names[0] is not None and len(set(given)) == len(given)


def _only_pattern(group: Node) -> Pattern | None:
    inside = [part for part in group.parts if isinstance(part, Node)]
    if len(inside) != 1 or len(group.parts) != 3 or inside[0].kind != "triples":
        return None
    found = patterns(inside[0])
    return found[0] if found is not None and len(found) == 1 and isinstance(found[0].verb, Token) else None


def _edits(question: Question, statistics: GraphStatistics, group: Node, pattern: Pattern) -> tuple[Edit, ...]:
    tree = question.tree
    (clause,) = tree.root.nodes("select")
    projections = clause.nodes("projection")
    columns = [tree.of(part)[1:] for part in clause.parts if isinstance(part, Token) and part.kind == "var"]
    wanted = [one for one in (_count(question, projection) for projection in projections) if one is not None]
    if len(wanted) != len(projections) or not _sorts_by_columns(question):
        return ()
    if grouping := tree.root.nodes("group-by"):
        key = _key(question, grouping)
    elif not columns and not tree.root.nodes("order-by"):
        return _totals(question, statistics, group, pattern, projections, wanted)
    else:
        distinct = not wanted and len(columns) == 1 and tree.word(clause.parts[1]) == "DISTINCT"
        key = columns[0] if distinct else None
    if key is None or any(column != key for column in columns):
        return ()
    rows = _by_key(question, statistics, pattern, key)
    if rows is None or len(rows) > MAX_ROWS:
        return ()
    return _table(question, group, key, rows, projections, wanted)


def _count(question: Question, projection: Node) -> _Asked | None:
    """What `(COUNT(…) AS ?n)` counts."""
    tree, call = question.tree, projection.parts[1]
    if not isinstance(call, Node) or call.kind != "call" or tree.word(call.parts[0]) != "COUNT":
        return None
    (arguments,) = call.nodes("arguments")
    inside = arguments.parts[1:-1]
    distinct = bool(inside) and tree.word(inside[0]) == "DISTINCT"
    if len(inside) != 1 + distinct:
        return None
    what = inside[-1]
    if tree.of(what) == "*":
        return None if distinct else _Asked(None, distinct=False)
    name = variable(question, what)
    return None if name is None else _Asked(name, distinct=distinct)


def _key(question: Question, grouping: Sequence[Node]) -> str | None:
    if not grouping or len(grouping[0].parts) != 3:
        return None
    return variable(question, grouping[0].parts[2])


def _sorts_by_columns(question: Question) -> bool:
    """Whether ORDER BY names variables only, in whichever direction."""

    def is_plain(part: Part) -> bool:
        if isinstance(part, Token):
            return True
        return part.kind == "bracketed" and len(part.parts) == 3 and variable(question, part.parts[1]) is not None

    return all(is_plain(part) for node in question.tree.root.nodes("order-by") for part in node.parts)


def _totals(
    question: Question,
    statistics: GraphStatistics,
    group: Node,
    pattern: Pattern,
    projections: Sequence[Node],
    wanted: Sequence[_Asked],
) -> tuple[Edit, ...]:
    counted = _counts_of(question, statistics, pattern)
    if counted is None:
        return ()
    edits = [Edit(group.start, group.end, "{}")]
    for projection, one in zip(projections, wanted, strict=True):
        number = _number(one, counted)
        if number is None:
            return ()
        edits.append(Edit(projection.parts[1].start, projection.parts[1].end, str(number)))
    return tuple(edits) if wanted else ()


def _number(asked: _Asked, counted: Counts) -> int | None:
    if asked.name is not None and asked.name not in counted.distinct:
        return None  # a variable that nothing binds
    return counted.distinct[asked.name] if asked.distinct and asked.name is not None else counted.rows


def _counts_of(question: Question, statistics: GraphStatistics, pattern: Pattern) -> Counts | None:
    """The numbers of a pattern without a key."""
    subject, verb, object_ = (variable(question, part) for part in (pattern.subject, pattern.verb, pattern.object))
    assert subject is not None
    if verb is not None:
        if object_ is None:
            return None
        distinct = {subject: statistics.subjects, verb: len(statistics.properties), object_: statistics.objects}
        return Counts(statistics.triples, distinct)
    property_ = question.naming.iri(pattern.verb)
    if property_ is None:
        return None
    if object_ is not None:
        use = statistics.properties.get(property_)
        rows, subjects, objects = (use.triples, use.subjects, use.objects) if use else (0, 0, 0)
        return Counts(rows, {subject: subjects, object_: objects})
    class_ = question.naming.iri(pattern.object)
    if property_ != RDF_TYPE or class_ is None:
        return None
    instances = statistics.classes.get(class_, 0)
    return Counts(instances, {subject: instances})


def _by_key(question: Question, statistics: GraphStatistics, pattern: Pattern, key: str) -> Mapping[str, Counts] | None:
    """The numbers for each value of a key; None where they are not known for all of them."""
    subject, verb, object_ = (variable(question, part) for part in (pattern.subject, pattern.verb, pattern.object))
    assert subject is not None
    if verb is not None and key == verb and object_ is not None:
        return {
            iri: Counts(use.triples, {subject: use.subjects, verb: 1, object_: use.objects})
            for iri, use in statistics.properties.items()
        }
    if object_ is None or key != object_ or question.naming.iri(pattern.verb) != RDF_TYPE:
        return None
    if not _lists_every_class(statistics):
        return None
    return {iri: Counts(count, {subject: count, object_: 1}) for iri, count in statistics.classes.items()}


def _lists_every_class(statistics: GraphStatistics) -> bool:
    """Whether no class is a blank node or a literal, which the statistics leave out."""
    use = statistics.properties.get(RDF_TYPE)
    return sum(statistics.classes.values()) == (use.triples if use else 0)


def _table(
    question: Question,
    group: Node,
    key: str,
    rows: Mapping[str, Counts],
    projections: Sequence[Node],
    wanted: Sequence[_Asked],
) -> tuple[Edit, ...]:
    """VALUES in place of the pattern, a column for each number."""
    names = [question.fresh() for _ in wanted]
    lines = []
    for iri, counted in sorted(rows.items()):
        numbers = [_number(one, counted) for one in wanted]
        if None in numbers or any(sign in iri for sign in '<>"{}|^`\\ \n'):
            return ()
        lines.append(f"({' '.join([f'<{iri}>', *map(str, numbers)])})")
    head = " ".join(f"?{name}" for name in (key, *names))
    edits = [Edit(group.start, group.end, f"{{ VALUES ({head}) {{ {' '.join(lines)} }} }}")]
    for projection, name in zip(projections, names, strict=True):
        edits.append(Edit(projection.parts[1].start, projection.parts[1].end, f"?{name}"))
    edits += [Edit(node.start, node.end, "") for node in question.tree.root.nodes("group-by")]
    return tuple(edits)
