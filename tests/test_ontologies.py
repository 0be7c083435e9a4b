"""The axioms of `ontologies/`: each gives what it promises, nothing harmful is among them, and everything is explained.

The cases below are closed three times: by owlrl, which knows all of OWL 2 RL; by a closure of a few lines that knows
only the constructs which the files use; and by the latter with each axiom left out in turn, to show that it is needed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import rdflib
from owlrl import OWLRL_Semantics  # type: ignore[import-untyped]
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse

from kg.build.generations import Home
from kg.namespaces import DEFAULT_BASE_IRI, OWL, RDF, RDFS, WELL_KNOWN_PREFIXES, Names
from kg.resources import folder

Fact = tuple[str, str, str]

FOLDER = folder("ontologies")
README = (FOLDER / "README.md").read_text(encoding="utf-8")
FACTS = ("kunnskapsgraf.ttl", "data-norge-no.ttl", "registers.ttl")  # terms of ours, and facts that our own rules read
FILES = [path for path in sorted(FOLDER.glob("*.ttl")) if path.name not in FACTS]
NS = Names(DEFAULT_BASE_IRI).ns
CASE = "https://case.example/"

TYPE = f"{RDF}type"
SUB_CLASS, SUB_PROPERTY = f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"
INVERSE, CHAIN = f"{OWL}inverseOf", f"{OWL}propertyChainAxiom"
TRANSITIVE, SYMMETRIC = f"{OWL}TransitiveProperty", f"{OWL}SymmetricProperty"
DISJOINT, DISJOINT_PROPERTY = f"{OWL}disjointWith", f"{OWL}propertyDisjointWith"
MEMBERS, ALL_DISJOINT = f"{OWL}members", f"{OWL}AllDisjointClasses"
FIRST, REST, NIL = f"{RDF}first", f"{RDF}rest", f"{RDF}nil"
LABEL, COMMENT = f"{RDFS}label", f"{RDFS}comment"

# The constructs in use, all of them in the grammar of OWL 2 RL (OWL 2 Profiles, section 4.2).
CONSTRUCTS = {SUB_CLASS, SUB_PROPERTY, INVERSE, CHAIN, DISJOINT, DISJOINT_PROPERTY}
TYPES = {f"{OWL}ObjectProperty", TRANSITIVE, SYMMETRIC, ALL_DISJOINT}
LISTS = {MEMBERS, FIRST, REST}

PREFIXES = {
    **{name: f"{iri}" for name, iri in WELL_KNOWN_PREFIXES.items() if name not in {"dcterms", "fdk"}},
    "kg": NS,
    "m": WELL_KNOWN_PREFIXES["modelldcatno"],
    "eu": "http://publications.europa.eu/resource/authority/",
}
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

# What is said, and all that follows from it.
CASES = {
    "a series is a dataset and a resource": (
        ":s a dcat:DatasetSeries .",
        ":s a dcat:Dataset , dcat:Resource .",
    ),
    "a data service is a resource": (":s a dcat:DataService .", ":s a dcat:Resource ."),
    "a catalogue is a resource and not a dataset": (":c a dcat:Catalog .", ":c a dcat:Resource ."),
    "a catalogue lists its datasets, services and catalogues as resources": (
        ":c dcat:dataset :d ; dcat:service :s ; dcat:catalog :k .",
        ":c dcat:resource :d , :s , :k . :d dcat:inCatalog :c . :s dcat:inCatalog :c . :k dcat:inCatalog :c .",
    ),
    "a catalogue lists its models, services and events as resources": (
        ":c m:model :m ; dcatno:containsService :s ; dcatno:containsEvent :e .",
        ":c dcat:resource :m , :s , :e . :m dcat:inCatalog :c . :s dcat:inCatalog :c . :e dcat:inCatalog :c .",
    ),
    "what is in a catalogue is listed by it": (":d dcat:inCatalog :c .", ":c dcat:resource :d ."),
    "distributions are found from both sides": (
        ":d dcat:distribution :x . :y dcat:isDistributionOf :d .",
        ":x dcat:isDistributionOf :d . :d dcat:distribution :y .",
    ),
    "members of a series are found from both sides and are no parts": (
        ":a dcat:inSeries :s . :s dcat:seriesMember :b .",
        ":s dcat:seriesMember :a . :b dcat:inSeries :s .",
    ),
    "the order of a series is found from both sides": (
        ":b dcat:prev :a . :b dcat:next :c .",
        ":a dcat:next :b . :c dcat:prev :b .",
    ),
    "the order of versions is found from both sides": (
        ":b dcat:previousVersion :a . :b dcat:nextVersion :c .",
        ":a dcat:nextVersion :b . :c dcat:previousVersion :b .",
    ),
    "the current version is a version in the terms of both profiles": (
        ":d dcat:hasCurrentVersion :v .",
        ":d dcat:hasVersion :v ; dct:hasVersion :v . :v dcat:isVersionOf :d ; dct:isVersionOf :d .",
    ),
    "a dataset is served by the service that names it": (
        ":s dcat:servesDataset :d .",
        ":d kg:servedBy :s .",
    ),
    "a dataset is served by the service of its distribution": (
        ":d dcat:distribution :x . :x dcat:accessService :s .",
        ":x dcat:isDistributionOf :d . :d kg:servedBy :s . :s dcat:servesDataset :d .",
    ),
    "a theme of the EU or Los is not a concept": (
        ":d dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE> , :los .",
        "",
    ),
    "a landing page is not documentation and a file type not a format": (
        ":d dcat:landingPage :p ; dcat:mediaType :t .",
        "",
    ),
    "relations of resources are found from both sides": (
        ":a dct:hasPart :b ; dct:replaces :c ; dct:references :d ; dct:requires :e ; dct:hasVersion :f ;"
        " dct:hasFormat :g .",
        ":b dct:isPartOf :a . :c dct:isReplacedBy :a ; kg:isReplacedByTransitive :a . :d dct:isReferencedBy :a ."
        " :e dct:isRequiredBy :a . :f dct:isVersionOf :a . :g dct:isFormatOf :a .",
    ),
    "a replaced concept leads to that of today": (
        ":a dct:isReplacedBy :b . :c dct:replaces :b .",
        ":b dct:replaces :a ; dct:isReplacedBy :c ; kg:isReplacedByTransitive :c ."
        " :a kg:isReplacedByTransitive :b , :c .",
    ),
    "the parts of a part are not the parts of the whole": (
        ":a dct:isPartOf :b . :b dct:isPartOf :c .",
        ":b dct:hasPart :a . :c dct:hasPart :b .",
    ),
    "a source is not what a thing was derived from": (":a dct:source :b ; dct:relation :c .", ""),
    "related concepts are related to each other and not chained": (
        ":a skos:related :b . :b skos:related :c .",
        ":b skos:related :a . :c skos:related :b .",
    ),
    "all broader concepts are found and broader stays direct": (
        ":a skos:broader :b . :c skos:narrower :b .",
        ":b skos:narrower :a ; skos:broader :c ; skos:broaderTransitive :c ; skos:narrowerTransitive :a ."
        " :a skos:broaderTransitive :b , :c . :c skos:narrowerTransitive :a , :b .",
    ),
    "top concepts are in their scheme": (
        ":s skos:hasTopConcept :a . :b skos:topConceptOf :s .",
        ":a skos:topConceptOf :s ; skos:inScheme :s . :b skos:inScheme :s . :s skos:hasTopConcept :b .",
    ),
    "an ordered collection is a collection": (":c a skos:OrderedCollection .", ":c a skos:Collection ."),
    "exact matches make a cluster": (
        ":a skos:exactMatch :b . :c skos:exactMatch :b .",
        ":a skos:exactMatch :a , :c . :b skos:exactMatch :a , :b , :c . :c skos:exactMatch :a , :c .",
    ),
    "close matches go both ways and are not chained": (
        ":a skos:closeMatch :b . :b skos:closeMatch :c .",
        ":b skos:closeMatch :a . :c skos:closeMatch :b .",
    ),
    "mappings stay out of the hierarchy": (
        ":a skos:broader :b . :b skos:broadMatch :c . :c skos:broader :d . :e skos:narrowMatch :a ."
        " :a skos:relatedMatch :f .",
        ":b skos:narrower :a ; skos:narrowerTransitive :a . :a skos:broaderTransitive :b ; skos:broadMatch :e ."
        " :c skos:narrowMatch :b ; skos:broaderTransitive :d . :d skos:narrower :c ; skos:narrowerTransitive :c ."
        " :f skos:relatedMatch :a .",
    ),
    "generic and partitive hierarchies are closed apart": (
        ":a xkos:specializes :b . :c xkos:generalizes :b . :c xkos:isPartOf :d . :e xkos:hasPart :d .",
        ":b xkos:generalizes :a ; xkos:specializes :c . :d xkos:hasPart :c ; xkos:isPartOf :e ."
        " :a kg:specializesTransitive :b , :c . :b kg:specializesTransitive :c ; kg:generalizesTransitive :a ."
        " :c kg:generalizesTransitive :a , :b ; kg:isPartOfTransitive :d , :e ."
        " :d kg:isPartOfTransitive :e ; kg:hasPartTransitive :c . :e kg:hasPartTransitive :c , :d .",
    ),
    "the order of codes is found from both sides": (
        ":a xkos:next :b . :c xkos:previous :b .",
        ":b xkos:previous :a ; xkos:next :c .",
    ),
    "an association of codes leads from either to the other": (
        ":x xkos:sourceConcept :a ; xkos:targetConcept :b .",
        ":a kg:sourceConceptOf :x ; kg:correspondsTo :b . :b kg:correspondsTo :a .",
    ),
    "an information model is a standard and a resource": (
        ":m a m:InformationModel .",
        ":m a dct:Standard , dcat:Resource .",
    ),
    "what conforms to a model is not a model and what is in a scheme not a code of a code list": (
        ":d a dcat:Distribution ; dct:conformsTo :m . :k skos:inScheme :s ; dct:creator :o ; adms:status :t .",
        "",
    ),
    "every kind of element is an element": (
        ":a a m:CodeList . :b a m:DataType . :c a m:Module . :d a m:ObjectType . :e a m:RootObjectType ."
        " :f a m:SimpleType .",
        "".join(f":{name} a m:ModelElement . " for name in "abcdef"),
    ),
    "every kind of property is a property": (
        ":a a m:Abstraction . :b a m:Association . :c a m:Attribute . :d a m:Choice . :e a m:Collection ."
        " :f a m:Composition . :g a m:Dependency . :h a m:Realization . :i a m:Role . :j a m:Specialization ."
        " :k a m:AllOf . :l a m:AnyOf .",
        ":k a m:Choice . :l a m:Choice . " + "".join(f":{name} a m:Property . " for name in "abcdefghijkl"),
    ),
    "every kind of rule is a note": (
        ":a a m:And . :b a m:Not . :c a m:Or . :d a m:Xor . :e m:constrains :p .",
        "".join(f":{name} a m:ConstraintRule , m:Note . " for name in "abcd") + ":e m:annotates :p .",
    ),
    "every target of a property is its type": (
        ":p m:contains :a ; m:containsObjectType :b ; m:hasDataType :c ; m:hasGeneralConcept :d ; m:hasMember :e ;"
        " m:hasObjectType :f ; m:hasSimpleType :g ; m:hasSome :h ; m:hasSupplier :i ; m:hasValueFrom :j ;"
        " m:isAbstractionOf :k ; m:references :l ; m:dependentOn :n .",
        ":p m:refersTo :l ; m:hasType " + " , ".join(f":{name}" for name in "abcdefghijkln") + " .",
    ),
    "symmetry holds from both sides": (":a m:formsSymmetryWith :b .", ":b m:formsSymmetryWith :a ."),
    "elements, properties and codes are in their model": (
        ":m m:containsModelElement :e , :l . :e m:hasProperty :p . :k skos:inScheme :l .",
        ":e kg:elementOf :m ; kg:inModel :m . :l kg:elementOf :m ; kg:inModel :m ."
        " :p kg:propertyOf :e ; kg:inModel :m . :k kg:inModel :m .",
    ),
    "the types that a model uses of another are not in it": (
        ":m m:containsModelElement :e . :e m:hasProperty :p . :p m:hasDataType :t .",
        ":e kg:elementOf :m ; kg:inModel :m . :p kg:propertyOf :e ; kg:inModel :m ; m:hasType :t .",
    ),
    "a profile of a profile is a profile of the standard": (
        ":a prof:isProfileOf :b . :b prof:isProfileOf :c .",
        ":a prof:isTransitiveProfileOf :b , :c . :b prof:isTransitiveProfileOf :c .",
    ),
    "a generic relation gives the plain one": (
        ":a skosno:hasGenericConceptRelation :r . :r skosno:hasGenericConcept :b ; skosno:hasSpecificConcept :c .",
        ":a xkos:specializes :b ; xkos:generalizes :c ; kg:specializesTransitive :b ; kg:generalizesTransitive :c ."
        " :b xkos:generalizes :a ; kg:generalizesTransitive :a , :c ."
        " :c xkos:specializes :a ; kg:specializesTransitive :a , :b .",
    ),
    "a partitive relation gives the plain one": (
        ":a skosno:hasPartitiveConceptRelation :r . :r skosno:hasComprehensiveConcept :b ."
        " :d skosno:hasPartitiveConceptRelation :s . :s skosno:hasPartitiveConcept :e .",
        ":a xkos:isPartOf :b ; kg:isPartOfTransitive :b . :b xkos:hasPart :a ; kg:hasPartTransitive :a ."
        " :d xkos:hasPart :e ; kg:hasPartTransitive :e . :e xkos:isPartOf :d ; kg:isPartOfTransitive :d .",
    ),
    "an associative relation gives the plain one": (
        ":a skosno:isFromConceptIn :r . :r skosno:hasToConcept :b .",
        ":a skos:related :b . :b skos:related :a .",
    ),
    "a public service is a service and a service not a public one": (
        ":a a cpsv:PublicService . :b a cpsvno:Service .",
        ":a a cpsvno:Service .",
    ),
    "life events and business events are events": (
        ":a a cv:LifeEvent . :b a cv:BusinessEvent .",
        ":a a cv:Event . :b a cv:Event .",
    ),
    "an event leads to services by every name of the relation": (
        ":a cpsvno:mayTriggerNeedFor :s . :b cpsvno:mayInitiate :s .",
        ":a cpsvno:mayTrigger :s ; cv:hasRelatedService :s . :b cpsvno:mayTrigger :s ; cv:hasRelatedService :s .",
    ),
    "evidence that is valid for a while triggers nothing": (
        ':e cpsvno:validityDuration "P3M"^^xsd:duration .',
        "",
    ),
    "what a service asks for is asked by either version and by its channels": (
        ":s cpsv:hasInput :a ; cpsvno:hasRequiredEvidence :b ; cv:hasChannel :c . :c cpsvno:hasRequiredEvidence :d .",
        ":s kg:requiresEvidence :a , :b , :d . :c kg:requiresEvidence :d .",
    ),
    "what a service gives is given by either version and not asked for": (
        ":s cpsv:produces :a ; cpsvno:hasPossibleOutput :b .",
        ":s kg:givesOutput :a , :b .",
    ),
    "a service asks for data that a dataset has": (
        ":s cpsvno:hasRequiredEvidence :e . :e dct:isPartOf :d .",
        ":s kg:requiresEvidence :e ; kg:requiresDataIn :d . :d dct:hasPart :e .",
    ),
    "a service yields data in a dataset": (
        ":s cpsv:produces :o . :o dct:isPartOf :d .",
        ":s kg:givesOutput :o ; kg:yieldsDataIn :d . :d dct:hasPart :o .",
    ),
    "who takes part in a service is found from both sides": (
        ":s cv:hasParticipation :x . :o cv:playsRole :x . :y cv:hasParticipant :p .",
        ":o cv:participates :x . :x cv:hasParticipant :o . :p cv:participates :y . :s kg:involvesAgency :o .",
    ),
    "every kind of requirement is a requirement": (
        ":a a cv:Constraint . :b a cv:Criterion . :c a cv:InformationRequirement . :d a cv:CriterionRequirement .",
        "".join(f":{name} a cv:Requirement . " for name in "abcd"),
    ),
    "links of requirements are found from both sides": (
        ":a cv:hasRequirement :b . :l cv:specifiesEvidenceType :t . :e cv:supportsRequirement :a .",
        ":b cv:isRequirementOf :a . :t cv:isSpecifiedIn :l . :a cv:hasSupportingEvidence :e .",
    ),
    "a service asks for the information that its requirements are about however deep": (
        ":s cv:holdsRequirement :a . :a cv:hasRequirement :b . :b cv:hasConcept :i . :k cv:constrains :i .",
        ":b cv:isRequirementOf :a . :s kg:asksForInformation :i . :a kg:asksForInformation :i ."
        " :b kg:asksForInformation :i . :k kg:asksForInformation :i .",
    ),
    "an attribution says to whom": (
        ":d prov:qualifiedAttribution :a . :a prov:agent :o .",
        ":d prov:wasAttributedTo :o ; kg:involvesAgency :o .",
    ),
    "what was generated is found from both sides": (
        ":d prov:wasGeneratedBy :a . :a prov:generated :e .",
        ":a prov:generated :d . :e prov:wasGeneratedBy :a .",
    ),
    "revisions, primary sources and quotations are derivations and not chained": (
        ":a prov:wasRevisionOf :b . :b prov:hadPrimarySource :c . :d prov:wasQuotedFrom :a .",
        ":a prov:wasDerivedFrom :b . :b prov:wasDerivedFrom :c . :d prov:wasDerivedFrom :a .",
    ),
    "agents of PROV are agents": (
        ":a a prov:Organization . :b a prov:Person . :c a prov:SoftwareAgent .",
        "".join(f":{name} a prov:Agent . " for name in "abc"),
    ),
    "every kind of agency is an organisation and an agent": (
        ":a a org:FormalOrganization . :b a org:OrganizationalUnit . :c a foaf:Organization ."
        " :d a rov:RegisteredOrganization . :e a cv:PublicOrganisation .",
        ":d a org:FormalOrganization . " + "".join(f":{name} a org:Organization , foaf:Agent . " for name in "abcde"),
    ),
    "everything above an agency is found": (
        ":a org:unitOf :b . :c org:hasSubOrganization :b . :d org:hasUnit :e .",
        ":a org:subOrganizationOf :b ; org:transitiveSubOrganizationOf :b , :c . :b org:hasUnit :a ;"
        " org:hasSubOrganization :a ; org:subOrganizationOf :c ; org:transitiveSubOrganizationOf :c ."
        " :e org:unitOf :d ; org:subOrganizationOf :d ; org:transitiveSubOrganizationOf :d ."
        " :d org:hasSubOrganization :e .",
    ),
    "persons, agents of DCMI and organisations are agents": (
        ":a a foaf:Person . :b a dct:Agent .",
        ":a a foaf:Agent . :b a foaf:Agent .",
    ),
    "a record is found from its resource and is no page of it": (
        ":r foaf:primaryTopic :d . :e foaf:isPrimaryTopicOf :s .",
        ":d foaf:isPrimaryTopicOf :r . :s foaf:primaryTopic :e .",
    ),
    "agencies that share a homepage, a mailbox or a number stay two": (
        ":a foaf:homepage :h ; foaf:mbox :m ; org:identifier '1' ; dct:identifier '1' ."
        " :b foaf:homepage :h ; foaf:mbox :m ; org:identifier '1' ; dct:identifier '1' .",
        "",
    ),
    "who is responsible is said of every kind of thing": (
        ":a dct:publisher :o . :b cv:hasCompetentAuthority :o . :c cv:ownedBy :o . :d dct:creator :o .",
        ":a kg:responsibleAgency :o . :b kg:responsibleAgency :o . :c kg:responsibleAgency :o .",
    ),
    "partners of an AI project are involved and its owner is responsible": (
        ":p dct:contributor :a ; dct:publisher :b .",
        ":p kg:involvesAgency :a ; kg:responsibleAgency :b .",
    ),
    "the law is found by every way to it": (
        ":a dcatap:applicableLegislation :l . :b cv:hasLegalResource :l . :c cpsv:follows :r . :r cpsv:implements :l ."
        " :d cv:holdsRequirement :q . :q cv:fulfils :r ."
        " :e dcatno:legalBasisForRestriction :l . :f dcatno:legalBasisForProcessing :l ."
        " :g dcatno:legalBasisForAccess :l .",
        "".join(f":{name} kg:legalBasis :l . " for name in "abcdqefg"),
    ),
}

# What nobody may add, in any file or by any way round (README, "Left out, because harmful").
HARMFUL = {
    "EU themes as concepts": ("dcat:theme", SUB_PROPERTY, "dct:subject"),
    "catalogues as datasets": ("dcat:Catalog", SUB_CLASS, "dcat:Dataset"),
    "whatever is listed as a part": ("dcat:resource", SUB_PROPERTY, "dct:hasPart"),
    "members of a series as parts": ("dcat:inSeries", SUB_PROPERTY, "dct:isPartOf"),
    "distributions as related": ("dcat:distribution", SUB_PROPERTY, "dct:relation"),
    "parts as related": ("dct:hasPart", SUB_PROPERTY, "dct:relation"),
    "landing pages as documentation": ("dcat:landingPage", SUB_PROPERTY, "foaf:page"),
    "records as documentation": ("foaf:isPrimaryTopicOf", SUB_PROPERTY, "foaf:page"),
    "homepages as documentation": ("foaf:homepage", SUB_PROPERTY, "foaf:page"),
    "media types as formats": ("dcat:mediaType", SUB_PROPERTY, "dct:format"),
    "foreign broader concepts as ancestors": ("skos:broadMatch", SUB_PROPERTY, "skos:broaderTransitive"),
    "foreign broader concepts as broader": ("skos:broadMatch", SUB_PROPERTY, "skos:broader"),
    "foreign narrower concepts as narrower": ("skos:narrowMatch", SUB_PROPERTY, "skos:narrower"),
    "foreign related concepts as related": ("skos:relatedMatch", SUB_PROPERTY, "skos:related"),
    "exact matches as judged close": ("skos:exactMatch", SUB_PROPERTY, "skos:closeMatch"),
    "chains of close matches": ("skos:closeMatch", TYPE, TRANSITIVE),
    "a kind as broader": ("xkos:specializes", SUB_PROPERTY, "skos:broader"),
    "a part as broader": ("xkos:isPartOf", SUB_PROPERTY, "skos:broader"),
    "chains of the direct generic relation": ("xkos:specializes", TYPE, TRANSITIVE),
    "chains of the direct partitive relation": ("xkos:isPartOf", TYPE, TRANSITIVE),
    "labels as rdfs:label": ("skos:prefLabel", SUB_PROPERTY, "rdfs:label"),
    "durations as triggers": ("cpsvno:validityDuration", SUB_PROPERTY, "cpsvno:mayTrigger"),
    "services as public ones": ("cpsvno:Service", SUB_CLASS, "cpsv:PublicService"),
    "sources as derivations": ("dct:source", SUB_PROPERTY, "prov:wasDerivedFrom"),
    "chains of derivations": ("prov:wasDerivedFrom", TYPE, TRANSITIVE),
    "concepts as pieces of information": ("cv:InformationConcept", SUB_CLASS, "skos:Concept"),
    "organisations under a second name": ("org:Organization", SUB_CLASS, "foaf:Organization"),
}

# What may stand in no file, as a predicate or as a type: it merges or types what was harvested.
FORBIDDEN = (
    f"{RDFS}domain",
    f"{RDFS}range",
    f"{OWL}FunctionalProperty",
    f"{OWL}InverseFunctionalProperty",
    f"{OWL}hasKey",
    f"{OWL}sameAs",
    f"{OWL}equivalentClass",
    f"{OWL}equivalentProperty",
    f"{OWL}Restriction",
    f"{OWL}maxCardinality",
    f"{OWL}imports",
)


def iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return {**PREFIXES, "rdfs": RDFS}[prefix] + local


def read(text: str, base: str = DEFAULT_BASE_IRI) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=base)]


@cache
def axioms_of(path: Path) -> tuple[Triple, ...]:
    return tuple(read(path.read_text(encoding="utf-8")))


def all_axioms() -> list[Triple]:
    return [triple for path in FILES for triple in axioms_of(path)]


def lists(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """The items of each RDF list by its node, and by the nodes of its rests."""
    firsts = {str(t.subject): value(str(t.object)) for t in triples if t.predicate.value == FIRST}
    rests = {str(t.subject): str(t.object) for t in triples if t.predicate.value == REST}
    items: dict[str, list[str]] = {}
    for head in firsts:
        items[head], node = [], head
        while node in firsts:
            items[head].append(firsts[node])
            node = rests[node]
    return items


@dataclass
class Rules:
    """What the axioms mean, for the closure below."""

    super_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inverses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    transitive: set[str] = field(default_factory=set)
    chains: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, axioms: Sequence[Triple]) -> "Rules":
        rules, items = cls(), lists(axioms)
        for triple in axioms:
            subject, predicate, object_ = str(triple.subject), triple.predicate.value, str(triple.object)
            if predicate == CHAIN:
                first, second = items[object_]
                rules.chains.append((first, second, value(subject)))
            elif predicate in {SUB_CLASS, SUB_PROPERTY}:
                rules.super_of[value(subject)].add(value(object_))
            elif predicate == INVERSE:
                rules.inverses[value(subject)].add(value(object_))
                rules.inverses[value(object_)].add(value(subject))
            elif predicate == TYPE and value(object_) == SYMMETRIC:
                rules.inverses[value(subject)].add(value(subject))
            elif predicate == TYPE and value(object_) == TRANSITIVE:
                rules.chains.append((value(subject),) * 3)
        return rules


def value(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")


def close(facts: Iterable[Fact], rules: Rules) -> set[Fact]:
    """All that follows by subclass, subproperty, inverse, symmetry, transitivity and chains of two."""
    known: set[Fact] = set()
    forward: dict[tuple[str, str], set[str]] = defaultdict(set)
    backward: dict[tuple[str, str], set[str]] = defaultdict(set)
    firsts, seconds = defaultdict(list), defaultdict(list)
    for first, second, conclusion in rules.chains:
        firsts[first].append((second, conclusion))
        seconds[second].append((first, conclusion))
    waiting = list(facts)
    while waiting:
        fact = waiting.pop()
        if fact in known:
            continue
        known.add(fact)
        subject, predicate, object_ = fact
        forward[predicate, subject].add(object_)
        backward[predicate, object_].add(subject)
        if predicate == TYPE:
            waiting += [(subject, TYPE, above) for above in rules.super_of.get(object_, ())]
        waiting += [(subject, above, object_) for above in rules.super_of.get(predicate, ())]
        waiting += [(object_, inverse, subject) for inverse in rules.inverses.get(predicate, ())]
        for second, conclusion in firsts.get(predicate, ()):
            waiting += [(subject, conclusion, end) for end in forward[second, object_]]
        for first, conclusion in seconds.get(predicate, ()):
            waiting += [(start, conclusion, object_) for start in backward[first, subject]]
    return known


def as_facts(triples: Iterable[Triple]) -> set[Fact]:
    return {(value(str(triple.subject)), triple.predicate.value, value(str(triple.object))) for triple in triples}


def case_facts(name: str, part: int) -> set[Fact]:
    number = list(CASES).index(name)
    return as_facts(read(f"{HEAD}@prefix : <{CASE}{number}/> .\n{CASES[name][part]}"))


@cache
def every_case() -> frozenset[Fact]:
    return frozenset(fact for name in CASES for fact in case_facts(name, 0))


def entailed_by_owlrl(facts: Iterable[Fact], axioms: Iterable[Triple]) -> tuple[set[Fact], list[str]]:
    """What owlrl says, and where it sees a contradiction."""
    graph = rdflib.Graph()
    graph.parse(data="".join(f"{triple} .\n" for triple in axioms), format="nt")
    for subject, predicate, object_ in facts:
        literal = object_.startswith('"')
        end = rdflib.Literal(object_) if literal else rdflib.URIRef(object_)
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), end))
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False)
    semantics.closure()
    found = {(str(s), str(p), str(o)) for s, p, o in graph if str(s).startswith(CASE)}
    # That a thing is itself, and a thing, is no news.
    news = {fact for fact in found if fact[1:] != (f"{OWL}sameAs", fact[0]) and fact[2] != f"{OWL}Thing"}
    return news, semantics.error_messages


@cache
def of_owlrl() -> frozenset[Fact]:
    entailed, faults = entailed_by_owlrl(every_case(), all_axioms())
    assert faults == []
    return frozenset(entailed)


@pytest.mark.parametrize("name", CASES)
def test_what_follows_by_owl_2_rl_is_exactly(name: str) -> None:
    given = case_facts(name, 0)
    prefix = f"{CASE}{list(CASES).index(name)}/"
    entailed = {fact for fact in of_owlrl() if fact[0].startswith(prefix)}
    assert entailed - given == case_facts(name, 1) - given


def test_each_axiom_is_needed_by_a_case() -> None:
    axioms = all_axioms()
    whole = close(every_case(), Rules.of(axioms))
    assert {fact for fact in whole if fact[0].startswith(CASE)} == of_owlrl()
    idle = []
    for axiom in axioms:
        predicate, object_ = axiom.predicate.value, value(str(axiom.object))
        says = predicate in CONSTRUCTS - {DISJOINT, DISJOINT_PROPERTY} or object_ in {TRANSITIVE, SYMMETRIC}
        if says and close(every_case(), Rules.of([other for other in axioms if other != axiom])) == whole:
            idle.append(str(axiom))
    assert idle == []


def disjoint_pairs(axioms: Sequence[Triple]) -> Iterator[tuple[str, str, bool]]:
    """Every two classes, or two properties (True), that the axioms say to be disjoint."""
    items = lists(axioms)
    for triple in axioms:
        subject, predicate, object_ = str(triple.subject), triple.predicate.value, str(triple.object)
        if predicate == MEMBERS:
            yield from ((left, right, False) for left, right in combinations(items[object_], 2))
        elif predicate in {DISJOINT, DISJOINT_PROPERTY}:
            yield value(subject), value(object_), predicate == DISJOINT_PROPERTY


def clashes(closed: set[Fact], axioms: Sequence[Triple]) -> set[tuple[str, str]]:
    """The disjoint pairs that something is an instance of both of."""
    instances = defaultdict(set)
    for subject, predicate, object_ in closed:
        instances[object_ if predicate == TYPE else predicate].add((subject, predicate == TYPE or object_))
    return {(left, right) for left, right, _ in disjoint_pairs(axioms) if instances[left] & instances[right]}


def test_what_is_disjoint_is_found_to_be_a_contradiction() -> None:
    axioms = all_axioms()
    pairs = list(disjoint_pairs(axioms))
    assert len(pairs) == 3 + 3 + 10 + 15 + 6 + 2 + 3 + 1
    wrong: list[set[Fact]] = []
    for number, (left, right, of_properties) in enumerate(pairs):
        one, two = f"{CASE}wrong/{number}/a", f"{CASE}wrong/{number}/b"
        wrong.append(
            {(one, left, two), (one, right, two)} if of_properties else {(one, TYPE, left), (one, TYPE, right)}
        )
    for facts, (left, right, _) in zip(wrong, pairs, strict=True):
        assert (left, right) in clashes(close(facts, Rules.of(axioms)), axioms)
    _, faults = entailed_by_owlrl(set().union(*wrong), axioms)
    assert {node for facts in wrong for node, _, _ in facts} == {
        node for fault in faults for node in re.findall(rf"{CASE}wrong/[0-9]+/a", fault)
    }


def test_cases_contradict_nothing() -> None:
    axioms = all_axioms()
    assert clashes(close(every_case(), Rules.of(axioms)), axioms) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_named_constructs_of_owl_2_rl_are_used(path: Path) -> None:
    axioms = axioms_of(path)
    items = lists(axioms)
    for triple in axioms:
        predicate, object_ = triple.predicate.value, triple.object
        assert predicate in CONSTRUCTS | LISTS | {TYPE, LABEL, COMMENT}, triple
        if predicate in CONSTRUCTS - {CHAIN}:
            assert isinstance(triple.subject, NamedNode), triple
            assert isinstance(object_, NamedNode), triple
        if predicate == TYPE:
            assert value(str(object_)) in TYPES, triple
        if predicate == CHAIN:
            assert len(items[str(object_)]) == 2, "the closure here, and a reader, take chains of two"
        if predicate in {LABEL, COMMENT} or object_ == NamedNode(f"{OWL}ObjectProperty"):
            assert value(str(triple.subject)).startswith(NS), "terms of others are described by others"


@pytest.mark.parametrize("term", FORBIDDEN, ids=lambda term: term.rpartition("#")[2])
def test_nothing_that_merges_or_types_what_was_harvested_is_used(term: str) -> None:
    for triple in all_axioms():
        assert term not in {triple.predicate.value, value(str(triple.object))}


def schema_of_owlrl() -> set[Fact]:
    graph = rdflib.Graph()
    graph.parse(data="".join(f"{triple} .\n" for triple in all_axioms()), format="nt")
    OWLRL_Semantics(graph, axioms=False, daxioms=False).closure()
    return {(str(s), str(p), str(o)) for s, p, o in graph}


@pytest.fixture(scope="module")
def schema() -> set[Fact]:
    return schema_of_owlrl()


@pytest.mark.parametrize("name", HARMFUL)
def test_no_axiom_nor_what_follows_from_axioms_says(name: str, schema: set[Fact]) -> None:
    left, predicate, right = HARMFUL[name]
    assert (iri(left), predicate, right if predicate == TYPE else iri(right)) not in schema


def test_harmful_axioms_would_be_found(schema: set[Fact]) -> None:
    assert (iri("dcat:dataset"), SUB_PROPERTY, iri("dcat:resource")) in schema
    assert (iri("dcat:DatasetSeries"), SUB_CLASS, iri("dcat:Resource")) in schema
    assert (iri("skos:broaderTransitive"), TYPE, TRANSITIVE) in schema


def test_our_own_terms_are_labelled_in_norwegian_and_english() -> None:
    languages = defaultdict(set)
    for triple in all_axioms():
        if triple.predicate.value == LABEL and isinstance(triple.object, Literal):
            languages[value(str(triple.subject))].add(triple.object.language)
    used = {value(str(term)) for triple in all_axioms() for term in (triple.subject, triple.predicate, triple.object)}
    ours = {term for term in used if term.startswith(DEFAULT_BASE_IRI)}
    assert len(ours) > 10
    assert {term: languages[term] for term in ours} == {term: {"nb", "en"} for term in ours}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_axiom_says_where_it_comes_from(path: Path) -> None:
    head, *blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    assert all(line.startswith("#") for line in head.splitlines())
    assert "Left out on purpose" in head
    for block in blocks:
        lines = [line for line in block.splitlines() if not line.startswith("@prefix")]
        comments = [line for line in lines if line.startswith("#")]
        assert lines == [] or any(re.match(r"# Source: \S", line) for line in comments), block
        assert lines[: len(comments)] == comments, "the comment comes first"


def test_readme_names_every_file_and_every_term_of_ours() -> None:
    for path in FILES:
        assert f"`{path.name}`" in README
    ours = {value(str(triple.subject)) for triple in all_axioms() if triple.predicate.value == LABEL}
    assert {term for term in ours if f"kg:{term.removeprefix(NS)}" not in README} == set()


def chains(axioms: Sequence[Triple]) -> set[tuple[str, ...]]:
    items = lists(axioms)
    found = [(value(str(t.subject)), *items[str(t.object)]) for t in axioms if t.predicate.value == CHAIN]
    return {*found, *(tuple(items[str(t.object)]) for t in axioms if t.predicate.value == MEMBERS)}


def test_a_build_loads_every_axiom_as_it_is_written(demo: Home) -> None:
    generation = demo.find_current()
    assert generation is not None
    graph = NamedNode(Names(DEFAULT_BASE_IRI).ontology)
    loaded = [quad.triple for quad in Store.read_only(str(generation.store)).quads_for_pattern(None, None, None, graph)]
    plain = {t for t in all_axioms() if isinstance(t.subject, NamedNode) and not isinstance(t.object, BlankNode)}
    assert plain - set(loaded) == set()
    assert chains(all_axioms()) - chains(loaded) == set()


def test_the_demo_grows_by_less_than_its_half_and_contradicts_nothing(demo: Home) -> None:
    generation = demo.find_current()
    assert generation is not None
    quads = Store.read_only(str(generation.store)).quads_for_pattern(None, None, None, DefaultGraph())
    asserted = as_facts(quad.triple for quad in quads)
    axioms = all_axioms()
    closed = close(asserted, Rules.of(axioms))
    assert 0.05 < len(closed - asserted) / len(asserted) < 0.5
    assert clashes(closed, axioms) == set()
