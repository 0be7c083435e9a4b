"""What comes back of each kind of term in each format: all that the engine keeps, or an error."""

from collections.abc import Iterator

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from tests.conformance.endpoint import Endpoint, endpoint

XSD = "http://www.w3.org/2001/XMLSchema#"
KEPT = {
    '"مرحبا"@ar--rtl',
    '"bokmål"@nb',
    '"tekst\\n\\"sitert\\" <&> 😀"',
    f'"abc"^^<{XSD}integer>',
    f'"2020-02-30"^^<{XSD}date>',
    '"x"^^<http://x/datatype>',
    "<http://x/æ>",
    '<<( <http://x/s> <http://x/p> <<( <http://x/s> <http://x/p> "x"@nb )>> )>>',
}
CHANGED = {
    f'"05"^^<{XSD}nonNegativeInteger>': f'"5"^^<{XSD}integer>',
    f'"1.50"^^<{XSD}decimal>': f'"1.5"^^<{XSD}decimal>',
    f'"1.0E3"^^<{XSD}double>': f'"1000"^^<{XSD}double>',
    f'"2020-01-01T00:00:00.000Z"^^<{XSD}dateTime>': f'"2020-01-01T00:00:00Z"^^<{XSD}dateTime>',
    '"bokmål"@nb-NO': '"bokmål"@nb-no',
}
RESULTS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
GRAPHS = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.engine.keeper.LOOK_SECONDS", 3600.0)
        with endpoint(tmp_path_factory.mktemp("formats"), "http://x/") as service:
            terms = (*KEPT, *CHANGED)
            service.load(
                "".join(f"<http://x/{number}> <http://x/p> {term} .\n" for number, term in enumerate(terms)).encode()
            )
            yield service


def written(term: object) -> str:
    return f"<<( {term} )>>" if str(term).count(" <http://x/p> ") else str(term)


@pytest.mark.parametrize("name", RESULTS)
def test_every_term_survives_in_results(service: Endpoint, name: str) -> None:
    answer = service.client.get("/sparql", params={"query": "SELECT ?o { ?s ?p ?o }", "format": name})
    results = parse_query_results(answer.content, format=RESULTS[name])
    assert isinstance(results, QuerySolutions)
    assert {written(row["o"]) for row in results} == KEPT | set(CHANGED.values())


@pytest.mark.parametrize("name", GRAPHS)
def test_every_term_survives_in_graphs(service: Endpoint, name: str) -> None:
    for path, params in (
        ("/sparql", {"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "format": name}),
        ("/graph-store", {"default": "", "format": name}),
    ):
        answer = service.client.get(path, params=params)
        assert {written(quad.object) for quad in parse(answer.content, format=GRAPHS[name])} == KEPT | set(
            CHANGED.values()
        )


def test_triple_terms_in_json_ld_are_an_error_and_the_rest_survives(service: Endpoint) -> None:
    query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o %s }"
    refused = service.client.get("/sparql", params={"query": query % "", "format": "jsonld"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert service.client.get("/graph-store?default&format=jsonld").status_code == 422
    answer = service.client.get("/sparql", params={"query": query % "FILTER(!isTriple(?o))", "format": "jsonld"})
    found = {written(quad.object) for quad in parse(answer.content, format=RdfFormat.JSON_LD)}
    assert found == {term for term in KEPT if not term.startswith("<<")} | set(CHANGED.values())


def test_relative_iris_of_a_query_are_under_the_base(service: Endpoint) -> None:
    answer = service.client.get(
        "/sparql", params={"query": "SELECT (<0> AS ?iri) {}", "format": "csv", "strict": "true"}
    )
    assert answer.text.splitlines() == ["iri", "http://x/0"]
