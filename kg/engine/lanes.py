"""Lanes: which query may run now, and which must wait.

In: arrivals, departures and the time a query has run. Out: places, or waiting for them. This module knows no
processes: a `Gate` hands out places first in, first out, except that one client never holds the last place that
another could use, and that a full queue makes room for a client at the cost of the one that has most in it.
"""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field

from kg.errors import ClientBusy, QueueFull


@dataclass(slots=True)
class _Waiter:
    client: str
    admitted: asyncio.Future[None]


@dataclass(slots=True)
class Gate:
    """A number of places, and a bounded queue before them.

    Handing over is explicit: a place that comes free is given to the first waiter that may have it before anyone
    else can ask, so that a busy client cannot overtake one that waits.

    Attributes:
        places: how many may be inside at once.
        queue: how many may wait.
        share: how many places one client may hold; at least 1.
    """

    places: int
    queue: int
    share: int
    _inside: Counter[str] = field(default_factory=Counter)
    _waiting: deque[_Waiter] = field(default_factory=deque)

    @property
    def inside(self) -> int:
        """How many are inside."""
        return self._inside.total()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def may_enter(self, client: str) -> bool:
        """Whether a client would get a place at once."""
        return self.inside < self.places and self._inside[client] < max(1, self.share)

    async def enter(self, client: str) -> None:
        """Get a place, waiting for it if need be; a caller that is cancelled while waiting has none.

        Raises:
            QueueFull: as many wait already as may, or so many of this client that another takes its turn.
        """
        if self.may_enter(client):
            self._inside[client] += 1
            return
        if self.waiting >= self.queue:
            self._make_room(client)
        waiter = _Waiter(client, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            await waiter.admitted
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif not waiter.admitted.cancelled() and waiter.admitted.exception() is None:
                self.leave(client)  # the place came just as the caller gave up: hand it on
            raise

    def leave(self, client: str) -> None:
        """Give a place back and hand it on."""
        self._inside[client] -= 1
        if not self._inside[client]:
            del self._inside[client]
        for waiter in tuple(self._waiting):
            if self.may_enter(waiter.client) and not waiter.admitted.cancelled():
                self._waiting.remove(waiter)
                self._inside[waiter.client] += 1
                waiter.admitted.set_result(None)

    def _make_room(self, client: str) -> None:
        """Turn away the last that came of the client with most waiting, if this one has fewer even with one more."""
        full = QueueFull("too many queries are waiting", hint="try again shortly", retry_after=2)
        waiting = Counter(waiter.client for waiter in self._waiting)
        greediest, most = max(waiting.items(), key=lambda item: item[1], default=(client, 0))
        if most <= waiting[client] + 1:
            raise full
        last = next(waiter for waiter in reversed(self._waiting) if waiter.client == greediest)
        self._waiting.remove(last)
        if not last.admitted.done():
            last.admitted.set_exception(full)


@dataclass(slots=True)
class Clients:
    """How many queries each client has under way, waiting ones included."""

    most: int
    _under_way: Counter[str] = field(default_factory=Counter)

    def arrive(self, client: str) -> None:
        """Count a query in.

        Raises:
            ClientBusy: the client has as many under way as it may.
        """
        if self._under_way[client] >= self.most:
            raise ClientBusy(
                f"this client has {self.most} queries under way already",
                hint="wait for their answers",
                retry_after=1,
            )
        self._under_way[client] += 1

    def depart(self, client: str) -> None:
        """Count a query out."""
        self._under_way[client] -= 1
        if not self._under_way[client]:
            del self._under_way[client]
