"""One walk over a query: its tokens in the context of their brackets, counted without parsing.

In: query text and limits. Out: a `Walk` that has run and knows what `QueryOutline` says, or the error that says what
is wrong or too much. Where the engine's parser reads something else than the longest token, so does the walk: `<`
behind an operand is an operator in an expression even where an IRI would fit (`?a<?b#>'` goes on as a comment), and
`kg.engine.readings` has the rest. Otherwise a string or a comment could hide a SERVICE from it.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kg.engine.brackets import CLOSERS, HEADERS, PATTERNS, Frame, Holds, bracket_holds, group_frame
from kg.engine.budget import Budget, Scope
from kg.engine.limits import GuardLimits
from kg.engine.readings import (
    HIDDEN_EXPRESSION,
    HIDDEN_SERVICE,
    group_follows,
    holds_keyword,
    may_hide,
    may_make_no_iri,
)
from kg.errors import ServiceRefused, SyntaxFault
from kg.sparql.misfits import unknown_word
from kg.sparql.prologue import read_prologue, token_at
from kg.sparql.text_search import MAX_HITS
from kg.sparql.tokens import TOKEN, constants, data, datum, excerpt, is_keyword, line_column, syntax_fault, words

Match = re.Match[str]

_OPERANDS: Final = frozenset(
    ("iri", "var", "pname", "string", "number", "nil", "anon", "blank", "language", "close", "boolean")
)
# What a clause costs; the planner copies the filters around a UNION into both of its sides.
_CLAUSES: Final = MappingProxyType(
    {
        word: 2 if word == "UNION" else 1
        for word in ("OPTIONAL", "MINUS", "LATERAL", "UNION", "GRAPH", "VALUES", "FILTER", "BIND", "EXISTS", "SELECT")
    }
)
_HEADS: Final = frozenset(("GRAPH", "VALUES", "FILTER", "BIND", "SERVICE"))
_VOLATILE: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
_READ_TWICE: Final = frozenset(("REGEX", "REPLACE", "SUBSTR", "GROUP_CONCAT"))
_COUNTED_OPERATORS: Final = frozenset(("&&", "||", "!", "+", "-", "*", "/"))
_SHOWN: Final = 60
_LISTED: Final = 5


class Walk:
    """A walk over one query, and what it has found."""

    def __init__(self, text: str, limits: GuardLimits) -> None:
        self.form = ""
        self.has_dataset_clause = self.has_order_by = self.volatile = False
        self.services: list[str] = []
        self.text_searches: list[int] = []
        self.tokens = 0
        self._text, self._allowed, self._search = text, limits.allowed_services, limits.search
        self._budget = Budget(text, limits)
        self._frame = Frame(Holds.QUERY, "", 0, Scope())
        self._frames = [self._frame]
        self._previous = self._word = ""
        self._nested = 0
        self._loose_names = False
        self._handlers: Mapping[str, Callable[[Match], int | None]] = MappingProxyType(
            {
                "iri": self._iri,
                "var": self._term,
                "run": self._run,
                "pname": self._pname,
                "string": self._term,
                "number": self._number,
                "separator": self._separator,
                "nil": self._nil,
                "anon": self._term,
                "open": self._open,
                "close": self._close,
                "operator": self._operator,
                "blank": self._term,
                "language": self._language,
                "unclosed": self._unclosed,
                "invalid": self._invalid,
            }
        )

    def run(self) -> None:
        """Walk to the end.

        Raises:
            SyntaxFault: it is empty, no query, or its words or brackets are broken.
            LimitExceeded: it is over a limit.
            ServiceRefused: it names a SERVICE that is not allowed.
        """
        prologue = read_prologue(self._text)
        for iri, start in prologue.iris:
            self._budget.prefix(iri, start)
        self._loose_names = may_make_no_iri(iri for iri, _ in prologue.iris)
        self.form, self.tokens = prologue.form, prologue.tokens
        self._previous, self._word = "word", prologue.form.upper()
        position: int | None = prologue.end
        while position is not None:
            position = self._walk(position)
        if len(self._frames) > 1:
            opener = self._frame.opener
            raise self._fault(self._frame.start, f"'{opener}' is not closed", f"end it with '{CLOSERS[opener]}'")
        self._budget.plan(self._frame.scope, len(self._text))

    def _walk(self, position: int) -> int | None:
        """Walk from a place on; returns where to go on behind what is read otherwise, or None at the end."""
        handlers = self._handlers
        for match in TOKEN.finditer(self._text, position):
            kind = match.lastgroup or "invalid"
            if kind == "end":
                return None
            self.tokens += 1
            resume = handlers[kind](match)
            if resume is not None:
                return resume
            if kind != "run":
                self._previous, self._word = kind, ""
        return None

    # Terms

    def _term(self, match: Match) -> int | None:
        frame, holds = self._frame, self._frame.holds
        if holds in PATTERNS:
            if not frame.head:
                frame.pending = True
        elif holds is Holds.EXPRESSION:
            self._budget.terms += 1
        elif holds is Holds.LIST:
            if self._previous != "operator":  # not behind the | or / of a path: a member is two triples
                self._join(2, match.start(1))
        elif holds in HEADERS:
            if self._word not in {"FROM", "NAMED"}:
                self._operate(1, match.start(1))
        else:
            frame.scope.values += 1
            if match.lastgroup == "var":
                self._operate(1, match.start(1))
        return None

    def _iri(self, match: Match) -> int | None:
        if self._reads_operator():
            return self._resume_behind_operator(match)
        if self._frame.unsure and ("'" in match["iri"] or "#" in match["iri"]):
            self._check_certain(match)
        return self._term(match)

    def _pname(self, match: Match) -> int | None:
        if len(self._frames) > 1 and holds_keyword(match[0]):
            self._check_name(match)
        return self._term(match)

    def _number(self, match: Match) -> int | None:
        if self._frame.holds is Holds.EXPRESSION and match["number"][0] in "+-":
            self._operate(1, match.start(1))
        return self._term(match)

    def _nil(self, match: Match) -> int | None:
        if self._frame.head in {"FILTER", "BIND"}:
            self._frame.head = ""  # no arguments, and the end of the clause
            return None
        return self._term(match)

    def _language(self, match: Match) -> None:
        """A language tag belongs to the string before it."""

    def _unclosed(self, match: Match) -> None:
        text = match["unclosed"]
        quote = text[:3] if text[:3] in {'"""', "'''"} else text[0]
        what = f"a string that begins with {quote} is not closed"
        hint = f"end it with {quote}; a string over several lines has three quotes at each end"
        if "\\" in text:
            what += ", or holds an escape that does not exist"
            hint = "a backslash is written \\\\, and \\u takes four hexadecimal digits"
        raise self._fault(match.start(1), what, hint)

    def _invalid(self, match: Match) -> None:
        character = match["invalid"]
        hint = ""
        if character == "\\":
            hint = "codepoint escapes are read in strings and IRIs only; write the character itself"
        name = character if character.isprintable() else f"U+{ord(character):04X}"
        raise self._fault(match.start(1), f"{name} is no part of SPARQL here", hint)

    # Words, separators and operators

    def _run(self, match: Match) -> None:
        word = match["run"]
        if is_keyword(word):
            self._keyword(word.upper(), match.start(1), match.end())
            return
        for token in words(word, match.start(1)):
            text = self._text[token.start : token.end]
            if token.kind == "word":
                self._keyword(text.upper(), token.start, token.end)
                continue
            if token.kind == "unknown":
                place, what, hint = unknown_word(self._text, token.start, token.end)
                raise self._fault(place, what, hint)
            part = TOKEN.match(self._text, token.start, token.end)
            assert part is not None
            self._handlers[token.kind](part)
            self._previous, self._word = token.kind, ""

    def _keyword(self, word: str, start: int, end: int) -> None:
        frame = self._frame
        if word in _CLAUSES or word == "SERVICE":
            self._operate(_CLAUSES.get(word, 1), start)
            self._end_triple(frame, start)
            if word == "UNION":
                self._begin_union(frame, start)
            self._settle(frame)
        if word in _HEADS:
            frame.head = word
        if word == "SERVICE":
            self._service(start, end)
        elif word == "SELECT" and frame.holds is Holds.GROUP:
            frame.holds = Holds.SELECT
        elif word == "FROM":
            self.has_dataset_clause = True
        elif word == "ORDER":
            self.has_order_by = True
        elif word in _VOLATILE:
            self.volatile = True
        elif word in {"TRUE", "FALSE"} and frame.holds in PATTERNS and not frame.head:
            frame.pending = True
        self._previous, self._word = ("boolean" if word in {"TRUE", "FALSE"} else "word"), word

    def _separator(self, match: Match) -> None:
        self._frame.unsure_next = False
        if self._frame.holds in PATTERNS:
            self._end_triple(self._frame, match.start(1))
            self._settle(self._frame)

    def _operator(self, match: Match) -> None:
        symbol, holds = match["operator"], self._frame.holds
        if holds is Holds.EXPRESSION:
            if symbol in _COUNTED_OPERATORS:
                self._operate(1, match.start(1))
        elif symbol in {"/", "~"}:
            self._join(1, match.start(1))
        elif symbol == "|":
            self._operate(1, match.start(1))

    # Brackets

    def _open(self, match: Match) -> int | None:
        symbol, start = match["open"], match.start(1)
        if symbol[0] == "<":
            if self._reads_operator():
                return self._resume_behind_operator(match)
            if self._frame.unsure:
                self._check_certain(match)
        frame = self._open_brace(start) if symbol == "{" else self._open_other(symbol, start)
        self._frames.append(frame)
        self._frame = frame
        self._budget.depth(len(self._frames) - 1, start)
        if frame.holds in (Holds.LIST, Holds.NODE):
            self._nested += 1
            self._budget.collection_depth(self._nested, start)
        if frame.holds is Holds.DATA:
            return self._skip(data(), match.end(), in_values=True)
        if frame.holds is Holds.EXPRESSION and self._word == "IN":
            return self._skip(constants(), match.end(), in_values=False)
        return None

    def _open_brace(self, start: int) -> Frame:
        parent, word = self._frame, self._word
        head, parent.head, parent.unsure_next = parent.head, "", False
        if head == "VALUES":
            self._join(1, start)
            return Frame(Holds.DATA, "{", start, parent.scope)
        self._end_triple(parent, start)
        self._settle(parent)
        if word in {"OPTIONAL", "LATERAL"}:
            self._join(1, start)
        return group_frame(parent, word, start)

    def _open_other(self, symbol: str, start: int) -> Frame:
        parent = self._frame
        holds = bracket_holds(symbol, parent)
        frame = Frame(holds, symbol, start, parent.scope)
        if holds is Holds.NODE:
            if symbol == "{|":
                self._end_triple(parent, start)
            self._join({"[": 0, "{|": 1}.get(symbol, 2), start)
        elif holds is Holds.LIST:
            frame.unsure = parent.unsure or parent.unsure_next
        elif holds is Holds.EXPRESSION:
            frame.twice = self._word in _READ_TWICE
            if parent.holds in HEADERS:
                self._operate(1, start)
        return frame

    def _close(self, match: Match) -> None:
        symbol, start, frame = match["close"], match.start(1), self._frame
        if CLOSERS.get(frame.opener) != symbol:
            raise self._unmatched(symbol, start)
        self._end_triple(frame, start)
        self._settle(frame)
        self._frames.pop()
        parent = self._frame = self._frames[-1]
        parent.reread += 2 * frame.reread + match.end() - frame.start if frame.twice else frame.reread
        self._budget.reread(parent.reread, frame.start)
        if symbol == "}":
            self._close_brace(frame, parent, start)
        elif frame.holds is Holds.EXPRESSION:
            if parent.holds is not Holds.EXPRESSION:
                parent.head = ""
                self._operate(0, start)
        elif frame.holds is not Holds.ROW:
            self._nested -= 1
            if symbol != "|}":
                self._term(match)

    def _close_brace(self, frame: Frame, parent: Frame, place: int) -> None:
        scope = frame.scope
        if frame.holds is Holds.DATA:
            self._operate(0, place)
        elif frame.holds is Holds.SELECT or (frame.alone and not scope.template):
            self._budget.plan(scope, place)
            if not frame.alone:
                self._join(1, place)
        elif parent.holds is Holds.GROUP:
            parent.last = scope
        elif not scope.template:
            parent.scope.add(scope)

    def _unmatched(self, symbol: str, place: int) -> SyntaxFault:
        if len(self._frames) == 1:
            return self._fault(place, f"'{symbol}' closes nothing")
        frame = self._frame
        line, column = line_column(self._text, frame.start)
        wanted = f"'{CLOSERS[frame.opener]}' is expected, for '{frame.opener}' in line {line}, column {column}"
        return self._fault(place, f"'{symbol}' stands where {wanted}")

    def _skip(self, several: re.Pattern[str], place: int, *, in_values: bool) -> int | None:
        """Cross constants in one step, and count them."""
        match = several.match(self._text, place)
        if match is None or match.end() == place:
            return None
        count = sum(1 for _ in datum().finditer(self._text, place, match.end()))
        if in_values:
            self._frame.scope.values += count
        else:
            self._budget.terms += count
        self._previous, self._word = ("string" if in_values else "separator"), ""
        return match.end()

    # What the engine reads otherwise

    def _reads_operator(self) -> bool:
        """Whether `<` is an operator here, whatever the longest token is: it stands behind an operand."""
        return self._frame.holds is Holds.EXPRESSION and self._previous in _OPERANDS

    def _resume_behind_operator(self, match: Match) -> int:
        self._previous, self._word = "operator", ""
        return match.start(1) + 1

    def _check_certain(self, match: Match) -> None:
        if self._previous in _OPERANDS:
            what = "this may be an IRI, or an operator and a comment or string"
            hint = "put a space on both sides of an operator, or write the IRI with a prefix"
            raise self._fault(match.start(1), what, hint)

    def _check_name(self, match: Match) -> None:
        name, end = self._text[match.start(1) : match.end()], match.end()
        if may_hide(HIDDEN_EXPRESSION, name, loose=self._loose_names):
            self._frame.unsure_next = True
        if (
            may_hide(HIDDEN_SERVICE, name, loose=self._loose_names)
            and self._word != "GRAPH"
            and group_follows(self._text, end)
        ):
            what = "the engine may read SERVICE in this name, because a group follows"
            raise self._refuse(match.start(1), what, "if a triple ends here, put a full stop behind it")

    # SERVICE

    def _service(self, start: int, end: int) -> None:
        match = token_at(self._text, end)
        if match.lastgroup == "run" and match["run"].upper().startswith("SILENT"):
            what = "SERVICE SILENT is not answered here: where it fails, a part of the answer would be missing unseen"
            raise self._refuse(start, what, "leave out SILENT")
        if match.lastgroup != "iri":
            hint = "a variable or prefixed name could stand for any address"
            raise self._refuse(start, "SERVICE takes an IRI in angle brackets here", hint)
        endpoint = match["iri"][1:-1]
        if self._search and endpoint == self._search:
            self.text_searches.append(start)
            self._frame.scope.values += MAX_HITS  # a VALUES block of as many may come in its place
            return
        if endpoint not in self._allowed:
            known = ", ".join([*([self._search] if self._search else []), *sorted(self._allowed)][:_LISTED])
            hint = f"it may ask {known}" if known else "ask both endpoints from your own client"
            raise self._refuse(start, f"this service does not ask <{_shorten(endpoint)}> for its clients", hint)
        if endpoint not in self.services:
            self.services.append(endpoint)

    # Counting

    def _end_triple(self, frame: Frame, place: int) -> None:
        if frame.pending:
            frame.pending = False
            self._budget.join(frame.scope, 1, place)
        if frame.head in {"FILTER", "BIND"}:
            frame.head = ""

    def _begin_union(self, frame: Frame, place: int) -> None:
        """The group before UNION is planned alone; the union as a whole is joined with what is around it."""
        if frame.last is not None:
            self._budget.plan(frame.last, place)
            frame.last = None
            self._join(1, place)

    def _settle(self, frame: Frame) -> None:
        if frame.last is not None:
            frame.scope.add(frame.last)
            frame.last = None

    def _join(self, count: int, place: int) -> None:
        self._budget.join(self._frame.scope, count, place)

    def _operate(self, count: int, place: int) -> None:
        self._budget.operate(self._frame.scope, count, place)

    # Errors

    def _fault(self, place: int, what: str, hint: str = "") -> SyntaxFault:
        return syntax_fault(self._text, place, what, hint)

    def _refuse(self, place: int, what: str, hint: str) -> ServiceRefused:
        line, column = line_column(self._text, place)
        return ServiceRefused(what, hint=hint, line=line, column=column, excerpt=excerpt(self._text, place))


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
