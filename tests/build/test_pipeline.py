"""Whole builds on small sources."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.build.generations import Generation, Home
from kg.build.pipeline import BuildPlan, build
from kg.build.report import Report
from kg.build.sources import Source
from kg.errors import BuildError
from kg.namespaces import DCAT, DCT, FOAF, PROV, Names

BASE = "https://kunnskapsgraf.example/"
NAMES = Names(BASE)
X = "https://x.example/"
PREFIXES = f"""@prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix x: <{X}> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""
Write = Callable[..., Source]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a source file of Turtle; the source."""

    def write(source_id: str, text: str) -> Source:
        path = tmp_path / f"{source_id}.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        return Source(source_id, str(path))

    return write


def run(home: Home, *sources: Source, plan: BuildPlan | None = None) -> Report:
    return build(sources, plan or BuildPlan(BASE), home, lambda *_: None)


def graph(generation: Generation, name: str | None) -> set[tuple[str, str, str]]:
    """The triples of a graph, None for the default one, as text."""
    chosen = DefaultGraph() if name is None else NamedNode(name)
    quads = Store.read_only(str(generation.store)).quads_for_pattern(None, None, None, chosen)
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads}


def datasets(numbers: Iterable[int]) -> str:
    return "\n".join(f'x:d{n} a dcat:Dataset ; dct:title "Datasett {n}"@nb .' for n in numbers)


def test_each_source_has_its_graph_and_the_default_graph_has_each_triple_once(home: Home, write: Write) -> None:
    shared = 'x:org dct:title "Etat"@nb .'
    report = run(home, write("one", f"{shared} {datasets([1])}"), write("two", f"{shared} {datasets([2])}"))
    generation = report.generation
    one, two = graph(generation, NAMES.source("one")), graph(generation, NAMES.source("two"))
    assert len(one) == len(two) == 3
    assert len(one & two) == 1
    default = graph(generation, None)
    assert one | two <= default
    ours = (NAMES.ontology, NAMES.codes, NAMES.identity, NAMES.records)
    assert default == one | two | set[object]().union(*(graph(generation, name) for name in ours))
    assert len(default) == generation.manifest.asserted
    assert generation.manifest.graphs[NAMES.source("one")] == 3


def test_the_store_the_file_it_was_loaded_from_and_the_manifest_agree(home: Home, write: Write) -> None:
    generation = run(home, write("one", datasets(range(20)))).generation
    in_store = set(Store.read_only(str(generation.store)))
    in_file: list[Quad] = list(parse(path=str(generation.quads), format=RdfFormat.N_QUADS))
    assert set(in_file) == in_store
    assert len(in_file) == len(in_store) == generation.manifest.quads


def test_the_same_sources_in_any_order_give_the_same_triples(home: Home, write: Write) -> None:
    one = write("one", "x:a dct:temporal [ dcat:startDate '2020'^^<x:y> ] , [ dcat:startDate '2021' ] .")
    two = write("two", "x:b dct:spatial ( x:a [ dct:title 'A' ] ) .")
    first = run(home, one, two).generation
    second = run(home, two, one).generation
    for name in ("one", "two"):
        assert graph(first, NAMES.source(name)) == graph(second, NAMES.source(name))
    assert not any("_:" in term for triple in graph(second, None) for term in triple)


def test_a_source_that_cannot_be_read_stays_at_its_last_good_state(home: Home, write: Write) -> None:
    source = write("one", datasets([1, 2]))
    first = run(home, source).generation
    write("one", "this is no Turtle")
    report = run(home, source)
    assert graph(report.generation, NAMES.source("one")) == graph(first, NAMES.source("one"))
    entry = report.sources[0].entry
    assert "stays in place" in entry.kept
    assert report.sources[0].problems
    again = run(home, source)
    assert again.sources[0].entry.state == entry.state, "the last good state is kept however often the source fails"
    write("one", datasets([1, 2, 3]))
    assert run(home, source).sources[0].entry.kept == ""


def test_a_source_that_is_gone_stays_at_its_last_good_state(home: Home, write: Write) -> None:
    source = write("one", datasets([1]))
    run(home, source)
    Path(source.location).unlink()
    report = run(home, source)
    assert report.sources[0].entry.triples == 2
    assert "cannot be read" in report.sources[0].entry.kept


def test_a_source_that_never_could_be_read_is_reported_and_the_others_load(home: Home, write: Write) -> None:
    report = run(home, Source("gone", "/nowhere/x.ttl"), write("one", datasets([1])))
    assert report.sources[0].entry.triples == 0
    assert report.sources[0].problems[0].where == "/nowhere/x.ttl"
    assert report.sources[1].entry.triples == 2
    assert report.troubled


def test_nothing_readable_at_all_publishes_nothing(home: Home, write: Write) -> None:
    first = run(home, write("one", datasets([1]))).generation
    with pytest.raises(BuildError) as caught:
        run(home, Source("gone", "/nowhere/x.ttl"))
    assert "/nowhere" in str(caught.value)
    assert home.get_current().number == first.number
    assert [path.name for path in (home.path / "generations").iterdir()] == ["000001"]


def test_a_source_that_lost_more_than_half_is_kept_unless_that_is_accepted(home: Home, write: Write) -> None:
    source = write("one", datasets(range(10)))
    run(home, source)
    write("one", datasets(range(5)))
    assert run(home, source).sources[0].entry.kept == "", "half is not more than half"
    write("one", datasets(range(2)))
    report = run(home, source)
    assert report.sources[0].entry.resources == 5
    assert "--accept-loss" in report.sources[0].problems[0].hint
    accepted = run(home, source, plan=BuildPlan(BASE, accept_loss=True))
    assert accepted.sources[0].entry.resources == 2


def test_a_folder_is_one_source_and_a_file_of_unknown_kind_in_it_is_reported(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.ttl").write_text(PREFIXES + datasets([1]))
    (folder / "sub" / "b.ttl").write_text(PREFIXES + datasets([2]))
    (folder / "notes.txt").write_text("Husk å ringe.")
    (folder / ".hidden.ttl").write_text("<a:a> <a:b> <a:c> .")
    report = run(home, Source("folder", str(folder)))
    assert report.sources[0].entry.triples == 4
    assert [problem.where for problem in report.sources[0].problems] == ["notes.txt"]
    log = [json.loads(line) for line in report.generation.problems.read_text().splitlines()]
    assert [(line["source"], line["where"]) for line in log] == [("folder", "notes.txt")]


def test_blank_nodes_of_two_files_are_not_mixed_up(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.nt").write_text(f"<{X}a> <{X}p> _:b0 .\n_:b0 <{X}q> <{X}only-a> .\n")
    (folder / "b.nt").write_text(f"<{X}b> <{X}p> _:b0 .\n_:b0 <{X}q> <{X}only-b> .\n")
    triples = graph(run(home, Source("folder", str(folder))).generation, NAMES.source("folder"))
    assert len(triples) == 4
    node = {subject: value for subject, predicate, value in triples if predicate == f"<{X}p>"}
    assert node[f"<{X}a>"] != node[f"<{X}b>"]


def records(generation: Generation) -> dict[str, dict[str, str]]:
    """The fields of the records, by resource."""
    by_record: dict[str, dict[str, str]] = {}
    for subject, predicate, value in graph(generation, NAMES.records):
        by_record.setdefault(subject, {})[predicate.strip("<>")] = value
    return {fields[f"{FOAF}primaryTopic"]: fields for fields in by_record.values() if f"{FOAF}primaryTopic" in fields}


def test_records_remember_what_changed_went_and_came_back(home: Home, write: Write) -> None:
    source = write("one", datasets([1, 2, 3, 4]))
    first = records(run(home, source).generation)
    assert set(first) == {f"<{X}d{n}>" for n in (1, 2, 3, 4)}
    write("one", datasets([1, 2, 3]) + ' x:d2 dct:title "Ny tittel"@nn .')
    second = records(run(home, source).generation)
    modified, issued, gone = f"{DCT}modified", f"{DCT}issued", f"{PROV}invalidatedAtTime"
    checksum = f"{NAMES.ns}checksum"
    one, two, four = (f"<{X}d{n}>" for n in (1, 2, 4))
    assert second[one] == first[one]
    assert second[two][checksum] != first[two][checksum]
    assert second[two][issued] == first[two][issued]
    assert second[two][modified] >= first[two][modified]
    assert gone in second[four]
    assert second[four][issued] == first[four][issued]
    write("one", datasets([1, 2, 3, 4]))
    third = records(run(home, source).generation)
    assert gone not in third[four]
    assert third[four][issued] == first[four][issued]


def test_raw_loads_files_as_they_are(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_text("<a:s> <a:p> _:b . GRAPH <a:g> { <a:s> <a:p> <a:o> }")
    generation = run(home, Source("x", str(path)), plan=BuildPlan(BASE, raw=True)).generation
    assert generation.manifest.asserted == 1
    assert generation.manifest.graphs == {"a:g": 1}
    assert any(value.startswith("_:") for _, _, value in graph(generation, None))


def test_a_faulty_ontology_stops_the_build_by_name(home: Home, write: Write, tmp_path: Path) -> None:
    path = tmp_path / "axioms.ttl"
    path.write_text("<a:b> <a:c> .")
    with pytest.raises(BuildError) as caught:
        run(home, write("one", datasets([1])), plan=BuildPlan(BASE, ontologies=(path,)))
    assert "axioms.ttl" in caught.value.where


def test_an_ontology_of_ones_own_is_loaded_beside_ours(home: Home, write: Write, tmp_path: Path) -> None:
    path = tmp_path / "axioms.ttl"
    path.write_text("<a:b> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <a:c> .")
    plan = BuildPlan(BASE, ontologies=(path,))
    triple = ("<a:b>", "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", "<a:c>")
    assert triple in graph(run(home, write("one", datasets([1])), plan=plan).generation, NAMES.ontology)


def test_personal_contact_points_are_not_in_the_store_nor_in_its_file(home: Home, write: Write) -> None:
    source = write("one", 'x:d a dcat:Dataset ; dcat:contactPoint [ a vcard:Individual ; vcard:fn "Hemmelig Navn" ] .')
    generation = run(home, source).generation
    assert b"Hemmelig" not in generation.quads.read_bytes()
    kept = run(home, source, plan=BuildPlan(BASE, contact_points="all")).generation
    assert b"Hemmelig" in kept.quads.read_bytes()


def test_old_generations_are_pruned_by_the_build(home: Home, write: Write) -> None:
    source = write("one", datasets([1]))
    plan = BuildPlan(BASE, keep_generations=2)
    for _ in range(4):
        report = run(home, source, plan=plan)
    assert report.pruned == (2,)
    assert [generation.number for generation in home.list_generations()] == [3, 4]


def test_a_full_disk_is_an_error_and_not_a_corruption(home: Home, write: Write) -> None:
    """Files may grow to a megabyte only, as on a disk that is nearly full: the next write over it fails."""
    source = write("one", datasets([1]))
    first = run(home, source).generation
    write("one", datasets(range(20_000)))
    code = textwrap.dedent(
        f"""
        import resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({3 << 19}, {3 << 19}))
        from kg.cli import main
        sys.argv = ["kg", "build", "--home", {str(home.path)!r}, "--source", "one={source.location}"]
        main()
        """
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "error" in done.stderr
    assert home.get_current().number == first.number
    assert [path.name for path in (home.path / "generations").iterdir()] == ["000001"]
    assert run(home, source).sources[0].entry.resources == 20_000


def test_two_sources_that_describe_one_resource_share_its_record(home: Home, write: Write) -> None:
    generation = run(home, write("one", datasets([1])), write("two", datasets([1]))).generation
    found = [value for subject, predicate, value in graph(generation, NAMES.records) if predicate == f"<{DCT}source>"]
    assert sorted(found) == [f"<{NAMES.source('one')}>", f"<{NAMES.source('two')}>"]


def test_limits_on_files_are_kept(home: Home, write: Write) -> None:
    plan = BuildPlan(BASE)
    small = replace(plan, limits=replace(plan.limits, file_bytes=100))
    report = run(home, write("big", datasets(range(50))), Source("one", write("one", "x:a x:b x:c .").location))
    assert report.sources[0].entry.triples == 100
    with pytest.raises(BuildError) as caught:
        build([write("big", datasets(range(50)))], small, Home(home.path.parent / "other"), lambda *_: None)
    assert "limit" in str(caught.value)


def test_axioms_in_a_source_are_kept_told_and_not_reasoned_with(home: Home, write: Write) -> None:
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    hijack = f"dct:title <{rdfs}subPropertyOf> x:secret . x:p a <http://www.w3.org/2002/07/owl#TransitiveProperty> ."
    report = run(home, write("one", f'{hijack} x:d dct:title "Datasett"@nb ; <{rdfs}label> "d"@nb .'))
    (problem,) = [each for each in report.sources[0].problems if "look like axioms" in each.what]
    assert problem.what.startswith("2 triples")
    generation = report.generation
    kept = {triple[1] for triple in graph(generation, None)}
    assert f"<{rdfs}subPropertyOf>" in kept
    assert not any(triple[1] == f"<{X}secret>" for triple in graph(generation, NAMES.inferred))
