"""Records: how results were made is kept with them, and found by their place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from unittest.mock import patch

import pytest

from solver.errors import UsageError
from solver.storage.manifest import Manifest, Run, manifest_of, record_of, runs_in, write_runs
from solver.storage.record import MISSION, Record
from solver.storage.results import Results
from solver.version import __version__

EMPTY = Record()
POOL, RULES = "FILENAME\na", "class Asn_A: ..."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a pool and a rule file."""
    (tmp_path / "pool.csv").write_text(POOL, encoding="utf-8")
    (tmp_path / "mine.py").write_text(RULES, encoding="utf-8")
    return tmp_path


def record_in(folder: Path, *, mission: bool = True, text: str | None = None) -> Record:
    begun = Record.begun({"background": ["o002:o001"]}, {"rules": [folder / "mine.py"]}, mission=mission)
    return begun.completed(str(folder / "pool.csv") if text is None else "pool.csv", text)


def note(place: Path, *runs: Run) -> None:
    """Let these be the runs of a folder or an archive."""
    if place.is_dir():
        with closing(Manifest(place)) as manifest:
            manifest.note(runs)
    else:
        write_runs(manifest_of(place), runs)


def run(asked: str = "", *, complete: bool = True, record: Record | None = EMPTY) -> Run:
    return Run("/data/pool.csv", asked, complete, record=record)


def test_installed_software_is_looked_up_once_for_all_records(folder: Path) -> None:
    with patch.object(metadata, "distributions", side_effect=metadata.distributions) as listed:
        assert [record_in(folder).outdated() for _ in range(3)] == [[]] * 3
    assert listed.call_count <= 1


def test_a_record_says_what_was_asked_by_which_software_and_when(folder: Path) -> None:
    made = record_in(folder)
    assert (made.statements, made.pool) == ({"background": ["o002:o001"]}, str(folder / "pool.csv"))
    assert set(made.rules) == {MISSION, str(folder / "mine.py")}
    assert made.versions["asnsolve"] == __version__
    assert made.versions["numpy"] == str(sys.modules["numpy"].__version__)
    begin, end = map(datetime.fromisoformat, (made.started, made.ended))
    assert begin <= end
    assert begin.utcoffset() == timedelta(0)


def test_the_libraries_of_a_record_are_those_that_the_run_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pyarrow", raising=False)
    assert "pyarrow" not in record_in(folder).versions


#: What happens after a run, and what has changed then.
CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "the pool": (lambda folder: (folder / "pool.csv").write_text("other"), ["pool.csv"]),
    "the pool is gone": (lambda folder: (folder / "pool.csv").unlink(), ["pool.csv"]),
    "the rules": (lambda folder: (folder / "mine.py").write_text("other"), ["mine.py"]),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("text", [None, POOL])
def test_what_changed_after_a_run(name: str, text: str | None, folder: Path) -> None:
    made = record_in(folder, text=text)
    change, expected = CHANGES[name]
    change(folder)
    assert [Path(each).name for each in made.changed(folder)] == expected


def test_other_rules_of_the_mission_are_a_change(folder: Path) -> None:
    made = record_in(folder)
    assert replace(made, rules={MISSION: "0.0.1"}).changed(folder) == [MISSION]
    assert record_in(folder, mission=False).rules.keys() == {str(folder / "mine.py")}


@pytest.fixture(params=["out", "all.jsonl", "all.parquet"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where results are: a folder or an archive."""
    path: Path = tmp_path / request.param
    if not path.suffix:
        path.mkdir()
    return path


def test_a_record_is_kept_as_it_is_and_found_where_the_results_are(place: Path, folder: Path) -> None:
    assert record_of(place) is None
    made = run(record=record_in(folder))
    note(place, made)
    assert record_of(place) == record_of(str(place), 1) == record_of(place, "pool.csv") == made


def test_of_several_runs_one_is_chosen_by_number_or_name(place: Path) -> None:
    note(place, run("--level 3"), run(), run("--level 2"))
    assert record_of(place, 2) == record_of(place, "pool.csv --level 2") == run("--level 2")
    for which in (None, 4, "other.csv"):
        with pytest.raises(UsageError) as caught:
            record_of(place, which)
        assert str(caught.value) == (
            f"{place}: choose one of its runs with --run, by number or name: "
            "1: pool.csv; 2: pool.csv --level 2; 3: pool.csv --level 3"
        )


def test_a_run_is_chosen_only_among_results(place: Path) -> None:
    with pytest.raises(UsageError, match=r" contains no results of generate; leave out --run$"):
        record_of(place, 1)


def test_runs_that_are_incomplete_or_without_a_record_do_not_count(place: Path) -> None:
    note(place, run("--level 2", complete=False), run("--level 3", record=None))
    assert record_of(place) is None
    with pytest.raises(UsageError, match="none is complete"):
        record_of(place, 1)
    note(place, run(), run("--level 2", complete=False))
    assert record_of(place) == run()


def test_a_second_run_has_a_record_of_its_own(tmp_path: Path) -> None:
    with Results(tmp_path) as results:
        results.write({"a.json": "A"}, pool="pool.csv")
    (before,) = runs_in(tmp_path)
    note(tmp_path, replace(before, record=Record({"psf": ["o002"]})))
    with Results(tmp_path) as results:
        results.write({"a.json": "A"}, pool="pool.csv")
    assert runs_in(tmp_path) == [before]
