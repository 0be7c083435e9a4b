"""`/prefixes`: the prefixes that a query may use without declaring them.

In: a request. Out: JSON, Turtle, SPARQL to paste, or a page, by Accept or `format=`; of the generation that is served,
because the prefix of its own vocabulary goes with its base.
"""

import html
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kg.api.operation import HTML, OBJECT, TEXT, Operation, one_of, parameter, record
from kg.api.pages import quality
from kg.api.parameters import only
from kg.errors import NotAcceptable, ParameterError
from kg.namespaces import Names
from kg.services import Services

_TYPES: Final = {
    "application/json": "json",
    "text/turtle": "turtle",
    "application/sparql-query": "sparql",
    "text/plain": "sparql",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/*": "json",
    "text/*": "turtle",
    "*/*": "json",
}
FORMATS: Final = ("json", "turtle", "sparql", "html")


OPERATION: Final = Operation(
    name="prefixes",
    summary="The prefixes that queries need not declare",
    tag="sparql",
    content={
        "application/json": record({"prefixes": {**OBJECT, "additionalProperties": TEXT}}),
        "text/turtle": TEXT,
        "application/sparql-query": TEXT,
        **HTML,
    },
    parameters=(parameter("format", "The format, before Accept.", "json", one_of(*FORMATS)),),
    headers=("X-Generation",),
    problems=(406, 422),
)


async def prefixes(request: Request) -> Response:
    """The predeclared prefixes.

    Raises:
        ParameterError: a parameter is unknown, or there is no such format.
        NotAcceptable: the client accepts none of the formats.
    """
    only(request, "format")
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    known = Names(generation.manifest.base_iri).prefixes()
    chosen = request.query_params.get("format") or _chosen(request.headers.get("accept"))
    headers = {"Vary": "Accept", "X-Generation": str(generation.number)}
    if chosen == "json":
        return JSONResponse({"prefixes": known}, headers=headers)
    if chosen == "turtle":
        text = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in known.items())
        return Response(text.encode(), headers=headers, media_type="text/turtle; charset=utf-8")
    if chosen == "sparql":
        return Response(_declarations(known).encode(), headers=headers, media_type="application/sparql-query")
    if chosen == "html":
        return HTMLResponse(_page(known), headers=headers)
    raise ParameterError(f"there is no format {chosen[:60]!r}", hint=f"one of {', '.join(FORMATS)}", parameter="format")


def _chosen(accept: str | None) -> str:
    """The format that a client likes best; JSON where it says nothing."""
    best, chosen = 0.0, ""
    for part in (accept or "*/*")[:8192].split(","):
        name, _, parameters = part.partition(";")
        wanted = _TYPES.get(name.strip().lower())
        if wanted is not None and quality(parameters) > best:
            best, chosen = quality(parameters), wanted
    if not chosen:
        raise NotAcceptable("none of the types in Accept is one that this has", hint=f"formats: {', '.join(FORMATS)}")
    return chosen


def _declarations(known: Mapping[str, str]) -> str:
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in known.items())


def _page(known: Mapping[str, str]) -> str:
    rows = "".join(
        f"<tr><td><code>{html.escape(name)}:</code><td><code>{html.escape(iri)}</code>" for name, iri in known.items()
    )
    return (
        '<!doctype html><html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Prefikser – Kunnskapsgraf</title></head><body><h1>Prefikser</h1>"
        "<p>Disse kan brukes i spørringer uten PREFIX, unntatt med <code>strict=true</code>. "
        '<span lang="en">Queries may use these without PREFIX, except with <code>strict=true</code>.</span></p>'
        f"<table><tr><th>Prefiks<th>IRI{rows}</table>"
        f"<h2>SPARQL</h2><pre>{html.escape(_declarations(known))}</pre></body></html>"
    )
