"""Right results are found right, and every way to damage them is found, by the right code."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from benchmarks.simulator import COLUMNS, MODES, simulate
from rules import MISSION
from rules.vocabulary import case, choose, present, same, select
from solver import Association, Member, Pool, generate, merge
from solver.checking import Report, check
from tests.unit.small import Row, agreeing, pool_of, row

Associations = list[Association]

#: A finding: its code and the file name of its association, "" for none.
Found = set[tuple[str, str]]


@cache
def simulated(mode: str, seed: int = 1) -> tuple[Pool, tuple[Association, ...]]:
    """A pool of one mode, and its associations."""
    pool = Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in simulate(seed, modes=[mode]))
    return pool, tuple(generate(pool).associations)


def errors(report: Report) -> Found:
    return {(finding.code, finding.about) for finding in report.errors}


# --- Right results ------------------------------------------------------------------------------

RUNS: dict[str, dict[str, Any]] = {
    "default": {},
    "all candidates": {"discover": False},
    "discovery": {"candidates": (), "discover": True},
    "one candidate": {"candidates": ["o001"]},
    "level 2": {"rules": MISSION.of_level(2)},
    "level 3": {"rules": MISSION.of_level(3)},
    "the other engine": {"engine": "constraint"},
    "background at level 2": {"background_at": 2},
    "background at level 3": {"background_at": 3},
    "no background": {"background_at": "none"},
}


def runs(mode: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The runs for a mode: the default, and every other one, the rest of them for the next mode; or all."""
    place = list(MODES).index(mode)
    for number, (run, options) in enumerate(RUNS.items()):
        if not options or (place + number) % 2 == 0 or "ASNSOLVE_THOROUGH" in os.environ:
            yield run, options


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.sampled(3)
def test_right_results_have_no_errors(mode: str, seed: int) -> None:
    pool, _ = simulated(mode, seed)
    for run, options in runs(mode):
        result = generate(pool, **options)
        report = check(pool, result.associations, background_at=options.get("background_at", "both"))
        assert errors(report) == set(), run
        assert report.in_none == tuple(result.orphans.file_names), run


@pytest.mark.parametrize("mode", MODES)
def test_merged_results_have_no_errors(mode: str) -> None:
    pool, made = simulated(mode)
    assert errors(check(pool, merge(made, [rule.spec.name for rule in MISSION.of_level(2)]))) == set()


def test_backgrounds_that_are_solved_and_not_kept_are_no_errors() -> None:
    pool, _ = simulated("image_background")
    made = generate(pool, candidates=["o001"], backgrounds=True).associations
    report = check(pool, made)
    assert errors(report) == set()
    assert {finding.code for finding in report.findings} == {"no-level-2", "unaccounted"}


# --- Damage to one association ------------------------------------------------------------------


def with_members(association: Association, members: list[Member]) -> Association:
    return replace(association, products=(replace(association.products[0], members=tuple(members)),))


def drop(role: str) -> Callable[[Association], Association]:
    """Without the last member in a role."""

    def damage(association: Association) -> Association:
        members = list(association.products[0].members)
        members.remove([member for member in members if member.exptype == role][-1])
        return with_members(association, members)

    return damage


def add(expname: str, exptype: str) -> Callable[[Association], Association]:
    return lambda each: with_members(each, [*each.products[0].members, Member(expname, exptype)])


def change(role: str, **values: str) -> Callable[[Association], Association]:
    """With other values for the last member in a role; `{}` stands for the file's name before its suffix."""

    def damage(association: Association) -> Association:
        members = list(association.products[0].members)
        last = max(place for place, member in enumerate(members) if member.exptype == role)
        stem = members[last].expname.rpartition("_")[0]
        changed: Any = {name: value.format(stem) for name, value in values.items()}
        members[last] = replace(members[last], **changed)
        return with_members(association, members)

    return damage


def put(**values: str) -> Callable[[Association], Association]:
    changed: Any = values
    return lambda each: replace(each, **changed)


def rename(association: Association) -> Association:
    return replace(association, products=(replace(association.products[0], name="other"),))


def repeat(association: Association) -> Association:
    return with_members(association, [*association.products[0].members, association.products[0].members[0]])


def empty(association: Association) -> Association:
    return with_members(association, [])


@dataclass(frozen=True)
class Case:
    """Damage to the first association of a rule, and the codes of its errors.

    Attributes:
        what: the damage in words.
        mode: the pool's observing mode.
        rule: the rule.
        damage: damages the association.
        codes: of the errors about this association.
        others: of the errors about others, and about all together.
    """

    what: str
    mode: str
    rule: str
    damage: Callable[[Association], Association]
    codes: set[str]
    others: frozenset[str] = frozenset()


MISSING = frozenset({"missing"})
UNCALIBRATED = frozenset({"not-calibrated"})

CASES = [
    Case("a member dropped", "image_dithers", "Asn_Lv3Image", drop("science"), {"left-out"}),
    Case("a PSF dropped", "coron_nircam", "Asn_Lv3NRCCoron", drop("psf"), {"left-out"}),
    Case("an acquisition dropped", "coron_nircam", "Asn_Lv3NRCCoron", drop("target_acquisition"), {"left-out"}),
    Case("a confirmation dropped", "lrs_slit", "Asn_MIRLRSTAConfirm", drop("target_acquisition"), {"left-out"}),
    Case("a background dropped", "mrs", "Asn_Lv2Spec", drop("background"), {"left-out"}),
    Case("a nod's background dropped", "msa", "Asn_Lv2NRSMSA", drop("background"), {"left-out"}),
    Case("the science of a nod dropped", "msa", "Asn_Lv2NRSMSA", drop("science"), {"left-out"}, UNCALIBRATED),
    Case("an imprint dropped", "ifu", "Asn_Lv2SpecSpecial", drop("imprint"), {"left-out"}),
    Case("a catalog dropped", "wfss_niriss", "Asn_Lv2WFSSParallel", drop("sourcecat"), {"left-out"}),
    Case("an unknown file added", "image_dithers", "Asn_Lv3Image",
         add("other_cal.fits", "science"), {"unknown-member"}),
    Case("another filter added", "image_background", "Asn_Lv3Image",
         add("jw01001001001_02101_00001_nrcalong_cal.fits", "science"), {"disagreement"}),
    Case("another observation added", "image_background", "Asn_Lv3Image",
         add("jw01001002001_02101_00001_nrca1_cal.fits", "science"), {"not-in-candidate"}),
    Case("an imprint added to the combined spectra", "ifu", "Asn_Lv3NRSIFU",
         add("jw01001001001_02102_00001_nrs1_cal.fits", "science"), {"unqualified"}),
    Case("a further science exposure added at Level 2", "image_dithers", "Asn_Lv2FGS",
         add("jw01001001001_02101_00002_guider1_rate.fits", "science"), {"surplus"}),
    Case("an imprint added that suits another exposure", "ifu", "Asn_Lv2SpecSpecial",
         add("jw01001002001_02102_00002_nrs1_rate.fits", "imprint"), {"surplus"}),
    Case("a role changed", "coron_nircam", "Asn_Lv3NRCCoron", change("psf", exptype="science"), {"wrong-role"}),
    Case("a nod's role changed", "msa", "Asn_Lv2NRSMSA", change("background", exptype="imprint"), {"wrong-role"}),
    Case("a suffix changed", "image_dithers", "Asn_Lv3Image",
         change("science", expname="{}_rate.fits"), {"wrong-file"}),
    Case("the integrations averaged", "coron_nircam", "Asn_Lv3NRCCoron",
         change("psf", expname="{}_cal.fits"), {"wrong-file"}),
    Case("the suffix of the only member changed", "image_dithers", "Asn_Lv2FGS",
         change("science", expname="{}_crf.fits"), {"wrong-file"}),
    Case("the catalog of another image", "wfss_niriss", "Asn_Lv2WFSSParallel",
         change("sourcecat", expname="jw01001-c1000_t000_niriss_clear-f200w_cat.ecsv"), {"wrong-file"}),
    Case("a product renamed", "image_dithers", "Asn_Lv3Image", rename, {"wrong-name"}),
    Case("a product of Level 2 renamed", "msa", "Asn_Lv2NRSMSA", rename, {"wrong-name"}),
    Case("a member listed twice", "image_dithers", "Asn_Lv3Image", repeat, {"repeated-member"}),
    Case("no members", "image_background", "Asn_Lv3Image", empty, {"empty"}, MISSING),
    Case("another type", "image_dithers", "Asn_Lv3Image", put(asn_type="spec3"), {"wrong-type"}),
    Case("another target", "image_dithers", "Asn_Lv3Image", put(target="t999"), {"wrong-target"}),
    Case("a candidate of nobody", "mrs", "Asn_Lv3MIRMRS", put(asn_id="o999"), {"unknown-candidate"}),
    Case("a program of nobody", "mrs", "Asn_Lv3MIRMRS", put(program="00002"), {"unknown-candidate"}),
    Case("a wrong type of candidate", "mrs", "Asn_Lv2Spec", put(asn_id="a3001"), {"wrong-candidate"}),
    Case("the candidate of other exposures", "image_background", "Asn_Lv3Image",
         put(asn_id="o002"), {"not-in-candidate"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_damage_to_one_association(case: Case) -> None:
    pool, made = simulated(case.mode)
    place = next(place for place, each in enumerate(made) if each.asn_rule == case.rule)
    named = {association.file_name: association for association in made}
    label = made[place].file_name
    damaged = case.damage(named[label])
    assert damaged != named[label]
    found = errors(check(pool, named | {label: damaged}))
    about = {code for code, association in found if association == label} - {"file-name"}
    assert about == case.codes
    if case.others:
        assert {code for code, association in found if association != label} == case.others


def test_a_file_name_that_contradicts_the_content() -> None:
    pool, made = simulated("image_dithers")
    named = {association.file_name: association for association in made}
    label = "jw01001-o001_image3_00001_asn.json"
    wrong = "jw01001-o001_image2_00099_asn.json"
    named[wrong] = named.pop(label)
    report = check(pool, named)
    assert errors(report) == {("file-name", wrong)}
    assert report.errors[0].message == "type image2 in the name, image3 in the content"
    named["some.json"] = named.pop(wrong)
    assert [(each.code, each.severity) for each in check(pool, named).findings] == [("file-name", "note")]


# --- Damage to the whole ------------------------------------------------------------------------


def without(made: Associations, rule: str) -> Associations:
    """Without the first association of a rule."""
    made.remove(next(each for each in made if each.asn_rule == rule))
    return made


def with_twin(made: Associations, rule: str) -> Associations:
    twin = next(each for each in made if each.asn_rule == rule)
    return [*made, replace(twin, sequence=99)]


def swapped(made: Associations, rule: str) -> Associations:
    """The first and the last association of a rule with each other's product names."""
    first, *_, last = (place for place, each in enumerate(made) if each.asn_rule == rule)
    one, other = made[first].products[0], made[last].products[0]
    made[first] = replace(made[first], products=(replace(one, name=other.name),))
    made[last] = replace(made[last], products=(replace(other, name=one.name),))
    return made


WHOLE: dict[str, tuple[str, Callable[[Associations], Associations], list[str]]] = {
    "a Level 3 association dropped": ("image_background", lambda made: without(made, "Asn_Lv3Image"), ["missing"]),
    "a Level 2 association dropped": (
        "image_background", lambda made: without(made, "Asn_Lv2Image"), ["missing", "not-calibrated"],
    ),
    "a Level 2 association by integration dropped": (
        "coron_nircam", lambda made: without(made, "Asn_Lv2ImageSpecial"), ["missing", "not-calibrated"],
    ),
    "an association twice": ("mrs", lambda made: with_twin(made, "Asn_Lv3MIRMRS"), ["same-members"]),
    "names swapped": ("msa", lambda made: swapped(made, "Asn_Lv2NRSMSA"), ["wrong-name", "wrong-name"]),
}  # fmt: skip


@pytest.mark.parametrize("what", WHOLE)
def test_damage_to_the_whole(what: str) -> None:
    mode, damage, codes = WHOLE[what]
    pool, made = simulated(mode)
    assert sorted(finding.code for finding in check(pool, damage(list(made))).errors) == codes


def test_without_level_2_there_is_one_note() -> None:
    pool, made = simulated("mrs")
    level3 = [each for each in made if each.asn_rule.startswith("Asn_Lv3")]
    assert [(each.code, each.severity) for each in check(pool, level3).findings] == [("no-level-2", "note")]


def test_a_rule_that_is_not_known_is_noted() -> None:
    pool, made = simulated("image_dithers")
    named = {each.file_name: each for each in made}
    label = next(label for label, each in named.items() if each.asn_rule == "Asn_Lv3Image")
    named[label] = replace(named[label], asn_rule="Asn_Mine")
    report = check(pool, named)
    assert errors(report) == set()
    assert [(each.code, each.about) for each in report.findings] == [("unknown-rule", label)]


@pytest.mark.parametrize("name", ["candidate_Asn_Lv3Image", "discover_asn_lv3image", "Asn_Image"])
def test_rules_answer_to_other_names(name: str) -> None:
    pool, made = simulated("image_dithers")
    renamed = [replace(each, asn_rule=name) if each.asn_rule == "Asn_Lv3Image" else each for each in made]
    assert check(pool, renamed).findings == ()


def test_names_in_lower_case_are_the_same() -> None:
    pool, _ = simulated("image_dithers")
    upper = Pool.from_rows(
        {**pool.row(row), "filename": pool.file_names[row].replace("jw", "JW")} for row in range(len(pool))
    )

    def lower(association: Association) -> Iterator[Member]:
        return (replace(each, expname=each.expname.lower()) for each in association.products[0].members)

    made = [with_members(each, list(lower(each))) for each in generate(upper).associations]
    assert check(upper, made).findings == ()


def test_another_rule_of_the_same_type_is_found() -> None:
    pool, made = simulated("ami")
    place = next(place for place, each in enumerate(made) if each.asn_rule == "Asn_Lv2Image")
    wrong = [*made[:place], replace(made[place], asn_rule="Asn_Lv2ImageSpecial"), *made[place + 1 :]]
    found = check(pool, wrong).errors
    assert [(each.code, each.about) for each in found] == [("unqualified", made[place].file_name)]
    assert found[0].message == (
        "Asn_Lv2ImageSpecial requires a value for background flag or PSF flag (AsnMixin_Lv2SpecialTarget)"
    )


# --- What was asked for -------------------------------------------------------------------------


def test_only_what_was_asked_for_is_expected_and_counted() -> None:
    pool, _ = simulated("image_background")
    made = generate(pool, candidates=["o001"]).associations
    whole = check(pool, made)
    assert whole.of("unaccounted")
    asked = check(pool, made, candidates=["O001"], discover=False)
    assert not asked.of("unaccounted")
    assert asked.exposures < whole.exposures == len(pool)
    assert not asked.in_none
    assert {*asked.absent} == {2, 3}
    assert not any(asked.absent.values())


def test_what_may_be_in_an_unreadable_file_is_not_missing() -> None:
    pool, made = simulated("image_dithers")
    gone = next(each for each in made if each.level == 2)
    kept = [each for each in made if each is not gone]
    assert len(check(pool, kept).of("missing")) == 1
    assert not check(pool, kept, unreadable=[f"out/{gone.file_name}"]).of("missing")
    assert check(pool, kept, unreadable=["out/mine_asn.json"]).of("missing")
    assert check(pool, [], unreadable=[]).in_none == tuple(pool.file_names)


# --- What it costs ------------------------------------------------------------------------------


def alike(size: int) -> Iterator[Row]:
    return (row(f"e{number:03}", detector="MIRIMAGE") for number in range(size))


def in_two_filters(size: int) -> Iterator[Row]:
    return (each | {"filter": f"F{number % 2}"} for number, each in enumerate(alike(size)))


def of_targets(size: int) -> Iterator[Row]:
    return (each | {"targetid": str(number)} for number, each in enumerate(alike(size)))


def of_one_name(size: int) -> Iterator[Row]:
    """Half of them are alone, by the type of visit, which is in no name."""
    return (each | {"visitype": f"v{max(number, size // 2)}"} for number, each in enumerate(alike(size)))


def of_visits(size: int) -> Iterator[Row]:
    return (each | {"visit": str(number)} for number, each in enumerate(alike(size)))


def with_imprints(size: int) -> Iterator[Row]:
    return (each | {"is_imprt": "T" if number else ""} for number, each in enumerate(alike(size)))


IN_VISITS = agreeing(same("visit"))
SELECTING = agreeing(
    roles=choose(case("imprint", present("is_imprt")), otherwise="science"),
    selection=select("imprint", about="science", kind=present("bkgdtarg"), target="targetid", index="dithptin"),
)


def of_another(made: Associations) -> Associations:
    """None has a file that its rule takes."""
    return [with_members(each, [Member("x_cal.fits", "science")]) for each in made]


def of_other_suffixes(made: Associations) -> Associations:
    def renamed(association: Association) -> Iterator[Member]:
        return (replace(each, expname=f"{each.expname[:4]}_crf.fits") for each in association.products[0].members)

    return [with_members(each, [*renamed(each)]) for each in made]


def of_all(made: Associations) -> Associations:
    """The last association lists every file of its level."""
    every = [member for each in made if each.level == made[-1].level for member in each.products[0].members]
    return [*made[:-1], with_members(made[-1], every)]


Rows = Iterator[Row]

#: The rows of a pool of any size, damage, and a rule to use alone.
COSTLY: dict[str, tuple[Callable[[int], Rows], Callable[[Associations], Associations], Any]] = {
    "right results": (alike, list, None),
    "right results, each of another target": (of_targets, list, None),
    "right results with imprints": (with_imprints, list, [SELECTING]),
    "associations of another file": (alike, of_another, None),
    "files of other suffixes": (alike, of_other_suffixes, None),
    "one association with other suffixes": (alike, of_other_suffixes, [agreeing()]),
    "an association of everything": (in_two_filters, of_all, None),
    "only every other association": (alike, lambda made: made[1::2], None),
    "associations of one name": (of_one_name, list, None),
    "every other association of one name": (of_visits, lambda made: made[1::2], [IN_VISITS]),
}


def calls(rows: Rows, damage: Callable[[Associations], Associations], rules: Any) -> int:
    """The number of functions that a check calls."""
    pool, events = pool_of(*rows), Counter[str]()
    damaged = damage(list(generate(pool, rules).associations))
    sys.setprofile(lambda _frame, event, _of: events.update([event]))
    try:
        check(pool, damaged, rules)
    finally:
        sys.setprofile(None)
    return events["call"] + events["c_call"]


@pytest.mark.parametrize("what", COSTLY)
@pytest.mark.sampled(4)
def test_the_cost_grows_with_the_results(what: str) -> None:
    rows, damage, rules = COSTLY[what]
    few, many = (calls(rows(size), damage, rules) for size in (40, 80))
    assert many <= 2 * few
