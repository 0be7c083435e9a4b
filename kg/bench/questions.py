"""The benchmark's queries, and whether two answers to one of them are the same.

In: the `.rq` files beside this module, SPARQL results in JSON. Out: `Question`s in a fixed order, and rows
that can be compared. A benchmark of wrong answers is worthless, so unequal answers are an error.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from kg.bench.client import numbered
from kg.bench.generator import dataset_iri, datasets_at_least
from kg.errors import KgError

NAMES: Final = (
    "star", "facet", "contains", "path", "newest", "publishers", "formats", "years", "facets", "page",
    "without", "unused", "uses", "narrower", "under", "apis", "classes", "properties", "among", "alike",
)  # fmt: skip
"""The twenty catalogue queries: lookups, lists, facets, counts, paths, differences."""
LOOKUPS: Final = 500

Row = tuple[tuple[str, ...], ...]
"""One solution: for each variable its term's kind, value, datatype and language; () where unbound."""


@dataclass(frozen=True, slots=True)
class Question:
    """One query of the benchmark."""

    name: str
    text: str

    def numbered(self, label: str) -> str:
        """The query as a text that no cache has seen."""
        return numbered(self.text, label)


def read_questions() -> tuple[Question, ...]:
    """The queries that are compared one by one."""
    folder = files("kg.bench") / "queries"
    return tuple(Question(name, (folder / f"{name}.rq").read_text(encoding="utf-8")) for name in NAMES)


def lookups(star: Question, triples: int) -> tuple[str, ...]:
    """Small lookups: the first query, asked of many datasets in data of this size."""
    sure = datasets_at_least(triples)
    chosen = {sure * number // LOOKUPS for number in range(LOOKUPS)}
    return tuple(star.text.replace(f"<{dataset_iri(0)}>", f"<{dataset_iri(number)}>") for number in sorted(chosen))


def read_rows(body: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """The variables and the rows in an order of their own (SPARQL 1.1 Query Results JSON Format).

    Raises:
        KgError: it is not such a result.
    """
    try:
        results = json.loads(body)
        variables = tuple(results["head"]["vars"])
        bindings = results["results"]["bindings"]
        return variables, sorted(tuple(_term(row.get(name)) for name in variables) for row in bindings)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KgError("an answer is not SPARQL results in JSON", hint=repr(body[:200])) from error


def _term(term: dict[str, str] | None) -> tuple[str, ...]:
    if term is None:
        return ()
    return (term["type"], term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def require_same(question: Question, answers: Sequence[bytes]) -> int:
    """Make sure that both servers gave the same rows, and some; how many.

    Raises:
        KgError: they differ, or there are none to compare.
    """
    ours, theirs = (read_rows(body) for body in answers)
    if not ours[1] and not theirs[1]:
        raise KgError(
            "nothing was found, so nothing is compared",
            where=f"query {question.name}",
            hint="use more triples",
        )
    if ours == theirs:
        return len(ours[1])
    surplus = Counter(ours[1]) - Counter(theirs[1]), Counter(theirs[1]) - Counter(ours[1])
    raise KgError(
        f"the answers differ: {len(ours[1])} rows of kg, {len(theirs[1])} of oxigraph",
        where=f"query {question.name}",
        hint=f"only kg has {list(surplus[0])[:1]}, only oxigraph has {list(surplus[1])[:1]}",
    )
