import io
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from kg.bench.generator import LARGEST_STEP, SMALLEST, dataset_iri, datasets_at_least, generate
from kg.bench.questions import NAMES, lookups, read_questions
from kg.errors import UsageError
from kg.namespaces import DCAT, DCT, FOAF, MODELLDCATNO, RDF, SKOS, VCARD

KINDS = {
    f"{FOAF}Agent",
    f"{SKOS}Concept",
    f"{SKOS}Collection",
    f"{DCAT}Catalog",
    f"{DCAT}Dataset",
    f"{DCAT}Distribution",
    f"{DCAT}DataService",
    f"{VCARD}Organization",
    f"{MODELLDCATNO}InformationModel",
    f"{MODELLDCATNO}ObjectType",
    f"{MODELLDCATNO}Attribute",
    f"{MODELLDCATNO}Association",
}


def generated(triples: int, seed: int = 1) -> bytes:
    out = io.BytesIO()
    generate(out, triples, seed)
    return out.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return generated(5000)


@pytest.fixture(scope="module")
def graph(data: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES, lenient=False)]


@pytest.fixture(scope="module")
def store(graph: list[Triple]) -> Store:
    store = Store()
    store.load("".join(f"{triple} .\n" for triple in graph), format=RdfFormat.N_TRIPLES)
    return store


@given(triples=st.integers(SMALLEST, 20_000), seed=st.integers(0, 1 << 64))
@settings(max_examples=15)
def test_size_is_within_two_percent_and_as_told_whatever_the_seed(triples: int, seed: int) -> None:
    out = io.BytesIO()
    told = generate(out, triples, seed)
    lines = out.getvalue().splitlines()
    assert told == len(lines) == len(set(lines))
    assert abs(told - triples) <= 0.02 * triples


@given(seed=st.integers(0, 1 << 64))
@settings(max_examples=15)
def test_first_step_fits_the_largest_step(seed: int) -> None:
    """Only then does the size come out right, and the smallest data hold every kind."""
    lines = generated(SMALLEST, seed).decode().splitlines()
    models = {match[1] for line in lines if (match := re.match(r"<\S+/model/(\d+)>", line))}
    assert "0" in models
    assert len(lines) < SMALLEST + LARGEST_STEP


def test_same_seed_gives_same_bytes_in_another_process(data: bytes, tmp_path: Path) -> None:
    program = "import sys; from kg.bench.generator import generate; generate(sys.stdout.buffer, 5000, 1)"
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": hash_seed}
        )
        assert done.stdout == data


def test_another_seed_gives_other_bytes(data: bytes) -> None:
    assert generated(5000, 2) != data


def test_larger_data_begins_like_smaller_data(data: bytes) -> None:
    common = len(data) // 2
    assert generated(20_000)[:common] == data[:common]


def test_too_small_a_size_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="999 triples are too few"):
        generate(io.BytesIO(), 999, 1)


@pytest.mark.parametrize("triples", [SMALLEST, 5000])
def test_each_kind_is_there(triples: int) -> None:
    kinds = Counter(
        quad.object.value
        for quad in parse(generated(triples), format=RdfFormat.N_TRIPLES)
        if quad.predicate.value == f"{RDF}type" and isinstance(quad.object, NamedNode)
    )
    assert kinds.keys() >= KINDS


def test_parts_of_catalogues_refer_only_to_what_is_described(graph: list[Triple]) -> None:
    described = {triple.subject for triple in graph if triple.predicate.value == f"{RDF}type"}
    links = {f"{DCAT}dataset", f"{DCAT}distribution", f"{DCAT}contactPoint", f"{DCAT}servesDataset", f"{DCT}subject"}
    links |= {f"{DCT}publisher", f"{SKOS}broader", f"{SKOS}related", f"{DCT}references", f"{DCT}conformsTo"}
    links |= {f"{MODELLDCATNO}containsModelElement", f"{MODELLDCATNO}hasProperty", f"{MODELLDCATNO}refersTo"}
    used = {triple.predicate.value for triple in graph}
    assert links <= used
    assert {triple.object for triple in graph if triple.predicate.value in links} <= described


def test_contact_points_are_blank_nodes(graph: list[Triple]) -> None:
    contacts = [triple.object for triple in graph if triple.predicate.value == f"{DCAT}contactPoint"]
    assert contacts
    assert all(isinstance(contact, BlankNode) for contact in contacts)


def test_broader_concepts_form_no_cycle(data: bytes) -> None:
    found = re.findall(rf"concept/(\d+)> <{SKOS}broader> <\S+concept/(\d+)>", data.decode())
    assert found
    assert all(int(above) < int(concept) for concept, above in found)


def test_every_literal_is_what_the_store_holds_already(data: bytes, store: Store) -> None:
    """Otherwise two of them could become one, and the sizes would differ."""
    assert len(store) == len(data.splitlines())


@pytest.mark.parametrize("triples", [SMALLEST, 1500, 5000, 20_000])
def test_datasets_that_lookups_ask_for_exist(triples: int) -> None:
    data = generated(triples).decode()
    sure = datasets_at_least(triples)
    assert f"<{dataset_iri(0)}> <{RDF}type>" in data
    assert f"<{dataset_iri(sure - 1)}> <{RDF}type>" in data


def rows(store: Store, query: str) -> list[str]:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return sorted(str(solution) for solution in solutions)


@pytest.mark.parametrize("name", NAMES)
def test_each_query_finds_something_and_a_number_changes_nothing(name: str, store: Store) -> None:
    question = next(question for question in read_questions() if question.name == name)
    assert rows(store, question.text)
    assert rows(store, question.numbered("1")) == rows(store, question.text)


def test_lookups_ask_for_different_datasets_and_each_finds_one(store: Store) -> None:
    texts = lookups(read_questions()[0], 5000)
    assert len(set(texts)) == len(texts) == datasets_at_least(5000)
    assert all(rows(store, text) for text in texts)


def test_every_query_file_is_used() -> None:
    import kg.bench

    folder = Path(kg.bench.__file__).parent / "queries"
    assert {path.stem for path in folder.iterdir()} == set(NAMES)
