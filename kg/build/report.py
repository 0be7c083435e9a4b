"""The report of a build: what became of each source, and what is wrong with all of them together.

In: what intake, identity and reasoning found. Out: records for `kg build` to show, and the build log beside the store.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.build.generations import Generation
from kg.build.identity.sightings import TYPE, Sightings
from kg.build.intake import Loaded
from kg.build.log import LogEntry
from kg.build.manifest import SourceEntry
from kg.reason.axioms import is_axiom, speaks
from loaders.protocol import Problem

if TYPE_CHECKING:
    from kg.reason.inference import Inference


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source; its own problems, and what was found beside."""

    entry: SourceEntry
    own: tuple[Problem, ...]
    further: tuple[Problem, ...] = ()

    def by_cause(self) -> Iterator[tuple[bool, Problem]]:
        """All of them, each with whether it is its own; why its last good state was taken comes first."""
        parts = ((True, self.own), (False, self.further))
        for own, problems in reversed(parts) if self.entry.kept else parts:
            yield from ((own, problem) for problem in problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of `by_cause`."""
        return tuple(problem for _, problem in self.by_cause())


@dataclass(frozen=True, slots=True)
class Report:
    """What a build published; `reasoning` has what was wrong with the sources taken together."""

    generation: Generation
    sources: tuple[SourceReport, ...]
    reasoning: tuple[Problem, ...]
    pruned: tuple[int, ...]

    @property
    def troubled(self) -> bool:
        """Whether a source had a problem, or they contradict each other."""
        return any(source.problems for source in self.sources) or bool(self.reasoning)


def told(source: Loaded, problems: Mapping[str, tuple[Problem, ...]]) -> Loaded:
    """A source with what could not be resolved in it, and what is not believed of it."""
    unresolved = problems.get(source.state.source_id, ())
    return replace(source, further=(*source.further, *unresolved, *_disbelieved(source.sightings)))


def _disbelieved(seen: Sightings) -> Iterator[Problem]:
    """That a source states axioms, which only ours may."""
    counts = Counter({each: count for each, count in seen.predicates.items() if is_axiom(str(each), "")})
    counts.update(class_ for _, class_ in seen.of(TYPE) if isinstance(class_, NamedNode) and speaks(str(class_)))
    if counts:
        first = sorted(counts, key=lambda term: (-counts[term], str(term)))[:3]
        most = ", ".join(f"<{term.value}>" for term in first)
        what = f"{counts.total():,} triples look like axioms ({most}); they are kept and not reasoned with"
        yield Problem(seen.source_id, what, "kg build --ontology FILE names files that may state axioms", "warning")


def report_of(source: Loaded) -> SourceReport:
    """What became of a source."""
    skipped = sum(1 for problem in (*source.further, *source.problems) if problem.severity == "error")
    entry = SourceEntry(
        state=source.state,
        kinds=dict(source.kinds),
        triples=len(source.triples),
        skipped=skipped,
        resources=source.extent,
        kept=source.kept,
        changes={rule: times for rule, times in source.changes.items() if times},
        rules=source.rules,
    )
    return SourceReport(entry, source.problems, source.further)


def contradicting(inference: "Inference") -> Iterator[Problem]:
    """What reasoning found wrong, for the report."""
    where = "graph/inferred"
    if inference.clashes:
        what = f"{len(inference.clashes):,} contradictions were found; they are in graph/quality"
        yield Problem(where, what, "kg check shows them, kg explain says why a triple holds", "warning")
    for predicate in inference.refused:
        what = f"the closure of {predicate} is too large and was left out (prp-trp)"
        yield Problem(where, what, "look for a link that joins what does not belong together", "warning")


def log_of(reports: Sequence[SourceReport], reasoning: Sequence[Problem]) -> Iterator[LogEntry]:
    """What the build log is to say."""
    for report in reports:
        yield from (LogEntry(report.entry.id, own, problem) for own, problem in report.by_cause())
    yield from (LogEntry("", False, problem) for problem in reasoning)
