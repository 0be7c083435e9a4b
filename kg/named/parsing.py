"""What the engine says of queries, asked in a process that may die of them.

In: query texts. Out: for each its rows on an empty store as N-Triples terms, or a fault of syntax with its place. An
operator's folder is trusted, but a mistake in it must not end the service that reads it: a query that crashes or
stalls the engine costs its process, and the next one goes on with those behind it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import QuerySolutions, Store

from kg.engine.confinement import Limits, confine, end_with_parent

SECONDS: Final = 10.0
"""What the queries of one process may take together."""
MEMORY_BYTES: Final = 1 << 30
_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the engine says of one query: rows, or an error and its line, 0 where unknown."""

    rows: tuple[tuple[str | None, ...], ...] = ()
    error: str = ""
    line: int = 0


def ask_engine(queries: Sequence[str], seconds: float = SECONDS) -> list[Verdict]:
    """Have the engine read queries and run them on an empty store."""
    verdicts: list[Verdict] = []
    while len(verdicts) < len(queries):
        verdicts += _ask(queries[len(verdicts) :], seconds)
    return verdicts


def _ask(queries: Sequence[str], seconds: float) -> list[Verdict]:
    """The verdicts on the queries up to the one that the process ended with."""
    command = [sys.executable, "-P", "-m", "kg.named.parsing"]
    lines = "".join(f"{json.dumps(query)}\n" for query in queries).encode()
    stalled = False
    try:
        done = subprocess.run(command, input=lines, capture_output=True, timeout=seconds, check=False).stdout
    except subprocess.TimeoutExpired as error:
        stalled, done = True, error.stdout or b""
    whole = done[: done.rfind(b"\n") + 1].splitlines()
    verdicts = [_verdict(json.loads(line)) for line in whole]
    if len(verdicts) < len(queries):
        what = f"the engine does not finish reading it in {seconds:g} s" if stalled else "the engine stops at it"
        verdicts.append(Verdict(error=f"{what}; simplify it"))
    return verdicts


def _verdict(reply: dict[str, Any]) -> Verdict:
    rows = tuple(tuple(row) for row in reply.get("rows", ()))
    return Verdict(rows, reply.get("error", ""), reply.get("line", 0))


def _read(query: str) -> dict[str, Any]:
    try:
        results = Store().query(query)
        if not isinstance(results, QuerySolutions):
            return {"rows": []}
        return {"rows": [[None if term is None else str(term) for term in row] for row in results]}
    except SyntaxError as error:
        found = _POSITION.fullmatch(str(error))
        said = " ".join((found[3] if found else str(error)).split())
        if "Prefix not found" in said:
            said = "a prefix is not declared, so the query does not run in other tools"
        return {"error": f"is not SPARQL: {said[:300]}", "line": int(found[1]) if found else 0}
    except (RuntimeError, OSError):
        return {"rows": []}  # it was read; that a SERVICE is out of reach here says nothing of it


def _main() -> None:
    end_with_parent()
    confine(Limits(memory_bytes=MEMORY_BYTES, file_bytes=0))
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_read(json.loads(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
