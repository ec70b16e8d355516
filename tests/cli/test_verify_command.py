"""The command `asnsolve verify`, with rules of one's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import rules
from solver import Pool, generate
from solver.app.cli import main
from solver.associations import json_files
from solver.default import chosen_rules
from tests.cli.test_rules_command import printed


@pytest.fixture
def mine(enter: Callable[[str], Path]) -> Path:
    """A folder with a file `mine.py`, which is the current one."""
    return enter("rules")


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
    assert printed(capsys).endswith("6 examples written to shown.csv\n")
    pool = Pool.read(mine / "shown.csv")
    findings = {str(pool["program"][row]): str(pool["finding"][row]) for row in range(len(pool))}
    assert main(["generate", "shown.csv", "-r", "mine.py"]) == 2  # products that collide are not written
    assert "several products of Asn_Deep and Asn_Lv3Image are named " in capsys.readouterr().err
    result = generate(pool, chosen_rules(["mine.py"]))
    made = [json.loads(text) for text in json_files(result.associations).values()]
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


def test_two_versions_of_the_missions_rules(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = mine / "old" / "rules"
    shutil.copytree(Path(rules.__file__).parent, folder)
    base = folder / "level3_base.py"
    text = base.read_text(encoding="utf-8")
    assert text.count('constraints = require(has("psf"))') == 1
    base.write_text(text.replace('constraints = require(has("psf"))', "constraints = ()"), encoding="utf-8")
    for place in (folder, mine / "old"):
        assert main(["verify", "--against", str(place)]) == 1
        lines = printed(capsys).splitlines()
        assert [line for line in lines if line.startswith("  Asn_")] == [
            "  Asn_Lv3MIRCoron: constraint added: has a psf exposure; also in Asn_Lv3NRCCoron"
        ]
        assert "43 rules compared: 2 changed, 0 new, 0 gone; changes without effect: 0" in lines
    assert rules.MISSION.rules[0].__module__ == "rules.level2"


def test_a_new_rule_of_ones_own_is_reported(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (mine / "mine.py").read_text(encoding="utf-8")
    again = '\n\nclass Asn_DeepAgain(Asn_Deep):\n    """The same again."""\n'
    (mine / "more.py").write_text(text + again, encoding="utf-8")
    assert main(["verify", "-r", "more.py", "--against", "mine.py"]) == 1
    assert "  Asn_DeepAgain: The same again." in printed(capsys).splitlines()


@pytest.mark.thorough
def test_what_is_found_is_the_same_in_every_process(mine: Path) -> None:
    command = "import sys; from solver.app.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = [sys.executable, "-c", command, "verify", "-r", str(mine / "mine.py"), "Asn_Deep", "--json"]
    found = set()
    for seed in ("1", "2"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        found.add(subprocess.run(arguments, env=surroundings, stdout=subprocess.PIPE, check=False).stdout)
    assert len(found) == 1
    assert json.loads(found.pop())["rules"] == 1


@pytest.mark.parametrize(
    ("version", "lines"),
    [
        (
            "2.0.1",
            ["Asn_Lv3TSO: constraint changed: now subarray is not one of sub164stripe4_dhs, ", ": the same, but "],
        ),
        ("development", ["member_name changed: no longer x1d if exposure type is one of mir_wfss, nis_wfss, nrc_wfss"]),
        ("corrected", ["constraint removed: same target", "targetid not given, "]),
    ],
)
def test_a_change_reads_as_what_it_does(version: str, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An added exception does not read as a condition; an example shows what is missing and what differs."""
    assert main(["verify", "--against", version]) == 1
    out = capsys.readouterr().out
    assert [line for line in lines if line not in out] == []
    assert f"before: {version}; after: mission; rule by rule\n" in out
