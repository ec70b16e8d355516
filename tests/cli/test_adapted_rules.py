"""Rules that people adapt, on the command line: what would collide is refused, and the message says what to write."""

from __future__ import annotations

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
        "Asn_Copy and Asn_Lv3Image both make a product named ",
        'set replaces = "Asn_Lv3Image" in Asn_Copy, leave one out with --without',
    ),
    "a name without the filter": (
        ('class Asn_Short(Asn_Lv3Image):\n    """Short."""\n    replaces = "Asn_Lv3Image"\n'
         '    product_name = product_name("jw{program}-{candidate}_{instrument}", FIELDS)\n'),
        "Asn_Short makes 2 products named ",
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
