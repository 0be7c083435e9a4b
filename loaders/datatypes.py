"""Datatypes: whether the text of a typed literal is one that its XSD datatype has (XSD 1.1 part 2, sections 3.3, 3.4).

In: the lexical form. Out: yes or no. The form is judged as it stands, without the white space that XML would
collapse, because RDF compares lexical forms (RDF 1.1 Concepts, section 5.1) and so does the store.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.namespaces import XSD

Check = Callable[[str], bool]
"""Whether a lexical form is in the lexical space of one datatype."""

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DURATION_DATE: Final = r"(?:\d+Y)?(?:\d+M)?(?:\d+D)?"
_DURATION_TIME: Final = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_DATE: Final = re.compile(rf"({_YEAR})-({_MONTH})-({_DAY})(?:T{_TIME})?{_ZONE}", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Python refuses to read longer integers, and none of the bounded types has one that is as long.
_LONGEST_BOUNDED_INTEGER: Final = 100


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _integer(lowest: int | None, highest: int | None) -> Check:
    def check(text: str) -> bool:
        if not _INTEGER.fullmatch(text):
            return False
        digits = text.lstrip("+-").lstrip("0") or "0"
        negative = text.startswith("-") and digits != "0"
        if len(digits) > _LONGEST_BOUNDED_INTEGER:
            return lowest is None if negative else highest is None
        value = -int(digits) if negative else int(digits)
        return (lowest is None or value >= lowest) and (highest is None or value <= highest)

    return check


def _dated(pattern: str) -> Check:
    """A check for a pattern that begins as a date: the month must have such a day (XSD 1.1 part 2, appendix D.3)."""
    matches = _matches(pattern)

    def check(text: str) -> bool:
        date = _DATE.match(text)
        if date is None or not matches(text):
            return False
        month, day = int(date[2]), int(date[3])
        return day <= _DAYS[month - 1] or (month == 2 and day == 29 and _is_leap(date[1]))

    return check


def _is_leap(year: str) -> bool:
    # Leap years repeat every 400 years and 10000 is a multiple of it, so the last four digits tell.
    last = int(year[-4:])
    return last % 4 == 0 and (last % 100 != 0 or last % 400 == 0)


def _month_day(text: str) -> bool:
    found = re.fullmatch(rf"--({_MONTH})-({_DAY}){_ZONE}", text, re.ASCII)
    return found is not None and int(found[2]) <= (29 if found[1] == "02" else _DAYS[int(found[1]) - 1])


_DURATION: Final = rf"-?P(?=.){_DURATION_DATE}{_DURATION_TIME}"
_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_FLOAT: Final = _matches(rf"{_NUMBER}(?:[Ee][+-]?\d+)?|[+-]?INF|NaN")

_CHECKS: Final = {
    "anyURI": _matches(r'[^\x00-\x20<>"{}|\\^`]*'),
    "base64Binary": _matches(r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}[A-Za-z0-9+/=] ?=)?"),
    "boolean": _matches(r"true|false|0|1"),
    "byte": _integer(-(2**7), 2**7 - 1),
    "date": _dated(rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}"),
    "dateTime": _dated(rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"),
    "dateTimeStamp": _dated(rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE[:-1]}"),
    "dayTimeDuration": _matches(rf"-?P(?=.)(?:\d+D)?{_DURATION_TIME}"),
    "decimal": _matches(_NUMBER),
    "double": _FLOAT,
    "duration": _matches(_DURATION),
    "float": _FLOAT,
    "gDay": _matches(rf"---{_DAY}{_ZONE}"),
    "gMonth": _matches(rf"--{_MONTH}{_ZONE}"),
    "gMonthDay": _month_day,
    "gYear": _matches(rf"{_YEAR}{_ZONE}"),
    "gYearMonth": _matches(rf"{_YEAR}-{_MONTH}{_ZONE}"),
    "hexBinary": _matches(r"(?:[0-9A-Fa-f]{2})*"),
    "int": _integer(-(2**31), 2**31 - 1),
    "integer": _integer(None, None),
    "language": _matches(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"),
    "long": _integer(-(2**63), 2**63 - 1),
    "negativeInteger": _integer(None, -1),
    "nonNegativeInteger": _integer(0, None),
    "nonPositiveInteger": _integer(None, 0),
    "positiveInteger": _integer(1, None),
    "short": _integer(-(2**15), 2**15 - 1),
    "time": _matches(rf"{_TIME}{_ZONE}"),
    "unsignedByte": _integer(0, 2**8 - 1),
    "unsignedInt": _integer(0, 2**32 - 1),
    "unsignedLong": _integer(0, 2**64 - 1),
    "unsignedShort": _integer(0, 2**16 - 1),
    "yearMonthDuration": _matches(r"-?P(?=.)(?:\d+Y)?(?:\d+M)?"),
}

# In these every text of characters is valid, or what is not does no harm in RDF.
_FREE: Final = frozenset(
    {
        "ENTITY",
        "ID",
        "IDREF",
        "NCName",
        "NMTOKEN",
        "NOTATION",
        "Name",
        "QName",
        "normalizedString",
        "string",
        "token",
    }
)

LEXICAL_CHECKS: Final[Mapping[NamedNode, Check]] = MappingProxyType(
    {NamedNode(XSD + name): check for name, check in _CHECKS.items()}
)
"""A check for each XSD datatype whose lexical space is narrower than text."""


def is_unknown_xsd(datatype: str) -> bool:
    """Whether an IRI is in the XSD namespace and names no datatype there, as `xsd:datetime` does.

    >>> is_unknown_xsd("http://www.w3.org/2001/XMLSchema#datetime")
    True
    """
    if not datatype.startswith(XSD):
        return False
    name = datatype[len(XSD) :]
    return name not in _CHECKS and name not in _FREE
