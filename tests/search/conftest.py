"""Indexes that several tests search."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kg.build.generations import Home
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.search.documents import read_documents
from kg.search.index import write_index
from kg.search.searching import SearchIndex

MakeIndex = Callable[[Sequence[str]], SearchIndex]
NAMES = Names(DEFAULT_BASE_IRI)


@pytest.fixture
def make_index(tmp_path_factory: pytest.TempPathFactory) -> MakeIndex:
    """Makes an index of lines of N-Triples without the dot."""

    def make(lines: Sequence[str]) -> SearchIndex:
        folder = tmp_path_factory.mktemp("index") / "search"
        write_index(read_documents(lines, NAMES), folder)
        return SearchIndex.open(folder)

    return make


@pytest.fixture(scope="session")
def demo_index(demo: Home) -> SearchIndex:
    """The index of the demo's generation."""
    return SearchIndex.open(demo.get_current().search)


@pytest.fixture(scope="session")
def demo_store(demo: Home) -> Path:
    """The store of the demo's generation."""
    return demo.get_current().store
