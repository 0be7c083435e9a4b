"""Identity on the real catalogue files: what the issue of wrong counts and dead references comes to.

The counts here are made from the files and from the source graphs by other means than the build's: an organisation
number is read as any run of nine digits in an IRI that speaks of organisations.
"""

import re
from collections import Counter, defaultdict

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from kg.aliases import read_aliases
from kg.build.report import Report
from kg.namespaces import DCAT, DCT, DEFAULT_BASE_IRI, RDF, SKOS, Names
from kg.organisation_numbers import is_organisation_number
from kg.resources import folder
from tests.build.conftest import DATA

NAMES = Names(DEFAULT_BASE_IRI)
NINE_DIGITS = re.compile(r"(?:enhe|organi[sz]ation).*[^0-9]([0-9]{9})(?:\.json)?/?$")
ADDRESSES = re.compile(r"(?:page|homepage|landingPage|URL|norwegianRegistry)$")
MODEL_CATALOGUE = "infomodels/digdir-model-catalog.ttl"


@pytest.fixture(scope="module")
def store(real: Report) -> Store:
    return Store.read_only(str(real.generation.store))


def text_of(term: object) -> str:
    """The IRI or text of a term."""
    assert isinstance(term, NamedNode | Literal)
    return term.value


def ask(store: Store, path: str) -> list[dict[str, str]]:
    """The rows of one of the service's queries over the default graph."""
    text = (folder("queries") / path).read_text(encoding="utf-8")
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: text_of(solution[name]) for name in names if solution[name] is not None} for solution in solutions]


def test_every_valid_number_has_exactly_one_organisation_in_the_default_graph(store: Store) -> None:
    iris: dict[str, set[str]] = defaultdict(set)
    identifier = NamedNode(f"{DCT}identifier")
    agents = {
        quad.subject
        for kind in ("http://xmlns.com/foaf/0.1/Agent", "http://www.w3.org/ns/regorg#RegisteredOrganization")
        for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(kind), DefaultGraph())
    }
    aliases = {quad.subject for quad in store.quads_for_pattern(None, NamedNode(f"{NAMES.ns}sameThing"), None)}
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if quad.predicate == identifier and quad.subject in agents and is_organisation_number(text_of(quad.object)):
            iris[text_of(quad.object)].add(text_of(quad.subject))
        for node in (quad.subject, quad.object):
            if not isinstance(node, NamedNode) or quad.subject in aliases or ADDRESSES.search(quad.predicate.value):
                continue  # aliases are named in the graph that says so, and addresses are those of documents
            found = NINE_DIGITS.search(node.value)
            if found and is_organisation_number(found[1]):
                iris[found[1]].add(node.value)
    assert len(iris) > 150
    assert {number: sorted(several) for number, several in iris.items() if len(several) > 1} == {}


def test_dozens_of_organisations_have_several_iris_in_the_sources(store: Store) -> None:
    by_canonical: Counter[str] = Counter()
    for quad in store.quads_for_pattern(None, NamedNode(f"{NAMES.ns}sameThing"), None, NamedNode(NAMES.identity)):
        if text_of(quad.object).startswith("https://data.norge.no/organizations/"):
            by_canonical[text_of(quad.object)] += 1
    assert sum(1 for forms in by_canonical.values() if forms > 1) >= 24


def test_the_concept_references_of_the_model_catalogue_lead_to_labels_or_are_reported(
    real: Report, store: Store
) -> None:
    references = {
        quad.object.value
        for quad in parse(path=str(DATA / MODEL_CATALOGUE), format=RdfFormat.TURTLE, base_iri="https://x.example/")
        if quad.predicate.value.endswith(("dc/terms/subject", "modelldcatno#subject"))
        and isinstance(quad.object, NamedNode | Literal)
    }
    assert len(references) == 57
    aliases = read_aliases(real.generation.aliases)
    label = NamedNode(f"{SKOS}prefLabel")
    labelled = {
        reference
        for reference in references
        if any(store.quads_for_pattern(NamedNode(aliases.canonical(reference)), label, None, DefaultGraph()))
    }
    assert len(labelled) == 13
    (report,) = (source for source in real.sources if source.entry.id == "infomodels")
    told = " ".join(problem.what for problem in report.problems)
    assert {reference for reference in references if f"<{reference}>" in told} == references - labelled


def test_publisher_counts_are_those_of_the_sources_whichever_forms_they_use(store: Store) -> None:
    datasets: dict[str, set[str]] = defaultdict(set)
    in_sources = """SELECT ?dataset ?publisher { GRAPH ?g { ?dataset a <http://www.w3.org/ns/dcat#Dataset> }
        GRAPH ?h { ?dataset <http://purl.org/dc/terms/publisher> ?publisher } }"""
    solutions = store.query(in_sources)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        publisher, dataset = solution["publisher"], solution["dataset"]
        assert isinstance(publisher, NamedNode)
        assert isinstance(dataset, NamedNode)
        found = re.search(r"[^0-9]([0-9]{9})(?:\.json)?$", publisher.value)
        if found and is_organisation_number(found[1]):
            datasets[found[1]].add(dataset.value)
    counted = {
        row["publisher"].removeprefix("https://data.norge.no/organizations/"): int(row["datasets"])
        for row in ask(store, "nokkeltall/datasett-per-utgiver.rq")
    }
    assert len(datasets) > 80
    # Publishers without a number in their IRI may add to a count, never take from it.
    short = {number: (counted.get(number, 0), len(several)) for number, several in datasets.items()}
    assert {number: pair for number, pair in short.items() if pair[0] < pair[1]} == {}
    assert sum(1 for pair in short.values() if pair[0] == pair[1]) >= len(short) - 3


def test_statistics_by_publisher_have_norwegian_names_once_each(store: Store) -> None:
    rows = ask(store, "nokkeltall/datasett-per-utgiver.rq")
    publishers = [row["publisher"] for row in rows]
    assert len(publishers) == len(set(publishers))
    names = {row["name"] for row in rows if "name" in row}
    assert {"Brønnøysundregistrene", "Skatteetaten", "Statistisk sentralbyrå", "Kartverket"} <= names
    numbered = [row for row in rows if row["publisher"].startswith("https://data.norge.no/organizations/")]
    assert all("name" in row for row in numbered[:50])


def test_exact_concept_labels_find_no_words_of_code_lists(store: Store) -> None:
    catalogue = NamedNode(f"{NAMES.ns}CatalogueConcept")
    concepts = {
        text_of(quad.subject)
        for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), catalogue, NamedNode(NAMES.identity))
    }
    lists = (
        "publications.europa.eu",
        "eurovoc",
        "psi.norge.no/los",
        "mobilitydcat",
        "org-type.ttl",
        "vocab.met.no/mmd",
    )
    assert not [concept for concept in concepts if any(name in concept for name in lists)]
    assert len(concepts) > 300
    text = (folder("queries") / "begrep/begrep-med-navn.rq").read_text(encoding="utf-8")
    for word in ("kommune", "skatt", "miljø", "helse", "transport", "adresse"):  # the first five are words of LOS
        query = text.replace('"kommunenummer"@nb', f'"{word}"@nb')
        found = store.query(query)
        assert isinstance(found, QuerySolutions)
        assert {text_of(solution["concept"]) for solution in found} <= concepts


def test_same_triples_of_several_sources_are_counted_once_and_keep_their_sources(store: Store) -> None:
    repeated = store.query(
        """SELECT ?s ?p ?o (COUNT(?g) AS ?sources) { GRAPH ?g { ?s ?p ?o }
        FILTER (STRSTARTS(STR(?g), "https://kunnskapsgraf.example/graph/source/"))
        ?s a <http://www.w3.org/ns/dcat#Dataset> }
        GROUP BY ?s ?p ?o HAVING (COUNT(?g) > 1) LIMIT 20"""
    )
    assert isinstance(repeated, QuerySolutions)
    for solution in repeated:
        pattern = (solution["s"], solution["p"], solution["o"])
        assert len(list(store.quads_for_pattern(*pattern, DefaultGraph()))) == 1


def test_records_are_of_resources_and_not_of_codes(store: Store) -> None:
    topics = {
        text_of(quad.object)
        for quad in store.quads_for_pattern(
            None, NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), None, NamedNode(NAMES.records)
        )
    }
    codes = {
        text_of(quad.subject)
        for quad in store.quads_for_pattern(
            None, NamedNode(f"{RDF}type"), NamedNode(f"{NAMES.ns}Code"), NamedNode(NAMES.identity)
        )
    }
    assert not topics & codes
    datasets = {
        text_of(quad.subject)
        for quad in store.quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(f"{DCAT}Dataset"), DefaultGraph())
        if isinstance(quad.subject, NamedNode) and not quad.subject.value.startswith(NAMES.genid)
    }
    assert datasets <= topics
