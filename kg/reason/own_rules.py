"""Our own rules beside OWL: what the application profiles mean and OWL cannot say.

Where data.norge.no has the same rule (fdk-reasoning-service, Rules.kt), its conclusion has the same IRI, so that
queries written for data.norge.no keep working. A rule with `absent` looks at what is known when everything before it
has been derived, so the rules come in strata: what a later one finds, an earlier one never sees as a premise of its
own `absent`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.namespaces import WELL_KNOWN_PREFIXES, Names
from kg.reason.patterns import RulePattern, parse_rule

_DATA_NORGE: Final = "data.norge.no (fdk-reasoning-service, Rules.kt)"
_LINKS: Final = "ours, for links that a person has accepted (SKOS Reference, section 10, and OWL 2)"
# The node that a build writes for an accepted link. Its properties speak OWL, so a harvested file is not believed here.
_LINK: Final = "?l a kg:AcceptedLink . ?l owl:annotatedSource ?a . ?l owl:annotatedTarget ?b . ?l owl:annotatedProperty"
_ELEMENTS: Final = "?a a modelldcatno:ModelElement . ?b a modelldcatno:ModelElement"
_PROPERTIES: Final = "?a a modelldcatno:Property . ?b a modelldcatno:Property"


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One of our rules.

    Attributes:
        name: the last part of its IRI, below `B ns/rule#`.
        text: premises and conclusion, written as in `kg.reason.rules`.
        source: where the rule comes from.
        nb: what it says, in Norwegian.
        en: the same in English.
        stratum: 0 where it is applied together with OWL's, else when it is applied after those.
    """

    name: str
    text: str
    source: str
    nb: str
    en: str
    stratum: int = 0


OWN_RULES: Final = (
    OwnRule(
        "authoritative",
        "?d a dcat:Dataset . ?d dct:provenance provenance:nasjonal => ?d fdk:isAuthoritative true",
        _DATA_NORGE,
        "et datasett med opphav «nasjonal» er en autoritativ kilde",
        "a dataset of national provenance is an authoritative source",
    ),
    OwnRule(
        "open-data",
        "?d a dcat:Dataset . ?d dct:accessRights access:PUBLIC . ?d dcat:distribution ?x . ?x dct:license ?l "
        ". ?l a kg:OpenLicence => ?d fdk:isOpenData true",
        _DATA_NORGE,
        "et offentlig datasett med en distribusjon under åpen lisens er åpne data",
        "a public dataset with a distribution under an open licence is open data",
    ),
    OwnRule(
        "open-data-by-source",
        "?d a dcat:Dataset . ?d dct:accessRights access:PUBLIC . ?d dcat:distribution ?x . ?x dct:license ?n "
        ". ?n dct:source ?l . ?l a kg:OpenLicence => ?d fdk:isOpenData true",
        _DATA_NORGE,
        "som over, der lisensen er beskrevet med kilden sin",
        "the same, where the licence is described by its source",
    ),
    OwnRule(
        "transport-portal",
        "?d a dcat:Dataset . ?d dct:accessRights access:PUBLIC . ?d dcat:theme ?t . ?t a kg:TransportTheme "
        "=> ?d fdk:isRelatedToTransportportal true",
        _DATA_NORGE,
        "et offentlig datasett om samferdsel hører til transportportalen",
        "a public dataset on transport belongs to the transport portal",
    ),
    OwnRule(
        "transport-portal-by-mobility-theme",
        "?d a dcat:Dataset . ?d mobility:mobilityTheme ?t => ?d fdk:isRelatedToTransportportal true",
        _DATA_NORGE,
        "et datasett med et mobilitetstema hører til transportportalen",
        "a dataset with a mobility theme belongs to the transport portal",
    ),
    OwnRule(
        "conforms-to-model",
        "?x dct:conformsTo ?m . ?m a modelldcatno:InformationModel => ?x kg:conformsToModel ?m",
        "DCAT-AP-NO 2.2, scope: dct:conformsTo leads to information models as well as standards",
        "det som følger en informasjonsmodell",
        "what conforms to an information model",
    ),
    OwnRule(
        "subject-field",
        "?c a skos:Concept . ?c dct:subject ?f => ?c kg:subjectField ?f",
        "SKOS-AP-NO-Begrep 2.0: dct:subject of a concept is its subject field",
        "fagområdet til et begrep",
        "the subject field of a concept",
    ),
    OwnRule(
        "linked-elements-same",
        f"{_LINK} skos:exactMatch . {_ELEMENTS} => ?a owl:equivalentClass ?b",
        _LINKS,
        "modellelementer som er koblet som like, er samme klasse",
        "model elements that are linked as exact are one class",
    ),
    OwnRule(
        "linked-element-broader",
        f"{_LINK} skos:broadMatch . {_ELEMENTS} => ?a rdfs:subClassOf ?b",
        _LINKS,
        "et modellelement er en underklasse av det videre elementet det er koblet til",
        "a model element is a subclass of the broader one that it is linked to",
    ),
    OwnRule(
        "linked-element-narrower",
        f"{_LINK} skos:narrowMatch . {_ELEMENTS} => ?b rdfs:subClassOf ?a",
        _LINKS,
        "et modellelement er en overklasse av det snevrere elementet det er koblet til",
        "a model element is a superclass of the narrower one that it is linked to",
    ),
    OwnRule(
        "linked-properties-same",
        f"{_LINK} skos:exactMatch . {_PROPERTIES} => ?a owl:equivalentProperty ?b",
        _LINKS,
        "egenskaper som er koblet som like, er samme egenskap",
        "properties of models that are linked as exact are one property",
    ),
    OwnRule(
        "linked-property-broader",
        f"{_LINK} skos:broadMatch . {_PROPERTIES} => ?a rdfs:subPropertyOf ?b",
        _LINKS,
        "en egenskap er en underegenskap av den videre den er koblet til",
        "a property of a model is a subproperty of the broader one that it is linked to",
    ),
    OwnRule(
        "linked-property-narrower",
        f"{_LINK} skos:narrowMatch . {_PROPERTIES} => ?b rdfs:subPropertyOf ?a",
        _LINKS,
        "en egenskap er en overegenskap av den snevrere den er koblet til",
        "a property of a model is a superproperty of the narrower one that it is linked to",
    ),
    OwnRule(
        "linked-to-concept",
        f"{_LINK} skos:exactMatch . ?a kg:inModel ?m . ?b a kg:CatalogueConcept => ?a dct:subject ?b",
        _LINKS,
        "det i en modell som er koblet til et begrep som likt, betyr begrepet",
        "what is in a model and linked to a concept as exact means the concept",
    ),
    OwnRule(
        "linked-from-concept",
        f"{_LINK} skos:exactMatch . ?b kg:inModel ?m . ?a a kg:CatalogueConcept => ?b dct:subject ?a",
        _LINKS,
        "som over, der begrepet står til venstre",
        "the same, where the concept is on the left",
    ),
    OwnRule(
        "data-theme-of-theme",
        "?r dcat:theme ?t . ?t skos:exactMatch ?m . ?m skos:inScheme authority:data-theme => ?r dcat:theme ?m",
        f"{_DATA_NORGE}, from Los to the EU's data themes only, as the way back would lead to other Los themes",
        "EU-temaet som et Los-tema er det samme som",
        "the EU data theme that a Los theme is the same as",
        1,
    ),
    OwnRule(
        "data-theme-near-theme",
        "?r dcat:theme ?t . ?t skos:closeMatch ?m . ?m skos:inScheme authority:data-theme => ?r dcat:theme ?m",
        f"{_DATA_NORGE}, from Los to the EU's data themes only",
        "EU-temaet som et Los-tema ligger nær",
        "the EU data theme that a Los theme is close to",
        1,
    ),
    OwnRule(
        "data-theme-above-theme",
        "?r dcat:theme ?t . ?t skos:broadMatch ?m . ?m skos:inScheme authority:data-theme => ?r dcat:theme ?m",
        f"{_DATA_NORGE}, from Los to the EU's data themes only",
        "EU-temaet som et Los-tema hører under",
        "the EU data theme that a Los theme belongs under",
        1,
    ),
    OwnRule(
        "concept-of",
        "?x dct:subject ?c . ?c a kg:CatalogueConcept . absent(?x a skos:Concept) => ?x kg:concept ?c",
        "ModellDCAT-AP-NO 1.3 and DCAT-AP-NO 2.2: dct:subject leads to the concept that is meant",
        "begrepet som noe betyr eller handler om",
        "the concept that something means or is about",
        1,
    ),
    OwnRule(
        "conforms-to-standard",
        "?x dct:conformsTo ?s . absent(?s a modelldcatno:InformationModel) => ?x kg:conformsToStandard ?s",
        "DCAT-AP-NO 2.2, scope: dct:conformsTo leads to information models as well as standards",
        "det som følger en standard som ikke er en informasjonsmodell",
        "what conforms to a standard that is no information model",
        1,
    ),
    OwnRule(
        "dataset-publisher-from-catalogue",
        "?r a dcat:Dataset . ?c dcat:dataset ?r . ?c dct:publisher ?p . absent(?r dct:publisher ?any) "
        "=> ?r dct:publisher ?p",
        _DATA_NORGE,
        "et datasett uten utgiver har utgiveren til katalogen",
        "a dataset without publisher has that of its catalogue",
        1,
    ),
    OwnRule(
        "service-publisher-from-catalogue",
        "?r a dcat:DataService . ?c dcat:service ?r . ?c dct:publisher ?p . absent(?r dct:publisher ?any) "
        "=> ?r dct:publisher ?p",
        _DATA_NORGE,
        "en datatjeneste uten utgiver har utgiveren til katalogen",
        "a data service without publisher has that of its catalogue",
        1,
    ),
    OwnRule(
        "model-publisher-from-catalogue",
        "?r a modelldcatno:InformationModel . ?c modelldcatno:model ?r . ?c dct:publisher ?p "
        ". absent(?r dct:publisher ?any) => ?r dct:publisher ?p",
        _DATA_NORGE,
        "en informasjonsmodell uten utgiver har utgiveren til katalogen",
        "an information model without publisher has that of its catalogue",
        1,
    ),
    OwnRule(
        "concept-publisher-from-collection",
        "?r a skos:Concept . ?c skos:member ?r . ?c dct:publisher ?p . absent(?r dct:publisher ?any) "
        "=> ?r dct:publisher ?p",
        _DATA_NORGE,
        "et begrep uten utgiver har utgiveren til samlingen",
        "a concept without publisher has that of its collection",
        1,
    ),
    OwnRule(
        "participant",
        "?x a cv:Participation . ?a cv:participates ?x . absent(?x cv:hasParticipant ?any) => ?x cv:hasParticipant ?a",
        _DATA_NORGE,
        "deltakeren i en deltakelse som bare aktøren oppgir",
        "the participant of a participation that only the agent tells of",
        1,
    ),
    OwnRule(
        "publisher-from-series",
        "?r a dcat:Dataset . ?r dcat:inSeries ?s . ?s dct:publisher ?p . absent(?r dct:publisher ?any) "
        "=> ?r dct:publisher ?p",
        _DATA_NORGE,
        "et datasett uten utgiver, heller ikke i katalogen, har utgiveren til serien",
        "a dataset without publisher, in its catalogue too, has that of its series",
        2,
    ),
)
"""Every rule of ours, in the order of their strata."""


def own_rules(names: Names) -> tuple[tuple[RulePattern, ...], ...]:
    """Our rules, parsed, by stratum."""
    prefixes = _prefixes(names)
    strata = range(max(rule.stratum for rule in OWN_RULES) + 1)
    return tuple(
        tuple(parse_rule(rule.name, rule.text, prefixes) for rule in OWN_RULES if rule.stratum == stratum)
        for stratum in strata
    )


def _prefixes(names: Names) -> Mapping[str, str]:
    authority = "http://publications.europa.eu/resource/authority/"
    return {
        **WELL_KNOWN_PREFIXES,
        "kg": names.ns,
        "authority": authority,
        "access": f"{authority}access-right/",
        "provenance": "http://data.brreg.no/datakatalog/provinens/",
        "mobility": "https://w3id.org/mobilitydcat-ap#",
    }
