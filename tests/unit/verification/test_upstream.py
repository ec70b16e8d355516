"""The newest change of the reference is followed in a few lines of declarations, and verification shows what it does.

Its development branch combines the extracted spectra of wide-field slitless exposures at Level 3.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import rules
from rules import MISSION, RuleSet
from rules.domains import DOMAIN
from solver.findings import Finding
from solver.verification import compare_versions

#: What is declared in the file of names, and what takes its place.
OLD = 'case("x1d", one_of("role", "background"))'
NEW = 'case("x1d", any_of(one_of("role", "background"), one_of("exp_type", "mir_wfss", "nis_wfss", "nrc_wfss")))'


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Finding]:
    """What the change does."""
    folder = tmp_path_factory.mktemp("newer") / "rules"
    shutil.copytree(Path(rules.__file__).parent, folder)
    names = folder / "naming.py"
    text = names.read_text(encoding="utf-8")
    assert text.count(OLD) == 1
    names.write_text(text.replace(OLD, NEW), encoding="utf-8")
    return compare_versions(MISSION, RuleSet.from_version(folder), DOMAIN).findings


def test_the_change_is_reported_once_with_the_rules_that_it_reaches(findings: Sequence[Finding]) -> None:
    change, without_effect = findings
    assert (change.code, without_effect.code) == ("V601", "V604")
    assert change.rules == ("Asn_Lv3WFSSMIR", "Asn_Lv3WFSSNIS", "Asn_Lv3WFSSNRC", "Asn_Lv3TSO")
    assert len(without_effect.rules) == 17
    added = NEW.removeprefix('case("x1d", ').removesuffix(")").replace('"', "'")
    assert change.message.startswith(f"member_name changed: {added} in place of one_of('role', 'background')")


def test_it_shows_on_an_exposure_that_can_exist(findings: Sequence[Finding]) -> None:
    (pool,) = [each.pool for each in findings if each.pool is not None]
    assert [(row["exp_type"], row["pntgtype"]) for row in pool.rows()] == [("mir_wfss", "science")]
    before, after = (line for line in findings[0].shown if "left out" not in line)
    assert before.removeprefix("before: ") == after.removeprefix("after:  ").replace("_x1d.fits", "_cal.fits")
