"""Results know how they were made: commands on them need no options, and a run again touches nothing without need."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of, write
from solver import Pool, storage
from solver.app.cli import main
from solver.storage import Record
from tests.cli.conftest import contents
from tests.cli.scenes import MINE

ROWS = rows_of("mrs")

#: A member of the second observation.
BACKGROUND = "jw01001002001_03101_00001_mirifulong"


def run(*words: str) -> int:
    return main([*words])


def recorded(place: str, which: str | None = None) -> Record:
    found = storage.record_of(place, which)
    assert found is not None
    assert found.record is not None
    return found.record


def output_of(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    """What a command prints, and its warnings."""
    capsys.readouterr()
    assert run(*words) == code
    printed = capsys.readouterr()
    return printed.out, printed.err


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with spectra of a target and of a background, in the current one."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "data", ROWS, ["rate"])
    return tmp_path


# --- What is recorded ---------------------------------------------------------------------------

OPTIONS = {
    "": {},
    "--level 3 -i o001 o002": {"level": "3", "ids": ["o001", "o002"]},
    "--discover --keep-first": {"discover": True, "keep_first": True},
    "--background-at none --merge --existing": {"background_at": "none", "merge": True, "existing": True},
    "--version-id v1 --all-candidates -d |": {"version_id": "v1", "all_candidates": True, "delimiter": "|"},
}


@pytest.mark.parametrize("options", OPTIONS)
def test_the_options_that_decide_the_results_are_recorded(options: str, folder: Path) -> None:
    assert run("generate", "pool.csv", "-p", "out", "--exclude", "a1*", *options.split()) == 0
    made = recorded("out")
    assert made.options == OPTIONS[options]
    assert (made.statements, made.pool) == ({"exclude": ["a1*"]}, str(folder / "pool.csv"))


@pytest.mark.parametrize("options", OPTIONS)
def test_a_run_can_be_repeated_from_its_record(options: str, folder: Path) -> None:
    assert run("generate", "pool.csv", "-p", "out", "--exclude", "a1*", *options.split()) == 0
    made, words = recorded("out"), list[str]()
    for name, value in {**made.options, **made.statements}.items():
        flag = {"dms": "--DMS"}.get(name, f"--{name.replace('_', '-')}")
        words += [flag] if value is True else [flag, *([value] if isinstance(value, str) else value)]
    assert run("generate", made.pool, "-p", "again", *words) == 0
    assert contents(folder / "again") == contents(folder / "out")


def test_the_time_of_a_version_is_recorded(folder: Path) -> None:
    del folder
    assert run("generate", "pool.csv", "-p", "out", "--version-id") == 0
    (version,) = {each.version_id for each in storage.load("out")}
    assert recorded("out").options == {"version_id": version}


@pytest.mark.usefixtures("data")
def test_a_second_run_with_statements_takes_the_place_of_the_first() -> None:
    assert run("generate", "data", "-p", "out") == 0
    assert run("generate", "data", "-p", "out", "--background", "o002", "--background-at", "3") == 0
    assert recorded("out").statements == {"background": ["o002"]}
    assert run("check", "out") == 0


# --- Run again ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("archive", [[], ["--archive", "out/all.jsonl.gz"], ["--archive", "out/all.parquet"]])
def test_a_run_again_touches_no_file_that_is_the_same(archive: list[str]) -> None:
    words = ["generate", "data", "-p", "out", "--save-orphans", *archive]
    assert run(*words) == 0
    for name in contents(Path("out")):
        os.utime(Path("out", name), (1, 1))
    assert run(*words) == 0
    assert {Path("out", name).stat().st_mtime for name in contents(Path("out"))} == {1}
    assert run(*words, "--exclude", "o002") == 0
    assert {Path("out", name).stat().st_mtime for name in contents(Path("out"))} > {1}


# --- Commands on results ------------------------------------------------------------------------


@pytest.fixture(params=["out", "all.jsonl", "all.parquet"])
def place(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """Where results are, and the options that put them there."""
    name: str = request.param
    return name, ["-p", "out", *(["--archive", name] if "." in name else [])]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("of", ["data", "pool.csv"])
def test_commands_speak_of_the_run(of: str, place: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pool", "data", "-o", "pool.csv") == 0
    out, where = place
    assert run("generate", of, *where, "--background", "o002", "--background-at", "3", "--level", "3") == 0
    assert "3 associations with 36 members checked: no errors, 1 note\n" in output_of(capsys, "check", out)[0]
    assert output_of(capsys, "report", out)[0].startswith(
        "3 associations from 18 exposures\nevery exposure is in an association\n"
    )
    explained, warned = output_of(capsys, "explain", out, BACKGROUND, "--json")
    assert {each["role"] for each in json.loads(explained)["memberships"]} == {"background", "science"}
    assert warned == ""
    assert re.search(r"c1000 +background +18\b", output_of(capsys, "inspect", out)[0])


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("option", ["--background o002", "--set bkgdtarg=F:o002"])
def test_errors_may_be_due_to_what_was_stated(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pool", "data", "-o", "pool.csv") == 0
    assert run("generate", "pool.csv", "-p", "out", *option.split()) == 0
    advice = f"out was made with {option}; add that, or run asnsolve check out"
    assert output_of(capsys, "check", "pool.csv", "out", code=1)[0].splitlines()[-1] == advice
    assert advice not in output_of(capsys, "check", "pool.csv", "out", *option.split())[0]
    Path("other.csv").write_bytes(Path("pool.csv").read_bytes())
    last = output_of(capsys, "check", "other.csv", "out", code=1)[0].splitlines()[-1]
    assert last == f"out was made from {Path('pool.csv').resolve()}; run asnsolve check out"
    assert advice not in output_of(capsys, "check", "out")[0]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("of", ["data", "pool.csv"])
def test_what_was_stated_already_is_not_stated_twice(
    of: str, place: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pool", "data", "-o", "pool.csv") == 0
    out, where = place
    assert run("generate", of, *where, "--background", "o002:o001") == 0
    once = output_of(capsys, "inspect", out)[0]
    assert output_of(capsys, "inspect", out, "--background", "o002:o001")[0] == once
    assert "c1001" not in once
    assert "c1001" in output_of(capsys, "inspect", out, "--candidate", "c1001=group:o001,o002")[0]


def test_options_that_are_given_win_or_add(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    assert run("generate", "pool.csv", "-p", "out", "--level", "3", "-i", "o001", "-r", "mine.py") == 0
    for words, count in {"": 2, "--level both": 4, "--all-candidates": 7, "--exclude a1*": 2, "-r mine.py": 2}.items():
        assert output_of(capsys, "report", "out", *words.split())[0].startswith(f"{count} associations"), words
    assert "5 exposures" in output_of(capsys, "report", "out", "--exclude", "a1*")[0]


def test_what_is_explained_is_what_was_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("generate", "pool.csv", "-p", "out", "--level", "3", "-i", "o001") == 0
    assert "in no association" in output_of(capsys, "explain", "out", "b1")[0]
    assert "in 1 association: " in output_of(capsys, "explain", "out", "a1")[0]
    orphans = output_of(capsys, "explain", "out", "--orphans")[0]
    assert "in no candidate that was asked for" in orphans
    assert output_of(capsys, "explain", "out", "a1", "-i", "o002", code=2)[1].endswith(
        "has no candidate o002; it has o001\n"
    )


def test_that_background_was_not_asked_for_is_why_it_is_left_out(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del data
    assert run("generate", "data", "-p", "out", "--background", "o002", "--background-at", "2") == 0
    explained = output_of(capsys, "explain", "out", BACKGROUND, "--rule", "Asn_Lv3MIRMRS")[0]
    assert "it is background, which the run leaves out here (--background-at 2)\n" in explained


def test_background_that_was_not_to_be_there_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    assert run("generate", "data", "-p", "out", "--background", "o002") == 0
    checked = output_of(capsys, "check", "out", "--background-at", "2", code=1)[0]
    assert "with this --background-at, Asn_Lv3MIRMRS takes neither background nor its acquisitions: " in checked
    assert "already" not in checked


def test_a_pool_or_rules_that_changed_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    assert run("generate", "pool.csv", "-p", "out", "-r", "mine.py") == 0
    for name in ("pool.csv", "mine.py"):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    for command, code in ((["check"], 1), (["report"], 0), (["explain", "--orphans"], 0)):
        assert output_of(capsys, *command, "out", code=code)[1] == (
            f"asnsolve {command[0]}: out: {folder / 'pool.csv'}, {folder / 'mine.py'} changed after the "
            "associations were made, so what follows may not match them\n"
        )
    (folder / "pool.csv").unlink()
    for name in ("check", "inspect"):
        warned, refused = output_of(capsys, name, "out", code=2)[1].splitlines()
        assert warned.startswith(f"asnsolve {name}: out: {folder / 'mine.py'} changed after the ")
        assert refused == f"asnsolve {name}: error: {folder / 'pool.csv'} cannot be read: No such file or directory"


def test_rules_that_another_user_may_have_named_are_not_run(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    assert run("generate", "pool.csv", "-p", "out", "-r", "mine.py") == 0
    monkeypatch.setattr(os, "geteuid", lambda: -1, raising=False)
    assert output_of(capsys, "check", "out", code=2)[1] == (
        f"asnsolve check: error: out: the run on pool.csv -r mine.py used the rules of {folder / 'mine.py'}; "
        "a rule file is code, and this one or the record is another user's, or was copied here; name it with -r\n"
    )
    assert run("report", "out", "-r", "mine.py") == 0
    assert run("inspect", "out") == 0


@pytest.mark.parametrize("options", [("-p", "out/results"), ("--archive", "out/all.jsonl")])
def test_rules_that_a_copied_record_names_are_not_run(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str]
) -> None:
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    assert run("generate", "pool.csv", *options, "-r", "mine.py") == 0
    assert run("check", options[1]) != 2
    (folder / "out").rename(folder / "copied")
    copied = options[1].replace("out", "copied")
    assert "or was copied here; name it with -r\n" in output_of(capsys, "check", copied, code=2)[1]
    assert run("check", copied, "-r", "mine.py") != 2


# --- Several runs -------------------------------------------------------------------------------


def test_of_several_runs_one_is_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("generate", "pool.csv", "-p", "out") == 0
    assert run("generate", "pool.csv", "-p", "out", "--level", "3", "-i", "o002") == 0
    for words in (["check", "out"], ["report", "out"], ["explain", "out", "a1"], ["check", "out", "--run", "3"]):
        assert output_of(capsys, *words, code=2)[1] == (
            f"asnsolve {words[0]}: error: out: choose one of its runs with --run, by number or name: "
            "1: pool.csv; 2: pool.csv -i o002 --level 3\n"
        )
    for which in ("2", "pool.csv -i o002 --level 3"):
        assert "\n2 associations with " in output_of(capsys, "check", "out", "--run", which)[0]
        assert output_of(capsys, "report", "out", "--run", which)[0].startswith("2 associations")
        assert "in no association" in output_of(capsys, "explain", "out", "--run", which, "a1")[0]
        assert "together in no association" in output_of(capsys, "explain", "--run", which, "out", "a1", "b1")[0]
    assert output_of(capsys, "check", "out", "--run", "1")[0].startswith("9 associations")


@pytest.mark.parametrize("where", [["-p", "out"], ["-p", "out", "--archive", "out.jsonl"]])
def test_each_pool_is_a_run(where: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "pool.csv").read_text(encoding="utf-8")
    (folder / "other.csv").write_text(text.replace("uncal.fits|1|", "uncal.fits|2|"), encoding="utf-8")
    assert run("generate", "pool.csv", "other.csv", *where) == 0
    for which in ("1", "other.csv", "2"):
        words = ["check", where[-1], "--run", which]
        checked = "9 associations with 15 members checked: no errors\n1 exposure in no association\n"
        assert output_of(capsys, *words)[0] == checked


def test_files_that_are_gone_are_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", "pool.csv", "-p", "out") == 0
    (folder / "out" / "jw00001-o001_image3_00001_asn.json").unlink()
    assert "is missing; its members would be" in output_of(capsys, "check", "out", code=1)[0]


def test_what_a_run_was_asked_to_leave_out_is_a_note(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = Pool.from_rows(ROWS)
    (data / "pool.csv").write_text(pool.to_text(), encoding="utf-8")
    for name in pool.file_names[1:]:
        for suffix in ("rate", "cal"):
            (data / name.replace("uncal", suffix)).touch()
    assert run("generate", "pool.csv", "-p", "out", "--existing") == 0
    assert "error missing" in output_of(capsys, "check", "pool.csv", "out", code=1)[0]
    printed, _ = output_of(capsys, "check", "out")
    assert "note missing" in printed
    assert "; made with --existing, so what is left out is a note\n" in printed
    for words in (["explain", "out", "--orphans"], ["report", "out"]):
        warned = output_of(capsys, *words)[1]
        assert f"{words[0]}: out: made with --existing; what follows is as if all files of the pool existed\n" in warned
    min((data / "out").glob("*_asn.json")).unlink()
    assert "error missing" in output_of(capsys, "check", "out", code=1)[0]


# --- Without a record ---------------------------------------------------------------------------


def test_a_folder_of_exposures_with_results_is_its_run(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "in 1 association of " in output_of(capsys, "explain", "data", BACKGROUND, "--rule", "Asn_Lv3MIRMRS")[0]
    assert run("generate", "data", "-p", "data", "--background", "o002", "--level", "2") == 0
    for command, more in (("explain", [BACKGROUND]), ("report", []), ("inspect", []), ("check", [])):
        warned = output_of(capsys, command, "data", *more)[1]
        assert warned == f"asnsolve {command}: data has exposures, too; the run on data --level 2 is used\n"
    assert "as background, by Asn_Lv2Spec\n" in output_of(capsys, "explain", "data", BACKGROUND, "-v")[0]
    (data / "data" / "asnsolve-manifest.json").unlink()
    assert output_of(capsys, "report", "data")[1] == ""


def test_without_a_run_the_results_have_to_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    problem = "pool.csv is not a result of a run; name the results as well: asnsolve check POOL RESULTS"
    assert output_of(capsys, "check", "pool.csv", code=2)[1] == f"asnsolve check: error: {problem}\n"
    assert run("generate", "pool.csv", "-p", "out", "--background-at", "2") == 0
    for words in (["pool.csv", "out"], ["pool.csv", "--json", "out"], ["pool.csv", "out", "--background-at", "2"]):
        assert run("check", *words) == 0
