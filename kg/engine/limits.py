"""The limits of a query, each with the measurement that it rests on.

The figures are of pyoxigraph 0.5.13 on one core and an empty store; with 100 triples they were the same.
"""

from dataclasses import dataclass


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
        search: the IRI of the text search, which SERVICE may name as well; empty where there is none.
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
    search: str = ""
