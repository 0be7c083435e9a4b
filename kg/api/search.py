"""`/search`: ranked text search with facets.

In: a request with `q`, by GET or as a form by POST. Out: hits as JSON or as a page, all of one generation; or the
error that names the wrong parameter. Labels, and the texts that snippets are cut from, are in the language of `lang`
or Accept-Language.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.api.access import client_of
from kg.api.inquiry import served_naming
from kg.api.operation import ASKING, COUNT, HTML, MISSING, TEXT, Operation, array, one_of, parameter, record
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import MAX_IRI_LENGTH, given_pairs, refuse_unknown, whole_number
from kg.api.resource_view import page_of
from kg.api.validators import is_held, tag_of
from kg.errors import ParameterError
from kg.search.searching import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, MAX_TEXT, Hit, Hits, SearchQuery, read_publisher
from kg.search.vocabulary import KINDS, LANGUAGES
from kg.services import Services

PARAMETERS: Final = ("q", "type", "publisher", "limit", "offset", "lang", "format")


_SCORE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_FOUND: Final = record(
    {
        "total": COUNT,
        "hits": array(
            record(
                {"iri": TEXT, "type": TEXT, "label": TEXT, "score": _SCORE, "publisher": MISSING, "snippet": TEXT},
                {"publisher_label": MISSING},
            )
        ),
        "facets": {
            "type": "object",
            "additionalProperties": array(record({"value": TEXT, "label": TEXT, "count": COUNT})),
        },
    },
    {"words": COUNT, "words_required": COUNT},
)
OPERATION: Final = Operation(
    name="search",
    summary="Find things by words",
    tag="data",
    content={"application/json": _FOUND, **HTML},
    parameters=(
        parameter("q", "The words.", "skatt", {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}, required=True),
        parameter("type", "Only things of this kind.", "dataset", one_of(*(kind.name for kind in KINDS))),
        parameter("publisher", "Only those of this agency: any IRI of it, or its number.", "974760673"),
        parameter("limit", "How many.", DEFAULT_LIMIT, {**COUNT, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        parameter("offset", "After how many.", 0, {**COUNT, "maximum": MAX_OFFSET, "default": 0}),
        parameter("lang", "The language of labels and snippets, before Accept-Language.", "nb", one_of(*LANGUAGES)),
        parameter("format", "The format, before Accept.", "json", one_of("json", "html")),
    ),
    headers=("X-Generation", "ETag", "Content-Language"),
    sometimes=("Server-Timing",),
    problems=(*ASKING, 404),
    conditional=True,
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request asks for; the publisher is as the client writes it."""

    query: SearchQuery
    publisher: str
    html: bool


async def search(request: Request) -> Response:
    """Search the served generation.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    services: Services = request.app.state.services
    wish = _read(request, await _parameters(request))
    naming = await served_naming(services)
    publisher = read_publisher(wish.publisher, naming.names.prefixes(), naming.aliases)
    query = replace(wish.query, publisher=publisher)
    tag = tag_of(naming.generation, wish, kg.__version__)
    headers = {
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-cache",
        "X-Generation": str(naming.generation),
        "Content-Language": query.language,
        "ETag": f'"{tag}"',
    }
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    client = client_of(request)
    seconds = services.settings.timeout - (time.perf_counter() - arrived)
    begun = time.perf_counter()
    hits = await services.searching.search(naming.generation, query, client, seconds)
    done = time.perf_counter()
    headers["Server-Timing"] = f"search;dur={(done - begun) * 1000:.2f}, total;dur={(done - arrived) * 1000:.2f}"
    if wish.html:
        view = _View.of(query, hits)
        root = request.scope.get("root_path", "")
        return await page(request, "search.html", headers, view=view, language=query.language, root=root)
    return JSONResponse(hits.to_json(), headers=headers)


async def _parameters(request: Request) -> Mapping[str, str]:
    """The parameters of the address and of a form, each once.

    Raises:
        ParameterError: one is unknown or given twice.
        UnsupportedMediaType: the body is no form.
    """
    pairs = await given_pairs(request)
    refuse_unknown((name for name, _ in pairs), PARAMETERS)
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
        given[name] = value
    return given


def _read(request: Request, given: Mapping[str, str]) -> _Wish:
    wanted = given.get("lang") or language(request.headers.get("accept-language"))
    if wanted not in LANGUAGES:
        what = f"{wanted[:60]!r} is no language of labels"
        raise ParameterError(what, hint=f"one of {', '.join(LANGUAGES)}", parameter="lang")
    answer_format = given.get("format")
    if answer_format not in {None, "json", "html"}:
        what = f"hits have no format {str(answer_format)[:60]!r}"
        raise ParameterError(what, hint="one of json, html", parameter="format")
    html = answer_format == "html" or (answer_format is None and prefers_page(request.headers.get("accept")))
    publisher = given.get("publisher", "").strip()
    if len(publisher) > MAX_IRI_LENGTH:
        raise ParameterError(f"the IRI has {len(publisher):,} characters", parameter="publisher")
    query = SearchQuery(
        text=given.get("q", ""),
        kind=given.get("type", ""),
        limit=whole_number(given, "limit", DEFAULT_LIMIT),
        offset=whole_number(given, "offset", 0),
        language=wanted,
    )
    return _Wish(query, publisher, html)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A restriction that the page offers, or the one that is chosen, whose address takes it away."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A hit as the page shows it."""

    hit: Hit
    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class _View:
    """What the page shows; an address is empty where there is nothing to lead to."""

    query: SearchQuery
    total: int
    relaxed: bool
    rows: tuple[_Row, ...]
    facets: Mapping[str, tuple[_Choice, ...]]
    before: str
    behind: str

    @classmethod
    def of(cls, query: SearchQuery, hits: Hits) -> "_View":
        kinds = {kind.name: kind for kind in KINDS}
        english = query.language == "en"
        behind = query.offset + query.limit
        return cls(
            query=query,
            total=hits.total,
            relaxed=hits.required < hits.words,
            rows=tuple(
                _Row(hit, page_of(hit.iri), kinds[hit.kind].en if english else kinds[hit.kind].nb) for hit in hits.hits
            ),
            facets={name: tuple(_choices(query, hits, name)) for name in hits.facets},
            before=_address(query, offset=max(0, query.offset - query.limit)) if query.offset else "",
            behind=_address(query, offset=behind) if query.limit and behind < min(hits.total, MAX_OFFSET + 1) else "",
        )


def _choices(query: SearchQuery, hits: Hits, name: str) -> list[_Choice]:
    chosen = {"type": query.kind, "publisher": query.publisher}[name]
    return [
        _Choice(
            value.label,
            value.count,
            _address(query, offset=0, **{name: "" if value.value == chosen else value.value}),
            value.value == chosen,
        )
        for value in hits.facets[name]
    ]


def _address(query: SearchQuery, **changed: object) -> str:
    """The page of the same search with something changed."""
    given: dict[str, object] = {
        "q": query.text,
        "type": query.kind,
        "publisher": query.publisher,
        "limit": "" if query.limit == DEFAULT_LIMIT else query.limit,
        "offset": query.offset,
        "lang": query.language,
        **changed,
    }
    kept = {name: str(value) for name, value in given.items() if value not in {"", 0}}
    return f"search?{urlencode({**kept, 'format': 'html'}, errors='replace')}"
