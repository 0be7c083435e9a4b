"""Dumps: the files of a generation that whoever wants all of it downloads, and the list of them.

In: what `kg.build.dumps` wrote. Out: `Dump` records. The list is written last, so that what it names is whole.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kg.errors import BuildError

INDEX: Final = "index.json"
CHECKSUMS: Final = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Dump:
    """One file.

    Attributes:
        name: its name in the folder.
        source: the id of the source whose graph it holds; empty where it holds the whole generation.
        media_type: of what it is when it is not compressed any more.
        compression: "gzip" or "zstd".
        quads: how many statements it has.
        bytes: its size as it lies there.
        sha256: its checksum as it lies there, in hexadecimal.
    """

    name: str
    source: str
    media_type: str
    compression: str
    quads: int
    bytes: int
    sha256: str


def write_index(folder: Path, dumps: Sequence[Dump]) -> None:
    """Write the list of the dumps in a folder, and their checksums as `sha256sum --check` reads them."""
    sums = "".join(f"{dump.sha256}  {dump.name}\n" for dump in dumps)
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    half = folder / f".{INDEX}"
    half.write_text(json.dumps([asdict(dump) for dump in dumps], indent=1) + "\n", encoding="utf-8")
    half.replace(folder / INDEX)


def read_index(folder: Path) -> tuple[Dump, ...]:
    """The dumps in a folder; none before they are all written.

    Raises:
        BuildError: the list is damaged.
    """
    try:
        return tuple(Dump(**entry) for entry in json.loads((folder / INDEX).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise BuildError(f"is not a readable list of dumps: {error}", where=str(folder / INDEX)) from error
