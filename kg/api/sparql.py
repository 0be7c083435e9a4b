"""`/sparql`: SPARQL 1.1 Protocol queries.

In: a request. Out: a whole answer with ETag, Server-Timing and X-Generation, or the error that the exception handlers
render. Hints are a Link where the query names an alias and X-Hint for the rest, or with `hints=true` an array in the
JSON; `explain=true` asks how a query would be run. A client that goes away cancels its query.
"""

import json
import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kg.api.access import client_of
from kg.api.answers import render, run_while_connected
from kg.api.hints import AliasHint, alias_members, find_hints, hint_header, link_header
from kg.api.operation import ASKING, FLAG, RDF, SECONDS, TEXT, Operation, array, headers_of, one_of, parameter, record
from kg.api.parameters import read_body
from kg.api.text_search import run_with_text_searches
from kg.api.validators import REVALIDATE, matches, tag_of
from kg.engine.cache import is_shareable, key_of
from kg.engine.guard import QueryOutline
from kg.engine.orders import Answer, Job, QueryDataset
from kg.errors import KgError, NotFound, ParameterError
from kg.services import Services
from kg.sparql.formats import FORMATS, Format, negotiate
from kg.sparql.normal import Fingerprint
from kg.sparql.protocol import DIRECT, FORMAT, SparqlRequest, read_request

PLAN: Final = Format("plan", ("application/json",), (), frozenset(), "JSON")
"""What `explain=true` is answered with."""

_RESULTS: Final = record(
    {"head": {"type": "object"}},
    {
        "results": record({"bindings": array({"type": "object"})}),
        "boolean": FLAG,
        "hints": array(record({"kind": TEXT, "text": record({"nb": TEXT, "en": TEXT})})),
    },
)
_GRAPH: Final = "https://kunnskapsgraf.example/graph/identity"
_IRIS: Final = array(TEXT)
OPERATION: Final = Operation(
    name="sparql",
    summary="Answer a query (SPARQL 1.1 Protocol)",
    tag="sparql",
    description="Without `query` the service describes itself, in RDF. Updates are refused.",
    content={
        **{row.media_types[0]: _RESULTS if row.name == "json" else TEXT for row in FORMATS if row.form == "results"},
        **RDF,
        "application/json": {"type": "object"},
    },
    parameters=(
        parameter("query", "SPARQL 1.1.", "SELECT ?dataset WHERE { ?dataset a dcat:Dataset } LIMIT 10"),
        parameter("default-graph-uri", "Graphs that are the default graph.", [_GRAPH], _IRIS),
        parameter("named-graph-uri", "Graphs that GRAPH sees.", [_GRAPH], _IRIS),
        parameter("infer", "Whether what reasoning added is read as well.", True, {**FLAG, "default": True}),
        parameter("timeout", "Seconds that the query may take, under the service's cap.", 5, SECONDS),
        parameter("strict", "Without predeclared prefixes and rewrites.", False, {**FLAG, "default": False}),
        parameter("hints", "Whether hints are wanted beside results in JSON.", True, {**FLAG, "default": False}),
        parameter("explain", "Whether the query as it would be run is wanted.", False, {**FLAG, "default": False}),
        parameter("format", "The format, before Accept.", "json", one_of(*dict.fromkeys(row.name for row in FORMATS))),
        parameter("output", "The same as `format`.", "json"),
        parameter("results", "The same as `format`.", "json"),
    ),
    bodies={DIRECT: "query"},
    sometimes=("ETag", "Link", "Server-Timing", "X-Generation", "X-Hint"),
    problems=(*ASKING, 404, 406),
    conditional=True,
    answers={
        "303": {"description": "A browser that asks nothing is led to the form.", "headers": headers_of(("Location",))}
    },
)
WITH_SUFFIX: Final = replace(
    OPERATION,
    name="sparql-with-suffix",
    summary="Answer a query in the format of the suffix",
    parameters=(
        parameter(
            "suffix",
            "Of a format.",
            "csv",
            one_of(*dict.fromkeys(suffix for row in FORMATS for suffix in row.suffixes)),
            where="path",
        ),
        *({**row, "required": row["name"] == "query"} for row in OPERATION.parameters if row["name"] not in FORMAT),
    ),
    answers={},
)


logger = logging.getLogger(__name__)


async def sparql(request: Request) -> Response:
    """Answer a query.

    Raises:
        KgError: whichever says why there is no answer; `request.state.query` then has the text it is about.
    """
    services: Services = request.app.state.services
    body = await read_body(request, services.settings.max_body_mb << 20)
    arrived = time.perf_counter()
    asked = read_request(request.method, request.headers.get("content-type"), request.scope["query_string"], body)
    asked = _with_suffix(asked, request.path_params.get("suffix"))
    if asked.query is None:
        raise ParameterError(
            "there is no query",
            parameter="query",
            hint="for example /sparql?query=SELECT * WHERE { ?s ?p ?o } LIMIT 10",
        )
    request.state.query = asked.query
    seconds = min(asked.timeout or services.settings.timeout, services.settings.timeout)
    outline = await services.check(asked.query, seconds)
    request.state.outline = outline
    answer_format = _format(request, asked, outline)
    pool = services.supervisor.pool
    job = replace(_job(asked, outline, answer_format, request), seconds=seconds, spent=time.perf_counter() - arrived)
    headers = {"Vary": "Accept", "Cache-Control": REVALIDATE if job.fingerprint else "no-store"}
    if job.fingerprint and pool is not None:
        tag = _tag(job, pool.generation)
        headers["ETag"] = f'W/"{tag}"'
        if matches(request, tag):
            services.answering.touch(job)
            return Response(status_code=304, headers={**headers, "X-Generation": str(pool.generation)})
    request.state.job = job
    answer = await run_with_text_searches(
        services, job, outline.text_searches, lambda run: run_while_connected(services, run, request.receive)
    )
    headers["X-Generation"] = str(answer.generation)
    with ExitStack() as unless_told:
        unless_told.callback(services.supervisor.release, answer)  # if the client goes away meanwhile
        _tell(asked, answer, await _aliases(services, job, answer.generation), headers)
        unless_told.pop_all()
    if pool is None or answer.generation != pool.generation:
        headers.pop("ETag", None)  # the generation changed meanwhile, and the tag is of the one before
    total = (time.perf_counter() - arrived) * 1000
    headers["Server-Timing"] = (
        f"cache;desc={job.progress.cache}, engine;dur={answer.seconds * 1000:.2f}, total;dur={total:.2f}"
    )
    return render(answer, headers, services)


def _with_suffix(asked: SparqlRequest, suffix: str | None) -> SparqlRequest:
    """A request to `/sparql.csv` and the like, where the suffix names the format.

    Raises:
        NotFound: no format has such a suffix.
        ParameterError: the format is named twice.
    """
    if suffix is None:
        return asked
    if not any(suffix in row.suffixes for row in FORMATS):
        known = ", ".join(suffix for row in FORMATS for suffix in row.suffixes)
        raise NotFound("no format has this suffix", where=f"/sparql.{suffix[:40]}", hint=f"there are: {known}")
    if asked.format is not None:
        raise ParameterError("the suffix names a format already", hint="leave one of them out", parameter="format")
    return replace(asked, format=suffix)


def _format(request: Request, asked: SparqlRequest, outline: QueryOutline) -> Format:
    if not asked.explain:
        return negotiate(request.headers.get("accept"), asked.format, outline.form)
    if asked.format not in {None, "json"}:
        raise ParameterError("explain=true is answered in JSON", hint="leave out format", parameter="format")
    return PLAN


def _job(asked: SparqlRequest, outline: QueryOutline, answer_format: Format, request: Request) -> Job:
    assert asked.query is not None
    dataset = None
    if asked.default_graphs or asked.named_graphs:
        dataset = QueryDataset(asked.default_graphs, asked.named_graphs)
    return Job(
        query=asked.query,
        answer_format=answer_format,
        infer=asked.infer,
        dataset=dataset,
        own_dataset=outline.has_dataset_clause,
        client=client_of(request),
        strict=asked.strict,
        ordered=outline.has_order_by,
        hints=asked.hints,
        kind="plan" if asked.explain else "query",
        fingerprint=Fingerprint(asked.query, outline.fingerprint) if outline.shareable else None,
    )


async def _aliases(services: Services, job: Job, generation: int) -> tuple[AliasHint, ...]:
    """The aliases that a query names, by those of the generation that answered it."""
    if job.dataset is not None or job.own_dataset:
        return ()  # the graphs of sources hold the sources' own forms
    try:
        naming = await services.namings.of(generation)
    except KgError as error:
        logger.warning("no hints for an answer of generation %d: %s", generation, error)
        return ()
    return find_hints(job.query, naming.aliases, {} if job.strict else naming.names.prefixes())


def _tell(asked: SparqlRequest, answer: Answer, aliases: Sequence[AliasHint], headers: dict[str, str]) -> None:
    """Put the hints where the client looks for them."""
    if asked.hints and not asked.explain and answer.answer_format.name == "json":
        assert asked.query is not None
        members = [*alias_members(asked.query, aliases), *answer.hints]
        answer.add_members(b'"hints":' + json.dumps(members, ensure_ascii=False).encode("utf-8", "replace"))
        return
    if link := link_header(aliases):
        headers["Link"] = link
    if told := hint_header(answer.hints):
        headers["X-Hint"] = told


def _tag(job: Job, generation: int) -> str:
    """Over all that an answer depends on; weak, as the order of rows may differ between copies."""
    if is_shareable(job):
        return tag_of(key_of(job, generation))
    return tag_of(generation, replace(job, client="", seconds=0.0, spent=0.0))
