"""Mistakes in rules are refused or found, as `test_mistakes.toml` says."""

from __future__ import annotations

from typing import Any

import pytest

from rules import MISSION, RuleSet
from rules.domains import DOMAIN
from rules.errors import RuleFileError
from solver.findings import Finding
from solver.verification import Report, compare_versions, verify
from tests.unit.small import cases

pytestmark = pytest.mark.xdist_group("mistakes")  # an analysis without a mistake takes seconds

MISTAKES = cases(__file__)
RULES: str = MISTAKES.pop("rules")  # type: ignore[assignment]


def loaded(mistake: dict[str, Any]) -> RuleSet:
    """The rules of the file with a mistake."""
    text = RULES
    for old, new in mistake.get("instead", {}).items():
        assert old in text
        text = text.replace(old, new)
    return RuleSet.from_file("deep.py", (text + mistake.get("more", "")).encode())


def analysed(rules: RuleSet) -> list[str]:
    """What an analysis finds in the group's rule among the mission's."""
    return reported(verify(RuleSet.union(MISSION, rules), only=["Asn_GroupDeep"]))


def reported(report: Report) -> list[str]:
    """The findings, as codes and messages."""
    return [f"{each.code} {_with_rule(each)}" for each in report.undeclared]


def _with_rule(finding: Finding) -> str:
    return f"{finding.about}: {finding.message}" if finding.about else finding.message


@pytest.fixture(scope="module")
def usual() -> list[str]:
    """What is found without a mistake."""
    return analysed(loaded({}))


@pytest.mark.parametrize("name", [name for name in MISTAKES if "refused" in MISTAKES[name]])
def test_a_mistake_is_refused(name: str) -> None:
    with pytest.raises(RuleFileError) as error:
        loaded(MISTAKES[name])
    assert str(error.value).endswith(MISTAKES[name]["refused"])


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", [name for name in MISTAKES if "refused" not in MISTAKES[name]])
def test_a_mistake_is_found(name: str, usual: list[str]) -> None:
    mistake = MISTAKES[name]
    rules = loaded(mistake)
    assert [each for each in analysed(rules) if each not in usual] == mistake.get("found", [])
    assert reported(compare_versions(loaded({}), rules, DOMAIN)) == mistake.get("changed", [])
