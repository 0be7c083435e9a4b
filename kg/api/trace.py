"""`/trace`: the web around a data element.

In: a request with `element`, by GET or as a form by POST. Out: one page of the web as JSON or HTML, all of one
generation; or the error that names the wrong parameter. A word is resolved in the text index, and a worker walks the
graph, as it answers queries; equal requests share an answer, which is kept as long as its generation is served.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

import kg
from kg.api.access import client_of
from kg.api.answers import take
from kg.api.inquiry import Inquiry, inquire
from kg.api.operation import (
    ASKING,
    COUNT,
    FLAG,
    HTML,
    MISSING,
    OBJECT,
    TEXT,
    Operation,
    array,
    one_of,
    parameter,
    record,
)
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import given_pairs, refuse_unknown
from kg.api.trace_view import TraceView, trace_view
from kg.api.validators import BY_FORMAT_AND_LANGUAGE, REVALIDATE, conditional, is_held, tag_of
from kg.engine.orders import tracing
from kg.errors import ParameterError
from kg.per_generation import Naming
from kg.search.vocabulary import LANGUAGES
from kg.trace.asking import PARAMETERS, read_request
from kg.trace.tracing import DEFAULT_DEPTH, DEFAULT_LIMIT, MAX_DEPTH, MAX_LIMIT, MAX_OFFSET, Request
from kg.trace.web import Evidence, FindingKind, NodeKind

FORMATS: Final = ("json", "html")
_TRIPLES: Final = array(record({"subject": TEXT, "predicate": TEXT, "object": TEXT}))
_WORDS: Final = record({"nb": TEXT, "en": TEXT})
_KIND: Final = one_of(*NodeKind)
_EDGE: Final = record(
    {"from": TEXT, "to": TEXT, "path": TEXT, "evidence": one_of(*Evidence), "triples": _TRIPLES},
    {"reason": _WORDS, "proofs": array(TEXT)},
)
_FINDING: Final = record({"kind": one_of(*FindingKind), "text": _WORDS, "edges": array(_EDGE), "about": array(TEXT)})
TRACE: Final = record(
    {
        "element": TEXT,
        "starts": array(TEXT),
        "choices": array(record({"iri": TEXT, "kind": _KIND, "label": TEXT})),
        "nodes": array(record({"iri": TEXT, "kind": _KIND, "label": TEXT, "agency": MISSING})),
        "edges": array(_EDGE),
        "findings": array(_FINDING),
        "agencies": array(record({"iri": TEXT, "name": TEXT})),
        "total": record({"nodes": COUNT, "edges": COUNT, "complete": FLAG}),
    },
    {"hubs": array(OBJECT), "matches": OBJECT, "next": MISSING},
)
OPERATION: Final = Operation(
    name="trace",
    summary="Where a data element lives: who has it, who is the authority, who asks for it again",
    tag="once-only",
    description="An IRI, a CURIE, an organisation number or a word; a word is traced from all that has it as a name.",
    content={"application/json": TRACE, **HTML},
    parameters=(
        parameter("element", "What is traced.", "fødselsnummer", {**TEXT, "minLength": 1}, required=True),
        parameter("depth", "Steps from a start.", DEFAULT_DEPTH, {**COUNT, "minimum": 1, "maximum": MAX_DEPTH}),
        parameter("paths", "Only these paths, or groups of them; commas between.", "concept,model"),
        parameter("agency", "Only things of these agencies, and what lies between; commas between.", "974760673"),
        parameter("evidence", "Only steps that are this sure; commas between.", "asserted,inferred"),
        parameter("lang", "The language of labels, before Accept-Language.", "nb", one_of(*LANGUAGES)),
        parameter("limit", "Nodes of a page.", DEFAULT_LIMIT, {**COUNT, "minimum": 1, "maximum": MAX_LIMIT}),
        parameter("offset", "Nodes before the page.", 0, {**COUNT, "maximum": MAX_OFFSET, "default": 0}),
        parameter("format", "The format, before Accept.", "json", one_of(*FORMATS)),
    ),
    headers=("X-Generation", "ETag", "Content-Language"),
    sometimes=("Server-Timing",),
    problems=(*ASKING, 404),
    conditional=True,
)


async def trace(request: HttpRequest) -> Response:
    """Trace the element that the parameters name.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: the graph does not know the IRI.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    given = await _parameters(request)
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, given))


async def _answer(inquiry: Inquiry, given: Mapping[str, Sequence[str]]) -> Response:
    request, naming = inquiry.request, inquiry.naming
    wish = read_wish(request, given, naming)
    tag = _tag(request, naming, wish)
    headers = conditional(naming.generation, tag, vary=BY_FORMAT_AND_LANGUAGE, caching=REVALIDATE, weak=False) | {
        "Content-Language": wish.language
    }
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    content, offset = await ask(inquiry, wish)
    following = _address(request, given, offset) if offset is not None else None
    headers |= inquiry.timing()
    if _wants_page(request, given):
        view = await _view(naming, wish, content, following)
        return await _page(request, given, wish, view, headers)
    body = content[:-1] + b"," + json.dumps({"next": following}, ensure_ascii=False).encode()[1:]
    return Response(body, headers=headers, media_type="application/json")


def _wants_page(request: HttpRequest, given: Mapping[str, Sequence[str]]) -> bool:
    wanted = given.get("format")
    return wanted[0] == "html" if wanted else prefers_page(request.headers.get("accept"))


async def _page(
    request: HttpRequest, given: Mapping[str, Sequence[str]], wish: Request, view: TraceView, headers: dict[str, str]
) -> Response:
    kept = [(name, value) for name, values in given.items() if name != "format" for value in values]
    address = urlencode([*kept, ("format", "json")], errors="replace")
    headers["Content-Language"] = spoken = _page_language(wish)
    root = request.scope.get("root_path", "")
    return await page(request, "trace.html", headers, view=view, wish=wish, language=spoken, root=root, address=address)


async def _view(naming: Naming, wish: Request, content: bytes, following: str | None) -> TraceView:
    found = await asyncio.to_thread(json.loads, content)
    return await asyncio.to_thread(trace_view, found, naming.names, _page_language(wish), following or "")


def _page_language(wish: Request) -> str:
    """The language of a page, which is bokmål for whoever reads nynorsk."""
    return "en" if wish.language == "en" else "nb"


async def ask(inquiry: Inquiry, wish: Request) -> tuple[bytes, int | None]:
    """The JSON of a trace, and where its next page begins; a word is resolved first.

    Raises:
        KgError: whichever says why there is no answer.
        GenerationChanged: another generation has answered than the one in which the element was resolved.
    """
    if wish.word:
        client, left = client_of(inquiry.request), inquiry.seconds - inquiry.spent
        searching, generation = inquiry.services.searching, inquiry.naming.generation
        meanings = await searching.resolve(generation, wish.element, client, left)
        wish = replace(wish, starts=meanings.exact, matches=meanings.total, choices=meanings.others)
    found = await inquiry.ask(tracing(wish.to_json(), inquiry.seconds))
    return take(inquiry.services, found), found.next_offset


def read_wish(request: HttpRequest, given: Mapping[str, Sequence[str]], naming: Naming) -> Request:
    """What a request asks for, in the language that it prefers where it names none.

    Raises:
        ParameterError: a parameter has a wrong value.
    """
    wanted = given.get("format", FORMATS[:1])
    if len(wanted) > 1 or wanted[0] not in FORMATS:
        hint = f"one of {', '.join(FORMATS)}"
        raise ParameterError(f"a trace has no format {wanted[0][:60]!r}", hint=hint, parameter="format")
    spoken = language(request.headers.get("accept-language"))
    return read_request(given, spoken, naming.names.prefixes(), naming.aliases)


async def _parameters(request: HttpRequest) -> Mapping[str, Sequence[str]]:
    """The parameters of the address and of a form; some may be given several times.

    Raises:
        ParameterError: one is unknown.
        UnsupportedMediaType: the body is no form.
    """
    pairs = await given_pairs(request)
    refuse_unknown((name for name, _ in pairs), (*PARAMETERS, "format"))
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _address(request: HttpRequest, given: Mapping[str, Sequence[str]], offset: int) -> str:
    """The absolute address of the page that begins there."""
    kept = [(name, value) for name, values in given.items() if name != "offset" for value in values]
    query = urlencode([*kept, ("offset", str(offset))], errors="replace")
    return str(request.url.replace(query=query, fragment=""))


def _tag(request: HttpRequest, naming: Naming, wish: Request) -> str:
    # The address of the next page is part of the answer, and depends on how the service was called.
    accepted = request.headers.get("accept"), language(request.headers.get("accept-language"))
    return tag_of(naming.generation, str(request.base_url), request.url.query, accepted, wish, kg.__version__)
