"""JSON-LD that ends too early: the part of a broken document that is whole.

In: the text, and where the parser stopped. Out: the text up to the last whole node before that, closed again, or
None where there is none. The parser reads a document with a context as one, so that a fault in its last line would
lose everything before it.
"""

import re
from typing import Final

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}"]', re.DOTALL)
_CLOSING: Final = {"{": "}", "[": "]"}


def whole_part(text: str, line: int, column: int) -> str | None:
    """The document as it was before its fault.

    Args:
        text: the document.
        line: where the fault is, counted from 1.
        column: its character in the line, counted from 1.

    >>> whole_part('{"@graph": [{"@id": "urn:a"}, {"@id": ', 1, 39)
    '{"@graph": [{"@id": "urn:a"}]}'
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    open_brackets: list[str] = []
    whole: tuple[int, tuple[str, ...]] | None = None
    for token in _TOKEN.finditer(text, 0, start + column - 1):
        match token[0]:
            case "{" | "[" as bracket:
                open_brackets.append(bracket)
            case "}" | "]" as bracket:
                if not open_brackets or _CLOSING[open_brackets.pop()] != bracket:
                    break
                # The outermost list is the one of nodes; a list within a node is taken only before the first of them.
                if open_brackets[-1:] == ["["] and (whole is None or len(open_brackets) <= len(whole[1])):
                    whole = (token.end(), tuple(open_brackets))
            case '"':
                break
    if whole is None:
        return None
    end, left_open = whole
    return text[:end] + "".join(_CLOSING[bracket] for bracket in reversed(left_open))
