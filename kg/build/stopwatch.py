"""The stopwatch of a build: which stage it is at, how long each took, and what memory that needed.

In: the names of stages. Out: calls to whoever watches, and figures for the manifest.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Watch = Callable[[str, int, int], None]
"""Is told the stage and how much of it is done, of how much: (stage, done, total)."""


@dataclass(slots=True)
class Stopwatch:
    """Tells who watches, and keeps the seconds of each stage, which may be entered several times."""

    watch: Watch
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, total: int = 1) -> Iterator[None]:
        """Time what is done within; `total` is how many parts of it there are."""
        started = time.perf_counter()
        self.watch(name, 0, total)
        yield
        self.watch(name, total, total)
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 3)


def peak_rss_mb() -> int:
    """Peak memory of this process in MB; Linux counts it in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
