"""Answers of queries as values, and whether two of them are the same up to the names of blank nodes.

In: what an engine or an endpoint gave, or a file that says what it must give. Out: solutions, a truth value, a graph or
the cells of a CSV table, and a comparison. Literals are compared in canonical form, as the engine keeps them: 1.0 and 1
are one xsd:decimal, and "-3"^^xsd:negativeInteger is an xsd:integer.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from kg.namespaces import RDF
from tests.conformance.sparql_cases import Case, Suite

RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE: Final = NamedNode(f"{RDF}type")
RESULT_FORMATS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}
Term = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Term]


@dataclass(frozen=True)
class Solutions:
    """The solutions of a SELECT; `ordered` where their order is part of the answer."""

    variables: frozenset[str]
    rows: tuple[Row, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Cells:
    """The cells of a CSV table by column; the columns of SELECT * have no order, and no blank node a name."""

    head: frozenset[str]
    rows: Counter[tuple[tuple[str, str], ...]]


Answer = Solutions | Cells | bool | Dataset


def of_engine(results: QuerySolutions | QueryBoolean | QueryTriples) -> Answer:
    """What the engine gave."""
    if isinstance(results, QueryBoolean):
        return bool(results)
    if isinstance(results, QueryTriples):
        return _graph(results)
    names = [variable.value for variable in results.variables]
    rows = []
    for solution in results:
        values = zip(names, solution, strict=True)
        rows.append({name: canonical(value) for name, value in values if value is not None})
    return Solutions(frozenset(names), tuple(rows))


def read_results(content: bytes, name: str) -> Answer:
    """Read an answer in one of the formats of results."""
    if name == "csv":
        return _cells(content)
    results = parse_query_results(content, format=RESULT_FORMATS[name])
    assert isinstance(results, QuerySolutions | QueryBoolean)
    return of_engine(results)


def read_graph(content: bytes, rdf_format: RdfFormat, base: str | None = None) -> Answer:
    """Read a graph."""
    return _graph(quad.triple for quad in parse(content, format=rdf_format, base_iri=base))


def expected(case: Case, suite: Suite) -> Answer:
    """What must come out of a case."""
    path = suite.path(case.result)
    name = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}.get(path.suffix)
    if name is not None:
        return read_results(path.read_bytes(), name)
    store = Store()
    store.extend(suite.quads(case.result))
    sets = list(store.quads_for_pattern(None, _TYPE, NamedNode(f"{RS}ResultSet")))
    return _result_set(store, sets[0].subject) if sets else _graph(quad.triple for quad in store)


def canonical(term: Term) -> Term:
    """A term as a store gives it back."""
    if isinstance(term, NamedNode | BlankNode):
        return term
    store = Store()
    store.add(Quad(_TYPE, _TYPE, term))
    kept: Quad = next(iter(store))
    return kept.object


def same(one: Answer, other: Answer, *, lax: bool = False) -> bool:
    """Whether two answers say the same; `lax` where one may repeat what the other says once."""
    if isinstance(one, Solutions) and isinstance(other, Solutions):
        if one.variables != other.variables:
            return False
        if lax:
            return {_key(row) for row in one.rows} == {_key(row) for row in other.rows}
        if one.ordered or other.ordered:
            return _in_order(one.rows, other.rows)
        return _matched(list(one.rows), list(other.rows))
    if isinstance(one, Dataset) and isinstance(other, Dataset):
        return set(one) == set(other)
    return type(one) is type(other) and one == other


def _graph(triples: Iterable[Triple]) -> Dataset:
    graph = Dataset(Quad(triple.subject, triple.predicate, canonical(triple.object)) for triple in triples)
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graph


def _cells(content: bytes) -> Cells:
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    named = (tuple(sorted(zip(head, map(_cell, row), strict=True))) for row in rows)
    return Cells(frozenset(head), Counter(named))


def _cell(text: str) -> str:
    """A cell as it compares: numbers have several spellings, blank nodes several names."""
    if text.startswith("_:"):
        return "_:"
    try:
        return str(float(text))
    except ValueError:
        return text


def _result_set(store: Store, node: object) -> Answer:
    """A result set in RDF (the DAWG's vocabulary, in the tests of SPARQL 1.0)."""

    def values(subject: object, name: str) -> list[Term]:
        assert isinstance(subject, NamedNode | BlankNode)
        return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(RS + name), None)]

    truth = values(node, "boolean")
    if truth:
        assert isinstance(truth[0], Literal)
        return truth[0].value in {"true", "1"}
    rows = []
    for solution in values(node, "solution"):
        row: dict[str, Term] = {}
        for binding in values(solution, "binding"):
            (variable,), (value,) = values(binding, "variable"), values(binding, "value")
            assert isinstance(variable, Literal)
            row[variable.value] = canonical(value)
        index = [int(each.value) for each in values(solution, "index") if isinstance(each, Literal)]
        rows.append((index, row))
    variables = frozenset(each.value for each in values(node, "resultVariable") if isinstance(each, Literal))
    ordered = any(index for index, _ in rows)
    if ordered:
        rows.sort(key=lambda item: item[0])
    return Solutions(variables, tuple(row for _, row in rows), ordered)


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, "_:" if isinstance(value, BlankNode) else str(value)) for name, value in row.items()))


def _in_order(one: tuple[Row, ...], other: tuple[Row, ...]) -> bool:
    names: dict[str, str] | None = {}
    if len(one) != len(other):
        return False
    for left, right in zip(one, other, strict=True):
        names = _renamed(left, right, names)
        if names is None:
            return False
    return True


def _matched(one: list[Row], other: list[Row]) -> bool:
    """Whether rows are the same in some order, under some renaming of blank nodes."""
    if len(one) != len(other):
        return False
    ground, grounded = ([row for row in rows if "_:" not in str(_exact(row))] for rows in (one, other))
    if Counter(map(_exact, ground)) != Counter(map(_exact, grounded)):
        return False
    rest, left = ([row for row in rows if "_:" in str(_exact(row))] for rows in (one, other))
    return _search(rest, left, {})


def _exact(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in row.items()))


def _search(one: list[Row], other: list[Row], names: dict[str, str]) -> bool:
    if not one:
        return True
    first, *rest = one
    for place, row in enumerate(other):
        further = _renamed(first, row, names)
        if further is not None and _search(rest, other[:place] + other[place + 1 :], further):
            return True
    return False


def _renamed(one: Row, other: Row, names: dict[str, str] | None) -> dict[str, str] | None:
    """The names of blank nodes under which two rows are one, beside those that are settled; None if there are none."""
    if names is None or one.keys() != other.keys():
        return None
    names = dict(names)
    for name, value in one.items():
        if not _fits(value, other[name], names):
            return None
    return names


def _fits(one: Term, other: Term, names: dict[str, str]) -> bool:
    if isinstance(one, BlankNode) and isinstance(other, BlankNode):
        if one.value not in names and other.value in names.values():
            return False
        return names.setdefault(one.value, other.value) == other.value
    if isinstance(one, Triple) and isinstance(other, Triple):
        parts = ((one.subject, other.subject), (one.predicate, other.predicate), (one.object, other.object))
        return all(_fits(left, right, names) for left, right in parts)
    return one == other
