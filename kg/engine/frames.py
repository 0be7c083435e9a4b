"""Frames between the supervisor and a worker: bytes in, values out.

A frame is two big-endian lengths, a JSON head and a body: `!II` (head, body), head, body. The same form goes both
ways: an order carries the query text as its body, a reply the answer's bytes where it is small.
"""

import json
import struct
from typing import Any, Final

_LENGTHS: Final = struct.Struct("!II")
MAX_HEAD: Final = 1 << 20
MAX_BODY: Final = 64 << 20

Head = dict[str, Any]


class TornFrame(ValueError):
    """The bytes are not a frame of ours."""


def encode(head: Head, body: bytes = b"") -> bytes:
    """One frame.

    >>> decode(bytearray(encode({"ok": True}, b"answer")))
    (({'ok': True}, b'answer'), 26)
    """
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def decode(buffer: bytes | bytearray) -> tuple[tuple[Head, bytes] | None, int]:
    """The first frame in a buffer and the bytes it takes, or (None, 0) while it is incomplete.

    Raises:
        TornFrame: the buffer cannot begin a frame, however it goes on.
    """
    if len(buffer) < _LENGTHS.size:
        return None, 0
    head_size, body_size = _LENGTHS.unpack_from(buffer)
    if not 0 < head_size <= MAX_HEAD or body_size > MAX_BODY:
        raise TornFrame(f"a frame of {head_size} + {body_size} bytes is not ours")
    end = _LENGTHS.size + head_size + body_size
    if len(buffer) < end:
        return None, 0
    try:
        head = json.loads(bytes(buffer[_LENGTHS.size : _LENGTHS.size + head_size]))
    except ValueError as error:
        raise TornFrame("the head of a frame is not JSON") from error
    if not isinstance(head, dict):
        raise TornFrame("the head of a frame is not a JSON object")
    return (head, bytes(buffer[_LENGTHS.size + head_size : end])), end
