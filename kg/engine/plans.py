"""Plans: what fork servers and workers are told once, when they begin.

In: the settings of a pool. Out: a plan, as one line of JSON and back. Apart from what carries the plans out, which the
web process need not import.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.engine.confinement import Limits
from kg.namespaces import DEFAULT_BASE_IRI


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What a worker is told once.

    Attributes:
        spool: folder for answers that do not fit a frame.
        answer_bytes: the largest answer.
        memory_bytes: what it may use on top of what it starts with; past half of that growth it retires.
        prefixes: predeclared prefixes.
        inferred: the inferred graph, where it has triples; the service's own dataset with `infer`.
        statistics: the file of the generation's statistics, which need not be there.
        base: what the generation's own IRIs begin with.
    """

    spool: Path
    answer_bytes: int
    memory_bytes: int
    prefixes: Mapping[str, str]
    inferred: str | None
    base: str = DEFAULT_BASE_IRI
    statistics: Path | None = None


@dataclass(frozen=True, slots=True)
class ForkServerPlan:
    """What a fork server is told once; `tier` is "memory" or "disk"."""

    tier: str
    store: Path
    quads: Path
    lease: Path
    worker: WorkerPlan
    file_bytes: int

    @property
    def limits(self) -> Limits:
        """What its workers may use."""
        return Limits(self.worker.memory_bytes, self.file_bytes)

    def to_json(self) -> str:
        """The plan as one line."""
        worker = self.worker
        return json.dumps(
            {
                "tier": self.tier,
                "store": str(self.store),
                "quads": str(self.quads),
                "lease": str(self.lease),
                "file_bytes": self.file_bytes,
                "worker": {
                    "spool": str(worker.spool),
                    "answer_bytes": worker.answer_bytes,
                    "memory_bytes": worker.memory_bytes,
                    "prefixes": dict(worker.prefixes),
                    "inferred": worker.inferred,
                    "base": worker.base,
                    "statistics": str(worker.statistics) if worker.statistics else None,
                },
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "ForkServerPlan":
        """The plan from its line."""
        fields = json.loads(text)
        worker = fields["worker"]
        return cls(
            tier=fields["tier"],
            store=Path(fields["store"]),
            quads=Path(fields["quads"]),
            lease=Path(fields["lease"]),
            worker=WorkerPlan(
                **{
                    **worker,
                    "spool": Path(worker["spool"]),
                    "statistics": Path(worker["statistics"]) if worker["statistics"] else None,
                }
            ),
            file_bytes=fields["file_bytes"],
        )
