"""Pools: what is read, how it is kept, and what is refused."""

from __future__ import annotations

import gzip
import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from astropy.io import fits
from astropy.table import MaskedColumn, Table
from astropy.utils.masked import Masked

from solver import AsnsolveError, Pool, PoolError, UnknownColumnError
from solver.pools.hierarchy_graph import hierarchy
from tests.unit.small import USUAL, Row, as_text, cases, pool_of, row

ROWS = [row("b", targprop='Süd | 5" x', obs_num="10"), row("A", obs_num="9", filter="NULL")]
PLAIN = [{key: value for key, value in each.items() if key != "targprop"} for each in ROWS]
CSV = as_text(PLAIN)


def content(pool: Pool) -> list[Row]:
    return [pool.row(number) for number in range(len(pool))]


EXPECTED = [
    {key: "" if value == "NULL" else value.lower() for key, value in each.items()} | {"filename": each["filename"]}
    for each in reversed(PLAIN)
]


def table() -> Table:
    return Table({key.upper(): [each[key] for each in PLAIN] for key in PLAIN[0]})


def written(table_format: str, path: Path, **how: str) -> Path:
    table().write(path, format=table_format, **how)
    return path


def _of_unknown_unit(path: Path) -> Path:
    made = fits.BinTableHDU(table())
    made.header["TUNIT1"] = "bogus"
    made.writeto(path)
    return path


#: how a pool file is made in a folder, and how it is read
SOURCES: dict[str, Callable[[Path], Pool]] = {
    "path": lambda folder: Pool.read(_file(folder, CSV.encode())),
    "path as text": lambda folder: Pool.read(str(_file(folder, CSV.encode()))),
    "open text file": lambda _: Pool.read(io.StringIO(CSV)),
    "open binary file": lambda _: Pool.read(io.BytesIO(CSV.encode())),
    "gzip": lambda folder: Pool.read(_file(folder, gzip.compress(CSV.encode()))),
    "open gzip": lambda _: Pool.read(io.BytesIO(gzip.compress(CSV.encode()))),
    "byte order mark": lambda _: Pool.read(io.BytesIO(CSV.encode("utf-8-sig"))),
    "CRLF": lambda _: Pool.read(io.BytesIO(CSV.replace("\n", "\r\n").encode())),
    "CRLF in an open text": lambda _: Pool.read(io.StringIO(CSV.replace("\n", "\r\n"), newline="")),
    "comments and empty lines": lambda _: Pool.read(
        io.StringIO("# a | b\n\n" + CSV.replace("\n", "\n  # a comment | with a delimiter\n   \n"))
    ),
    "no line end at the end": lambda _: Pool.read(io.StringIO(CSV.rstrip("\n"))),
    "lower-case header": lambda _: Pool.read(io.StringIO(CSV.lower().replace("a_uncal", "A_uncal"))),
    "spaces around cells": lambda _: Pool.read(io.StringIO(CSV.replace("|", "  | "))),
    "quoted cells": lambda _: Pool.read(io.StringIO(CSV.replace("|F770W|", '|"F770W"|'))),
    "another delimiter": lambda _: Pool.read(io.StringIO(as_text(PLAIN, ";")), delimiter=";"),
    "tab": lambda _: Pool.read(io.StringIO(as_text(PLAIN, "\t")), delimiter="\t"),
    "ECSV": lambda folder: Pool.read(written("ascii.ecsv", folder / "pool.ecsv")),
    "ECSV of any name": lambda folder: Pool.read(written("ascii.ecsv", folder / "pool.csv")),
    "FITS": lambda folder: Pool.read(written("fits", folder / "pool.fits")),
    "VOTable": lambda folder: Pool.read(written("votable", folder / "pool.vot")),
    "a comma": lambda _: Pool.read(io.StringIO(as_text(PLAIN, ";").replace(";", ",").replace("', '", "'; '").replace(
        "[('o001'; 'OBSERVATION')]", "\"[('o001', 'OBSERVATION')]\""))),
    "a semicolon after comments": lambda _: Pool.read(io.StringIO("# a | b\n\n" + as_text(PLAIN, ";"))),
    "a semicolon, and quotes around every cell": lambda _: Pool.read(
        io.StringIO(as_text(PLAIN, '";"').replace("\n", '"\n"').join('""').removesuffix('""'))),
    "a tab": lambda _: Pool.read(io.StringIO(as_text(PLAIN, "\t"))),
    "row labels": lambda _: Pool.read(io.StringIO(
        "".join(f"{mark}|{line}\n" for mark, line in zip(["", "0", "1"], CSV.splitlines(), strict=True)))),
    "a format that is named": lambda _: Pool.read(io.StringIO(CSV.replace("|", ",").replace("', ", "' ").replace(
        "[('o001' 'OBSERVATION')]", "\"[('o001', 'OBSERVATION')]\"")), table_format="ascii.csv"),
    "delimited text that astropy reads": lambda _: Pool.read(
        io.StringIO(as_text(PLAIN, ";")), table_format="ascii", delimiter=";"),
    "delimited text that astropy reads, with the mission's delimiter": lambda _: Pool.read(
        io.StringIO(CSV), table_format="ascii"),
    "VOTable with binary data": lambda folder: Pool.read(
        written("votable", folder / "pool.vot", tabledata_format="binary")),
    "FITS with a unit that nobody knows": lambda folder: Pool.read(_of_unknown_unit(folder / "pool.fits")),
    "VOTable without a prologue": lambda folder: Pool.read(_named(folder, "pool.VOT", _votable(folder))),
    "VOTable without a prologue, of any name": lambda folder: Pool.read(_named(folder, "pool.csv", _votable(folder))),
    "VOTable after a comment": lambda folder: Pool.read(_named(folder, "a.VOT", b"<!-- mine -->" + _votable(folder))),
    "VOTable after a comment, with the long ending": lambda folder: Pool.read(
        _named(folder, "a.votable", b"<!-- mine -->" + _votable(folder))),
    "VOTable with the long ending": lambda folder: Pool.read(_named(folder, "a.votable", _votable(folder))),
    "VOTable of any name": lambda folder: Pool.read(written("votable", folder / "pool.csv")),
    "table": lambda _: Pool.from_table(table()),
    "table of bytes": lambda _: Pool.from_table(Table({key: np.array([each[key] for each in PLAIN], dtype="S40")
                                                       for key in PLAIN[0]})),
    "rows": lambda _: Pool.from_rows(PLAIN),
    "rows with other keys": lambda _: Pool.from_rows({f" {key.upper()} ": each[key] for key in each} for each in PLAIN),
}  # fmt: skip


def _file(folder: Path, raw: bytes) -> Path:
    path = folder / "pool.csv"
    path.write_bytes(raw)
    return path


def _named(folder: Path, name: str, raw: bytes) -> Path:
    (folder / name).write_bytes(raw)
    return folder / name


def _votable(folder: Path) -> bytes:
    """A VOTable without an XML declaration."""
    content = written("votable", folder / "whole.vot").read_bytes()
    return content[content.index(b"<VOTABLE") :]


@pytest.mark.parametrize("source", SOURCES)
def test_a_pool_is_the_same_whatever_it_is_read_from(source: str, tmp_path: Path) -> None:
    assert content(SOURCES[source](tmp_path)) == EXPECTED


def test_parquet_is_recognised(tmp_path: Path) -> None:
    assert content(Pool.read(written("parquet", tmp_path / "pool.parquet"))) == EXPECTED


def test_a_large_pool_is_unpacked_piece_by_piece() -> None:
    text = as_text([row(f"a{number}", targname="x" * 1_000) for number in range(1_200)]).encode()
    assert len(text) > 1 << 20
    assert content(Pool.read(io.BytesIO(gzip.compress(text)))) == content(Pool.read(io.BytesIO(text)))


def test_an_error_without_a_message_is_reported_by_its_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr(Table, "read", fail)
    with pytest.raises(PoolError) as caught:
        Pool.read(_file(tmp_path, b"SIMPLE  ="))
    assert str(caught.value) == f"{tmp_path / 'pool.csv'} cannot be read as fits: KeyError"


def test_repeated_files_of_a_table_are_refused_by_its_name_or_the_first_is_kept(tmp_path: Path) -> None:
    made = table()
    made["FILENAME"] = ["a_uncal.fits", "a_uncal.fits"]
    made.write(tmp_path / "pool.ecsv", format="ascii.ecsv")
    with pytest.raises(PoolError, match=r"pool\.ecsv, column FILENAME: repeated file names: a_uncal\.fits"):
        Pool.read(tmp_path / "pool.ecsv")
    assert Pool.read(tmp_path / "pool.ecsv", duplicates="first")["obs_num"][0] == "10"


def test_the_name_of_a_pool_is_the_file_name(tmp_path: Path) -> None:
    path = _file(tmp_path, CSV.encode())
    assert Pool.read(path).name == "pool.csv"
    with path.open("rb") as stream:
        assert Pool.read(stream).name == "pool.csv"
    assert Pool.read(io.StringIO(CSV)).name == "none"
    assert pool_of(*ROWS).name == "in-memory"
    assert Pool.from_rows(ROWS, name="mine").name == "mine"


def test_a_name_that_no_text_can_hold_is_shown_as_well_as_can_be() -> None:
    assert Pool.from_rows([row("a")], name="pool\udcff.csv").name == "pool?.csv"


def test_masked_and_missing_values_are_not_given() -> None:
    made = table()
    made["FILTER"] = MaskedColumn(["F770W", "F770W"], mask=[True, False])
    made["OBS_NUM"] = MaskedColumn([1, 2], mask=[False, True])
    pool = Pool.from_table(made)
    assert [(each["obs_num"], each["filter"]) for each in content(pool)] == [("", "f770w"), ("1", "")]
    made["FILTER"] = np.array([b"F1", b"F2"], dtype=object)
    assert [each["filter"] for each in content(Pool.from_table(made))] == ["f2", "f1"]
    made["OBS_NUM"] = Masked(np.array([1.5, 2.5]), mask=[False, True])
    assert [each["obs_num"] for each in content(Pool.from_table(made))] == ["", "1.5"]
    missing: list[dict[str, object]] = [dict(USUAL), {**USUAL, "filename": "b_uncal.fits", "filter": None, "band": 3}]
    pool = Pool.from_rows(missing)
    assert [(pool["filter"][i], pool["band"][i]) for i in range(2)] == [("f770w", ""), ("", "3")]


def test_a_pool_is_a_sized_iterable_of_rows() -> None:
    pool = pool_of(*ROWS)
    rows = list(pool)
    assert len(rows) == len(pool)
    assert rows == [*pool] == content(pool)
    assert rows[0]["filename"] == "A_uncal.fits"
    assert content(Pool.from_rows(pool)) == rows


def test_in_asks_for_a_column() -> None:
    pool = pool_of(*PLAIN)
    assert "filter" in pool
    assert "FILTER" in pool
    assert "detector" not in pool
    assert 0 not in pool
    assert pool["FILTER"] is pool["filter"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("instrumnt", "no column is named 'instrumnt'; did you mean instrume?"),
        ("Filtre", "no column is named 'Filtre'; did you mean filter?"),
        ("detecter", "no column is named 'detecter'; did you mean detector?"),  # the pool has none, but rules know it
        ("mine too", "no column is named 'mine too'; did you mean mine_too?"),
        ("zzzzzz", "no column is named 'zzzzzz'; pool.columns has them all"),
        (0, "no column is named 0; exposures are found by pool.row(number)"),
        (slice(2), "no column is named slice(None, 2, None); exposures are found by pool.row(number)"),
    ],
)
def test_a_column_of_an_unknown_name_is_an_error_with_the_nearest_one(name: Any, message: str) -> None:
    pool = pool_of(row("a", mine_too="1"))
    for kind in (KeyError, UnknownColumnError, AsnsolveError):
        with pytest.raises(kind) as caught:
            pool[name]
        assert str(caught.value) == message
    assert pool["mine_too"][0] == "1"


def test_table_columns_with_several_values_in_a_cell_are_refused() -> None:
    made = table()
    made["S_REGION"] = MaskedColumn([[1, 2], [3, 4]], mask=[[True, False], [False, False]])
    made["CORNERS"] = [[[1], [2]], [[3], [4]]]
    with pytest.raises(PoolError) as caught:
        Pool.from_table(made)
    assert str(caught.value) == "in-memory: columns with more than one value in a cell: S_REGION, CORNERS"


def test_such_columns_of_a_file_are_refused_with_its_name(tmp_path: Path) -> None:
    made = table()
    made["CORNERS"] = [[1, 2], [3, 4]]
    made.write(tmp_path / "p.fits")
    with pytest.raises(PoolError, match=r"^.*/p\.fits: columns with more than one value in a cell: CORNERS$"):
        Pool.read(tmp_path / "p.fits")


def test_a_column_that_the_pool_lacks_has_no_value() -> None:
    pool = pool_of(*ROWS)
    assert [pool["detector"][i] for i in range(2)] == ["", ""]
    assert "detector" not in pool.columns
    assert repr(pool) == "<Pool in-memory: 2 exposures, 11 columns>"


#: exposures in canonical order, and what differs between one and the next
ORDERED = [
    {"program": "2"},
    {"program": "10", "obs_num": ""},
    {"program": "10", "obs_num": "2"},
    {"program": "10", "obs_num": "10"},
    {"program": "10", "obs_num": "10", "visit": "1"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "1"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02", "seq_id": "1", "act_id": "0Z"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02", "seq_id": "1", "act_id": "10"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02", "seq_id": "2", "act_id": "01"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02", "seq_id": "2", "act_id": "01", "exposure": "9"},
    {"program": "10", "obs_num": "10", "visit": "2", "visitgrp": "02", "seq_id": "2", "act_id": "01", "exposure": "10"},
]


def test_rows_are_in_canonical_order_however_they_are_given() -> None:
    every = [row(f"{len(ORDERED) - i:02d}", **values) for i, values in enumerate(ORDERED)]
    expected = [each["filename"] for each in every]
    for given in (every, every[::-1], every[3:] + every[:3], every[::2] + every[1::2]):
        assert list(Pool.from_rows(given).file_names) == expected


def test_the_file_name_decides_last() -> None:
    for given in itertools.permutations([row("a2"), row("A10"), row("b1")]):
        assert pool_of(*given).file_names == ("a2_uncal.fits", "b1_uncal.fits", "A10_uncal.fits")


def test_a_pool_of_some_rows_keeps_name_and_order() -> None:
    pool = pool_of(row("a"), row("b"), row("c"))
    part = pool.select([2, 0, 2])
    assert part.file_names == ("a_uncal.fits", "c_uncal.fits")
    assert [part["filename"][i] for i in range(2)] == ["a_uncal.fits", "c_uncal.fits"]
    assert len(pool.select([])) == 0
    assert part.name == pool.name


def test_a_pool_of_some_rows_and_one_with_more_stated_keep_what_was_stated() -> None:
    rows = [row(name, program="1", obs_num=number) for name, number in (("a", "1"), ("b", "2"))]
    pool = Pool.from_rows(rows, name="all.csv").with_statements({"background": "o002:o001"})
    assert pool.name == "all.csv"
    assert len(pool.links) == 1
    assert pool.select([0]).links == pool.links


def test_candidates_that_a_statement_changed_are_listed_as_stated() -> None:
    rows = [row(name, program="1", obs_num=number) for name, number in (("a", "1"), ("b", "2"), ("c", "3"))]
    pool = Pool.from_rows(rows).with_statements({"background": "o002:o001", "set": "band=short:o003"})
    first, second, third = map(pool.listed, range(3))
    assert first == "c1000 (background), o001 (observation), as stated"
    assert second.endswith(", as stated")
    assert third == "o001 (observation)"


def test_an_exposure_without_a_candidate_is_listed_without_one() -> None:
    assert pool_of(row("a", asn_candidate="NULL")).listed(0) == "no candidate"


@pytest.mark.parametrize(
    ("targetid", "targprop", "place", "is_there"),
    [
        ("2", "M 1", (0.01, 60), True),
        ("1", "M 1", (0.01, 60), False),
        ("NULL", "M 1", (0.01, 60), False),
        ("2", "M 1", (0.107, 60), True),
        ("2", "M 1", (0.113, 60), False),
        ("2", "M 1", (359.92, 60), True),
        ("2", "M 1", (0.01, 60.04), True),
        ("2", "M 1", (0.01, 59.94), False),
        ("2", "M 1", (0.01, -60), False),
        ("2", "M 1", ("NULL", "NULL"), False),
        ("2", "HD-1", ("NULL", "NULL"), True),
        ("2", "HD-1_REFERENCE", (90, 60), False),
        ("2", "HD-1-REFERENCE", (90, 60), True),
        ("2", "HD 1 (copy)", (90, 60), True),
        ("2", "hd", (90, 60), True),
        ("2", "HD-2", (90, 60), False),
        ("2", "BD-1", (90, 60), False),
        ("2", "NULL", (90, 60), False),
        ("2", "***", (90, 60), False),
    ],
)
def test_another_target_is_of_one_place_by_its_position_or_by_the_first_words_of_its_name(
    targetid: str, targprop: str, place: tuple[object, object], *, is_there: bool
) -> None:
    asked = row("a", targetid="1", targprop="HD-1", targ_ra="0.01", targ_dec="60")
    east, north = map(str, place)
    other = row("b", targetid=targetid, targprop=targprop, targ_ra=east, targ_dec=north)
    assert pool_of(asked, other).of_one_place(0) == ({1} if is_there else set())


def test_targets_without_names_are_of_one_place_by_their_positions_alone() -> None:
    places = {"1": "10", "2": "10", "3": "20"}
    nameless = [row(each, targetid=each, targ_ra=east, targ_dec="0") for each, east in places.items()]
    pool = pool_of(*nameless, row("4", targetid="4", targprop="HD 1", targ_ra="30", targ_dec="0"))
    assert pool.of_one_place(0) == {1}


@pytest.mark.parametrize(
    ("values", "usual"),
    [
        ({}, "f1"),
        ({"obs_num": "3"}, "f2"),
        ({"detector": "d3"}, "f3"),
        ({"program": "3"}, "f4"),
        ({"exp_type": "NRC_IMAGE"}, ""),
    ],
)
def test_the_usual_value_is_that_of_the_exposures_most_alike_that_have_one(values: Row, usual: str) -> None:
    counts = {("1", "d1", "1"): 2, ("1", "d1", "2"): 3, ("1", "d2", "1"): 6, ("2", "d1", "1"): 12}
    rows = [row("wanted", **{"detector": "d1", "filter": "NULL"} | values)]
    for number, ((program, detector, obs_num), count) in enumerate(counts.items(), start=1):
        place = {"program": program, "detector": detector, "obs_num": obs_num, "filter": f"f{number}"}
        rows += [row(f"{number}_{each}", **place) for each in range(count)]
    pool = pool_of(*rows)
    assert pool.usual("filter", pool.file_names.index("wanted_uncal.fits")) == usual


def test_a_pool_written_as_text_is_read_as_it_was() -> None:
    pool = pool_of(*ROWS)
    assert content(Pool.read(io.StringIO(pool.to_text()))) == content(pool)
    assert pool.to_text() == (
        "FILENAME|PROGRAM|OBS_NUM|INSTRUME|EXP_TYPE|TARGETID|PNTGTYPE|SUBARRAY|FILTER|ASN_CANDIDATE|TARGPROP\n"
        "A_uncal.fits|1|9|miri|mir_image|1|science|full|NULL|[('o001', 'observation')]|NULL\n"
        "b_uncal.fits|1|10|miri|mir_image|1|science|full|f770w|[('o001', 'observation')]|\"süd | 5\"\" x\"\n"
    )


def test_a_carriage_return_in_a_cell_is_written_so_that_it_is_read_again() -> None:
    pool = pool_of(row("a", targprop="two\rlines"), row("b"))
    assert content(Pool.read(io.StringIO(pool.to_text(), newline=""))) == content(pool)
    assert '"two\rlines"' in pool.to_text()
    assert '"' not in pool_of(row("a")).to_text()


def test_a_pool_gives_its_hierarchy() -> None:
    assert nx.utils.graphs_equal(pool_of(*ROWS).hierarchy(), hierarchy(pool_of(*ROWS), "in-memory"))


def test_a_table_has_null_for_what_is_not_given() -> None:
    assert list(pool_of(*ROWS).to_table()["filter"]) == ["null", "f770w"]


def test_a_file_name_that_looks_like_a_comment_is_refused() -> None:
    message = "line 2, column FILENAME: '#a_uncal.fits' would be read as a comment; give the file another name"
    rows = [row("b"), row(" #a")]
    with pytest.raises(PoolError) as caught:
        Pool.from_rows(rows)
    assert str(caught.value) == f"in-memory, {message}"
    with pytest.raises(PoolError) as caught:
        Pool.from_table(Table(rows))
    assert str(caught.value) == f"in-memory, {message}"
    text = as_text([row("b"), row("c")]).replace("c_uncal", " #a_uncal")
    assert Pool.read(io.StringIO(text)).file_names == ("b_uncal.fits",)  # a line of its own is a comment


@pytest.mark.parametrize(
    ("given", "program"),
    [("1", "1"), ("00001", "1"), ("01", "1"), ("0", "0"), ("000", "0"), ("0A1", "a1"), ("10", "10")],
)
def test_leading_zeros_of_a_program_are_dropped(given: str, program: str) -> None:
    assert pool_of(row("a", program=given))["program"][0] == program


def test_further_columns_may_be_written() -> None:
    pool = pool_of(row("b"), row("a"))
    text = pool.to_text({"more": ["first", "second"]})
    assert text.splitlines()[0].endswith("|ASN_CANDIDATE|MORE")
    again = Pool.read(io.StringIO(text))
    assert [again["more"][i] for i in range(2)] == ["first", "second"]


def test_a_pool_as_table_is_read_as_it_was() -> None:
    pool = pool_of(*ROWS)
    assert content(Pool.from_table(pool.to_table())) == content(pool)
    assert pool.to_table().meta == {"pool_file": "in-memory"}


def test_of_rows_that_repeat_a_file_name_the_first_is_kept_on_request() -> None:
    rows = [row("b", filter="F1"), row("a", filter="F2"), row("B", filter="F3")]
    kept = Pool.from_rows(rows, duplicates="first")
    assert [(each["filename"], each["filter"]) for each in content(kept)] == [
        ("a_uncal.fits", "f2"),
        ("b_uncal.fits", "f1"),
    ]
    assert Pool.read(io.StringIO(as_text(rows)), duplicates="first").file_names == kept.file_names
    assert Pool.from_table(Table(rows), duplicates="first").file_names == kept.file_names


# --- What is refused ----------------------------------------------------------------------------

HEADER = "FILENAME|PROGRAM|INSTRUME|EXP_TYPE|ASN_CANDIDATE\n"
GOOD = "a_uncal.fits|1|miri|mir_image|[('o001', 'OBSERVATION')]\n"


def text(*lines: str) -> bytes:
    return "".join((HEADER, *lines)).encode()


#: content of a file `p.csv`, and the whole message without the file's name, of which `{}` stands for
REFUSED: dict[str, tuple[bytes, str]] = {
    **{
        case: (raw.replace("HEADER\n", HEADER).replace("GOOD\n", GOOD).encode(), message)
        for case, (raw, message) in cases(__file__)["refused"].items()
    },
    "a huge cell": (
        text("x" * 200_000),
        "{}, line 2: a cell has more than 131,072 characters; is a quote or a line end missing?",
    ),
    "many repeated file names": (
        text(*(f"{i:02d}|1|m|e|\n" * 2 for i in range(12))),
        (
            "{}, column FILENAME: repeated file names: "
            + ", ".join(f"{i:02d} (lines {2 * i + 2}, {2 * i + 3})" for i in range(10))
            + ", … 2 more; make them unique, or use --keep-first"
        ),
    ),
    "a file name in many lines": (
        text("a|1|m|e|\n" * 12),
        (
            "{}, column FILENAME: repeated file names: a (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … 2 more); "
            "make them unique, or use --keep-first"
        ),
    ),
    "no UTF-8": (
        text(GOOD, "Süd\n").decode().encode("latin-1"),
        "{}, line 3: byte b'\\xfc' is not UTF-8 text; save the pool as UTF-8",
    ),
    "no UTF-8 in the header": (
        b"filename;S\xfcd;program\n",
        "{}, line 1: byte b'\\xfc' is not UTF-8 text; save the pool as UTF-8",
    ),
    "cut off gzip": (
        gzip.compress(text(GOOD))[:-20],
        "{} cannot be read: Compressed file ended before the end-of-stream marker was reached",
    ),
    "broken gzip": (
        b"\x1f\x8bx", "{} cannot be read: Compressed file ended before the end-of-stream marker was reached",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_pool_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    raw, message = REFUSED[case]
    path = tmp_path / "p.csv"
    path.write_bytes(raw)
    with pytest.raises(PoolError) as caught:
        Pool.read(path)
    assert str(caught.value) == message.replace("{}", str(path), 1)
    assert isinstance(caught.value, ValueError)


def test_an_error_keeps_its_parts() -> None:
    with pytest.raises(PoolError) as caught:
        Pool.read(io.BytesIO(text("a|../1|m|e|\n")))
    error = caught.value
    assert (error.problem, error.source, error.line, error.column) == (
        "'../1' is not a program number",
        "none",
        2,
        "program",
    )
    assert str(PoolError("wrong")) == "pool: wrong"


@pytest.mark.parametrize("delimiter", ["", "||", "\n", "\r", '"', "\0", " "])
def test_a_delimiter_that_cannot_work_is_refused(delimiter: str) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.read(io.StringIO(CSV), delimiter=delimiter)
    assert str(caught.value) == (
        f"none: the delimiter must be one character, and no space, quote or line end, not {delimiter!r}"
    )


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.read(tmp_path / "none.csv")
    assert str(caught.value) == f"{tmp_path / 'none.csv'} cannot be read: No such file or directory"
    with pytest.raises(PoolError) as caught:
        Pool.read(tmp_path)
    assert str(caught.value) == f"{tmp_path} cannot be read: Is a directory"


def test_text_files_that_cannot_be_decoded_are_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, text("Süd|1|m|e|\n"))
    with path.open(encoding="ascii") as stream, pytest.raises(PoolError):
        Pool.read(stream)
    with path.open(encoding="ascii", errors="surrogateescape") as stream, pytest.raises(PoolError):
        Pool.read(stream)


@pytest.mark.parametrize(
    ("raw", "table_format", "begin"),
    [
        (b"# %ECSV 1.0\nnonsense", None, "none cannot be read as ascii.ecsv: "),
        (b"#%ECSV 1.0\nnonsense", None, "none cannot be read as ascii.ecsv: "),
        (b"PAR1 nonsense", None, "none cannot be read as parquet: "),
        (b"SIMPLE  = x", None, "none cannot be read as fits: "),
        (b"\n <?xml nonsense", None, "none cannot be read as votable: "),
        (b"<?xml nonsense", None, "none cannot be read as votable: "),
        (CSV.encode(), "no.such.format", "none cannot be read as no.such.format: "),
    ],
)
def test_what_astropy_cannot_read_is_refused(raw: bytes, table_format: str | None, begin: str) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.read(io.BytesIO(raw), table_format=table_format)
    assert str(caught.value).startswith(begin)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "in-memory: required columns are missing: FILENAME, PROGRAM, INSTRUME, EXP_TYPE, ASN_CANDIDATE"),
        ([row("a"), row("b", program="")], "in-memory, line 2, column PROGRAM: no value; every exposure needs one"),
        ([row("a", program="#1")], "in-memory, line 1, column PROGRAM: '#1' is not a program number"),
        ([row("a"), {"filename": "b"}], "in-memory, line 2, column PROGRAM: no value; every exposure needs one"),
        (
            [row("a"), row("a")],
            (
                "in-memory, column FILENAME: repeated file names: a_uncal.fits (lines 1, 2); "
                "make them unique, or use --keep-first"
            ),
        ),
    ],
)
def test_rows_and_tables_are_checked_in_the_same_way(rows: list[Row], message: str) -> None:
    with pytest.raises(PoolError) as caught:
        Pool.from_rows(rows)
    assert str(caught.value) == message
    made: Any = Table([{key: each.get(key, "") for key in USUAL} for each in rows]) if rows else Table()
    with pytest.raises(PoolError) as caught:
        Pool.from_table(made)
    assert str(caught.value) == message


def test_a_number_that_python_does_not_write_is_refused() -> None:
    with pytest.raises(PoolError) as caught:
        Pool.from_rows([{**row("a"), "obs_num": 10**5_000}])
    assert str(caught.value) == "in-memory: it has a number that is too long"


def test_an_empty_table_has_no_exposures() -> None:
    with pytest.raises(PoolError) as caught:
        Pool.from_table(table()[:0])
    assert str(caught.value) == "in-memory: there are no exposures in it"


def test_a_target_has_a_name_if_the_name_is_its_own_and_its_only_one() -> None:
    given = [("1", "A"), ("1", "A"), ("1", ""), ("2", "B"), ("3", "B"), ("4", "C"), ("4", "D"), ("5", ""), ("", "E")]
    pool = pool_of(*(row(f"x{place}", targetid=number, targprop=name) for place, (number, name) in enumerate(given)))
    assert pool.target_names == {"1": "a"}
    assert pool_of(row("a")).target_names == {}
