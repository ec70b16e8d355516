"""Writing: whole files or none, and nothing of anybody else's lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver import Pool, generate
from solver.errors import OutputError
from solver.storage import results as writing
from solver.storage.manifest import JOURNAL, MANIFEST, Run, runs_in, write_runs
from solver.storage.results import Results, Written
from solver.version import CODE_VERSION
from solver.whole_files import writing as new_file
from solver.whole_files.writing import write_file
from tests.unit.small import Watched, agreeing, row

FILES = {"a.json": "A\n", "b.json": "B\n"}


def association(word: str) -> str:
    """The text of an association that differs from others by a word."""
    return json.dumps({"products": [], "word": word}, ensure_ascii=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(folder: Path) -> Any:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def inside(folder: Path) -> dict[str, str]:
    """The files of a folder but for the manifest, with what is in them: the word of an association."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    return {name: json.loads(text)["word"] if text.startswith("{") else text for name, text in texts.items()}


def runs(folder: Path) -> dict[tuple[str, str], list[str]]:
    """The manifest's runs, in its order: pool and what was asked of it, to the names of its files."""
    return {(run["pool"], run["asked"]): list(run["files"]) for run in manifest(folder)["runs"]}


def complete(folder: Path) -> list[bool]:
    return [run["complete"] for run in manifest(folder)["runs"]]


def write(
    folder: Path, files: dict[str, str] = FILES, *, pool: str = "pool.csv", asked: str = "", overwrite: bool = False
) -> Written:
    """Write associations, given by their words."""
    texts = {name: association(word) for name, word in files.items()}
    with Results(folder, asked=asked, overwrite=overwrite) as results:
        return results.write(texts, pool=pool)


def failing(at: str) -> Callable[[Path, bytes], None]:
    """What writes files until it comes to one of this name, and then finds the disk full."""
    replace = new_file.write_whole

    def write_or_fail(path: Path, text: bytes) -> None:
        if path.name == at:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        replace(path, text)

    return write_or_fail


def test_files_and_manifest_are_written_into_a_temporary(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "deeper"
    assert write(folder) == Written(folder, ("a.json", "b.json"), (), ())
    assert inside(folder) == FILES
    assert manifest(folder) == {
        "software": CODE_VERSION,
        "runs": [
            {
                "pool": "pool.csv",
                "asked": "",
                "complete": True,
                "files": {name: [digest(association(word))] for name, word in FILES.items()},
                "record": None,
                "folder": str(folder),
            }
        ],
    }


def test_a_run_is_incomplete_before_the_first_file_changes_and_complete_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = new_file.write_whole
    met = []

    def recorded(path: Path, text: bytes) -> None:
        met.append((path.name, [(run.complete, set(run.files)) for run in runs_in(tmp_path)]))
        replace(path, text)

    monkeypatch.setattr(writing, "write_whole", recorded)
    write(tmp_path)
    assert met == [(name, [(False, {"a.json", "b.json"})]) for name in ("a.json", "b.json")]
    assert [run.complete for run in runs_in(tmp_path)] == [True]
    assert not (tmp_path / JOURNAL).exists()


def test_a_second_run_replaces_its_files_and_removes_stale_ones(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert write(tmp_path, {"b.json": "B2", "c.json": "C"}) == Written(tmp_path, ("b.json", "c.json"), ("a.json",), ())
    assert inside(tmp_path) == {"b.json": "B2", "c.json": "C", "mine.txt": "mine"}
    assert runs(tmp_path) == {("pool.csv", ""): ["b.json", "c.json"]}


def test_a_file_that_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    write(tmp_path)
    for name in FILES:
        os.utime(tmp_path / name, (1, 1))
    write(tmp_path, {"a.json": "A\n", "b.json": "B2"})
    assert [(tmp_path / name).stat().st_mtime == 1 for name in FILES] == [True, False]
    assert complete(tmp_path) == [True]


def test_a_stale_file_that_was_changed_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.json").write_text("changed", encoding="utf-8")
    assert write(tmp_path, {"b.json": "B"}).kept == ("a.json",)
    assert inside(tmp_path) == {"a.json": "changed", "b.json": "B"}


def test_a_stale_file_may_be_gone(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.json").unlink()
    assert write(tmp_path, {"b.json": "B"}) == Written(tmp_path, ("b.json",), (), ())


# --- Several runs in one folder -----------------------------------------------------------------


def test_runs_on_other_pools_or_with_other_options_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A"})
    write(tmp_path, {"b.json": "B"}, pool="other.csv")
    assert write(tmp_path, {"c.json": "C"}, asked="-i o001") == Written(tmp_path, ("c.json",), (), ())
    assert inside(tmp_path) == {"a.json": "A", "b.json": "B", "c.json": "C"}
    assert runs(tmp_path) == {
        ("other.csv", ""): ["b.json"], ("pool.csv", ""): ["a.json"], ("pool.csv", "-i o001"): ["c.json"],
    }  # fmt: skip
    assert complete(tmp_path) == [True, True, True]


def test_a_run_removes_only_what_it_made_itself(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A", "b.json": "B"})
    write(tmp_path, {"c.json": "C"}, asked="-i o001")
    write(tmp_path, {"d.json": "D"}, pool="other.csv")
    assert write(tmp_path, {"b.json": "B"}).removed == ("a.json",)
    assert inside(tmp_path) == {"b.json": "B", "c.json": "C", "d.json": "D"}


def test_a_file_that_another_run_lists_too_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A", "b.json": "B"})
    write(tmp_path, {"a.json": "A"}, asked="-i o001")
    assert write(tmp_path, {"b.json": "B"}) == Written(tmp_path, ("b.json",), (), ())
    assert runs(tmp_path) == {("pool.csv", ""): ["b.json"], ("pool.csv", "-i o001"): ["a.json"]}
    assert write(tmp_path, {"c.json": "C"}, asked="-i o001").removed == ("a.json",)


def test_the_files_of_other_runs_are_not_gone_through_again_for_each_run(tmp_path: Path) -> None:
    """Not even where the run no longer makes one of its own."""
    looked_up = []
    for others in (2, 20):
        with Results(tmp_path / str(others)) as results:
            for number in range(others):
                results.write({Watched(f"{number}.json"): association("A")}, pool=f"{number}.csv")
            for files in ("ab", "a"):
                Watched.looked_up = 0
                results.write({Watched(f"{name}.json"): association(name) for name in files}, pool="pool.csv")
            looked_up.append(Watched.looked_up)
        assert "b.json" not in inside(tmp_path / str(others))
    assert looked_up[0] == looked_up[1]


def test_a_file_of_a_run_with_other_options_is_not_replaced_unless_it_is_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A", "b.json": "B"})
    write(tmp_path, {"a.json": "A"}, asked="-i o001")
    with pytest.raises(OutputError):
        write(tmp_path, {"a.json": "A2"}, asked="--merge")
    assert inside(tmp_path) == {"a.json": "A", "b.json": "B"}
    write(tmp_path, {"a.json": "A2"}, asked="--merge", overwrite=True)
    assert inside(tmp_path) == {"a.json": "A2", "b.json": "B"}


def test_a_file_of_another_pool_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A"})
    with pytest.raises(OutputError) as caught:
        write(tmp_path, {"a.json": "A2"}, pool="other.csv")
    assert str(caught.value) == in_the_way(tmp_path, "a.json")
    assert inside(tmp_path) == {"a.json": "A"}
    assert runs(tmp_path) == {("pool.csv", ""): ["a.json"]}
    write(tmp_path, {"a.json": "A2"}, pool="other.csv", overwrite=True)
    assert inside(tmp_path) == {"a.json": "A2"}


def test_the_same_bytes_of_another_pool_are_no_conflict(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "A"})
    write(tmp_path, {"a.json": "A"}, pool="other.csv")
    assert write(tmp_path, {"b.json": "B"}) == Written(tmp_path, ("b.json",), (), ())
    assert inside(tmp_path) == {"a.json": "A", "b.json": "B"}


def test_a_pool_is_written_without_going_through_the_runs_of_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools, few, asked = [f"p{number}.csv" for number in range(50)], 20, list[str]()

    def counted(run: Run) -> tuple[str, str]:
        asked.append(run.pool)
        return run.pool, run.asked

    monkeypatch.setattr(Run, "key", property(counted))
    with Results(tmp_path, pools=pools) as results:
        for pool in pools:
            results.write({f"{pool}_asn.json": "{}"}, pool=pool)
    assert len(asked) < few * len(pools)


def test_a_failed_run_leaves_the_records_of_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.json": "A"})
    with monkeypatch.context() as patched:
        patched.setattr(writing, "write_whole", failing("b.json"))
        with pytest.raises(OutputError):
            write(tmp_path, {"b.json": "B"}, asked="-i o001")
    assert complete(tmp_path) == [True, False]
    assert runs(tmp_path) == {("pool.csv", ""): ["a.json"], ("pool.csv", "-i o001"): ["b.json"]}
    assert write(tmp_path, {"c.json": "C"}, asked="-i o001") == Written(tmp_path, ("c.json",), (), ())
    assert complete(tmp_path) == [True, True]


def test_a_run_that_makes_nothing_is_listed_too(tmp_path: Path) -> None:
    write(tmp_path)
    assert write(tmp_path, {}).removed == ("a.json", "b.json")
    assert runs(tmp_path) == {("pool.csv", ""): []}
    assert inside(tmp_path) == {}


def in_the_way(folder: Path, names: str) -> str:
    return (
        f"{folder}: these files exist, but not as an earlier run of the same command wrote them: {names}; "
        "choose another folder with -p, or use --overwrite"
    )


def test_a_foreign_file_is_not_replaced_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        write(tmp_path)
    assert str(caught.value) == in_the_way(tmp_path, "b.json")
    assert isinstance(caught.value, OSError)
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]
    assert inside(tmp_path) == {"b.json": "mine"}


def test_a_file_that_was_changed_is_not_replaced_and_nothing_changes(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.json").write_text("changed", encoding="utf-8")
    before = manifest(tmp_path)
    with pytest.raises(OutputError) as caught:
        write(tmp_path, {"a.json": "A2", "b.json": "B2"})
    assert str(caught.value) == in_the_way(tmp_path, "a.json")
    assert inside(tmp_path) == {"a.json": "changed", "b.json": "B\n"}
    assert manifest(tmp_path) == before


def test_many_files_in_the_way_are_not_all_listed(tmp_path: Path) -> None:
    names = [f"{number:02d}.json" for number in range(12)]
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        write(tmp_path, dict.fromkeys(names, "x"))
    assert str(caught.value) == in_the_way(tmp_path, ", ".join(names[:10]) + f", … {len(names) - 10} more")


def test_on_request_everything_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("mine", encoding="utf-8")
    write(tmp_path, overwrite=True)
    assert inside(tmp_path) == FILES
    write(tmp_path, {"a.json": "A2"})
    assert inside(tmp_path) == {"a.json": "A2"}


def test_a_file_with_the_same_bytes_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(association("B\n"), encoding="utf-8")
    write(tmp_path)
    assert inside(tmp_path) == FILES


@pytest.mark.parametrize("kind", ["folder", "link", "dead link"])
def test_anything_but_a_plain_file_is_a_conflict(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    folder = tmp_path / "out"
    folder.mkdir()
    if kind == "folder":
        (folder / "a.json").mkdir()
    else:
        if kind == "link":
            target.write_text(association("A\n"), encoding="utf-8")
        (folder / "a.json").symlink_to(target)
    with pytest.raises(OutputError) as caught:
        write(folder)
    assert str(caught.value) == in_the_way(folder, "a.json")
    assert kind != "link" or target.read_text(encoding="utf-8") == association("A\n")


@pytest.mark.parametrize("at", ["a.json", "b.json"])
def test_after_a_failure_in_the_middle_the_manifest_is_incomplete_and_a_rerun_completes(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.json": "old", "stale.json": "S"})
    with monkeypatch.context() as patched:
        patched.setattr(writing, "write_whole", failing(at))
        with pytest.raises(OutputError) as caught:
            write(tmp_path)
    assert str(caught.value) == (
        f"cannot write {tmp_path / at}: No space left on device; choose another folder with -p; "
        f"what is in {tmp_path} is marked as incomplete"
    )
    assert complete(tmp_path) == [False]
    assert inside(tmp_path) == {"a.json": "old" if at == "a.json" else "A\n", "stale.json": "S"}
    assert write(tmp_path).removed == ("stale.json",)
    assert inside(tmp_path) == FILES
    assert complete(tmp_path) == [True]


@pytest.mark.parametrize(("owner", "what"), [(Path, "replace"), (new_file, "temporary")])
def test_a_failure_leaves_no_temporary_file(
    owner: object, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(owner, what, fail)
        with pytest.raises(OutputError) as caught:
            write(tmp_path)
    problem = f"cannot write {tmp_path}: Input/output error; choose another folder with -p"
    assert str(caught.value) == f"{problem}; what is in {tmp_path} is marked as incomplete"
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]
    assert [run.complete for run in runs_in(tmp_path)] == [False]
    write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", MANIFEST, "b.json"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.json", "/a.json", "../a.json", ".a.json"])
def test_names_with_folders_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "new", {"b.json": "B", name: "x"})
    assert str(caught.value) == f"{name!r} is not a file name for results; give a plain name without folders"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [MANIFEST, JOURNAL, MANIFEST.upper(), "all.jsonl.manifest.json"])
def test_reserved_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "new", {"b.json": "B", name: "x"})
    assert str(caught.value) == f"{tmp_path}/new/{name}: asnsolve reserves this name for itself; use another name"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nonsense", "Expecting value: line 1 column 1 (char 0)"),
        ("{}", "Object missing required field `runs`"),
        ("[]", "Expected `object`, got `array`"),
        ('{"runs": 1}', "Expected `array`, got `int` - at `$.runs`"),
        ('{"runs": [{}]}', "Object missing required field `pool` - at `$.runs[0]`"),
        ('{"runs": [{"pool": "p"}]}', "Object missing required field `asked` - at `$.runs[0]`"),
        ('{"runs": [{"pool": 1, "asked": ""}]}', "Expected `str`, got `int` - at `$.runs[0].pool`"),
        (
            '{"runs": [{"pool": "p", "asked": "", "complete": 1}]}',
            "Expected `bool`, got `int` - at `$.runs[0].complete`",
        ),
        (
            '{"runs": [{"pool": "p", "asked": "", "complete": true, "files": []}]}',
            "Expected `object`, got `array` - at `$.runs[0].files`",
        ),
        (
            '{"runs": [{"pool": "p", "asked": "", "complete": true, "files": {"a": 1}}]}',
            "Expected `array`, got `int` - at `$.runs[0].files[...]`",
        ),
        (
            '{"runs": [{"pool": "p", "asked": "", "complete": true, "files": {}, "record": {"rules": 1}}]}',
            "Expected `object`, got `int` - at `$.runs[0].record.rules`",
        ),
    ],
)
def test_a_file_that_is_not_a_manifest_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        write(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / MANIFEST} is not a manifest of results ({problem}); remove it or choose another folder"
    )
    assert inside(tmp_path) == {}


def test_a_run_is_incomplete_unless_its_manifest_says_that_it_completed(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"runs": [{"pool": "p", "asked": ""}]}', encoding="utf-8")
    assert runs_in(tmp_path) == [Run("p", "", complete=False)]


def test_a_manifest_cannot_make_a_run_remove_files_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    outside = tmp_path / "mine.txt"
    outside.write_text("mine", encoding="utf-8")
    listed = {"../mine.txt": [digest("mine")], str(outside): [digest("mine")]}
    (folder / MANIFEST).write_text(
        json.dumps({"runs": [{"pool": "pool.csv", "asked": "", "complete": True, "files": listed}]}), encoding="utf-8"
    )
    assert write(folder).removed == ()
    assert outside.read_text(encoding="utf-8") == "mine"


#: What a folder has beside the manifest that lists it.
THERE = {
    "notes.txt": "mine", "notes.json": '{"mine": 1}', "a_asn.json": association("A"), "pool.csv": "ASN_CANDIDATE|X\n",
}  # fmt: skip


def planted(folder: Path, place: Path) -> None:
    """A manifest that lists all that is in a folder, for a run in some place."""
    folder.mkdir()
    for name, text in THERE.items():
        (folder / name).write_text(text, encoding="utf-8")
    listed = {name: (digest(text),) for name, text in THERE.items()}
    write_runs(folder / MANIFEST, [Run("pool.csv", "", complete=True, files=listed, folder=str(place))])


@pytest.mark.parametrize(
    ("elsewhere", "overwrite", "removed"),
    [(True, False, ()), (False, False, ("a_asn.json", "pool.csv")), (True, True, ("a_asn.json", "pool.csv"))],
)
@pytest.mark.parametrize("pools", [(), ("pool.csv", "other.csv")])
def test_a_manifest_removes_only_results_and_only_where_it_was_written(
    tmp_path: Path, removed: tuple[str, ...], pools: tuple[str, ...], *, elsewhere: bool, overwrite: bool
) -> None:
    folder = tmp_path / "out"
    planted(folder, tmp_path / "there" if elsewhere else folder)
    with Results(folder, overwrite=overwrite, pools=pools) as results:
        written = results.write({"b.json": "B"}, pool="pool.csv")
        if pools:
            results.write({"c.json": "C"}, pool="other.csv")
    assert written.removed == removed
    assert {*THERE} - {*removed} == {*written.kept} <= {path.name for path in folder.iterdir()}
    write(folder, {"b.json": "B"})
    assert {*THERE} - {*removed} <= {path.name for path in folder.iterdir()}


def test_files_that_a_manifest_from_elsewhere_lists_are_not_replaced(tmp_path: Path) -> None:
    """As in a folder that was moved, where nobody knows whose they are."""
    write(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "moved")
    assert write(tmp_path / "moved").files == ("a.json", "b.json")
    write(tmp_path / "moved", {"a.json": "A2", "b.json": "B\n"})
    (tmp_path / "moved").rename(tmp_path / "again")
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "again")
    assert str(caught.value) == in_the_way(tmp_path / "again", "a.json")
    assert write(tmp_path / "again", {"a.json": "A"}, overwrite=True).removed == ("b.json",)


def test_runs_recorded_elsewhere_stay_as_they_are_listed(tmp_path: Path) -> None:
    write(tmp_path / "out", pool="other.csv")
    (tmp_path / "out").rename(tmp_path / "moved")
    before = runs_in(tmp_path / "moved")
    with Results(tmp_path / "moved", pools=["other.csv", "pool.csv"]) as results:
        results.write({"c.json": "C"}, pool="pool.csv")
    assert [run for run in runs_in(tmp_path / "moved") if run.pool == "other.csv"] == before


def test_a_message_calls_nothing_incomplete_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though a journal is there, or is noted that will be taken back."""
    (tmp_path / "out" / JOURNAL).mkdir(parents=True)
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "out")
    assert "incomplete" not in str(caught.value)
    write(tmp_path / "two", pool="other.csv")

    def fail(path: Path) -> str:
        raise OSError(errno.EIO, "Input/output error", str(path))

    with monkeypatch.context() as patched, Results(tmp_path / "two", pools=["pool.csv", "other.csv"]) as results:
        patched.setattr(writing, "digest_of", fail)
        with pytest.raises(OutputError) as caught:
            results.write({"a.json": "A2"}, pool="other.csv")
    problem = f"cannot write {tmp_path}/two/a.json: Input/output error; choose another folder with -p"
    assert str(caught.value) == problem
    assert complete(tmp_path / "two") == [True]


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "out")
    assert str(caught.value) == f"cannot write {tmp_path / 'out'}: File exists; choose another folder with -p"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match=r"^cannot write .*: Permission denied; choose another folder with -p$"):
            write(tmp_path)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path)
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_line_ends_and_characters_are_written_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "ü\n"})
    assert (tmp_path / "a.json").read_bytes() == b'{"products": [], "word": "\xc3\xbc\\n"}'


def test_a_single_file_is_written_or_refused(tmp_path: Path) -> None:
    write_file(tmp_path / "a.dot", "A")
    write_file(tmp_path / "a.dot", "B")
    assert inside(tmp_path) == {"a.dot": "B"}
    for path, reason in ((tmp_path / "no" / "a.dot", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(OutputError) as caught:
            write_file(path, "A")
        assert str(caught.value) == f"cannot write {path}: {reason}"
    assert inside(tmp_path) == {"a.dot": "B"}


def test_a_result_is_written_as_that_of_its_pool(tmp_path: Path) -> None:
    result = generate(Pool.from_rows([row("a")], name="mine.csv"), [agreeing()])
    result.write(tmp_path / "out")
    assert [(run.pool, run.complete) for run in runs_in(tmp_path / "out")] == [("mine.csv", True)]
