"""Columns are made once, kept beside the store, and made again where they are of no use."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from kg.build.generations import Generation, Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.errors import BuildError
from kg.linking.columns import Ragged, Strings
from kg.linking.elements import Elements, open_elements
from kg.linking.indexing import make_elements
from kg.linking.keeping import elements_of
from kg.linking.reading import Readings
from kg.namespaces import DEFAULT_BASE_IRI
from kg.resources import folder


@pytest.fixture
def generation(home: Home) -> Generation:
    """A small generation of one model."""
    source = Source("nav", str(folder("demo") / "catalogues" / "modell-nav.ttl"))
    return build([source], BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None).generation


def same(one: Elements, other: Elements) -> bool:
    def plain(value: object) -> object:
        if isinstance(value, Ragged):
            return [value.row(number).tolist() for number in range(len(value))]
        return list(value) if isinstance(value, Strings) else np.asarray(value).tolist()

    return all(plain(getattr(one, name)) == plain(getattr(other, name)) for name in Elements.__dataclass_fields__)


def test_what_is_kept_is_what_was_made(generation: Generation) -> None:
    made = elements_of(generation)
    kept = open_elements(generation.linking)
    assert kept is not None
    assert len(kept) > 20
    assert same(made, kept)


def test_columns_are_made_once_whoever_asks(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(readings: Readings) -> Elements:
        made.append(readings)
        return make_elements(readings)

    monkeypatch.setattr("kg.linking.keeping.make_elements", counted)
    found: list[Elements] = []
    threads = [threading.Thread(target=lambda: found.append(elements_of(generation))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(same(found[0], each) for each in found)


def test_columns_of_another_version_are_made_again(generation: Generation) -> None:
    elements_of(generation)
    entry = generation.linking / "kg.json"
    entry.write_text(json.dumps({"format": -1, "things": 0}), encoding="utf-8")
    assert open_elements(generation.linking) is None
    assert len(elements_of(generation)) > 20
    assert json.loads(entry.read_text(encoding="utf-8"))["format"] > 0


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_damaged_columns_are_told(generation: Generation, content: bytes) -> None:
    elements_of(generation)
    (generation.linking / "kinds.npy").write_bytes(content)
    with pytest.raises(BuildError, match="linking"):
        elements_of(generation)
    (generation.linking / "kinds.npy").unlink()
    with pytest.raises(BuildError, match="missing"):
        elements_of(generation)


def test_what_a_killed_process_left_is_removed(generation: Generation) -> None:
    (generation.folder / ".linking-left").mkdir()
    elements_of(generation)
    assert not list(generation.folder.glob(".linking-*"))


def test_a_pruned_generation_takes_its_columns_with_it(generation: Generation, home: Home, tmp_path: Path) -> None:
    elements_of(generation)
    assert home.remove(generation)
    assert not generation.folder.exists()
    assert tmp_path.exists()
