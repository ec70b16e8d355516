"""Archives: whole or not at all, nothing of anybody else's lost, and read by others, too."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solver import guards, load
from solver.associations.association import DEGRADED, NOT_DEGRADED, Association, Member, Product
from solver.associations.schema import WORDS
from solver.errors import ArchiveError, OutputError
from solver.progress import Reporter
from solver.storage import archive
from solver.storage.archive import ENDINGS, Archive, is_archive, kind_of
from solver.storage.loading import load_named
from solver.storage.manifest import Run, manifest_of, record_of
from solver.storage.record import Record
from solver.whole_files.writing import locked
from tests.unit.small import cases

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ONE = Association(
    asn_type="image3",
    asn_rule="Asn_Lv3Image",
    version_id=None,
    code_version="asnsolve 0.1.0",
    degraded_status=NOT_DEGRADED,
    program="00001",
    constraints="program = 1; target = 1",
    asn_id="o001",
    target="t001",
    asn_pool="pool.csv",
    products=(
        Product(
            "jw00001-o001_t001_miri_f770w",
            (
                Member("a_cal.fits", "science", None, "[('o001', 'observation')]"),
                Member("b_cal.fits", "science", "guide star lost", "[('o001', 'observation')]"),
            ),
        ),
    ),
)
#: Two products, no candidates, a version, and texts that need care.
TWO = replace(
    ONE,
    asn_type="image2",
    asn_rule="Asn_Lv2Image",
    version_id="v1",
    degraded_status=DEGRADED,
    constraints='target = "é\u2028\\\t東"',
    target="",
    sequence=12345,
    products=(
        Product("jw00001_b", (Member("b_rate.fits", "science"), Member("a_rate.fits", "background", "bad"))),
        Product("jw00001_a", (Member("a_rate.fits", "science"),)),
    ),
)
MADE = (ONE, TWO, replace(ONE, program="00002", sequence=2))


def put(path: Path, *pieces: Sequence[Association], overwrite: bool = False, runs: Sequence[Run] = ()) -> Path:
    with Archive(path, overwrite=overwrite) as archive:
        for piece in pieces:
            archive.add(piece)
        archive.put(runs)
    return path


def test_an_archive_with_the_same_bytes_is_left_alone_and_its_manifest_is_that_of_the_last_run(path: Path) -> None:
    run, manifest = Run("pool.csv", "", complete=True, record=Record()), manifest_of(path)
    put(path, MADE, runs=[run])
    assert record_of(path) == run
    files = kind_of(path).files(path)
    for each in files:
        os.utime(each, (1, 1))
    put(path, MADE, runs=[replace(run, asked="--level 3")])
    assert {each.stat().st_mtime for each in files} == {1}
    assert [str(record_of(path))] == ["pool.csv --level 3"]
    put(path, MADE[:1])
    assert 1 not in {each.stat().st_mtime for each in files}
    assert not manifest.exists()
    assert record_of(path) is None


@pytest.mark.parametrize("ending", ENDINGS)
def test_putting_an_archive_tells_what_only_the_former_and_only_this_one_has(tmp_path: Path, ending: str) -> None:
    path, run, (one, two, three) = tmp_path / f"a{ending}", Run("pool.csv", "", complete=True, record=Record()), MADE

    def differences(made: Sequence[Association], run: Run) -> object:
        with Archive(path, overwrite=True) as archive:
            archive.add(made)
            return archive.put([run])

    assert differences([one, two], run) is None
    assert differences([one, two], run) == ([], [])
    assert differences([two, three], run) == ([one], [three])
    assert differences([one], replace(run, asked="--level 3")) is None
    for each in kind_of(path).files(path):
        each.write_bytes(each.read_bytes()[:-9])
    assert differences([one, two], replace(run, asked="--level 3")) is None


def test_a_manifest_that_is_not_valid_is_replaced_on_request_only(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", MADE)
    manifest_of(path).write_text("mine")
    with pytest.raises(OutputError):
        put(path, MADE)
    put(path, MADE, overwrite=True)
    assert not manifest_of(path).exists()


def test_one_process_at_a_time_puts_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Mock(wraps=locked)
    monkeypatch.setattr(archive, "locked", held)
    put(tmp_path / "a.jsonl", MADE)
    held.assert_called_once_with(tmp_path, "a.jsonl")


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst"])
def test_the_bound_of_what_is_unpacked_is_that_of_the_ending(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / f"a{ending}", [replace(ONE, sequence=number) for number in range(100)])
    monkeypatch.setattr(guards, "_LEAST", 0)
    assert len(load(path)) == 100


def test_the_last_ending_decides(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl.old.jsonl.gz", MADE)
    assert load(path) == MADE
    assert gzip.decompress(path.read_bytes()).count(b"\n") == len(MADE)


@pytest.fixture(params=ENDINGS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"all{request.param}"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


# --- There and back -----------------------------------------------------------------------------


def test_what_is_read_is_what_was_written(path: Path) -> None:
    put(path, MADE[:2], (), MADE[2:])
    assert [each.to_json() for each in load(path)] == [each.to_json() for each in MADE]
    assert load(path) == MADE
    named = list(load_named(path))
    assert [(file.parent, file.name) for file, _ in named] == [(path, each.file_name) for each in MADE]


def test_an_archive_of_nothing_is_an_archive(path: Path) -> None:
    assert load(put(path)) == load(put(path, (), ())) == ()


def test_the_same_pieces_are_the_same_bytes_wherever_they_were_made(path: Path) -> None:
    put(path, MADE[:2], MADE[2:])
    first = contents(path.parent)
    kind = kind_of(path)
    with Archive(path) as archive:
        for piece in [kind.piece(part, Reporter()) for part in (MADE[2:], MADE[:2])][::-1]:
            archive.append(piece)
        archive.put()
    assert contents(path.parent) == first


def lines(path: Path) -> list[bytes]:
    content = path.read_bytes()
    if path.name.endswith(".gz"):
        content = gzip.decompress(content)
    elif path.name.endswith(".zst"):
        content = zstd.decompress(content)
    return content.splitlines(keepends=True)


@pytest.mark.parametrize("ending", [each for each in ENDINGS if "json" in each])
def test_a_line_is_the_file_and_its_name(ending: str, tmp_path: Path) -> None:
    found = lines(put(tmp_path / f"all{ending}", MADE[:1], MADE[1:]))
    assert [json.loads(line) for line in found] == [{"asn_file": each.file_name, **each.to_dict()} for each in MADE]
    for line, each in zip(found, MADE, strict=True):
        data = json.loads(line)
        assert data.pop("asn_file") == each.file_name
        assert json.dumps(data, indent=4, ensure_ascii=False) + "\n" == each.to_json()
        assert line.endswith(b"}\n")


def test_the_tables_have_a_row_for_each_association_and_member(tmp_path: Path) -> None:
    put(tmp_path / "all.parquet", MADE)
    associations = pq.read_table(tmp_path / "all.parquet").to_pylist()
    members = pq.read_table(tmp_path / "all.members.parquet").to_pylist()
    assert tuple(associations[0]) == ("asn_file", *WORDS, "members")
    columns = ("program", "asn_file", "product", "expname", "exptype", "exposerr", "asn_candidate", "asn_pool")
    assert tuple(members[0]) == columns
    assert [each["members"] for each in associations] == [2, 3, 2]
    assert {**associations[1], "constraints": None} == {
        "asn_file": TWO.file_name, "asn_type": "image2", "asn_rule": "Asn_Lv2Image", "version_id": "v1",
        "code_version": "asnsolve 0.1.0", "degraded_status": DEGRADED, "program": "00001", "constraints": None,
        "asn_id": "o001", "target": "", "asn_pool": "pool.csv", "members": 3,
    }  # fmt: skip
    assert members[3] == {
        "program": "00001", "asn_file": TWO.file_name, "product": "jw00001_b", "expname": "a_rate.fits",
        "exptype": "background", "exposerr": "bad", "asn_candidate": None, "asn_pool": "pool.csv",
    }  # fmt: skip
    assert [each["product"] for each in members[2:5]] == ["jw00001_b", "jw00001_b", "jw00001_a"]


def test_each_piece_is_a_row_group(tmp_path: Path) -> None:
    put(tmp_path / "all.parquet", MADE[:2], (), MADE[2:])
    for name in ("all.parquet", "all.members.parquet"):
        assert pq.ParquetFile(tmp_path / name).num_row_groups == 2


def test_keys_that_a_file_had_stay_in_lines_and_are_refused_by_tables(tmp_path: Path) -> None:
    member = Member("a.fits", "science", extra={"more": [1]})
    odd = replace(ONE, extra={"mine": {"x": 1.5}}, products=(Product("p", (member,), extra={"also": None}),))
    assert load(put(tmp_path / "all.jsonl", [odd]))[0].to_json() == odd.to_json()
    with pytest.raises(ArchiveError, match="has keys that are not columns: also, mine, more; write an archive of JSON"):
        put(tmp_path / "all.parquet", [odd])
    for products in ((), (Product("p", ()),), (*ONE.products, *ONE.products)):
        strange = replace(ONE, products=products)
        assert load(put(tmp_path / "all.jsonl", [strange])) == (strange,)
        with pytest.raises(ArchiveError) as error:
            put(tmp_path / "all.parquet", [strange])
        assert str(error.value) == (
            f"{strange.file_name} has no members, or products of one name, which are not rows; "
            "write an archive of JSON lines"
        )
    assert [each.name for each in tmp_path.iterdir()] == ["all.jsonl"]


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("all.json", "all.json is not an archive; its name must end with .jsonl, .jsonl.gz, .jsonl.zst, .parquet"),
        ("jsonl", "jsonl is not an archive; its name must end with .jsonl, .jsonl.gz, .jsonl.zst, .parquet"),
        ("all.members.parquet", "all.members.parquet is the table of members; name the other file, without '.members'"),
    ],
)
def test_the_ending_of_its_name_decides_what_an_archive_is(name: str, message: str) -> None:
    with pytest.raises(ArchiveError) as error:
        kind_of(Path(name))
    assert str(error.value) == message


def test_endings_are_known_in_any_case(tmp_path: Path) -> None:
    assert is_archive(Path("ALL.JSONL.GZ"))
    assert not is_archive(Path("all.json"))
    for name in ("A.Jsonl.Zst", "B.PARQUET"):
        assert load(put(tmp_path / name, MADE)) == MADE


# --- Whole or not at all ------------------------------------------------------------------------


def test_an_archive_that_is_not_finished_leaves_no_trace(path: Path) -> None:
    with Archive(path) as archive:
        archive.add(MADE)
    assert list(path.parent.iterdir()) == []


def test_the_old_archive_stays_until_the_new_one_is_finished(path: Path) -> None:
    put(path, MADE)
    before = contents(path.parent)
    archive = Archive(path)
    archive.add(MADE[:1])
    assert all((path.parent / name).read_bytes() == content for name, content in before.items())
    archive.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert contents(path.parent) == before
    put(path, MADE[:1])
    assert load(path) == MADE[:1]
    assert contents(path.parent).keys() == before.keys()


def test_a_folder_is_made(path: Path) -> None:
    assert load(put(path.parent / "new" / "er" / path.name, MADE)) == MADE


@pytest.mark.parametrize("content", [b"mine\n", b'{"a": 1}\n', b"\x1f\x8b broken", b"[]\n", b"\x00" * 9])
def test_someone_elses_file_is_replaced_only_on_request(content: bytes, path: Path) -> None:
    for place in kind_of(path).files(path):
        place.write_bytes(content)
        with pytest.raises(ArchiveError) as error:
            put(path, MADE)
        assert str(error.value) == f"{place} exists and is not an archive; choose another name, or use --overwrite"
        assert contents(path.parent) == {place.name: content}
        put(path, MADE, overwrite=True)
        assert load(path) == MADE
        for each in path.parent.iterdir():
            each.unlink()


def test_other_tables_and_packed_texts_are_not_archives(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "all.parquet")
    (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress(b"hello\n"))
    (tmp_path / "all.jsonl.zst").write_bytes(zstd.compress(b"hello\n"))
    for each in sorted(tmp_path.iterdir()):
        with pytest.raises(ArchiveError, match="is not an archive; choose another name"):
            put(each, MADE)


def test_an_empty_file_and_a_broken_archive_may_be_replaced(path: Path) -> None:
    for place in kind_of(path).files(path):
        place.touch()
    put(path, MADE)
    if not path.name.endswith(".parquet"):  # without its end a table cannot be distinguished from other files
        path.write_bytes(path.read_bytes()[:-4])
        put(path, MADE)
    assert load(path) == MADE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_in_the_way_is_not_replaced(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(ArchiveError, match="exists and is not a file; choose another name"):
        put(path, MADE, overwrite=True)
    assert path.is_fifo()


def test_a_file_where_the_folder_should_be_is_reported(path: Path) -> None:
    path.touch()
    with pytest.raises(ArchiveError) as error:
        put(path / path.name, MADE)
    assert str(error.value) in {
        f"{path / path.name} cannot be written: {reason}" for reason in ("Not a directory", "File exists")
    }


def test_a_link_or_a_folder_in_the_way_is_not_replaced(path: Path) -> None:
    (path.parent / "elsewhere").write_bytes(b"")
    path.symlink_to("elsewhere")
    with pytest.raises(ArchiveError, match="exists and is not an archive"):
        put(path, MADE)
    path.unlink()
    path.mkdir()
    with pytest.raises(ArchiveError, match="exists and is not a file; choose another name"):
        put(path, MADE, overwrite=True)
    assert path.is_dir()


def test_a_file_that_appears_meanwhile_stays(path: Path) -> None:
    with Archive(path) as archive:
        archive.add(MADE)
        path.write_bytes(b"mine")
        with pytest.raises(ArchiveError, match="exists and is not a"):
            archive.put()
    assert contents(path.parent) == {path.name: b"mine"}


def test_a_full_disk_is_an_error_that_names_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device", handle)

    put(path, MADE)
    before = contents(path.parent)
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ArchiveError) as error:
        put(path, MADE[:1])
    assert str(error.value) == f"{path} cannot be written: No space left on device"
    assert contents(path.parent) == before


def test_if_one_file_of_an_archive_cannot_be_written_none_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = kind_of(path).files(path)[-1]

    opened = Path.open

    def fail(place: Path, mode: str) -> Any:
        if place.name == last.name:
            raise OSError(28, "No space left on device")
        return opened(place, mode)

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(ArchiveError) as error:
        put(path, MADE)
    assert str(error.value) == f"{path} cannot be written: No space left on device"
    assert list(path.parent.iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_old_archive(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    put(path, MADE)
    before = contents(path.parent)
    monkeypatch.setattr(type(kind_of(path)), "writers", lambda _, streams: [Mock(write=fail) for _ in streams])
    with pytest.raises(ArchiveError) as error:
        put(path, MADE[:1])
    assert str(error.value) == f"{path} cannot be written: No space left on device"
    assert contents(path.parent) == before


def test_a_disk_that_fills_up_once_more_hides_no_earlier_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = pq.ParquetWriter.close

    def fail(writer: pq.ParquetWriter) -> None:
        close(writer)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "close", fail)
    with pytest.raises(KeyError, match="earlier"), Archive(tmp_path / "all.parquet"):
        raise KeyError("earlier")
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_cannot_even_be_closed_leaves_no_trace(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(kind: Any, streams: Sequence[Any]) -> list[Mock]:
        return [Mock(wraps=writer, close=partial(fail, writer)) for writer in writers(kind, streams)]

    def fail(writer: Any) -> None:
        writer.close()
        raise OSError(28, "No space left on device")

    writers = type(kind_of(path)).writers
    monkeypatch.setattr(type(kind_of(path)), "writers", failing)
    with Archive(path) as archive:
        archive.add(MADE)
    assert list(path.parent.iterdir()) == []


# --- Damage -------------------------------------------------------------------------------------


def test_an_archive_that_is_cut_off_is_refused(path: Path) -> None:
    put(path, MADE[:1], MADE[1:])
    for place in kind_of(path).files(path):
        whole = place.read_bytes()
        # lines that are not compressed are whole wherever a line ends
        cuts = [cut for cut in range(1, len(whole) - 1) if whole[cut - 1 : cut] != b"\n" or path.suffix != ".jsonl"]
        for cut in cuts[:: max(1, len(cuts) // 200)] + cuts[-3:]:
            place.write_bytes(whole[:cut])
            with pytest.raises(ArchiveError) as error:
                load(path)
            assert str(error.value).startswith(f"{place} cannot be read: " if ".parquet" in place.name else str(place))
        place.write_bytes(whole)


@pytest.mark.parametrize("ending", [each for each in ENDINGS if each != ".jsonl"])
def test_a_changed_byte_is_reported_by_name_or_changes_nothing(ending: str, tmp_path: Path) -> None:
    path = put(tmp_path / f"all{ending}", MADE[:1], MADE[1:])
    refusals = []
    for place in kind_of(path).files(path):
        whole = place.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 400)):
            place.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
            try:
                found = load(path)
            except ArchiveError as error:
                refusals.append(str(error))
            else:
                assert found == MADE, at
        place.write_bytes(whole)
    assert {each for each in refusals if not each.startswith(f"{tmp_path}/all")} == set()
    assert {each for each in refusals if " cannot be " in each and " cannot be read: " not in each} == set()


def test_the_table_of_members_is_not_an_archive(tmp_path: Path) -> None:
    put(tmp_path / "all.parquet", MADE)
    shutil.copy(tmp_path / "all.members.parquet", tmp_path / "other.parquet")
    with pytest.raises(ArchiveError, match=r"other\.parquet is not an archive that asnsolve made"):
        load(tmp_path / "other.parquet")


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst"])
def test_packed_lines_that_end_between_two_pieces_are_cut_off(ending: str, tmp_path: Path) -> None:
    path = put(tmp_path / f"all{ending}", MADE[:1], MADE[1:])
    first = kind_of(path).piece(MADE[:1], Reporter())
    assert isinstance(first, bytes)
    assert path.read_bytes().startswith(first)
    path.write_bytes(first)
    with pytest.raises(ArchiveError) as error:
        load(path)
    assert str(error.value) == f"{path} is cut off, or was not packed by asnsolve; make it again, or unpack it"


@pytest.mark.parametrize(("line", "problem"), cases(__file__)["lines"].items())
def test_a_wrong_line_is_reported_with_its_number(line: str, problem: str, tmp_path: Path) -> None:
    path = put(tmp_path / "all.jsonl", MADE)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(ArchiveError) as error:
        load(path)
    assert str(error.value) == f"{path}, line 4, is not an association of an archive: {problem}"


def test_a_line_with_values_nested_too_deep_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "all.jsonl", MADE)
    deep = '{"asn_file": "a_asn.json", "products": [], "more": ' + "[" * 60 + "]" * 60 + "}\n"
    path.write_text(path.read_text(encoding="utf-8") + deep, encoding="utf-8")
    with pytest.raises(ArchiveError, match="line 4, is not an association of an archive: values are nested more than"):
        load(path)


def test_tables_of_different_runs_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "one.parquet", MADE)
    put(tmp_path / "two.parquet", MADE[:1])
    shutil.copy(tmp_path / "two.members.parquet", tmp_path / "one.members.parquet")
    with pytest.raises(ArchiveError) as error:
        load(tmp_path / "one.parquet")
    assert str(error.value) == (
        f"{tmp_path / 'one.parquet'} and one.members.parquet are of different runs; make both again"
    )
    (tmp_path / "one.members.parquet").unlink()
    with pytest.raises(ArchiveError, match=r"one.members.parquet cannot be read: No such file or directory"):
        load(tmp_path / "one.parquet")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([1, 2], "{1} does not have the members that it should have"),
        ([0, 2, 1], "{2} does not have the members that it should have"),
        ([0, 1, 2, 2], "{2} does not have the members that it should have"),
        ([0, 1], "it lacks {2}, which has members"),
        ([], "it lacks {0}, which has members"),
    ],
)
def test_associations_have_their_members_and_no_others(rows: list[int], problem: str, tmp_path: Path) -> None:
    path = put(tmp_path / "all.parquet", MADE)
    with pq.ParquetFile(path) as file:
        table = file.read().replace_schema_metadata(file.metadata.metadata)
    pq.write_table(table.take(pa.array(rows, pa.int64())), path)
    with pytest.raises(ArchiveError) as error:
        load(path)
    assert str(error.value) == f"{path} is damaged: " + problem.format(*(each.file_name for each in MADE))


def test_a_file_that_is_not_an_archive_is_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "all.parquet")
    with pytest.raises(ArchiveError, match=r"all.parquet is not an archive that asnsolve made"):
        load(tmp_path / "all.parquet")
    for ending in (".jsonl.gz", ".jsonl.zst"):
        (tmp_path / f"all{ending}").write_bytes(b"hello")
        with pytest.raises(ArchiveError, match="is cut off, or was not packed by asnsolve"):
            load(tmp_path / f"all{ending}")
