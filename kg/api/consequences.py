"""`/links/consequences`: what a link would entail and contradict, were it accepted.

In: two things and a relation. Out: the triples that would follow, each with its rule, and contradictions with their
proof, as JSON. A worker follows the rules; nothing is recorded.
"""

import asyncio
import json
import time
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.deciding import LEFT, RIGHT, end_of, known_decisions
from kg.api.inquiry import Inquiry, inquire
from kg.api.operation import ASKING, COUNT, FLAG, OBJECT, Operation, array, one_of, parameter, record
from kg.api.parameters import only
from kg.engine.orders import trial
from kg.errors import ParameterError
from kg.linking.candidate import Relation
from kg.reviewing import read_wish, with_rejections

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
    relation = read_wish("accept", request.query_params.get("relation", "")).relation
    if relation is None:
        raise ParameterError("there is no relation", hint=", ".join(Relation), parameter="relation")
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, relation))


async def _answer(inquiry: Inquiry, relation: Relation) -> Response:
    naming, given = inquiry.naming, inquiry.request.query_params
    known = await known_decisions(inquiry.services, naming)
    left, right = (end_of(given.get(side, ""), side, naming) for side in ("left", "right"))
    if left == right:
        raise ParameterError("a thing is not linked to itself", parameter="right")
    content = await inquiry.content(trial(left, relation, right, inquiry.seconds))
    found = await asyncio.to_thread(lambda: with_rejections(json.loads(content), known))
    headers = {"Cache-Control": "no-cache", "X-Generation": str(naming.generation), **inquiry.timing()}
    return JSONResponse(found, headers=headers)
