"""What people have decided, as far as finding candidates needs to know.

In: the status of each pair that was decided on. Out: which pairs never come back, and what to say of the others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from kg.linking.candidate import candidate_id
from kg.linking.wish import UNDECIDED

REJECTED: Final = "rejected"


@dataclass(frozen=True)
class Decided:
    """The status of pairs by their ids: accepted, rejected or unsure."""

    statuses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def rejected(self) -> frozenset[str]:
        """Ids of pairs that must not be candidates again."""
        return frozenset(link for link, status in self.statuses.items() if status == REJECTED)

    @cached_property
    def fingerprint(self) -> str:
        """What changes when any status does."""
        lines = "\n".join(f"{link} {status}" for link, status in sorted(self.statuses.items()))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]

    def status(self, left: str, right: str) -> str:
        """The status of a candidate."""
        return self.statuses.get(candidate_id(left, right), UNDECIDED)
