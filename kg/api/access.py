"""Access: who a request is from, and whether it may come in, before any handler sees it.

In: a request's connection and headers. Out: the same request with the client's own address, and in its state the name
that the client is counted under; or the problem that refuses it.
"""

from typing import Final

from starlette.datastructures import Headers as RawHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.access.door import Door, Headers
from kg.api.problems import problem_response
from kg.errors import KgError

UNCOUNTED: Final = frozenset(("/health", "/ready", "/metrics"))
"""What watches the service asks these, and must hear from it when it is busiest."""


class AccessMiddleware:
    """Lets requests in."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one in, or answer it with the problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer, port = scope.get("client") or ("", 0)
        headers = _headers(RawHeaders(scope=scope))
        address = self._door.address(peer, headers)
        shown = str(address) if address else peer
        scope["client"] = (shown, port if shown == peer else 0)
        try:
            counted = scope["path"] not in UNCOUNTED
            name = self._door.admit(address, headers) if counted else ""
        except KgError as error:
            await problem_response(error, root=scope.get("root_path", ""))(scope, receive, send)
            return
        scope.setdefault("state", {})["client"] = name
        await self._app(scope, receive, send)


def client_of(request: Request) -> str:
    """The name that a request's client is counted under."""
    name: str = request.state.client
    return name


def _headers(raw: RawHeaders) -> Headers:
    return Headers(
        forwarded_for=raw.getlist("x-forwarded-for"),
        forwarded=raw.getlist("forwarded"),
        authorization=raw.get("authorization", ""),
        api_key=raw.get("x-api-key", ""),
    )
