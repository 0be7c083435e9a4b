"""`/.well-known/void`, and `/sparql` asked nothing: what the service holds and can do, in RDF.

In: a request. Out: the service description and the VoID description in one graph, by the counts made at build, in
whichever format of RDF the client likes best.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import RdfFormat, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import kg
from kg.api.operation import RDF, Operation, one_of, parameter
from kg.api.pages import prefers_page
from kg.api.parameters import only
from kg.api.sparql import sparql
from kg.api.validators import conditional, is_held, tag_of
from kg.build.generations import Generation
from kg.dumps import read_index
from kg.errors import NotAcceptable
from kg.namespaces import Names
from kg.services import Services
from kg.sparql.formats import Format, formats_of, negotiate
from kg.sparql.service_description import SD, describe_service
from kg.sparql.void import FORMATS_IRI, Holding, SourceHolding, describe
from kg.statistics import read_statistics
from kg.terms import writable_iri

MOST_KEPT: Final = 8
"""Descriptions that are kept; they differ in format and in the address by which the service is known."""
_PREFIXES: Final = {"sd": SD, "formats": FORMATS_IRI}


@dataclass(slots=True)
class Descriptions:
    """The descriptions asked for last, by their tags: one of a large graph takes a second to write.

    One is written at a time, so that many who ask at once do not slow each other and everybody else down.
    """

    _written: dict[str, bytes] = field(default_factory=dict)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, tag: str, write: Callable[[], bytes]) -> bytes:
        """The description with a tag, written in a thread where it is not there."""
        async with self._writing:
            if tag not in self._written:
                content = await asyncio.to_thread(write)
                while len(self._written) >= MOST_KEPT:
                    del self._written[next(iter(self._written))]
                self._written[tag] = content
            return self._written[tag]


FORMAT: Final = parameter(
    "format", "The format, before Accept.", "turtle", one_of(*(row.name for row in formats_of("construct")))
)
OPERATION: Final = Operation(
    name="void",
    summary="The service description and the VoID description: classes, properties, sources, licences",
    tag="data",
    content=RDF,
    parameters=(FORMAT,),
    headers=("X-Generation", "ETag"),
    problems=(406, 422),
    conditional=True,
)


async def void(request: Request) -> Response:
    """Describe the service and what it holds.

    Raises:
        ParameterError: a parameter is unknown, or `format` has no such value.
        NotAcceptable: the client accepts no format of RDF.
        BuildError: the generation's folder is damaged.
    """
    only(request, "format")
    return await description(request, request.query_params.get("format"))


async def endpoint(request: Request) -> Response:
    """`/sparql`: asked nothing it describes itself (SPARQL 1.1 Service Description, section 2), or shows the form.

    Raises:
        KgError: see `void` and `kg.api.sparql.sparql`.
    """
    if request.method == "POST" or not request.query_params.keys() <= {"format"}:
        return await sparql(request)
    wanted = request.query_params.get("format")
    if wanted is None and prefers_page(request.headers.get("accept")):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/", 303, headers={"Vary": "Accept"})
    try:
        return await description(request, wanted)
    except NotAcceptable:
        return await sparql(request)  # who accepts results has forgotten the query, and is told so


async def description(request: Request, wanted: str | None) -> Response:
    """The description in the format that is wanted or accepted.

    Raises:
        KgError: see `void`.
    """
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    answer_format = negotiate(request.headers.get("accept"), wanted, "construct")
    root = _root(request, generation)
    # The dumps of a generation come after it.
    made = len(await asyncio.to_thread(read_index, generation.dumps))
    tag = tag_of(generation.number, root, answer_format.name, made, kg.__version__)
    headers = conditional(generation.number, tag, vary="Accept", caching="no-cache")
    if is_held(request, tag):
        return Response(status_code=304, headers=headers)
    federated = bool(services.settings.allowed_services)
    kept: Descriptions = request.app.state.descriptions
    content = await kept.get(tag, lambda: _written(generation, root, answer_format, federated=federated))
    return Response(content, headers=headers, media_type=answer_format.content_type)


def _root(request: Request, generation: Generation) -> str:
    """The address of the service as this client knows it; a Host header need not make an IRI."""
    root = str(request.base_url)
    return root if writable_iri(root) == root else generation.manifest.base_iri


def _written(generation: Generation, root: str, answer_format: Format, *, federated: bool) -> bytes:
    held = holding(generation, root)
    triples: list[Triple] = [*describe_service(held, federated=federated), *describe(held)]
    rdf_format: RdfFormat = getattr(RdfFormat, answer_format.engine_name)
    written = serialize(triples, format=rdf_format, prefixes={**held.names.prefixes(), **_PREFIXES})
    assert written is not None
    return written


def holding(generation: Generation, root: str) -> Holding:
    """What a generation holds, from its folder.

    Raises:
        BuildError: the folder is damaged.
    """
    manifest = generation.manifest
    names = Names(manifest.base_iri)
    addresses: dict[str, list[str]] = {}
    for dump in read_index(generation.dumps):
        addresses.setdefault(dump.source, []).append(f"{root}dumps/{generation.number}/{dump.name}")
    sources = [
        SourceHolding(
            id=entry.id,
            graph=names.source(entry.id),
            triples=entry.triples,
            harvested=entry.state.harvested,
            licences=manifest.licences.get(entry.id, ()),
            publishers=manifest.publishers.get(entry.id, ()),
            dumps=addresses.get(entry.id, ()),
        )
        for entry in manifest.sources
        if names.source(entry.id) in manifest.graphs
    ]
    return Holding(
        names=names,
        root=root,
        number=manifest.number,
        created=manifest.created,
        asserted=manifest.asserted,
        graphs=manifest.graphs,
        sources=sources,
        statistics=read_statistics(generation.statistics),
        dumps=addresses.get("", ()),
    )
