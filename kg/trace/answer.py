"""The answer to a trace: one page of a web as JSON.

In: a graph and a `Request`. Out: a JSON object, and where the next page begins. A page has the nodes of its places and
the edges that are complete with one of them, so that all pages together give each edge once; the ends of its edges that
stand on earlier pages are given again, so that a page can be read alone.
"""

from typing import Any
from urllib.parse import urlencode

from kg.trace.facts import Facts
from kg.trace.findings.registry import find_all
from kg.trace.graph import Graph
from kg.trace.tracing import Request, Trace, trace
from kg.trace.web import Edge, Statement


def answer(graph: Graph, facts: Facts, request: Request) -> tuple[dict[str, Any], int | None]:
    """One page of the web around what was asked for, and the offset of the next one.

    The findings are those of the whole web, on each page.

    Raises:
        Untraceable: no trace can begin there.
    """
    found = trace(graph, request)
    shown, following = page(found, request)
    findings = find_all(found.web, facts)
    return shown | {"findings": [finding.to_json() for finding in findings]}, following


def page(found: Trace, request: Request) -> tuple[dict[str, Any], int | None]:
    """The part of a trace that a request asks for, and the offset of the next one."""
    web, end = found.web, request.offset + request.limit
    on_page = [index for index, place in enumerate(found.places) if request.offset <= place < end]
    ends = {iri for index in on_page for iri in (web.edges[index].source, web.edges[index].target)}
    nodes = [node for place, node in enumerate(web.nodes) if request.offset <= place < end or node.iri in ends]
    agencies = {node.agency for node in nodes}
    shown = {
        "element": web.element,
        "starts": list(web.starts),
        "choices": [choice.to_json() for choice in web.choices],
        "nodes": [node.to_json() for node in nodes],
        "edges": [_edge(web.edges[index], found.proofs[index]) for index in on_page],
        "agencies": [{"iri": iri, "name": name} for iri, name in web.agencies.items() if iri in agencies],
        "total": {"nodes": found.nodes_total, "edges": len(web.edges), "complete": found.whole},
        "hubs": list(found.hubs),
    }
    if request.word:
        shown["matches"] = {"total": request.matches, "traced": len(web.starts)}
    return shown, end if end < found.nodes_total else None


def _edge(edge: Edge, to_be_proved: tuple[Statement, ...]) -> dict[str, Any]:
    """An edge; what of it was inferred has the address of its proof, relative to that of the service."""
    found = edge.to_json()
    if to_be_proved:
        found["proofs"] = [
            "explain?" + urlencode({"s": each.subject, "p": each.predicate, "o": each.object}) for each in to_be_proved
        ]
    return found
