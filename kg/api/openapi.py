"""`/openapi.json`: every route as an operation of OpenAPI 3.1, the named queries one by one.

In: the application's routes, what stands beside their handlers, and the queries of now. Out: the document.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.api.operation import OBJECT, DescribedRoute, Operation, components
from kg.api.parameters import only
from kg.api.query import operation_of
from kg.named.query import NamedQuery
from kg.services import Services

OPERATION: Final = Operation(
    name="openapi", summary="This document", tag="service", content={"application/json": OBJECT}
)
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
    routes = [route for route in app.routes if isinstance(route, DescribedRoute)]
    for route in routes:
        paths[path_of(route)] = route.operation.path_item(route.methods or ())
    for query in known:
        paths[f"/queries/{query.name}"] = operation_of(query).path_item(("GET", "POST"))
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
        "components": {**components(route.operation for route in routes), "securitySchemes": dict(_KEYS)},
    }


def path_of(route: Route) -> str:
    """The path of a route as OpenAPI writes it: without convertors."""
    return _CONVERTOR.sub("", route.path)
