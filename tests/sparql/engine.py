"""What the engine makes of query text, asked in a process of its own: hostile text may end or hold up that one.

`python -m tests.sparql.engine SECONDS` reads queries, one JSON string a line, and answers each with one word.
"""

import contextlib
import json
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import DEFAULT_BASE_IRI, Names

CORPUS = tuple((Path(__file__).parent / "corpus.txt").read_text(encoding="utf-8").split("\n----\n"))
"""Queries that the engine reads, over all of the grammar."""

ENDPOINT = "http://127.0.0.1:9/"
"""An endpoint that the engine's HTTP client refuses to connect to, because of its port."""
_CALL = ("port 9 ", "service name")
_ALL = {**Names(DEFAULT_BASE_IRI).prefixes(), "ex": f"{ENDPOINT}e/", "": ENDPOINT}


def ask_engine(queries: Sequence[str], seconds: float = 30) -> list[str]:
    """One word for each query: "ok", "syntax", "called" where it tried to call a service, "other" or "died"."""
    command = [sys.executable, "-m", "tests.sparql.engine", str(seconds)]
    text = "".join(f"{json.dumps(query)}\n" for query in queries)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=seconds + 5, check=False, cwd=root
    )
    words = done.stdout.split()
    return words + ["died"] * (len(queries) - len(words))


def engine_keywords() -> set[str]:
    """The words, in capitals, that the engine says it would understand in one place or another.

    What it expects, it says of the rest of the text that is long enough for the word; so the rest has every length.
    """
    heads = (
        "", "SELECT ", "SELECT (?x ", "SELECT (COUNT(", "SELECT (GROUP_CONCAT(?x;", "SELECT * FROM ", "SELECT * {} ",
        "SELECT * {} GROUP ", "SELECT * {} ORDER ", "SELECT * {} ORDER BY ", "SELECT * { {} ", "SELECT * { ?s ?p ?o ",
        "SELECT * { SERVICE ", "SELECT * { FILTER(", "SELECT * { FILTER NOT ", "SELECT * { FILTER(?x ",
        "SELECT * { FILTER(?x NOT ", "SELECT * { VALUES ?x { ",
    )  # fmt: skip
    found: set[str] = set()
    for head in heads:
        for length in range(1, 20):
            try:
                Store().query(head + "&" * length)
            except SyntaxError as error:
                expected = str(error).partition("expected ")[2].removeprefix("one of ")
                found |= set(re.findall(r"(?<!\{)\b[A-Za-z][A-Za-z0-9_]+\b", expected))
    return {word.upper() for word in found}


def _verdict(store: Store, query: str) -> str:
    try:
        results = store.query(query, prefixes=_ALL)
        with contextlib.suppress(TypeError):  # the answer to ASK is no iterator
            for _, _row in zip(range(20), results, strict=False):  # type: ignore[arg-type]
                pass
    except SyntaxError:
        return "syntax"
    except (OSError, RuntimeError, ValueError) as error:
        return "called" if any(sign in str(error) for sign in _CALL) else "other"
    return "ok"


def _main() -> None:
    seconds = int(float(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = Store()
    nodes = [NamedNode(f"{ENDPOINT}{name}") for name in ("x", "e/a", "e/p")]
    texts = (f"{ENDPOINT}e/a", f"{ENDPOINT}e/a.b", f"{ENDPOINT}#", ENDPOINT, ENDPOINT.rstrip("/"))
    values: list[Literal | NamedNode] = [Literal(5), Literal(1e5), Literal(True), Literal("x")]
    values += [NamedNode(text) for text in texts]
    for subject in nodes:
        for predicate in nodes:
            for value in values:
                store.add(Quad(subject, predicate, value))
    for line in sys.stdin:
        sys.stdout.write(_verdict(store, json.loads(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
