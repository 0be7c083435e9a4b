"""Identity as a whole: the mapping, what is said of it, and its use."""

from itertools import permutations
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kg.aliases import read_aliases, write_aliases
from kg.build.identity.aliases import IDENTITY_RULES, ORGANISATION_IRI, SCHEME, Aliases, Found
from kg.build.identity.identify import identify, under_canonical_iris
from kg.build.identity.sightings import see
from kg.namespaces import DCT, FOAF, Names
from kg.resources import folder
from tests.build.identity.conftest import See

NAMES = Names("https://kunnskapsgraf.example/")
NOTHING = see("codes", ())
OLD = NamedNode("https://data.brreg.no/enhetsregisteret/api/enheter/974760673")
BRREG = NamedNode("https://data.norge.no/organizations/974760673")
TITLE, PUBLISHER, PAGE = NamedNode(f"{DCT}title"), NamedNode(f"{DCT}publisher"), NamedNode(f"{FOAF}page")
THING = NamedNode("https://x.example/d")

few_nodes = st.sampled_from([NamedNode(f"https://x.example/{letter}") for letter in "abcdef"])
some_found = st.lists(st.builds(Found, few_nodes, few_nodes, st.sampled_from(IDENTITY_RULES)), max_size=8)


@given(some_found)
def test_every_alias_leads_straight_to_something_that_is_no_alias(found: list[Found]) -> None:
    mapping = Aliases(found).mapping
    assert not mapping.keys() & set(mapping.values())


@given(some_found, st.randoms())
def test_the_order_of_what_was_found_changes_nothing(found: list[Found], shuffle: Random) -> None:
    other = list(found)
    shuffle.shuffle(other)
    assert Aliases(found).mapping == Aliases(other).mapping
    assert Aliases(found).counts() == Aliases(other).counts()


@given(some_found, few_nodes, few_nodes)
def test_what_has_canonical_iris_stays(found: list[Found], subject: NamedNode, object_: NamedNode) -> None:
    mapping = Aliases(found).mapping
    once = under_canonical_iris(Triple(subject, TITLE, object_), mapping)
    assert once is None or under_canonical_iris(once, mapping) is once


def test_the_more_certain_rule_is_believed() -> None:
    a, b, c = (NamedNode(f"https://x.example/{letter}") for letter in "abc")
    aliases = Aliases([Found(a, b, SCHEME), Found(a, c, ORGANISATION_IRI)])
    assert aliases.mapping == {a: c}
    assert aliases.rule(a) == ORGANISATION_IRI


def test_subjects_objects_and_triple_terms_get_canonical_iris_and_predicates_do_not() -> None:
    mapping = {OLD: BRREG}
    inner = Triple(THING, PUBLISHER, OLD)
    assert under_canonical_iris(Triple(OLD, TITLE, Literal("x")), mapping) == Triple(BRREG, TITLE, Literal("x"))
    assert under_canonical_iris(inner, mapping) == Triple(THING, PUBLISHER, BRREG)
    assert under_canonical_iris(Triple(THING, OLD, THING), mapping) == Triple(THING, OLD, THING)
    assert under_canonical_iris(Triple(THING, TITLE, inner), mapping) == Triple(
        THING, TITLE, Triple(THING, PUBLISHER, BRREG)
    )


def test_an_address_of_a_document_stays_an_address() -> None:
    triple = Triple(THING, PAGE, OLD)
    assert under_canonical_iris(triple, {OLD: BRREG}) is triple


def test_that_a_thing_is_related_to_itself_is_left_out_only_where_it_was_of_two_forms() -> None:
    mapping = {OLD: BRREG}
    assert under_canonical_iris(Triple(OLD, TITLE, BRREG), mapping) is None
    assert under_canonical_iris(Triple(OLD, TITLE, OLD), mapping) == Triple(BRREG, TITLE, BRREG)
    own = Triple(THING, TITLE, THING)
    assert under_canonical_iris(own, mapping) is own


def test_the_order_of_the_sources_changes_nothing(turtle: See) -> None:
    uuid = "92f82e8d-fb04-11e9-92b0-005056828ed3"
    texts = (
        f'<{BRREG.value}> foaf:name "Brreg"@nb ; dct:identifier "974760673" .',
        f"x:d dct:publisher <{OLD.value}> ; dct:subject <http://begrepskatalogen/begrep/{uuid}> .",
        f"<https://concept-catalog.fellesdatakatalog.digdir.no/collections/974761076/concepts/{uuid}> a skos:Concept ;"
        ' skos:definition "x"@nb ; dct:publisher x:owner . x:owner foaf:name "BRREG" .',
    )
    sources = [turtle(str(number), text) for number, text in enumerate(texts)]
    results = [identify(order, NOTHING, NAMES) for order in permutations(sources)]
    first = results[0]
    assert len(first.aliases) == 3
    for other in results[1:]:
        assert other.aliases.mapping == first.aliases.mapping
        assert other.triples == first.triples
        assert other.problems == first.problems


def test_each_alias_is_stated_with_its_rule_and_the_sources_that_use_it(turtle: See) -> None:
    one, two = turtle("one", f"x:d dct:publisher <{OLD.value}> ."), turtle("two", f'<{OLD.value}> foaf:name "B" .')
    ns = NAMES.ns
    stated = {
        (str(triple.subject), str(triple.predicate), str(triple.object))
        for triple in identify([one, two], NOTHING, NAMES).triples
        if triple.subject == OLD
    }
    assert stated == {
        (str(OLD), f"<{ns}sameThing>", str(BRREG)),
        (str(OLD), f"<{ns}foundBy>", f"<{NAMES.base}ns/identity#organisation-iri>"),
        (str(OLD), f"<{ns}usedIn>", f"<{NAMES.source('one')}>"),
        (str(OLD), f"<{ns}usedIn>", f"<{NAMES.source('two')}>"),
    }


def test_the_file_of_aliases_reads_back(tmp_path: Path, turtle: See) -> None:
    identity = identify([turtle("one", f"x:d dct:publisher <{OLD.value}> .")], NOTHING, NAMES)
    write_aliases(tmp_path / "aliases.tsv", identity.aliases.table())
    assert dict(read_aliases(tmp_path / "aliases.tsv").items()) == {OLD.value: BRREG.value}


def test_problems_are_capped_for_each_source(turtle: See) -> None:
    text = "".join(f'x:o{n} a foaf:Agent ; foaf:name "Ukjent {n}" .' for n in range(150))
    problems = identify([turtle("one", text)], NOTHING, NAMES).problems["one"]
    assert len(problems) == 101
    assert problems[-1].what == "and 50 more organisations that are not resolved"


def test_every_rule_is_described_in_the_ontology() -> None:
    text = (folder("ontologies") / "kunnskapsgraf.ttl").read_text(encoding="utf-8")
    for rule in IDENTITY_RULES:
        assert f"<ns/identity#{rule.name}> a <ns#IdentityRule>" in text
