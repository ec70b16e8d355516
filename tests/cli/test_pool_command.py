"""The command `asnsolve pool`, and `asnsolve generate` on exposures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of, write
from solver import Pool
from solver.app.cli import main

ROWS = rows_of("mrs")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the current one, with two observations of spectra, the second a background."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "data", ROWS, ("uncal", "rate"))
    return tmp_path / "data"


def test_a_pool_is_written_and_assumptions_are_reported(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "jw01001-o001_t001_miri_ch1_s3d.fits").touch()
    assert main(["pool", "data", "-o", "pool.csv"]) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert lines[0] == "18 exposures from 36 files (18 uncal, 18 rate); skipped: 1 Level 3 product"
    assert lines[1:] == [
        "9 assumptions were made about values that are not in the headers; list them with -v", "",
        f"written to {data.parent}/pool.csv",
    ]  # fmt: skip
    assert output.err == ""
    assert main(["pool", "data", "-o", "pool.csv", "-v"]) == 0
    table = capsys.readouterr().out.partition("Not in the headers")[2].splitlines()
    assert [line.split()[0] for line in table[1:-2]] == [
        "ASN_CANDIDATE", "TARGETID", "PNTGTYPE", "EXPSPCIN", "MOSTILNO", "DITHPTIN", "EXPOSERR", "DMS_NOTE",
        "DITHERID,",
    ]  # fmt: skip
    pool = Pool.read("pool.csv")
    assert pool.file_names == Pool.from_rows(ROWS).file_names
    assert {pool["asn_candidate"][row] for row in range(len(pool))} == {
        "[('o001', 'observation')]", "[('o002', 'observation')]",
    }  # fmt: skip


def test_a_pool_with_other_exposures_is_not_replaced(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", "data", "-o", "pool.csv"]) == 0
    before = Path("pool.csv").read_bytes()
    for path in data.glob("*_02101_00001_*"):
        path.unlink()
    fewer = ["pool", "data", "-o", "pool.csv"]
    assert main(fewer) == 2
    first = min(Pool.read("pool.csv").file_names)
    problem = f"pool.csv has 2 exposures that the new pool lacks, or lists in fewer candidates: {first}, "
    assert f"error: {problem}" in capsys.readouterr().err
    assert Path("pool.csv").read_bytes() == before
    assert main([*fewer, "--overwrite"]) == 0
    assert main(["pool", "data", "-o", "pool.csv"]) == 0


def test_candidates_that_somebody_added_are_not_lost(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    assert main(["pool", "data", "-o", "pool.csv", "--candidate", "c1000=background:*"]) == 0
    before = Path("pool.csv").read_bytes()
    assert main(["pool", "data", "-o", "pool.csv"]) == 2
    problem = "pool.csv has 18 exposures that the new pool lacks, or lists in fewer candidates: "
    assert problem in capsys.readouterr().err
    assert Path("pool.csv").read_bytes() == before
    assert main(["pool", "data", "-o", "pool.csv", "--candidate", "c1000=background:*"]) == 0


def test_a_pool_that_cannot_be_read_is_not_replaced(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    Path("pool.csv").write_text("filename|asn_candidate\na|b\n", encoding="utf-8")
    assert main(["pool", "data", "-o", "pool.csv"]) == 2
    problem = (
        "pool.csv: required columns are missing: PROGRAM, INSTRUME, EXP_TYPE; to replace this file, use --overwrite"
    )
    assert capsys.readouterr().err == f"asnsolve pool: error: {problem}\n"
    assert main(["pool", "data", "-o", "pool.csv", "--overwrite"]) == 0


def test_files_that_cannot_be_used_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "broken_rate.fits").write_text("no FITS file")
    assert main(["pool", "data", "-o", "pool.csv"]) == 1
    output = capsys.readouterr()
    assert output.err == "asnsolve pool: skipped: data/broken_rate.fits is not a FITS file\n"
    assert output.out.startswith("18 exposures from 36 files (18 uncal, 18 rate); skipped: 1 unusable file\n")
    assert main(["generate", "data", "--dry-run"]) == 1
    assert capsys.readouterr().err == "asnsolve generate: skipped: data/broken_rate.fits is not a FITS file\n"


#: options of `asn_make_pool`, and what all exposures have
OPTIONS = [
    (["--asn-candidate", "[('c1000', 'GROUP')]"], "asn_candidate", "('c1000', 'group')"),
    (["--dms-note", "WFSC_LOS_JITTER"], "dms_note", "wfsc_los_jitter"),
    (["--is-imprt", "t"], "is_imprt", "t"),
    (["--pntgtype", "TARGET_ACQUISITION"], "pntgtype", "target_acquisition"),
]


@pytest.mark.parametrize(("options", "column", "value"), OPTIONS, ids=[each[1] for each in OPTIONS])
@pytest.mark.usefixtures("data")
def test_options_of_asn_make_pool(options: list[str], column: str, value: str) -> None:
    assert main(["pool", "data", "-o", "pool.csv", *options]) == 0
    pool = Pool.read("pool.csv")
    assert all(value in pool[column][row] for row in range(len(pool)))


#: what is added by hand, and the candidates of the second observation
BY_HAND = [
    (["--background", "o002"], "('o002', 'observation'), ('c1000', 'background')"),
    (["--psf", "jw01001-o002"], "('o002', 'observation'), ('c1000', 'coronagraphy')"),
    (["--candidate", "c1001=group:o001,o002"], "('o002', 'observation'), ('c1001', 'group')"),
    (["--candidate-file", "by_hand.toml"], "('o002', 'observation'), ('c1000', 'background'), ('c1002', 'mosaic')"),
    (["--imprint", "jw01001002001_02101*", "--imprint", "o001"], "('o002', 'observation')"),
]


@pytest.mark.parametrize(("options", "cell"), BY_HAND, ids=[" ".join(each[0]) for each in BY_HAND])
def test_candidates_by_hand(options: list[str], cell: str, data: Path) -> None:
    (data.parent / "by_hand.toml").write_text('background = ["o002"]\n[candidate]\nc1002 = "mosaic:o001,o002"\n')
    assert main(["pool", "data", "-o", "pool.csv", *options]) == 0
    pool = Pool.read("pool.csv")
    last = len(pool) - 1
    assert pool["asn_candidate"][last] == f"[{cell}]"
