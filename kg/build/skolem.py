"""Skolemise: names for blank nodes that are the same in every build.

In: the triples of one source, distinct and canonical. Out: the same graph with an IRI `B
.well-known/genid/{hash}` for each blank node (RDF 1.1 Concepts, section 3.5). The hash is taken of the
source, of all that is said of the node, down to the named nodes and literals on all sides, and below the top
of a tree of the name of the node above. So a name depends neither on labels nor on order, nor on anything in
the source that is not linked through blank nodes.

Two blank nodes that say the same in the same place stay two, as in the source; they are counted off, and
either may get either number, since they can change places. Nodes that do not hang in a tree go to
`kg.build.knots`.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.knots import SEARCH_STEPS, Link, Work, number

_Term = NamedNode | BlankNode | Literal | Triple
_MAY_BE_ANONYMOUS: Final = (BlankNode, Triple)


@dataclass(frozen=True, slots=True)
class Skolemised:
    """A graph without blank nodes.

    Attributes:
        triples: as many as came, in the same order.
        named: how many blank nodes got a name.
        unsure: how many of the names may change when the order of the source changes.
    """

    triples: list[Triple]
    named: int
    unsure: int


def skolemise(source_id: str, triples: Sequence[Triple], prefix: str) -> Skolemised:
    """Name the blank nodes of a source; `prefix` is what the names begin with."""
    description = _Description()
    places = []  # of the triples with blank nodes
    for place, triple in enumerate(triples):
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, BlankNode) or isinstance(object_, _MAY_BE_ANONYMOUS):
            description.add(triple, subject, object_)
            places.append(place)
    hashes, unsure = description.hashes(source_id)
    names = {node: NamedNode(prefix + hashes[index]) for node, index in description.nodes.items()}
    named = list(triples)
    for place in places:
        named[place] = _named(triples[place], names)
    return Skolemised(named, len(names), unsure)


def _named(triple: Triple, names: Mapping[BlankNode, NamedNode]) -> Triple:
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, BlankNode):
        subject = names[subject]
    elif not isinstance(object_, _MAY_BE_ANONYMOUS):
        return triple
    if isinstance(object_, BlankNode):
        object_ = names[object_]
    elif isinstance(object_, Triple):
        object_ = _named(object_, names)
    return Triple(subject, triple.predicate, object_)


class _Description:
    """What a graph says of its blank nodes, which are numbered in the order in which they come.

    Attributes:
        nodes: the number of each blank node.
    """

    def __init__(self) -> None:
        self.nodes: dict[BlankNode, int] = {}
        self._said: list[list[str]] = []  # of a node alone
        self._children: list[list[tuple[str, int]]] = []  # nodes named as objects, with the predicate
        self._parents: list[list[int]] = []
        self._links: list[Link] = []  # statements about several nodes that make neither parent nor child

    def add(self, triple: Triple, subject: _Term, object_: _Term) -> None:
        """Take in a triple that may hold blank nodes."""
        predicate = str(triple.predicate)
        if isinstance(object_, Triple):
            ends: dict[BlankNode, int] = {}
            label = f"{_gapped(subject, ends)} {predicate} {_gapped(object_, ends)}"
            if len(ends) == 1:
                self._said[self._index(next(iter(ends)))].append(f"= {label}")
            elif ends:
                self._links.append(Link(label, tuple(map(self._index, ends))))
        elif not isinstance(object_, BlankNode):
            if isinstance(subject, BlankNode):
                self._said[self._index(subject)].append(f"> {predicate} {object_}")
        elif not isinstance(subject, BlankNode):
            self._said[self._index(object_)].append(f"< {subject} {predicate}")
        elif subject == object_:
            self._said[self._index(subject)].append(f"@ {predicate}")
        else:
            parent, child = self._index(subject), self._index(object_)
            self._children[parent].append((predicate, child))
            self._parents[child].append(parent)

    def _index(self, node: BlankNode) -> int:
        index = self.nodes.get(node)
        if index is None:
            index = self.nodes[node] = len(self.nodes)
            self._said.append([])
            self._children.append([])
            self._parents.append([])
        return index

    def hashes(self, source_id: str) -> tuple[list[str], int]:
        """A hash for each node, all different, and how many of them rest on the order of the nodes."""
        contents = self._fold()
        hashes = [""] * len(self.nodes)
        copies: Counter[str] = Counter()
        done: list[int] = []
        for node, content in enumerate(contents):
            if content and not self._parents[node]:
                hashes[node] = _hash(source_id, "tree", content, str(copies[content]))
                copies[content] += 1
                done.append(node)
        unsure, search = 0, Work(SEARCH_STEPS)
        # Small knots first, so that a large one cannot use up their share of the work.
        for knot in sorted(self._knots(contents), key=lambda knot: len(knot.nodes)):
            numbering = number([self._content(node, contents) for node in knot.nodes], knot.links, search)
            unsure += numbering.unsure
            copy = copies[numbering.certificate]
            copies[numbering.certificate] += 1
            for node, place in zip(knot.nodes, numbering.numbers, strict=True):
                hashes[node] = _hash(source_id, "knot", numbering.certificate, str(copy), str(place))
                done.append(node)
        for node in done:  # grows: a node's children follow it
            twins: Counter[tuple[str, str]] = Counter()
            for predicate, child in self._children[node]:
                content = contents[child]
                if content:
                    key = (predicate, content)
                    hashes[child] = _hash(hashes[node], predicate, content, str(twins[key]))
                    twins[key] += 1
                    done.append(child)
        return hashes, unsure

    def _fold(self) -> list[str]:
        """The content of each node that has at most one parent and nothing but such nodes below; else empty.

        From the leaves up, without recursion: a list of ten thousand cells is a tree of that depth.
        """
        contents = [""] * len(self.nodes)
        linked = {end for link in self._links for end in link.ends}
        pending = [len(children) for children in self._children]
        ready = [node for node, count in enumerate(pending) if not count]
        for node in ready:  # grows: a parent follows its last child
            parents = self._parents[node]
            if len(parents) > 1 or node in linked:
                continue
            contents[node] = self._content(node, contents)
            if parents:
                pending[parents[0]] -= 1
                if not pending[parents[0]]:
                    ready.append(parents[0])
        return contents

    def _content(self, node: int, contents: Sequence[str]) -> str:
        below = [f"+ {predicate} {contents[child]}" for predicate, child in self._children[node] if contents[child]]
        return _hash(*sorted(self._said[node]), *sorted(below))

    def _knots(self, contents: Sequence[str]) -> "Iterable[_KnotOfNodes]":
        """The nodes that were not folded, parted into those that hang together."""
        links = [
            Link(predicate, (parent, child))
            for parent, children in enumerate(self._children)
            for predicate, child in children
            if not contents[child]
        ]
        links.extend(self._links)
        by_node: dict[int, list[Link]] = defaultdict(list)
        for link in links:
            for end in link.ends:
                by_node[end].append(link)
        unseen = dict.fromkeys(node for node, content in enumerate(contents) if not content)
        while unseen:
            first = next(iter(unseen))
            del unseen[first]
            nodes = [first]
            for node in nodes:  # grows
                for link in by_node[node]:
                    for end in link.ends:
                        if end in unseen:
                            del unseen[end]
                            nodes.append(end)
            nodes.sort()
            place = {node: index for index, node in enumerate(nodes)}
            yield _KnotOfNodes(
                nodes,
                [
                    Link(link.label, tuple(place[end] for end in link.ends))
                    for node in nodes
                    for link in by_node[node]
                    if link.ends[0] == node
                ],
            )


@dataclass(frozen=True, slots=True)
class _KnotOfNodes:
    nodes: Sequence[int]
    links: Sequence[Link]


def _gapped(term: _Term, ends: dict[BlankNode, int]) -> str:
    """N-Triples text with a numbered gap for each blank node; `ends` takes in the nodes in that order."""
    if isinstance(term, BlankNode):
        return f"_:{ends.setdefault(term, len(ends))}"
    if isinstance(term, Triple):
        inner = (_gapped(part, ends) for part in (term.subject, term.predicate, term.object))
        return f"<<( {' '.join(inner)} )>>"
    return str(term)


def _hash(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
