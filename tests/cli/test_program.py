"""The program as it is installed: real processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from solver.app.cli import main
from solver.version import __version__

SCRIPT = shutil.which("asnsolve", path=str(Path(sys.executable).parent))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    if SCRIPT is None:
        pytest.skip("asnsolve is not installed beside this Python")
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, check=False, encoding="utf-8")


def test_generate(folder: Path) -> None:
    done = run("generate", "pool.csv", "--level", "3", "-p", "out", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list((folder / "out").glob("*_asn.json"))) == 4


def test_wrong_input_ends_with_2_and_one_line(folder: Path) -> None:
    del folder
    done = run("generate", "none.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "asnsolve generate: error: none.csv cannot be read: No such file or directory\n"


def test_a_reader_that_has_gone_is_no_error(folder: Path) -> None:
    del folder
    if SCRIPT is None:
        pytest.skip("asnsolve is not installed beside this Python")
    with subprocess.Popen([SCRIPT, "rules", "--tree"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert b"Traceback" not in errors
    assert b"Exception ignored" not in errors


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["generate", "--help"], ["rules", "--help"]])
def test_help_and_version_end_with_0(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert out == f"asnsolve {__version__}\n" if arguments == ["--version"] else out.startswith("Usage: asnsolve")


def test_commands_that_need_no_heavy_library_do_not_load_it() -> None:
    code = (
        "import sys; from solver.app.cli import main; main(['rules', 'Asn_Image']); "
        "assert not {'astropy', 'constraint'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("generate", ""),
        ("generate -i c1000 pool.csv", "; -i takes every word after it, so put it last"),
        ("explain --id c1000 pool.csv", "; --id takes every word after it, so put it last"),
    ],
)
def test_an_option_that_takes_the_name_of_the_pool(command: str, more: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command.split())
    assert caught.value.code == 2
    called = f"asnsolve {command.partition(' ')[0]}"
    problem = f"the following arguments are required: POOL{more}"
    assert capsys.readouterr().err == f"{called}: error: {problem}; see {called} --help\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("arguments", [["inspect", "pool.csv"], ["generate", "pool.csv", "--dry-run", "-v"], ["rules"]])
def test_a_terminal_without_letters_for_every_name_is_no_error(
    arguments: list[str], encoding: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if SCRIPT is None:
        pytest.skip("asnsolve is not installed beside this Python")
    pool = folder / "pool.csv"
    pool.write_text(pool.read_text(encoding="utf-8").replace("M 31", "M 31 \u661f"), encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("PYTHONUTF8", "0")
    done = subprocess.run([SCRIPT, *arguments], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert arguments[0] != "inspect" or b"\\u661f" in done.stdout
