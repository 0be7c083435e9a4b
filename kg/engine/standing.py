"""Where one query stands: outside, in the fast lane or in the slow one.

In: the two gates and a job. Out: places taken and given back, and a worker paused, demoted and resumed with them.
"""

from dataclasses import dataclass
from typing import Final

from kg.engine.lanes import Gate
from kg.engine.link import Worker
from kg.engine.orders import Job
from kg.errors import QueueFull

SLOW_NICENESS: Final = 15


@dataclass(slots=True)
class Standing:
    """Where one query stands: outside, in the fast lane or in the slow one; and what it does there, in words."""

    fast_gate: Gate
    slow_gate: Gate
    job: Job
    fast: bool = False
    slow: bool = False
    doing: str = "while it waited for a free worker"

    async def enter(self) -> None:
        """Take a place in the fast lane.

        Raises:
            QueueFull: as many wait for one as may.
        """
        if not self.job.background:  # it has a worker of its own beside the lanes, and takes nobody's place
            await self.fast_gate.enter(self.job.client)
            self.fast = True

    async def slow_down(self, worker: Worker) -> None:
        """Move a running query to the slow lane; it is paused while that is full.

        Raises:
            QueueFull: as many are paused as may.
        """
        client = self.job.client
        pausing = not self.slow_gate.may_enter(client)
        if pausing:
            worker.pause()
        self._leave_fast()
        if pausing:
            self.doing = "most of which it waited in the slow lane"
        try:
            await self.slow_gate.enter(client)
        except QueueFull as error:
            hint = "make it cheaper or try later"
            raise QueueFull("too many slow queries are under way", hint=hint, retry_after=10) from error
        self.slow = True
        self.job.progress.lane = "slow"
        worker.demote(SLOW_NICENESS)
        if pausing:
            worker.resume()

    def leave(self) -> None:
        """Give every place back."""
        self._leave_fast()
        if self.slow:
            self.slow_gate.leave(self.job.client)
            self.slow = False

    def _leave_fast(self) -> None:
        if self.fast:
            self.fast_gate.leave(self.job.client)
            self.fast = False
