"""A tally: what came of a review.

In: decisions, one after another. Out: how many of each kind, each pair counted once.
"""

from dataclasses import dataclass, field

from kg.linking.decision import Decision, Verdict


@dataclass(slots=True)
class Tally:
    """What came of a review."""

    accepted: int = 0
    rejected: int = 0
    unsure: int = 0
    skipped: int = 0
    decided: dict[str, Verdict] = field(default_factory=dict)

    def take(self, decision: Decision) -> None:
        """Count a decision; one on a pair that was counted already takes its place."""
        self.decided[decision.id] = decision.verdict
        verdicts = list(self.decided.values())
        self.accepted, self.rejected, self.unsure = (verdicts.count(verdict) for verdict in Verdict)
