"""Advice on a query that runs: a property or class that nothing uses, a column that nothing binds.

In: query text and the terms that a generation uses, by its statistics. Out: at most `MAX_ADVICE` pieces of advice, each
with its place. A term is misspelt only if no triple uses it and one like it is used. Most queries are done with by
looking each of their IRIs up; only one with a suspicious IRI is read. Comparing is bounded: terms of one namespace, or
of one local name.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from kg.sparql.naming import Naming
from kg.sparql.rewrites.edits import Question
from kg.sparql.rewrites.patterns import Pattern, is_type
from kg.sparql.syntax.queries import read_syntax
from kg.sparql.syntax.tree import Misfit, Node, Part, Tree, Unread
from kg.sparql.tokens import TOKEN, Token, line_column
from kg.statistics import GraphStatistics

MAX_ADVICE: Final = 10
MAX_LENGTH: Final = 20_000
"""Longer queries go without advice."""
_MAX_COMPARED: Final = 1_000
_MAX_LOOKED_UP: Final = 12
"""So many unused terms of a query are compared with the used ones: 0.2 s if their namespace has 1,000."""
_CUTOFF: Final = 0.75
_LOCAL: Final = re.compile(r"[^#/:]*$")


@dataclass(frozen=True, slots=True)
class Advice:
    """What a query should perhaps have said instead.

    Attributes:
        kind: "property", "class" or "variable".
        nb: in Norwegian; `en` in English.
        found: what the query says: an IRI, or a variable with its question mark.
        meant: what it may mean; empty where nothing is like it.
    """

    kind: str
    nb: str
    en: str
    found: str
    meant: str
    line: int
    column: int

    def as_json(self) -> dict[str, Any]:
        """As callers get it."""
        return {
            "kind": self.kind,
            "text": {"nb": self.nb, "en": self.en},
            "line": self.line,
            "column": self.column,
            "found": self.found,
            "meant": self.meant,
        }


class Glossary:
    """The terms that a generation uses, by namespace and by local name."""

    def __init__(self, statistics: GraphStatistics) -> None:
        self._properties, self._classes = statistics.properties, statistics.classes
        self._by_namespace: dict[str, list[str]] = {}
        self._by_local: dict[str, list[str]] = {}
        for iri in (*statistics.properties, *statistics.classes):
            namespace, local = _cut(iri)
            self._by_namespace.setdefault(namespace, []).append(local)
            self._by_local.setdefault(local.lower(), []).append(iri)

    def is_used(self, iri: str) -> bool:
        """Whether some triple has it as its predicate or as a class."""
        return iri in self._properties or iri in self._classes

    def is_like_a_term(self, iri: str) -> bool:
        """Whether an unused IRI has the namespace or the local name of a term: a quick look."""
        namespace, local = _cut(iri)
        known = namespace in self._by_namespace or (bool(local) and local.lower() in self._by_local)
        return known and not self.is_used(iri)

    def find_near(self, iri: str, *, is_class: bool) -> str | None:
        """The used property, or class, that an unused one is a misspelling of; None if none is like it."""
        used = self._classes if is_class else self._properties
        namespace, local = _cut(iri)
        if not local:
            return None
        same = [other for other in self._by_local.get(local.lower(), ()) if other in used]
        if same:
            return min(same, key=lambda other: (-_likeness(_cut(other)[0], namespace), other))
        length = len(local)
        beside = [
            name
            for name in self._by_namespace.get(namespace, ())[:_MAX_COMPARED]
            if namespace + name in used and 3 * abs(len(name) - length) <= length + len(name)
        ]
        near = difflib.get_close_matches(local[:100], beside, n=1, cutoff=_CUTOFF)
        return namespace + near[0] if near else None


def find_advice(query: str, prefixes: Mapping[str, str], glossary: Glossary | None, *, thorough: bool) -> list[Advice]:
    """The advice on a query that the engine has answered.

    Args:
        query: its text.
        prefixes: the predeclared ones.
        glossary: the terms in use; None where they are not known.
        thorough: whether to look at what needs the query to be read, whatever its IRIs.
    """
    if len(query) > MAX_LENGTH or not (thorough or (glossary and _is_suspicious(query, prefixes, glossary))):
        return []
    try:
        tree = read_syntax(query)
    except (Misfit, Unread):
        return []
    naming = Naming(tree, prefixes)
    found = list(islice(_unused_terms(tree, naming, glossary), MAX_ADVICE)) if glossary else []
    if thorough:
        found += islice(_unbound_columns(tree), MAX_ADVICE)
    return found[:MAX_ADVICE]


def _is_suspicious(query: str, prefixes: Mapping[str, str], glossary: Glossary) -> bool:
    """Whether some IRI of the text is unused and looks like a term; and the query chooses no graphs itself."""
    declared = dict(prefixes)
    word = prefix = ""
    suspicious = False
    for match in TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "run":
            word = match["run"].upper()
            if word in {"GRAPH", "FROM"}:
                return False
        elif kind == "pname" and word == "PREFIX":
            prefix = match["run"] or ""
        elif kind == "iri" and word in {"PREFIX", "BASE"}:
            declared[prefix] = match["iri"][1:-1]
            word = ""
        elif kind == "iri":
            suspicious = suspicious or glossary.is_like_a_term(match["iri"][1:-1])
        elif kind == "pname" and (match["run"] or "") in declared:
            iri = declared[match["run"] or ""] + match["pname"][1:]
            suspicious = suspicious or glossary.is_like_a_term(iri)
    return suspicious


def _unused_terms(tree: Tree, naming: Naming, glossary: Glossary) -> Iterator[Advice]:
    seen: set[str] = set()
    for part, is_class in _terms(tree, naming):
        iri = naming.iri(part)
        if iri is None or iri in seen or glossary.is_used(iri):
            continue
        seen.add(iri)
        if len(seen) > _MAX_LOOKED_UP:
            return
        meant = glossary.find_near(iri, is_class=is_class)
        if meant is None:
            continue
        wrote, shown = tree.of(part), _as_written(meant, iri, tree.of(part))
        line, column = line_column(tree.text, part.start)
        if is_class:
            nb, en = f"Ingenting er av typen {wrote}", f"nothing is of type {wrote}"
        else:
            nb, en = f"Ingen trippel bruker {wrote}", f"no triple uses {wrote}"
        yield Advice(
            "class" if is_class else "property",
            f"{nb}; mente du {shown}?",
            f"{en}; did you mean {shown}?",
            iri,
            meant,
            line,
            column,
        )


def _as_written(meant: str, iri: str, wrote: str) -> str:
    """A term as the query would write it: with the same prefix where it has the same namespace."""
    namespace, local = _cut(iri)
    if not wrote.startswith("<") and meant.startswith(namespace) and wrote.endswith(f":{local}"):
        return f"{wrote[: len(wrote) - len(local)]}{meant[len(namespace) :]}"
    return f"<{meant}>"


def _terms(tree: Tree, naming: Naming) -> Iterator[tuple[Part, bool]]:
    """The constant predicates of a query's patterns, and the objects of rdf:type, each with whether it is a class."""
    if any(tree.word(token) in {"GRAPH", "FROM"} for token in tree.root.leaves() if token.kind == "word"):
        return
    question = Question(tree, naming)
    for subject in _subjects(tree.root):
        for verb, objects in zip(subject.parts[1::3], subject.parts[2::3], strict=False):
            for token in verb.leaves() if isinstance(verb, Node) else (verb,):
                yield token, False
            assert isinstance(objects, Node)
            if is_type(question, Pattern(subject.parts[0], verb, objects)):
                yield from ((part, True) for part in objects.parts)


def _subjects(node: Node) -> Iterator[Node]:
    """The triples of patterns; templates name what is made, and what a SERVICE knows is its own."""
    if node.kind in {"template", "service"}:
        return
    if node.kind == "subject":
        yield node
    for part in node.parts:
        if isinstance(part, Node):
            yield from _subjects(part)


def _unbound_columns(tree: Tree) -> Iterator[Advice]:
    """Variables that a SELECT names and its pattern does not."""
    for query in tree.root.walk():
        for clause in query.nodes("select"):
            others = [part for part in query.parts if isinstance(part, Node) and part.kind in {"group", "values"}]
            bound = {tree.of(token)[1:] for part in others for token in part.leaves() if token.kind == "var"}
            bound |= {tree.of(part.parts[-2])[1:] for part in clause.nodes("projection")}
            bound |= {tree.of(token)[1:] for part in query.nodes("group-by") for token in part.leaves()}
            yield from _unbound(tree, clause.parts, bound)


def _unbound(tree: Tree, columns: Iterable[Part], bound: set[str]) -> Iterator[Advice]:
    for part in columns:
        if isinstance(part, Token) and part.kind == "var" and tree.of(part)[1:] not in bound:
            name = tree.of(part)[1:]
            near = difflib.get_close_matches(name[:100], sorted(bound)[:_MAX_COMPARED], n=1, cutoff=0.6)
            line, column = line_column(tree.text, part.start)
            nb = f"?{name} velges, men ingenting i mønsteret gir den en verdi"
            en = f"?{name} is selected, and nothing in the pattern gives it a value"
            if near:
                nb, en = f"{nb}; mente du ?{near[0]}?", f"{en}; did you mean ?{near[0]}?"
            yield Advice("variable", nb, en, f"?{name}", f"?{near[0]}" if near else "", line, column)


def _cut(iri: str) -> tuple[str, str]:
    """The namespace and local name of an IRI."""
    match = _LOCAL.search(iri)
    assert match is not None
    return iri[: match.start()], match[0]


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio()
