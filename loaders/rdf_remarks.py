"""Remarks: what was seen in an RDF file while its quads went by, before the lines are known.

In: one remark at a time, under a key that tells repetitions apart. Out: problems, in the order of their lines. Only
the first `cap` different remarks are kept; all are counted, and the last problem says how many more there were.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from loaders.protocol import Problem

_LONGEST_EXCERPT: Final = 120
_POSITION: Final = re.compile(r"^Parser error (?:at|between) line .*?: ")


@dataclass(slots=True)
class Remark:
    """A problem without its place.

    Attributes:
        event: the number of the quad or error it was seen at, counted from 0 in the order of parsing.
        needle: text that stands near it in the file; empty where there is none.
        line: counted from 1, 0 while it is unknown.
        times: how often the same was seen.
    """

    event: int
    what: str
    hint: str
    severity: str
    needle: str = ""
    line: int = 0
    times: int = 1


@dataclass(slots=True)
class Remarks:
    """The remarks on one file."""

    cap: int
    kept: dict[Hashable, Remark] = field(default_factory=dict)
    surplus: int = 0
    surplus_errors: int = 0

    def wants(self, key: Hashable) -> bool:
        """Whether a remark under this key would be kept."""
        return key not in self.kept and len(self.kept) < self.cap

    def add(self, key: Hashable, remark: Remark) -> None:
        """Keep a remark, or count it where its key is known or there are too many."""
        if known := self.kept.get(key):
            known.times += 1
        elif len(self.kept) < self.cap:
            self.kept[key] = remark
        else:
            self.surplus += 1
            self.surplus_errors += remark.severity == "error"

    def problems(self, name: str) -> list[Problem]:
        """The remarks on the file of this name as problems."""
        ordered = sorted(self.kept.values(), key=lambda remark: (remark.line or float("inf"), remark.event))
        problems = [
            Problem(
                f"{name}:{remark.line}" if remark.line else name,
                remark.what if remark.times == 1 else f"{remark.what} ({remark.times} times)",
                remark.hint,
                remark.severity,
            )
            for remark in ordered
        ]
        if self.surplus:
            severity = "error" if self.surplus_errors else "warning"
            problems.append(Problem(name, f"and {self.surplus} more problems", severity=severity))
        return problems


def told(error: SyntaxError, column: int, lost: str) -> Remark:
    """An error of the parser in our words: what is wrong, where in its line, and what is lost by it."""
    what = excerpt(_POSITION.sub("", error.msg))
    if "LoadDocumentCallback" in what:
        hint = "put the context into the file: nothing is fetched"
        return Remark(0, "names a context that is not in the file", hint, "error", needle="@context")
    if column > 0:
        what = f"{what} (column {column})"
    return Remark(0, f"{what}; {lost} is left out", "", "error", line=error.lineno or 0)


def excerpt(text: str) -> str:
    r"""Untrusted text for a message: on one line, printable, and not long.

    >>> excerpt("a\nb")
    'a\\nb'
    """
    cut = text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT]}…"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in cut)
