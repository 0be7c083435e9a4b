"""The build log: what was wrong with the sources of a generation, a JSON line for each problem, beside its store.

In and out: entries. A problem found in a source by itself is told from one found among all sources together, because
the first is there again as long as the source is what it was.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import BuildError
from loaders.protocol import Problem


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One problem.

    Attributes:
        source: the source's id; empty for a problem of all sources together.
        own: whether it was found in the source by itself.
        problem: the problem.
    """

    source: str
    own: bool
    problem: Problem


def write_log(path: Path, entries: Iterable[LogEntry]) -> None:
    """Write a build log."""
    with path.open("w", encoding="utf-8") as out:
        for entry in entries:
            line = {"source": entry.source, "own": entry.own, **asdict(entry.problem)}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_log(path: Path) -> Iterator[LogEntry]:
    """Read a build log; those of older programs do not say what was a source's own.

    Raises:
        BuildError: it cannot be read.
    """
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            yield LogEntry(fields.pop("source"), fields.pop("own", False), Problem(**fields))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BuildError(f"is not a readable build log: {error}", where=str(path), hint="build again") from error
