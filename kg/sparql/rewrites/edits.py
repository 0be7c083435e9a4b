"""Edits of a query's text, and what a rule is given to find them.

A rule is a function from a `Question` to `Rewrite`s. It touches only what it has recognised by the tree; everything
else of the text stays as it is, character by character.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.sparql.naming import Naming
from kg.sparql.syntax.tree import Node, Tree
from kg.sparql.tokens import Token
from kg.statistics import GraphStatistics

_FRESH: Final = re.compile(r"kg([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a part of the text; an insertion where `start` is `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What one rule does to one place.

    Attributes:
        rule: its name.
        nb: why, in Norwegian; `en` in English.
        place: where in the text it was recognised.
        edits: what it does, without overlap.
    """

    rule: str
    nb: str
    en: str
    place: int
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A query that may be rewritten.

    Attributes:
        tree: its syntax.
        naming: what its names stand for.
        statistics: those of the dataset that it reads by default; None where that is not the service's own.
        reserved: the numbers of names that the text has or `fresh` has given out.
    """

    tree: Tree
    naming: Naming
    statistics: GraphStatistics | None = None
    reserved: set[int] = field(default_factory=set)

    def fresh(self) -> str:
        """A name that the text does not hold, for a variable or blank node."""
        if not self.reserved:
            self.reserved.update(map(int, _FRESH.findall(self.tree.text)), (-1,))
        number = max(self.reserved) + 1
        self.reserved.add(number)
        return f"kg{number}"


def groups(tree: Tree) -> Iterator[Node]:
    """The patterns of the query and of its subqueries, with the groups and branches of UNION right inside them.

    Others are left alone: OPTIONAL and EXISTS are evaluated with values from outside, the statistics know nothing of
    GRAPH, and the pattern of `CONSTRUCT WHERE` is a template as well.
    """
    forms = {tree.word(part) for part in tree.root.parts if isinstance(part, Token)}
    if "CONSTRUCT" not in forms or tree.root.nodes("template"):
        yield from _below(tree.root)


def _below(node: Node) -> Iterator[Node]:
    if node.kind == "group":
        yield node
    for part in node.parts:
        if isinstance(part, Node) and part.kind in {"group", "subselect", "nested", "union"}:
            yield from _below(part)


def apply(text: str, rewrites: Sequence[Rewrite]) -> tuple[str, tuple[Rewrite, ...]]:
    """The text with the rewrites, but for those that overlap with one before them; and which were used.

    >>> rewrites = [Rewrite("r", "", "", 0, (Edit(0, 1, "A"),)), Rewrite("r", "", "", 0, (Edit(0, 2, "B"),))]
    >>> apply("abc", rewrites)[0]
    'Abc'
    """
    taken: list[Edit] = []
    used = []
    for rewrite in rewrites:
        if all(_apart(edit, other) for edit in rewrite.edits for other in taken):
            taken += rewrite.edits
            used.append(rewrite)
    pieces, place = [], 0
    for edit in sorted(taken, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*pieces, text[place:]]), tuple(used)


def _apart(one: Edit, other: Edit) -> bool:
    return one.end <= other.start or other.end <= one.start
