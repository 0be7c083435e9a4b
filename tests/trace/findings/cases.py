"""Small graphs in which one finding is to be made, statement by statement, so that each can be left out.

In: nothing. Out: for each kind the statements, where the walk begins, and those without which there is nothing to find.
"""

from dataclasses import dataclass

from kg.trace.web import FindingKind


@dataclass(frozen=True)
class Case:
    """A graph with a finding.

    Attributes:
        premises: what the finding needs; without any one of them it is not made.
        rest: what else is said.
    """

    name: str
    kind: FindingKind
    start: str
    premises: tuple[str, ...]
    rest: tuple[str, ...] = ()

    def turtle(self, *, without: int | None = None) -> str:
        """The graph, or without one of its premises."""
        kept = [premise for place, premise in enumerate(self.premises) if place != without]
        return "\n".join((*kept, *self.rest))


AGENCIES = (
    '<nav> a foaf:Agent ; kg:displayName "Nav"@nb .',
    '<skatt> a foaf:Agent ; kg:displayName "Skatteetaten"@nb .',
)
SERVICE = ('<stonad> a cpsv:PublicService ; dct:title "Stønad"@nb .',)
REGISTER = ('<register> a dcat:Dataset ; dct:title "Registeret"@nb .',)
CONCEPT = ('<inntekt> a skos:Concept , kg:CatalogueConcept ; skos:prefLabel "inntekt"@nb .',)
EVIDENCE = ('<bevis> a cpsvno:RequiredEvidence ; dct:title "Inntekten din"@nb .',)
MODEL = ("<skjema> a modelldcatno:InformationModel .", '<skjema#inntekt> dct:title "inntekt"@nb .')
NATIONAL = "<register> fdk:isAuthoritative true ."
OWNED_MODEL = (*MODEL, "<skjema> kg:responsibleAgency <nav> .")

CASES = (
    Case(
        "service asks for what is in another's dataset",
        FindingKind.DUPLICATE_COLLECTION,
        "stonad",
        (
            "<stonad> kg:responsibleAgency <nav> .",
            "<stonad> kg:requiresEvidence <bevis> .",
            "<bevis> dct:isPartOf <register> .",
            "<register> kg:responsibleAgency <skatt> .",
        ),
        (*AGENCIES, *SERVICE, *REGISTER, *EVIDENCE),
    ),
    Case(
        "service asks for a form with an element that another is the source of",
        FindingKind.DUPLICATE_COLLECTION,
        "stonad",
        (
            "<stonad> kg:responsibleAgency <nav> .",
            "<stonad> kg:requiresEvidence <bevis> .",
            "<bevis> kg:conformsToModel <skjema> .",
            "<skjema> kg:responsibleAgency <nav> .",
            "<skjema#inntekt> kg:inModel <skjema> .",
            "<skjema#inntekt> kg:concept <inntekt> .",
            "<register> kg:concept <inntekt> .",
            NATIONAL,
            "<register> kg:responsibleAgency <skatt> .",
        ),
        (*AGENCIES, *SERVICE, *REGISTER, *EVIDENCE, *CONCEPT, *MODEL, "<skjema#inntekt> a modelldcatno:Attribute ."),
    ),
    Case(
        "dataset is collected from users with an element that another is the source of",
        FindingKind.DUPLICATE_COLLECTION,
        "inntekt",
        (
            "<soknader> dct:provenance <http://data.brreg.no/datakatalog/provinens/bruker> .",
            "<soknader> kg:responsibleAgency <nav> .",
            "<soknader> kg:conformsToModel <skjema> .",
            "<skjema> kg:responsibleAgency <nav> .",
            "<skjema#inntekt> kg:inModel <skjema> .",
            "<skjema#inntekt> kg:concept <inntekt> .",
            "<register> kg:concept <inntekt> .",
            NATIONAL,
            "<register> kg:responsibleAgency <skatt> .",
        ),
        (
            *AGENCIES,
            *REGISTER,
            *CONCEPT,
            *MODEL,
            '<soknader> a dcat:Dataset ; dct:title "Søknader"@nb .',
            "<skjema#inntekt> a modelldcatno:Attribute .",
        ),
    ),
    Case(
        "the authoritative source is known",
        FindingKind.AUTHORITY,
        "inntekt",
        ("<register> kg:concept <inntekt> .",),
        (*CONCEPT, *REGISTER, NATIONAL, "<register> kg:responsibleAgency <skatt> .", *AGENCIES),
    ),
    Case(
        "two agencies have an element",
        FindingKind.SHARED,
        "inntekt",
        (
            "<register> kg:concept <inntekt> .",
            "<register> kg:responsibleAgency <skatt> .",
            "<skjema#inntekt> kg:concept <inntekt> .",
            "<skjema#inntekt> kg:inModel <skjema> .",
            "<skjema> kg:responsibleAgency <nav> .",
        ),
        (*AGENCIES, *REGISTER, *CONCEPT, *MODEL, "<skjema#inntekt> a modelldcatno:Attribute ."),
    ),
    Case(
        "one term has two definitions",
        FindingKind.FORK,
        "inntekt",
        (
            '<inntekt> skos:prefLabel "inntekt"@nb .',
            '<lonn> skos:prefLabel "inntekt"@nb .',
            '<inntekt> skos:definition "det en tjener"@nb .',
            '<lonn> skos:definition "lønn før skatt"@nb .',
            "<inntekt> kg:responsibleAgency <nav> .",
            "<lonn> kg:responsibleAgency <skatt> .",
            "<lonn> a kg:CatalogueConcept .",
        ),
        (*AGENCIES, "<inntekt> a skos:Concept , kg:CatalogueConcept .", "<lonn> a skos:Concept ."),
    ),
    Case(
        "an element has no concept",
        FindingKind.GAP,
        "skjema#inntekt",
        ("<skjema#inntekt> kg:inModel <skjema> .",),
        ("<skjema#inntekt> a modelldcatno:Attribute .", *MODEL),
    ),
    Case(
        "a source that is to be shared has no API",
        FindingKind.GAP,
        "inntekt",
        ("<register> kg:concept <inntekt> .", NATIONAL),
        (*CONCEPT, *REGISTER),
    ),
    Case(
        "a reference leads to nothing",
        FindingKind.BROKEN,
        "skjema#inntekt",
        ("<skjema#inntekt> dct:subject <begrep/5e0c7a4e-6f0e-4d1c-9b57-0d3f6a2c81b4> .",),
        ("<skjema#inntekt> a modelldcatno:Attribute ; kg:inModel <skjema> .", *OWNED_MODEL),
    ),
    Case(
        "a reference leads to a concept that is replaced",
        FindingKind.BROKEN,
        "skjema#inntekt",
        ("<skjema#inntekt> dct:subject <inntekt> .", "<inntekt> dct:isReplacedBy <lonn> ."),
        (
            "<skjema#inntekt> a modelldcatno:Attribute ; kg:inModel <skjema> .",
            *OWNED_MODEL,
            *CONCEPT,
            "<inntekt> kg:responsibleAgency <nav> .",
            '<lonn> a skos:Concept ; skos:prefLabel "lønn"@nb .',
        ),
    ),
    Case(
        "an element is in no model",
        FindingKind.BROKEN,
        "felt",
        ("<felt> a modelldcatno:Attribute , modelldcatno:Property .",),
        ('<felt> dct:title "felt"@nb .',),
    ),
    Case(
        "nobody answers for a dataset",
        FindingKind.BROKEN,
        "register",
        ("<register> a dcat:Dataset .",),
        ('<register> dct:title "Registeret"@nb .',),
    ),
    Case(
        "it is not said in which dataset the result of another service is",
        FindingKind.BROKEN,
        "stonad",
        (
            "<stonad> kg:requiresEvidence <bevis> .",
            "<stonad> dct:requires <attest> .",
            "<attest> kg:givesOutput <resultat> .",
            '<resultat> dct:title "Inntekten din"@nb .',
            "<resultat> dct:isPartOf <register> .",
        ),
        (
            *SERVICE,
            *EVIDENCE,
            *REGISTER,
            "<stonad> kg:responsibleAgency <nav> .",
            "<register> kg:responsibleAgency <skatt> .",
            "<attest> a cpsv:PublicService ; kg:responsibleAgency <skatt> .",
        ),
    ),
    Case(
        "an API serves nothing that is described",
        FindingKind.BROKEN,
        "api",
        ("<api> a dcat:DataService .",),
        ("<api> kg:responsibleAgency <skatt> ; dcat:servesDataset <borte> .",),
    ),
)

NEAR_MISSES = (
    (
        "the agency has it itself",
        0,
        "<register> kg:responsibleAgency <skatt> .",
        "<register> kg:responsibleAgency <nav> .",
    ),
    ("one is a part of the other", 0, "", "<nav> org:subOrganizationOf <skatt> ."),
    (
        "it is one agency under two IRIs",
        0,
        "",
        '<nav> dct:identifier "974761076" . <skatt> dct:identifier "974761076" .',
    ),
    (
        "the service gets it through an API",
        0,
        "",
        "<register> kg:servedBy <api> . <stonad> cv:hasChannel <kanal> . <kanal> cpsvno:dataService <api> .",
    ),
    ("the evidence is taken from the dataset", 0, "", "<bevis> dct:source <register> ."),
    ("the service cites the dataset's API", 0, "", "<api> dcat:servesDataset <register> . <stonad> dct:source <api> ."),
    (
        "the holder provides data to the service",
        0,
        "",
        "<stonad> cv:hasParticipation <del> . <del> cv:hasParticipant <skatt> ; "
        "cv:role <https://data.norge.no/vocabulary/role-type#data-provider> .",
    ),
    (
        "the dataset has it from the asking agency",
        0,
        "",
        "<register> dct:source <eget> . <eget> kg:responsibleAgency <nav> .",
    ),
    (
        "the evidence is in a dataset of its own as well",
        0,
        "",
        "<eget> a dcat:Dataset ; kg:responsibleAgency <nav> . <bevis> dct:isPartOf <eget> .",
    ),
    ("the form is the holder's", 1, "<skjema> kg:responsibleAgency <nav> .", "<skjema> kg:responsibleAgency <skatt> ."),
    (
        "the asking agency is a source too",
        1,
        "",
        "<eget> a dcat:Dataset ; kg:concept <inntekt> ; fdk:isAuthoritative true ; kg:responsibleAgency <nav> .",
    ),
    ("the dataset cites the source", 2, "", "<soknader> dct:source <register> ."),
    ("the model is made from the source", 2, "", "<skjema> dct:source <register> ."),
    ("the element is a key", 2, 'skos:prefLabel "inntekt"@nb', '<inntekt> skos:prefLabel "inntektsnummer"@nb .'),
)
"""What makes one of the first three cases no duplicate: which case, what is not said, and what is said instead."""
