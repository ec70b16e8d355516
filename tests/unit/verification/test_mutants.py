"""Mutation check of the difference of versions: rules are changed, one declaration at a time; is each change seen?

A mutant is *seen* if a pool is found of which it makes something else, *equal* if it is proved that there is none over
the whole domain, else *open*. `mutants.txt` has the numbers for each rule. To count them anew, from the top folder:
`PYTHONPATH=. python tests/unit/verification/test_mutants.py > tests/unit/verification/mutants.txt`.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules import MISSION
from rules.domains import DOMAIN
from rules.rule import Rule, as_rule
from solver import Pool, compare, generate
from solver.verification.difference_search import difference
from solver.verification.search import Space
from tests.unit.verification.mutations import Mutant, mutants

#: What is counted of each rule, in the columns of the table.
VERDICTS = ("seen", "equal", "open")
SUBJECTS = ("constraints", "others")
TABLE = Path(__file__).with_name("mutants.txt")

#: Why a change of what a group is about is open where all exposures are science.
_ALL_SCIENCE = "a group about each science exposure, with all that agree, is the group of all"

#: The rules with open mutants, and why these change nothing. No proof is made that is about groups.
OPEN = {
    **dict.fromkeys(
        ["Asn_Lv2NRSFSS", "Asn_Lv3ImageBackground", "Asn_Lv3MIRMRSBackground", "Asn_Lv3NRCCoronImage"], _ALL_SCIENCE
    ),
    **dict.fromkeys(["Asn_Lv3NRSIFUBackground", "Asn_Lv3SpecAux"], _ALL_SCIENCE),
    "Asn_Lv2WFSSNIS": "every image that could be the direct one of a group is of one pupil and subarray",
    "Asn_Lv2WFSSParallel": "the direct images are joined by the target, so the spectra have one in any case",
    "Asn_Lv3TSO": "a group is of one exposure type, so one of flats, lamps or engineering has no science",
}


def counted(rule: type[Rule], subject: str, space: Space) -> list[int]:
    """How many mutants of a rule are seen, equal and open, where every pool on which one is seen is tried."""
    verdicts: Counter[str] = Counter()
    for mutant in mutants(rule.spec):
        if mutant.subject == subject:
            verdicts[judged(rule, mutant, space)] += 1
    return [verdicts[each] for each in VERDICTS]


def judged(rule: type[Rule], mutant: Mutant, space: Space) -> str:
    """The verdict on a mutant; that it is seen is tried out."""
    verdict = difference(rule.spec, mutant.spec, space)
    if verdict.pool is None:
        return "equal" if verdict.proved else "open"
    pool = Pool.from_rows(verdict.pool.rows())
    before, after = (generate(pool, [version]).associations for version in (rule, as_rule(mutant.spec)))
    differ = not compare(before, after).equal or rule.spec.level != mutant.spec.level
    assert differ, f"{rule.spec.name}: {mutant.what}"
    return "seen"


def rows() -> Iterator[str]:
    """The table, a line for each rule."""
    space = Space(DOMAIN)
    header = [f"{subject}: {verdict}" for subject in SUBJECTS for verdict in VERDICTS]
    yield "  ".join([f"{'rule':30}", *header])
    for rule in MISSION:
        numbers = [number for subject in SUBJECTS for number in counted(rule, subject, space)]
        cells = (f"{number:{len(name)}}" for number, name in zip(numbers, header, strict=True))
        yield "  ".join([f"{rule.spec.name:30}", *cells])


def expected() -> dict[str, list[int]]:
    """The numbers of the table by rule."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {name: list(map(int, numbers)) for name, *numbers in map(str.split, lines)}


#: One rule of each level. All rules take two minutes; `.ci/thorough` tests them.
SOME = MISSION.rules if "ASNSOLVE_THOROUGH" in os.environ else MISSION.rules[::42]


@pytest.mark.parametrize("rule", SOME, ids=lambda rule: rule.spec.name)
def test_each_change_of_a_constraint_is_seen_or_proved_to_be_none(rule: type[Rule]) -> None:
    assert counted(rule, "constraints", Space(DOMAIN)) == expected()[rule.spec.name][: len(VERDICTS)]


@pytest.mark.thorough
@pytest.mark.parametrize("rule", MISSION, ids=lambda rule: rule.spec.name)
def test_each_change_of_another_declaration_is_seen_or_proved_to_be_none(rule: type[Rule]) -> None:
    assert counted(rule, "others", Space(DOMAIN)) == expected()[rule.spec.name][len(VERDICTS) :]


def test_open_mutants_have_a_reason() -> None:
    found = {name for name, numbers in expected().items() if numbers[len(VERDICTS) - 1 :: len(VERDICTS)] != [0, 0]}
    assert found == set(OPEN)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in rows())
