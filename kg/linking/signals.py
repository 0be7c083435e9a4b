"""Signals: what two things have in common, each as a number from 0 to 1.

In: pairs of rows. Out: for each signal a column of values. A signal is a function and a row of `SIGNALS`; the score is
a sum over them (`kg.linking.scoring`), so that each can be said in words (`kg.linking.wording`). All are symmetric:
which of the two is left does not matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kg.linking.columns import Floats, Rows
from kg.linking.elements import Elements
from kg.linking.vocabulary import Kind

_LEAST_LIKE: Final = 70.0
"""Names less alike than this, in percent, are not alike at all."""
_PARTS: Final = (Kind.PROPERTY, Kind.CODE)
_SHORTEST_LIKE: Final = 5
"""Shorter names are a letter or two away from many."""

Values = Callable[[Elements, Rows, Rows], Floats]


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to have in common.

    Attributes:
        name: as in `Reason.signal` and in the file of weights.
        prior: the weight, in log-odds, that it is thought to have before any link has been seen.
        against: whether it speaks against a pair; its weight is then never above zero, otherwise never below.
        does: what it is, for the documentation.
    """

    name: str
    values: Values
    prior: float
    does: str
    against: bool = False


def shared_concept(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Both are about one concept, or about two that are said to be the same."""
    return np.minimum(elements.concepts.shared(left, right), 1.0)


def same_name(elements: Elements, left: Rows, right: Rows) -> Floats:
    """They have a name in common, whatever its case and spelling."""
    return np.minimum(elements.keys.shared(left, right), 1.0)


def lone_name(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Few others have the name that they have in common."""
    return np.minimum(elements.keys.shared(left, right, elements.lone), 1.0)


def same_stem(elements: Elements, left: Rows, right: Rows) -> Floats:
    """They have a name in common in another inflection."""
    inflected = np.minimum(elements.stems.shared(left, right), 1.0)
    return np.where(elements.keys.shared(left, right) > 0, 0.0, inflected)


def composed_name(elements: Elements, left: Rows, right: Rows) -> Floats:
    """The name of one is that of the other's class and its own in one word: person and navn, and personnavn."""
    one = elements.composed.shared(left, right, of_right=elements.keys)
    other = elements.composed.shared(right, left, of_right=elements.keys)
    return np.minimum(one + other, 1.0)


def shared_words(elements: Elements, left: Rows, right: Rows) -> Floats:
    """How much of the words of both their names is in both, rare words counting more."""
    shared = elements.words.shared(left, right, elements.word_weights)
    return _share(shared, elements.word_sums[left] + elements.word_sums[right] - shared)


def like_name(elements: Elements, left: Rows, right: Rows) -> Floats:
    """How alike their names are, letter by letter."""
    needed = np.unique(np.concatenate((left, right)))
    texts = {int(row): elements.primary[int(row)] for row in needed}
    ones, others = [texts[row] for row in left.tolist()], [texts[row] for row in right.tolist()]
    likeness = process.cpdist(ones, others, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, dtype=np.float64)
    shortest = np.minimum([len(text) for text in ones], [len(text) for text in others])
    return np.where(shortest < _SHORTEST_LIKE, 0.0, np.maximum(0.0, likeness - _LEAST_LIKE) / (100 - _LEAST_LIKE))


def like_definition(elements: Elements, left: Rows, right: Rows) -> Floats:
    """How much of the words of their definitions is in both, as a cosine of weights of the kind of BM25's."""
    norms = elements.meaning_norms
    shared = elements.meaning.shared(left, right, elements.meaning_weights)
    return np.minimum(_share(shared, norms[left] * norms[right]), 1.0)


def same_datatype(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Their values are of one family of simple types, as far as their names have words in common."""
    families = elements.families
    same = (families[left] >= 0) & (families[left] == families[right])
    return np.where(same, shared_words(elements, left, right), 0.0)


def other_datatype(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Their values are of different families of simple types, of which text may hold any."""
    one, other = elements.families[left], elements.families[right]
    return np.where((one > 0) & (other > 0) & (one != other), 1.0, 0.0)


def same_target(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Their values are of classes that have a name in common, as far as their own names have words in common."""
    one, other = elements.targets[left].astype(np.int64), elements.targets[right].astype(np.int64)
    return shared_words(elements, left, right) * np.minimum(elements.keys.shared(one, other), 1.0)


def shared_codes(elements: Elements, left: Rows, right: Rows) -> Floats:
    """How many of the codes of both their lists are in both."""
    shared = elements.codes.shared(left, right)
    lengths = elements.codes.lengths
    return _share(shared, lengths[left] + lengths[right] - shared)


def same_parent(elements: Elements, left: Rows, right: Rows) -> Floats:
    """They have one name, and so have the classes that they are properties of or the lists that they are codes of."""
    one, other = elements.parents[left], elements.parents[right]
    return _one_name(elements, left, right) * _one_name(elements, one, other)


def shared_neighbours(elements: Elements, left: Rows, right: Rows) -> Floats:
    """How much of what stands beside them has a name in common: properties, siblings, codes.

    All properties of two like classes have siblings in common, and so have codes, so there it counts for those alone
    that have one name.
    """
    shared = elements.near.shared(left, right, elements.key_weights)
    likeness = _share(shared, elements.near_sums[left] + elements.near_sums[right] - shared)
    part = np.isin(elements.kinds[left], _PARTS) | np.isin(elements.kinds[right], _PARTS)
    return likeness * np.where(part, _one_name(elements, left, right), 1.0)


def other_kind(elements: Elements, left: Rows, right: Rows) -> Floats:
    """One is a class and the other a property or a list; concepts may be about anything."""
    one, other = elements.kinds[left], elements.kinds[right]
    return np.where((one != other) & (one != Kind.CONCEPT) & (other != Kind.CONCEPT), 1.0, 0.0)


def _one_name(elements: Elements, left: Rows, right: Rows) -> Floats:
    """Whether they have a name in common in any inflection."""
    return np.minimum(elements.keys.shared(left, right) + elements.stems.shared(left, right), 1.0)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


SIGNALS: Final = (
    Signal("shared-concept", shared_concept, 5.0, "both refer to one concept, or to equivalent ones"),
    Signal("same-name", same_name, 3.0, "a name in common, in any language, case or spelling"),
    Signal("lone-name", lone_name, 2.5, "how few others have that name"),
    Signal("same-stem", same_stem, 1.5, "a name in common in another inflection"),
    Signal("composed-name", composed_name, 1.5, "one is called what class and property are together"),
    Signal("shared-words", shared_words, 2.0, "words of the names, compounds taken apart, rare ones first"),
    Signal("like-name", like_name, 1.0, "names alike letter by letter"),
    Signal("like-definition", like_definition, 4.0, "words of the definitions, rare ones first"),
    Signal("same-datatype", same_datatype, 0.5, "names with words in common, and values of one family of data types"),
    Signal("other-datatype", other_datatype, -1.0, "values of different families", against=True),
    Signal("same-target", same_target, 1.0, "names with words in common, and values of classes with a name in common"),
    Signal("shared-codes", shared_codes, 3.0, "codes in common"),
    Signal("same-parent", same_parent, 1.5, "one name, and parts of classes or lists with a name in common"),
    Signal("shared-neighbours", shared_neighbours, 2.0, "properties, siblings or codes with names in common"),
    Signal("other-kind", other_kind, -1.0, "one is a class and the other a property or a list", against=True),
)
"""All signals, in the order of the documentation."""
NAMES: Final = tuple(signal.name for signal in SIGNALS)


def features(elements: Elements, left: Rows, right: Rows, signals: Sequence[Signal] = SIGNALS) -> NDArray[np.float64]:
    """The values of signals: a row for each pair, a column for each signal."""
    if not len(left):
        return np.zeros((0, len(signals)))
    return np.column_stack([signal.values(elements, left, right) for signal in signals])
