"""`/graph-store`, and the graphs under their own IRIs: the Graph Store Protocol, reading.

In: a request that names a graph. Out: all of its triples, as a worker writes them, or 404. Writing is refused by the
router with 405: what the service holds changes by `kg build`.
"""

import time
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.api.access import client_of
from kg.api.answers import render, run_while_connected
from kg.api.inquiry import from_one_generation, of_generation, served_generation
from kg.api.operation import ASKING, RDF, Operation, one_of, parameter
from kg.api.pages import prefers_page
from kg.api.validators import conditional, matches, tag_of
from kg.build.generations import Generation
from kg.engine.orders import Answer, dump
from kg.errors import NotFound
from kg.services import Services
from kg.sparql.formats import Format, formats_of, negotiate
from kg.sparql.graph_store import GraphRequest, read_graph_request
from kg.terms import writable_iri


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for: a graph, None for the default one, and its format."""

    graph: str | None
    answer_format: Format


OPERATION: Final = Operation(
    name="graph-store",
    summary="All triples of a graph (SPARQL 1.1 Graph Store Protocol, reading)",
    tag="sparql",
    description="Either `default` or `graph` says which one. `/graphs` lists them.",
    content=RDF,
    parameters=(
        {
            **parameter("default", "The default graph: all asserted triples. Takes no value.", "", {"const": ""}),
            "allowEmptyValue": True,
        },
        parameter("graph", "The IRI of a named graph.", "https://kunnskapsgraf.example/graph/identity"),
        parameter(
            "format", "The format, before Accept.", "turtle", one_of(*(row.name for row in formats_of("construct")))
        ),
    ),
    headers=("X-Generation", "ETag"),
    sometimes=("Server-Timing",),
    problems=(*ASKING, 404, 406),
    conditional=True,
)


async def graph_store(request: Request) -> Response:
    """Answer with the graph that the parameters name.

    Raises:
        ParameterError: a parameter is unknown, missing or wrong.
        NotFound: there is no such graph.
        KgError: whichever says why there is no answer.
    """
    return await _answer(request, read_graph_request(request.scope["query_string"]), time.perf_counter())


async def own_graph(request: Request) -> Response | None:
    """The graph whose own IRI is asked for (section 4.1, direct identification); None where the path is of none.

    A browser is left to the page of the thing that has the IRI.

    Raises:
        HTTPException: it is one, and the method would write it.
    """
    if request.url.query:
        return None
    services: Services = request.app.state.services
    generation = services.keeper.generation
    root = request.scope.get("root_path", "")
    path = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0].removeprefix(root)
    if generation is None:
        return None
    for form in (path, request.url.path.removeprefix(root)):
        iri = writable_iri(generation.manifest.base_iri + form.lstrip("/"))
        if iri in generation.manifest.graphs:
            if request.method not in {"GET", "HEAD"}:
                raise HTTPException(405, headers={"Allow": "GET, HEAD"})
            if prefers_page(request.headers.get("accept")):
                return None
            return await _answer(request, GraphRequest(iri, None), time.perf_counter())
    return None


async def _answer(request: Request, asked: GraphRequest, arrived: float) -> Response:
    wish = _Wish(asked.graph, negotiate(request.headers.get("accept"), asked.format, "construct"))
    return await from_one_generation(lambda: _attempt(request, wish, arrived))


async def _attempt(request: Request, wish: _Wish, arrived: float) -> Response:
    services: Services = request.app.state.services
    generation = _generation(services)
    tag = _tag(generation, wish)
    headers = conditional(generation.number, tag, vary="Accept", caching="no-cache")
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return _without_body(headers, wish.answer_format)
    answer = of_generation(services, await _dump(request, wish, arrived), generation.number)
    headers["Server-Timing"] = f"engine;dur={answer.seconds * 1000:.2f}"
    return render(answer, headers, services)


def _generation(services: Services) -> Generation:
    """The generation that answers now."""
    number, kept = served_generation(services), services.keeper.generation
    return kept if kept is not None and kept.number == number else services.home.get_generation(number)


def _tag(generation: Generation, wish: _Wish) -> str:
    """Of what an answer depends on; weak, because the order of triples may differ between two copies of a generation.

    Raises:
        NotFound: the generation has no such graph.
    """
    if wish.graph is not None and wish.graph not in generation.manifest.graphs:
        raise NotFound("there is no such graph", where=wish.graph[:200], hint="/graphs lists the graphs")
    return tag_of(generation.number, "graph", wish.graph, wish.answer_format.name)


def _without_body(headers: dict[str, str], answer_format: Format) -> Response:
    """The answer to HEAD: of what length the graph is, nobody has to find out."""
    response = Response(headers=headers, media_type=answer_format.content_type)
    del response.headers["content-length"]
    return response


async def _dump(request: Request, wish: _Wish, arrived: float) -> Answer:
    services: Services = request.app.state.services
    spent = time.perf_counter() - arrived
    job = dump(wish.graph, wish.answer_format, services.settings.timeout, spent=spent, client=client_of(request))
    return await run_while_connected(services, job, request.receive)
