"""The prologue and the form of a query (SPARQL 1.1, productions 4 to 6; SPARQL 1.2, VERSION).

In: query text. Out: a `Prologue`, or a syntax fault that says what was expected.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Final

from kg.errors import SyntaxFault
from kg.sparql.tokens import KEYWORDS, TOKEN, UPDATE_KEYWORDS, syntax_fault, words

FORMS: Final = ("select", "construct", "describe", "ask")


@dataclass(frozen=True, slots=True)
class Prologue:
    """What stands before the pattern of a query.

    Attributes:
        form: one of `FORMS`.
        end: where the word that says so ends.
        iris: the IRIs of BASE and PREFIX, each with its place.
        tokens: how many tokens there are up to `end`.
    """

    form: str
    end: int
    iris: tuple[tuple[str, int], ...]
    tokens: int


def read_prologue(text: str) -> Prologue:
    """Read as far as the word that says the form.

    Raises:
        SyntaxFault: the text is empty, an update, or begins with something else.
    """
    iris: list[tuple[str, int]] = []
    place = tokens = 0
    while True:
        match = token_at(text, place)
        word = (match["run"] or "").upper() if match.lastgroup == "run" else ""
        if word not in {"BASE", "PREFIX", "VERSION"}:
            form, end = _form(text, match, empty=not tokens)
            return Prologue(form, end, tuple(iris), tokens + 1)
        if word == "VERSION":
            match = _expect(text, match.end(), "string", "a version in quotes")
        else:
            if word == "PREFIX":
                match = _expect(text, match.end(), "pname", "a prefix with a colon, such as dct:")
                tokens += 1
            match = _expect(text, match.end(), "iri", "an IRI in angle brackets")
            iris.append((match["iri"][1:-1], match.start(1)))
        place, tokens = match.end(), tokens + 2


def token_at(text: str, place: int) -> re.Match[str]:
    """The token at a place or behind it, which may be the end."""
    match = TOKEN.match(text, place)
    assert match is not None, "one of the kinds is `invalid`, and one is `end`"
    return match


def suggestion(word: str) -> str:
    """The keyword that was perhaps meant, as a hint."""
    near = difflib.get_close_matches(word.upper()[:32], KEYWORDS, n=1)
    return f"did you mean {near[0]}?" if near else ""


def _expect(text: str, place: int, kind: str, wanted: str) -> re.Match[str]:
    match = token_at(text, place)
    if match.lastgroup != kind:
        raise syntax_fault(text, match.start(1), f"expected {wanted}")
    return match


def _form(text: str, match: re.Match[str], *, empty: bool) -> tuple[str, int]:
    start = match.start(1)
    if match.lastgroup == "end":
        what = "the query is empty" if empty else "the query ends after its prologue"
        raise syntax_fault(text, start, what, "for example SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    first = next(words(match["run"], start)) if match.lastgroup == "run" else None
    word = text[first.start : first.end] if first else ""
    if word.lower() in FORMS and first:
        return word.lower(), first.end
    if word.upper() in UPDATE_KEYWORDS:
        raise syntax_fault(text, start, f"{word.upper()} is an update, and this endpoint only reads", "ask a query")
    raise _no_form(text, start, word)


def _no_form(text: str, start: int, word: str) -> SyntaxFault:
    hint = "only PREFIX and BASE come before it"
    if text.startswith("\ufeff", start):
        hint = "the text begins with a byte order mark; send it without"
    elif text.startswith("\\", start):
        hint = "codepoint escapes are read in strings and IRIs only; write the character itself"
    return syntax_fault(text, start, "expected SELECT, ASK, CONSTRUCT or DESCRIBE", suggestion(word) or hint)
