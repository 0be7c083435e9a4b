"""Differences between files of quads, and stores that are changed by them."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.build.difference import find_difference
from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.quad_file import QuadFile
from kg.build.quad_lines import QuadLines
from kg.build.sources import Source
from kg.build.store import change_store, load_store
from kg.errors import BuildError
from kg.namespaces import DCAT, DCT, DEFAULT_BASE_IRI

EVERYTHING = 10**9
X = "https://x.example/"
Content = Mapping[str, Sequence[Triple]]

triples = st.builds(
    lambda subject, predicate, value: Triple(
        NamedNode(f"http://x/{subject}"), NamedNode(f"http://p/{predicate}"), Literal(value)
    ),
    st.integers(0, 5),
    st.integers(0, 2),
    st.sampled_from(["", "a", "a .", 'line\nfeed "quoted"', "\u2028\x85\r", "æøå"]),
)
contents = st.dictionaries(
    st.sampled_from(["http://g/1", "http://g/2", "http://g/3"]), st.lists(triples, unique=True, max_size=12)
)


def write(path: Path, content: Content) -> tuple[QuadLines, int]:
    """Each graph as a part, all of it in the default graph too; the file, and how many quads it has."""
    with path.open("wb") as out:
        file = QuadFile(out)
        for graph, each in content.items():
            file.write_asserted(graph, each, lambda triple: triple)
    return QuadLines(path, file.parts), len(file.asserted) + sum(file.graphs.values())


def quads_in(path: Path) -> set[Quad]:
    return set(parse(path=str(path), format=RdfFormat.N_QUADS))


@settings(max_examples=25)
@given(contents, contents)
def test_a_difference_turns_one_file_and_one_store_into_the_other(one: Content, other: Content) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, held = write(Path(folder, "before.nq"), one)
        after, expected = write(Path(folder, "after.nq"), other)
        difference = find_difference(before, after, EVERYTHING)
        assert difference is not None
        old, new = (set(file.path.read_bytes().split(b"\n")) for file in (before, after))
        assert set(difference.removed) == old - new
        assert set(difference.added) == new - old
        assert difference.size == len(old ^ new)
        load_store(before.path, Path(folder, "before"), held)
        assert change_store(Path(folder, "before"), Path(folder, "after"), difference, expected)
        assert set(Store.read_only(str(Path(folder, "after")))) == quads_in(after.path)
        assert set(Store.read_only(str(Path(folder, "before")))) == quads_in(before.path), "the older store changed"


@given(contents)
def test_parts_are_the_file_and_their_checksums_tell_them_apart(content: Content) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, _ = write(Path(folder, "quads.nq"), content)
        places = [(part.offset, part.offset + part.length) for part in file.parts]
        ends = [end for _, end in places]
        assert [start for start, _ in places] == [0, *ends][:-1] if places else not content or not any(content.values())
        assert file.path.stat().st_size == (ends[-1] if ends else 0)
        again, _ = write(Path(folder, "again.nq"), content)
        assert list(again.parts) == list(file.parts)
        assert len({part.sha256 for part in file.parts}) == len(file.parts)


def test_parts_that_are_the_same_are_not_read(tmp_path: Path) -> None:
    same = [Triple(NamedNode("http://x/1"), NamedNode("http://p/1"), Literal("same"))]
    other = [Triple(NamedNode("http://x/2"), NamedNode("http://p/1"), Literal("other"))]
    before, _ = write(tmp_path / "before.nq", {"http://g/1": same})
    after, _ = write(tmp_path / "after.nq", {"http://g/1": same, "http://g/2": other})
    before.path.unlink()
    before.path.touch()
    difference = find_difference(before, after, EVERYTHING)
    assert difference is not None
    assert (len(difference.removed), len(difference.added)) == (0, 2)


def test_more_lines_than_are_worth_it_are_no_difference(tmp_path: Path) -> None:
    many = [Triple(NamedNode(f"http://x/{n}"), NamedNode("http://p/1"), Literal("x")) for n in range(10)]
    before, _ = write(tmp_path / "before.nq", {"http://g/1": many})
    after, _ = write(tmp_path / "after.nq", {"http://g/1": many[:7]})
    assert find_difference(before, after, 5) is None
    assert find_difference(before, after, 6) is not None


def test_a_file_that_is_shorter_than_its_parts_is_an_error(tmp_path: Path) -> None:
    one = [Triple(NamedNode("http://x/1"), NamedNode("http://p/1"), Literal("x"))]
    before, _ = write(tmp_path / "before.nq", {"http://g/1": one})
    before.path.write_bytes(before.path.read_bytes()[:-4])
    with pytest.raises(OSError, match="shorter"):
        find_difference(before, QuadLines(before.path, ()), EVERYTHING)


def sources(folder: Path, contents: Mapping[str, Sequence[int]]) -> list[Source]:
    """A file of datasets for each source, by their numbers."""
    found = []
    for name, numbers in contents.items():
        path = folder / f"{name}.ttl"
        lines = (
            f'<{X}d{n}> a <{DCAT}Dataset> ; <{DCT}title> "Nr {n}"@nb ; '
            f"<{DCT}isPartOf> <{X}d{n // 2}> ; <{DCT}publisher> <{X}etat/{n % 3}> .\n"
            for n in numbers
        )
        path.write_text("".join(lines), encoding="utf-8")
        found.append(Source(name, str(path)))
    return found


MOVES: list[Mapping[str, Sequence[int]]] = [
    {"one": range(60), "two": range(30, 90)},
    {"one": range(60), "two": range(30, 91)},
    {"one": range(1, 60), "two": range(30, 91)},
    {"two": range(30, 91), "one": range(1, 60)},
    {"two": range(30, 91), "one": range(1, 60), "three": [7, 200]},
    {"two": range(30, 91), "one": range(1, 60), "three": [8]},
]


def test_a_chain_of_builds_by_difference_holds_at_each_step_what_its_file_says(home: Home, tmp_path: Path) -> None:
    drifts = []
    for move in MOVES:
        generation = build(sources(tmp_path, move), BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None).generation
        held = set(Store.read_only(str(generation.store)))
        assert held == quads_in(generation.quads)
        assert len(held) == generation.manifest.quads
        drifts.append(generation.manifest.drift)
    assert drifts[0] == 0
    assert all(drift > 0 for drift in drifts[1:]), "every other one was made by difference"
    assert drifts == sorted(drifts)


def test_a_store_that_has_drifted_far_is_loaded_anew(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = BuildPlan(DEFAULT_BASE_IRI)
    build(sources(tmp_path, MOVES[0]), plan, home, lambda *_: None)
    changed = build(sources(tmp_path, MOVES[1]), plan, home, lambda *_: None).generation.manifest
    monkeypatch.setattr("kg.build.store.MOST_DRIFT", changed.drift / changed.quads)
    assert build(sources(tmp_path, MOVES[2]), plan, home, lambda *_: None).generation.manifest.drift == 0


def test_what_a_source_said_goes_from_the_files_of_the_store_when_it_is_left_out_or_read_otherwise(
    home: Home, tmp_path: Path
) -> None:
    one, two = sources(tmp_path, {"one": range(60), "two": [1]})
    text = f'<{X}d1> <{DCT}title> "hemmeligheten" .'
    Path(two.location).write_text(text, encoding="utf-8")
    plan = BuildPlan(DEFAULT_BASE_IRI)
    for changed in ([one], [one, replace(two, kind="rdf")]):
        build([one, two], plan, home, lambda *_: None)
        Path(two.location).write_text("\n", encoding="utf-8") if changed[1:] else None
        generation = build(changed, replace(plan, accept_loss=True), home, lambda *_: None).generation
        assert generation.manifest.drift == 0
        assert not any(b"hemmeligheten" in path.read_bytes() for path in generation.store.iterdir())
        Path(two.location).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("damage", ["no file", "another store"])
def test_a_generation_that_is_not_what_it_says_is_not_built_upon(
    damage: str, home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plan = BuildPlan(DEFAULT_BASE_IRI)
    first = build(sources(tmp_path, MOVES[0]), plan, home, lambda *_: None).generation
    if damage == "no file":
        first.quads.unlink()
    else:
        store = Store(str(first.store))
        store.remove(next(store.quads_for_pattern(NamedNode(f"{X}d40"), NamedNode(f"{DCT}title"), None)))
        store.flush()
        del store
    with caplog.at_level(logging.WARNING):
        second = build(sources(tmp_path, MOVES[1]), plan, home, lambda *_: None).generation
    assert second.manifest.drift == 0
    assert set(Store.read_only(str(second.store))) == quads_in(second.quads)
    assert caplog.records


def test_a_damaged_generation_before_stops_the_build_with_a_way_out(home: Home, tmp_path: Path) -> None:
    plan = BuildPlan(DEFAULT_BASE_IRI)
    first = build(sources(tmp_path, MOVES[0]), plan, home, lambda *_: None).generation
    for file in first.store.glob("*.sst"):
        file.unlink()
    with pytest.raises(BuildError, match="damaged") as error:
        build(sources(tmp_path, MOVES[1]), plan, home, lambda *_: None)
    assert error.value.where == str(first.store)
    assert "rollback" in error.value.hint


def test_the_manifest_of_an_older_program_is_read_and_not_built_upon(home: Home, tmp_path: Path) -> None:
    plan = BuildPlan(DEFAULT_BASE_IRI)
    first = build(sources(tmp_path, MOVES[0]), plan, home, lambda *_: None).generation
    path = first.folder / "manifest.json"
    older = replace(first.manifest, parts=(), drift=0)
    assert older.parts == ()
    text = path.read_text(encoding="utf-8")
    start = text.index(' "parts"')
    path.write_text(text[:start].rstrip().rstrip(",") + "\n}\n", encoding="utf-8")
    assert home.get_current().manifest == older
    assert build(sources(tmp_path, MOVES[1]), plan, home, lambda *_: None).generation.manifest.drift == 0
