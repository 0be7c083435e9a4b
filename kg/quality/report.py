"""The quality report of a generation: problems by source, and contradictions between all of them.

In: a generation's build log and its graph of contradictions. Out: records, for `kg check` to show.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from kg.build.generations import Generation
from kg.build.log import read_log
from kg.errors import NotFound
from kg.namespaces import RDF, Names
from loaders.protocol import Problem


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """The problems of one source; an empty id stands for all sources taken together."""

    source_id: str
    problems: tuple[Problem, ...]

    def count(self, severity: str) -> int:
        """How many problems are errors, or warnings."""
        return sum(1 for problem in self.problems if problem.severity == severity)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A contradiction: its IRI, the rule that finds it, and the triples that cannot all hold, as N-Triples."""

    iri: str
    rule: str
    premises: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What is wrong in a generation."""

    generation: int
    sources: tuple[SourceQuality, ...]
    contradictions: tuple[Contradiction, ...]


def read_quality(generation: Generation, source_id: str | None = None) -> Quality:
    """The report of a generation, or of one source of it.

    Raises:
        NotFound: the generation has no such source.
        BuildError: the build log cannot be read.
    """
    known = [entry.id for entry in generation.manifest.sources]
    if source_id is not None and source_id not in known:
        raise NotFound(
            f"generation {generation.number} has no source {source_id!r}", hint=f"it has: {', '.join(known)}"
        )
    problems: dict[str, list[Problem]] = defaultdict(list)
    for entry in read_log(generation.problems):
        problems[entry.source].append(entry.problem)
    listed = [source_id] if source_id is not None else [*known, ""]
    contradictions = () if source_id is not None else tuple(_read_contradictions(generation))
    sources = tuple(SourceQuality(each, tuple(problems[each])) for each in listed)
    return Quality(generation.number, sources, contradictions)


def _read_contradictions(generation: Generation) -> Iterator[Contradiction]:
    names = Names(generation.manifest.base_iri)
    graph = NamedNode(names.quality)
    if names.quality not in generation.manifest.graphs:
        return
    store = Store.read_only(str(generation.store))
    kind, rule, premise = (NamedNode(f"{names.ns}{name}") for name in ("Contradiction", "rule", "premise"))
    places = [NamedNode(f"{RDF}{name}") for name in ("subject", "predicate", "object")]
    found = []
    for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), kind, graph):
        node = quad.subject
        statements = sorted(str(each.object) for each in store.quads_for_pattern(node, premise, None, graph))
        triples = []
        for statement in statements:
            terms = [
                str(each.object)
                for place in places
                for each in store.quads_for_pattern(NamedNode(statement[1:-1]), place, None, graph)
            ]
            triples.append((terms[0], terms[1], terms[2]))
        (name,) = (str(each.object).strip('"') for each in store.quads_for_pattern(node, rule, None, graph))
        found.append(Contradiction(str(node)[1:-1], name, tuple(triples)))
    yield from sorted(found, key=lambda each: (each.rule, each.iri))
