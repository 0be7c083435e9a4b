"""The groups of a query and the clauses in them (SPARQL 1.1, productions 53 to 69)."""

from abc import abstractmethod
from typing import Final

from kg.sparql.syntax.tree import FUNCTIONS, Node, Part
from kg.sparql.syntax.triples import TripleReader

_CLAUSES: Final = frozenset(("OPTIONAL", "MINUS", "LATERAL", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES"))


class GroupReader(TripleReader):
    """Reads group graph patterns."""

    @abstractmethod
    def subselect(self) -> Node:
        """A subquery."""

    def group(self) -> Node:
        """A group graph pattern in its braces."""
        parts: list[Part] = [self.open("{")]
        if self.word == "SELECT":
            parts.append(self.subselect())
        else:
            stopped = True
            while self.word != "}":
                element, is_triples = self._element(stopped=stopped)
                parts.append(element)
                stopped = not is_triples
                if not is_triples and self.word == ".":
                    parts.append(self.next())
        self.inside = "group"
        return Node("group", (*parts, self.close("}", "'}'")))

    def _element(self, *, stopped: bool) -> tuple[Part, bool]:
        """One element of a group, and whether it is triples, which end with a full stop or a clause."""
        word = self.word
        self.inside = "group"
        if word == "{":
            return self._union(), False
        if word in _CLAUSES:
            return self._clause(word), False
        if not stopped:
            raise self.misfit("'.' before the next triple, or '}'")
        if not self.starts_term():
            raise self.misfit("a triple, a clause such as FILTER or OPTIONAL, or '}'")
        return self.triples(), True

    def _union(self) -> Node:
        parts: list[Part] = [self.group()]
        while self.word == "UNION":
            parts.append(self.next())
            self.inside = "union"
            parts.append(self.group())
        return Node("union", tuple(parts)) if len(parts) > 1 else Node("nested", tuple(parts))

    def _clause(self, word: str) -> Node:
        if word == "VALUES":
            return self.values()
        self.inside = word.lower()
        parts: list[Part] = [self.next()]
        if word == "FILTER":
            return Node("filter", (*parts, self._constraint()))
        if word == "BIND":
            parts += [self.open("("), self.expression()]
            self.inside = "bind"
            parts += [self.take("AS", "AS and a variable"), self.take("var", "a variable")]
            return Node("bind", (*parts, self.close(")")))
        if word == "SERVICE" and self.word == "SILENT":
            parts.append(self.next())
        if word in {"GRAPH", "SERVICE"}:
            if self.word not in {"var", "iri", "pname"}:
                raise self.misfit("an IRI or a variable")
            parts.append(self.next())
        if self.word != "{":
            raise self.misfit("'{'")
        return Node(word.lower(), (*parts, self.group()))

    def _constraint(self) -> Node:
        if self.word == "(":
            return self.bracketed()
        if self.word in FUNCTIONS or self.word in {"iri", "pname", "NOT", "EXISTS"}:
            found = self.primary()
            if isinstance(found, Node):
                return found
            raise self.misfit("'('")
        raise self.misfit("an expression in brackets or a function")

    def values(self) -> Node:
        """Inline data."""
        self.inside = "values"
        parts: list[Part] = [self.next()]
        width = -1
        if self.word == "var":
            parts.append(self.next())
        elif self.word == "nil":
            parts.append(self.next())
            width = 0
        else:
            parts.append(self.open("(", "a variable, or variables in brackets"))
            width = 0
            while self.word == "var":
                parts.append(self.next())
                width += 1
            parts.append(self.close(")", "a variable or ')'"))
        parts.append(self.open("{"))
        while self.word != "}":
            parts.append(self._datum() if width < 0 else self._row(width))
        parts.append(self.close("}"))
        return Node("values", tuple(parts))

    def _row(self, width: int) -> Part:
        if self.word == "nil" and width == 0:
            return self.next()
        parts: list[Part] = [self.open("(", "a row of values in brackets")]
        while self.word != ")":
            if len(parts) > width:
                raise self.misfit(f"')', as there are {width} variables")
            parts.append(self._datum())
        if len(parts) <= width:
            raise self.misfit(f"a value or UNDEF, as there are {width} variables")
        return Node("row", (*parts, self.close(")")))

    def _datum(self) -> Part:
        if self.word in {"UNDEF", "TRUE", "FALSE", "iri", "pname", "number"}:
            return self.next()
        if self.word == "string":
            return self.literal()
        if self.word == "<<(":
            return self.triple_term()
        raise self.misfit("a value: an IRI, a literal or UNDEF")
