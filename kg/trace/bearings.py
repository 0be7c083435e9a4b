"""Bearings: along which paths a trace goes on from a node, which depends on what the node is to the element traced.

In: a node's kind and bearing. Out: the paths to follow, which way, and the bearing of what they lead to. The graph
hangs together: whoever follows every path from everything soon has all of it. So a trace goes outward, from the element
to its meaning, to those who use that meaning, and on to their models, data, services, agencies and laws; and it does
not turn back, from a dataset to its other concepts, say, which are of no concern. Agencies, laws and codes, which
thousands of things share, end a trace unless it begins there, and a concept that is only close leads to no further
concepts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from kg.trace.paths import PATHS
from kg.trace.web import NodeKind


class Bearing(IntEnum):
    """What a node is to the element that is traced; where it is several things the first counts."""

    START = 0
    """It is what was asked for."""
    SAME = 1
    """A concept that means the element, or a concept said to be the same."""
    PART = 2
    """A part of what was asked for, to be traced in its turn: an element of the model, evidence of the service."""
    FOUND = 3
    """It uses the concept or holds the data."""
    CLOSE = 4
    """A concept that is close, broader or narrower, whose users are shown; an element that is only called the same."""
    ACCESS = 5
    """A data service of a dataset that was found: what else it serves is of no concern."""
    SHOWN = 6
    """It stands beside the trace; only whose it is follows."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A path to follow.

    Attributes:
        back: against its direction.
        onward: the bearing of what it leads to.
        onward_close: the same where the step is only close.
        only: kinds that count, empty for all.
    """

    path: str
    back: bool
    onward: Bearing
    onward_close: Bearing
    only: frozenset[NodeKind] = frozenset()


def leads(kind: NodeKind, bearing: Bearing) -> Sequence[Lead]:
    """The paths to follow from a node, in the order of the registry."""
    return _LEADS.get((bearing, kind), ())


def suited(kind: NodeKind, bearing: Bearing) -> Bearing:
    """The bearing that a node of a kind has, where a path of several kinds leads to it.

    A piece of information that a requirement is about may be a concept, and then it is the meaning that is traced; a
    code that corresponds to another is an element.
    """
    return _SUITED.get((kind, bearing), bearing)


_SUITED: Final = MappingProxyType(
    {
        (NodeKind.CONCEPT, Bearing.PART): Bearing.SAME,
        (NodeKind.CONCEPT, Bearing.FOUND): Bearing.SHOWN,
        (NodeKind.ELEMENT, Bearing.SAME): Bearing.FOUND,
    }
)

_OUT: Final = "out"
_BACK: Final = "back"
_BOTH: Final = "both"

_ORDER: Final = MappingProxyType({path.name: place for place, path in enumerate(PATHS)})

_Row = tuple[str, str, Bearing]
_S, _P, _F, _C, _A, _N = (
    Bearing.SAME,
    Bearing.PART,
    Bearing.FOUND,
    Bearing.CLOSE,
    Bearing.ACCESS,
    Bearing.SHOWN,
)

_USERS: Final[Sequence[_Row]] = (("P1 P1b P1c P1d P6 P9f P11 P11b P12", _BACK, _F),)
_WHOSE: Final[Sequence[_Row]] = (("P8 P8c", _OUT, _N),)
_MATCHES: Final[Sequence[_Row]] = (
    ("P4 P4b P4f", _BOTH, _S),
    ("P4c P4d", _BOTH, _C),
    ("P4e", _BOTH, _N),
)
_ELEMENT_OF: Final[Sequence[_Row]] = (
    ("P2", _BACK, _F),
    ("P9 P9b P9e P10 P11", _BACK, _F),
    ("P9c", _OUT, _F),
    ("P11b", _BOTH, _F),
)
_ELEMENT_MEANS: Final[Sequence[_Row]] = (("P1 P1b P1c P9f", _OUT, _S), ("P4f", _BOTH, _F))
_MODEL: Final[Sequence[_Row]] = (("P5 P5b P5c", _BACK, _F), ("P18b", _BOTH, _N), *_WHOSE)
_MODEL_PARTS: Final[Sequence[_Row]] = (("P2", _OUT, _P), ("P1d", _OUT, _S))
_DATASET: Final[Sequence[_Row]] = (
    ("P5 P5b", _OUT, _N),
    ("P7", _BACK, _A),
    ("P7b", _OUT, _A),
    ("P9c P9d P10b", _BACK, _F),
    ("P11b", _OUT, _N),
    ("P15", _BACK, _N),
    ("P16 P17 P17b P19b", _OUT, _N),
    ("P17c P18", _BOTH, _N),
    *_WHOSE,
)
_ACCESS_POINT: Final[Sequence[_Row]] = (("P14", _BACK, _F), ("P16", _OUT, _N), *_WHOSE)
_SERVICE: Final[Sequence[_Row]] = (
    ("P13", _OUT, _N),
    ("P13b", _BACK, _N),
    ("P14", _OUT, _A),
    ("P15 P16 P19", _OUT, _N),
    ("P20", _BOTH, _N),
    *_WHOSE,
)
_SERVICE_ASKS: Final[Sequence[_Row]] = (
    ("P9 P9b P9e P10 P11", _OUT, _P),
    ("P9d P10b", _OUT, _F),
    ("P12", _OUT, _S),
)

_ROWS: Final[Mapping[NodeKind, Mapping[Bearing, Sequence[_Row]]]] = MappingProxyType(
    {
        NodeKind.CONCEPT: {
            Bearing.START: (*_MATCHES, *_USERS, *_WHOSE, ("P21", _OUT, _C)),
            Bearing.SAME: (*_MATCHES, *_USERS, *_WHOSE),
            Bearing.CLOSE: (*_USERS, *_WHOSE),
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.ELEMENT: {
            Bearing.START: (
                *_ELEMENT_MEANS,
                *_ELEMENT_OF,
                ("P2b", _BOTH, _N),
                ("P3", _OUT, _F),
                ("P21 P21b", _OUT, _C),
            ),
            Bearing.PART: (*_ELEMENT_MEANS, *_ELEMENT_OF),
            Bearing.FOUND: _ELEMENT_OF,
            Bearing.CLOSE: (("P2", _BACK, _N),),
        },
        NodeKind.CODELIST: {
            Bearing.START: (
                ("P1b", _OUT, _S),
                ("P2", _BACK, _F),
                ("P2b", _BACK, _F),
                ("P2b", _OUT, _P),
                ("P3", _OUT, _F),
                ("P21", _OUT, _C),
                *_WHOSE,
            ),
            Bearing.PART: (("P1b", _OUT, _S), ("P2", _BACK, _F)),
            Bearing.FOUND: (("P2", _BACK, _F),),
            Bearing.CLOSE: (("P2", _BACK, _N),),
        },
        NodeKind.MODEL: {
            Bearing.START: (*_MODEL, *_MODEL_PARTS),
            Bearing.PART: (*_MODEL, *_MODEL_PARTS),
            Bearing.FOUND: _MODEL,
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.DATASET: {
            Bearing.START: (
                ("P6", _OUT, _S),
                ("P5 P5b", _OUT, _P),
                ("P7c", _OUT, _N),
                *(row for row in _DATASET if row[0] != "P5 P5b"),
            ),
            Bearing.PART: (("P6", _OUT, _S), *_DATASET),
            Bearing.FOUND: _DATASET,
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.DISTRIBUTION: {
            Bearing.START: (("P7c", _BACK, _P), ("P5b", _OUT, _P)),
            Bearing.FOUND: (("P7c", _BACK, _F),),
        },
        NodeKind.DATA_SERVICE: {
            Bearing.START: (("P6", _OUT, _S), ("P5c", _OUT, _P), ("P7", _OUT, _P), ("P7b", _BACK, _P), *_ACCESS_POINT),
            Bearing.FOUND: (("P7", _OUT, _F), ("P7b", _BACK, _F), *_ACCESS_POINT),
            Bearing.ACCESS: _ACCESS_POINT,
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.SERVICE: {
            Bearing.START: (*_SERVICE_ASKS, *_SERVICE),
            Bearing.PART: (*_SERVICE_ASKS, *_SERVICE),
            Bearing.FOUND: _SERVICE,
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.EVENT: {
            Bearing.START: (
                ("P12", _OUT, _S),
                ("P13", _BACK, _P),
                ("P13b", _OUT, _P),
                ("P15 P16 P19", _OUT, _N),
                *_WHOSE,
            ),
            Bearing.FOUND: _WHOSE,
            Bearing.SHOWN: _WHOSE,
        },
        NodeKind.AI_PROJECT: {Bearing.START: _WHOSE},
        NodeKind.AGENCY: {Bearing.START: (("P8 P8c P19 P19b", _BACK, _N), ("P8b", _OUT, _N))},
        NodeKind.LAW: {Bearing.START: (("P16", _BACK, _F),)},
    }
)

_CODE_LISTS: Final = frozenset({NodeKind.CODELIST})


def _spread(kind: NodeKind, bearing: Bearing, rows: Sequence[_Row]) -> list[Lead]:
    found = []
    for names, way, onward in rows:
        close = Bearing.CLOSE if onward is Bearing.SAME else onward
        for name in names.split():
            ways = {_OUT: (False,), _BACK: (True,), _BOTH: (False, True)}[way]
            found += [Lead(name, back, onward, close) for back in ways]
    if kind is NodeKind.ELEMENT and bearing in {Bearing.PART, Bearing.FOUND}:
        found.append(Lead("P2b", False, Bearing.SHOWN, Bearing.SHOWN, _CODE_LISTS))
    return sorted(found, key=lambda lead: (_ORDER[lead.path], lead.back))


_LEADS: Final[Mapping[tuple[Bearing, NodeKind], Sequence[Lead]]] = MappingProxyType(
    {
        (bearing, kind): tuple(_spread(kind, bearing, rows))
        for kind, of_bearing in _ROWS.items()
        for bearing, rows in of_bearing.items()
    }
)
