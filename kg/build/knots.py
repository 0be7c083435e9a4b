"""Numbers for nodes that hang together in a knot, whatever they were called and in whatever order they came.

In: nodes with marks (what is said of each alone) and links (what is said of several). Out: a number for each
node and a certificate. Two knots that differ only in the order or the labels of their nodes get the same
certificate, and numbers that agree. This is what RDFC-1.0 (RDF Dataset Canonicalization, section 4) does for
blank nodes; here colour refinement goes first and a search takes what is left, because RDFC's n-degree
hashing takes 5 s for a complete graph of 8 nodes and 3 s for a torus of 16, where this takes 15 and 25 ms.

The search is exponential in the worst case, so its work is capped. Beyond the cap nodes are told apart by the
order of the input, and the numbering says how many.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

SEARCH_STEPS: Final = 500_000
"""Steps that the search may take in one source: below a second."""

_REFINEMENT_STEPS_PER_END: Final = 30
"""Steps that refinement may take for each end of a link; random graphs and long rings take 3 to 5."""


@dataclass(frozen=True, slots=True)
class Link:
    """A statement about several nodes: its text with numbered gaps, and the nodes that stand in the gaps."""

    label: str
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of a knot's nodes.

    Attributes:
        numbers: for each node a number from 0 up, each once.
        certificate: equal for two knots if and only if they are the same but for names (unless `unsure`).
        unsure: how many nodes were told apart by the order of the input alone.
    """

    numbers: tuple[int, ...]
    certificate: str
    unsure: int


class Work:
    """Steps that may still be taken; a step looks at one link of one node, 1.5 µs."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> bool:
        """Take steps; False when there are not enough left."""
        self._left -= steps
        return self._left >= 0

    def allows(self, steps: int) -> bool:
        """Whether so many steps are left."""
        return self._left >= steps


def number(marks: Sequence[str], links: Sequence[Link], search: Work) -> Numbering:
    """Number the nodes of a knot.

    Args:
        marks: one text per node.
        links: they name nodes by their place in `marks`.
        search: what the search may spend; knots that are numbered in one go share it.
    """
    knot = _Knot(len(marks), links)
    ranks = {mark: rank for rank, mark in enumerate(sorted(set(marks)))}
    colouring = _Colouring({node: ranks[mark] for node, mark in enumerate(marks)}, range(len(marks)), len(marks))
    work = Work(_REFINEMENT_STEPS_PER_END * (len(marks) + sum(len(link.ends) for link in links)))
    tied: list[int] = []
    if knot.refine(colouring, range(len(marks)), work):
        tied = [node for node in range(len(marks)) if len(colouring.cells[colouring.colours[node]]) > 1]
        keys, unsure = _tell_apart(knot, colouring, tied, search)
    else:
        keys, unsure = {}, sum(len(cell) for cell in colouring.cells.values() if len(cell) > 1)
    order = sorted(range(len(marks)), key=lambda node: (keys.get(node, _ALONE), colouring.colours[node], node))
    numbers = [0] * len(marks)
    for place, node in enumerate(order):
        numbers[node] = place
    statements = sorted((link.label, *(numbers[end] for end in link.ends)) for link in links)
    return Numbering(tuple(numbers), _digest([*(marks[node] for node in order), *map(repr, statements)]), unsure)


_Key = tuple[str, int, int]
"""What orders tied nodes: certificate of their piece, which of the equal pieces, place within the piece."""

_ALONE: Final[_Key] = ("", 0, 0)


def _tell_apart(
    knot: "_Knot", colouring: "_Colouring", tied: Sequence[int], search: Work
) -> tuple[dict[int, _Key], int]:
    """Keys for nodes of equal colour, and how many of the keys rest on the order of the input.

    Tied nodes that hang together make a piece, linked to nothing else but nodes that are alone in their
    colour. Equal pieces can change places without changing the graph, so they are counted off in any order.
    """
    keys: dict[int, _Key] = {}
    copies: dict[str, int] = {}
    unsure = 0
    # Small pieces first, so that a large one cannot use up their share of the work.
    for piece in sorted(knot.pieces(tied), key=len):
        part = _Colouring({node: colouring.colours[node] for node in knot.around(piece)}, piece, colouring.fresh)
        found = knot.search(part, search)
        if found is None:
            found = knot.follow_input(part)
            unsure += len(piece)
        certificate = knot.certificate(found)
        copy = copies[certificate] = copies.get(certificate, -1) + 1
        for place, node in enumerate(sorted(piece, key=found.colours.__getitem__)):
            keys[node] = (certificate, copy, place)
    return keys, unsure


class _Colouring:
    """Colours of nodes, and the cells of equal colour among those nodes that can still change theirs."""

    __slots__ = ("cells", "colours", "fresh")

    def __init__(self, colours: dict[int, int], changeable: Iterable[int], fresh: int) -> None:
        self.colours = colours
        self.fresh = fresh
        self.cells: dict[int, set[int]] = {}
        for node in changeable:
            self.cells.setdefault(colours[node], set()).add(node)

    def copy(self) -> "_Colouring":
        twin = _Colouring(dict(self.colours), (), self.fresh)
        twin.cells = {colour: set(cell) for colour, cell in self.cells.items()}
        return twin

    def smallest_tie(self) -> set[int] | None:
        """The cell to break next, chosen by size and colour, which do not depend on names."""
        ties = [(len(cell), colour) for colour, cell in self.cells.items() if len(cell) > 1]
        return self.cells[min(ties)[1]] if ties else None

    def recolour(self, nodes: Iterable[int]) -> None:
        for node in nodes:
            self.colours[node] = self.fresh
        self.cells[self.fresh] = set(nodes)
        self.fresh += 1

    def single_out(self, node: int) -> None:
        self.cells[self.colours[node]].remove(node)
        self.recolour((node,))

    def split(self, colour: int, groups: dict[tuple[object, ...], list[int]]) -> list[int]:
        """Give the groups of a cell colours of their own and return the nodes whose colour changed.

        Nodes of the cell that are in no group are a group too. The largest keeps the colour: a node changes
        at most as often as its cell can be halved, and its neighbours need not look at those that stayed.
        """
        cell = self.cells[colour]
        parts = [groups[signature] for signature in sorted(groups)]
        grouped = sum(len(part) for part in parts)
        if len(parts) == 1 and grouped == len(cell):
            return []
        largest = max(len(part) for part in parts)
        if len(cell) - grouped >= largest:
            moving = parts
        else:
            rest = sorted(cell.difference(*parts))
            stays = next(part for part in parts if len(part) == largest)
            moving = [part for part in ([rest] if rest else []) + parts if part is not stays]
        changed: list[int] = []
        for part in moving:
            cell.difference_update(part)
            self.recolour(part)
            changed.extend(part)
        return changed


class _Knot:
    """For each node its links: what kind, which end of it the node is, and the other ends."""

    def __init__(self, size: int, links: Sequence[Link]) -> None:
        kinds = {label: rank for rank, label in enumerate(sorted({link.label for link in links}))}
        self.links: list[list[tuple[int, int, tuple[int, ...]]]] = [[] for _ in range(size)]
        for link in links:
            for place, end in enumerate(link.ends):
                others = link.ends[:place] + link.ends[place + 1 :]
                self.links[end].append((kinds[link.label], place, others))

    def around(self, piece: Sequence[int]) -> set[int]:
        """The nodes of a piece and their neighbours."""
        return {*piece, *(other for node in piece for _, _, others in self.links[node] for other in others)}

    def pieces(self, nodes: Sequence[int]) -> list[list[int]]:
        """The nodes parted into those that hang together through one another, in their order."""
        unseen = dict.fromkeys(nodes)
        pieces = []
        while unseen:
            first = next(iter(unseen))
            del unseen[first]
            piece = [first]
            for node in piece:
                for _, _, others in self.links[node]:
                    for other in others:
                        if other in unseen:
                            del unseen[other]
                            piece.append(other)
            pieces.append(sorted(piece))
        return pieces

    def signature(self, node: int, colours: dict[int, int]) -> tuple[object, ...]:
        """What a node's links look like in a colouring."""
        return tuple(
            sorted((kind, place, *(colours[other] for other in others)) for kind, place, others in self.links[node])
        )

    def refine(self, colouring: _Colouring, stirred: Iterable[int], work: Work) -> bool:
        """Split cells until equal colours mean equal signatures; False when the work ran out before that.

        `stirred` are the nodes whose signatures may have changed.
        """
        colours, cells = colouring.colours, colouring.cells
        stirred = set(stirred)
        while stirred:
            groups: dict[int, dict[tuple[object, ...], list[int]]] = {}
            for node in sorted(stirred):
                colour = colours[node]
                if len(cells.get(colour, ())) < 2:
                    continue
                if not work.spend(1 + len(self.links[node])):
                    return False
                groups.setdefault(colour, {}).setdefault(self.signature(node, colours), []).append(node)
            changed = [node for colour in sorted(groups) for node in colouring.split(colour, groups[colour])]
            stirred = {other for node in changed for _, _, others in self.links[node] for other in others}
        return True

    def certificate(self, colouring: _Colouring) -> str:
        """A text that says all about the links of a piece whose nodes have a colour each."""
        colours = colouring.colours
        nodes = sorted((node for cell in colouring.cells.values() for node in cell), key=colours.__getitem__)
        return _digest(repr((colours[node], self.signature(node, colours))) for node in nodes)

    def search(self, colouring: _Colouring, work: Work) -> _Colouring | None:
        """The colouring with the least certificate that singling nodes out can reach; None over the cap."""
        tie = colouring.smallest_tie()
        if tie is None:
            return colouring
        size = sum(1 + len(self.links[node]) for cell in colouring.cells.values() for node in cell)
        if not work.allows(len(tie) * size):
            return None
        try:
            found = self._explore(colouring, frozenset(), size, work)
        except _WorkSpentError:
            return None
        return found[1] if found else None

    def _explore(
        self, colouring: _Colouring, known: Iterable[str], size: int, work: Work
    ) -> tuple[str, _Colouring, set[str]] | None:
        """The least leaf below a colouring and all certificates there; None if the first leaf is known.

        A first leaf whose certificate an earlier branch had means that a symmetry maps that branch to this
        one, so this one holds nothing new. That turns the product of the choices into their sum where all are
        alike.
        """
        tie = colouring.smallest_tie()
        if tie is None:
            certificate = self.certificate(colouring)
            return None if certificate in known else (certificate, colouring, {certificate})
        best: tuple[str, _Colouring] | None = None
        seen: set[str] = set()
        for node in sorted(tie):
            branch = colouring.copy()
            branch.single_out(node)
            neighbours = {other for _, _, others in self.links[node] for other in others}
            if not work.spend(size) or not self.refine(branch, neighbours, work):
                raise _WorkSpentError
            found = self._explore(branch, seen if best else known, size, work)
            if found is None:
                if best is None:
                    return None
                continue
            if best is None or found[0] < best[0]:
                best = found[:2]
            seen |= found[2]
        return (*best, seen) if best else None

    def follow_input(self, colouring: _Colouring) -> _Colouring:
        """A colouring with each node alone: where nothing else decides, the first of the input goes first."""
        chosen = colouring.copy()
        work = Work(SEARCH_STEPS)
        while (tie := chosen.smallest_tie()) is not None:
            node = min(tie)
            chosen.single_out(node)
            neighbours = {other for _, _, others in self.links[node] for other in others}
            if not work.spend(len(chosen.cells)) or not self.refine(chosen, neighbours, work):
                for rest in sorted(node for cell in chosen.cells.values() if len(cell) > 1 for node in cell):
                    chosen.single_out(rest)
        return chosen


class _WorkSpentError(Exception):
    """The search reached its cap."""


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
