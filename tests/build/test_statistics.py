"""Statistics, compared with sets in Python and with what rdflib and the engine count."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, RdfFormat, Store, parse
from rdflib import Graph, URIRef
from rdflib.namespace import RDF as RDF_NAMESPACE

from kg.build import statistics as counting
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.build.statistics import count_raw
from kg.errors import BuildError
from kg.namespaces import DEFAULT_BASE_IRI, RDF, Names
from kg.statistics import GraphStatistics, PropertyUse, read_statistics, write_statistics

NAMES = Names(DEFAULT_BASE_IRI)
TYPE = f"<{RDF}type>"
Line = tuple[str, str, str]

nodes = some.sampled_from([f"<http://x/{name}>" for name in "abcde"] + ["_:b1"])
predicates = some.sampled_from([TYPE, "<http://x/p>", "<http://x/q>", "<http://x/a>"])
objects = nodes | some.sampled_from(['"a b"@nb', '"1"', "<<( <http://x/a> <http://x/p> <http://x/b> )>>"])
graphs = some.sets(some.tuples(nodes, predicates, objects), max_size=40)


def is_iri(term: str) -> bool:
    return term.startswith("<") and not term.startswith("<<")


def counted_by_sets(triples: Collection[Line]) -> GraphStatistics:
    """The definition, word for word."""
    properties = {p for _, p, _ in triples}
    classes = {o for _, p, o in triples if p == TYPE and is_iri(o)}
    members = {class_: {s for s, p, o in triples if p == TYPE and o == class_} for class_ in classes}
    return GraphStatistics(
        len(triples),
        len({s for s, _, _ in triples}),
        len({o for _, _, o in triples}),
        {
            p[1:-1]: PropertyUse(
                sum(1 for triple in triples if triple[1] == p),
                len({s for s, q, _ in triples if q == p}),
                len({o for _, q, o in triples if q == p}),
            )
            for p in properties
        },
        {class_[1:-1]: len(things) for class_, things in members.items()},
        {
            class_[1:-1]: dict(Counter(p[1:-1] for s, p, _ in triples if s in things))
            for class_, things in members.items()
        },
    )


@given(graphs, graphs)
def test_counts_are_those_of_sets(asserted: set[Line], others: set[Line]) -> None:
    inferred = others - asserted
    found = count_raw(map(" ".join, asserted), map(" ".join, inferred))
    assert found is not None
    assert found.asserted == counted_by_sets(asserted)
    assert found.together == found.of(infer=True) == counted_by_sets(asserted | inferred)


@pytest.mark.parametrize("properties", [100, 70_000])
def test_counts_hold_of_very_many_terms_and_properties(properties: int) -> None:
    lines = [f"<a:{n % 7}> <p:{n}> <a:{n % 3}>" for n in range(properties)] + [f"<a:0> {TYPE} <c:c>"]
    found = count_raw(lines, [])
    assert found is not None
    assert len(found.asserted.properties) == properties + 1
    assert set(found.asserted.properties.values()) == {PropertyUse(1, 1, 1)}
    assert (found.asserted.subjects, found.asserted.objects) == (7, 4)
    assert len(found.asserted.class_properties["c:c"]) == 1 + len(range(0, properties, 7))


def test_a_triple_in_both_parts_is_not_counted_at_all_as_queries_see_it_twice() -> None:
    assert count_raw(["<a:a> <a:p> <a:b>"], ["<a:a> <a:p> <a:b>"]) is None


def test_classes_over_the_limit_are_counted_without_their_properties(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MAX_CLASS_PROPERTIES", 3)
    large = [f"<a:{n}> {TYPE} <c:large>" for n in range(3)] + ["<a:1> <a:p> <a:b>"]
    small = [f"<a:9> {TYPE} <c:small>", "<a:9> <a:q> <a:b>"]
    found = count_raw([*large, *small], [])
    assert found is not None
    assert found.asserted.classes == {"c:large": 3, "c:small": 1}
    assert found.asserted.class_properties == {"c:large": {f"{RDF}type": 3, "a:p": 1}}


def test_a_build_counts_what_rdflib_counts(demo: Home) -> None:
    generation = demo.get_current()
    found = read_statistics(generation.statistics)
    assert found is not None
    asserted, together = Graph(), Graph()
    asserted.parse(data=lines_of(generation.quads, DefaultGraph()), format="nt")
    together.parse(data=lines_of(generation.quads, NamedNode(NAMES.inferred)), format="nt")
    together += asserted
    for graph, statistics in ((asserted, found.asserted), (together, found.together)):
        assert statistics.triples == len(graph)
        assert statistics.subjects == len(set(graph.subjects()))
        assert statistics.objects == len(set(graph.objects()))
        uses = Counter(str(predicate) for _, predicate, _ in graph)
        assert {iri: use.triples for iri, use in statistics.properties.items()} == uses
        classes = Counter(str(o) for o in graph.objects(None, RDF_NAMESPACE.type) if isinstance(o, URIRef))
        assert statistics.classes == classes
    assert found.together.triples > found.asserted.triples == generation.manifest.asserted


def lines_of(quads: Path, graph: NamedNode | DefaultGraph) -> str:
    """The N-Triples of one graph of a file."""
    chosen = (quad.triple for quad in parse(path=str(quads), format=RdfFormat.N_QUADS) if quad.graph_name == graph)
    return "".join(f"{triple} .\n" for triple in chosen)


def test_a_raw_build_counts_what_the_engine_counts(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "data.trig"
    path.write_text(
        """@prefix x: <http://x/> . x:a a x:C ; x:p "05"^^<http://www.w3.org/2001/XMLSchema#integer>, 5, "5" .
        [] a x:C, [] ; x:p x:a . x:g { x:b x:p x:c }""",
        encoding="utf-8",
    )
    report = build([Source("data", str(path))], BuildPlan(DEFAULT_BASE_IRI, raw=True), home, lambda *_: None)
    found = read_statistics(report.generation.statistics)
    assert found is not None
    assert found.asserted == found.together
    store = Store.read_only(str(report.generation.store))
    rows = store.query("SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o } GROUP BY ?p")
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        use = found.asserted.properties[row["p"].value]
        assert (use.triples, use.objects) == (int(row["n"].value), int(row["objects"].value))
    assert found.asserted.class_properties["http://x/C"] == {f"{RDF}type": 3, "http://x/p": 3}


def test_statistics_are_read_as_they_were_written(tmp_path: Path, demo: Home) -> None:
    found = read_statistics(demo.get_current().statistics)
    assert found is not None
    write_statistics(tmp_path / "again.json", found)
    assert read_statistics(tmp_path / "again.json") == found


def test_no_file_is_no_statistics_and_a_damaged_one_is_an_error(tmp_path: Path) -> None:
    assert read_statistics(tmp_path / "none.json") is None
    for text in ("", "[]", "{}", '{"asserted": {"triples": 1}, "together": 3}', "\x00"):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        with pytest.raises(BuildError):
            read_statistics(tmp_path / "bad.json")
