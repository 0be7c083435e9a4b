"""Rewriting: a query in, the query that the engine is to run out, and what was done to it.

`RULES` is the list of rules; each is provably equivalent, pays in a measurement that its module names, and is compared
with the plain engine on random data and queries in `tests/sparql/test_rewrites.py`. Text that is not read with
certainty is not touched (`kg.sparql.naming`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.sparql.naming import Naming
from kg.sparql.rewrites import counts, lists, paths, views
from kg.sparql.rewrites.edits import Question, Rewrite, apply
from kg.sparql.syntax.queries import read_syntax
from kg.sparql.syntax.tree import Misfit, Unread
from kg.statistics import GraphStatistics

RULES: Final[tuple[Callable[[Question], list[Rewrite]], ...]] = (counts.counts, lists.lists, paths.paths)
RULE_NAMES: Final = (views.NAME, counts.NAME, lists.NAME, paths.NAME)
_WORTH_READING: Final = re.compile(r"\bin\s*\(|\bcount\b|\bdistinct\b|[\w>)][*+]", re.ASCII | re.IGNORECASE)
"""Queries without any of these have nothing to rewrite, and reading them costs as much as a lookup (0.3 ms)."""
MAX_LENGTH: Final = 100_000


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query as it is run.

    Attributes:
        text: what the engine is given.
        rewrites: what was done, in places of the text before each step.
        own_dataset: whether it still has a dataset clause of its own.
    """

    text: str
    rewrites: tuple[Rewrite, ...]
    own_dataset: bool


def rewrite(
    query: str,
    prefixes: Mapping[str, str],
    statistics: GraphStatistics | None,
    are_former: Callable[[Sequence[str]], bool] | None = None,
) -> Rewritten:
    """Rewrite a query.

    Args:
        query: its text.
        prefixes: the predeclared ones.
        statistics: of the service's own dataset as the query reads it; None where they are not known, or the
            request names another dataset.
        are_former: given where the query has FROM: whether graphs are former ones, which may be left out.
    """
    unchanged = Rewritten(query, (), are_former is not None)
    if len(query) > MAX_LENGTH or not (are_former or _WORTH_READING.search(query)):
        return unchanged
    try:
        done: tuple[Rewrite, ...] = ()
        if are_former:
            query, done = _apply(query, prefixes, None, (lambda question: views.views(question, are_former),))
            if not done:
                statistics = None
        text, more = _apply(query, prefixes, statistics, RULES)
        return Rewritten(text, (*done, *more), are_former is not None and not done)
    except (Misfit, Unread):
        return unchanged


def _apply(
    query: str,
    prefixes: Mapping[str, str],
    statistics: GraphStatistics | None,
    rules: tuple[Callable[[Question], list[Rewrite]], ...],
) -> tuple[str, tuple[Rewrite, ...]]:
    tree = read_syntax(query)
    naming = Naming(tree, prefixes)
    if not naming.certain:
        return query, ()
    question = Question(tree, naming, statistics)
    return apply(query, [found for rule in rules for found in rule(question)])
