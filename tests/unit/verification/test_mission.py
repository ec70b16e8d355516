"""The mission's rules: what is found in them is declared, and every witness is one by what `generate` makes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import pytest

from rules import MISSION
from rules.domains import DOMAIN
from rules.rule import Rule, RuleSpec, as_rule
from rules.vocabulary import Constraint
from solver import Association, Pool, compare, generate, verification
from solver.app.cli import main
from solver.associations.association import Member
from solver.verification import Report, verify
from solver.verification.witnesses import WitnessPool

#: The analysis takes half a minute: all tests of it are run where it is made, by `make verify` and `.ci/thorough`.
pytestmark = [pytest.mark.xdist_group("verify"), pytest.mark.thorough]


@pytest.fixture(scope="module")
def report() -> Report:
    """What is found in the mission's rules."""
    return verify()


def made(rules: Iterable[type[Rule]], pool: WitnessPool) -> list[Association]:
    """What rules make of a witness."""
    return list(generate(Pool.from_rows(pool.rows()), rules).associations)


def test_all_that_is_found_is_declared(report: Report) -> None:
    assert [(each.code, each.rules, each.message) for each in report.undeclared] == []


SUMMARY = """\
Check                                      Result
rules that can make an association         43 of 43
constraints with an effect                 374 of 573
with an effect in other rules only         113
with no effect in any rule                 86 (86 intended)
pairs of rules that overlap                41 (41 intended)
products of one rule with the same name    6 (6 intended)
kinds of exposures that no rule accepts    30 (30 intended)
Level 3 inputs that Level 2 does not make  19 (19 intended)

no unexpected findings
checked for 76,464,912 combinations of values (22 columns, 69 exposure types; 15 free-text columns); \
7,296 solver queries
"""


def test_the_command_prints_a_summary(
    report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verification, "verify", lambda *_, **__: report)
    assert main(["verify"]) == 0
    assert "".join(f"{line.rstrip()}\n" for line in capsys.readouterr().out.splitlines()) == SUMMARY
    assert main(["verify", "--verbose"]) == 0
    whole = capsys.readouterr().out
    assert whole.count("    intended: ") == sum(1 for each in report.findings if each.intended)
    for finding in report.findings:
        assert finding.message in whole
    for name in report.satisfied:
        assert f"\n  {name}\n    jw00001001001" in whole


def test_each_rule_can_make_an_association(report: Report) -> None:
    assert set(report.satisfied) == {rule.spec.name for rule in MISSION}
    for rule in MISSION:
        assert made([rule], report.satisfied[rule.spec.name]), rule


def test_each_constraint_that_is_needed_makes_a_difference_on_its_pool(report: Report) -> None:
    rules = {rule.spec.name: rule for rule in MISSION}
    needed = [each for each in report.constraints if each.pool is not None]
    assert len(needed) > 300
    for each in needed:
        assert each.pool is not None
        rule = rules[each.rule]
        without = as_rule(dropped(rule.spec, each.by, each.constraint))
        before, after = (made([version], each.pool) for version in (rule, without))
        assert not compare(before, after).equal, each


def dropped(spec: RuleSpec, by: str, constraint: Constraint) -> RuleSpec:
    """The rule without a constraint."""
    rest = tuple(each for each in spec.stated if (each.by, each.constraint) != (by, constraint))
    assert len(rest) == len(spec.stated) - 1
    return dataclasses.replace(spec, stated=rest)


def test_each_overlap_shows_on_its_pool(report: Report) -> None:
    for finding in (*report.of("V301"), *report.of("V302"), *report.of("V303")):
        assert finding.pool is not None
        both = [rule for rule in MISSION if rule.spec.name in finding.rules]
        result = generate(Pool.from_rows(finding.pool.rows()), both)
        about = {each.asn_rule for each in result.associations}
        about |= {each.association.asn_rule for each in result.dropped}
        assert about == set(finding.rules), finding
        if finding.code == "V301":
            assert "same members" in {each.why for each in result.dropped}
        if finding.code == "V303":
            assert {each.asn_rule for each in result.associations} == set(finding.rules)


def test_each_two_products_of_one_name_are_made_of_their_pool(report: Report) -> None:
    for finding in report.of("V304"):
        assert finding.pool is not None
        made_of = generate(Pool.from_rows(finding.pool.rows()), [MISSION.find(finding.rules[0])]).associations
        names = [product.name for each in made_of for product in each.products]
        assert len(set(names)) < len(names), finding


def test_each_gap_is_one(report: Report) -> None:
    for finding in report.of("V401"):
        assert finding.pool is not None
        rules = MISSION.of_level(2) if finding.rules == ("Level 2",) else MISSION.of_level(3)
        assert not generate(Pool.from_rows(finding.pool.rows()), rules).associations, finding


def test_each_product_that_nothing_makes_is_asked_for_on_its_pool(report: Report) -> None:
    for finding in report.of("V501"):
        assert finding.pool is not None
        pool = Pool.from_rows(finding.pool.rows())
        rules = [rule for rule in MISSION if rule.spec.name in finding.rules]
        asked = {member.expname for each in generate(pool, rules).associations for member in members(each)}
        assert asked - set(products(generate(pool, MISSION.of_level(2)).associations)), finding


def members(association: Association) -> Iterator[Member]:
    """All members of an association."""
    return (member for product in association.products for member in product.members)


def products(associations: Iterable[Association]) -> Iterator[str]:
    """The files that Level 2 makes of associations."""
    for association in associations:
        for product in association.products:
            ints = "ints" if any(m.expname.endswith("ints.fits") for m in product.members) else ""
            yield from (f"{product.name}_{made}{ints}.fits" for made in DOMAIN.products.get(association.asn_type, ()))
