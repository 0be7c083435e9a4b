"""Written answers: rows as they were sent once, for whoever asks the same again.

In: an answer under the validator of all that it depends on, the generation among them. Out: the same bytes, without the
reading, paging and writing of rows that takes longer than finding what the engine said. What is kept is bound in bytes,
and what was asked for longest ago goes first.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from kg.engine.orders import Job

LARGEST_SHARE: Final = 16
"""An answer over this part of the bound is not kept: it would drive out too many others."""
ENTRY_BYTES: Final = 4_000
"""What an entry takes besides its content, rounded up: headers, and the queries that were asked."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer.

    Attributes:
        content: its body.
        headers: those that tell of the rows; none that tell of one request.
        jobs: what the engine was asked for it, so that its answers count as asked for again.
    """

    content: bytes
    headers: dict[str, str]
    jobs: tuple[Job, ...]


class WrittenAnswers:
    """Answers by validator, at most so many bytes of them; 0 keeps none."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._entries: OrderedDict[str, Written] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, tag: str) -> Written | None:
        """The answer that is kept under a validator."""
        found = self._entries.get(tag)
        if found is not None:
            self._entries.move_to_end(tag)
        return found

    def put(self, tag: str, written: Written) -> None:
        """Keep an answer, unless it is too large."""
        if tag in self._entries:
            self._drop(tag)
        size = _size(written)
        if size > self.most_bytes // LARGEST_SHARE:
            return
        self._entries[tag] = written
        self.bytes += size
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, tag: str) -> None:
        self.bytes -= _size(self._entries.pop(tag))


def _size(written: Written) -> int:
    return len(written.content) + ENTRY_BYTES
