"""The command `asnsolve generate` on exposures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.simulated_files import name_of, rows_of, write
from solver import Pool, compare, generate, load
from solver.app.cli import main

ROWS = rows_of("mrs")
MANIFEST = "asnsolve-manifest.json"
POOL = "jw01001_pool.csv"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the current one, with spectra, and with those of a background in a folder within."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "data", [row for row in ROWS if row["obs_num"] == "1"], ["rate"])
    write(tmp_path / "data" / "background", [row for row in ROWS if row["obs_num"] == "2"], ["rate"])
    return tmp_path / "data"


def members(path: Path) -> dict[str, str]:
    (product,) = json.loads(path.read_text(encoding="utf-8"))["products"]
    return {member["expname"]: member["exptype"] for member in product["members"]}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*_asn.json")}


@pytest.mark.usefixtures("data")
def test_a_folder_gives_the_associations_of_its_pool(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "data", "-p", "out", "--background", "o002"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "18 exposures from 18 files (18 rate)"
    assert lines[-2].endswith("out: 22 files")
    assert lines[-1] == "next: asnsolve plan out"
    assert {path.name for path in Path("out").iterdir()} == {*files(Path("out")), MANIFEST, POOL}
    assert all(association.asn_pool == POOL for association in load("out"))
    assert main(["check", f"out/{POOL}", "out"]) == 0
    assert main(["generate", f"out/{POOL}", "-p", "again"]) == 0
    assert main(["compare", "out", "again"]) == 0
    assert compare(generate(Pool.from_rows(ROWS)).associations, load("again")).equal


def test_members_are_named_where_they_are(data: Path) -> None:
    assert main(["generate", "data", "-p", "out", "--background", "o002"]) == 0
    made = members(Path("out/jw01001-c1000_spec2_00001_asn.json"))
    assert list(made.values()) == ["science", "background", "background"]
    for path, role in made.items():
        assert Path(path).parent == (data / "background" if role == "background" else data)
        assert Path(path).is_file()
    assert not any("/" in name for name in members(Path("out/jw01001-o001_spec3_00001_asn.json")))
    assert main(["plan", "out"]) == 0
    assert main(["generate", "data", "-p", "out", "--background", "o002", "--relative"]) == 0
    assert main(["plan", "out"]) == 0
    made = members(Path("out/jw01001-c1000_spec2_00001_asn.json"))
    folders = {role: Path(name).parent.as_posix() for name, role in made.items()}
    assert folders == {"science": "../data", "background": "../data/background"}


def test_members_beside_their_association_have_plain_names(data: Path) -> None:
    assert main(["generate", "data", "-p", "data"]) == 0
    (name,) = members(data / "jw01001-o001_spec2_00001_asn.json")
    assert (data / name).is_file()
    assert "/" not in name


def test_the_same_again_replaces_its_files(data: Path) -> None:
    assert main(["generate", "data", "-p", "data"]) == 0
    before = files(data)
    assert main(["generate", "data", "-p", "data", "--background", "o002"]) == 0
    assert files(data) > {name for name in before if "o001_spec3" in name}
    assert any("c1000" in name for name in files(data))
    assert Pool.read(data / POOL)["asn_candidate"][0].count("c1000") == 1


def test_exposures_may_be_named_one_by_one(data: Path) -> None:
    paths = sorted(map(str, data.rglob("*.fits")))
    assert main(["generate", *paths, "-p", "one"]) == 0
    assert main(["generate", "data", "-p", "all"]) == 0
    assert main(["compare", "one", "all"]) == 0
    (run,) = json.loads(Path("one", MANIFEST).read_text())["runs"]
    assert run["pool"] == str(data)


@pytest.mark.usefixtures("data")
def test_only_existing_files(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["generate", "data", "-p", "out", "--existing"]
    assert main(options) == 0
    printed = capsys.readouterr().out
    assert {name.split("_")[1] for name in files(Path("out"))} == {"image2", "spec2"}
    needed = sorted(name_of(row, "cal") for row in ROWS if row["obs_num"] == "1" and row["exp_type"] == "MIR_MRS")
    shown = f"{', '.join(needed[:3])}, … 6 more\n"
    assert f"jw01001-o001_spec3_00001_asn.json: left out, because these files are missing: {shown}" in printed
    assert "files are missing: 3 associations left out, 0 with fewer members\n" in printed
    write(Path("out"), ROWS[:-1], ["cal"])  # where the pipeline leaves its products
    assert main(options) == 0
    made = members(Path("out/jw01001-o001_spec3_00001_asn.json"))
    assert {*needed} < {*made}
    assert all(Path("out", name).is_file() for name in made)
    last = name_of(ROWS[-1], "cal")
    assert (
        f"jw01001-o002_spec3_00001_asn.json: written without these missing files: {last}\n" in capsys.readouterr().out
    )


@pytest.mark.parametrize("more", [[], ["--merge"]])
def test_exposures_of_left_out_associations_are_orphans(
    more: list[str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["generate", "data", "-p", "out", "--existing", *more]
    assert main(options) == 0
    assert f"{len(ROWS)} exposures in no Level 3 association\n" in capsys.readouterr().out
    assert main(["pool", "data", "-o", "pool.csv"]) == 0
    for path in data.rglob("*.fits"):
        path.unlink()
    capsys.readouterr()
    options[1] = "pool.csv"
    assert main([*options, "--save-orphans", "--fail-if-science-orphans", "--overwrite"]) == 1
    assert f"{len(ROWS)} exposures in no association\n" in capsys.readouterr().out
    orphans = Pool.read(Path("out/orphaned.csv"))
    assert list(orphans.file_names) == list(Pool.read(Path("pool.csv")).file_names)
    assert {row["orphan_because"] for row in orphans} == {"files of its associations do not exist"}
    assert main([*options, "--dry-run", "--json", "--overwrite"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["absent"] == {"level2": len(ROWS), "level3": len(ROWS)}
    assert list(made["orphans"]) == list(orphans.file_names)


@pytest.mark.usefixtures("data")
def test_json_lists_what_was_assumed_and_what_is_lacking(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/broken_rate.fits").touch()
    assert main(["generate", "data", "-p", "out", "--existing", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["pool"] == POOL
    assert data["made_of"]["skipped"] == [{"file": "data/broken_rate.fits", "because": "is empty"}]
    assert data["made_of"]["assumed"][0]["columns"] == ["asn_candidate"]
    lacking = {each["file"]: (len(each["files"]), each["left_out"]) for each in data["lacking"]}
    assert lacking == {
        "jw01001-a3001_spec3_00001_asn.json": (18, True),
        "jw01001-o001_spec3_00001_asn.json": (9, True),
        "jw01001-o002_spec3_00001_asn.json": (9, True),
    }


@pytest.mark.usefixtures("data")
def test_existing_files_of_a_pool_are_those_beside_it() -> None:
    assert main(["pool", "data", "-o", "data/pool.csv"]) == 0
    assert main(["generate", "data/pool.csv", "-p", "out", "--existing"]) == 0
    assert all("background" not in name for path in Path("out").glob("*spec2*") for name in members(path))
    assert {name.split("-")[1][:4] for name in files(Path("out"))} == {"o001"}


@pytest.mark.usefixtures("data")
def test_pools_and_exposures_together(capsys: pytest.CaptureFixture[str]) -> None:
    other = [row | {"program": "1002", "filename": row["filename"].replace("jw01001", "jw01002")} for row in ROWS]
    write(Path("other"), other)
    assert main(["pool", "other", "-o", "pool.csv"]) == 0
    assert main(["generate", "pool.csv", "data", "-p", "out"]) == 0
    assert {name[:7] for name in files(Path("out"))} == {"jw01001", "jw01002"}
    assert " of 2 pools in " in capsys.readouterr().out


@pytest.mark.usefixtures("data")
def test_archives_have_the_pool_beside_them() -> None:
    assert main(["generate", "data", "--archive", "all.jsonl", "-p", "out"]) == 0
    assert {path.name for path in Path("out").iterdir()} == {POOL, MANIFEST}
    assert main(["generate", "data", "-p", "files"]) == 0
    assert main(["compare", "all.jsonl", "files"]) == 0


@pytest.mark.usefixtures("data")
def test_selfcal_members(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "data", "-p", "out", "--background", "o002", "--selfcal", "--merge"]) == 0
    assert "if the step is switched on: --steps.badpix_selfcal.skip=false\n" in capsys.readouterr().out
    (merged,) = (json.loads(path.read_text()) for path in Path("out").glob("*c1000_spec2*"))
    roles = [[member["exptype"] for member in product["members"]] for product in merged["products"]]
    assert roles == [["science", *["background"] * 2, *["selfcal"] * 5]] * 8
    assert main(["check", f"out/{POOL}", "out"]) == 0


@pytest.mark.usefixtures("data")
def test_reprocessed_files_keep_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """One exposure was freed of stripes: its file takes the place of the rate."""
    first = max(Path("data").glob("*rate.fits"))
    again = first.with_name(first.name.replace("_rate", "_destreak"))
    again.write_bytes(first.read_bytes())
    assert main(["generate", "data", "-p", "out"]) == 0
    assert "skipped: 1 _destreak file (--suffix destreak takes them)\n" in capsys.readouterr().out
    assert main(["generate", "data", "-p", "out", "--suffix", "destreak"]) == 1
    assert "_destreak.fits has no S_RAMP or S_FLAT" in capsys.readouterr().err
    assert main(["generate", "data", "-p", "again", "--suffix", "destreak=2"]) == 0
    assert "(18 rate, 1 destreak)\n" in capsys.readouterr().out
    assert main(["generate", "data", "-p", "again", "--suffix", "destreak=2", "--suffix", "crf"]) == 0
    assert "(18 rate, 1 destreak)\nno file with suffix _crf was used (--suffix)\n" in capsys.readouterr().out
    made = [name for path in Path("again").glob("*spec2*") for name in members(path) if first.stem[:-5] in name]
    assert set(made) == {str(again.resolve())}
