"""Many pools in one run: each is solved by itself, and one that is bad does not stop the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from solver import load
from solver.app.cli import main
from solver.solving import groups
from solver.storage.archive import ENDINGS
from tests.cli.conftest import MANIFEST, contents, many_programs
from tests.cli.scenes import POOL

#: A rule whose search has a limit that a test can reach.
NEAR = '''\
from rules.level3_base import AsnMixin_Base, DMS_Level3_Base
from rules.naming import FIELDS
from rules.vocabulary import one_of, product_name, within


class Asn_Soon(AsnMixin_Base, DMS_Level3_Base):
    """Images taken soon after each other."""

    asn_type = "mine3"
    product_name = product_name("jw{program}-{candidate}_{exposure}", FIELDS)
    constraints = (one_of("exp_type", "mir_image"), within("visit", 1))
'''


@pytest.fixture
def pools(folder: Path) -> Path:
    """A folder with three pools of different programs, the second of which is bad, and something else."""
    (folder / "pool.csv").unlink()
    inside = folder / "pools"
    inside.mkdir()
    (inside / "a.csv").write_text(many_programs(1), encoding="utf-8")
    (inside / "b.csv").write_text("FILENAME|PROGRAM\n", encoding="utf-8")
    (inside / "c.csv").write_text(many_programs(3, 4), encoding="utf-8")
    (inside / "image_cal.fits").touch()
    return folder


BAD = (
    "pools: skipped 1 file without the ending of a pool: image_cal.fits\n"
    "asnsolve generate: error: pools/b.csv: required columns are missing: INSTRUME, EXP_TYPE, ASN_CANDIDATE\n"
)


@pytest.mark.parametrize("command", ["inspect", "explain --orphans", "check", "report"])
def test_a_command_about_one_pool_says_which_there_are(
    command: str, pools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del pools
    assert main([*command.split(), "pools"]) == 2
    problem = "error: pools has 3 pools; name one of them: a.csv, b.csv, c.csv\n"
    assert capsys.readouterr().err == f"asnsolve {command.partition(' ')[0]}: {problem}"


@pytest.mark.parametrize("command", ["inspect", "explain --orphans"])
def test_of_a_folder_with_one_pool_a_command_takes_that(command: str, folder: Path) -> None:
    assert main([*command.split(), str(folder)]) == 0


def generate(*arguments: str) -> int:
    return main(["generate", *arguments])


def made(folder: Path) -> list[str]:
    return sorted(name for name in contents(folder) if name.endswith("_asn.json"))


def test_a_bad_pool_is_reported_and_the_others_go_on(pools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("pools", "--level", "3", "-p", "out") == 1
    output = capsys.readouterr()
    assert output.err == BAD + "asnsolve generate: error: no results for 1 pool of 3, for the reasons above\n"
    lines = [line.rstrip() for line in output.out.splitlines()]
    assert lines[:4] == [
        "Pool         Exposures  Associations  In no association",
        "pools/a.csv          6             4                  1",
        "pools/c.csv         12             8                  2",
        "",
    ]
    assert lines[5].split(maxsplit=2)[0] == "Asn_Lv3Image"
    assert lines[-4].startswith("12 associations from 18 exposures of 2 pools in ")
    assert lines[-3] == "3 exposures in no Level 3 association"
    assert lines[-2] == f"written to {pools / 'out'}: 12 files"
    assert lines[-1] == "next: asnsolve plan out"
    for name, program in (("a.csv", 1), ("c.csv", 3), ("c.csv", 4)):
        alone = f"alone{program}"
        assert generate(f"pools/{name}", "--level", "3", "-p", alone) == 0
        both = contents(pools / "out")
        assert contents(pools / alone).items() <= both.items()


def test_each_pool_is_a_run_of_its_own(pools: Path) -> None:
    generate("pools", "-p", "out")
    before = contents(pools / "out")
    runs = json.loads((pools / "out" / MANIFEST).read_text(encoding="utf-8"))["runs"]
    assert [(Path(run["pool"]).name, run["complete"]) for run in runs] == [("a.csv", True), ("c.csv", True)]
    (pools / "pools" / "c.csv").write_text(many_programs(3), encoding="utf-8")
    generate("pools", "-p", "out")
    assert made(pools / "out") == [name for name in sorted(before) if not name.startswith("jw00004")]


def test_json_is_a_list_with_an_object_for_each_pool(pools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del pools
    generate("pools/a.csv", "--dry-run", "--json")
    alone = json.loads(capsys.readouterr().out)
    assert generate("pools", "--dry-run", "--json") == 1
    output = capsys.readouterr()
    assert output.err == BAD + "asnsolve generate: error: no results for 1 pool of 3, for the reasons above\n"
    first, second, third = json.loads(output.out)
    assert first == alone
    assert second == {
        "pool": "b.csv",
        "error": "pools/b.csv: required columns are missing: INSTRUME, EXP_TYPE, ASN_CANDIDATE",
    }
    assert third["exposures"] == 12


def test_orphans_of_each_pool_have_a_file_of_their_own(pools: Path) -> None:
    generate("pools", "-p", "out", "--save-orphans")
    names = {name for name in contents(pools / "out") if "orphan" in name}
    assert names == {"a_orphaned.csv", "c_orphaned.csv"}
    lines = (pools / "out" / "c_orphaned.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split("|")[0] for line in lines[1:]] == ["p3x_uncal.fits", "p4x_uncal.fits"]
    generate("pools", "-p", "pools", "--save-orphans")  # beside the pools they are no pools
    assert generate("pools", "-p", "pools", "--save-orphans") == 1
    assert made(pools / "pools") == made(pools / "out")


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_archive_has_what_the_good_pools_make(ending: str, pools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate("pools", "-p", "out")
    capsys.readouterr()
    assert generate("pools", "--archive", f"all{ending}") == 1
    output = capsys.readouterr()
    assert output.err == BAD + "asnsolve generate: error: no results for 1 pool of 3, for the reasons above\n"
    assert output.out.endswith(f"written to {pools / f'all{ending}'}: 27 associations\n")
    assert [each.file_name for each in load(f"all{ending}")] == [each.file_name for each in load("out")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_archive_has_nothing_of_a_pool_that_fails_in_the_middle(
    ending: str, crowd: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The third program of the first pool has too many exposures for the rule, when two parts are done."""
    more = "".join(f"more{i}.fits|3" + POOL.splitlines()[1].partition("|1")[2] + "\n" for i in range(9))
    (crowd / "a.csv").write_text(many_programs(1, 2, 3) + more, encoding="utf-8")
    (crowd / "b.csv").write_text(many_programs(4), encoding="utf-8")
    (crowd / "near.py").write_text(NEAR, encoding="utf-8")
    monkeypatch.setattr(groups, "EXPOSURES", 10)
    assert generate("a.csv", "b.csv", "-r", "near.py", "--archive", f"all{ending}") == 1
    assert capsys.readouterr().err.startswith(
        "asnsolve generate: error: a.csv: Asn_Soon on candidate ('c1000', 'group'): more than 10 exposures"
    )
    assert {each.program for each in load(f"all{ending}")} == {"00004"}
    before = contents(crowd)
    assert generate("a.csv", "-r", "near.py", "--archive", f"all{ending}") == 2
    assert contents(crowd) == before


@pytest.mark.parametrize("where", [["-p", "out"], ["--archive", "all.parquet"]], ids=lambda each: each[0])
def test_pools_that_make_files_of_one_name_are_refused(
    where: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.csv").write_text(POOL, encoding="utf-8")
    (folder / "b.csv").write_text(POOL.replace("o001", "o007"), encoding="utf-8")
    (folder / "c.csv").write_text(many_programs(3), encoding="utf-8")
    assert generate("a.csv", "b.csv", "c.csv", "--level", "3", *where) == 1
    expected = {
        "-p": (
            "asnsolve generate: error: b.csv: out: these files exist, but not as an earlier run of the same "
            "command wrote them: jw00001-c1000_image3_00001_asn.json, jw00001-o002_image3_00001_asn.json, "
            "jw00001-o002_image3_00002_asn.json; choose another folder with -p, or use --overwrite\n"
        ),
        "--archive": (
            "asnsolve generate: error: b.csv: a.csv makes image3 associations of jw00001-c1000, too; use two archives\n"
        ),
    }
    assert capsys.readouterr().err.startswith(expected[where[0]])
    pools: set[Any] = {each.asn_pool for each in load(where[1])}
    assert pools == {"a.csv", "c.csv"}
