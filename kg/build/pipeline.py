"""The pipeline: sources → harvest → normalise → identify → records → reason → store → index → publish (design §1).

In: sources and a plan. Out: a published generation and a report; a failed build publishes nothing. This is the only
module that knows the order of the stages. Triples are objects throughout: columns of numbers begin with the
reasoning stage, which comes between identify and store.
"""

import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import RdfFormat, Triple

import kg
from kg.aliases import write_aliases
from kg.build.forms.codes import read_code_files, read_codes
from kg.build.generations import Generation, Home, aliases_in, problems_in, quads_in, search_in, store_in
from kg.build.harvest import HarvestLimits, harvest, now
from kg.build.identity.identify import identify, under_canonical_iris
from kg.build.identity.sightings import see
from kg.build.intake import Intake, Loaded, take_in
from kg.build.manifest import Manifest, SourceEntry, write_manifest
from kg.build.normalise import NormalisePlan, normalise
from kg.build.records import (
    by_canonical_iri,
    checksums,
    harvest_triples,
    read_records,
    record_triples,
    renamed_records,
    update_records,
)
from kg.build.report import Report, SourceReport, contradicting, report_of, told, write_log
from kg.build.sources import Source
from kg.build.store import QuadFile, load_raw, load_store, read_graph
from kg.errors import BuildError, SourceError
from kg.namespaces import Names
from kg.quality.contradictions import contradiction_lines
from kg.reason.inference import infer
from kg.resources import folder
from kg.search.documents import read_documents
from kg.search.index import write_index
from loaders.protocol import Problem, SourceFile
from loaders.rdf import rdf_format_of
from loaders.reading import head
from loaders.registry import get_loader

Watch = Callable[[str, int, int], None]
"""Is told the stage and how much of it is done, of how much: (stage, done, total)."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """How to build; the fields are the options of `kg build` (design §3)."""

    base_iri: str
    ontologies: tuple[Path, ...] = ()
    contact_points: str = "organisational"
    accept_loss: bool = False
    raw: bool = False
    wait: bool = True
    keep_generations: int = 10
    limits: HarvestLimits = field(default_factory=HarvestLimits)

    @property
    def names(self) -> Names:
        """The IRIs minted under the base."""
        return Names(self.base_iri)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a store was loaded with: triples of the default graph, of the others by name, whose axioms and aliases."""

    asserted: int
    graphs: dict[str, int]
    ontologies: tuple[str, ...] = ()
    identity: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Stopwatch:
    watch: Watch
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, total: int = 1) -> Iterator[None]:
        started = time.perf_counter()
        self.watch(name, 0, total)
        yield
        self.watch(name, total, total)
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 3)


def build(sources: Sequence[Source], plan: BuildPlan, home: Home, watch: Watch) -> Report:
    """Build a generation from exactly these sources and serve it.

    Raises:
        HomeBusy: another build runs and the plan says not to wait.
        BuildError: nothing could be built; what is served is unchanged.
    """
    try:
        with home.lock(wait=plan.wait):
            home.clean()
            previous = home.find_current()
            stopwatch = _Stopwatch(watch)
            with home.candidate() as candidate:
                reasoning: tuple[Problem, ...] = ()
                if plan.raw:
                    reports, manifest = _build_raw(sources, plan, home, candidate, stopwatch)
                else:
                    reports, reasoning, manifest = _build(sources, plan, home, previous, candidate, stopwatch)
                write_log(problems_in(candidate), reports, reasoning)
                write_manifest(candidate / "manifest.json", manifest)
                with stopwatch.stage("publish"):
                    generation = home.publish(candidate, manifest.number)
            return Report(generation, tuple(reports), reasoning, tuple(home.prune(plan.keep_generations)))
    except OSError as error:
        raise BuildError(
            f"the build stopped: {error.strerror or error}",
            where=str(error.filename or home.path),
            hint="nothing was published; make room or mend the path, and build again",
        ) from error


def _build(
    sources: Sequence[Source],
    plan: BuildPlan,
    home: Home,
    previous: Generation | None,
    candidate: Path,
    stopwatch: _Stopwatch,
) -> tuple[list[SourceReport], tuple[Problem, ...], Manifest]:
    vocabularies = read_code_files(plan.base_iri)
    codes = read_codes(vocabularies, plan.names)
    intake = Intake(home.archive, plan.names, plan.limits, plan.contact_points, plan.accept_loss, codes)
    loaded: list[Loaded] = []
    with stopwatch.stage("load", len(sources)):
        for number, given in enumerate(sources):
            stopwatch.watch("load", number, len(sources))
            loaded.append(take_in(given, intake, last_good(previous, given.id)))
    if not any(source.triples for source in loaded):
        first = next((problem for source in loaded for problem in source.problems), None)
        raise BuildError(
            "no source gave a single triple",
            where=first.where if first else "",
            hint=first.what if first else "",
        )
    created, names = now(), plan.names
    with stopwatch.stage("ontology"):
        ontology = _read_ontologies(plan)
    with stopwatch.stage("identify"):
        identity = identify([source.sightings for source in loaded], see("codes", vocabularies), names)
        loaded = [told(source, identity.problems) for source in loaded]
        aliases = identity.aliases.table()
    with stopwatch.stage("records"):
        records = _records(loaded, previous, aliases, names, created)
        number = home.next_number()
        harvests = [triple for source in loaded for triple in harvest_triples(source.state, number, names)]
    with quads_in(candidate).open("w", encoding="utf-8", newline="\n") as out:
        file = QuadFile(out)
        with stopwatch.stage("write"):
            canonical = partial(under_canonical_iris, mapping=identity.aliases.mapping)
            for source in loaded:
                file.write_asserted(names.source(source.state.source_id), source.triples, canonical)
            file.write_asserted(names.ontology, ontology)
            file.write_asserted(names.codes, vocabularies)
            file.write_asserted(names.identity, identity.triples)
            file.write_asserted(names.records, {*records, *harvests})
            write_aliases(aliases_in(candidate), aliases)
        with stopwatch.stage("reason"):
            # Only these two may hold axioms: a harvested file cannot say what foaf:name means (design §2).
            trusted = {str(triple) for triple in (*ontology, *vocabularies)}
            inference = infer(trusted, (line for line in file.asserted if line not in trusted), names)
        with stopwatch.stage("write"):
            file.write_lines(names.inferred, inference.lines)
            file.write_lines(names.quality, contradiction_lines(inference.clashes, names))
    asserted, graphs = len(file.asserted), dict(file.graphs)
    with stopwatch.stage("store"):
        load_store(quads_in(candidate), store_in(candidate), asserted + sum(graphs.values()))
    with stopwatch.stage("index"):
        write_index(read_documents(chain(file.asserted, inference.lines), names), search_in(candidate))
    reports = [report_of(source) for source in loaded]
    held = _Held(asserted, graphs, tuple(str(path) for path in plan.ontologies), identity.aliases.counts())
    return reports, tuple(contradicting(inference)), _manifest(number, created, plan, held, reports, stopwatch)


def last_good(previous: Generation | None, source_id: str) -> SourceEntry | None:
    """What the generation before holds of a source, if it ever could be read."""
    entry = previous.manifest.find_source(source_id) if previous and not previous.manifest.raw else None
    return entry if entry and entry.state.files else None


def _records(
    loaded: Sequence[Loaded], previous: Generation | None, aliases: Mapping[str, str], names: Names, created: str
) -> list[Triple]:
    before = {}
    if previous is not None and not previous.manifest.raw:
        earlier = Names(previous.manifest.base_iri)
        before = renamed_records(read_records(read_graph(previous.store, earlier.records), earlier), aliases)
    described = {
        source.state.source_id: by_canonical_iri(checksums(source.triples, set(source.resources), names), aliases)
        for source in loaded
    }
    return list(record_triples(update_records(before, described, created), names))


def _read_ontologies(plan: BuildPlan) -> list[Triple]:
    """Our axioms and those of the plan's files, normalised like a source.

    Raises:
        BuildError: one is not whole and right: axioms are trusted, so a fault in them is ours to mend.
    """
    triples: dict[Triple, None] = {}
    for path in (*sorted(folder("ontologies").glob("*.ttl")), *plan.ontologies):
        # Ours are written with relative IRIs, so that our own terms lie under whichever base is set.
        file = SourceFile("ontology", path.name, path, plan.base_iri, plan.base_iri)
        try:
            loaded = get_loader("rdf").load(file)
            normalised = normalise("ontology", loaded.quads, NormalisePlan(plan.names, "all", forms=False))
        except SourceError as error:
            raise BuildError(error.what, where=str(path), hint=error.hint) from error
        for problem in (*loaded.problems, *normalised.problems):
            if problem.severity == "error":
                raise BuildError(problem.what, where=f"{path} ({problem.where})", hint=problem.hint)
        triples.update(dict.fromkeys(normalised.triples))
    return list(triples)


def _build_raw(
    sources: Sequence[Source], plan: BuildPlan, home: Home, candidate: Path, stopwatch: _Stopwatch
) -> tuple[list[SourceReport], Manifest]:
    files: list[tuple[Path, RdfFormat, str]] = []
    reports = []
    for source in sources:
        try:
            state = harvest(source, home.archive, plan.base_iri, plan.limits)
        except SourceError as error:
            raise BuildError(error.what, where=error.where, hint=error.hint) from error
        for archived in state.files:
            path = home.archive.path(archived.sha256)
            rdf_format = rdf_format_of(head(path), archived.name)
            if rdf_format is None:
                raise BuildError("is not RDF", where=archived.name, hint="--raw loads RDF files only")
            files.append((path, rdf_format, archived.base_iri))
        reports.append(SourceReport(SourceEntry(state, {"rdf": len(state.files)}, 0, 0, 0), ()))
    with stopwatch.stage("store"):
        asserted, graphs = load_raw(files, store_in(candidate), quads_in(candidate))
    return reports, _manifest(home.next_number(), now(), plan, _Held(asserted, graphs), reports, stopwatch)


def _manifest(
    number: int,
    created: str,
    plan: BuildPlan,
    held: _Held,
    reports: Sequence[SourceReport],
    stopwatch: _Stopwatch,
) -> Manifest:
    return Manifest(
        number=number,
        created=created,
        program=kg.__version__,
        base_iri=plan.base_iri,
        raw=plan.raw,
        asserted=held.asserted,
        inferred=held.graphs.get(plan.names.inferred, 0),
        graphs=held.graphs,
        sources=tuple(report.entry for report in reports),
        ontologies=held.ontologies,
        seconds=dict(stopwatch.seconds),
        peak_rss_mb=_peak_rss_mb(),
        identity=held.identity,
    )


def _peak_rss_mb() -> int:
    """Peak memory of this process in MB; Linux counts it in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
