"""The web around a data element, as values: nodes, the edges between them with their evidence, and what follows.

In: nothing. Out: the vocabulary that walking, findings, overview and views of a trace share. Its JSON is that of
`GET /trace`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class NodeKind(StrEnum):
    """What a node is."""

    MODEL = "model"
    ELEMENT = "element"
    CONCEPT = "concept"
    CODELIST = "codelist"
    DATASET = "dataset"
    DISTRIBUTION = "distribution"
    DATA_SERVICE = "dataservice"
    SERVICE = "service"
    EVENT = "event"
    AI_PROJECT = "aiproject"
    AGENCY = "agency"
    LAW = "law"


class Evidence(StrEnum):
    """How sure an edge is: said by a source, entailed by our rules, or a heuristic that is named as such."""

    ASSERTED = "asserted"
    INFERRED = "inferred"
    SUGGESTED = "suggested"


class FindingKind(StrEnum):
    """What a finding is about."""

    AUTHORITY = "authority"
    SHARED = "shared"
    DUPLICATE_COLLECTION = "duplicate-collection"
    FORK = "fork"
    GAP = "gap"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the service."""

    nb: str
    en: str

    def to_json(self) -> dict[str, str]:
        """As `{"nb", "en"}`."""
        return {"nb": self.nb, "en": self.en}


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """A triple of the graph; each term as N-Triples text."""

    subject: str
    predicate: str
    object: str

    def to_json(self) -> dict[str, str]:
        """As clients know a triple."""
        return {"subject": self.subject, "predicate": self.predicate, "object": self.object}


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the web.

    Attributes:
        label: in the language asked for where there is one; the end of the IRI where there is none.
        agency: IRI of the agency that answers for it; of an element, its model's; empty where none is known.
    """

    iri: str
    kind: NodeKind
    label: str
    agency: str = ""

    def to_json(self) -> dict[str, Any]:
        """As in `nodes`."""
        return {"iri": self.iri, "kind": str(self.kind), "label": self.label, "agency": self.agency or None}


@dataclass(frozen=True, slots=True)
class Edge:
    """A step between two nodes.

    Attributes:
        source: IRI of the node it leaves, in the direction of the statement.
        path: which path of the registry it follows, for instance `P1`.
        statements: the triples it rests on, in the order of the step; at least one.
        reason: why it is suggested; None where it is not.
    """

    source: str
    target: str
    path: str
    evidence: Evidence
    statements: tuple[Statement, ...]
    reason: Words | None = None

    def to_json(self) -> dict[str, Any]:
        """As in `edges`."""
        found: dict[str, Any] = {
            "from": self.source,
            "to": self.target,
            "path": self.path,
            "evidence": str(self.evidence),
            "triples": [statement.to_json() for statement in self.statements],
        }
        return found | ({"reason": self.reason.to_json()} if self.reason else {})


@dataclass(frozen=True, slots=True)
class Finding:
    """What the web says in one sentence.

    Attributes:
        edges: what it rests on, whole, so that it can be read apart from the web.
        about: IRIs of the nodes it is about.
    """

    kind: FindingKind
    text: Words
    edges: tuple[Edge, ...] = ()
    about: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As in `findings`."""
        return {
            "kind": str(self.kind),
            "text": self.text.to_json(),
            "edges": [edge.to_json() for edge in self.edges],
            "about": list(self.about),
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """One meaning of the word that was asked for."""

    iri: str
    kind: NodeKind
    label: str

    def to_json(self) -> dict[str, str]:
        """As in `choices`."""
        return {"iri": self.iri, "kind": str(self.kind), "label": self.label}


@dataclass(frozen=True, slots=True)
class Web:
    """What was found around an element, in an order that the same graph gives again.

    Attributes:
        element: what was asked for, an IRI or a word.
        starts: canonical IRIs it was resolved to, where the walk began.
        agencies: names of the agencies in the web, by IRI; each agency once.
    """

    element: str
    starts: tuple[str, ...]
    choices: tuple[Choice, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    agencies: Mapping[str, str]
