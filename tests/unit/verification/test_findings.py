"""Each kind of finding, with its words, on a small domain; and that its pool shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from rules.naming import FIELDS
from rules.rule import Rule
from rules.vocabulary import (
    MemberName,
    absent,
    at_least,
    case,
    choose,
    close_on_sky,
    first_given,
    has,
    not_,
    one_of,
    one_seed,
    present,
    product_name,
    same,
    within,
)
from rules.vocabulary.intentions import Intention, gap, overlap, spare, unmade
from solver import Pool, generate
from solver.findings import Finding
from solver.verification import CODES, compare_versions, verify
from solver.verification.findings import rule_finding
from tests.unit.small import Plain, make_rule
from tests.unit.verification.toy import MEMBER, TOY, image

Rules = Sequence[type[Rule]]

CALIBRATED = image(
    name="Asn_Calibrated",
    level=2,
    asn_type="image2",
    cardinality=one_seed("science"),
    product_name=product_name("{exposure}", FIELDS),
)
#: PSF references are asked for as spectra.
SPECTRUM = MemberName(choose(case("x1d", present("is_psf")), otherwise="cal"), present("tsovisit"))

MADE = "jw00001001001_02101_00001_x_cal.fits"
PLAIN = f"jw00001-o001_t000__clear of science {MADE}"

#: By what is wrong: the rules, what is declared, and what is found besides the gaps.
RULES: dict[str, tuple[Rules, Sequence[Intention], list[str]]] = {
    "values that exclude each other": (
        [image(one_of("filter", "f200w"))],
        (),
        ["V101 Asn_Image: no exposure has: exposure type is mir_image and filter is f200w"],
    ),
    "a role that no exposure has": (
        [image(absent("is_psf"), has("psf"))],
        (),
        ["V102 Asn_Image: exposures qualify, but they make no group that has a psf exposure"],
    ),
    "a value that there is not": (
        [image(one_of("filter", "f770w", "f999w"))],
        (),
        [
            "V103 Asn_Image: no exposure has the filter f999w",
            "V201 Asn_Image: exposure type is mir_image (stated by Asn_Image)",
        ],
    ),
    "what another constraint says": (
        [image(one_of("instrume", "miri"))],
        (),
        ["V201 Asn_Image: instrument is miri (stated by Asn_Image)"],
    ),
    "what another constraint says, on purpose": (
        [image(one_of("instrume", "miri"))],
        [spare("Asn_Image", one_of("instrume", "miri"), because="it is told so")],
        ["V201 Asn_Image: instrument is miri (stated by Asn_Image), intended: it is told so"],
    ),
    "a lower number": (
        [image(at_least(2), at_least(1))],
        (),
        ["V202 Asn_Image: has at least 1 exposure (stated by Asn_Image)"],
    ),
    "a condition on pairs": ([image(within("expstart", 30), close_on_sky(arcseconds=10))], (), []),
    "a value of several columns that there is not": (
        [image(not_(one_of(first_given("pupil", "filter"), "f999w")))],
        (),
        [
            "V103 Asn_Image: no exposure has the pupil or filter f999w",
            "V201 Asn_Image: pupil or filter is not f999w (stated by Asn_Image)",
        ],
    ),
    "intentions about what there is not": (
        [image()],
        [overlap("Asn_Image", "Asn_Typo", because="so"), spare("Asn_Imag", same("program"), because="so")],
        [
            "V901 Asn_Typo: an intention is about Asn_Typo, but there is no such rule",
            "V901 Asn_Imag: an intention is about Asn_Imag, but there is no such class that states anything",
        ],
    ),
    "a spare that is needed": (
        [image()],
        [spare("Asn_Image", one_of("exp_type", "mir_image"), because="so")],
        ["V901 Asn_Image: exposure type is mir_image is declared spare, but it is needed"],
    ),
    "two rules alike": (
        [image(name="Asn_A"), image(name="Asn_B")],
        (),
        [
            (
                "V301 Asn_A, Asn_B: Asn_A and Asn_B both take mir_image, with the same members; "
                f"Asn_B: {PLAIN}; Asn_A: jw00001-o001_t000__clear dropped, same members as Asn_B"
            )
        ],
    ),
    "two rules alike, on purpose": (
        [image(name="Asn_A"), image(name="Asn_B")],
        [overlap("Asn_B", "Asn_A", because="a test")],
        [
            (
                "V301 Asn_A, Asn_B: Asn_A and Asn_B both take mir_image, with the same members; "
                f"Asn_B: {PLAIN}; Asn_A: jw00001-o001_t000__clear dropped, same members as Asn_B, intended: a test"
            )
        ],
    ),
    "an overlap that is none": (
        [image(one_of("filter", "f770w"), name="Asn_A"), image(one_of("filter", "f560w"), name="Asn_B")],
        [overlap("Asn_A", "Asn_B", because="so")],
        [
            "V201 Asn_A: exposure type is mir_image (stated by Asn_A)",
            "V201 Asn_B: exposure type is mir_image (stated by Asn_B)",
            "V901 Asn_A, Asn_B: they are declared to overlap, but they do not",
        ],
    ),
    "two products of one name": (
        [image(absent("is_psf"), name="Asn_A"), image(at_least(2), name="Asn_B")],
        (),
        [
            (
                "V301 Asn_A, Asn_B: Asn_A and Asn_B both take mir_image, with the same members; "
                f"Asn_B: {PLAIN}, science jw00001001001_02101_00002_x_cal.fits; "
                "Asn_A: jw00001-o001_t000__clear dropped, same members as Asn_B"
            ),
            (
                "V302 Asn_A, Asn_B: Asn_A and Asn_B both take mir_image, with one product name; "
                f"Asn_B: {PLAIN}, psf jw00001001001_02101_00002_x_cal.fits; "
                "Asn_A: jw00001-o001_t000__clear dropped, same product name as Asn_B"
            ),
        ],
    ),
    "two products about one exposure": (
        [
            image(absent("is_psf"), name="Asn_A"),
            image(has("psf"), product_name=product_name("{target}-psf", FIELDS), name="Asn_B"),
        ],
        (),
        [
            (
                "V303 Asn_A, Asn_B: Asn_A and Asn_B both take mir_image, with products of their own; "
                f"Asn_A: {PLAIN}; "
                f"Asn_B: t000-psf of science {MADE}, psf jw00001001001_02101_00002_x_cal.fits"
            )
        ],
    ),
    "a product that nothing makes": (
        [image(member_name=SPECTRUM), CALIBRATED],
        (),
        [
            (
                "V501 Asn_Image: Asn_Image asks for the x1d product of mir_image if PSF flag is given and time-series "
                "flag is not given, which no Level 2 rule makes; Asn_Image: jw00001-o001_t000__clear of psf "
                "jw00001001001_02101_00001_x_x1d.fits"
            ),
            (
                "V501 Asn_Image: Asn_Image asks for the x1dints product of mir_image if PSF flag is given and time-"
                "series flag is given, which no Level 2 rule makes; Asn_Image: jw00001-o001_t000__clear of psf "
                "jw00001001001_02101_00001_x_x1dints.fits"
            ),
        ],
    ),
    "a product that nothing makes, on purpose": (
        [image(absent("tsovisit"), member_name=SPECTRUM), CALIBRATED],
        [unmade("Asn_Image", present("is_psf"), because="it is a test")],
        [
            (
                "V501 Asn_Image: Asn_Image asks for the x1d product of exposures where PSF flag is given, which no "
                "Level 2 rule makes; Asn_Image: jw00001-o001_t000__clear of psf jw00001001001_02101_00001_x_x1d.fits, "
                "intended: it is a test"
            )
        ],
    ),
    "a product that is made": (
        [image(), CALIBRATED],
        [unmade("Asn_Image", present("is_psf"), because="so")],
        ["V901 Asn_Image: products where PSF flag is given are declared unmade, but they are made"],
    ),
}

#: By what was declared: what is found where only MIRI images without a flag are taken.
GAPS: dict[str, tuple[Sequence[Intention], list[str]]] = {
    "nothing": (
        (),
        [
            "V401 Level 3: no Level 3 rule takes mir_image if background flag is given",
            "V401 Level 3: no Level 3 rule takes nrc_image, nrc_tsimage, mir_wfss",
        ],
    ),
    "a gap": (
        [gap(3, one_of("instrume", "nircam"), because="it is not ours")],
        [
            "V401 Level 3: no Level 3 rule takes mir_image if background flag is given",
            "V401 Level 3: no Level 3 rule takes mir_wfss",
            "V401 Level 3: no Level 3 rule takes exposures where instrument is nircam, intended: it is not ours",
        ],
    ),
    "a gap of another level": (
        [gap(2, one_of("instrume", "nircam"), because="it is not ours")],
        [
            "V401 Level 3: no Level 3 rule takes mir_image if background flag is given",
            "V401 Level 3: no Level 3 rule takes nrc_image, nrc_tsimage, mir_wfss",
        ],
    ),
    "a gap that is none": (
        [
            gap(3, one_of("exp_type", "mir_image"), because="partly"),
            gap(3, one_of("exp_type", "nrc_image", "nrc_tsimage", "mir_wfss"), because="it is not ours"),
            gap(3, one_of("filter", "f999w"), because="so"),
        ],
        [
            "V401 Level 3: no Level 3 rule takes exposures where exposure type is mir_image, intended: partly",
            (
                "V401 Level 3: no Level 3 rule takes exposures where exposure type is one of mir_wfss, nrc_image, "
                "nrc_tsimage, intended: it is not ours"
            ),
            "V901 Level 3: a gap is declared where filter is f999w, but there is none",
        ],
    ),
}

#: By what was changed: the rules before and after, and what is found.
CHANGES: dict[str, tuple[Rules, Rules, list[str]]] = {
    "nothing": ([image()], [image()], []),
    "a constraint more": (
        [image()],
        [image(absent("is_psf"))],
        [
            (
                "V601 Asn_Image: it now states absent('is_psf'); "
                f"before: Asn_Image: jw00001-o001_t000__clear of psf {MADE}; after:  nothing"
            )
        ],
    ),
    "a constraint less": (
        [image(at_least(2))],
        [image()],
        [f"V601 Asn_Image: it no longer states at_least(2); before: nothing; after:  Asn_Image: {PLAIN}"],
    ),
    "an agreement that became optional": (
        [image(same("filter"))],
        [image(same("filter", optional=True))],
        [
            (
                "V601 Asn_Image: it states same('filter', optional=True) in place of same('filter'); "
                f"before: nothing; after:  Asn_Image: {PLAIN}"
            )
        ],
    ),
    "the only agreement": (
        [image(target=FIELDS["target"], product_name=product_name("{target}", FIELDS))],
        [image(agree=same("targetid"), target=FIELDS["target"], product_name=product_name("{target}", FIELDS))],
        [
            (
                "V601 Asn_Image: it states same('targetid') in place of same('program'); "
                f"before: Asn_Image: t000 of science {MADE}; after:  nothing"
            )
        ],
    ),
    "a constraint that changes nothing": (
        [image()],
        [image(one_of("instrume", "miri"))],
        ["V604 Asn_Image: it now states one_of('instrume', 'miri')"],
    ),
    "two constraints, of which one undoes the other": (
        [image(same("filter"))],
        [image(present("filter"))],
        [
            (
                "V601 Asn_Image: it no longer states same('filter'); before: nothing; after:  nothing; "
                "the other changes of this rule undo it here"
            ),
            "V604 Asn_Image: it now states present('filter')",
        ],
    ),
    "the level": (
        [image()],
        [image(level=2)],
        [
            (
                "V601 Asn_Image: its level is another one: 2 in place of 3; "
                f"before: Asn_Image: {PLAIN}; after:  Asn_Image: {PLAIN}"
            )
        ],
    ),
    "a value that there is not yet": (
        [image(one_of("filter", "f770w"))],
        [image(one_of("filter", "f770w", "f999w"))],
        [
            "V103 Asn_Image: no exposure has the filter f999w",
            "V604 Asn_Image: it states one_of('filter', 'f770w', 'f999w') in place of one_of('filter', 'f770w')",
        ],
    ),
    "a product name": (
        [image(product_name=product_name("{target}-a", FIELDS))],
        [image(product_name=product_name("{target}-b", FIELDS))],
        [
            (
                "V601 Asn_Image: its product_name is another one: no longer '-a'; now '-b'; "
                f"before: Asn_Image: t000-a of science {MADE}; after:  Asn_Image: t000-b of science {MADE}"
            )
        ],
    ),
    "roles": (
        [image(roles=choose(case("psf", present("is_psf")), otherwise="science"))],
        [image(roles=choose(case("psf", present("is_psf")), case("x", present("bkgdtarg")), otherwise="science"))],
        [
            (
                "V601 Asn_Image: its roles is another one: now case('x', present('bkgdtarg')); "
                f"before: Asn_Image: {PLAIN}; after:  Asn_Image: jw00001-o001_t000__clear of x {MADE}"
            )
        ],
    ),
    "a limit, a little": (
        [image(within("expstart", 30))],
        [image(within("expstart", 31))],
        [
            (
                "V601 Asn_Image: it states within('expstart', 31.0) in place of within('expstart', 30.0); "
                f"before: Asn_Image: {PLAIN}; before: Asn_Image: jw00001-o001_t000__clear of science "
                "jw00001001001_02101_00002_x_cal.fits; "
                f"after:  Asn_Image: {PLAIN}, science jw00001001001_02101_00002_x_cal.fits"
            )
        ],
    ),
    "a lower number, which is not proved to be spare": (
        [image(at_least(2), at_least(1))],
        [image(at_least(2))],
        ["V605 Asn_Image: it no longer states at_least(1)"],
    ),
    "rules": (
        [image(name="Asn_A"), image(name="Asn_B")],
        [image(name="Asn_B"), image(name="Asn_C")],
        ["V602 Asn_C: A rule of a test.", "V603 Asn_A: A rule of a test."],
    ),
}


def told(finding: Finding) -> str:
    """The finding in a line."""
    line = "; ".join((f"{finding.code} {', '.join(finding.rules)}: {finding.message}", *finding.shown))
    return f"{line}, intended: {finding.intended}" if finding.intended else line


@pytest.mark.parametrize("case", RULES)
def test_what_is_found_in_rules(case: str) -> None:
    rules, intended, expected = RULES[case]
    report = verify(rules, TOY, intended)
    assert [told(each) for each in report.findings if each.code != "V401"] == expected
    assert {each.code for each in report.undeclared if each.code != "V401"} == {
        line[:4] for line in expected if "intended" not in line
    }


@pytest.mark.parametrize("case", GAPS)
def test_what_no_rule_takes(case: str) -> None:
    intended, expected = GAPS[case]
    report = verify([image(absent("bkgdtarg"))], TOY, intended)
    assert [told(each) for each in report.findings] == expected


@pytest.mark.parametrize("case", CHANGES)
def test_what_a_change_does(case: str) -> None:
    before, after, expected = CHANGES[case]
    assert [told(each) for each in compare_versions(before, after, TOY).findings] == expected


def made(rules: Rules, finding: Finding) -> list[Any]:
    """What `generate` makes of the pool of a finding."""
    assert finding.pool is not None
    return list(generate(Pool.from_rows(finding.pool.rows()), rules).associations)


def test_the_pool_of_a_change_is_made_into_other_associations() -> None:
    for before, after, _ in CHANGES.values():
        for finding in compare_versions(before, after, TOY).of("V601"):
            same = made(before, finding) == made(after, finding) and before[0].spec.level == after[0].spec.level
            assert same == ("the other changes of this rule undo it here" in finding.shown), told(finding)


def test_rules_that_can_make_an_association_make_one_of_their_pool() -> None:
    rules = [image(name="Asn_A"), image(has("psf"), has("background"), at_least(3), name="Asn_B")]
    report = verify(rules, TOY)
    assert [len(report.satisfied[rule.spec.name].exposures) for rule in rules] == [1, 3]
    for rule in rules:
        pool = Pool.from_rows(report.satisfied[rule.spec.name].rows())
        assert generate(pool, [rule]).associations


def test_single_rules_are_analysed_among_all() -> None:
    rules = [image(one_of("instrume", "miri"), name="Asn_A"), image(name="Asn_B"), image(at_least(2), name="Asn_C")]
    report = verify(rules, TOY, only=["Asn_A"])
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
        (found,) = verify([needs, needs_not], TOY, only=only).of("V203")
        assert told(found) == (
            "V203 AsnMixin_Parent, Asn_Not: instrument is miri (stated by AsnMixin_Parent), in Asn_Not"
        )
        assert (found.severity, found.counts) == ("note", False)


def test_an_intention_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="because: give the reason why it is meant to be so"):
        overlap("Asn_A", "Asn_B", because=" ")


def test_every_code_has_a_severity_and_words() -> None:
    for code, words in CODES.items():
        assert rule_finding(code, ("Asn_Image",), "").severity in {"error", "warning", "note"}
        assert words
