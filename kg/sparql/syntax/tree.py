"""The tree of a query: nodes over its tokens, and what is raised where there is none.

The tree is loss-free: its leaves are the text's tokens, in order, and white space and comments lie between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.sparql.tokens import KEYWORDS, Token

_NOT_FUNCTIONS: Final = """
    A TRUE FALSE UNDEF BASE PREFIX VERSION SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY
    HAVING ORDER ASC DESC LIMIT OFFSET VALUES OPTIONAL GRAPH SERVICE SILENT MINUS UNION LATERAL FILTER BIND AS EXISTS
    NOT IN SEPARATOR
    """
FUNCTIONS: Final = KEYWORDS.difference(_NOT_FUNCTIONS.split())
"""The words that take arguments."""
AGGREGATES: Final = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


@dataclass(eq=False)
class Misfit(Exception):
    """The text does not fit the grammar.

    Attributes:
        token: what does not fit; of kind "end" where the text ends too early.
        previous: the token before it.
        expected: what could stand there, in plain words.
        inside: the kind of node that was being read.
        opened: where the bracket around it begins, or -1.
    """

    token: Token
    previous: Token | None
    expected: str
    inside: str
    opened: int


class Unread(Exception):
    """The text is too long or too deep to be read here; nothing is said of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One part of the tree: its kind, and its parts in the order of the text."""

    kind: str
    parts: tuple["Node | Token", ...]

    @property
    def start(self) -> int:
        """Where it begins, in code points; empty nodes begin at -1."""
        return self.parts[0].start if self.parts else -1

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.parts[-1].end if self.parts else -1

    def nodes(self, kind: str) -> list["Node"]:
        """Its own parts of a kind."""
        return [part for part in self.parts if isinstance(part, Node) and part.kind == kind]

    def leaves(self) -> Iterator[Token]:
        """All tokens below it."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.leaves()
            else:
                yield part

    def walk(self) -> Iterator["Node"]:
        """It and all nodes below it, each before its parts."""
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()


Part = Node | Token


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A query: its text, and the tree of it."""

    text: str
    root: Node

    def of(self, part: Part) -> str:
        """The text of a part."""
        return self.text[part.start : part.end]

    def word(self, part: Part) -> str:
        """The text of a token in capitals; empty for a node."""
        return "" if isinstance(part, Node) else self.of(part).upper()
