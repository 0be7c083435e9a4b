"""What is wrong with a file of a query, and where.

In: a path, a line and words. Out: `Fault` values, which are collected so that all of them can be told at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a file, or with `serious` false something in it that has no effect here.

    Attributes:
        line: counts from 1.
    """

    path: Path
    line: int
    what: str
    hint: str = ""
    serious: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" + (f" ({self.hint})" if self.hint else "")


def refuse(faults: Iterable[Fault]) -> None:
    """Raise if any fault is serious.

    Raises:
        UsageError: its text has each of them on a line of its own.
    """
    serious = sorted({fault for fault in faults if fault.serious})
    if serious:
        count = "is a fault" if len(serious) == 1 else f"are {len(serious)} faults"
        told = "\n".join(map(str, serious))
        raise UsageError(f"there {count} in the named queries\n{told}", hint="see queries/README.md")
