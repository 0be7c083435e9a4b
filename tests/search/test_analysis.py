"""Analysis: words in one form, whichever way they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.search.analysis import MAX_WORD, STOP_WORDS, Analyzer, endings
from kg.search.folding import fold

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Årsregnskap", "aarsregnskap"),
        ("FØDSELSNUMMER", "foedselsnummer"),
        ("næring", "naering"),
        ("café", "cafe"),
        ("Ångström", "aangstroem"),
        ("ČÁHCI", "cahci"),
        ("STRASSE", "straße"),
    ],
)
def test_case_accents_and_norwegian_letters_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(unicodedata.normalize("NFC", one)) == ANALYZER.words(unicodedata.normalize("NFD", one))[0].whole


@pytest.mark.parametrize(
    "forms",
    [
        ["kommune", "kommunen", "kommuner", "kommunene", "kommunar", "kommunane"],
        ["nummer", "nummeret"],
        ["register", "registeret"],
        ["eining", "einingar", "einingane", "eininga"],
        ["opplysning", "opplysninger", "opplysningene", "opplysningar"],
        ["enhet", "enheten", "enheter", "enhetene"],
        ["virksomhet", "virksomheten", "virksomheter"],
    ],
)
def test_inflections_of_bokmaal_and_nynorsk_have_one_stem(forms: list[str]) -> None:
    assert len({ANALYZER.words(form)[0].norwegian for form in forms}) == 1


def test_english_words_have_an_english_stem() -> None:
    assert len({ANALYZER.words(form)[0].english for form in ("address", "addresses")}) == 1
    assert len({ANALYZER.words(form)[0].english for form in ("municipality", "municipalities")}) == 1
    assert ANALYZER.words("registers")[0].stems == ("regist",)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("organisasjonsNummer", ["organisasjons", "nummer"]),
        ("OrganisasjonsNummer", ["organisasjons", "nummer"]),
        ("HTTPServer", ["http", "server"]),
        ("adresse2", ["adresse", "2"]),
        ("gårdsNummerØst", ["gaards", "nummer", "oest"]),
        ("kommune", []),
        ("NAV", []),
    ],
)
def test_technical_names_are_cut_at_their_seams(written: str, parts: list[str]) -> None:
    [word] = ANALYZER.words(written)
    assert word.whole == fold(written)
    assert [part.whole for part in word.parts] == parts


def test_underscores_hyphens_and_dots_separate_words() -> None:
    words = ANALYZER.words("organisasjons_nummer e-post Person.navn")
    assert [word.whole for word in words] == ["organisasjons", "nummer", "e", "post", "person", "navn"]


def test_endings_leave_a_part_on_either_side() -> None:
    assert "numm" in endings("foedselsnumm")
    assert endings("abcde") == []
    assert endings("abcdef") == ["def"]


def test_stop_words_are_in_the_form_in_which_words_are_compared() -> None:
    assert {"paa", "naar", "the", "og"} <= STOP_WORDS
    assert all(fold(word) == word for word in STOP_WORDS)


@given(st.text())
def test_any_text_gives_the_same_bounded_words_again(text: str) -> None:
    words = ANALYZER.words(text)
    assert [word.whole for word in words] == [word.whole for word in Analyzer().words(text)]
    for word in words:
        assert len(word.whole) <= MAX_WORD
        assert not set(word.whole) & set(" \t\n\0")
        assert word.norwegian == ANALYZER.stem(word.whole)


@given(st.text())
def test_folding_is_settled_at_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
