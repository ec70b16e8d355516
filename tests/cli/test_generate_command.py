"""The command `asnsolve generate`."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from solver.app.cli import main
from solver.storage import results as writing
from tests.cli.conftest import contents

MANIFEST = "asnsolve-manifest.json"
O001 = "jw00001-o001_image3_00001_asn.json"
O002 = ["jw00001-o002_image3_00001_asn.json", "jw00001-o002_image3_00002_asn.json"]
C1000 = "jw00001-c1000_image3_00001_asn.json"
A3001 = [f"jw00001-a3001_image3_0000{number}_asn.json" for number in (1, 2)]


LEVEL2 = [f"jw00001-{name}_asn.json" for name in (
    "o001_image2_00001", "o001_image2_00002", "o002_image2_00001", "o002_image2_00002", "o002_image2_00003",
)]  # fmt: skip


def run(*arguments: str) -> int:
    """Make Level 3, about which most tests here are."""
    return main(["generate", "pool.csv", "--level", "3", *arguments])


def runs(folder: Path) -> dict[tuple[str, str], list[str]]:
    """The manifest's runs: pool and what was asked of it, to the names of its files."""
    written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["runs"]
    assert all(each["complete"] for each in written)
    return {(Path(each["pool"]).name, each["asked"]): list(each["files"]) for each in written}


def made(folder: Path) -> list[str]:
    """The files in a folder but for pool and manifest."""
    return sorted(path.name for path in folder.iterdir() if path.name not in {"pool.csv", MANIFEST})


def members(path: Path) -> list[str]:
    (product,) = json.loads(path.read_text(encoding="utf-8"))["products"]
    return [f"{member['exptype']} {member['expname']}" for member in product["members"]]


NO_RULE = "no rule fits"


def test_an_association_file(folder: Path) -> None:
    run("-i", "o002")
    assert members(folder / O002[1]) == ["science b1_cal.fits", "target_acquisition t_cal.fits"]
    written = json.loads((folder / O002[1]).read_text(encoding="utf-8"))
    assert written["asn_pool"] == "pool.csv"
    assert written["products"][0]["name"] == "jw00001-o002_t001_miri_f770w"


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--dry-run", "--save-orphans", "-p", "new") == 0
    assert [path.name for path in folder.iterdir()] == ["pool.csv"]
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")


@pytest.mark.parametrize(
    ("options", "name"), [(["--save-orphans"], "orphaned.csv"), (["--save-orphans", "rest.csv"], "rest.csv")]
)
def test_orphans_are_saved_as_a_pool(options: list[str], name: str, folder: Path) -> None:
    run(*options, "-p", "out")
    assert (folder / "out" / name).read_text(encoding="utf-8") == (
        "FILENAME|PROGRAM|OBS_NUM|VISIT|INSTRUME|DETECTOR|EXP_TYPE|TARGETID|TARGPROP|PNTGTYPE|SUBARRAY|FILTER|"
        "ASN_CANDIDATE|ORPHAN_BECAUSE\n"
        f"x_uncal.fits|1|3|1|nircam|nrca1|nrc_led|NULL|NULL|science|full|NULL|NULL|{NO_RULE}\n"
    )
    assert main(["generate", f"out/{name}", "--dry-run"]) == 0


def test_no_association_is_lost_to_the_file_of_orphans(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--save-orphans", O001) == 2
    assert capsys.readouterr().err.startswith("asnsolve generate: error: ")
    assert made(folder) == []


@pytest.mark.parametrize(
    ("archive", "orphans"),
    [
        ("all.jsonl", "all.jsonl"),
        ("all.jsonl", "all.jsonl.manifest.json"),
        ("all.parquet", "all.members.parquet"),
        ("folder/../all.jsonl.gz", "all.jsonl.gz"),
    ],
)
def test_no_archive_is_lost_to_the_file_of_orphans(
    archive: str, orphans: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "folder").mkdir()
    assert run("--archive", archive, "--save-orphans", orphans) == 2
    problem = f"--save-orphans {orphans} is a file of the archive; choose another name"
    assert capsys.readouterr().err == f"asnsolve generate: error: {problem}\n"
    assert made(folder) == ["folder"]


def test_a_version_without_a_value_is_the_time_of_the_run(folder: Path) -> None:
    assert run("-i", "o001", "--version-id") == 0
    (name,) = made(folder)
    assert re.fullmatch(r"jw00001-o001_\d{8}t\d{6}_image3_00001_asn\.json", name)
    version = json.loads((folder / name).read_text(encoding="utf-8"))["version_id"]
    assert f"_{version}_" in name


def test_rows_in_any_order_give_the_same_bytes(folder: Path) -> None:
    run("-p", "first", "--save-orphans")
    header, *rows = (folder / "pool.csv").read_text(encoding="utf-8").splitlines()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        (folder / "pool.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        run("-p", f"other{seed}", "--save-orphans")
        assert contents(folder / f"other{seed}") == contents(folder / "first")
        assert runs(folder / f"other{seed}") == runs(folder / "first")


def without_the_second_observation(folder: Path) -> None:
    """Take the exposures of observation 2 out of the pool."""
    path = folder / "pool.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "o002" not in line), encoding="utf-8")


def test_a_second_run_replaces_what_the_first_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-p", "out")
    capsys.readouterr()
    without_the_second_observation(folder)
    run("-p", "out")
    printed = capsys.readouterr().out
    assert f"written to {folder / 'out'}: 1 file\nremoved 3 files left from an earlier run\n" in printed
    assert printed.endswith("next: asnsolve plan out\n")
    assert made(folder / "out") == [O001]


def test_a_run_that_is_asked_something_else_leaves_the_files_of_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("-p", "out")
    run("-p", "out", "-i", "o001")
    run("-p", "out", "--discover")
    main(["generate", "pool.csv", "--level", "2", "-p", "out", "-i", "o002"])
    assert "removed" not in capsys.readouterr().out
    assert made(folder / "out") == sorted([O001, *O002, C1000, *A3001, *LEVEL2[2:]])
    assert runs(folder / "out") == {
        ("pool.csv", "--level 3"): [C1000, O001, *O002],
        ("pool.csv", "--level 3 --discover"): A3001,
        ("pool.csv", "-i o002 --level 2"): LEVEL2[2:],
        ("pool.csv", "-i o001 --level 3"): [O001],
    }
    without_the_second_observation(folder)
    run("-p", "out")  # what only this run made is removed; its o001 file is still the other run's too
    assert made(folder / "out") == sorted([O001, *A3001, *LEVEL2[2:]])


def test_two_pools_share_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "pool.csv").read_text(encoding="utf-8")
    (folder / "other.csv").write_text(text.replace("uncal.fits|1|", "uncal.fits|2|"), encoding="utf-8")
    run("-p", "out", "-i", "o001")
    assert main(["generate", "other.csv", "--level", "3", "-p", "out", "-i", "o001"]) == 0
    assert made(folder / "out") == [O001, O001.replace("jw00001", "jw00002")]
    assert runs(folder / "out") == {
        ("other.csv", "-i o001 --level 3"): [O001.replace("jw00001", "jw00002")],
        ("pool.csv", "-i o001 --level 3"): [O001],
    }
    capsys.readouterr()
    (folder / "other.csv").write_text(text, encoding="utf-8")
    assert main(["generate", "other.csv", "--level", "3", "-p", "out", "-i", "o001"]) == 2
    assert capsys.readouterr().err == (
        "asnsolve generate: error: out: these files exist, but not as an earlier run of the same command "
        f"wrote them: {O001}; choose another folder with -p, or use --overwrite\n"
    )


def test_a_changed_file_that_is_not_made_again_is_mentioned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-p", "out")
    (folder / "out" / C1000).write_text("changed", encoding="utf-8")
    capsys.readouterr()
    without_the_second_observation(folder)
    run("-p", "out")
    printed = capsys.readouterr().out
    assert f"left alone, because they are not as an earlier run wrote them here: {C1000}\n" in printed
    assert made(folder / "out") == [C1000, O001]


def test_a_foreign_file_is_replaced_on_request_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / O001).write_text("mine", encoding="utf-8")
    assert run() == 2
    assert capsys.readouterr() == (
        "",
        (
            "asnsolve generate: error: the current folder: these files exist, but not as an earlier run of the same "
            f"command wrote them: {O001}; "
            "choose another folder with -p, or use --overwrite\n"
        ),
    )
    assert made(folder) == [O001]
    assert not (folder / MANIFEST).exists()
    assert run("--overwrite") == 0
    assert members(folder / O001) == ["science a1_cal.fits", "science a2_cal.fits"]


def test_a_full_disk_is_an_error_and_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, text: str) -> None:
        del text
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(writing, "write_whole", fail)
    assert run() == 2
    problem = f"cannot write {O001.replace('o001', 'c1000')}: No space left on device"
    message = f"{problem}; choose another folder with -p; what is in . is marked as incomplete"
    assert capsys.readouterr() == ("", f"asnsolve generate: error: {message}\n")
    assert made(folder) == []


def test_other_delimiters_and_formats(folder: Path) -> None:
    text = (folder / "pool.csv").read_text(encoding="utf-8")
    (folder / "pool.csv").write_text(text.replace("|", ";"), encoding="utf-8")
    assert run("-d", ";", "-p", "out") == 0
    assert made(folder / "out") == sorted([O001, *O002, C1000])
    commas = re.sub(r"(\[.*\])", r'"\1"', text).replace("|", ",")
    (folder / "pool.csv").write_text(commas, encoding="utf-8")
    assert run("--pool-format", "ascii.csv", "-p", "other") == 0
    assert made(folder / "other") == made(folder / "out")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_delimiter_is_recognised(folder: Path, delimiter: str) -> None:
    text = (folder / "pool.csv").read_text(encoding="utf-8")
    (folder / "pool.csv").write_text(text.replace("|", delimiter), encoding="utf-8")
    assert run("-p", "out") == 0
    assert made(folder / "out") == sorted([O001, *O002, C1000])


def test_a_pool_with_a_strange_name_is_solved_or_refused(folder: Path) -> None:
    name = b"p\xff.csv".decode("utf-8", "surrogateescape")
    try:
        (folder / "pool.csv").rename(folder / name)
    except OSError:
        pytest.skip("the file system has no such names")
    assert main(["generate", name, "-p", "out"]) in {0, 2}
