"""What others may have put into a folder, or do there meanwhile, costs a user nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from solver.app.cli import main
from solver.storage import manifest
from solver.storage.manifest import JOURNAL, MANIFEST, Manifest, Run, write_runs
from solver.storage.record import digest
from solver.whole_files import locked, sole_writer, writing
from tests.cli.recorder import state

#: Commands that write what a user names, by scene; NAME is the name.
WRITERS = {
    "pool": (
        "generate pool.csv -p out --save-orphans NAME",
        "pool pool.csv -o NAME",
        "report pool.csv -o NAME",
        "rules --dot NAME",
        "rules --svg NAME",
        "inspect pool.csv --log-json NAME",
    ),
    "results": (
        "plan out -o NAME",
        "generate pool.csv --archive NAME.jsonl",
        "generate pool.csv --archive NAME.parquet",
    ),
    "associations": (
        "edit l3_asn.json --suffix crf -o NAME.json",
        "from-list c_cal.fits -o NAME.json --product-name p",
    ),
}
OVERWRITING = ("generate", "pool", "report", "plan", "edit", "from-list")
NAMES = [
    (scene, line.replace("NAME", name))
    for scene, lines in WRITERS.items()
    for line in lines
    for name in (".hidden", ".asnsolve-0123456789abcdef.tmp", JOURNAL, MANIFEST)
    if line.endswith("NAME") or "NAME " in line or name.startswith(".")
]
NAMES += [
    ("results", f"generate pool.csv --archive {JOURNAL}"),
    ("associations", f"edit l3_asn.json --suffix crf -o {MANIFEST}"),
]


@pytest.mark.parametrize(("scene", "line"), NAMES, ids=[line for _, line in NAMES])
def test_no_command_writes_a_name_that_is_reserved(
    scene: str, line: str, enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = enter(scene)
    before = state(folder)
    assert main([*line.split(), *(["--overwrite"] if line.startswith(OVERWRITING) else [])]) == 2
    assert "name" in capsys.readouterr().err
    assert state(folder) == before


def test_a_manifest_that_came_along_removes_nothing(
    enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """One that lists a user's files, for a run on the same pool, elsewhere or even here."""
    folder = enter("pool")
    for place in ("/elsewhere", str(folder / "out")):
        (folder / "out").mkdir(exist_ok=True)
        (folder / "out" / "notes.txt").write_text("mine")
        listed = {"notes.txt": (digest(b"mine"),)}
        planted = Run(str(folder / "pool.csv"), "", complete=True, files=listed, folder=place)
        write_runs(folder / "out" / MANIFEST, [planted])
        assert main(["generate", "pool.csv", "-p", "out"]) == 0
        assert (
            "left alone, because they are not as an earlier run wrote them here: notes.txt\n" in capsys.readouterr().out
        )
        assert (folder / "out" / "notes.txt").read_text() == "mine"


def test_a_journal_that_came_along_makes_nothing_incomplete(enter: Callable[[str], Path]) -> None:
    folder = enter("results")
    line = {"pool": "pool.csv", "asked": "", "complete": False, "files": {"mine.json": ["1"]}}
    (folder / "mine").write_text(json.dumps(line) + "\n")
    (folder / "out" / JOURNAL).hardlink_to(folder / "mine")
    assert main(["compare", "out", "merged"]) == 0
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    assert json.loads((folder / "mine").read_text()) == line
    assert not (folder / "out" / JOURNAL).exists()


def test_a_file_beside_an_archive_that_is_not_its_manifest_is_not_lost(
    enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = enter("pool")
    beside = folder / "all.jsonl.manifest.json"
    beside.write_text("mine")
    assert main(["generate", "pool.csv", "--archive", "all.jsonl"]) == 2
    assert "all.jsonl.manifest.json is not a manifest of results" in capsys.readouterr().err
    assert beside.read_text() == "mine"
    assert not (folder / "all.jsonl").exists()
    assert main(["generate", "pool.csv", "--archive", "all.jsonl", "--overwrite"]) == 0


def test_compare_refuses_results_that_lack_files(
    enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = enter("results")
    gone = sorted((folder / "out").glob("*_asn.json"))[:2]
    for path in gone:
        path.unlink()
    for line in (["out", "merged"], ["merged", "out"]):
        assert main(["compare", *line]) == 2
        assert capsys.readouterr().err == (
            f"asnsolve compare: error: out lacks {gone[0].name}, {gone[1].name}; "
            "asnsolve status out shows how to make them again\n"
        )
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    assert main(["compare", "out", "merged"]) == 0


@pytest.mark.parametrize("command", ["edit out/NAME -a c_cal.fits", "generate pool.csv -p out"])
def test_edit_and_generate_wait_for_another_and_are_refused_if_it_goes_on(
    command: str, enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = enter("results")
    name = min(path.name for path in (folder / "out").glob("*_image3_*_asn.json"))
    for place in (writing, manifest):
        monkeypatch.setattr(place, "locked", lambda folder, what, **_: locked(folder, what, patience=0))
    before = state(folder / "out")
    for other in (lambda: sole_writer([folder / "out"], MANIFEST), lambda: closing(Manifest(folder / "out"))):
        with other():  # an edit; a run
            assert main(command.replace("NAME", name).split()) == 2
            assert "another run is writing there; wait until it ends" in capsys.readouterr().err
        assert state(folder / "out") == before
    assert main(command.replace("NAME", name).split()) == 0


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the current folder cannot be removed")
@pytest.mark.parametrize("command", ["generate pool.csv", "plan .", "edit a.json -r x"])
def test_a_current_folder_that_is_gone_is_named(command: str, tmp_path: Path) -> None:
    here = tmp_path / "gone"
    here.mkdir()
    call = f"rmdir '{here}'; '{sys.executable}' -m solver.app {command}"
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["/bin/sh", "-c", call], cwd=here, env=path, capture_output=True, text=True, check=False)
    problem = "the current folder no longer exists; change to another folder"
    assert (done.returncode, done.stderr) == (2, f"asnsolve {command.split(maxsplit=1)[0]}: error: {problem}\n")
