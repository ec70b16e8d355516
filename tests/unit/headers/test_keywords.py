"""From keywords to columns."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.simulated_files import UNTOLD
from benchmarks.simulator import COLUMNS, POSITION_COLUMNS
from rules import MISSION
from rules.vocabulary import Column
from rules.vocabulary.expressions import walk
from solver.errors import UsageError
from solver.headers.assumptions import notes_on
from solver.headers.keywords import LAYOUT, NO_KEYWORD, POSITIONS, PROPOSED, SKY, layout_with, problem_with, row_of
from solver.pools import Row, Statements

EXPOSURE = "jw01234005001_02101_00001_nrca1"


def test_the_layout_is_that_of_pools_in_flight() -> None:
    assert LAYOUT == COLUMNS
    assert [*layout_with(["READPATT", "filter"])] == [*COLUMNS, *POSITION_COLUMNS, "readpatt", *PROPOSED, *SKY]
    assert POSITIONS == POSITION_COLUMNS
    assert {*NO_KEYWORD, "pntg_seq"} == UNTOLD  # which only some headers have


@pytest.mark.parametrize("text", ["", "A KEYWORD", "ÄGYPTEN", "READPATTERN"])
def test_what_is_no_keyword_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"--keyword {text}: a keyword has up to eight letters"):
        layout_with(["READPATT", text])


def test_the_keywords_that_are_read() -> None:
    keywords = {*layout_with(["READPATT"]).values()}
    assert {"OBSERVTN", "FILTER", "PROP_RA", "READPATT", "TARG_RA"} <= keywords
    assert not {"OBS_NUM", "TARGETID", "ASN_CANDIDATE"} & keywords


def row(header: dict[str, str], exposure: str = EXPOSURE) -> tuple[Row, Counter[tuple[str, str]]]:
    used: Counter[tuple[str, str]] = Counter()
    return row_of(exposure, header, layout_with(()), used), used


#: column, keyword, its value, and what the pool has
VALUES = [
    ("program", "PROGRAM", "01234", "1234"),
    ("obs_num", "OBSERVTN", "005", "5"),
    ("obs_num", "OBSERVTN", "000", "0"),
    ("visitgrp", "VISITGRP", "02", "2"),
    ("pntg_seq", "PNTG_SEQ", "2", "2"),
    ("exposure", "EXPOSURE", "00001", "1"),
    ("act_id", "ACT_ID", "1", "01"),
    ("act_id", "ACT_ID", "0A", "0A"),
    ("is_psf", "IS_PSF", "T", "T"),
    ("is_psf", "IS_PSF", "True", "T"),
    ("bkgdtarg", "BKGDTARG", "false", "F"),
    ("targname", "TARGNAME", " HD   147980 ", "HD 147980"),
    ("fxd_slit", "FXD_SLIT", "S200A1", "S200A1"),
    ("fxd_slit", "FXD_SLIT", "NONE", ""),
    ("opmode", "OPMODE", "NONE", ""),
    ("patttype", "PATTTYPE", "NONE", "NONE"),
    ("lamp", "LAMP", "NONE", "NONE"),
    ("targetid", "TARGETID", "7", ""),
]


@pytest.mark.parametrize(("column", "keyword", "value", "kept"), VALUES)
def test_values(column: str, keyword: str, value: str, kept: str) -> None:
    made, used = row({keyword: value})
    assert made[column] == kept
    assert used["default", column] == (value == "NONE" and kept == "")
    assert made["filename"] == f"{EXPOSURE}_uncal.fits"


def test_a_column_without_a_name_is_no_value_of_columns_without_a_keyword() -> None:
    found, _ = row({"": "0"})
    assert found["asn_candidate"] == ""


def test_what_keywords_lack_the_name_says() -> None:
    made, used = row({"VISIT": "007", "DETECTOR": "N/A"})
    assert (made["program"], made["obs_num"], made["visit"], made["detector"]) == ("1234", "5", "7", "NRCA1")
    assert used["name", "obs_num"] == used["name", "detector"] == 1
    assert used["name", "visit"] == 0


#: keywords of an exposure with an unknown name, and why it cannot be grouped
PROBLEMS = [
    ("EXP_TYPE=NRC_IMAGE INSTRUME=NIRCAM PROGRAM=1 OBSERVTN=1", None),
    ("EXP_TYPE=NRC_IMAGE INSTRUME=NIRCAM PROGRAM=1", "has no OBSERVTN"),
    ("EXP_TYPE=N/A INSTRUME=null", "has no EXP_TYPE and no INSTRUME and no PROGRAM and no OBSERVTN"),
    ("EXP_TYPE=NRC_IMAGE INSTRUME=NIRCAM PROGRAM=1/2 OBSERVTN=1", "has PROGRAM '1/2', which is not a number"),
    ("EXP_TYPE=NRC_IMAGE INSTRUME=NIRCAM PROGRAM=1 OBSERVTN=1.5", "has OBSERVTN '1.5', which is not a number"),
]


@pytest.mark.parametrize(("header", "problem"), PROBLEMS)
def test_what_cannot_be_grouped(header: str, problem: str | None) -> None:
    made, _ = row(dict(part.split("=") for part in header.split()), "mine")
    assert problem_with(made) == problem


def test_columns_without_keyword_are_spoken_of_and_those_left_empty_are_asked_for_by_no_rule() -> None:
    notes = list(notes_on(3, Counter(), Statements(), ()))
    assert {column for note in notes for column in note.columns} == {*NO_KEYWORD}
    (empty,) = [note for note in notes if note.assumed == "left empty"]
    asked = {part.name for rule in MISSION for part in walk(rule.spec) if isinstance(part, Column)}
    assert not asked & {*empty.columns}


def test_notes_say_what_was_done() -> None:
    used = Counter({("name", "visit"): 2, ("name", "act_id"): 1, ("default", "fxd_slit"): 3})
    stated = Statements.of(set="dms_note=jitter:*", background="o002:o001")
    notes = list(notes_on(3, used, stated, ["band", "pupil"]))
    assumed = {note.columns: (note.exposures, note.assumed) for note in notes}
    assert assumed["asn_candidate",] == (3, "each observation is a candidate; --background o002:o001")
    assert assumed["dms_note",] == (3, "none; --set dms_note=jitter:*")
    assert assumed["act_id", "visit"] == (2, "from the file's name, since the keyword is missing")
    assert assumed["fxd_slit",] == (3, "the value NONE counts as missing")
    assert assumed["band", "pupil"] == (3, "missing: the table does not have them")
