"""`/queries`: the named queries as a list, and the schema of their heads.

In: a request. Out: JSON, or a page. What one of them answers is in `kg.api.query`.
"""

from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.api.operation import HTML, OBJECT, TEXT, Operation, array, one_of, parameter, record
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import only
from kg.api.query_view import list_view
from kg.errors import ParameterError
from kg.named.front_matter import schema
from kg.named.query import NamedQuery
from kg.services import Services

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


def base_of(request: Request) -> str:
    """The address of the service as the client has written it; ends with /."""
    return quote(str(request.base_url), safe=":/[]%~")
