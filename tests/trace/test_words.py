"""Words, and what a caller may write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.aliases import NO_ALIASES, Aliases
from kg.build.generations import Home
from kg.errors import ParameterError
from kg.search.searching import SearchIndex
from kg.trace.asking import MANY, PARAMETERS, read_request
from kg.trace.likeness import key_of
from kg.trace.path import Group
from kg.trace.paths import PATH_NAMES
from kg.trace.tracing import MAX_DEPTH, MAX_LIMIT, MAX_OFFSET, Request
from kg.trace.web import Evidence
from kg.trace.words import ABBREVIATIONS, MAX_CHOICES, resolve, written_out

CONCEPT = "https://demo.kunnskapsgraf.example/{}"
PREFIXES = {"x": "https://x.example/"}


@pytest.fixture(scope="module")
def index(demo: Home) -> SearchIndex:
    return SearchIndex.open(demo.get_current().search)


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("fødselsnummer", "skatteetaten/begrep/fodselsnummer"),
        ("Fødselsnummer", "skatteetaten/begrep/fodselsnummer"),
        ("foedselsnummer", "skatteetaten/begrep/fodselsnummer"),  # its name in data
        ("fødsels-nummer", "skatteetaten/begrep/fodselsnummer"),
        ("fnr", "skatteetaten/begrep/fodselsnummer"),
        ("F.nr.", "skatteetaten/begrep/fodselsnummer"),
        ("national identity number", "skatteetaten/begrep/fodselsnummer"),
        ("orgnr", "brreg/begrep/organisasjonsnummer"),
        ("org.nr", "brreg/begrep/organisasjonsnummer"),
        ("dnr", "skatteetaten/begrep/d-nummer"),
        ("dnummer", "skatteetaten/begrep/d-nummer"),
        ("personnamn", "skatteetaten/begrep/personnavn"),  # in nynorsk
        ("personnavn", "skatteetaten/begrep/personnavn"),  # in bokmål
        ("kommune nummer", "kartverket/begrep/kommunenummer"),
    ],
)
def test_a_word_finds_its_concept_however_it_is_written(index: SearchIndex, word: str, concept: str) -> None:
    assert CONCEPT.format(concept) in resolve(index, word).exact


def test_a_word_finds_everything_of_that_name_and_nothing_else(index: SearchIndex) -> None:
    meanings = resolve(index, "fødselsnummer")
    assert meanings.total == len(meanings.exact) == 4  # one concept, and properties of Kartverket, Nav and Skatteetaten
    assert meanings.others == ()


def test_without_something_of_that_name_there_are_choices_only(index: SearchIndex) -> None:
    meanings = resolve(index, "skatt")
    assert meanings.exact == ()
    assert 1 <= len(meanings.others) <= MAX_CHOICES
    assert resolve(index, "qqqqxyz").others == ()


def test_an_abbreviation_is_looked_for_as_it_is_too() -> None:
    for short, names in ABBREVIATIONS.items():
        assert written_out(short) == (short, *names)
    assert written_out("nr") == ("nr",)


@given(st.text(max_size=60))
def test_names_are_compared_without_what_does_not_matter(name: str) -> None:
    key = key_of(name)
    assert key == key_of(key) == key_of(f" {name}-")


def read(**given_: str) -> Request:
    values = {name: [value] for name, value in given_.items()}
    return read_request({"element": ["fødselsnummer"], **values}, "nb", PREFIXES, NO_ALIASES)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("element", ""),
        ("element", " \t"),
        ("element", "x" * 5_000),
        ("depth", "0"),
        ("depth", str(MAX_DEPTH + 1)),
        ("depth", "-1"),
        ("depth", "to"),
        ("depth", "٣"),
        ("limit", "0"),
        ("limit", str(MAX_LIMIT + 1)),
        ("offset", str(MAX_OFFSET + 1)),
        ("offset", "1e3"),
        ("paths", "P99"),
        ("paths", "p1"),
        ("evidence", "proved"),
        ("agency", "Skatteetaten"),
        ("agency", ",".join(["974760673"] * 51)),
        ("lang", "se"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_parameter(parameter: str, value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(**{parameter: value})
    assert caught.value.parameter == parameter
    assert not caught.value.unknown


@pytest.mark.parametrize("name", sorted({*PARAMETERS} - MANY))
def test_what_is_one_is_given_once(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_request({"element": ["a"], name: ["1", "2"]}, "nb", PREFIXES, NO_ALIASES)
    assert caught.value.parameter == name


def test_paths_are_chosen_by_name_and_by_group() -> None:
    assert read(paths="P9c, P1").paths == ("P1", "P9c")
    assert set(read(paths="match").paths) == {"P4", "P4b", "P4c", "P4d", "P4e", "P4f"}
    assert set(read(paths=",".join(Group)).paths) == set(PATH_NAMES)


def test_an_element_is_named_by_an_iri_a_curie_a_number_or_a_word() -> None:
    aliases = Aliases({"https://x.example/old": "https://x.example/new"})
    read_one = {
        "x:old": "https://x.example/new",
        "<https://x.example/old>": "https://x.example/new",
        "974760673": "https://data.norge.no/organizations/974760673",
        "http://data.brreg.no/enhetsregisteret/enhet/974760673": "https://data.norge.no/organizations/974760673",
    }
    for text, iri in read_one.items():
        wish = read_request({"element": [text]}, "nb", PREFIXES, aliases)
        assert (wish.starts, wish.word) == ((iri,), False)
    assert read(agency="974760673").agencies == ("https://data.norge.no/organizations/974760673",)
    assert read().word
    assert read().starts == ()


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(max_size=30), max_size=3)))
def test_whatever_is_asked_is_read_or_refused_and_reaches_a_worker_as_it_is(given_: dict[str, list[str]]) -> None:
    try:
        wish = read_request(given_, "nb", PREFIXES, NO_ALIASES)
    except ParameterError as error:
        assert error.parameter in PARAMETERS
        return
    assert Request.from_json(wish.to_json()) == wish
    assert set(wish.evidence) <= set(Evidence)
