"""Embeddings: likeness of meaning by vectors, where an embedding model is installed; off by default.

In: a model behind `Embedder`, and the columns. Out: one signal more, like the others, with a weight that was not
learnt. No model is a dependency of this program, and nothing is downloaded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.linking.columns import Floats, Rows
from kg.linking.elements import Elements
from kg.linking.scoring import Scorer
from kg.linking.signals import SIGNALS, Signal
from kg.linking.wording import LIKE_MEANING

PRIOR: Final = 2.0
"""Log-odds that vectors of one direction add."""
_LEAST: Final = 0.5
"""Any two texts of one language have a cosine of about this; only what is above it says something."""


class Embedder(Protocol):
    """A model that makes a vector of each text, all of one length."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text."""


def with_embedder(elements: Elements, embedder: Embedder) -> tuple[Signal, ...]:
    """The signals, and one of likeness by the vectors of names and definitions, which are made now."""
    texts = [f"{label}. {meaning}" for label, meaning in zip(elements.labels, elements.definitions, strict=True)]
    vectors = np.asarray(embedder.embed(texts), np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)

    def like_meaning(_elements: Elements, left: Rows, right: Rows) -> Floats:
        cosine = np.einsum("ij,ij->i", directions[left], directions[right])
        likeness: Floats = np.clip((cosine - _LEAST) / (1 - _LEAST), 0.0, 1.0)
        return likeness

    return (*SIGNALS, Signal(LIKE_MEANING, like_meaning, PRIOR, "vectors of an embedding model"))


def extended(scorer: Scorer, signals: Sequence[Signal]) -> Scorer:
    """The scorer with the weights of signals that were not learnt: what they are thought to be."""
    more = [signal.prior for signal in signals[len(scorer.weights) :]]
    return replace(scorer, weights=np.append(scorer.weights, more))
