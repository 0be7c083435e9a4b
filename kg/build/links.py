"""The links stage: what people have accepted, under the IRIs of this generation.

In: the file of decisions and the aliases of this build. Out: the triples of `B graph/links`, and what is worth a word:
lines of the file that are damaged, and links to things that nobody describes any more.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import Damage, DecisionLog
from kg.linking.graph import link_triples
from kg.namespaces import Names
from loaders.protocol import Problem

_NAMED = 5


@dataclass(frozen=True, slots=True)
class PublishedLinks:
    """The accepted links of a generation."""

    path: Path
    accepted: tuple[Decision, ...]
    triples: tuple[Triple, ...]
    damage: tuple[Damage, ...]

    def problems(self, asserted: Collection[str]) -> Iterator[Problem]:
        """What is wrong, given the lines of the default graph."""
        for each in self.damage:
            yield Problem(f"{self.path}:{each.line}", each.what, "the other decisions hold", "warning")
        ends = {f"<{end}>" for decision in self.accepted for end in (decision.left, decision.right)}
        if not ends:
            return
        unknown = sorted(ends - _described(ends, asserted, {str(triple) for triple in self.triples}))
        if unknown:
            shown = ", ".join(unknown[:_NAMED]) + (", …" if len(unknown) > _NAMED else "")
            verb = "is" if len(unknown) == 1 else "are"
            what = f"{len(unknown)} of the things that accepted links lead to {verb} described by no source: {shown}"
            yield Problem(str(self.path), what, "`kg links list` shows them; reject what is wrong", "warning")


def publish_links(path: Path, aliases: Mapping[str, str], names: Names) -> PublishedLinks:
    """The links that hold, under canonical IRIs.

    Raises:
        NotRecorded: the decisions cannot be read, and a generation without them would be a wrong one.
    """
    decisions = DecisionLog(path).read().under(lambda iri: aliases.get(iri, iri))
    accepted = tuple(decisions.of(Verdict.ACCEPT))
    return PublishedLinks(path, accepted, tuple(link_triples(accepted, names)), tuple(decisions.damage))


def _described(wanted: Collection[str], asserted: Collection[str], own: Collection[str]) -> set[str]:
    """Which of some things are the subject of a triple that the links themselves do not state."""
    return {subject for line in asserted if (subject := line[: line.index(" ")]) in wanted and line not in own}
