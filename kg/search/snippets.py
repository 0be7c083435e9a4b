"""Snippets: the piece of a text in which a word of the search stands, as plain text.

In: what the index keeps of a thing to be shown, the words of a search. Out: one line. Markup in a text of a source is
text like any other; whoever puts a snippet into a page escapes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.search.analysis import Analyzer, Word
from kg.search.vocabulary import languages

LENGTH: Final = 200
_BEFORE: Final = 60
"""So many characters before the word that was found are shown, where the text is too long to be shown whole."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is kept of a thing: names and texts by language, and other names."""

    names: Mapping[str, str]
    texts: Mapping[str, str]
    others: Sequence[str]


def in_language(texts: Mapping[str, str], wanted: str) -> str:
    """A text in the language that is wanted, or in the nearest that there is; empty where there is none."""
    for language in languages(wanted):
        if language in texts:
            return texts[language]
    return texts[min(texts)] if texts else ""


def snippet(shown: Shown, words: Sequence[Word], analyzer: Analyzer, wanted: str) -> str:
    """The piece that shows best why a thing was found.

    The first text in which a word stands, in the order of languages; then the other name in which one does; else the
    beginning of the first text.
    """
    stems = frozenset(stem for word in words for stem in word.stems)
    texts = _ordered(shown.texts, wanted)
    for text in texts:
        place = analyzer.place(text, stems)
        if place is not None:
            return _cut(text, place)
    label = in_language(shown.names, wanted)
    if shown.others and analyzer.place(label, stems) is None:
        found = [name for name in shown.others if name != label and analyzer.place(name, stems) is not None]
        if found:
            return _cut(", ".join(found), 0)
    return _cut(texts[0], 0) if texts else ""


def _ordered(texts: Mapping[str, str], wanted: str) -> list[str]:
    order = languages(wanted)
    return [texts[language] for language in (*order, *sorted(texts.keys() - set(order))) if language in texts]


def _cut(text: str, place: int) -> str:
    """At most `LENGTH` characters around a place, cut between words where there are any."""
    if len(text) <= LENGTH:
        return text
    start = max(0, min(place - _BEFORE, len(text) - LENGTH + 1))
    if start:
        space = text.find(" ", start, start + _BEFORE)
        start = space + 1 if 0 <= space < place else start
    end = start + LENGTH - 2
    if end < len(text):
        space = text.rfind(" ", start + LENGTH // 2, end)
        end = space if space > place else end
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
