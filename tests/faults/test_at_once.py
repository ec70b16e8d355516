"""Programs that change the same files at once: each has its effect, or is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from solver import from_list, load
from solver.storage.json_files import read_content
from tests.cli.scenes import POOL

#: Programs at once.
COUNT = 6 if "ASNSOLVE_THOROUGH" in os.environ else 4


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with associations of a member each."""
    monkeypatch.chdir(tmp_path)
    for number in range(COUNT):
        (tmp_path / f"{number}.fits").write_text(str(number))
        from_list([f"{number}.fits"], product_name=str(number)).save(tmp_path / f"{number}_asn.json")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return tmp_path


def at_once(commands: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Start all, and wait for all: exit codes and errors."""
    started = [
        subprocess.Popen([sys.executable, "-m", "solver.app", *each], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for each in commands
    ]
    ended = [each.communicate()[1].decode() for each in started]
    return [(each.returncode, message) for each, message in zip(started, ended, strict=True)]


def test_no_edit_is_lost(here: Path) -> None:
    edits = [["edit", "0_asn.json", "-a", "-t", "background", f"b{number}.fits"] for number in range(COUNT)]
    assert at_once(edits) == [(0, "")] * COUNT
    members = {each["expname"] for each in read_content(here / "0_asn.json")["products"][0]["members"]}
    assert members == {"0.fits", *(f"b{number}.fits" for number in range(COUNT))}
    assert not [*here.glob(".*")]


def test_no_edit_is_lost_to_a_run_into_the_same_folder(here: Path) -> None:
    """A run replaces no edited file, and an edit changes what a run left, whichever comes first."""
    (here / "pool.csv").write_text(POOL, encoding="utf-8")
    generate = ["generate", "pool.csv", "-p", "out"]
    assert at_once([generate]) == [(0, "")]
    name = min((here / "out").glob("*_image3_*_asn.json")).name
    before = read_content(here / "out" / name)
    edits = [["edit", f"out/{name}", "-a", "-t", "background", f"b{number}.fits"] for number in range(COUNT)]
    ended = at_once([*edits[::2], generate, *edits[1::2], generate])
    assert {(0, "")} == {each for each, line in zip(ended, [*edits[::2], [], *edits[1::2], []], strict=True) if line}
    assert all(code == 0 or name in problem for code, problem in ended)
    before["products"][0]["members"] += [
        {"expname": f"b{number}.fits", "exptype": "background"} for number in range(COUNT)
    ]
    after = read_content(here / "out" / name)
    after["products"][0]["members"].sort(key=before["products"][0]["members"].index)
    assert after == before
    assert not [*(here / "out").glob(".*")]


@pytest.mark.parametrize("same", [True, False])
def test_all_gather_into_one_folder(here: Path, *, same: bool) -> None:
    names = ["0_asn.json" if same else f"{number}_asn.json" for number in range(COUNT)]
    assert at_once([["gather", name, "new"] for name in names]) == [(0, "")] * COUNT
    assert sorted(each.name for each in (here / "new").iterdir()) == sorted(
        {*names, *(name.replace("_asn.json", ".fits") for name in names)}
    )
    assert len(load(here / "new")) == len({*names})


def test_one_of_two_that_gather_different_files_of_one_name_is_refused(here: Path) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "0.fits").write_text("other")
    from_list(["0.fits"], product_name="sub").save(here / "sub" / "sub_asn.json")
    ended = at_once([["gather", name, "new"] for name in ("0_asn.json", "sub/sub_asn.json") * (COUNT // 2)])
    assert {code for code, _ in ended} == {0, 2}
    found = sorted(each.name for each in (here / "new").iterdir())
    first = "0_asn.json" in found
    assert found == (["0.fits", "0_asn.json"] if first else ["0.fits", "sub_asn.json"])
    assert (here / "new" / "0.fits").read_text() == ("0" if first else "other")
    assert all(code == 2 * (number % 2 == first) for number, (code, _) in enumerate(ended))
