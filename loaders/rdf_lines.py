"""The lines of what was remarked on in an RDF file.

In: the document, and the numbers of the quads and errors in question. Out: lines. Feeding the parser one line at a
time tells the line of every quad and error, in all syntaxes that are parsed as they are read; it takes another pass,
so only files with remarks pay for it. A JSON-LD document with a context is parsed as a whole: there the text itself
is searched.
"""

import io
import json
import re
from collections.abc import Collection, Iterator
from typing import IO, TYPE_CHECKING, Any, Final, cast

from pyoxigraph import RdfFormat

from loaders.rdf_document import Document
from loaders.rdf_remarks import Remark

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LONGEST_STATEMENT: Final = 10_000
"""In lines, how far back from a quad its text is looked for."""
_SHORTEST_NEEDLE: Final = 2


def find_lines(document: Document, remarks: Collection[Remark], *, by_event: bool) -> frozenset[int]:
    """Give the remarks their lines where these can be found.

    Args:
        document: the file.
        remarks: what to place.
        by_event: whether the document, parsed again, gives the same quads and errors again.

    Returns:
        The events that came only after the last line had been read, as an error does that stems from a cut.
    """
    is_json_ld = document.rdf_format == RdfFormat.JSON_LD
    if is_json_ld:
        _find_by_text(document, [remark for remark in remarks if remark.needle and not remark.line])
    wanted: dict[int, list[Remark]] = {}
    for remark in remarks:
        if by_event and not remark.line:
            wanted.setdefault(remark.event, []).append(remark)
    late = set()
    with document.text() as (_, stream):
        for event, feed in _walk(document, stream, wanted.keys()):
            if feed.has_ended:
                late.add(event)
            if not (is_json_ld and feed.is_last):
                for remark in wanted[event]:
                    remark.line = feed.line_of(_needles(remark.needle, document.file.base_iri))
    return frozenset(late)


def line_in(document: Document, text: str, event: int, needle: str) -> int:
    """The line of a quad of a text that stands alone, counted from 1."""
    stream = io.BufferedReader(io.BytesIO(text.encode()))
    for _, feed in _walk(document, stream, {event}):
        return feed.line_of(_needles(needle, document.file.base_iri))
    return 1


def _walk(
    document: Document, stream: "io.BufferedReader[Any]", events: Collection[int]
) -> Iterator[tuple[int, "_LineFeed"]]:
    """Parse once more as far as the last of the events, and stop at each of them."""
    feed = _LineFeed(stream)
    # A buffer would collect several lines before it hands on the first.
    parser = document.parser(cast("IO[bytes]", feed))
    for event in range(max(events, default=-1) + 1):
        try:
            next(parser)
        except StopIteration:
            return
        except SyntaxError:
            pass
        if event in events:
            yield event, feed
        feed.forget()


def _find_by_text(document: Document, remarks: Collection[Remark]) -> None:
    if not remarks:
        return
    with document.text() as (_, stream):
        text = stream.read().decode()
    for remark in remarks:
        for pattern in _json_patterns(_needles(remark.needle, document.file.base_iri)):
            if found := pattern.search(text):
                remark.line = 1 + text.count("\n", 0, found.start())
                break


def _needles(needle: str, base_iri: str) -> list[str]:
    """How a text may stand in the file: as it is, relative to the base, or as the end of a prefixed name."""
    if not needle:
        return []
    folder = base_iri.rpartition("/")[0] + "/"
    tail = re.split(r"[/#]", needle.rstrip("/#"))[-1]
    forms = [needle, needle.removeprefix(base_iri), needle.removeprefix(folder)]
    return (
        [f"<{form}>" for form in forms]
        + [f'"{needle}"']
        + [form for form in (*forms, tail) if len(form) >= _SHORTEST_NEEDLE]
    )


def _json_patterns(needles: list[str]) -> list[re.Pattern[str]]:
    # Some writers put a backslash before each slash.
    written = [re.escape(json.dumps(text, ensure_ascii=False)[1:-1]).replace("/", r"\\?/") for text in needles]
    return [re.compile(pattern) for text in written for pattern in (f'"{text}"', text)]


class _LineFeed(io.RawIOBase):
    """A text, one line at a time."""

    def __init__(self, stream: "io.BufferedReader[Any]") -> None:
        super().__init__()
        self.has_ended = False
        self._stream = stream
        self._number = 0
        self._rest = memoryview(b"")
        self._recent: list[bytes] = []

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer", /) -> int:
        if not self._rest:
            line = self._stream.readline()
            self.has_ended = not line
            if line:
                self._number += 1
                self._recent.append(line)
                self._rest = memoryview(line)
        view = memoryview(target).cast("B")
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    @property
    def is_last(self) -> bool:
        """Whether nothing but space is left."""
        return not self._stream.peek(1).strip()

    def forget(self) -> None:
        """Begin a new statement on the line that has come last."""
        del self._recent[:-1]

    def line_of(self, needles: list[str]) -> int:
        """The last line of the statement with one of the texts, else its very last."""
        recent = self._recent[-_LONGEST_STATEMENT:]
        for needle in needles:
            wanted = needle.encode(errors="replace")
            for back, line in enumerate(reversed(recent)):
                if wanted in line:
                    return self._number - back
        return max(self._number, 1)
