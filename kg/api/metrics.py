"""`/metrics`: what the service does, in the exposition format that Prometheus asks for."""

from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

from kg.api.status import only
from kg.services import Services


async def metrics(request: Request) -> Response:
    """The metrics of now."""
    only(request)
    services: Services = request.app.state.services
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    content = encode(services.metrics.registry)
    return Response(content, headers={"Content-Type": content_type, "Cache-Control": "no-store"})
