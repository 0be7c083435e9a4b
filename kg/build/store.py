"""The store: graphs of triples into an N-Quads file, and that file into an optimised Oxigraph store.

In: triples by graph, each graph a set, those of a source under its own IRIs. Out: counts, a store on disk and the file
it was loaded from. The default graph is the union of what goes into it, each triple once (design §2; a union of named
graphs would count repeated triples twice).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from kg.errors import BuildError


@dataclass(slots=True)
class QuadFile:
    """An N-Quads file being written; it remembers the default graph, so that each triple is in it once.

    `asserted` has the lines of the default graph in their order: read again in it, they are close in memory.
    """

    out: IO[str]
    graphs: dict[str, int] = field(default_factory=dict)
    asserted: dict[str, None] = field(default_factory=dict)

    def write_asserted(
        self, graph: str, triples: Iterable[Triple], canonical: Callable[[Triple], Triple | None] | None = None
    ) -> None:
        """Add one named graph, and what its triples become under `canonical` to the default graph.

        A triple that becomes None is in the named graph alone.
        """
        name = str(NamedNode(graph))
        for triple in triples:
            text = str(triple)
            self._write_named(graph, name, text)
            if canonical is not None:
                renamed = canonical(triple)
                if renamed is None:
                    continue
                if renamed is not triple:
                    text = str(renamed)
            if text not in self.asserted:
                self.asserted[text] = None
                self.out.write(f"{text} .\n")

    def write_lines(self, graph: str, lines: Iterable[str]) -> None:
        """Add one named graph, its triples given as N-Triples without the dot."""
        name = str(NamedNode(graph))
        for line in lines:
            self._write_named(graph, name, line)

    def _write_named(self, graph: str, name: str, text: str) -> None:
        self.out.write(f"{text} {name} .\n")
        self.graphs[graph] = self.graphs.get(graph, 0) + 1


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


def read_graph(store: Path, graph: str) -> Iterator[Triple]:
    """The triples of one named graph of a store on disk."""
    for quad in Store.read_only(str(store)).quads_for_pattern(None, None, None, NamedNode(graph)):
        yield quad.triple


def _count(quads: Iterable[Quad]) -> int:
    return sum(1 for _ in quads)
