"""Explanations by the engine: a worker searches, and a search over its limits costs one request only."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from kg.engine.orders import explanation
from kg.engine.supervisor import EnginePlan, Served, Supervisor
from kg.errors import AnswerTooLarge, DeadlinePassed, EngineFailed
from kg.namespaces import OWL, RDF, RDFS, Names
from tests.engine.conftest import ask

BASE = "https://x.example/"
NAMES = Names(BASE)
SAME, TYPE, TRANSITIVE = f"<{OWL}sameAs>", f"<{RDF}type>", f"<{OWL}TransitiveProperty>"


def generation(folder: Path, lines: Iterable[str]) -> Served:
    """A generation of these lines of N-Quads."""
    (folder / "quads.nq").write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    store = Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "quads.nq"), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    return Served(1, folder / "store", folder / "quads.nq", folder / "lease", {}, NAMES.inferred, BASE)


async def explain(supervisor: Supervisor, subject: str, predicate: str, object_: str) -> dict[str, Any]:
    answer = await supervisor.run(explanation([(subject, predicate, object_)], 10.0, client="test"))
    try:
        value: dict[str, Any] = json.loads(b"".join(answer.chunks()))
        return value
    finally:
        supervisor.release(answer)


def both(triple: str) -> list[str]:
    """An axiom, which stands in the default graph and in that of the ontology."""
    return [triple, f"{triple} <{NAMES.ontology}>"]


@pytest.mark.parametrize("tier", ["disk", "memory"])
async def test_a_worker_explains_in_both_tiers_and_answers_queries_still(
    tmp_path: Path, plan: EnginePlan, tier: str
) -> None:
    axiom = f"<{BASE}A> <{RDFS}subClassOf> <{BASE}B>"
    lines = [*both(axiom), f"<{BASE}x> {TYPE} <{BASE}A>", f"<{BASE}x> {TYPE} <{BASE}B> <{NAMES.inferred}>"]
    lines.append(f"<{BASE}x> {TYPE} <{BASE}C> <{NAMES.inferred}>")
    supervisor = Supervisor(plan)
    try:
        await supervisor.serve(generation(tmp_path, lines), tier)
        for _ in range(2):
            proof = await explain(supervisor, f"<{BASE}x>", TYPE, f"<{BASE}B>")
            assert (proof["status"], proof["rule"]) == ("inferred", "cax-sco")
            assert [premise["status"] for premise in proof["premises"]] == ["asserted", "asserted"]
        assert "4" in await ask(supervisor, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        with pytest.raises(EngineFailed, match="no rule"):
            await explain(supervisor, f"<{BASE}x>", TYPE, f"<{BASE}C>")
    finally:
        await supervisor.close()


async def test_a_search_over_its_limits_is_a_deadline_and_leaves_the_engine_unharmed(
    tmp_path: Path, plan: EnginePlan
) -> None:
    """A hundred and fifty things that are said to have been inferred to be the same, from nothing."""
    things = [f"<{BASE}i{number}>" for number in range(150)]
    lines = [f"{one} {SAME} {other} <{NAMES.inferred}>" for one in things for other in things if one != other]
    supervisor = Supervisor(plan)
    try:
        await supervisor.serve(generation(tmp_path, lines), "disk")
        with pytest.raises(DeadlinePassed, match="200,000 steps") as caught:
            await explain(supervisor, things[0], SAME, things[1])
        assert caught.value.limit_seconds == pytest.approx(5.0)
        assert (await explain(supervisor, things[0], f"<{BASE}p>", things[1]))["status"] == "not-held"
    finally:
        await supervisor.close()


async def test_a_proof_too_long_to_be_read_is_too_large(tmp_path: Path, plan: EnginePlan) -> None:
    # Both properties of a level are chains of the two before, so that few triples have a proof of 2 to the 14 steps.
    x, levels = f"<{BASE}x>", 14
    lines = [f"{x} <{BASE}p0> {x}", f"{x} <{BASE}q0> {x}"]
    for level in range(1, levels + 1):
        for name in "pq":
            first, second = f"<{BASE}{name}{level}first>", f"<{BASE}{name}{level}second>"
            axioms = [
                f"<{BASE}{name}{level}> <{OWL}propertyChainAxiom> {first}",
                f"{first} <{RDF}first> <{BASE}p{level - 1}>",
                f"{first} <{RDF}rest> {second}",
                f"{second} <{RDF}first> <{BASE}q{level - 1}>",
                f"{second} <{RDF}rest> <{RDF}nil>",
            ]
            lines += [line for axiom in axioms for line in both(axiom)]
            lines.append(f"{x} <{BASE}{name}{level}> {x} <{NAMES.inferred}>")
    supervisor = Supervisor(plan)
    try:
        await supervisor.serve(generation(tmp_path, lines), "disk")
        with pytest.raises(AnswerTooLarge, match="steps"):
            await explain(supervisor, x, f"<{BASE}p{levels}>", x)
        assert (await explain(supervisor, x, f"<{BASE}p3>", x))["rule"] == "prp-spo2"
    finally:
        await supervisor.close()
