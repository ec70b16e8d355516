"""All associations of many programs in one archive, and out of it again."""

from __future__ import annotations

import fnmatch
import json
import re
from pathlib import Path
from unittest.mock import Mock

import pytest

from solver import load
from solver.app.cli import main
from solver.storage.archive import ENDINGS
from solver.storage.loading import load_named
from tests.cli.conftest import contents, many_programs

MANIFEST = "asnsolve-manifest.json"


NO_ARCHIVE = "is not an archive; its name must end with .jsonl, .jsonl.gz, .jsonl.zst, .parquet"


def generate(*arguments: str) -> int:
    return main(["generate", "pool.csv", *arguments])


def without_times(text: str) -> list[str]:
    """The lines of an output, without the time."""
    return [line.rstrip() for line in re.sub(r"in \d+\.\d\d s", "in N s", text).splitlines()]


# --- Archives -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("options", [[], ["--merge", "--version-id", "7"], ["--no-finalize"]], ids=" ".join)
@pytest.mark.sampled(2)
def test_what_is_extracted_is_what_would_have_been_written(ending: str, options: list[str], crowd: Path) -> None:
    assert generate("-p", "files", *options) == 0
    assert generate("--archive", f"all{ending}", *options) == 0
    assert main(["extract", f"all{ending}", "-p", "extracted"]) == 0
    assert len(contents(crowd / "files")) > 20
    assert contents(crowd / "extracted") == contents(crowd / "files")
    assert [each.file_name for each in load(f"all{ending}")] == [each.file_name for each in load("files")]
    (run,) = json.loads((crowd / "extracted" / MANIFEST).read_text(encoding="utf-8"))["runs"]
    assert (Path(run["pool"]).name, run["asked"], run["complete"]) == (f"all{ending}", "extract", True)


def test_the_output_for_an_archive(crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("--archive", "out/all.jsonl.zst", "--level", "3", "--save-orphans", "-p", "out") == 0
    assert without_times(capsys.readouterr().out) == [
        "Rule          Type    Candidates                      Associations  Members",
        "Asn_Lv3Image  image3  c1000 (5), o001 (5), o002 (10)            20       50",
        "",
        "Some Level 3 products share science exposures, because, for example, o001 is part of c1000",
        "10 associations left out: same members as another",
        "20 associations from 30 exposures in N s",
        "5 exposures in no Level 3 association",
        f"written to {crowd / 'out' / 'all.jsonl.zst'}: 20 associations",
    ]
    names = ["all.jsonl.zst", "all.jsonl.zst.manifest.json", MANIFEST, "orphaned.csv"]
    assert sorted(each.name for each in (crowd / "out").iterdir()) == names
    orphans = (crowd / "out" / "orphaned.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split("|")[:2] for line in orphans[1:]] == [[f"p{n}x_uncal.fits", str(n)] for n in (1, 2, 3, 4, 10)]


def test_json_says_where_the_archive_is(crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del crowd
    generate("--archive", "all.jsonl", "--json")
    made = json.loads(capsys.readouterr().out)
    assert (made["archive"], made["folder"], made["exposures"]) == ("all.jsonl", None, 30)
    assert [each["file"] for each in made["associations"]] == [each.file_name for each in load("all.jsonl")]
    assert list(made["orphans"]) == [f"p{program}x_uncal.fits" for program in (1, 2, 3, 4, 10)]


def test_a_dry_run_writes_no_archive(crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("--archive", "all.jsonl", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")
    assert list(contents(crowd)) == ["pool.csv"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--archive", "all.zip"], f"all.zip {NO_ARCHIVE}"),
        (
            ["--archive", "mine.jsonl"],
            "mine.jsonl exists and is not an archive; choose another name, or use --overwrite",
        ),
        (["--archive", "a.jsonl", "-i", "o9"], "the pool has no candidate o9; its candidates are c1000, o001, o002"),
        (
            ["--workers", "2", "--dask", "tcp://127.0.0.1:1"],
            "--dask and --workers: the cluster has workers of its own; take one of the two",
        ),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_wrong_input_is_fully_reported_and_nothing_is_written(
    options: list[str], message: str, crowd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (crowd / "mine.jsonl").write_text("mine\n", encoding="utf-8")
    before = contents(crowd)
    assert generate(*options) == 2
    assert capsys.readouterr() == ("", f"asnsolve generate: error: {message}\n")
    assert contents(crowd) == before


@pytest.mark.parametrize("number", ["0", "1000", "-1", "two"])
def test_a_number_of_workers_that_is_a_mistake(number: str, crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(crowd)
    with pytest.raises(SystemExit, match="2"):
        generate(f"--workers={number}")
    problem = f"argument --workers: {number}: give a number from 1 to 256; see asnsolve generate --help"
    assert capsys.readouterr() == ("", f"asnsolve generate: error: {problem}\n")
    assert contents(crowd) == before


def test_a_pool_is_never_overwritten_by_its_archive(crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (crowd / "pool.jsonl").write_text(many_programs(1), encoding="utf-8")
    assert main(["generate", "pool.jsonl", "--archive", "./pool.jsonl", "--overwrite"]) == 2
    assert capsys.readouterr().err == (
        "asnsolve generate: error: --archive pool.jsonl is a pool that is to be read; choose another name\n"
    )
    assert (crowd / "pool.jsonl").read_text(encoding="utf-8") == many_programs(1)


# --- Taking out ---------------------------------------------------------------------------------

#: options, and which of the associations they choose
CHOICES = [
    ([], ".*"),
    (["--program", "1"], "jw00001-.*"),
    (["--program", "00010", "--program", "2"], "jw000(10|02)-.*"),
    (["--rule", "asn_lv3image"], ".*image3.*"),
    (["--rule", "Asn_Image", "--program", "3"], "jw00003-.*image3.*"),
    (["jw00001-o001_image3_00001_asn.json"], "jw00001-o001_image3_00001_asn.json"),
    (["jw00001-o001_image3_00001_asn"], "jw00001-o001_image3_00001_asn.json"),
    (["*-o002_*", "jw00003*"], ".*(-o002_|jw00003).*"),
]


@pytest.mark.parametrize(("options", "chosen"), CHOICES, ids=[" ".join(each[0]) or "all" for each in CHOICES])
def test_associations_are_chosen(options: list[str], chosen: str, crowd: Path) -> None:
    generate("-p", "files")
    generate("--archive", "all.jsonl.gz")
    assert main(["extract", "all.jsonl.gz", "-p", "some", *options]) == 0
    every = contents(crowd / "files")
    expected = {name: content for name, content in every.items() if re.fullmatch(chosen, name)}
    assert 0 < len(expected) <= len(every)
    assert contents(crowd / "some") == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["all.jsonl", "--program", "7"],
            "all.jsonl has no association of program 7; its programs are 00001, 00002, 00003, 00004, 00010",
        ),
        (
            ["all.jsonl", "--rule", "Asn_Lv3TSO"],
            (
                "all.jsonl has no association of rule Asn_Lv3TSO; "
                "its rules are Asn_Lv2Image, Asn_Lv2ImageNonScience, Asn_Lv3Image"
            ),
        ),
        (["all.jsonl", "jw*", "x*"], "all.jsonl has no association named 'x*'"),
        (["none.jsonl"], "none.jsonl cannot be read: No such file or directory"),
        (["pool.csv"], f"pool.csv {NO_ARCHIVE}"),
        (["cut.jsonl"], "cut.jsonl, line 1, is not an association of an archive: Input data was truncated"),
        (["evil.jsonl"], "evil.jsonl has '../x.sh', which is not a name of an association file"),
        (["twice.jsonl"], "twice.jsonl has jw00001-a3001_image3_00001_asn.json twice"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_cannot_be_extracted_is_reported_and_nothing_is_written(
    arguments: list[str], message: str, crowd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate("--archive", "all.jsonl")
    line = (crowd / "all.jsonl").read_text(encoding="utf-8").splitlines()[0]
    name = json.loads(line)["asn_file"]
    (crowd / "cut.jsonl").write_text(line[:-9], encoding="utf-8")
    (crowd / "evil.jsonl").write_text(line.replace(name, "../x.sh") + "\n", encoding="utf-8")
    twice = line.replace(name, "jw00001-a3001_image3_00001_asn.json") + "\n"
    (crowd / "twice.jsonl").write_text(twice * 2, encoding="utf-8")
    capsys.readouterr()
    assert main(["extract", *arguments, "-p", "new"]) == 2
    assert capsys.readouterr() == ("", f"asnsolve extract: error: {message}\n")
    assert not (crowd / "new").exists()


def test_names_that_are_no_patterns_are_looked_up(crowd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate("--archive", "all.jsonl")
    files = [file for file, _ in load_named(crowd / "all.jsonl")]
    search = Mock(wraps=fnmatch.fnmatchcase)
    monkeypatch.setattr(fnmatch, "fnmatchcase", search)
    assert main(["extract", "all.jsonl", "-p", "some", "jw*", *(file.name for file in files)]) == 0
    assert len(load(crowd / "some")) == len(files)
    assert search.call_count < 2 * len(files)


def test_extracting_refuses_to_overwrite_as_generating_does(crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "jw00001-o001_image3_00001_asn.json"
    generate("--archive", "all.jsonl")
    (crowd / name).write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert main(["extract", "all.jsonl", name]) == 2
    assert f"wrote them: {name}; choose another folder" in capsys.readouterr().err
    assert main(["extract", "all.jsonl", name, "--overwrite"]) == 0
    assert main(["extract", "all.jsonl", name]) == 0
    assert capsys.readouterr().out == f"written to {crowd}: 1 file\n" * 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_archive_is_compared_and_checked_as_a_folder_is(
    ending: str, crowd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate("-p", "files")
    generate("--archive", f"all{ending}")
    capsys.readouterr()
    assert main(["compare", "files", f"all{ending}"]) == 0
    assert capsys.readouterr().out == "45 products the same, 0 differ\n"
    assert main(["check", "pool.csv", f"all{ending}"]) == 0
    assert "45 associations with 75 members checked: no errors" in capsys.readouterr().out
    content = (crowd / f"all{ending}").read_bytes()
    (crowd / f"all{ending}").write_bytes(content[: len(content) // 2])
    assert main(["compare", "files", f"all{ending}"]) == 2
    assert main(["check", "pool.csv", f"all{ending}"]) == 2
    assert capsys.readouterr().err.count(f"error: all{ending}") == 2


# --- Where the time goes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "stages"),
    [
        (["-p", "out"], {"read", "cut", "solve", "prune", "serialise", "write"}),
        (["--archive", "all.jsonl.zst"], {"read", "cut", "solve", "prune", "serialise", "compress", "write"}),
        pytest.param(
            ["--archive", "all.parquet", "--workers", "2"],
            {"read", "cut", "solve", "serialise", "write"},
            marks=pytest.mark.thorough,
        ),
        (["--dry-run"], {"read", "cut", "solve", "prune"}),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_profile_says_where_the_time_went(
    options: list[str], stages: set[str], crowd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del crowd
    assert generate(*options, "--profile") == 0
    output = capsys.readouterr()
    assert generate(*options) == 0
    again = [line for line in without_times(capsys.readouterr().out) if not line.startswith("no products changed")]
    assert again == without_times(output.out)
    heading, *lines = [line.split() for line in output.err.splitlines()]
    assert heading == ["Stage", "Seconds", "Share"]
    seconds = {" ".join(line[:-2]): float(line[-2]) for line in lines}
    assert stages <= seconds.keys()
    assert list(seconds)[-2:] == ["other", "total"]
    assert sum(seconds.values()) == pytest.approx(2 * seconds["total"], abs=0.02)
    assert seconds["solve"] > 0
    assert lines[-1][-1] == "100%"
