"""The command `asnsolve explain`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from solver.app.cli import main
from tests.cli.conftest import POOL

EXPOSURE = """\
b2_uncal.fits
├── mir_image of miri; program 1, observation 2, target 1; in c1000 (group), o002 (observation)
├── it is in no product
└── 1 rule did not take it
    └── Asn_Lv3Image: Images of one target
        ├── it is in no group that spans at least 2 values of observation in candidates of type group, background, \
mosaic (DMS_Level3_Base); its group has observation 2
        └── it would join jw00001-c1000_t001_miri_f770w as science if FILTER were f770w (it is f560w)
"""

ORPHAN = """\
x_uncal.fits
├── nrc_led of nircam; program 1, observation 3, target not given; in no candidate
├── it is in no product
├── 1 rule did not take it
│   └── Asn_Lv3TSO: Time series of one observation
│       ├── it is in no candidate; the rule asks that the candidate type is observation (Asn_Lv3TSO)
│       ├── target is not given, needs a value (AsnMixin_Target)
│       ├── time-series flag is not given, needs t (Asn_Lv3TSO)
└── 42 rules are for other exposure types
"""

JOINED = """\
t_uncal.fits
├── mir_tacq of miri; program 1, observation 2, target 1; in c1000 (group), o002 (observation)
└── it is in 1 product
    └── as target_acquisition by Asn_Lv3Image
        ├── jw00001-c1000_t001_miri_f770w with 3 others (candidate c1000, jw00001-c1000_image3_00001_asn.json)
        ├── it joins: program 1, instrument miri, observation 2 (DMS_Level3_Base)
        └── it has its role: pointing type target_acquisition (DMS_Level3_Base)
"""

PAIR = """\
a1_uncal.fits and b2_uncal.fits
├── they are together in no product
└── kept apart where both could be
    ├── Asn_Lv2Image
    │   ├── no candidate of which the candidate type is one of background, observation \
(AsnMixin_Lv2BackgroundCandidate) lists both: candidates are c1000 (group), o001 (observation) and c1000 (group), \
o002 (observation)
    │   ├── filter or band is f770w and f560w (AsnMixin_Lv2Mode)
    │   └── role is science and science; a group is about one science exposure, with the background exposures that \
qualify and have the same (AsnMixin_Lv2Background)
    ├── Asn_Lv2WFSSMIR
    │   ├── no candidate of which the candidate type is one of background, observation \
(AsnMixin_Lv2BackgroundCandidate) lists both: candidates are c1000 (group), o001 (observation) and c1000 (group), \
o002 (observation)
    │   └── role is direct_image and direct_image; a group is about one science exposure, with the direct_image and \
background and imprint and target_acquisition exposures that qualify and have the same (AsnMixin_Lv2WFSS)
    └── Asn_Lv3Image
        └── filter is f770w and f560w (AsnMixin_OpticalPath)
"""

ASSOCIATION = """\
jw00001-c1000_t001_miri_f770w
├── jw00001-c1000_image3_00001_asn.json: Asn_Lv3Image in candidate c1000
├── the rule is for: Images of one target.
├── its members
│   ├── it qualifies: imprint flag not given (DMS_Level3_Base); time-series flag not given, exposure type mir_image \
(AsnMixin_NotTimeSeries); background flag not given (AsnMixin_NotBackground); visit type not given \
(AsnMixin_NotWavefrontSensing); exposure type mir_image (AsnMixin_Image)
│   └── it agrees: program 1, instrument miri (AsnMixin_Base); filter f770w, pupil or grating not given, fixed slit \
not given, subarray full (AsnMixin_OpticalPath); target 1 (AsnMixin_Target); visit type not given \
(AsnMixin_NotWavefrontSensing); exposure type mir_image (AsnMixin_Image)
├── 4 members
│   ├── 3 science
│   │   ├── a1_cal.fits
│   │   ├── a2_cal.fits
│   │   └── b1_cal.fits
│   └── 1 target_acquisition
│       ├── it joins: program 1, instrument miri, observation 2 (DMS_Level3_Base)
│       ├── it has its role: pointing type target_acquisition (DMS_Level3_Base)
│       └── t_cal.fits
├── close, but left out
│   └── filter is f560w, needs f770w (AsnMixin_OpticalPath): b2_uncal.fits
└── it stands for
    └── jw00001-a3001_t001_miri_f770w (Asn_Lv3Image in candidate a3001): same members; observations come before \
other candidates, and those before discovery
"""

ORPHANS = """\
1 of 6 exposures in no association
└── 1 exposure of nrc_led: qualifies for no rule; nearest is Asn_Lv3TSO: target is not given, needs a value \
(AsnMixin_Target); time-series flag is not given, needs t (Asn_Lv3TSO) (x_uncal.fits)
"""

#: the arguments after the pool, and what is told
TOLD = {
    "b2 --rule Asn_Image --candidate c1000": EXPOSURE,
    "x_uncal.fits": ORPHAN.replace("├── time-series flag", "└── time-series flag"),
    "t_ --rule asn_image --candidate C1000": JOINED,
    "a1 b2": PAIR,
    "--association jw00001-c1000_t001_miri_f770w": ASSOCIATION,
    "--association out/jw00001-c1000_image3_00001_asn.json": ASSOCIATION,
    "--orphans": ORPHANS,
}


@pytest.mark.parametrize("arguments", TOLD)
def test_what_is_told(arguments: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert main(["explain", "pool.csv", *arguments.split()]) == 0
    assert capsys.readouterr() == (TOLD[arguments], "")


def test_all_rules_are_accounted_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert main(["explain", "pool.csv", "b2"]) == 0
    out = capsys.readouterr().out
    assert "├── it is in 2 products\n" in out
    assert "├── 9 rules did not take it, the nearest first\n│   ├── Asn_Lv2ImageSpecial: " in out
    assert out.endswith("└── 32 rules are for other exposure types\n")


@pytest.fixture
def as_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON that the command prints for arguments after the pool."""
    del folder

    def data(*arguments: str) -> Any:
        assert main(["explain", "pool.csv", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return data


def test_an_exposure_as_data(as_data: Any) -> None:
    told = as_data("b2", "--rule", "Asn_Lv3Image", "--candidate", "c1000")
    assert told == {
        "exposure": "b2_uncal.fits",
        "about": {
            "program": "1", "obs_num": "2", "instrume": "miri", "detector": "mirimage", "exp_type": "mir_image",
            "targetid": "1", "asn_candidate": "c1000 (group), o002 (observation)",
        },
        "memberships": [],
        "refusals": [
            {
                "rule": "Asn_Lv3Image",
                "summary": "Images of one target.",
                "obstacles": [
                    {
                        "kind": "validity",
                        "constraint": "spans at least 2 values of observation in candidates of type group, "
                        "background, mosaic",
                        "by": "DMS_Level3_Base",
                        "needs": [
                            {
                                "attribute": "observation", "columns": ["obs_num"], "has": "2",
                                "relation": "at least", "values": ["2"],
                            }
                        ],
                    }
                ],
                "group": "",
                "fix": {
                    "changes": [{"column": "filter", "has": "f560w", "needs": "f770w", "any_other": False}],
                    "product": "jw00001-c1000_t001_miri_f770w",
                    "candidate": "c1000",
                    "role": "science",
                    "joins": True,
                },
                "superseded": None,
            }
        ],
        "other_types": [],
    }  # fmt: skip


def test_everything_else_as_data(as_data: Any) -> None:
    assert set(as_data("a1", "b2")) == {"exposures", "together", "apart", "only_first", "only_second"}
    assert as_data("--association", "a1")["members"][0]["file"] == "a1_rate.fits"
    assert as_data("--orphans")["groups"][0]["exposures"] == ["x_uncal.fits"]


RULE = """
from rules.vocabulary import one_of, product_name, same
from rules.level3_base import DMS_Level3_Base
from rules.naming import FIELDS

class Asn_Mine(DMS_Level3_Base):
    "Images of one filter."
    asn_type = "image3"
    product_name = product_name("mine-{candidate}", FIELDS)
    constraints = (one_of("exp_type", "mir_image"), one_of("filter", "f1500w"), same("targetid"))
"""


def test_rules_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.py").write_text(RULE, encoding="utf-8")
    assert main(["explain", "pool.csv", "b2", "-r", "mine.py", "--rule", "Asn_Mine"]) == 0
    assert capsys.readouterr().out.splitlines()[4:] == [
        "    └── Asn_Mine: Images of one filter",
        "        ├── filter is f560w, needs f1500w (Asn_Mine)",
        "        └── it would be science of a new product, mine-o002, if FILTER were f1500w (it is f560w)",
    ]


def test_data_is_shown_inert(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.csv").write_text(POOL.replace("b2_uncal", "[red]b2\x1b[31m_uncal"), encoding="utf-8")
    assert main(["explain", "odd.csv", "b2"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.startswith("[red]b2\\x1b[31m_uncal.fits\n")


NOTHING_ASKED = "name an exposure, or two, or an association with --association, or say --orphans"
NOT_OF_ONE = "--rule and --candidate narrow the explanation of one exposure; name one"

#: the arguments, and the message
BAD: dict[str, str] = {
    "none.csv a1": "none.csv: cannot be read: No such file or directory",
    "pool.csv a1 -r none.py": "none.py: cannot be read: No such file or directory",
    "pool.csv": NOTHING_ASKED,
    "pool.csv a1 --orphans": NOTHING_ASKED,
    "pool.csv a1 --association a1": NOTHING_ASKED,
    "pool.csv --orphans --rule Asn_Image": NOT_OF_ONE,
    "pool.csv a1 b2 --candidate o001": NOT_OF_ONE,
    "pool.csv b": "pool.csv: 2 exposures have 'b' in their names: b1_uncal.fits, b2_uncal.fits",
    "pool.csv bb1_uncal.fits": ("pool.csv: no exposure has 'bb1_uncal.fits' in its name; did you mean b1_uncal.fits?"),
    "pool.csv a1 a1_uncal": "pool.csv: 'a1' and 'a1_uncal' are one exposure; name two",
    "pool.csv a1 --candidate c9": "no exposure of program 1 lists candidate c9; there are a3001, c1000, o001, o002",
    "pool.csv a1 --rule Asn_Imag": "no rule is named 'Asn_Imag'; did you mean Asn_Lv3Image or Asn_Lv2Image?",
    "pool.csv --association jw00001-o001_t001_miri_f777w": (
        "pool.csv: no association is called 'jw00001-o001_t001_miri_f777w'; "
        "did you mean jw00001-o001_t001_miri_f770w or jw00001-o002_t001_miri_f770w or jw00001-c1000_t001_miri_f770w?"
    ),
    "pool.csv --association jw00001-a3001_t001_miri_f770w": (
        "pool.csv: jw00001-a3001_t001_miri_f770w was made and not kept: same members as jw00001-c1000_t001_miri_f770w"
    ),
}


@pytest.mark.parametrize("arguments", BAD)
def test_bad_input(arguments: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert main(["explain", *arguments.split()]) == 2
    assert capsys.readouterr() == ("", f"asnsolve explain: error: {BAD[arguments]}\n")
