"""Linked forms: what only another statement of the source shows to be a legacy form (a step of `kg.build.normalise`).

In: the triples of one source, repaired. Out: the same with the dates of periods under the properties of DCAT, and
with codes in place of nodes that only point to one, such as `[ a dct:LicenseDocument ; dct:source "…/nlod/…" ]`. What
such a node says of itself stays.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.build.forms.legacy import PERIOD_TERMS
from kg.build.forms.rules import CODE, TERM, Uses
from kg.build.forms.values import Values
from kg.namespaces import DCT, RDF

_TYPE: Final = NamedNode(f"{RDF}type")
_PERIOD: Final = NamedNode(f"{DCT}PeriodOfTime")
_TEMPORAL: Final = NamedNode(f"{DCT}temporal")
_SOURCE: Final = NamedNode(f"{DCT}source")
_TELLING: Final = frozenset({_TYPE, _TEMPORAL, _SOURCE})
_PERIOD_DATES: Final = {NamedNode(old): NamedNode(new) for old, new in PERIOD_TERMS.items()}

_Link = tuple[NamedNode, NamedNode | BlankNode]


def link_forms(triples: Sequence[Triple], values: Values, uses: Uses) -> Sequence[Triple]:
    """Rewrite what shows to be a legacy form by what is said elsewhere; `values` knows whether there is any."""
    periods: set[object] = set()
    codes: dict[_Link, NamedNode] = {}
    if values.period_dates or values.nodes:
        periods, sources = _look_around(triples, {node for _, node in values.nodes})
        codes = _codes(sources, values)
    values.report_faults(frozenset(codes))
    return _rewritten(triples, periods if values.period_dates else set(), codes, uses)


def _look_around(triples: Sequence[Triple], nodes: set[object]) -> tuple[set[object], dict[object, list[str]]]:
    """What is a period of time, and what the nodes give as their source."""
    periods: set[object] = set()
    sources: dict[object, list[str]] = defaultdict(list)
    for triple in triples:
        predicate = triple.predicate
        if predicate not in _TELLING:
            continue
        subject, object_ = triple.subject, triple.object
        if predicate == _TYPE:
            if object_ == _PERIOD:
                periods.add(subject)
        elif predicate == _TEMPORAL:
            periods.add(object_)
        elif subject in nodes and isinstance(object_, NamedNode | Literal):
            sources[subject].append(object_.value)
    return periods, sources


def _codes(sources: Mapping[object, Sequence[str]], values: Values) -> dict[_Link, NamedNode]:
    """The codes that nodes tell of by their dct:source, where all that it says is one code."""
    codes = {}
    for predicate, node in values.nodes:
        found = {values.find_code(predicate, source) for source in sources.get(node, ())}
        if len(found) == 1 and (code := found.pop()) is not None:
            codes[predicate, node] = code
    return codes


def _rewritten(
    triples: Sequence[Triple], periods: set[object], codes: Mapping[_Link, NamedNode], uses: Uses
) -> Sequence[Triple]:
    properties = {*(_PERIOD_DATES if periods else ()), *(predicate for predicate, _ in codes)}
    if not properties:
        return triples
    rewritten = list(triples)
    for place, triple in enumerate(triples):
        predicate = triple.predicate
        if predicate not in properties:
            continue
        object_ = triple.object
        if predicate in _PERIOD_DATES:
            if triple.subject in periods:
                rewritten[place] = Triple(triple.subject, _PERIOD_DATES[predicate], object_)
                uses.counts[TERM.name] += 1
        elif isinstance(object_, NamedNode | BlankNode) and (predicate, object_) in codes:
            rewritten[place] = Triple(triple.subject, predicate, codes[predicate, object_])
            uses.counts[CODE.name] += 1
    return rewritten
