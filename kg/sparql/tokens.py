r"""The words of SPARQL: query text in, tokens with their places out (terminals of SPARQL 1.1 and 1.2).

`TOKEN` is one regular expression over the productions from IRIREF to PN_LOCAL_ESC. It matches at every place, so a
match begins where the one before ended; every repetition in it is possessive, and a string that is not closed takes
the rest of its line or of the text with it. Every character is therefore read a bounded number of times. What is no
token is matched as `invalid` or `unclosed`, never an exception. Codepoint escapes (SPARQL 1.1, section 19.2) are read
inside strings and IRIs, where the engine reads them; `unescape_codepoints` gives the text as the standard reads it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from kg.errors import SyntaxFault

EXCERPT_LENGTH: Final = 80

_SPACE: Final = r"(?:[\x20\t\r\n]++|\#[^\r\n]*+)*+"
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS: Final = "\u00b7\u0300-\u036f\u203f-\u2040"
_CHAR: Final = rf"[{_BASE}{_MARKS}_0-9\-]"
_HEX: Final = "[0-9A-Fa-f]"
# Only what names a character: no surrogates, nothing beyond U+10FFFF.
_CODEPOINT: Final = rf"\\(?:u(?![dD][89A-Fa-f]){_HEX}{{4}}|U(?:0000(?![dD][89A-Fa-f])|000[1-9A-Fa-f]|0010){_HEX}{{4}})"
_CODEPOINTS: Final = re.compile(rf"(?={_CODEPOINT})\\[uU]((?<=u){_HEX}{{4}}|{_HEX}{{8}})")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_ESCAPE: Final = rf"""(?:\\[tbnrf"'\\]|{_CODEPOINT})"""
_IN_IRI: Final = r'[^\x00-\x20<>"{}|^`\\]'
_IRI: Final = rf"<{_IN_IRI}*+(?:{_CODEPOINT}{_IN_IRI}*+)*+>"
_RUN: Final = rf"[{_BASE}]{_CHAR}*+(?:\.++{_CHAR}++)*+"
_IN_LOCAL: Final = rf"(?:{_CHAR}|:|%{_HEX}{_HEX}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_LOCAL: Final = rf":(?:(?![{_MARKS}\-]){_IN_LOCAL}++(?:\.++{_IN_LOCAL}++)*+)?+"
_STRING: Final = rf"""(?:
    \"\"\"(?:[^"\\]++|{_ESCAPE}|""?(?!"))*+\"\"\" | '''(?:[^'\\]++|{_ESCAPE}|''?(?!'))*+'''
    | "(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*+" | '(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*+')"""
_EXPONENT: Final = "[eE][+-]?[0-9]++"
_NUMBER: Final = rf"[+-]?(?:[0-9]++(?:\.[0-9]*+{_EXPONENT}|\.[0-9]++|{_EXPONENT})?+|\.[0-9]++(?:{_EXPONENT})?+)"
_LANGUAGE: Final = "@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+"

TOKEN: Final = re.compile(
    rf"""{_SPACE}()(?:
      (?P<iri>{_IRI})
    | (?P<var>[?$][{_BASE}_0-9][{_BASE}{_MARKS}_0-9]*+)
    | (?=[{_BASE}:])(?P<run>{_RUN})?+(?P<pname>{_LOCAL})?+
    | (?P<string>{_STRING})
    | (?P<number>{_NUMBER})
    | (?P<separator>[.;,])
    | (?P<nil>\([\x20\t\r\n]*+\))
    | (?P<anon>\[[\x20\t\r\n]*+\])
    | (?P<open>\{{\||<<\(|<<|[({{\[])
    | (?P<close>\|\}}|\)>>|>>|[)}}\]])
    | (?P<operator>\^\^|&&|\|\||!=|<=|>=|[=<>!+\-*/^|?~])
    | (?P<blank>_:[{_BASE}_0-9]{_CHAR}*+(?:\.++{_CHAR}++)*+)
    | (?P<language>{_LANGUAGE})
    | (?P<unclosed>\"\"\"[\s\S]*+|'''[\s\S]*+|"[^\r\n]*+|'[^\r\n]*+)
    | (?P<end>\Z)
    | (?P<invalid>[\s\S])
    )""",
    re.VERBOSE,
)
"""Group 1 is empty and stands where white space and comments end; `lastgroup` is the kind. `run` is what could be a
prefix: only the colon at its end tells `a.b:c` from `true`, a full stop and a word, so it is read whole, and `words`
cuts it where no colon follows. A long string that is not closed is not read again as an empty string and another."""

_PNAME: Final = rf"(?:{_RUN})?+{_LOCAL}"
_DATUM: Final = rf"""(?:{_IRI}|{_PNAME}|{_STRING}(?:\^\^(?:{_IRI}|{_PNAME})|{_LANGUAGE})?+|{_NUMBER}
    |(?i:UNDEF|true|false)(?=[\x20\t\r\n(),}}\#]))"""


@cache
def data() -> re.Pattern[str]:
    """Values and rows of a VALUES block, as many as follow: long lists are crossed in one step.

    This and the two below are compiled when they are first asked for: that takes a twentieth of a second for each, in
    each of our processes.
    """
    return re.compile(rf"(?:{_SPACE}(?:{_DATUM}|\((?:{_SPACE}{_DATUM})*+{_SPACE}\)))*+", re.VERBOSE)


@cache
def constants() -> re.Pattern[str]:
    """Constants in an expression list, as many as follow with a comma behind them."""
    return re.compile(rf"(?:{_SPACE}{_DATUM}{_SPACE},)*+", re.VERBOSE)


@cache
def datum() -> re.Pattern[str]:
    """One value, with what stands before it in what `data` and `constants` match."""
    return re.compile(rf"(?:[\x20\t\r\n(),]++|\#[^\r\n]*+)*+{_DATUM}", re.VERBOSE)


_WORD_PARTS: Final = re.compile(
    rf"(?P<word>[A-Za-z][A-Za-z0-9_]*+)|(?P<separator>\.(?![0-9]))|(?P<number>{_NUMBER})|(?P<operator>-)|(?P<unknown>.)"
)
_GLUED: Final = re.compile(r"(?P<number>[0-9]++)|(?P<word>[A-Za-z_][A-Za-z0-9_]*+)")
_MAX_GLUED: Final = 64

_KEYWORDS: Final = """
    A TRUE FALSE UNDEF BASE PREFIX VERSION SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY
    HAVING ORDER ASC DESC LIMIT OFFSET VALUES OPTIONAL GRAPH SERVICE SILENT MINUS UNION LATERAL FILTER BIND AS EXISTS
    NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI
    BNODE RAND ABS CEIL FLOOR ROUND CONCAT SUBSTR STRLEN REPLACE UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ ADJUST NOW UUID STRUUID MD5 SHA1 SHA256 SHA384
    SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX HASLANG
    HASLANGDIR ISTRIPLE TRIPLE SUBJECT PREDICATE OBJECT
    """
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""The words of a query, in capitals, LATERAL and ADJUST among them, which the engine knows."""
_LONGEST_KEYWORD: Final = max(map(len, KEYWORDS))

UPDATE_KEYWORDS: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
"""The words that an update may begin with (SPARQL 1.1 Update, section 3)."""


class Token(NamedTuple):
    """One token: its kind, and where it begins and ends, in code points.

    The kinds are the groups of `TOKEN`, with `word` (a keyword) and `unknown` (a word that is none) for `run`.
    """

    kind: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text; white space and comments are what lies between them.

    >>> [(token.kind, "ASK { ?s a ex:T }"[token.start : token.end]) for token in tokens("ASK { ?s a ex:T }")]
    [('word', 'ASK'), ('open', '{'), ('var', '?s'), ('word', 'a'), ('pname', 'ex:T'), ('close', '}')]
    """
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "run":
            yield from words(match["run"], match.start(1))
        elif kind == "end":
            return
        else:
            yield Token(kind or "invalid", match.start(1), match.end())


def words(run: str, start: int) -> Iterator[Token]:
    """The tokens of a run without a colon, which begins at `start`.

    Keywords need no space between them where the grammar leaves no doubt, so `LIMIT10` is two tokens and
    `ORDERBY` is as well.

    >>> [token.kind for token in words("true.FILTER", 0)]
    ['word', 'separator', 'word']
    """
    for match in _WORD_PARTS.finditer(run):
        if match.lastgroup == "word":
            yield from _keywords(match["word"], start + match.start())
        else:
            yield Token(match.lastgroup or "unknown", start + match.start(), start + match.end())


def is_keyword(word: str) -> bool:
    """Whether a word is one of SPARQL's, in any case; `a` in lower case only."""
    return word.upper() in KEYWORDS and word != "A"


def _keywords(word: str, start: int) -> Iterator[Token]:
    """A word as the keywords, and numbers, that it is glued together from, or as unknown."""
    if is_keyword(word):
        yield Token("word", start, start + len(word))
        return
    parts: list[Token] = []
    place = 0
    while place < len(word) <= _MAX_GLUED:
        match = _GLUED.match(word, place)
        assert match is not None
        size = len(match["number"] or "") or _keyword_length(word[place:])
        if not size:
            break
        parts.append(Token("number" if match["number"] else "word", start + place, start + place + size))
        place += size
    if place < len(word):
        parts = [Token("unknown", start, start + len(word))]
    yield from parts


def _keyword_length(text: str) -> int:
    longest = min(len(text), _LONGEST_KEYWORD)
    return next((size for size in range(longest, 0, -1) if is_keyword(text[:size])), 0)


def unescape_codepoints(text: str) -> str:
    r"""The text with `\uXXXX` and `\UXXXXXXXX` replaced everywhere, as SPARQL 1.1 asks before tokenising.

    >>> unescape_codepoints(r"SERV\u0049CE")
    'SERVICE'
    """
    return _CODEPOINTS.sub(lambda match: chr(int(match[1], 16)), text)


def line_column(text: str, offset: int) -> tuple[int, int]:
    r"""Line and column of an offset, both from 1, in code points; a line ends with LF, CR LF or CR.

    >>> line_column("SELECT *\n{ ?s ?p }", 16)
    (2, 8)
    """
    before = text[:offset]
    breaks = before.count("\n") + before.count("\r") - before.count("\r\n")
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        breaks -= 1  # between CR and LF the line has not ended yet
    start = _line_start(text, offset)
    return breaks + 1, offset - start + 1


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and column, which count from 1; what lies behind the text is its end."""
    start = 0
    for _ in range(line - 1):
        end = _LINE_END.search(text, start)
        if end is None:
            break
        start = end.end()
    return min(start + max(column, 1) - 1, len(text))


def excerpt(text: str, offset: int) -> str:
    r"""The line around an offset, shortened, and under it a caret; what cannot be seen is made visible.

    >>> print(excerpt("SELECT *\n{ ?s ?p }", 16))
    { ?s ?p }
           ^
    """
    start = _line_start(text, offset)
    end = next((place for place in (text.find("\n", offset), text.find("\r", offset)) if place >= 0), len(text))
    if (lone := text.find("\r", offset, end)) >= 0:
        end = lone
    left = max(start, min(offset - EXCERPT_LENGTH // 2, end - EXCERPT_LENGTH))
    right = min(end, left + EXCERPT_LENGTH)
    head = ("…" if left > start else "") + _visible(text[left:offset])
    tail = _visible(text[offset:right]) + ("…" if right < end else "")
    return f"{head}{tail}\n{' ' * len(head)}^"


def excerpt_at(text: str, line: int, column: int) -> str:
    """The same for a line and column; past the end of the line it is the end, past the text the text's."""
    lines = _LINE_END.split(text, maxsplit=max(line, 1))
    index = min(max(line, 1), len(lines)) - 1
    wanted = lines[index] if index < line else lines[-1]
    return excerpt(wanted, min(max(column, 1) - 1, len(wanted)))


def syntax_fault(text: str, offset: int, what: str, hint: str = "") -> SyntaxFault:
    """A syntax fault with its place in the text."""
    line, column = line_column(text, offset)
    return SyntaxFault(what, hint=hint, line=line, column=column, excerpt=excerpt(text, offset))


def _line_start(text: str, offset: int) -> int:
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    if start and start == offset and text[start - 1] == "\r" and text[start : start + 1] == "\n":
        return max(text.rfind("\n", 0, start - 1), text.rfind("\r", 0, start - 1)) + 1
    return start


def _visible(text: str) -> str:
    """The text with control, format and other invisible characters replaced, one for one."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character == "\t":
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))  # the control pictures
    return "\ufffd" if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" else character
