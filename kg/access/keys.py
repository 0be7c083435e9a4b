"""API keys: a file of names, hashes and rates (setting `api_keys`).

In: a TOML file with one [[key]] table for each: `name`, `sha256` (of the key, in hexadecimal), and perhaps `rate` and
`burst`. Out: `Keys`, which know a key when they see it. The keys themselves are nowhere: whoever reads the file cannot
use it. A key should be long and random, because the hash is a fast one.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.access.rates import Rate
from kg.errors import UsageError

_SHA256: Final = re.compile("[0-9a-f]{64}")
_FIELDS: Final = frozenset(("name", "sha256", "rate", "burst"))
MAX_KEY_LENGTH: Final = 512


@dataclass(frozen=True, slots=True)
class Key:
    """A key's name, and what its holder may; None is what everybody may."""

    name: str
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys by their hashes."""

    by_hash: Mapping[str, Key] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, secret: str) -> Key | None:
        """The key that this is, or None."""
        if len(secret) > MAX_KEY_LENGTH:
            return None
        return self.by_hash.get(hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())


def read_keys(path: Path) -> Keys:
    """The keys of a file.

    Raises:
        UsageError: it cannot be read, or something in it is wrong; the error says where.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the file of keys cannot be read: {error}", where=str(path)) from error
    unknown = sorted(set(tables) - {"key"})
    listed = tables.get("key", [])
    if unknown or not isinstance(listed, list):
        raise UsageError("there are only [[key]] tables in a file of keys", where=str(path), hint=", ".join(unknown))
    by_hash: dict[str, Key] = {}
    for number, table in enumerate(listed, 1):
        sha256, key = _key(table, f"{path}, key {number}")
        if sha256 in by_hash or any(key.name == other.name for other in by_hash.values()):
            raise UsageError("a key or name is there twice", where=f"{path}, key {number}")
        by_hash[sha256] = key
    return Keys(MappingProxyType(by_hash))


def _key(table: Any, where: str) -> tuple[str, Key]:
    if not isinstance(table, dict) or set(table) - _FIELDS:
        raise UsageError(f"a key has {', '.join(sorted(_FIELDS))}, and nothing else", where=where)
    name, sha256 = table.get("name"), table.get("sha256")
    if not isinstance(name, str) or not name.strip():
        raise UsageError("the key has no name", where=where)
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256.lower()):
        hint = "printf %s KEY | sha256sum"
        raise UsageError("sha256 is the hash of the key, 64 hexadecimal digits", where=where, hint=hint)
    rate, burst = table.get("rate"), table.get("burst")
    if rate is None:
        if burst is not None:
            raise UsageError("there is a burst without a rate", where=where)
        return sha256.lower(), Key(name, None)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < float("inf"):
        raise UsageError("rate is a number of requests a second; 0 is without limit", where=where)
    burst = max(1, round(2 * rate)) if burst is None else burst
    if isinstance(burst, bool) or not isinstance(burst, int) or burst < 1:
        raise UsageError("burst is a number of requests, at least 1", where=where)
    return sha256.lower(), Key(name, Rate(float(rate), burst))
