"""`kg bench linking`: its measures, its sets, and that the links it asks for cannot be seen."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.bench.linking import Known, LinkingPlan, known_queries, measure, run_linking_benchmark
from kg.bench.linking_measures import Ranking, accuracy, calibration
from kg.bench.linking_models import generate_models
from kg.bench.linking_report import LinkingReport, write_between_markers
from kg.bench.linking_sets import SETS, Query
from kg.bench.linking_sources import FILES, Prepared, concept_key, prepare
from kg.errors import UsageError
from kg.linking.scoring import read_scorer
from kg.namespaces import DCT, DEFAULT_BASE_IRI, MODELLDCATNO, RDF, Names

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real catalogues are not beside the checkout")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(DATA, tmp_path_factory.mktemp("linking"))


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    return known_queries(DATA, tmp_path_factory.mktemp("known"), lambda *_: None)


def test_precision_is_of_what_is_given_and_recall_of_what_is_right() -> None:
    rankings = [Ranking((1, 2, 3), frozenset({1, 9})), Ranking((), frozenset({4})), Ranking((5,), frozenset({6}))]
    found = accuracy(rankings)
    assert found.precision == (0.5, 0.25, 0.25)
    assert found.recall == (0.25, 0.25, 0.25)
    assert accuracy([Ranking((), frozenset({1}))]).precision == (None, None, None)


def test_scores_that_say_how_often_they_are_right_have_no_error() -> None:
    source = np.random.default_rng(1)
    scores = source.random(50_000)
    good = calibration(scores, source.random(50_000) < scores)
    bad = calibration(np.full(50_000, 0.95), source.random(50_000) < 0.5)
    assert good.error < 0.02
    assert bad.error == pytest.approx(0.45, abs=0.01)
    assert good.brier < good.constant < 0.26
    assert sum(each.count for each in good.bins) == 50_000


def test_one_name_is_in_one_half_whatever_the_set() -> None:
    def query(name: str, group: str) -> Query:
        return Query(name, 0, np.zeros(0, np.int64), frozenset(), group)

    groups = [f"navn{number}" for number in range(200)]
    assert all(len({query(name, group).tested for name in SETS}) == 1 for group in groups)
    assert 70 < sum(query("gaps", group).tested for group in groups) < 130


def test_generated_models_are_the_same_for_the_same_seed_and_have_so_many_elements() -> None:
    names = Names(DEFAULT_BASE_IRI)
    lines = list(generate_models(3, 2, 7, names))
    assert lines == list(generate_models(3, 2, 7, names)) != list(generate_models(3, 2, 8, names))
    store = Store()
    store.load("".join(lines).encode(), RdfFormat.N_TRIPLES)
    kinds = [quad.object for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), None)]
    assert kinds.count(NamedNode(f"{MODELLDCATNO}ObjectType")) == 6
    assert kinds.count(NamedNode(f"{MODELLDCATNO}Attribute")) == 54


def test_without_data_speed_alone_is_measured_and_it_is_said_what_is_missing(tmp_path: Path) -> None:
    report = run_linking_benchmark(LinkingPlan(tmp_path, models=3))
    assert report.measured is None
    assert set(report.skipped) == set(FILES.values())
    assert report.speed is not None
    assert report.speed.elements == 315
    text = "\n".join(report.lines())
    assert "not measured" in text
    assert json.loads(json.dumps(report.to_json()))["quality"] is None


def test_tables_stand_between_the_markers_and_nothing_else_changes(tmp_path: Path) -> None:
    report = LinkingReport(None, None, ("x",), read_scorer())
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- linking -->\nold\n<!-- /linking -->\nb\n", encoding="utf-8")
    write_between_markers(report, readme)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("a\n<!-- linking -->\nQuality was not measured")
    assert text.endswith("<!-- /linking -->\nb\n")
    assert "old" not in text
    readme.write_text("no markers", encoding="utf-8")
    with pytest.raises(UsageError, match="markers"):
        write_between_markers(report, readme)


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "kg", "bench", "linking", "--models", "0", "--data", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "no such folder" in done.stderr


@needs_data
def test_no_source_that_is_built_holds_a_link_that_is_asked_for(prepared: Prepared) -> None:
    wanted = {
        (left, concept_key(right))
        for links in (prepared.gaps, prepared.references, prepared.confirmed)
        for left, rights in links.items()
        for right in rights
    }
    lefts = {left for left, _ in wanted}
    assert len(wanted) > 100
    for path in prepared.sources.values():
        store = Store()
        store.load(path=str(path), base_iri="https://x.example/")
        for quad in store:
            if getattr(quad.subject, "value", "") in lefts:
                key = concept_key(getattr(quad.object, "value", ""))
                assert (quad.subject.value, key) not in wanted, quad
                assert quad.predicate.value != "http://www.w3.org/2000/01/rdf-schema#seeAlso"


@needs_data
def test_copies_without_names_have_no_names_and_keep_their_definitions(prepared: Prepared) -> None:
    store = Store()
    store.load(path=str(prepared.sources["hidden"]))
    copies = [NamedNode(copy) for copy in prepared.hidden.values()]
    assert len(copies) > 100
    assert not [copy for copy in copies for _ in store.quads_for_pattern(copy, NamedNode(f"{DCT}title"), None)]
    assert sum(1 for copy in copies for _ in store.quads_for_pattern(copy, NamedNode(f"{DCT}description"), None)) > 80


@needs_data
def test_no_signal_of_a_right_pair_comes_from_the_link_itself(queries: list[Known]) -> None:
    for known in queries:
        elements = known.elements
        for query in known.queries:
            for right in query.right:
                assert not elements.refers.has(np.array([query.left]), np.array([right]))[0]
                shared = elements.concepts.shared(np.array([query.left]), np.array([right]))
                assert not shared[0] or query.set in {"classes", "properties", "nameless"}


@needs_data
def test_the_weights_find_what_label_equality_finds_and_more(queries: list[Known]) -> None:
    measured = measure(queries, read_scorer())
    assert measured.accuracies.keys() == SETS.keys()
    for name, by_method in measured.accuracies.items():
        assert by_method["kg"].recall[2] >= by_method["label equality"].recall[2], name
        assert by_method["kg"].queries > 0
    assert measured.calibration.brier < measured.calibration.constant
