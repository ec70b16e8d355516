"""What to run: a script and rules for make that a shell and make carry out, with a pipeline that only makes files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath

import pytest
from astropy.io import fits

from benchmarks.simulator import COLUMNS, simulate
from rules.vocabulary.attributes import ASN_TYPES
from solver import Pool, UsageError, from_list, generate
from solver.associations.merging import merge
from solver.default import default_base
from solver.storage.plans import PIPELINES, Plan, Step, plan_of

#: A pipeline that notes where it ran and on what, fails where a member is not there, and leaves its products there.
STRUN = """\
import os, sys
pipeline, file = sys.argv[1:]
with open({log!r}, "a") as log:
    print(os.path.basename(os.getcwd()), pipeline, os.path.basename(file), file=log)
if pipeline == "calwebb_detector1":
    made = [os.path.basename(file).replace("uncal", each) for each in ("rate", "rateints")]
else:
    import json
    made = []
    for product in json.load(open(file))["products"]:
        science = [each["expname"] for each in product["members"] if each["exptype"] == "science"]
        lacking = [each["expname"] for each in product["members"] if not os.path.isfile(each["expname"])]
        assert not lacking, (pipeline, product["name"], lacking)
        ints = "ints" * science[0].endswith("ints.fits")
        level2 = ["cal" + ints + ".fits", "x1d" + ints + ".fits"]
        ends = level2 if pipeline[-1] == "2" else ["i2d.fits", "cat.ecsv", "segm.fits"]
        made += [product["name"] + "_" + each for each in ends]
for each in made:
    open(each, "a").close()
    os.utime(each)
"""


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The steps that `strun` ran since the last time, as `folder pipeline file`."""
    log, script = tmp_path / "log", tmp_path / "bin" / "strun"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable} -IS\n{STRUN.format(log=str(log))}")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")

    def lines() -> list[str]:
        found = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return found

    return lines


def put(folder: Path, *, merged: bool = False, modes: Iterable[str] = ("wfss_niriss", "mrs")) -> list[Path]:
    """Write the associations of a simulated pool and the count rates that they need; returns these."""
    rows = simulate(1, modes=list(modes))
    made = generate(Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in rows)).associations
    for each in merge(made, {each.asn_rule for each in made if each.level == 2}) if merged else made:
        each.save(folder)
    names = {member.expname for each in made for member in each.members}
    rates = [folder / name for name in sorted(names) if "_rate" in name]
    for path in rates:
        path.touch()
    return rates


def script(plan: Plan) -> subprocess.CompletedProcess[str]:
    text = plan.as_script()
    return subprocess.run(["/bin/sh"], input=text, capture_output=True, text=True, check=False, cwd="/")


def make(plan: Plan, *arguments: str) -> str:
    if shutil.which("make") is None:
        pytest.skip("there is no make")
    command = ["make", "-f", "-", *arguments]
    return subprocess.run(command, input=plan.as_makefile(), capture_output=True, text=True, check=True, cwd="/").stdout


def test_products_that_are_made_twice_in_a_folder_are_known(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made = from_list(["a_rate.fits"], rule=default_base(2), asn_type="image2")
        (tmp_path / f"{name}_asn.json").write_text(made.to_json())
    assert plan_of([tmp_path]).twice == ("a",)
    assert plan_of([tmp_path / "one_asn.json"]).twice == ()


def test_a_step_of_many_files_is_found_again_without_going_through_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, few, hashed = 100, 30, Counter[str]()
    files = [f"e{number}" for number in range(size)]
    level3 = from_list([f"{name}_cal.fits" for name in files], product_name="p", asn_type="image3")
    level2 = from_list([f"{name}_rate.fits" for name in files], rule=default_base(2), asn_type="image2")
    for name, made in {"two": level2, "three": level3}.items():
        (tmp_path / f"{name}_asn.json").write_text(made.to_json())
    of_path = PurePath.__hash__

    def counted(path: PurePath) -> int:
        hashed[path.name] += 1
        return of_path(path)

    monkeypatch.setattr(PurePath, "__hash__", counted)
    plan = plan_of([tmp_path])
    assert sum(map(len, (plan.makers, plan.as_makefile().splitlines()))) > 2 * size
    assert max(hashed[f"{name}_rate.fits"] for name in files) < few


def test_every_type_has_one_pipeline() -> None:
    assert sorted(each for _, types in PIPELINES.values() for each in types) == sorted(ASN_TYPES)


@pytest.mark.parametrize("merged", [False, True])
def test_each_step_finds_what_it_needs(tmp_path: Path, ran: Callable[[], list[str]], *, merged: bool) -> None:
    folder = tmp_path / "a 'folder"
    folder.mkdir()
    put(folder, merged=merged)
    plan = plan_of([folder])
    assert plan.missing == plan.unknown == ()
    done = script(plan)
    assert done.returncode == 0, done.stderr
    steps = [line.split()[-2:] for line in ran()]
    assert sorted(file for _, file in steps) == sorted(path.name for path in folder.glob("*_asn.json"))
    order = list(dict.fromkeys(pipeline for pipeline, _ in steps))
    assert order == ["calwebb_image2", "calwebb_image3", "calwebb_spec2", "calwebb_spec3"]


def test_a_script_ends_where_a_pipeline_fails(tmp_path: Path, ran: Callable[[], list[str]]) -> None:
    rates = put(tmp_path)
    plan = plan_of([tmp_path])
    for path in rates:
        path.unlink()
    assert script(plan).returncode != 0
    assert len(ran()) == 1


@pytest.mark.parametrize("merged", [False, True])
def test_make_runs_what_changed(tmp_path: Path, ran: Callable[[], list[str]], *, merged: bool) -> None:
    folder = tmp_path / "asn"
    folder.mkdir()
    rates = put(folder, merged=merged)
    plan = plan_of([folder])
    every = len(plan.steps)
    assert make(plan, "-n").count("strun") == every
    make(plan, "-j", "4")
    assert len(ran()) == every
    for again in (plan, plan_of([folder])):
        make(again)
        assert ran() == []
    for path in folder.iterdir():
        before = path.stat().st_mtime_ns - 10**12
        os.utime(path, ns=(before, before))
    rates[-1].touch()
    make(plan)
    assert sorted(ran()) == sorted(f"asn {step.pipeline} {step.file.name}" for step in after(plan, rates[-1]))


def test_what_a_pipeline_that_failed_had_written_is_no_product(tmp_path: Path, ran: Callable[[], list[str]]) -> None:
    put(tmp_path)
    plan, strun, fails = plan_of([tmp_path]), tmp_path / "bin" / "strun", tmp_path / "fails"
    with strun.open("a") as script:
        script.write(f"sys.exit(os.path.exists({str(fails)!r}))\n")
    fails.touch()
    with pytest.raises(subprocess.CalledProcessError):
        make(plan)
    (failed,) = ran()
    fails.unlink()
    make(plan)
    assert (done := ran())[0] == failed
    assert len(done) == len(plan.steps)


def after(plan: Plan, changed: Path) -> list[Step]:
    """The steps that a changed file concerns."""
    steps, files = list[Step](), {changed}
    for step in plan.steps:
        if files.intersection(step.takes):
            steps.append(step)
            files |= {path for path, maker in plan.makers.items() if maker is step}
    assert 0 < len(steps) < len(plan.steps)
    return steps


@pytest.mark.parametrize("place", ["asn", "raw"])
def test_uncalibrated_files_come_first(tmp_path: Path, ran: Callable[[], list[str]], place: str) -> None:
    """They are where the count rates are expected, or in a folder that is named; rates that are there are used."""
    for name in ("asn", "raw"):
        (tmp_path / name).mkdir()
    there, *rates = put(tmp_path / "asn")
    for path in (there, *rates):
        (tmp_path / place / path.name.replace("_rate", "_uncal")).touch()
    for path in rates:
        path.unlink()
    plan = plan_of([tmp_path / "asn"], tmp_path / place if place == "raw" else None)
    assert plan.missing == ()
    done = script(plan)
    assert done.returncode == 0, done.stderr
    steps = [line.removeprefix("asn calwebb_detector1 ") for line in ran()]
    assert steps[: len(rates)] == [path.name.replace("_rate", "_uncal") for path in rates]
    assert all(path.is_file() for path in rates)


def test_a_changed_catalog_counts(tmp_path: Path) -> None:
    content = from_list(["a_cal.fits"], product_name="p", asn_type="image3").to_dict()
    content["products"][0]["members"][0] |= {"tweakreg_catalog": "a.ecsv", "group_id": "1"}
    (tmp_path / "x_asn.json").write_text(json.dumps(content))
    (tmp_path / "a.ecsv").touch()
    plan = plan_of([tmp_path])
    assert plan.steps[0].takes == (tmp_path / "a_cal.fits", tmp_path / "a.ecsv")
    assert plan.missing == (tmp_path / "a_cal.fits",)


def test_names_that_make_cannot_take_are_refused(tmp_path: Path) -> None:
    from_list(["a: b.fits"], product_name="p", asn_type="image3").save(tmp_path / "x_asn.json")
    with pytest.raises(UsageError) as error:
        plan_of([tmp_path]).as_makefile()
    problem = f"make cannot take the name {tmp_path}/a: b.fits; use --format sh, or rename it"
    assert str(error.value) == f"{tmp_path}/x_asn.json: {problem}"


def test_names_that_a_script_cannot_hold_are_refused(tmp_path: Path) -> None:
    from_list(["a.fits"], product_name="p", asn_type="image3").save(tmp_path / "\x1b_asn.json")
    with pytest.raises(UsageError, match="a script cannot hold this name"):
        plan_of([tmp_path])


def test_the_file_of_the_shutters_is_needed_beside_the_exposures(tmp_path: Path) -> None:
    header = fits.Header([("SIMPLE", True), ("BITPIX", 8), ("NAXIS", 0), ("MSAMETFL", "jw1_msa.fits")])
    (tmp_path / "a_rate.fits").write_bytes(header.tostring().encode())
    made = from_list(["a_rate.fits"], default_base(2), asn_type="spec2")
    (tmp_path / "x_asn.json").write_text(made.to_json())
    assert plan_of([tmp_path]).missing == (tmp_path / "jw1_msa.fits",)
    (tmp_path / "jw1_msa.fits").touch()
    assert plan_of([tmp_path]).missing == ()
