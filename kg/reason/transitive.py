"""Transitive properties: everything that can be reached, without joining a property with itself over and over.

In: the pairs of one property that other rules and the sources gave. Out: its closure. A shallow property is closed by
steps along its given pairs, a deep one by its strongly connected components in topological order, one that is symmetric
too by connected components. The closure can be quadratic in what is given, so it has a limit, and a property that would
pass it is left as it is and named.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from kg.reason.arrays import EMPTY, Ids, contains, distinct, firsts, matches, pack, seconds, union

MAX_PAIRS = 5_000_000
"""Pairs that the closure of one property may have; a chain of 3 160 things has that many."""

_SHALLOW = 40
"""Steps that are taken pair by pair; what is deeper goes by components."""


class TooManyPairs(Exception):
    """The closure of a property has more pairs than the limit."""


@dataclass(slots=True)
class Transitive:
    """One transitive property while its pairs grow.

    Attributes:
        symmetric: whether it is symmetric as well.
        given: the pairs that are not there by its being transitive.
        closed: the closure of those.
    """

    symmetric: bool
    given: Ids
    closed: Ids = field(default_factory=lambda: EMPTY)

    def add(self, pairs: Ids, limit: int) -> Ids:
        """Take in pairs of the property, whoever derived them; those that follow.

        Raises:
            TooManyPairs: the closure would pass the limit.
        """
        news = pairs[~contains(pairs, self.closed)]
        news = news[~contains(news, self.given)]
        if not news.size and self.closed.size:
            return EMPTY
        self.given = union(self.given, news)
        self.closed = connected(self.given, limit) if self.symmetric else reachable(self.given, limit)
        return self.closed

    def rename(self, of: Ids) -> None:
        """Put representatives for things."""
        self.given = distinct(pack(of[firsts(self.given)], of[seconds(self.given)]))
        self.closed = EMPTY


def reachable(given: Ids, limit: int) -> Ids:
    """Every pair of things of which the second can be reached from the first.

    Raises:
        TooManyPairs: there are more than the limit.
    """
    found, frontier = given, given
    for _ in range(_SHALLOW):
        places, ends = matches(seconds(frontier), given)
        if ends.size > 4 * limit:
            break  # many ways to the same things: by components each is counted once
        frontier = distinct(pack(firsts(frontier)[places], ends))
        frontier = frontier[~contains(frontier, found)]
        if not frontier.size:
            return found
        found = union(found, frontier)
        if found.size > limit:
            raise TooManyPairs
    return _by_components(given, limit)


def connected(given: Ids, limit: int) -> Ids:
    """Every pair of things that are joined by pairs in either direction, each with itself too.

    Raises:
        TooManyPairs: there are more than the limit.
    """
    parents: dict[int, int] = {}

    def root(node: int) -> int:
        top = node
        while parents.setdefault(top, top) != top:
            top = parents[top]
        while parents[node] != top:
            parents[node], node = top, parents[node]
        return top

    for one, other in zip(firsts(given).tolist(), seconds(given).tolist(), strict=True):
        parents[root(one)] = root(other)
    clusters: dict[int, list[int]] = defaultdict(list)
    for node in parents:
        clusters[root(node)].append(node)
    if sum(len(cluster) ** 2 for cluster in clusters.values()) > limit:
        raise TooManyPairs
    squares = []
    for cluster in clusters.values():
        members = np.array(cluster, np.uint64)
        squares.append(pack(np.repeat(members, members.size), np.tile(members, members.size)))
    return np.sort(np.concatenate(squares)) if squares else EMPTY


def _by_components(given: Ids, limit: int) -> Ids:
    """The closure by strongly connected components, those that nothing leads on from first."""
    successors: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(firsts(given).tolist(), seconds(given).tolist(), strict=True):
        successors[one].append(other)
    component_of: dict[int, int] = {}
    reached: list[Ids] = []
    sizes = 0
    parts: list[Ids] = []
    for members in _components(successors):
        number = len(reached)
        inside = set(members)
        looped = len(members) > 1 or members[0] in successors[members[0]]
        following = {component_of[end] for node in members for end in successors[node] if end not in inside}
        ends = [reached[each] for each in following]
        ends += [np.array([end], np.uint64) for node in members for end in successors[node] if end not in inside]
        own = np.array(sorted(members), np.uint64)
        here = distinct(np.concatenate([*ends, own] if looped else ends)) if ends or looped else EMPTY
        for node in members:
            component_of[node] = number
        reached.append(here)
        sizes += here.size * len(members)
        if sizes > limit:
            raise TooManyPairs
        parts += [pack(np.full(here.size, node, np.uint64), here) for node in members]
    return np.sort(np.concatenate(parts)) if parts else EMPTY


def _components(successors: dict[int, list[int]]) -> list[list[int]]:
    """The strongly connected components in reverse topological order (Tarjan 1972), without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for start in list(successors):
        if start in index:
            continue
        work = [(start, 0)]
        while work:
            node, place = work.pop()
            if place == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            following = successors.get(node, [])
            if place < len(following):
                work.append((node, place + 1))
                end = following[place]
                if end not in index:
                    work.append((end, 0))
                elif end in on_stack:
                    low[node] = min(low[node], index[end])
                continue
            for end in following:
                if end in on_stack:
                    low[node] = min(low[node], low[end])
            if low[node] == index[node]:
                members = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    members.append(member)
                    if member == node:
                        break
                found.append(members)
    return found
