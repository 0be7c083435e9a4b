r"""The normal form of a query: texts that differ in white space and comments alone have one, and no others.

In: query text. Out: a key, which is no SPARQL, and its fingerprint. Tokens stand in it as they were written: nothing
inside a string or an IRI is touched, and names, keywords and numbers keep their spelling. Beside a bracket, a comma or
a semicolon it does not matter whether there is white space, elsewhere only how much: the engine's parser has no
tokeniser, and refuses `CONCAT (` (pyoxigraph 0.5.13). For the same reason some texts are their own normal form: those
that are no SPARQL; those where it may read an operator and a comment instead of an IRI, as in `?a<?b#>`
(`kg.engine.readings`); and those with space behind a sign, as in `- 1`, which it takes into a literal.
"""

import hashlib
from typing import Final, NamedTuple

from kg.sparql.tokens import TOKEN

_TIGHT: Final = frozenset("{}()[],;")
_BETWEEN: Final = "\0"
_APART: Final = "\0\0"
_VERBATIM: Final = "\0\0\0"
"""What stands between tokens, and in front of a text that is its own form; no query holds a NUL (`kg.engine.guard`)."""
_NAMES: Final = frozenset(("run", "pname", "iri"))
_SIGNS: Final = frozenset("+-")
_OPERANDS: Final = frozenset(
    ("iri", "var", "pname", "string", "number", "nil", "anon", "blank", "language", "close", "run")
)


class Fingerprint(NamedTuple):
    """The fingerprint of a text, with the text: so that it is never taken for that of another, made from it."""

    text: str
    digest: str


def normal_form(text: str) -> str:
    r"""The normal form of a text.

    >>> normal_form("ASK{ ?s ?p 'a  b' } # any?") == normal_form("ASK {?s\n?p 'a  b'}")
    True
    >>> normal_form("ASK { ?s ?p 'a  b' }") == normal_form("ASK { ?s ?p 'a b' }")
    False
    """
    parts: list[str] = []
    previous_kind = previous = ""
    end = depth = 0
    for match in TOKEN.finditer(text):
        kind, start = match.lastgroup or "invalid", match.start(1)
        if kind == "end":
            break
        lexeme = text[start : match.end()]
        if kind in {"invalid", "unclosed"} or (
            kind == "iri" and depth and previous_kind in _OPERANDS and ("#" in lexeme or "'" in lexeme)
        ):
            return _VERBATIM + text
        if kind == "number" and start > end and previous in _SIGNS:
            return _VERBATIM + text
        if lexeme == "(":
            depth += 1
        elif lexeme == ")":
            depth -= 1
        tight = previous in _TIGHT or (lexeme in _TIGHT and not (lexeme == "(" and previous_kind in _NAMES))
        parts += (_APART if start > end and parts and not tight else _BETWEEN, lexeme)
        previous_kind, previous, end = kind, lexeme, match.end()
    return "".join(parts)


def verbatim(text: str) -> Fingerprint:
    """The fingerprint of a text of ours, which is always written the same, so that its own form is its normal form."""
    return Fingerprint(text, hashlib.sha256(text.encode()).hexdigest())


def fingerprint(text: str) -> str:
    """The SHA-256 of the normal form, in hexadecimal; equal for two texts only if their normal forms are."""
    return hashlib.sha256(normal_form(text).encode("utf-8", "surrogatepass")).hexdigest()
