"""`/queries`: the named queries as a list, each as an API, a page and a text (design §4, §5).

In: a request. Out: rows with plain values, any format of SPARQL or RDF, or a page; by suffix, `format=` or Accept.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.api.operation import ASKING, HTML, OBJECT, TEXT, Operation, array, one_of, parameter, record
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import given_pairs, only
from kg.api.query_run import Page, Run
from kg.api.query_view import list_view, page_view
from kg.api.sparql import matches, render
from kg.errors import ParameterError
from kg.named import openapi as named
from kg.named.asking import Asked, read_asked
from kg.named.front_matter import schema
from kg.named.paging import Cursor
from kg.named.query import NamedQuery
from kg.services import Services
from kg.sparql.formats import FORMATS, Format, negotiate

PLAIN: Final = "application/json"
SPARQL_JSON: Final = "application/sparql-results+json"
GRAPH_SHOWN: Final = 200_000
"""Characters of a graph that a page shows."""


_SOMETIMES: Final = ("Content-Language", "ETag", "Link", "Server-Timing", "X-Total-Count")
_WORDS: Final = record({"nb": TEXT, "en": TEXT})
LIST: Final = Operation(
    name="queries",
    summary="The named queries",
    tag="queries",
    content={
        "application/json": record(
            {
                "queries": array(
                    record(
                        {
                            "name": TEXT,
                            "group": TEXT,
                            "title": _WORDS,
                            "description": _WORDS,
                            "parameters": OBJECT,
                            "columns": {**OBJECT, "additionalProperties": TEXT},
                            "form": one_of("select", "ask", "construct", "describe"),
                            "href": TEXT,
                        },
                        {"tags": array(TEXT)},
                    )
                )
            },
            {"faults": array(TEXT)},
        ),
        **HTML,
    },
    parameters=(parameter("format", "The format, before Accept.", "json", one_of("json", "html")),),
    sometimes=("Content-Language",),
    problems=(422,),
)
FRONT_MATTER_SCHEMA: Final = Operation(
    name="front-matter-schema",
    summary="JSON Schema of the head of a query's file",
    tag="queries",
    content={"application/schema+json": OBJECT},
)
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


async def queries(request: Request) -> Response:
    """The list of the queries."""
    only(request, "format")
    services: Services = request.app.state.services
    known = await services.library.current()
    root = base_of(request)
    wanted = request.query_params.get("format")
    if wanted not in {None, "json", "html"}:
        raise ParameterError("the list has no such format", hint="json or html", parameter="format")
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    faults = [str(fault) for fault in services.library.faults]
    if wanted == "html" or (wanted is None and prefers_page(request.headers.get("accept"))):
        chosen = language(request.headers.get("accept-language"))
        headers["Content-Language"] = chosen
        view = list_view(known.values(), chosen)
        local = request.scope.get("root_path", "")
        return await page(request, "queries.html", headers, groups=view, language=chosen, root=local, faults=faults)
    body: dict[str, Any] = {"queries": [described(query, root) for query in known.values()]}
    if services.library.reload:
        body["faults"] = faults
    return JSONResponse(body, headers=headers)


def described(query: NamedQuery, root: str) -> dict[str, Any]:
    """A query as the list has it."""
    front = query.front
    return {
        "name": query.name,
        "group": query.group,
        "title": front.title.model_dump(),
        "description": front.description.model_dump(),
        "parameters": {name: parameter.model_dump(exclude_none=True) for name, parameter in front.parameters.items()},
        "columns": {column: query.column_type(column) for column in query.columns},
        "tags": list(front.tags),
        "form": query.form,
        "href": f"{root}queries/{query.name}",
    }


async def front_matter_schema(request: Request) -> Response:
    """The JSON Schema of a query's front matter."""
    only(request)
    return JSONResponse(schema(), media_type="application/schema+json")


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
    if shape.kind == "page":
        return await _page(request, found, asked, arrived)
    run = await Run.begin(request, found, asked, arrived)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "X-Generation": str(run.naming.generation)}
    etag = run.etag(shape.name)
    if etag:
        headers["ETag"] = f'"{etag}"'
        if matches(request.headers.get("if-none-match"), f'"{etag}"'):
            return Response(status_code=304, headers=headers)
    if shape.kind == "rows":
        given = await run.page()
        content = await _rows_json(run, given)
        return Response(content, headers=_finish(headers, run, given.following, given.total), media_type=PLAIN)
    answer, following, total = await run.answer(shape.answer_format)
    return render(answer, _finish(headers, run, following, total), services)


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


def base_of(request: Request) -> str:
    """The address of the service as the client has written it; ends with /."""
    return quote(str(request.base_url), safe=":/[]%~")


def address_of(run: Run, after: Cursor) -> str:
    """Where the next page is."""
    pairs = [(name, value) for name, value in run.asked.given if name != "after" and value]
    path = run.request.path_params["name"]
    return f"{base_of(run.request)}queries/{quote(path)}?{urlencode([*pairs, ('after', after.write())])}"


def _wanted(suffix: str, asked: Asked) -> str | None:
    if suffix and asked.format is not None and asked.format != suffix:
        raise ParameterError("the suffix and the parameter name different formats", parameter="format")
    return suffix or asked.format


async def _text(request: Request, found: NamedQuery) -> Response:
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    naming = await services.namings.of(generation.number)
    text = found.text_under(naming.names)
    return Response(text, media_type="application/sparql-query", headers={"Cache-Control": "no-cache"})


def _finish(headers: dict[str, str], run: Run, following: Cursor | None, total: int | None) -> dict[str, str]:
    """The headers of an answer that is there."""
    if following is not None:
        headers["Link"] = f'<{address_of(run, following)}>; rel="next"'
    if total is not None:
        headers["X-Total-Count"] = str(total)
    if run.changed:
        headers.pop("ETag", None)  # the tag is of another generation than the one that answered
    spent = (time.perf_counter() - run.arrived) * 1000
    headers["Server-Timing"] = f"engine;dur={run.engine_seconds * 1000:.2f}, total;dur={spent:.2f}"
    return headers


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


async def _page(request: Request, found: NamedQuery, asked: Asked, arrived: float) -> Response:
    """The page of a query: its form, and its answer where it can be asked; a wrong value is told beside the form."""
    chosen = language(request.headers.get("accept-language"))
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache", "Content-Language": chosen}
    problem: ParameterError | None = None
    given: Page | None = None
    graph = ""
    run: Run | None = None
    following = ""
    missing = any(row.required and not any(asked.values.get(name, ())) for name, row in found.front.parameters.items())
    if not (missing and not any(value for _, value in asked.given)):
        try:
            run = await Run.begin(request, found, asked, arrived)
        except ParameterError as error:
            problem = error
    if run is not None:
        etag = run.etag(f"page {chosen} {kg.__version__}")
        if etag:
            headers["ETag"] = f'W/"{etag}"'
            if matches(request.headers.get("if-none-match"), f'"{etag}"'):
                return Response(status_code=304, headers=headers)
        headers["X-Generation"] = str(run.naming.generation)
        if found.form in {"select", "ask"}:
            given = await run.page()
            following = address_of(run, given.following) if given.following else ""
            headers = _finish(headers, run, given.following, given.total)
        else:
            graph = await _graph(run)
            headers = _finish(headers, run, None, None)
    view = page_view(found, asked, given, base_of(request), chosen)
    answer = await page(
        request,
        "query.html",
        headers,
        view=view,
        language=chosen,
        root=request.scope.get("root_path", ""),
        problem=problem,
        following=following,
        graph=graph,
    )
    answer.status_code = 422 if problem is not None else 200
    return answer


async def _graph(run: Run) -> str:
    """The beginning of a graph, as Turtle."""
    answer, _, _ = await run.answer(negotiate(None, "turtle", run.query.form))
    try:
        text = b"".join(answer.chunks())[: 4 * GRAPH_SHOWN].decode("utf-8", "replace")
    finally:
        run.services.supervisor.release(answer)
    return text if len(text) <= GRAPH_SHOWN else f"{text[:GRAPH_SHOWN]}\n…"
