"""The command `asnsolve verify`, with rules of one's own."""

from __future__ import annotations

import json
import shutil
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import rules
from solver import Pool
from solver.app.cli import main
from tests.cli.conftest import POOL
from tests.cli.test_rules_command import printed

HERE = Path(__file__).parent

MINE = '''\
"""Rules of mine."""

from rules.level3 import AsnMixin_Base, AsnMixin_Image, AsnMixin_OpticalPath, DMS_Level3_Base
from rules.vocabulary import one_of, same
from rules.vocabulary.intentions import overlap, spare


class Asn_Deep(AsnMixin_Image, AsnMixin_OpticalPath, AsnMixin_Base, DMS_Level3_Base):
    """MIRI images of one target at 25 micrometres."""

    constraints = (one_of("exp_type", "mir_image"), one_of("filter", "f2550w", "f2550wr"), same("targetid"))
'''

DECLARED = """

INTENDED = (
    spare("Asn_Deep", one_of("exp_type", "mir_image"), because="it is told so"),
    overlap("Asn_Deep", "Asn_Lv3Image", because="these are combined once more"),
    overlap("Asn_Deep", "Asn_Lv3ImageMosaic", because="these are combined once more"),
    overlap("Asn_Deep", "Asn_Lv3TSO", because="these are combined once more"),
)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file `mine.py`, which is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("mine")
def test_the_whole_output_for_a_rule_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "-r", "mine.py", "asn_deep"]) == 1
    assert printed(capsys) == (HERE / "verify_mine.txt").read_text(encoding="utf-8")


def test_what_is_declared_is_no_finding(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "mine.py").write_text(MINE + DECLARED, encoding="utf-8")
    assert main(["verify", "-r", "mine.py", "Asn_Deep"]) == 0
    assert printed(capsys) == (HERE / "verify_declared.txt").read_text(encoding="utf-8")


#: For each kind of overlap: whether two associations have the same product name, and the same members.
SHOWN = {"v301": {(True, True), (False, True)}, "v302": {(True, False)}, "v303": {(True, False), (False, False)}}


def names_of(association: dict[str, Any]) -> list[str]:
    """The names of an association's products."""
    return [each["name"] for each in association["products"]]


def members_of(association: dict[str, Any]) -> set[tuple[str, str]]:
    """What its products are made of."""
    return {(member["expname"], member["exptype"]) for each in association["products"] for member in each["members"]}


def test_the_findings_show_on_the_witness_pool(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "-r", "mine.py", "Asn_Deep", "--witness-pool", "shown.csv"]) == 1
    assert printed(capsys).endswith("5 witnesses written to shown.csv\n")
    pool = Pool.read(mine / "shown.csv")
    findings = {str(pool["program"][row]): str(pool["finding"][row]) for row in range(len(pool))}
    assert main(["generate", "shown.csv", "-r", "mine.py", "--archive", "out.jsonl"]) == 0
    made = [json.loads(line) for line in (mine / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    for program, finding in findings.items():
        code, one, other = finding.split()
        here = [each for each in made if int(each["program"]) == int(program)]
        about, others = ([each for each in here if each["asn_rule"].lower() == rule] for rule in (one, other))
        alike = {(names_of(a) == names_of(b), members_of(a) == members_of(b)) for a, b in product(about, others)}
        assert alike & SHOWN[code], finding


@pytest.mark.usefixtures("mine")
def test_what_is_found_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "-r", "mine.py", "Asn_Deep", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert sorted(found) == ["constraints", "domain", "findings", "problems", "rules", "satisfied"]
    assert found["rules"] == 1
    assert [row["filter"] for row in found["satisfied"]["Asn_Deep"]] == ["f2550w"]
    (needless,) = [each for each in found["findings"] if each["code"] == "V201" and not each["intended"]]
    assert needless == {
        "code": "V201", "severity": "warning", "rules": ["Asn_Deep"], "witness": [], "shown": [], "intended": None,
        "message": "exposure type is mir_image (stated by Asn_Deep)",
    }  # fmt: skip
    by_constraint = {each["constraint"]: each for each in found["constraints"]}
    assert by_constraint["exposure type is mir_image"]["proved"] is True
    assert len(by_constraint["same target"]["witness"]) > 0


def test_two_versions_of_a_file(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = MINE.replace('"f2550w", "f2550wr"', '"f2550w"').replace("25 micrometres", "25.5 micrometres")
    (mine / "new.py").write_text(changed, encoding="utf-8")
    assert main(["verify", "-r", "new.py", "--against", "mine.py"]) == 1
    assert printed(capsys) == (HERE / "verify_against.txt").read_text(encoding="utf-8")
    assert main(["verify", "-r", "mine.py", "--against", "mine.py"]) == 0
    assert printed(capsys).startswith("1 rule compared, 0 of them different\n")
    assert main(["verify", "-r", "mine.py", "--against", "mine.py", "--witness-pool", "shown.csv"]) == 0
    assert printed(capsys).endswith("no witnesses, so shown.csv was not written\n")
    assert not (mine / "shown.csv").exists()


def test_two_versions_of_the_missions_rules(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = mine / "old" / "rules"
    shutil.copytree(Path(rules.__file__).parent, folder)
    base = folder / "level3_base.py"
    text = base.read_text(encoding="utf-8")
    assert text.count('constraints = (has("psf"),)') == 1
    base.write_text(text.replace('constraints = (has("psf"),)', "constraints = ()"), encoding="utf-8")
    for place in (folder, mine / "old"):
        assert main(["verify", "--against", str(place)]) == 1
        lines = printed(capsys).splitlines()
        assert [line for line in lines if line.startswith("  Asn_")] == [
            "  Asn_Lv3MIRCoron: it now states has('psf')", "  Asn_Lv3NRCCoron: it now states has('psf')",
        ]  # fmt: skip
        assert "43 rules compared, 2 of them different" in lines
    assert rules.MISSION.rules[0].__module__ == "rules.level2"


MISTAKES = {
    "an unknown rule": (
        ["verify", "Asn_Lv3Imag"],
        "no rule is named 'Asn_Lv3Imag'; did you mean Asn_Lv3Image or Asn_Lv2Image?",
    ),
    "no such file": (["verify", "--against", "old.py"], "old.py: cannot be read: No such file or directory"),
    "a folder without rules": (
        ["verify", "--against", "."],
        ".: there is no package 'rules' in this folder; name the folder that it is in",
    ),
    "a file of other rules": (
        ["verify", "--against", "mine.py"],
        "--against mine.py: none of its rules (Asn_Deep) is here",
    ),
    "rules of one name": (
        ["verify", "-r", "mine.py", "-r", "mine.py", "Asn_Deep"],
        "-r: two rules answer to the name asn_deep; rename one of them",
    ),
    "a rule of another name with a mistake": (
        ["verify", "-r", "uses.py"],
        "broken.py, line 1: SyntaxError: '(' was never closed",
    ),
    "a pool in the way": (
        ["verify", "Asn_Lv3AMI", "--witness-pool", "pool.csv"],
        "pool.csv is in the way, and is a file of another kind; choose another name, or replace it with --overwrite",
    ),
    "a device in the way": (
        ["verify", "Asn_Lv3AMI", "--witness-pool", "/dev/null"],
        "/dev/null is in the way, and is no file; choose another name",
    ),
    "an intention that is none": (
        ["verify", "-r", "wrong.py"],
        "wrong.py: INTENDED has to be a tuple of overlap(…), gap(…), spare(…) or unmade(…)",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_told_with_exit_code_2(
    mistake: str, mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, message = MISTAKES[mistake]
    (mine / "pool.csv").write_text(POOL, encoding="utf-8")
    (mine / "broken.py").write_text("(", encoding="utf-8")
    (mine / "uses.py").write_text("import sys\n\nsys.path.insert(0, '.')\nimport broken\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path])
    (mine / "wrong.py").write_text(f"{MINE}\n\nINTENDED = ('overlap',)\n", encoding="utf-8")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True), said.err
    assert not (mine / "shown.csv").exists()
