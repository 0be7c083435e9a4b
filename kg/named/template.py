"""A text with places that terms go into.

In: query text, its blocks and the IRIs of ours in it. Out: a `Template`, which is filled by joining its pieces: the
places were found by the tokenizer once, so that nothing is searched for, and nothing replaced, in what a client sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.named.structure import Block
from kg.named.types import Term
from kg.namespaces import DEFAULT_BASE_IRI, Names


@dataclass(frozen=True, slots=True)
class Hole:
    """The contents of a VALUES block: `written` is what the file has there."""

    name: str
    written: str


@dataclass(frozen=True, slots=True)
class Own:
    """The base of an IRI of ours."""


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces of text, blocks, and bases of our own IRIs, in their order."""

    pieces: tuple[str | Hole | Own, ...]

    @classmethod
    def of(cls, text: str, start: int, end: int, blocks: Iterable[Block], own_iris: Iterable[int]) -> "Template":
        """The template of a part of a text."""
        inner = [(block.start, block.end, Hole(block.name, text[block.start : block.end])) for block in blocks]
        bases = [(place, place + len(DEFAULT_BASE_IRI), Own()) for place in own_iris]
        bases = [base for base in bases if not any(left <= base[0] < right for left, right, _ in inner)]
        pieces: list[str | Hole | Own] = []
        place = start
        spans: list[tuple[int, int, Hole | Own]] = [*inner, *bases]
        for left, right, piece in sorted(spans, key=lambda span: span[0]):
            if start <= left and right <= end:
                pieces += [text[place:left], piece]
                place = right
        return cls((*pieces, text[place:end]))

    def fill(self, values: Mapping[str, Sequence[Term]], names: Names) -> str:
        """The text with terms in its blocks, UNDEF where there is none; a block without an entry stays as it is."""
        return "".join(self._filled(piece, values, names) for piece in self.pieces)

    @staticmethod
    def _filled(piece: str | Hole | Own, values: Mapping[str, Sequence[Term]], names: Names) -> str:
        if isinstance(piece, Own):
            return names.base
        if isinstance(piece, str):
            return piece
        if piece.name not in values:
            return piece.written
        return f" {' '.join(map(str, values[piece.name])) or 'UNDEF'} "
