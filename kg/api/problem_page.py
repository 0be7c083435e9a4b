"""`/problems/{name}`: the page that the `type` of a problem leads to.

In: a request. Out: what this kind of problem means, in Norwegian and English.
"""

import html
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.api.operation import HTML, Operation, parameter
from kg.api.problems import all_problem_types
from kg.errors import NotFound

OPERATION: Final = Operation(
    name="problem-page",
    summary="What a kind of problem means",
    tag="pages",
    content=HTML,
    parameters=(parameter("name", "The last part of a problem's `type`.", "parameter", where="path"),),
    problems=(404,),
)


async def problem_page(request: Request) -> Response:
    """The page that a problem's `type` leads to.

    Raises:
        NotFound: there is no such problem type.
    """
    name = request.path_params["name"]
    row = next((row for row in all_problem_types() if row.name == name), None)
    if row is None:
        known = ", ".join(sorted(row.name for row in all_problem_types()))
        raise NotFound(f"there is no problem type {name!r}", hint=f"there are: {known}")
    sections = "".join(
        f'<section lang="{lang}"><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></section>'
        for lang, title, text in (("nb", row.title_nb, row.text_nb), ("en", row.title, row.text))
    )
    return HTMLResponse(
        f'<!doctype html><html lang="nb"><meta charset="utf-8"><title>{html.escape(row.title_nb)}</title>'
        f"<body><p>HTTP {row.status}</p>{sections}</body></html>"
    )
