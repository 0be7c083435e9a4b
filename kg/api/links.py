"""`/links`: decisions on links, taken with a token and given back to everybody.

In: requests. Out: a decision that is on disk, the decisions as JSON, or as SSSOM. A decision is acknowledged when it is
durable, and takes part in the graph from the next generation on.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import QuerySolution
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.deciding import LEFT, RIGHT, known_decisions, secret_of, wish_of
from kg.api.description import nodes, question
from kg.api.inquiry import Inquiry, inquire, served_naming
from kg.api.operation import ASKING, COUNT, FLAG, OBJECT, TEXT, Operation, Schema, array, one_of, parameter, record
from kg.api.parameters import only, whole_number
from kg.api.validators import is_held, tag_of
from kg.clock import now
from kg.errors import NotFound, ParameterError
from kg.linking.candidate import Relation
from kg.linking.decision import MAX_COMMENT_LENGTH, Decision, Verdict
from kg.linking.decisions import Decisions
from kg.linking.sssom import MEDIA_TYPE, write_sssom
from kg.per_generation import Naming
from kg.services import Services

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
MAX_OFFSET: Final = 1_000_000_000

_DECISION: Final = record(
    {
        "id": TEXT,
        "left": TEXT,
        "right": TEXT,
        "decision": one_of(*Verdict),
        "status": one_of("accepted", "rejected", "unsure"),
        "relation": {"type": ["string", "null"], "enum": [*Relation, None]},
        "comment": TEXT,
        "who": TEXT,
        "when": TEXT,
    },
    {"history": array(OBJECT)},
)
_ID: Final = parameter("id", "The id of a pair, as of a candidate.", "0123456789abcdef0123", where="path")
_FIELDS: Final = (
    parameter("decision", "What is decided.", "accept", one_of(*Verdict), required=True),
    parameter("relation", "How left stands to right; accepting needs it.", "exact", one_of(*Relation)),
    parameter("comment", "Why; published.", "samme adresse", {"type": "string", "maxLength": MAX_COMMENT_LENGTH}),
    parameter("left", "One thing; needed without an id.", LEFT),
    parameter("right", "The other.", RIGHT),
)


def _posted(name: str, summary: str, *parameters: Schema) -> Operation:
    return Operation(
        name=name,
        summary=summary,
        tag="data",
        description="Needs a reviewer's token (Authorization: Bearer). When it is answered, the decision is on disk.",
        content={"application/json": _DECISION},
        parameters=parameters,
        problems=(*ASKING, 403, 404),
    )


LINKS: Final = Operation(
    name="links",
    summary="The decisions on links that hold, the newest first",
    tag="data",
    content={
        "application/json": record(
            {"total": COUNT, "decisions": array(_DECISION), "damaged_lines": array({"type": "integer"})}
        )
    },
    parameters=(
        parameter("decision", "Only those that were decided so.", "accept", one_of(*Verdict)),
        parameter("limit", "How many.", DEFAULT_LIMIT, {**COUNT, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        parameter("offset", "After how many.", 0, {**COUNT, "maximum": MAX_OFFSET, "default": 0}),
    ),
    headers=("X-Generation",),
    problems=(422,),
    posted=_posted("decide-on-pair", "Decide on a link between any two things", *_FIELDS),
)
LINK: Final = Operation(
    name="link",
    summary="The decision on one pair, and those before it",
    tag="data",
    content={"application/json": _DECISION},
    parameters=(_ID,),
    headers=("X-Generation",),
    problems=(404,),
    posted=_posted("decide", "Decide on a candidate", _ID, *_FIELDS),
)
SSSOM: Final = Operation(
    name="links-sssom",
    summary="What was accepted and what was rejected, as SSSOM TSV",
    tag="data",
    content={MEDIA_TYPE: TEXT},
    parameters=(parameter("unsure", "Also what reviewers were unsure about.", False, FLAG),),
    headers=("X-Generation", "ETag"),
    problems=(422,),
    conditional=True,
)


async def links(request: Request) -> Response:
    """The decisions that hold, or with POST a new one on any pair."""
    return await (_decide(request) if request.method == "POST" else _decisions(request))


async def link(request: Request) -> Response:
    """The decision on one pair, or with POST a new one."""
    return await (_decide(request) if request.method == "POST" else _decision(request))


async def _decide(request: Request) -> Response:
    """Record a decision on the pair of an id, or with `POST /links` on any pair.

    Raises:
        TokenNeeded: the request shows no valid token.
        NotPermitted: its token does not extend to the pair.
        NotFound: the id is of no pair that is known here.
        ParameterError: a field is unknown, missing, repeated or wrong.
        NotRecorded: the decision is not on disk.
    """
    only(request)
    services: Services = request.app.state.services
    token = await asyncio.to_thread(services.reviewing.reviewer, secret_of(request))
    naming = await served_naming(services)
    wish = await wish_of(request, naming)
    pair = await asyncio.to_thread(services.reviewing.pair_of, wish, naming.aliases)
    if wish.left:
        await _check_described(request, pair)
    decision = await asyncio.to_thread(services.reviewing.decide, pair, wish, token, now())
    return JSONResponse(decision_json(decision), headers={"Cache-Control": "no-store"})


async def _decisions(request: Request) -> Response:
    """The decisions that hold, the newest first.

    Raises:
        ParameterError: a parameter is unknown or wrong.
    """
    only(request, "decision", "limit", "offset")
    wanted = request.query_params.get("decision", "")
    if wanted and wanted not in set(Verdict):
        raise ParameterError(f"{wanted[:60]!r} is no decision", hint=", ".join(Verdict), parameter="decision")
    limit = whole_number(request.query_params, "limit", DEFAULT_LIMIT, most=MAX_LIMIT)
    offset = whole_number(request.query_params, "offset", 0, most=MAX_OFFSET)
    naming, known = await _known(request)
    listed = known.of(*([Verdict(wanted)] if wanted else Verdict))[::-1]
    body = {
        "total": len(listed),
        "decisions": [decision_json(each) for each in listed[offset : offset + limit]],
        "damaged_lines": [each.line for each in known.damage],
    }
    return JSONResponse(body, headers={"Cache-Control": "no-cache", "X-Generation": str(naming.generation)})


async def _decision(request: Request) -> Response:
    """The decision on one pair, and those before it.

    Raises:
        NotFound: nobody has decided on a pair of this id.
    """
    only(request)
    naming, known = await _known(request)
    link_id = request.path_params["id"]
    found = known.newest.get(link_id)
    if found is None:
        raise NotFound("nobody has decided on a pair with this id", where=f"/links/{link_id[:60]}")
    history = [decision_json(each) for each in known.history if each.id == link_id]
    headers = {"Cache-Control": "no-cache", "X-Generation": str(naming.generation)}
    return JSONResponse({**decision_json(found), "history": history}, headers=headers)


async def sssom(request: Request) -> Response:
    """The decisions as SSSOM TSV: what was accepted, what was rejected (as `Not`), and with unsure=true the rest.

    Raises:
        ParameterError: a parameter is unknown or wrong.
    """
    only(request, "unsure")
    unsure = request.query_params.get("unsure", "false")
    if unsure not in {"true", "false"}:
        raise ParameterError(f"{unsure[:60]!r} is neither true nor false", parameter="unsure")
    naming, known = await _known(request)
    verdicts = tuple(Verdict) if unsure == "true" else (Verdict.ACCEPT, Verdict.REJECT)
    text = await asyncio.to_thread(write_sssom, known.of(*verdicts), f"{naming.names.base}links.sssom.tsv")
    tag = tag_of(text)
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache", "X-Generation": str(naming.generation)}
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def decision_json(decision: Decision) -> dict[str, Any]:
    """A decision as clients know it; `status` is that of a candidate."""
    return {
        "id": decision.id,
        "left": decision.left,
        "right": decision.right,
        "decision": str(decision.verdict),
        "status": decision.verdict.status,
        "relation": str(decision.relation) if decision.relation else None,
        "comment": decision.comment,
        "who": decision.who,
        "when": decision.when,
    }


async def _known(request: Request) -> tuple[Naming, Decisions]:
    """What has been decided, and how the generation that is served names it."""
    services: Services = request.app.state.services
    naming = await served_naming(services)
    return naming, await known_decisions(services, naming)


async def _check_described(request: Request, pair: Sequence[str]) -> None:
    """See to it that the graph speaks of one of a pair; the other may be anywhere.

    Raises:
        ParameterError: it speaks of neither.
    """

    async def known(inquiry: Inquiry) -> list[QuerySolution]:
        return await inquiry.rows(question("known", inquiry.naming.names, known=nodes(pair), identifier=()))

    if not await inquire(request, time.perf_counter(), known):
        what = f"the graph speaks of neither {pair[0][:200]} nor {pair[1][:200]}"
        raise ParameterError(what, hint="one of the two has to be described here", parameter="left")
