"""The guard: what a query must not do before a worker sees it (design §1, Workers; §4, SERVICE).

In: query text and limits. Out: a `QueryOutline`, or the error that says what is too much, where, and what to do.
Nothing is parsed here, only counted (`kg.engine.walk`), in time linear in the text: 0.5 ms for 1 kB, 25 ms for 100 kB,
0.35 s for 1 MB of dense text and 20 ms for 1 MB of VALUES. The limits keep the engine's parser and planner, which know
no deadline, to about a second (of 700 random queries near several limits at once, the worst took 1.8 s); evaluation
is held by the workers' deadline, and what slips through costs one worker.

The figures below are of pyoxigraph 0.5.13 on one core and an empty store; with 100 triples they were the same.
"""

from dataclasses import dataclass

from kg.engine.walk import Walk
from kg.errors import LimitExceeded, SyntaxFault
from kg.sparql.tokens import syntax_fault, unescape_codepoints


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """What a query may consist of.

    Attributes:
        max_length: characters of query text.
        max_depth: brackets of all kinds inside one another. The engine's parser and planner recurse: 400 nested
            functions or groups pass, 1,000 nested functions and 3,000 nested groups end the process by SIGSEGV.
        max_collection_depth: collections, paths, `[ ]`, `<< >>` and `{| |}` inside one another. 20 nested
            collections take 8 ms to plan and 20 annotations 26 ms; 50 take 0.12 s and 2.7 s.
        max_patterns: triple patterns, path steps, groups and VALUES that are joined with one another; a member of a
            collection counts twice. Planning is cubic in them: 50 take 0.1 s, 80 take 0.55 s, 100 take 1.3 s, 128
            take 3.5 s. Several groups count as one that takes as long as all of them: 7 UNION branches of 40 pass,
            8 do not. Values lengthen the planning of what they are joined with: 45 patterns may stand beside 10,000,
            and 21 beside 100,000.
        max_operators: FILTER, BIND, UNION (which counts twice) and the other clauses, logical and arithmetic
            operators, columns, sort and group conditions. 500 take 0.25 s, 1,000 FILTERs 1.3 s, and 3,000 OPTIONALs,
            BINDs or columns end the process by SIGSEGV. An operator over a long list, or beside one, costs more:
            with 10,000 constants in IN lists 100 are allowed (0.7 to 1 s), with 50,000 values in VALUES as well.
        max_template: triples in the template of a CONSTRUCT. 10,000 with variables of their own take 0.75 s.
        max_rereading: characters that the engine's parser reads again: it reads the arguments of REGEX, REPLACE,
            SUBSTR and GROUP_CONCAT twice, so nesting doubles it at each level. 14 levels take 75 ms, 16 take 0.3 s,
            25 would take minutes.
        max_prefix_length: characters in the IRI of a PREFIX or BASE, which is copied at every use.
        allowed_services: IRIs that SERVICE may name.
    """

    max_length: int = 1_000_000
    max_depth: int = 128
    max_collection_depth: int = 20
    max_patterns: int = 80
    max_operators: int = 500
    max_template: int = 10_000
    max_rereading: int = 2_000_000
    max_prefix_length: int = 2_000
    allowed_services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class QueryOutline:
    """What the service needs to know of a query without parsing it.

    Attributes:
        form: "select", "construct", "describe" or "ask".
        has_dataset_clause: whether it has FROM, so that its own dataset holds.
        has_order_by: whether it sorts, at any level.
        volatile: whether it uses NOW, RAND, UUID, STRUUID or BNODE, so that no two answers need be the same.
        services: the endpoints that it names, all of them allowed.
        tokens: how many tokens were counted; long lists of constants count as one.
    """

    form: str
    has_dataset_clause: bool
    has_order_by: bool
    volatile: bool
    services: tuple[str, ...]
    tokens: int


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
        walk.form, walk.has_dataset_clause, walk.has_order_by, walk.volatile, tuple(walk.services), walk.tokens
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
