"""Where the reference is looked for, and what is said if it is not there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conformance import interpreter
from tests.conformance.canonical import Entry
from tests.conformance.interpreter import NoReferenceError, Reference


def fake(folder: Path, body: str) -> str:
    """A program that stands for a Python."""
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    python.chmod(0o755)
    return str(python)


def test_the_named_one_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = fake(tmp_path, "echo 3.0.0")
    monkeypatch.setenv(interpreter.VARIABLE, python)
    assert interpreter.find() == python


@pytest.mark.parametrize(
    ("body", "message"),
    [("echo 2.1.0", "has jwst 2.1.0, but 3.0.0 is the reference"), ("echo oh >&2; exit 1", "has no jwst: oh")],
)
def test_a_wrong_one_is_no_reason_to_skip(
    body: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(interpreter.VARIABLE, fake(tmp_path, body))
    with pytest.raises(RuntimeError, match=message):
        interpreter.find()


def test_the_local_one_is_next_and_then_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(interpreter.VARIABLE, raising=False)
    monkeypatch.setattr(interpreter, "_ROOT", tmp_path)
    monkeypatch.setattr(interpreter, "_installed_here", lambda: "3.0.0")
    assert interpreter.find() == sys.executable
    local = tmp_path / interpreter.LOCAL
    local.parent.mkdir(parents=True)
    fake(local.parent, "echo 3.0.0")
    assert interpreter.find() == str(local)


def test_without_any_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(interpreter.VARIABLE, raising=False)
    monkeypatch.setattr(interpreter, "_ROOT", tmp_path)
    monkeypatch.setattr(interpreter, "_installed_here", lambda: None)
    with pytest.raises(NoReferenceError, match=f"set {interpreter.VARIABLE} to a Python that has it, or make one"):
        interpreter.find()


def test_the_older_one_is_the_one_that_its_variable_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = interpreter.OLDER_VARIABLE
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(NoReferenceError, match=f"^no jwst 2.0.1 to compare with: set {variable} to a Python"):
        interpreter.find_older()
    monkeypatch.setenv(variable, fake(tmp_path, "echo 2.0.1"))
    assert interpreter.find_older() == str(tmp_path / "python")
    monkeypatch.setenv(variable, fake(tmp_path, "echo 3.0.0"))
    with pytest.raises(RuntimeError, match=r"has jwst 3\.0\.0, but 2\.0\.1 is the reference"):
        interpreter.find_older()


def test_a_run_is_kept(tmp_path: Path) -> None:
    # It fails when it is called again, so the second answer is the kept one.
    body = f"[ -e {tmp_path}/called ] && exit 1; touch {tmp_path}/called; cp {tmp_path}/answer $6"
    entry = Entry("Asn_Lv3Image", "image3", "o001", "00001", "t001", "name", (("a_cal.fits", "science"),))
    (tmp_path / "answer").write_text(json.dumps({"associations": [entry._asdict()]}), encoding="utf-8")
    reference = Reference(fake(tmp_path, body), tmp_path / "cache")
    assert reference.run("pool") == reference.run("pool") == [entry]
    with pytest.raises(RuntimeError):
        reference.run("pool", "--discover")
