"""Steps along each path, compared with SPARQL patterns that say the same and are answered by the engine."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from kg.namespaces import DEFAULT_BASE_IRI, RDF, Names
from kg.trace.graph import Graph, Known
from kg.trace.path import PREFIXES, Group, Shape, Strength, forms
from kg.trace.paths import PATH_NAMES, PATHS
from kg.trace.steps import Step, steps
from kg.trace.triples import Ground
from kg.trace.web import NodeKind

NAMES = Names(DEFAULT_BASE_IRI)
INFERRED = NamedNode(NAMES.inferred)
CURIE = re.compile("[a-z]+:[A-Za-z]+")
TYPE = NamedNode(f"{RDF}type")
CLASSES = {
    "dataset": "dcat:Dataset",
    "dataservice": "dcat:DataService",
    "distribution": "dcat:Distribution",
    "model": "m:InformationModel",
    "property": "m:Attribute",
    "object": "m:ObjectType",
    "code": "m:CodeElement",
    "codelist": "m:CodeList",
    "concept": "kg:CatalogueConcept",
    "theme": "kg:SubjectField",
    "service": "cpsv:PublicService",
    "event": "cv:Event",
    "agency": "org:Organization",
    "law": "eli:LegalResource",
    "evidence": "cpsvno:RequiredEvidence",
}
ELEMENTS = "property object code evidence"
_MODELLED = "property object"

# Each path: the kinds at its two ends, and a pattern from ?a to ?b. The places of P1 to P1c are told apart by what
# leads to the element and by its class.
ORACLE: dict[str, Sequence[tuple[str, str, str]]] = {
    "P1": [
        ("property", "concept", "?a dct:subject ?b"),
        ("object", "concept", "?a dct:subject ?b . FILTER EXISTS { ?e m:hasProperty ?a }"),
    ],
    "P1b": [
        ("object codelist", "concept", "?a dct:subject ?b . FILTER NOT EXISTS { ?e m:hasProperty ?a }"),
    ],
    "P1c": [("code", "concept", "?a dct:subject ?b")],
    "P1d": [("model", "concept", "?a dct:subject ?b")],
    "P2b": [
        (ELEMENTS, ELEMENTS, "?a m:hasProperty ?b"),
        (
            ELEMENTS,
            f"{ELEMENTS} codelist",
            "?a m:hasType|m:hasDataType|m:hasSimpleType|m:hasObjectType|m:containsObjectType|m:hasValueFrom|m:refersTo"
            "|m:references|m:contains|m:hasMember|m:hasSome|m:hasGeneralConcept|m:hasSupplier|m:isAbstractionOf"
            "|m:dependentOn ?b",
        ),
        ("codelist", ELEMENTS, "?b skos:inScheme ?a"),
    ],
    "P4": [("concept", "concept", "?a skos:exactMatch|skos:closeMatch ?b")],
    "P4b": [("concept", "concept", "?a dct:isReplacedBy|^dct:replaces ?b")],
    "P4c": [
        (
            "concept",
            "concept",
            "?a xkos:specializes|^xkos:generalizes|(skosno:hasGenericConceptRelation/skosno:hasGenericConcept)"
            "|(^skosno:hasSpecificConcept/^skosno:hasGenericConceptRelation) ?b",
        )
    ],
    "P4d": [
        (
            "concept",
            "concept",
            "?a xkos:isPartOf|^xkos:hasPart|(skosno:hasPartitiveConceptRelation/skosno:hasComprehensiveConcept)"
            "|(^skosno:hasPartitiveConcept/^skosno:hasPartitiveConceptRelation) ?b",
        )
    ],
    "P4e": [
        ("concept", "concept", "?a (skosno:isFromConceptIn/skosno:hasToConcept)|skos:related|rdfs:seeAlso ?b"),
    ],
    "P4f": [
        (f"concept {ELEMENTS}", f"concept {ELEMENTS}", "?x xkos:sourceConcept ?a ; xkos:targetConcept ?b"),
    ],
    "P5": [("dataset", "model", "?a dct:conformsTo|difi:informationModel|dcatno:informationModel ?b")],
    "P5b": [
        ("dataset", "model", "?a dcat:distribution/(dct:conformsTo|difi:informationModel|dcatno:informationModel) ?b"),
        ("distribution", "model", "?a dct:conformsTo|difi:informationModel|dcatno:informationModel ?b"),
    ],
    "P5c": [("dataservice", "model", "?a dct:conformsTo|difi:informationModel|dcatno:informationModel ?b")],
    "P6": [("dataset dataservice", "concept", "?a dct:subject ?b")],
    "P7": [("dataservice", "dataset", "?a dcat:servesDataset ?b")],
    "P7b": [("dataset", "dataservice", "?a dcat:distribution/(dcat:accessService|dcatapi:accessService) ?b")],
    "P7c": [("dataset", "distribution", "?a dcat:distribution ?b")],
    "P8": [
        ("dataset dataservice model concept codelist service event", "agency", "?a dct:publisher ?b"),
        (
            "dataset dataservice model concept codelist service event",
            "agency",
            "?c dcat:dataset|dcat:service|m:model|dcatno:containsService|dcatno:containsEvent|skos:member ?a ;"
            " dct:publisher ?b . FILTER NOT EXISTS { ?a dct:publisher|cv:hasCompetentAuthority|cv:ownedBy ?any }",
        ),
    ],
    "P8c": [("service event", "agency", "?a cv:hasCompetentAuthority|cv:ownedBy ?b")],
    "P9": [("service", ELEMENTS, "?a cpsv:hasInput|cpsvno:hasRequiredEvidence ?b")],
    "P9b": [("service", ELEMENTS, "?a cv:hasChannel/(cpsv:hasInput|cpsvno:hasRequiredEvidence) ?b")],
    "P9c": [(ELEMENTS, "dataset", "?a dct:isPartOf ?b")],
    "P9d": [("service", "dataset", "?a cv:hasChannel?/(cpsv:hasInput|cpsvno:hasRequiredEvidence) ?b")],
    "P9e": [("service", ELEMENTS, "?a cv:hasInputType ?b")],
    "P9f": [("evidence", "concept", "?a dct:subject ?b")],
    "P10": [("service", ELEMENTS, "?a cpsv:produces|cpsvno:hasPossibleOutput ?b")],
    "P10b": [("service", "dataset", "?a (cpsv:produces|cpsvno:hasPossibleOutput)/dct:isPartOf ?b")],
    "P11": [
        (
            "service",
            f"{ELEMENTS} concept",
            "?a (cv:holdsRequirement|cv:hasCriterion)/(cv:hasRequirement*)/(cv:hasConcept|cv:constrains) ?b",
        )
    ],
    "P11b": [(f"{ELEMENTS} dataset", f"{ELEMENTS} concept", "?a cv:supportsConcept ?b")],
    "P12": [("service event", "concept", "?a dct:subject ?b")],
    "P13": [("service", "event", "?a cv:isGroupedBy ?b")],
    "P13b": [("event", "service", "?a cpsvno:mayTrigger|cpsvno:mayTriggerNeedFor|cpsvno:mayInitiate ?b")],
    "P14": [("service", "dataservice", "?a cv:hasChannel/cpsvno:dataService ?b")],
    "P15": [("service event", "dataset", "?a cv:isDescribedAt ?b")],
    "P16": [
        (
            "dataset dataservice service event",
            "law",
            "?a dcatap:applicableLegislation|cv:hasLegalResource|dcatno:legalBasisForRestriction"
            "|dcatno:legalBasisForProcessing|dcatno:legalBasisForAccess|difi:legalBasisForRestriction"
            "|difi:legalBasisForProcessing|difi:legalBasisForAccess|(cpsv:follows/cpsv:implements) ?b",
        ),
        ("service event", "law", "?a cv:fulfils/cpsv:implements? ?b"),
    ],
    "P17": [
        ("dataset", "agency", "?a dct:provenance/prov:wasAssociatedWith ?b"),
        (
            "dataset",
            "agency",
            "?a dct:provenance ?p ; dct:publisher ?b . FILTER NOT EXISTS { ?p prov:wasAssociatedWith ?other }",
        ),
    ],
    "P17c": [("dataset", "dataset", "?a dct:source ?b")],
    "P18": [
        (
            "dataset",
            "dataset",
            "?a (dcat:qualifiedRelation/dct:relation)|dct:relation|dct:isReferencedBy|dct:references|dct:requires"
            "|dct:isPartOf|dct:hasPart|dcat:inSeries|dct:replaces|dct:isVersionOf|dcat:hasVersion ?b",
        )
    ],
    "P18b": [
        (
            "model",
            "model",
            "?a dct:isPartOf|dct:hasPart|dct:replaces|dct:isReplacedBy|prof:isProfileOf|dct:conformsTo ?b",
        )
    ],
    "P19": [
        ("service event", "agency", "?a cv:hasParticipation/(cv:hasParticipant|^cv:participates|^cv:playsRole) ?b"),
    ],
    "P19b": [("dataset", "agency", "?a prov:qualifiedAttribution/prov:agent ?b")],
    "P20": [("service", "service", "?a dct:requires|dct:relation|cv:relatedService|cv:hasRelatedService ?b")],
}
"""P2, P3, P8b, P17b, P21 and P21b have a shape of their own, and tests of their own below."""


def node(number: int) -> NamedNode:
    return NamedNode(f"https://x.example/{number}")


def expand(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode((NAMES.ns if prefix == "kg" else PREFIXES[prefix]) + local)


def store_of(
    classes: Sequence[str], triples: Sequence[tuple[int, NamedNode, int, bool]]
) -> tuple[Store, list[NamedNode]]:
    """A store of nodes with a class each, and of triples between them, asserted or inferred."""
    store = Store()
    for number, kind in enumerate(classes):
        store.add(Quad(node(number), TYPE, expand(CLASSES[kind])))
    for subject, predicate, object_, asserted in triples:
        graph = DefaultGraph() if asserted else INFERRED
        store.add(Quad(node(subject), predicate, node(object_), graph))
    return store, [node(number) for number in range(len(classes))]


def properties_of(name: str) -> list[NamedNode]:
    """The properties that matter to a path, by its patterns."""
    written = " ".join(pattern for _, _, pattern in ORACLE[name])
    return sorted({expand(curie) for curie in CURIE.findall(written)}, key=str)


@st.composite
def graphs(draw: st.DrawFn, name: str) -> tuple[list[str], list[tuple[int, NamedNode, int, bool]]]:
    ends = {kind for near, far, _ in ORACLE[name] for kind in (*near.split(), *far.split())}
    # The ends of the path, mostly, and one kind that it must not lead to.
    kinds = st.sampled_from(sorted({*ends, "theme", "law"}))
    near, far = draw(st.sampled_from([(near.split(), far.split()) for near, far, _ in ORACLE[name]]))
    both = [draw(st.sampled_from(near)), draw(st.sampled_from(far))]
    classes = [*both, *draw(st.lists(kinds, min_size=1, max_size=2))]
    numbers = st.integers(0, len(classes) - 1)
    triple = st.tuples(numbers, st.sampled_from(properties_of(name)), numbers, st.booleans())
    return classes, draw(st.lists(triple, min_size=8, max_size=24))


def expected(store: Store, name: str) -> set[tuple[str, str]]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in {**PREFIXES, "kg": NAMES.ns}.items())
    found: set[tuple[str, str]] = set()
    for near, far, pattern in ORACLE[name]:
        kinds = [" ".join(CLASSES[kind] for kind in side.split()) for side in (near, far)]
        query = (
            f"{prefixes}SELECT DISTINCT ?a ?b WHERE {{ {{ {pattern} }} ?a a ?ka . ?b a ?kb ."
            f" VALUES ?ka {{ {kinds[0]} }} VALUES ?kb {{ {kinds[1]} }} FILTER (?a != ?b) }}"
        )
        answer = store.query(query, default_graph=[DefaultGraph(), INFERRED])
        assert isinstance(answer, QuerySolutions)
        found |= {(row["a"].value, row["b"].value) for row in answer}
    return found


def walked(store: Store, nodes: Sequence[NamedNode], name: str, *, back: bool) -> Iterator[Step]:
    graph = Graph(Known(Ground(store, NAMES.inferred), NAMES))
    for each in nodes:
        kind = graph.kind_of(each)
        if kind is not None:
            yield from steps(graph, each, kind, PATH_NAMES[name], back=back)


@pytest.mark.parametrize("name", sorted(ORACLE))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_path_leads_where_the_pattern_does_and_back(name: str, data: st.DataObject) -> None:
    classes, triples = data.draw(graphs(name))
    store, nodes = store_of(classes, triples)
    wanted = expected(store, name)
    forth = list(walked(store, nodes, name, back=False))
    assert {(step.source.value, step.target.value) for step in forth} == wanted
    if name not in {"P8", "P17"}:  # back from an agency goes to what it publishes itself
        back = {(step.source.value, step.target.value) for step in walked(store, nodes, name, back=True)}
        assert back == wanted
    for step in forth:
        for fact in step.facts:
            graph = DefaultGraph() if fact.asserted else INFERRED
            assert Quad(fact.subject, fact.predicate, fact.object, graph) in store


def test_each_path_of_hops_has_a_pattern_to_be_compared_with() -> None:
    assert {path.name for path in PATHS if path.shape is Shape.HOPS} <= ORACLE.keys()
    assert set(ORACLE) <= PATH_NAMES.keys()


def test_the_words_of_a_path_are_there_in_both_languages() -> None:
    for path in PATHS:
        assert min(len(path.words.nb), len(path.words.en)) > 5
        assert path.group in Group
        assert path.strength in Strength


@pytest.mark.parametrize("written", ["dct:subject /", "nowhere:title", "dct:title dct:title", ""])
def test_a_form_that_is_no_path_is_refused(written: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        forms("dataset", "model", written)


def trig(text: str) -> Graph:
    """A graph of Turtle text with the prefixes of the paths; `:` is a namespace of examples."""
    prefixes = {**PREFIXES, "kg": NAMES.ns, "": "https://x.example/"}
    store = Store()
    store.load("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items()) + text, RdfFormat.TRIG)
    return Graph(Known(Ground(store, NAMES.inferred), NAMES))


def taken(graph: Graph, name: str, start: str, *, back: bool = False) -> list[tuple[str, str]]:
    begin = NamedNode(f"https://x.example/{start}")
    kind = graph.kind_of(begin)
    assert kind is not None
    found = steps(graph, begin, kind, PATH_NAMES[name], back=back)
    return [(step.source.value.rpartition("/")[2], step.target.value.rpartition("/")[2]) for step in found]


MODELS = """
    :m1 a m:InformationModel ; dct:publisher :one ; m:containsModelElement :person .
    :person a m:ObjectType ; m:hasProperty :fnr, :adresse .
    :fnr a m:Attribute ; dct:subject :c ; dct:title "fødselsnummer"@nb .
    :adresse a m:Role ; m:hasObjectType :adr .
    :adr a m:ObjectType ; m:hasProperty :postnr .
    :postnr a m:Attribute ; dct:subject :p .
    :m2 a m:InformationModel ; dct:publisher :two ; m:containsModelElement :soker, :kopi .
    :soker a m:ObjectType ; dct:subject :c ; m:hasProperty :sokerFnr .
    :sokerFnr a m:Attribute ; dct:subject :c ; dct:title "Fødselsnummer"@nb .
    :kopi a m:SimpleType ; dct:subject <http://publications.europa.eu/resource/authority/data-theme/SOCI> .
    :m3 a m:InformationModel ; dct:publisher :one ; m:containsModelElement :annen .
    :annen a m:ObjectType ; dct:subject :c .
    :c a kg:CatalogueConcept ; skos:prefLabel "fødselsnummer"@nb ; dct:publisher :one .
    :one a org:Organization . :two a org:Organization .
"""


def test_an_element_that_no_model_lists_is_in_the_model_whose_property_has_it_as_its_type() -> None:
    graph = trig(MODELS)
    assert taken(graph, "P2", "postnr", back=True) == [("m1", "postnr")]
    assert taken(graph, "P2", "fnr", back=True) == [("m1", "fnr")]
    parts = {target for _, target in taken(graph, "P2", "m1")}
    assert parts == {"person", "fnr", "adresse", "adr", "postnr"}


def test_two_elements_share_a_concept_only_across_models_of_two_agencies() -> None:
    graph = trig(MODELS)
    assert taken(graph, "P3", "fnr") == [("fnr", "soker"), ("fnr", "sokerFnr")]
    assert taken(graph, "P3", "annen") == [("annen", "soker"), ("annen", "sokerFnr")]  # not :fnr, of the same agency
    assert ("soker", "sokerFnr") not in taken(graph, "P3", "soker")  # of one model


def test_a_theme_is_no_concept_even_where_nobody_describes_it() -> None:
    graph = trig(MODELS)
    assert taken(graph, "P1b", "kopi") == []
    assert taken(graph, "P1", "postnr") == [("postnr", "p")]  # what nobody describes may be one


def test_equal_names_are_suggested_across_agencies_with_a_reason() -> None:
    graph = trig(MODELS)
    found = steps(graph, NamedNode("https://x.example/sokerFnr"), NodeKind.ELEMENT, PATH_NAMES["P21"], back=False)
    assert [step.target.value.rpartition("/")[2] for step in found] == ["c", "fnr"]
    assert all(step.reason and step.reason.en == "both are called “Fødselsnummer”" for step in found)
    assert [len(step.facts) for step in found] == [2, 2]


def test_equal_type_definitions_are_suggested_across_agencies() -> None:
    graph = trig(
        """
        :m1 a m:InformationModel ; dct:publisher :one ; m:containsModelElement :t1, :t3 .
        :m2 a m:InformationModel ; dct:publisher :two ; m:containsModelElement :t2 .
        :t1 a m:SimpleType ; m:typeDefinitionReference "https://x.example/type"^^xsd:anyURI .
        :t2 a m:SimpleType ; m:typeDefinitionReference "https://x.example/type"^^xsd:anyURI .
        :t3 a m:SimpleType ; m:typeDefinitionReference "https://x.example/type"^^xsd:anyURI .
        :one a org:Organization . :two a org:Organization .
        """
    )
    assert taken(graph, "P21b", "t1") == [("t1", "t2")]


def test_the_organisation_above_is_read_from_the_path_of_numbers() -> None:
    graph = trig(
        """
        <https://data.norge.no/organizations/974760673> a org:Organization ;
            <https://raw.githubusercontent.com/Informasjonsforvaltning/organization-catalog/main/src/main/resources/ontology/organization-catalog.owl#orgPath>
            "/STAT/912660680/974760673" .
        <https://data.norge.no/organizations/912660680> a org:Organization .
        """
    )
    below = NamedNode("https://data.norge.no/organizations/974760673")
    found = steps(graph, below, NodeKind.AGENCY, PATH_NAMES["P8b"], back=False)
    assert [step.target.value for step in found] == ["https://data.norge.no/organizations/912660680"]


def test_an_activity_leads_to_who_was_associated_with_it() -> None:
    graph = trig(
        """
        :d a dcat:Dataset ; dct:publisher :one ; prov:wasGeneratedBy :a, :b .
        :a prov:wasAssociatedWith :two . :b a prov:Activity .
        :one a org:Organization . :two a org:Organization .
        """
    )
    assert taken(graph, "P17b", "d") == [("d", "one"), ("d", "two")]


def test_a_service_has_its_legal_basis_by_way_of_the_rule_that_it_fulfils() -> None:
    graph = trig(
        ":s a cpsv:PublicService ; cv:fulfils :r . :r a cpsv:Rule ; cpsv:implements :l . :l a eli:LegalResource ."
    )
    assert taken(graph, "P16", "s") == [("s", "l")]
    assert taken(graph, "P16", "l", back=True) == [("s", "l")]


def test_a_step_in_a_circle_ends() -> None:
    graph = trig(
        """
        :s a cpsv:PublicService ; cv:holdsRequirement :r1 .
        :r1 cv:hasRequirement :r2 . :r2 cv:hasRequirement :r1 ; cv:hasConcept :i .
        :i a cv:InformationConcept .
        :m a m:InformationModel ; m:containsModelElement :x .
        :x a m:ObjectType ; m:hasProperty :x .
        """
    )
    assert taken(graph, "P11", "s") == [("s", "i")]
    assert taken(graph, "P2", "m") == [("m", "x")]


def test_an_asserted_statement_hides_what_is_inferred_between_the_same_two() -> None:
    store = Store()
    nodes = [node(0), node(1)]
    for each in nodes:
        store.add(Quad(each, TYPE, expand("dcat:Dataset")))
    store.add(Quad(nodes[0], expand("dct:references"), nodes[1]))
    store.add(Quad(nodes[0], expand("dct:relation"), nodes[1], INFERRED))
    (step,) = walked(store, nodes, "P18", back=False)
    assert [fact.asserted for fact in step.facts] == [True]


def test_labels_and_literals_of_any_kind_do_no_harm() -> None:
    store = Store()
    store.add(Quad(node(0), TYPE, expand("dcat:Dataset")))
    for value in ("\x00\x1b[31m", "\u202e", "a" * 100_000, '"><script>', " "):
        store.add(Quad(node(0), expand("dct:title"), Literal(value)))
    store.add(Quad(node(0), expand("dct:subject"), Literal("no node")))
    graph = Graph(Known(Ground(store, NAMES.inferred), NAMES))
    assert len(graph.label_of(node(0), "nb")) <= 300
    assert list(walked(store, [node(0)], "P6", back=False)) == []
