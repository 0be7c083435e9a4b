"""Finding: candidates between two models, one model and all, or one model and the concepts.

In: the columns of a generation and what is asked. Out: candidates, the best first, and what is said of the things in
them. What is linked already, and what was rejected, is no candidate.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import NotFound
from kg.linking.blocking import Blocking
from kg.linking.candidate import Candidate, Relation, candidate_id
from kg.linking.columns import Rows
from kg.linking.elements import Description, Elements
from kg.linking.scoring import Scorer
from kg.linking.signals import NAMES, SIGNALS, Signal, features
from kg.linking.vocabulary import Kind
from kg.linking.wish import UNDECIDED, Wish
from kg.linking.wording import Wording

_SAME: Final = 0.5
"""From this score on a candidate with the same name or concept is suggested to be the same."""
_TOGETHER: Final = 1_000
"""So many things are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the best candidates, how many there are in all, and the things in those that are told."""

    candidates: tuple[Candidate, ...]
    total: int
    things: Mapping[str, Description]

    def to_json(self, status: Callable[[str, str], str] = lambda _left, _right: UNDECIDED) -> dict[str, Any]:
        """As `/links/candidates` gives it; `status` says what was decided of a pair."""
        return {
            "total": self.total,
            "candidates": [each.to_json() | {"status": status(each.left, each.right)} for each in self.candidates],
            "things": {iri: _thing_json(thing) for iri, thing in self.things.items()},
        }


@dataclass(frozen=True)
class Matcher:
    """Finds candidates in one generation; used by one thread at a time."""

    elements: Elements
    scorer: Scorer
    signals: Sequence[Signal] = SIGNALS
    blocking: Blocking = field(init=False)
    wording: Wording = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocking", Blocking(self.elements))
        object.__setattr__(self, "wording", Wording(self.elements, self.signals))

    def find(self, wish: Wish, rejected: Collection[str] = frozenset()) -> Found:
        """The candidates that are asked for, without those whose ids were rejected.

        Raises:
            ParameterError: a part of the wish is wrong.
            NotFound: there is no such model or thing.
        """
        wish.check()
        lefts, allowed, within = self._sides(wish)
        left, right, values, scores = self._scored(lefts, allowed, within=within)
        fit = scores >= wish.least
        if within:
            fit &= left < right
        chosen = self._without(rejected, left, right, np.flatnonzero(fit))
        chosen = chosen[_best_of_each(left[chosen], scores[chosen], wish.each)]
        iris = self.elements.iris
        order = chosen[np.lexsort((right[chosen], left[chosen], -scores[chosen]))]
        told = order[: wish.limit]
        candidates = tuple(self._told(left[told], right[told], values[told], scores[told]))
        rows = sorted({int(row) for row in (*left[told], *right[told])})
        return Found(candidates, len(order), {iris[row]: self.elements.describe(row) for row in rows})

    def find_all(
        self, watch: Callable[[int, int], None], wish: Wish, rejected: Collection[str] = frozenset()
    ) -> Iterator[Candidate]:
        """The best candidates of everything with everything in another model, each pair once, by left thing.

        Raises:
            ParameterError: a part of the wish is wrong; its sides do not matter.
        """
        wish.check()
        elements = self.elements
        rows = np.flatnonzero(elements.kinds != Kind.CONCEPT)
        allowed = np.ones(len(elements), np.bool_) if wish.concepts else elements.kinds != Kind.CONCEPT
        for begin in range(0, len(rows), _TOGETHER):
            watch(begin, len(rows))
            left, right, values, scores = self._scored(rows[begin : begin + _TOGETHER], allowed, within=False)
            chosen = np.flatnonzero((scores >= wish.least) & ((left < right) | (elements.kinds[right] == Kind.CONCEPT)))
            chosen = self._without(rejected, left, right, chosen)
            chosen = chosen[_best_of_each(left[chosen], scores[chosen], wish.each)]
            yield from self._told(left[chosen], right[chosen], values[chosen], scores[chosen])
        watch(len(rows), len(rows))

    def score(self, left: str, right: str) -> Candidate | None:
        """The candidate that two things are, however unlikely; None where nothing speaks for it.

        Raises:
            NotFound: one of them is no element or concept.
        """
        one, other = (np.array([self._row(iri)], np.int64) for iri in (left, right))
        values = features(self.elements, one, other, self.signals)
        return next(self._told(one, other, values, self.scorer.scores(values)), None)

    def _without(self, rejected: Collection[str], left: Rows, right: Rows, chosen: Rows) -> Rows:
        """The pairs that were chosen but for the rejected ones."""
        if not rejected:
            return chosen
        iris = self.elements.iris
        pairs = ((int(left[number]), int(right[number])) for number in chosen)
        kept = [candidate_id(iris[one], iris[other]) not in rejected for one, other in pairs]
        return chosen[np.array(kept, np.bool_)]

    def _row(self, iri: str) -> int:
        row = self.elements.iris.find(iri)
        if row < 0:
            what = "is neither an information model nor an element or concept"
            raise NotFound(what, where=iri[:300], hint="/search?type=model finds models")
        return row

    def _side(self, iri: str) -> Rows:
        """The rows of a model, or the one row of a thing."""
        if self.elements.model_iris.find(iri) >= 0:
            return self.elements.in_model(iri)
        return np.array([self._row(iri)], np.int64)

    def _sides(self, wish: Wish) -> tuple[Rows, NDArray[np.bool_], bool]:
        """What partners are found for, what may be one, and whether two of one model may be partners."""
        lefts = self._side(wish.left)
        kinds = self.elements.kinds
        if wish.concepts:
            return lefts, np.asarray(kinds == Kind.CONCEPT), False
        if not wish.right:
            return lefts, np.asarray(kinds != Kind.CONCEPT), False
        allowed = np.zeros(len(self.elements), np.bool_)
        allowed[self._side(wish.right)] = True
        return lefts, allowed, wish.right == wish.left

    def _scored(
        self, lefts: Rows, allowed: NDArray[np.bool_], *, within: bool
    ) -> tuple[Rows, Rows, NDArray[np.float64], NDArray[np.float64]]:
        """Pairs that are not linked yet and for which something speaks, with the values of signals and scores."""
        left, right = self.blocking.pairs(lefts, allowed, within=within)
        linked = _joined(self.elements, left, right)
        left, right = left[~linked], right[~linked]
        values = features(self.elements, left, right, self.signals)
        spoken = (self.scorer.shares(values) > 0).any(axis=1)
        left, right, values = left[spoken], right[spoken], values[spoken]
        return left, right, values, self.scorer.scores(values)

    def _told(
        self, left: Rows, right: Rows, values: NDArray[np.float64], scores: NDArray[np.float64]
    ) -> Iterator[Candidate]:
        iris, shares = self.elements.iris, self.scorer.shares(values)
        relations = suggested(self.elements, left, right, values, scores)
        for number, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            if reasons := self.wording.reasons(one, other, shares[number]):
                of_signal = zip(self.signals, values[number], strict=True)
                told = {signal.name: round(float(value), 4) for signal, value in of_signal if value}
                score = round(float(scores[number]), 4)
                yield Candidate(iris[one], iris[other], score, reasons, relations[number], told)


def suggested(
    elements: Elements, left: Rows, right: Rows, values: NDArray[np.float64], scores: NDArray[np.float64]
) -> list[Relation]:
    """The relation that is suggested for each pair.

    What has the same name or concept and is more likely right than not is exact. Where all words of one name are in
    the other, and what the thing is, its last word, is the same, the one with fewer words is broader.
    """
    weights, sums = elements.word_weights, elements.word_sums
    shared = elements.words.shared(left, right, weights)
    one_head = (elements.heads[left] == elements.heads[right]) & (elements.heads[left] >= 0)
    all_of_left = one_head & np.isclose(shared, sums[left]) & (shared < sums[right] - 1e-6)
    all_of_right = one_head & np.isclose(shared, sums[right]) & (shared < sums[left] - 1e-6)
    same = (values[:, NAMES.index("same-name")] + values[:, NAMES.index("shared-concept")]) > 0
    other_kind = values[:, NAMES.index("other-kind")] > 0
    relations = []
    for number in range(len(left)):
        if other_kind[number]:
            relation = Relation.RELATED
        elif same[number]:
            relation = Relation.EXACT if scores[number] >= _SAME else Relation.CLOSE
        elif all_of_right[number] or all_of_left[number]:
            relation = Relation.BROAD if all_of_right[number] else Relation.NARROW
        else:
            relation = Relation.CLOSE if scores[number] >= _SAME else Relation.RELATED
        relations.append(relation)
    return relations


def _joined(elements: Elements, left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Whether one of the two refers to the other, or is linked with it."""
    return elements.refers.has(left, right) | elements.refers.has(right, left)


def _best_of_each(left: Rows, scores: NDArray[np.float64], each: int) -> Rows:
    """The places of the best so many of each left row; of equals those that come first."""
    order = np.lexsort((np.arange(len(left)), -scores, left))
    begins = np.searchsorted(left[order], left[order], side="left")
    return order[np.arange(len(order)) - begins < each]


def _thing_json(thing: Description) -> dict[str, str | None]:
    return {name: value or None for name, value in asdict(thing).items() if name != "iri"}
