"""The axioms that are reasoned with: ours in `ontologies/`, and those of files that an operator names.

In: files. Out: triples. They are trusted, as what sources say is not: whoever names a file answers for it.
"""

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Triple

from kg.build.normalise import NormalisePlan, normalise
from kg.errors import BuildError, SourceError
from kg.namespaces import Names
from kg.resources import folder
from loaders.protocol import SourceFile
from loaders.registry import get_loader


def read_ontologies(others: Sequence[Path], names: Names) -> list[Triple]:
    """Our axioms and those of other files, normalised like a source.

    Raises:
        BuildError: one is not whole and right: axioms are trusted, so a fault in them is ours to mend.
    """
    triples: dict[Triple, None] = {}
    for path in (*sorted(folder("ontologies").glob("*.ttl")), *others):
        # Ours are written with relative IRIs, so that our own terms lie under whichever base is set.
        file = SourceFile("ontology", path.name, path, names.base, names.base)
        try:
            loaded = get_loader("rdf").load(file)
            normalised = normalise("ontology", loaded.quads, NormalisePlan(names, "all", forms=False))
        except SourceError as error:
            raise BuildError(error.what, where=str(path), hint=error.hint) from error
        for problem in (*loaded.problems, *normalised.problems):
            if problem.severity == "error":
                raise BuildError(problem.what, where=f"{path} ({problem.where})", hint=problem.hint)
        triples.update(dict.fromkeys(normalised.triples))
    return list(triples)
