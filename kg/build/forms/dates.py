"""Dates: the datatype that the text of a date has the form of (a step of `kg.build.normalise`).

In: a text from a property of dates. Out: a literal with that datatype, or None where the text is no date. Sources
give years as xsd:date, days as xsd:dateTime or as plain text, and days in the Norwegian way (31.12.2018).
"""

import re
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import XSD

_ZONE: Final = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
_SHORT_ZONE: Final = _ZONE.replace("):[", "):?[")  # without the colon it could be taken for a month or a day
_DAY: Final = r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3][0-9])"
_CLOCK: Final = r"(?P<clock>(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?)|24:00:00(?:\.0+)?)"
# In the order in which they are tried; no text has two of the forms.
_FORMS: Final = (
    (NamedNode(f"{XSD}date"), re.compile(_DAY + _ZONE)),
    (NamedNode(f"{XSD}dateTime"), re.compile(f"{_DAY}[T ]{_CLOCK}{_SHORT_ZONE}")),
    (NamedNode(f"{XSD}gYear"), re.compile(f"(?P<year>[0-9]{{4}}){_ZONE}")),
    (NamedNode(f"{XSD}gYearMonth"), re.compile(f"(?P<year>[0-9]{{4}})-(?P<month>0[1-9]|1[0-2]){_ZONE}")),
    (
        NamedNode(f"{XSD}date"),
        re.compile(r"(?P<day>[0-3]?[0-9])\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>[12][0-9]{3})"),
    ),
)
# What is a date beyond doubt, with the datatype that it has: most are, and need no closer look.
_PLAIN_DAY: Final = "[0-9]{3}[1-9]-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_PLAIN: Final = {
    NamedNode(f"{XSD}date"): re.compile(_PLAIN_DAY),
    NamedNode(f"{XSD}dateTime"): re.compile(f"{_PLAIN_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?"),
}


def is_dated(literal: Literal) -> bool:
    """Whether a literal is seen at a glance to be a date or time of its datatype; if not, it may be one still."""
    plain = _PLAIN.get(literal.datatype)
    return plain is not None and plain.fullmatch(literal.value) is not None


def read_date(text: str) -> Literal | None:
    """The literal for the text of a date, a month, a year or a point in time, or None where it is none.

    >>> str(read_date(" 31.12.2018 "))
    '"2018-12-31"^^<http://www.w3.org/2001/XMLSchema#date>'
    >>> read_date("2018-02-30") is None
    True
    """
    text = text.strip()
    for datatype, form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            parts = match.groupdict()
            if parts.get("day") and not _is_day(parts["year"], parts["month"], parts["day"]):
                return None
            return Literal(_written(parts), datatype=datatype)
    return None


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _written(parts: dict[str, str | None]) -> str:
    """The parts in the order and width of XML Schema."""
    text = parts["year"] or ""
    if month := parts.get("month"):
        text += f"-{month:0>2}"
    if day := parts.get("day"):
        text += f"-{day:0>2}"
    if clock := parts.get("clock"):
        text += f"T{clock}"
    if zone := parts.get("zone"):
        text += zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return text
