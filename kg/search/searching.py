"""Searching: a text in, ranked hits, their number, facets and snippets out.

A `SearchIndex` is the index of one generation. Everything is bounded: the length and number of words of a text, how
far one may page, the values of a facet. A search takes milliseconds and cannot be ended from outside; tantivy
releases the interpreter's lock while it searches, so that searches may run in threads of a server.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tantivy import DocAddress, Occur, Query

from kg.aliases import Aliases, read_iri
from kg.errors import ParameterError
from kg.identities import ORGANISATIONS
from kg.organisation_numbers import is_organisation_number
from kg.search.analysis import Analyzer, Word
from kg.search.index import IRI, KIND, LONGEST_NAME, PUBLISHER, SHOWN, OpenIndex, open_index
from kg.search.matching import Matcher, score
from kg.search.snippets import Shown, in_language, snippet
from kg.search.vocabulary import KIND_NAMES, KINDS

MAX_TEXT: Final = LONGEST_NAME
MAX_WORDS: Final = 40
MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000
DEFAULT_LIMIT: Final = 10
FACET_VALUES: Final = 20


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for.

    Attributes:
        text: words as a user writes them.
        kind: one of `KIND_NAMES`, or empty for all.
        publisher: the canonical IRI of an agency, or empty for all.
        limit: so many hits, from 0 to `MAX_LIMIT`; `offset` hits are passed over before them.
        language: "nb", "nn" or "en", for labels and snippets; what is found does not depend on it.
    """

    text: str
    kind: str = ""
    publisher: str = ""
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found; `publisher` is an IRI, or empty, and so is what it is called."""

    iri: str
    kind: str
    label: str
    publisher: str
    publisher_label: str
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, and how many things have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found.

    Attributes:
        total: how many things; `hits` are those of one page.
        facets: values of "type" and "publisher", each counted under the other restriction but not under its own.
        words: how many words were looked for.
        required: how many of them each hit has at least; fewer than all only where nothing has them all.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    words: int
    required: int

    def to_json(self) -> dict[str, Any]:
        """The hits as `/search` and `kg search --json` give them."""
        return {
            "total": self.total,
            "words": self.words,
            "words_required": self.required,
            "hits": [_hit_json(hit) for hit in self.hits],
            "facets": {name: [asdict(value) for value in values] for name, values in self.facets.items()},
        }


@dataclass(frozen=True, slots=True)
class Scored:
    """The IRIs of the best hits with their scores, and how many there are in all."""

    total: int
    best: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query found that was relaxed as far as need be: scores and places of one page of the best."""

    text: Query
    total: int
    ranked: Sequence[tuple[float, DocAddress]]
    words: list[Word]
    required: int


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """The text index of one generation; may be used by several threads."""

    index: OpenIndex
    analyzer: Analyzer = field(default_factory=Analyzer)

    @classmethod
    def open(cls, folder: Path) -> "SearchIndex":
        """The index in a folder.

        Raises:
            NotFound: there is none, or one of another format.
            BuildError: it is damaged.
        """
        return cls(open_index(folder))

    def search(self, query: SearchQuery) -> Hits:
        """Search.

        Raises:
            ParameterError: a part of the query is wrong; the error names it as /search does.
        """
        _check(query)
        found = self._find(query, max(1, query.limit), query.offset)
        ranked = found.ranked[: query.limit]
        hits = tuple(self._hit(raw, self.index.searcher.doc(place), found.words, query) for raw, place in ranked)
        return Hits(found.total, hits, self._facets(query, found), len(found.words), found.required)

    def best(self, query: SearchQuery, most: int) -> Scored:
        """The best hits without their texts; `limit` and `offset` of the query do not matter.

        Raises:
            ParameterError: a part of the query is wrong.
        """
        _check(query)
        found = self._find(query, most, 0)
        searcher = self.index.searcher
        best = ((str(searcher.doc(place)[IRI][0]), score(raw, len(found.words))) for raw, place in found.ranked)
        return Scored(found.total, tuple(best))

    def sizes(self) -> dict[str, int]:
        """How many things there are of each kind."""
        searcher, schema = self.index.searcher, self.index.schema
        sizes: dict[str, int] = {}
        for kind in KINDS:
            found: Any = searcher.search(Query.term_query(schema, KIND, kind.name), limit=1)
            sizes[kind.name] = found.count
        return sizes

    def _find(self, query: SearchQuery, limit: int, offset: int) -> _Found:
        """What has all words, or else most of them, or else one."""
        matcher = Matcher(self.index, self.analyzer)
        words = matcher.words(query.text)
        found = _Found(Query.empty_query(), 0, (), words, 0)
        for required in dict.fromkeys((len(words), -(-len(words) // 2), 1)) if words else ():
            text = matcher.query(query.text, required)
            result: Any = self.index.searcher.search(self._restricted(query, text), limit=limit, offset=offset)
            found = _Found(text, result.count, result.hits, words, required)
            if found.total:
                break
        return found

    def _restricted(self, query: SearchQuery, text: Query, without: str = "") -> Query:
        """The query with its restrictions, but for one."""
        matcher = Matcher(self.index, self.analyzer)
        given = ((KIND, query.kind), (PUBLISHER, query.publisher))
        parts = [(Occur.Must, matcher.restriction(name, value)) for name, value in given if value and name != without]
        return Query.boolean_query([(Occur.Must, text), *parts]) if parts else text

    def _facets(self, query: SearchQuery, found: _Found) -> dict[str, tuple[FacetValue, ...]]:
        kinds = {kind.name: {"nb": kind.nb, "en": kind.en} for kind in KINDS}
        counts = self._counts(query, found)
        return {
            name: tuple(
                FacetValue(value, in_language(named.get(value, {}), query.language) or value, count)
                for value, count in counts[name]
            )
            for name, named in ((KIND, kinds), (PUBLISHER, self.index.publishers))
        }

    def _counts(self, query: SearchQuery, found: _Found) -> dict[str, list[tuple[str, int]]]:
        """How many things have each value, the most frequent first; one pass where nothing is restricted."""
        wanted = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in (KIND, PUBLISHER)}
        aggregate = self.index.searcher.aggregate
        if query.kind or query.publisher:
            each = ((name, self._restricted(query, found.text, without=name)) for name in wanted)
            told = {name: aggregate(restricted, {name: wanted[name]})[name] for name, restricted in each}
        else:
            told = aggregate(found.text, wanted)
        return {
            name: sorted(((row["key"], row["doc_count"]) for row in of["buckets"]), key=lambda row: (-row[1], row[0]))
            for name, of in told.items()
        }

    def _hit(self, raw: float, document: Any, words: Sequence[Word], query: SearchQuery) -> Hit:
        shown = Shown(**json.loads(document[SHOWN][0]))
        publisher = next(iter(document.get_all(PUBLISHER)), "")
        return Hit(
            iri=document[IRI][0],
            kind=document[KIND][0],
            label=in_language(shown.names, query.language),
            publisher=publisher,
            publisher_label=in_language(self.index.publishers.get(publisher, {}), query.language),
            score=score(raw, len(words)),
            snippet=snippet(shown, words, self.analyzer, query.language),
        )


def read_publisher(text: str, prefixes: Mapping[str, str], aliases: Aliases) -> str:
    """The canonical IRI of an agency that is named by any of its IRIs, a CURIE or its number; empty for an empty text.

    >>> read_publisher("974760673", {}, Aliases({}))
    'https://data.norge.no/organizations/974760673'

    Raises:
        ParameterError: the text is none of them.
    """
    text = text.strip()
    if not text:
        return ""
    iri = f"{ORGANISATIONS}{text}" if is_organisation_number(text) else read_iri(text, prefixes)
    if iri is None:
        what = f"{text[:200]!r} is neither an IRI nor the number of an organisation"
        raise ParameterError(what, hint="the facet `publisher` of an answer lists some", parameter="publisher")
    return aliases.canonical(iri)


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "type": hit.kind,
        "label": hit.label,
        "publisher": hit.publisher or None,
        "publisher_label": hit.publisher_label or None,
        "score": hit.score,
        "snippet": hit.snippet,
    }


def _check(query: SearchQuery) -> None:
    if not query.text.strip():
        raise ParameterError("there is no text to search for", parameter="q", hint="for example /search?q=kommune")
    if len(query.text) > MAX_TEXT:
        what = f"the text has {len(query.text):,} characters; the limit is {MAX_TEXT}"
        raise ParameterError(what, parameter="q", hint="a few words are enough")
    if (count := len(query.text.split())) > MAX_WORDS:
        raise ParameterError(f"the text has {count} words; the limit is {MAX_WORDS}", parameter="q")
    if query.kind and query.kind not in KIND_NAMES:
        what = f"{query.kind[:60]!r} is no type of thing"
        raise ParameterError(what, parameter="type", hint=f"one of {', '.join(KIND_NAMES)}")
    if not 0 <= query.limit <= MAX_LIMIT:
        raise ParameterError(f"the limit is not from 0 to {MAX_LIMIT}", parameter="limit")
    if not 0 <= query.offset <= MAX_OFFSET:
        hint = "restrict by type or publisher, or use SERVICE in /sparql"
        raise ParameterError(f"the offset is not from 0 to {MAX_OFFSET:,}", parameter="offset", hint=hint)
