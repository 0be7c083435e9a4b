"""The description of the service, compared with what queries count."""

import asyncio

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from kg.api.void import MOST_KEPT, Descriptions
from kg.namespaces import DCT, WELL_KNOWN_PREFIXES

SD = "http://www.w3.org/ns/sparql-service-description#"
PREFIXES = f"PREFIX sd: <{SD}> PREFIX dct: <{DCT}> PREFIX void: <{WELL_KNOWN_PREFIXES['void']}>"
DATASET = "<https://kunnskapsgraf.example/.well-known/void#{}>"


@pytest.fixture(scope="module")
def described(address: str) -> Store:
    store = Store()
    store.load(httpx.get(f"{address}.well-known/void", headers={"accept": "text/turtle"}).content, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> set[tuple[str, ...]]:
    return {tuple(value.value for value in row) for row in store.query(f"{PREFIXES} {query}")}  # type: ignore[union-attr]


def asked(client: httpx.Client, query: str, *, infer: bool = True) -> set[tuple[str, ...]]:
    params = {"query": query, "format": "json", "infer": str(infer).lower()}
    body = client.get("sparql", params=params).json()
    return {tuple(row[name]["value"] for name in body["head"]["vars"]) for row in body["results"]["bindings"]}


@pytest.mark.parametrize("name", ["together", "asserted"])
def test_the_partitions_are_what_queries_count(client: httpx.Client, described: Store, name: str) -> None:
    infer, dataset = name == "together", DATASET.format(name)
    properties = rows(
        described,
        f"SELECT ?p ?n ?s ?o {{ {dataset} void:propertyPartition [ void:property ?p ; void:triples ?n ; "
        "void:distinctSubjects ?s ; void:distinctObjects ?o ] }",
    )
    count = (
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os) { ?s ?p ?o } GROUP BY ?p"
    )
    assert properties == asked(client, count, infer=infer)
    classes = rows(described, f"SELECT ?c ?n {{ {dataset} void:classPartition [ void:class ?c ; void:entities ?n ] }}")
    instances = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c"
    assert classes == asked(client, instances, infer=infer)
    by_class = rows(
        described,
        f"SELECT ?c ?p ?n {{ {dataset} void:classPartition [ void:class ?c ; void:propertyPartition "
        "[ void:property ?p ; void:triples ?n ] ] }",
    )
    both = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER(isIRI(?c)) } GROUP BY ?c ?p"
    assert by_class == asked(client, both, infer=infer)


def test_every_graph_is_listed_with_its_size(client: httpx.Client, described: Store) -> None:
    listed = rows(described, "SELECT ?g ?n { [] sd:namedGraph [ sd:name ?g ; sd:graph [ void:triples ?n ] ] }")
    assert listed == {(graph["iri"], str(graph["triples"])) for graph in client.get("graphs").json()["graphs"]}


def test_sources_have_the_licence_and_publisher_that_their_catalogues_name(described: Store) -> None:
    query = "SELECT ?t ?l { ?g dct:title ?t ; dct:license ?l ; dct:publisher [] ; void:dataDump [] }"
    assert ("nav-datasett", "http://publications.europa.eu/resource/authority/licence/CC0") in rows(described, query)


def test_the_endpoint_describes_itself_when_it_is_asked_nothing(client: httpx.Client, described: Store) -> None:
    answer = client.get("sparql", headers={"accept": "application/n-triples"})
    assert answer.status_code == 200
    store = Store()
    store.load(answer.content, RdfFormat.N_TRIPLES)
    assert len(store) == len(described)
    assert rows(store, "SELECT ?e { ?s a sd:Service ; sd:endpoint ?e }") == {(f"{client.base_url}sparql",)}
    assert client.get("sparql?format=jsonld").headers["content-type"] == "application/ld+json"


def test_a_browser_that_asks_nothing_is_led_to_the_form(client: httpx.Client) -> None:
    answer = client.get("sparql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200


def test_a_form_without_query_is_still_an_error(client: httpx.Client) -> None:
    json = {"accept": "application/sparql-results+json"}
    for answer in (
        client.post("sparql", data={"infer": "true"}),
        client.get("sparql?infer=true"),
        client.get("sparql", headers=json),
    ):
        assert (answer.status_code, answer.json()["parameter"]) == (422, "query")


def test_an_unchanged_description_costs_304(client: httpx.Client) -> None:
    first = client.get(".well-known/void")
    again = client.get(".well-known/void", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(".well-known/void", headers={"accept": "text/csv"}).status_code == 406
    assert client.get(".well-known/void?verbose=1").json()["parameter"] == "verbose"


def test_a_host_that_makes_no_iri_is_not_repeated(client: httpx.Client) -> None:
    answer = client.get(".well-known/void", headers={"host": 'a"><b'})
    assert answer.status_code == 200
    assert b'"><b' not in answer.content


async def test_a_description_is_written_once_however_many_ask_and_the_oldest_is_forgotten() -> None:
    kept, written = Descriptions(), list[str]()

    def write(tag: str) -> bytes:
        written.append(tag)
        return tag.encode()

    assert await asyncio.gather(*(kept.get("a", lambda: write("a")) for _ in range(20))) == [b"a"] * 20
    assert written == ["a"]
    for number in range(MOST_KEPT):
        await kept.get(str(number), lambda number=number: write(str(number)))  # type: ignore[misc]
    assert await kept.get("0", lambda: b"another") == b"0"
    assert await kept.get("a", lambda: b"another") == b"another"
