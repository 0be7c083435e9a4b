"""Writing dumps: the N-Quads of a generation, whole and by source, compressed.

In: a published generation. Out: files beside its store, and their list. They are made when the generation is served
already, and go with it. Each gets its name when it is whole, so that a build that is killed leaves no half a dump; the
next one has dumps of its own. The bytes depend on the generation alone.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from kg.build.generations import Generation
from kg.build.quad_file import Part, line_ending
from kg.build.quad_lines import QuadLines, own_statements
from kg.dumps import Dump, write_index
from kg.namespaces import Names

MEDIA_TYPE: Final = "application/n-quads"
WHOLE: Final = "all"
GZIP_LEVEL: Final = 4
"""Three quarters of the time of level 6; an eighth larger. Who wants it small takes the zstd."""
ZSTD_LEVEL: Final = 3
"""Of a million triples of catalogues, smaller than gzip at level 6, in a sixth of its time."""


def write_dumps(generation: Generation) -> tuple[Dump, ...]:
    """Write the dumps of a generation.

    Raises:
        OSError: there is no room for them; the generation is as it was.
    """
    folder = generation.dumps
    folder.mkdir(exist_ok=True)
    names = Names(generation.manifest.base_iri)
    sources = {names.source(entry.id): entry.id for entry in generation.manifest.sources}
    written = []
    with ExitStack() as opened:
        whole = [opened.enter_context(_file(folder, "", compression)) for compression in ("zstd", "gzip")]
        # A named graph is one part of the file, so that one dump of a source is open at a time.
        for graph, runs in groupby(QuadLines(generation.quads, generation.manifest.parts).read(), _graph_of):
            with _file(folder, sources[graph], "gzip") if graph in sources else nullcontext() as own:
                for _, lines in runs:
                    for each in whole:
                        each.write(lines)
                    if own:
                        ending = line_ending(graph).rstrip("\n").encode()
                        own.write([statement + ending for statement in own_statements(graph, lines)])
            if own:
                written.append(own.dump())
    written = [*(each.dump() for each in whole), *written]
    write_index(folder, written)
    return tuple(written)


def _graph_of(run: tuple[Part, list[bytes]]) -> str:
    return run[0].graph


@dataclass(slots=True)
class _File:
    """A dump being written."""

    path: Path
    source: str
    compression: str
    out: IO[bytes]
    quads: int = 0

    def write(self, lines: list[bytes]) -> None:
        self.out.write(b"\n".join((*lines, b"")))
        self.quads += len(lines)

    def dump(self) -> Dump:
        """What became of it, when it is closed."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = self.path.stat().st_size
        return Dump(self.path.name, self.source, MEDIA_TYPE, self.compression, self.quads, size, digest)


@contextmanager
def _file(folder: Path, source_id: str, compression: str) -> Iterator[_File]:
    """A file that has its name when it is whole and on disk."""
    name = f"{f'source-{source_id}' if source_id else WHOLE}.nq.{'gz' if compression == 'gzip' else 'zst'}"
    half, path = folder / f".{name}", folder / name
    try:
        with half.open("wb") as raw:
            with _compressed(raw, compression) as out:
                file = _File(path, source_id, compression, out)
                yield file
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _compressed(raw: IO[bytes], compression: str) -> Iterator[IO[bytes]]:
    if compression == "gzip":
        # Neither name nor time, so that the same triples are the same bytes.
        with gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as out:
            yield cast("IO[bytes]", out)
    else:
        compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        with compressor.stream_writer(raw, closefd=False) as stream:
            yield stream
