"""What README says can be done can be done. Its Python examples run as doctests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.simulator import COLUMNS, POSITION_COLUMNS, simulate, with_positions
from rules import RuleSet
from solver import Pool, generate
from solver.app.cli import main, parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.findall(r"@@\w+@@", README)


def test_the_rule_of_your_own_groups_one_place(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(from rules\.level3_base.*?)```", README, re.DOTALL)
    file = tmp_path / "near.py"
    file.write_text(code, encoding="utf-8")
    rows = with_positions(simulate(1, modes=["image_dithers"]))
    pool = Pool.from_rows(dict(zip((*COLUMNS, *POSITION_COLUMNS), row, strict=True)) for row in rows)
    made = generate(pool, RuleSet.from_file(file)).associations
    assert {association.asn_rule for association in made} == {"Asn_SamePlace"}
    several = [{pool["obs_num"][row] for row in association.rows} for association in made]
    assert any(len(observations) > 1 for observations in several)


@pytest.mark.parametrize("line", re.findall(r"^    \$ asnsolve (.*)$", README, re.MULTILINE))
def test_commands_are_understood(line: str) -> None:
    assert parser().parse_args(line.split()).command == line.split(maxsplit=1)[0]


EXPLANATIONS = re.findall(r"^    \$ asnsolve (explain .*)\n((?:    .*\n)+)", README, re.MULTILINE)


@pytest.mark.parametrize(("line", "shown"), EXPLANATIONS, ids=[line for line, _ in EXPLANATIONS])
def test_explanations_are_as_shown(line: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / word) if word.endswith(".csv") else word for word in line.split()]) == 0
    told = iter(capsys.readouterr().out.splitlines())
    parts = [each for each in shown.splitlines() if each != "    …"]
    assert [each for each in parts if each.removeprefix("    ") not in told] == []  # all of them, in this order


def test_options_of_the_table_are_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    known = capsys.readouterr().out + "--no-merge"  # deprecated there, and so not in the help
    table = README.split("## Coming from asn_generate")[1].split("Exit codes:")[0]
    options = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", table)) - {"--no-merge"}
    assert {option for option in options if option not in known} == set()
