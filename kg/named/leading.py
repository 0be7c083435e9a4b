"""The leading subquery: where a page can be cut before the rest of a query is looked up.

In: the words of a query. Out: the place of the subquery that its pattern begins with, where that decides which rows
there are and the rest only adds to them: OPTIONAL, VALUES of other variables, BIND. Such a rest never takes a row away,
so that the first n rows of the subquery give the first n rows of the query or more. A query of another form has none.

A leading subquery may itself begin with one that gives the values of the first sorted column. Every row comes from one
of them, so that the values up to one of them give all rows up to there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.named.words import Word


@dataclass(frozen=True, slots=True)
class First:
    """A subquery of one column that a leading subquery begins with; its places are those of a `Leading`."""

    start: int
    end: int
    column: str


@dataclass(frozen=True, slots=True)
class Leading:
    """A leading subquery.

    Attributes:
        start: where its SELECT begins; `end` is where it ends, before the bracket.
        columns: what it projects.
        unique: those of its columns that tell its rows apart.
        first: the subquery that it begins with, where each of its rows comes from one row of that.
    """

    start: int
    end: int
    columns: tuple[str, ...]
    unique: frozenset[str]
    first: First | None = None


def find_leading(found: Sequence[Word]) -> Leading | None:
    """The leading subquery of a SELECT, from the words behind its SELECT.

    Its rows are told apart by what it groups by, or by all of its columns with DISTINCT.
    """
    opened = _first(found, "{", 0)
    closed = _closing(found, opened)
    if closed is None or any(word.kind == "open" for word in found[:opened]):
        return None  # an aggregate makes one row of many
    if len(found) > closed + 1 and not found[closed + 1].says("ORDER"):
        return None
    inside = found[opened + 1 : closed]
    if len(inside) < 3 or inside[0].text != "{" or not inside[1].says("SELECT"):
        return None
    end = _closing(inside, 0)
    if end is None:
        return None
    leading = _read(inside[1:end])
    if leading is None or not _only_adds(inside[end + 1 :], leading.columns):
        return None
    return replace(leading, first=_find_first(inside[1:end], leading))


def _read(words: Sequence[Word]) -> Leading | None:
    """The subquery of these words, from its SELECT to its end."""
    depth = words[0].depth
    opened = _first(words, "{", depth)
    closed = _closing(words, opened)
    if closed is None:
        return None
    head, tail = words[1:opened], words[closed + 1 :]
    plain = [word.text[1:] for word in head if word.depth == depth and word.kind == "var"]
    made = [word.text[1:] for before, word in pairwise(head) if word.depth == depth + 1 and before.says("AS")]
    columns = (*plain, *made)
    if not tail and not made and head and head[0].says("DISTINCT"):
        return Leading(words[0].start, words[-1].end, columns, frozenset(columns))
    grouped = tail[2:]
    by_group = len(tail) > 2 and tail[0].says("GROUP") and tail[1].says("BY")
    if by_group and all(word.kind == "var" for word in grouped):
        unique = frozenset(word.text[1:] for word in grouped)
        return Leading(words[0].start, words[-1].end, columns, unique) if unique <= set(columns) else None
    return None


def _find_first(words: Sequence[Word], leading: Leading) -> First | None:
    """The subquery that the leading one begins with, of one column that is never unbound and that tells rows apart."""
    opened = _first(words, "{", words[0].depth)
    closed = _closing(words, opened)
    inside = words[opened + 1 : closed]
    if len(inside) < 3 or inside[0].text != "{" or not inside[1].says("SELECT"):
        return None
    end = _closing(inside, 0)
    if end is None or (len(inside) > end + 1 and inside[end + 1].says("UNION")):
        return None
    found = _read(inside[1:end])
    if found is None or len(found.columns) != 1 or found.columns[0] not in leading.unique:
        return None
    return First(found.start, found.end, found.columns[0]) if _always_binds(inside[1:end], found.columns[0]) else None


def _always_binds(words: Sequence[Word], column: str) -> bool:
    """Whether a triple pattern of the group itself holds a variable."""
    depth = words[0].depth + 1
    opened = _first(words, "{", words[0].depth)
    inside = words[opened + 1 : _closing(words, opened)]
    if any(word.depth == depth and word.says("GRAPH", "SERVICE", "UNION") for word in inside):
        return False
    return any(
        word.depth == depth and word.kind == "var" and word.text[1:] == column and not before.says("VALUES")
        for before, word in pairwise((words[opened], *inside))
    )


def _only_adds(words: Sequence[Word], columns: Sequence[str]) -> bool:
    """Whether a rest of a group takes no row away: OPTIONAL, BIND, VALUES of one variable that is met there first."""
    met = set(columns)
    place = 0
    while place < len(words):
        word, start = words[place], place
        if word.text == ".":
            place += 1
            continue
        bracket = place + 1
        if word.says("VALUES"):
            bracket, variable = place + 2, words[place + 1 : place + 2]
            if not variable or variable[0].kind != "var" or variable[0].text[1:] in met:
                return False
        elif not word.says("OPTIONAL", "BIND"):
            return False
        closed = _closing(words, bracket)
        if closed is None or closed == bracket + 1:
            return False
        place = closed + 1
        met |= {other.text[1:] for other in words[start:place] if other.kind == "var"}
    return True


def _first(words: Sequence[Word], text: str, depth: int) -> int:
    return next((place for place, word in enumerate(words) if word.depth == depth and word.text == text), len(words))


def _closing(words: Sequence[Word], opened: int) -> int | None:
    """Where the bracket that opens there is closed."""
    if opened >= len(words) or words[opened].kind != "open":
        return None
    depth = words[opened].depth
    return next(
        (
            place
            for place in range(opened + 1, len(words))
            if words[place].depth == depth and words[place].kind == "close"
        ),
        None,
    )
