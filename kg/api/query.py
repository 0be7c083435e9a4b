"""`/queries/{name}`: a named query as an API, a page and a text.

In: a request. Out: rows with plain values, any format of SPARQL or RDF, or a page; by suffix, `format=` or Accept.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

import kg
from kg.api.answers import render, take
from kg.api.inquiry import Inquiry, inquire
from kg.api.operation import ASKING, HTML, OBJECT, TEXT, Operation, parameter
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import given_pairs, only
from kg.api.queries import base_of
from kg.api.query_run import Page, Run
from kg.api.query_view import page_view
from kg.api.validators import matches
from kg.errors import ParameterError
from kg.named import openapi as named
from kg.named.asking import Asked, read_asked
from kg.named.paging import Cursor
from kg.named.query import NamedQuery
from kg.services import Services
from kg.sparql.formats import FORMATS, Format, negotiate
from kg.written import Written

PLAIN: Final = "application/json"
SPARQL_JSON: Final = "application/sparql-results+json"
GRAPH_SHOWN: Final = 200_000
"""Characters of a graph that a page shows."""

_SOMETIMES: Final = ("Content-Language", "ETag", "Link", "Server-Timing", "X-Total-Count")
ANY: Final = Operation(
    name="query",
    summary="Run a named query, in the format of the suffix of its name; .rq is its text",
    tag="queries",
    description="Each query has an operation of its own too, with its parameters and the schema of its rows.",
    content={
        PLAIN: OBJECT,
        "application/sparql-query": TEXT,
        **{row.media_types[0]: {} if "json" in row.name else TEXT for row in FORMATS},
        **HTML,
    },
    parameters=(
        parameter("name", "Its name, and a suffix.", "datasett-per-utgiver.csv", where="path"),
        {
            **parameter("parameters", "The parameters of the query.", {"limit": "10"}),
            "schema": {"type": "object", "additionalProperties": TEXT},
            "style": "form",
            "explode": True,
        },
    ),
    sometimes=(*_SOMETIMES, "X-Generation"),
    problems=(*ASKING, 404, 406),
    conditional=True,
    refusal_pages=True,
)


def operation_of(query: NamedQuery) -> Operation:
    """The operation of one query, by its file."""
    return Operation(
        name=query.name,
        summary=query.front.title.en,
        tag=query.group,
        description=named.description(query),
        content=named.contents(query),
        parameters=named.parameters(query),
        headers=("X-Generation",),
        sometimes=_SOMETIMES,
        problems=(*ASKING, 406),
        conditional=True,
        refusal_pages=True,
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer is written as: a "page", plain "rows", or a format of the "engine"."""

    kind: str
    answer_format: Format

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return self.answer_format.name if self.kind == "engine" else self.kind


async def query(request: Request) -> Response:
    """Run a query, or show its page or text.

    Raises:
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    services: Services = request.app.state.services
    library = services.library
    name, _, suffix = request.path_params["name"].partition(".")
    found = library.get(await library.current(), name)
    if suffix == "rq":
        only(request)
        return await _text(request, found)
    asked = read_asked(found, await given_pairs(request))
    shape = choose(request.headers.get("accept"), _wanted(suffix, asked), found.form)
    if shape.kind != "page":
        return await inquire(request, arrived, lambda inquiry: _answer(inquiry, found, asked, shape))
    try:
        if _is_answerable(found, asked):
            return await inquire(request, arrived, lambda inquiry: _answered_page(inquiry, found, asked))
    except ParameterError as error:
        return await _page(request, found, asked, problem=error)
    return await _page(request, found, asked)


def choose(accept: str | None, wanted: str | None, form: str) -> Shape:
    """The shape of an answer.

    Plain rows are `format=json`, `application/json` and the default; SPARQL's own JSON is `format=srj` and its own
    media type.

    Raises:
        ParameterError: there is no such format, or the answer cannot have it.
        NotAcceptable: the header leaves nothing over.
    """
    tabular = form in {"select", "ask"}
    if wanted == "html" or (wanted is None and prefers_page(accept)):
        return Shape("page", negotiate(None, None, form))
    if tabular and wanted in {"json", PLAIN}:
        return Shape("rows", negotiate(None, "json", form))
    found = negotiate(accept, wanted, form)
    plain = wanted is None and found.name == "json" and SPARQL_JSON not in (accept or "").lower()
    return Shape("rows" if plain else "engine", found)


def address_of(run: Run, after: Cursor) -> str:
    """Where the next page is."""
    pairs = [(name, value) for name, value in run.asked.given if name != "after" and value]
    path = run.inquiry.request.path_params["name"]
    return f"{base_of(run.inquiry.request)}queries/{quote(path)}?{urlencode([*pairs, ('after', after.write())])}"


def _wanted(suffix: str, asked: Asked) -> str | None:
    if suffix and asked.format is not None and asked.format != suffix:
        raise ParameterError("the suffix and the parameter name different formats", parameter="format")
    return suffix or asked.format


def _is_answerable(found: NamedQuery, asked: Asked) -> bool:
    """Whether a page has an answer, and not only the form: once anything is given, or where nothing has to be."""
    missing = any(row.required and not any(asked.values.get(name, ())) for name, row in found.front.parameters.items())
    return not missing or any(value for _, value in asked.given)


async def _text(request: Request, found: NamedQuery) -> Response:
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    naming = await services.namings.of(generation.number)
    text = found.text_under(naming.names)
    return Response(text, media_type="application/sparql-query", headers={"Cache-Control": "no-cache"})


async def _answer(inquiry: Inquiry, found: NamedQuery, asked: Asked, shape: Shape) -> Response:
    run = Run.begin(inquiry, found, asked)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "X-Generation": str(inquiry.naming.generation)}
    if tag := run.tag(shape.name):
        headers["ETag"] = f'"{tag}"'
        if matches(inquiry.request, tag):
            return Response(status_code=304, headers=headers)
        if shape.kind == "rows" and (written := inquiry.services.written.get(tag)):
            inquiry.services.answering.count_again(written.jobs)
            return Response(written.content, headers=headers | written.headers | _timing(run), media_type=PLAIN)
    if shape.kind == "rows":
        given = await run.page()
        content = await _rows_json(run, given)
        told = _told(run, given.following, given.total)
        if tag:
            inquiry.services.written.put(tag, Written(content, told, tuple(run.jobs)))
        return Response(content, headers=headers | told | _timing(run), media_type=PLAIN)
    answer, following, total = await run.answer(shape.answer_format)
    return render(answer, headers | _told(run, following, total) | _timing(run), inquiry.services)


def _told(run: Run, following: Cursor | None, total: int | None) -> dict[str, str]:
    """The headers of an answer that is there."""
    headers = {}
    if following is not None:
        headers["Link"] = f'<{address_of(run, following)}>; rel="next"'
    if total is not None:
        headers["X-Total-Count"] = str(total)
    return headers


def _timing(run: Run) -> dict[str, str]:
    """The header that says how long an answer took."""
    return {"Server-Timing": f"engine;dur={run.engine_seconds * 1000:.2f}, total;dur={run.inquiry.spent * 1000:.2f}"}


async def _rows_json(run: Run, given: Page) -> bytes:
    body: dict[str, Any] = {
        "columns": given.rows.columns,
        "rows": given.rows.rows,
        "next": address_of(run, given.following) if given.following else None,
    }
    if given.total is not None:
        body["total"] = given.total
    if len(given.rows.rows) > 1_000:
        return await asyncio.to_thread(_encode, body)
    return _encode(body)


def _encode(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


async def _answered_page(inquiry: Inquiry, found: NamedQuery, asked: Asked) -> Response:
    """The page of a query with its answer.

    Raises:
        ParameterError: a value is wrong.
    """
    run = Run.begin(inquiry, found, asked)
    headers = {"X-Generation": str(inquiry.naming.generation)}
    if tag := run.tag(f"page {_language(inquiry.request)} {kg.__version__}"):
        headers["ETag"] = f'W/"{tag}"'
        if matches(inquiry.request, tag):
            return Response(status_code=304, headers=_page_headers(inquiry.request) | headers)
    if found.form not in {"select", "ask"}:
        graph = await _graph(run)
        return await _page(inquiry.request, found, asked, headers | _timing(run), graph=graph)
    given = await run.page()
    headers |= _told(run, given.following, given.total) | _timing(run)
    following = address_of(run, given.following) if given.following else ""
    return await _page(inquiry.request, found, asked, headers, given=given, following=following)


async def _page(
    request: Request,
    found: NamedQuery,
    asked: Asked,
    headers: Mapping[str, str] = MappingProxyType({}),
    *,
    given: Page | None = None,
    following: str = "",
    graph: str = "",
    problem: ParameterError | None = None,
) -> Response:
    """The page of a query: its form, and its answer where there is one; a wrong value is told beside the form."""
    chosen = _language(request)
    answer = await page(
        request,
        "query.html",
        {**_page_headers(request), **headers},
        view=page_view(found, asked, given, base_of(request), chosen),
        language=chosen,
        root=request.scope.get("root_path", ""),
        problem=problem,
        following=following,
        graph=graph,
    )
    answer.status_code = 422 if problem is not None else 200
    return answer


def _language(request: Request) -> str:
    return language(request.headers.get("accept-language"))


def _page_headers(request: Request) -> dict[str, str]:
    return {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache", "Content-Language": _language(request)}


async def _graph(run: Run) -> str:
    """The beginning of a graph, as Turtle."""
    answer, _, _ = await run.answer(negotiate(None, "turtle", run.query.form))
    text = take(run.inquiry.services, answer)[: 4 * GRAPH_SHOWN].decode("utf-8", "replace")
    return text if len(text) <= GRAPH_SHOWN else f"{text[:GRAPH_SHOWN]}\n…"
