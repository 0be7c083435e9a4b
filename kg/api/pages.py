"""Pages: HTML that the server makes, which needs no script.

In: a template's name and view values. Out: a response. Templates escape every value; a page may load and run nothing,
so that text from a source stays text whatever it holds.
"""

import asyncio
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_templates() -> Environment:
    """The templates of the pages; made once, with the application."""
    return Environment(
        loader=PackageLoader("kg.api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


async def page(request: Request, template: str, headers: dict[str, str], **view: Any) -> HTMLResponse:
    """A page made of a template."""
    templates: Environment = request.app.state.templates
    content = await asyncio.to_thread(templates.get_template(template).render, **view)
    return HTMLResponse(content.encode("utf-8", "replace"), headers={**_SAFE, **headers})


def language(accepted: str | None) -> str:
    """The language of a page, "nb" or "en", by Accept-Language; bokmål also for whoever reads nynorsk, and by default.

    >>> language("en-GB,en;q=0.9,nb;q=0.5"), language("nn, en;q=0.8"), language(None)
    ('en', 'nb', 'nb')
    """
    best = {"nb": 0.0, "en": 0.0}
    for part in (accepted or "")[:1000].split(","):
        tag, _, parameter = part.strip().partition(";")
        main = tag.strip().lower().partition("-")[0]
        written = "nb" if main in {"nb", "nn", "no"} else main
        if written in best:
            best[written] = max(best[written], quality(parameter))
    return "en" if best["en"] > best["nb"] else "nb"


def prefers_page(accept: str | None) -> bool:
    """Whether an Accept header names HTML, and likes no form of RDF better; a wildcard alone asks for data.

    >>> prefers_page("text/html,application/xml;q=0.9,*/*;q=0.8"), prefers_page("text/turtle, text/html;q=0.5")
    (True, False)
    """
    best = {True: 0.0, False: 0.0}
    for part in (accept or "")[:8192].split(","):
        name, _, parameter = part.partition(";")
        media_type = name.strip().lower()
        if not media_type.endswith("/*"):
            is_page = media_type in {"text/html", "application/xhtml+xml"}
            best[is_page] = max(best[is_page], quality(parameter))
    return 0.0 < best[True] >= best[False]


def quality(parameters: str) -> float:
    """The weight in the parameters of an Accept header's part (RFC 9110, section 12.4.2); 0 where it is malformed."""
    for parameter in parameters.split(";"):
        name, equals, value = parameter.strip().partition("=")
        if equals and name.strip().lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0.0 <= weight <= 1.0 else 0.0
    return 1.0
