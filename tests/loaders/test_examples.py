"""Every kind has a folder of small inputs, each beside the quads and the problems that it must give.

`x.ttl` gives `x.ttl.nq` and, where something is wrong in it, `x.ttl.problems.json`.
"""

import dataclasses
import json
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from loaders.protocol import SourceFile
from loaders.reading import head
from loaders.registry import LOADERS, get_loader

FOLDER = Path(__file__).parent


def inputs(kind: str) -> list[Path]:
    return [path for path in sorted((FOLDER / kind).iterdir()) if not is_expected(path)]


def is_expected(path: Path) -> bool:
    is_quads = path.suffix == ".nq" and path.with_suffix("").exists()
    return is_quads or path.name.endswith(".problems.json")


EXAMPLES = [
    pytest.param(kind, path, id=f"{kind}/{path.name}")
    for kind in ("rdf", "ai_projects", "organisations")
    for path in inputs(kind)
]


def canonical(dataset: Dataset) -> set[str]:
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_every_kind_has_a_folder_of_examples() -> None:
    assert {loader.kind for loader in LOADERS} == {
        path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_"
    }


@pytest.mark.parametrize(("kind", "path"), EXAMPLES)
def test_an_example_gives_its_quads_and_problems(kind: str, path: Path) -> None:
    file = SourceFile(
        "eksempel", path.name, path, "https://kilde.example/katalog/fil", "https://kunnskapsgraf.example/"
    )
    harvest = get_loader(kind).load(file)
    found = canonical(Dataset(harvest.quads))
    # Lenient, because what is wrong in a source is still wrong in what the loader says of it.
    expected_path = path.with_name(f"{path.name}.nq")
    expected = canonical(Dataset(parse(path=expected_path, format=RdfFormat.N_QUADS, lenient=True)))
    assert {"missing": expected - found, "surplus": found - expected} == {"missing": set(), "surplus": set()}
    problems_path = path.with_name(f"{path.name}.problems.json")
    problems = json.loads(problems_path.read_text(encoding="utf-8")) if problems_path.exists() else []
    assert [dataclasses.asdict(problem) for problem in harvest.problems] == problems


@pytest.mark.parametrize(("kind", "path"), EXAMPLES)
def test_one_loader_alone_recognises_an_example(kind: str, path: Path) -> None:
    assert [loader.kind for loader in LOADERS if loader.recognises(head(path), path.name)] == [kind]


def test_no_expectation_is_left_without_its_input() -> None:
    for kind in ("rdf", "ai_projects", "organisations"):
        wanted = {path.name + ending for path in inputs(kind) for ending in ("", ".nq", ".problems.json")}
        assert {path.name for path in (FOLDER / kind).iterdir()} <= wanted
