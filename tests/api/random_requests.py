"""What random requests to the service consist of, beside what follows from the OpenAPI document.

Loaded by schemathesis (`SCHEMATHESIS_HOOKS`). Random text is hardly ever a query, an IRI or an agency, so that some of
the values are such as the demo has answers to.
"""

from typing import Any

import schemathesis
from hypothesis import strategies as st

QUERIES = st.sampled_from(
    [
        "SELECT * WHERE { ?s ?p ?o } LIMIT 3",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s a dcat:Dataset }",
        "ASK { ?s dct:titel ?o }",
        "CONSTRUCT { ?s dct:title ?t } WHERE { ?s dct:title ?t } LIMIT 3",
        "DESCRIBE dcat:Dataset",
        'SELECT ?s { SERVICE <https://kunnskapsgraf.example/search> { ?s kg:matches "skatt" } }',
        "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT * WHERE {" * 300,
    ]
)
THINGS = st.sampled_from(
    [
        "dcat:Dataset",
        "https://data.norge.no/organizations/974760673",
        "974760673",
        "rdf:type",
        '"skatt"@nb',
        "foaf:Agent",
    ]
)
MODELS = st.sampled_from(
    [
        "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse",
        "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse#Soknad.sivilstand",
        "https://demo.kunnskapsgraf.example/brreg/modell/enhet",
        "concepts",
        "dcat:Dataset",
    ]
)
KNOWN = {"query": QUERIES, "left": MODELS, "right": MODELS}
KNOWN |= dict.fromkeys(("iri", "s", "p", "o", "publisher", "graph", "element", "agency", "event"), THINGS)


@schemathesis.serializer("application/sparql-query", "application/toml")
def serialize_text(context: object, value: object) -> bytes:
    """A body that is a query or a project, or whatever else schemathesis comes up with, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.hook
def before_generate_query(
    context: schemathesis.HookContext, strategy: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """Put values that mean something in the place of some of the random ones."""

    def with_known(query: Any) -> st.SearchStrategy[Any]:
        if not isinstance(query, dict) or not KNOWN.keys() & query.keys():
            return st.just(query)
        known = {name: KNOWN[name] | st.just(query[name]) for name in KNOWN.keys() & query.keys()}
        return st.fixed_dictionaries(known).map(lambda values: {**query, **values})

    return strategy.flatmap(with_known)
