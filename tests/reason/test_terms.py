"""Terms as numbers and back: beside a dictionary of Python's, with whatever texts there may be."""

import errno
import gc
from io import BytesIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reason.output import write_lines
from kg.reason.terms import Terms

# Only a literal has spaces, and it is the last of a line; no line holds a line feed (N-Triples, production 9).
NAMES = st.one_of(
    st.sampled_from(["<a>", "<b>", "_:b", "<<(", '"', "<", "ø", "🦆"]),
    st.text(st.characters(exclude_characters=" \n", exclude_categories=["Cs"]), min_size=1),
)
VALUES = st.one_of(NAMES, st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1))
TRIPLES = st.lists(st.tuples(NAMES, NAMES, VALUES), max_size=12)


@given(st.lists(st.one_of(VALUES, st.lists(VALUES, max_size=8)), max_size=8))
def test_a_text_has_one_number_however_it_is_asked_for(asked: list[str | list[str]]) -> None:
    terms, numbers = Terms(), dict[str, int]()
    for texts in asked:
        found = (
            {texts: terms.number(texts)}
            if isinstance(texts, str)
            else dict(zip(texts, terms.numbers(texts), strict=True))
        )
        for text, number in found.items():
            assert numbers.setdefault(text, int(number)) == number
            assert terms.text(int(number)) == text
    assert sorted(numbers.values()) == list(range(len(terms)))
    assert terms.series.to_list() == sorted(numbers, key=lambda text: numbers[text])
    assert terms.literals().tolist() == [text.startswith('"') for text in terms.series]
    assert terms.iris().tolist() == [text[:1] == "<" and text[:2] != "<<" for text in terms.series]


def test_numbers_last_as_long_as_the_dictionary() -> None:
    # Polars forgets the categories that no column is of.
    terms, other = Terms(), Terms()
    first = terms.numbers(["<a>", "<b>"]).tolist()
    other.numbers(["<c>"])
    gc.collect()
    assert terms.numbers(pl.Series(["<b>", "<c>", "<a>"])).tolist() == [first[1], 2, first[0]]
    assert terms.series.to_list() == ["<a>", "<b>", "<c>"]


@given(st.lists(TRIPLES, min_size=1, max_size=3), st.sampled_from([" .\n", "\n", " <g> .\n"]))
def test_triples_are_written_as_they_were_read(parts: list[list[tuple[str, str, str]]], ending: str) -> None:
    terms = Terms()
    columns = [terms.columns(" ".join(triple) for triple in triples) for triples in parts]
    for triples, read in zip(parts, columns, strict=True):
        written = BytesIO()
        write_lines(read, terms, written, ending)
        assert written.getvalue().decode() == "".join(" ".join(triple) + ending for triple in triples)


def test_many_triples_are_written() -> None:
    lines = [f"<urn:{number}> <urn:p> \"{number % 7} 'ord', {'æ' * (number % 3)}\"" for number in range(250_001)]
    terms, written = Terms(), BytesIO()
    write_lines(terms.columns(lines), terms, written)
    assert written.getvalue().decode() == "".join(f"{line} .\n" for line in lines)


def test_what_goes_wrong_with_the_file_is_said_as_python_says_it() -> None:
    class Full(BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    terms = Terms()
    with pytest.raises(OSError, match="No space left on device"):
        write_lines(terms.columns(["<a> <b> <c>"]), terms, Full())


@pytest.mark.parametrize("line", ["<a> <b>", "<a>", ""])
def test_a_line_that_is_no_triple_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="three terms"):
        Terms().columns(["<a> <b> <c>", line])
