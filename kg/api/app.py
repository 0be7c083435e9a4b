"""The application: routes, error handlers and middleware in order.

In: `Services`. Out: an ASGI application.
"""

import logging

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import kg
from kg.api import graph_store, problems, resource, void
from kg.api.access import AccessMiddleware
from kg.api.compression import Compression
from kg.api.observing import ObservingMiddleware
from kg.api.pages import make_templates
from kg.api.routes import routes
from kg.errors import KgError, NotFound, RequestError
from kg.services import Services

CLIENT_CLOSED_REQUEST = 499
EXPOSED = [
    "Accept-Ranges",
    "Content-Location",
    "Content-Range",
    "ETag",
    "Link",
    "Retry-After",
    "Server-Timing",
    "X-Generation",
    "X-Hint",
    "X-Incoming",
    "X-Total-Count",
]

logger = logging.getLogger(__name__)


def create_app(services: Services) -> FastAPI:
    """The application on services that are open as long as it runs."""
    app = FastAPI(
        title="Kunnskapsgraf",
        summary="A knowledge graph of Norway's public data",
        version=kg.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        routes=routes(),
        middleware=[
            Middleware(ObservingMiddleware, metrics=services.metrics, log=services.query_log),
            # Around what refuses, so that a page of another origin can read why it was refused.
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=EXPOSED,
            ),
            Middleware(AccessMiddleware, door=services.door),
            Middleware(Compression),
        ],
        exception_handlers={
            KgError: _render_error,
            HTTPException: _render_http_exception,
            ClientDisconnect: _render_nothing,
            Exception: _render_bug,
        },
    )
    app.state.services = services
    app.state.templates = make_templates()
    app.state.descriptions = void.Descriptions()
    app.router.default = _Unrouted(app.router.default)
    return app


class _Unrouted:
    """What no route takes: a path under our base may be the IRI of a graph, or of a thing."""

    def __init__(self, otherwise: ASGIApp) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp | None = None
        if scope["type"] == "http":
            request = Request(scope, receive, send)
            answer = await graph_store.own_graph(request)
            if answer is None and scope["method"] in {"GET", "HEAD"}:
                answer = await resource.own_path(request)
        await (answer or self._otherwise)(scope, receive, send)


async def _render_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    query = getattr(request.state, "query", "")
    return problems.problem_response(error, query=query, root=request.scope.get("root_path", ""))


async def _render_http_exception(request: Request, error: Exception) -> Response:
    """What the router itself refuses: an unknown path, or a method that a path does not take."""
    assert isinstance(error, HTTPException)
    root = request.scope.get("root_path", "")
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": f"{allowed}, OPTIONS"})
        response = problems.problem_response(
            RequestError(f"{request.method} is not allowed here", hint=f"allowed: {allowed}"),
            root=root,
            kind=problems.METHOD,
        )
        response.headers["Allow"] = allowed
        return response
    if error.status_code == 404:
        return problems.problem_response(NotFound("nothing is served here", where=request.url.path[:200]), root=root)
    response = problems.problem_response(RequestError(str(error.detail)), root=root)
    response.status_code = error.status_code
    return response


async def _render_nothing(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)


async def _render_bug(request: Request, error: Exception) -> Response:
    """The process edge: what nobody foresaw is logged whole and told in one sentence."""
    logger.error("unforeseen error at %s", request.url.path, exc_info=error)
    return problems.problem_response(
        KgError("the service failed on this request"), root=request.scope.get("root_path", "")
    )
