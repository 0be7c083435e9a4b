"""Writing dumps: the N-Quads of a generation, whole and by source, compressed (design §4, `/dumps/…`).

In: a published generation. Out: files beside its store, and their list. They are made when the generation is served
already, and go with it. Each gets its name when it is whole, so that a build that is killed leaves no half a dump; the
next one has dumps of its own. The bytes depend on the generation alone.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from kg.build.generations import Generation
from kg.dumps import Dump, write_index
from kg.namespaces import Names

MEDIA_TYPE: Final = "application/n-quads"
WHOLE: Final = "all"
GZIP_LEVEL: Final = 4
"""Three quarters of the time of level 6; an eighth larger. Who wants it small takes the zstd."""
ZSTD_LEVEL: Final = 3
"""Of a million triples of catalogues, smaller than gzip at level 6, in a sixth of its time."""
_BATCH: Final = 4 << 20


def write_dumps(generation: Generation) -> tuple[Dump, ...]:
    """Write the dumps of a generation.

    Raises:
        OSError: there is no room for them; the generation is as it was.
    """
    folder = generation.dumps
    folder.mkdir(exist_ok=True)
    names = Names(generation.manifest.base_iri)
    graphs = {f"<{names.source(entry.id)}>".encode(): entry.id for entry in generation.manifest.sources}
    with ExitStack() as opened:
        whole = [opened.enter_context(_file(folder, "", compression)) for compression in ("zstd", "gzip")]
        parts = opened.enter_context(_parts(folder))
        with generation.quads.open("rb") as quads:
            while lines := quads.readlines(_BATCH):
                for each in whole:
                    each.write(lines)
                for source_id, own in _by_source(lines, graphs):
                    parts.write(source_id, own)
    written = [*(each.dump() for each in whole), *parts.dumps()]
    write_index(folder, written)
    return tuple(written)


def _by_source(lines: list[bytes], graphs: dict[bytes, str]) -> Iterator[tuple[str, list[bytes]]]:
    """Runs of lines of one source's graph.

    The name of a graph is the last but one word of a line that has one; a triple of the default graph may have the
    same word as its object, but only one space before it.
    """
    before, own = "", list[bytes]()
    for line in lines:
        statement, name, _ = line.rsplit(b" ", 2)
        source_id = graphs.get(name)
        if source_id is None or statement.count(b" ") < 2:
            continue
        if source_id != before:
            if own:
                yield before, own
            before, own = source_id, []
        own.append(line)
    if own:
        yield before, own


@dataclass(slots=True)
class _File:
    """A dump being written."""

    path: Path
    source: str
    compression: str
    out: IO[bytes]
    quads: int = 0

    def write(self, lines: list[bytes]) -> None:
        self.out.write(b"".join(lines))
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


class _Parts:
    """The dumps of sources, one open at a time: a source's lines stand together in the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._done: dict[str, _File] = {}
        self._now = ""

    def write(self, source_id: str, lines: list[bytes]) -> None:
        if source_id != self._now:
            self.close()
            assert source_id not in self._done, "the lines of a source stand together"
            self._done[source_id] = self._open.enter_context(_file(self._folder, source_id, "gzip"))
            self._now = source_id
        self._done[source_id].write(lines)

    def close(self) -> None:
        self._open.close()

    def dumps(self) -> list[Dump]:
        return [file.dump() for file in self._done.values()]


@contextmanager
def _parts(folder: Path) -> Iterator[_Parts]:
    parts = _Parts(folder)
    try:
        yield parts
    finally:
        parts.close()
