"""Loading from bytes, for all tests of loaders."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Quad

from loaders.protocol import Loader, Problem, SourceFile
from loaders.rdf import RdfLoader


@dataclass(frozen=True)
class Loaded:
    """What a loader gave for some bytes."""

    quads: list[Quad]
    problems: list[Problem]

    @property
    def triples(self) -> set[str]:
        return {str(quad.triple) for quad in self.quads}

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(problem.where, problem.what) for problem in self.problems]


Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads bytes or text as a file of a name, with the RDF loader unless another is given."""

    def load_bytes(content: bytes | str, name: str = "fil.ttl", loader: Loader | None = None) -> Loaded:
        path = tmp_path / "content"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        file = SourceFile("kilde", name, path, "https://base.example/katalog/fil", "https://mint.example/")
        harvest = (loader or RdfLoader()).load(file)
        return Loaded(list(harvest.quads), harvest.problems)

    return load_bytes
