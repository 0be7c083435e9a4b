"""The words of a query with the number of brackets around each, for those who read its structure."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.sparql.tokens import Token


@dataclass(frozen=True, slots=True)
class Word:
    """A token with its text and the number of brackets around it; a bracket has those around both of its pair."""

    kind: str
    text: str
    start: int
    end: int
    depth: int

    def says(self, *words: str) -> bool:
        """Whether it is one of these words of SPARQL, whatever its case."""
        return self.kind == "word" and self.text.upper() in words


def with_depth(text: str, given: Iterator[Token]) -> Iterator[Word]:
    """The tokens of a text as words."""
    depth = 0
    for token in given:
        if token.kind == "close":
            depth -= 1
        yield Word(token.kind, text[token.start : token.end], token.start, token.end, depth)
        if token.kind == "open":
            depth += 1
