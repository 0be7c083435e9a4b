"""`POST /once-only/project`: the traces and findings of a project's elements together.

In: a file of TOML as the body. Out: the project as JSON, CSV, Turtle or a report to be printed, all of one generation.
Each element is traced as `/trace` does it, within the one deadline of the request.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.inquiry import Inquiry, inquire
from kg.api.operation import ASKING, HTML, OBJECT, TEXT, Operation, one_of, parameter
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import media_type_of, only, read_body
from kg.api.project_rdf import project_turtle
from kg.api.project_view import project_view
from kg.api.trace import ask
from kg.errors import AnswerTooLarge, NotFound, ParameterError, UnsupportedMediaType
from kg.per_generation import Naming
from kg.trace.asking import read_request
from kg.trace.project import MAX_BYTES, Project, gather, read_project
from kg.trace.project_table import project_table

MEDIA_TYPES: Final = MappingProxyType(
    {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "turtle": "text/turtle; charset=utf-8",
        "html": "text/html; charset=utf-8",
    }
)
"""The forms in which a project is given, by name."""
OPERATION: Final = Operation(
    name="once-only-project",
    summary="The traces and findings of a project's elements together",
    tag="once-only",
    description="The body is a file of TOML: a title, a description and the elements.",
    content={"application/json": OBJECT, "text/csv": TEXT, "text/turtle": TEXT, **HTML},
    parameters=(
        parameter("project", "The file.", 'title = "Flytting"\nelements = ["fødselsnummer"]\n'),
        parameter("lang", "The language, before Accept-Language.", "nb", one_of("nb", "en")),
        parameter("format", "The format, before Accept.", "json", one_of(*MEDIA_TYPES, "ttl")),
    ),
    bodies={"application/toml": "project"},
    form=False,
    headers=("X-Generation",),
    sometimes=("Content-Language", "Server-Timing"),
    problems=ASKING,
)
READABLE: Final = frozenset(("application/toml", "text/toml", "text/x-toml", "text/plain", "application/octet-stream"))
MAX_TRACES_BYTES: Final = 64 << 20
"""The traces of one project take no more."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request asks for."""

    answer_format: str
    language: str


async def project(request: Request) -> Response:
    """Trace the elements of a project.

    Raises:
        ParameterError: a parameter or the file is wrong.
        UnsupportedMediaType: the body is of a type that is not TOML's.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    wish = _read(request)
    wanted = read_project(await read_body(request, MAX_BYTES))
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, wanted, wish))


async def _answer(inquiry: Inquiry, wanted: Project, wish: _Wish) -> Response:
    gathered = await _gather(inquiry, wanted, wish.language)
    headers = {"Cache-Control": "no-store", "X-Generation": str(inquiry.naming.generation), **inquiry.timing()}
    return await _render(inquiry.request, wish, inquiry.naming, gathered, headers)


async def _gather(inquiry: Inquiry, wanted: Project, spoken: str) -> Mapping[str, Any]:
    naming = inquiry.naming
    traces: list[Mapping[str, Any]] = []
    size = 0
    for element in wanted.elements:
        try:
            wish = read_request({"element": [element]}, spoken, naming.names.prefixes(), naming.aliases)
            content, _ = await ask(inquiry, wish)
        except (NotFound, ParameterError) as error:
            # One that is not known says so in its place, so that the rest of the project is told.
            traces.append(nothing_known(element, error.what))
            continue
        size += len(content)
        if size > MAX_TRACES_BYTES:
            raise AnswerTooLarge(f"the traces take over {MAX_TRACES_BYTES >> 20} MB", hint="split the project")
        traces.append(await asyncio.to_thread(json.loads, content))
    return await asyncio.to_thread(gather, wanted, traces, naming.generation)


def nothing_known(element: str, why: str) -> dict[str, Any]:
    """The trace of an element that the graph does not know."""
    return {
        "element": element,
        "problem": why,
        "starts": [],
        "choices": [],
        "nodes": [],
        "edges": [],
        "findings": [],
        "agencies": [],
        "total": {"nodes": 0, "edges": 0, "complete": True},
    }


async def _render(
    request: Request, wish: _Wish, naming: Naming, gathered: Mapping[str, Any], headers: dict[str, str]
) -> Response:
    media_type = MEDIA_TYPES[wish.answer_format]
    if wish.answer_format == "html":
        root = f"{request.scope.get('root_path', '')}/"
        view = await asyncio.to_thread(project_view, gathered, naming.names, wish.language, root)
        headers["Content-Language"] = wish.language
        return await page(request, "project.html", headers, view=view, language=wish.language)
    if wish.answer_format == "csv":
        headers["Content-Disposition"] = 'attachment; filename="project.csv"'
        return Response(await asyncio.to_thread(project_table, gathered), headers=headers, media_type=media_type)
    if wish.answer_format == "turtle":
        turtle = await asyncio.to_thread(project_turtle, gathered, naming.names)
        return Response(turtle, headers=headers, media_type=media_type)
    return JSONResponse(gathered, headers=headers)


def _read(request: Request) -> _Wish:
    only(request, "format", "lang")
    given = request.query_params
    media_type = media_type_of(request)
    if media_type not in READABLE:
        raise UnsupportedMediaType(f"the body has {media_type[:100] or 'no type'}", hint="send application/toml")
    accept = request.headers.get("accept")
    answer_format = given.get("format") or ("html" if prefers_page(accept) else "json")
    answer_format = {"ttl": "turtle"}.get(answer_format, answer_format)
    if answer_format not in MEDIA_TYPES:
        what = f"a project has no format {answer_format[:60]!r}"
        raise ParameterError(what, hint=f"one of {', '.join(MEDIA_TYPES)}", parameter="format")
    wanted = given.get("lang") or language(request.headers.get("accept-language"))
    if wanted not in {"nb", "en"}:
        raise ParameterError(f"{wanted[:60]!r} is no language of reports", hint="one of nb, en", parameter="lang")
    return _Wish(answer_format, wanted)
