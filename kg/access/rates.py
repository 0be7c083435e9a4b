"""Rates: how often a client may ask, by token buckets.

In: clients' names and a clock. Out: nothing, or how long to wait. A bucket holds at most `burst` tokens, a request
takes one, and `rate` of them come back each second; so a client that was quiet may ask many things at once, and none
asks more than its rate for long.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kg.errors import RateLimited

MOST_CLIENTS: Final = 100_000
"""So many buckets are remembered, some 20 MB; those that were used longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, and how many at once; 0 a second is without limit."""

    per_second: float = 0.0
    burst: int = 1


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


@dataclass(slots=True)
class Rates:
    """The buckets of all clients."""

    clock: Callable[[], float] = time.monotonic
    most: int = MOST_CLIENTS
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str, rate: Rate) -> None:
        """Take a token of a client.

        Raises:
            RateLimited: there is none; it says when there will be.
        """
        if not rate.per_second:
            return
        now = self.clock()
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(float(rate.burst), now)
            if len(self._buckets) > self.most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(client)
            gained = max(0.0, now - bucket.filled) * rate.per_second
            bucket.tokens, bucket.filled = min(float(rate.burst), bucket.tokens + gained), now
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) / rate.per_second)
            raise RateLimited(
                f"this client may ask {rate.per_second:g} times a second, and {rate.burst} times at once",
                hint="ask less often, fetch more with one query, or use a key",
                retry_after=max(1, wait),
            )
        bucket.tokens -= 1
