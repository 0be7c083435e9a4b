"""`/metrics`: what the service does, in the exposition format that Prometheus asks for."""

from typing import Final

from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

from kg.api.operation import TEXT, Operation
from kg.api.parameters import only
from kg.services import Services

OPERATION: Final = Operation(
    name="metrics",
    summary="What the service does, for Prometheus",
    tag="service",
    content={"text/plain": TEXT, "application/openmetrics-text": TEXT},
)


async def metrics(request: Request) -> Response:
    """The metrics of now."""
    only(request)
    services: Services = request.app.state.services
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    content = encode(services.metrics.registry)
    return Response(content, headers={"Content-Type": content_type, "Cache-Control": "no-store"})
