"""The pipeline of a build: harvest → normalise → identify → records → reason → store → index → publish.

In: sources and a plan. Out: a published generation and a report; a failed build publishes nothing. This is the only
module that knows the order of the stages. Triples are objects throughout: columns of numbers begin with the
reasoning stage, which comes between identify and store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import RdfFormat, Triple

import kg
from kg.aliases import write_aliases
from kg.build.attribution import read_attributions
from kg.build.dumps import write_dumps
from kg.build.earlier import Earlier, fingerprint_of_program
from kg.build.forms.codes import read_code_files, read_codes
from kg.build.generations import Generation, Home
from kg.build.harvest import HarvestLimits, harvest
from kg.build.identity.identify import identify, under_canonical_iris
from kg.build.identity.sightings import see
from kg.build.intake import Intake, Loaded, take_in
from kg.build.layout import GenerationFolder
from kg.build.links import publish_links
from kg.build.log import write_log
from kg.build.manifest import Manifest, SourceEntry, write_manifest
from kg.build.ontologies import read_ontologies
from kg.build.quad_file import QuadFile
from kg.build.records import (
    by_canonical_iri,
    checksums,
    harvest_triples,
    read_records,
    record_triples,
    renamed_records,
    update_records,
)
from kg.build.report import Report, SourceReport, contradicting, log_of, report_of, told
from kg.build.sources import Source
from kg.build.stopwatch import Stopwatch, Watch, peak_rss_mb
from kg.build.store import load_raw, make_store, read_graph
from kg.clock import now
from kg.errors import BuildError, SourceError
from kg.named.fault import refuse
from kg.named.folders import our_folder, read_folders
from kg.named.shacl import query_lines
from kg.namespaces import Names
from kg.search.documents import predicates_read, read_documents
from kg.search.index import write_index
from kg.search.vocabulary import kinds_of_classes
from kg.statistics import write_statistics
from loaders.protocol import Problem
from loaders.rdf import rdf_format_of
from loaders.reading import head


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """How to build; the fields are the options of `kg build`."""

    base_iri: str
    ontologies: tuple[Path, ...] = ()
    contact_points: str = "organisational"
    accept_loss: bool = False
    raw: bool = False
    dumps: bool = True
    wait: bool = True
    keep_generations: int = 10
    limits: HarvestLimits = field(default_factory=HarvestLimits)
    query_folders: tuple[Path, ...] = ()

    @property
    def names(self) -> Names:
        """The IRIs minted under the base."""
        return Names(self.base_iri)


def build(sources: Sequence[Source], plan: BuildPlan, home: Home, watch: Watch) -> Report:
    """Build a generation from exactly these sources and serve it.

    Raises:
        HomeBusy: another build runs and the plan says not to wait.
        BuildError: nothing could be built; what is served is unchanged.
        UsageError: there are faults in the files of the named queries, which the generation describes.
    """
    try:
        with home.lock(wait=plan.wait):
            home.clean()
            previous = home.find_current()
            stopwatch = Stopwatch(watch)
            with home.candidate() as candidate:
                reasoning: tuple[Problem, ...] = ()
                if plan.raw:
                    reports, manifest = _build_raw(sources, plan, home, candidate, stopwatch)
                else:
                    reports, reasoning, manifest = _build(sources, plan, home, previous, candidate, stopwatch)
                write_log(candidate.problems, log_of(reports, reasoning))
                write_manifest(candidate.manifest_file, manifest)
                with stopwatch.stage("publish"):
                    generation = home.publish(candidate, manifest.number)
            pruned = tuple(home.prune(plan.keep_generations))
            if plan.dumps and not plan.raw:
                with stopwatch.stage("dumps"):
                    reasoning += tuple(_dump(generation))
            return Report(generation, tuple(reports), reasoning, pruned)
    except OSError as error:
        raise BuildError(
            f"the build stopped: {error.strerror or error}",
            where=str(error.filename or home.path),
            hint="nothing was published; make room or mend the path, and build again",
        ) from error


def _dump(generation: Generation) -> Iterator[Problem]:
    """Write the dumps of what is served already; that there is no room for them undoes nothing."""
    try:
        write_dumps(generation)
    except OSError as error:
        what = f"the dumps were not written: {error.strerror or error}"
        yield Problem(str(generation.dumps), what, "make room; the next build writes its own", "warning")


def _build(
    sources: Sequence[Source],
    plan: BuildPlan,
    home: Home,
    previous: Generation | None,
    candidate: GenerationFolder,
    stopwatch: Stopwatch,
) -> tuple[list[SourceReport], tuple[Problem, ...], Manifest]:
    from kg.build.inferring import write_inferred  # noqa: PLC0415 - that module says why

    queries, faults = read_folders((our_folder(), *plan.query_folders))
    refuse(faults)
    vocabularies = read_code_files(plan.base_iri)
    codes = read_codes(vocabularies, plan.names)
    intake = Intake(
        home.archive,
        plan.names,
        plan.limits,
        plan.contact_points,
        plan.accept_loss,
        codes,
        fingerprint_of_program(),
        earlier := Earlier.of(previous),
    )
    loaded = _load(sources, intake, stopwatch)
    created, names = now(), plan.names
    with stopwatch.stage("ontology"):
        ontology = read_ontologies(plan.ontologies, names)
    with stopwatch.stage("identify"):
        identity = identify([source.sightings for source in loaded], see("codes", vocabularies), names)
        loaded = [told(source, identity.problems) for source in loaded]
        aliases = identity.aliases.table()
    with stopwatch.stage("records"):
        records = _records(loaded, earlier.generation, aliases, names, created)
        number = home.next_number()
        harvests = [triple for source in loaded for triple in harvest_triples(source.state, number, names)]
    with candidate.quads.open("wb") as out:
        file = QuadFile(out)
        with stopwatch.stage("write"):
            canonical = partial(under_canonical_iris, mapping=identity.aliases.mapping)
            for source in loaded:
                file.write_asserted(names.source(source.state.source_id), source.triples, canonical)
            file.write_asserted(names.ontology, ontology)
            file.write_asserted(names.codes, vocabularies)
            file.write_asserted(names.identity, identity.triples)
            file.write_asserted(names.records, {*records, *harvests})
            links = publish_links(home.decisions, aliases, names)
            file.write_asserted(names.links, links.triples)
            write_aliases(candidate.aliases, aliases)
            file.write_lines(names.queries, query_lines(queries.values(), names))
        # Only these may hold axioms: a harvested file cannot say what foaf:name means.
        trusted = {str(triple) for triple in (*ontology, *vocabularies, *links.triples)}
        inference = write_inferred(file, trusted, names, candidate.statistics, stopwatch)
    asserted, graphs = len(file.asserted), dict(file.graphs)
    with stopwatch.stage("store"):
        changeable = earlier.may_become({source.state.source_id: source.rules for source in loaded})
        upon = earlier.generation if changeable else None
        drift = make_store(upon, candidate, file.parts, asserted + sum(graphs.values()))
    with stopwatch.stage("index"):
        inferred = inference.lines(predicates_read(names), kinds_of_classes(names))
        write_index(read_documents(chain(file.asserted, inferred), names), candidate.search)
    reports = [report_of(source) for source in loaded]
    attributions = read_attributions(candidate.store, [report.entry.id for report in reports], names)
    said = (*contradicting(inference), *links.problems(file.asserted))
    manifest = replace(
        _manifest(number, created, plan, asserted, graphs, reports, stopwatch),
        ontologies=tuple(str(path) for path in plan.ontologies),
        identity=identity.aliases.counts(),
        parts=tuple(file.parts),
        drift=drift,
        licences={source_id: each.licences for source_id, each in attributions.items()},
        publishers={source_id: each.publishers for source_id, each in attributions.items()},
    )
    return reports, said, manifest


def _load(sources: Sequence[Source], intake: Intake, stopwatch: Stopwatch) -> list[Loaded]:
    """Harvest and normalise the sources.

    Raises:
        BuildError: there is nothing in them.
    """
    loaded: list[Loaded] = []
    with stopwatch.stage("load", len(sources)):
        for number, given in enumerate(sources):
            stopwatch.watch("load", number, len(sources))
            loaded.append(take_in(given, intake))
    if not any(source.triples for source in loaded):
        first = next((problem for source in loaded for problem in source.problems), None)
        raise BuildError(
            "no source gave a single triple",
            where=first.where if first else "",
            hint=first.what if first else "",
        )
    return loaded


def _records(
    loaded: Sequence[Loaded], previous: Generation | None, aliases: Mapping[str, str], names: Names, created: str
) -> list[Triple]:
    before = {}
    if previous is not None:
        then = Names(previous.manifest.base_iri)
        before = renamed_records(read_records(read_graph(previous.store, then.records), then), aliases)
    described = {
        source.state.source_id: by_canonical_iri(checksums(source.triples, set(source.resources), names), aliases)
        for source in loaded
    }
    return list(record_triples(update_records(before, described, created), names))


def _build_raw(
    sources: Sequence[Source], plan: BuildPlan, home: Home, candidate: GenerationFolder, stopwatch: Stopwatch
) -> tuple[list[SourceReport], Manifest]:
    from kg.build.statistics import count_raw  # noqa: PLC0415 - brings polars, as `kg.build.inferring` does

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
        asserted, graphs = load_raw(files, candidate.store, candidate.quads)
    with stopwatch.stage("statistics"):
        parts = (read_graph(candidate.store, name) for name in (None, plan.names.inferred))
        statistics = count_raw(*(map(str, triples) for triples in parts))
        if statistics is not None:
            write_statistics(candidate.statistics, statistics)
    return reports, _manifest(home.next_number(), now(), plan, asserted, graphs, reports, stopwatch)


def _manifest(
    number: int,
    created: str,
    plan: BuildPlan,
    asserted: int,
    graphs: Mapping[str, int],
    reports: Sequence[SourceReport],
    stopwatch: Stopwatch,
) -> Manifest:
    """What is said of any generation: triples of the default graph and of the others by name, and how it was made."""
    return Manifest(
        number=number,
        created=created,
        program=kg.__version__,
        base_iri=plan.base_iri,
        raw=plan.raw,
        asserted=asserted,
        inferred=graphs.get(plan.names.inferred, 0),
        graphs=graphs,
        sources=tuple(report.entry for report in reports),
        ontologies=(),
        seconds=dict(stopwatch.seconds),
        peak_rss_mb=peak_rss_mb(),
    )
