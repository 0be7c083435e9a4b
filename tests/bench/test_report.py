import io
import json

import pytest
from rich.console import Console

from kg.bench import report
from kg.bench.report import AtMost, BenchReport, Bound, Measurement, MoreAtMost, RatioAtLeast, RatioAtMost
from kg.bench.runner import lookup_measurements, query_measurements
from kg.bench.trials import Compared, Trial, joined

BUILD = Measurement("build: CPU", "s", 12.0, 6.0, RatioAtMost(2.5))
STAR = Measurement("star: wall", "ms", 4.5, 1.0, MoreAtMost(3.0))
START = Measurement("start", "s", 1.25, None, AtMost(2.0))
PLAIN = Measurement("build: peak memory", "MB", 1234.5, 617.25)


def make_report(*measurements: Measurement, folder: str = "") -> BenchReport:
    return BenchReport(
        triples=100_004,
        asserted=100_500,
        quads=201_000,
        tier="memory",
        versions=("0.1.0", "0.5.13"),
        processors=2,
        seconds=41.23,
        folder=folder,
        rows=(("star", 3),),
        measurements=measurements,
    )


def shown(made: BenchReport) -> str:
    out = io.StringIO()
    made.show(Console(file=out, width=120))
    return out.getvalue()


@pytest.mark.parametrize(
    ("bound", "kg", "oxigraph", "holds"),
    [
        (RatioAtMost(0.6), 6.0, 10.0, True),
        (RatioAtMost(0.6), 6.1, 10.0, False),
        (RatioAtLeast(0.15), 150.0, 1000.0, True),
        (RatioAtLeast(0.15), 149.0, 1000.0, False),
        (MoreAtMost(3.0), 5.0, 2.0, True),
        (MoreAtMost(3.0), 5.1, 2.0, False),
        (AtMost(25.0), 25.0, 0.0, True),
        (AtMost(25.0), 25.1, 100.0, False),
    ],
)
def test_bound_holds_up_to_its_limit(bound: Bound, kg: float, oxigraph: float, *, holds: bool) -> None:
    assert Measurement("x", "ms", kg, oxigraph, bound).holds is holds


def test_table_has_a_line_for_each_measurement_with_ratio_bound_and_verdict() -> None:
    lines = shown(make_report(BUILD, STAR, START, PLAIN)).splitlines()
    assert lines[0] == (
        "100,004 triples generated, 201,000 quads in both stores; kg 0.1.0 in memory, "
        "oxigraph 0.5.13 on disk; 2 processors; 41 s"
    )
    cells = [line.split() for line in lines[1:]]
    assert cells == [
        ["what", "kg", "oxigraph", "ratio", "bound", "holds?"],
        ["build:", "CPU", "12.0", "s", "6.00", "s", "2.00×", "≤", "2.5×", "yes"],
        ["star:", "wall", "4.50", "ms", "1.00", "ms", "4.50×", "≤", "+", "3", "ms", "no"],
        ["start", "1.25", "s", "–", "–", "≤", "2", "s", "yes"],
        ["build:", "peak", "memory", "1,234", "MB", "617", "MB", "2.00×"],
    ]


def test_folder_is_named_only_where_it_was_kept() -> None:
    assert "its files are in /tmp/[x]" in shown(make_report(folder="/tmp/[x]"))
    assert "files" not in shown(make_report())


def test_json_says_what_the_table_says() -> None:
    made = make_report(BUILD, STAR, START).to_json()
    assert json.loads(json.dumps(made)) == made
    assert made["measurements"][0] == {
        "what": "build: CPU",
        "unit": "s",
        "kg": 12.0,
        "oxigraph": 6.0,
        "ratio": 2.0,
        "bound": "≤ 2.5×",
        "holds": True,
    }
    assert made["measurements"][2]["oxigraph"] is None
    assert made["measurements"][2]["ratio"] is None
    assert made["rows"] == {"star": 3}
    assert made["folder"] is None


def test_report_holds_if_every_bound_does() -> None:
    assert make_report(BUILD, START, PLAIN).holds
    assert not make_report(BUILD, STAR).holds
    assert not make_report(BUILD, STAR).to_json()["holds"]


def test_nothing_measured_gives_no_ratio() -> None:
    assert Measurement("x", "ms", 1.0, 0.0).ratio is None


def trial(milliseconds: float, cpu_ms: float) -> Trial:
    return Trial((milliseconds / 1000,) * 10, cpu_ms / 100, milliseconds / 100)


def test_heavy_query_is_held_to_a_ratio_of_cpu_time() -> None:
    cpu, wall, repeated = query_measurements("facet", Compared(13, trial(30, 10), trial(21, 20), trial(1.5, 1)))
    assert repeated.kg == pytest.approx(1.5)
    assert repeated.holds is True
    assert (cpu.kg, cpu.oxigraph, cpu.bound, cpu.holds) == (10.0, 20.0, report.HEAVY_QUERY, True)
    assert wall.bound is None


def test_light_query_is_held_to_a_difference_in_wall_time() -> None:
    cpu, wall, repeated = query_measurements("star", Compared(3, trial(5.2, 4), trial(2, 1), trial(2.5, 1)))
    assert repeated.holds is False
    assert cpu.bound is None
    assert (wall.bound, wall.holds) == (report.LIGHT_QUERY, False)


def test_lookups_are_told_by_rate_and_percentiles() -> None:
    ours = Trial(tuple(number / 1000 for number in range(1, 101)), 0.2, 2.0)
    theirs = Trial((0.001,) * 1000, 0.1, 2.0)
    rate, cpu, p50, p99 = lookup_measurements(ours, theirs)
    assert (rate.kg, rate.oxigraph, rate.holds) == (50.0, 500.0, False)
    assert (cpu.kg, cpu.oxigraph) == pytest.approx((2.0, 0.1))
    assert p50.kg == pytest.approx(51.0)
    assert p99.kg == pytest.approx(100.0)
    assert p99.holds is False


def test_rounds_join_to_one_trial() -> None:
    assert joined([Trial((1.0, 2.0), 0.5, 3.0), Trial((3.0,), 0.25, 3.5)]) == Trial((1.0, 2.0, 3.0), 0.75, 6.5)
