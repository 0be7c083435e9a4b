"""Coverage, gaps, impact and comparison over small models, asked of a store without any engine around it."""

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolution, QuerySolutions, RdfFormat, Store

from kg.errors import NotFound
from kg.models.asking import ask_of_all
from kg.models.comparison import compare, comparison_json
from kg.models.coverage import GAP_COLUMNS, coverage_json, gaps_json, gaps_tsv
from kg.models.impact import MAX_DEPTH, STEPS, read_impact, speaking_queries
from kg.models.model import Model, Part, read_model
from kg.namespaces import DEFAULT_BASE_IRI, MODELLDCATNO, WELL_KNOWN_PREFIXES, Names

NAMES = Names(DEFAULT_BASE_IRI)
Result = TypeVar("Result")
PREFIXES = {**WELL_KNOWN_PREFIXES, "kg": NAMES.ns, "m": MODELLDCATNO, "x": "https://x.example/"}
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
TWO = """
x:A a m:InformationModel ; dct:title "Modell A"@nb , "Model A"@en ; dct:publisher x:etat ;
    m:containsModelElement x:Person , x:Kode .
x:etat foaf:name "Etaten"@nb .
x:Person a m:ObjectType ; dct:title "Person"@nb ; kg:concept x:person ;
    m:hasProperty x:Person.navn , x:Person.kode , x:Person.er .
x:Person.navn a m:Attribute ; dct:title "navn"@nb ; dct:description "hva en person heter"@nb ; m:hasType x:Tekst ;
    m:minOccurs "0" ; m:maxOccurs "*" ; dct:subject <https://borte.example/> .
x:Person.kode a m:Attribute ; dct:title "kode"@nb ; m:hasType x:Kode ; m:hasValueFrom x:Kode .
x:Person.er a m:Specialization ; m:hasType x:Levende .
x:Kode a m:CodeList ; dct:title "Kode"@nb ; skos:exactMatch x:Kodeverk .
x:person skos:prefLabel "person"@nb ; skos:definition "et menneske"@nb .
x:B a m:InformationModel ; dct:title "Modell B"@nb ; m:containsModelElement x:Individ , x:Kodeverk .
x:Individ a m:ObjectType ; dct:title "Individ"@nb ; kg:concept x:person ; m:hasProperty x:Individ.navn .
x:Individ.navn a m:Attribute ; dct:title "Navn"@nb ; m:minOccurs "1" ; m:maxOccurs "1" .
x:Kodeverk a m:CodeList ; dct:title "Kodeverk"@nb .
"""
REACH = """
x:A a m:InformationModel ; dct:title "A"@nb ; m:containsModelElement x:Person .
x:Person a m:ModelElement ; dct:title "Person"@nb ; kg:inModel x:A ; skos:relatedMatch x:Annet .
x:Annet a m:ModelElement ; kg:inModel x:B .
x:navn a m:Property ; dct:title "navn"@nb ; kg:propertyOf x:Person ; kg:inModel x:A ; kg:concept x:c .
x:c a skos:Concept ; skos:prefLabel "navn"@nb .
x:ds a dcat:Dataset ; dct:title "Register"@nb ; kg:conformsToModel x:A ; kg:servedBy x:api .
x:api a dcat:DataService .
x:bevis dct:isPartOf x:ds .
x:tjeneste a cpsv:PublicService ; cpsvno:hasRequiredEvidence x:bevis ; cv:isGroupedBy x:hendelse .
x:hendelse a cv:LifeEvent .
"""


def hold(turtle: str, conversation: Generator[str, Sequence[QuerySolution], Result]) -> Result:
    """Answer a conversation from a store that holds some Turtle."""
    store = Store()
    store.load(HEAD + turtle, format=RdfFormat.TURTLE)
    try:
        question = next(conversation)
        while True:
            rows = store.query(question)
            assert isinstance(rows, QuerySolutions)
            question = conversation.send(list(rows))
    except StopIteration as ended:
        result: Result = ended.value
        return result


def x(name: str) -> str:
    return f"https://x.example/{name}"


def model(name: str, turtle: str = TWO, language: str = "nb") -> Model:
    return hold(turtle, read_model(x(name), NAMES, language))


def test_a_model_is_read_with_its_parts_in_order_and_without_specialisations() -> None:
    read = model("A")
    assert [part.iri for part in read.parts] == [x(n) for n in ("Kode", "Person", "Person.kode", "Person.navn")]
    assert (read.label, read.owner, read.about(read.owner).label) == ("Modell A", x("etat"), "Etaten")
    assert model("A", language="en").label == "Model A"
    kode, person, with_codes, name = read.parts
    assert (person.definition, person.concepts, person.owner) == ("et menneske", (x("person"),), x("etat"))
    assert (name.minimum, name.maximum, name.types) == ("0", "*", (x("Tekst"),))
    assert name.references == ("https://borte.example/",)
    assert with_codes.code_lists == (x("Kode"),)
    assert kode.matches == (x("Kodeverk"),)


def test_what_is_no_model_is_not_found() -> None:
    with pytest.raises(NotFound):
        model("Person")
    with pytest.raises(NotFound):
        hold("", read_model("https://borte.example/", NAMES))


def test_coverage_counts_every_part_once() -> None:
    told = coverage_json(model("A"))
    assert told["counts"] == {
        "parts": 4,
        "elements": 2,
        "properties": 2,
        "with_concept": 1,
        "with_definition": 2,
        "with_owner": 4,
        "with_type": 2,
        "with_code_list": 1,
    }
    assert told["percent"] == {"with_concept": 25, "with_definition": 50, "with_owner": 100, "with_type": 100}
    assert coverage_json(model("B"))["counts"]["with_owner"] == 0


FOUND: dict[str, Any] = {
    "candidates": [
        {
            "id": "1",
            "left": x("Person.navn"),
            "right": x("c"),
            "score": 0.8,
            "relation": "exact",
            "reasons": [{"nb": "samme\tnavn", "en": "same name"}],
        },
        {
            "id": "2",
            "left": x("Person"),
            "right": x("c"),
            "score": 0.1,
            "relation": "close",
            "reasons": [{"nb": "x", "en": "x"}],
        },
    ],
    "things": {x("c"): {"kind": "concept", "label": "navn", "definition": "det noe\nheter"}},
}


def test_gaps_name_what_is_missing_and_offer_concepts_with_their_definitions() -> None:
    told = gaps_json(model("A"), FOUND)
    lacks = {gap["label"]: gap["lacks"] for gap in told["gaps"]}
    assert lacks == {"Kode": ["concept", "definition"], "kode": ["concept", "definition"], "navn": ["concept"]}
    (name,) = [gap for gap in told["gaps"] if gap["label"] == "navn"]
    assert [(each["label"], each["definition"]) for each in name["candidates"]] == [("navn", "det noe\nheter")]
    assert all(gap["label"] != "Person" for gap in told["gaps"]), "what has a concept is offered none"


def test_the_table_of_gaps_has_a_line_for_each_candidate_and_one_for_each_gap_without() -> None:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(gaps_tsv(gaps_json(model("A"), FOUND)), newline=""), delimiter="\t"))
    assert len(rows) == 3
    assert set(rows[0]) == set(GAP_COLUMNS)
    (name,) = [row for row in rows if row["label"] == "navn"]
    assert (name["candidate"], name["candidate_definition"], name["link"]) == (x("c"), "det noe\nheter", "1")


def test_a_change_reaches_everything_on_the_shortest_way() -> None:
    impact = hold(REACH, read_impact(x("navn"), NAMES))
    told = impact.to_json({})
    paths = {each["iri"]: [step["step"] for step in each["path"]] for each in told["reached"]}
    assert paths == {
        x("A"): ["in-model"],
        x("Person"): ["property-of"],
        x("Annet"): ["property-of", "other-match"],
        x("ds"): ["in-model", "conforms-to"],
        x("api"): ["in-model", "conforms-to", "served-by"],
        x("tjeneste"): ["in-model", "conforms-to", "evidence-for"],
        x("hendelse"): ["in-model", "conforms-to", "evidence-for", "in-event"],
    }
    assert told["complete"]
    assert told["counts"] == {"dataservice": 1, "dataset": 1, "element": 2, "event": 1, "model": 1, "service": 1}
    assert x("B") not in paths, "what is only related is reached and not followed"
    for each in told["reached"]:
        assert each["path"][0]["from"] == x("navn")
        assert each["path"][-1]["to"] == each["iri"]


def test_a_change_of_a_concept_reaches_what_means_it() -> None:
    impact = hold(REACH, read_impact(x("c"), NAMES))
    assert impact.path(x("ds")) == [
        (x("c"), "means", x("navn")),
        (x("navn"), "in-model", x("A")),
        (x("A"), "conforms-to", x("ds")),
    ]


def test_a_walk_in_a_circle_ends_and_a_long_one_says_that_it_was_cut() -> None:
    circle = "x:a kg:propertyOf x:b . x:b kg:propertyOf x:a ."
    assert list(hold(circle, read_impact(x("a"), NAMES)).reached) == [x("b")]
    chain = " ".join(f"x:n{n} kg:propertyOf x:n{n + 1} ." for n in range(MAX_DEPTH + 5))
    impact = hold(chain, read_impact(x("n0"), NAMES))
    assert (impact.complete, len(impact.reached)) == (False, MAX_DEPTH)


def test_every_step_of_the_query_is_told_in_words() -> None:
    import re
    from importlib.resources import files

    text = (files("kg.models") / "queries" / "reached.rq").read_text(encoding="utf-8")
    assert set(re.findall(r'BIND \("([a-z-]+)"', text)) == set(STEPS)


def test_named_queries_that_speak_of_something_are_found_by_the_whole_iri() -> None:
    queries = {"one": "ASK { <https://x.example/a> ?p ?o }", "two": "ASK { <https://x.example/ab> ?p ?o }"}
    assert speaking_queries(queries, [x("a")]) == [{"name": "one", "iri": x("a")}]


def test_parts_are_paired_by_the_surest_ground() -> None:
    pairs = {pair.left.iri if pair.left else "": pair for pair in compare(model("A"), model("B"))}
    grounds = {iri: (pair.right.iri if pair.right else None, pair.ground) for iri, pair in pairs.items()}
    assert grounds == {
        x("Person"): (x("Individ"), "concept"),
        x("Person.navn"): (x("Individ.navn"), "name"),
        x("Kode"): (x("Kodeverk"), "link"),
        x("Person.kode"): (None, ""),
    }
    told = comparison_json(model("A"), model("B"))
    assert told["counts"] == {"paired": 3, "only_left": 1, "only_right": 0, "breaking": 2}
    name = next(pair for pair in told["pairs"] if pair["left"]["iri"] == x("Person.navn"))
    assert {each["field"]: each["breaking"] for each in name["differences"]} == {
        "type": False,
        "minimum": True,
        "maximum": True,
    }


def test_a_model_compared_with_itself_has_no_difference() -> None:
    told = comparison_json(model("A"), model("A"))
    assert told["counts"] == {"paired": 4, "only_left": 0, "only_right": 0, "breaking": 0}
    assert all(pair["differences"] == [] and pair["paired_by"] == "iri" for pair in told["pairs"])


def parts(names: list[str]) -> tuple[Part, ...]:
    return tuple(
        Part(x(f"{n}"), "", "ObjectType", name, "", (), (), "", (), (), "", "", ()) for n, name in enumerate(names)
    )


@given(left=st.lists(st.sampled_from("abc")), right=st.lists(st.sampled_from("abc")))
def test_every_part_stands_in_one_pair_however_many_have_the_same_name(left: list[str], right: list[str]) -> None:
    one = Model(x("one"), "", "", parts(left), {})
    other = Model(
        x("other"),
        "",
        "",
        tuple(Part(f"{p.iri}/o", *(getattr(p, f) for f in Part.__slots__[1:])) for p in parts(right)),
        {},
    )
    pairs = compare(one, other)
    assert [pair.left for pair in pairs if pair.left] == list(one.parts)
    rights = [pair.right.iri for pair in pairs if pair.right]
    assert sorted(rights) == sorted(part.iri for part in other.parts)
    assert all(pair.left is None or pair.right is None or pair.left.label == pair.right.label for pair in pairs)


@given(number=st.integers(0, 1300))
def test_any_number_of_things_is_asked_about_in_batches(number: int) -> None:
    conversation = ask_of_all("said", NAMES, [x(f"n{n}") for n in range(number)])
    asked = 0
    try:
        question = next(conversation)
        while True:
            asked += question.count("<https://x.example/n")
            question = conversation.send([])
    except StopIteration as ended:
        assert ended.value == []
    assert asked == number
