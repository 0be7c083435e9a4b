"""Parts that come, change and go: always equal to reasoning over all of them at once."""

from random import Random

import pytest
from pyoxigraph import RdfFormat, parse

from kg.namespaces import DCAT, DCT, OWL, RDF, Names
from kg.reason.columns import Columns, joined
from kg.reason.own_rules import own_rules
from kg.reason.reasoner import Reasoned, Reasoner, Strata, reason
from kg.reason.terms import Terms
from tests.reason.random_ontologies import DENSE, SPARSE, Profile, random_ontology

NAMES = Names("https://kunnskapsgraf.example/")
Part = frozenset[tuple[str, str, str]]


def numbered(terms: Terms, part: Part) -> Columns:
    columns = list(zip(*sorted(part), strict=True)) or [(), (), ()]
    return Columns(*(terms.numbers(column) for column in columns))


def texts(terms: Terms, reasoned: Reasoned) -> set[tuple[str, ...]]:
    found = reasoned.inferred
    rows = zip(found.subjects.tolist(), found.predicates.tolist(), found.objects.tolist(), strict=True)
    return {tuple(terms.text(number) for number in row) for row in rows}


def at_once(parts: dict[str, Part], strata: Strata) -> tuple[set[tuple[str, ...]], set[str]]:
    """What follows from all parts, derived anew."""
    terms = Terms()
    whole = joined([numbered(terms, part) for name, part in sorted(parts.items()) if name != "axioms"])
    reasoned = reason(numbered(terms, parts["axioms"]), whole, terms, strata)
    return texts(terms, reasoned), {each.rule for each in reasoned.contradictions}


def is_axiom(triple: tuple[str, str, str]) -> bool:
    """Whether a triple speaks of axioms or lists, which only the trusted part may."""
    return any(OWL in term or "rdf-schema#" in term for term in triple[1:]) or triple[1] in {
        f"<{RDF}first>",
        f"<{RDF}rest>",
    }


def play(profile: Profile, seed: int, moves: int) -> None:
    """Parts of a random world come, change and go; after each move all must be as if it were new."""
    random = Random(seed)
    world = sorted(random_ontology(profile, seed))
    axioms = frozenset(triple for triple in world if is_axiom(triple))
    data = [triple for triple in world if not is_axiom(triple)]
    terms = Terms()
    reasoner = Reasoner(terms)
    parts: dict[str, Part] = {"axioms": axioms}
    reasoner.put("axioms", numbered(terms, axioms), trusted=True)
    for _ in range(moves):
        name = f"source{random.randrange(4)}"
        if random.random() < 0.25 and name in parts:
            del parts[name]
            reasoner.drop(name)
        else:
            kept = parts.get(name, frozenset()) if random.random() < 0.7 else frozenset()
            parts[name] = kept | frozenset(random.sample(data, min(len(data), random.randrange(1, 6))))
            reasoner.put(name, numbered(terms, parts[name]))
        reasoned = reasoner.infer()
        expected, contradictions = at_once(parts, ())
        assert texts(terms, reasoned) == expected, (profile.name, seed)
        assert {each.rule for each in reasoned.contradictions} == contradictions


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("profile", [SPARSE, DENSE], ids=["sparse", "dense"])
def test_random_sequences_of_moves_equal_reasoning_at_once(profile: Profile, seed: int) -> None:
    play(profile, seed, 12)


@pytest.mark.parametrize("moves", [80, pytest.param(200, marks=pytest.mark.soak)])
@pytest.mark.parametrize("profile", [SPARSE, DENSE], ids=["sparse", "dense"])
def test_many_moves_equal_reasoning_at_once(profile: Profile, moves: int) -> None:
    play(profile, 4711, moves)


def turtle(text: str) -> Part:
    prefixes = f"@prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix x: <https://x.example/> .\n"
    quads = parse(prefixes + text, RdfFormat.TURTLE)
    return frozenset((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


def test_what_was_absent_and_comes_takes_back_what_rested_on_its_absence() -> None:
    terms = Terms()
    strata = own_rules(NAMES)
    reasoner = Reasoner(terms, strata)
    catalogue = turtle("x:c dcat:dataset x:d ; dct:publisher x:org . x:d a dcat:Dataset .")
    reasoner.put("catalogue", numbered(terms, catalogue))
    inherited = ("<https://x.example/d>", f"<{DCT}publisher>", "<https://x.example/org>")
    assert inherited in texts(terms, reasoner.infer())
    own = turtle("x:d dct:publisher x:other .")
    reasoner.put("own", numbered(terms, own))
    assert inherited not in texts(terms, reasoner.infer())
    assert texts(terms, reasoner.infer()) == at_once({"axioms": frozenset(), "a": catalogue, "b": own}, strata)[0]
    reasoner.drop("own")
    assert inherited in texts(terms, reasoner.infer())
