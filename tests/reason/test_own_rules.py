"""Our own rules: each holds in its smallest case and in no near miss, and strata see what they should."""

from collections.abc import Iterable
from typing import Final

import pytest

from kg.explain.proof import Statement
from kg.namespaces import DEFAULT_BASE_IRI, WELL_KNOWN_PREFIXES, Names
from kg.reason.axioms import is_axiom
from kg.reason.own_rules import OWN_RULES, own_rules
from kg.reason.patterns import Absent, RulePattern, TriplePattern, Variable
from tests.reason.cases import case_of
from tests.reason.oracle import derived
from tests.reason.random_ontologies import SAME, TYPE, rdfs

NAMES: Final = Names(DEFAULT_BASE_IRI)
STRATA: Final = own_rules(NAMES)
RULES: Final = {rule.name: rule for stratum in STRATA for rule in stratum}
EU: Final = "http://publications.europa.eu/resource/authority/"


def term(name: str) -> str:
    """A prefixed name or a thing of these tests as an IRI."""
    prefix, colon, local = name.partition(":")
    return f"<{ {**WELL_KNOWN_PREFIXES, 'kg': NAMES.ns}[prefix] }{local}>" if colon else f"<urn:{name}>"


def triples(text: str) -> list[Statement]:
    """Triples, one a line."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        subject, predicate, object_ = (
            TYPE if word == "a" else word if word.startswith(('"', "<")) else term(word) for word in line.split()
        )
        found.append((subject, predicate, object_))
    return found


def follows(text: str, trusted: str = "") -> set[Statement]:
    """What follows from data."""
    return set(derived(triples(trusted), triples(text), STRATA).triples)


def found(case: Iterable[Statement]) -> frozenset[Statement]:
    """What follows from a case, whose axioms are trusted and whose other triples are not."""
    axioms = [triple for triple in case if is_axiom(triple[1], triple[2])]
    return derived(axioms, [triple for triple in case if triple not in axioms], STRATA).triples


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_smallest_case_of_a_rule_holds_and_says_one_thing(name: str) -> None:
    case = case_of(RULES[name])
    assert {*case.conclusions} <= found(case.triples)


@pytest.mark.parametrize("name", sorted(RULES))
def test_no_near_miss_of_a_rule_holds(name: str) -> None:
    case = case_of(RULES[name])
    for what, near in case.near_misses():
        assert not {*case.conclusions} & found(near), what


def absences(rule: RulePattern) -> list[Statement]:
    """A triple for each pattern that has to be absent."""
    found = []
    for premise in rule.premises:
        if isinstance(premise, Absent):
            subject, predicate, object_ = (
                f"<urn:{each.name}>" if isinstance(each, Variable) else each for each in premise.pattern.terms()
            )
            found.append((subject, predicate, object_))
    return found


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if absences(rule)))
def test_a_rule_does_not_hold_where_what_should_be_absent_is_there(name: str) -> None:
    rule = RULES[name]
    case = case_of(rule)
    for present in absences(rule):
        assert not {*case.conclusions} & found([*case.triples, present])


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if absences(rule)))
def test_what_is_absent_is_looked_for_in_later_strata_only(name: str) -> None:
    assert next(rule.stratum for rule in OWN_RULES if rule.name == name) > 0


def test_a_rule_never_concludes_what_a_rule_of_its_stratum_or_an_earlier_one_needs_absent() -> None:
    for number, stratum in enumerate(STRATA):
        needed = {
            premise.pattern.predicate
            for earlier in STRATA[:number]
            for rule in earlier
            for premise in rule.premises
            if isinstance(premise, Absent) and premise.pattern.predicate != TYPE
        }
        concluded = {
            conclusion.predicate
            for rule in stratum
            for conclusion in rule.conclusions
            if isinstance(conclusion, TriplePattern)
        }
        # A publisher from a series is found last, and no rule before looks for the absence of it again.
        assert not needed & concluded or {rule.name for rule in stratum} == {"publisher-from-series"}


@pytest.mark.parametrize("name", sorted(name for name in RULES if name.startswith("linked-")))
def test_a_source_that_pretends_to_an_accepted_link_is_not_believed(name: str) -> None:
    case = case_of(RULES[name])
    assert not {*case.conclusions} & derived((), case.triples, STRATA).triples


def test_names_are_unique_and_every_rule_says_where_it_is_from() -> None:
    assert len({rule.name for rule in OWN_RULES}) == len(OWN_RULES)
    assert all(rule.source and rule.nb and rule.en for rule in OWN_RULES)


def test_the_iris_are_those_of_data_norge_no() -> None:
    fdk = WELL_KNOWN_PREFIXES["fdk"]
    concluded = {str(conclusion.predicate) for rule in RULES.values() for conclusion in rule.conclusions}
    for name in ("isAuthoritative", "isOpenData", "isRelatedToTransportportal"):
        assert f"<{fdk}{name}>" in concluded


CATALOGUE: Final = """
set a dcat:Dataset
catalogue dcat:dataset set
catalogue dct:publisher agency
set dcat:inSeries series
series dct:publisher bureau
"""
AGENCY, BUREAU = (
    (term("set"), term("dct:publisher"), term("agency")),
    (term("set"), term("dct:publisher"), term("bureau")),
)


def test_a_dataset_has_the_publisher_of_its_catalogue_before_that_of_its_series() -> None:
    assert follows(CATALOGUE) == {AGENCY}


def test_a_dataset_without_catalogue_has_the_publisher_of_its_series() -> None:
    assert BUREAU in follows(CATALOGUE.replace("catalogue dct:publisher agency", ""))


def test_a_dataset_with_a_publisher_keeps_it_alone() -> None:
    assert follows(CATALOGUE + "set dct:publisher office") == set()


def test_a_publisher_that_another_rule_of_the_same_stratum_finds_is_no_obstacle() -> None:
    both = CATALOGUE + "other dcat:dataset set\nother dct:publisher office"
    assert follows(both) == {AGENCY, (term("set"), term("dct:publisher"), term("office"))}


def test_a_publisher_that_follows_from_an_axiom_is_an_obstacle() -> None:
    axiom = "own <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> dct:publisher"
    assert follows(CATALOGUE + "set own office", axiom) == {(term("set"), term("dct:publisher"), term("office"))}


def test_a_type_that_follows_from_an_axiom_counts() -> None:
    axiom = "mine <http://www.w3.org/2000/01/rdf-schema#subClassOf> dcat:Dataset"
    found = follows(CATALOGUE.replace("set a dcat:Dataset", "set a mine"), axiom)
    assert AGENCY in found
    assert (term("set"), TYPE, term("dcat:Dataset")) in found


def test_what_a_later_stratum_finds_is_reasoned_with() -> None:
    axiom = "dct:publisher <http://www.w3.org/2002/07/owl#inverseOf> publishes"
    assert (term("agency"), term("publishes"), term("set")) in follows(CATALOGUE, axiom)


OPEN: Final = f"""
set a dcat:Dataset
set dct:accessRights <{EU}access-right/PUBLIC>
set dcat:distribution file
file dct:license licence
licence a kg:OpenLicence
"""
IS_OPEN = (term("set"), term("fdk:isOpenData"), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')


def test_a_public_dataset_under_an_open_licence_is_open_data() -> None:
    assert follows(OPEN) == {IS_OPEN}


@pytest.mark.parametrize("rights", ["RESTRICTED", "NON_PUBLIC"])
def test_a_dataset_that_is_not_public_is_not_open_data(rights: str) -> None:
    assert follows(OPEN.replace("PUBLIC", rights)) == set()


def test_an_own_description_of_an_open_licence_is_followed_to_its_source() -> None:
    described = OPEN.replace("licence a kg:OpenLicence", "licence dct:source known\nknown a kg:OpenLicence")
    assert follows(described) == {IS_OPEN}


def test_los_themes_lead_to_the_data_themes_of_the_eu_and_not_back() -> None:
    text = f"""
    set dcat:theme los
    los skos:exactMatch eu
    eu skos:inScheme <{EU}data-theme>
    other dcat:theme eu
    """
    assert follows(text) == {(term("set"), term("dcat:theme"), term("eu"))}


def test_what_conforms_to_a_model_does_not_conform_to_a_standard() -> None:
    text = "set dct:conformsTo model\nmodel a modelldcatno:InformationModel\nset dct:conformsTo norm"
    assert follows(text) == {
        (term("set"), term("kg:conformsToModel"), term("model")),
        (term("set"), term("kg:conformsToStandard"), term("norm")),
    }


def test_a_concept_has_a_subject_field_and_everything_else_a_concept() -> None:
    text = "a1 dct:subject c\nc a kg:CatalogueConcept\nb a skos:Concept\nb dct:subject c"
    assert follows(text) == {
        (term("a1"), term("kg:concept"), term("c")),
        (term("b"), term("kg:subjectField"), term("c")),
    }


def test_a_rule_holds_for_a_class_that_is_the_same_as_the_one_it_names() -> None:
    assert AGENCY in set(
        derived(
            [(term("mine"), SAME, term("dcat:Dataset")), (term("mine"), rdfs("label"), '"mine"')],
            triples(CATALOGUE.replace("set a dcat:Dataset", "set a mine")),
            STRATA,
        ).triples
    )
