"""The fewest columns to change so that an exposure is at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from rules.rule import Rule
from rules.vocabulary import absent, all_of, any_of, contains, one_of, present, same
from solver.explanation.places import NOWHERE, Place
from solver.explanation.smallest_change import MOST, fewest, sufficient_changes
from solver.solving import requirements_of
from tests.unit.small import agreeing, make_rule

USUAL = {"filename": "a_uncal.fits", "program": "1", "filter": "f1", "band": "short", "exp_type": "mir_image"}
DOMAINS = {
    "filter": ("f1", "f2", "f3", ""), "band": ("short", "long", ""), "detector": ("d1", "d2", ""),
    "bkgdtarg": ("t", ""), "is_psf": ("t", ""), "visitype": ("wfsc", ""), "exp_type": ("mir_image", "mir_mrs"),
}  # fmt: skip


def at(rule: type[Rule]) -> Place:
    """A place that asks what the rule asks of every exposure."""
    return Place(rule, NOWHERE, None, tuple(requirements_of(rule.spec)))


def repaired(rule: type[Rule], has: Mapping[str, str], fixed: Sequence[str], changes: int) -> dict[str, str] | None:
    found = sufficient_changes(at(rule), {**USUAL, **has}, DOMAINS.__getitem__, most=changes, fixed=frozenset(fixed))
    return next(found, None)


F2, F2_OR_F3, LONG = one_of("filter", "f2"), one_of("filter", "f2", "f3"), one_of("band", "long")
D1 = present("detector")
FREE_PSF = make_rule(same("program"), same("detector", unless="psf"))

#: rule, what the exposure has, columns that are fixed, the change
CASES: dict[str, tuple[type[Rule], dict[str, str], list[str], dict[str, str] | None]] = {
    "nothing is wrong": (agreeing(present("filter")), {}, [], {}),
    "one column": (agreeing(F2), {}, [], {"filter": "f2"}),
    "two columns": (agreeing(F2, LONG), {}, [], {"filter": "f2", "band": "long"}),
    "two conditions on one column": (agreeing(F2_OR_F3, any_of(F2, LONG)), {}, [], {"filter": "f2"}),
    "a value that has to be given": (agreeing(same("detector")), {}, [], {"detector": "d1"}),
    "a value that may be missing": (agreeing(same("detector", optional=True)), {}, [], {}),
    "a value that must not be given": (agreeing(absent("bkgdtarg")), {"bkgdtarg": "t"}, [], {"bkgdtarg": ""}),
    "a text within": (agreeing(contains("visitype", "wfsc")), {}, [], {"visitype": "wfsc"}),
    "the shorter alternative": (agreeing(any_of(all_of(F2, LONG), D1)), {}, [], {"detector": "d1"}),
    "the alternative that two share": (agreeing(any_of(F2, D1), any_of(LONG, D1)), {}, [], {"detector": "d1"}),
    "what has to be given": (FREE_PSF, {}, [], {"detector": "d1"}),
    "or another role": (FREE_PSF, {}, ["detector"], {"is_psf": "t"}),
    "a fixed column": (agreeing(any_of(F2, all_of(LONG, D1))), {}, ["filter"], {"band": "long", "detector": "d1"}),
    "no column that is not": (agreeing(F2), {}, ["filter"], None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_fewest_changes(case: str) -> None:
    rule, has, fixed, expected = CASES[case]
    assert repaired(rule, has, fixed, MOST) == expected


def test_no_more_changes_than_allowed() -> None:
    rule = agreeing(F2, LONG, D1)
    assert repaired(rule, {}, [], 2) is None
    assert repaired(rule, {}, [], 3) == {"filter": "f2", "band": "long", "detector": "d1"}


def test_the_search_goes_on_by_what_selects() -> None:
    found = sufficient_changes(
        at(agreeing(F2)), USUAL, DOMAINS.__getitem__, most=2, fixed=frozenset(), selecting=("band",)
    )
    assert list(found) == [{"filter": "f2"}, {"filter": "f2", "band": "long"}, {"filter": "f2", "band": ""}]


def test_the_search_ends_where_nothing_selects() -> None:
    found = sufficient_changes(at(agreeing(F2_OR_F3)), USUAL, DOMAINS.__getitem__, most=3, fixed=frozenset())
    assert list(found) == [{"filter": "f2"}, {"filter": "f3"}]


@pytest.mark.parametrize(
    ("open_", "expected"),
    [
        ([], 0),
        ([{"a"}], 1),
        ([{"a"}, {"b"}], 2),
        ([{"a", "b"}, {"b", "c"}], 1),
        ([{"a", "b"}, {"b"}, {"c"}], 2),
        ([{"a"}, set()], MOST + 1),
    ],
)
def test_at_least_so_many_changes(open_: list[set[str]], expected: int) -> None:
    assert fewest(open_) == expected
