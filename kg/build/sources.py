"""What a build is made from: sources named on the command line or in a `sources.toml`.

In: `ID=PATH_OR_URL` texts, or a TOML file of `[[source]]` tables. Out: `Source` records.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import UsageError

SOURCE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Source:
    """One source: an id, a file, folder or http(s) URL, and what is said of it.

    Attributes:
        kind: the kind of its files where it is given, else None: recognised from each file's content.
        base_iri: what relative IRIs in it are resolved against; None means its URL, or an IRI of ours for files.
    """

    id: str
    location: str
    kind: str | None = None
    base_iri: str | None = None

    @property
    def is_url(self) -> bool:
        """Whether it is fetched over HTTP."""
        return self.location.lower().startswith(("http://", "https://"))


def parse_sources(given: Iterable[str], kinds: Iterable[str]) -> list[Source]:
    """Sources from `--source ID=LOCATION` and `--kind ID=KIND` options.

    Raises:
        UsageError: not of that form, an id twice, or a kind for an id that is not given.
    """
    sources: dict[str, Source] = {}
    for text in given:
        source_id, location = _split(text, "--source", "ID=PATH_OR_URL")
        _check_new(source_id, sources, f"--source {text}")
        sources[source_id] = Source(source_id, location)
    for text in kinds:
        source_id, kind = _split(text, "--kind", "ID=KIND")
        if source_id not in sources:
            raise UsageError(f"no source {source_id!r} is given", where=f"--kind {text}")
        sources[source_id] = replace(sources[source_id], kind=kind)
    return list(sources.values())


def read_sources(path: Path) -> list[Source]:
    """Sources from a TOML file; relative paths in it are relative to the file.

    Raises:
        UsageError: the file is missing or not of the form; `where` says the table.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), hint=_EXAMPLE) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"is not TOML: {error}", where=str(path), hint=_EXAMPLE) from error
    tables = content.pop("source", None)
    if content or not isinstance(tables, list) or not tables:
        found = f"; found {', '.join(content)}" if content else ""
        raise UsageError(f"must hold [[source]] tables and nothing else{found}", where=str(path), hint=_EXAMPLE)
    sources: dict[str, Source] = {}
    for number, table in enumerate(tables, start=1):
        source = _from_table(table, f"{path}, source {number}", path.parent)
        _check_new(source.id, sources, f"{path}, source {number}")
        sources[source.id] = source
    return list(sources.values())


_EXAMPLE = 'for example: [[source]] id = "brreg" location = "brreg.ttl"'


def _from_table(table: Mapping[str, object], where: str, folder: Path) -> Source:
    if unknown := set(table) - {"id", "location", "kind", "base_iri"}:
        raise UsageError(f"unknown key {min(unknown)!r}", where=where, hint=_EXAMPLE)
    for key in ("id", "location"):
        if not isinstance(table.get(key), str):
            raise UsageError(f"needs {key!r}, a text", where=where, hint=_EXAMPLE)
    if not all(isinstance(value, str) for value in table.values()):
        raise UsageError("every value must be a text", where=where, hint=_EXAMPLE)
    source = Source(**{key: str(value) for key, value in table.items()})
    return source if source.is_url else replace(source, location=str(folder / source.location))


def _split(text: str, option: str, form: str) -> tuple[str, str]:
    left, separator, right = text.partition("=")
    if not separator or not left or not right:
        raise UsageError(f"is not of the form {form}", where=f"{option} {text}")
    return left, right


def _check_new(source_id: str, sources: Mapping[str, Source], where: str) -> None:
    if not SOURCE_ID.fullmatch(source_id):
        raise UsageError(
            f"{source_id!r} cannot be a source id",
            where=where,
            hint="letters, digits, dot, underscore, hyphen; at most 64",
        )
    if source_id in sources:
        raise UsageError(f"the source id {source_id!r} is given twice", where=where)
