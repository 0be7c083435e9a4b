"""Dates: the datatype follows the form, and nothing else becomes a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.build.forms.dates import is_dated, read_date
from kg.namespaces import XSD
from kg.terms import CanonicalLiterals


@pytest.mark.parametrize(
    ("text", "value", "datatype"),
    [
        ("2014", "2014", "gYear"),
        ("2018-03", "2018-03", "gYearMonth"),
        ("2021-01-20", "2021-01-20", "date"),
        (" 2021-01-20\n", "2021-01-20", "date"),
        ("31.12.2018", "2018-12-31", "date"),
        ("1.2.2018", "2018-02-01", "date"),
        ("2019-04-02T00:00:00", "2019-04-02T00:00:00", "dateTime"),
        ("2019-04-02 10:30:00", "2019-04-02T10:30:00", "dateTime"),
        ("2019-04-02T10:30:00.5+0200", "2019-04-02T10:30:00.5+02:00", "dateTime"),
        ("2020-02-29", "2020-02-29", "date"),
        ("2019-04-02Z", "2019-04-02Z", "date"),
    ],
)
def test_text_gets_the_datatype_that_it_has_the_form_of(text: str, value: str, datatype: str) -> None:
    assert read_date(text) == Literal(value, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    "text",
    [
        "2018-02-30",
        "31.02.2018",
        "2018-13",
        "18-01-01",
        "1/2/2018",
        "31. desember 2018",
        "20180101",
        "2018-01-01T25:00:00",
        "0000-01-01",
        "",
        "løpende",
        "2010/2015",
        "2019-04-02T10:30",
        "2014-0101",
        "١٤-٠٢-٢٠١٨",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(), st.booleans())
def test_every_day_is_read_in_both_orders(day: date, norwegian: bool) -> None:
    text = f"{day.day}.{day.month}.{day.year}" if norwegian and day.year > 999 else day.isoformat()
    if day.year < 3000:
        assert read_date(text) == Literal(day.isoformat(), datatype=NamedNode(f"{XSD}date"))


@given(st.from_regex(r"[0-9TZ:. +-]{0,25}", fullmatch=True) | st.text(max_size=20) | st.datetimes().map(str))
def test_a_date_in_canonical_form_is_the_same_date(text: str) -> None:
    found = read_date(text)
    if found is not None:
        canonical = CanonicalLiterals().canonical(found)
        again = read_date(canonical.value)
        assert again is not None
        assert CanonicalLiterals().canonical(again) == canonical


@given(st.from_regex(r"20[0-9]{2}-[0-3][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:00Z?)?", fullmatch=True), st.booleans())
def test_what_is_a_date_at_a_glance_is_one(text: str, with_time: bool) -> None:
    literal = Literal(text, datatype=NamedNode(f"{XSD}dateTime" if with_time else f"{XSD}date"))
    if is_dated(literal):
        assert read_date(text) == literal == CanonicalLiterals().canonical(literal)
