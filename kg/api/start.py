"""`/`: what is in the graph, a box to search it, the named queries, and a box to ask it, without a script."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kg.api.operation import HTML, Operation
from kg.api.pages import language, page
from kg.api.parameters import only
from kg.api.query_view import list_view
from kg.errors import NotFound
from kg.search.vocabulary import KINDS
from kg.services import Services

EXAMPLE_QUERY: Final = """SELECT ?type (COUNT(?resource) AS ?count)
WHERE { ?resource a ?type }
GROUP BY ?type
ORDER BY DESC(?count)
LIMIT 20"""


OPERATION: Final = Operation(
    name="start-page",
    summary="What is in the graph, and a box to ask it",
    tag="pages",
    content=HTML,
    headers=("X-Generation", "Content-Language"),
)


async def start_page(request: Request) -> Response:
    """The start page of the served generation."""
    only(request)
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    manifest = generation.manifest
    chosen = language(request.headers.get("accept-language"))
    sizes = await _sizes(services, generation.number)
    return await page(
        request,
        "start.html",
        {"X-Generation": str(generation.number), "Vary": "Accept-Language", "Content-Language": chosen},
        kinds=[
            {"count": _number(count, chosen), "label": kind.nb if chosen == "nb" else kind.en}
            for kind in KINDS
            if (count := sizes.get(kind.name, 0))
        ],
        generation={
            "number": manifest.number,
            "created": manifest.created,
            "asserted": _number(manifest.asserted, chosen),
            "inferred": _number(manifest.inferred, chosen),
        },
        groups=list_view((await services.library.current()).values(), chosen),
        sources=[
            {
                "id": entry.id,
                "triples": _number(entry.triples, chosen),
                "resources": _number(entry.resources, chosen),
                "harvested": entry.state.harvested,
            }
            for entry in manifest.sources
        ],
        example=EXAMPLE_QUERY,
        language=chosen,
        root=request.scope.get("root_path", ""),
    )


async def _sizes(services: Services, generation: int) -> dict[str, int]:
    """How many things there are of each kind; a raw generation has no index that would know."""
    try:
        index = await services.searching.indexes.of(generation)
    except NotFound:
        return {}
    return await asyncio.to_thread(index.sizes)


def _number(count: int, chosen: str) -> str:
    """A number as it is written in a language: with spaces in Norwegian, with commas in English."""
    return f"{count:,}".replace(",", "\u00a0") if chosen == "nb" else f"{count:,}"
