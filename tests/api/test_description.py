"""What is asked about a thing and what is made of the rows, without a server."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg.aliases import Aliases
from kg.api.description import (
    MAX_PARTS,
    MAX_STATEMENTS,
    Named,
    Parts,
    found_by,
    known_question,
    near_forms,
    nodes,
    question,
)
from kg.api.pages import language, prefers_page
from kg.api.resource_view import SHOWN_VALUES, Description, Rows, Statements, resource_view
from kg.namespaces import DCT, DEFAULT_BASE_IRI, SKOS, Names

NAMES = Names(DEFAULT_BASE_IRI)
THING = "https://x.example/1"
TITLE, RELATION = f"{DCT}title", f"{DCT}relation"


def ask(store: Store, query: str) -> Sequence[QuerySolution]:
    solutions = store.query(query, prefixes=NAMES.prefixes())
    assert isinstance(solutions, QuerySolutions)
    return list(solutions)


def held(*triples: tuple[str, str, str | Literal]) -> Store:
    store = Store()
    for subject, predicate, value in triples:
        term = value if isinstance(value, Literal) else NamedNode(value)
        store.add(Quad(NamedNode(subject), NamedNode(predicate), term))
    return store


def described(store: Store, parts: Parts, wanted: str = "nb") -> Description:
    statements = Statements.of(ask(store, question("statements", NAMES, node=nodes(parts.nodes))), wanted)
    rows = Rows(statements, incoming=(), counted=0, forms=())
    labels = ask(store, question("labels", NAMES, thing=nodes(rows.iris())))
    return resource_view(THING, rows, labels, NAMES, wanted).description


def gathered(store: Store) -> Parts:
    parts = Parts.of(THING)
    while parts.pending and not parts.too_many:
        parts.take(ask(store, question("parts", NAMES, node=nodes(parts.pending))))
    return parts


def parts_of(description: Description) -> list[Description]:
    inside = [value.part for each in description.properties for value in each.values if value.part]
    return inside + [deeper for part in inside for deeper in parts_of(part)]


@settings(max_examples=100)
@given(text=st.text(max_size=40) | st.text(max_size=20).map(lambda tail: f"https://x.example/{tail}"))
def test_whatever_is_named_is_asked_for_as_a_term(text: str) -> None:
    named = Named.by(text, NAMES.prefixes(), {})
    if named is not None:
        aliases = Aliases({})
        rows = ask(held((THING, TITLE, "x:y")), known_question(named, aliases, NAMES))
        assert found_by(named, rows, aliases).thing in {"", named.iri}


@given(text=st.text(max_size=30))
def test_near_forms_are_iris_that_can_be_asked_for(text: str) -> None:
    named = Named.by(f"http://x.example/{text}", {}, {})
    if named is not None:
        assert len(nodes(near_forms(named.iri, Aliases({})))) <= 24


def test_parts_are_found_however_deep_and_in_a_circle() -> None:
    chain = [f"{NAMES.genid}{number:03}" for number in range(50)]
    links = [(one, RELATION, other) for one, other in zip(chain, [*chain[1:], chain[0]], strict=True)]
    store = held((THING, RELATION, chain[0]), *links)
    assert set(gathered(store).nodes) == {THING, *chain}
    assert len(parts_of(described(store, gathered(store)))) >= 40


def test_more_parts_than_a_description_may_have_are_noticed() -> None:
    store = held(*((THING, RELATION, f"{NAMES.genid}{number}") for number in range(MAX_PARTS + 1)))
    assert gathered(store).too_many
    store.remove(next(iter(store)))
    store.remove(next(iter(store)))
    assert not gathered(store).too_many


def test_a_part_that_many_share_is_described_once() -> None:
    links = [(THING, RELATION, f"{NAMES.genid}0-{side}") for side in "ab"]
    for level in range(30):
        links += [
            (f"{NAMES.genid}{level}-{side}", RELATION, f"{NAMES.genid}{level + 1}-{other}")
            for side in "ab"
            for other in "ab"
        ]
    store = held(*links)
    iris = [part.link.iri for part in parts_of(described(store, gathered(store)))]
    assert len(iris) == len(set(iris)) > 50


def test_what_is_left_out_of_a_page_is_counted() -> None:
    values = [(THING, RELATION, f"https://x.example/{number}") for number in range(SHOWN_VALUES + 7)]
    (relation,) = described(held(*values), Parts.of(THING)).properties
    assert (len(relation.values), relation.more) == (SHOWN_VALUES, 7)
    many = [(THING, f"https://x.example/p{number}", "x:y") for number in range(MAX_STATEMENTS + 1)]
    for size, cut in ((MAX_STATEMENTS, False), (MAX_STATEMENTS + 1, True)):
        rows = ask(held(*many[:size]), question("statements", NAMES, node=nodes([THING])))
        assert Statements.of(rows, "nb").cut is cut


def test_labels_are_in_the_language_of_the_reader_and_display_names_come_first() -> None:
    other = "https://x.example/2"
    store = held(
        (THING, RELATION, other),
        (other, f"{SKOS}prefLabel", Literal("A", language="nb")),
        (other, f"{SKOS}prefLabel", Literal("English", language="en")),
        (other, f"{NAMES.ns}displayName", Literal("Bokmål", language="nb")),
        (other, TITLE, Literal("aaa")),
        (other, TITLE, Literal(" ", language="en")),
    )
    for wanted, label in (("nb", "Bokmål"), ("en", "English")):
        (relation,) = described(store, Parts.of(THING), wanted).properties
        assert [value.link.label for value in relation.values if value.link] == [label]


def test_only_web_addresses_are_linked_to_where_they_lie() -> None:
    iris = ["https://x.example/2", "http://x.example/2", "javascript:alert(1)", "data:text/html,x", "ftp://x.example/"]
    (relation,) = described(held(*((THING, RELATION, iri) for iri in iris)), Parts.of(THING)).properties
    outside = {value.link.outside for value in relation.values if value.link}
    assert outside == {"https://x.example/2", "http://x.example/2", ""}


@given(header=st.text(max_size=60))
def test_no_header_makes_negotiation_fail(header: str) -> None:
    assert language(header) in {"nb", "en"}
    assert prefers_page(header) in {True, False}
