"""Matching: what a user's words mean as a query of the index, and what its score says.

In: words (`kg.search.analysis`). Out: a tantivy query made of terms, so that nothing a user writes can be a syntax
error, and a score between 0 and 1. Tantivy's own query language is not used.

A word is looked for in tiers, of which the best counts (with a tenth of the others): in names, keywords, as part of
a compound in a name or keyword, in definitions and descriptions, as the beginning of a word in a name or keyword, and
with one typing error, two in long words. Within names, keywords and prose BM25 ranks. A compound finds its parts where
the index knows both ("kommunenummer" finds "kommune" with "nummer"); parts find a compound by its beginning and its
endings. Typing errors are looked for only where no name has the word, begins a word with it or ends a compound in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Query

from kg.search.analysis import SHORTEST_PART, STOP_WORDS, Analyzer, Word
from kg.search.index import (
    DEFINITION,
    DESCRIPTION,
    EXACT,
    EXACT_OTHER,
    KEYWORD,
    LABEL,
    NEAR,
    PART,
    WRITTEN,
    WRITTEN_KEYWORD,
    OpenIndex,
    near_keys,
    whole_key,
)

# What a word is worth by where it stands, and how much of BM25 (at most about 25) is added.
_IN_NAME, _IN_KEYWORD, _IN_COMPOUND, _IN_DEFINITION, _IN_DESCRIPTION = 6.0, 4.0, 3.5, 2.5, 2.0
_AS_PARTS, _AS_BEGINNING, _WITH_ERROR = 1.5, 1.0, 0.5
_AS_WRITTEN: Final = 1.0
_TIE: Final = 0.1

_RANK: Final = 10_000.0
"""What the whole of a text being a name adds: once for another inflection, twice for another name, three times."""
_HALF: Final = 12.0
"""A mean worth of words that scores half of what words alone can."""
_BANDS: Final = ((0.0, 0.7), (0.7, 0.1), (0.8, 0.1), (0.9, 0.1))

_SHORTEST_BEGINNING: Final = 2
_SHORTEST_MISSPELT: Final = 4
_TWO_ERRORS_FROM: Final = 12
"""Words of so many letters may have two errors: "bronnoysundregistrene" is two letters off."""
_LOOSE_FIELDS: Final = ((WRITTEN, 1.0), (WRITTEN_KEYWORD, 0.8))
_SHORTEST_COMPOUND: Final = 7
_MOST_LOOSE_WORDS: Final = 8
"""Beginnings and typing errors are looked for in texts of so many words; longer ones say enough."""
_LONGEST_LOOSE: Final = 32
_MOST_SPLITS: Final = 3


@dataclass(frozen=True, slots=True)
class Matcher:
    """Makes queries for one index."""

    index: OpenIndex
    analyzer: Analyzer

    def words(self, text: str) -> list[Word]:
        """The words of a text, each once, without those that mean nothing, if there are others."""
        distinct = list({word.whole: word for word in self.analyzer.words(text)}.values())
        return [word for word in distinct if word.whole not in STOP_WORDS] or distinct

    def query(self, text: str, required: int) -> Query:
        """The query for a text that has words, of which so many must be found."""
        words = self.words(text)
        loose = len(words) <= _MOST_LOOSE_WORDS
        each = [(Occur.Should, self._word(word, loose=loose)) for word in words]
        found = Query.boolean_query(each, minimum_number_should_match=required)
        return Query.boolean_query([(Occur.Must, found), (Occur.Should, self._whole(text))])

    def restriction(self, field: str, value: str) -> Query:
        """What a restriction of the hits asks for; it scores nothing."""
        return Query.const_score_query(self._term(field, value), 0.0)

    def _whole(self, text: str) -> Query:
        """The text as a whole name."""
        words = self.analyzer.words(text)
        key = whole_key(words)
        near = [self._worth(NEAR, each, _RANK) for each in near_keys(words)]
        named = [self._worth(EXACT, key, 3 * _RANK), self._worth(EXACT_OTHER, key, 2 * _RANK)]
        return Query.disjunction_max_query([*named, *near])

    def _word(self, word: Word, *, loose: bool) -> Query:
        tiers = [
            self._ranked(LABEL, word, _IN_NAME, 2.0, written=True),
            self._ranked(KEYWORD, word, _IN_KEYWORD, 1.0),
        ]
        tiers += [self._worth(PART, step, _IN_COMPOUND) for step in self.analyzer.steps(word.whole)]
        tiers += [
            self._ranked(DEFINITION, word, _IN_DEFINITION, 0.5),
            self._ranked(DESCRIPTION, word, _IN_DESCRIPTION, 0.4),
        ]
        tiers += (self._all_in_names(split) for split in self._splits(word))
        if word.parts:
            tiers.append(self._all_in_names([part.norwegian for part in word.parts]))
        if loose and len(word.whole) <= _LONGEST_LOOSE:
            tiers += self._loosely(word)
        return Query.disjunction_max_query(tiers, _TIE)

    def _ranked(self, field: str, word: Word, worth: float, share: float, *, written: bool = False) -> Query:
        """A word in a field, by any of its stems: what that is worth, and a share of BM25."""
        stems = [self._term(field, stem) for stem in word.stems]
        parts = [Query.const_score_query(_any(stems), worth), *(Query.boost_query(stem, share) for stem in stems)]
        if written:
            both = [(Occur.Must, self._term(WRITTEN, word.whole)), (Occur.Must, _any(stems))]
            parts.append(Query.const_score_query(Query.boolean_query(both), _AS_WRITTEN))
        return _any(parts)

    def _loosely(self, word: Word) -> Iterator[Query]:
        whole, schema = word.whole, self.index.schema
        if len(whole) >= _SHORTEST_BEGINNING:
            for field, share in _LOOSE_FIELDS:
                beginning = Query.fuzzy_term_query(schema, field, whole, distance=0, prefix=True)
                yield Query.const_score_query(beginning, _AS_BEGINNING * share)
        if len(whole) >= _SHORTEST_MISSPELT and not self._is_known(word):
            errors = 1 if len(whole) < _TWO_ERRORS_FROM else 2
            for field, share in _LOOSE_FIELDS:
                misspelt = Query.fuzzy_term_query(schema, field, whole, distance=errors)
                yield Query.const_score_query(misspelt, _WITH_ERROR * share)

    def _is_known(self, word: Word) -> bool:
        """Whether a name or keyword has the word, begins with it or ends a compound in it."""
        searcher = self.index.searcher
        return any(searcher.doc_freq(field, stem) for field in (LABEL, KEYWORD, PART) for stem in word.stems) or any(
            searcher.terms_with_prefix(field, word.whole, limit=1) for field, _ in _LOOSE_FIELDS
        )

    def _splits(self, word: Word) -> list[tuple[str, str]]:
        """The stems of two words of names that the word may be made of; the most even splits come first.

        "foedselsnummer" is "foedsel" with a linking s, and "numm".
        """
        whole = word.whole
        if not _SHORTEST_COMPOUND <= len(whole) <= _LONGEST_LOOSE:
            return []
        splits = []
        for cut in range(SHORTEST_PART, len(whole) - SHORTEST_PART + 1):
            last = self.analyzer.stem(whole[cut:])
            if not self.index.searcher.doc_freq(LABEL, last):
                continue
            firsts = [whole[:cut], *([whole[: cut - 1]] if whole[cut - 1] in "se" and cut > SHORTEST_PART else [])]
            stems = dict.fromkeys(map(self.analyzer.stem, firsts))
            known = (first for first in stems if self.index.searcher.doc_freq(LABEL, first))
            splits += [(abs(len(first) - len(last)), first, last) for first in known]
        return [(first, last) for _, first, last in sorted(splits)[:_MOST_SPLITS]]

    def _all_in_names(self, stems: Sequence[str]) -> Query:
        each = [(Occur.Must, self._term(LABEL, stem)) for stem in stems]
        return Query.const_score_query(Query.boolean_query(each), _AS_PARTS)

    def _worth(self, field: str, term: str, worth: float) -> Query:
        return Query.const_score_query(self._term(field, term), worth)

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self.index.schema, field, term, index_option="freq")


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def score(raw: float, words: int) -> float:
    """The score of a hit, between 0 and 1, from tantivy's sum over so many words.

    From 0.9 up the text is a preferred name of the thing, from 0.8 another name or a technical one, from 0.7 a name
    in another inflection or written in one word; below that the words alone count, and 0.35 is a mean worth of 12.

    >>> score(12.0, 1), score(30_000.0, 1), score(10_012.0, 1)
    (0.35, 0.9, 0.75)
    """
    rank = min(int(raw // _RANK), len(_BANDS) - 1)
    worth = max(0.0, raw - rank * _RANK) / max(1, words)
    base, width = _BANDS[rank]
    return round(base + width * worth / (worth + _HALF), 4)
