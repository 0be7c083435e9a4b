"""A cursor over the tokens of a query, which every reader of its grammar builds on."""

from typing import Final

from kg.sparql.syntax.tree import Misfit, Unread
from kg.sparql.tokens import Token, tokens

MAX_DEPTH: Final = 60
"""Brackets inside one another that are read: each costs up to nine calls."""
MAX_TOKENS: Final = 20_000
"""Tokens that are read: 60 ms."""


class Cursor:
    """Reads the tokens of a text from left to right.

    Attributes:
        inside: the kind of node that is being read, for the words of a misfit.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        for token in tokens(text):
            self._tokens.append(token)
            if len(self._tokens) > MAX_TOKENS:
                raise Unread
        self._end = Token("end", len(text), len(text))
        self._place = 0
        self.inside = "query"
        self._opened: list[int] = []

    @property
    def token(self) -> Token:
        """The token to be read."""
        return self._tokens[self._place] if self._place < len(self._tokens) else self._end

    @property
    def word(self) -> str:
        """The token as it is compared: a keyword in capitals, a symbol as it is, of anything else the kind."""
        token = self.token
        if token.kind == "word":
            return self._text[token.start : token.end].upper()
        if token.kind in {"separator", "open", "close", "operator"}:
            return self._text[token.start : token.end]
        return token.kind

    def next(self) -> Token:
        """Read it."""
        token = self.token
        self._place += 1
        return token

    def misfit(self, expected: str) -> Misfit:
        """What is raised where it does not fit."""
        previous = self._tokens[self._place - 1] if self._place else None
        return Misfit(self.token, previous, expected, self.inside, self._opened[-1] if self._opened else -1)

    def take(self, word: str, expected: str = "") -> Token:
        """Read it if it is this word.

        Raises:
            Misfit: it is another.
        """
        if self.word != word:
            raise self.misfit(expected or (word if word.isalpha() else f"'{word}'"))
        return self.next()

    def open(self, bracket: str, expected: str = "") -> Token:
        """Read an opening bracket.

        Raises:
            Misfit: it is something else.
            Unread: there are too many around it.
        """
        token = self.take(bracket, expected)
        self._opened.append(token.start)
        if len(self._opened) > MAX_DEPTH:
            raise Unread
        return token

    def close(self, bracket: str, expected: str = "") -> Token:
        """Read a closing bracket.

        Raises:
            Misfit: it is something else.
        """
        token = self.take(bracket, expected)
        self._opened.pop()
        return token
