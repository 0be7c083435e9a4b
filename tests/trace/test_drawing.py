"""Drawings: nothing lies on anything else, nothing is drawn outside, and what does not fit is counted."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kg.trace.drawing import BOX_HEIGHT, BOX_WIDTH, COLUMNS, LONGEST_LABEL, MOST_BOXES, draw

KINDS = [kind for kinds in COLUMNS for kind in kinds]
NODES = st.lists(
    st.tuples(
        st.sampled_from([*KINDS, "agency"]), st.sampled_from(["", "urn:o1", "urn:o2", "urn:o3"]), st.text(max_size=60)
    ),
    max_size=MOST_BOXES + 10,
)


def a_trace(nodes: list[tuple[str, str, str]], ends: list[tuple[int, int]]) -> dict[str, Any]:
    made = [
        {"iri": f"urn:n{place}", "kind": kind, "label": label, "agency": agency or None}
        for place, (kind, agency, label) in enumerate(nodes)
    ]
    edges = [
        {"from": f"urn:n{one}", "to": f"urn:n{other}", "path": "P1", "evidence": "asserted", "triples": []}
        for one, other in ends
    ]
    return {
        "starts": ["urn:n0"],
        "nodes": made,
        "edges": edges,
        "findings": [{"kind": "duplicate-collection", "edges": edges[:1]}],
        "agencies": [{"iri": "urn:o1", "name": "Nav"}],
    }


@given(NODES, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=40))
def test_boxes_lie_apart_inside_their_bands_and_lines_join_them(
    nodes: list[tuple[str, str, str]], ends: list[tuple[int, int]]
) -> None:
    trace = a_trace(nodes, ends)
    drawing = draw(trace)
    assert drawing == draw(trace)
    drawable = [node for node in nodes if node[0] in KINDS]
    assert len(drawing.boxes) + drawing.left_out == len(drawable)
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(drawing.boxes)
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.width - BOX_WIDTH
        assert any(band.y <= box.y <= band.y + band.height - BOX_HEIGHT for band in drawing.bands)
        assert len(box.label) <= LONGEST_LABEL
        same_column = sorted(other.y for other in drawing.boxes if other.x == box.x)
        assert all(lower - upper > BOX_HEIGHT for upper, lower in pairwise(same_column))
    sides = {(x, box.y + BOX_HEIGHT // 2) for box in drawing.boxes for x in (box.x, box.x + BOX_WIDTH)}
    assert all({(line.x1, line.y1), (line.x2, line.y2)} <= sides for line in drawing.lines)
    for upper, lower in pairwise(drawing.bands):
        assert upper.y + upper.height <= lower.y


def test_where_the_walk_begins_and_what_is_asked_for_twice_are_marked() -> None:
    drawing = draw(a_trace([("service", "urn:o1", "a"), ("dataset", "", "b"), ("concept", "", "c")], [(0, 1), (1, 2)]))
    assert [box.is_start for box in drawing.boxes].count(True) == 1
    assert [line.marked for line in drawing.lines] == [True, False]
    assert [band.name for band in drawing.bands] == ["Nav", ""]
