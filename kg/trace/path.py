"""A path: a way in which the profiles link two kinds of things, written like a property path of SPARQL.

In: text such as `cv:hasChannel / cpsv:hasInput|cpsvno:hasRequiredEvidence`. Out: the hops that `kg.trace.steps` walks.
The notation is that of SPARQL 1.1, section 9.1, as far as paths need it: `/` between hops, `|` between properties, `^`
before a hop that goes from object to subject, `*` behind one that may be repeated; and `{cv:role}` behind a hop says
that those statements of the node it leads to belong to the step.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import DCATNO, WELL_KNOWN_PREFIXES
from kg.trace.web import NodeKind, Words


class Group(StrEnum):
    """What a path is about; a caller may choose paths by it."""

    CONCEPT = "concept"
    MATCH = "match"
    MODEL = "model"
    DATA = "data"
    SERVICE = "service"
    AGENCY = "agency"
    LAW = "law"
    NAME = "name"


class Strength(StrEnum):
    """What a path says about two things being one piece of information, or about who has it."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    STRUCTURE = "structure"


class Shape(StrEnum):
    """How a path is walked: along the hops of its forms, or by a rule of its own (`kg.trace.steps`)."""

    HOPS = "hops"
    STRUCTURE = "structure"
    SHARED = "shared"
    PROVENANCE = "provenance"
    PUBLISHER = "publisher"
    ABOVE = "above"
    NAMES = "names"
    REFERENCES = "references"


class Place(StrEnum):
    """Where an element stands: which of them have a concept by which path."""

    PROPERTY = "property"
    MEMBER = "member"
    CODE = "code"
    EVIDENCE = "evidence"
    """A piece of information that a service asks for or gives."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step over any of these properties, from subject to object or back.

    Attributes:
        repeated: any number of times, none included.
        also: properties of the node that the hop leads to whose statements belong to the step, such as a role.
    """

    properties: tuple[NamedNode, ...]
    back: bool = False
    repeated: bool = False
    also: tuple[NamedNode, ...] = ()


Start = tuple[frozenset[NamedNode], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a path.

    Attributes:
        close: whether what it leads to is only close, so that no trace goes on to further concepts from there.
        place: where the first node has to stand, for an element; None where that does not matter.
        first: the properties by which a walk sets out, and whether it does so from an object to subjects.
        last: the same for a walk against the path.
    """

    sources: frozenset[NodeKind]
    targets: frozenset[NodeKind]
    hops: tuple[Hop, ...]
    close: bool
    place: Place | None
    first: Start
    last: Start


@dataclass(frozen=True, slots=True)
class Path:
    """A path with its name, what it says in words, and the ways to write it."""

    name: str
    group: Group
    strength: Strength
    words: Words
    forms: tuple[Form, ...] = ()
    shape: Shape = Shape.HOPS


PREFIXES: Final = MappingProxyType(
    {
        **WELL_KNOWN_PREFIXES,
        "m": WELL_KNOWN_PREFIXES["modelldcatno"],
        "difi": "http://difi.no/dcatno#",
        "dcatno": DCATNO,
        "dcatapi": "http://dcat.no/dcatapi/",
    }
)
"""The prefixes of the notation; those of former namespaces, for what no build has brought up to date."""

_HOP: Final = re.compile(r"(\^?)([^{}*^\s]+)(\*?)(?:\{([^{}]+)\})?")


def forms(
    sources: str, targets: str, *written: str, close: bool = False, place: Place | None = None
) -> tuple[Form, ...]:
    """The forms of a path between kinds, which are written with spaces between them.

    >>> form, = forms("dataset", "dataservice", "dcat:distribution / dcat:accessService")
    >>> [hop.properties[0].value for hop in form.hops]
    ['http://www.w3.org/ns/dcat#distribution', 'http://www.w3.org/ns/dcat#accessService']
    """
    of, to = (frozenset(map(NodeKind, kinds.split())) for kinds in (sources, targets))
    return tuple(_form(of, to, tuple(map(_hop, each.split(" / "))), close, place) for each in written)


def _form(
    of: frozenset[NodeKind], to: frozenset[NodeKind], hops: tuple[Hop, ...], close: bool, place: Place | None
) -> Form:
    first, last = hops[0], hops[-1]
    starts = (frozenset(first.properties), first.back), (frozenset(last.properties), not last.back)
    return Form(of, to, hops, close, place, *starts)


def _hop(text: str) -> Hop:
    match = _HOP.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no hop")
    back, properties, repeated, also = match.groups()
    return Hop(_nodes(properties), bool(back), bool(repeated), _nodes(also or ""))


def _nodes(text: str) -> tuple[NamedNode, ...]:
    pairs = (curie.partition(":") for curie in text.split("|") if curie)
    return tuple(NamedNode(PREFIXES[prefix] + local) for prefix, _, local in pairs)
