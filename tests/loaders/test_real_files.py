"""The collected real files, where they lie beside the checkout: each is recognised and loads."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal

from kg.namespaces import DEFAULT_BASE_IRI
from loaders.protocol import Harvest, SourceFile
from loaders.reading import head
from loaders.registry import find_loader

FOLDER = (Path(__file__).resolve().parents[2] / ".." / "shared" / "data").resolve()
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"the real files are not in {FOLDER}")

RDF_SUFFIXES = {".jsonld", ".nq", ".owl", ".rdf", ".ttl"}
# Their e-mail addresses were replaced by one after the triples had been counted.
COUNTED_BEFORE = {
    "datasets/difi-dataset-2017-10-19.jsonld",
    "snapshots/difi-complete_2017-10-25.jsonld",
    "snapshots/difi-complete_2018-03-08.jsonld",
}
BROKEN = {
    "specifications/examples/eu-dcat-ap/example-bee-population-dataset-series-api.ttl": [20, 22],
    "specifications/examples/eu-dcat-ap/example-bee-population-dataset-series-combined.ttl": [32, 34],
    "specifications/examples/modelldcat-ap-no/testModCat1.ttl": [18],
    "specifications/ontologies/dcat3-external.ttl": [683],
}


def load(name: str) -> Harvest:
    path = FOLDER / name
    loader = find_loader(head(path), path.name)
    assert loader is not None, f"{name} is not recognised"
    return loader.load(SourceFile("ekte", name, path, "https://kilde.example/fil", DEFAULT_BASE_IRI))


def counts() -> dict[str, int]:
    with (FOLDER / "index.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: int(row["triples"]) for row in rows if (row["triples"] or "").isdigit()}


def rdf_files() -> list[str]:
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in RDF_SUFFIXES)


def test_every_rdf_file_gives_the_triples_it_was_counted_to_have() -> None:
    expected = counts()
    wrong = {}
    for name in rdf_files():
        harvest = load(name)
        quads = set(harvest.quads)
        errors = [problem for problem in harvest.problems if problem.severity == "error"]
        assert bool(errors) is (name in BROKEN), errors
        if not errors and name in expected and name not in COUNTED_BEFORE and len(quads) != expected[name]:
            wrong[name] = (len(quads), expected[name])
    assert wrong == {}


def test_the_faults_of_the_broken_files_have_their_lines() -> None:
    for name, lines in BROKEN.items():
        harvest = load(name)
        assert list(harvest.quads)
        errors = [problem.where for problem in harvest.problems if problem.severity == "error"]
        assert errors == [f"{name}:{line}" for line in lines]


def test_no_other_file_is_taken_for_rdf() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.suffix not in RDF_SUFFIXES:
            loader = find_loader(head(path), path.name)
            kinds = {".csv": "ai_projects", ".json": "organisations"}
            assert (loader.kind if loader else None) == kinds.get(path.suffix), path.name


def test_the_spaced_iris_of_a_real_catalogue_are_kept_and_told() -> None:
    harvest = load("datasets/space-in-uri.jsonld")
    assert len(list(harvest.quads)) == 1393
    assert [problem.where.rpartition(":")[2] for problem in harvest.problems] == ["28", "2295"]


def test_the_list_of_ai_projects_gives_179_projects_and_nothing_internal() -> None:
    harvest = load("ki/ai_projects_norwegian_state.csv")
    quads = list(harvest.quads)
    text = "\n".join(map(str, quads)) + "\n".join(map(str, harvest.problems))
    projects = {quad.subject for quad in quads if str(quad.object) == f"<{DEFAULT_BASE_IRI}ns/ki#Prosjekt>"}
    assert len(projects) == 179
    assert "INTERN-" not in text
    assert not [quad for quad in quads if isinstance(quad.object, Literal) and "@" in quad.object.value]
    owners = {quad.object for quad in quads if quad.predicate.value.endswith("/publisher")}
    assert len(owners) == 59
