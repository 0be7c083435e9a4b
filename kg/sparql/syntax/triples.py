"""The triples of a query: terms, property lists and paths (SPARQL 1.1, productions 75 to 109; 1.2's triple terms)."""

from typing import Final

from kg.sparql.syntax.expressions import ExpressionReader
from kg.sparql.syntax.tree import Node, Part

_TERMS: Final = frozenset(("var", "iri", "pname", "string", "number", "blank", "anon", "nil"))


class TripleReader(ExpressionReader):
    """Reads triples patterns."""

    def triples(self) -> Node:
        """Triples with the full stops between them, and perhaps one behind them."""
        parts: list[Part] = [self._same_subject()]
        while self.word == ".":
            parts.append(self.next())
            if not self.starts_term():
                break
            parts.append(self._same_subject())
        return Node("triples", tuple(parts))

    def starts_term(self) -> bool:
        """Whether a subject or object begins here."""
        return self.token.kind in _TERMS or self.word in {"TRUE", "FALSE", "(", "[", "<<", "<<("}

    def _same_subject(self) -> Node:
        subject = self._term("a subject")
        alone = isinstance(subject, Node) and subject.kind in {"properties", "collection", "reified"}
        if alone and self.word in {".", "}"}:
            return Node("subject", (subject,))
        return Node("subject", (subject, *self._property_list(optional=alone)))

    def _property_list(self, *, optional: bool = False) -> list[Part]:
        self.inside = "predicate"
        if optional and not self._starts_verb():
            return []
        parts: list[Part] = [self._verb(), self._objects()]
        while self.word == ";":
            parts.append(self.next())
            if self._starts_verb():
                parts += [self._verb(), self._objects()]
        self.inside = "triples"
        return parts

    def _starts_verb(self) -> bool:
        return self.word in {"var", "iri", "pname", "A", "^", "!", "("}

    def _verb(self) -> Part:
        self.inside = "predicate"
        if self.word == "var":
            return self.next()
        return self._path()

    def _objects(self) -> Node:
        parts: list[Part] = []
        while True:
            self.inside = "object"
            parts.append(self._term("an object"))
            while self.word in {"~", "{|"}:
                parts.append(self._annotation())
            if self.word != ",":
                return Node("objects", tuple(parts))
            parts.append(self.next())

    def _annotation(self) -> Part:
        if self.word == "~":
            tilde = self.next()
            if self.word in {"var", "iri", "pname", "blank", "anon"}:
                return Node("reifier", (tilde, self.next()))
            return Node("reifier", (tilde,))
        parts: list[Part] = [self.open("{|"), *self._property_list()]
        return Node("annotation", (*parts, self.close("|}")))

    def _term(self, expected: str) -> Part:
        word = self.word
        if word == "string":
            return self.literal()
        if self.token.kind in _TERMS or word in {"TRUE", "FALSE"}:
            return self.next()
        if word == "(":
            parts: list[Part] = [self.open("(")]
            while self.word != ")":
                parts.append(self._term("a member of the collection, or ')'"))
            return Node("collection", (*parts, self.close(")")))
        if word == "[":
            parts = [self.open("["), *self._property_list()]
            return Node("properties", (*parts, self.close("]", "';', ',' or ']'")))
        if word == "<<(":
            return self.triple_term()
        if word == "<<":
            parts = [self.open("<<"), self._term("a subject"), self._verb(), self._term("an object")]
            if self.word == "~":
                parts.append(self._annotation())
            return Node("reified", (*parts, self.close(">>")))
        raise self.misfit(expected)

    def triple_term(self) -> Node:
        """A triple term (SPARQL 1.2)."""
        parts: list[Part] = [self.open("<<("), self._term("a subject"), self._verb(), self._term("an object")]
        return Node("triple-term", (*parts, self.close(")>>")))

    def _path(self) -> Part:
        parts: list[Part] = [self._sequence()]
        while self.word == "|":
            parts += [self.next(), self._sequence()]
        return Node("alternative", tuple(parts)) if len(parts) > 1 else parts[0]

    def _sequence(self) -> Part:
        parts: list[Part] = [self._step()]
        while self.word == "/":
            parts += [self.next(), self._step()]
        return Node("sequence", tuple(parts)) if len(parts) > 1 else parts[0]

    def _step(self) -> Part:
        if self.word == "^":
            return Node("inverse", (self.next(), self._step()))
        primary: Part
        if self.word in {"iri", "pname", "A"}:
            primary = self.next()
        elif self.word == "(":
            parts: list[Part] = [self.open("("), self._path()]
            primary = Node("path", (*parts, self.close(")", "')' or another step of the path")))
        elif self.word == "!":
            primary = self._negated()
        else:
            raise self.misfit("a predicate")
        return Node("repeat", (primary, self.next())) if self.word in {"*", "+", "?"} else primary

    def _negated(self) -> Node:
        mark = self.next()
        if self.word == "nil":
            return Node("negated", (mark, self.next()))
        if self.word != "(":
            return Node("negated", (mark, *self._excluded()))
        parts: list[Part] = [mark, self.open("("), *self._excluded()]
        while self.word == "|":
            parts += [self.next(), *self._excluded()]
        return Node("negated", (*parts, self.close(")")))

    def _excluded(self) -> list[Part]:
        parts: list[Part] = [self.next()] if self.word == "^" else []
        if self.word not in {"iri", "pname", "A"}:
            raise self.misfit("a predicate")
        return [*parts, self.next()]
