"""Links in builds: what is accepted is published and reasoned with, and what is taken back is gone."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, Store

from kg.build.generations import Generation, Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import Source
from kg.errors import NotRecorded
from kg.linking.candidate import Relation
from kg.linking.decision import Decision, Verdict
from kg.linking.decisions import DecisionLog
from kg.namespaces import DEFAULT_BASE_IRI, WELL_KNOWN_PREFIXES, Names
from kg.resources import folder

NAMES = Names(DEFAULT_BASE_IRI)
AGENCY = "https://data.norge.no/organizations/974760673"
PREFIXES = {**WELL_KNOWN_PREFIXES, "kg": NAMES.ns, "x": "https://x.example/"}
SOURCE = """
@prefix m: <https://data.norge.no/vocabulary/modelldcatno#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x: <https://x.example/> .
x:A a m:InformationModel ; dct:title "A"@nb ; m:containsModelElement x:Person , x:Kode .
x:B a m:InformationModel ; dct:title "B"@nb ; m:containsModelElement x:Individ , x:Borger .
x:Person a m:ObjectType ; dct:title "Person"@nb ; m:hasProperty x:Person.navn .
x:Individ a m:RootObjectType ; dct:title "Individ"@nb ; m:hasProperty x:Individ.navn .
x:Borger a m:ObjectType ; dct:title "Borger"@nb .
x:Kode a m:CodeList ; dct:title "Kode"@nb .
x:Person.navn a m:Attribute ; dct:title "navn"@nb .
x:Individ.navn a m:Attribute ; dct:title "navn"@nb .
x:navn a skos:Concept ; skos:prefLabel "navn"@nb ; dct:publisher <https://data.norge.no/organizations/974760673> .
x:samling a skos:Collection ; skos:member x:navn .
"""


def x(name: str) -> str:
    return f"https://x.example/{name}"


def link(left: str, relation: Relation, right: str, verdict: Verdict = Verdict.ACCEPT) -> Decision:
    return Decision(x(left), x(right), verdict, relation, "fordi", "Kari", "2026-11-22T08:00:00Z")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "x.ttl").write_text(SOURCE, encoding="utf-8")
    return Source("x", str(tmp_path / "x.ttl"))


def run(home: Home, source: Source) -> Generation:
    return build([source], BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None).generation


def holds(generation: Generation, triple: str, graph: str | None = None) -> bool:
    store = Store.read_only(str(generation.store))
    default = NamedNode(graph) if graph else DefaultGraph()
    return bool(store.query(f"ASK {{ {triple} }}", prefixes=PREFIXES, default_graph=default))


ACCEPTED = [
    (link("E1", Relation.EXACT, "E2"), "x:E2 owl:equivalentClass x:E1"),
    (link("E3", Relation.BROAD, "E4"), "x:E3 rdfs:subClassOf x:E4"),
    (link("E5", Relation.NARROW, "E6"), "x:E6 rdfs:subClassOf x:E5"),
    (link("P1", Relation.EXACT, "P2"), "x:P2 owl:equivalentProperty x:P1"),
    (link("P3", Relation.BROAD, "P4"), "x:P3 rdfs:subPropertyOf x:P4"),
    (link("P5", Relation.NARROW, "P6"), "x:P6 rdfs:subPropertyOf x:P5"),
    (link("P7", Relation.EXACT, "C1"), "x:P7 kg:concept x:C1"),
    (link("C2", Relation.EXACT, "E7"), "x:E7 kg:concept x:C2"),
    (link("E8", Relation.CLOSE, "E9"), "x:E9 skos:closeMatch x:E8"),
    (link("E10", Relation.RELATED, "E11"), "x:E11 skos:relatedMatch x:E10"),
    (link("P8", Relation.CLOSE, "C3"), "x:C3 skos:closeMatch x:P8"),
    (link("C4", Relation.EXACT, "C5"), "x:C5 skos:exactMatch x:C4"),
]


@pytest.fixture(scope="module")
def with_all(tmp_path_factory: pytest.TempPathFactory) -> tuple[Generation, Generation]:
    """A generation without links, and one with all of these."""
    place = tmp_path_factory.mktemp("links")
    prefixes = SOURCE[: SOURCE.index("x:A a")]
    elements = "".join(f"x:A m:containsModelElement x:E{n} . x:E{n} a m:ObjectType .\n" for n in range(1, 12))
    properties = "".join(f"x:E1 m:hasProperty x:P{n} . x:P{n} a m:Attribute .\n" for n in range(1, 9))
    concepts = "".join(
        f'x:C{n} a skos:Concept ; skos:prefLabel "c{n}"@nb . x:S skos:member x:C{n} .\n' for n in range(1, 6)
    )
    rest = f"x:A a m:InformationModel ; dct:publisher <{AGENCY}> . x:S a skos:Collection ."
    (place / "x.ttl").write_text(f"{prefixes}{elements}{properties}{concepts}{rest}", encoding="utf-8")
    home, source = Home(place / "home"), Source("x", str(place / "x.ttl"))
    before = run(home, source)
    DecisionLog(home.decisions).append([decision for decision, _ in ACCEPTED])
    return before, run(home, source)


@pytest.mark.parametrize(("decision", "follows"), ACCEPTED)
def test_an_accepted_link_is_published_and_reasoned_with(
    with_all: tuple[Generation, Generation], decision: Decision, follows: str
) -> None:
    before, generation = with_all
    assert not holds(before, follows, NAMES.inferred)
    node = f"<{NAMES.link(decision.id)}> a kg:AcceptedLink , owl:Axiom ; rdfs:comment 'fordi'"
    assert holds(generation, node)
    assert holds(generation, node, NAMES.links)
    assert decision.relation is not None
    assert holds(generation, f"<{decision.left}> skos:{decision.relation}Match <{decision.right}>")
    assert holds(generation, follows, NAMES.inferred)


def test_an_agency_can_publish_its_links_in_its_own_catalogue(with_all: tuple[Generation, Generation]) -> None:
    text = (folder("queries") / "modell" / "koblinger-til-egen-katalog.rq").read_text(encoding="utf-8")
    assert AGENCY in text
    store = Store.read_only(str(with_all[1].store))
    found = store.query(text, default_graph=[DefaultGraph(), NamedNode(NAMES.inferred)])
    assert isinstance(found, QueryTriples)
    skos, subject = WELL_KNOWN_PREFIXES["skos"], f"{WELL_KNOWN_PREFIXES['dct']}subject"
    told = {tuple(str(term)[1:-1] for term in (each.subject, each.predicate, each.object)) for each in found}
    assert {(x("E3"), f"{skos}broadMatch", x("E4")), (x("E4"), f"{skos}narrowMatch", x("E3"))} <= told
    assert {(x("P7"), f"{skos}exactMatch", x("C1")), (x("P7"), subject, x("C1")), (x("E7"), subject, x("C2"))} <= told
    assert not any(subject_ in {x("C4"), x("C5")} for subject_, _, _ in told), "concepts of others are not the agency's"
    assert {each[2] for each in told if each[1] == subject} == {x("C1"), x("C2")}


@pytest.mark.parametrize("pair", ["x:E8 {} x:E9", "x:E10 {} x:E11", "x:P8 {} x:C3", "x:C4 {} x:C5", "x:C5 {} x:C4"])
def test_what_is_close_or_related_and_concepts_that_match_are_not_made_one(
    with_all: tuple[Generation, Generation], pair: str
) -> None:
    for merging in ("owl:equivalentClass", "rdfs:subClassOf", "owl:sameAs", "dct:subject", "kg:concept"):
        assert not holds(with_all[1], pair.format(merging), NAMES.inferred)
    assert not holds(with_all[1], "x:C5 ?p 'c4'@nb")


def test_a_link_that_is_taken_back_is_gone_from_the_next_generation(home: Home, source: Source) -> None:
    log, accepted = DecisionLog(home.decisions), link("Person", Relation.EXACT, "Individ")
    before = run(home, source)
    log.append([accepted])
    with_link = run(home, source)
    assert holds(with_link, "x:Person owl:equivalentClass x:Individ", NAMES.inferred)
    assert with_link.manifest.graphs[NAMES.links] == 11
    log.append([replace(accepted, verdict=Verdict.UNSURE)])
    after = run(home, source)
    assert NAMES.links not in after.manifest.graphs
    assert not holds(after, "?s owl:equivalentClass x:Individ", NAMES.inferred)
    said = [{line for line in each.quads.read_bytes().splitlines() if b"x.example" in line} for each in (before, after)]
    assert {line for line in said[0] ^ said[1] if b"graph/records" not in line and b"/record" not in line} == set()


def test_a_changed_decision_reaches_a_store_that_is_changed_and_not_loaded(home: Home, source: Source) -> None:
    text = Path(source.location).read_text(encoding="utf-8")
    many = "".join(f'x:k{n} a skos:Concept ; skos:prefLabel "begrep {n}"@nb .\n' for n in range(300))
    Path(source.location).write_text(text + many, encoding="utf-8")
    run(home, source)
    DecisionLog(home.decisions).append([link("Person", Relation.EXACT, "Individ")])
    generation = run(home, source)
    assert generation.manifest.drift > 0, "the store before was changed by the difference"
    assert holds(generation, "x:Person owl:equivalentClass x:Individ", NAMES.inferred)
    assert holds(generation, "x:Person skos:exactMatch x:Individ")


def test_a_link_is_published_under_the_iri_that_its_end_has_now(home: Home, source: Source, tmp_path: Path) -> None:
    former = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
    text = Path(source.location).read_text(encoding="utf-8") + f"x:d dct:publisher <{former}> .\n"
    Path(source.location).write_text(text, encoding="utf-8")
    DecisionLog(home.decisions).append([replace(link("Person", Relation.RELATED, "x"), right=former)])
    generation = run(home, source)
    assert holds(generation, "x:Person skos:relatedMatch <https://data.norge.no/organizations/974760673>")
    assert not holds(generation, f"x:Person skos:relatedMatch <{former}>")


def test_a_source_cannot_pretend_that_a_link_was_accepted(home: Home, source: Source) -> None:
    forged = f"""
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    <{NAMES.link("0" * 20)}> a owl:Axiom , <{NAMES.ns}AcceptedLink> ; owl:annotatedSource x:Person ;
        owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget x:Individ .
    x:Person skos:exactMatch x:Individ .
    """
    text = Path(source.location).read_text(encoding="utf-8")
    Path(source.location).write_text(text + forged, encoding="utf-8")
    generation = run(home, source)
    assert holds(generation, "x:Person skos:exactMatch x:Individ")
    assert not holds(generation, "x:Person owl:equivalentClass x:Individ", NAMES.inferred)


def test_damaged_lines_and_links_into_nothing_are_told_of(home: Home, source: Source) -> None:
    DecisionLog(home.decisions).append(
        [link("Person", Relation.EXACT, "borte"), link("Person", Relation.CLOSE, "Kode")]
    )
    with home.decisions.open("ab") as file:
        file.write(b'{"left": "h')
    report = build([source], BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None)
    told = {problem.where: problem.what for problem in report.reasoning}
    assert "has no end" in told[f"{home.decisions}:3"]
    assert (
        "1 of the things that accepted links lead to is described by no source: <https://x.example/borte>"
        in told[str(home.decisions)]
    )
    assert report.generation.manifest.graphs[NAMES.links] == 22


def test_a_build_that_cannot_read_the_decisions_publishes_nothing(home: Home, source: Source) -> None:
    home.decisions.mkdir(parents=True)
    with pytest.raises(NotRecorded):
        run(home, source)
    assert home.find_current() is None
