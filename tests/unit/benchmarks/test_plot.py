from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plot import Point, lines, main
from benchmarks.results import ReferenceTimes, save
from tests.unit.benchmarks.made import results, row

MADE = results(
    row(1000, 0.5, reference=ReferenceTimes((900.0,), "2026-01-31", stopped=True)),
    row(20, 0.25, reference=ReferenceTimes((2.0,), "2026-01-31")),
    row(801, 9.0, series="packaged"),
    row(10_000, 3.0, workers=1),
    row(10_000, 2.0, workers=2),
)


def test_lines_are_of_simulated_pools_with_the_most_workers() -> None:
    theirs, ours, limit = lines(MADE)
    assert theirs.points == [Point(20, 2.0), Point(1000, 900.0, stopped=True)]
    assert ours.points == [Point(20, 0.25), Point(1000, 0.5), Point(10_000, 2.0)]
    assert limit.points == [Point(20, 0.125), Point(1000, 0.25), Point(10_000, 1.0)]
    assert theirs.label == "jwst\nstopped, unfinished"


@pytest.mark.parametrize("made", [MADE, results(row(20, 0.25))], ids=["all", "without the reference"])
def test_the_same_results_give_the_same_picture(tmp_path: Path, made: object) -> None:
    pytest.importorskip("matplotlib")
    save(made, tmp_path / "x.json")
    pictures = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for picture in pictures:
        assert main([str(tmp_path / "x.json"), str(picture)]) == 0
    texts = [picture.read_text(encoding="utf-8") for picture in pictures]
    assert texts[0] == texts[1]
    assert "asnsolve" in texts[0]


def test_a_picture_without_results_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x.json"]) == 2
    assert "python -m benchmarks.plot" in capsys.readouterr().err
