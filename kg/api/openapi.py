"""`/openapi.json`: the service's operations as OpenAPI 3.1, the named queries among them (design §4).

In: the application's routes and the queries of now. Out: the document.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.status import only
from kg.named.openapi import COMPONENTS, paths
from kg.services import Services


async def openapi(request: Request) -> Response:
    """The document."""
    only(request)
    app: FastAPI = request.app
    services: Services = app.state.services
    queries = await services.library.current()
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description="Named queries over Norway's public data; `/sparql` takes any other (SPARQL 1.1 Protocol).",
        routes=app.routes,
        servers=[{"url": request.scope.get("root_path", "") or "/"}],
    )
    document["paths"] |= paths(queries.values())
    components = document.setdefault("components", {})
    for kind, members in COMPONENTS.items():
        components.setdefault(kind, {}).update(members)
    return JSONResponse(document, headers={"Cache-Control": "no-cache"})
