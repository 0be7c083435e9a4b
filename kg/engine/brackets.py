"""The brackets of a query: what stands inside each, as far as its neighbours tell.

In: an opening bracket with what surrounds it. Out: a `Frame`. What a `(` holds decides how the engine reads `<` inside
it, so a bracket is an expression only where the grammar allows nothing else.
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from kg.engine.budget import Scope

CLOSERS: Final = MappingProxyType({"(": ")", "[": "]", "{": "}", "{|": "|}", "<<": ">>", "<<(": ")>>"})


class Holds(Enum):
    """What stands inside a bracket."""

    QUERY = "what is outside of all brackets"
    GROUP = "a group graph pattern"
    SELECT = "a subquery"
    TEMPLATE = "the template of a CONSTRUCT"
    DATA = "the rows of VALUES"
    ROW = "a row of VALUES, or its variables"
    EXPRESSION = "an expression or arguments"
    LIST = "a collection or a path"
    NODE = "properties of one node, or a triple"


PATTERNS: Final = (Holds.GROUP, Holds.TEMPLATE, Holds.NODE)
"""Where terms make triples that separators end."""
HEADERS: Final = (Holds.QUERY, Holds.SELECT)
"""Where columns and solution modifiers stand."""


@dataclass(slots=True)
class Frame:
    """One open bracket.

    Attributes:
        alone: whether its patterns are planned apart from those around it.
        pending: whether terms stand there that no separator has closed.
        head: the keyword whose bracket is still to come, such as FILTER.
        last: the group that ended just now, which is part of this one unless UNION follows.
        reread: characters inside that the engine reads again.
        twice: whether it reads the whole of it again.
        unsure: whether it may read this list as an expression.
        unsure_next: whether it may do so with the next list inside.
    """

    holds: Holds
    opener: str
    start: int
    scope: Scope
    alone: bool = False
    pending: bool = False
    head: str = ""
    last: Scope | None = None
    reread: int = 0
    twice: bool = False
    unsure: bool = False
    unsure_next: bool = False


def group_frame(parent: Frame, word: str, start: int) -> Frame:
    """The frame of a `{` that holds no data; `word` is the keyword in front of it, or empty."""
    if word == "CONSTRUCT" and parent.holds is Holds.QUERY:
        return Frame(Holds.TEMPLATE, "{", start, Scope(template=True), alone=True)
    alone = word in {"OPTIONAL", "LATERAL", "UNION", "MINUS", "EXISTS"} or parent.holds is Holds.EXPRESSION
    return Frame(Holds.GROUP, "{", start, Scope(), alone=alone)


def bracket_holds(symbol: str, parent: Frame) -> Holds:
    """What another bracket holds."""
    if parent.holds in (Holds.DATA, Holds.ROW) or (symbol == "(" and parent.head == "VALUES"):
        return Holds.ROW
    if symbol != "(":
        return Holds.NODE
    if parent.holds is Holds.EXPRESSION or parent.holds in HEADERS or parent.head in {"FILTER", "BIND"}:
        return Holds.EXPRESSION
    return Holds.LIST
