"""The budget of a query: what it costs to parse and plan, held against the limits while it is counted.

In: counts and places from `kg.engine.walk`. Out: nothing, or the error that says which limit is passed and where. The
weights are measured with pyoxigraph 0.5.13; `GuardLimits` has the times.
"""

import math
from dataclasses import dataclass
from typing import Final

from kg.engine.limits import GuardLimits
from kg.errors import LimitExceeded
from kg.sparql.tokens import excerpt, line_column

VALUES_PER_PLAN: Final = 2_400
"""So many values in VALUES double the time to plan what they are joined with (0.45 ns against 1.07 µs a step)."""
TERMS_PER_OPERATOR: Final = 2_000
"""From so many terms in expressions on, an operator costs in proportion to them (0.5 to 1 µs a term)."""
VALUES_PER_TERM: Final = 5
"""So many values in VALUES cost an operator as much as one term in an expression does."""
PATTERNS_PER_OPERATOR: Final = 4
"""So many joined patterns cost as much as an operator where expressions are long."""


@dataclass(slots=True)
class Scope:
    """What the planner joins together: patterns, and the values beside them."""

    joined: int = 0
    values: int = 0
    template: bool = False

    def add(self, other: "Scope") -> None:
        """Join what another holds as well."""
        self.joined += other.joined
        self.values += other.values


class Budget:
    """What has been counted of one query, and what it may have."""

    def __init__(self, text: str, limits: GuardLimits) -> None:
        self.terms = 0
        self._text, self._limits = text, limits
        self._operators = self._joined = self._work = 0

    def depth(self, depth: int, place: int) -> None:
        """Brackets are so deep.

        Raises:
            LimitExceeded: too deep.
        """
        if depth > self._limits.max_depth:
            raise self._over("max_depth", place, f"brackets are {depth} deep", "join groups that only hold one another")

    def collection_depth(self, depth: int, place: int) -> None:
        """Collections, paths and nodes are so deep.

        Raises:
            LimitExceeded: too deep.
        """
        if depth > self._limits.max_collection_depth:
            what = f"collections, paths and nodes are {depth} deep"
            raise self._over(
                "max_collection_depth", place, what, "give the inner nodes variables, and triples of their own"
            )

    def join(self, scope: Scope, count: int, place: int) -> None:
        """There are more patterns in a scope.

        Raises:
            LimitExceeded: too many.
        """
        scope.joined += count
        if scope.template:
            if scope.joined > self._limits.max_template:
                what = f"the template has {scope.joined:,} triples or more"
                raise self._over("max_template", place, what, "build the graph with several queries")
            return
        self._joined += count
        if scope.joined > self._limits.max_patterns:
            what = f"one group joins {scope.joined} patterns or more"
            raise self._over("max_patterns", place, what, "ask in several queries, or put parts into subqueries")

    def plan(self, scope: Scope, place: int) -> None:
        """A scope has ended and is planned: cubic in its patterns, linear in the values beside them.

        Raises:
            LimitExceeded: all scopes together take too long.
        """
        self._work += scope.joined**3 * (VALUES_PER_PLAN + scope.values)
        if self._work > self._limits.max_patterns**3 * VALUES_PER_PLAN:
            size = math.ceil((self._work / VALUES_PER_PLAN) ** (1 / 3))
            what = f"the groups so far take as long to plan as one of {size} patterns"
            if scope.values:
                what += f", the last with {scope.values:,} values beside its patterns"
            raise self._over("max_patterns", place, what, "ask in several queries, or put parts into subqueries")

    def operate(self, scope: Scope, count: int, place: int) -> None:
        """There are more clauses and operators, or they may have become dearer.

        Raises:
            LimitExceeded: too many, or too many over the lists beside them.
        """
        self._operators += count
        limit = self._limits.max_operators
        if self._operators > limit:
            what = f"there are {self._operators} clauses, operators and columns or more"
            raise self._over("max_operators", place, what, "ask in several queries")
        terms = self.terms + scope.values // VALUES_PER_TERM
        over_terms = (self._operators + self._joined // PATTERNS_PER_OPERATOR) * terms // TERMS_PER_OPERATOR
        if over_terms > limit:
            what = f"clauses and operators beside lists of {terms:,} terms take as long as {over_terms:,} without"
            raise self._over("max_operators", place, what, "put long lists into VALUES, or into several queries")

    def reread(self, characters: int, place: int) -> None:
        """The parser reads so many characters again.

        Raises:
            LimitExceeded: too many.
        """
        if characters > self._limits.max_rereading:
            what = f"functions inside one another make the parser read {characters:,} characters again"
            raise self._over("max_rereading", place, what, "BIND the results of the inner ones to variables")

    def prefix(self, iri: str, place: int) -> None:
        """A prefix or base has this IRI.

        Raises:
            LimitExceeded: it is too long.
        """
        if len(iri) > self._limits.max_prefix_length:
            what = f"the IRI of a prefix or base has {len(iri):,} characters"
            raise self._over("max_prefix_length", place, what, "declare a shorter one")

    def _over(self, limit: str, place: int, what: str, hint: str) -> LimitExceeded:
        line, column = line_column(self._text, place)
        return LimitExceeded(
            f"{what}; the limit is {getattr(self._limits, limit):,}",
            hint=hint,
            limit=limit,
            line=line,
            column=column,
            excerpt=excerpt(self._text, place),
        )
