"""Names of one thing in the spellings that catalogues mix have one form, and other names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linking.naming import Compounds, NameReader, abbreviations
from kg.search.folding import fold


@pytest.mark.parametrize(
    "several",
    [
        ("Kommunenummer", "kommuneNummer", "kommune_nr", "KOMMUNENUMMER", "Kommune-nummer"),
        ("Fødselsnummer", "fodselsnummer", "foedselsnummer", "FødselsNr"),
        ("Organisasjonsnummer", "orgnr", "orgNr", "organisasjons nummer"),
        ("Gårdsnummer", "gnr", "gaardsnummer", "gardsnummer"),
    ],
)
def test_spellings_of_one_name_have_one_key(several: tuple[str, ...]) -> None:
    reader = NameReader()
    assert len({reader.form(name).key for name in several}) == 1


@pytest.mark.parametrize(("one", "other"), [("kommune", "fylke"), ("fnr", "fødselsnummer"), ("adresse", "postadresse")])
def test_names_of_different_things_have_different_keys(one: str, other: str) -> None:
    reader = NameReader()
    assert reader.form(one).key != reader.form(other).key
    assert reader.form(one).stem != reader.form(other).stem


def test_inflections_have_one_stem_and_different_keys() -> None:
    one, other = map(NameReader().form, ("Adressen", "adresser"))
    assert one.stem == other.stem
    assert one.key != other.key


def test_a_compound_is_taken_apart_into_words_that_names_have() -> None:
    compounds = Compounds(["organisasjon", "numm", "post", "adresse"])
    assert compounds.parts("organisasjonsnumm") == ("organisasjon", "numm")
    assert compounds.parts("vegadresse") == ("vegadresse",)


@given(
    st.lists(st.text(alphabet="abens", min_size=1, max_size=14), max_size=12), st.text(alphabet="abens", max_size=30)
)
def test_parts_of_a_compound_are_known_words_or_it_is_whole(words: list[str], word: str) -> None:
    parts = Compounds(words).parts(word)
    assert parts == (word,) or set(parts) <= set(words)


@given(st.text(max_size=60))
def test_any_text_has_a_form_that_its_own_key_has_again(text: str) -> None:
    form = NameReader().form(text)
    assert all(form.words) or not form.key
    assert " " not in form.key


def test_abbreviations_are_folded_and_stand_for_no_abbreviation() -> None:
    known = abbreviations()
    for short, long in known.items():
        assert (fold(short), fold(long)) == (short, long)
        assert long not in known
