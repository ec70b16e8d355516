"""Files that take their place whole, or never."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from solver.new_file import NewFile


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk is asked to keep: a file, or the folder that lists it."""
    asked: list[str] = []

    def sync(handle: int) -> None:
        asked.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")

    monkeypatch.setattr(os, "fsync", sync)
    return asked


@pytest.mark.parametrize(("durably", "expected"), [(False, []), (True, ["file", "folder"])])
def test_the_disk_is_waited_for_on_request_only(
    expected: list[str], synced: list[str], tmp_path: Path, *, durably: bool
) -> None:
    file = NewFile(tmp_path / "a")
    file.stream.write(b"new")
    if durably:
        file.put(durably=True)
    else:
        file.put()
    file.drop()
    assert ([path.name for path in tmp_path.iterdir()], (tmp_path / "a").read_bytes()) == (["a"], b"new")
    assert synced == expected


def test_what_was_there_stays_until_the_new_file_is_put(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    first, second = NewFile(tmp_path / "a"), NewFile(tmp_path / "a")
    first.stream.write(b"first")
    first.drop()
    first.drop()
    assert (tmp_path / "a").read_bytes() == b"old"
    second.put()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_cannot_even_be_closed_leaves_no_trace(tmp_path: Path) -> None:
    class Full:
        def close(self) -> None:
            raise OSError(28, "No space left on device")

    file = NewFile(tmp_path / "a")
    file.stream.close()
    file.stream = Full()  # type: ignore[assignment]
    file.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_file_that_somebody_removed_is_no_error(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a")
    for path in tmp_path.iterdir():
        path.unlink()
    file.drop()
    assert list(tmp_path.iterdir()) == []
