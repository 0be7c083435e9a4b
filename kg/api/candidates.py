"""`/links/candidates`: what may be linked with what, and why.

In: a request with `left`, a model or one of its elements. Out: candidates with scores and reasons as JSON, with what
people have decided of them; rejected ones are not among them.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.api.access import client_of
from kg.api.inquiry import served_naming
from kg.api.operation import ASKING, COUNT, TEXT, Operation, Schema, array, one_of, parameter, record
from kg.api.parameters import iri_of, only, whole_number
from kg.api.validators import is_held, tag_of
from kg.errors import ParameterError
from kg.linking.candidate import Relation
from kg.linking.vocabulary import Kind
from kg.linking.wish import DEFAULT_EACH, DEFAULT_LIMIT, LEAST_SCORE, MAX_EACH, MAX_LIMIT, Wish
from kg.services import Services


def _whole(most: int, default: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


CONCEPTS: Final = "concepts"
"""What `right` may be besides an IRI: the concepts, instead of models."""
_EXAMPLE: Final = "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse"
_NULLABLE: Final[Schema] = MappingProxyType({"type": ["string", "null"]})
_THING: Final = record(
    {"kind": one_of(*(kind.name.lower() for kind in Kind)), "label": _NULLABLE, "definition": _NULLABLE},
    {"model": _NULLABLE, "publisher": _NULLABLE},
)
_CANDIDATE: Final = record(
    {
        "id": TEXT,
        "left": TEXT,
        "right": TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "relation": one_of(*Relation),
        "reasons": {**array(record({"nb": TEXT, "en": TEXT})), "minItems": 1},
        "status": one_of("open", "accepted", "rejected", "unsure"),
    }
)
_FOUND: Final = record(
    {
        "total": COUNT,
        "candidates": array(_CANDIDATE),
        "things": {"type": "object", "additionalProperties": _THING, "description": "What is told of each, by IRI."},
    }
)
OPERATION: Final = Operation(
    name="candidates",
    summary="Candidate links of a model's elements, with scores and reasons",
    tag="data",
    description=(
        "Nothing is linked by this. A score says how often candidates like one are right; pairs that were rejected or "
        "are linked already are not among them."
    ),
    content={"application/json": _FOUND},
    parameters=(
        parameter("left", "An information model, or one of its elements.", _EXAMPLE, required=True),
        parameter("right", "Another model or element, or `concepts`; all other models if not given.", CONCEPTS),
        parameter("limit", "How many.", DEFAULT_LIMIT, _whole(MAX_LIMIT, DEFAULT_LIMIT)),
        parameter("each", "How many for one element.", DEFAULT_EACH, _whole(MAX_EACH, DEFAULT_EACH)),
        parameter("least", "The lowest score.", LEAST_SCORE, {"type": "number", "minimum": 0, "maximum": 1}),
        parameter("format", "The format.", "json", one_of("json")),
    ),
    headers=("X-Generation", "ETag"),
    sometimes=("Server-Timing",),
    problems=(*ASKING, 404),
    conditional=True,
)
_PARAMETERS: Final = tuple(str(each["name"]) for each in OPERATION.parameters)


async def candidates(request: Request) -> Response:
    """Candidates in the served generation.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: there is no such model or thing.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    services: Services = request.app.state.services
    wish = _read(request)
    naming = await served_naming(services)
    prefixes = naming.names.prefixes()
    wish = replace(
        wish,
        left=naming.aliases.canonical(iri_of(wish.left, "left", prefixes)),
        right=naming.aliases.canonical(iri_of(wish.right, "right", prefixes)) if wish.right else "",
    )
    decided = await asyncio.to_thread(services.decided, naming.aliases)
    tag = tag_of(naming.generation, wish, decided.fingerprint, kg.__version__)
    headers = {"Cache-Control": "no-cache", "X-Generation": str(naming.generation), "ETag": f'"{tag}"'}
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    begun = time.perf_counter()
    left_over = services.settings.timeout - (begun - arrived)
    found = await services.proposing.find(naming.generation, wish, decided.rejected, client_of(request), left_over)
    for each in found["candidates"]:
        each["status"] = decided.status(each["left"], each["right"])
    services.offer((each["left"], each["right"]) for each in found["candidates"])
    done = time.perf_counter()
    headers["Server-Timing"] = f"linking;dur={(done - begun) * 1000:.2f}, total;dur={(done - arrived) * 1000:.2f}"
    return JSONResponse(found, headers=headers)


def _read(request: Request) -> Wish:
    """The wish as the request writes it, its IRIs not yet read.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
    """
    only(request, *_PARAMETERS)
    given: Mapping[str, str] = request.query_params
    if not given.get("left", "").strip():
        hint = "the IRI of an information model, or of an element"
        raise ParameterError("it is not said what candidates are for", hint=hint, parameter="left")
    if given.get("format") not in {None, "json"}:
        what = f"candidates have no format {given['format'][:60]!r}"
        raise ParameterError(what, hint="json", parameter="format")
    right = given.get("right", "").strip()
    concepts = right == CONCEPTS
    return Wish(
        left=given["left"],
        right="" if concepts else right,
        concepts=concepts,
        limit=whole_number(given, "limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT),
        each=whole_number(given, "each", DEFAULT_EACH, least=1, most=MAX_EACH),
        least=_least(given),
    )


def _least(given: Mapping[str, str]) -> float:
    value = given.get("least", "")
    try:
        least = float(value) if value else LEAST_SCORE
    except ValueError:
        least = -1.0
    if not 0 <= least <= 1:
        raise ParameterError(f"{value[:60]!r} is no score from 0 to 1", parameter="least")
    return least
