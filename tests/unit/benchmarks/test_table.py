from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import measuring, plot, reference, report, table
from benchmarks.large_programs import prime_with_parallel
from benchmarks.results import Record, ReferenceTimes, Results, read
from benchmarks.simulator import write_pool
from benchmarks.workloads import Workload
from tests.unit.benchmarks.made import MACHINE, results, row

LIVE = ReferenceTimes((2.0,), "2026-01-31")
EARLIER = ReferenceTimes((150.0,), "2026-01-30", recorded=True)


def _write(path: Path) -> None:
    write_pool(list(prime_with_parallel())[:20], path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One small workload, measured once, without the reference."""
    monkeypatch.setattr(table, "workloads", lambda _: [Workload("small", "simulated", _write)])
    monkeypatch.setattr(reference, "installed", lambda _: None)
    monkeypatch.setattr(reference, "recorded", lambda: None)
    monkeypatch.setattr(measuring, "_RUNS", ((float("inf"), 1),))
    monkeypatch.setattr(table, "start_times", lambda: results().start)


@pytest.mark.usefixtures("small")
def test_it_prints_the_table_and_saves_the_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "new" / "results.json"
    assert table.main(["--output", str(output)]) == 0
    made = read(output, Results)
    assert [(each.workload, each.exposures) for each in made.rows] == [("small", 20)]
    told = capsys.readouterr()
    assert report.table(made) in told.out
    assert "the reference, which is not installed" in told.out
    assert told.err.startswith("small: ")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--only", "large"], "there is no workload large; there are: small"),
        (["--renew", "--only", "small"], "--renew measures everything; leave --only out"),
    ],
)
def test_what_cannot_be_measured_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        table.main(arguments)
    assert ended.value.code == 2
    assert problem in capsys.readouterr().err


def test_a_reference_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASNSOLVE_REFERENCE_PYTHON", "/nowhere/python")
    with pytest.raises(SystemExit):
        table.main([])
    assert "/nowhere/python has no jwst" in capsys.readouterr().err


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the project's, with a page."""
    monkeypatch.setattr(table, "ROOT", tmp_path)
    monkeypatch.setattr(table, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(table, "PAGE", tmp_path / "speed.md")
    monkeypatch.setattr(table, "README", tmp_path / "README.md")
    monkeypatch.setattr(reference, "RECORD", tmp_path / "times.json")
    monkeypatch.setattr(plot, "FILE", tmp_path / "plot.svg")
    for page in (table.PAGE, table.README):
        page.write_text("before\n<!-- make bench: begin --><!-- make bench: end -->\n", "utf-8")
    return tmp_path


def test_renewing_writes_results_page_plot_and_record(committed: Path) -> None:
    pytest.importorskip("matplotlib")
    made = results(row(20, 0.25, reference=LIVE), row(801, 0.5, series="packaged", reference=EARLIER))
    table.renew(made)
    file = committed / "results" / "some-processor-9-2-cores.json"
    assert read(file, Results) == made
    whole, readme = (page.read_text(encoding="utf-8") for page in (table.PAGE, table.README))
    assert report.summary(made, "results/some-processor-9-2-cores.json") in whole
    assert report.brief(made) in readme
    assert whole.startswith("before\n")
    assert readme.startswith("before\n")
    assert (committed / "plot.svg").exists()
    assert read(committed / "times.json", Record).times == {"simulated 20": LIVE}


def test_what_the_reference_took_is_kept_for_one_machine(committed: Path) -> None:
    reference.record(MACHINE, {"a": LIVE, "b": LIVE})
    later = replace(LIVE, seconds=(3.0,))
    reference.record(MACHINE, {"b": later})
    assert reference.recorded() == Record(MACHINE, reference.VERSION, {"a": LIVE, "b": later})
    other = replace(MACHINE, cores=64)
    reference.record(other, {"c": LIVE})
    assert reference.recorded() == Record(other, reference.VERSION, {"c": LIVE})
    assert (committed / "times.json").exists()


def test_the_pages_show_the_committed_results() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    (file,) = re.findall(r"`(benchmarks/results/.*?\.json)`", page)
    made = read(table.ROOT / file, Results)
    assert report.with_block(page, "make bench", report.summary(made, file)) == page
    readme = table.README.read_text(encoding="utf-8")
    assert report.with_block(readme, "make bench", report.brief(made)) == readme
