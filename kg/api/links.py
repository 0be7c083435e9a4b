"""`/links`: decisions on links, taken with a token and given back to everybody (design §4, §7).

In: requests. Out: a decision that is on disk, the decisions as JSON, or as SSSOM. A decision is acknowledged when it is
durable, and takes part in the graph from the next generation on.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.aliases import read_iri
from kg.api.access import client_of
from kg.api.description import nodes, question
from kg.api.operation import ASKING, COUNT, FLAG, OBJECT, TEXT, Operation, Schema, array, one_of, parameter, record
from kg.api.sparql import matches, read_body, run_while_connected
from kg.api.status import only
from kg.build.harvest import now
from kg.engine.orders import Job, trial
from kg.errors import EngineFailed, NotFound, ParameterError, RequestError, UnsupportedMediaType
from kg.linking.candidate import Relation
from kg.linking.decision import MAX_COMMENT_LENGTH, Decision, Verdict
from kg.linking.decisions import Decisions
from kg.linking.sssom import MEDIA_TYPE, write_sssom
from kg.per_generation import Naming
from kg.reviewing import Wish, read_wish, with_rejections
from kg.services import Services
from kg.sparql.formats import FORMATS
from kg.sparql.protocol import FORM, read_pairs

FIELDS: Final = ("decision", "relation", "comment", "left", "right")
MAX_BODY: Final = 64 << 10
DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000

_ROWS: Final = next(row for row in FORMATS if row.name == "json")

_LEFT: Final = "https://demo.kunnskapsgraf.example/brreg/modell/enhet#Adresse"
_RIGHT: Final = "https://demo.kunnskapsgraf.example/kartverket/modell/eiendom#Adresse"
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
    parameter("left", "One thing; needed without an id.", _LEFT),
    parameter("right", "The other.", _RIGHT),
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
        parameter("offset", "After how many.", 0, {**COUNT, "maximum": 1_000_000_000, "default": 0}),
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
CONSEQUENCES: Final = Operation(
    name="link-consequences",
    summary="What a link would entail and contradict, were it accepted",
    tag="data",
    content={
        "application/json": record(
            {"complete": FLAG, "total": COUNT, "entails": array(OBJECT), "contradictions": array(OBJECT)}
        )
    },
    parameters=(
        parameter("left", "One thing.", _LEFT, required=True),
        parameter("relation", "How left stands to right.", "exact", one_of(*Relation), required=True),
        parameter("right", "The other.", _RIGHT, required=True),
    ),
    headers=("X-Generation",),
    sometimes=("Server-Timing",),
    problems=ASKING,
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
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    token = await asyncio.to_thread(services.reviewing.reviewer, secret.strip() if scheme.lower() == "bearer" else "")
    wish = _wish(request.path_params.get("id", ""), await _fields(request))
    naming = await naming_of(request)
    prefixes = naming.names.prefixes()
    left, right = (_iri(getattr(wish, side), side, prefixes) for side in ("left", "right"))
    wish = Wish(wish.verdict, wish.relation, wish.comment, wish.link_id, left, right)
    pair = await asyncio.to_thread(services.reviewing.pair_of, wish, naming.aliases)
    if wish.left:
        await _check_described(request, pair, naming)
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
    limit, offset = _number(request, "limit", DEFAULT_LIMIT, MAX_LIMIT), _number(request, "offset", 0, 1_000_000_000)
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
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache", "X-Generation": str(naming.generation)}
    condition = request.headers.get("if-none-match", "*")
    if condition.strip() != "*" and matches(condition, f'"{etag}"'):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


async def consequences(request: Request) -> Response:
    """What a link would entail and contradict, were it accepted.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        QueryError: there is no answer.
    """
    arrived = time.perf_counter()
    only(request, "left", "relation", "right")
    given = request.query_params
    for name in given:
        if len(given.getlist(name)) > 1:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
    relation = read_wish("accept", given.get("relation", "")).relation
    if relation is None:
        raise ParameterError("there is no relation", hint=", ".join(Relation), parameter="relation")
    services: Services = request.app.state.services
    naming, known = await _known(request)
    left, right = (_end(given.get(side, ""), side, naming) for side in ("left", "right"))
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


def _end(text: str, side: str, naming: Naming) -> str:
    if not text:
        raise ParameterError(f"there is no {side}", hint="give an IRI or a CURIE", parameter=side)
    return naming.aliases.canonical(_iri(text, side, naming.names.prefixes()))


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


async def naming_of(request: Request) -> Naming:
    """How the generation that is served names things.

    Raises:
        EngineFailed: none is served just now.
    """
    services: Services = request.app.state.services
    pool = services.supervisor.pool
    if pool is None:
        raise EngineFailed("the engine is not running", hint="try again shortly")
    return await services.namings.of(pool.generation)


async def _known(request: Request) -> tuple[Naming, Decisions]:
    services: Services = request.app.state.services
    naming = await naming_of(request)
    return naming, await asyncio.to_thread(services.reviewing.decisions, naming.aliases)


async def _check_described(request: Request, pair: Sequence[str], naming: Naming) -> None:
    """See to it that the graph speaks of one of a pair; the other may be anywhere.

    Raises:
        ParameterError: it speaks of neither.
    """
    services: Services = request.app.state.services
    text = question("known", naming.names, known=nodes(pair), identifier=())
    job = Job(text, _ROWS, seconds=services.settings.timeout, client=client_of(request))
    answer = await run_while_connected(services, job, request.receive)
    try:
        rows = parse_query_results(b"".join(answer.chunks()), format=QueryResultsFormat.JSON)
    finally:
        services.supervisor.release(answer)
    assert isinstance(rows, QuerySolutions)
    if not list(rows):
        what = f"the graph speaks of neither {pair[0][:200]} nor {pair[1][:200]}"
        raise ParameterError(what, hint="one of the two has to be described here", parameter="left")


async def _fields(request: Request) -> Mapping[str, str]:
    """The fields of a body, JSON or a form, each once.

    Raises:
        ParameterError: one is unknown, given twice or no text.
        RequestError: the body is not what it says it is.
        UnsupportedMediaType: it is neither.
    """
    body = await read_body(request, MAX_BODY)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == FORM:
        pairs: list[tuple[str, Any]] = list(read_pairs(body))
    elif media_type == "application/json":
        pairs = _json_pairs(body)
    else:
        hint = f"send application/json or {FORM}"
        raise UnsupportedMediaType(f"the body has {media_type[:100] or 'no type'}", hint=hint)
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name not in FIELDS:
            hint = f"known here: {', '.join(FIELDS)}"
            raise ParameterError(
                f"the field {name[:100]!r} is not known here", hint=hint, parameter=name[:100], unknown=True
            )
        if name in fields:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        if value is not None and not isinstance(value, str):
            raise ParameterError(f"{name!r} is no text", parameter=name)
        fields[name] = value or ""
    return fields


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    class Pairs(list[tuple[str, Any]]):
        """The members of an object, in their order, double ones too."""

    try:
        value = json.loads(body, object_pairs_hook=Pairs)
    except (ValueError, RecursionError) as error:
        raise RequestError("the body is not JSON") from error
    if not isinstance(value, Pairs):
        raise RequestError("the body is no JSON object", hint='{"decision": "accept", "relation": "exact"}')
    return value


def _wish(link_id: str, fields: Mapping[str, str]) -> Wish:
    wish = read_wish(
        fields.get("decision", ""),
        fields.get("relation", ""),
        fields.get("comment", ""),
        link_id,
        fields.get("left", ""),
        fields.get("right", ""),
    )
    if not link_id and not wish.left:
        raise ParameterError("there is no pair", hint="give left and right", parameter="left")
    return wish


def _iri(text: str, side: str, prefixes: Mapping[str, str]) -> str:
    iri = read_iri(text, prefixes) if text else ""
    if iri is None:
        raise ParameterError(f"{text[:200]!r} is neither an absolute IRI nor a CURIE", parameter=side)
    return iri


def _number(request: Request, name: str, default: int, most: int) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= most):
        raise ParameterError(f"{value[:60]!r} is no whole number from 0 to {most:,}", parameter=name)
    return int(value)
