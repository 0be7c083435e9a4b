"""Misfits told in words: a token that does not fit the grammar, what is wrong there and what to write instead out.

`_MISFITS` is the table of common mistakes: each row looks at the token, the one before it and what was being read, and
says what is wrong or nothing. `unknown_word` does the same for words that are none of SPARQL's.
"""

import difflib
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from kg.sparql.syntax.tree import FUNCTIONS, Misfit
from kg.sparql.tokens import KEYWORDS, line_column

_BARE_IRI: Final = re.compile(r"(?<![<\w:])(?:https?://|urn:|mailto:)[^\s<>\"'{}|^`\\]*[^\s<>\"'{}|^`\\.;,)]")
_SHOWN: Final = 40
_LINE: Final = 2_000
"""Characters before and behind a place in which the text of an IRI is looked for."""
_BEHIND: Final = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
_MEANT: Final = MappingProxyType(
    {
        "AND": "and is written &&",
        "OR": "or is written ||",
        "LIKE": 'for a part of a text there is CONTAINS(?x, "text"), for a pattern REGEX(?x, "pattern")',
        "NULL": "what has no value is unbound: FILTER(!BOUND(?x))",
        "JOIN": "patterns are joined by the variables that they share",
        "FROMNAMED": "write FROM NAMED",
        "IS": "equality is written =, and BOUND(?x) asks whether there is a value",
        "ELSE": "write IF(condition, value, other value)",
    }
)
"""Words of other languages, and how SPARQL says it."""

Found = tuple[int, str, str]
"""A place in the text, what is wrong there, and a hint."""


def unknown_word(query: str, start: int, end: int) -> Found:
    """What is wrong with a word that is not SPARQL's.

    >>> unknown_word("ASK { ?s ?p http://x.no/a }", 19, 20)
    (12, 'an IRI stands in angle brackets', 'write <http://x.no/a>')
    """
    if (bare := bare_iri(query, start)) is not None:
        return bare
    word = query[start:end]
    what = f"{shorten(word)} is not a word of SPARQL"
    if word.upper() in _MEANT:
        return start, what, _MEANT[word.upper()]
    opening = query.rfind("<", max(0, start - _LINE), start)
    if opening >= 0 and re.fullmatch(r"<[^<>\n{}]*", query[opening:start]) and ":" in query[opening:start]:
        return opening, *_NO_IRI
    if query[end : end + 1] == "." and query[end + 1 : end + 2].isalpha():
        return start, what, f"a prefix ends with a colon: {shorten(word)}:…"
    called = query[end : end + 1] == "("
    known = FUNCTIONS if called else KEYWORDS - FUNCTIONS
    near = difflib.get_close_matches(word.upper()[:32], known, n=1, cutoff=0.7)
    if near:
        return start, what, f"did you mean {near[0]}?"
    return start, what, "a name has a prefix and a colon, a variable a question mark, text has quotes"


def bare_iri(query: str, place: int) -> Found | None:
    """An IRI without its angle brackets, around a place or just before it."""
    start = max(query.rfind("\n", 0, place), place - _LINE) + 1
    for match in _BARE_IRI.finditer(query, max(start, 0), place + _LINE):
        if match.start() > place:
            return None
        if place <= match.end():
            return match.start(), "an IRI stands in angle brackets", f"write <{shorten(match[0], 200)}>"
    return None


def explain_misfit(query: str, misfit: Misfit) -> Found:
    """Say what is wrong where a text does not fit the grammar."""
    token, previous = misfit.token, misfit.previous
    text = query[token.start : token.end]
    before = query[previous.start : previous.end] if previous else ""
    for rule in _MISFITS:
        if (told := rule(misfit, text, before)) is not None:
            return token.start, *told
    if token.kind == "end":
        opened = ""
        if misfit.opened >= 0:
            line, column = line_column(query, misfit.opened)
            opened = f"; the bracket of line {line}, column {column} is open"
        return token.start, "the query ends too early", f"expected {misfit.expected}{opened}"
    return token.start, f"{shorten(text)} does not fit here", f"expected {misfit.expected}"


_Told = tuple[str, str]
_NO_IRI: Final = (
    "this is no whole IRI",
    "an IRI ends with > and holds no spaces, quotes or braces; they are percent-encoded",
)


def _filter_without_brackets(misfit: Misfit, text: str, _before: str) -> _Told | None:
    if misfit.inside != "filter" or "expression in brackets" not in misfit.expected:
        return None
    return "FILTER takes an expression in brackets", f"write FILTER({shorten(text)} …)"


def _not_assigned(misfit: Misfit, text: str, _before: str) -> _Told | None:
    """`BIND(?x := 1)`, `BIND(?x = 1)`, `(COUNT(*))`, `COUNT(?x) = ?n`."""
    if misfit.inside not in {"bind", "projection"} or not misfit.expected.startswith("AS"):
        return None
    clause = "BIND" if misfit.inside == "bind" else "SELECT"
    if text.startswith((":", "=")):
        return f"{clause} gives a value to a variable with AS, not with :=", "write (expression AS ?variable)"
    hint = "write BIND(expression AS ?variable)" if clause == "BIND" else "for example (COUNT(*) AS ?count)"
    return f"an expression in {clause} needs AS and the name of a variable", hint


def _comma_in_select(misfit: Misfit, text: str, _before: str) -> _Told | None:
    if misfit.inside not in {"select", "where", "dataset"} or text != ",":
        return None
    return "the variables of SELECT have no commas between them", "write a space"


def _aggregate_without_brackets(misfit: Misfit, text: str, _before: str) -> _Told | None:
    if misfit.inside not in {"select", "where", "dataset"} or text.upper() not in FUNCTIONS:
        return None
    return f"{text.upper()} in SELECT stands in brackets, with a name", f"write ({text.upper()}(…) AS ?name)"


def _modifier_in_group(misfit: Misfit, text: str, _before: str) -> _Told | None:
    word = text.upper()
    if word not in _BEHIND or misfit.opened < 0:
        return None
    clause = f"{word} BY" if word in {"ORDER", "GROUP"} else word
    return f"{clause} stands inside of the braces", "close the pattern with } in front of it"


def _order_of_modifiers(misfit: Misfit, text: str, _before: str) -> _Told | None:
    if misfit.inside != "end":
        return None
    word = text.upper()
    if word in _BEHIND:
        return f"{word} comes too late", "the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, each once"
    if word in {"WHERE", "{"}:
        return "there are two patterns", "put both into one pair of braces"
    if word == "FROM":
        return "FROM stands before WHERE", "move it there"
    return f"{shorten(text)} stands behind the end of the query", "end the query here, or move it into the braces"


def _comparison(_misfit: Misfit, text: str, before: str) -> _Told | None:
    if text == "=" and before in {"=", "!"}:
        return "equality is written =", "write a single ="
    if text == "<>":
        return "inequality is written !=", "write !="
    return None


def _missing_stop(misfit: Misfit, text: str, before: str) -> _Told | None:
    if not misfit.expected.startswith("'.'"):
        return None
    if misfit.token.kind == "operator" and text == "<":
        return _broken_iri(misfit, text, before)
    return f"a full stop is missing before {shorten(text)}", f"end the triple: {shorten(before)} ."


def _broken_iri(misfit: Misfit, text: str, _before: str) -> _Told | None:
    if text != "<" or misfit.inside in {"bind", "projection", "arguments", "having"}:
        return None
    return _NO_IRI


def _lacking_part(misfit: Misfit, text: str, before: str) -> _Told | None:
    ends = {".", ";", ",", "}", "]", ""}
    if misfit.inside == "object" and text in ends:
        if before == ",":
            return "there is no object behind the comma", "remove the comma"
        return "the triple has no object", f"write one behind {shorten(before)}"
    if misfit.inside != "predicate":
        return None
    if text in ends:
        return "the triple has a subject only", f"write a predicate and an object behind {shorten(before)}"
    if misfit.token.kind in {"string", "number", "blank", "anon"}:
        return f"{shorten(text)} cannot be a predicate", "a predicate is an IRI, a variable, a path or a"
    return None


def _missing_brace(misfit: Misfit, text: str, before: str) -> _Told | None:
    if misfit.expected == "WHERE and '{'" and misfit.token.kind in {"end", "word"}:
        return "the pattern is missing", "write WHERE { … }"
    if "'{'" not in misfit.expected:
        return None
    return (
        f"'{{' is missing before {shorten(text) or 'the end'}",
        f"{shorten(before.upper())} takes a pattern in braces",
    )


_MISFITS: Final[tuple[Callable[[Misfit, str, str], _Told | None], ...]] = (
    _comparison,
    _filter_without_brackets,
    _not_assigned,
    _comma_in_select,
    _aggregate_without_brackets,
    _modifier_in_group,
    _order_of_modifiers,
    _missing_stop,
    _broken_iri,
    _lacking_part,
    _missing_brace,
)


def shorten(text: str, length: int = _SHOWN) -> str:
    """The text on one line and not longer than that."""
    first = " ".join(text[: 4 * length].split())
    return first if len(first) <= length else f"{first[: length - 1]}…"
