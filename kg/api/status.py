"""`/health`, `/ready` and `/graphs`: whether the service lives, whether it can answer, and what it holds."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.operation import COUNT, FLAG, TEXT, Operation, array, record
from kg.api.parameters import only
from kg.namespaces import Names
from kg.services import Services

_READINESS: Final = record({"ready": FLAG}, {"generation": COUNT, "tier": TEXT})
HEALTH: Final = Operation(
    name="health",
    summary="Whether the service lives",
    tag="service",
    content={"application/json": record({"status": TEXT})},
)
READY: Final = Operation(
    name="ready",
    summary="Whether queries can be answered now, and what they wait for",
    tag="service",
    content={"application/json": _READINESS},
    answers={"503": {"description": "Not now.", "content": {"application/json": {"schema": _READINESS}}}},
)
GRAPHS: Final = Operation(
    name="graphs",
    summary="The graphs with their triple counts",
    tag="data",
    content={
        "application/json": record(
            {
                "generation": COUNT,
                "default": record({"triples": COUNT}),
                "graphs": array(record({"iri": TEXT, "triples": COUNT}, {"source": TEXT})),
            }
        )
    },
    headers=("X-Generation",),
)


async def health(request: Request) -> Response:
    """Whether the web process lives."""
    only(request)
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Whether queries can be answered now; 503 while not."""
    only(request)
    services: Services = request.app.state.services
    pool = services.supervisor.pool
    body: dict[str, object] = {"ready": services.supervisor.ready, **services.supervisor.load}
    if pool is not None:
        body |= {"generation": pool.generation, "tier": pool.plan.tier}
    return JSONResponse(body, 200 if services.supervisor.ready else 503, headers={"Cache-Control": "no-store"})


async def graphs(request: Request) -> Response:
    """The graphs of the served generation with their triple counts; the default graph has no IRI."""
    only(request)
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    manifest = generation.manifest
    names = Names(manifest.base_iri)
    of_source = {names.source(entry.id): entry.id for entry in manifest.sources}
    listed = [
        {"iri": iri, "triples": count, **({"source": of_source[iri]} if iri in of_source else {})}
        for iri, count in sorted(manifest.graphs.items())
    ]
    body = {"generation": generation.number, "default": {"triples": manifest.asserted}, "graphs": listed}
    return JSONResponse(body, headers={"X-Generation": str(generation.number)})
