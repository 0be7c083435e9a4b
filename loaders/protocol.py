"""The loaders' protocol: a file of a source in, quads under the source's own IRIs and problems out.

A loader says what the source says. Repairs (absolute and writable IRIs, canonical literals, names for blank
nodes) belong to `kg.build.normalise`; fetching belongs to `kg.build.harvest`. A bad record is a `Problem` and the
rest loads; a file that cannot be read at all raises `kg.errors.SourceError`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyoxigraph import Quad


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a source.

    Attributes:
        where: the file's name within its source, with `:line` where one is known.
        what: what is wrong there, with the offending text shortened.
        hint: what the owner of the source can do; empty where nothing helps.
        severity: "error" where something was left out, "warning" where it was loaded nevertheless.
    """

    where: str
    what: str
    hint: str = ""
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One harvested file of a source.

    Attributes:
        source_id: the source it belongs to.
        name: its path within the source, for messages and recognition.
        path: where its bytes lie; gzip is possible.
        base_iri: what its relative IRIs are resolved against.
        mint_iri: the service's base IRI, for loaders of sources that have no IRIs of their own.
    """

    source_id: str
    name: str
    path: Path
    base_iri: str
    mint_iri: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a loader got out of one file.

    `quads` is read once; `problems` is complete when `quads` is exhausted.
    """

    quads: Iterator[Quad]
    problems: list[Problem] = field(default_factory=list)


class Loader(Protocol):
    """One kind of source."""

    @property
    def kind(self) -> str:
        """The name of the kind, as `--kind` and `sources.toml` take it."""

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether a file is of this kind, by its first 64 kB (unzipped) and its name."""

    def load(self, file: SourceFile) -> Harvest:
        """Read a file.

        Raises:
            SourceError: the file cannot be read at all.
        """
