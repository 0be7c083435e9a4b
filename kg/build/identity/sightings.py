"""Sightings: what one source says that identity and kinds turn on, gathered in one pass over its triples.

In: the normalised triples of a source. Out: the IRIs that it describes and refers to, and the statements with the few
predicates that the rules of this folder read. Nothing is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import BR, CV, DCT, FOAF, ORG, PROV, RDF, RDFS, ROV, SKOS

TYPE: Final = NamedNode(f"{RDF}type")
IDENTIFIER: Final = NamedNode(f"{DCT}identifier")
SUBJECT: Final = NamedNode(f"{DCT}subject")
PRIMARY_TOPIC: Final = NamedNode(f"{FOAF}primaryTopic")
MEMBER: Final = NamedNode(f"{SKOS}member")
IN_SCHEME: Final = NamedNode(f"{SKOS}inScheme")
TOP_CONCEPT_OF: Final = NamedNode(f"{SKOS}topConceptOf")
PARENT: Final = NamedNode(f"{ORG}subOrganizationOf")
ORG_PATH: Final = NamedNode(f"{BR}orgPath")
ORG_TYPE: Final = NamedNode(f"{ROV}orgType")
LEGAL_NAME: Final = NamedNode(f"{ROV}legalName")
PUBLISHER: Final = NamedNode(f"{DCT}publisher")
DEFINITION: Final = NamedNode(f"{SKOS}definition")

NAMES: Final = (
    NamedNode(f"{SKOS}prefLabel"),
    NamedNode(f"{FOAF}name"),
    LEGAL_NAME,
    NamedNode(f"{DCT}title"),
    NamedNode(f"{RDFS}label"),
)
"""Under which an organisation's name is written."""

AGENT_PROPERTIES: Final = (
    PUBLISHER,
    NamedNode(f"{DCT}creator"),
    NamedNode(f"{DCT}contributor"),
    NamedNode(f"{CV}hasCompetentAuthority"),
    NamedNode(f"{CV}ownedBy"),
    NamedNode(f"{PROV}agent"),
    NamedNode(f"{PROV}wasAttributedTo"),
    PARENT,
)
"""The properties whose values are organisations (DCAT-AP-NO 2.2, CPSV-AP-NO 1.1, SKOS-AP-NO-Begrep 2.0)."""

_WATCHED: Final = frozenset(
    {
        TYPE,
        IDENTIFIER,
        PRIMARY_TOPIC,
        MEMBER,
        IN_SCHEME,
        TOP_CONCEPT_OF,
        ORG_PATH,
        ORG_TYPE,
        DEFINITION,
        *NAMES,
        *AGENT_PROPERTIES,
        SUBJECT,
    }
)

Statements = list[tuple[NamedNode, NamedNode | Literal]]
"""Pairs of subject and object, in the order of the triples."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What one source says.

    Attributes:
        source_id: the source.
        described: the IRIs that it says something of.
        named: the IRIs that it refers to.
        statements: by predicate, for the predicates watched; others are absent.
        predicates: how many triples there are with each predicate.
    """

    source_id: str
    described: frozenset[NamedNode]
    named: frozenset[NamedNode]
    statements: Mapping[NamedNode, Statements]
    predicates: Mapping[NamedNode, int]

    def of(self, predicate: NamedNode) -> Statements:
        """The statements with a watched predicate."""
        return self.statements.get(predicate, [])


def see(source_id: str, triples: Iterable[Triple]) -> Sightings:
    """Go through the triples of a source once."""
    described: set[NamedNode | BlankNode | Triple] = set()
    named: set[NamedNode] = set()
    statements: dict[NamedNode, Statements] = {predicate: [] for predicate in _WATCHED}
    counts: dict[NamedNode, int] = {}
    for subject, predicate, object_ in triples:
        described.add(subject)
        if isinstance(object_, NamedNode):
            named.add(object_)
        counts[predicate] = counts.get(predicate, 0) + 1
        watched = statements.get(predicate)
        if watched is not None and isinstance(subject, NamedNode) and isinstance(object_, NamedNode | Literal):
            watched.append((subject, object_))
    resources = frozenset(node for node in described if isinstance(node, NamedNode))
    return Sightings(source_id, resources, frozenset(named), statements, counts)
