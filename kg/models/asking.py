"""Asking: a conversation with the engine that neither waits nor blocks itself.

In: what the engine answers. Out: the next question, and at last a value. A conversation is a generator, so that the
same code serves a request, which waits, and the command line, which does not; who drives it does the asking.
"""

import re
from collections.abc import Generator, Iterable, Sequence
from importlib.resources import files
from typing import Final, TypeVar

from pyoxigraph import NamedNode, QuerySolution

from kg.namespaces import Names

Rows = Sequence[QuerySolution]
Result = TypeVar("Result")
Conversation = Generator[str, Rows, Result]
"""Yields SPARQL, is sent its rows, and returns a value."""

BATCH: Final = 400
"""IRIs that one question names."""
_BLOCK: Final = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")


def question(name: str, names: Names, iris: Iterable[str]) -> str:
    """A query of ours about some things; each IRI goes in as a term, never as text."""
    text = (files("kg.models") / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    block = " ".join(str(NamedNode(iri)) for iri in iris)
    return f"BASE {NamedNode(names.base)}\n" + _BLOCK.sub(lambda found: f"VALUES ?{found[1]} {{ {block} }}", text)


def ask_of_all(name: str, names: Names, iris: Iterable[str]) -> Conversation[list[QuerySolution]]:
    """The rows of a query about any number of things, asked in batches."""
    wanted = list(dict.fromkeys(iris))
    rows: list[QuerySolution] = []
    for start in range(0, len(wanted), BATCH):
        rows += yield question(name, names, wanted[start : start + BATCH])
    return rows
