"""Text search inside SPARQL: `SERVICE <B search> { ?resource kg:matches "skatt" ; kg:score ?score }`.

In: query text and the places where the guard has found such a SERVICE. Out: a `TextSearch` for each, and, once the
index has answered, the query with each block replaced by a VALUES block of what was found: the engine then joins it
as it joins any list of IRIs. Pure: tokens with their places are read, nothing is searched here.

What may stand in the block, besides the two: `kg:type "dataset"`, `kg:publisher <IRI>`, `kg:limit 50`. Without a limit
all that is found is joined, and more than `MAX_HITS` is an error.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import LimitExceeded, SyntaxFault
from kg.sparql.prologue import token_at
from kg.sparql.substitution import Substituted, substitute
from kg.sparql.tokens import excerpt, line_column, syntax_fault, unescape_codepoints

MAX_HITS: Final = 10_000
"""Things that one search may give to a query."""
MAX_SEARCHES: Final = 8
"""Searches that one query may hold."""

_EXAMPLE: Final = '{ ?resource kg:matches "skatt person" ; kg:score ?score }'
_TERMS: Final = ("matches", "score", "type", "publisher", "limit")
_ESCAPE: Final = re.compile(r"\\([tbnrf\"'\\])")
_CONTROL: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class TextSearch:
    """One search of a query.

    Attributes:
        start: where SERVICE begins; `end` is behind the closing bracket.
        resource: the variable that is bound to what is found, with its sign; so `score`, empty where none is asked for.
        text: the words that are searched for.
        text_place: where that text stands.
        kind: the type that is asked for, or empty; so the IRI `publisher`.
        limit: so many of the best hits, or None for all.
    """

    start: int
    end: int
    resource: str
    score: str
    text: str
    text_place: int
    kind: str = ""
    publisher: str = ""
    limit: int | None = None


def read_text_searches(
    query: str, places: Sequence[int], ns: str, prefixes: Mapping[str, str]
) -> tuple[TextSearch, ...]:
    """Read the blocks at the places that the guard has found.

    Args:
        query: text that the guard has passed.
        places: where each SERVICE begins.
        ns: the IRI of our vocabulary, `kg:`.
        prefixes: those that need no declaration.

    Raises:
        SyntaxFault: a block holds something else than a search; the fault says what may stand there.
        LimitExceeded: there are too many.
    """
    if len(places) > MAX_SEARCHES:
        what = f"the query holds {len(places)} text searches; the limit is {MAX_SEARCHES}"
        raise _over(query, places[MAX_SEARCHES], what, "ask in several queries")
    if not places:
        return ()
    declared = {**prefixes, **_declared(query)}
    return tuple(_Reader(query, place, ns, declared).read() for place in places)


def replace_text_searches(
    query: str, searches: Sequence[TextSearch], found: Sequence[Sequence[tuple[str, float]]]
) -> Substituted:
    """Put what was found, IRIs with scores from 0 to 1, in the place of each block."""
    pairs = zip(searches, found, strict=True)
    return substitute(query, [(search.start, search.end, _values(search, hits)) for search, hits in pairs])


def too_many(query: str, search: TextSearch, total: int) -> LimitExceeded:
    """The error for a search without a limit that finds more than a query may be given."""
    what = f"the search finds {total:,} things; a query is given {MAX_HITS:,} at most"
    hint = "ask for the best with kg:limit, search for more words, or restrict it with kg:type or kg:publisher"
    return _over(query, search.text_place, what, hint)


def _values(search: TextSearch, hits: Sequence[tuple[str, float]]) -> str:
    """The hits as VALUES in a subquery, whose LIMIT leaves out none.

    Without the subquery the engine walks through all values for each row of a pattern that it holds to be smaller,
    which it does from 1,000 values on: 1,247 hits joined with the titles of datasets took 10 s, and take 0.2 s so.
    """
    if search.score:
        names = f"{search.resource} {search.score}"
        values = f"VALUES ({names}) {{ {' '.join(f'(<{iri}> {score:.4f})' for iri, score in hits)} }}"
    else:
        names = search.resource
        values = f"VALUES {names} {{ {' '.join(f'<{iri}>' for iri, _ in hits)} }}"
    return f"{{ SELECT {names} {{ {values} }} LIMIT {len(hits)} }}" if hits else values


class _Reader:
    """Reads one block, token after token."""

    def __init__(self, query: str, start: int, ns: str, prefixes: Mapping[str, str]) -> None:
        self._query, self._start, self._ns, self._prefixes = query, start, ns, prefixes
        self._place = start
        self._given: dict[str, Match] = {}

    def read(self) -> TextSearch:
        for _ in ("SERVICE", "its IRI"):
            self._next()
        self._expect("{")
        subject = self._next()
        if subject.lastgroup != "var":
            raise self._fault(subject, "a text search begins with the variable for what is found")
        self._statements(subject)
        if "matches" not in self._given:
            raise self._fault(subject, "the text search has no text", f"write for example {_EXAMPLE}")
        text = self._text("matches")
        return TextSearch(
            start=self._start,
            end=self._place,
            resource=subject["var"],
            score=self._score(subject["var"]),
            text=text,
            text_place=self._given["matches"].start(1),
            kind=self._text("type") if "type" in self._given else "",
            publisher=self._publisher(),
            limit=self._limit(),
        )

    def _statements(self, subject: Match) -> None:
        while True:
            self._statement()
            after = self._next()
            if after["separator"] == ";":
                after = self._peek()
                if after["close"] != "}" and after["separator"] != ".":
                    continue
                after = self._next()
            if after["separator"] == ".":
                after = self._next()
                if after["var"] is not None and after["var"][1:] == subject["var"][1:]:
                    continue
            if after["close"] == "}":
                return
            if after["var"] is not None:
                hint = "write a SERVICE of its own for another"
                raise self._fault(after, "a text search is about one variable", hint)
            raise self._fault(after, "a text search holds single values only, with ; between them")

    def _statement(self) -> None:
        predicate = self._next()
        iri = self._iri(predicate)
        term = iri.removeprefix(self._ns) if iri and iri.startswith(self._ns) else ""
        if term not in _TERMS:
            known = ", ".join(f"kg:{name}" for name in _TERMS)
            raise self._fault(predicate, "this is not part of a text search", f"there are {known}")
        if term in self._given:
            raise self._fault(predicate, f"kg:{term} is given twice", "give it once")
        self._given[term] = self._next()
        after = self._peek()
        if after["language"] is not None or after["operator"] == "^^":
            what = f"the value of kg:{term} has neither language nor datatype"
            raise self._fault(after, what, "texts in all languages are searched; leave it out")

    def _text(self, term: str) -> str:
        match = self._given[term]
        if match["var"] is not None:
            hint = "the search is made before the query is run, so write the words in quotes; ask once for each text"
            raise self._fault(match, f"kg:{term} takes a text, not a variable", hint)
        if match["string"] is None:
            raise self._fault(match, f"kg:{term} takes a text in quotes")
        return _decoded(match["string"])

    def _score(self, resource: str) -> str:
        match = self._given.get("score")
        if match is None:
            return ""
        if match["var"] is None:
            hint = "compare it in a FILTER behind the SERVICE"
            raise self._fault(match, "kg:score takes a variable", hint)
        if match["var"][1:] == resource[1:]:
            raise self._fault(match, "the score needs a variable of its own")
        return match["var"]

    def _publisher(self) -> str:
        match = self._given.get("publisher")
        if match is None:
            return ""
        iri = self._iri(match)
        if not iri:
            raise self._fault(match, "kg:publisher takes an IRI", "the search is made before the query is run")
        return iri

    def _limit(self) -> int | None:
        match = self._given.get("limit")
        if match is None:
            return None
        digits = match["number"] or ""
        if not digits.isdigit() or len(digits) > 9 or not 1 <= int(digits) <= MAX_HITS:
            raise self._fault(match, f"kg:limit takes a number from 1 to {MAX_HITS:,}")
        return int(digits)

    def _iri(self, match: Match) -> str | None:
        if match["iri"] is not None:
            return unescape_codepoints(match["iri"][1:-1])
        if match["pname"] is None:
            return None
        name = match["run"] or ""
        if name not in self._prefixes:
            raise self._fault(match, f"the prefix {name}: is not declared", "declare it with PREFIX name: <IRI>")
        return self._prefixes[name] + match["pname"][1:]

    def _expect(self, opener: str) -> None:
        match = self._next()
        if match["open"] != opener:
            raise self._fault(match, f"'{opener}' is expected here")

    def _next(self) -> Match:
        match = self._peek()
        self._place = match.end()
        return match

    def _peek(self) -> Match:
        return token_at(self._query, self._place)

    def _fault(self, match: Match, what: str, hint: str = "") -> SyntaxFault:
        return syntax_fault(self._query, match.start(1), what, hint or f"write SERVICE <…search> {_EXAMPLE}")


def _declared(query: str) -> dict[str, str]:
    """The prefixes that a query declares; relative ones are none of ours."""
    declared: dict[str, str] = {}
    place, word, name = 0, "", ""
    while True:
        match = token_at(query, place)
        kind = match.lastgroup
        if kind == "run":
            word = match["run"].upper()
            if word not in {"BASE", "PREFIX", "VERSION"}:
                return declared
        elif kind == "pname":
            name = match["run"] or ""
        elif kind == "iri":
            if word == "PREFIX":
                declared[name] = unescape_codepoints(match["iri"][1:-1])
        elif kind != "string":
            return declared
        place = match.end()


def _decoded(quoted: str) -> str:
    size = 3 if quoted[:3] in {'"""', "'''"} else 1
    text = quoted[size:-size]
    if "\\" not in text:
        return text
    pieces = text.split("\\\\")  # so that no half of an escaped backslash begins another escape
    return "\\".join(_ESCAPE.sub(_control, unescape_codepoints(piece)) for piece in pieces)


def _control(match: Match) -> str:
    return _CONTROL.get(match[1], match[1])


def _over(query: str, place: int, what: str, hint: str) -> LimitExceeded:
    line, column = line_column(query, place)
    return LimitExceeded(what, hint=hint, limit="text_search", line=line, column=column, excerpt=excerpt(query, place))
