"""Wording: what speaks for a candidate, as sentences in both languages.

In: a pair, and what each signal adds to its score. Out: reasons, the strongest first. A sentence says what is the
case, with the names that are compared, and nothing of how likely that makes the pair: the score does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Final

import numpy as np

from kg.linking.candidate import Reason
from kg.linking.columns import Floats
from kg.linking.elements import Elements
from kg.linking.naming import NameReader
from kg.linking.signals import NAMES, SIGNALS, Signal
from kg.linking.vocabulary import FAMILIES, Kind

MOST_REASONS: Final = 6
LIKE_MEANING: Final = "like-meaning"
"""The signal of `kg.linking.embedding`, which is off unless an embedding model is given."""
LEAST_SHARE: Final = 0.1
"""A reason that adds less to the log-odds is not worth a sentence, if there are others."""
_SHOWN_NAME: Final = 80
_SHOWN_WORDS: Final = 4
_FAMILY_NAMES: Final = {
    "text": ("tekst", "text"),
    "date": ("dato", "date"),
    "time": ("tidspunkt", "point in time"),
    "year": ("år", "year"),
    "whole": ("heltall", "whole number"),
    "decimal": ("desimaltall", "decimal number"),
    "boolean": ("ja eller nei", "yes or no"),
    "iri": ("adresse på nettet", "web address"),
    "binary": ("binære data", "binary data"),
}

_SAID_BY_SAME_NAME: Final = frozenset({"shared-words", "like-name"})
"""What goes without saying where two have a name in common."""
_SAME_NAME: Final = NAMES.index("same-name")
_LONE_NAME: Final = NAMES.index("lone-name")

Sentences = tuple[str, str]


@dataclass(frozen=True)
class Wording:
    """Puts reasons into words; holds an analyser, so it is used by one thread at a time."""

    elements: Elements
    signals: Sequence[Signal] = SIGNALS
    reader: NameReader = field(default_factory=NameReader)

    def reasons(self, left: int, right: int, shares: Floats) -> tuple[Reason, ...]:
        """The reasons for a pair; none only where nothing speaks for it.

        Args:
            left: row of the one.
            right: row of the other.
            shares: what each signal adds to the log-odds, in the order of `signals`.
        """
        shares = _together(shares)
        order = [int(number) for number in np.argsort(-shares, kind="stable") if shares[number] > 0]
        if _SAME_NAME in order:
            order = [number for number in order if self.signals[number].name not in _SAID_BY_SAME_NAME]
        told = [number for number in order if shares[number] >= LEAST_SHARE] or order[:1]
        return tuple(
            Reason(name, round(float(shares[number]), 3), *SENTENCES[name](self, left, right))
            for number in told[:MOST_REASONS]
            for name in (self.signals[number].name,)
        )

    def label(self, row: int) -> str:
        """The name that a thing is shown under, cut where it is long."""
        name = self.elements.labels[row]
        return name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME - 1]}…"

    def shared_names(self, left: int, right: int, of: str) -> tuple[str, str]:
        """A name of each of the two of which the key, or the stem, is one; what they are called where there is none."""
        own = {getattr(self.reader.form(name), of): name for _, name in reversed(self.elements.named(right))}
        for _, name in self.elements.named(left):
            if other := own.get(getattr(self.reader.form(name), of)):
                return name[:_SHOWN_NAME], other[:_SHOWN_NAME]
        return self.label(left), self.label(right)

    def shared_words(self, left: int, right: int) -> list[str]:
        """The longest words that both shown definitions have, as the left one writes them."""
        ours, theirs = self.elements.definitions[left], self.elements.definitions[right]
        both = set(self.reader.stems(theirs))
        words = [word.strip(".,;:()«»\"'") for word in ours.split()]
        kept = {stems[0]: word for word in words if len(stems := self.reader.stems(word)) == 1 and stems[0] in both}
        return sorted(dict.fromkeys(kept.values()), key=lambda word: (-len(word), word))[:_SHOWN_WORDS]


def _shared_concept(told: Wording, left: int, right: int) -> Sentences:
    elements = told.elements
    shared = np.intersect1d(elements.concepts.row(left), elements.concepts.row(right))
    cluster = int(shared[0])
    concepts = [int(row) for row in elements.with_concept.row(cluster) if elements.kinds[row] == Kind.CONCEPT]
    name = f"«{told.label(concepts[0])}»" if concepts else f"<{elements.concept_iris[cluster]}>"
    if Kind.CONCEPT in {elements.kinds[left], elements.kinds[right]}:
        return (
            f"det ene viser til et begrep som er sagt å bety det samme som det andre: {name}",
            f"one refers to a concept that is said to mean the same as the other: {name}",
        )
    return f"begge viser til begrepet {name}", f"both refer to the concept {name}"


def _together(shares: Floats) -> Floats:
    """Shares where that of how rare a name is goes with that of the name."""
    shares = shares.copy()
    shares[_SAME_NAME] += shares[_LONE_NAME]
    shares[_LONE_NAME] = 0
    return shares


def _same_name(told: Wording, left: int, right: int) -> Sentences:
    elements = told.elements
    one, other = told.shared_names(left, right, "key")
    if one == other:
        nb, en = f"begge heter «{one}»", f"both are called “{one}”"
    else:
        nb, en = f"navnene «{one}» og «{other}» er det samme", f"the names “{one}” and “{other}” are the same"
    shared = np.intersect1d(elements.keys.row(left), elements.keys.row(right))
    holders = int(elements.with_key.lengths[shared].min()) - 2
    if holders <= 0:
        return f"{nb}, og ingen andre har det navnet", f"{en}, and nothing else has that name"
    if holders == 1:
        return f"{nb}, et navn som også ett annet har", f"{en}, a name that one other has too"
    return f"{nb}, et navn som også {holders} andre har", f"{en}, a name that {holders} others have too"


def _same_stem(told: Wording, left: int, right: int) -> Sentences:
    one, other = told.shared_names(left, right, "stem")
    return (
        f"«{one}» og «{other}» er samme navn i ulik bøyning",
        f"“{one}” and “{other}” are the same name in different inflections",
    )


def _composed_name(told: Wording, left: int, right: int) -> Sentences:
    elements = told.elements
    whole, part = left, right
    if not len(np.intersect1d(elements.composed.row(part), elements.keys.row(whole))):
        whole, part = right, left
    keys = {told.reader.form(name).key: name[:_SHOWN_NAME] for _, name in elements.named(whole)}
    firsts = [first for row in elements.owners.row(part) for _, first in elements.named(int(row))]
    for first, last in product(firsts, [last for _, last in elements.named(part)]):
        if name := keys.get(told.reader.form(first).key + told.reader.form(last).key):
            return f"«{name}» er «{first}» og «{last}» i ett ord", f"“{name}” is “{first}” and “{last}” in one word"
    name, last = told.label(whole), told.label(part)
    return f"«{name}» er navnet på klassen og «{last}» i ett", f"“{name}” is the name of the class and “{last}” in one"


def _shared_words(told: Wording, left: int, right: int) -> Sentences:
    one, other = told.label(left), told.label(right)
    return f"navnene «{one}» og «{other}» har ord til felles", f"the names “{one}” and “{other}” share words"


def _like_name(told: Wording, left: int, right: int) -> Sentences:
    one, other = told.label(left), told.label(right)
    return f"«{one}» og «{other}» skrives nesten likt", f"“{one}” and “{other}” are spelt much alike"


def _like_definition(told: Wording, left: int, right: int) -> Sentences:
    words = told.shared_words(left, right)
    if not words:
        return "definisjonene har ord til felles", "the definitions share words"
    listed = ", ".join(words)
    return f"definisjonene har til felles: {listed}", f"the definitions share: {listed}"


def _same_datatype(told: Wording, left: int, _right: int) -> Sentences:
    nb, en = _FAMILY_NAMES[FAMILIES[int(told.elements.families[left])]]
    return f"begge har datatypen {nb}", f"both have the data type {en}"


def _same_target(told: Wording, left: int, right: int) -> Sentences:
    one, other = (told.label(int(told.elements.targets[row])) for row in (left, right))
    return f"verdiene er av klassene «{one}» og «{other}»", f"values are of the classes “{one}” and “{other}”"


def _shared_codes(told: Wording, left: int, right: int) -> Sentences:
    codes = told.elements.codes
    shared = len(np.intersect1d(codes.row(left), codes.row(right)))
    return f"kodelistene har {shared} navn og koder til felles", f"the code lists share {shared} names and codes"


def _same_parent(told: Wording, left: int, right: int) -> Sentences:
    one, other = (told.label(int(told.elements.parents[row])) for row in (left, right))
    return f"de er deler av «{one}» og «{other}»", f"they are parts of “{one}” and “{other}”"


def _shared_neighbours(told: Wording, left: int, right: int) -> Sentences:
    near = told.elements.near
    shared = len(np.intersect1d(near.row(left), near.row(right)))
    if shared == 1:
        return "ved siden av begge står noe med samme navn", "beside both stands something of the same name"
    return f"ved siden av begge står {shared} med samme navn", f"beside both stand {shared} of the same names"


def _like_meaning(_told: Wording, _left: int, _right: int) -> Sentences:
    return (
        "navn og definisjoner ligner i betydning, etter en språkmodell",
        "names and definitions are alike in meaning, by a language model",
    )


SENTENCES: Final = MappingProxyType[str, Callable[[Wording, int, int], Sentences]](
    {
        "shared-concept": _shared_concept,
        "same-name": _same_name,
        "same-stem": _same_stem,
        "composed-name": _composed_name,
        "shared-words": _shared_words,
        "like-name": _like_name,
        "like-definition": _like_definition,
        "same-datatype": _same_datatype,
        "same-target": _same_target,
        "shared-codes": _shared_codes,
        "same-parent": _same_parent,
        "shared-neighbours": _shared_neighbours,
        LIKE_MEANING: _like_meaning,
    }
)
"""What each signal says that speaks for a pair; how rare a name is goes with the name."""
