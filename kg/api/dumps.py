"""`/dumps/`: the whole graph and each source as files.

In: a request for the list or for a file. Out: JSON, or the file, also a range of it. `/dumps/{name}` is that of the
generation served now, `/dumps/{number}/{name}` always the same bytes as long as the generation is kept. A file is
found by its name in the list, so that nothing else in a folder can be asked for.
"""

import asyncio
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from kg.api.operation import COUNT, TEXT, Operation, array, headers_of, parameter, record
from kg.api.parameters import only
from kg.api.validators import matches
from kg.build.generations import Generation
from kg.dumps import CHECKSUMS, Dump, read_index
from kg.errors import NotFound
from kg.services import Services

_MEDIA_TYPES: Final = {"gzip": "application/gzip", "zstd": "application/zstd"}


_LISTED: Final = record(
    {
        "name": TEXT,
        "href": TEXT,
        "media_type": TEXT,
        "compression": TEXT,
        "quads": COUNT,
        "bytes": COUNT,
        "sha256": TEXT,
    },
    {"source": TEXT, "licences": array(TEXT), "publishers": array(TEXT)},
)
_FILES: Final = {"application/gzip": TEXT, "application/zstd": TEXT, "text/plain": TEXT}
DUMPS: Final = Operation(
    name="dumps",
    summary="The dumps of the generation that is served, with checksums",
    tag="data",
    content={
        "application/json": record(
            {
                "generation": COUNT,
                "created": TEXT,
                "void": TEXT,
                "checksums": {"type": ["string", "null"]},
                "dumps": array(_LISTED),
            }
        )
    },
    headers=("X-Generation",),
)
DUMP: Final = Operation(
    name="dump",
    summary="One dump of the generation that is served, or a range of it",
    tag="data",
    content=_FILES,
    parameters=(
        parameter("name", "The file's name.", "all.nq.gz", where="path"),
        parameter("Range", "Which part of the file.", "bytes=0-1023", where="header"),
    ),
    headers=("X-Generation", "ETag"),
    problems=(404,),
    conditional=True,
    answers={
        "206": {
            "description": "The part of the file.",
            "headers": headers_of(("Content-Range",)),
            "content": {media_type: {"schema": TEXT} for media_type in (*_FILES, "multipart/byteranges")},
        },
        "416": {"description": "The file has no such part.", "headers": headers_of(("Content-Range",))},
    },
)
DUMP_OF_GENERATION: Final = replace(
    DUMP,
    name="dump-of-generation",
    summary="One dump of a generation, always the same bytes, or a range of it",
    parameters=(parameter("number", "The generation.", 1, COUNT, where="path"), *DUMP.parameters),
)


async def dumps(request: Request) -> Response:
    """The dumps of the generation that is served, with checksums, licences and publishers.

    Raises:
        ParameterError: a parameter is given.
        BuildError: the list is damaged.
    """
    only(request)
    generation = _current(request)
    found = await asyncio.to_thread(read_index, generation.dumps)
    root = request.scope.get("root_path", "")
    body = {
        "generation": generation.number,
        "created": generation.manifest.created,
        "void": f"{root}/.well-known/void",
        "checksums": f"{root}/dumps/{generation.number}/{CHECKSUMS}" if found else None,
        "dumps": [_entry(dump, generation, root) for dump in found],
    }
    return JSONResponse(body, headers={"X-Generation": str(generation.number), "Cache-Control": "no-cache"})


async def dump_file(request: Request) -> Response:
    """One file.

    Raises:
        ParameterError: a parameter is given.
        NotFound: there is no such generation or file.
    """
    only(request)
    services: Services = request.app.state.services
    number, name = request.path_params.get("number"), request.path_params["name"]
    generation = _current(request) if number is None else services.home.get_generation(number)
    found = await asyncio.to_thread(read_index, generation.dumps)
    headers = {"X-Generation": str(generation.number), "Cache-Control": "no-cache"}
    if name == CHECKSUMS and found:
        return FileResponse(generation.dumps / CHECKSUMS, headers=headers, media_type="text/plain")
    dump = next((each for each in found if each.name == name), None)
    if dump is None:
        raise NotFound("there is no such dump", where=name[:200], hint="/dumps/ lists them")
    headers["ETag"] = f'"{dump.sha256}"'
    if matches(request, dump.sha256):
        return Response(status_code=304, headers=headers)
    return FileResponse(generation.dumps / dump.name, headers=headers, media_type=_MEDIA_TYPES[dump.compression])


def _current(request: Request) -> Generation:
    services: Services = request.app.state.services
    assert services.keeper.generation is not None, "the application starts serving only when there is one"
    return services.keeper.generation


def _entry(dump: Dump, generation: Generation, root: str) -> dict[str, Any]:
    manifest = generation.manifest
    entry: dict[str, Any] = {
        "name": dump.name,
        "href": f"{root}/dumps/{generation.number}/{dump.name}",
        "media_type": dump.media_type,
        "compression": dump.compression,
        "quads": dump.quads,
        "bytes": dump.bytes,
        "sha256": dump.sha256,
    }
    if dump.source:
        entry["source"] = dump.source
        entry["licences"] = list(manifest.licences.get(dump.source, ()))
        entry["publishers"] = list(manifest.publishers.get(dump.source, ()))
    return entry
