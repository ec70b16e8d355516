from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from benchmarks.results import FOLDER, ReferenceTimes, Results, exponents, growth, ratio, read, save, this_machine
from tests.unit.benchmarks.made import MACHINE, results, row

ASKED = ReferenceTimes((30.0, 60.0, 20.0), "2026-01-31")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([4.0], [2.0], 2.0),
        ([2.0, 30.0, 4.0], [1.0, 10.0, 1.0], 3.0),  # pair by pair 2, 3, 4; the medians would give 4
        ([8.0], [1.0, 4.0, 2.0], 4.0),  # no pairs, so the medians
    ],
)
def test_a_ratio_is_the_median_over_pairs(one: list[float], other: list[float], expected: float) -> None:
    assert ratio(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(("power", "expected"), [(0, 0.0), (1, 1.0), (1.5, 1.5), (2, 2.0)])
def test_growth_is_the_power_with_which_time_grows(power: float, expected: float) -> None:
    assert growth((10, 3 * 10**power), (1000, 3 * 1000**power)) == pytest.approx(expected)


def test_growth_is_told_within_a_series_and_a_number_of_workers() -> None:
    rows = [
        row(100, 1.0),
        row(10, 1.0),
        row(1000, 100.0),
        row(100, 7.0, series="other"),
        row(1000, 5.0, workers=2),
        row(10_000, 50.0, workers=2),
    ]
    assert exponents(rows) == pytest.approx(
        {("simulated 100", None): 0.0, ("simulated 1,000", None): 2.0, ("simulated 10,000", 2): 1.0}
    )


def test_figures_of_a_row_are_medians() -> None:
    one = row(1_000_000, 20.0, reference=ASKED)
    assert (one.seconds, one.per_exposure, one.over_limit) == (20.0, 20.0, 2.0)
    assert one.speedup == pytest.approx(1.5)  # 30/20, 60/40, 20/10
    assert row(10, 1.0).speedup is None


def test_what_the_import_adds_is_told_pair_by_pair() -> None:
    assert results().import_seconds == pytest.approx(0.375)


def test_results_come_back_as_they_were_saved(tmp_path: Path) -> None:
    saved = results(row(10, 1.0, workers=2, peak=5), row(20, 1.0, reference=ASKED))
    save(saved, tmp_path / "new" / "x.json")
    assert read(tmp_path / "new" / "x.json", Results) == saved


def test_the_shape_of_the_json(tmp_path: Path) -> None:
    save(results(row(10, 1.0, reference=ASKED)), tmp_path / "x.json")
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert data["machine"] == {
        "processor": "Some Processor 9", "cores": 2, "memory": 23.5, "system": "Linux 6.1", "python": "3.11.7",
    }  # fmt: skip
    assert data["rows"] == [
        {
            "workload": "simulated 10", "series": "simulated", "exposures": 10, "associations": 20, "workers": None,
            "ours": [1.0, 2.0, 0.5], "limit": [0.5, 1.0, 0.25], "peak": None,
            "reference": {"seconds": [30.0, 60.0, 20.0], "date": "2026-01-31", "stopped": False, "recorded": False},
        }
    ]  # fmt: skip


def test_a_machine_in_words_and_in_file_names() -> None:
    assert str(MACHINE) == "2 cores of Some Processor 9, 24 GiB, Linux 6.1, Python 3.11.7"
    assert MACHINE.slug == "some-processor-9-2-cores"


def test_this_machine_is_described_without_its_name() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.memory > 0
    assert platform.node() not in str(machine).split()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.name)
def test_committed_results_hold_no_paths_and_no_name_of_a_machine(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "/" not in text
    assert platform.node() not in text
