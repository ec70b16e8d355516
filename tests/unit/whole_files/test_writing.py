"""Files in the making: put whole or never, swept when nobody is writing them, and never from under somebody who is."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from solver.errors import BusyError, OutputError
from solver.whole_files import writing
from solver.whole_files.locks import lock
from solver.whole_files.writing import (
    is_same,
    locked,
    output_errors,
    put,
    refuse_to_lose,
    sole_writer,
    sweep,
    temporary,
    temporary_name,
    write_file,
    write_files,
    write_new,
    write_whole,
)

needs_locks = pytest.mark.skipif(sys.platform == "win32", reason="there are no locks, so nothing is swept")


@needs_locks
def test_only_files_that_killed_processes_left_are_swept(tmp_path: Path) -> None:
    names = [temporary_name(of="moved"), temporary_name(), temporary_name()]
    (tmp_path / names[0]).write_text("left")
    (tmp_path / names[1]).mkdir()
    (tmp_path / names[1] / "inside").write_text("left")
    (tmp_path / names[2]).symlink_to(tmp_path / "a_asn.json")
    others = {"a_asn.json", ".asnsolve-mine.tmp", ".asnsolve-0123456789abcdef", names[2]}
    for name in others - {names[2]}:
        (tmp_path / name).write_text("kept")
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == others


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process sweeps just before a file is moved to its place."""
    replace = Path.replace

    def late(path: Path, place: Path) -> Path:
        sweep(tmp_path)
        return replace(path, place)

    monkeypatch.setattr(Path, "replace", late)


@pytest.mark.usefixtures("swept")
def test_files_being_written_are_not_swept(tmp_path: Path) -> None:
    with ExitStack() as undo:
        folder = temporary(tmp_path, undo)
        (folder / "b.json").write_text("B")
        write_whole(tmp_path / "a.json", b"A")
        put({folder / "b.json": tmp_path / "b.json"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.json": "A", "b.json": "B"}


def test_a_file_that_was_swept_before_it_was_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Path] = []

    def late(file: int) -> bool | None:
        if not met:
            met.extend(tmp_path.iterdir())
            met[0].unlink()
        return lock(file)

    monkeypatch.setattr(writing, "lock", late)
    write_whole(tmp_path / "a.json", b"A")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.json": "A"}
    assert met


def test_a_folder_that_was_swept_before_it_was_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Path] = []

    def late(file: int) -> bool | None:
        if not met:
            met.extend(tmp_path.iterdir())
            met[0].rmdir()
        return lock(file)

    monkeypatch.setattr(writing, "lock", late)
    with ExitStack() as undo:
        folder = temporary(tmp_path, undo)
        assert list(tmp_path.iterdir()) == [folder]
        assert folder != met[0]
    assert list(tmp_path.iterdir()) == []


@needs_locks
def test_a_folder_that_was_swept_before_it_was_opened_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Path] = []
    os_open = os.open

    def late(path: Path, flags: int, *, dir_fd: int | None = None) -> int:
        if not met:
            met.append(path)
            path.rmdir()
        return os_open(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    with ExitStack() as undo:
        folder = temporary(tmp_path, undo)
        assert (list(tmp_path.iterdir()), folder == met[0]) == ([folder], False)


@needs_locks
def test_a_folder_that_is_being_swept_is_left_to_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, True]
    monkeypatch.setattr(writing, "lock", lambda _: answers.pop(0))
    with ExitStack() as undo:
        folder = temporary(tmp_path, undo)
        assert folder in tmp_path.iterdir()
    assert (answers, list(tmp_path.iterdir())) == ([], [])


@needs_locks
def test_only_one_writes_the_same_at_a_time(tmp_path: Path) -> None:
    with sole_writer([tmp_path], "a"):
        with locked(tmp_path, "b"):
            sweep(tmp_path)
        with pytest.raises(BusyError) as error, locked(tmp_path, "a", patience=0):
            pass
        assert str(error.value) == (
            f"{tmp_path}: another run is writing there; wait until it ends, or choose another folder"
        )
    with locked(tmp_path, "a", patience=0):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("where", "named", "why"),
    [("there/a", "there/a", "Is a directory"), ("none/a", "there", "No such file or directory")],
)
def test_errors_name_the_file_and_never_one_in_the_making(where: str, named: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "there" / "a").mkdir(parents=True)
    with pytest.raises(OutputError) as error, output_errors(tmp_path / "there"):
        write_whole(tmp_path / where, b"new")
    assert str(error.value) == f"cannot write {tmp_path / named}: {why}"
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "a"]


RESERVED = (".a.json", "asnsolve-manifest.json", "Asnsolve-Unfinished.jsonl", "x.parquet.manifest.json", ".\n")


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_names_are_never_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    ways: tuple[Callable[[], None], ...] = (
        lambda: refuse_to_lose(path, b"", overwrite=True),
        lambda: write_file(path, ""),
        lambda: write_new(path, b"", overwrite=True),
        lambda: write_files({tmp_path / "a": "", path: ""}),
    )
    for write in ways:
        with pytest.raises(OutputError, match="asnsolve reserves this name for itself; use another name"):
            write()
    assert list(tmp_path.iterdir()) == []


@needs_locks
def test_a_lock_that_its_owner_removes_is_made_anew_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / temporary_name(of="a")
    with locked(tmp_path, "a", patience=0):
        path.unlink()
        with locked(tmp_path, "a", patience=0):
            assert list(tmp_path.iterdir()) == [path]
            with pytest.raises(BusyError), locked(tmp_path, "a", patience=0):
                pass
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk is asked to keep: a file, or the folder that lists it."""
    asked: list[str] = []

    def sync(handle: int) -> None:
        asked.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")

    monkeypatch.setattr(os, "fsync", sync)
    return asked


def in_the_making(folder: Path, content: bytes, undo: ExitStack) -> Path:
    """A file in a temporary folder, yet to be moved."""
    file = temporary(folder, undo) / "new"
    file.write_bytes(content)
    return file


def test_writing_waits_for_the_disk_only_on_request(synced: list[str], tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"new")
    assert synced == []
    with ExitStack() as undo:
        put({in_the_making(tmp_path, b"newer", undo): tmp_path / "a"})
    assert synced == ["file", "folder"]
    assert ([path.name for path in tmp_path.iterdir()], (tmp_path / "a").read_bytes()) == (["a"], b"newer")


def test_a_file_with_the_same_bytes_is_replaced_unless_it_is_put_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, b"same")
    before = path.stat().st_ino
    with ExitStack() as undo:
        put({in_the_making(tmp_path, b"same", undo): path})
    assert (path.stat().st_ino, list(tmp_path.iterdir())) == (before, [path])
    with path.open("rb"):  # its number is not free
        write_whole(path, b"same")
    assert (path.stat().st_ino != before, list(tmp_path.iterdir())) == (True, [path])


def test_files_of_one_size_and_time_are_the_same_only_if_their_bytes_are(tmp_path: Path) -> None:
    for name, content in (("a", b"old"), ("b", b"new"), ("c", b"new")):
        (tmp_path / name).write_bytes(content)
        os.utime(tmp_path / name, (1, 1))
    assert [is_same(tmp_path / "c", tmp_path / name) for name in ("a", "b", "none")] == [False, True, False]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, content: bytes) -> None:
        with path.open("xb") as stream:
            stream.write(content[:1])
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space left on device"):
        write_whole(tmp_path / "a", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_a_temporary_folder_that_somebody_removed_is_no_error(tmp_path: Path) -> None:
    with ExitStack() as undo:
        temporary(tmp_path, undo).rmdir()
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_that_cannot_be_removed_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    with ExitStack() as undo:
        made = temporary(tmp_path, undo)
        monkeypatch.setattr("os.rmdir", refused)
    assert made.is_dir()


def test_several_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.json").write_text("old")
    new = {tmp_path / "a.json": "new", tmp_path / "in" / "b.json": "new"}
    with pytest.raises(OutputError) as error:
        write_files({**new, tmp_path / "no" / "c.json": "new"})
    assert str(error.value) == f"cannot write {tmp_path}/no/c.json: No such file or directory"
    assert (tmp_path / "a.json").read_text() == "old"
    write_files(new)
    assert {path.read_text() for path in new} == {"new"}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.json", "b.json", "in"]


def test_others_move_nothing_while_files_are_checked_and_moved(tmp_path: Path) -> None:
    def check() -> None:
        with pytest.raises(BusyError), locked(tmp_path, "moved", patience=0):
            pass
        checked.append(sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")))

    checked: list[list[str]] = []
    write_files({tmp_path / "a": "text", tmp_path / "b": lambda path: path.write_bytes(b"bytes")}, check)
    assert checked == [[]]
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "text", "b": "bytes"}


def test_a_file_that_cannot_be_moved_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OutputError) as error:
        write_files({tmp_path / "a": ""})
    assert str(error.value) == f"cannot write {tmp_path}/a: Is a directory"


@pytest.mark.parametrize("content", ["né", "né".encode()])
def test_a_single_file_is_text_or_bytes(content: str | bytes, tmp_path: Path) -> None:
    write_file(tmp_path / "a", content)
    assert (tmp_path / "a").read_bytes() == "né".encode()


#: What is in the way, what every file of the kind has in it, whether it may be replaced, and what is said.
IN_THE_WAY = {
    "nothing": (None, False, ""),
    "ours": (b"<ASNSOLVE>", False, ""),
    "ours, with more before it than is looked at": (b" " * 65_530 + b"<asnsolve>", False, "was not made by asnsolve"),
    "an empty file": (b"", False, ""),
    "another file": (b"a", False, "exists and was not made by asnsolve; choose another name, or use --overwrite"),
    "another file, to be replaced": (b"a", True, ""),
    "a folder": ("folder", False, "exists and is not a file; choose another name"),
    "a folder, to be replaced": ("folder", True, "exists and is not a file; choose another name"),
}


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_a_file_of_another_kind_is_replaced_on_request_only(what: str, tmp_path: Path) -> None:
    there, overwrite, said = IN_THE_WAY[what]
    path = tmp_path / "a"
    if isinstance(there, bytes):
        path.write_bytes(there)
    elif there:
        path.mkdir()
    with pytest.raises(OutputError, match=said) if said else nullcontext():
        refuse_to_lose(path, b"<asnsolve>", overwrite=overwrite)


#: What is there, whether it may be replaced, and whether it is refused.
CONTENTS = {
    "nothing": (None, False, False),
    "the same": (b"new", False, False),
    "the same, to be replaced": (b"new", True, False),
    "another": (b"old", False, True),
    "another, to be replaced": (b"old", True, False),
    "a folder": ("folder", False, True),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_a_file_with_other_content_is_not_replaced(what: str, tmp_path: Path) -> None:
    there, overwrite, refused = CONTENTS[what]
    path = tmp_path / "a"
    if isinstance(there, bytes):
        path.write_bytes(there)
    elif there:
        path.mkdir()
    number = path.stat().st_ino if there else 0
    said = "exists with other content; choose another name, or overwrite it"
    with pytest.raises(OutputError, match=said) if refused else nullcontext():
        write_new(path, b"new", overwrite=overwrite)
    assert path.is_dir() or path.read_bytes() == (b"old" if refused else b"new")
    assert (path.stat().st_ino == number) == (refused or (there == b"new" and not overwrite))


@pytest.mark.parametrize("write", [
    lambda path: refuse_to_lose(path, b"", overwrite=False),
    lambda path: write_new(path, b"", overwrite=False),
])  # fmt: skip
def test_a_file_in_the_way_that_cannot_be_read_is_named(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    (tmp_path / "a").touch()
    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(OutputError) as error:
        write(tmp_path / "a")
    assert str(error.value) == f"cannot write {tmp_path}/a: Input/output error"


@pytest.mark.parametrize("named", ["out/a", "out", "there"])
def test_an_error_names_what_is_written_and_never_a_file_that_is_only_read(named: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error, output_errors(tmp_path / "out"):
        raise OSError(18, "Invalid cross-device link", str(tmp_path / named), None, str(tmp_path / temporary_name()))
    place = "out" if named == "there" else named
    assert str(error.value) == f"cannot write {tmp_path / place}: Invalid cross-device link"
