"""Duplicate collection: somebody asks for what another agency holds, with the API to ask instead where there is one.

In: the web around an element. Out: one finding for each duplicate that concerns what it is about.
"""

from collections.abc import Iterator

from kg.trace.duplicates import Duplicate, Shape
from kg.trace.findings.around import Around
from kg.trace.findings.sentences import listed
from kg.trace.web import Edge, Finding, FindingKind, Words


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    for duplicate in around.duplicates():
        yield _finding(around, duplicate)


def _finding(around: Around, duplicate: Duplicate) -> Finding:
    return Finding(
        FindingKind.DUPLICATE_COLLECTION,
        sentence(around, duplicate),
        _edges(around, duplicate),
        tuple(filter(None, (duplicate.asking, duplicate.asked, duplicate.holding, duplicate.concept))),
        {
            "shape": str(duplicate.shape),
            "asker": duplicate.asker,
            "holder": duplicate.holder,
            "apis": list(duplicate.apis),
            "triples": [statement.to_json() for statement in duplicate.statements],
        },
    )


def sentence(around: Around, duplicate: Duplicate) -> Words:
    """What is found, who holds it, and what to do instead."""
    facts = around.facts
    asker, holder = facts.words(duplicate.asker), facts.words(duplicate.holder)
    asking, asked = facts.words(duplicate.asking), facts.words(duplicate.asked)
    holding = facts.words(duplicate.holding)
    if duplicate.shape is Shape.COLLECTION:
        nb = f"{asker.nb} samler inn «{asked.nb}» fra brukerne i «{asking.nb}»"
        en = f"{asker.en} collects “{asked.en}” from users in “{asking.en}”"
    else:
        nb = f"{asker.nb} ber om «{asked.nb}» i tjenesten «{asking.nb}»"
        en = f"{asker.en} asks for “{asked.en}” in the service “{asking.en}”"
    apis = listed([facts.words(api) for api in duplicate.apis])
    instead_nb = f"Spør API-et {apis.nb} i stedet." if duplicate.apis else "Det er ikke beskrevet noe API for det."
    instead_en = f"Ask the API {apis.en} instead." if duplicate.apis else "No API is described for it."
    return Words(
        f"{nb}, men {holder.nb} har det i «{holding.nb}». {instead_nb}",
        f"{en}, but {holder.en} holds it in “{holding.en}”. {instead_en}",
    )


def _edges(around: Around, duplicate: Duplicate) -> tuple[Edge, ...]:
    asks = {duplicate.asking, duplicate.asked, duplicate.model} - {""}
    holds = {duplicate.holding, *duplicate.apis, duplicate.concept} - {""}
    both = (*asks, *holds)
    inside = around.edges_between(sorted(both), both)
    return (*inside, *around.agency_edges((duplicate.asking, duplicate.holding)))
