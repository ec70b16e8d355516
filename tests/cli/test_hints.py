"""Hints that commands print last: what each says, and that what is printed with it settles it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from benchmarks.simulated_files import Row, header_of, name_of, rows_of, write
from benchmarks.simulator import MODES
from solver import Pool, ingest
from solver.app.cli import main
from solver.batch import Hint, hints_of, united
from solver.default import default_rules
from solver.pools import EncodedColumn
from solver.solving import Request, shards, solve_unchecked

POOLS = Path(__file__).parent / "hints"
CONFORMANCE = Path(__file__).parents[1] / "conformance" / "cases"

#: Ends the hint at an observation that no candidate links to science.
UNLINKED = "though it is background"

UNMADE = "Level 3 lists files that no Level 2 association makes"
DEMO = list(Pool.read(Path(__file__).parents[2] / "benchmarks" / "demo_pool.csv"))
FIRST = "jw04321001001_02101_00001_mirifulong_uncal.fits"
UNCOMBINED = "science in Level 2 associations, but in no Level 3 association"


def unlinked(which: str, role: str = "background", kind: str = "background") -> str:
    """The hint at an observation that no candidate of a kind links to science."""
    return f"no {kind} candidate links {which} to science, though it is {role}"


def read(name: str) -> list[dict[str, str]]:
    return list(Pool.read(POOLS / f"{name}.csv"))


def numbered(rows: Iterable[Row], by: int) -> list[dict[str, str]]:
    """The rows as those of later observations of other targets."""
    changed = []
    for row in rows:
        number = int(row["obs_num"])
        listed = f"[('o{number + by:03}', 'OBSERVATION')]"
        name = row["filename"].replace(f"{number:03}001_", f"{number + by:03}001_", 1)
        targets = {"targetid": str(int(row["targetid"]) + by), "targprop": f"{row['targprop']} {by}"}
        changed.append({**row, **targets, "filename": name, "obs_num": str(number + by), "asn_candidate": listed})
    return changed


def of_program(rows: Iterable[Row], program: str) -> list[dict[str, str]]:
    return [{**row, "program": program, "filename": row["filename"].replace("04321", program)} for row in rows]


def alone(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows with no candidates but their observations, as files have them."""
    return [{**row, "asn_candidate": f"[('o{row['obs_num'].zfill(3)}', 'OBSERVATION')]"} for row in rows]


def without(rows: Iterable[Row], *columns: str, where: Callable[[Row], bool] = lambda _: True) -> list[dict[str, str]]:
    return [{**row, **dict.fromkeys(columns, "NULL")} if where(row) else {**row} for row in rows]


#: Each kind of hint: the pool, the options of the run, the hint, and the option or command that is printed with it.
CASES: Mapping[str, tuple[list[dict[str, str]], str, str, str]] = {
    "a background": (read("not_linked"), "", unlinked("o002"), "--background o002"),
    "the background of the first of two targets": (
        read("not_linked") + numbered(read("not_linked"), 2), "", unlinked("o002"), "--background o002:o001"
    ),
    "the background of the second of two targets": (
        read("not_linked") + numbered(read("not_linked"), 2), "", unlinked("o004"), "--background o004:o003"
    ),
    "a background in one of two programs": (
        read("not_linked") + of_program(read("not_linked"), "04322"),
        "", unlinked("jw04322-o002"), "--background jw04322-o002",
    ),
    "a PSF reference": (
        alone(rows_of("ami")), "",
        unlinked("o003", "a PSF reference", "coronagraphy"), "--psf o003"
    ),
    "no target": (
        without(rows_of("image_dithers"), "targetid"), "",
        "6 exposures of o001 (FGS_IMAGE) without TARGETID, so no Level 3 rule fits", "--set targetid=1:o001",
    ),
    "no target beside another": (
        without(read("not_linked"), "targetid", where=lambda row: row["obs_num"] == "1"), "",
        "4 exposures of o001 (MIR_MRS) without TARGETID, so no Level 3 rule fits", "--set targetid=3:o001",
    ),
    "no target beside one with too many digits for a number": (
        [{**row, "targetid": "9" * 5_000 if row["obs_num"] == "2" else "NULL"} for row in read("not_linked")], "",
        "4 exposures of o001 (MIR_MRS) without TARGETID, so no Level 3 rule fits", "--set targetid=1:o001",
    ),
    "no band in one exposure": (
        read("no_band"), "", "1 exposure of o001 (MIR_MRS) without BAND, so no Level 2 rule fits",
        "--set band=short:jw04321001001_02101_00002_mirifushort",
    ),
    "a misspelt exposure type": (
        [{**row, "exp_type": "mir_msr"} if row["obs_num"] == "1" else row for row in read("no_band")], "",
        "MIR_MSR is not an EXP_TYPE", "--set exp_type=mir_mrs:o001",
    ),
    "a misspelt band": (
        [{**row, "band": "SHROT" if row["filename"] == FIRST else row["band"]} for row in read("no_band")], "",
        "SHROT is not a BAND", "--set band=short:jw04321001001_02101_00001_mirifulong",
    ),
    "a misspelt value that is stated": (
        read("no_band"), "--set band=shirt:o001", "SHIRT is not a BAND", "--set band=short:o001",
    ),
    "a misspelt value of another column that is stated": (
        rows_of("image_dithers"), "--set pntgtype=sciense:o001", "SCIENSE is not a PNTGTYPE",
        "--set pntgtype=science:o001",
    ),
    "a misspelt type of candidate": (
        [{**row, "asn_candidate": "[('o001', 'OBSERVATON')]"} for row in rows_of("image_dithers")], "",
        "candidate type OBSERVATON is unknown; did you mean OBSERVATION?",
        f"asnsolve explain pool.csv {rows_of('image_dithers')[0]['filename']}",
    ),
    "a misspelt type of candidate in double quotes": (
        [{**row, "asn_candidate": '[("o001", "OBSERVATON")]'} for row in rows_of("image_dithers")], "",
        "candidate type OBSERVATON is unknown; did you mean OBSERVATION?",
        f"asnsolve explain pool.csv {rows_of('image_dithers')[0]['filename']}",
    ),
    "no number of subpixel dithers in any": (
        without(rows_of("fixed_slit"), "subpxpts"), "",
        "4 exposures of o001 (NRS_FIXEDSLIT) without SUBPXPTS, so no Level 2 rule fits", "--set subpxpts=1:o001",
    ),
    "no direct image": (
        read("no_direct_image"), "", f"NIS_WFSS: {UNMADE}",
        "asnsolve explain pool.csv jw04321001001_02102_00001_nis_uncal.fits",
    ),
    "no PSF reference": (
        [row for row in rows_of("ami") if row["is_psf"] != "T"], "", f"NIS_AMI: {UNCOMBINED}",
        "asnsolve explain pool.csv jw01001001001_03101_00001_nis_uncal.fits",
    ),
    "a candidate that was asked for": (
        read("wavefront_group"), "-i c1000", "candidate c1000 makes no association",
        "asnsolve explain pool.csv jw04321001001_02101_00001_nrca1_uncal.fits -i c1000",
    ),
    "a candidate that was asked for at one level": (
        read("wavefront_group"), "-i c1000 --level 2", "candidate c1000 makes no Level 2 association",
        "asnsolve explain pool.csv jw04321001001_02101_00001_nrca1_uncal.fits -i c1000 --level 2",
    ),
    "a candidate that was stated": (
        read("not_linked"), "--candidate c1001=group:o001", "candidate c1001 makes no association",
        f"asnsolve explain pool.csv {FIRST} -i c1001 --candidate c1001=group:o001",
    ),
    "science of another mode as background": (
        DEMO, "--background o009:o007", ("--background o009:o007 turns science into background, "
            "but no association uses these exposures as background"),
        ("asnsolve explain pool.csv jw01001009001_02101_00001_mirimage_uncal.fits "
        "jw01001007001_03101_00001_mirifulong_uncal.fits --background o009:o007"),
    ),
    "science of another instrument as PSF reference": (
        DEMO, "--psf o001:o005",
        "--psf o001:o005 turns science into a PSF reference, but no association uses these exposures as PSF",
        ("asnsolve explain pool.csv jw01001001001_02101_00001_nis_uncal.fits "
        "jw01001005001_03102_00001_mirimage_uncal.fits --psf o001:o005"),
    ),
    "imprints that nothing is imprinted by": (
        DEMO, "--imprint o015",
        "--imprint o015 turns science into imprints, but no association uses these exposures as imprint",
        "asnsolve explain pool.csv jw01001015001_02101_00001_mirimage_uncal.fits -v --imprint o015",
    ),
    "a rule that is left out": (
        read("not_linked"), "--without Asn_Lv2Spec", f"MIR_MRS: {UNMADE}",
        f"asnsolve explain pool.csv {FIRST} --without Asn_Lv2Spec",
    ),
    "a background of a time series": (
        read("time_series_background"), "--background o002",
        "--background o002: no association uses these exposures as background",
        ("asnsolve explain pool.csv jw04321002001_02101_00001_mirimage_uncal.fits "
        "jw04321001001_02101_00001_mirimage_uncal.fits --background o002"),
    ),
}  # fmt: skip


def made(arguments: str, capsys: pytest.CaptureFixture[str]) -> Any:
    assert main(["generate", *shlex.split(arguments), "--dry-run", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("case", CASES)
def test_a_hint_is_settled_by_its_option(case: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, options, what, option = CASES[case]
    (folder / "pool.csv").write_text(Pool.from_rows(rows).to_text(), encoding="utf-8")
    before = made(f"pool.csv {options}", capsys)
    (hint,) = [each for each in before["hints"] if each["what"] == what]
    assert hint["option"] == option
    assert set(hint["exposures"]) <= {row["filename"] for row in rows}
    assert hint["exposures"]
    if option.startswith("--"):
        after = made(f"pool.csv {options} {option}", capsys)
        assert what not in {each["what"] for each in after["hints"]}
        assert len(after["associations"]) >= len(before["associations"])
    else:
        assert main(shlex.split(option)[1:]) == 0


NO_USE = "--background o002: no association uses these exposures as background with --background-at {}"

#: Options of a run on a pool with a background at both levels or none, and the hint.
LEVELS = {
    ("not_linked", "--background-at none"): None,
    ("not_linked", "--background-at 2"): unlinked("o002"),
    ("not_linked", "--background-at 3"): None,
    ("not_linked", "--background o002 --background-at none"): NO_USE.format("none"),
    ("not_linked", "--background o002 --background-at 2"): None,
    ("not_linked", "--background o002 --background-at 3"): None,
    ("time_series_background", "--background o002 --background-at 3"): NO_USE.format("3"),
}


@pytest.mark.parametrize(("pool", "options"), LEVELS)
def test_no_background_is_advised_where_none_is_used(
    pool: str, options: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pool.csv").write_text(Pool.from_rows(read(pool)).to_text(), encoding="utf-8")
    found = [each["what"] for each in made(f"pool.csv {options}", capsys)["hints"]]
    assert found == ([LEVELS[pool, options]] if LEVELS[pool, options] else [])


@pytest.mark.parametrize("command", ["generate pool.csv --dry-run", "inspect pool.csv"])
def test_a_wrong_value_that_is_stated_is_replaced(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pool.csv").write_text(Pool.from_rows(read("no_band")).to_text(), encoding="utf-8")
    assert main([*command.split(), "--set", "band=shirt:o001"]) == 0
    shown = capsys.readouterr().out
    assert "SHIRT is not a BAND (8 exposures);\n    if it is SHORT, use --set band=short:o001 instead\n" in shown


def test_explain_reports_a_wrong_value_that_is_stated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pool.csv").write_text(Pool.from_rows(read("no_band")).to_text(), encoding="utf-8")
    for value, said in (("shirt", "SHIRT is not a BAND; did you mean SHORT?"), ("short", "")):
        assert main(["explain", "pool.csv", FIRST, "--set", f"band={value}:o001"]) == 0
        assert capsys.readouterr().err == (said and f"asnsolve explain: --set band={value}:o001: {said}\n")


def hints(pool: Pool) -> list[Hint]:
    rules = default_rules()
    result = solve_unchecked(pool, rules, Request())
    return united(hints_of(pool, rules, Request(), result), pool["program"].values[1:])


@pytest.mark.parametrize("mode", MODES)
def test_every_option_is_settled_by_itself_in_every_mode(mode: str, tmp_path: Path) -> None:
    write(tmp_path, rows_of(mode))
    for hint in hints(ingest([tmp_path]).pool):
        if hint.option.startswith("--"):
            kind, text = hint.option[2:].split(" ", 1)
            assert hint.what not in {each.what for each in hints(ingest([tmp_path], {kind: text}).pool)}


@pytest.mark.parametrize("mode", MODES)
def test_a_pool_of_the_mission_links_and_gives_all(mode: str) -> None:
    assert [hint.what for hint in hints(Pool.from_rows(rows_of(mode)))] == (
        [f"NIS_SOSS: {UNMADE}"] if mode == "soss" else []
    )


def test_hints_come_last_and_lines_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pool.csv").write_text((POOLS / "not_linked.csv").read_text())
    assert main(["generate", "pool.csv", "-p", "out"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [*lines[-6:-4], " ".join(lines[-4:-2]), *lines[-2:]] == [
        "every exposure is in an association",
        f"written to {folder / 'out'}: 11 files",
        f"{unlinked('o002')} (4 exposures);",
        "    add --background o002",
        "next: asnsolve plan out",
    ]
    assert main(shlex.split(lines[-1])[2:]) in {0, 1}  # 1, since the files are not there
    capsys.readouterr()
    assert main(["inspect", "pool.csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == lines[-4:-1]


def test_at_most_ten_are_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row for by in range(0, 24, 2) for row in numbered(read("not_linked"), by)]
    (folder / "pool.csv").write_text(Pool.from_rows(rows).to_text(), encoding="utf-8")
    assert main(["generate", "pool.csv", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert " ".join(shown.split()).count(UNLINKED) == 10
    assert shown.endswith("2 further hints; -v lists all\n")
    assert main(["generate", "pool.csv", "--dry-run", "-v"]) == 0
    assert " ".join(capsys.readouterr().out.split()).count(UNLINKED) == 12


def test_misspelt_values_come_in_one_order_in_every_process() -> None:
    typos = sorted(["observaton", "mosiac", "backgrond", "gruop", "coronagrpahy", "direct_imgae"])
    cell = ", ".join(f"('c100{number}', '{typo}')" for number, typo in enumerate(reversed(typos)))
    pool = Pool.from_rows([{**row, "asn_candidate": f"[{cell}]"} for row in rows_of("image_dithers")])
    unknown = [each.what.split()[2].lower() for each in hints(pool) if each.what.startswith("candidate type")]
    assert unknown == typos


def test_a_pool_is_not_searched_for_each_misspelt_value() -> None:
    counts = set()
    for size in (5, 20):
        wrong = [(f"mir_mrs{number}", f"[('o001', 'observation{number}')]") for number in range(size)]
        rows = [dict(DEMO[0], filename=kind, exp_type=kind, asn_candidate=cell) for kind, cell in wrong]
        pool, rules = Pool.from_rows(rows), default_rules()
        with ExitStack() as stack:
            searches = [
                stack.enter_context(patch.object(owner, name, autospec=True, side_effect=getattr(owner, name)))
                for owner, name in ((EncodedColumn, "__iter__"), (EncodedColumn, "where"), (np, "flatnonzero"))
            ]
            found = [each.what for each in hints_of(pool, rules)]
            counts.add(tuple(each.call_count for each in searches))
        for what in (" is not an EXP_TYPE", "candidate type "):
            assert sum(what in each for each in found) == size
    assert len(counts) == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_parts_of_a_pool_name_programs(
    workers: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shards, "SHARD_SIZE", 8)
    rows = read("not_linked") + of_program(read("not_linked"), "04322")
    (folder / "pool.csv").write_text(Pool.from_rows(rows).to_text(), encoding="utf-8")
    found = made(f"pool.csv --workers {workers}", capsys)["hints"]
    assert [each["option"] for each in found] == ["--background jw04321-o002", "--background jw04322-o002"]
    stated = made(f"pool.csv --workers {workers} --background jw04321-o002:jw04321-o001", capsys)["hints"]
    assert [each["option"] for each in stated] == ["--background jw04322-o002"]


def test_hints_at_several_pools_name_the_pool(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text((POOLS / "not_linked.csv").read_text())
    assert main(["generate", "a.csv", "b.csv", "--dry-run"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "a.csv: " + unlinked("o002") in shown
    assert "b.csv: " + unlinked("o002") in shown


def test_files_of_different_versions_are_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of("image_dithers")
    for number, row in enumerate(rows):
        header = header_of(row, "cal")
        header["CAL_VER"], header["CRDS_CTX"] = f"1.{14 + number % 2}.0", "jwst_1303.pmap"
        (tmp_path / name_of(row, "cal")).write_bytes(header.tostring().encode("ascii"))
    found = made(str(tmp_path), capsys)["hints"]
    (hint,) = [each for each in found if "CAL_VER" in each["what"]]
    assert hint["what"].endswith("of files of different CAL_VER (1.14.0, 1.15.0); calibrate all with one")
    assert not any("CRDS_CTX" in each["what"] for each in found)


ACQUISITION = {"filename": "a_uncal.fits", "program": "1", "obs_num": "1", "instrume": "X", "asn_candidate": "NULL"}


@pytest.mark.parametrize(
    ("exp_type", "codes"),
    [
        ("MIR_TACQ", {"": 0, "--fail-if-empty": 1, "--fail-if-science-orphans": 0}),
        ("NRC_LED", {"": 0, "--fail-if-empty": 1, "--fail-if-science-orphans": 0}),
        ("MIR_IMAGE", {"": 0, "--fail-if-empty": 1, "--fail-if-science-orphans": 1}),
    ],
)
def test_exit_codes_on_request(exp_type: str, codes: Mapping[str, int], folder: Path) -> None:
    rows = [{**ACQUISITION, "exp_type": exp_type, "pntgtype": "SCIENCE"}]
    (folder / "pool.csv").write_text(Pool.from_rows(rows).to_text(), encoding="utf-8")
    for option, code in codes.items():
        assert main(["generate", "pool.csv", "-p", "out", *option.split()]) == code


@pytest.mark.parametrize("options", ["--fail-if-empty", "--fail-if-science-orphans"])
def test_what_is_made_fails_nothing(options: str, folder: Path) -> None:
    (folder / "pool.csv").write_text((POOLS / "not_linked.csv").read_text())
    assert main(["generate", "pool.csv", "--dry-run", options]) == 0


@pytest.mark.parametrize("where", [["-p", "out"], ["--archive", "out.jsonl"]], ids=" ".join)
def test_if_no_pool_has_results_the_run_is_refused(
    where: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("FILENAME|PROGRAM\na|1\n")
    before = sorted(folder.iterdir())
    assert main(["generate", "a.csv", "b.csv", *where]) == 2
    assert sorted(folder.iterdir()) == before
    assert capsys.readouterr().out == ""


def test_no_plan_is_proposed_for_products_that_collide(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", str(CONFORMANCE / "two_backgrounds.csv"), "-p", str(folder / "out")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "so run them in separate folders" in printed
    assert "asnsolve plan" not in printed


def test_what_a_hint_says_is_said_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pool.csv").write_text((POOLS / "no_band.csv").read_text())
    assert main(["inspect", "pool.csv"]) == 0
    printed = capsys.readouterr().out
    assert "without BAND" in printed
    assert "no Level 2 rule takes" not in printed
