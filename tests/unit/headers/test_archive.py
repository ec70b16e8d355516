"""Candidates and targets from the archive's own files beside exposures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

import pytest

from benchmarks.simulated_files import Row, header_of, rows_of, write
from solver import Association, Pool, check, generate
from solver.headers import shutters_file
from solver.headers.derivation import target_ids
from solver.headers.ingestion import ingest
from solver.pools import parse_cell
from solver.version import CODE_VERSION

#: Spectra of target 1 (o001) and their background (o002), which candidate c1000 links.
ROWS = rows_of("mrs")
TRUE = Pool.from_rows(ROWS)
MADE = generate(TRUE).associations
POOL = "jw01001_20260102t030405_pool.csv"


def archived(folder: Path, made: Iterable[Association], time: str = "20260102t030405", code: str = "1.17.1") -> None:
    """Write associations as the archive names them."""
    for each in made:
        name = each.file_name.replace(f"-{each.asn_id}_", f"-{each.asn_id}_{time}_")
        (folder / name).write_text(each.to_json().replace(each.code_version, code), encoding="utf-8")


def with_keywords(folder: Path, rows: Iterable[Row], **keywords: str) -> list[Path]:
    """Exposures whose headers have further keywords."""
    paths = write(folder, rows, ["cal"])
    for row, path in zip(rows, paths, strict=True):
        header = header_of(row, "cal")
        header.update(keywords)
        path.write_bytes(header.tostring().encode("ascii"))
    return paths


def cells_of(pool: Pool) -> dict[str, tuple[tuple[str, str], ...]]:
    """The candidates of each exposure."""
    return dict(zip(pool.file_names, map(parse_cell, pool["asn_candidate"]), strict=True))


#: Which associations are there, and whether candidate c1000 is known then.
LEVELS = {
    "Level 3": (MADE.select(type="spec3"), True),
    "Level 2": (MADE.select(type="spec2"), True),
    "observations": (MADE.select(candidate="o001"), False),
}


@pytest.mark.parametrize("level", LEVELS)
def test_associations_of_the_archive_give_candidates(level: str, tmp_path: Path) -> None:
    made, known = LEVELS[level]
    archived(tmp_path, made)
    spectra = [row for row in ROWS if row["exp_type"] == "MIR_MRS"]
    found = ingest(write(tmp_path, spectra, ["cal"]))
    names = {row["filename"] for row in spectra}
    expected = {name: cell for name, cell in cells_of(TRUE).items() if name in names}
    observations = {name: tuple(pair for pair in cell if pair[0] != "c1000") for name, cell in expected.items()}
    assert cells_of(found.pool) == (expected if known else observations)
    assert not check(found.pool, generate(found.pool).associations).errors


def test_the_newest_version_counts(tmp_path: Path) -> None:
    archived(tmp_path, MADE.select(candidate="c1000", type="spec3"), "20250102t030405")
    archived(tmp_path, MADE.select(candidate="c1000", type="spec3")[:1], "20260102t030405")
    (remark,) = ingest(write(tmp_path, ROWS, ["cal"])).remarks
    assert remark == "candidates and targets are those of jw01001-c1000_20260102t030405_spec3_00001_asn.json"


@pytest.mark.parametrize("code", ["asnsolve 0.1.0", CODE_VERSION])
def test_own_associations_of_any_version_are_no_knowledge(code: str, tmp_path: Path) -> None:
    archived(tmp_path, MADE, code=code)
    assert ingest(write(tmp_path, ROWS, ["cal"])).remarks == ()


def test_associations_that_cannot_be_read_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "jw01001-c1000_20260102t030405_spec3_00001_asn.json"
    cell = MADE.select(candidate="c1000", type="spec3")[0].to_json().replace("[('", "('").replace("asnsolve", "x")
    for text in ("", "{}", '{"asn_type": "a", "asn_rule": "b", "products": [{"name": "c", "members": 1}]}', cell):
        path.write_text(text)
        assert [each.source for each in ingest(write(tmp_path, ROWS, ["cal"])).skipped] == [str(path)]


def test_a_folder_is_listed_once_and_of_files_of_one_name_that_of_the_last_place_counts(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
        (folder / "jw01001-c1000_20260102t030405_spec3_00001_asn.json").touch()
    some, others = (write(folder, ROWS, ["cal"]) for folder in folders)
    with patch.object(Path, "iterdir", autospec=True, side_effect=Path.iterdir) as listed:
        (skipped,) = ingest([*some[1:], *others, some[0]]).skipped
    assert Path(skipped.source).parent == folders[0]
    assert listed.call_count == len(folders)


def test_the_pool_of_the_archive_gives_everything(tmp_path: Path) -> None:
    known = [row | {"targetid": "7", "expspcin": "9", "dms_note": "WFSC_LOS_JITTER"} for row in ROWS]
    (tmp_path / POOL).write_text(Pool.from_rows(known).to_text(), encoding="utf-8")
    paths = with_keywords(tmp_path, ROWS, ASNPOOL=POOL)
    found = ingest(paths)
    assert cells_of(found.pool) == cells_of(TRUE)
    assert {*found.pool["targetid"]} == {"7"}
    assert {*found.pool["expspcin"]} == {"9"}
    assert {*found.pool["dms_note"]} == {"wfsc_los_jitter"}
    assert found.remarks == (f"candidates and targets are those of {POOL}",)
    stated = ingest(paths, {"set": "targetid=3:o001"})
    assert {*stated.pool["targetid"]} == {"3", "7"}
    (tmp_path / POOL).write_text("no pool")
    assert [each.source for each in ingest(paths).skipped] == [str(tmp_path / POOL)]
    assert ingest(with_keywords(tmp_path, ROWS, ASNPOOL="jw01001_20270102t030405_pool.csv")).remarks == ()


def test_a_link_that_is_not_known_here_is_named(tmp_path: Path) -> None:
    table = "jw01001-c1000_20260102t030405_spec2_00004_asn.json"
    science = [row for row in ROWS if row["exp_type"] == "MIR_MRS" and row["obs_num"] == "1"]
    paths = with_keywords(tmp_path, science, ASNTABLE=table)
    (remark,) = ingest(paths).remarks
    assert remark == (
        "the archive links jw01001-o001 with observations that the headers do not name (ASNTABLE); "
        "put jw01001-c1000_*_asn.json beside the files, or add --background WHICH:jw01001-o001"
    )
    assert ingest(paths, {"candidate": "c1000=background:o001"}).remarks == ()
    assert ingest(with_keywords(tmp_path, science, ASNTABLE=table.replace("c1000", "o001"))).remarks == ()


def test_targets_are_numbered_after_those_that_are_known() -> None:
    rows = [
        {"program": "1", "filename": str(number), "targprop": name, "targname": "", "prop_ra": "", "prop_dec": ""}
        for number, name in enumerate(("A", "B", "B", "C", "", ""))
    ]
    assert target_ids(rows, {"1": "4", "4": "9"}) == ["5", "4", "4", "6", "9", ""]
    assert target_ids(rows) == ["1", "2", "2", "3", "", ""]


def test_a_file_of_shutters_that_is_not_there_is_named(tmp_path: Path) -> None:
    rows = [row for row in rows_of("msa") if row["exp_type"] == "NRS_MSASPEC" and row["msametfl"] != "NULL"]
    paths = write(tmp_path, rows, ["rate"])
    names = {row["msametfl"] for row in rows}
    found = ingest(paths).remarks
    assert [each.split()[0] for each in found] == sorted(names)
    assert all("that need it (MSAMETFL); get it from the archive" in each for each in found)
    for name in names:
        (tmp_path / name).touch()
    assert ingest(paths).remarks == ()


@pytest.mark.parametrize("name", ["N/AO'Neill", "../jw1_msa.fits", "/", ".", "..", "x" * 300, "NUL"])
def test_what_is_no_file_name_names_no_file_of_shutters(name: str, tmp_path: Path) -> None:
    (row, *_) = [row for row in rows_of("msa") if row["exp_type"] == "NRS_MSASPEC" and row["msametfl"] != "NULL"]
    (path,) = write(tmp_path, [row | {"msametfl": name}], ["rate"])
    assert shutters_file(path) is None
    assert ingest([path]).remarks == ()
