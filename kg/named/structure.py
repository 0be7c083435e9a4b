"""The structure of a query, read from its tokens: what it projects, how it sorts, and where its parameters stand.

In: query text. Out: a `Structure`, whose places are code points of the text. It is read without a parser, so what it
says of a text that is no SPARQL means nothing; the engine is asked about that apart (`kg.named.parsing`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.named.leading import Leading, find_leading
from kg.named.words import Word, with_depth
from kg.namespaces import DEFAULT_BASE_IRI
from kg.sparql.prologue import read_prologue
from kg.sparql.tokens import tokens

_ENDS_OF_ORDER: Final = frozenset(("LIMIT", "OFFSET", "VALUES"))
_NUMBERS: Final = frozenset(("COUNT", "SUM", "AVG", "STRLEN", "ABS", "CEIL", "FLOOR", "ROUND", "YEAR", "MONTH", "DAY"))
_VOLATILE: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"))
_WHOLE: Final = frozenset(("COUNT", "STRLEN", "YEAR", "MONTH", "DAY"))


@dataclass(frozen=True, slots=True)
class Block:
    """The block of one variable: `start` and `end` are where its contents do."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A sort condition that is a variable alone."""

    column: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """What is known of a query's text.

    Attributes:
        form: "select", "construct", "describe" or "ask".
        start: where the word that says so begins.
        columns: what it projects; empty where the form has no columns.
        guessed: the type of columns that are made by a function of numbers, by name.
        star: whether it projects whatever there is.
        blocks: its VALUES blocks of one variable.
        own_iris: where IRIs under the default base begin, behind the bracket.
        has_dataset: whether it names its own dataset.
        sorted: whether it ends in ORDER BY.
        conditions: the sort conditions, or None where one of them is not a variable.
        order_start: where ORDER BY begins, and the end of the text where there is none.
        limited: whether LIMIT, OFFSET or VALUES follows its pattern.
        volatile: whether no two answers need be the same, as with RAND, or a SERVICE elsewhere.
        leading: the subquery that gives the rows, where the rest of the pattern only adds to them.
    """

    form: str
    start: int
    columns: tuple[str, ...] = ()
    guessed: dict[str, str] = field(default_factory=dict)
    star: bool = False
    blocks: tuple[Block, ...] = ()
    own_iris: tuple[int, ...] = ()
    has_dataset: bool = False
    sorted: bool = False
    conditions: tuple[Condition, ...] | None = ()
    order_start: int = 0
    limited: bool = False
    volatile: bool = False
    leading: Leading | None = None


def read_structure(text: str) -> Structure:
    """Read a query's structure.

    Raises:
        SyntaxFault: it is empty, an update, or begins with something else than a query.
    """
    prologue = read_prologue(text)
    start = prologue.end - len(prologue.form)
    every = list(tokens(text))
    own_iris = tuple(
        token.start + 1 for token in every if token.kind == "iri" and text.startswith(DEFAULT_BASE_IRI, token.start + 1)
    )
    found = list(with_depth(text, (token for token in every if token.start >= prologue.end)))
    blocks = tuple(_blocks(found))
    where = next((index for index, word in enumerate(found) if word.depth == 0 and word.text == "{"), len(found))
    # A template comes before the pattern of a CONSTRUCT; nothing is projected there and the tail is the same.
    tail = next((index for index in range(len(found) - 1, -1, -1) if found[index].text == "}"), where - 1) + 1
    columns, guessed, star = _projection(found[:where]) if prologue.form == "select" else ((), {}, False)
    order = next((index for index in range(where, len(found)) if _is_order(found, index)), None)
    limited = any(word.depth == 0 and word.says(*_ENDS_OF_ORDER) for word in found[where:])
    conditions = _conditions(found[order + 2 :]) if order is not None else ()
    if order is not None and order < tail and not limited:
        conditions = None  # a condition with a group in it
    return Structure(
        form=prologue.form,
        start=start,
        columns=columns,
        guessed=guessed,
        star=star,
        blocks=blocks,
        own_iris=own_iris,
        has_dataset=any(word.depth == 0 and word.says("FROM") for word in found),
        sorted=order is not None,
        conditions=conditions,
        order_start=found[order].start if order is not None else len(text),
        limited=limited,
        volatile=any(word.says(*_VOLATILE) for word in found),
        leading=find_leading(found) if prologue.form == "select" else None,
    )


def _blocks(found: Sequence[Word]) -> Iterator[Block]:
    for index, word in enumerate(found[:-2]):
        variable, bracket = found[index + 1], found[index + 2]
        if word.says("VALUES") and variable.kind == "var" and bracket.text == "{":
            close = next((other for other in found[index + 3 :] if other.depth == bracket.depth), None)
            if close is not None:
                yield Block(variable.text[1:], bracket.end, close.start)


def _projection(found: Sequence[Word]) -> tuple[tuple[str, ...], dict[str, str], bool]:
    columns: list[str] = []
    guessed: dict[str, str] = {}
    star = False
    function = ""
    for index, word in enumerate(found):
        if word.depth == 0 and word.says("FROM"):
            break
        if word.depth == 0 and word.kind == "var":
            columns.append(word.text[1:])
        elif word.depth == 0 and word.kind == "operator" and word.text == "*":
            star = True
        elif word.depth == 0 and word.kind == "open":
            function = found[index + 1].text.upper() if index + 1 < len(found) else ""
        elif word.depth == 1 and word.kind == "var" and found[index - 1].says("AS"):
            columns.append(word.text[1:])
            if function in _NUMBERS:
                guessed[word.text[1:]] = "integer" if function in _WHOLE else "number"
    return tuple(columns), guessed, star


def _is_order(found: Sequence[Word], index: int) -> bool:
    word = found[index]
    return word.depth == 0 and word.says("ORDER") and index + 1 < len(found) and found[index + 1].says("BY")


def _conditions(found: Sequence[Word]) -> tuple[Condition, ...] | None:
    conditions: list[Condition] = []
    index = 0
    while index < len(found) and not found[index].says(*_ENDS_OF_ORDER):
        word = found[index]
        if word.kind == "var":
            conditions.append(Condition(word.text[1:], descending=False))
            index += 1
        elif word.says("ASC", "DESC") and [other.kind for other in found[index + 1 : index + 4]] == [
            "open",
            "var",
            "close",
        ]:
            conditions.append(Condition(found[index + 2].text[1:], descending=word.says("DESC")))
            index += 4
        else:
            return None
    return tuple(conditions)
