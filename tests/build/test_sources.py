from pathlib import Path

import pytest

from kg.build.sources import Source, parse_sources, read_sources
from kg.errors import UsageError


def test_sources_and_kinds_are_read_from_options() -> None:
    sources = parse_sources(["a=x.ttl", "b=https://x.example/?q=1"], ["b=rdf"])
    assert sources == [Source("a", "x.ttl"), Source("b", "https://x.example/?q=1", "rdf")]


@pytest.mark.parametrize(
    ("given", "kinds", "said"),
    [
        (["a"], [], "--source a"),
        (["=x"], [], "--source =x"),
        (["a="], [], "--source a="),
        (["a=x", "a=y"], [], "twice"),
        (["../a=x"], [], "cannot be a source id"),
        (["a b=x"], [], "cannot be a source id"),
        (["a=x"], ["b=rdf"], "no source 'b'"),
    ],
)
def test_wrong_options_are_named(given: list[str], kinds: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_sources(given, kinds)
    assert said in str(caught.value)


def test_paths_in_a_file_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nid = "a"\nlocation = "x.ttl"\n[[source]]\nid = "b"\nlocation = "http://x.example/y"\n')
    assert read_sources(path) == [Source("a", str(tmp_path / "x.ttl")), Source("b", "http://x.example/y")]


@pytest.mark.parametrize(
    "text",
    [
        "", "x = 1", "[[source]]", '[[source]]\nid = "a"', '[[source]]\nid = 1\nlocation = "x"', "[[source",
        "source = 3",        '[[source]]\nid = "a"\nlocation = "x"\nkinds = "rdf"',
        '[[source]]\nid = "a"\nlocation = "x"\nkind = 3',
        '[[source]]\nid = "a"\nlocation = "x"\n[[source]]\nid = "a"\nlocation = "y"',
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_sources(path)
    assert str(path) in caught.value.where


def test_a_missing_file_is_a_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_sources(tmp_path / "none.toml")
