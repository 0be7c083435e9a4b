"""How a query fares: what the engine writes down of it while it waits and runs.

In: nothing. Out: what Server-Timing, the log and the metrics tell. Every value is of a closed set or a number, so that
none of them can say who asked or what.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Progress:
    """The course of one query.

    Attributes:
        lane: "none" while it has no worker, then "fast", or "slow" from when it moved there on.
        queue_seconds: how long it waited for its worker.
        engine_seconds: how long a worker evaluated and serialised it.
        cache: "off" where its answer is nobody else's, "miss", "hit", or "shared" with another that was under way.
        killed: whether its worker was ended over it, or died of it.
        out_of_memory: whether that was for want of memory.
        length: bytes of the answer, -1 without one.
        generation: that answered; 0 without an answer.
    """

    lane: str = "none"
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0
    cache: str = "off"
    killed: bool = False
    out_of_memory: bool = False
    length: int = -1
    generation: int = 0

    @property
    def running(self) -> bool:
        """Whether it has, or had, a worker."""
        return self.lane != "none"

    def follow(self, other: "Progress") -> None:
        """Take over what happened to the query that this one shared its answer with."""
        self.lane, self.engine_seconds = other.lane, other.engine_seconds
