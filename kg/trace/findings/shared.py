"""Shared: data elements that several agencies have, those of most agencies first.

In: the web around an element. Out: one finding for each meaning that at least two agencies have. Elements of one model,
and agencies that are one house, count once.
"""

from collections.abc import Iterator

from kg.trace.authority import agencies_of, houses
from kg.trace.findings.around import Around, Meaning
from kg.trace.findings.sentences import listed
from kg.trace.web import Finding, FindingKind, Words


def find(around: Around) -> Iterator[Finding]:
    """The findings of this kind."""
    counted = [(meaning, agencies(around, meaning)) for meaning in around.meanings()]
    several = [(meaning, found) for meaning, found in counted if len(found) > 1]
    for meaning, found in sorted(several, key=lambda each: (-len(each[1]), each[0].concepts[0])):
        what = around.facts.words(meaning.concepts[0])
        who = listed([around.facts.words(agency) for agency in found])
        text = Words(
            f"{len(found)} virksomheter har «{what.nb}»: {who.nb}.",
            f"{len(found)} agencies have “{what.en}”: {who.en}.",
        )
        held = [node.iri for node in meaning.holders]
        yield Finding(
            FindingKind.SHARED,
            text,
            (*meaning.edges, *around.agency_edges(held)),
            (meaning.concepts[0], *found),
            {"agencies": list(found)},
        )


def agencies(around: Around, meaning: Meaning) -> tuple[str, ...]:
    """The agencies that have a data element, each house once, in the order of the web."""
    return houses(around.facts, (agency for node in meaning.holders for agency in agencies_of(around.facts, node.iri)))
