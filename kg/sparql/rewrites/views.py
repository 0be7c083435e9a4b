"""A habit from data.norge.no: `FROM <https://datasets.fellesdatakatalog.digdir.no>` and its siblings.

Its endpoint once had a graph for each type of resource, and queries still name them. Here one graph holds all of them,
so a query whose FROM clauses name nothing else is answered from the service's own dataset, and told so. A query that
says FROM NAMED, names another graph too, or one that there is, is left alone.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from kg.sparql.rewrites.edits import Edit, Question, Rewrite

NAME: Final = "view"
FORMER_GRAPH: Final = re.compile(
    r"https?://(?:www\.)?(?:(?:datasets|dataservices|data-services|concepts|informationmodels|information-models|"
    r"public-services|publicservices|services|events|organizations|organization-catalog|organization-catalogue)\.)?"
    r"fellesdatakatalog\.(?:digdir|brreg)\.no/?"
)
_NB: Final = (
    "data.norge.no hadde en graf for hver type; her står alt i én, så tjenestens eget datasett er brukt i stedet"
)
_EN: Final = (
    "data.norge.no had a graph for each type; here one graph holds all, so the service's own dataset was used instead"
)


def is_former_graph(iri: str) -> bool:
    """Whether an IRI names one of the graphs that data.norge.no's endpoint had.

    >>> is_former_graph("https://datasets.fellesdatakatalog.digdir.no"), is_former_graph("https://data.norge.no/")
    (True, False)
    """
    return FORMER_GRAPH.fullmatch(iri) is not None


def views(question: Question, are_former: Callable[[Sequence[str]], bool]) -> list[Rewrite]:
    """The rewrite of a query that names such graphs alone, by a function that knows which graphs there are."""
    clauses = question.tree.root.nodes("dataset")
    graphs = [question.naming.iri(clause.parts[-1]) for clause in clauses if len(clause.parts) == 2]
    named = [graph for graph in graphs if graph is not None]
    if not clauses or len(named) < len(clauses) or not are_former(named):
        return []
    # Spaces, so that everything else keeps its place.
    edits = tuple(
        Edit(clause.start, clause.end, re.sub(r"[^\r\n]", " ", question.tree.of(clause))) for clause in clauses
    )
    return [Rewrite(NAME, _NB, _EN, clauses[0].start, edits)]


def view_of_request() -> Rewrite:
    """What is said where a request's `default-graph-uri` names such graphs alone."""
    return Rewrite(NAME, _NB, _EN, 0, ())
