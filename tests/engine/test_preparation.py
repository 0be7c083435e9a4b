"""What a worker makes of a query before the engine has it: which dataset it reads, and what is rewritten."""

from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.engine.preparation import Knowledge, prepare, read_knowledge
from kg.statistics import GraphStatistics, Statistics

BASE = "https://x.example/"
INFERRED = f"{BASE}graph/inferred"
FORMER = "https://datasets.fellesdatakatalog.digdir.no"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
FROM = f"SELECT (COUNT(*) AS ?n) FROM <{FORMER}> WHERE {{ ?s ?p ?o }}"


def graph(triples: int) -> GraphStatistics:
    return GraphStatistics(triples, 1, 1, {}, {}, {})


KNOWN = Knowledge({}, INFERRED, BASE, Statistics(graph(3), graph(5)))
ORDER: dict[str, Any] = {
    "strict": False, "infer": True, "own_dataset": False, "default_graphs": None, "named_graphs": None, "hints": False,
}  # fmt: skip


def prepared(query: str, store: Store | None = None, **order: Any) -> tuple[str, list[str] | None]:
    found = prepare({**ORDER, **order}, query, KNOWN, store or Store())
    graphs = found.arguments.get("default_graph")
    return found.text, None if graphs is None else [str(each) for each in graphs]


BOTH = [str(DefaultGraph()), str(NamedNode(INFERRED))]


def test_the_numbers_are_those_of_the_dataset_that_is_read() -> None:
    assert prepared(COUNT) == ("SELECT (5 AS ?n) WHERE {}", BOTH)
    assert prepared(COUNT, infer=False) == ("SELECT (3 AS ?n) WHERE {}", None)
    assert prepared(COUNT, strict=True) == (COUNT, BOTH)
    assert prepared(COUNT, default_graphs=["https://x.example/g"], named_graphs=[])[0] == COUNT
    assert prepared(COUNT, default_graphs=[], named_graphs=["https://x.example/g"])[0] == COUNT


@pytest.mark.parametrize("order", [{"own_dataset": True}, {"default_graphs": [FORMER], "named_graphs": []}])
def test_a_former_graph_is_a_view_unless_there_is_such_a_graph(order: dict[str, Any]) -> None:
    query = FROM if order.get("own_dataset") else COUNT
    text, graphs = prepared(query, **order)
    assert " ".join(text.split()) == "SELECT (5 AS ?n) WHERE {}"
    assert graphs == BOTH
    store = Store()
    store.add(Quad(NamedNode(BASE), NamedNode(BASE), Literal(1), NamedNode(FORMER)))
    assert prepared(query, store, **order)[0] == query
    assert prepared(query, strict=True, **order)[0] == query


def test_the_dataset_of_the_request_goes_before_that_of_the_query() -> None:
    text, graphs = prepared(FROM, own_dataset=True, default_graphs=[FORMER], named_graphs=[])
    assert (text, graphs) == (FROM, [f"<{FORMER}>"])
    assert prepared(FROM, own_dataset=True, default_graphs=["https://x.example/g"], named_graphs=[])[0] == FROM


def test_damaged_statistics_are_as_good_as_none(tmp_path: Any) -> None:
    damaged = tmp_path / "statistics.json"
    damaged.write_text("{}", encoding="utf-8")
    for path in (damaged, tmp_path / "none.json", None):
        known = read_knowledge({}, INFERRED, BASE, path)
        assert known.statistics is None
        assert prepare(ORDER, COUNT, known, Store()).text == COUNT
