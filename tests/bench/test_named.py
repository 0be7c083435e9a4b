"""`kg bench queries` from end to end on little data, and what its report says."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from kg.bench.named import NamedPlan, run_named_benchmark
from kg.bench.named_report import NamedMeasurement, NamedReport
from kg.errors import UsageError


def report_of(*measurements: NamedMeasurement) -> NamedReport:
    return NamedReport(10, 5, "memory", 2, 1.0, "", measurements)


def test_queries_are_measured_with_their_rows_and_nothing_is_left_behind(tmp_path: Path) -> None:
    only = ("datasett-om-sted", "ki-prosjekt-kort", "kan-jeg-bruke-datasettet")
    made = run_named_benchmark(NamedPlan(triples=2000, seconds=0.01, folder=tmp_path, only=only))
    assert sorted(row.name for row in made.measurements) == sorted(only)
    assert all(row.rows > 0 for row in made.measurements)
    assert all(len(row.fresh) == len(row.raw) >= 3 for row in made.measurements)
    fresh = [row.fresh_ms for row in made.measurements]
    assert fresh == sorted(fresh, reverse=True)
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="finnes-ikke: there is no such query"):
        run_named_benchmark(NamedPlan(folder=tmp_path, only=("datasett-om-sted", "finnes-ikke")))


@pytest.mark.parametrize(
    ("fresh", "raw", "repeated", "missed"),
    [
        ((0.499, 0.5, 0.6), (0.498, 0.5, 0.6), 0.002, ()),
        ((0.6, 0.501, 0.4), (0.4, 0.4, 0.4), 0.001, ("fresh",)),
        ((0.014, 0.02), (0.0101, 0.02), 0.001, ("added",)),
        ((0.01,), (0.02,), 0.0021, ("repeated",)),
    ],
)
def test_a_bound_that_is_not_met_is_named(
    fresh: tuple[float, ...], raw: tuple[float, ...], repeated: float, missed: tuple[str, ...]
) -> None:
    measurement = NamedMeasurement("x", 1, fresh, raw, repeated)
    assert measurement.missed == missed
    assert report_of(measurement).holds is (not missed)
    assert measurement.to_json()["missed"] == list(missed)


def test_the_table_names_each_query_and_what_it_is_over() -> None:
    out = io.StringIO()
    report_of(NamedMeasurement("datasett-om-sted", 3, (0.7,), (0.71,), 0.001)).show(Console(file=out, width=100))
    assert out.getvalue().splitlines()[-1].split() == ["datasett-om-sted", "3", "700", "710", "-10.0", "1.00", "fresh"]
