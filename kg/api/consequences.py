"""`/links/consequences`: what a link would entail and contradict, were it accepted (design §7).

In: two things and a relation. Out: the triples that would follow, each with its rule, and contradictions with their
proof, as JSON. A worker follows the rules; nothing is recorded.
"""

import asyncio
import json
import time
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.access import client_of
from kg.api.deciding import LEFT, RIGHT, end_of, known_decisions
from kg.api.operation import ASKING, COUNT, FLAG, OBJECT, Operation, array, one_of, parameter, record
from kg.api.parameters import only
from kg.api.sparql import run_while_connected
from kg.engine.orders import trial
from kg.errors import ParameterError
from kg.linking.candidate import Relation
from kg.reviewing import read_wish, with_rejections
from kg.services import Services

OPERATION: Final = Operation(
    name="link-consequences",
    summary="What a link would entail and contradict, were it accepted",
    tag="data",
    content={
        "application/json": record(
            {"complete": FLAG, "total": COUNT, "entails": array(OBJECT), "contradictions": array(OBJECT)}
        )
    },
    parameters=(
        parameter("left", "One thing.", LEFT, required=True),
        parameter("relation", "How left stands to right.", "exact", one_of(*Relation), required=True),
        parameter("right", "The other.", RIGHT, required=True),
    ),
    headers=("X-Generation",),
    sometimes=("Server-Timing",),
    problems=ASKING,
)


async def consequences(request: Request) -> Response:
    """What a link would entail and contradict, were it accepted.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        QueryError: there is no answer.
    """
    arrived = time.perf_counter()
    only(request, "left", "relation", "right")
    given = request.query_params
    relation = read_wish("accept", given.get("relation", "")).relation
    if relation is None:
        raise ParameterError("there is no relation", hint=", ".join(Relation), parameter="relation")
    services: Services = request.app.state.services
    naming, known = await known_decisions(request)
    left, right = (end_of(given.get(side, ""), side, naming) for side in ("left", "right"))
    if left == right:
        raise ParameterError("a thing is not linked to itself", parameter="right")
    spent = time.perf_counter() - arrived
    job = trial(left, relation, right, services.settings.timeout, spent=spent, client=client_of(request))
    answer = await run_while_connected(services, job, request.receive)
    try:
        content = b"".join(answer.chunks())
    finally:
        services.supervisor.release(answer)
    found = await asyncio.to_thread(lambda: with_rejections(json.loads(content), known))
    total = (time.perf_counter() - arrived) * 1000
    headers = {"Cache-Control": "no-cache", "X-Generation": str(answer.generation)}
    return JSONResponse(found, headers={**headers, "Server-Timing": f"total;dur={total:.2f}"})
