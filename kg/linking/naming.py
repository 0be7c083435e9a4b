"""Names as they are compared: what two agencies call one thing, whatever its case, spelling and inflection.

In: a name, "Kommunenummer", "kommune_nr" or "kommuneNr". Out: the key that all of them have in common, the same
stemmed, and the words that it is made of. The analysis of words is that of the text search; what is added is what
technical names need: abbreviations written out, letters outside ASCII in any of their spellings, compounds taken apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from kg.search.analysis import SHORTEST_PART, STOP_WORDS, Analyzer, Word

SHORTEST_COMPOUND: Final = 7
_SHORTEST_SPLIT: Final = 4
"""Words that a compound is split into have at least so many letters: shorter ones occur in others by chance."""
_WITHOUT_CONTENT: Final = frozenset(["har", "has", "er", "is", "ref", "refers", "liste", "list", "type"])
_BONDS: Final = ("s", "e")
"""What stands between the parts of a Norwegian compound."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name as it is compared.

    Attributes:
        key: its words as one, abbreviations written out.
        stem: the key without the ending of its inflection.
        words: stems of its words; compounds whole.
    """

    key: str
    stem: str
    words: tuple[str, ...]


def skeleton(folded: str) -> str:
    """A folded word with one letter for each of æ, ø and å, so that "fødsel", "foedsel" and "fodsel" are one.

    >>> skeleton("foedselsaar"), skeleton("fodselsar")
    ('fodselsar', 'fodselsar')
    """
    return folded.replace("aa", "a").replace("oe", "o").replace("ae", "e")


def abbreviations() -> Mapping[str, str]:
    """What short forms stand for."""
    text = (files("kg.linking") / "abbreviations.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return MappingProxyType(dict(rows))


class NameReader:
    """Makes forms of names; holds an analyser, so it is used by one thread at a time."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()
        self._known: dict[str, NameForm] = {}
        self._written_out = abbreviations()

    def form(self, name: str) -> NameForm:
        """The form of a name.

        >>> read = NameReader().form
        >>> read("kommuneNr") == read("Kommune-nummer"), read("orgnr").key
        (True, 'organisasjonsnummer')
        """
        form = self._known.get(name)
        if form is None:
            form = self._known[name] = self._read(name)
        return form

    def stems(self, text: str) -> list[str]:
        """Stems of the words of a running text that mean something."""
        return [
            skeleton(word.norwegian)
            for word in self._analyzer.words(text)
            if word.whole not in STOP_WORDS and len(word.whole) > 1
        ]

    def stem(self, word: str) -> str:
        """The stem of a folded word."""
        return skeleton(self._analyzer.stem(word))

    def _read(self, name: str) -> NameForm:
        pieces = [piece for word in self._analyzer.words(name) for piece in self._pieces(word)]
        wholes = [self._written_out.get(piece, piece) for piece in pieces]
        key = skeleton("".join(wholes))
        meaning = [word for word in wholes if word not in STOP_WORDS and word not in _WITHOUT_CONTENT] or wholes
        return NameForm(key, self.stem("".join(wholes)), tuple(dict.fromkeys(map(self.stem, meaning))))

    def _pieces(self, word: Word) -> list[str]:
        """The parts of camelCase, but where all of it together is an abbreviation."""
        whole = word.whole in self._written_out or not word.parts
        return [word.whole] if whole else [part.whole for part in word.parts]


class Compounds:
    """Takes compounds apart by the words that names are made of."""

    def __init__(self, words: Iterable[str]) -> None:
        counts = Counter(words)
        self._known = {word for word in counts if len(word) >= _SHORTEST_SPLIT}
        self._split: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """The words that a stem is made of, the last one being what it is; itself where it is none.

        >>> Compounds(["organisasjon", "numm"]).parts("organisasjonsnumm")
        ('organisasjon', 'numm')
        """
        parts = self._split.get(word)
        if parts is None:
            parts = self._split[word] = self._take_apart(word)
        return parts

    def _take_apart(self, word: str) -> tuple[str, ...]:
        if len(word) < SHORTEST_COMPOUND:
            return (word,)
        best: tuple[int, str, str] | None = None
        for cut in range(_SHORTEST_SPLIT, len(word) - SHORTEST_PART):
            last = word[cut:]
            if last not in self._known:
                continue
            for first in self._firsts(word[:cut]):
                if first in self._known and (best is None or abs(len(first) - len(last)) < best[0]):
                    best = (abs(len(first) - len(last)), first, last)
        if best is None:
            return (word,)
        return (*self.parts(best[1]), *self.parts(best[2]))

    @staticmethod
    def _firsts(beginning: str) -> Iterable[str]:
        """The stems that the first part may have."""
        yield beginning
        if beginning.endswith(_BONDS):
            yield beginning[:-1]
