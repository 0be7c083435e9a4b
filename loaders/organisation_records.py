"""Records of Enhetsregisteret: what is read of one entity, whichever form of the register's files it stands in.

In: the JSON object of an entity, or the cells of its row. Out: a `Record` of the fields that are loaded, as text, and
`Notes` on what is wrong. Fields that are not listed here (addresses, telephone, e-mail, activities in words, roles) are
never looked at. The names are those of the register's API; the CSV files have the same with dots between the parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from loaders.protocol import Problem
from loaders.rdf_remarks import Remark, Remarks

FIELDS: Final = MappingProxyType(
    {
        "number": "organisasjonsnummer",
        "name": "navn",
        "form": "organisasjonsform.kode",
        "parent": "overordnetEnhet",
        "homepage": "hjemmeside",
        "sector": "institusjonellSektorkode.kode",
        "activity": "naeringskode1.kode",
        "norwegian": "maalform",
        "registered": "registreringsdatoEnhetsregisteret",
        "deleted": "slettedato",
        "bankrupt": "konkurs",
        "winding_up": "underAvvikling",
        "forced_winding_up": "underTvangsavviklingEllerTvangsopplosning",
        "insolvent_abroad": "underUtenlandskInsolvensbehandlingDato",
        "restructuring": "underRekonstruksjonsforhandlingDato",
        "path": "orgPath",
    }
)
"""What is read of an entity, and the register's name for it."""

_PATHS: Final = tuple((field, tuple(name.split("."))) for field, name in FIELDS.items())


class Notes:
    """What is wrong in one file, in the order of its lines."""

    def __init__(self, cap: int) -> None:
        self._remarks = Remarks(cap)
        self._count = 0

    def error(self, line: int, what: str, hint: str = "") -> None:
        """Note what was left out."""
        self._add(line, what, hint, "error")

    def warn(self, line: int, what: str, hint: str = "") -> None:
        """Note what was loaded nevertheless."""
        self._add(line, what, hint, "warning")

    def count_warnings(self, surplus: int) -> None:
        """Count warnings that are not told one by one."""
        self._remarks.surplus += surplus

    def problems(self, name: str) -> list[Problem]:
        """The notes on the file of this name as problems; the last counts those over the cap."""
        return self._remarks.problems(name)

    def _add(self, line: int, what: str, hint: str, severity: str) -> None:
        self._remarks.add((line, what), Remark(self._count, what, hint, severity, line=line))
        self._count += 1


@dataclass(frozen=True, slots=True)
class Record:
    """One entity.

    Attributes:
        line: where it begins in its file, counted from 1.
        place: which one of the file it is, counted from 1.
        texts: its fields, without those that are empty.
    """

    line: int
    place: int
    texts: Mapping[str, str]

    def text(self, field: str) -> str:
        """The text of a field, empty where the entity has none."""
        return self.texts.get(field, "")


def record_of_json(line: int, place: int, entity: Mapping[str, object], notes: Notes) -> Record:
    """The record of a JSON object whose numbers were read as text."""
    texts: dict[str, str] = {}
    for field, path in _PATHS:
        value: object = entity
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            if text := value.strip():
                texts[field] = text if text.isascii() else _whole(text, line, place, field, notes)
        elif isinstance(value, bool):
            texts[field] = "true" if value else "false"
        elif value is not None:
            notes.warn(line, f"entity {place}: {FIELDS[field]} is no text; it is left out")
    return Record(line, place, texts)


def _whole(text: str, line: int, place: int, field: str, notes: Notes) -> str:
    """The text without halves of characters, which JSON can escape (RFC 8259, section 8.2) and UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        notes.warn(line, f"entity {place}: {FIELDS[field]} has half a character, which is read as U+FFFD")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
