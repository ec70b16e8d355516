"""Which files are pools."""

from __future__ import annotations

from pathlib import Path, PurePath
from unittest.mock import patch

import pytest
from astropy.io import fits

from solver.batch.pool_files import find_inputs
from solver.errors import UsageError
from solver.storage.results import Results
from tests.unit.small import pool_of, row


def made(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    for name in names:
        (folder / name).touch()


def test_pools_in_a_folder_are_known_by_their_endings(tmp_path: Path) -> None:
    made(tmp_path, "b_pool.csv", "a.CSV", "c.ecsv", "d.csv.gz", "e.fits", "f.json", "g_asn.json", "h.txt", ".i.csv")
    made(tmp_path / "sub.csv", "x.csv")
    pools = find_inputs([tmp_path])
    assert [path.name for path in pools.pools] == ["a.CSV", "b_pool.csv", "c.ecsv", "d.csv.gz"]
    assert pools.passed_over == (
        f"{tmp_path}: skipped 4 files without the ending of a pool: e.fits, f.json, g_asn.json, … 1 more",
    )


def test_a_named_file_is_a_pool_whatever_its_name(tmp_path: Path) -> None:
    made(tmp_path, "pool.dat", "pool.csv")
    assert find_inputs([tmp_path / "pool.dat", tmp_path / "not there"]).pools == (
        tmp_path / "pool.dat",
        tmp_path / "not there",
    )


def test_exposures_and_tables_of_the_archive_are_not_pools(tmp_path: Path) -> None:
    fits.PrimaryHDU(header=fits.Header([("EXP_TYPE", "NRC_IMAGE")])).writeto(tmp_path / "a_rate.fits")
    (tmp_path / "search.csv").write_text("fileSetName,exp_type\n", encoding="utf-8")
    pools = find_inputs([tmp_path / "a_rate.fits", tmp_path / "search.csv"])
    assert pools.pools == ()
    assert [path.name for path in pools.exposures] == ["a_rate.fits", "search.csv"]


def test_fits_files_beside_pools_are_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "a_rate.fits", "pool.csv")
    assert (find_inputs([tmp_path]).pools, find_inputs([tmp_path]).exposures) == ((tmp_path / "pool.csv",), ())


def test_a_pool_of_the_archive_beside_exposures_adds_to_them(tmp_path: Path) -> None:
    made(tmp_path, "jw01234_20260102t030405_pool.csv")
    assert not find_inputs([tmp_path]).exposures
    made(tmp_path, "a_rate.fits")
    assert (find_inputs([tmp_path]).pools, find_inputs([tmp_path]).exposures) == ((), (tmp_path,))
    made(tmp_path, "jw01235_20260102t030405_pool.csv")
    assert not find_inputs([tmp_path]).exposures


def test_a_pool_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    made(tmp_path, "a.csv", "b.csv")
    (tmp_path / "link.csv").symlink_to("a.csv")
    assert find_inputs([tmp_path / "b.csv", tmp_path, tmp_path / "." / "a.csv"]).pools == (
        tmp_path / "b.csv",
        tmp_path / "a.csv",
    )


def test_files_that_an_earlier_run_wrote_are_not_pools(tmp_path: Path) -> None:
    made(tmp_path, "a.csv", "x.fits")
    with Results(tmp_path) as results:
        results.write({"orphaned.csv": "", "jw_asn.json": "{}"}, pool="a.csv")
    pools = find_inputs([tmp_path])
    assert [path.name for path in pools.pools] == ["a.csv"]
    assert pools.passed_over == (
        f"{tmp_path}: skipped 1 file without the ending of a pool: x.fits",
        f"{tmp_path}: skipped 1 file that an earlier run wrote: orphaned.csv",
    )


def test_a_file_is_not_compared_with_every_pool(tmp_path: Path) -> None:
    made(tmp_path, *(f"{number}{ending}" for number in range(50) for ending in (".csv", ".txt")))
    with patch.object(PurePath, "__eq__", autospec=True, side_effect=PurePath.__eq__) as compared:
        find_inputs([tmp_path])
    assert compared.call_count < 2 * 100


def test_a_folder_without_pools_and_exposures_is_refused(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    with pytest.raises(UsageError) as error:
        find_inputs([tmp_path])
    assert str(error.value) == (
        f"{tmp_path}: no pools (.csv, .ecsv, .csv.gz, .ecsv.gz) and no FITS files in this folder"
    )


def test_fits_files_in_a_folder_without_pools_are_exposures(tmp_path: Path) -> None:
    made(tmp_path, "a.fits")
    assert (find_inputs([tmp_path]).pools, find_inputs([tmp_path]).exposures) == ((), (tmp_path,))


def test_a_named_fits_table_is_a_pool(tmp_path: Path) -> None:
    table = pool_of(row("a")).to_table()
    table.meta.clear()
    table.write(tmp_path / "pool.fits")
    assert find_inputs([tmp_path / "pool.fits"]).pools == (tmp_path / "pool.fits",)
