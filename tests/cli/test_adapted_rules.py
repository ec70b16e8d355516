"""Rules that people adapt, on the command line: what would collide is refused, and the message says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.app.cli import main
from tests.cli.conftest import contents

HEAD = """
from rules import naming
from rules.level3 import Asn_Lv3Image
from rules.naming import FIELDS
from rules.vocabulary import product_name, same, without

"""

#: Rule files of which products collide: what each does, and what the message says to do.
COLLIDING = {
    "a copy beside the mission's rule": (
        'class Asn_Copy(Asn_Lv3Image):\n    """A copy."""\n',
        "several products of Asn_Copy and Asn_Lv3Image are named ",
        'set replaces = "Asn_Lv3Image" in Asn_Copy, add --without Asn_Lv3Image',
    ),
    "a name without the filter": (
        ('class Asn_Short(Asn_Lv3Image):\n    """Short."""\n    replaces = "Asn_Lv3Image"\n'
         '    product_name = product_name("jw{program}-{candidate}_{instrument}", FIELDS)\n'),
        "several products of Asn_Short are named ",
        "they differ in filter; add that to product_name in Asn_Short",
    ),
}  # fmt: skip

#: A rule whose names and groups know no program.
WITHOUT_PROGRAM = HEAD + (
    'class Asn_Any(Asn_Lv3Image):\n    """Any."""\n    constraints = (without(same("program")),)\n'
    '    product_name = product_name("any-{candidate}_{optics}", FIELDS)\n'
)


@pytest.mark.parametrize("archive", [[], ["--archive", "a.jsonl"], ["--workers", "2"]])
@pytest.mark.parametrize("case", COLLIDING)
def test_products_of_users_rules_that_collide_are_refused(
    case: str, archive: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule, problem, remedy = COLLIDING[case]
    (folder / "mine.py").write_text(HEAD + rule, encoding="utf-8")
    before = contents(folder)
    assert main(["generate", "pool.csv", "-r", "mine.py", *archive]) == 2
    message = capsys.readouterr().err
    assert problem in message
    assert remedy in message
    assert contents(folder) == before


@pytest.mark.parametrize("workers", ["1", "2"])
def test_products_of_two_programs_collide(workers: str, crowd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (crowd / "mine.py").write_text(WITHOUT_PROGRAM, encoding="utf-8")
    assert main(["generate", "pool.csv", "-r", "mine.py", "-p", "out", "--workers", workers]) == 2
    assert "they differ in program; add that to product_name in Asn_Any" in capsys.readouterr().err
    assert not list((crowd / "out").glob("*_asn.json"))


#: A rule of another name in the place of the mission's, given by an older name.
REPLACING = HEAD + (
    'class Asn_Mine(Asn_Lv3Image):\n    """Images by another name."""\n    replaces = "asn_image"\n'
    '    product_name = product_name("mine-{program}-{candidate}_{target}_{instrument}_{optics}", FIELDS)\n'
)


def test_a_rule_file_is_compared_as_it_is_used_together_with_the_missions_rules(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.py").write_text(REPLACING, encoding="utf-8")
    assert main(["compare", "pool.csv", "--rules-version", "mine.py", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {(each["rule"], each["change"]) for each in found} == {("Asn_Lv3Image", "gone"), ("Asn_Mine", "new")}
    assert main(["compare", "pool.csv", "--rules-version", "mission", "--rules-version", "mine.py"]) == 1
    assert "Asn_Lv2Image" not in capsys.readouterr().out


def test_the_old_version_of_a_rule_has_its_own_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.py").write_text(REPLACING, encoding="utf-8")
    assert main(["verify", "Asn_Mine", "-r", "mine.py", "--against", "mission", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["rules"] == ["Asn_Mine"]
    assert {tuple(line.split()[:2]) for line in found["shown"]} == {
        ("before:", "Asn_Lv3Image:"), ("after:", "Asn_Mine:"),
    }  # fmt: skip
