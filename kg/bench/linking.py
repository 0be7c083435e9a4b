"""`kg bench linking`: how often candidates are right, and how long they take.

In: a folder of real data and a size. Out: a report. The row is: sources without their links → build → queries → our
candidates and two baselines on the half that is tested → speed on generated models. With `fit` the weights are fitted
to the other half first.
"""

import io
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
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
from kg.bench.linking_report import LinkingReport, Speed
from kg.bench.linking_sets import (
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
from kg.linking.blocking import Blocking
from kg.linking.columns import Floats, Rows
from kg.linking.elements import Elements, open_elements
from kg.linking.finding import LEAST_SCORE, Matcher, Wish
from kg.linking.fitting import fit
from kg.linking.indexing import make_elements
from kg.linking.keeping import elements_of
from kg.linking.reading import read_things
from kg.linking.scoring import WEIGHTS, Scorer, read_scorer
from kg.linking.signals import features
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.search.searching import SearchIndex, SearchQuery

Watch = Callable[[str, int, int], None]
"""Is told the stage and how much of it is done, of how much: (stage, done, total)."""

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
class Pairs:
    """Partners of queries, query by query: which query, its partner, the values of signals, and whether it is right."""

    query: Rows
    partner: Rows
    values: NDArray[np.float64]
    right: NDArray[np.bool_]


def run_linking_benchmark(plan: LinkingPlan, watch: Watch = lambda _stage, _done, _total: None) -> LinkingReport:
    """Measure.

    Raises:
        UsageError: the data is not what it was taken for.
        BuildError: it could not be built.
    """
    skipped = missing(plan.data) if plan.data is not None else ["--data is not given"]
    scorer = read_scorer()
    accuracies: dict[str, dict[str, Accuracy]] = {}
    calibrated = None
    sizes = (0, 0)
    if plan.data is not None and not skipped:
        with _folder(plan) as folder:
            measured, scorer = _measure(plan.data, Path(folder), watch, fitted=plan.fit)
        accuracies, calibrated, sizes = measured
        if plan.fit:
            path = Path(str(files("kg.linking") / WEIGHTS))
            path.write_text(json.dumps(scorer.to_json(), indent=1) + "\n", encoding="utf-8")
    speed = _speed(plan, scorer, watch) if plan.models else None
    return LinkingReport(accuracies, calibrated, sizes, speed, tuple(skipped), scorer)


def _folder(plan: LinkingPlan) -> AbstractContextManager[str]:
    if plan.folder is None:
        return tempfile.TemporaryDirectory(prefix="kg-bench-linking-")
    plan.folder.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(plan.folder))


def _measure(data: Path, folder: Path, watch: Watch, *, fitted: bool):  # type: ignore[no-untyped-def]
    prepared = prepare(data, folder)
    named = _build(prepared, folder / "named", [name for name in prepared.sources if name != "hidden"], watch)
    nameless = _build(prepared, folder / "nameless", list(prepared.sources), watch)
    elements, hidden = elements_of(named), elements_of(nameless)
    queries = [*concept_queries(elements, prepared), *class_queries(elements), *property_queries(elements)]
    others = list(nameless_queries(hidden, prepared))
    known = [(elements, queries, _pairs(elements, queries)), (hidden, others, _pairs(hidden, others))]
    scorer = _fitted(known) if fitted else read_scorer()
    searches = (SearchIndex.open(named.search), SearchIndex.open(nameless.search))
    accuracies: dict[str, dict[str, Accuracy]] = {}
    scores, right = [], []
    for (of, asked, pairs), search in zip(known, searches, strict=True):
        for name in dict.fromkeys(query.set for query in asked):
            tested = [number for number, query in enumerate(asked) if query.set == name and query.tested]
            chosen = [asked[number] for number in tested if asked[number].right]
            accuracies[name] = {
                "kg": accuracy([_ours(asked[n], n, pairs, scorer) for n in tested if asked[n].right]),
                "label equality": accuracy([_equal(of, query) for query in chosen]),
                "text search": accuracy([_searched(of, query, search) for query in chosen]),
            }
        mask = np.array([query.tested for query in asked])[pairs.query]
        scored = scorer.scores(pairs.values[mask])
        scores.append(scored[scored >= LEAST_SCORE])
        right.append(pairs.right[mask][scored >= LEAST_SCORE])
    learnt = sum(not query.tested for _, asked, _ in known for query in asked)
    tested_count = sum(query.tested for _, asked, _ in known for query in asked)
    calibrated = calibration(np.concatenate(scores), np.concatenate(right))
    return ({name: accuracies[name] for name in SETS if name in accuracies}, calibrated, (learnt, tested_count)), scorer


def _build(prepared: Prepared, home: Path, names: Sequence[str], watch: Watch) -> Generation:
    sources = [Source(id=name, location=str(prepared.sources[name])) for name in names]
    plan = BuildPlan(DEFAULT_BASE_IRI, dumps=False)
    return build(sources, plan, Home(home), watch).generation


def _pairs(elements: Elements, queries: Sequence[Query]) -> Pairs:
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
    return Pairs(np.concatenate(numbers), right, features(elements, left, right), np.concatenate(good))


def _fitted(known: Iterable[tuple[Elements, Sequence[Query], Pairs]]) -> Scorer:
    """Weights from the half that is learnt from; what goes by one name is left out together for the calibration."""
    values, right, groups = [], [], []
    for _, queries, pairs in known:
        learnt = np.array([not query.tested for query in queries])[pairs.query]
        values.append(pairs.values[learnt])
        right.append(pairs.right[learnt])
        numbers = np.array([sum(query.group.encode()) for query in queries], np.int64)
        groups.append(numbers[pairs.query][learnt])
    return fit(np.concatenate(values), np.concatenate(right), np.concatenate(groups))


def _ours(query: Query, number: int, pairs: Pairs, scorer: Scorer) -> Ranking:
    mine = pairs.query == number
    scores: Floats = scorer.scores(pairs.values[mine])
    partners = pairs.partner[mine]
    order = [place for place in np.lexsort((partners, -scores)) if scores[place] >= LEAST_SCORE]
    return Ranking(tuple(int(partners[place]) for place in order), query.right)


def _equal(elements: Elements, query: Query) -> Ranking:
    """What is called the same, but for case, by one of its names."""
    wanted = {name.casefold() for _, name in elements.named(query.left)}
    given = (row for row in query.among.tolist() if wanted & {name.casefold() for _, name in elements.named(row)})
    return Ranking(tuple(given), query.right)


def _searched(elements: Elements, query: Query, search: SearchIndex) -> Ranking:
    """What `/search` finds by the name, in its order."""
    kind = "concept" if query.set in {"gaps", "references", "confirmed"} else "element"
    best = search.best(SearchQuery(elements.labels[query.left], kind=kind), _SEARCHED).best
    among = set(query.among.tolist())
    rows = (elements.iris.find(iri) for iri, _ in best)
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
        against_all = [_seconds(lambda iri=iri: matcher.find(Wish(iri))) for iri in asked]  # type: ignore[misc]
        concepts = [_seconds(lambda iri=iri: matcher.find(Wish(iri, concepts=True))) for iri in asked]  # type: ignore[misc]
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


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
