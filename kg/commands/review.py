"""Reviewing candidates by keyboard: one key for each decision.

In: candidates, what the things in them are, who reviews. Out: decisions, each on disk before the next one is asked for.
`kg match --review` calls this; keys come from the terminal, or line by line where there is none.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.errors import ParameterError
from kg.linking.candidate import Candidate, Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import DecisionLog
from kg.linking.tally import Tally

KEYS: Final[Mapping[str, tuple[Verdict, Relation | None]]] = {
    "e": (Verdict.ACCEPT, Relation.EXACT),
    "c": (Verdict.ACCEPT, Relation.CLOSE),
    "b": (Verdict.ACCEPT, Relation.BROAD),
    "n": (Verdict.ACCEPT, Relation.NARROW),
    "r": (Verdict.ACCEPT, Relation.RELATED),
    "x": (Verdict.REJECT, None),
    "u": (Verdict.UNSURE, None),
}
HELP: Final = (
    "e exact  c close  b right is broader  n right is narrower  r related  "
    "x reject  u unsure  k comment  s skip  z back  q end"
)


class Described(Protocol):
    """What is shown of a thing."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def definition(self) -> str:
        """Its definition, which may be empty."""

    @property
    def model(self) -> str:
        """What it is in."""


@dataclass(frozen=True, slots=True)
class Review:
    """Where decisions go, and who takes them.

    Attributes:
        now: gives the time of a decision, as xsd:dateTime in UTC.
        key: gives the next key; an empty text where there is none any more.
        line: gives a line of text, for a comment.
    """

    log: DecisionLog
    who: str
    now: Callable[[], str]
    key: Callable[[], str]
    line: Callable[[], str]
    console: Console


def review(candidates: Sequence[Candidate], things: Mapping[str, Described], session: Review) -> Tally:
    """Go through candidates until the last one or the key q.

    Raises:
        NotRecorded: a decision could not be written; those before it are there.
    """
    tally, place, comment = Tally(), 0, ""
    session.console.print(escape(HELP), style="dim", soft_wrap=True)
    while 0 <= place < len(candidates):
        candidate = candidates[place]
        _show(candidate, things, f"{place + 1} of {len(candidates)}", session.console)
        key = session.key().lower()
        if key in {"", "q", "\x03", "\x04", "\x1b"}:
            break
        if key == "k":
            session.console.print("comment: ", end="")
            comment = session.line().strip()
            continue
        if key in {"s", " "}:
            tally.skipped += 1
            place, comment = place + 1, ""
        elif key == "z":
            place, comment = max(0, place - 1), ""
        elif key in KEYS:
            verdict, relation = KEYS[key]
            decision = Decision(candidate.left, candidate.right, verdict, relation, comment, session.who, session.now())
            try:
                session.log.append([decision])
            except ParameterError as error:  # a comment that may not be one; the candidate is shown again
                session.console.print(escape(str(error)), style="red", soft_wrap=True)
                comment = ""
                continue
            tally.take(decision)
            session.console.print(f"  {verdict.status} {relation or ''}", style="green")
            place, comment = place + 1, ""
        else:
            session.console.print(escape(HELP), style="dim", soft_wrap=True)
    return tally


def terminal_key() -> str:
    """The next key of the terminal, without waiting for the end of a line; elsewhere the next line's first letter."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip()[:1] or ("s" if line else "")
    import termios  # noqa: PLC0415 - not there on every platform
    import tty  # noqa: PLC0415

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        return os.read(descriptor, 1).decode("ascii", "replace")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _show(candidate: Candidate, things: Mapping[str, Described], place: str, console: Console) -> None:
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    sides = [things.get(iri) for iri in (candidate.left, candidate.right)]
    table.add_row(*(f"[bold]{escape(_plain(side.label if side else ''))}[/]" for side in sides))
    table.add_row(*(escape(_plain(side.definition if side else "")) for side in sides))
    table.add_row(*(f"[dim]{escape(_plain(iri))}[/]" for iri in (candidate.left, candidate.right)))
    console.print()
    console.print(f"{place}  score {candidate.score:.2f}, suggested: {candidate.relation}", style="cyan")
    console.print(table)
    for reason in candidate.reasons:
        console.print(f"  · {escape(_plain(reason.en))}", soft_wrap=True)


def _plain(text: str) -> str:
    """A text of a source on one line, in which nothing steers the terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
