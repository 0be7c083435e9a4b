"""`kg bench explain`: proofs of inferred triples, taken at random, of a generation that is there already.

In: a home, how many triples, a seed. Out: how many were explained, how long the search took, and what a checker that
knows the rules alone finds wrong with a proof. What the checker believes is made anew from the generation's quads, and
what a rule found absent is judged by reasoning up to the stratum before it.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kg.bench.report import shown
from kg.build.generations import Generation
from kg.build.stopwatch import Watch
from kg.errors import KgError
from kg.explain.checker import evidence, find_fault
from kg.explain.explaining import Explainer, Unexplained, budget
from kg.explain.held import OutOfBudget, term_of
from kg.explain.proof import Absence, Statement
from kg.explain.prover import TooLong
from kg.explain.rulebook import rulebook
from kg.namespaces import Names
from kg.reason.output import write_lines
from kg.reason.own_rules import own_rules
from kg.reason.reasoner import reason
from kg.reason.terms import Terms

MEDIAN_MS: Final = 1.0
P95_MS: Final = 25.0
SECONDS: Final = 5.0
"""For one proof; the service gives as much."""
SAID: Final = 20
"""Faults that are told."""


@dataclass(frozen=True, slots=True)
class ExplainingReport:
    """What one run found.

    Attributes:
        inferred: triples that there are.
        milliseconds: of each proof, ascending; one that was not found took its time too.
        rules: how often each rule has the last step.
        faults: what is wrong, by triple: no proof, or one that the checker refuses.
    """

    inferred: int
    milliseconds: tuple[float, ...]
    rules: tuple[tuple[str, int], ...]
    faults: tuple[tuple[Statement, str], ...]

    @property
    def median(self) -> float:
        """The median, in milliseconds."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 proofs do not exceed, in milliseconds."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(0.95 * len(self.milliseconds)))]

    @property
    def holds(self) -> bool:
        """Whether every proof was found and replays, in the time there is."""
        return not self.faults and self.median <= MEDIAN_MS and self.p95 <= P95_MS

    def to_json(self) -> dict[str, Any]:
        """The report as `kg bench explain --json` prints it."""
        return {
            "inferred": self.inferred,
            "sampled": len(self.milliseconds),
            "median_ms": round(self.median, 3),
            "p95_ms": round(self.p95, 3),
            "max_ms": round(self.milliseconds[-1], 3),
            "bounds": {"median_ms": MEDIAN_MS, "p95_ms": P95_MS},
            "holds": self.holds,
            "rules": dict(self.rules),
            "faults": [{"triple": list(triple), "fault": fault} for triple, fault in self.faults],
        }

    def show(self, console: Console) -> None:
        """Print the report."""
        console.print(
            f"{len(self.milliseconds):,} of {self.inferred:,} inferred triples; ms: median {shown(self.median)} "
            f"(bound {MEDIAN_MS:g}), p95 {shown(self.p95)} (bound {P95_MS:g}), most {shown(self.milliseconds[-1])}",
            markup=False,
        )
        table = Table("last rule", "proofs", box=None, pad_edge=False)
        for rule, count in self.rules:
            table.add_row(escape(rule), str(count))
        console.print(table)
        for triple, fault in self.faults[:SAID]:
            console.print(f"[red]{escape(' '.join(triple))}: {escape(fault)}[/]")
        console.print(f"{len(self.faults)} without a proof that the checker accepts", markup=False)


def run_explaining_benchmark(
    generation: Generation, sample: int = 1_000, seed: int = 1, watch: Watch = lambda _stage, _done, _total: None
) -> ExplainingReport:
    """Explain triples of a generation, and check each proof.

    Raises:
        KgError: nothing is inferred in it.
    """
    names = Names(generation.manifest.base_iri)
    store = Store()
    store.bulk_load(path=str(generation.quads), format=RdfFormat.N_QUADS)
    graph = NamedNode(names.inferred)
    inferred = sorted(_statements(store.quads_for_pattern(None, None, None, graph)))
    if not inferred:
        raise KgError("nothing is inferred in this generation", hint="build it without --raw")
    explainer, book, believed = Explainer(store, names, names.inferred), rulebook(names), _Believed(store, names)
    source = random.Random(seed)  # noqa: S311 - repeatable is what is wanted
    taken: list[float] = []
    rules: Counter[str] = Counter()
    faults: list[tuple[Statement, str]] = []
    chosen = source.sample(inferred, min(sample, len(inferred)))
    for number, triple in enumerate(chosen):
        watch("explain", number, len(chosen))
        started = time.perf_counter()
        proof, fault = None, None
        try:
            proof = explainer.prove([triple], budget(SECONDS))
        except (OutOfBudget, TooLong, Unexplained) as error:
            fault = f"{type(error).__name__} {error}".strip()
        taken.append(1000 * (time.perf_counter() - started))
        if proof is not None:
            rules[proof.rule or "none"] += 1
            fault = find_fault(proof, book, believed.evidence)
        if fault:
            faults.append((triple, fault))
    return ExplainingReport(len(inferred), tuple(sorted(taken)), tuple(rules.most_common()), tuple(faults))


class _Believed:
    """What a checker believes of a generation; `evidence` is as it takes it."""

    def __init__(self, store: Store, names: Names) -> None:
        default = store.quads_for_pattern(None, None, None, DefaultGraph())
        self._asserted = frozenset(_statements(default))
        self._strata = own_rules(names)
        self._known: dict[int, Store] = {}
        trusted = (names.ontology, names.codes, names.links)
        self._trusted = frozenset(
            statement
            for name in trusted
            for statement in _statements(store.quads_for_pattern(None, None, None, NamedNode(name)))
        )
        self.evidence = evidence(self._asserted, self._trusted, self._fitted)

    def _fitted(self, stratum: int, absence: Absence) -> bool:
        """Whether something fits that was known when a stratum began."""
        if stratum not in self._known:
            self._known[stratum] = self._before(stratum)
        wanted = (
            None if term is None else term_of(term) for term in (absence.subject, absence.predicate, absence.object)
        )
        return next(self._known[stratum].quads_for_pattern(*wanted), None) is not None  # type: ignore[arg-type]

    def _before(self, stratum: int) -> Store:
        terms = Terms()
        others = self._asserted - self._trusted
        parts = [terms.columns(map(" ".join, part)) for part in (sorted(self._trusted), sorted(others))]
        found = reason(parts[0], parts[1], terms, self._strata[:stratum]).inferred
        lines = BytesIO()
        write_lines(found, terms, lines)
        lines.writelines(f"{' '.join(statement)} .\n".encode() for statement in self._asserted)
        store = Store()
        store.bulk_extend(parse(lines.getvalue(), format=RdfFormat.N_TRIPLES))
        return store


def _statements(quads: Iterable[Quad]) -> Iterable[Statement]:
    return ((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)
