"""What blocks, never ends or grows without bound is refused, and nothing else."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rules.files import open_file
from solver import guards
from solver.errors import UsageError
from solver.guards import has_room_for_arrow, real, require_parquet, unpacked

MB = 1_000_000

#: Names of what can be opened and is not a regular file, where this system has it.
DEVICES = [path for path in ("/dev/zero", "/dev/null", "/dev/random") if Path(path).exists()]


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(path)


def listening(path: Path) -> None:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("there are no sockets with names here")
    with closing(socket.socket(socket.AF_UNIX)) as made:
        made.bind(os.path.relpath(path))


@pytest.mark.parametrize("make", [pipe, listening, Path.mkdir, lambda path: path.symlink_to(path)])
def test_only_regular_files_are_opened(
    make: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    make(tmp_path / "odd")
    with pytest.raises(OSError, match="odd"):
        open_file(tmp_path / "odd")


@pytest.mark.parametrize("device", DEVICES)
def test_devices_are_not_opened(device: str) -> None:
    with pytest.raises(OSError, match="it is a pipe or a device; save its content in a file"):
        open_file(Path(device))


def test_files_are_read_as_they_are_and_through_links(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc\r\n")
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        with open_file(tmp_path / name) as stream:
            assert stream.read() == b"abc\r\n"


def test_a_link_to_itself_is_a_path_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert real(tmp_path / "loop") == real(tmp_path) / "loop"
    (tmp_path / "there").symlink_to(tmp_path)
    assert real(tmp_path / "there" / "x") == real(tmp_path) / "x"


@pytest.mark.parametrize(
    ("packed", "ending", "most"),
    [
        (1, ".gz", 256 * MB),
        (2 * MB, ".gz", 400 * MB),
        (MB, ".zst", 2000 * MB),
        (MB, "", 256 * MB),
        (900 * MB, "", 900 * MB),
    ],
)
def test_the_bound_grows_with_the_file(packed: int, ending: str, most: int) -> None:
    asked: list[int] = []

    def read(size: int) -> bytes:
        asked.append(size)
        return b""

    assert list(unpacked(read, packed, ending)) == []
    assert asked == [most + 1]


@pytest.mark.parametrize("most", [4, 5, 6])
@pytest.mark.parametrize("at_once", [0, 2])
def test_a_bound_is_the_last_size_that_is_read(most: int, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> bytes:
        return b"".join(unpacked(io.BytesIO(b"abcde").read, 1, ".gz", at_once=at_once))

    monkeypatch.setattr(guards, "_LEAST", most)
    monkeypatch.setattr(guards, "_TIMES", {})
    if most >= 5:
        assert read() == b"abcde"
    else:
        with pytest.raises(OSError, match="it unpacks to more than 0 MB; if that is right, unpack it and name the"):
            read()


@pytest.mark.parametrize(("limit", "room"), [(1 << 30, False), (1 << 40, True), (-1, True)])
def test_pyarrow_is_used_where_it_has_room(limit: int, monkeypatch: pytest.MonkeyPatch, *, room: bool) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limits")
    monkeypatch.setattr(guards, "_ARROW", 8 << 30)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    assert has_room_for_arrow() is room
    if not room:
        with pytest.raises(UsageError, match=r"Parquet needs 8\.6 GB of address space, and this process may have less"):
            require_parquet()
