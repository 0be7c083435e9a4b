"""The demo is what its README says: strict Turtle, complete by the profiles, with the planted findings."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from kg.namespaces import WELL_KNOWN_PREFIXES

DEMO = Path(__file__).resolve().parents[1] / "demo"
README = (DEMO / "README.md").read_text(encoding="utf-8")
CATALOGUES = sorted((DEMO / "catalogues").glob("*.ttl"))
EARLIER = DEMO / "versions" / "2025-01" / "nav-datasett.ttl"
CURRENT = DEMO / "catalogues" / "nav-datasett.ttl"
BASE = "https://demo.kunnskapsgraf.example/"
PREFIXES = "".join(
    f"PREFIX {name}: <{namespace}>\n"
    for name, namespace in {**WELL_KNOWN_PREFIXES, "difi": "http://difi.no/skosno#"}.items()
)
AUTHORITATIVE = "<http://data.brreg.no/datakatalog/provinens/nasjonal>"
# The organisation number is the last path segment of all four forms of an agency's IRI.
ORGNR = "REPLACE(STR({}), '^.*/', '')"

LABELS = "skos:prefLabel | skosxl:prefLabel/skosxl:literalForm"
DEFINITIONS = (
    "skos:definition | euvoc:xlDefinition/rdf:value"
    " | skosno:definisjon/rdfs:label | difi:betydningsbeskrivelse/rdfs:label"
)
EVIDENCE = "cpsvno:hasRequiredEvidence | cpsv:hasInput"
OUTPUT = "cpsvno:hasPossibleOutput | cpsv:produces"
# Class, and what the profile makes mandatory or the demo promises; old and new forms are alternatives.
MANDATORY = {
    "dcat:Catalog": ["dct:title", "dct:description", "dct:publisher", "dct:identifier", "dcat:contactPoint"],
    "dcat:Dataset": [
        "dct:title",
        "dct:description",
        "dct:identifier",
        "dct:publisher",
        "dcat:contactPoint",
        "dcat:theme",
        "dct:accessRights",
        "dct:accrualPeriodicity",
        "dct:provenance",
        "dct:subject",
    ],
    "dcat:Distribution": ["dct:title", "dcat:accessURL", "dct:format", "dcat:mediaType"],
    "dcat:DataService": [
        "dct:title",
        "dct:publisher",
        "dcat:contactPoint",
        "dcat:endpointURL",
        "dcat:endpointDescription",
        "dcat:servesDataset",
    ],
    "modelldcatno:InformationModel": [
        "dct:title",
        "dct:description",
        "dct:publisher",
        "dcat:contactPoint",
        "modelldcatno:informationModelIdentifier",
        "modelldcatno:containsModelElement",
    ],
    "modelldcatno:Attribute": [
        "dct:title",
        "modelldcatno:hasSimpleType | modelldcatno:hasDataType | modelldcatno:hasValueFrom"
        " | modelldcatno:containsObjectType",
        "modelldcatno:maxOccurs | xsd:maxOccurs",
    ],
    "modelldcatno:Role": ["dct:title", "modelldcatno:hasObjectType"],
    "modelldcatno:CodeElement": ["skos:inScheme", "skos:notation", "skos:prefLabel"],
    "skos:Collection": ["dct:title", "dct:publisher", "dct:identifier", "dcat:contactPoint", "skos:member"],
    "skos:Concept": [LABELS, DEFINITIONS, "dct:identifier", "dct:publisher", "dcat:contactPoint"],
    "cpsv:PublicService": [
        "dct:title",
        "dct:description",
        "dct:identifier",
        "cv:contactPoint",
        "cv:hasCompetentAuthority",
        "cv:isGroupedBy",
        "cpsv:follows/cpsv:implements",
        EVIDENCE,
        OUTPUT,
    ],
    "cpsvno:RequiredEvidence": ["dct:title", "dct:description"],
    "cpsvno:PossibleOutput": ["dct:title", "dct:description"],
    "cpsv:Rule": ["dct:title", "dct:description", "dct:identifier", "cpsv:implements"],
    "cv:Channel": ["dct:identifier"],
    "cv:Participation": ["dct:description", "dct:identifier", "cv:role"],
    "cv:InformationConcept": ["cv:expressionOfExpectedValue"],
    "cv:LifeEvent": ["dct:title", "dct:identifier", "cpsvno:mayTriggerNeedFor"],
    "cv:PublicOrganisation": ["skos:prefLabel", "dct:identifier", "dct:spatial"],
    "foaf:Agent": ["dct:identifier", "foaf:name"],
    "eli:LegalResource": ["dct:title"],
}
KI_COLUMNS = [
    "",
    "Prosjekteier",
    "Prosjekttittel",
    "Departement",
    "Eiertype",
    "Sektor (intern | ikke publisering)",
    "Beskrivelse av prosjekt",
    "Formål med prosjekt",
    "Prosjektstart",
    "Prosjektslutt",
    "Tilknyttede organisasjoner",
    "Bruk av innleide konsulenter",
    "Lenke til prosjekt",
    "Status",
    "Type data",
    "Datakilde",
    "Modellutvikling",
    "Klassifisering",
]

Row = tuple[str, ...]


def load(*paths: Path) -> Store:
    store = Store()
    for path in paths:
        store.extend(parse(path=path, format=RdfFormat.TURTLE))
    return store


def ask(store: Store, query: str) -> set[Row]:
    """Rows of a SELECT as plain text, IRIs of the demo without their base, unbound as the empty string."""
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, QuerySolutions)
    width = len(solutions.variables)
    rows = set()
    for solution in solutions:
        terms = [solution[index] for index in range(width)]
        values = [term.value if isinstance(term, NamedNode | BlankNode | Literal) else "" for term in terms]
        rows.add(tuple(value.removeprefix(BASE) for value in values))
    return rows


def one_column(store: Store, query: str) -> set[str]:
    return {row[0] for row in ask(store, query)}


def pairs(rows: Iterable[Row]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows}


def section(heading: str) -> str:
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README has no section {heading}"
    return found[1]


def tables(heading: str) -> list[list[Row]]:
    """The bodies of the tables of one section, cells without the marks of code and links."""
    grouped: list[list[Row]] = []
    inside = False
    for line in section(heading).splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        if not inside:
            grouped.append([])
        inside = True
        cells = [cell.strip().strip("<>").replace("`", "") for cell in line.strip("|").split("|")]
        grouped[-1].append(tuple(cells))
    return [table[2:] for table in grouped]


def has_check_digit(orgnr: str) -> bool:
    """Modulus 11 with the weights of the organisation number; the ninth digit is the check digit."""
    weighted = sum(int(digit) * weight for digit, weight in zip(orgnr, (3, 2, 7, 6, 5, 4, 3, 2), strict=False))
    return len(orgnr) == 9 and (11 - weighted % 11) % 11 == int(orgnr[8])


@pytest.fixture(scope="module")
def demo() -> Store:
    return load(*CATALOGUES)


@pytest.mark.parametrize("path", [*CATALOGUES, EARLIER], ids=lambda path: path.parent.name + "/" + path.name)
def test_file_is_strict_turtle_with_one_catalogue(path: Path) -> None:
    store = load(path)
    containers = one_column(store, "SELECT ?c { ?c a ?type VALUES ?type { dcat:Catalog skos:Collection } }")
    assert len(containers) == (path.name != "organisasjoner.ttl")


def test_counts_are_those_of_the_readme(demo: Store) -> None:
    def number(pattern: str) -> int:
        return int(one_column(demo, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}").pop())

    with (DEMO / "ki-prosjekter.csv").open(encoding="utf-8", newline="") as file:
        projects = sum(1 for _ in csv.DictReader(file))
    element = "[] modelldcatno:containsModelElement ?x"
    counted = {
        "files": len(CATALOGUES),
        "distinct triples": len(demo),
        "agencies": number(f"?agent a foaf:Agent BIND({ORGNR.format('?agent')} AS ?x)"),
        "datasets": number("?x a dcat:Dataset"),
        "distributions": number("?x a dcat:Distribution"),
        "data services": number("?x a dcat:DataService"),
        "information models": number("?x a modelldcatno:InformationModel"),
        "model elements": number(element),
        "properties of model elements": number("[] modelldcatno:containsModelElement/modelldcatno:hasProperty ?x"),
        "code elements": number("?x a modelldcatno:CodeElement"),
        "concepts": number("?x a skos:Concept"),
        "public services": number("?x a cpsv:PublicService"),
        "required evidence": number(f"?service {EVIDENCE} ?x"),
        "possible output": number(f"?service {OUTPUT} ?x"),
        "life events": number("?x a cv:LifeEvent"),
        "AI projects": projects,
    }
    assert {what: str(count) for what, count in counted.items()} == pairs(tables("Counts")[0])
    least = {
        "agencies": 8,
        "datasets": 20,
        "data services": 6,
        "concepts": 40,
        "properties of model elements": 60,
    }
    assert all(counted[what] >= count for what, count in least.items())
    exact = {"information models": 6, "public services": 6, "life events": 1, "AI projects": 5}
    assert all(counted[what] == count for what, count in exact.items())
    assert 2500 <= counted["distinct triples"] <= 4000


def test_every_organisation_number_has_its_check_digit(demo: Store) -> None:
    agents = "?x dct:publisher | cv:hasCompetentAuthority ?agent"
    published = ask(demo, f"SELECT DISTINCT ({ORGNR.format('?agent')} AS ?orgnr) {{ {agents} }}")
    described = ask(demo, "SELECT DISTINCT ?orgnr { ?agent a foaf:Agent ; dct:identifier ?orgnr }")
    assert published == described
    assert all(has_check_digit(orgnr) for (orgnr,) in described)
    assert not has_check_digit("974760674")


def test_every_agency_is_named_by_several_iris_that_end_in_its_number(demo: Store) -> None:
    forms = ask(demo, "SELECT ?agent ?orgnr { ?agent a foaf:Agent ; dct:identifier ?orgnr }")
    assert all(agent.endswith("/" + orgnr) for agent, orgnr in forms)
    per_number = {orgnr: {agent for agent, other in forms if other == orgnr} for _, orgnr in forms}
    assert all(2 <= len(agents) <= 3 for agents in per_number.values())
    used = {agent.rpartition("/")[0] + "/" for agent, _ in forms}
    assert used == set(re.findall(r"`(https://[^`]*(?:organizations|enheter)/)`", section("Counts")))


def test_every_reference_into_the_demo_resolves(demo: Store) -> None:
    described = one_column(demo, f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}')) }}")
    named = one_column(demo, f"SELECT DISTINCT ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), '{BASE}') && isIRI(?o)) }}")
    assert named - described == set()
    broken = "?property dct:subject ?concept FILTER NOT EXISTS { ?concept a skos:Concept }"
    assert ask(demo, f"SELECT ?property ?concept {{ {broken} }}") == {
        row[:2] for row in tables("Gaps and broken links")[1]
    }


def test_references_lead_to_the_class_that_the_profile_asks_for(demo: Store) -> None:
    targets = {
        "dct:subject": "skos:Concept",
        "dcat:servesDataset": "dcat:Dataset",
        "dcat:accessService": "dcat:DataService",
        "dct:isPartOf": "dcat:Dataset",
        "skos:member": "skos:Concept",
        "modelldcatno:hasProperty": "?kind",
    }
    for predicate, target in targets.items():
        wrong = f"?s {predicate} ?o FILTER(STRSTARTS(STR(?o), '{BASE}')) FILTER NOT EXISTS {{ ?o a {target} }}"
        assert ask(demo, f"SELECT ?s ?o {{ {wrong} }}") == set(), predicate
        assert ask(demo, f"SELECT ?s ?o {{ ?s {predicate} ?o }}"), predicate
    models = "?o a modelldcatno:InformationModel"
    wrong = f"?s dct:conformsTo ?o FILTER NOT EXISTS {{ {models} }}"
    assert ask(demo, f"SELECT ?s ?o {{ {wrong} }}") == set()
    assert ask(demo, f"SELECT ?o {{ ?s a dcat:Dataset ; dct:conformsTo ?o . {models} }}") == ask(
        demo, f"SELECT ?o {{ {models} }}"
    )


@pytest.mark.parametrize("kind", MANDATORY)
def test_mandatory_properties_are_present(demo: Store, kind: str) -> None:
    assert ask(demo, f"SELECT ?s {{ ?s a {kind} FILTER(!isBlank(?s)) }}") or kind == "cv:Channel"
    for path in MANDATORY[kind]:
        lacking = f"?s a {kind} FILTER NOT EXISTS {{ ?s ({path}) ?value }} BIND(STR(?s) AS ?subject)"
        assert ask(demo, f"SELECT ?subject {{ {lacking} }}") == set(), path


def test_each_resource_has_one_publisher(demo: Store) -> None:
    many = "SELECT ?s { ?s dct:publisher ?agent } GROUP BY ?s HAVING (COUNT(?agent) != 1)"
    assert ask(demo, many) == set()


def test_each_dataset_has_an_eu_theme_and_open_distributions_a_licence(demo: Store) -> None:
    eu = "?d dcat:theme ?theme FILTER(CONTAINS(STR(?theme), '/authority/data-theme/'))"
    assert ask(demo, f"SELECT ?d {{ ?d a dcat:Dataset FILTER NOT EXISTS {{ {eu} }} }}") == set()
    public = "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>"
    unlicensed = f"?d {public} ; dcat:distribution ?x FILTER NOT EXISTS {{ ?x dct:license ?licence }}"
    assert ask(demo, f"SELECT ?d {{ {unlicensed} }}") == set()
    no_law = "FILTER NOT EXISTS { ?d dcatap:applicableLegislation | cpsv:follows/cpsv:implements ?law }"
    assert one_column(demo, f"SELECT ?d {{ ?d a dcat:Dataset {no_law} }}") == {"digdir/datasett/felles-datakatalog"}


def test_concepts_have_one_label_in_each_written_norwegian(demo: Store) -> None:
    for language in ("nb", "nn"):
        labelled = f"OPTIONAL {{ ?c ({LABELS}) ?label FILTER(LANG(?label) = '{language}') }}"
        wrong = f"{{ ?c a skos:Concept {labelled} }} GROUP BY ?c HAVING (COUNT(?label) != 1)"
        assert ask(demo, f"SELECT ?c {wrong}") == set()


def test_titles_of_services_and_events_are_in_both_written_norwegians(demo: Store) -> None:
    for language in ("nb", "nn"):
        titled = f"?s dct:title ?title FILTER(LANG(?title) = '{language}')"
        kinds = "VALUES ?kind { cpsv:PublicService cv:LifeEvent cpsvno:RequiredEvidence cpsvno:PossibleOutput }"
        assert ask(demo, f"SELECT ?s {{ {kinds} ?s a ?kind FILTER NOT EXISTS {{ {titled} }} }}") == set()


def test_services_are_grouped_by_the_event_and_contained_in_the_catalogue(demo: Store) -> None:
    services = one_column(demo, "SELECT ?s { ?s a cpsv:PublicService }")
    assert services == one_column(demo, "SELECT ?s { [] dcatno:containsEvent/cpsvno:mayTriggerNeedFor ?s }")
    assert services == one_column(demo, "SELECT ?s { [] dcatno:containsService ?s }")
    assert services == one_column(demo, "SELECT ?s { ?s cv:isGroupedBy/a cv:LifeEvent }")
    implemented = one_column(demo, "SELECT ?law { ?s cpsv:follows/cpsv:implements ?law . ?law a eli:LegalResource }")
    assert "https://lovdata.no/eli/lov/2019/06/14/21" in implemented
    assert all(law.startswith("https://lovdata.no/eli/") for law in implemented)


def test_duplicate_collections_are_those_of_the_readme(demo: Store) -> None:
    found = ask(
        demo,
        f"""SELECT ?service ?evidence ?dataset ?holder ?api {{
            ?service cv:hasCompetentAuthority ?authority ; ({EVIDENCE}) ?evidence .
            ?evidence dct:isPartOf ?dataset . ?dataset dct:publisher ?publisher
            BIND({ORGNR.format("?publisher")} AS ?holder) FILTER(?holder != {ORGNR.format("?authority")})
            FILTER NOT EXISTS {{ ?service cv:hasChannel/cpsvno:dataService/dcat:servesDataset ?dataset }}
            BIND(IF(EXISTS {{ ?x dcat:servesDataset ?dataset }}, "yes", "no") AS ?api) }}""",
    )
    assert found == set(tables("Duplicate collections")[0])
    assert {row[4] for row in found} == {"yes", "no"}
    keys = {"skatteetaten/begrep/d-nummer"}
    collected = ask(
        demo,
        f"""SELECT ?dataset ?element ?source ?holder ?api ?concept {{
            ?dataset dct:provenance <http://data.brreg.no/datakatalog/provinens/bruker> ; dct:publisher ?collector ;
                dct:conformsTo/modelldcatno:containsModelElement/modelldcatno:hasProperty ?element .
            ?element dct:subject ?concept .
            ?source dct:subject ?concept ; dct:provenance {AUTHORITATIVE} ; dct:publisher ?publisher .
            BIND({ORGNR.format("?publisher")} AS ?holder) FILTER(?holder != {ORGNR.format("?collector")})
            FILTER NOT EXISTS {{ ?dataset dct:source ?source }}
            BIND(IF(EXISTS {{ ?x dcat:servesDataset ?source }}, "yes", "no") AS ?api) }}""",
    )
    assert {row[:5] for row in collected if row[5] not in keys} == set(tables("Duplicate collections")[1])
    assert keys <= {row[5] for row in collected}


def test_near_misses_of_duplicate_collections_are_there(demo: Store) -> None:
    own = ask(
        demo,
        f"""SELECT DISTINCT ?service {{
            ?service cv:hasCompetentAuthority ?authority ; ({EVIDENCE})/dct:isPartOf/dct:publisher ?publisher
            FILTER({ORGNR.format("?publisher")} = {ORGNR.format("?authority")}) }}""",
    )
    assert own == {("nav/tjeneste/omstillingsstonad",), ("kartverket/tjeneste/tinglysing-ved-arv",)}
    reuse = "SELECT ?s { ?s cv:hasParticipation ?part ; cv:hasChannel/cpsvno:dataService ?api }"
    assert ask(demo, reuse) == {("digdir/tjeneste/digitalt-dodsbo",)}


def test_forks_are_those_of_the_readme(demo: Store) -> None:
    found = ask(
        demo,
        """SELECT ?label ?left ?right ?link {
            ?left a skos:Concept ; skos:prefLabel ?label . ?right a skos:Concept ; skos:prefLabel ?label
            FILTER(LANG(?label) = 'nb' && STR(?left) < STR(?right))
            FILTER NOT EXISTS { ?left skos:exactMatch | ^skos:exactMatch ?right }
            BIND(IF(EXISTS { ?left skos:closeMatch | ^skos:closeMatch ?right },
                    "skos:closeMatch", "nothing") AS ?link) }""",
    )
    assert found == set(tables("Forks")[0])
    assert ask(demo, "SELECT ?left { ?left skos:exactMatch/skos:exactMatch ?left }") == {
        ("kartverket/begrep/kommunenummer",),
        ("ssb/begrep/kommunenummer",),
    }


def test_claims_of_authority_are_those_of_the_readme(demo: Store) -> None:
    claims = ask(
        demo,
        f"""SELECT ?concept ?dataset ?holder {{ ?concept a skos:Concept .
            ?dataset a dcat:Dataset ; dct:subject ?concept ; dct:publisher ?publisher ;
                dct:provenance {AUTHORITATIVE}
            BIND({ORGNR.format("?publisher")} AS ?holder) }}""",
    )
    words = {0: "nobody", 1: "one"}
    for concept, claimed_by, datasets in tables("Authority")[0]:
        found = {(dataset, holder) for claimed, dataset, holder in claims if claimed == concept}
        assert {dataset for dataset, _ in found} == set(datasets.split())
        assert words.get(len({holder for _, holder in found}), "several") == claimed_by
    holders = {concept: {row[2] for row in claims if row[0] == concept} for concept, _, _ in claims}
    assert [concept for concept, agencies in holders.items() if len(agencies) > 1] == ["nav/begrep/arbeidsforhold"]
    unclaimed = ask(
        demo,
        f"""SELECT ?concept {{ ?dataset a dcat:Dataset ; dct:subject ?concept ; dct:publisher ?publisher
            BIND({ORGNR.format("?publisher")} AS ?holder)
            FILTER NOT EXISTS {{ [] dct:subject ?concept ; dct:provenance {AUTHORITATIVE} }} }}
            GROUP BY ?concept HAVING (COUNT(DISTINCT ?holder) > 1)""",
    )
    assert unclaimed == {("nav/begrep/kontonummer",)}


def test_shared_elements_are_those_of_the_readme(demo: Store) -> None:
    found = ask(
        demo,
        f"""SELECT ?concept (COUNT(DISTINCT ?holder) AS ?agencies) {{
            ?model a modelldcatno:InformationModel ; dct:publisher ?publisher ;
                modelldcatno:containsModelElement/modelldcatno:hasProperty?/dct:subject ?concept .
            BIND({ORGNR.format("?publisher")} AS ?holder) }}
            GROUP BY ?concept HAVING (COUNT(DISTINCT ?holder) > 1)""",
    )
    assert found == set(tables("Shared elements")[0])


def test_gaps_are_those_of_the_readme(demo: Store) -> None:
    found = ask(
        demo,
        """SELECT ?model (COUNT(DISTINCT ?property) AS ?n) {
            ?model modelldcatno:containsModelElement/modelldcatno:hasProperty ?property
            FILTER NOT EXISTS { ?property dct:subject ?concept }
            FILTER NOT EXISTS { ?property a modelldcatno:Specialization } } GROUP BY ?model""",
    )
    assert found == set(tables("Gaps and broken links")[0])
    unserved = "FILTER NOT EXISTS { ?service dcat:servesDataset ?dataset }"
    named = set(re.findall(r"`([^`]*/datasett/[^`]*)`", section("Gaps and broken links")))
    assert (
        one_column(demo, f"SELECT ?dataset {{ ?dataset dct:provenance {AUTHORITATIVE} {unserved} }}")
        | {"domstolene/datasett/skifteattester"}
        == named
    )
    bare = "FILTER NOT EXISTS { ?dataset dcat:distribution ?x }"
    asked_for = f"?evidence dct:isPartOf ?dataset . ?service ({EVIDENCE}) ?evidence"
    from_others = one_column(demo, f"SELECT ?dataset {{ {asked_for} {unserved} {bare} }}")
    assert "domstolene/datasett/skifteattester" in from_others


def test_broken_link_that_can_be_mended_shares_its_uuid_with_a_concept(demo: Store) -> None:
    concepts = one_column(demo, "SELECT ?c { ?c a skos:Concept }")
    for _, reference, mended in tables("Gaps and broken links")[1]:
        uuid = reference.rpartition("/")[2]
        same = [concept for concept in concepts if concept.endswith(uuid)]
        assert [word for word in mended.split() if "/begrep/" in word] == same
        assert mended.startswith("yes" if same else "no")


def test_older_forms_stand_beside_the_newer(demo: Store) -> None:
    old_services = one_column(demo, "SELECT ?s { ?s cpsv:hasInput ?in ; cpsv:produces ?out }")
    new_services = one_column(demo, "SELECT ?s { ?s cpsvno:hasRequiredEvidence ?in ; cpsvno:hasPossibleOutput ?out }")
    assert (old_services, len(new_services)) == ({"nav/tjeneste/gravferdsstonad"}, 5)
    old_concepts = one_column(demo, "SELECT ?c { ?c skosxl:prefLabel ?label }")
    assert old_concepts == one_column(demo, "SELECT ?c { ?c skosno:definisjon | difi:betydningsbeskrivelse ?note }")
    assert old_concepts == {f"brreg/begrep/{name}" for name in ("rolle", "stiftelsesdato", "panterett")}
    occurrences = "SELECT ?m {{ ?m modelldcatno:containsModelElement/modelldcatno:hasProperty/{}:maxOccurs ?n }}"
    assert one_column(demo, occurrences.format("xsd")) == {"brreg/modell/enhet"}
    assert len(one_column(demo, occurrences.format("modelldcatno"))) == 5
    replaced = "SELECT ?old ?new { ?old dct:isReplacedBy ?new . ?new dct:replaces ?old }"
    assert ask(demo, replaced) == {("nav/begrep/gjenlevendepensjon", "nav/begrep/omstillingsstonad")}


def test_only_the_invented_person_is_a_personal_contact_point(demo: Store) -> None:
    assert ask(demo, "SELECT ?c ?name { ?c a vcard:Individual ; vcard:fn ?name }") == {
        ("husbanken/kontakt", "Prøve Eksempelsen")
    }
    points = "?x dcat:contactPoint | cv:contactPoint ?c"
    kinds = "VALUES ?kind { vcard:Organization cv:ContactPoint vcard:Individual }"
    assert ask(demo, f"SELECT ?c {{ {points} FILTER NOT EXISTS {{ {kinds} ?c a ?kind }} }}") == set()


def test_addresses_lead_nowhere(demo: Store) -> None:
    reachable = (
        "dcat:endpointURL | dcat:endpointDescription | dcat:accessURL | dcat:downloadURL"
        " | vcard:hasEmail | vcard:hasURL | cv:contactPage"
    )
    addresses = one_column(demo, f"SELECT DISTINCT ?address {{ ?x ({reachable}) ?address }}")
    assert len(addresses) > 20
    hosts = {re.split(r"//|@", address, maxsplit=1)[1].split("/")[0] for address in addresses}
    assert all(host.endswith(".example") for host in hosts)
    assert one_column(demo, "SELECT ?tel { ?x vcard:hasTelephone ?tel }") == {"tel:+4700000000"}


def test_editions_differ_as_the_readme_says() -> None:
    old, new = load(EARLIER), load(CURRENT)

    def catalogued(store: Store) -> set[str]:
        return one_column(store, "SELECT ?d { ?c a dcat:Catalog ; dcat:dataset ?d . ?d a dcat:Dataset }")

    common = catalogued(old) & catalogued(new)
    found = {("added", dataset, "", "") for dataset in catalogued(new) - common}
    found |= {("removed", dataset, "", "") for dataset in catalogued(old) - common}
    queries = {
        "title": "SELECT ?d ?v { ?d a dcat:Dataset ; dct:title ?v FILTER(LANG(?v) = 'nb') }",
        "frequency": "SELECT ?d ?v { ?d dct:accrualPeriodicity ?f BIND(REPLACE(STR(?f), '^.*/', '') AS ?v) }",
        "distribution added": "SELECT ?d (COUNT(?x) AS ?v) { ?d dcat:distribution ?x } GROUP BY ?d",
    }
    for change, query in queries.items():
        was, now = pairs(ask(old, query)), pairs(ask(new, query))
        found |= {(change, d, was[d], now[d]) for d in common & was.keys() & now.keys() if was[d] != now[d]}
    assert found == set(tables("Change over time")[0])
    dates = [one_column(store, "SELECT ?date { ?c a dcat:Catalog ; dct:modified ?date }") for store in (old, new)]
    assert dates == [{"2025-01-15"}, {"2026-09-01"}]
    assert all(f"({date})" in section("Change over time") for (date,) in map(tuple, dates))


def test_ai_projects_have_the_columns_of_the_source_and_a_filled_internal_one(demo: Store) -> None:
    with (DEMO / "ki-prosjekter.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        projects = list(reader)
    assert reader.fieldnames == KI_COLUMNS
    assert [project[""] for project in projects] == ["1", "2", "3", "4", "5"]
    for project in projects:
        assert None not in project
        assert project["Sektor (intern | ikke publisering)"].startswith("INTERN-")
        filled = (
            "Prosjekteier",
            "Prosjekttittel",
            "Beskrivelse av prosjekt",
            "Formål med prosjekt",
            "Eiertype",
        )
        assert all(project[column] for column in filled)
    agencies = one_column(demo, "SELECT ?name { ?agent a foaf:Agent ; skos:prefLabel | skos:altLabel ?name }")
    owners = {project["Prosjekteier"] for project in projects}
    assert owners - agencies == {"Kristiansand kommune"}
    assert not any("INTERN-" in path.read_text(encoding="utf-8") for path in CATALOGUES)


def test_readme_names_only_what_the_demo_describes(demo: Store) -> None:
    known = one_column(demo, "SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }")
    known |= one_column(load(EARLIER), "SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }")
    named = set(re.findall(r"`([a-z]+/(?:datasett|begrep|tjeneste|modell|kontakt|datatjeneste)[^`]*)`", README))
    assert len(named) > 40
    assert named - known == set()
