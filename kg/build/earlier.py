"""The generation before, as the place that sources which have not changed are taken from.

In: that generation, and the rules of today as one fingerprint. Out: a source in its normal form, without being parsed
and normalised again, if its files are byte for byte what they were and so are the rules: this program, the codes, and
the settings that normalisation depends on. It has in the generation's file of quads a part of its own.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat, Triple, parse

import kg
import loaders
from kg.build.archive import HarvestState
from kg.build.generations import Generation
from kg.build.log import read_log
from kg.build.manifest import SourceEntry
from kg.build.quad_lines import QuadLines, own_statements
from kg.build.sources import Source
from kg.errors import BuildError
from kg.namespaces import Names
from kg.resources import folder
from loaders.protocol import Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A source, parsed and normalised.

    Attributes:
        triples: distinct.
        kinds: file counts by kind of loader.
        changes: how often each rule of normalisation was used.
        problems: what was wrong with it by itself.
    """

    triples: list[Triple]
    kinds: Counter[str]
    changes: Mapping[str, int]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was there before this build.

    Attributes:
        generation: the one that is served; None before the first, or if it was loaded raw.
        problems: what was wrong with each source by itself; None if that is not known any more.
    """

    generation: Generation | None
    problems: Mapping[str, tuple[Problem, ...]] | None

    @classmethod
    def of(cls, generation: Generation | None) -> "Earlier":
        """A generation to build upon, or none."""
        if generation is None or generation.manifest.raw:
            return cls(None, None)
        problems: dict[str, list[Problem]] = {}
        try:
            for entry in read_log(generation.problems):
                if entry.own:
                    problems.setdefault(entry.source, []).append(entry.problem)
        except BuildError as error:
            logger.warning("every source is read again: %s", error)
            return cls(generation, None)
        return cls(generation, {source: tuple(several) for source, several in problems.items()})

    def may_become(self, sources: Mapping[str, str]) -> bool:
        """Whether its store may be changed into that of these sources, given with the rules that they are read by.

        What a source says no more is gone from a changed store, but it stays in its files until they are compacted. A
        source that is left out, or read by other rules (which may withhold what was not withheld), goes at once.
        """
        entries = self.generation.manifest.sources if self.generation else ()
        return all(sources.get(entry.id) == entry.rules for entry in entries)

    def last_good(self, source_id: str) -> SourceEntry | None:
        """What the generation before holds of a source, if it ever could be read."""
        entry = self.generation.manifest.find_source(source_id) if self.generation else None
        return entry if entry and entry.state.files else None

    def find_normal_form(self, state: HarvestState, rules: str) -> NormalForm | None:
        """The normal form of a state of a source, if it is what it was under the same rules."""
        entry = self.last_good(state.source_id)
        if self.generation is None or self.problems is None or entry is None:
            return None
        if entry.rules != rules or entry.state.files != state.files:
            return None
        try:
            triples = _triples_of(self.generation, Names(self.generation.manifest.base_iri).source(entry.id))
        except (OSError, BuildError, SyntaxError) as error:
            logger.warning("the source %s is read again: %s", entry.id, error)
            return None
        problems = self.problems.get(entry.id, ())
        return NormalForm(triples, Counter(entry.kinds), entry.changes, problems)


def _triples_of(generation: Generation, graph: str) -> list[Triple]:
    """The triples of a source's graph, in the order in which they were written.

    Raises:
        OSError: the file of quads cannot be read.
        BuildError: it is not what was written.
    """
    part = next((part for part in generation.manifest.parts if part.graph == graph), None)
    if part is None:
        return []
    digest, triples = hashlib.sha256(), []
    for _, lines in QuadLines(generation.quads, [part]).read():
        whole = b"\n".join((*lines, b""))
        digest.update(whole)
        own = b" .\n".join((*own_statements(graph, lines), b""))
        triples += [quad.triple for quad in parse(own, RdfFormat.N_TRIPLES)]
    if digest.hexdigest() != part.sha256:
        raise BuildError("is not what was written", where=str(generation.quads))
    return triples


def fingerprint_of_program() -> str:
    """A checksum of all that decides what a source becomes, beside its files and the settings."""
    packages = [Path(str(package.__file__)).parent for package in (kg, loaders)]
    modules = [(package, path) for package in packages for path in sorted(package.rglob("*.py"))]
    codes = folder("ontologies") / "codes"
    digest = hashlib.sha256(pyoxigraph.__version__.encode())
    for top, path in (*modules, *((codes, path) for path in sorted(codes.rglob("*")) if path.is_file())):
        digest.update(f"\n{path.relative_to(top)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def rules_for(source: Source, program: str, *settings: str) -> str:
    """The fingerprint of the rules that a source is read by."""
    return hashlib.sha256(repr((program, source.kind, settings)).encode()).hexdigest()
