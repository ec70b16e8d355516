"""The log of a command: quiet unless asked for, lines for people or for machines, and nothing of the output changes."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import console
from solver.app.cli import COMMANDS, main, parser
from tests.cli.conftest import contents

ROOT = Path(__file__).parents[2]


def lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a log."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_line_is_an_object_with_time_level_message_and_fields(folder: Path) -> None:
    assert main(["generate", "pool.csv", "-p", "out", "--log-json", "log.jsonl"]) == 0
    made = lines(folder / "log.jsonl")
    assert all(datetime.fromisoformat(each["time"]).utcoffset() == timedelta(0) for each in made)
    assert {each["process"] for each in made} == {os.getpid()}
    assert {each["level"] for each in made} == {"info"}
    assert made[0]["arguments"] == ["generate", "pool.csv", "-p", "out", "--log-json", "log.jsonl"]
    assert {"read", "solve", "write"} <= {each["stage"] for each in made if each["message"] == "time of a stage"}
    (done,) = (each for each in made if each["message"] == "pool done")
    assert (done["pool"], done["associations"]) == ("pool.csv", len(list(folder.glob("out/*_asn.json"))))
    assert (made[-1]["message"], made[-1]["code"]) == ("ended", 0)
    assert made[-1]["seconds"] > 0


def test_a_log_changes_neither_files_nor_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for name, more in {"plain": [], "logged": ["--log-json", "log.jsonl", "--log-level", "debug"]}.items():
        assert main(["generate", "pool.csv", "-p", name, "--json", *more]) == 0
        shown.append(capsys.readouterr())
    assert contents(folder / "plain") == contents(folder / "logged")
    assert shown[1].out.replace("logged", "plain") == shown[0].out
    assert (shown[0].err, shown[1].err) == ("", "")


@pytest.mark.parametrize(
    ("level", "levels"),
    [("debug", {"debug", "info", "warning", "error"}), ("info", {"info", "warning", "error"}), ("error", {"error"})],
)
def test_a_level_is_the_lowest_that_is_logged(level: str, levels: set[str], folder: Path) -> None:
    (folder / "few").mkdir()
    (folder / "pool.csv").rename(folder / "few" / "pool.csv")
    (folder / "few" / "bad.csv").write_text("x\n1\n", encoding="utf-8")
    (folder / "few" / "x.fits").write_bytes(b"")
    assert main(["generate", "few", "-p", "out", "--log-json", "log.jsonl", "--log-level", level]) == 1
    made = lines(folder / "log.jsonl")
    assert {each["level"] for each in made} == levels
    errors = [each["message"] for each in made if each["level"] == "error"]
    assert errors[0].startswith("asnsolve generate: error: few/bad.csv, line 1 has ")
    assert errors[-1].startswith("asnsolve generate: error: no results for 1 pool of 2")


def test_lines_for_people_go_to_standard_error_and_nothing_is_there_twice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.csv").write_text("x\n1\n", encoding="utf-8")
    assert main(["generate", "pool.csv", "bad.csv", "-p", "out", "--log-level", "info"]) == 1
    err = capsys.readouterr().err
    assert "INFO pool done {'pool': 'pool.csv', 'associations': " in err
    assert "INFO ended {'code': 1, " in err
    assert err.count("no results for 1 pool of 2") == 1


def test_a_pool_that_failed_says_so_in_the_log(folder: Path) -> None:
    (folder / "bad.csv").write_text("x\n1\n", encoding="utf-8")
    assert main(["generate", "pool.csv", "bad.csv", "-p", "out", "--log-json", "log.jsonl"]) == 1
    assert {each["pool"] for each in lines(folder / "log.jsonl") if "pool" in each} == {"pool.csv", "bad.csv"}
    messages = {each["pool"]: each["message"] for each in lines(folder / "log.jsonl") if "pool" in each}
    assert messages["pool.csv"] == "pool done"
    assert messages["bad.csv"].startswith("bad.csv, line 1 has ")


def test_what_data_hold_cannot_steer_a_terminal_or_break_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a\n\x1b[31m\u202e.csv"
    (folder / name).write_bytes((folder / "pool.csv").read_bytes())
    assert main(["generate", name, "-p", "out", "--log-json", "log.jsonl"]) == 0
    assert (folder / "log.jsonl").read_text(encoding="utf-8").replace("\n", "").isprintable()
    assert next(each["pool"] for each in lines(folder / "log.jsonl") if "pool" in each) == name
    capsys.readouterr()
    assert main(["generate", name, "-p", "out", "--log-level", "debug"]) == 0
    assert capsys.readouterr().err.replace("\n", "").isprintable()


def test_runs_add_to_a_log_and_it_may_be_moved_away_meanwhile(folder: Path) -> None:
    for _ in range(2):
        assert main(["generate", "pool.csv", "-p", "out", "--log-json", "log.jsonl"]) == 0
    made = lines(folder / "log.jsonl")
    assert [each["message"] for each in made].count("begun") == 2
    console.log("info", "after the end")
    assert len(lines(folder / "log.jsonl")) == len(made) + 1  # the log of the last command
    (folder / "log.jsonl").rename(folder / "log.1")
    console.log("info", "after rotation")
    assert [each["message"] for each in lines(folder / "log.jsonl")] == ["after rotation"]
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    assert len(lines(folder / "log.jsonl")) == 1


@pytest.mark.parametrize("command", ["generate pool.csv -p out", "inspect pool.csv"])
@pytest.mark.parametrize("file", ["pool.csv", "folder", "nowhere/log.jsonl"])
def test_a_file_of_another_kind_is_refused_as_log_and_stays(
    command: str, file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "folder").mkdir()
    before = contents_of_files(folder)
    assert main([*command.split(), "--log-json", file]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), contents_of_files(folder)) == ("", 1, before)
    assert file in err


def contents_of_files(folder: Path) -> dict[str, bytes]:
    """The files in a folder, without its folders."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_log_that_can_no_longer_be_written_ends_no_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["inspect", "pool.csv", "--log-json", "log.jsonl"]) == 0
    (folder / "log.jsonl").unlink()
    (folder / "log.jsonl").mkdir()
    console.log("info", "this is lost")
    monkeypatch.setattr(console, "loggers", [])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_log(command: str) -> None:
    below = parser([command])
    (choices,) = (each.choices for each in below._actions if each.dest == "command")  # noqa: SLF001
    assert choices is not None
    shown = dict(choices)[command].format_help()
    assert "--log-level {debug,info,warning,error}" in shown
    assert "--log-json FILE" in shown


def test_logging_is_not_imported_unless_asked_for(folder: Path) -> None:
    code = "import sys; from solver.app.cli import main; main(sys.argv[1:]); print('logging' in sys.modules)"
    for more, imported in (([], "False"), (["--log-json", "log.jsonl"], "True")):
        done = subprocess.run(
            [sys.executable, "-c", code, "generate", "pool.csv", "-p", "out", *more],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == imported


def test_other_loggers_are_left_alone(folder: Path) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level, logging.raiseExceptions
    assert main(["generate", "pool.csv", "-p", "out", "--log-json", str(folder / "log.jsonl")]) == 0
    assert (logging.getLogger().handlers[:], logging.getLogger().level, logging.raiseExceptions) == before
