"""The kinds of finding, most telling first; a new kind is a module and a row here."""

from collections.abc import Callable, Iterator
from typing import Final

from kg.trace.facts import Facts
from kg.trace.findings import authority, broken, duplicate_collection, fork, gap, shared
from kg.trace.findings.around import Around
from kg.trace.web import Finding, FindingKind, Web

FINDINGS: Final[tuple[tuple[FindingKind, Callable[[Around], Iterator[Finding]]], ...]] = (
    (FindingKind.AUTHORITY, authority.find),
    (FindingKind.SHARED, shared.find),
    (FindingKind.DUPLICATE_COLLECTION, duplicate_collection.find),
    (FindingKind.FORK, fork.find),
    (FindingKind.GAP, gap.find),
    (FindingKind.BROKEN, broken.find),
)


def find_all(web: Web, facts: Facts) -> tuple[Finding, ...]:
    """Every finding of a web, in an order that the same web gives again."""
    around = Around(web, facts)
    return tuple(finding for _, find in FINDINGS for finding in find(around))
