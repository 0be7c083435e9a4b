"""The named queries in the graph: SHACL executables that say what the files say, and run."""

from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, Store
from rdflib import RDF, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH

from kg.build.generations import Home
from kg.named.folders import our_folder, read_folders
from kg.named.query import read_text
from kg.named.shacl import query_lines
from kg.namespaces import DEFAULT_BASE_IRI, Names
from tests.named.conftest import head

NAMES = Names(DEFAULT_BASE_IRI)
QUERIES, _ = read_folders([our_folder()])


def described(text: str, names: Names = NAMES) -> Graph:
    query, faults = read_text(text, Path("gruppe/min.rq"), "gruppe")
    assert query is not None, faults
    return Graph().parse(data="".join(f"{line} .\n" for line in query_lines([query], names)), format="nt")


def test_the_demo_holds_every_query_outside_the_default_graph_and_each_text_runs(demo: Home) -> None:
    store = Store.read_only(str(demo.get_current().store))
    pattern = "{ ?query <http://www.w3.org/ns/shacl#select> ?text }"
    inside = store.query(f"SELECT ?query ?text {{ GRAPH <{NAMES.queries}> {pattern} }}")
    assert isinstance(inside, QuerySolutions)
    texts = {str(row["query"].value): row["text"].value for row in inside}
    assert texts.keys() == {NAMES.query(name) for name, query in QUERIES.items() if query.form == "select"}
    for text in texts.values():
        store.query(text)
    assert not store.query(f"ASK {pattern}")
    assert demo.get_current().manifest.graphs[NAMES.queries] > 20


def test_a_parameter_is_described_as_its_file_declares_it() -> None:
    graph = described(
        head(
            """
            parameters:
              who: {type: orgnr, required: true, repeatable: true, title: {nb: Hvem, en: Who}}
              mode: {type: enum, enum: [a, b], default: b, title: {nb: M, en: M}, description: {nb: D, en: D}}
            """
        )
        + "SELECT ?x { VALUES ?who { <a:b> } VALUES ?mode { 'b' } ?x ?who ?mode }"
    )
    who, mode = (URIRef(f"{NAMES.query('min')}#{name}") for name in ("who", "mode"))
    assert set(graph.objects(URIRef(NAMES.query("min")), SH.parameter)) == {who, mode}
    assert graph.value(who, SH.nodeKind) == SH.IRI
    assert str(graph.value(who, SH.optional)) == "false"
    assert graph.value(who, SH.maxCount) is None
    assert str(graph.value(who, SH.path)).endswith("#who")
    assert str(graph.value(mode, SH.defaultValue)) == "b"
    listed = graph.value(mode, SH["in"])
    assert listed is not None
    assert [str(member) for member in Collection(graph, listed)] == ["a", "b"]
    assert {str(text) for text in graph.objects(mode, SH.description)} == {"D"}


def test_each_form_has_its_executable_and_no_blank_node() -> None:
    for form, text in (
        ("Select", "SELECT ?a { ?a ?b ?c }"),
        ("Ask", "ASK { }"),
        ("Construct", "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }"),
    ):
        graph = described(head() + text)
        query = URIRef(NAMES.query("min"))
        assert (query, RDF.type, SH[f"SPARQL{form}Executable"]) in graph
        assert text in str(graph.value(query, SH[form.lower()]))
    assert all(NamedNode(str(node)) for node in graph.subjects())


def test_the_text_has_the_base_of_the_generation() -> None:
    names = Names("https://b.example/")
    text = head() + "PREFIX kg: <https://kunnskapsgraf.example/ns#>\nSELECT ?a { ?a a kg:X }"
    graph = described(text, names)
    assert "<https://b.example/ns#>" in str(graph.value(URIRef("https://b.example/queries/min"), SH.select))
