"""Graphs written out by a worker: whole, within the limits, or an error that says where else they are."""

from dataclasses import replace

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from kg.engine.orders import dump
from kg.engine.supervisor import LARGE_GRAPH_HINT, EnginePlan, Served, Supervisor
from kg.errors import AnswerTooLarge, DeadlinePassed
from kg.sparql.formats import FORMATS

NTRIPLES = next(row for row in FORMATS if row.name == "ntriples")


@pytest.mark.parametrize("graph", [None, "https://x.example/graph/inferred", "https://x.example/none"])
async def test_a_graph_is_written_out_whole(engine: Supervisor, served: Served, graph: str | None) -> None:
    answer = await engine.run(dump(graph, NTRIPLES, 5.0))
    content = b"".join(answer.chunks())
    engine.release(answer)
    name = NamedNode(graph) if graph else DefaultGraph()
    held = Store.read_only(str(served.store)).quads_for_pattern(None, None, None, name)
    assert {quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES)} == {quad.triple for quad in held}


async def test_a_graph_over_the_cap_is_an_error_that_names_the_dumps(served: Served, plan: EnginePlan) -> None:
    supervisor = Supervisor(replace(plan, answer_bytes=1000))
    await supervisor.serve(served, "disk")
    try:
        with pytest.raises(AnswerTooLarge) as caught:
            await supervisor.run(dump(None, NTRIPLES, 5.0))
        assert "/dumps/" in caught.value.hint
    finally:
        await supervisor.close()


async def test_a_graph_that_takes_too_long_is_an_error_that_names_the_dumps(engine: Supervisor) -> None:
    with pytest.raises(DeadlinePassed) as caught:
        await engine.run(dump(None, NTRIPLES, 5.0, spent=5.0))
    assert caught.value.hint == LARGE_GRAPH_HINT
