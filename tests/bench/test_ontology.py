"""The data of `kg bench reason`: repeatable, of the size asked for, and with work for every kind of axiom."""

import io
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, RdfFormat, parse

from kg.bench.ontology import write_catalogue, write_ontology
from kg.errors import UsageError
from kg.namespaces import DCT, OWL, RDF, RDFS, SKOS
from kg.reason.inference import Inference
from tests.reason.graphs import inferred, lines_of


def ontology() -> bytes:
    out = io.BytesIO()
    write_ontology(out)
    return out.getvalue()


def catalogue(triples: int, seed: int = 1) -> bytes:
    out = io.BytesIO()
    write_catalogue(out, triples, seed)
    return out.getvalue()


def lines(text: bytes) -> list[str]:
    return [line.removesuffix(" .") for line in text.decode().splitlines()]


@pytest.fixture(scope="module")
def inference() -> Inference:
    # Large enough for an agency that stands there twice.
    return inferred(lines(ontology()), lines(catalogue(80_000)))


@given(triples=st.integers(2000, 20_000), seed=st.integers(0, 1 << 64))
@settings(max_examples=15)
def test_size_is_within_two_percent_and_as_told_whatever_the_seed(triples: int, seed: int) -> None:
    out = io.BytesIO()
    told = write_catalogue(out, triples, seed)
    written = out.getvalue().splitlines()
    assert told == len(written) == len(set(written))
    assert abs(told - triples) <= 0.02 * triples


def test_same_seed_gives_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from kg.bench.ontology import write_both; from pathlib import Path; "
        "write_both(Path('/dev/stdout'), Path('/dev/stdout'), 5000, 1)"
    )
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": hash_seed}
        )
        assert done.stdout == ontology() + catalogue(5000)


def test_another_seed_gives_other_links() -> None:
    assert catalogue(5000, 2) != catalogue(5000)


def test_too_small_a_size_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="triples are too few"):
        write_catalogue(io.BytesIO(), 900, 1)


def test_links_lead_to_what_is_described() -> None:
    triples = [quad.triple for quad in parse(catalogue(20_000), format=RdfFormat.N_TRIPLES)]
    described = {triple.subject for triple in triples if triple.predicate.value == f"{RDF}type"}
    ours = {f"{DCT}isPartOf", f"{SKOS}exactMatch", "https://bench.example/ns#mainCatalogue"}
    links = [triple for triple in triples if triple.predicate.value in ours]
    assert {triple.predicate.value for triple in links} == ours
    assert {end for triple in links for end in (triple.subject, triple.object)} <= described
    holders = [triple.object for triple in triples if triple.predicate.value.endswith("#holder")]
    assert holders
    assert set(holders) <= described


def test_axioms_are_some_130_and_of_every_kind() -> None:
    triples = [quad.triple for quad in parse(ontology(), format=RdfFormat.N_TRIPLES)]
    named = [triple for triple in triples if not isinstance(triple.subject, BlankNode)]
    assert 120 <= len(named) <= 160
    used = Counter(triple.predicate.value for triple in triples)
    used.update(
        str(getattr(triple.object, "value", "")) for triple in triples if triple.predicate.value == f"{RDF}type"
    )
    rdfs = ("subClassOf", "subPropertyOf", "domain", "range")
    owl = (
        *("inverseOf", "equivalentClass", "equivalentProperty", "disjointWith", "propertyDisjointWith", "hasKey"),
        *("TransitiveProperty", "SymmetricProperty", "FunctionalProperty", "InverseFunctionalProperty"),
        *("propertyChainAxiom", "someValuesFrom", "allValuesFrom", "hasValue", "intersectionOf", "unionOf", "oneOf"),
        *("IrreflexiveProperty", "AsymmetricProperty", "AllDisjointClasses", "maxCardinality"),
    )
    assert {*(f"{RDFS}{name}" for name in rdfs), *(f"{OWL}{name}" for name in owl)} <= used.keys()


def test_every_defined_class_and_chain_has_something_in_it(inference: Inference) -> None:
    found = " ".join(lines_of(inference))
    classes = ("OpenDataset", "TransportDataset", "ServedDataset", "ModelledDataset", "ExplainedElement", "Referring")
    for name in (*classes, "OpenServed", "Reusable", "Listed", "Theme"):
        assert f"<{RDF}type> <https://bench.example/ns#{name}>" in found, name
    for name in ("concept", "datasetConcept", "format", "modelAgency", "elementRefersTo", "servedAs", "responsible"):
        assert f" <https://bench.example/ns#{name}> <" in found, name
    assert " <https://bench.example/ns#catalogueOfDistribution> <" in found


def test_data_has_few_things_that_are_one_and_no_contradiction(inference: Inference) -> None:
    same = [line for line in lines_of(inference) if f" <{OWL}sameAs> " in line]
    assert 2 <= len(same) <= 20
    assert inference.clashes == ()
    assert inference.refused == ()


def test_much_follows(inference: Inference) -> None:
    """Loading a small output would be a yardstick that says little."""
    assert len(lines_of(inference)) > 80_000
