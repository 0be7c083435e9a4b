"""What the engine's parser may read where the longest token is a prefixed name.

In: a name of a query. Out: whether a keyword may hide in it. The parser has no tokeniser: it tries every rule at the
characters where it stands, and goes on behind what fits. Measured with pyoxigraph 0.5.13, where a server was called:

- `SERVICE:x {}` and `trueSERVICE:x {}`: a prefix that ends in the word;
- `ex:a.b.SERVICE<…> {}`: a local name ends behind its first part with a dot;
- `e:SERVICE<…> {}` with `PREFIX e: <http://host:80>`: the name makes no IRI, so that `e:` is taken alone. A second `#`
  from an escape does the same.

By the standard none of these is a SERVICE. Variables, blank nodes and language tags are read to their end.
"""

import re
from collections.abc import Iterable
from typing import Final

from kg.sparql.prologue import token_at

# Where a keyword may begin: at the start, and behind a colon, a dot, a number or a boolean.
_BOUNDARY: Final = r"(?:^|[:.0-9]|true|false)"
HIDDEN_SERVICE: Final = re.compile(f"{_BOUNDARY}service", re.ASCII | re.IGNORECASE)
HIDDEN_EXPRESSION: Final = re.compile(f"{_BOUNDARY}(?:filter|bind)", re.ASCII | re.IGNORECASE)
_ONLY_AUTHORITY: Final = re.compile(r"(?:[^:/?#]*:)?//[^/?#]*")
_WHOLE_PARTS: Final = 2


def may_make_no_iri(iris: Iterable[str]) -> bool:
    """Whether a letter behind one of these prefix and base IRIs may make it invalid: a host or port goes on there.

    >>> may_make_no_iri(["http://purl.org/dc/terms/"]), may_make_no_iri(["http://localhost:80"])
    (False, True)
    """
    return any(_ONLY_AUTHORITY.fullmatch(iri) for iri in iris)


def holds_keyword(name: str) -> bool:
    """Whether one of the keywords is in a name at all: a quick look that spares most names the rest."""
    lowered = name.lower()
    return "service" in lowered or "filter" in lowered or "bind" in lowered


def may_hide(keyword: re.Pattern[str], name: str, *, loose: bool) -> bool:
    """Whether the engine may read a keyword in a prefixed name; `loose` where names may make no IRI.

    >>> may_hide(HIDDEN_SERVICE, "cpsvno:Service", loose=False), may_hide(HIDDEN_SERVICE, "service:x", loose=False)
    (False, True)
    """
    colon = name.index(":")
    loose = loose or "\\" in name
    return any(
        found.start() < colon or loose or name.count(".", colon, found.end()) >= _WHOLE_PARTS
        for found in keyword.finditer(name)
    )


def group_follows(text: str, place: int) -> bool:
    """Whether a group follows, perhaps behind SILENT and an endpoint; else there is no SERVICE in front of it."""
    for _ in range(3):
        match = token_at(text, place)
        if match["open"] == "{":
            return True
        if match.lastgroup not in {"iri", "var", "pname"} and (match["run"] or "").upper() != "SILENT":
            return False
        place = match.end()
    return False
