"""The W3C's tests of SPARQL queries, asked of the endpoint over HTTP and of the plain engine in process.

The endpoint must fail nowhere but where the engine does, and where that fails is listed with the reason.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from tests.conformance.endpoint import Endpoint
from tests.conformance.sparql_answers import Answer, Solutions, expected, of_engine, read_graph, read_results, same
from tests.conformance.sparql_cases import EVALUATION, NEGATIVE, Case, Suite

SUITES: Final = ("sparql10", "sparql11", "sparql12")

_CANONICAL: Final = "the store keeps one spelling of each literal, so that 1 and 01 are one term"
_FUNCTION: Final = "the query is read, but calls a function that nothing here has"
_GRAPH: Final = "the engine binds the variable of GRAPH after its group, so that the group cannot see it"
_EMPTY: Final = "the engine has no node for a path of length zero to stand at, where no triple names it"
_LANGUAGE: Final = "the engine's GROUP_CONCAT drops the language that its values share"
_LITERAL: Final = "the engine reads a literal or a triple term as the subject of a triple term"
FAILURES: Final[dict[str, dict[str, str]]] = {
    "sparql10": {
        "distinct/distinct-1": _CANONICAL,
        "distinct/distinct-9": _CANONICAL,
        "expr-builtin/dawg-str-1": _CANONICAL,
        "expr-builtin/dawg-str-2": _CANONICAL,
        "expr-builtin/sameTerm-eq": _CANONICAL,
        "expr-builtin/sameTerm-not-eq": _CANONICAL,
        "expr-builtin/sameTerm-simple": _CANONICAL,
        "expr-equals/eq-graph-1": _CANONICAL,
        "expr-equals/eq-graph-2": _CANONICAL,
        "open-world/open-eq-01": _CANONICAL,
        "open-world/date-2": "the engine takes dates with and without a time zone for different where they may be one",
        "expr-builtin/case-insensitive-booleans": "the engine reads true and false in lower case only",
        "graph/graph-optional": _GRAPH,
        "graph/graph-variable-scope": _GRAPH,
        "optional-filter/dawg-optional-filter-005-simplified": "the engine's OPTIONAL hides its outer variables from a "
        "FILTER in a group of its own",
        "syntax-sparql1/syntax-expr-05": _FUNCTION,
        "syntax-sparql1/syntax-order-05": _FUNCTION,
        "syntax-sparql1/syntax-order-06": _FUNCTION,
        "syntax-sparql2/syntax-function-01": _FUNCTION,
        "syntax-sparql2/syntax-function-02": _FUNCTION,
        "syntax-sparql2/syntax-function-03": _FUNCTION,
        "syntax-sparql2/syntax-function-04": _FUNCTION,
        "syntax-sparql3/syn-bad-26": "the engine has no tokeniser and reads <?a&&?b> as a comparison",
    },
    "sparql11": {
        "aggregates/agg-empty-group-count-graph": "the engine counts over all graphs where each has a count of its own",
        "aggregates/agg-groupconcat-04": _LANGUAGE,
        "aggregates/agg-groupconcat-06": _LANGUAGE,
        "bindings/graph": _GRAPH,
        "functions/bnode01": "the engine's BNODE of a text is one node in all solutions, not one in each",
        "negation/graph-minus": _GRAPH,
        "property-path/zero_or_more_set_end": _EMPTY,
        "property-path/zero_or_more_set_start": _EMPTY,
        "property-path/zero_or_one_set_end": _EMPTY,
        "property-path/zero_or_one_set_start": _EMPTY,
        "syntax-query/test_4": _FUNCTION,
    },
    "sparql12": {
        "grouping/group01": _CANONICAL,
        "grouping/select-variable-reuse": "the engine lets no expression use the name of one before it under COUNT",
        "syntax-triple-terms-negative/tripleterm-subject-03": _LITERAL,
        "syntax-triple-terms-negative/tripleterm-subject-06": _LITERAL,
        "syntax/nested-aggregate-functions": "the engine reads an aggregate of an aggregate",
    },
}
"""Where pyoxigraph 0.5.13 fails in process, with the reason."""

WITHOUT_TRIPLE_TERMS: Final = "JSON-LD does not support RDF 1.2"
"""Triple terms in JSON-LD are an error, never left out."""

CASES: Final = {"sparql10": 483, "sparql11": 346, "sparql12": 246}
"""How many cases a whole copy has; an older or later one may have a few more or less."""


@dataclass(frozen=True)
class Outcome:
    """What is wrong with the answers of the engine and of the endpoint; empty where nothing is."""

    engine: str
    endpoint: str


@pytest.fixture(scope="module", params=SUITES)
def outcomes(request: pytest.FixtureRequest, suite: Suite, service: Endpoint) -> tuple[str, dict[str, Outcome]]:
    """The name of a suite and what came of each of its cases."""
    found = {}
    cases = sorted(suite.cases(request.param), key=lambda case: (case.data, case.graphs))
    for _, several in groupby(cases, key=lambda case: (case.data, case.graphs)):
        group = list(several)
        data = suite.dataset(group[0])
        service.load(data)
        store = Store()
        store.load(data, RdfFormat.N_QUADS)
        for case in group:
            found[case.name] = Outcome(ask_engine(case, suite, store), ask_endpoint(case, suite, service))
    return request.param, found


def ask_engine(case: Case, suite: Suite, store: Store) -> str:
    """What is wrong with the plain engine's answer."""
    try:
        results = store.query(suite.text(case.query), base_iri=case.query)
    except (SyntaxError, ValueError, RuntimeError) as error:
        return "" if case.kind in NEGATIVE else f"{type(error).__name__}: {error}"
    if case.kind not in EVALUATION:
        return "is read although it is not SPARQL" if case.kind in NEGATIVE else ""
    if case.kind == "CSVResultFormatTest":
        assert isinstance(results, QuerySolutions)
        answer = read_results(results.serialize(format=QueryResultsFormat.CSV) or b"", "csv")
    else:
        answer = of_engine(results)
    return "" if same(answer, expected(case, suite), lax=case.lax) else "another answer"


def ask_endpoint(case: Case, suite: Suite, service: Endpoint) -> str:
    """What is wrong with the endpoint's answers: in the format of the expected one, and in each that holds as much."""
    query = f"BASE <{case.query}>\n{suite.text(case.query)}"
    if case.kind not in EVALUATION:
        status = service.client.post("/sparql", data={"query": query, "strict": "true"}).status_code
        wanted = 400 if case.kind in NEGATIVE else 200
        return "" if status == wanted else f"status {status}"
    wanted_answer = expected(case, suite)
    if case.kind == "CSVResultFormatTest":
        formats: tuple[str, ...] = ("csv",)
    elif isinstance(wanted_answer, bool):
        formats = ("json", "xml")
    elif isinstance(wanted_answer, Solutions):
        formats = ("json", "xml", "tsv")
    else:
        formats = ("turtle", "ntriples", "rdfxml", "jsonld")
    for name in formats:
        asked = {"query": query, "strict": "true", "format": name}
        response = service.client.post("/sparql", data=asked)
        if name == "jsonld" and response.status_code == 422 and WITHOUT_TRIPLE_TERMS in response.text:
            continue
        if response.status_code != 200:
            return f"status {response.status_code} in {name}: {response.text}"
        if not same(read(response.content, name), wanted_answer, lax=case.lax):
            return f"another answer in {name}"
    return ""


RDF_FORMATS: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def read(content: bytes, name: str) -> Answer:
    return read_graph(content, RDF_FORMATS[name]) if name in RDF_FORMATS else read_results(content, name)


def test_the_engine_fails_only_where_a_reason_is_known(outcomes: tuple[str, dict[str, Outcome]]) -> None:
    name, found = outcomes
    failed = {case: outcome.engine for case, outcome in found.items() if outcome.engine}
    assert failed.keys() == FAILURES[name].keys()
    assert len(found) > 0.9 * CASES[name]


def test_the_endpoint_fails_only_where_the_engine_does(outcomes: tuple[str, dict[str, Outcome]]) -> None:
    _, found = outcomes
    worse = {case: outcome.endpoint for case, outcome in found.items() if outcome.endpoint and not outcome.engine}
    assert worse == {}
