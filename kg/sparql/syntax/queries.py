"""The syntax of a query: text in, `Tree` out (SPARQL 1.1, section 19.8).

It serves those who explain a mistake, hint at one, or rewrite a query (`kg.sparql.mistakes`, `advice`, `rewrites`); the
engine has its own parser and the last word. Text that does not fit the grammar is a `Misfit`, which names the token
and what was expected there in plain words. Reading takes time linear in the tokens (5 µs each); how deep brackets may
be and how long a text may be is bounded, since only ordinary texts are worth it.
"""

from kg.sparql.syntax.groups import GroupReader
from kg.sparql.syntax.tree import FUNCTIONS, Node, Part, Tree


def read_syntax(text: str) -> Tree:
    """The tree of a query.

    Raises:
        Misfit: the text does not fit the grammar.
        Unread: it is too long or too deep.

    >>> tree = read_syntax("SELECT ?s { ?s a ?c FILTER(?c IN (1, 2)) }")
    >>> [tree.of(node) for node in tree.root.walk() if node.kind in ("triples", "in")]
    ['?s a ?c', '?c IN (1, 2)']
    """
    return Tree(text, _QueryReader(text).query())


class _QueryReader(GroupReader):
    """Reads a query from its prologue to its end."""

    def query(self) -> Node:
        """The whole text."""
        parts: list[Part] = [self._prologue()]
        form = self.word
        if form == "SELECT":
            parts += self._select(outer=True)
        elif form == "CONSTRUCT":
            parts += self._construct()
        elif form == "DESCRIBE":
            parts += self._describe()
        elif form == "ASK":
            parts += [self.next(), *self._datasets(), *self._where(), *self._modifiers()]
        else:
            raise self.misfit("SELECT, ASK, CONSTRUCT or DESCRIBE")
        if self.word == "VALUES":
            parts.append(self.values())
        self.inside = "end"
        if self.word != "end":
            raise self.misfit("the end of the query")
        return Node("query", tuple(parts))

    def _prologue(self) -> Node:
        parts: list[Part] = []
        self.inside = "prologue"
        while self.word in {"BASE", "PREFIX", "VERSION"}:
            declares = self.word
            parts.append(self.next())
            if declares == "VERSION":
                parts.append(self.take("string", "a version in quotes"))
                continue
            if declares == "PREFIX":
                parts.append(self.take("pname", "a prefix with a colon, such as dct:"))
            parts.append(self.take("iri", "an IRI in angle brackets"))
        return Node("prologue", tuple(parts))

    def _select(self, *, outer: bool) -> list[Part]:
        self.inside = "select"
        parts: list[Part] = [self.take("SELECT")]
        if self.word in {"DISTINCT", "REDUCED"}:
            parts.append(self.next())
        if self.word == "*":
            parts.append(self.next())
        else:
            columns = len(parts)
            while self.word in {"var", "("}:
                parts.append(self.next() if self.word == "var" else self._projection())
                self.inside = "select"
            if len(parts) == columns:
                raise self.misfit("a variable, (expression AS ?variable) or *")
        clause = Node("select", tuple(parts))
        return [clause, *(self._datasets() if outer else ()), *self._where(), *self._modifiers()]

    def _projection(self) -> Node:
        self.inside = "projection"
        parts: list[Part] = [self.open("("), self.expression()]
        self.inside = "projection"
        parts += [self.take("AS", "AS and a variable"), self.take("var", "a variable")]
        return Node("projection", (*parts, self.close(")")))

    def _construct(self) -> list[Part]:
        parts: list[Part] = [self.next()]
        if self.word == "{":
            self.inside = "template"
            return [*parts, self._template("template"), *self._datasets(), *self._where(), *self._modifiers()]
        parts += self._datasets()
        parts.append(self.take("WHERE", "'{' or WHERE"))
        return [*parts, self._template("group"), *self._modifiers()]

    def _template(self, kind: str) -> Node:
        parts: list[Part] = [self.open("{")]
        if self.word != "}":
            parts.append(self.triples())
        return Node(kind, (*parts, self.close("}", "another triple or '}'")))

    def _describe(self) -> list[Part]:
        parts: list[Part] = [self.next()]
        if self.word == "*":
            parts.append(self.next())
        else:
            if self.word not in {"var", "iri", "pname"}:
                raise self.misfit("an IRI, a variable or *")
            while self.word in {"var", "iri", "pname"}:
                parts.append(self.next())
        clause = Node("describe", tuple(parts))
        where = self._where() if self.word in {"WHERE", "{"} else []
        if not where:
            datasets = self._datasets()
            where = [*datasets, *(self._where() if self.word in {"WHERE", "{"} else ())]
        return [clause, *where, *self._modifiers()]

    def _datasets(self) -> list[Part]:
        found: list[Part] = []
        self.inside = "dataset"
        while self.word == "FROM":
            parts: list[Part] = [self.next()]
            if self.word == "NAMED":
                parts.append(self.next())
            found.append(Node("dataset", (*parts, self.iri())))
        return found

    def _where(self) -> list[Part]:
        self.inside = "where"
        parts: list[Part] = [self.next()] if self.word == "WHERE" else []
        if self.word != "{":
            raise self.misfit("'{'" if parts else "WHERE and '{'")
        return [*parts, self.group()]

    def _modifiers(self) -> list[Part]:
        found: list[Part] = []
        self.inside = "modifiers"
        if self.word == "GROUP":
            found.append(self._conditions("group-by", {"var", "("}))
        if self.word == "HAVING":
            found.append(self._conditions("having", {"("}))
        if self.word == "ORDER":
            found.append(self._conditions("order-by", {"var", "(", "ASC", "DESC"}))
        bounds = {"LIMIT", "OFFSET"}
        while self.word in bounds:
            self.inside = "modifiers"
            bounds = bounds - {self.word}
            keyword = self.next()
            number = self.token
            if self.word != "number" or not self._text[number.start : number.end].isdigit():
                raise self.misfit("a whole number")
            found.append(Node(self._text[keyword.start : keyword.end].lower(), (keyword, self.next())))
        self.inside = "modifiers"
        return found

    def _conditions(self, kind: str, starts: set[str]) -> Node:
        self.inside = kind
        parts: list[Part] = [self.next()]
        if kind != "having":
            parts.append(self.take("BY"))
        wanted = "a variable or an expression in brackets" if "var" in starts else "an expression in brackets"
        first = True
        while True:
            self.inside = kind
            word = self.word
            if word == "var" and "var" in starts:
                parts.append(self.next())
            elif word in {"ASC", "DESC"} and word in starts:
                parts.append(self.next())
                parts.append(self.bracketed())
            elif word == "(":
                parts.append(self._condition() if kind == "group-by" else self.bracketed())
            elif word in FUNCTIONS or word in {"iri", "pname"} or (word in {"NOT", "EXISTS"}):
                parts.append(self.primary())
            elif first:
                raise self.misfit(wanted)
            else:
                return Node(kind, tuple(parts))
            first = False

    def _condition(self) -> Node:
        """A condition of GROUP BY in brackets, which may name itself."""
        parts: list[Part] = [self.open("("), self.expression()]
        if self.word == "AS":
            parts += [self.next(), self.take("var", "a variable")]
        return Node("bracketed", (*parts, self.close(")")))

    def subselect(self) -> Node:
        """A subquery, and the values behind it."""
        parts = self._select(outer=False)
        return Node("subselect", tuple([*parts, self.values()] if self.word == "VALUES" else parts))
