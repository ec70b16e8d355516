"""From files to a pool."""

from __future__ import annotations

import gzip
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from astropy.io import fits

from benchmarks.simulated_files import Row, header_of, name_of, rows_of, write
from solver.errors import PoolError, UsageError
from solver.headers.file_search import has_exposures
from solver.headers.ingestion import ingest, passed_over
from solver.pools.pool import Pool
from solver.progress import Reporter

ROWS = rows_of("image_dithers")
PRODUCTS = ("uncal", "rate", "rateints", "cal", "calints")
NAMES = "name _uncal, _rate or _cal files, or a table of these from the archive"


def columns_of(pool: Pool) -> dict[str, list[str]]:
    return {name: [column[row] for row in range(len(pool))] for name, column in pool.columns.items()}


def test_several_products_are_one_exposure(tmp_path: Path) -> None:
    write(tmp_path / "one", ROWS)
    write(tmp_path / "all", ROWS, PRODUCTS)
    one, every = ingest([tmp_path / "one"]), ingest([tmp_path / "all"])
    assert one.text == every.text
    assert list(every.products) == list(PRODUCTS)
    assert len(every.files) == len(PRODUCTS) * len(ROWS) == len(PRODUCTS) * len(every.pool)
    assert all(path.name == name for name, path in every.files.items())


@pytest.mark.parametrize("product", PRODUCTS)
def test_whatever_is_known_of_an_exposure_its_name_is_that_of_the_uncalibrated_file(
    product: str, tmp_path: Path
) -> None:
    write(tmp_path, ROWS, [product])
    made = ingest([tmp_path])
    assert set(made.pool.file_names) == {row["filename"] for row in ROWS}
    assert dict(made.products) == {product: len(ROWS)}


def test_the_text_is_the_pool(tmp_path: Path) -> None:
    """The file that is written is read as the pool that was made, and has values as headers have them."""
    made = ingest(write(tmp_path, ROWS))
    read = Pool.read(io.StringIO(made.text))
    assert columns_of(read) == columns_of(made.pool)
    assert read.file_names == made.pool.file_names
    lines = made.text.splitlines()
    assert lines[0].startswith("FILENAME|OBS_ID|PROGRAM|OBS_NUM|VISIT|VISIT_ID")
    assert "|PRIME_TARGETED_FIXED|" in lines[1]
    assert made.pool.name == "jw01001_pool.csv"


def test_the_earliest_product_counts_and_others_fill_in(tmp_path: Path) -> None:
    row = ROWS[0]
    write(tmp_path, [row | {"nints": "7", "subarray": "NULL"}], ["uncal"])
    write(tmp_path, [row | {"nints": "8", "subarray": "SUB64"}], ["rate"])
    pool = ingest([tmp_path]).pool
    assert (pool["nints"][0], pool["subarray"][0]) == ("7", "sub64")


def test_files_with_unknown_names_count_by_their_keyword_filename(tmp_path: Path) -> None:
    (tmp_path / "exp_1.fits").write_bytes(header_of(ROWS[0], "cal").tostring().encode())
    made = ingest([tmp_path])
    assert made.pool.file_names == (ROWS[0]["filename"],)
    assert dict(made.files) == {name_of(ROWS[0], "cal"): tmp_path / "exp_1.fits"}


def test_order_and_folders_do_not_matter(tmp_path: Path) -> None:
    paths = write(tmp_path / "a", ROWS)
    (tmp_path / "b").mkdir()
    for number, path in enumerate(paths[::2]):
        path.rename(tmp_path / "b" / path.name)
        if number % 2:
            (tmp_path / "b" / path.name).write_bytes(gzip.compress((tmp_path / "b" / path.name).read_bytes()))
    mixed = [path for folder in ("a", "b") for path in (tmp_path / folder).iterdir()]
    random.Random(1).shuffle(mixed)
    assert ingest(mixed).text == ingest([tmp_path]).text == ingest(write(tmp_path / "c", ROWS)).text


def test_further_keywords_become_columns(tmp_path: Path) -> None:
    header = header_of(ROWS[0])
    header["READPATT"] = "FASTR1"
    (tmp_path / "a_uncal.fits").write_bytes(header.tostring().encode())
    made = ingest([tmp_path], keywords=("readpatt",))
    assert made.pool["readpatt"][0] == "fastr1"
    assert made.text.splitlines()[0].endswith("|EXPSTART|READPATT")


def test_values_set_for_all_exposures_are_in_the_pool(tmp_path: Path) -> None:
    made = ingest(write(tmp_path, ROWS), {"set": ["is_imprt=t:*", "dms_note=WFSC_LOS_JITTER:*"]})
    assert {*columns_of(made.pool)["is_imprt"]} == {"t"}
    assert {*columns_of(made.pool)["dms_note"]} == {"wfsc_los_jitter"}


def changed(**keywords: object) -> Callable[[], bytes]:
    """A file whose header has other values; None takes a keyword away."""

    def content() -> bytes:
        header = header_of(ROWS[0])
        for keyword, value in keywords.items():
            if value is None:
                del header[keyword]
            else:
                header[keyword] = value
        return bytes(header.tostring(), "ascii")

    return content


#: name and content of a file, and why it is skipped
SKIPPED: list[tuple[str, bytes | Callable[[], bytes], str]] = [
    ("a_rate.fits", b"", "is empty"),
    ("a_rate.fits", b"<html>404</html>", "is not a FITS file"),
    ("a_rate.fits", b"SIMPLE  =                    T", "is cut off within its primary header"),
    ("a_uncal.fits", changed(TELESCOP="HST"), "is of another telescope, HST"),
    ("a_uncal.fits", changed(EXP_TYPE=None), "is not an exposure: it has no EXP_TYPE"),
    ("a_uncal.fits", changed(INSTRUME=None), "has no INSTRUME"),
    ("a_uncal.fits", changed(PROGRAM="?"), "has PROGRAM '?', which is not a number"),
    (
        "a.fits",
        changed(FILENAME="b.fits"),
        "is not one of the products _uncal, _rate, _rateints, _cal, _calints, by its name and its FILENAME",
    ),
]


@pytest.mark.parametrize(("name", "content", "reason"), SKIPPED, ids=[each[2] for each in SKIPPED])
def test_files_that_cannot_be_used_are_named_and_the_others_are_used(
    name: str, content: bytes | Callable[[], bytes], reason: str, tmp_path: Path
) -> None:
    write(tmp_path, ROWS)
    bad = tmp_path / name
    bad.write_bytes(content if isinstance(content, bytes) else content())
    made = ingest([tmp_path])
    assert [(each.source, each.reason) for each in made.skipped] == [(str(bad), reason)]
    assert len(made.pool) == len(ROWS)
    assert sum(made.products.values()) == len(ROWS)
    with pytest.raises(PoolError) as error:
        ingest([bad])
    assert str(error.value) == f"{bad}: no exposures were found ({bad} {reason}); {NAMES}"


def test_names_that_no_text_can_hold_are_skipped(tmp_path: Path) -> None:
    first, second = write(tmp_path, ROWS[:2])
    strange = first.rename(first.with_name("a\udcff_uncal.fits"))
    made = ingest([tmp_path])
    assert [(each.source, each.reason) for each in made.skipped] == [
        (str(strange), "has a name that is not UTF-8 text")
    ]
    assert made.pool.file_names == (second.name,)


PASSED = {
    "jw01001-o001_t001_miri_f770w_i2d.fits": "Level 3 product",
    "jw01001001001_02101_00001_mirimage_i2d.fits": "other product",
    "jw01001001001_gs-fg_2022117003102_cal.fits": "guide-star file",
}


def test_other_products_are_passed_over_unread(tmp_path: Path) -> None:
    for name in PASSED:
        (tmp_path / name).write_bytes(b"whatever it is")
    (tmp_path / "guiding.fits").write_bytes(changed(EXP_TYPE="FGS_TRACK")())
    write(tmp_path, ROWS)
    write(tmp_path / "copies", ROWS)
    (tmp_path / "notes.txt").write_text("no FITS file")
    made = ingest([tmp_path])
    assert dict(made.passed) == {
        "Level 3 product": 1, "further copy": len(ROWS), "guide-star file": 2, "other product": 1,
    }  # fmt: skip
    assert not made.skipped


def test_without_exposures_there_is_no_pool(tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=f".*: no exposures were found; {NAMES}$"):
        ingest([tmp_path])
    for name in [*PASSED, *(f"{number:02d}.fits" for number in range(12))]:
        (tmp_path / name).touch()
    with pytest.raises(PoolError) as error:
        ingest([tmp_path])
    empty = ", ".join(f"{tmp_path}/{number:02d}.fits is empty" for number in range(10))
    assert str(error.value) == (
        f"{tmp_path}: no exposures were found ({empty}, … 2 more; skipped: 1 Level 3 product; "
        f"skipped: 1 guide-star file; skipped: 1 other product); {NAMES}"
    )


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        ingest([tmp_path / "missing.fits"])


def test_a_reporter_follows_the_reading(tmp_path: Path) -> None:
    shown: list[tuple[float, str]] = []

    class Noting(Reporter):
        def show(self, step: str) -> None:
            shown.append((round(self.done, 6), step))

    paths = write(tmp_path, ROWS)
    ingest(paths, workers=2, reporter=Noting())
    assert shown == [(round(number / len(ROWS), 6), path.name) for number, path in enumerate(sorted(paths))]


def test_pools_of_several_programs_have_a_name_of_their_own(tmp_path: Path) -> None:
    other: Row = ROWS[0] | {"program": "1002", "filename": ROWS[0]["filename"].replace("jw01001", "jw01002")}
    assert ingest(write(tmp_path, [ROWS[0], other])).pool.name == "jw_pool.csv"


def test_exposures_are_told_from_pools(tmp_path: Path) -> None:
    table = fits.BinTableHDU.from_columns([fits.Column("FILENAME", "10A", array=["a"])])
    table.writeto(tmp_path / "pool.fits")
    (tmp_path / "pool.csv").write_text("FILENAME|PROGRAM\n", encoding="utf-8")
    (exposure,) = write(tmp_path / "data", ROWS[:1])
    (tmp_path / "bad.fits").touch()
    (tmp_path / "empty").mkdir()
    kinds = {path.name: has_exposures(path) for path in tmp_path.iterdir()}
    assert kinds == {"pool.fits": False, "pool.csv": False, "data": True, "bad.fits": True, "empty": False}
    assert has_exposures(exposure)


def test_what_comes_through_a_pipe_is_left_to_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.fits")
    assert not has_exposures(tmp_path / "pipe.fits")


#: suffix of a re-processed file and its keywords; the option; the product that it replaces, or why it is refused
REPROCESSED: list[tuple[str, dict[str, str], str, str]] = [
    ("o001_crf", {"S_RAMP": "COMPLETE", "S_WCS": "COMPLETE", "S_PHOTOM": "SKIPPED"}, "crf", "cal"),
    ("a3001_crfints", {"S_FLAT": "COMPLETE"}, "_crfints", "calints"),
    ("tweakreg", {"S_PHOTOM": "COMPLETE"}, "TWEAKREG", "cal"),
    ("destreak", {"S_RAMP": "COMPLETE", "S_FLAT": "SKIPPED"}, "destreak", "rate"),
    ("destreak", {"S_RAMP": "COMPLETE", "DATAMODL": "CubeModel"}, "destreak", "rateints"),
    ("bkgsub", {"S_RAMP": "COMPLETE"}, "bkgsub=3", "cal"),
    ("mine", {}, "mine=2", "rate"),
    ("1f_cor", {}, "1f_cor=2", "rate"),
    ("mine", {}, "mine", "has no S_RAMP or S_FLAT that shows its level; add --suffix mine=2 or mine=3"),
    ("o001_crf", {}, "tweakreg", "1 _crf file (--suffix crf takes them)"),
]


def test_keywords_that_no_file_has_are_named(tmp_path: Path) -> None:
    assert ingest(write(tmp_path, ROWS), keywords=["TELESCOP", "FOO"]).remarks == ("no file has the keyword FOO",)


@pytest.mark.parametrize(("suffix", "keywords", "option", "what"), REPROCESSED)
def test_reprocessed_files_stand_for_products(
    suffix: str, keywords: dict[str, str], option: str, what: str, tmp_path: Path
) -> None:
    usual = write(tmp_path, ROWS[:1], PRODUCTS)
    again = tmp_path / name_of(ROWS[0], suffix)
    again.write_bytes(changed(**keywords)())
    made = ingest([tmp_path], suffixes=[option])
    products = {path.name: path for path in usual}
    if what in PRODUCTS:
        assert made.products[suffix.rpartition("_")[2] if "crf" in suffix else suffix] == 1
        assert dict(made.files) == products | {name_of(ROWS[0], what): again}
    else:
        assert dict(made.files) == products
        assert [*passed_over(made.passed), *(each.reason for each in made.skipped)] == [what]
        assert [f"_{option} " in each for each in made.remarks] == [True]
    assert made.text == ingest(usual).text


def test_of_reprocessed_files_for_one_product_the_first_counts(tmp_path: Path) -> None:
    names = ("a3001_crf", "o001_crf", "tweakreg")
    for name in names:
        (tmp_path / name_of(ROWS[0], name)).write_bytes(changed(S_WCS="COMPLETE")())
    with pytest.raises(PoolError, match=r"skipped: 2 _crf files \(--suffix crf takes them\); skipped: 1 _tweak"):
        ingest([tmp_path])
    made = ingest([tmp_path], suffixes=("crf", "tweakreg"))
    assert dict(made.files) == {name_of(ROWS[0], "cal"): tmp_path / name_of(ROWS[0], names[0])}
    assert passed_over(made.passed) == ["2 further copies"]


@pytest.mark.parametrize("suffix", ["", "=2", "crf=1", "_=2", "crf,tweakreg", "a/b"])
def test_suffixes_have_a_form(suffix: str) -> None:
    with pytest.raises(UsageError, match=r"write it as crf, or destreak=2 for Level 2"):
        ingest(["."], suffixes=[suffix])
