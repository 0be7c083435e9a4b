"""What the text index is given of the inferred triples is all that it reads of them."""

from pyoxigraph import NamedNode, Store

from kg.build.generations import Home
from kg.namespaces import DEFAULT_BASE_IRI, Names
from kg.search.documents import predicates_read, read_documents
from kg.search.vocabulary import kinds_of_classes
from tests.reason.graphs import inferred, lines_of

NAMES = Names(DEFAULT_BASE_IRI)


def test_the_inferred_triples_that_matter_give_the_same_documents_as_all_of_them(demo: Home) -> None:
    store = Store.read_only(str(demo.get_current().store))
    axioms = [str(quad.triple) for quad in store.quads_for_pattern(None, None, None, NamedNode(NAMES.ontology))]
    known = set(axioms)
    asserted = [line for quad in store.quads_for_pattern(None, None, None, None) if (line := str(quad.triple))]
    # A class of concepts that only reasoning tells, and a name that follows from another.
    asserted += ["<urn:x> <urn:p> <urn:y>", '<urn:x> <urn:name> "ukjent"@nb']
    axioms += [
        "<urn:p> <http://www.w3.org/2000/01/rdf-schema#domain> <http://www.w3.org/2004/02/skos/core#Concept>",
        "<urn:name> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> "
        "<http://www.w3.org/2004/02/skos/core#prefLabel>",
    ]
    given = [line for line in dict.fromkeys(asserted) if line not in known]
    inference = inferred(axioms, given)
    wanted = list(inference.lines(predicates_read(NAMES), kinds_of_classes(NAMES)))
    every = lines_of(inference)
    assert set(wanted) < set(every)
    documents = list(read_documents([*given, *every], NAMES))
    assert list(read_documents([*given, *wanted], NAMES)) == documents
    assert "urn:x" in {document.iri for document in documents}
    assert "urn:x" not in {document.iri for document in read_documents(given, NAMES)}
