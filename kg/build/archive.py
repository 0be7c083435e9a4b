"""The archive: what sources gave, byte for byte, addressed by content.

In: bytes of harvested files. Out: `ArchivedFile` records, from which any generation can be built again. Layout under
the home: `archive/objects/ab/abcd…` holds the bytes, `archive/sources/{id}.jsonl` one line per harvest of a source.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from kg.errors import NotFound, SourceError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One file of a source as harvested; `base_iri` is what its relative IRIs are resolved against."""

    name: str
    sha256: str
    size: int
    base_iri: str


@dataclass(frozen=True, slots=True)
class HarvestState:
    """What one harvest of a source gave; `harvested` is an xsd:dateTime in UTC."""

    source_id: str
    location: str
    harvested: str
    files: tuple[ArchivedFile, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive under one folder."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes of a content hash lie."""
        return self.folder / "objects" / sha256[:2] / sha256

    def put(self, name: str, base_iri: str, content: BinaryIO, *, limit: int | None = None) -> ArchivedFile:
        """Keep a file; the same content is kept once.

        Raises:
            SourceError: the content is larger than `limit` bytes.
        """
        objects = self.folder / "objects"
        objects.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        descriptor, temporary = tempfile.mkstemp(dir=objects, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "wb") as out:
                while chunk := content.read(CHUNK):
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise SourceError(f"larger than the limit of {limit:,} bytes", where=name)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return ArchivedFile(name, digest.hexdigest(), size, base_iri)

    def record(self, state: HarvestState) -> None:
        """Add a harvest to the source's log."""
        log = self._log(state.source_id)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(state), ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())

    def source_ids(self) -> list[str]:
        """The sources that were ever harvested here and not purged."""
        return sorted(path.stem for path in (self.folder / "sources").glob("*.jsonl"))

    def history(self, source_id: str) -> list[HarvestState]:
        """The harvests of a source, oldest first.

        Raises:
            NotFound: the source was never harvested here.
        """
        log = self._log(source_id)
        if not log.is_file():
            raise NotFound(f"the archive has no source {source_id!r}", hint="`kg archive list` shows those it has")
        return list(_states(log.read_text(encoding="utf-8").splitlines()))

    def purge(self, source_id: str) -> int:
        """Remove a source's content for good, but for files that other sources also gave; how many went.

        Raises:
            NotFound: the source was never harvested here.
        """
        own = {file.sha256 for state in self.history(source_id) for file in state.files}
        others = {
            file.sha256
            for other in self.source_ids()
            if other != source_id
            for state in self.history(other)
            for file in state.files
        }
        doomed = own - others
        for sha256 in sorted(doomed):
            self.path(sha256).unlink(missing_ok=True)
        self._log(source_id).unlink()
        return len(doomed)

    def clean(self) -> None:
        """Remove what a killed harvest left half-written; call only under the home's lock."""
        for leftover in (self.folder / "objects").glob(".incoming-*"):
            leftover.unlink(missing_ok=True)

    def _log(self, source_id: str) -> Path:
        return self.folder / "sources" / f"{source_id}.jsonl"


def _states(lines: Iterable[str]) -> Iterator[HarvestState]:
    for line in lines:
        try:
            fields = json.loads(line)
        except json.JSONDecodeError:
            continue  # a line torn by a kill: its harvest was not part of any generation
        yield state_from(fields)


def state_from(fields: dict[str, object]) -> HarvestState:
    """A `HarvestState` from its JSON form."""
    files = fields["files"]
    assert isinstance(files, list)
    return HarvestState(
        source_id=str(fields["source_id"]),
        location=str(fields["location"]),
        harvested=str(fields["harvested"]),
        files=tuple(ArchivedFile(**file) for file in files),
    )
