"""Intake: one source, harvested, parsed and normalised, or its last good state.

In: a `Source`. Out: its triples, with every problem met on the way. A source that cannot be read, or that lost more
than half of its resources, stays at the state that the generation before was built from, which the archive holds; the
report says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Quad, Triple

from kg.build.archive import Archive, HarvestState
from kg.build.earlier import Earlier, NormalForm, rules_for
from kg.build.forms.codes import Codes
from kg.build.harvest import HarvestLimits, harvest
from kg.build.identity.sightings import Sightings, see
from kg.build.manifest import SourceEntry
from kg.build.normalise import NormalisePlan, normalise
from kg.build.records import members, organisations
from kg.build.sources import Source
from kg.clock import now
from kg.errors import SourceError
from kg.namespaces import Names
from loaders.protocol import Problem, SourceFile
from loaders.reading import head
from loaders.registry import find_loader, get_loader


@dataclass(frozen=True, slots=True)
class Intake:
    """How sources are taken in; most fields are those of the build's plan.

    Attributes:
        program: the fingerprint of this program.
        earlier: the generation before.
    """

    archive: Archive
    names: Names
    limits: HarvestLimits
    contact_points: str
    accept_loss: bool
    codes: Codes
    program: str
    earlier: Earlier

    def rules_for(self, source: Source) -> str:
        """The fingerprint of the rules that a source is read by."""
        return rules_for(source, self.program, self.names.base, self.contact_points)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One source, normalised.

    Attributes:
        state: what it was harvested as.
        rules: the fingerprint of the rules that it was read by.
        extent: how many resources and organisations it has, so that a source that lost most of them is noticed.
        problems: those of the source by itself.
        further: what was found beside: why it is not what it gives now, what could not be resolved.
        kept: why it is its last good state, where it is.
    """

    state: HarvestState
    rules: str
    triples: list[Triple]
    sightings: Sightings
    resources: frozenset[str]
    extent: int
    kinds: Counter[str]
    changes: Mapping[str, int]
    problems: tuple[Problem, ...]
    further: tuple[Problem, ...] = ()
    kept: str = ""


def take_in(source: Source, intake: Intake) -> Loaded:
    """A source as it is now; its last good state where it cannot be read or has lost more than half."""
    last = intake.earlier.last_good(source.id)
    try:
        loaded = _load(source, harvest(source, intake.archive, intake.names.base, intake.limits), intake)
    except SourceError as error:
        problem = Problem(error.where or source.id, error.what, error.hint)
        if last is None:
            nothing = HarvestState(source.id, source.location, now(), ())
            return Loaded(nothing, "", [], see(source.id, ()), frozenset(), 0, Counter(), {}, (problem,))
        return _keep(source, last, problem, intake)
    if last is not None and not intake.accept_loss and 2 * loaded.extent < last.resources:
        problem = Problem(
            source.id,
            f"describes {loaded.extent} resources where its last state has {last.resources}",
            "if that is right, build with --accept-loss",
        )
        return _keep(source, last, problem, intake)
    return loaded


def _keep(source: Source, last: SourceEntry, problem: Problem, intake: Intake) -> Loaded:
    kept = _load(source, last.state, intake)
    reason = f"{problem.what}; its state of {last.state.harvested} stays in place"
    return replace(kept, further=(problem,), kept=reason)


def _load(source: Source, state: HarvestState, intake: Intake) -> Loaded:
    """An archived state of a source.

    Raises:
        SourceError: not one of its files can be read.
    """
    rules = intake.rules_for(source)
    normal = intake.earlier.find_normal_form(state, rules) or _read(source, state, intake)
    seen = see(state.source_id, normal.triples)
    described = frozenset(members(seen, intake.names))
    extent = len(described) + organisations(seen)
    return Loaded(state, rules, normal.triples, seen, described, extent, normal.kinds, normal.changes, normal.problems)


def _read(source: Source, state: HarvestState, intake: Intake) -> NormalForm:
    """Parse and normalise an archived state of a source.

    Raises:
        SourceError: not one of its files can be read.
    """
    problems: list[Problem] = []
    kinds: Counter[str] = Counter()
    failures: list[SourceError] = []

    def quads() -> Iterator[Quad]:
        for archived in state.files:
            path = intake.archive.path(archived.sha256)
            file = SourceFile(state.source_id, archived.name, path, archived.base_iri, intake.names.base)
            try:
                loader = get_loader(source.kind) if source.kind else find_loader(head(path), file.name)
                if loader is None:
                    hint = "leave it out, or give its kind with --kind"
                    raise SourceError("is of no kind that is known here", where=file.name, hint=hint)
                loaded = loader.load(file)
                yield from loaded.quads
                kinds[loader.kind] += 1
                problems.extend(loaded.problems)
            except SourceError as error:
                failures.append(error)
                problems.append(Problem(error.where or file.name, error.what, error.hint))

    plan = NormalisePlan(intake.names, intake.contact_points, intake.codes)
    normalised = normalise(state.source_id, quads(), plan)
    if failures and not kinds:
        raise failures[0]
    return NormalForm(normalised.triples, kinds, normalised.counts, (*problems, *normalised.problems))
