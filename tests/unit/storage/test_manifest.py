"""The manifest and its journal: what is known of runs, wherever a process that wrote there was ended."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from solver.errors import BusyError, OutputError
from solver.storage import manifest
from solver.storage.manifest import JOURNAL, MANIFEST, Manifest, Run, incomplete, runs_in

BEFORE = Run("a.csv", "", complete=True, files={"a.json": ("1",), "stale.json": ("2",)})
BEGUN = incomplete(BEFORE, {"a.json": ("3",), "new.json": ("4",)})
DONE = Run("a.csv", "", complete=True, files={"a.json": ("3",), "new.json": ("4",)})


def lines(*runs: Run) -> bytes:
    return b"".join(json.dumps(asdict(run)).encode() + b"\n" for run in runs)


def test_a_run_that_begins_lists_the_old_and_the_new_files() -> None:
    assert BEGUN.files == {"a.json": ("1", "3"), "stale.json": ("2",), "new.json": ("4",)}
    assert not BEGUN.complete


def here(folder: Path) -> list[Run]:
    """The run before, begun and done, in this folder."""
    return [replace(each, folder=str(folder)) for each in (BEFORE, BEGUN, DONE)]


def test_wherever_the_journal_is_cut_off_its_whole_lines_count_and_writing_goes_on(tmp_path: Path) -> None:
    before, begun, done = here(tmp_path)
    with closing(Manifest(tmp_path)) as opened:
        opened.note([before])
    journal = lines(begun, done)
    for cut in range(len(journal) + 1):
        expected = [before, begun, done][journal[:cut].count(b"\n")]
        (tmp_path / JOURNAL).write_bytes(journal[:cut])
        assert runs_in(tmp_path) == [expected]
        (tmp_path / JOURNAL).write_bytes(journal[:cut])
        with closing(Manifest(tmp_path)) as opened:
            assert opened.run("a.csv", "") == expected
            opened.note([before])
        assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST]
        assert runs_in(tmp_path) == [before]


def test_a_journal_that_was_moved_to_the_manifest_and_not_yet_removed_changes_nothing(tmp_path: Path) -> None:
    before, _, done = here(tmp_path)
    with closing(Manifest(tmp_path)) as opened:
        opened.note([before, done])
    (tmp_path / JOURNAL).write_bytes(lines(before, done))
    assert runs_in(tmp_path) == [done]


def test_the_second_run_waits_and_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "PATIENCE", 0.05)
    with closing(Manifest(tmp_path)):
        with pytest.raises(BusyError) as caught:
            Manifest(tmp_path)
        assert str(caught.value) == (
            f"{tmp_path}: another run is writing there; wait until it ends, or choose another folder"
        )
    Manifest(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_a_restored_run_is_as_it_was_and_an_unknown_one_is_unknown_again(tmp_path: Path) -> None:
    other = Run("b.csv", "")
    with closing(Manifest(tmp_path)) as opened:
        opened.note([BEFORE])
    opened = Manifest(tmp_path)
    opened.note([BEGUN, other])
    assert opened.runs == {BEGUN.key: BEGUN, other.key: other}
    opened.close([BEFORE, other])
    assert opened.runs == {BEFORE.key: BEFORE}
    assert runs_in(tmp_path) == [BEFORE]


@pytest.mark.parametrize("text", ["nonsense\n", "{}\n", '{"pool": 1}\n'])
def test_a_file_that_is_not_a_journal_is_refused_and_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text(text)
    for read in (runs_in, Manifest):
        with pytest.raises(OutputError, match=f"{JOURNAL} is not a manifest of results"):
            read(tmp_path)
    assert (tmp_path / JOURNAL).read_text() == text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.parametrize("name", [MANIFEST, JOURNAL])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["FIFO", "folder"])
def test_what_is_not_a_file_is_refused(name: str, make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / name)
    with pytest.raises(OutputError, match="it is not a file"):
        runs_in(tmp_path)
    with pytest.raises(OSError, match=name):
        Manifest(tmp_path)


def test_a_journal_from_elsewhere_counts_only_if_it_lists_files_that_are_here(tmp_path: Path) -> None:
    """One that a killed run left was copied with its files; one that lists nothing of what is here is anybody's."""
    (tmp_path / "here.json").write_text("")
    planted = replace(BEGUN, folder="/elsewhere")
    copied = replace(planted, pool="b.csv", files={"here.json": ("1",)})
    (tmp_path / JOURNAL).write_bytes(lines(planted, copied))
    assert runs_in(tmp_path) == [copied]
    with closing(Manifest(tmp_path)) as opened:
        assert [run.pool for run in opened.runs.values() if not run.complete] == ["b.csv"]
    assert runs_in(tmp_path) == [copied]


@pytest.mark.parametrize(
    "text",
    [b"", b'{"po', lines(replace(BEGUN, folder="/elsewhere")), None],
    ids=["empty", "cut off", "of another folder", "of this folder"],
)
def test_a_journal_with_another_name_elsewhere_is_not_written_to(text: bytes | None, tmp_path: Path) -> None:
    folder, other = tmp_path / "out", tmp_path / "mine"
    folder.mkdir()
    begun = here(folder)[1]
    left = lines(begun) if text is None else text
    other.write_bytes(left)
    (folder / JOURNAL).hardlink_to(other)
    with closing(Manifest(folder)) as opened:
        assert opened.run("a.csv", "") == (begun if text is None else Run("a.csv", ""))
        opened.note([DONE])
        assert not (folder / JOURNAL).samefile(other)
    assert other.read_bytes() == left
    assert runs_in(folder) == [DONE]
