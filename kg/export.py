"""Export: the served generation, or one graph of it, as a file.

In: a generation and a format. Out: a file that is whole or not there.
"""

import os
import shutil
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.build.generations import Generation
from kg.errors import NotFound, UsageError
from kg.namespaces import Names

EXPORT_FORMATS: Final = MappingProxyType(
    {
        "nquads": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "ntriples": RdfFormat.N_TRIPLES,
        "turtle": RdfFormat.TURTLE,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }
)


def export(generation: Generation, graph: str | None, name: str, path: Path) -> int:
    """Write a generation, or one graph of it (`default` is the default graph); the size in bytes.

    Raises:
        UsageError: the format is unknown, or cannot hold several graphs; or the file exists.
        NotFound: there is no such graph.
    """
    if name not in EXPORT_FORMATS:
        raise UsageError(f"{name!r} is no export format", where="--format", hint=f"one of {', '.join(EXPORT_FORMATS)}")
    chosen = EXPORT_FORMATS[name]
    if graph is None and not chosen.supports_datasets:
        raise UsageError(f"{name} holds one graph only", where="--format", hint="give --graph, or use nquads or trig")
    if path.exists():
        raise UsageError("the file exists already", where=str(path), hint="choose another name or remove it")
    if graph not in {None, "default", *generation.manifest.graphs}:
        known = ", ".join(sorted(generation.manifest.graphs))
        raise NotFound("there is no such graph", where=str(graph), hint=f"there are: default, {known}")
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            if graph is None and name == "nquads":
                with generation.quads.open("rb") as quads:
                    shutil.copyfileobj(quads, out, 1 << 20)
            else:
                only = None if graph is None else DefaultGraph() if graph == "default" else NamedNode(graph)
                prefixes = Names(generation.manifest.base_iri).prefixes()
                Store.read_only(str(generation.store)).dump(out, chosen, from_graph=only, prefixes=prefixes)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path.stat().st_size
