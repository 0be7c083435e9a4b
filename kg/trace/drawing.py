"""A web as a drawing: agencies as bands, what they have as boxes in columns, the steps between as lines.

In: a trace as JSON. Out: boxes and lines with their places in pixels, which a template writes as SVG. The layout needs
no script and is the same for the same trace. What does not fit is counted, never dropped in silence.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_BOXES: Final = 80
"""Boxes of one drawing; a page with more is not read. The table beside it has the rest."""

BOX_WIDTH: Final = 170
BOX_HEIGHT: Final = 26
GAP: Final = 8
COLUMN_GAP: Final = 60
NAME_WIDTH: Final = 190
MARGIN: Final = 12
HEADING: Final = 26
LONGEST_LABEL: Final = 24
LONGEST_NAME: Final = 26

COLUMNS: Final = (
    ("concept",),
    ("element", "model", "codelist"),
    ("dataset", "distribution", "aiproject"),
    ("dataservice",),
    ("service", "event", "law"),
)
"""The kinds of node that each column has, from what a thing means to who asks for it."""

_COLUMN: Final = {kind: column for column, kinds in enumerate(COLUMNS) for kind in kinds}


@dataclass(frozen=True, slots=True)
class Box:
    """A node: where it is, what is written in it, and its whole name."""

    x: int
    y: int
    kind: str
    label: str
    name: str
    is_start: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A step from one box to another; `marked` where it is part of a duplicate collection."""

    x1: int
    y1: int
    x2: int
    y2: int
    evidence: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Band:
    """An agency, with the stripe that its boxes are in; the name is empty for what nobody answers for."""

    y: int
    height: int
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing; `left_out` nodes did not fit."""

    width: int
    height: int
    columns: tuple[int, ...]
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


def draw(trace: Mapping[str, Any]) -> Drawing:
    """The drawing of a trace; what stands first in it goes first."""
    drawable = [node for node in trace["nodes"] if node["kind"] in _COLUMN]
    shown = drawable[:MOST_BOXES]
    names = {agency["iri"]: agency["name"] for agency in trace["agencies"]}
    bands, boxes, height = _place(shown, names, set(trace.get("starts", ())))
    marked = {
        (edge["from"], edge["to"])
        for finding in trace["findings"]
        if finding["kind"] == "duplicate-collection"
        for edge in finding["edges"]
    }
    lines = dict.fromkeys(
        _line(boxes[edge["from"]], boxes[edge["to"]], edge["evidence"], (edge["from"], edge["to"]) in marked)
        for edge in trace["edges"]
        if edge["from"] in boxes and edge["to"] in boxes
    )
    return Drawing(
        width=_left(len(COLUMNS)) - COLUMN_GAP + MARGIN,
        height=height + MARGIN,
        columns=tuple(map(_left, range(len(COLUMNS)))),
        bands=tuple(bands),
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        left_out=len(drawable) - len(shown),
    )


def _place(
    nodes: Sequence[Mapping[str, Any]], names: Mapping[str, str], starts: set[str]
) -> tuple[list[Band], dict[str, Box], int]:
    """Put the nodes into a band for each agency, in the order of the nodes, those without an agency last."""
    of_agency: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes:
        of_agency[node["agency"] or ""].append(node)
    bands, boxes, y = [], {}, HEADING + MARGIN
    for agency in sorted(of_agency, key=lambda iri: not iri):
        stacked: dict[int, int] = defaultdict(int)
        for node in of_agency[agency]:
            column = _COLUMN[node["kind"]]
            top = y + GAP + stacked[column] * (BOX_HEIGHT + GAP)
            stacked[column] += 1
            label = short(node["label"], LONGEST_LABEL)
            boxes[node["iri"]] = Box(_left(column), top, node["kind"], label, node["label"], node["iri"] in starts)
        height = max(stacked.values()) * (BOX_HEIGHT + GAP) + GAP
        name = names.get(agency, agency)
        bands.append(Band(y, height, short(name, LONGEST_NAME), name))
        y += height
    return bands, boxes, y


def _left(column: int) -> int:
    return MARGIN + NAME_WIDTH + column * (BOX_WIDTH + COLUMN_GAP)


def _line(one: Box, other: Box, evidence: str, marked: bool) -> Line:
    """A line between the sides of two boxes that face each other; in one column both on the right."""
    left, right = (one, other) if one.x <= other.x else (other, one)
    end = right.x + (BOX_WIDTH if right.x == left.x else 0)
    return Line(left.x + BOX_WIDTH, left.y + BOX_HEIGHT // 2, end, right.y + BOX_HEIGHT // 2, evidence, marked)


def short(text: str, longest: int) -> str:
    """A text that fits.

    >>> short("organisasjonsnummer", 10)
    'organisas…'
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
