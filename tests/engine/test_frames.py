import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.engine.frames import TornFrame, decode, encode

heads = st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)))


@given(heads, st.binary(max_size=200), st.binary(max_size=50))
def test_a_frame_comes_back_and_what_follows_is_left_alone(head: dict[str, object], body: bytes, rest: bytes) -> None:
    wire = encode(head, body)
    assert decode(wire + rest) == ((head, body), len(wire))


@given(heads, st.binary(max_size=200), st.data())
def test_every_part_of_a_frame_is_incomplete(head: dict[str, object], body: bytes, data: st.DataObject) -> None:
    wire = encode(head, body)
    cut = data.draw(st.integers(0, len(wire) - 1))
    assert decode(wire[:cut]) == (None, 0)


@given(st.binary(max_size=300))
def test_hostile_bytes_are_a_frame_incomplete_or_torn(wire: bytes) -> None:
    try:
        frame, size = decode(wire)
    except TornFrame:
        return
    assert (frame is None) == (size == 0)


@pytest.mark.parametrize(
    "wire",
    [
        b"\xff\xff\xff\xff\0\0\0\0",
        b"\0\0\0\2\xff\xff\xff\xff{}",
        b"\0\0\0\0\0\0\0\0",
        b"\0\0\0\2\0\0\0\0[]",
        b"\0\0\0\2\0\0\0\0{x",
    ],
)
def test_what_cannot_be_a_frame_is_torn(wire: bytes) -> None:
    with pytest.raises(TornFrame):
        decode(wire)
