"""Lexical forms are judged as XSD 1.1 part 2 does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.namespaces import XSD
from loaders.datatypes import LEXICAL_CHECKS, is_unknown_xsd

VALID = {
    "anyURI": ["", "https://a.example/å", "../x#y"],
    "base64Binary": ["", "QUJD", "QUI=", "QQ==", "Q U J D"],
    "boolean": ["true", "false", "0", "1"],
    "byte": ["-128", "127", "+1"],
    "date": ["2024-02-29", "2000-02-29", "0000-01-01", "-0004-02-29", "12024-02-29", "2024-01-01Z", "2024-01-01+14:00"],
    "dateTime": ["2024-12-31T24:00:00", "2024-12-31T23:59:59.999Z", "-0001-01-01T00:00:00-13:59"],
    "dateTimeStamp": ["2024-12-31T00:00:00Z"],
    "dayTimeDuration": ["P1D", "-PT1.5S", "P1DT1H"],
    "decimal": ["1", "-1.5", ".5", "5.", "+0"],
    "double": ["1", "1e5", "-.5E-3", "INF", "+INF", "-INF", "NaN"],
    "duration": ["P1Y", "P1Y2M3DT4H5M6.7S", "-PT0S"],
    "float": ["1.0"],
    "gDay": ["---31", "---01Z"],
    "gMonth": ["--12"],
    "gMonthDay": ["--02-29", "--12-31+01:00"],
    "gYear": ["2024", "-0044", "12024", "2024Z"],
    "gYearMonth": ["2024-12"],
    "hexBinary": ["", "00fF"],
    "int": ["-2147483648", "2147483647"],
    "integer": ["0", "-0", "+5", "9" * 5000],
    "language": ["nb", "nb-NO"],
    "long": ["9223372036854775807"],
    "negativeInteger": ["-1", "-" + "9" * 200],
    "nonNegativeInteger": ["0", "-0", "9" * 200],
    "nonPositiveInteger": ["0", "-1"],
    "positiveInteger": ["1", "0001"],
    "short": ["-32768"],
    "time": ["00:00:00", "24:00:00", "23:59:59.5Z"],
    "unsignedByte": ["255"],
    "unsignedInt": ["4294967295"],
    "unsignedLong": ["18446744073709551615"],
    "unsignedShort": ["65535"],
    "yearMonthDuration": ["P1Y2M", "-P1M"],
}
INVALID = {
    "anyURI": ["a b", "<x>"],
    "base64Binary": ["Q", "QUJ", "QU=="[:3], "Q=UJ"],
    "boolean": ["True", "ja", ""],
    "byte": ["128", "-129"],
    "date": [
        "2017-13-45",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "24-01-01",
        "2024-1-1",
        "31.12.2024",
        "",
        " 2024-01-01",
        "02024-01-01",
        "2024-01-01T00:00:00",
        "2024-01-01+14:01",
    ],
    "dateTime": ["2024-01-01", "2024-01-01T24:00:01", "2024-01-01T10:00", "2024-01-01T25:00:00", "2024-02-30T00:00:00"],
    "dateTimeStamp": ["2024-12-31T00:00:00"],
    "dayTimeDuration": ["P1Y", "P", "PT"],
    "decimal": ["1e5", ".", "1,5", ""],
    "double": ["1.0f", "Infinity", "e5", "nan"],
    "duration": ["P", "PT", "P1YT", "1Y", "P-1Y", "P1S", "PT1M2H"],
    "float": ["x"],
    "gDay": ["--31", "---32"],
    "gMonth": ["12", "--13"],
    "gMonthDay": ["--02-30", "--04-31"],
    "gYear": ["24", "2024-01", "02024", "-"],
    "gYearMonth": ["2024-13", "2024"],
    "hexBinary": ["0", "0g"],
    "int": ["2147483648", "-" + "9" * 200],
    "integer": ["abc", "1.0", "", " 5", "5 ", "٥"],
    "language": ["norskbokmaal", "n_b"],
    "long": ["9223372036854775808"],
    "negativeInteger": ["0", "9" * 200],
    "nonNegativeInteger": ["-1", "*", "-" + "9" * 200],
    "nonPositiveInteger": ["1"],
    "positiveInteger": ["0", "-0"],
    "short": ["32768"],
    "time": ["24:00:01", "1:00:00", "10:00"],
    "unsignedByte": ["256", "-1"],
    "unsignedInt": ["4294967296"],
    "unsignedLong": ["18446744073709551616"],
    "unsignedShort": ["65536"],
    "yearMonthDuration": ["P1D", "P"],
}


def holds(name: str, text: str) -> bool:
    return LEXICAL_CHECKS[NamedNode(XSD + name)](text)


def test_every_datatype_has_valid_and_invalid_cases() -> None:
    assert (
        {f"<{XSD}{name}>" for name in VALID}
        == {f"<{XSD}{name}>" for name in INVALID}
        == {str(iri) for iri in LEXICAL_CHECKS}
    )


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, cases in VALID.items() for text in cases])
def test_valid_forms_hold(name: str, text: str) -> None:
    assert holds(name, text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, cases in INVALID.items() for text in cases])
def test_invalid_forms_do_not(name: str, text: str) -> None:
    assert not holds(name, text)


@given(st.dates())
def test_every_date_of_the_calendar_is_valid(day: date) -> None:
    assert holds("date", day.isoformat())
    assert holds("dateTime", f"{day.isoformat()}T12:00:00+01:00")


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_no_other_day_is(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        date.fromisoformat(text)
    except ValueError:
        assert not holds("date", text)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    for check in LEXICAL_CHECKS.values():
        check(text)


@pytest.mark.parametrize(
    ("datatype", "is_unknown"),
    [("datetime", True), ("Date", True), ("", True), ("date", False), ("string", False), ("token", False)],
)
def test_names_in_the_namespace_that_are_no_datatypes_are_known(datatype: str, is_unknown: bool) -> None:
    assert is_unknown_xsd(XSD + datatype) is is_unknown


def test_datatypes_of_others_are_not_judged() -> None:
    assert not is_unknown_xsd("https://a.example/datetime")
