"""Analysis: the words of a text as the index and a query both see them.

In: text of a source or of a user. Out: words in a common form. Tantivy has no tokenizer that splits camelCase, writes
"å" and "aa" alike or stems a word to the end, so all of it is done here, once, for both sides; the index is given
words with spaces between them. Norwegian and English are stemmed by tantivy's own stemmers (Snowball).

- Case, accents and å/aa, ø/oe, æ/ae do not matter (`fold`); ä and ö are read as æ and ø.
- A word is a run of letters and digits; `organisasjonsNummer`, `organisasjons_nummer` and `adresse2` also give
  their parts.
- The stem of a text in Norwegian (bokmål and nynorsk) or in English is that of its language, otherwise both are kept.
  The Norwegian stemmer takes off one ending: "nummeret" would become "nummer" and "nummer" become "numm", so it is
  applied twice. More often would be too much: "registerenheten" would become "regist".
- Compounds: `endings` of a word find "fødselsnummer" by "nummer" without any dictionary; see `kg.search.matching` for
  the other direction.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import tantivy

from kg.search.folding import fold

MAX_WORD: Final = 64
"""Longer words are cut there, in the index as in a query."""
SHORTEST_PART: Final = 3
"""What remains of a compound, on either side, has at least so many letters."""
_ENDINGS: Final = 2
"""So many endings are taken off a Norwegian word."""
_REMEMBERED: Final = 100_000
"""So many words are remembered with what they became."""
_REMEMBERED_ENDINGS: Final = 20_000

_WORD: Final = re.compile(r"[^\W_]+")
_LOWER, _UPPER = "a-zß-öø-ÿ", "A-ZÀ-ÖØ-Þ"
_SEAM: Final = re.compile(
    rf"(?<=[{_LOWER}])(?=[{_UPPER}])|(?<=[{_UPPER}])(?=[{_UPPER}][{_LOWER}])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)

_STOP_WORDS: Final = """
    og i jeg det at en et den til er som på de med han av ikke ikkje der så var meg seg men ett har om vi min mitt
    ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller eit ein ei eg me dei frå kva hva
    skal selv her alle vil bli ble blei vart vært kunne inn når være kom noen noko nokon dette disse for a an and
    are as be by from has in is it of on or that the this to was which with what who where how when hvilke hvilken
    hvilket hvem hvordan kven korleis nokre
    """


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its common forms.

    Attributes:
        whole: the word itself, folded.
        norwegian: its stem as a Norwegian word.
        english: its stem as an English one.
        parts: the folded pieces of camelCase and of letters beside digits; empty where there is one piece alone.
    """

    whole: str
    norwegian: str
    english: str
    parts: tuple["Word", ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """Both stems, once where they are the same."""
        return (self.norwegian,) if self.norwegian == self.english else (self.norwegian, self.english)


class Analyzer:
    """Makes words of texts; each holds stemmers and what it remembers, and is used by one thread at a time."""

    def __init__(self) -> None:
        raw = tantivy.Tokenizer.raw
        self._norwegian = tantivy.TextAnalyzerBuilder(raw()).filter(tantivy.Filter.stemmer("norwegian")).build()
        self._english = tantivy.TextAnalyzerBuilder(raw()).filter(tantivy.Filter.stemmer("english")).build()
        self._known: dict[str, Word] = {}
        self._endings: dict[str, tuple[str, ...]] = {}

    def words(self, text: str) -> list[Word]:
        """The words of a text in their order.

        >>> [(word.whole, word.norwegian) for word in Analyzer().words("Årsregnskapene til kommunen")]
        [('aarsregnskapene', 'aarsregnskap'), ('til', 'til'), ('kommunen', 'kommun')]
        >>> [part.whole for part in Analyzer().words("organisasjonsNummer")[0].parts]
        ['organisasjons', 'nummer']
        """
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        known, read = self._known.get, self._word
        return [known(written) or read(written) for written in _WORD.findall(text)]

    def place(self, text: str, stems: Collection[str]) -> int | None:
        """Where the first word with one of the stems begins; the text is in normal form C, so that places are its own.

        >>> Analyzer().place("nummer på kommunen", {"kommun"})
        10
        """
        for match in _WORD.finditer(text):
            word = self._known.get(match[0]) or self._word(match[0])
            if word.norwegian in stems or word.english in stems:
                return match.start()
            for part in word.parts:
                if part.norwegian in stems or part.english in stems:
                    return match.start()
        return None

    def endings(self, word: Word) -> tuple[str, ...]:
        """What a compound may end in: endings of the word as well as of its stem.

        Short words keep what compounds lose: "eier" stays so, and "huseier" becomes "husei".
        """
        found = self._endings.get(word.whole)
        if found is None:
            if len(self._endings) >= _REMEMBERED_ENDINGS:
                self._endings.clear()
            found = tuple(dict.fromkeys((*endings(word.norwegian), *endings(word.whole))))
            self._endings[word.whole] = found
        return found

    def stem(self, whole: str) -> str:
        """The Norwegian stem of a folded word."""
        return self.steps(whole)[-1]

    def steps(self, whole: str) -> tuple[str, ...]:
        """A folded word and what it is after each ending that is taken off, the stem last.

        >>> Analyzer().steps("nummeret")
        ('nummeret', 'nummer', 'numm')
        """
        steps = [whole]
        while whole and len(steps) <= _ENDINGS:
            stemmed = str(self._norwegian.analyze(steps[-1])[0])
            if stemmed in {steps[-1], ""}:
                break
            steps.append(stemmed)
        return tuple(steps)

    def _word(self, written: str) -> Word:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        word = self._known[written] = self._read(written)
        return word

    def _read(self, written: str) -> Word:
        pieces = [piece for piece in _SEAM.split(written[: 4 * MAX_WORD]) if piece]
        parts = tuple(map(self._plain, pieces)) if len(pieces) > 1 else ()
        plain = self._plain(written)
        return Word(plain.whole, plain.norwegian, plain.english, parts)

    def _plain(self, written: str) -> Word:
        whole = fold(written)[:MAX_WORD]
        return Word(whole, self.stem(whole), str(self._english.analyze(whole)[0]) if whole else "")


STOP_WORDS: Final = frozenset(map(fold, _STOP_WORDS.split()))
"""Words without a meaning of their own, folded, in bokmål, nynorsk and English: a search need not find them."""


def stems_of(words: Iterable[Word], language: str) -> list[str]:
    """The stems of the words of a text: those of its language, or of both where it is another or none.

    >>> stems_of(Analyzer().words("registers"), ""), stems_of(Analyzer().words("registers"), "nb")
    (['regist'], ['regist'])
    """
    if language in {"nb", "nn", "no"}:
        return [word.norwegian for word in words]
    if language == "en":
        return [word.english for word in words]
    return [stem for word in words for stem in word.stems]


def endings(word: str) -> list[str]:
    """What a compound may end in: each ending that leaves a part in front of it.

    >>> endings("postnumm")
    ['tnumm', 'numm', 'umm']
    """
    return [word[cut:] for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
