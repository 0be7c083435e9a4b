"""The sink: where a worker serialises an answer to, never more of it than the cap.

In: pieces of an answer. Out: the answer in memory, or a file of the spool folder once it is too large for a frame.
"""

import io
from pathlib import Path
from typing import Any, Final

INLINE_BYTES: Final = 1 << 20


class AnswerTooLarge(Exception):
    """The sink is full."""


class Sink(io.RawIOBase):
    """Where an answer is serialised to: memory, then a file, never more than the cap."""

    def __init__(self, path: Path, cap: int) -> None:
        self._path, self._cap = path, cap
        self._memory, self._file, self.length = bytearray(), None, 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any, /) -> int:
        """Take a piece.

        Raises:
            AnswerTooLarge: it would be more than the cap.
        """
        size = len(piece)
        self.length += size
        if self.length > self._cap:
            raise AnswerTooLarge
        self._memory += piece
        if len(self._memory) > INLINE_BYTES:
            self._spill()
        return size

    def _spill(self) -> None:
        if self._file is None:
            self._file = self._path.open("wb", buffering=0)
        self._file.write(self._memory)
        self._memory.clear()

    def finish(self) -> bytes | None:
        """The answer where it stayed in memory, None where it is in the file."""
        if self._file is None:
            return bytes(self._memory)
        self._spill()
        self._file.close()
        return None

    def discard(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    _file: io.FileIO | None
