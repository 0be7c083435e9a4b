"""The expressions of a query (SPARQL 1.1, productions 110 to 130), and its literals."""

from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import Final

from kg.sparql.syntax.cursor import Cursor
from kg.sparql.syntax.tree import FUNCTIONS, Node, Part
from kg.sparql.tokens import Token

_BINARY: Final = MappingProxyType({
    "||": 1, "&&": 2, "=": 3, "!=": 3, "<": 3, ">": 3, "<=": 3, ">=": 3, "IN": 3, "NOT": 3, "+": 4, "-": 4,
    "*": 5, "/": 5,
})  # fmt: skip
_COMPARISON: Final = 3
"""How strongly each operator binds."""
_IN_WORDS: Final = "an expression: a variable, a value, a function or brackets"


class ExpressionReader(Cursor, ABC):
    """Reads expressions by precedence climbing: one call a bracket, whatever the operators."""

    @abstractmethod
    def group(self) -> Node:
        """A group graph pattern, which EXISTS holds."""

    @abstractmethod
    def triple_term(self) -> Node:
        """A triple term (SPARQL 1.2)."""

    def iri(self) -> Token:
        """An IRI or a prefixed name."""
        if self.word not in {"iri", "pname"}:
            raise self.misfit("an IRI")
        return self.next()

    def literal(self) -> Part:
        """A string with its language or datatype."""
        string = self.next()
        if self.word == "language":
            return Node("literal", (string, self.next()))
        if self.word == "^^":
            mark = self.next()
            return Node("literal", (string, mark, self.iri()))
        return string

    def bracketed(self) -> Node:
        """An expression in brackets."""
        parts: list[Part] = [self.open("(", "an expression in brackets"), self.expression()]
        return Node("bracketed", (*parts, self.close(")", "')' or an operator")))

    def expression(self, least: int = 1) -> Part:
        """An expression whose operators bind at least so strongly."""
        left = self._unary()
        while True:
            word = self.word
            if word == "number" and least <= 4 and self._text[self.token.start] in "+-":
                left = Node("operation", (left, self._signed()))  # `?a -1`: the sign is the operator
                continue
            rank = _BINARY.get(word, 0)
            if rank < least or not rank:
                return left
            if word in {"IN", "NOT"}:
                parts: list[Part] = [left, self.next()]
                if word == "NOT":
                    parts.append(self.take("IN", "IN behind NOT"))
                left = Node("in" if word == "IN" else "not-in", (*parts, self._list()))
            else:
                left = Node(
                    "comparison" if rank == _COMPARISON else "operation", (left, self.next(), self.expression(rank + 1))
                )
            if rank == _COMPARISON and _BINARY.get(self.word, 0) == _COMPARISON:
                raise self.misfit("')' or a logical operator, && or ||")

    def _signed(self) -> Part:
        """A number with a sign, and what multiplies it."""
        left: Part = self.next()
        while self.word in {"*", "/"}:
            left = Node("operation", (left, self.next(), self._unary()))
        return left

    def _unary(self) -> Part:
        if self.word in {"!", "+", "-"}:
            return Node("operation", (self.next(), self._unary()))
        return self.primary()

    def _list(self) -> Node:
        if self.word == "nil":
            return Node("list", (self.next(),))
        parts: list[Part] = [self.open("(", "a list in brackets"), self.expression()]
        while self.word == ",":
            parts += [self.next(), self.expression()]
        return Node("list", (*parts, self.close(")", "',' or ')'")))

    def primary(self) -> Part:
        """A part of an expression that no operator takes apart."""
        word = self.word
        if word == "(":
            return self.bracketed()
        if word in {"var", "number", "TRUE", "FALSE"}:
            return self.next()
        if word == "string":
            return self.literal()
        if word in {"EXISTS", "NOT"}:
            parts: list[Part] = [self.next()]
            if word == "NOT":
                parts.append(self.take("EXISTS", "EXISTS behind NOT"))
            self.inside = "exists"
            return Node("exists" if word == "EXISTS" else "not-exists", (*parts, self.group()))
        if word == "<<(":
            return self.triple_term()
        return self._call(word)

    def _call(self, word: str) -> Part:
        """A function with its arguments, or an IRI."""
        if word not in FUNCTIONS and word not in {"iri", "pname"}:
            raise self.misfit(_IN_WORDS)
        name = self.next()
        if word in FUNCTIONS or self.word in {"(", "nil"}:
            return Node("call", (name, self._arguments()))
        return name

    def _arguments(self) -> Node:
        self.inside = "arguments"
        if self.word == "nil":
            return Node("arguments", (self.next(),))
        parts: list[Part] = [self.open("(", "'(' and the function's arguments")]
        if self.word == "DISTINCT":
            parts.append(self.next())
        if self.word == "*":
            parts.append(self.next())
        else:
            parts.append(self.expression())
        while self.word == ",":
            parts += [self.next(), self.expression()]
        if self.word == ";":
            parts += [self.next(), self.take("SEPARATOR"), self.take("="), self.take("string", "a text in quotes")]
        return Node("arguments", (*parts, self.close(")", "',' or ')'")))
