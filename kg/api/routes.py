"""The routes of the service: for each path its handler and what a stranger must know to call it, on one screen.

In: nothing. Out: routes, in the order in which they are tried. A new route is a row here and, beside its handler, an
`Operation`, from which `/openapi.json` follows.
"""

from typing import Final

from starlette.routing import BaseRoute

from kg.api import (
    candidates,
    consequences,
    data_norge,
    dumps,
    explain,
    graph_store,
    links,
    metrics,
    models,
    once_only,
    openapi,
    prefixes,
    problem_page,
    project,
    queries,
    query,
    resource,
    search,
    sparql,
    start,
    status,
    trace,
    void,
)
from kg.api.operation import DescribedRoute

_BOTH: Final = ("GET", "POST")
_POST: Final = ("POST",)


def routes() -> list[BaseRoute]:
    """The routes of an application.

    They are plain ones: what FastAPI's parameters would do on the query path `kg.sparql.protocol` does by the standard.
    """
    return [
        DescribedRoute("/", start.start_page, start.OPERATION),
        DescribedRoute("/sparql", void.endpoint, sparql.OPERATION, _BOTH),
        DescribedRoute("/sparql.{suffix}", sparql.sparql, sparql.WITH_SUFFIX, _BOTH),
        DescribedRoute("/graph-store", graph_store.graph_store, graph_store.OPERATION),
        DescribedRoute("/.well-known/void", void.void, void.OPERATION),
        DescribedRoute("/dumps/", dumps.dumps, dumps.DUMPS),
        DescribedRoute("/dumps/{number:int}/{name}", dumps.dump_file, dumps.DUMP_OF_GENERATION),
        DescribedRoute("/dumps/{name}", dumps.dump_file, dumps.DUMP),
        DescribedRoute("/resource", resource.resource, resource.RESOURCE),
        DescribedRoute("/id/{name:path}", resource.by_id, resource.BY_ID),
        DescribedRoute("/explain", explain.explain, explain.OPERATION),
        DescribedRoute("/once-only", once_only.once_only, once_only.OPERATION),
        DescribedRoute("/once-only/project", project.project, project.OPERATION, _POST),
        DescribedRoute("/search", search.search, search.OPERATION, _BOTH),
        DescribedRoute("/trace", trace.trace, trace.OPERATION, _BOTH),
        DescribedRoute("/links/candidates", candidates.candidates, candidates.OPERATION),
        DescribedRoute("/links/consequences", consequences.consequences, consequences.OPERATION),
        DescribedRoute("/links", links.links, links.LINKS, _BOTH),
        DescribedRoute("/links.sssom.tsv", links.sssom, links.SSSOM),
        DescribedRoute("/links/{id}", links.link, links.LINK, _BOTH),
        DescribedRoute("/models/coverage", models.coverage, models.COVERAGE),
        DescribedRoute("/models/gaps", models.gaps, models.GAPS),
        DescribedRoute("/models/impact", models.impact, models.IMPACT),
        DescribedRoute("/models/compare", models.comparison, models.COMPARISON),
        DescribedRoute("/queries", queries.queries, queries.LIST),
        DescribedRoute("/queries/schema.json", queries.front_matter_schema, queries.FRONT_MATTER_SCHEMA),
        DescribedRoute("/queries/{name}", query.query, query.ANY, _BOTH),
        DescribedRoute("/data-norge", data_norge.data_norge, data_norge.OPERATION),
        DescribedRoute("/graphs", status.graphs, status.GRAPHS),
        DescribedRoute("/prefixes", prefixes.prefixes, prefixes.OPERATION),
        DescribedRoute("/openapi.json", openapi.openapi, openapi.OPERATION),
        DescribedRoute("/health", status.health, status.HEALTH),
        DescribedRoute("/ready", status.ready, status.READY),
        DescribedRoute("/metrics", metrics.metrics, metrics.OPERATION),
        DescribedRoute("/problems/{name}", problem_page.problem_page, problem_page.OPERATION),
    ]
