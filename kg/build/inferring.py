"""Inferring: what follows from what a build has written so far, written beside it and counted.

In: the N-Quads file with the default graph, and which of its lines are trusted. Out: `B graph/inferred` and the
contradictions in the same file, and the statistics of what was read and found.

Whoever needs this module imports it then: polars, which the reasoner counts with, takes a quarter of a second to
import and starts threads.
"""

from collections.abc import Set
from functools import partial
from pathlib import Path

from kg.build.quad_file import QuadFile, line_ending
from kg.build.statistics import count
from kg.build.stopwatch import Stopwatch
from kg.namespaces import Names
from kg.quality.contradictions import contradiction_lines
from kg.reason.inference import Inference, infer
from kg.reason.terms import Terms
from kg.statistics import write_statistics


def write_inferred(
    file: QuadFile, trusted: Set[str], names: Names, statistics: Path, stopwatch: Stopwatch
) -> Inference:
    """Write what follows from the default graph, and count both."""
    with stopwatch.stage("reason"):
        terms = Terms()
        axioms = terms.columns(sorted(trusted))
        data = terms.columns(line for line in file.asserted if line not in trusted)
        inference = infer(axioms, data, terms, names)
    with stopwatch.stage("statistics"):
        write_statistics(statistics, count(inference.asserted, inference.inferred, inference.terms))
    with stopwatch.stage("write"):
        file.write_graph(names.inferred, partial(inference.write, ending=line_ending(names.inferred)))
        file.write_lines(names.quality, contradiction_lines(inference.clashes, names))
    return inference
