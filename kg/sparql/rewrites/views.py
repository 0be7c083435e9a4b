"""A habit from data.norge.no: `FROM <https://datasets.fellesdatakatalog.digdir.no>` and its siblings.

Its endpoint once had a graph for each type of resource, and queries still name them. Here one graph holds all of them,
so a query whose FROM clauses name nothing else is answered from the service's own dataset, and told so. A query that
says FROM NAMED, or names another graph too, is left alone.
"""

import re
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


def views(question: Question) -> list[Rewrite]:
    """The rewrite of a query that names such graphs alone."""
    clauses = question.tree.root.nodes("dataset")
    if not clauses:
        return []
    for clause in clauses:
        iri = question.naming.iri(clause.parts[-1])
        if len(clause.parts) != 2 or iri is None or not is_former_graph(iri):
            return []
    # Spaces, so that everything else keeps its place.
    edits = tuple(
        Edit(clause.start, clause.end, re.sub(r"[^\r\n]", " ", question.tree.of(clause))) for clause in clauses
    )
    return [Rewrite(NAME, _NB, _EN, clauses[0].start, edits)]


def view_of_request() -> Rewrite:
    """What is said where a request's `default-graph-uri` names such graphs alone."""
    return Rewrite(NAME, _NB, _EN, 0, ())
