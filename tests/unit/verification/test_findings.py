"""Each kind of finding, with its words, on a small domain; and that its pool shows it."""

from __future__ import annotations

import doctest
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from rules import vocabulary
from rules.naming import FIELDS
from rules.rule import Rule
from rules.vocabulary import MemberName, absent, at_least, case, choose, has, one_of, one_seed, present, same
from rules.vocabulary import intentions as meant
from rules.vocabulary.intentions import Intention
from solver import Association, Pool, generate
from solver.findings import Finding
from solver.verification import CODES, compare_versions, verify
from solver.verification.findings import rule_finding
from tests.unit.small import Plain, make_rule
from tests.unit.verification.toy import MEMBER, TOY, image, toy_rules

Rules = Sequence[type[Rule]]

CALIBRATED = image(
    name="Asn_Calibrated",
    level=2,
    asn_type="image2",
    cardinality=one_seed("science"),
    product_name=vocabulary.product_name("{exposure}", FIELDS),
)
#: A mixin that says something else than the base class.
SPECTRAL = type("AsnMixin_Spectral", (Rule,), {"__doc__": "Spectra.", "asn_type": "spec3"})
#: PSF references are asked for as spectra.
SPECTRUM = MemberName(choose(case("x1d", present("is_psf")), otherwise="cal"), present("tsovisit"))


#: Types of exposures that make a condition long.
LONG = ("nrc_image", "nrc_tsimage", "mir_wfss", "nrs_ifu", "nis_image", "nrs_msaspec")


def printed(findings: Sequence[Finding]) -> None:
    """Print findings."""
    for each in findings:
        intended = [f"intended: {each.intended}"] if each.intended else []
        lines = (f"{each.code} {', '.join(each.rules)}: {each.message}", *each.shown, *intended)
        sys.stdout.write("\n    ".join(lines) + "\n")


def verified(*rules: type[Rule], intended: Sequence[Intention] = ()) -> None:
    """What is found in rules; gaps are left out."""
    report = verify(toy_rules(*rules, intended=intended))
    printed([each for each in report.findings if each.code != "V401"])
    assert report.undeclared == tuple(each for each in report.findings if not each.intended)


def gaps(*intended: Intention) -> None:
    """What is found where only MIRI images without a background flag are taken."""
    printed(verify(toy_rules(image(absent("bkgdtarg")), intended=intended)).findings)


def changed(*versions: type[Rule] | Rules) -> None:
    """What a change does; what is made of the pool of a finding is different, unless other changes undo it."""
    before, after = ([each] if isinstance(each, type) else each for each in versions)
    findings = compare_versions(before, after, TOY).findings
    printed(findings)
    for each in findings:
        if each.code == "V601":
            old, new = ([rule for rule in rules if rule.spec.name == each.rules[0]] for rules in (before, after))
            alike = made(old, each) == made(new, each) and old[0].spec.level == new[0].spec.level
            assert alike == ("the other changes of this rule undo it here" in each.shown)


def made(rules: Rules, finding: Finding) -> Sequence[Association]:
    """What `generate` makes of the pool of a finding."""
    assert finding.pool is not None
    return generate(Pool.from_rows(finding.pool.rows()), rules).associations


EXAMPLES = doctest.DocTestParser().parse(Path(__file__).with_name("findings.txt").read_text(encoding="utf-8"))
CASES = {
    str(prose).strip().rpartition("\n")[2]: example
    for prose, example in pairwise(EXAMPLES)
    if isinstance(example, doctest.Example)
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str) -> None:
    known = {name: getattr(vocabulary, name) for name in dir(vocabulary)} | globals() | vars(meant)
    problems: list[str] = []
    example = doctest.DocTest([CASES[name]], known, name, "findings.txt", CASES[name].lineno, None)
    doctest.DocTestRunner().run(example, out=problems.append)
    assert not problems, "".join(problems)


def test_rules_that_can_make_an_association_make_one_of_their_pool() -> None:
    rules = [image(name="Asn_A"), image(has("psf"), has("background"), at_least(3), name="Asn_B")]
    report = verify(toy_rules(*rules))
    assert [len(report.satisfied[rule.spec.name].exposures) for rule in rules] == [1, 3]
    for rule in rules:
        pool = Pool.from_rows(report.satisfied[rule.spec.name].rows())
        assert generate(pool, [rule]).associations


def test_single_rules_are_analysed_among_all() -> None:
    rules = [image(one_of("instrume", "miri"), name="Asn_A"), image(name="Asn_B"), image(at_least(2), name="Asn_C")]
    report = verify(toy_rules(*rules), only=["Asn_A"])
    assert report.rules == 1
    assert [(each.code, each.rules) for each in report.findings] == [
        ("V201", ("Asn_A",)), ("V301", ("Asn_A", "Asn_B")), ("V301", ("Asn_A", "Asn_C")),
    ]  # fmt: skip


def test_a_statement_that_another_heir_needs_is_a_note() -> None:
    parent = type("AsnMixin_Parent", (Plain,), {"__doc__": "MIRI.", "constraints": (one_of("instrume", "miri"),)})
    needs = make_rule(same("program"), bases=(parent,), name="Asn_Needs", member_name=MEMBER)
    images = one_of("exp_type", "mir_image")
    needs_not = make_rule(images, same("program"), bases=(parent,), name="Asn_Not", member_name=MEMBER)
    for only in ((), ("Asn_Not",)):
        (found,) = verify(toy_rules(needs, needs_not), only=only).of("V203")
        assert (found.rules, found.message, found.shown, found.severity, found.counts) == (
            ("AsnMixin_Parent", "Asn_Not"),
            "instrument is miri (stated by AsnMixin_Parent), in Asn_Not",
            (),
            "note",
            False,
        )


def test_nothing_is_claimed_of_a_statement_for_which_a_search_met_its_bound() -> None:
    parent = type("AsnMixin_Parent", (Plain,), {"__doc__": "MIRI.", "constraints": (one_of("instrume", "miri"),)})
    large = make_rule(same("program"), at_least(40000), bases=(parent,), name="Asn_Large", member_name=MEMBER)
    needs_not = make_rule(one_of("exp_type", "mir_image"), same("program"), bases=(parent,), name="Asn_Not")
    found = verify(toy_rules(large, needs_not)).of("V201", "V203", "V902")
    assert [(each.code, each.rules) for each in found] == [
        ("V203", ("AsnMixin_Parent", "Asn_Not")), ("V902", ("Asn_Large",)),
    ]  # fmt: skip


def test_every_code_has_a_severity_and_words() -> None:
    for code, words in CODES.items():
        assert rule_finding(code, ("Asn_Image",), "").severity in {"error", "warning", "note"}
        assert words
