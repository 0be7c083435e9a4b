"""The guard: what a query must not do before a worker sees it.

In: query text and limits. Out: a `QueryOutline`, or the error that says what is too much, where, and what to do.
Nothing is parsed here, only counted (`kg.engine.walk`), in time linear in the text: 0.5 ms for 1 kB, 25 ms for 100 kB,
0.35 s for 1 MB of dense text and 20 ms for 1 MB of VALUES. The limits keep the engine's parser and planner, which know
no deadline, to about a second (of 700 random queries near several limits at once, the worst took 1.8 s); evaluation
is held by the workers' deadline, and what slips through costs one worker.
"""

from dataclasses import dataclass, field

from kg.engine.limits import GuardLimits
from kg.engine.walk import Walk
from kg.errors import LimitExceeded, SyntaxFault
from kg.sparql.normal import fingerprint
from kg.sparql.tokens import syntax_fault, unescape_codepoints

__all__ = ["GuardLimits", "QueryOutline", "check"]


@dataclass(frozen=True, slots=True)
class QueryOutline:
    """What the service needs to know of a query without parsing it.

    Attributes:
        form: "select", "construct", "describe" or "ask".
        has_dataset_clause: whether it has FROM, so that its own dataset holds.
        has_order_by: whether it sorts, at any level.
        volatile: whether it uses NOW, RAND, UUID, STRUUID or BNODE, so that no two answers need be the same.
        services: the endpoints that it names, all of them allowed.
        text_searches: where each SERVICE begins that is a text search.
        tokens: how many tokens were counted; long lists of constants count as one.
        fingerprint: of its normal form, by which answers are shared and the log speaks of it.
    """

    form: str
    has_dataset_clause: bool
    has_order_by: bool
    volatile: bool
    services: tuple[str, ...]
    tokens: int
    text_searches: tuple[int, ...] = ()
    fingerprint: str = field(default="", compare=False)

    @property
    def shareable(self) -> bool:
        """Whether one answer may serve all who ask this on one generation."""
        return not self.volatile and not self.services


def check(query: str, limits: GuardLimits) -> QueryOutline:
    """Let a query pass to a worker, or say why not.

    Where codepoint escapes change which words a query has (SPARQL 1.1, section 19.2), a SERVICE in either reading is
    refused: the engine reads escapes in strings and IRIs only, but need not do so for ever.

    Raises:
        SyntaxFault: it is empty, an update, not text, or broken in a way that tokens and brackets show.
        LimitExceeded: it is over one of the limits, which the error names.
        ServiceRefused: it names a SERVICE that is not allowed.
    """
    if len(query) > limits.max_length:
        raise LimitExceeded(
            f"the query has {len(query):,} characters; the limit is {limits.max_length:,}",
            hint="split it, or look up long lists of values in several queries",
            limit="max_length",
        )
    _check_text(query)
    if "\\u" in query or "\\U" in query:
        _check_escaped(query, limits)
    walk = Walk(query, limits)
    walk.run()
    return QueryOutline(
        form=walk.form,
        has_dataset_clause=walk.has_dataset_clause,
        has_order_by=walk.has_order_by,
        volatile=walk.volatile,
        services=tuple(walk.services),
        tokens=walk.tokens,
        text_searches=tuple(walk.text_searches),
        fingerprint=fingerprint(query),
    )


def _check_text(query: str) -> None:
    """Refuse what no transport format can carry."""
    if (place := query.find("\0")) >= 0:
        raise syntax_fault(query, place, "the query holds a NUL character", "remove it, or write \\u0000 in a string")
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise syntax_fault(
            query, error.start, "the query holds half a surrogate pair, which is no character", "send it as UTF-8"
        ) from error


def _check_escaped(query: str, limits: GuardLimits) -> None:
    """Refuse a SERVICE that codepoint escapes spell; other faults of this reading are not the engine's."""
    unescaped = unescape_codepoints(query)
    if "service" in unescaped.lower():
        try:
            Walk(unescaped, limits).run()
        except (SyntaxFault, LimitExceeded):
            return
