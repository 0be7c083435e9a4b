"""`/openapi.json`: every route as an operation of OpenAPI 3.1, the named queries one by one (design §4).

In: the application's routes, what stands beside their handlers, and the queries of now. Out: the document.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.api import (
    candidates,
    consequences,
    data_norge,
    dumps,
    explain,
    graph_store,
    links,
    metrics,
    models,
    once_only,
    prefixes,
    problem_page,
    project,
    queries,
    resource,
    search,
    sparql,
    start,
    status,
    trace,
    void,
)
from kg.api.operation import OBJECT, Operation, components
from kg.api.status import only
from kg.named.query import NamedQuery
from kg.services import Services

OPERATION: Final = Operation(
    name="openapi", summary="This document", tag="service", content={"application/json": OBJECT}
)
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "/": start.OPERATION,
        "/sparql": sparql.OPERATION,
        "/sparql.{suffix}": sparql.WITH_SUFFIX,
        "/graph-store": graph_store.OPERATION,
        "/.well-known/void": void.OPERATION,
        "/dumps/": dumps.DUMPS,
        "/dumps/{number}/{name}": dumps.DUMP_OF_GENERATION,
        "/dumps/{name}": dumps.DUMP,
        "/resource": resource.RESOURCE,
        "/id/{name}": resource.BY_ID,
        "/explain": explain.OPERATION,
        "/once-only": once_only.OPERATION,
        "/once-only/project": project.OPERATION,
        "/search": search.OPERATION,
        "/trace": trace.OPERATION,
        "/links/candidates": candidates.OPERATION,
        "/links/consequences": consequences.OPERATION,
        "/links": links.LINKS,
        "/links.sssom.tsv": links.SSSOM,
        "/links/{id}": links.LINK,
        "/models/coverage": models.COVERAGE,
        "/models/gaps": models.GAPS,
        "/models/impact": models.IMPACT,
        "/models/compare": models.COMPARISON,
        "/queries": queries.LIST,
        "/queries/schema.json": queries.FRONT_MATTER_SCHEMA,
        "/queries/{name}": queries.ANY,
        "/data-norge": data_norge.OPERATION,
        "/graphs": status.GRAPHS,
        "/prefixes": prefixes.OPERATION,
        "/openapi.json": OPERATION,
        "/health": status.HEALTH,
        "/ready": status.READY,
        "/metrics": metrics.OPERATION,
        "/problems/{name}": problem_page.OPERATION,
    }
)
"""What stands beside the handler of each route, by its path. `kg.api.operation` says how to add one."""

_CONVERTOR: Final = re.compile(r":\w+(?=\})")
_KEYS: Final = MappingProxyType(
    {
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
)


async def openapi(request: Request) -> Response:
    """The document."""
    only(request)
    app: FastAPI = request.app
    services: Services = app.state.services
    known = await services.library.current()
    server = request.scope.get("root_path", "") or "/"
    content = await asyncio.to_thread(_written, app, known.values(), server)  # takes 40 ms
    return Response(content, headers={"Cache-Control": "no-cache"}, media_type="application/json")


def _written(app: FastAPI, known: Iterable[NamedQuery], server: str) -> bytes:
    return json.dumps(document(app, known, server), default=dict, ensure_ascii=False).encode()


def document(app: FastAPI, known: Iterable[NamedQuery], server: str) -> dict[str, Any]:
    """The document for an application under an address, with an operation for each query."""
    paths: dict[str, Any] = {}
    for route in app.routes:
        assert isinstance(route, Route)
        path = path_of(route)
        if path in OPERATIONS:
            paths[path] = OPERATIONS[path].path_item(route.methods or ())
    for query in known:
        paths[f"/queries/{query.name}"] = queries.operation_of(query).path_item(("GET", "POST"))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": app.title,
            "version": app.version,
            "summary": app.summary,
            "description": (
                "Named queries, search, SPARQL and descriptions of things. Every GET may be a HEAD. Errors are "
                "application/problem+json. A key is not needed; one that is shown has a rate of its own."
            ),
        },
        "servers": [{"url": server}],
        "security": [{}, *({name: []} for name in _KEYS)],
        "paths": paths,
        "components": {**components(OPERATIONS.values()), "securitySchemes": dict(_KEYS)},
    }


def path_of(route: Route) -> str:
    """The path of a route as OpenAPI writes it: without convertors."""
    return _CONVERTOR.sub("", route.path)
