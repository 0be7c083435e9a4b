"""Sources that have not changed are taken from the generation before, and nothing shows that they were."""

import logging
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from kg.build.earlier import fingerprint_of_program, rules_for
from kg.build.generations import Home
from kg.build.normalise import Normalised, NormalisePlan, normalise
from kg.build.pipeline import BuildPlan, build
from kg.build.report import Report
from kg.build.sources import Source
from kg.namespaces import DCAT, DCT, DEFAULT_BASE_IRI, FOAF, Names

X = "https://x.example/"
NAMES = Names(DEFAULT_BASE_IRI)
PREFIXES = f"@prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix foaf: <{FOAF}> . @prefix x: <{X}> .\n"
ONE = """
x:d1 a dcat:Dataset ; dct:title "Æ\\nø \\"å\\" ."@nb ; dct:license "https://data.norge.no/nlod/no/1.0" ;
  dct:publisher x:etat ; dct:temporal [ dcat:startDate "2020"^^x:year ] ;
  dcat:contactPoint [ a <http://www.w3.org/2006/vcard/ns#Individual> ] .
x:etat a foaf:Agent ; dct:identifier "974760673" ; foaf:name "Registerenheten i Brønnøysund" .
x:d2 dct:relation <https://kunnskapsgraf.example/graph/source/one> .
this is no statement .
"""
TWO = 'x:d1 dct:title "Annen tittel"@nb . x:d3 a dcat:Dataset ; dct:publisher x:etat ; dct:subject x:begrep .'


def write(folder: Path, **texts: str) -> list[Source]:
    for name, text in texts.items():
        (folder / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return [Source(name, str(folder / f"{name}.ttl")) for name in texts]


def run(home: Home, sources: Iterable[Source], contact_points: str = "organisational") -> Report:
    return build(list(sources), BuildPlan(DEFAULT_BASE_IRI, contact_points=contact_points), home, lambda *_: None)


def content(report: Report) -> Mapping[str, object]:
    """What a generation holds, by graph; records and harvests have times and numbers of their own."""
    generation = report.generation
    parts = {part.graph: part.sha256 for part in generation.manifest.parts}
    del parts[NAMES.records], parts[NAMES.inferred]
    graph = NamedNode(NAMES.inferred)
    quads = Store.read_only(str(generation.store)).quads_for_pattern(None, None, None, graph)
    inferred = {triple for triple in (str(quad.triple) for quad in quads) if "/harvest/" not in triple}
    return {**parts, NAMES.inferred: inferred}


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were normalised, in order."""
    names: list[str] = []

    def watched(source_id: str, quads: Iterable[object], plan: NormalisePlan) -> Normalised:
        names.append(source_id)
        return normalise(source_id, quads, plan)  # type: ignore[arg-type]

    monkeypatch.setattr("kg.build.intake.normalise", watched)
    return names


def test_what_has_not_changed_is_not_read_again_and_gives_the_same(
    home: Home, tmp_path: Path, normalised: list[str]
) -> None:
    first = run(home, write(tmp_path, one=ONE, two=TWO))
    second = run(home, write(tmp_path, one=ONE, two=TWO))
    assert normalised == ["one", "two"]
    assert content(second) == content(first)
    for before, after in zip(first.sources, second.sources, strict=True):
        assert after.problems == before.problems
        assert (after.entry.kinds, after.entry.changes) == (before.entry.kinds, before.entry.changes)
        assert after.entry.resources == before.entry.resources
    assert first.sources[0].own, "the source has faults of its own"


def test_a_build_on_an_earlier_one_gives_what_a_build_from_nothing_gives(
    home: Home, tmp_path: Path, normalised: list[str]
) -> None:
    run(home, write(tmp_path, one=ONE, two=TWO))
    normalised.clear()
    changed = write(tmp_path, one=ONE, two=TWO + " x:d4 a dcat:Dataset .", three=TWO)
    built_upon = run(home, changed)
    assert normalised == ["two", "three"]
    anew = run(Home(tmp_path / "another"), changed)
    assert content(built_upon) == content(anew)
    assert [source.problems for source in built_upon.sources] == [source.problems for source in anew.sources]
    assert built_upon.generation.manifest.graphs == anew.generation.manifest.graphs


def test_another_setting_or_kind_or_program_reads_everything_again(
    home: Home, tmp_path: Path, normalised: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = write(tmp_path, one=ONE)
    run(home, sources)
    run(home, sources, contact_points="all")
    run(home, [Source("one", sources[0].location, kind="rdf")], contact_points="all")
    monkeypatch.setattr("kg.build.pipeline.fingerprint_of_program", lambda: "another")
    run(home, [Source("one", sources[0].location, kind="rdf")], contact_points="all")
    run(home, [Source("one", sources[0].location, kind="rdf", base_iri=X)], contact_points="all")
    assert normalised == ["one"] * 5
    assert rules_for(sources[0], "a", "b") != rules_for(sources[0], "a", "c")
    assert fingerprint_of_program() == fingerprint_of_program()


@pytest.mark.parametrize("damage", ["quads", "log"])
def test_what_was_damaged_since_is_read_again(
    damage: str, home: Home, tmp_path: Path, normalised: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    sources = write(tmp_path, one=ONE)
    first = run(home, sources)
    if damage == "quads":
        quads = first.generation.quads
        quads.write_bytes(quads.read_bytes().replace(b"2020", b"2021"))
    else:
        first.generation.problems.write_text("{", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        second = run(home, sources)
    assert normalised == ["one", "one"]
    assert content(second) == content(first)
    assert caplog.records


def test_the_last_good_state_of_a_source_is_not_read_again_either(
    home: Home, tmp_path: Path, normalised: list[str]
) -> None:
    first = run(home, write(tmp_path, one=ONE, two=TWO))
    (tmp_path / "one.ttl").unlink()
    second = run(home, [Source("one", str(tmp_path / "one.ttl")), Source("two", str(tmp_path / "two.ttl"))])
    assert normalised == ["one", "two"]
    assert second.sources[0].entry.kept
    assert content(second) == content(first)


def test_problems_are_told_in_every_build(home: Home, tmp_path: Path) -> None:
    sources = write(tmp_path, one=ONE)
    logs = [run(home, sources).generation.problems.read_text(encoding="utf-8") for _ in range(3)]
    assert logs[0]
    assert logs[0] == logs[1] == logs[2]


def test_real_files_built_upon_give_the_same(real: Report, tmp_path: Path) -> None:
    shutil.copytree(real.generation.folder.parents[1], tmp_path / "home", symlinks=True)
    data = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
    sources = [Source(source.entry.id, str(data / source.entry.id)) for source in real.sources]
    again = run(Home(tmp_path / "home"), sources)
    assert content(again) == content(real)
    assert [source.problems for source in again.sources] == [source.problems for source in real.sources]
    assert again.generation.manifest.drift > 0
