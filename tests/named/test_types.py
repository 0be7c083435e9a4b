"""The types of parameters, by the lines of `types/*.txt`: what each takes, and what it says of other texts."""

from pathlib import Path

import pytest

from kg.aliases import Aliases
from kg.errors import ParameterError
from kg.named.types import PARAMETER_TYPES, Reading
from kg.namespaces import DEFAULT_BASE_IRI, Names

FOLDER = Path(__file__).parent / "types"
READING = Reading(Names("https://base.example/"), Aliases({"https://alias.example/a": "https://canonical.example/a"}))


def lines(separator: str) -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            left, middle, right = line.rpartition(separator)
            if middle and not line.startswith("# "):
                found.append((path.stem, left, right))
    return found


def test_every_type_has_a_file_and_every_file_a_type() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(PARAMETER_TYPES)


@pytest.mark.parametrize(("name", "text", "term"), lines(" -> "))
def test_a_text_becomes_its_term_and_the_term_a_text_that_becomes_it_again(name: str, text: str, term: str) -> None:
    row = PARAMETER_TYPES[name]
    found = row.parse(text, READING)
    assert str(found) == term
    assert row.parse(row.format(found), READING) == found


@pytest.mark.parametrize(("name", "text", "said"), lines(" ! "))
def test_a_text_that_is_no_value_is_told_of_in_words(name: str, text: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        PARAMETER_TYPES[name].parse(text, READING)


@pytest.mark.parametrize("name", PARAMETER_TYPES)
def test_the_example_of_a_type_has_it(name: str) -> None:
    row, reading = PARAMETER_TYPES[name], Reading(Names(DEFAULT_BASE_IRI), Aliases({}))
    term = row.parse(row.example, reading)
    assert row.parse(row.format(term), reading) == term
