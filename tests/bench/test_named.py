"""`kg bench queries` from end to end on little data, and what its report says."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from kg.bench.named import NamedPlan, run_named_benchmark
from kg.bench.named_report import Fresh, NamedMeasurement, NamedReport, Pair, Repeated
from kg.errors import UsageError


def report_of(*measurements: NamedMeasurement) -> NamedReport:
    return NamedReport(10, 5, "memory", 2, 1.0, "", measurements, {})


def test_queries_are_measured_with_their_rows_and_nothing_is_left_behind(tmp_path: Path) -> None:
    only = ("datasett-om-sted", "ki-prosjekt-kort", "kan-jeg-bruke-datasettet")
    made = run_named_benchmark(NamedPlan(triples=2000, seconds=0.01, folder=tmp_path, only=only))
    assert sorted(row.name for row in made.measurements) == sorted(only)
    assert all(row.rows > 0 for row in made.measurements)
    assert all(len(row.fresh.pairs) >= 5 for row in made.measurements)
    assert all(row.cpu_ms > 0 and row.cold_ms > 0 and row.unchanged_ms for row in made.measurements)
    used = [row.cpu_ms for row in made.measurements]
    assert used == sorted(used, reverse=True)
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="finnes-ikke: there is no such query"):
        run_named_benchmark(NamedPlan(folder=tmp_path, only=("datasett-om-sted", "finnes-ikke")))


def measured(*pairs: Pair, repeated: float = 0.001) -> NamedMeasurement:
    return NamedMeasurement("datasett-om-sted", 3, Fresh(0.8, pairs), Repeated(repeated, None))


@pytest.mark.parametrize(
    ("measurement", "missed"),
    [
        (measured(Pair(0.4, 0.4, 0.4, 0.002), Pair(0.5, 0.5, 0.5, 0.003), Pair(0.9, 0.8, 0.9, 0.1)), ()),
        (measured(Pair(0.7, 0.7, 0.49, 0.001), repeated=0.002), ()),
        (measured(Pair(0.6, 0.5, 0.51, 0.001)), ("fresh",)),
        (measured(Pair(0.02, 0.01, 0.01, 0.0031)), ("added",)),
        (measured(Pair(0.02, 0.02, 0.01, -0.001), repeated=0.0021), ("repeated",)),
    ],
)
def test_a_bound_that_is_not_met_is_named(measurement: NamedMeasurement, missed: tuple[str, ...]) -> None:
    assert measurement.missed == missed
    assert report_of(measurement).holds is (not missed)
    assert measurement.to_json()["missed"] == list(missed)


def test_the_table_names_each_query_and_what_it_is_over() -> None:
    out = io.StringIO()
    report_of(measured(Pair(0.7, 0.71, 0.6, -0.01))).show(Console(file=out, width=120))
    words = ["datasett-om-sted", "3", "800", "700", "600", "710", "-10.0", "1.00", "fresh"]
    assert out.getvalue().splitlines()[-1].split() == words


def test_a_query_that_fails_is_told_and_meets_no_bound() -> None:
    out = io.StringIO()
    report = NamedReport(10, 5, "memory", 2, 1.0, "", (), {"datasett-om-sted": "was answered 422"})
    report.show(Console(file=out, width=120))
    assert "datasett-om-sted failed: was answered 422" in out.getvalue()
    assert not report.holds
    assert report.to_json()["failed"] == {"datasett-om-sted": "was answered 422"}
