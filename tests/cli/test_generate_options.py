"""Options of `asnsolve generate` that change which rules are used and what becomes of their groups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.app.cli import main
from tests.cli.scenes import MINE

MANIFEST = "asnsolve-manifest.json"

LEVEL2 = [
    "o001_image2_00001", "o001_image2_00002", "o002_image2_00001", "o002_image2_00002", "o002_image2_00003",
]  # fmt: skip
LEVEL3 = ["c1000_image3_00001", "o001_image3_00001", "o002_image3_00001", "o002_image3_00002"]

#: Two images, the second of a background target, which share a background candidate.
SHARED = """\
FILENAME|PROGRAM|OBS_NUM|INSTRUME|DETECTOR|EXP_TYPE|TARGETID|PNTGTYPE|SUBARRAY|FILTER|BKGDTARG|ASN_CANDIDATE
a_uncal.fits|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|SCIENCE|FULL|F770W|F|[('o001', 'OBSERVATION'), ('c1000', 'BACKGROUND')]
x_uncal.fits|1|2|MIRI|MIRIMAGE|MIR_IMAGE|2|SCIENCE|FULL|F770W|T|[('o002', 'OBSERVATION'), ('c1000', 'BACKGROUND')]
"""


def made(folder: Path) -> list[str]:
    """The associations in a folder, by what tells them apart."""
    return sorted(path.name.removeprefix("jw00001-").removesuffix("_asn.json") for path in folder.glob("*_asn.json"))


def members(path: Path) -> dict[str, list[str]]:
    """Product name to its members."""
    return {
        product["name"]: [f"{member['exptype']} {member['expname']}" for member in product["members"]]
        for product in json.loads(path.read_text(encoding="utf-8"))["products"]
    }


@pytest.fixture
def mine(folder: Path) -> Path:
    """A folder with the pool and a file with a rule."""
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    return folder


#: options, the associations that are made, and what the manifest says was asked
CHOICES = [
    ([], [*LEVEL3, *LEVEL2], ""),
    (["--level", "both"], [*LEVEL3, *LEVEL2], ""),
    (["--level", "2"], LEVEL2, "--level 2"),
    (["--level", "3"], LEVEL3, "--level 3"),
    (["--level", "2", "--discover"], [], "--level 2 --discover"),
    (["--level", "3", "--discover"], ["a3001_image3_00001", "a3001_image3_00002"], "--level 3 --discover"),
    (["--ids", "O002", "c1000", "--level", "3"], [*LEVEL3[:1], *LEVEL3[2:]], "-i c1000 o002 --level 3"),
    (["--all-candidates"], [*LEVEL3, *LEVEL2], "--all-candidates"),
    (["-i", "o002", "c1000"], [*LEVEL3[:1], *LEVEL2[2:], *LEVEL3[2:]], "-i c1000 o002"),
    (["-i", "o001", "--version-id", "V7"], ["o001_v7_image2_00001", "o001_v7_image2_00002", "o001_v7_image3_00001"],
        "-i o001 --version-id V7"),
    (["--merge", "-i", "o001"], ["o001_image2_00001", "o001_image3_00001"], "-i o001 --merge"),
    (["--no-merge", "-i", "o001"], [*LEVEL2[:2], LEVEL3[1]], "-i o001"),
    (["--per-pool-algorithm", "-i", "o001"], [*LEVEL2[:2], LEVEL3[1]], "-i o001"),
    (["--format", "json", "-i", "o001"], [*LEVEL2[:2], LEVEL3[1]], "-i o001"),
    (["--engine", "constraint"], [*LEVEL3, *LEVEL2], ""),
    (["--engine", "signatures", "-i", "o001"], [*LEVEL2[:2], LEVEL3[1]], "-i o001"),
    (["--save-orphans", "-i", "o001"], [*LEVEL2[:2], LEVEL3[1]], "-i o001"),
    (["-r", "mine.py", "--ignore-default", "--all-candidates"], ["c1000_mine3_00001", "o001_mine3_00001",
        "o002_mine3_00001"], "-r mine.py --all-candidates --ignore-default"),
    # the user's rule groups the exposures of a mission's; of rules with the same members the last by name stays
    (["--rules", "mine.py", "-i", "o001"], [*LEVEL2[:2], "o001_image3_00001", "o001_mine3_00001"],
        "-i o001 -r mine.py"),
    (["-r", "mine.py", "--level", "2", "-i", "o001"], LEVEL2[:2], "-i o001 --level 2 -r mine.py"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "files", "asked"), CHOICES, ids=[" ".join(each[0]) or "none" for each in CHOICES])
def test_what_is_made(options: list[str], files: list[str], asked: str, mine: Path) -> None:
    assert main(["generate", "pool.csv", "-p", "out", *options]) == 0
    assert made(mine / "out") == sorted(files)
    (run,) = json.loads((mine / "out" / MANIFEST).read_text(encoding="utf-8"))["runs"]
    assert (Path(run["pool"]).name, run["asked"], run["complete"]) == ("pool.csv", asked, True)
    assert {name for name in run["files"] if name.endswith("_asn.json")} == {
        path.name for path in (mine / "out").glob("*_asn.json")
    }


def test_rules_of_several_files(mine: Path) -> None:
    other = MINE.replace("Asn_Mine", "Asn_Other").replace("mine3", "other3").replace('"targetid"', '"filter"')
    (mine / "other.py").write_text(other, encoding="utf-8")
    options = ["-r", "mine.py", "-r", "other.py", "--ignore-default", "-i", "o002"]
    assert main(["generate", "pool.csv", "-p", "out", *options]) == 0
    assert made(mine / "out") == ["o002_mine3_00001", "o002_other3_00001", "o002_other3_00002"]


def test_merging_puts_the_level_2_products_of_a_candidate_in_one_file(folder: Path) -> None:
    assert main(["generate", "pool.csv", "--merge", "-i", "o002"]) == 0
    assert made(folder) == ["o002_image2_00001", "o002_image3_00001", "o002_image3_00002"]
    assert members(folder / "jw00001-o002_image2_00001_asn.json") == {
        "b1": ["science b1_rate.fits"], "b2": ["science b2_rate.fits"], "t": ["science t_rate.fits"],
    }  # fmt: skip


def test_groups_are_written_as_found_on_request(folder: Path) -> None:
    assert main(["generate", "pool.csv", "--level", "3", "--no-finalize", "-p", "out"]) == 0
    assert made(folder / "out") == [
        "a3001_image3_00001", "a3001_image3_00002", "c1000_image3_00001", "c1000_image3_00002", "o001_image3_00001",
        "o002_image3_00001", "o002_image3_00002",
    ]  # fmt: skip
    alone = members(folder / "out" / "jw00001-c1000_image3_00001_asn.json")
    assert alone == {"jw00001-c1000_t001_miri_f560w": ["science b2_cal.fits", "target_acquisition t_cal.fits"]}


@pytest.fixture
def shared(folder: Path) -> Path:
    (folder / "pool.csv").write_text(SHARED, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ([], ["c1000_image2_00001", "o002_image2_00001"]),
        (["-i", "o001"], ["o001_image2_00001"]),
        (["-i", "o001", "--DMS"], []),
        (["-i", "o002", "--DMS"], ["o002_image2_00001"]),
        (["-i", "o001", "c1000", "--DMS"], ["c1000_image2_00001"]),
        (["--DMS"], ["c1000_image2_00001", "o002_image2_00001"]),
    ],
    ids=lambda each: " ".join(each) or "none",
)
def test_what_background_candidates_stand_for_is_left_out(options: list[str], files: list[str], shared: Path) -> None:
    assert main(["generate", "pool.csv", "--level", "2", "-p", "out", *options]) == 0
    assert made(shared / "out") == files


def test_a_background_candidate_adds_its_background(shared: Path) -> None:
    main(["generate", "pool.csv", "--level", "2"])
    assert members(shared / "jw00001-c1000_image2_00001_asn.json") == {
        "a": ["science a_rate.fits", "background x_rate.fits"]
    }
    assert json.loads((shared / "jw00001-c1000_image2_00001_asn.json").read_text(encoding="utf-8"))["target"] == "1"


def test_the_reasons_of_orphans_are_in_json_and_in_the_file(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paired = MINE.replace('same("targetid")', 'same("filter"), at_least(2)')
    (mine / "mine.py").write_text(paired, encoding="utf-8")
    options = ["-r", "mine.py", "--ignore-default", "--save-orphans", "--json", "-i", "o002"]
    assert main(["generate", "pool.csv", "-p", "out", *options]) == 0
    orphans = json.loads(capsys.readouterr().out)["orphans"]
    lines = (mine / "out" / "orphaned.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("|ORPHAN_BECAUSE")
    assert {line.split("|")[0]: line.split("|")[-1] for line in lines[1:]} == orphans
    assert set(orphans) == {"a1_uncal.fits", "a2_uncal.fits", "x_uncal.fits"}
