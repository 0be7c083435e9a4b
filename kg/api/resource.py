"""`/resource`: everything about one thing, under whichever of its IRIs it is asked for.

In: a request with `iri`: an IRI, an alias, a CURIE, or an id of data.norge.no. Out: the description of the canonical
thing as RDF or as a page, or an error with what was perhaps meant. Where the name was another one, the answer is
still 200: `Link: rel="canonical"` says which IRI the thing has, and Content-Location under which address the same
answer is found, so that a client need not ask twice and a cache may keep one copy. All is asked of the engine's
workers, within one deadline; if the generation changes meanwhile, all is asked again.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import QuerySolution
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import kg
from kg.api.answers import render
from kg.api.description import (
    GIVEN_INCOMING,
    MAX_COUNTED,
    MAX_PARTS,
    Named,
    Parts,
    found_by,
    known_question,
    nodes,
    question,
    text,
)
from kg.api.hints import canonical_link
from kg.api.inquiry import Inquiry, inquire, served_naming
from kg.api.operation import ASKING, FLAG, HTML, RDF, Operation, headers_of, one_of, parameter
from kg.api.pages import language, page, prefers_page
from kg.api.parameters import MAX_IRI_LENGTH, only
from kg.api.resource_view import ResourceView, Rows, Statements, page_of, resource_view
from kg.api.validators import BY_FORMAT_AND_LANGUAGE, REVALIDATE, conditional, is_held, tag_of
from kg.engine.orders import Job
from kg.errors import AnswerTooLarge, NotFound, ParameterError
from kg.per_generation import Naming
from kg.sparql.formats import Format, formats_of, negotiate
from kg.terms import writable_iri


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a request asks for; `answer_format` is None for a page."""

    iri: str
    infer: bool
    answer_format: Format | None
    language: str


RESOURCE: Final = Operation(
    name="resource",
    summary="Everything about one thing, by any of its IRIs",
    tag="data",
    content={**RDF, **HTML},
    parameters=(
        parameter(
            "iri",
            "An IRI, an alias of it, a CURIE with a well-known prefix, or an id of data.norge.no.",
            "dcat:Dataset",
            {"type": "string", "minLength": 1, "maxLength": MAX_IRI_LENGTH},
            required=True,
        ),
        parameter("infer", "Whether what reasoning added is told as well.", True, {**FLAG, "default": True}),
        parameter(
            "format",
            "The format, before Accept.",
            "turtle",
            one_of(*(row.name for row in formats_of("construct")), "html"),
        ),
    ),
    headers=("X-Generation", "ETag"),
    sometimes=("Content-Language", "Content-Location", "Link", "Server-Timing", "X-Incoming"),
    problems=(*ASKING, 404, 406),
    conditional=True,
)
BY_ID: Final = Operation(
    name="by-id",
    summary="Leads from an id of data.norge.no, an IRI or a CURIE to the thing",
    tag="data",
    content={},
    parameters=(parameter("name", "The id, IRI or CURIE; it may have slashes.", "dcat:Dataset", where="path"),),
    problems=(*ASKING, 404),
    answers={
        "303": {"description": "The address of the thing.", "headers": headers_of(("Location",), required=True)},
    },
)


async def resource(request: Request) -> Response:
    """Describe what the parameter `iri` names.

    Raises:
        ParameterError: a parameter is unknown, missing, repeated or wrong.
        NotFound: nothing is known of it.
        KgError: whichever says why there is no answer.
    """
    arrived = time.perf_counter()
    wish = _read(request)
    return await inquire(request, arrived, lambda inquiry: _answer(inquiry, wish), infer=wish.infer)


async def own_path(request: Request) -> Response | None:
    """Lead from a path under our own base to the page of the thing with that IRI; None if there is no such thing."""
    root = request.scope.get("root_path", "")
    path = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0].removeprefix(root)
    if request.url.query or len(path) > MAX_IRI_LENGTH:
        return None
    written = request.url.path.removeprefix(root)

    async def lead(inquiry: Inquiry) -> Response | None:
        names = inquiry.naming.names
        iris = dict.fromkeys(filter(None, (writable_iri(names.base + form.lstrip("/")) for form in (path, written))))
        rows = await inquiry.rows(question("known", names, known=nodes(iris), identifier=()))
        return _see_other(request, text(rows[0]["known"])) if rows else None

    return await inquire(request, time.perf_counter(), lead)


async def by_id(request: Request) -> Response:
    """`/id/…`: lead from an id of data.norge.no, an IRI or a CURIE to the thing's page.

    Raises:
        NotFound: it is none of them.
    """
    only(request)
    name = request.path_params["name"]
    if len(name) <= MAX_IRI_LENGTH:
        if _named(name, await served_naming(request.app.state.services)):
            return _see_other(request, name)
        if response := await own_path(request):
            return response
    raise NotFound(f"{name[:200]!r} names nothing", hint="an id of data.norge.no, an IRI or a CURIE may follow /id/")


def _named(name: str, naming: Naming) -> Named | None:
    """What a person has named; None where that is neither IRI nor id."""
    return Named.by(name, naming.names.prefixes(), naming.former_ids)


def _see_other(request: Request, iri: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{page_of(iri)}", 303)


def _read(request: Request) -> _Wish:
    only(request, "iri", "infer", "format")
    given = request.query_params
    iri = given.get("iri", "")
    if not iri.strip():
        raise ParameterError("there is no IRI", parameter="iri", hint="for example /resource?iri=dcat:Dataset")
    if len(iri) > MAX_IRI_LENGTH:
        raise ParameterError(f"the IRI has {len(iri):,} characters; the limit is {MAX_IRI_LENGTH:,}", parameter="iri")
    infer = given.get("infer", "true")
    if infer not in {"true", "false"}:
        raise ParameterError(f"{infer[:100]!r} is neither true nor false", parameter="infer")
    accepted_language = language(request.headers.get("accept-language"))
    return _Wish(iri, infer == "true", _format(request.headers.get("accept"), given.get("format")), accepted_language)


def _format(accept: str | None, wanted: str | None) -> Format | None:
    """The format of RDF that is asked for, or None for a page."""
    if wanted == "html" or (wanted is None and prefers_page(accept)):
        return None
    try:
        return negotiate(accept, wanted, "construct")
    except ParameterError as error:
        names = ", ".join(("html", *(row.name for row in formats_of("construct"))))
        shown = repr((wanted or "")[:60])
        raise ParameterError(
            f"a thing has no description in format {shown}", hint=f"one of {names}", parameter="format"
        ) from error


async def _answer(inquiry: Inquiry, wish: _Wish) -> Response:
    naming = inquiry.naming
    named = _named(wish.iri, naming)
    if named is None:
        raise ParameterError(
            f"{wish.iri[:200]!r} is neither an absolute IRI nor a CURIE with a well-known prefix", parameter="iri"
        )
    tag = _tag(naming, wish)
    headers = conditional(naming.generation, tag, vary=BY_FORMAT_AND_LANGUAGE, caching=REVALIDATE)
    if is_held(inquiry.request, tag):
        return Response(status_code=304, headers=headers)
    found = found_by(named, await inquiry.rows(known_question(named, naming.aliases, naming.names)), naming.aliases)
    if not found.thing:
        near = f"perhaps one of these is meant: {', '.join(found.near)}" if found.near else ""
        raise NotFound("nothing is known of it", where=(named.iri or named.catalogue_id)[:200], hint=near)
    if found.thing != named.iri:
        headers["Link"] = canonical_link(found.thing)
        headers["Content-Location"] = _address(inquiry.request, wish, found.thing)
    parts = await _parts(inquiry, found.thing)
    if wish.answer_format is None:
        view = await _view(inquiry, parts, found.thing, wish.language)
        headers |= {"Content-Language": wish.language, **inquiry.timing()}
        root = inquiry.request.scope.get("root_path", "")
        return await page(
            inquiry.request, "resource.html", headers, view=view, language=wish.language, root=root, infer=wish.infer
        )
    counted = await _count_incoming(inquiry, found.thing)
    given = min(counted, GIVEN_INCOMING)
    headers["X-Incoming"] = f"{given} of {f'over {MAX_COUNTED}' if counted > MAX_COUNTED else counted}"
    thing = nodes([found.thing])
    query = question("description", naming.names, node=nodes(parts.nodes), thing=thing, target=thing)
    answer = await inquiry.ask(Job(query, wish.answer_format, infer=wish.infer, seconds=inquiry.seconds))
    return render(answer, headers | inquiry.timing(), inquiry.services)


async def _parts(inquiry: Inquiry, thing: str) -> Parts:
    """The nodes of a description.

    Raises:
        AnswerTooLarge: there are too many for one.
    """
    parts = Parts.of(thing)
    while parts.pending:
        parts.take(await inquiry.rows(question("parts", inquiry.naming.names, node=nodes(parts.pending))))
        if parts.too_many:
            raise AnswerTooLarge(
                f"the thing has more than {MAX_PARTS:,} parts without an IRI of their own", hint="ask /sparql for some"
            )
    return parts


async def _count_incoming(inquiry: Inquiry, thing: str) -> int:
    rows = await inquiry.rows(question("incoming_count", inquiry.naming.names, thing=nodes([thing])))
    return int(text(rows[0]["count"]))


async def _view(inquiry: Inquiry, parts: Parts, thing: str, wanted: str) -> ResourceView:
    names, one = inquiry.naming.names, nodes([thing])
    rows = Rows(
        statements=Statements.of(await inquiry.rows(question("statements", names, node=nodes(parts.nodes))), wanted),
        incoming=await inquiry.rows(question("incoming", names, thing=one)),
        counted=await _count_incoming(inquiry, thing),
        forms=await inquiry.rows(question("forms", names, thing=one)),
    )
    labels: Sequence[QuerySolution] = await inquiry.rows(question("labels", names, thing=nodes([thing, *rows.iris()])))
    # In a thread, like the page that is made of it, so that a large one does not hold up everybody else.
    return await asyncio.to_thread(resource_view, thing, rows, labels, names, wanted)


def _tag(naming: Naming, wish: _Wish) -> str:
    """Weak: the order of triples may differ between two copies of one generation."""
    shape = wish.answer_format.name if wish.answer_format else f"html {wish.language} {kg.__version__}"
    return tag_of(naming.generation, wish.iri, wish.infer, shape)


def _address(request: Request, wish: _Wish, thing: str) -> str:
    """Where the same answer is found under the canonical IRI."""
    chosen = f"&format={wish.answer_format.name if wish.answer_format else 'html'}"
    root = request.scope.get("root_path", "")
    return f"{root}/{page_of(thing)}{chosen}{'' if wish.infer else '&infer=false'}"
