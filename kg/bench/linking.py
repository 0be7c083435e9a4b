"""`kg bench linking`: how often candidates are right, and how long they take.

In: a folder of real data and a size. Out: a report. The row is: sources without their links → build → queries → our
candidates and two baselines on the half that is tested → speed on generated models. With `fit` the weights are fitted
to the other half first.
"""

import io
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import RdfFormat, Store

from kg.bench.linking_measures import Accuracy, Ranking, accuracy, calibration
from kg.bench.linking_models import generate_models, model_iri
from kg.bench.linking_report import LinkingReport, Measured, Speed
from kg.bench.linking_sets import (
    CONCEPT_SETS,
    SETS,
    Query,
    class_queries,
    concept_queries,
    nameless_queries,
    property_queries,
)
from kg.bench.linking_sources import Prepared, missing, prepare
from kg.build.generations import Generation, Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.build.stopwatch import Watch
from kg.linking.blocking import Blocking
from kg.linking.columns import Floats, Rows
from kg.linking.elements import Elements, open_elements
from kg.linking.finding import Matcher
from kg.linking.fitting import fit
from kg.linking.indexing import make_elements
from kg.linking.keeping import elements_of
from kg.linking.reading import read_things
from kg.linking.scoring import WEIGHTS, Scorer, read_scorer
from kg.linking.signals import features
from kg.linking.wish import LEAST_SCORE, Wish
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.search.searching import SearchIndex, SearchQuery

CLASSES_PER_MODEL: Final = 10
_SEARCHED: Final = 300
_ASKED: Final = 9
"""Models whose candidates are timed."""


@dataclass(frozen=True, slots=True)
class LinkingPlan:
    """How to measure; the fields are the options of `kg bench linking`.

    Attributes:
        data: folder of real data; None measures speed alone.
        models: generated ones, of 100 elements each; 0 leaves speed out.
        everything: whether all generated models are compared with all.
        fit: whether weights are fitted and written into the package first.
        folder: where to work; a temporary one if None.
    """

    data: Path | None = None
    models: int = 1_000
    everything: bool = False
    fit: bool = False
    folder: Path | None = None


@dataclass(frozen=True)
class Known:
    """Queries on one generation with their partners: of which query, values of signals, and whether it is right."""

    elements: Elements
    search: SearchIndex
    queries: Sequence[Query]
    query: Rows
    partner: Rows
    values: NDArray[np.float64]
    right: NDArray[np.bool_]

    def mask(self, *, tested: bool) -> NDArray[np.bool_]:
        """The partners of queries of one half."""
        return np.array([query.tested is tested for query in self.queries], np.bool_)[self.query]


def run_linking_benchmark(plan: LinkingPlan, watch: Watch = lambda _stage, _done, _total: None) -> LinkingReport:
    """Measure.

    Raises:
        UsageError: the data is not what it was taken for.
        BuildError: it could not be built.
    """
    skipped = missing(plan.data) if plan.data is not None else ["--data, the folder of real data"]
    measured, scorer = None, read_scorer()
    if plan.data is not None and not skipped:
        with _folder(plan) as folder:
            known = known_queries(plan.data, Path(folder), watch)
        scorer = _fitted(known) if plan.fit else scorer
        measured = measure(known, scorer)
    if plan.fit and measured is not None:
        path = Path(str(files("kg.linking") / WEIGHTS))
        path.write_text(json.dumps(scorer.to_json(), indent=1) + "\n", encoding="utf-8")
    speed = _speed(plan, scorer, watch) if plan.models else None
    return LinkingReport(measured, speed, tuple(skipped), scorer)


def _folder(plan: LinkingPlan) -> AbstractContextManager[str]:
    if plan.folder is None:
        return tempfile.TemporaryDirectory(prefix="kg-bench-linking-")
    plan.folder.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(plan.folder))


def known_queries(data: Path, folder: Path, watch: Watch) -> list[Known]:
    """The queries on both generations: one as it is, one with nameless copies beside it."""
    prepared = prepare(data, folder)
    named = _build(prepared, folder / "named", [name for name in prepared.sources if name != "hidden"], watch)
    nameless = _build(prepared, folder / "nameless", list(prepared.sources), watch)
    elements, hidden = elements_of(named), elements_of(nameless)
    queries = [*concept_queries(elements, prepared), *class_queries(elements), *property_queries(elements)]
    return [
        _asked(elements, queries, SearchIndex.open(named.search)),
        _asked(hidden, list(nameless_queries(hidden, prepared)), SearchIndex.open(nameless.search)),
    ]


def measure(known: Sequence[Known], scorer: Scorer) -> Measured:
    """Ours and the baselines on the tested half."""
    accuracies: dict[str, dict[str, Accuracy]] = {}
    scores, right = [], []
    for each in known:
        for name in dict.fromkeys(query.set for query in each.queries):
            chosen = [n for n, query in enumerate(each.queries) if query.set == name and query.tested and query.right]
            queries = [each.queries[number] for number in chosen]
            accuracies[name] = {
                "kg": accuracy([_ours(each, number, scorer) for number in chosen]),
                "label equality": accuracy([_equal(each.elements, query) for query in queries]),
                "text search": accuracy([_searched(each, query) for query in queries]),
            }
        tested = each.mask(tested=True)
        scored = scorer.scores(each.values[tested])
        scores.append(scored[scored >= LEAST_SCORE])
        right.append(each.right[tested][scored >= LEAST_SCORE])
    counts = [sum(query.tested is tested for each in known for query in each.queries) for tested in (False, True)]
    ordered = {name: accuracies[name] for name in SETS if name in accuracies}
    return Measured(ordered, calibration(np.concatenate(scores), np.concatenate(right)), counts[0], counts[1])


def _build(prepared: Prepared, home: Path, names: Sequence[str], watch: Watch) -> Generation:
    sources = [Source(id=name, location=str(prepared.sources[name])) for name in names]
    plan = BuildPlan(DEFAULT_BASE_IRI, dumps=False)
    return build(sources, plan, Home(home), watch).generation


def _asked(elements: Elements, queries: Sequence[Query], search: SearchIndex) -> Known:
    """The partners that blocking gives each query, and the values of their signals."""
    blocking = Blocking(elements)
    numbers, lefts, rights, good = [], [], [], []
    for number, query in enumerate(queries):
        allowed = np.zeros(len(elements), np.bool_)
        allowed[query.among] = True
        left, right = blocking.pairs(np.array([query.left], np.int64), allowed)
        numbers.append(np.full(len(left), number, np.int64))
        lefts.append(left)
        rights.append(right)
        good.append(np.isin(right, list(query.right)))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    values = features(elements, left, right)
    return Known(elements, search, queries, np.concatenate(numbers), right, values, np.concatenate(good))


def _fitted(known: Sequence[Known]) -> Scorer:
    """Weights from the half that is learnt from; what goes by one name is left out together for the calibration."""
    masks = [each.mask(tested=False) for each in known]
    groups = [
        np.array([sum(query.group.encode()) for query in each.queries], np.int64)[each.query][mask]
        for each, mask in zip(known, masks, strict=True)
    ]
    values = [each.values[mask] for each, mask in zip(known, masks, strict=True)]
    right = [each.right[mask] for each, mask in zip(known, masks, strict=True)]
    return fit(np.concatenate(values), np.concatenate(right), np.concatenate(groups))


def _ours(known: Known, number: int, scorer: Scorer) -> Ranking:
    mine = known.query == number
    scores: Floats = scorer.scores(known.values[mine])
    partners = known.partner[mine]
    order = [place for place in np.lexsort((partners, -scores)) if scores[place] >= LEAST_SCORE]
    return Ranking(tuple(int(partners[place]) for place in order), known.queries[number].right)


def _equal(elements: Elements, query: Query) -> Ranking:
    """What is called the same, but for case, by one of its names."""
    wanted = {name.casefold() for _, name in elements.named(query.left)}
    given = (row for row in query.among.tolist() if wanted & {name.casefold() for _, name in elements.named(row)})
    return Ranking(tuple(given), query.right)


def _searched(known: Known, query: Query) -> Ranking:
    """What `/search` finds by the name, in its order."""
    kind = "concept" if query.set in CONCEPT_SETS else "element"
    best = known.search.best(SearchQuery(known.elements.labels[query.left], kind=kind), _SEARCHED).best
    among = set(query.among.tolist())
    rows = (known.elements.iris.find(iri) for iri, _ in best)
    return Ranking(tuple(row for row in rows if row in among and row != query.left), query.right)


def _speed(plan: LinkingPlan, scorer: Scorer, watch: Watch) -> Speed:
    """How long it takes to make the columns of generated models, and to find candidates in them."""
    names = Names(DEFAULT_BASE_IRI)
    watch("generate", 0, 1)
    store = Store()
    lines = "".join(generate_models(plan.models, CLASSES_PER_MODEL, 1, names)).encode()
    store.bulk_load(io.BytesIO(lines), RdfFormat.N_TRIPLES)
    watch("generate", 1, 1)
    with tempfile.TemporaryDirectory(prefix="kg-bench-linking-") as folder:
        begun = time.perf_counter()
        make_elements(read_things(store, names)).write(Path(folder))
        making = time.perf_counter() - begun
        begun = time.perf_counter()
        elements = open_elements(Path(folder))
        assert elements is not None
        matcher = Matcher(elements, scorer)
        matcher.find(Wish(model_iri(0)))
        first = time.perf_counter() - begun
        asked = [model_iri(number * plan.models // _ASKED) for number in range(_ASKED)]
        against_all = [_seconds(matcher, Wish(iri)) for iri in asked]
        concepts = [_seconds(matcher, Wish(iri, concepts=True)) for iri in asked]
        everything = found = None
        if plan.everything:
            begun = time.perf_counter()
            found = sum(1 for _ in matcher.find_all(lambda done, of: watch("all", done, of), Wish("", each=5)))
            everything = time.perf_counter() - begun
        return Speed(
            models=plan.models,
            elements=len(elements),
            making=making,
            first=first,
            against_all=tuple(sorted(against_all)),
            concepts=tuple(sorted(concepts)),
            everything=everything,
            found=found,
        )


def _seconds(matcher: Matcher, wish: Wish) -> float:
    begun = time.perf_counter()
    matcher.find(wish)
    return time.perf_counter() - begun
