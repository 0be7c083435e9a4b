"""`/explain`: why a triple holds, down to what sources have said.

In: a request with `s`, `p` and `o`: N-Triples terms, bare IRIs or CURIEs, under any alias. Out: the proof as JSON,
Turtle or a page. A worker finds it, as it answers queries; a triple that does not hold is 200 and says so.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

import kg
from kg.api.description import nodes, question
from kg.api.explain_rdf import proof_turtle
from kg.api.explain_view import proof_iris, proof_view
from kg.api.inquiry import Inquiry, inquire
from kg.api.operation import ASKING, HTML, TEXT, Operation, array, one_of, parameter, record
from kg.api.pages import language, page, quality
from kg.api.parameters import only
from kg.api.statement import MAX_TERM_LENGTH, PLACES, read_statement
from kg.api.validators import BY_FORMAT_AND_LANGUAGE, REVALIDATE, conditional, is_held, tag_of
from kg.engine.orders import explanation
from kg.errors import NotAcceptable, ParameterError
from kg.explain.proof import Status
from kg.explain.rulebook import meanings

_MEDIA_TYPES: Final = {"json": "application/json", "turtle": "text/turtle", "html": "text/html"}


_TERM: Final = {"type": "string", "minLength": 1, "maxLength": MAX_TERM_LENGTH}
_PROOF: Final = record(
    {
        "triple": record({"subject": TEXT, "predicate": TEXT, "object": TEXT}),
        "status": one_of(*Status),
        "graphs": array(TEXT),
        "rule": {"type": ["string", "null"]},
        "premises": array({"$ref": "#/components/schemas/Proof"}),
        "conditions": array(TEXT),
    },
    {"conditions_nb": array(TEXT)},
)
OPERATION: Final = Operation(
    name="explain",
    summary="Why a triple holds: rules and premises, down to what sources have said",
    tag="data",
    description="Terms are N-Triples, bare IRIs or CURIEs. A triple that does not hold is `not-held`.",
    content={"application/json": {"$ref": "#/components/schemas/Proof"}, "text/turtle": TEXT, **HTML},
    parameters=(
        parameter("s", "The subject.", "dcat:Dataset", _TERM, required=True),
        parameter("p", "The predicate.", "rdf:type", _TERM, required=True),
        parameter("o", "The object; a literal in quotation marks.", "owl:Class", _TERM, required=True),
        parameter("format", "The format, before Accept.", "json", one_of(*_MEDIA_TYPES)),
    ),
    headers=("X-Generation", "ETag"),
    sometimes=("Content-Language", "Server-Timing"),
    problems=(*ASKING, 404, 406),
    conditional=True,
    schemas={"Proof": _PROOF},
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request asks for: three texts, a format, the language of a page."""

    texts: tuple[str, str, str]
    answer_format: str
    language: str


async def explain(request: Request) -> Response:
    """Explain the triple that the parameters name.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        DeadlinePassed: no proof was found within the limits of the search.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    wish = _read(request)
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, wish))


async def _answer(inquiry: Inquiry, wish: _Wish) -> Response:
    request, naming = inquiry.request, inquiry.naming
    names = read_statement(wish.texts, naming.names.prefixes(), naming.aliases)
    # Weak: of several shortest proofs two copies of one generation may give one each.
    tag = tag_of(naming.generation, wish.texts, wish.answer_format, wish.language, kg.__version__)
    headers = conditional(naming.generation, tag, vary=BY_FORMAT_AND_LANGUAGE, caching=REVALIDATE)
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    content = await inquiry.content(explanation(names, inquiry.seconds))
    headers |= inquiry.timing()
    if wish.answer_format == "json":
        return Response(content, headers=headers, media_type="application/json")
    proof: dict[str, Any] = await asyncio.to_thread(json.loads, content)
    if wish.answer_format == "turtle":
        turtle = await asyncio.to_thread(proof_turtle, proof, naming.names)
        return Response(turtle, headers=headers, media_type="text/turtle; charset=utf-8")
    labels = await inquiry.rows(question("labels", naming.names, thing=nodes(proof_iris(proof))))
    view = await asyncio.to_thread(proof_view, proof, labels, naming.names, meanings(naming.names), wish.language)
    headers["Content-Language"] = wish.language
    address = {name: request.url.include_query_params(format=name).query for name in ("json", "turtle")}
    root = request.scope.get("root_path", "")
    return await page(request, "explain.html", headers, view=view, language=wish.language, root=root, address=address)


def _read(request: Request) -> _Wish:
    only(request, *PLACES, "format")
    given = request.query_params
    subject, predicate, object_ = (given.get(place, "") for place in PLACES)
    answer_format = _format(request.headers.get("accept"), given.get("format"))
    return _Wish((subject, predicate, object_), answer_format, language(request.headers.get("accept-language")))


def _format(accept: str | None, wanted: str | None) -> str:
    """The format of the answer: as the parameter says, or what the client likes best, JSON before the others.

    Raises:
        ParameterError: there is no such format.
        NotAcceptable: the header leaves nothing over.
    """
    if wanted is not None:
        name = {"ttl": "turtle"}.get(wanted.strip().lower(), wanted.strip().lower())
        if name not in _MEDIA_TYPES:
            hint = f"one of {', '.join(_MEDIA_TYPES)}"
            raise ParameterError(f"a proof has no format {wanted[:60]!r}", hint=hint, parameter="format")
        return name
    ranges: dict[str, float] = {}
    for part in (accept or "*/*")[:8192].split(","):
        media_type, _, parameters = part.partition(";")
        ranges[media_type.strip().lower()] = quality(parameters)

    def liking(media_type: str) -> float:
        wildcards = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
        return next((ranges[name] for name in wildcards if name in ranges), 0.0)

    best = max(_MEDIA_TYPES, key=lambda name: liking(_MEDIA_TYPES[name]))
    if not liking(_MEDIA_TYPES[best]):
        raise NotAcceptable(
            "none of the types in Accept is one that a proof can have",
            hint=f"it can be {', '.join(_MEDIA_TYPES.values())}",
        )
    return best
