"""Answering the text searches inside a SPARQL query: the query as it is run, from the index of its generation.

In: query text, the places of its searches, and one generation's index and names. Out: the query with what was found in
the place of each search, or the error at its place in the client's text.
"""

from collections.abc import Mapping, Sequence

from kg.aliases import Aliases
from kg.errors import ParameterError
from kg.search.searching import SearchIndex, SearchQuery
from kg.sparql.substitution import Substituted
from kg.sparql.text_search import (
    MAX_HITS,
    TextSearch,
    read_text_searches,
    replace_text_searches,
    too_many,
)
from kg.sparql.tokens import syntax_fault


def answer_text_searches(
    query: str, places: Sequence[int], index: SearchIndex, ns: str, prefixes: Mapping[str, str], aliases: Aliases
) -> Substituted:
    """Make each search of a query.

    Raises:
        SyntaxFault: a search is not written as one, or what it asks for cannot be searched for.
        LimitExceeded: there are too many, or one finds more than a query may be given.
    """
    searches = read_text_searches(query, places, ns, prefixes)
    return replace_text_searches(query, searches, [_find(query, search, index, aliases) for search in searches])


def _find(query: str, search: TextSearch, index: SearchIndex, aliases: Aliases) -> Sequence[tuple[str, float]]:
    publisher = aliases.canonical(search.publisher) if search.publisher else ""
    wanted = SearchQuery(search.text, kind=search.kind, publisher=publisher)
    try:
        found = index.best(wanted, search.limit or MAX_HITS)
    except ParameterError as error:
        raise syntax_fault(query, search.text_place, error.what, error.hint) from error
    if search.limit is None and found.total > MAX_HITS:
        raise too_many(query, search, found.total)
    return found.best
