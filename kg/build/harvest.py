"""Harvest: the bytes of a source, from a file, a folder or a URL, into the archive.

In: a `Source`. Out: its `HarvestState`. Fetching is here and parsing in `loaders`, so that every loader is tested
from bytes alone.
"""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote, urlsplit

import httpx

from kg.build.archive import Archive, ArchivedFile, HarvestState
from kg.build.sources import Source
from kg.clock import now
from kg.errors import SourceError

ACCEPT = (
    "text/turtle, application/n-quads;q=0.95, application/n-triples;q=0.95, application/trig;q=0.9, "
    "application/ld+json;q=0.8, application/rdf+xml;q=0.7, text/csv;q=0.5, */*;q=0.1"
)
MEMORY_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class HarvestLimits:
    """How much a source may give: bytes per file, and seconds per URL."""

    file_bytes: int = 512 << 20
    url_seconds: float = 120.0
    redirects: int = 5


def harvest(source: Source, archive: Archive, base_iri: str, limits: HarvestLimits) -> HarvestState:
    """Copy what a source gives now into the archive.

    Raises:
        SourceError: nothing could be read; the archive keeps the source's earlier states.
    """
    relative_base = source.base_iri or f"{base_iri}source/{source.id}/"
    files = (
        (_fetch(source, archive, limits),)
        if source.is_url
        else _read(Path(source.location), archive, relative_base, limits)
    )
    state = HarvestState(source.id, source.location, now(), files)
    archive.record(state)
    return state


def _read(path: Path, archive: Archive, base_iri: str, limits: HarvestLimits) -> tuple[ArchivedFile, ...]:
    try:
        if path.is_dir():
            names = sorted(
                file.relative_to(path).as_posix()
                for file in path.rglob("*")
                if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
            if not names:
                raise SourceError("the folder holds no files", where=str(path))
            return tuple(_keep(path / name, name, archive, base_iri, limits) for name in names)
        return (_keep(path, path.name, archive, base_iri, limits),)
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}",
            where=str(error.filename or path),
            hint="check the path and its permissions",
        ) from error


def _keep(path: Path, name: str, archive: Archive, base_iri: str, limits: HarvestLimits) -> ArchivedFile:
    with path.open("rb") as content:
        return archive.put(name, base_iri, content, limit=limits.file_bytes)


def _fetch(source: Source, archive: Archive, limits: HarvestLimits) -> ArchivedFile:
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        final = fetch(source.location, cast("BinaryIO", body), limits)
        body.seek(0)
        name = urlsplit(final).path.rpartition("/")[2] or "index"
        base = source.base_iri or quote(final, safe="%/:=&?~#+!$,;'@()*[]")
        return archive.put(name, base, cast("BinaryIO", body))


def fetch(location: str, body: BinaryIO, limits: HarvestLimits) -> str:
    """Write what an address gives to a file; returns the address that it came from in the end.

    Raises:
        SourceError: it cannot be fetched whole within the limits.
    """
    deadline = datetime.now(UTC).timestamp() + limits.url_seconds
    timeout = httpx.Timeout(limits.url_seconds, connect=min(20.0, limits.url_seconds))
    try:
        with (
            httpx.Client(
                timeout=timeout,
                follow_redirects=True,
                max_redirects=limits.redirects,
                headers={"Accept": ACCEPT, "User-Agent": "kunnskapsgraf"},
            ) as client,
            client.stream("GET", location) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise SourceError(f"answered {response.status_code} {response.reason_phrase}", where=location)
            size = 0
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > limits.file_bytes:
                    raise SourceError(f"larger than the limit of {limits.file_bytes:,} bytes", where=location)
                if datetime.now(UTC).timestamp() > deadline:
                    raise SourceError(f"not read within {limits.url_seconds:g} s", where=location)
                body.write(chunk)
            return str(response.url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(
            f"cannot be fetched: {str(error) or type(error).__name__}",
            where=location,
            hint="check the address",
        ) from error
