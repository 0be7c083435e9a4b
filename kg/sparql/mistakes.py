"""Mistakes told in words: a query that the engine did not read in, what is wrong with it and where out.

The engine says only which characters it looked for where it got farthest. Here the text is read again, by
`kg.sparql.syntax`, which names the token that does not fit; `kg.sparql.misfits` has the common mistakes behind such
tokens, and `_faults_of_meaning` those that the grammar allows. Where nothing is found, the engine's own place and
words stand. This runs for refused queries alone, so it may take its time, and nothing it says lets a query pass.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.sparql.misfits import Found, bare_iri, explain_misfit, shorten
from kg.sparql.syntax.queries import read_syntax
from kg.sparql.syntax.tree import AGGREGATES, Misfit, Node, Tree, Unread
from kg.sparql.tokens import Token, line_column, tokens

_POSITION: Final = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_PLAIN_WORDS: Final = re.compile(r'"[^"\s]{1,12}"|\b[A-Z]{2,}\b')
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ONE_ARGUMENT: Final = "STR LANG DATATYPE BOUND STRLEN UCASE LCASE ABS CEIL FLOOR ROUND YEAR MONTH DAY"
_TWO_ARGUMENTS: Final = "CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER LANGMATCHES STRLANG STRDT"
_ARGUMENTS: Final = MappingProxyType(
    {
        **dict.fromkeys(_ONE_ARGUMENT.split(), (1, 1)),
        **dict.fromkeys(_TWO_ARGUMENTS.split(), (2, 2)),
        "REGEX": (2, 3),
        "SUBSTR": (2, 3),
        "REPLACE": (3, 4),
        "IF": (3, 3),
    }
)
"""How many arguments a function takes (SPARQL 1.1, production 121)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a query, and what to write instead; line and column count from 1, and are 0 if unknown."""

    what: str
    hint: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that a query may use.

    Attributes:
        predeclared: the prefixes that it need not declare; none where it is read strictly.
        well_known: the prefixes of the field.
        terms: the IRIs of the properties and classes that are used.
    """

    predeclared: Mapping[str, str]
    well_known: Mapping[str, str]
    terms: Collection[str] = frozenset()


def explain_mistake(query: str, message: str, vocabulary: Vocabulary) -> Mistake:
    """Say in words why the engine refused a query.

    Args:
        query: its text.
        message: what the engine said.
        vocabulary: what its names are held against.
    """
    found = _find(query, message, vocabulary)
    if found is None:
        return _of_engine(message)
    place, what, hint = found
    line, column = line_column(query, place)
    return Mistake(what, hint, line, column)


def _find(query: str, message: str, vocabulary: Vocabulary) -> Found | None:
    try:
        tree = read_syntax(query)
    except Unread:
        return None
    except Misfit as misfit:
        place = misfit.token.start
        return bare_iri(query, place) or _undeclared(query, place, vocabulary) or explain_misfit(query, misfit)
    return _undeclared(query, len(query), vocabulary) or next(_faults_of_meaning(tree, message), None)


def _of_engine(message: str) -> Mistake:
    found = _POSITION.fullmatch(message)
    if not found:
        return Mistake(f"this is not SPARQL: {shorten(message, 300)}")
    words = list(dict.fromkeys(_PLAIN_WORDS.findall(found[3])))[:8]
    hint = f"possible here: {', '.join(words)}" if words else ""
    return Mistake("this is not SPARQL", hint, int(found[1]), int(found[2]))


# Prefixes


def _undeclared(query: str, end: int, vocabulary: Vocabulary) -> Found | None:
    """The first name before a place whose prefix is not declared."""
    declared = set(vocabulary.predeclared)
    previous = ""
    for token in tokens(query):
        if token.start >= end:
            return None
        text = query[token.start : token.end]
        if token.kind == "pname":
            prefix, _, local = text.partition(":")
            if previous == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return (
                    token.start,
                    f"the prefix {shorten(prefix)}: is not declared",
                    prefix_hint(prefix, local, vocabulary),
                )
        previous = text.upper() if token.kind == "word" else ""
    return None


def prefix_hint(prefix: str, local: str, vocabulary: Vocabulary) -> str:
    """What to declare, or to write, where a prefix is unknown.

    >>> known = {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"}
    >>> prefix_hint("dtc", "title", Vocabulary(known, known))
    'did you mean dct:? PREFIX dct: <http://purl.org/dc/terms/>'
    """
    known = vocabulary.well_known
    if prefix in known:
        return f"declare it: PREFIX {prefix}: <{known[prefix]}>"
    holding = [name for name, iri in known.items() if local and iri + local in vocabulary.terms]
    near = difflib.get_close_matches(prefix[:40].lower(), list(known), n=2, cutoff=0.6) if prefix else []
    meant = list(dict.fromkeys([*(name for name in near if name in holding), *holding[:2], *near]))[:2]
    if not meant:
        return f"declare it with PREFIX {shorten(prefix)}: <IRI>; /prefixes lists those known here"
    names = " or ".join(f"{name}:{shorten(local)}" if name in holding else f"{name}:" for name in meant)
    return f"did you mean {names}? PREFIX {meant[0]}: <{known[meant[0]]}>"


# What the grammar allows and the standard does not


def _faults_of_meaning(tree: Tree, message: str) -> Iterator[Found]:
    if "IRI" in message:
        yield from _relative_iris(tree)
    yield from _arguments(tree)
    yield from _aggregates_in_patterns(tree)
    for query in _selects(tree):
        yield from _columns(tree, query)
    yield from _bound_twice(tree)
    yield from _shared_labels(tree)
    if "not authorized with GROUP BY" in message:
        star = next((token for token in tree.root.leaves() if tree.of(token) == "*"), None)
        yield (star.start if star else 0), "SELECT * does not go with GROUP BY", "name the columns"


def _selects(tree: Tree) -> Iterator[Node]:
    """Each query with a SELECT clause, with its subqueries."""
    return (node for node in tree.root.walk() if node.kind in {"query", "subselect"} and node.nodes("select"))


def _relative_iris(tree: Tree) -> Iterator[Found]:
    if any(tree.word(token) == "BASE" for token in tree.root.nodes("prologue")[0].parts):
        return
    for token in tree.root.leaves():
        if token.kind == "iri" and not _ABSOLUTE.match(tree.text, token.start + 1):
            hint = "write it in full, with https://, or as a name with a prefix"
            yield token.start, f"{shorten(tree.of(token))} is no absolute IRI, and there is no BASE", hint


def _arguments(tree: Tree) -> Iterator[Found]:
    for call in tree.root.walk():
        if call.kind != "call" or (name := tree.word(call.parts[0])) not in _ARGUMENTS:
            continue
        (arguments,) = call.nodes("arguments")
        given = sum(tree.word(part) == "," for part in arguments.parts) + (len(arguments.parts) > 1)
        least, most = _ARGUMENTS[name]
        if not least <= given <= most:
            wanted = f"{least}" if least == most else f"{least} or {most}"
            yield call.start, f"{name} has {given} arguments", f"it takes {wanted}"


def _aggregates_in_patterns(tree: Tree) -> Iterator[Found]:
    for clause in tree.root.walk():
        if clause.kind in {"filter", "bind"}:
            for call in _aggregate_calls(tree, [clause]):
                hint = "put it into SELECT as (… AS ?name), and conditions on it into HAVING"
                yield call.start, f"{tree.word(call.parts[0])} counts over whole groups, not inside a pattern", hint


def _aggregate_calls(tree: Tree, nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        for call in node.walk():
            if call.kind == "call" and tree.word(call.parts[0]) in AGGREGATES:
                yield call


def _columns(tree: Tree, query: Node) -> Iterator[Found]:
    """Columns that are no group's, and names that are taken."""
    (clause,) = query.nodes("select")
    grouping = query.nodes("group-by")
    projections = clause.nodes("projection")
    bound = {tree.of(token)[1:] for group in query.nodes("group") for token in group.leaves() if token.kind == "var"}
    for projection in projections:
        name = projection.parts[-2]
        if tree.of(name)[1:] in bound:
            hint = "give the column a name of its own"
            yield name.start, f"{shorten(tree.of(name))} is bound by the pattern already", hint
    if not grouping and not any(_aggregate_calls(tree, [*projections, *query.nodes("having")])):
        return
    grouped = {
        tree.of(part if isinstance(part, Token) else part.parts[-2])[1:]
        for node in grouping
        for part in node.parts
        if part.end - part.start > 1 and (isinstance(part, Node) or part.kind == "var")
    }
    for part in clause.parts:
        if isinstance(part, Token) and part.kind == "var" and tree.of(part)[1:] not in grouped:
            shown = shorten(tree.of(part))
            hint = f"add GROUP BY {shown}, or select (SAMPLE({shown}) AS ?some)"
            yield part.start, f"{shown} is selected beside an aggregate, and no GROUP BY names it", hint


def _bound_twice(tree: Tree) -> Iterator[Found]:
    for group in tree.root.walk():
        if group.kind != "group":
            continue
        seen: set[str] = set()
        for part in group.parts:
            if isinstance(part, Node) and part.kind == "bind":
                name = part.parts[-2]
                if tree.of(name)[1:] in seen:
                    hint = "BIND to another variable, and compare the two with FILTER"
                    yield name.start, f"{shorten(tree.of(name))} has a value before this BIND", hint
                seen.add(tree.of(name)[1:])
            elif isinstance(part, Node) and part.kind not in {"filter", "minus"}:
                seen.update(tree.of(token)[1:] for token in part.leaves() if token.kind == "var")


def _shared_labels(tree: Tree) -> Iterator[Found]:
    """Blank node labels in two basic graph patterns, which only a FILTER does not part (SPARQL 1.1, section 5.1.1)."""
    owners: dict[str, tuple[Node, int]] = {}
    for node in tree.root.walk():
        if node.kind not in {"group", "template"}:
            continue
        pattern = 0
        for part in node.parts:
            if not isinstance(part, Node) or part.kind == "filter":
                continue
            if part.kind != "triples":
                pattern += 1
                continue
            for token in (token for token in part.leaves() if token.kind == "blank"):
                if owners.setdefault(tree.of(token), (node, pattern)) != (node, pattern):
                    hint = "use a variable where the same node is meant"
                    yield token.start, f"the blank node {shorten(tree.of(token))} stands in two groups", hint
