"""The command `asnsolve inspect`."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.app.cli import main

WHOLE = """\
pool.csv: 6 exposures in 13 columns

Program  Instrument  Exposure type  Exposures
1        miri        mir_image              4
1        miri        mir_tacq               1
1        nircam      nrc_led                1

Program  Candidate  Type         Exposures
1        c1000      group                5
1        o001       observation          2
1        o002       observation          3

Program  Target     Name  Exposures
1        not given                1
1        1          m 31          5

pool.csv
└── program 1  (6 exposures)
    ├── observation 1  (2 exposures)
    ├── observation 2  (3 exposures)
    └── observation 3  (1 exposure)

Missing or odd:
  there is no column VISITGRP
  there is no column SEQ_ID
  there is no column ACT_ID
  there is no column EXPOSURE
  1 exposure has no TARGETID
  1 exposure has no candidate, and so can be grouped by discovery only
  1 exposure qualifies for no rule: nrc_led (1)
"""


def output(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, without spaces at the ends of lines; nothing may be on standard error."""
    printed = capsys.readouterr()
    assert printed.err == ""
    return "".join(line.rstrip() + "\n" for line in printed.out.splitlines())


def test_the_whole_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "pool.csv"]) == 0
    assert output(capsys) == WHOLE
    assert [path.name for path in folder.iterdir()] == ["pool.csv"]


#: level, and the lines of the tree for the second observation
LEVELS = {
    "program": ["└── program 1  (6 exposures)"],
    "visit": ["    ├── observation 2  (3 exposures)", "    │   └── visit 1  (3 exposures)"],
    "activity": ["    ├── observation 2  (3 exposures)", "    │   └── visit 1  (3 exposures)"],
    "exposure": [
        "    │   └── visit 1  (3 exposures)",
        "    │       ├── t_uncal.fits",
        "    │       ├── b1_uncal.fits",
        "    │       └── b2_uncal.fits",
    ],
}


@pytest.mark.parametrize("level", LEVELS)
def test_the_hierarchy_is_shown_as_deep_as_it_is_asked_for(
    level: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    assert main(["inspect", "pool.csv", "--level", level]) == 0
    text = output(capsys)
    assert "\n".join(LEVELS[level]) + "\n" in text
    assert ("_uncal.fits" in text) == (level == "exposure")
    assert ("observation 2" in text) == (level != "program")


def test_a_pool_with_nothing_odd(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "FILENAME|PROGRAM|OBS_NUM|VISIT|VISITGRP|SEQ_ID|ACT_ID|EXPOSURE|INSTRUME|EXP_TYPE|TARGETID|PNTGTYPE|"
    (folder / "pool.csv").write_text(
        f"{header}SUBARRAY|FILTER|DETECTOR|ASN_CANDIDATE\n"
        "a|1|1|1|1|1|1|1|MIRI|MIR_IMAGE|1|SCIENCE|FULL|F1|MIRIMAGE|[('o001', 'OBSERVATION')]\n",
        encoding="utf-8",
    )
    assert main(["inspect", "pool.csv"]) == 0
    assert output(capsys).endswith("\n\nNothing is missing or odd.\n")


def test_a_bad_pool_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pool.csv").write_text("a|b\n", encoding="utf-8")
    assert main(["inspect", "pool.csv"]) == 2
    message = "pool.csv: required columns are missing: FILENAME, PROGRAM, INSTRUME, EXP_TYPE, ASN_CANDIDATE"
    assert capsys.readouterr() == ("", f"asnsolve inspect: error: {message}\n")
