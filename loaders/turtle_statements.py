"""The statements of a Turtle or TriG text in which something is wrong.

In: the text. Out: its statements, each with its line. The parser reads on after an error, but what it makes of an
unclosed quotation mark is one long string from there to the next, and so on to the end. Here a statement ends at its
dot whatever is wrong in it, and where a string or an IRI does not end on its line, reading begins anew at the next
line that looks like the beginning of a statement. The tokens are those of RDF 1.1 Turtle, section 6.5, read
generously.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_LONGEST_STRAY_STRING: Final = 10_000
"""In characters: how far the end of a string is looked for that should have ended on its line."""

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|\#[^\n]*)
    | (?P<string>"{3}(?:[^"\\]|\\.|"(?!""))*"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
               | "(?!"")(?:[^"\\\n\r]|\\[^\n\r])*" | '(?!'')(?:[^'\\\n\r]|\\[^\n\r])*')
    | (?P<iri><[^<>\n\r]*>)
    | (?P<mark>\{\||\|\}|<<\(?|\)?>>|\^\^|[;,\[\](){}])
    | (?P<dot>\.)
    | (?P<word>(?:[^\s<>"'\#;,()\[\]{}.\\^|]|\\.|\.(?=[^\s<>"'\#;,()\[\]{}.^|]))+)
    | (?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE: Final = re.compile(r"(?:\s+|#[^\n]*)*")
# The dot that a directive with "@" ends with is what is most often missing.
_DIRECTIVE: Final = re.compile(
    r"(?:prefix\s+[^\s:]*:\s*|base\s*)<[^<>\n]*>|@(?:prefix\s+[^\s:]*:|base)\s*<[^<>\n]*>(?:\s*\.)?", re.IGNORECASE
)
# A string with a line break in it that is closed where a string may end: wrong, but clear.
_STRAY_STRING: Final = re.compile(
    rf"""(["'])(?:(?!\1)[^\\]|\\.){{0,{_LONGEST_STRAY_STRING}}}?\1(?=@[A-Za-z]|\^\^|\s*[;,.\])])""", re.DOTALL
)
_START: Final = r"(?:<[^<>\n]*>|_:|@prefix\b|@base\b|(?i:prefix|base)\s|\[|[A-Za-z][\w.-]*:|:)"
_RESTART: Final = re.compile(rf"\n(?={_START})|\.[ \t\r]*\n[ \t]*(?={_START})")
_OPEN_ENDED: Final = frozenset({";", ",", "[", "(", "^^", "<<", "<<("})
_SHORTEST_STATEMENT: Final = 3
"""In tokens: subject, predicate, object."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of text that stands alone.

    Attributes:
        text: from its first token to its last.
        line: where it begins, counted from 1.
        is_directive: whether it declares a prefix or the base for what follows.
        seams: where in the text another statement may begin, if a dot is missing before it.
    """

    text: str
    line: int
    is_directive: bool = False
    seams: tuple[int, ...] = ()

    def parts(self) -> "list[Statement]":
        """The statement cut at its seams; itself where it has none."""
        parts = []
        line = self.line
        for start, end in pairwise((0, *self.seams, len(self.text))):
            parts.append(Statement(self.text[start:end], line))
            line += self.text.count("\n", start, end)
        return parts

    def on_one_line(self) -> str:
        """The statement without comments and line breaks."""
        return " ".join(token[0] for token in _TOKEN.finditer(self.text) if token.lastgroup != "space")


def split(text: str) -> Iterator[Statement]:
    r"""The statements of a text, in order; what is between them is space and comments.

    >>> [statement.text.strip() for statement in split('<a> <b> "c . \n<d> <e> "f" .')]
    ['<a> <b> "c .', '<d> <e> "f" .']
    """
    position, line = 0, 1
    while position < len(text):
        space = _SPACE.match(text, position)
        start = space.end() if space else position
        line += text.count("\n", position, start)
        if start == len(text):
            return
        directive = _DIRECTIVE.match(text, start)
        end, seams = (directive.end(), ()) if directive else _end(text, start)
        piece = text[start:end]
        yield Statement(piece, line, directive is not None, seams)
        line += piece.count("\n")
        position = end


def joined(statements: Sequence[Statement]) -> Statement:
    """Several statements as one text, each on its own line as before."""
    texts: list[str] = []
    line = statements[0].line
    for statement in statements:
        texts.append("\n" * (statement.line - line) + statement.text + " ")
        line = statement.line + statement.text.count("\n")
    return Statement("".join(texts), statements[0].line)


def _end(text: str, start: int) -> tuple[int, tuple[int, ...]]:
    """Where the statement ends that begins at `start`, and its seams."""
    position, braces, tokens, previous = start, 0, 0, ""
    seams: list[int] = []
    while position < len(text):
        token = _TOKEN.match(text, position)
        assert token is not None, "the last alternative takes any character"
        kind, word = token.lastgroup, token[0]
        if kind == "stray" and word in "\"'<":
            end = _end_of_stray(text, position)
            if end is None:
                restart = _RESTART.search(text, position)
                return (restart.end() if restart else len(text)), tuple(seams)
            kind, word, position = "string", "", end
        else:
            position = token.end()
        if kind == "space":
            continue
        if kind == "dot" and braces < 1:
            return position, tuple(seams)
        if word in {"{", "}"}:
            braces += 1 if word == "{" else -1
            if braces < 1:
                return position, tuple(seams)
        if braces < 1 and _may_begin(token, tokens, previous):
            seams.append(token.start() - start)
            tokens = 0
        tokens, previous = tokens + 1, word
    return len(text), tuple(seams)


def _end_of_stray(text: str, position: int) -> int | None:
    """Where a string ends that has a line break in it, or None where that is not clear."""
    stray = _STRAY_STRING.match(text, position)
    return None if stray is None or _RESTART.search(text, position, stray.end()) else stray.end()


def _may_begin(token: re.Match[str], tokens: int, previous: str) -> bool:
    """Whether a token looks like the subject of a new statement, with one before it that could be whole."""
    is_first_on_line = token.start() > 0 and token.string[token.start() - 1] == "\n"
    is_subject = token.lastgroup == "iri" or (token.lastgroup == "word" and ":" in token[0])
    return is_first_on_line and is_subject and tokens >= _SHORTEST_STATEMENT and previous not in _OPEN_ENDED
