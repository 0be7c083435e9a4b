"""The engines that `kg bench reason` runs, each in a process of its own, from N-Triples to N-Triples.

`python -m kg.bench.reasoning_engines ENGINE OUT FILE…` reads the files (axioms, then data), writes what the engine
finds, and prints one line of JSON: how many triples were written, and the CPU seconds of its stages. Each process
limits itself in memory and CPU time, so that none can take the machine with it, and imports its own engine only, so
that none pays for another.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kg.namespaces import DEFAULT_BASE_IRI, Names

MEMORY_BYTES: Final = 12 << 30
"""Address space that a process may take."""
CPU_SECONDS: Final = 300


@dataclass(slots=True)
class Stages:
    """CPU seconds of the process by stage; the first stage begins with the process."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0

    def end(self, stage: str) -> None:
        """A stage ends here, and the next begins."""
        now = time.process_time()
        self.seconds[stage] = now - self._since
        self._since = now


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine.

    Attributes:
        name: as the report tells it.
        package: whose version is told; the engine is left out where it is not installed.
        run: takes the files, where to write, and the stages; gives how many triples it wrote or holds.
    """

    name: str
    package: str
    run: Callable[[Sequence[Path], Path, Stages], int]

    def version(self) -> str | None:
        """The version that is installed; None if none is."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


def _run_ours(files: Sequence[Path], out: Path, stages: Stages) -> int:
    """The reasoner as a build calls it; what follows by our own rules is there too."""
    import polars as pl  # noqa: PLC0415

    from kg.reason.inference import infer  # noqa: PLC0415
    from kg.reason.terms import Terms  # noqa: PLC0415

    stages.end("start")
    # As tables of one column, since `read_lines` reserves more address space than a process has here.
    tables = (
        pl.read_csv(file, has_header=False, separator="\x01", quote_char=None, schema={"line": pl.String})
        for file in files
    )
    lines = [table.to_series().str.head(-len(" .")) for table in tables]
    stages.end("read")
    terms = Terms()
    axioms, data = map(terms.columns, lines)
    stages.end("encode")
    inference = infer(axioms, data, terms, Names(DEFAULT_BASE_IRI))
    stages.end("reason")
    with out.open("wb") as target:
        written = inference.write(target)
    stages.end("write")
    return written


def _run_owlrl(files: Sequence[Path], out: Path, stages: Stages) -> int:
    """The closure without axiomatic triples; the asserted ones are written with it."""
    from owlrl import DeductiveClosure, OWLRL_Semantics  # type: ignore[import-untyped]  # noqa: PLC0415
    from rdflib import Graph  # noqa: PLC0415

    stages.end("start")
    graph = Graph()
    for file in files:
        graph.parse(file, format="nt")
    stages.end("read")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    stages.end("reason")
    graph.serialize(str(out), format="nt", encoding="utf-8")
    stages.end("write")
    return len(graph)


def _run_reasonable(files: Sequence[Path], out: Path, stages: Stages) -> int:
    """The closure; the asserted triples are written with it."""
    from reasonable import PyReasoner  # noqa: PLC0415

    stages.end("start")
    reasoner = PyReasoner()
    for file in files:
        turtle = out.with_name(f"{file.stem}.ttl")  # it knows formats by name; N-Triples is Turtle
        turtle.unlink(missing_ok=True)
        turtle.symlink_to(file)
        reasoner.load_file(str(turtle))
    stages.end("read")
    triples = reasoner.reason()
    stages.end("reason")
    with out.open("w", encoding="utf-8") as target:
        target.writelines(f"{one.n3()} {two.n3()} {three.n3()} .\n" for one, two, three in triples)
    stages.end("write")
    return len(triples)


def _run_duckdb(files: Sequence[Path], out: Path, stages: Stages) -> int:
    """What follows by the rules of `duckdb_reasoner`."""
    from kg.bench.duckdb_reasoner import reason_in_duckdb  # noqa: PLC0415

    axioms, data = files
    return reason_in_duckdb(axioms, data, out, stages.end)


def _load_oxigraph(files: Sequence[Path], _out: Path, stages: Stages) -> int:
    """No reasoning: the files are loaded into a store in memory, which is what reasoning is measured by."""
    from pyoxigraph import RdfFormat, Store  # noqa: PLC0415

    stages.end("start")
    store = Store()
    for file in files:
        store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES)
    stages.end("load")
    return len(store)


OURS: Final = Engine("kg", "kunnskapsgraf", _run_ours)
OWLRL: Final = Engine("owlrl", "owlrl", _run_owlrl)
OXIGRAPH: Final = Engine("oxigraph", "pyoxigraph", _load_oxigraph)
PEERS: Final = (
    Engine("reasonable", "reasonable", _run_reasonable),
    Engine("duckdb", "duckdb", _run_duckdb),
)
"""Engines that reason at every size that they can take."""
ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {engine.name: engine for engine in (OURS, OWLRL, OXIGRAPH, *PEERS)}
)


def main() -> None:
    """Run the engine that the command line names; the process edge."""
    name, out, *files = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stages = Stages()
    written = ENGINES[name].run([Path(file) for file in files], Path(out), stages)
    print(json.dumps({"written": written, "stages": stages.seconds}))  # noqa: T201 - this is what it is asked for


if __name__ == "__main__":
    main()
