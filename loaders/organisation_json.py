"""Enhetsregisteret's JSON, entity by entity: a list, a page of the API, one entity, or one after the other.

In: text. Out: the JSON objects of entities with their lines. The whole register has more than a million of them in some
gigabytes, so the text is read in chunks, each entity is parsed by itself, and no more than one is held. A fault costs
the entity that it is in: reading goes on where the next one begins (`{"organisasjonsnummer": …`, as the register
writes them).
"""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Final, TextIO

from loaders.organisation_records import Notes, Record, record_of_json
from loaders.rdf_remarks import excerpt

_CHUNK: Final = 256 * 1024
_LONGEST: Final = 64 * 1024**2
"""Characters that one value may have; an entity has some thousands, a page of the API up to 25 million."""
_MOST_WASTED: Final = 256 * 1024**2
"""Characters that may be parsed in vain, over all faults: they could be nested within each other."""
# What the parser says of a text that is cut has its position where the cut token begins.
_LONGEST_CUT_TOKEN: Final = 16
_LONGEST_START: Final = 512

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PAGE: Final = re.compile(r'\{\s*"_embedded"\s*:\s*\{\s*"(?:under)?enheter"\s*:\s*\[')
_ENTITY: Final = re.compile(r'\{\s{0,200}"organisasjonsnummer"\s{0,200}:')


def _no_value(_constant: str) -> None:
    """NaN and the infinities are no JSON (RFC 8259, section 6), and say nothing."""


# Numbers stay text: none is reckoned with, and Python refuses to read very long ones.
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_value)


def json_records(stream: TextIO, notes: Notes) -> Iterator[Record]:
    """The records of a JSON text."""
    places = count(1)
    for line, value in _Entities(stream, notes).values():
        place = next(places)
        if isinstance(value, dict):
            yield record_of_json(line, place, value, notes)
        else:
            notes.error(line, f"entity {place} is no JSON object; it is left out")


def is_register_json(text: str) -> bool:
    """Whether one of the first entities of a text that may be cut has what every entity has."""
    if not text.startswith(("[", "{")) or '"organisasjonsnummer"' not in text:
        return False
    found = _Entities(None, Notes(0), text).values()
    return any(
        isinstance(value, dict)
        and isinstance(value.get("navn"), str)
        and "organisasjonsnummer" in value
        and isinstance(form := value.get("organisasjonsform"), dict)
        and "kode" in form
        for _, (_, value) in zip(range(3), found, strict=False)
    )


class _Fault(Exception):
    """A value that cannot be parsed: where it is at fault, and how many characters were parsed in vain."""

    def __init__(self, what: str, place: int, cost: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        self.cost = cost


class _Entities:
    """One pass through one text."""

    def __init__(self, stream: TextIO | None, notes: Notes, text: str = "") -> None:
        self._stream = stream
        self._notes = notes
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._wasted = 0

    def values(self) -> Iterator[tuple[int, object]]:
        """The values that stand where entities do, and their lines."""
        try:
            while char := self._peek():
                if page := _PAGE.match(self._text, self._at):
                    self._at = page.end()
                    yield from self._list()
                    # The rest of a page is about the page, or another list.
                    yield from self._found()
                elif char == "[":
                    self._at += 1
                    yield from self._list()
                else:
                    line = self._line_here()
                    yield from ((line, value) for value in _entities_of(self._value()))
        except _Fault as fault:
            yield from self._after(fault)

    def _list(self) -> Iterator[tuple[int, object]]:
        """The values of a list that has begun."""
        is_first = True
        while (char := self._peek()) != "]":
            if char == ",":
                self._at += 1
                char = self._peek()
            elif char and not is_first:
                raise _Fault("a comma is missing", self._at)
            if not char:
                raise _Fault("the file ends within a list", self._at)
            if char != "]":
                line = self._line_here()
                yield line, self._value()
            is_first = False
        self._at += 1

    def _after(self, fault: _Fault | None) -> Iterator[tuple[int, object]]:
        """What can be read after a fault, and after those that follow."""
        while fault is not None:
            what = f"is broken JSON: {fault.what}; reading goes on with the next entity that is whole"
            self._notes.error(self._line_of(fault.place), what)
            self._wasted += max(1, fault.cost)
            if self._wasted > _MOST_WASTED:
                self._notes.error(self._line_here(), "is broken in too many places; the rest is left out")
                return
            fault = None
            try:
                yield from self._found()
            except _Fault as another:
                fault = another

    def _found(self) -> Iterator[tuple[int, object]]:
        """The entities that are found, whatever stands between them."""
        while self._seek():
            line = self._line_here()
            yield line, self._value()

    def _value(self) -> object:
        """Parse a value.

        Raises:
            _Fault: there is none. The reading has gone one character on, from where another may be found.
        """
        try:
            return self._parsed()
        except _Fault:
            self._at += 1
            raise

    def _parsed(self) -> object:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise _Fault("it is nested too deeply", self._at, len(self._text) - self._at) from None
            except json.JSONDecodeError as error:
                is_cut = error.pos >= len(self._text) - _LONGEST_CUT_TOKEN or error.msg.startswith("Unterminated")
                waiting = len(self._text) - self._at
                if is_cut and waiting > _LONGEST:
                    raise _Fault(f"a value has more than {_LONGEST:,} characters", self._at, waiting) from None
                if not is_cut or not self._read():
                    raise _Fault(excerpt(error.msg), error.pos, waiting if is_cut else error.pos - self._at) from None
            else:
                self._at = end
                return value

    def _peek(self) -> str:
        """The next character that is no space, empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                # Enough to tell a page by.
                if len(self._text) - self._at >= _LONGEST_START or not self._read():
                    return self._text[self._at]
            elif not self._read():
                return ""

    def _seek(self) -> bool:
        """Go to the next entity."""
        while True:
            found = _ENTITY.search(self._text, self._at)
            if found:
                self._at = found.start()
                return True
            self._at = max(self._at, len(self._text) - _LONGEST_START)
            if not self._read():
                self._at = len(self._text)
                return False

    def _read(self) -> bool:
        """Take in more text, twice as much as is waiting, so that a long value is not parsed too often."""
        more = self._stream.read(max(_CHUNK, len(self._text) - self._at)) if self._stream else ""
        if more:
            self._line_here()
            self._text = self._text[self._at :] + more
            self._at = self._counted = 0
        return bool(more)

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _line_of(self, position: int) -> int:
        return self._line_here() + self._text.count("\n", self._at, position)


def _entities_of(value: object) -> list[object]:
    """The entities of a value that is no list: of a page, which has none where nothing was found, or itself."""
    if not isinstance(value, dict) or "organisasjonsnummer" in value:
        return [value]
    embedded = value.get("_embedded")
    if isinstance(embedded, dict):
        lists = (embedded.get(key) for key in ("enheter", "underenheter"))
        return [entity for entities in lists if isinstance(entities, list) for entity in entities]
    return [] if "page" in value else [value]
