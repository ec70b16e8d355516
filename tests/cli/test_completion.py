"""Scripts with which shells complete: bash asks the real one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from solver.app.cli import COMMANDS, main

BASH = shutil.which("bash")


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    pytest.importorskip("shtab")
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", shell])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_script_has_all_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    written = script(shell, capsys)
    assert [name for name in COMMANDS if name not in written] == []


@pytest.mark.skipif(BASH is None, reason="bash is not here")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("asnsolve gene", {"generate"}),
        ("asnsolve generate --backg", {"--background", "--background-at"}),
        ("asnsolve generate --level ''", {"2", "3", "both"}),
        ("asnsolve generate po", {"pool.csv"}),
        ("asnsolve check pool.csv --rules po", {"pool.csv"}),
    ],
)
def test_bash_completes(words: str, expected: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pool.csv").touch()
    (tmp_path / "complete").write_text(script("bash", capsys), encoding="utf-8")
    (tmp_path / "ask").write_text(
        f"source ./complete\nCOMP_WORDS=({words})\nCOMP_LINE={words!r}\n"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\nCOMP_POINT=${#COMP_LINE}\n"
        "_shtab_asnsolve\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n",
        encoding="utf-8",
    )
    done = subprocess.run([str(BASH), "ask"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == expected


def test_without_shtab_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.delitem(sys.modules, "shtab", raising=False)
    assert main(["--print-completion", "bash"]) == 2
    shown = "--print-completion needs shtab, which is not installed; run: pip install 'asnsolve[completion]'"
    assert shown in capsys.readouterr().err
