"""A copy of the W3C's tests of SPARQL, and an endpoint to ask them of.

The tests are https://github.com/w3c/rdf-tests; the environment variable KG_RDF_TESTS names the folder of a copy.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.endpoint import Endpoint, endpoint
from tests.conformance.sparql_cases import Suite


@pytest.fixture(scope="session")
def suite() -> Suite:
    folder = Path(os.environ.get("KG_RDF_TESTS", "rdf-tests")) / "sparql"
    if not folder.is_dir():
        pytest.skip(f"the W3C's tests of SPARQL are not in {folder}; KG_RDF_TESTS names the folder of a copy")
    return Suite(folder)


@pytest.fixture(scope="module")
def service(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with pytest.MonkeyPatch.context() as patch:
        # The endpoint is told of each change; two that look for it would serve it twice.
        patch.setattr("kg.engine.keeper.LOOK_SECONDS", 3600.0)
        with endpoint(tmp_path_factory.mktemp("sparql"), "http://www.example/") as service:
            yield service
