"""Tables of the archive in place of files."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from astropy.table import Table

from benchmarks.simulated_files import Row, name_of, rows_of
from solver.errors import PoolError
from solver.headers.file_search import has_exposures
from solver.headers.ingestion import ingest
from solver.headers.mast_tables import is_archive_table, read_table
from solver.pools.pool import Pool

#: Columns that a search gives besides keywords, and values of them.
BESIDES = {"ArchiveFileID": "1", "productLevel": "2a", "s_region": "POLYGON ICRS 1 2 3 4", "title": "A, B | C"}

#: Keywords that a mission search has with the name of the instrument in front.
OF_INSTRUMENT = ("channel", "band", "grating", "fxd_slit", "msametfl", "msastate", "module")


def as_searched(row: Row, product: str, *, prefixed: bool = False, data_set: bool = False) -> dict[str, str]:
    """An exposure as a search of the archive gives it."""
    found = dict(BESIDES)
    for column, value in row.items():
        if column not in {"filename", "targetid", "pntgtype", "expspcin", "mostilno", "dithptin", "asn_candidate"}:
            name = "observtn" if column == "obs_num" else column
            if prefixed and column in OF_INSTRUMENT:
                name = f"{row['instrume'].lower()}_{name}"
            found[name] = "" if value == "NULL" else value
    name = name_of(row, product)
    return found | ({"fileSetName": name.rsplit("_", 2)[0]} if data_set else {"filename": name})


def write_csv(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        stream.write("# a search of the archive\n")
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_astropy(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = Table({column: [row.get(column, "") for row in rows] for column in columns})
    table.write(path, format="ascii.ecsv" if path.suffix == ".ecsv" else "votable")
    return path


def same(pool: Pool, rows: Iterable[Row]) -> bool:
    """Whether a pool has these exposures, as far as the mission's rules look."""
    expected = Pool.from_rows(rows)
    columns = (
        "program",
        "obs_num",
        "exp_type",
        "instrume",
        "detector",
        "targetid",
        "filter",
        "grating",
        "band",
        "channel",
    )
    return pool.file_names == expected.file_names and all(
        [pool[column][row] for row in range(len(pool))] == [expected[column][row] for row in range(len(pool))]
        for column in columns
    )


@pytest.mark.parametrize("mode", ["mrs", "fixed_slit", "parallel"])
@pytest.mark.parametrize("name", ["search.csv", "search.ecsv", "search.vot"])
def test_a_search_with_keywords_is_as_good_as_files(mode: str, name: str, tmp_path: Path) -> None:
    rows = rows_of(mode)
    searched = [as_searched(row, product) for row in rows for product in ("uncal", "rate")]
    write = write_csv if name.endswith(".csv") else write_astropy
    path = write(tmp_path / name, searched)
    made = ingest([path])
    assert same(made.pool, rows)
    assert dict(made.products) == {"uncal": len(rows), "rate": len(rows)}
    assert not made.files
    assert not made.skipped
    packed = path.with_name(f"{name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert has_exposures(packed)
    assert ingest([packed]).text == made.text
    packed.write_bytes(packed.read_bytes()[:100])
    assert not has_exposures(packed)


def test_a_mission_search_names_data_sets_and_puts_instruments_in_front(tmp_path: Path) -> None:
    rows = rows_of("mrs")
    path = write_csv(tmp_path / "a.csv", [as_searched(row, "uncal", prefixed=True, data_set=True) for row in rows])
    assert same(ingest([path]).pool, rows)


def test_what_the_table_lacks_is_said(tmp_path: Path) -> None:
    searched = [as_searched(row, "uncal") for row in rows_of("mrs")]
    path = write_csv(
        tmp_path / "a.csv", [{k: v for k, v in row.items() if k not in {"band", "patt_num"}} for row in searched]
    )
    (absent,) = [note for note in ingest([path]).notes if note.assumed.startswith("missing: the table")]
    assert absent.columns == ("band", "patt_num")


def test_other_products_are_passed_over_and_other_rows_are_skipped(tmp_path: Path) -> None:
    first, *others = [as_searched(row, "uncal") for row in rows_of("image_dithers")]
    others[0]["filename"] = "jw01001-o001_t001_miri_f770w_i2d.fits"
    others[1]["exp_type"] = ""
    made = ingest([write_csv(tmp_path / "a.csv", [first, *others, first])])
    assert dict(made.passed) == {"Level 3 product": 1, "further copy": 1}
    assert [str(each) for each in made.skipped] == [f"{tmp_path}/a.csv, row 3, is not an exposure: it has no EXP_TYPE"]


REMEDY = (
    "give the files instead, or search with more columns: FILENAME, DETECTOR, EXP_TYPE, INSTRUME, PROGRAM, OBSERVTN "
    "and those of the optics and the dithers"
)

#: table, and what it lacks
NOT_ENOUGH = [
    ("obsID,obs_collection,dataproduct_type,obs_id,productFilename\n1,JWST,image,x,y.fits\n", "EXP_TYPE, INSTRUME"),
    ("obs_collection,instrument_name,obs_id,proposal_id\nJWST,NIRCAM/IMAGE,jw01234,1234\n", "EXP_TYPE, INSTRUME"),
    ("ArchiveFileID,exp_type,instrume\n1,NRC_IMAGE,NIRCAM\n", "FILENAME"),
    ("fileSetName,exp_type,instrume\njw01234001001_02101_00001,NRC_IMAGE,NIRCAM\n", "DETECTOR"),
]


@pytest.mark.parametrize(("text", "missing"), NOT_ENOUGH, ids=[each[1] for each in NOT_ENOUGH])
def test_tables_that_are_not_enough(text: str, missing: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PoolError) as error:
        ingest([path])
    assert str(error.value) == f"a.csv has no column {missing}; {REMEDY}"


#: content of a file, and what is wrong with it
UNREADABLE = [
    ("filesetname,b\n1\n", "a.csv, line 2: 1 cells, but the header has 2; is the line cut off?"),
    ("# %ECSV 1.0\n# ---\nfilesetname\n", "a.csv cannot be read as ascii.ecsv: "),
    ('<VOTABLE><FIELD name="filesetname"', "a.csv cannot be read as votable: "),
]


@pytest.mark.parametrize(("text", "problem"), UNREADABLE)
def test_tables_that_cannot_be_read(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PoolError) as error:
        read_table(path)
    assert str(error.value).startswith(problem)


#: content of a file, and whether it is a table of the archive
KINDS = [
    ("fileSetName,exp_type\n", True),
    ('# comment\n"ArchiveFileID","exp_type"\n', True),
    ('<?xml version="1.0"?>\n<VOTABLE><FIELD name="obs_collection"/>', True),
    ("FILENAME|PROGRAM|ASN_CANDIDATE\n", False),
    ("filename,observtn,asn_candidate\n", False),
    ('<VOTABLE><FIELD name="observtn"/><FIELD name="asn_candidate"/>', False),
    ("FILENAME|PROGRAM|EXP_TYPE\n", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "is_one"), KINDS)
def test_tables_are_told_from_pools(text: str, is_one: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a table of cases)
    path = tmp_path / "a"
    path.write_text(text, encoding="utf-8")
    assert is_archive_table(path) is has_exposures(path) is is_one
    assert not is_archive_table(tmp_path / "missing")


def test_a_name_may_hold_what_looks_like_a_folder(tmp_path: Path) -> None:
    found = as_searched(rows_of("mrs")[0], "rate")
    path = write_csv(tmp_path / "a.csv", [found | {"filename": found["filename"].replace("jw01", "jw01\\")}])
    assert ingest([path]).pool.file_names[0].startswith("jw01\\001001001")


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("filename", "#a_uncal.fits", "'#a_uncal.fits' would be read as a comment; give the file another name"),
        ("expstart", "1e+99", "1e+99 was read as a floating-point number, and is not what it was"),
    ],
)
def test_a_value_that_a_pool_cannot_hold_is_refused_by_its_table_and_row(
    column: str, value: str, problem: str, tmp_path: Path
) -> None:
    rows = [as_searched(row, "uncal") for row in reversed(rows_of("image_dithers"))]
    rows[1][column] = value
    path = write_csv(tmp_path / "mast.csv", rows)
    with pytest.raises(PoolError) as error:
        ingest([path])
    assert str(error.value).startswith(f"{path}, row 2, column {column.upper()}: {problem}")
