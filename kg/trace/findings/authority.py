"""Authority: is it known which dataset is the authoritative source of a data element, do several claim it, or none?

In: the web around it. Out: one finding for each meaning that a dataset has.
"""

from collections.abc import Iterator
from typing import Final

from kg.trace.authority import Basis, agencies_of, apis_of, authority_of, houses
from kg.trace.findings.around import Around, Meaning
from kg.trace.findings.sentences import listed
from kg.trace.web import Finding, FindingKind, Node, NodeKind, Words

_BECAUSE: Final = {
    Basis.PROVENANCE: Words("utgiveren oppgir det som opphav", "its publisher states it as provenance"),
    Basis.BASE_REGISTER: Words("utgiveren kaller det et basisregister", "its publisher calls it a base register"),
    Basis.LAW: Words("loven gir utgiveren registeret", "the law gives its publisher the register"),
}


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    for meaning in around.meanings():
        datasets = meaning.of_kind(NodeKind.DATASET)
        claims = [(node, basis) for node in datasets if (basis := authority_of(around.facts, node.iri))]
        if datasets:
            yield _finding(around, meaning, datasets, claims)


def _finding(around: Around, meaning: Meaning, datasets: tuple[Node, ...], claims: list[tuple[Node, Basis]]) -> Finding:
    facts = around.facts
    what = facts.words(meaning.concepts[0])
    claimants = houses(facts, (agency for node, _ in claims for agency in agencies_of(facts, node.iri)))
    cited = [node.iri for node, _ in claims] or [node.iri for node in datasets]
    edges = tuple(edge for edge in meaning.edges if edge.source in cited or edge.target in cited)
    details = {
        "authority": "unknown" if not claims else "several" if len(claimants) > 1 else "known",
        "sources": [
            {
                "iri": node.iri,
                "label": node.label,
                "agency": next(iter(agencies_of(facts, node.iri)), None),
                "basis": str(basis),
                "apis": list(apis_of(facts, node.iri)),
            }
            for node, basis in claims
        ],
    }
    if not claims:
        text = Words(
            f"Ingen datasett er oppgitt som autoritativ kilde for «{what.nb}».",
            f"No dataset is stated to be the authoritative source of “{what.en}”.",
        )
    elif len(claimants) > 1:
        who = listed([facts.words(agency) for agency in claimants])
        text = Words(
            f"Flere virksomheter gjør krav på å være autoritativ kilde for «{what.nb}»: {who.nb}. De bør avklare det.",
            f"Several agencies claim to be the authoritative source of “{what.en}”: {who.en}. They should settle it.",
        )
    else:
        source = listed([facts.words(node.iri) for node, _ in claims])
        who, why = listed([facts.words(agency) for agency in claimants]), _BECAUSE[claims[0][1]]
        by = Words(f" hos {who.nb}" if claimants else "", f" at {who.en}" if claimants else "")
        text = Words(
            f"Autoritativ kilde for «{what.nb}» er {source.nb}{by.nb}: {why.nb}.",
            f"The authoritative source of “{what.en}” is {source.en}{by.en}: {why.en}.",
        )
    return Finding(
        FindingKind.AUTHORITY, text, (*edges, *around.agency_edges(cited)), (meaning.concepts[0], *cited), details
    )
