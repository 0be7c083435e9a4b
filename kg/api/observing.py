"""Observing: every request is counted when its answer has been sent, and every query logged.

In: requests on their way in and responses on their way out. Out: what the metrics and the query log are told.
"""

import time
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.metrics import NO_ROUTE, Metrics
from kg.querylog import Asked, QueryLog

HUNG_UP: Final = 499
"""Stands for the status of an answer that was not begun when its client went away."""


class ObservingMiddleware:
    """Counts and logs what it lets through."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: QueryLog) -> None:
        self._app, self._metrics, self._log = app, metrics, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one through, and tell of it when it has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, sent = time.perf_counter(), HUNG_UP, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            seconds = time.perf_counter() - started
            route = _route(scope)
            self._metrics.request_ended(route, status, seconds)
            state = scope.get("state", {})
            if "query" in state:
                self._log.write(Asked(state["query"], state.get("outline"), state.get("job"), status, sent, seconds))


def _route(scope: Scope) -> str:
    """The path of a request's handler as it is declared, whatever stands in its place in the address."""
    handler = scope.get("endpoint")
    routes = scope["app"].routes if handler else ()
    return next((route.path for route in routes if getattr(route, "endpoint", None) is handler), NO_ROUTE)
