"""Dumps beside a generation: whole, right, and never half."""

import gzip
import hashlib
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.build import dumps as writing
from kg.build import quad_lines
from kg.build.dumps import write_dumps
from kg.build.generations import Generation, Home
from kg.build.manifest import write_manifest
from kg.build.pipeline import BuildPlan, build
from kg.build.quad_file import Part
from kg.build.sources import Source
from kg.dumps import CHECKSUMS, read_index
from kg.errors import BuildError
from kg.namespaces import DEFAULT_BASE_IRI, Names

NAMES = Names(DEFAULT_BASE_IRI)


@pytest.fixture
def generation(demo: Home, tmp_path: Path) -> Generation:
    """A copy of the demo's generation, without its dumps."""
    folder = tmp_path / "000001"
    shutil.copytree(demo.get_current().folder, folder, ignore=shutil.ignore_patterns("dumps"))
    return Generation(folder, demo.get_current().manifest)


def with_quads(generation: Generation, graph: str, lines: bytes) -> Generation:
    """The generation with another file of quads, of which all is one graph's part."""
    generation.quads.write_bytes(lines)
    part = Part(graph, 0, len(lines), hashlib.sha256(lines).hexdigest())
    manifest = replace(generation.manifest, parts=(part,))
    write_manifest(generation.folder / "manifest.json", manifest)
    return Generation(generation.folder, manifest)


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())


def test_the_dumps_hold_what_the_store_holds(generation: Generation) -> None:
    store = Store.read_only(str(generation.store))
    found = write_dumps(generation)
    assert {dump.source for dump in found} == {"", *(entry.id for entry in generation.manifest.sources)}
    for dump in found:
        graph = NamedNode(NAMES.source(dump.source)) if dump.source else None
        held: set[Quad] = set(store.quads_for_pattern(None, None, None, graph))
        quads = list(parse(unpacked(generation.dumps / dump.name), format=RdfFormat.N_QUADS))
        assert set(quads) == held
        assert len(quads) == dump.quads == len(held)


def test_sizes_and_checksums_are_those_of_the_files(generation: Generation) -> None:
    found = write_dumps(generation)
    assert read_index(generation.dumps) == found
    sums = dict(line.split("  ")[::-1] for line in (generation.dumps / CHECKSUMS).read_text().splitlines())
    for dump in found:
        content = (generation.dumps / dump.name).read_bytes()
        assert len(content) == dump.bytes
        assert hashlib.sha256(content).hexdigest() == dump.sha256 == sums[dump.name]


def test_the_same_generation_gives_the_same_bytes(generation: Generation) -> None:
    assert write_dumps(generation) == write_dumps(generation)


def test_a_default_triple_about_a_graph_is_not_taken_for_one_in_it(generation: Generation) -> None:
    graph = NAMES.source("nav-datasett")
    line = f"<http://x/s> <http://x/p> <{graph}> .\n"
    lines = f'{line}<http://x/s> <http://x/p> "a b"^^<{graph}> .\n{line[:-2]}<{graph}> .\n'
    generation = with_quads(generation, graph, lines.encode())
    (dump,) = [dump for dump in write_dumps(generation) if dump.source]
    assert unpacked(generation.dumps / dump.name).decode() == f"{line[:-2]}<{graph}> .\n"


@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_stops_half_way_leaves_no_half_file_under_a_final_name(
    generation: Generation, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    writes = []

    class Full(writing._File):
        def write(self, lines: list[bytes]) -> None:
            writes.append(len(lines))
            if len(writes) > after:
                raise OSError(28, "No space left on device")
            writing._File.write(self, lines)

    monkeypatch.setattr(quad_lines, "_CHUNK", 1 << 16)
    monkeypatch.setattr(writing, "_File", Full)
    with pytest.raises(OSError, match="No space"):
        write_dumps(generation)
    assert read_index(generation.dumps) == ()
    for path in generation.dumps.glob("[!.]*"):
        assert unpacked(path).endswith(b" .\n")


WRITE = """
import sys
from pathlib import Path
from kg.build.dumps import write_dumps
from kg.build.generations import Generation
from kg.build.manifest import read_manifest
folder = Path(sys.argv[1])
print(flush=True)
write_dumps(Generation(folder, read_manifest(folder / "manifest.json")))
"""


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3])
def test_killed_at_any_moment_what_has_its_name_is_whole(generation: Generation, seconds: float) -> None:
    lines = generation.quads.read_bytes().splitlines(keepends=True)
    # The first source's lines alone, many times over, so that they stand together and take a while.
    graph = NAMES.source(generation.manifest.sources[0].id)
    ending = f" <{graph}> .\n".encode()
    own = [line for line in lines if line.endswith(ending) and line.count(b" ") > 3]
    generation = with_quads(generation, graph, b"".join(own) * 2000)
    command = [sys.executable, "-P", "-c", WRITE, str(generation.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert read_index(generation.dumps) == ()
    for path in generation.dumps.glob("[!.]*"):
        assert unpacked(path).count(b"\n") == len(own) * 2000
    assert len(write_dumps(generation)) == 3


def test_a_build_without_room_for_dumps_is_published_and_says_so(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_generation: Generation) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.build.pipeline.write_dumps", full)
    (tmp_path / "x.ttl").write_text("<http://x/s> <http://x/p> 1 .")
    report = build([Source("x", str(tmp_path / "x.ttl"))], BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None)
    assert home.get_current().number == report.generation.number == 1
    assert any("dumps" in problem.what for problem in report.reasoning)


def test_dumps_go_with_their_generation_and_are_left_out_where_asked(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<http://x/s> <http://x/p> 1 .")
    source = Source("x", str(tmp_path / "x.ttl"))
    first = build([source], BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None).generation
    assert len(read_index(first.dumps)) == 3
    second = build([source], BuildPlan(DEFAULT_BASE_IRI, dumps=False), home, lambda *_: None).generation
    assert not second.dumps.exists()
    assert home.remove(first)
    assert not first.dumps.exists()


def test_no_list_is_no_dumps_and_a_damaged_one_is_an_error(tmp_path: Path) -> None:
    assert read_index(tmp_path) == ()
    for text in ("", '[{"name": 1}]', "[1]"):
        (tmp_path / "index.json").write_text(text)
        with pytest.raises(BuildError):
            read_index(tmp_path)
