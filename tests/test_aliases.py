"""Aliases of a generation, and the IRIs that people write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.aliases import NO_ALIASES, Aliases, read_aliases, read_iri
from kg.errors import BuildError
from kg.namespaces import WELL_KNOWN_PREFIXES
from kg.terms import writable_iri

REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter/974760673"
ORGANISATION = "https://data.norge.no/organizations/974760673"
IRIS = st.text(min_size=1).map(lambda text: writable_iri(f"https://x.example/{text}")).filter(bool).map(str)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_an_alias_leads_to_its_canonical_iri_and_other_iris_to_themselves(tmp_path: Path) -> None:
    path = written(
        tmp_path / "aliases.tsv", "https://x.no/å\thttps://y.no/1\nhttps://x.no/b\thttps://y.no/2\n".encode()
    )
    aliases = read_aliases(path)
    assert aliases.canonical("https://x.no/å") == "https://y.no/1"
    assert aliases.canonical("https://y.no/1") == "https://y.no/1"
    assert aliases.canonical("https://x.no/c") == "https://x.no/c"
    assert len(aliases) == 2
    assert list(aliases.items()) == [("https://x.no/å", "https://y.no/1"), ("https://x.no/b", "https://y.no/2")]


def test_a_form_of_an_organisation_resolves_although_no_source_used_it(tmp_path: Path) -> None:
    aliases = read_aliases(written(tmp_path / "aliases.tsv", b""))
    assert len(aliases) == 0
    assert aliases.canonical(REGISTER) == ORGANISATION
    assert aliases.canonical(ORGANISATION) == ORGANISATION
    invalid = REGISTER.replace("974760673", "974760674")
    assert aliases.canonical(invalid) == invalid


def test_the_table_goes_before_the_form_of_an_iri() -> None:
    assert Aliases({REGISTER: "https://y.no/1"}).canonical(REGISTER) == "https://y.no/1"


def test_a_generation_without_the_file_takes_every_iri_as_it_is(tmp_path: Path) -> None:
    aliases = read_aliases(tmp_path / "aliases.tsv")
    assert aliases == NO_ALIASES
    assert aliases.canonical(REGISTER) == REGISTER


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"https://x.no/a\n", 1),
        (b"https://x.no/a\thttps://y.no/1\n\n", 2),
        (b"https://x.no/a\thttps://y.no/1\thttps://y.no/2\n", 1),
        (b"\thttps://y.no/1\n", 1),
        (b"https://x.no/a\t\n", 1),
        (b"https://x.no/a\thttps://x.no/a\n", 1),
        (b"https://x.no/a\thttps://y.no/1\nhttps://x.no/a\thttps://y.no/2\n", 2),
    ],
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, content: bytes, line: int) -> None:
    path = written(tmp_path / "aliases.tsv", content)
    with pytest.raises(BuildError) as caught:
        read_aliases(path)
    assert caught.value.where == f"{path}:{line}"
    assert caught.value.hint


def test_a_file_that_cannot_be_read_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(BuildError):
        read_aliases(tmp_path)
    with pytest.raises(BuildError):
        read_aliases(written(tmp_path / "aliases.tsv", b"\xff\xfe\tx"))


@given(content=st.binary(max_size=200))
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("aliases") / "aliases.tsv", content)
    try:
        aliases = read_aliases(path)
    except BuildError:
        return
    lines = content.decode().removesuffix("\n").split("\n") if content else []
    assert [f"{alias}\t{canonical}" for alias, canonical in aliases.items()] == lines


@given(table=st.dictionaries(IRIS, IRIS, max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, table: dict[str, str]) -> None:
    table = {alias: canonical for alias, canonical in table.items() if alias != canonical}
    lines = "".join(f"{alias}\t{canonical}\n" for alias, canonical in sorted(table.items()))
    path = written(tmp_path_factory.mktemp("aliases") / "aliases.tsv", lines.encode())
    assert dict(read_aliases(path).items()) == table


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("https://data.norge.no/a", "https://data.norge.no/a"),
        ("  <https://data.norge.no/et datasett>\n", "https://data.norge.no/et%20datasett"),
        ("dct:title", "http://purl.org/dc/terms/title"),
        ("<dct:title>", "dct:title"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("skos:æ b", "http://www.w3.org/2004/02/skos/core#æ%20b"),
        ("schema://x", "schema://x"),
        ("datasett/1", None),
        ("", None),
        ("<>", None),
        (":", None),
        ("https://x.no/\ud800 b", None),
    ],
)
def test_an_iri_is_read_in_the_ways_in_which_it_is_written(text: str, iri: str | None) -> None:
    assert read_iri(text, WELL_KNOWN_PREFIXES) == iri


@given(text=st.text(max_size=60))
def test_whatever_is_written_gives_an_iri_that_sparql_can_write_or_none(text: str) -> None:
    iri = read_iri(text, WELL_KNOWN_PREFIXES)
    if iri is not None:
        assert NamedNode(iri).value == iri
