"""Authority: is it known which dataset is the authoritative source of a data element, do several claim it, or none?

In: the web around it. Out: one finding for the meanings that the same datasets are the source of, and one for those of
which none is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kg.trace.authority import Basis, agencies_of, apis_of, authority_of, houses
from kg.trace.findings.around import Around, Meaning
from kg.trace.findings.sentences import listed
from kg.trace.web import Finding, FindingKind, NodeKind, Words

_BECAUSE: Final = {
    Basis.PROVENANCE: Words("utgiveren oppgir det som opphav", "its publisher states it as provenance"),
    Basis.BASE_REGISTER: Words("utgiveren kaller det et basisregister", "its publisher calls it a base register"),
    Basis.LAW: Words("loven gir utgiveren registeret", "the law gives its publisher the register"),
}


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    together: dict[tuple[str, ...], list[Meaning]] = {}
    claims: dict[tuple[str, ...], Mapping[str, Basis]] = {}
    for meaning in around.meanings():
        datasets = [node.iri for node in meaning.of_kind(NodeKind.DATASET)]
        found = {dataset: basis for dataset in datasets if (basis := authority_of(around.facts, dataset))}
        if meaning.holders:
            together.setdefault(tuple(found), []).append(meaning)
            claims[tuple(found)] = found
    for sources, meanings in together.items():
        yield _finding(around, meanings, claims[sources])


def _finding(around: Around, meanings: Sequence[Meaning], claims: Mapping[str, Basis]) -> Finding:
    facts = around.facts
    claimants = houses(facts, (agency for dataset in claims for agency in agencies_of(facts, dataset)))
    cited = set(claims) or {node.iri for meaning in meanings for node in meaning.of_kind(NodeKind.DATASET)}
    edges = tuple(edge for meaning in meanings for edge in meaning.edges if {edge.source, edge.target} & cited)
    details: dict[str, Any] = {
        "authority": "unknown" if not claims else "several" if len(claimants) > 1 else "known",
        "sources": [
            {
                "iri": dataset,
                "label": facts.words(dataset).to_json(),
                "agency": next(iter(agencies_of(facts, dataset)), None),
                "basis": str(basis),
                "apis": [{"iri": api, "label": facts.words(api).to_json()} for api in apis_of(facts, dataset)],
            }
            for dataset, basis in claims.items()
        ],
    }
    what = tuple(meaning.concepts[0] for meaning in meanings)
    text = _sentence(around, what, claims, claimants)
    return Finding(
        FindingKind.AUTHORITY, text, (*edges, *around.agency_edges(sorted(cited))), (*what, *claims), details
    )


def _sentence(around: Around, what: Sequence[str], claims: Mapping[str, Basis], claimants: Sequence[str]) -> Words:
    facts = around.facts
    names = listed([Words(f"«{facts.name(one, 'nb')}»", f"“{facts.name(one, 'en')}”") for one in what])
    who = listed([facts.words(agency) for agency in claimants])
    if not claims:
        return Words(
            f"Ingen datasett er oppgitt som autoritativ kilde for {names.nb}.",
            f"No dataset is stated to be the authoritative source of {names.en}.",
        )
    if len(claimants) > 1:
        return Words(
            f"Flere virksomheter gjør krav på å være autoritativ kilde for {names.nb}: {who.nb}. De bør avklare det.",
            f"Several agencies claim to be the authoritative source of {names.en}: {who.en}. They should settle it.",
        )
    source, why = listed([facts.words(dataset) for dataset in claims]), _BECAUSE[next(iter(claims.values()))]
    by = Words(f" hos {who.nb}" if claimants else "", f" at {who.en}" if claimants else "")
    return Words(
        f"Autoritativ kilde for {names.nb} er {source.nb}{by.nb}: {why.nb}.",
        f"The authoritative source of {names.en} is {source.en}{by.en}: {why.en}.",
    )
