"""Traces of real catalogues, against what a reader of the files counts by hand.

The counts were made from the files alone, with a search for the name and a look at what stands around each hit. The
files are those of `FILES`; line numbers are theirs.
"""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.aliases import read_aliases
from kg.build.generations import Generation, Home
from kg.build.pipeline import BuildPlan, build
from kg.build.sources import parse_sources
from kg.namespaces import DEFAULT_BASE_IRI, RDF, Names
from kg.search.searching import SearchIndex
from kg.trace.answer import page
from kg.trace.graph import Graph, Known
from kg.trace.tracing import Request, Trace, trace
from kg.trace.triples import Ground
from kg.trace.web import Evidence, NodeKind
from kg.trace.words import resolve

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
FILES = {
    "digdir-modeller": "infomodels/digdir-model-catalog.ttl",
    "brreg-modeller": "infomodels/derived-brreg-modellkatalog.ttl",
    "kartverket-modeller": "infomodels/derived-kartverket-modellkatalog.ttl",
    "brreg-begreper": "concepts/data.brreg.no_begrep.ttl",
    "felles-begreper": "concepts/felles-begrepskatalog-excerpt.ttl",
    "brreg-datasett": "datasets/brreg-from-registration.ttl",
    "grunndata": "datasets/dcat-ap-no-baseregistries.ttl",
}
NAMES = Names(DEFAULT_BASE_IRI)
BRREG, DIGDIR = "https://brreg.no/modellkatalogar/brreg-modellkatalog/", "model-catalog.ttl#"
KARTVERKET = "https://data.norge.no/modellkatalog/kartverket-modellkatalog/"
BRREG_AGENCY, KARTVERKET_AGENCY, DIGDIR_AGENCY, SKATT_AGENCY = (
    f"https://data.norge.no/organizations/{number}" for number in (974760673, 971040238, 991825827, 974761076)
)
ENHETSREGISTERET = "http://brreg.no/catalogs/974760673/datasets/ef600ed8-cba1-4bc4-863f-6d41c836f18c"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real catalogues are not here")


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    home = Home(tmp_path_factory.mktemp("real") / "home")
    options = [f"{name}={DATA / file}" for name, file in FILES.items()]
    build(parse_sources(options, []), BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None)
    return home.get_current()


@pytest.fixture(scope="module")
def ground(generation: Generation) -> Ground:
    return Ground(Store.read_only(str(generation.store)), NAMES.inferred)


def of_word(generation: Generation, ground: Ground, word: str) -> Trace:
    meanings = resolve(SearchIndex.open(generation.search), word)
    return trace(
        Graph(Known(ground, NAMES)), Request(word, meanings.exact, word=True, matches=meanings.total, limit=500)
    )


def of_iri(generation: Generation, ground: Ground, iri: str) -> Trace:
    canonical = read_aliases(generation.aliases).canonical(iri)
    return trace(Graph(Known(ground, NAMES)), Request(iri, (canonical,), limit=500))


def kinds(found: Trace) -> dict[str, int]:
    return dict(Counter(str(node.kind) for node in found.web.nodes))


def paths(found: Trace) -> dict[str, int]:
    return dict(Counter(edge.path for edge in found.web.edges))


def ends(found: Trace, path: str) -> set[tuple[str, str]]:
    return {(short(edge.source), short(edge.target)) for edge in found.web.edges if edge.path == path}


def short(iri: str) -> str:
    return iri.rpartition(DIGDIR)[2] if DIGDIR in iri else iri.removeprefix(BRREG).removeprefix(KARTVERKET)


def test_organisasjonsnummer_is_where_a_reader_finds_it(generation: Generation, ground: Ground) -> None:
    """Nine things have the name: two concepts (brreg-begreper 2737 and 2751, grunndata 262), four properties (1424,
    1550, 1862, 2124) and a type (3147) of Brønnøysundregistrene, and a property and a type of Digdir (285, 166). The
    names "organisasjonsnummerHovedenhet" (389) and the keywords of datasets are others.

    The concept is that of Digdir's property and type (287, 168). No element of Brønnøysundregistrene has a concept, but
    seven properties have the type (362, 390, 411, 993, 1287, 1427, 1553), two of which have the name themselves. The
    second concept belongs to the dataset Enhetsregisteret alone (326), which is authoritative (293), names five legal
    bases (266 to 287) and four related datasets (300 to 303). All but Digdir's things belong to one agency, under
    four forms of its IRI.
    """
    found = of_word(generation, ground, "organisasjonsnummer")
    assert len(found.web.starts) == 9
    assert ends(found, "P1") == {("organisasjonsnummer", "http://data.brreg.no/begrep/28155")}
    assert ends(found, "P1b") == {("OrganisasjonsnummerType", "http://data.brreg.no/begrep/28155")}
    of_type = {source for source, target in ends(found, "P2b") if target == "types/Organisasjonsnummer"}
    assert of_type == {
        "enhetsregisteret-bvrinn/DelerEierskifte/underenhet",
        "enhetsregisteret-bvrinn/EierskifteAktivitet/organisasjonsnummerHovedenhet",
        "enhetsregisteret-bvrinn/Fagsystemreferanse/orgnrFagsystem",
        "enhetsregisteret-bvrinn/Rolleinnehaver/avdelingskontor",
        "enhetsregisteret-bvrinn/Virksomhet/virksomhetsidentifikator",
        "enhetsregisteret-bvrinn/VirksomhetsinformasjonHovedenhet/organisasjonsnummer",
        "enhetsregisteret-bvrinn/VirksomhetsinformasjonUnderenhet/organisasjonsnummer",
    }
    assert {source for source, _ in ends(found, "P2")} == {"enhetsregisteret-bvrinn", "ngr-virksomhet", "PersonOgEnhet"}
    assert {source for source, _ in ends(found, "P6")} == {ENHETSREGISTERET}
    # Elements: the 7 that have the name, 5 that have those as properties, 5 more of the type, and the type "string".
    assert kinds(found) == {"concept": 2, "element": 18, "model": 3, "dataset": 5, "law": 5, "agency": 2}
    assert {node.iri for node in found.web.nodes if node.kind is NodeKind.AGENCY} == {BRREG_AGENCY, DIGDIR_AGENCY}
    assert paths(found) == {
        "P1": 1,
        "P1b": 1,
        "P2": 7,  # each of the seven elements is in one model
        "P2b": 15,  # 7 of the type, 1 of Digdir's, 2 of the type "string", 5 of those that have them as properties
        "P6": 1,
        "P8": 9,  # a concept, 3 models, 5 datasets; the second concept has no publisher
        "P16": 5,
        "P17": 1,
        "P18": 4,
    }
    assert found.whole


def test_postnummer_is_where_a_reader_finds_it(generation: Generation, ground: Ground) -> None:
    """Eight things have the name: concepts of Brønnøysundregistrene (brreg-begreper 1277) and of the dataset (grunndata
    198), three properties (920, 1158, 1263) and their type (3062), Kartverket's property (396) and Digdir's (508).

    Digdir's has a concept of Kartverket's that none of the files describes (510), so that nothing links the three
    agencies but the name, which is told as a suggestion from the concept to the two others.
    """
    found = of_word(generation, ground, "postnummer")
    assert len(found.web.starts) == 8
    # Elements: the 6 that have the name, 5 that have those as properties, and the types "string" and "Tekst".
    assert kinds(found) == {"concept": 3, "element": 13, "model": 3, "dataset": 5, "law": 5, "agency": 3}
    assert {source for source, _ in ends(found, "P1")} == {"postnummer"}
    assert {target for _, target in ends(found, "P1")} == {
        "https://concept-catalog.fellesdatakatalog.digdir.no/collections/971040238/2074ce7b-e943-4b63-93ae-99a7a518e97f"
    }
    suggested = [edge for edge in found.web.edges if edge.evidence is Evidence.SUGGESTED]
    assert {short(edge.target) for edge in suggested} == {"ngr-adresse/Poststed/postnummer", "postnummer"}
    assert {short(edge.source) for edge in suggested} == {"http://data.brreg.no/begrep/53474"}
    assert all(edge.reason and edge.reason.nb == "begge heter «postnummer»" for edge in suggested)
    assert {source for source, _ in ends(found, "P2")} == {"enhetsregisteret-bvrinn", "ngr-adresse", "AdresseModell"}
    assert paths(found)["P2"] == 6
    agencies = {node.iri for node in found.web.nodes if node.kind is NodeKind.AGENCY}
    assert agencies == {BRREG_AGENCY, KARTVERKET_AGENCY, DIGDIR_AGENCY}


def test_kommunenummer_is_where_a_reader_finds_it(generation: Generation, ground: Ground) -> None:
    """Ten things have the name: concepts of Brønnøysundregistrene (brreg-begreper 2821) and of the dataset (grunndata
    90), four properties (808, 899, 1151, 1249) and their type (3113), Kartverket's object type (1396), and Digdir's
    property (495) and code list (199). "kommunenummer_verdi", "kommunenummer_kode" and "bestar_av_kommunenummer" are
    others; two of them are seen as neighbours of Kartverket's object type (1399, 1080).
    """
    found = of_word(generation, ground, "kommunenummer")
    assert len(found.web.starts) == 10
    assert Counter(node.kind for node in found.web.nodes if node.iri in found.web.starts) == {
        NodeKind.CONCEPT: 2,
        NodeKind.ELEMENT: 7,
        NodeKind.CODELIST: 1,
    }
    assert {short(target) for source, target in ends(found, "P2b") if source.endswith("/Kommunenummer")} == {
        "ngr-eiendom/Kommunenummer/kommunenummer_verdi"
    }
    assert ("kommunenummer", "Kommunenummer") in ends(found, "P2b")  # Digdir's property has its values from the list
    suggested = {short(edge.target) for edge in found.web.edges if edge.evidence is Evidence.SUGGESTED}
    assert suggested == {"ngr-eiendom/Kommunenummer", "kommunenummer", "Kommunenummer"}
    assert {source for source, _ in ends(found, "P2")} == {"enhetsregisteret-bvrinn", "ngr-eiendom", "AdresseModell"}
    assert kinds(found) == {"concept": 3, "element": 15, "codelist": 1, "model": 3, "dataset": 5, "law": 5, "agency": 3}


def test_a_concept_of_the_model_catalogue_is_found_under_its_former_iri(generation: Generation, ground: Ground) -> None:
    """Digdir's catalogue names the concept of a person's name in the oldest form of its IRI, as subject of two
    properties (204, 211), of a data type (142) and of the model itself (33); Skatteetaten's concept has the newest form
    (felles-begreper 747). Nothing else has it: three elements of one model are no sharing.
    """
    found = of_iri(generation, ground, "http://begrepskatalogen/begrep/88804c45-ff43-11e6-9d97-005056825ca0")
    assert paths(found) == {"P1": 2, "P1b": 1, "P1d": 1, "P2": 3, "P8": 2}
    assert {source for source, _ in ends(found, "P1")} == {"navn", "fulltNavn"}
    assert {source for source, _ in ends(found, "P1b")} == {"Personnavn"}
    assert kinds(found) == {"concept": 1, "element": 3, "model": 1, "agency": 2}
    assert found.web.nodes[0].agency == SKATT_AGENCY


def test_a_concept_that_nobody_describes_is_traced_by_those_who_name_it(generation: Generation, ground: Ground) -> None:
    """Only the property for the number of a mobile phone names it (407), in the model of persons and units."""
    concept = (
        "https://concept-catalog.fellesdatakatalog.digdir.no/collections/991825827/8f72464c-f40f-4cee-8da9-72d407901838"
    )
    found = of_iri(generation, ground, concept)
    assert paths(found) == {"P1": 1, "P2": 1, "P8": 1}
    assert {source for source, _ in ends(found, "P1")} == {"mobiltelefonnummer"}
    assert kinds(found) == {"concept": 1, "element": 1, "model": 1, "agency": 1}


def traceable(ground: Ground) -> Iterator[str]:
    """Every thing of a kind at which a trace begins."""
    graph = Graph(Known(ground, NAMES))
    found = {
        quad.subject
        for quad in ground.store.quads_for_pattern(None, NamedNode(f"{RDF}type"), None, DefaultGraph())
        if isinstance(quad.subject, NamedNode)
    }
    return (node.value for node in sorted(found, key=str) if graph.kind_of(node) is not None)


def test_each_edge_of_two_hundred_traces_rests_on_triples_of_the_graph(ground: Ground) -> None:
    """The two graphs are read by rdflib, which shares nothing with the reader of the walk."""
    held = {
        evidence: rdflib.Graph().parse(
            data=ground.store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph), format="nt"
        )
        for evidence, graph in ((Evidence.ASSERTED, DefaultGraph()), (Evidence.INFERRED, NamedNode(NAMES.inferred)))
    }
    chosen = random.Random(1).sample(list(traceable(ground)), 200)
    checked = 0
    for iri in chosen:
        found = trace(Graph(Known(ground, NAMES)), Request(iri, (iri,), limit=100))
        shown, _ = page(found, Request(iri, (iri,), limit=100))
        for edge in shown["edges"]:
            assert edge["triples"], edge
            where = [_held_by(held, triple) for triple in edge["triples"]]
            if edge["evidence"] != "suggested":
                assert edge["evidence"] == ("inferred" if Evidence.INFERRED in where else "asserted"), edge
            assert len(edge.get("proofs", ())) == where.count(Evidence.INFERRED), edge
            assert _hangs_together(edge), edge
            checked += 1
    assert checked > 1_000


def _held_by(held: dict[Evidence, rdflib.Graph], triple: dict[str, str]) -> Evidence:
    """Which of the graphs holds a triple, the default graph first."""
    line = f"{triple['subject']} {triple['predicate']} {triple['object']} ."
    ((subject, predicate, object_),) = rdflib.Graph().parse(data=line, format="nt")
    return next(evidence for evidence, graph in held.items() if (subject, predicate, object_) in graph)


def _hangs_together(edge: dict[str, object]) -> bool:
    """Whether the triples lead from one end of the edge to the other, through what they have in common."""
    reached, left = {f"<{edge['from']}>"}, list(edge["triples"])  # type: ignore[call-overload]
    while left:
        touching = [each for each in left if each["subject"] in reached or each["object"] in reached]
        if not touching:
            # What is suggested rests on two names that are alike, one at each end.
            return edge["evidence"] == "suggested" and len(left) == 1 and left[0]["subject"] == f"<{edge['to']}>"
        reached |= {each[place] for each in touching for place in ("subject", "object")}
        left = [each for each in left if each not in touching]
    return f"<{edge['to']}>" in reached
