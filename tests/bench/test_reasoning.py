"""`kg bench reason`: engines side by side, what fails or is missing, and how figures are compared."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from kg.bench import reasoning_report
from kg.bench.duckdb_reasoner import RULES, read_rule, rule_sql
from kg.bench.measuring import Usage
from kg.bench.reasoning import (
    ReasoningPlan,
    growth_compared,
    loading_compared,
    measure,
    median_run,
    owlrl_compared,
    peers_compared,
    run_reasoning_benchmark,
)
from kg.bench.reasoning_engines import ENGINES, OURS, Engine, Stages
from kg.bench.reasoning_report import Compared, PartAtMost, ReasoningReport, Run
from kg.bench.workplace import working_folder
from kg.cli import make_app
from kg.errors import UsageError
from kg.namespaces import DEFAULT_BASE_IRI, OWL
from kg.reason.rules import OWL_RL

SIZE = 1300


def run_of(engine: str, triples: int, cpu: float, written: int = 1000, peak: float = 100.0) -> Run:
    return Run(engine, "reason", triples, Usage(cpu, cpu, peak), written, (("reason", cpu),))


def loaded(cpu: float) -> Run:
    return Run("oxigraph", "load", 10, Usage(cpu + 9, cpu + 9, 100.0), 10, (("start", 9.0), ("load", cpu)))


def failed(engine: str, triples: int) -> Run:
    return Run(engine, "reason", triples, problem="ended with status -6: memory allocation failed")


Stage = tuple[str, int, int]


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReasoningReport, list[Stage]]:
    """One run of the benchmark on little data, its files kept."""
    stages: list[Stage] = []
    plan = ReasoningPlan(triples=SIZE, folder=tmp_path_factory.mktemp("reasoning"), keep=True)
    return run_reasoning_benchmark(plan, lambda *stage: stages.append(stage)), stages


def test_benchmark_measures_every_engine_that_is_installed(benchmark: tuple[ReasoningReport, list[Stage]]) -> None:
    made, stages = benchmark
    told = {(run.engine, run.task): run for run in made.runs}
    ours = told["kg", "reason"]
    assert ours.usage is not None
    assert ours.usage.cpu_seconds > 0
    assert ours.written > SIZE
    assert [stage for stage, _seconds in ours.stages] == ["start", "read", "encode", "reason", "write", "end"]
    assert all(seconds >= 0 for _stage, seconds in ours.stages)
    assert sum(seconds for _stage, seconds in ours.stages) == pytest.approx(ours.usage.cpu_seconds)
    assert told["oxigraph", "load inferred"].written == ours.written
    assert told["oxigraph", "load asserted and inferred"].written == made.triples + ours.written
    assert {run.engine for run in made.runs} | set(made.missing) == set(ENGINES)
    assert all(run.problem == "" for run in made.runs)
    assert stages[-1] == ("reason", len(made.runs), len(made.runs))


def test_folder_is_removed_whatever_happens_unless_it_is_to_be_kept(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "file").write_text("x", encoding="ascii")
        raise KeyboardInterrupt

    for keep in (False, True):
        with pytest.raises(KeyboardInterrupt), working_folder(tmp_path / "within", keep=keep) as folder:
            fail(folder)
        assert folder.exists() is keep
    (tmp_path / "file").touch()
    with (
        pytest.raises(UsageError, match="cannot be written to"),
        working_folder(tmp_path / "file" / "within", keep=False),
    ):
        pass


def test_engine_that_fails_is_told_and_does_not_end_the_run(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nt"
    broken.write_text("this is no triple .\n", encoding="ascii")
    run = measure(ENGINES["oxigraph"], "load", 1, [broken], tmp_path / "out.nt")
    assert run.usage is None
    assert run.problem.startswith("ended with status 1: ")
    assert "Error" in run.problem
    assert run.to_json()["cpu_seconds"] is None


def test_engine_that_is_not_installed_has_no_version() -> None:
    assert Engine("none", "no-such-package-at-all", lambda _files, _out, _stages: 0).version() is None
    assert OURS.version()


def test_limits_end_an_engine_that_takes_too_much() -> None:
    """The limits are set in the engine's own process: here one that asks for a tebibyte."""
    program = (
        "import sys; from kg.bench import reasoning_engines as engines\n"
        "def run(files, out, stages): return len(bytearray(1 << 40))\n"
        "engines.ENGINES = {'greedy': engines.Engine('greedy', 'none', run)}\n"
        "sys.argv = ['engines', 'greedy', '/dev/null']; engines.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("MemoryError")


def test_stages_tell_cpu_time_in_order() -> None:
    stages = Stages()
    stages.end("start")
    stages.end("encode")
    assert list(stages.seconds) == ["start", "encode"]
    assert all(seconds >= 0 for seconds in stages.seconds.values())


def test_the_run_of_median_time_is_compared_unless_one_failed() -> None:
    runs = [run_of("kg", 10, cpu) for cpu in (3.0, 9.0, 1.0)]
    assert median_run(runs) is runs[0]
    fault = failed("kg", 10)
    assert median_run([*runs, fault]) is fault


def outcome(benchmark: tuple[ReasoningReport, list[Stage]], name: str) -> set[str]:
    """What an engine wrote of the small data."""
    made, _stages = benchmark
    if name in made.missing:
        pytest.skip(f"{name} is not installed")
    lines = (Path(made.folder) / f"{name}-{SIZE}.nt").read_text(encoding="utf-8").splitlines()
    assert {run.written for run in made.runs if run.engine == name} == {len(lines)}
    return {line.strip() for line in lines}


def test_duckdb_finds_what_ours_finds(benchmark: tuple[ReasoningReport, list[Stage]]) -> None:
    """But that a class or property is below itself, which is not written, and what follows by our own rules."""
    theirs, ours = outcome(benchmark, "duckdb"), outcome(benchmark, "kg")
    assert {line for line in ours - theirs if DEFAULT_BASE_IRI not in line} == set()
    assert all(line.split()[0] == line.split()[2] for line in theirs - ours)


def test_owlrl_finds_what_ours_finds(benchmark: tuple[ReasoningReport, list[Stage]]) -> None:
    """Blank nodes have other labels there, and literals may have another form."""
    theirs, ours = outcome(benchmark, "owlrl"), outcome(benchmark, "kg")
    plain = {line for line in ours if '"' not in line and "_:" not in line and DEFAULT_BASE_IRI not in line}
    assert len(plain) > 1000
    assert plain - theirs == set()


def test_reasonable_finds_much_of_what_ours_finds(benchmark: tuple[ReasoningReport, list[Stage]]) -> None:
    """It has no property chains and less of the schema rules."""
    theirs, ours = outcome(benchmark, "reasonable"), outcome(benchmark, "kg")
    assert len(theirs & ours) > 0.7 * len(ours)


def test_rules_in_sql_bear_the_names_of_the_standard() -> None:
    assert {name for name, _premises, _conclusion in RULES} <= {rule.name for rule in OWL_RL}


def test_rule_becomes_one_join() -> None:
    rule = read_rule("?p rdfs:domain ?c | ?x ?p ?y", "?x a ?c")
    patterns = [("schema", rule.schema[0]), ("fresh", rule.data[0])]
    numbers = {"<http://www.w3.org/2000/01/rdf-schema#domain>": 7, rule.head[1]: 8}
    assert rule_sql(patterns, rule.head, numbers) == (
        "SELECT t1.s AS s, 8 AS p, t0.o AS o FROM schema t0, fresh t1 WHERE t0.p = 7 AND t1.p = t0.s"
    )


def test_rule_never_says_that_a_thing_is_the_same_as_itself() -> None:
    rule = read_rule("| ?x owl:sameAs ?y", "?y owl:sameAs ?x")
    query = rule_sql([("fresh", rule.data[0])], rule.head, {f"<{OWL}sameAs>": 1})
    assert query.endswith("WHERE t0.p = 1 AND t0.o <> t0.s")


def test_best_other_engine_is_the_quickest_that_finished_and_the_bound_stands_at_the_largest_such_size() -> None:
    ours = {size: run_of("kg", size, size / 1e6) for size in (10, 100, 1000)}
    others = {
        ("a", 10): run_of("a", 10, 3.0),
        ("b", 10): run_of("b", 10, 2.0),
        ("a", 100): run_of("a", 100, 4.0),
        ("b", 100): run_of("b", 100, 5.0),
        ("a", 1000): failed("a", 1000),
    }
    first, second = peers_compared(ours, others)
    assert (first.against, first.other, first.holds) == ("best other at 100: a", 4.0, True)
    assert (second.against, second.other, second.holds) == ("best other at 10: b", 2.0, None)
    assert peers_compared(ours, {("a", 10): failed("a", 10)}) == []


def test_owlrl_is_compared_per_triple_or_not_at_all() -> None:
    (told,) = owlrl_compared(run_of("kg", 1000, 1.0), run_of("owlrl", 10, 5.0))
    assert (told.kg, told.other, told.holds) == (1000.0, 500_000.0, True)
    assert owlrl_compared(run_of("kg", 1000, 1.0), failed("owlrl", 10)) == []
    assert owlrl_compared(run_of("kg", 1000, 1.0), None) == []


def test_loading_and_growth_are_held_to_their_bounds() -> None:
    stages = (("start", 9.0), ("read", 9.0), ("encode", 0.25), ("reason", 0.5), ("write", 0.25))
    ours = replace(run_of("kg", 10, 19.0), stages=stages)
    whole, inferred = loading_compared(ours, loaded(3.0), loaded(2.0))
    assert (whole.kg, whole.other, whole.holds) == (1.0, 3.0, True)
    assert (inferred.other, inferred.holds) == (2.0, None)
    assert loading_compared(ours, loaded(2.99), loaded(2.0))[0].holds is False
    cpu, memory = growth_compared(run_of("kg", 10, 1.0, 100, 10.0), run_of("kg", 50, 6.0, 500, 61.0))
    assert (cpu.holds, memory.holds) == (True, False)


@pytest.mark.parametrize(("kg", "other", "holds"), [(1.0, 3.0, True), (1.0, 2.99, False), (0.0, 0.0, True)])
def test_part_at_most(kg: float, other: float, holds: bool) -> None:
    assert PartAtMost(3).holds(kg, other) is holds
    assert PartAtMost(3).text("s") == "≤ 1/3"


def test_report_shows_figures_failures_and_what_is_missing() -> None:
    made = ReasoningReport(
        triples=1_000_200,
        axioms=214,
        versions=(("kg", "0.1.0"),),
        processors=2,
        seconds=12.0,
        folder="/tmp/[kept]",
        runs=(run_of("kg", 1000, 1.5), failed("reasonable", 1000)),
        missing=("duckdb",),
        compared=(
            Compared("CPU", "s", 1.5, 6.0, "loading", reasoning_report.LOADING),
            Compared("CPU", "s", 1.5, 3.0, "best other", reasoning_report.BEST_PEER),
        ),
    )
    out = io.StringIO()
    made.show(Console(file=out, width=160))
    text = out.getvalue()
    assert "1,000,200 triples, 214 of them axioms" in text
    assert "memory allocation failed" in text
    assert "duckdb is not installed" in text
    assert "CPU (loading)" in text
    assert "/tmp/[kept]" in text
    assert not made.holds
    told = json.loads(json.dumps(made.to_json()))
    assert [each["holds"] for each in told["measurements"]] == [True, False]
    assert [run["problem"] is None for run in told["runs"]] == [True, False]


def test_command_line_takes_the_subject_and_refuses_what_it_would_ignore() -> None:
    result = CliRunner().invoke(make_app(), ["bench", "reason", "--seconds", "1"])
    assert (result.exit_code, "--seconds" in result.output) == (2, True)
    assert CliRunner().invoke(make_app(), ["bench", "nothing"]).exit_code == 2
    misplaced = CliRunner().invoke(make_app(), ["bench", "--triples", "5000", "reason"])
    assert isinstance(misplaced.exception, UsageError)  # rather than a benchmark of another size than was asked for
    assert "reason" in CliRunner().invoke(make_app(), ["bench", "--help"]).output
