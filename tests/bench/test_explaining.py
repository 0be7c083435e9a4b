"""`kg bench explain`: proofs of a generation, checked; what cannot be explained is a fault."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from kg.bench.explaining import run_explaining_benchmark
from kg.build.generations import Home
from kg.errors import KgError


def test_triples_taken_at_random_are_explained_and_the_checker_agrees(demo: Home) -> None:
    report = run_explaining_benchmark(demo.get_current(), sample=60)
    assert report.faults == ()
    assert len(report.milliseconds) == sum(count for _, count in report.rules) == 60
    assert report.milliseconds == tuple(sorted(report.milliseconds))
    assert report.inferred == demo.get_current().manifest.inferred
    out = io.StringIO()
    report.show(Console(file=out, width=100))
    assert "60 of" in out.getvalue()


def test_what_follows_from_nothing_is_a_fault(demo: Home, tmp_path: Path) -> None:
    shutil.copytree(demo.path, tmp_path / "home")
    generation = Home(tmp_path / "home").get_current()
    graph = f"{generation.manifest.base_iri}graph/inferred"
    triple = ("<https://x.example/a>", "<https://x.example/b>", "<https://x.example/c>")
    generation.quads.write_text(f"{' '.join(triple)} <{graph}> .\n", encoding="utf-8")
    report = run_explaining_benchmark(generation)
    assert report.faults == ((triple, "Unexplained"),)
    assert not report.holds
    generation.quads.write_text(f"{' '.join(triple)} .\n", encoding="utf-8")
    with pytest.raises(KgError, match="nothing is inferred"):
        run_explaining_benchmark(generation)
