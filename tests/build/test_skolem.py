"""Names of blank nodes: the same in every build, and for nothing but what is said of them."""

import random
import time
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.build.skolem import Skolemised, skolemise

GENID = "https://kunnskapsgraf.example/.well-known/genid/"
P, Q = NamedNode("http://example.org/p"), NamedNode("http://example.org/q")
TOP = NamedNode("http://example.org/top")

Edges = Sequence[tuple[int, int]]


def graph(edges: Iterable[tuple[int, int]]) -> list[Triple]:
    """Blank nodes linked by one property."""
    return list(dict.fromkeys(Triple(BlankNode(f"b{a}"), P, BlankNode(f"b{b}")) for a, b in edges))


def both_ways(edges: Edges) -> list[tuple[int, int]]:
    return [*edges, *((b, a) for a, b in edges)]


def ring(size: int, start: int = 0) -> list[tuple[int, int]]:
    return [(start + i, start + (i + 1) % size) for i in range(size)]


def complete(size: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(size) for b in range(size) if a != b]


def prism(size: int, step: int) -> list[tuple[int, int]]:
    """A generalised Petersen graph; (5, 2) is Petersen's own."""
    outer = [(i, (i + 1) % size) for i in range(size)]
    inner = [(size + i, size + (i + step) % size) for i in range(size)]
    return both_ways([*outer, *inner, *((i, size + i) for i in range(size))])


def turtle(text: str) -> list[Triple]:
    prefixed = f"PREFIX : <http://example.org/> {text}"
    return [quad.triple for quad in parse(input=prefixed, format=RdfFormat.TURTLE, rename_blank_nodes=True)]


def named(triples: Sequence[Triple], source: str = "source") -> Skolemised:
    return skolemise(source, triples, GENID)


def relabelled(triples: Sequence[Triple], shuffle: random.Random) -> list[Triple]:
    """The same graph with other labels, in another order."""
    labels: dict[BlankNode, BlankNode] = {}

    def renamed(triple: Triple) -> Triple:
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, BlankNode):
            subject = labels.setdefault(subject, BlankNode(f"n{shuffle.getrandbits(20)}x{len(labels)}"))
        if isinstance(object_, BlankNode):
            object_ = labels.setdefault(object_, BlankNode(f"n{shuffle.getrandbits(20)}x{len(labels)}"))
        elif isinstance(object_, Triple):
            object_ = renamed(object_)
        return Triple(subject, triple.predicate, object_)

    other = [renamed(triple) for triple in triples]
    shuffle.shuffle(other)
    return other


def with_blank_nodes(triples: Iterable[Triple]) -> list[Triple]:
    """Skolem names turned back into blank nodes."""

    def back(triple: Triple) -> Triple:
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, NamedNode) and subject.value.startswith(GENID):
            subject = BlankNode(f"x{subject.value.removeprefix(GENID)}")
        if isinstance(object_, NamedNode) and object_.value.startswith(GENID):
            object_ = BlankNode(f"x{object_.value.removeprefix(GENID)}")
        elif isinstance(object_, Triple):
            object_ = back(object_)
        return Triple(subject, triple.predicate, object_)

    return [back(triple) for triple in triples]


def rdfc(triples: Iterable[Triple]) -> frozenset[str]:
    """The graph's canonical form by RDFC-1.0, as another implementation sees it."""
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def blank_nodes(triples: Iterable[Triple]) -> set[BlankNode]:
    return {term for triple in triples for term in (triple.subject, triple.object) if isinstance(term, BlankNode)}


NODES = st.integers(0, 7).map(lambda i: BlankNode(f"b{i}"))
NAMED = st.sampled_from([TOP, NamedNode("http://example.org/other")])
TRIPLES = st.builds(
    Triple,
    st.one_of(NODES, NODES, NAMED),
    st.sampled_from([P, P, Q]),
    st.one_of(NODES, NODES, NAMED, st.sampled_from([Literal("a"), Literal("b")])),
)
GRAPHS = st.lists(TRIPLES, max_size=16, unique=True)
QUOTING = st.lists(
    st.one_of(
        TRIPLES, st.builds(Triple, st.one_of(NODES, NAMED), st.just(Q), st.builds(Triple, NODES, st.just(P), NODES))
    ),
    max_size=8,
    unique=True,
)
REGULAR = st.builds(
    lambda size, steps: both_ways([(i, (i + step) % size) for i in range(size) for step in steps]),
    st.integers(3, 7),
    st.sets(st.integers(1, 3), min_size=1, max_size=2),
)


@given(GRAPHS)
def test_named_graph_is_the_same_graph(triples: list[Triple]) -> None:
    result = named(triples)
    assert len(result.triples) == len(triples)
    assert not blank_nodes(result.triples)
    assert result.named == len(blank_nodes(triples))
    assert rdfc(with_blank_nodes(result.triples)) == rdfc(triples)


@given(st.one_of(GRAPHS, QUOTING, REGULAR.map(graph)), st.randoms(use_true_random=False))
def test_names_depend_on_neither_labels_nor_order(triples: list[Triple], shuffle: random.Random) -> None:
    assert set(named(triples).triples) == set(named(relabelled(triples, shuffle)).triples)


@given(GRAPHS, GRAPHS)
@settings(max_examples=60)
def test_names_are_equal_exactly_where_rdfc_says_the_graphs_are(left: list[Triple], right: list[Triple]) -> None:
    assert (set(named(left).triples) == set(named(right).triples)) == (rdfc(left) == rdfc(right))


@given(QUOTING)
def test_triple_terms_keep_their_nodes(triples: list[Triple]) -> None:
    result = named(triples)
    # A second naming of the same graph gives the same set, and each node one name: the naming is a bijection.
    back = with_blank_nodes(result.triples)
    assert len(set(back)) == len(triples)
    assert set(named(back).triples) == set(result.triples)
    assert "_:" not in "".join(map(str, result.triples))


@given(GRAPHS, GRAPHS)
@settings(max_examples=60)
def test_change_elsewhere_leaves_names_alone(triples: list[Triple], added: list[Triple]) -> None:
    elsewhere = relabelled(added, random.Random(0))
    assume(not set(named(elsewhere).triples) & set(named(triples).triples))
    before = set(named(triples).triples)
    after = set(named(list(dict.fromkeys([*triples, *elsewhere]))).triples)
    assert before <= after


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (graph(ring(6)), graph([*ring(3), *ring(3, 3)])),
        (graph(both_ways(ring(6))), graph(both_ways([*ring(3), *ring(3, 3)]))),
        (graph(prism(5, 2)), graph(prism(5, 1))),
        (graph(prism(8, 1)), graph(prism(8, 3))),
    ],
    ids=["rings", "rings both ways", "Petersen and prism", "prisms of 8"],
)
def test_graphs_whose_nodes_look_alike_are_told_apart(left: list[Triple], right: list[Triple]) -> None:
    assert len(left) == len(right)
    names = [set(named(triples).triples) for triples in (left, right)]
    assert names[0] != names[1]
    assert not named(left).unsure
    assert not named(right).unsure


def frucht() -> list[tuple[int, int]]:
    """Twelve nodes of three neighbours each, which look alike although the graph has no symmetry at all."""
    jumps = [-5, -2, -4, 2, 5, -2, 2, 5, -2, -5, 4, 2]
    return both_ways([*ring(12), *((i, (i + jump) % 12) for i, jump in enumerate(jumps))])


REGULAR_GRAPHS = {
    "ring": ring(6),
    "long ring": ring(60),
    "ring both ways": both_ways(ring(24)),
    "two rings": [*ring(3), *ring(3, 3)],
    "complete": complete(10),
    "Petersen": prism(5, 2),
    "Desargues": prism(10, 3),
    "Nauru": prism(12, 5),
    "Frucht": frucht(),
}


@pytest.mark.parametrize("name", REGULAR_GRAPHS)
def test_graphs_of_nodes_that_look_alike_get_the_same_names_in_any_order(name: str) -> None:
    triples, shuffle = graph(REGULAR_GRAPHS[name]), random.Random(7)
    result = named(triples)
    assert result.unsure == 0
    assert len(blank_nodes(with_blank_nodes(result.triples))) == len(blank_nodes(triples))
    for _ in range(5):
        assert set(named(relabelled(triples, shuffle)).triples) == set(result.triples)


def test_sources_do_not_share_names() -> None:
    triples = turtle(":top :p [ :q 1 ] .")
    assert not set(named(triples, "one").triples) & set(named(triples, "two").triples)


def test_name_is_an_iri_under_genid_with_128_bits() -> None:
    (node,) = {triple.object for triple in named(turtle(":top :p [] .")).triples}
    assert isinstance(node, NamedNode)
    assert node.value.startswith(GENID)
    assert len(bytes.fromhex(node.value.removeprefix(GENID))) == 16


def test_known_name_does_not_change() -> None:
    """Names are in links and records of older generations, so a change of the algorithm shows here."""
    (triple,) = named(turtle(":top :p [] ."), "brreg").triples
    assert str(triple.object) == f"<{GENID}2bd7ce95186a4505167829993d624785>"


def test_same_description_in_another_place_is_another_node() -> None:
    triples = named(turtle(":top :p [ :q 1 ] . :top :q [ :q 1 ] . :other :p [ :q 1 ] .")).triples
    assert len({triple.object for triple in triples if isinstance(triple.object, NamedNode)}) == 3


def test_same_description_in_the_same_place_stays_as_many_nodes() -> None:
    twice = turtle(":top :p [ :q [ :q 1 ] ], [ :q [ :q 1 ] ] .")
    assert len(blank_nodes(with_blank_nodes(named(twice).triples))) == 4
    once = turtle(":top :p [ :q [ :q 1 ] ] .")
    assert set(named(once).triples) < set(named(twice).triples)


def test_copies_of_a_knot_stay_as_many_nodes() -> None:
    triples = graph([*ring(3), *ring(3, 3), *ring(3, 6)])
    assert len(blank_nodes(with_blank_nodes(named(triples).triples))) == 9


def test_node_between_two_named_nodes_is_one() -> None:
    triples = turtle(":top :p _:b . :other :p _:b . _:b :q 1 .")
    assert len(blank_nodes(with_blank_nodes(named(triples).triples))) == 1


def test_blank_node_in_a_triple_term_is_the_one_outside() -> None:
    triples = turtle(":top :p _:b . _:b :q 1 . :claim :says <<( _:b :q 1 )>> .")
    result = named(triples)
    assert result.named == 1
    said = next(triple.object for triple in result.triples if triple.predicate.value.endswith("says"))
    assert isinstance(said, Triple)
    assert said in result.triples


def test_long_list_is_named_without_recursion() -> None:
    members = " ".join(map(str, range(10_000)))
    triples = turtle(f":top :p ( {members} ) .")
    result = named(triples)
    assert result.named == 10_000
    assert len(set(result.triples)) == 20_001


POISON = {
    "complete graph of 12": graph(complete(12)),
    "complete graph of 40": graph(complete(40)),
    "1000 identical pairs": [
        *(Triple(TOP, P, BlankNode(f"a{i}")) for i in range(1000)),
        *(Triple(BlankNode(f"a{i}"), P, BlankNode(f"b{i}")) for i in range(1000)),
    ],
    "1000 identical rings of two": graph(
        [edge for i in range(1000) for edge in ((2 * i, 2 * i + 1), (2 * i + 1, 2 * i))]
    ),
    "ring of 5000": graph(ring(5000)),
    "ring of 5000 with a mark": [*graph(ring(5000)), Triple(TOP, P, BlankNode("b0"))],
    "100 Petersen graphs": graph([(a + 10 * i, b + 10 * i) for i in range(100) for a, b in prism(5, 2)]),
    "torus of 100": graph(
        both_ways(
            [
                (10 * i + j, 10 * x + y)
                for i in range(10)
                for j in range(10)
                for x, y in (((i + 1) % 10, j), (i, (j + 1) % 10))
            ]
        )
    ),
    "star of 5000": graph([(0, i) for i in range(1, 5001)]),
    "two hubs of 2000": graph([(hub, i) for hub in (0, 1) for i in range(2, 2002)]),
}


@pytest.mark.parametrize("case", POISON)
def test_poison_graph_ends_in_time(case: str) -> None:
    started = time.process_time()
    result = named(POISON[case])
    assert time.process_time() - started < 2
    assert result.named == len(blank_nodes(POISON[case])) == len(blank_nodes(with_blank_nodes(result.triples)))


def test_large_graph_without_symmetry_needs_no_search() -> None:
    shuffle = random.Random(3)
    triples = graph([(shuffle.randrange(2000), shuffle.randrange(2000)) for _ in range(8000)])
    result = named(triples)
    assert result.unsure == 0
    assert set(named(relabelled(triples, shuffle)).triples) == set(result.triples)


def test_names_that_may_change_are_counted() -> None:
    assert named(POISON["ring of 5000"]).unsure == 5000
    assert named(POISON["ring of 5000 with a mark"]).unsure == 0
    assert named(POISON["1000 identical pairs"]).unsure == 0


def test_graph_without_blank_nodes_is_untouched() -> None:
    triples = turtle(":top :p :other, 1, <<( :top :q 2 )>> .")
    result = named(triples)
    assert result.triples == triples
    assert (result.named, result.unsure) == (0, 0)
    assert named([]).triples == []
