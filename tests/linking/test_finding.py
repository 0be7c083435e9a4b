"""Candidates on random models: what must hold whatever the names are."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import NotFound, ParameterError
from kg.linking.blocking import Blocking
from kg.linking.candidate import Relation, candidate_id
from kg.linking.elements import Elements
from kg.linking.finding import Matcher
from kg.linking.scoring import Scorer, read_scorer
from kg.linking.signals import SIGNALS, features
from kg.linking.vocabulary import Kind
from kg.linking.wish import Wish
from tests.linking.conftest import FromTurtle
from tests.linking.models import World, elements_from, worlds

MODEL = "https://m.example/0"
NAV = "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse"
BRREG = "https://demo.kunnskapsgraf.example/brreg/modell/enhet"

pairs_of_all = Wish(MODEL, limit=1_000, each=50, least=0.0)
quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def matcher_of(world: World, shared: tuple[str, str] | None = None) -> Matcher:
    return Matcher(elements_from(world.turtle(shared)), read_scorer())


def all_pairs(elements: Elements) -> tuple[np.ndarray, np.ndarray]:
    rows = np.arange(len(elements))
    left, right = (each.ravel() for each in np.meshgrid(rows, rows, indexing="ij"))
    return left[left != right], right[left != right]


@quickly
@given(worlds())
def test_every_signal_is_symmetric_and_from_0_to_1(world: World) -> None:
    elements = elements_from(world.turtle())
    left, right = all_pairs(elements)
    values = features(elements, left, right)
    assert np.allclose(values, features(elements, right, left))
    assert ((values >= 0) & (values <= 1 + 1e-9)).all()


@quickly
@given(worlds())
def test_no_candidate_is_itself_or_of_its_own_model_and_scores_go_down(world: World) -> None:
    matcher = matcher_of(world)
    elements = matcher.elements
    for model in elements.model_iris:
        found = matcher.find(replace(pairs_of_all, left=model))
        own = {elements.iris[int(row)] for row in elements.in_model(model)}
        assert all(each.left in own and each.right not in own for each in found.candidates)
        scores = [each.score for each in found.candidates]
        assert scores == sorted(scores, reverse=True)
        assert found.total == len(found.candidates)
        assert len({each.id for each in found.candidates}) == found.total


@quickly
@given(worlds())
def test_each_candidate_has_reasons_in_both_languages_and_what_its_reasons_say_is_so(world: World) -> None:
    matcher = matcher_of(world)
    for wish in (pairs_of_all, replace(pairs_of_all, concepts=True)):
        for each in matcher.find(wish).candidates:
            assert each.reasons
            for reason in each.reasons:
                assert reason.nb
                assert reason.en
                assert reason.nb != reason.en
                assert reason.weight > 0
                assert each.features[reason.signal] > 0 or reason.signal == "same-name"


@quickly
@given(worlds())
def test_the_same_is_found_twice_and_from_the_other_side(world: World) -> None:
    matcher = matcher_of(world)
    found = matcher.find(pairs_of_all)
    assert found == matcher_of(world).find(pairs_of_all)
    for each in found.candidates:
        other = matcher.find(replace(pairs_of_all, left=each.right, right=each.left)).candidates
        assert [(each.id, each.score)] == [(back.id, back.score) for back in other]
        assert other[0].relation == each.relation.inverse


@quickly
@given(worlds(), st.data())
def test_a_concept_that_both_are_given_never_lowers_the_score(world: World, data: st.DataObject) -> None:
    iris = [f"https://m.example/{m}/{n:08}" for m, things in enumerate(world.models) for n in range(len(things))]
    one, other = data.draw(st.permutations(iris))[:2] if len(iris) > 1 else (iris[0], iris[0])
    if one == other:
        return
    before, after = matcher_of(world).score(one, other), matcher_of(world, (one, other)).score(one, other)
    assert after is not None
    assert before is None or after.score >= before.score
    assert "shared-concept" in {reason.signal for reason in after.reasons}


@quickly
@given(worlds())
def test_blocking_finds_nearly_all_that_looking_at_every_pair_finds(world: World) -> None:
    matcher = matcher_of(world)
    elements = matcher.elements
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in matcher.find(pairs_of_all).candidates:
        found[each.left].add(each.right)
    mine = set(elements.in_model(MODEL).tolist())
    for left in mine:
        for right in set(range(len(elements))) - mine:
            if elements.kinds[right] == Kind.CONCEPT:
                continue
            candidate = matcher.score(elements.iris[left], elements.iris[right])
            if candidate and candidate.score >= 0.02:
                assert candidate.right in found[candidate.left], candidate


def test_the_best_of_many_are_those_that_looking_at_every_pair_finds(scorer: Scorer) -> None:
    # Two hundred of one name, and one of them in the same place: the limit of partners must not lose it.
    other = "\n".join(
        f"m:o{number} a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:oc{number} ."
        f'm:oc{number} a modelldcatno:ObjectType ; dct:title "Type{number}"@nb .'
        f"m:oc{number} modelldcatno:hasProperty m:op{number} ."
        f'm:op{number} a modelldcatno:Attribute ; dct:title "navn"@nb .'
        for number in range(200)
    )
    elements = elements_from(
        "m:a a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:ac ."
        'm:ac a modelldcatno:ObjectType ; dct:title "Type137"@nb ; modelldcatno:hasProperty m:ap .'
        'm:ap a modelldcatno:Attribute ; dct:title "navn"@nb ; dct:description "hva den heter i registeret"@nb .'
        'm:op137 dct:description "det den heter i et register"@nb .' + other
    )
    left = elements.iris.find("https://m.example/ap")
    allowed = np.ones(len(elements), np.bool_)
    _, partners = Blocking(elements).pairs(np.array([left]), allowed, most=20)
    assert elements.iris.find("https://m.example/op137") in partners.tolist()
    found = Matcher(elements, scorer).find(Wish("https://m.example/ap"))
    assert found.candidates[0].right == "https://m.example/op137"


def test_rejected_pairs_never_come_back_and_make_room_for_others(demo_elements: Elements, scorer: Scorer) -> None:
    matcher = Matcher(demo_elements, scorer)
    first = matcher.find(Wish(NAV, each=1, least=0.0)).candidates
    rejected = frozenset(each.id for each in first)
    second = matcher.find(Wish(NAV, each=1, least=0.0), rejected).candidates
    assert second
    assert not rejected & {each.id for each in second}


def test_what_is_linked_already_is_no_candidate(
    demo_elements: Elements, from_turtle: FromTurtle, scorer: Scorer
) -> None:
    concept = "https://demo.kunnskapsgraf.example/nav/begrep/sivilstand"
    found = Matcher(demo_elements, scorer).find(Wish(f"{NAV}#Soknad.sivilstand", concepts=True, least=0.0))
    assert found.candidates
    assert concept not in {each.right for each in found.candidates}
    model = (
        "m:{0} a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:{0}c ."
        'm:{0}c a modelldcatno:ObjectType ; dct:title "Person"@nb .'
    )
    both = model.format("a") + model.format("b")
    assert Matcher(from_turtle(both), scorer).find(Wish("https://m.example/a", least=0.0)).total == 1
    linked = both + "m:bc skos:closeMatch m:ac ."
    assert Matcher(from_turtle(linked), scorer).find(Wish("https://m.example/a", least=0.0)).total == 0


def test_a_shared_concept_counts_through_equivalents(from_turtle: FromTurtle, scorer: Scorer) -> None:
    elements = from_turtle(
        "m:a a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:ac ."
        "m:b a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:bc ."
        'm:ac a modelldcatno:ObjectType ; dct:title "Hest"@nb ; dct:subject c:1 .'
        'm:bc a modelldcatno:ObjectType ; dct:title "Dyr"@nb ; dct:subject c:3 .'
        'c:1 a skos:Concept, kg:CatalogueConcept ; skos:prefLabel "hest"@nb ; skos:exactMatch c:2 .'
        'c:3 a skos:Concept, kg:CatalogueConcept ; skos:prefLabel "gamp"@nb ; skos:exactMatch c:2 .'
    )
    (found,) = Matcher(elements, scorer).find(Wish("https://m.example/a", least=0.0)).candidates
    assert found.reasons[0].nb == "begge viser til begrepet «hest»"
    concepts = Matcher(elements, scorer).find(Wish("https://m.example/a", concepts=True, least=0.0)).candidates
    assert [each.right for each in concepts] == ["https://c.example/3"]
    assert "sagt å bety det samme" in concepts[0].reasons[0].nb


def test_relations_follow_the_names(from_turtle: FromTurtle, scorer: Scorer) -> None:
    def elements(model: str, *names: str) -> str:
        parts = " ".join(
            f"m:{model} modelldcatno:containsModelElement <https://m.example/{model}/{name}> ."
            f'<https://m.example/{model}/{name}> a modelldcatno:ObjectType ; dct:title "{name}"@nb .'
            for name in names
        )
        return f"m:{model} a modelldcatno:InformationModel . {parts}"

    matcher = Matcher(
        from_turtle(elements("a", "Postadresse", "Fylke") + elements("b", "Adresse", "fylke", "Post")), scorer
    )
    found = {
        (each.left[20:], each.right[20:]): each.relation
        for each in matcher.find(Wish("https://m.example/a", least=0.0)).candidates
    }
    assert found["Postadresse", "Adresse"] is Relation.BROAD
    assert found["Postadresse", "Post"] is Relation.RELATED
    assert found["Fylke", "fylke"] is Relation.EXACT
    back = matcher.find(Wish("https://m.example/b", least=0.0)).candidates
    assert next(each for each in back if each.left.endswith("/Adresse")).relation is Relation.NARROW


def test_codes_are_compared_with_codes_alone(demo_elements: Elements, scorer: Scorer) -> None:
    found = Matcher(demo_elements, scorer).find(Wish(NAV, least=0.0, limit=1_000, each=50))
    for each in found.candidates:
        kinds = {found.things[each.left].kind, found.things[each.right].kind}
        assert kinds == {"code"} or "code" not in kinds


def test_two_models_are_compared_with_each_other_alone(demo_elements: Elements, scorer: Scorer) -> None:
    found = Matcher(demo_elements, scorer).find(Wish(NAV, BRREG, least=0.0))
    assert found.candidates
    assert {found.things[each.right].model for each in found.candidates} == {BRREG}
    own = Matcher(demo_elements, scorer).find(Wish(NAV, NAV, least=0.0))
    assert own.candidates
    assert all(each.left < each.right for each in own.candidates)


def test_all_with_all_gives_each_pair_once(demo_elements: Elements, scorer: Scorer) -> None:
    told: list[tuple[int, int]] = []
    found = list(Matcher(demo_elements, scorer).find_all(lambda done, of: told.append((done, of)), Wish("")))
    assert len({each.id for each in found}) == len(found) > 20
    assert told[-1][0] == told[-1][1] > 0
    assert {candidate_id(each.right, each.left) for each in found} == {each.id for each in found}
    rejected = {each.id for each in found[:5]}
    rest = Matcher(demo_elements, scorer).find_all(lambda *_: None, Wish(""), rejected)
    assert not rejected & {each.id for each in rest}


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish("https://nowhere.example/"), NotFound),
        (Wish(NAV, "https://nowhere.example/"), NotFound),
        (Wish(NAV, limit=0), ParameterError),
        (Wish(NAV, each=51), ParameterError),
        (Wish(NAV, least=1.5), ParameterError),
        (Wish(NAV, BRREG, concepts=True), ParameterError),
    ],
)
def test_what_is_asked_wrongly_is_told(
    demo_elements: Elements, scorer: Scorer, wish: Wish, error: type[Exception]
) -> None:
    with pytest.raises(error):
        Matcher(demo_elements, scorer).find(wish)


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=2, max_size=6))
def test_hostile_names_and_definitions_break_nothing(names: list[str]) -> None:
    def literal(text: str) -> str:
        return "".join(f"\\U{ord(letter):08X}" for letter in text if not 0xD800 <= ord(letter) < 0xE000)

    elements = elements_from(
        "\n".join(
            f"m:{number} a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:e{number} ."
            f'm:e{number} a modelldcatno:ObjectType ; dct:title "{literal(name)}"@nb, "{literal(name * 40)}" ;'
            f' dct:description "{literal(name * 200)}"@nb ; dct:subject m:e{number} .'
            f"m:e{number} modelldcatno:hasProperty m:e{number} ."
            for number, name in enumerate(names)
        )
    )
    for number in range(len(names)):
        for each in Matcher(elements, read_scorer()).find(Wish(f"https://m.example/{number}", least=0.0)).candidates:
            assert each.reasons
            assert 0 <= each.score <= 1


def test_every_signal_separates_some_pair_of_the_demo(demo_elements: Elements) -> None:
    left, right = all_pairs(demo_elements)
    values = features(demo_elements, left, right)
    shown = {signal.name for signal, column in zip(SIGNALS, values.T, strict=True) if column.min() < column.max()}
    assert shown >= {signal.name for signal in SIGNALS} - {"same-stem", "composed-name", "same-target", "shared-codes"}
