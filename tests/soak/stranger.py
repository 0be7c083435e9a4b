"""What a stranger does with a client generated from `/openapi.json`: list queries, run them, ask, read an error.

Run by `test_generated_client.py` with the interpreter of the generator, which finds the generated package on its path:
`python stranger.py ADDRESS`. Prints one JSON object.
"""

import json
import sys

from stranger_client import Client  # type: ignore[import-not-found]
from stranger_client.api.begrep import begrep_med_navn  # type: ignore[import-not-found]
from stranger_client.api.data import search  # type: ignore[import-not-found]
from stranger_client.api.nokkeltall import (  # type: ignore[import-not-found]
    datasett_per_utgiver,
    datasett_per_utgiver_by_post,
)
from stranger_client.api.queries import queries  # type: ignore[import-not-found]
from stranger_client.api.sparql import sparql, sparql_by_post  # type: ignore[import-not-found]
from stranger_client.models import (  # type: ignore[import-not-found]
    DatasettPerUtgiverByPostBody,
    Problem,
    SparqlByPostDataBody,
)

TITLES = "SELECT ?title WHERE { ?dataset a dcat:Dataset ; dct:title ?title } LIMIT 3"

client = Client(base_url=sys.argv[1])
published = datasett_per_utgiver.sync(client=client, publisher=["974760673"])
posted = datasett_per_utgiver_by_post.sync(client=client, body=DatasettPerUtgiverByPostBody(publisher=["974760673"]))
wrong = datasett_per_utgiver.sync_detailed(client=client, publisher=["1"])
assert isinstance(wrong.parsed, Problem)
solutions = sparql.sync(client=client, query=TITLES)
by_form = sparql_by_post.sync(client=client, body=SparqlByPostDataBody(query=TITLES))
broken = sparql.sync(client=client, query="SELECT * WHERE {")
json.dump(
    {
        "queries": [query.name for query in queries.sync(client=client).queries],
        "published": [row.to_dict() for row in published.rows],
        "posted": [row.to_dict() for row in posted.rows],
        "concepts": len(begrep_med_navn.sync(client=client, label="kommunenummer").rows),
        "found": search.sync(client=client, q="skatt").total,
        "titles": [row["title"]["value"] for row in solutions.to_dict()["results"]["bindings"]],
        "by_form": [row["title"]["value"] for row in by_form.to_dict()["results"]["bindings"]],
        "wrong": [wrong.status_code, wrong.parsed.parameter, wrong.parsed.hint],
        "broken": [broken.status, broken.line],
    },
    sys.stdout,
)
