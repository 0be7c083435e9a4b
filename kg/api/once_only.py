"""`/once-only`: the elements most worth sharing over the whole graph, with the reason.

In: a request with `agency`, `event`, `limit` and `offset`. Out: the page of the overview that fits, as JSON or HTML. A
worker makes the overview, once for a generation; what it gives is kept like any answer.
"""

import asyncio
import json
import time
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.aliases import read_iri
from kg.api.inquiry import Inquiry, inquire
from kg.api.once_only_view import overview_view
from kg.api.operation import ASKING, COUNT, HTML, MISSING, Operation, one_of, parameter, record
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import MAX_IRI_LENGTH, only, whole_number
from kg.api.validators import BY_FORMAT_AND_LANGUAGE, REVALIDATE, conditional, matches, tag_of
from kg.engine.orders import overview
from kg.errors import ParameterError
from kg.per_generation import Naming
from kg.search.searching import read_publisher
from kg.trace.overview_json import Part

PARAMETERS: Final = ("agency", "event", "limit", "offset", "lang", "format")
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
MAX_OFFSET: Final = 1_000_000
OPERATION: Final = Operation(
    name="once-only",
    summary="The elements most worth sharing over the whole graph, with the reason",
    tag="once-only",
    content={"application/json": record({"total": COUNT}, {"next": MISSING}), **HTML},
    parameters=(
        parameter("agency", "Only those that this agency has to do with: any IRI of it, or its number.", "974760673"),
        parameter("event", "Only those of this life event.", "https://data.norge.no/events/dodsfall-og-arv"),
        parameter("limit", "How many.", DEFAULT_LIMIT, {**COUNT, "minimum": 1, "maximum": MAX_LIMIT}),
        parameter("offset", "After how many.", 0, {**COUNT, "maximum": MAX_OFFSET, "default": 0}),
        parameter("lang", "The language of the page, before Accept-Language.", "nb", one_of("nb", "en")),
        parameter("format", "The format, before Accept.", "json", one_of("json", "html")),
    ),
    headers=("X-Generation", "ETag"),
    sometimes=("Content-Language", "Link", "Server-Timing"),
    problems=ASKING,
    conditional=True,
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request asks for; agency and event are as the client writes them."""

    part: Part
    html: bool
    language: str


async def once_only(request: Request) -> Response:
    """Give a part of the overview.

    Raises:
        ParameterError: a parameter is unknown, repeated or wrong.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    wish = _read(request)
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, wish))


async def _answer(inquiry: Inquiry, wish: _Wish) -> Response:
    request, naming = inquiry.request, inquiry.naming
    part = _resolved(wish.part, naming)
    tag = tag_of(naming.generation, part, wish.html, wish.language if wish.html else "", kg.__version__)
    headers = conditional(naming.generation, tag, vary=BY_FORMAT_AND_LANGUAGE, caching=REVALIDATE)
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    content = await inquiry.content(overview(asdict(part), inquiry.seconds))
    found: dict[str, Any] = await asyncio.to_thread(json.loads, content)
    return await _render(request, wish, part, found, headers | inquiry.timing())


async def _render(
    request: Request, wish: _Wish, part: Part, found: dict[str, Any], headers: dict[str, str]
) -> Response:
    behind = part.offset + part.limit
    has_more = behind < found["total"]
    if wish.html:
        headers["Content-Language"] = wish.language
        view = await asyncio.to_thread(overview_view, found, part, wish.language)
        root = request.scope.get("root_path", "")
        return await page(request, "once_only.html", headers, view=view, language=wish.language, root=root)
    following = f"{request.url.replace(query='')}?{_query(part, behind)}" if has_more else None
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    return JSONResponse({**found, "next": following}, headers=headers)


def _query(part: Part, offset: int) -> str:
    given = {"agency": part.agency, "event": part.event, "limit": part.limit, "offset": offset}
    return urlencode({name: value for name, value in given.items() if value != ""})


def _resolved(part: Part, naming: Naming) -> Part:
    """The part with canonical IRIs.

    Raises:
        ParameterError: one of them is none.
    """
    prefixes = naming.names.prefixes()
    try:
        agency = read_publisher(part.agency, prefixes, naming.aliases)
    except ParameterError as error:
        hint = "`agencies` of the answer lists some"
        raise ParameterError(error.what, hint=hint, parameter="agency") from error
    event = read_iri(part.event, prefixes) if part.event else ""
    if event is None:
        what = f"{part.event[:200]!r} is no IRI"
        raise ParameterError(what, hint="`events` of the answer lists some", parameter="event")
    return Part(agency, naming.aliases.canonical(event) if event else "", part.offset, part.limit)


def _read(request: Request) -> _Wish:
    only(request, *PARAMETERS)
    given = request.query_params
    for name in given:
        if len(given[name]) > MAX_IRI_LENGTH:
            raise ParameterError(f"{name} has {len(given[name]):,} characters", parameter=name)
    answer_format = given.get("format")
    if answer_format not in {None, "json", "html"}:
        what = f"the overview has no format {str(answer_format)[:60]!r}"
        raise ParameterError(what, hint="one of json, html", parameter="format")
    wanted = given.get("lang") or language(request.headers.get("accept-language"))
    if wanted not in {"nb", "en"}:
        raise ParameterError(f"{wanted[:60]!r} is no language of pages", hint="one of nb, en", parameter="lang")
    limit = whole_number(given, "limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT)
    offset = whole_number(given, "offset", 0, most=MAX_OFFSET)
    html = answer_format == "html" or (answer_format is None and prefers_page(request.headers.get("accept")))
    part = Part(given.get("agency", "").strip(), given.get("event", "").strip(), offset, limit)
    return _Wish(part, html, wanted)
