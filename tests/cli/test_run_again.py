"""A repeated run reports what changed and keeps numbers on request; `status` shows whether one is needed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulated_files import rows_of, write
from solver import storage
from solver.app.cli import main
from solver.associations import Associations
from solver.batch import many_pools, parts
from solver.batch.parts import Job, Outcome
from solver.pools import Pool
from solver.progress import Reporter
from solver.storage.manifest import Manifest
from tests.cli.conftest import contents, many_programs
from tests.cli.scenes import MINE, POOL

PLACES = {"out": ["-p", "out"], "all.jsonl": ["--archive", "all.jsonl"], "all.parquet": ["--archive", "all.parquet"]}

#: The pool with an exposure more, which comes first in the order of exposures.
LATE = POOL.replace("a1_uncal.fits", "a0_uncal.fits", 1).replace("\na2_", f"\n{POOL.splitlines()[1]}\na2_", 1)

HINTS = Path(__file__).parent / "hints"

OBSERVED, COMBINED = "jw00001-o001_t001_miri_f770w", "jw00001-c1000_t001_miri_f770w"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command; gives what it prints, or the data."""
    del folder

    def call(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert main([*words]) == code
        printed = capsys.readouterr().out
        return json.loads(printed) if "--json" in words else printed

    return call


def kinds(changes: dict[str, list[Any]]) -> dict[str, list[str]]:
    """The names of the products that changed, by kind."""
    return {
        kind: [one[-1] if isinstance(one, list) else one["product"][-1] for one in some]
        for kind, some in changes.items()
        if some
    }


# --- What changed -------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("keep", [False, True])
def test_a_repeated_run_reports_what_changed(place: str, keep: bool, folder: Path, run: Callable[..., Any]) -> None:  # noqa: FBT001
    words = ["generate", "pool.csv", *PLACES[place], *(["--keep-numbers"] if keep else []), "--json"]
    assert run(*words)["changes"] is None
    assert kinds(run(*words)["changes"]) == {}
    (folder / "pool.csv").write_text(LATE, encoding="utf-8")
    changes = run(*words)["changes"]
    moved = {} if keep else {"renumbered": ["a1", "a2"]}
    assert kinds(changes) == {"new": ["a0"], "changed": [COMBINED, OBSERVED], **moved}
    assert [each["only_second"] for each in changes["changed"]] == [[["a0_cal.fits", "science"]]] * 2
    if not keep:
        assert changes["renumbered"][0]["files"] == [f"jw00001-o001_image2_0000{n}_asn.json" for n in (1, 2)]
    assert kinds(run(*words)["changes"]) == {}
    (folder / "pool.csv").write_text(POOL, encoding="utf-8")
    assert kinds(run(*words)["changes"]) == {"changed": [COMBINED, OBSERVED], **moved, "gone": ["a0"]}


def test_a_product_of_another_candidate_is_neither_new_nor_gone(folder: Path, run: Callable[..., Any]) -> None:
    (folder / "mrs.csv").write_text((HINTS / "not_linked.csv").read_text(encoding="utf-8"), encoding="utf-8")
    words = ["generate", "mrs.csv", "-p", "mrs"]
    run(*words)
    printed = run(*words, "--background", "o002")
    line = r"^changed candidate +4 +jw04321001001_02101_00001_mirifulong \(o001 → c1000\)"
    assert re.search(line, printed, flags=re.MULTILINE)
    assert re.search(r"^changed +4 +jw04321001001_02101_00001_mirifulong,", printed, flags=re.MULTILINE)
    run("generate", "mrs.csv", "-p", "plain")
    printed = run("compare", "plain", "mrs", code=1)
    assert "Different: jw04321001001_02101_00001_mirifulong  (spec2, candidate c1000 of program 4321)\n" in printed
    assert "  candidate o001 → c1000\n  + background jw04321002001_02101_00001_mirifulong_rate.fits\n" in printed
    changes = run(*words, "--json")["changes"]
    assert {each["was"] for each in changes["moved"]} == {"c1000"}
    moved = {each["product"][-1] for each in changes["moved"]}
    assert moved.isdisjoint(each[-1] for each in (*changes["new"], *changes["gone"]))


def test_the_terminal_shows_a_few_names(folder: Path, run: Callable[..., Any]) -> None:
    assert "previous run" not in run("generate", "pool.csv", "-p", "out")
    assert "no products changed since the previous run" in run("generate", "pool.csv", "-p", "out")
    (folder / "pool.csv").write_text(LATE, encoding="utf-8")
    printed = run("generate", "pool.csv", "-p", "out", "-v")
    table = re.search(r"\nSince the previous run +Products +Names\s+(.*?)\n\n", printed, flags=re.DOTALL)
    assert table is not None
    assert [re.split(" {2,}", line.rstrip()) for line in table[1].splitlines()] == [
        ["new", "1", "a0"],
        ["changed", "2", f"{COMBINED}, {OBSERVED}"],
        ["renumbered", "2", "a1, a2"],
    ]
    assert f"\n{OBSERVED}: + science a0_cal.fits\n" in printed
    assert "\na1: file jw00001-o001_image2_00001_asn.json → jw00001-o001_image2_00002_asn.json\n" in printed


def test_only_files_that_changed_are_read(
    folder: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    run("generate", "pool.csv", "-p", "out")
    monkeypatch.setattr("solver.associations.Association.from_json", lambda *_: pytest.fail("a file is read"))
    run("generate", "pool.csv", "-p", "out")


def test_edited_or_missing_files_do_not_end_a_run(folder: Path, run: Callable[..., Any]) -> None:
    run("generate", "pool.csv", "-p", "out")
    edited, gone = (folder / "out" / f"jw00001-o001_image2_0000{n}_asn.json" for n in (1, 2))
    edited.write_bytes(b"\xff not ours")
    gone.unlink()
    (folder / "pool.csv").write_text(LATE, encoding="utf-8")
    changes = run("generate", "pool.csv", "-p", "out", "--overwrite", "--json")["changes"]
    assert kinds(changes) == {"new": ["a0", "a1", "a2"], "changed": [COMBINED, OBSERVED]}


@pytest.mark.parametrize("place", PLACES)
def test_each_pool_has_its_own_changes(place: str, folder: Path, run: Callable[..., Any]) -> None:
    (folder / "two.csv").write_text(many_programs(2), encoding="utf-8")
    words = ["generate", "pool.csv", "two.csv", *PLACES[place], "--json"]
    run(*words)
    (folder / "pool.csv").write_text(LATE, encoding="utf-8")
    one, two = (each["changes"] for each in run(*words))
    assert kinds(one)["new"] == ["a0"]
    assert kinds(two) == {}


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.sampled(2)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("more", [[], ["--merge"], ["--workers", "2"]])
def test_numbers_are_kept(place: str, more: list[str], crowd: Path, run: Callable[..., Any]) -> None:
    alone = [] if "--workers" in more else more  # one process makes the same, and needs no others to start
    run("generate", "pool.csv", *PLACES[place], *alone)
    words = ["generate", "pool.csv", *PLACES[place], *more]
    before = {each.file_name: each.products[0].name for each in storage.load(place)}
    late = many_programs(1, 2, 3, 4, 10).splitlines()
    late[1:1] = [late[1].replace("a1_", "a0_")]
    (crowd / "pool.csv").write_text("\n".join(late), encoding="utf-8")
    run(*words, "--keep-numbers")
    after = {each.file_name: each.products[0].name for each in storage.load(place)}
    assert more == ["--merge"] or before.items() < after.items()
    assert before.keys() <= after.keys()
    run("generate", "pool.csv", *PLACES[place], *alone)
    again = {each.file_name: each.products[0].name for each in storage.load(place)}
    run("generate", "pool.csv", "-p", "fresh", *alone)
    assert again == {each.file_name: each.products[0].name for each in storage.load("fresh")}


def test_a_part_gets_only_the_former_associations_of_its_programs(
    crowd: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["generate", "pool.csv", "-p", "out"]
    run(*words)
    former, solve = len(storage.load(crowd / "out")), parts.solve_part
    given: list[int] = []

    def noted(job: Job, pool: Pool, reporter: Reporter, *own: Associations | None) -> Outcome:
        given.extend(len(each) for each in (job.request.former, *own) if each is not None)
        return solve(job, pool, reporter, *own)

    monkeypatch.setattr(many_pools, "solve_part", noted)
    run(*words, "--keep-numbers")
    assert sum(given) == former


def test_commands_on_results_use_the_kept_names(folder: Path, run: Callable[..., Any]) -> None:
    words = ["generate", "pool.csv", "-p", "out", "--keep-numbers"]
    run(*words)
    (folder / "pool.csv").write_text(LATE, encoding="utf-8")
    run(*words)
    (made,) = [each for each in storage.load("out") if each.products[0].name == "a0"]
    assert made.sequence == 3
    explained = run("explain", "out", "--association", made.file_name, "--json")
    assert {(each["association"], each["product"]) for each in explained["memberships"]} == {(made.file_name, "a0")}


# --- Status -------------------------------------------------------------------------------------


def edit(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text("other", encoding="utf-8")


def unlink(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def interrupt(folder: Path) -> None:
    """Leave the results as a killed process leaves them."""
    with closing(Manifest(folder / "out")) as manifest:
        manifest.note([replace(run, complete=False) for run in storage.runs_in(folder / "out")])


FILE = "out/jw00001-o001_image2_00001_asn.json"
#: What happens after a run, and what has changed then; whether the results are complete, and whether they are fresh.
AFTERWARDS: dict[str, tuple[Callable[[Path], object], bool, bool]] = {
    "nothing": (lambda _: None, True, True),
    "another pool": (edit("pool.csv"), True, False),
    "no pool": (unlink("pool.csv"), True, False),
    "another rule file": (edit("mine.py"), True, False),
    "an edited file": (edit(FILE), False, True),
    "a file less": (unlink(FILE), False, True),
    "an interrupted run": (interrupt, False, True),
    "a file more": (edit("out/mine.txt"), True, True),
}


@pytest.mark.parametrize("name", AFTERWARDS)
def test_status(name: str, folder: Path, run: Callable[..., Any]) -> None:
    happens, complete, fresh = AFTERWARDS[name]
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    run("generate", "pool.csv", "-p", "out", "-r", "mine.py", "--exclude", "x_*")
    happens(folder)
    (found,) = run("status", "out", "--json", code=0 if complete and fresh else 1)
    assert (found["complete"], found["fresh"]) == (complete, fresh)
    assert found["run"]["record"]["statements"] == {"exclude": ["x_*"]}
    printed = run("status", "out", code=0 if complete and fresh else 1)
    ends = {"interrupted": "interrupted, or still going on", "edited": "edited"}
    ended = "complete" if complete else next((text for word, text in ends.items() if word in name), "incomplete")
    unchanged = "up to date" if complete else "pool, rules and software unchanged"
    state = f"{ended}; {unchanged if fresh else 'not up to date'}"
    assert f": {state}\n" in printed
    assert f"  options: -r {folder / 'mine.py'}\n" in printed
    assert ("asnsolve generate" in printed or name == "no pool") != (complete and fresh)
    if not complete:
        assert main(shlex.split(printed.splitlines()[-1].removeprefix("next:"))[1:]) == 0
        run("status", "out")


@pytest.mark.parametrize("command", ["explain out a1_uncal.fits", "report out"])
def test_what_is_found_again_is_not_said_of_edited_files(
    command: str, folder: Path, run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run("generate", "pool.csv", "-p", "out")
    assert main(command.split()) == 0
    assert not capsys.readouterr().err
    edited, gone = (folder / "out" / f"jw00001-o001_image2_0000{n}_asn.json" for n in (1, 2))
    run("edit", str(edited), "--product-name", "other")
    gone.unlink()
    assert main(command.split()) == 0
    assert capsys.readouterr().err == (
        f"asnsolve {command.partition(' ')[0]}: out: edited or deleted after the run: {edited.name}, {gone.name}; "
        "what follows is about the run, not the files\n"
    )


def test_the_command_to_make_results_again_has_the_options_of_the_run(folder: Path, run: Callable[..., Any]) -> None:
    run(
        "generate", "pool.csv", "-p", "out", "-i", "o001", "--DMS", "--background-at=2", "--exclude=x_*", "--keep-first"
    )
    (folder / FILE).unlink()
    command = run("status", "out", code=1).splitlines()[-1].removeprefix("next:")
    assert main(shlex.split(command)[1:]) == 0
    assert len(storage.runs_in(folder / "out")) == 1
    run("status", "out")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("which", "now"), [("asnsolve", "0.0.1"), ("python", "2.7"), ("numpy", "0.1")])
def test_other_software_is_reported(place: str, which: str, now: str, folder: Path, run: Callable[..., Any]) -> None:
    del folder
    run("generate", "pool.csv", *PLACES[place])
    manifest = storage.manifest_of(Path(place))
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data["runs"][0]["record"]["versions"][which] = now
    manifest.write_text(json.dumps(data), encoding="utf-8")
    (found,) = run("status", place, "--json", code=1)
    assert [each.split(" (now")[0] for each in found["stale"]] == [f"{which} {now}"]


OWN_COLUMN = """
from rules.level3 import Asn_Lv3MIRMRS
from rules.vocabulary import column, same


class Asn_Lv3ByMode(Asn_Lv3MIRMRS):
    replaces = "Asn_Lv3MIRMRS"
    constraints = (same(column("readpatt", "readout pattern"), optional=True),)
"""


def test_keywords_that_rules_of_ones_own_read_make_no_results_stale(folder: Path, run: Callable[..., Any]) -> None:
    (folder / "mine.py").write_text(OWN_COLUMN, encoding="utf-8")
    write(folder / "data", rows_of("mrs"), ["rate"])
    run("generate", "data", "-p", "out", "-r", "mine.py")
    assert ": complete; up to date\n" in run("status", "out")


@pytest.mark.parametrize("own", [[], ["-r", "mine.py"]])
@pytest.mark.parametrize(
    "stated",
    [
        "--background=o002",
        "--psf=o002:o001",
        "--imprint=o002",
        "--set=band=long:o001",
        "--candidate=c1002=mosaic:o001,o002",
    ],
)
def test_what_was_stated_of_exposures_makes_no_results_stale(
    own: list[str], stated: str, folder: Path, run: Callable[..., Any]
) -> None:
    (folder / "mine.py").write_text(OWN_COLUMN, encoding="utf-8")
    write(folder / "data", rows_of("mrs"), ["rate"])
    run("generate", "data", "-p", "out", stated, *own)
    assert ": complete; up to date\n" in run("status", "out")


def test_exposures_that_arrive_make_results_stale(tmp_path: Path, folder: Path, run: Callable[..., Any]) -> None:
    del folder
    first, *rows = rows_of("mrs")
    write(tmp_path / "data", rows, ["rate"])
    run("generate", "data", "-p", "out")
    assert "up to date\n" in run("status", "out")
    write(tmp_path / "data", [first], ["rate"])
    (found,) = run("status", "out", "--json", code=1)
    assert found["stale"] == [str((tmp_path / "data").resolve())]
    run("generate", "data", "-p", "out")
    run("status", "out")


def test_each_run_has_its_own_status(folder: Path, run: Callable[..., Any]) -> None:
    storage.write([], folder / "out", pool="unrecorded")
    run("generate", "pool.csv", "-p", "out", "--level", "3")
    printed = run("status", "out", code=1)
    assert "pool.csv --level 3: complete; up to date\n" in printed
    assert "unrecorded: complete; not known whether up to date\n" in printed
    assert contents(folder / "out")


def test_of_extracted_files_the_status_of_the_archive_is_next(folder: Path, run: Callable[..., Any]) -> None:
    run("generate", "pool.csv", "--archive", "all.jsonl")
    run("extract", "all.jsonl", "-p", "some")
    printed = run("status", "some", code=1)
    assert ": complete; not known whether up to date\n" in printed
    assert "  changed since: unknown (extracted from an archive)\n" in printed
    assert " ".join(printed.split()).endswith(f"next: asnsolve status {folder / 'all.jsonl'}")


def test_results_of_a_pool_that_is_gone_cannot_be_made_again(folder: Path, run: Callable[..., Any]) -> None:
    run("generate", "pool.csv", "-p", "out")
    (folder / "pool.csv").unlink()
    printed = run("status", "out", code=1)
    assert "changed since" not in printed
    assert "next:" not in printed
    end = f"not found: {folder / 'pool.csv'}; put it back, or make the results from its new place"
    assert " ".join(printed.split()).endswith(end)
