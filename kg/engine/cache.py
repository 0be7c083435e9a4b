"""The cache: whole answers of one generation, kept in memory for those who ask the same again.

In: jobs and their answers. Out: answers. A generation never changes, so an answer is right for as long as the
generation is served; the key holds its number, so that one generation never answers for another. What is kept is bound
in bytes, and what was asked for longest ago goes first. Query texts are kept to be asked of the next generation, in
memory alone, and without who asked.
"""

from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Final, NamedTuple

from kg.engine.orders import Answer, Job
from kg.engine.progress import Progress

LARGEST_SHARE: Final = 16
"""An answer over this part of the bound is not kept: it would drive out too many others."""
ENTRY_BYTES: Final = 2_000
"""What an entry takes besides its answer and its query, rounded up."""


_NOT_OF_THE_ANSWER: Final = frozenset(("query", "fingerprint", "client", "seconds", "spent", "background", "progress"))
_asked: Final = attrgetter(
    "fingerprint.digest", *(field.name for field in fields(Job) if field.name not in _NOT_OF_THE_ANSWER)
)


_SHAREABLE: Final = frozenset(("query", "trace", "overview"))


class Key(NamedTuple):
    """Everything that an answer depends on: the generation, and what was asked; not in which words, nor by whom."""

    generation: int
    asked: tuple[object, ...]


def is_shareable(job: Job) -> bool:
    """Whether one answer may serve all who ask this.

    The plan of a query or a proof may not: it shows the text, which is its client's own.
    """
    return job.kind in _SHAREABLE and job.fingerprint is not None and job.fingerprint.text == job.query


def key_of(job: Job, generation: int) -> Key:
    """The key of a job's answer from a generation, for which the job has the fingerprint of its text.

    Raises:
        ValueError: it has none, or that of another text.
    """
    if not is_shareable(job):
        raise ValueError("without the fingerprint of its text an answer is nobody else's")
    return Key(generation, _asked(job))


class Favourite(NamedTuple):
    """A job that was asked again, and how often."""

    job: Job
    uses: int


@dataclass(slots=True)
class _Entry:
    job: Job
    answer: Answer
    size: int
    uses: int = 0


class AnswerCache:
    """Answers by key, at most so many bytes of them; 0 keeps none."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = self.hits = self.misses = self.dropped = 0
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, key: Key, query: str) -> Answer | None:
        """The answer that is kept under a key, if it suits the text."""
        entry = self._entries.get(key)
        if entry is None or (entry.answer.placed and entry.job.query != query):
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        entry.uses += 1
        self.hits += 1
        return replace(entry.answer, seconds=0.0)

    def touch(self, key: Key) -> None:
        """Count a use of an answer that its reader still had."""
        if (entry := self._entries.get(key)) is not None:
            self._entries.move_to_end(key)
            entry.uses += 1

    def put(self, job: Job, answer: Answer, uses: int = 0) -> None:
        """Keep a whole answer, unless it is too large or lies in a file.

        Args:
            job: what was asked; it is kept without who asked.
            answer: all of it.
            uses: how often it was asked again before, in another generation.
        """
        key = key_of(job, answer.generation)
        if key in self._entries:
            self._drop(key)
        size = answer.length + len(job.query.encode("utf-8", "surrogatepass")) + ENTRY_BYTES
        if answer.file is not None or size > self.most_bytes // LARGEST_SHARE:
            return
        kept = replace(job, client="", spent=0.0, background=False, progress=Progress())
        self._entries[key] = _Entry(kept, answer, size, uses)
        self.bytes += size
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._entries)))
            self.dropped += 1

    def favourites(self, most: int) -> list[Favourite]:
        """What was asked again most often, of whichever generation."""
        again = [Favourite(entry.job, entry.uses) for entry in self._entries.values() if entry.uses]
        return sorted(again, key=lambda favourite: favourite.uses, reverse=True)[:most]

    def keep_only(self, generation: int) -> None:
        """Forget the answers of every other generation."""
        for key in [key for key in self._entries if key.generation != generation]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        self.bytes -= self._entries.pop(key).size
