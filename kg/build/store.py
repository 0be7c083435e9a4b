"""The store: a file of quads into an optimised Oxigraph store, or into what the store before becomes by a difference.

In: N-Quads files. Out: a store on disk that holds just what the file does. The default graph is the union of what goes
into it, each triple once.
"""

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.build.difference import Difference, find_difference
from kg.build.generations import Generation
from kg.build.layout import GenerationFolder
from kg.build.quad_file import Part
from kg.build.quad_lines import QuadLines
from kg.errors import BuildError

logger = logging.getLogger(__name__)

MOST_DRIFT: Final = 0.2
"""Part of a store that may change before it is loaded anew, which compacts it."""


def make_store(previous: Generation | None, candidate: GenerationFolder, parts: Sequence[Part], quads: int) -> int:
    """The store of a candidate, by difference from the generation before where little has changed.

    Returns how many quads have come and gone since a store was loaded whole and compacted.

    Raises:
        BuildError: see `load_store`.
    """
    file, store = candidate.quads, candidate.store
    if previous is not None and previous.manifest.parts:
        drift = previous.manifest.drift
        before = QuadLines(previous.quads, previous.manifest.parts)
        try:
            changed = find_difference(before, QuadLines(file, parts), int(MOST_DRIFT * quads) - drift)
            if changed is not None and change_store(previous.store, store, changed, quads):
                return drift + changed.size
            if changed is not None:
                logger.warning("%s does not hold what its file says, so all is loaded", previous.store)
        except OSError as error:
            logger.warning("generation %d cannot be built upon, so all is loaded: %s", previous.number, error)
        shutil.rmtree(store, ignore_errors=True)
    load_store(file, store, quads)
    return 0


def load_store(quads: Path, store: Path, expected: int) -> None:
    """Load an N-Quads file into a new store, optimise it, and check that it holds what was written.

    Raises:
        BuildError: the store holds another number of quads than the file.
    """
    opened = Store(str(store))
    opened.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
    opened.optimize()
    opened.flush()
    if len(opened) != expected:
        raise BuildError(
            f"the store holds {len(opened):,} quads where {expected:,} were written",
            where=str(store),
            hint="this is a bug",
        )


def change_store(before: Path, store: Path, difference: Difference, expected: int) -> bool:
    """Make a new store of an older one, which stays as it is: they share the files that are the same.

    Returns whether it came to the expected number of quads; if not, it is of no use.

    Raises:
        OSError: the older one cannot be read.
    """
    Store.read_only(str(before)).backup(str(store))
    opened = Store(str(store))
    for quad in parse(b"\n".join(difference.removed), RdfFormat.N_QUADS):
        opened.remove(quad)
    opened.bulk_load(b"\n".join(difference.added), RdfFormat.N_QUADS)
    opened.flush()
    return len(opened) == expected


def load_raw(files: Iterable[tuple[Path, RdfFormat, str]], store: Path, quads: Path) -> tuple[int, dict[str, int]]:
    """Load files as they are, default graph to default graph; the sizes of the default and the named graphs.

    Each file is given with its format and the IRI that its relative IRIs are resolved against.

    Raises:
        BuildError: a file is not of its format.
    """
    opened = Store(str(store))
    for path, rdf_format, base_iri in files:
        try:
            opened.load(path=str(path), format=rdf_format, base_iri=base_iri)
        except (SyntaxError, ValueError) as error:
            raise BuildError(str(error), where=str(path), hint="--raw loads files whole or not at all") from error
    opened.optimize()
    opened.flush()
    opened.dump(str(quads), RdfFormat.N_QUADS)
    named = [graph for graph in opened.named_graphs() if isinstance(graph, NamedNode)]
    graphs = {graph.value: _count(opened.quads_for_pattern(None, None, None, graph)) for graph in named}
    return _count(opened.quads_for_pattern(None, None, None, DefaultGraph())), graphs


def read_graph(store: Path, graph: str | None) -> Iterator[Triple]:
    """The triples of one named graph of a store on disk, or of the default graph.

    Raises:
        BuildError: the store is damaged.
    """
    name = DefaultGraph() if graph is None else NamedNode(graph)
    try:
        for quad in Store.read_only(str(store)).quads_for_pattern(None, None, None, name):
            yield quad.triple
    except (OSError, RuntimeError) as error:  # RuntimeError is what pyoxigraph makes of RocksDB's "corruption"
        raise BuildError(
            f"is damaged: {error}",
            where=str(store),
            hint="`kg generations` lists the others, and `kg generations rollback N` goes back to one",
        ) from error


def _count(quads: Iterable[Quad]) -> int:
    return sum(1 for _ in quads)
