"""Questions that astronomers ask, each with the right answer: short, ranked, and with a command where one helps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of
from rules import MISSION
from solver import Pool, explain, explain_orphans, explain_pair, generate
from solver.explanation import explain_candidates
from solver.pools import Statements
from tests.unit.small import Row, candidates, counted, pool_of, row

POOLS = Path(__file__).parent / "pools"

MIRI = {"detector": "MIRIMAGE", "visitype": "PRIME_TARGETED_FIXED"}
SOSS = {
    "exp_type": "NIS_SOSS", "instrume": "NIRISS", "detector": "NIS", "pupil": "GR700XD", "subarray": "SUBSTRIP256",
    "tsovisit": "T", "nints": "10",
}  # fmt: skip
IFU = {
    "exp_type": "NRS_IFU", "instrume": "NIRSPEC", "detector": "NRS1", "grating": "G140M", "filter": "F100LP",
    "mostilno": "1", "dithptin": "1", "patttype": "CYCLING",
}  # fmt: skip
CORON = {"exp_type": "MIR_LYOT", "subarray": "MASKLYOT", "filter": "F2300C", "detector": "MIRIMAGE"}


def stored(name: str) -> Pool:
    """A pool beside this test."""
    return Pool.read(POOLS / f"{name}.csv")


def unlinked() -> Pool:
    """MRS science with a background that no candidate links."""
    rows = rows_of("mrs")
    return Pool.from_rows(each | {"asn_candidate": f"[('o00{each['obs_num']}', 'OBSERVATION')]"} for each in rows)


def observed(name: str, number: str, **values: str) -> Row:
    """An exposure of an observation that is its only candidate."""
    return row(name, obs_num=number, asn_candidate=candidates(f"o00{number} observation"), **values)


def two_names() -> Pool:
    """Images of one place under two names of its target."""
    first = [observed(f"a{i}", "1", **MIRI, targprop="NGC-628") for i in (1, 2)]
    again = [observed(f"b{i}", "3", **MIRI, targprop="NGC-628-REPEAT", targetid="2") for i in (1, 2)]
    return pool_of(*first, *again)


def psf_unlinked() -> Pool:
    """Coronagraphy of two stars, of which none is marked as PSF reference."""
    return pool_of(observed("a", "1", **CORON), observed("p", "2", **CORON, targetid="2"))


#: The pool, and the exposure that is asked about.
QUESTIONS: dict[str, tuple[Callable[[], Pool], str]] = {
    "why is my background not used?": (unlinked, "jw01001002001_03101_00001_mirifushort"),
    "why is this exposure not in my mosaic?": (two_names, "b1"),
    "why is the background of my time series not used?": (
        lambda: stored("time_series_background"), "jw04321002001_02101_00001",
    ),
    "why is there no direct image with my spectrum?": (lambda: stored("other_pupils"), "02102_00001"),
    "why is my SOSS exposure in nothing?": (
        lambda: pool_of(row("a", **SOSS, filter="CLEAR"), row("b", **SOSS, filter="F277W")), "b",
    ),
    "and if it is the only one?": (lambda: pool_of(row("b", **SOSS, filter="F277W")), "b"),
    "why is this MRS exposure not calibrated?": (lambda: stored("no_band"), "jw04321001001_02101_00002_mirifushort"),
    "why is NRS2 not used?": (lambda: pool_of(row("a", **IFU), row("b", **IFU | {"detector": "NRS2"})), "b"),
    "why is there no coronagraphy?": (psf_unlinked, "a"),
    "why is the confirmation image not used?": (lambda: stored("confirmation_of_another_visit"), "e5"),
    "why is my image not wavefront sensing?": (lambda: pool_of(row("a", **MIRI), row("b", **MIRI)), "b"),
}  # fmt: skip

_PARTS = re.split(
    r"^== (.+) ==\n", (Path(__file__).parent / "answers.txt").read_text(encoding="utf-8"), flags=re.MULTILINE
)
ANSWERS = {name: text.strip("\n") for name, text in zip(_PARTS[1::2], _PARTS[2::2], strict=True)}


def answer(question: str) -> str:
    """The answer in short."""
    make, name = QUESTIONS[question]
    return str(explain(make(), name))


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers(question: str) -> None:
    assert answer(question) == ANSWERS[question]
    assert len(answer(question).splitlines()) <= 8


def test_nothing_else_is_expected() -> None:
    assert [*ANSWERS] == [*QUESTIONS]


@pytest.mark.parametrize(
    ("question", "option"),
    [
        ("why is my background not used?", "--background o002:o001"),
        ("why is this exposure not in my mosaic?", "--candidate c1000=mosaic:o001,o003"),
        ("why is this MRS exposure not calibrated?", "--set band=short:jw04321001001_02101_00002_mirifushort"),
        ("why is there no coronagraphy?", "--psf o002:o001"),
    ],
)
def test_a_fix_is_proved_by_the_whole_run(question: str, option: str) -> None:
    make, name = QUESTIONS[question]
    pool = make()
    first = explain(pool, name).refusals[0]
    assert first.fix is not None
    assert first.fix.statements == (option,)
    kind, _, text = option.removeprefix("--").partition(" ")
    stated = pool.with_statements(Statements.of({kind: text}))
    fixed = explain(stated, name).memberships
    assert (first.fix.rule, first.fix.role) in {(each.rule, each.role) for each in fixed}


def test_a_fix_that_changes_the_order_of_exposures_is_about_the_same_exposure() -> None:
    """Without its observation it comes before the image, and with it after; it is an acquisition in both."""
    nircam = {"instrume": "NIRCAM", "filter": "F444W", "pupil": "CLEAR", "detector": "NRCA1"}
    rows = [observed("a", "1", exp_type="NRC_IMAGE", **nircam), observed("b", "1", exp_type="NRC_TACQ", **nircam)]
    pool = pool_of(rows[0], rows[1] | {"obs_num": ""})
    (fix,) = (each.fix for each in explain(pool, "b").refusals if each.fix)
    assert (fix.statements, fix.role) == (("--set obs_num=1:b",), "target_acquisition")


def test_a_fix_in_a_large_program_is_the_same_as_in_a_small_one() -> None:
    others = [observed(f"z{i}", "9", **MIRI, targetid="9", filter=f"F{i}W") for i in range(600)]
    pool = Pool.from_rows([*map(dict, two_names()), *others])
    fix = explain(pool, "b1", rule="Asn_Lv3Image").refusals[0].fix
    assert fix == explain(two_names(), "b1", rule="Asn_Lv3Image").refusals[0].fix
    assert fix is not None


@pytest.mark.parametrize(
    "question",
    [
        "why is the background of my time series not used?",
        "why is my SOSS exposure in nothing?",
        "why is NRS2 not used?",
    ],
)
def test_what_was_measured_has_no_fix(question: str) -> None:
    make, name = QUESTIONS[question]
    assert not any(each.fix for each in explain(make(), name).refusals)


def test_a_visit_without_wavefront_sensing() -> None:
    (refusal,) = explain(pool_of(row("a", **MIRI)), "a_", rule="Asn_Lv2WFSC").refusals
    reason = "its visit type is PRIME_TARGETED_FIXED, but this rule takes visit types with WFSC"
    assert (str(refusal), refusal.fix) == (reason, None)


@pytest.mark.parametrize("name", ["confirmation_of_another_visit", "acquisition_of_other_types"])
def test_every_refusal_has_a_reason(name: str) -> None:
    pool = stored(name)
    for file in pool.file_names:
        assert all(str(each) for each in explain(pool, file).refusals)


def test_what_the_rules_make_of_candidates() -> None:
    pool = stored("wavefront_group")
    found = explain_candidates(pool, ["C1000", "o001"])
    assert found.about == (
        (
            "c1000 (group): no association is made from its 32 exposures, which are in associations of o001, o002; "
            "their rules (Asn_Lv2WFSC, Asn_Lv3WFSCMB) are not for group candidates"
        ),
        (
            "o001 (observation): 24 associations: Asn_Lv2WFSC "
            "(jw04321001001_02101_00001_nrca1, jw04321001001_02101_00001_nrca2, … 14 more), "
            "Asn_Lv3WFSCMB (jw04321-o001_t001_nircam_clear-f480m-nrcalong_{suffix}-01, "
            "jw04321-o001_t001_nircam_clear-f480m-nrcalong_{suffix}-02, … 6 more)"
        ),
    )
    assert not generate(pool, candidates="c1000")


def test_members_are_not_scanned_for_each_exposure_of_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "solver.associations.association_table._owners")
    found = list[int]()
    for size in (5, 20):
        calls.clear()
        pool = pool_of(*(row(f"a{number}", asn_candidate=candidates("c1000 group")) for number in range(size)))
        assert "no association is made from its" in explain_candidates(pool, ["c1000"]).about[0]
        found.append(calls.total())
    assert found[0] == found[1] > 0


@pytest.mark.parametrize("question", [each for each in QUESTIONS if "NRS2" in each or "SOSS" in each])
def test_orphans_name_the_rule_that_comes_first(question: str) -> None:
    make, name = QUESTIONS[question]
    pool = make()
    (group,) = explain_orphans(pool).groups
    assert group.rule == explain(pool, name).refusals[0].rule


def test_why_an_exposure_is_not_in_a_product() -> None:
    pool = two_names()
    product = "jw00001-o001_t001_miri_f770w"
    found = explain(pool, "b1", association=product)
    assert [(each.product, str(each)) for each in found.refusals] == [
        (product, "its target is NGC-628-REPEAT, not NGC-628")
    ]
    assert found.refusals[0].fix is not None
    assert found.refusals[0].fix.statements == ("--candidate c1000=mosaic:o001,o003",)
    assert [each.product for each in explain(pool, "a1", association=product).memberships] == [product]


def test_no_fix_combines_an_exposure_with_members_that_it_is_with_already() -> None:
    """A science exposure is in one product with the members of a background product, so a candidate adds nothing."""
    found = explain(stored("no_band"), "jw04321001001_02101_00001_mirifulong", association="jw04321-o002_t002_miri")
    (refusal,) = found.refusals
    assert refusal.rule == "Asn_Lv3MIRMRSBackground"
    assert refusal.fix is None


def test_candidates_of_which_others_replace_associations() -> None:
    found = explain_candidates(stored("no_band"), ["o001", "c1000", "a3001"])
    assert found.about == (
        "a3001 (discovered): 2 associations found, 0 kept (2 replaced by those of c1000, o002)",
        (
            "c1000 (background): 8 associations: Asn_Lv2Spec "
            "(jw04321001001_02101_00001_mirifulong, jw04321001001_02101_00001_mirifushort, … 5 more), "
            "Asn_Lv3MIRMRS (jw04321-c1000_t001_miri)"
        ),
        (
            "o001 (observation): 8 associations found, 1 kept (7 replaced by those of c1000): "
            "Asn_Lv3MIRMRS (jw04321-o001_t001_miri)"
        ),
    )


def test_no_candidate_is_proposed_where_all_ids_are_taken() -> None:
    every = candidates("o001 observation", *(f"c{number} wfsc" for number in range(1000, 9999)))
    place = MIRI | {"targ_ra": "10", "targ_dec": "60"}
    pool = pool_of(row("a", asn_candidate=every, **place), observed("b", "2", **place, targetid="2"))
    refusals = explain(pool, "b_", rules=["Asn_Lv3Image", "Asn_Lv3ImageMosaic"]).refusals
    assert refusals
    assert not any(each.fix for each in refusals)


@pytest.mark.parametrize(
    ("one", "other", "is_one_place"),
    [
        ({"targprop": "NGC-628"}, {"targprop": "NGC-628-REPEAT"}, True),
        ({"targprop": "NGC 628 EAST"}, {"targprop": "NGC 628"}, True),
        ({"targprop": "M 3"}, {"targprop": "M 31"}, False),
        ({}, {}, False),
        ({"targ_ra": "10", "targ_dec": "60"}, {"targ_ra": "10.05", "targ_dec": "60"}, True),
        ({"targ_ra": "10", "targ_dec": "60"}, {"targ_ra": "10", "targ_dec": "60.06"}, False),
    ],
)
def test_targets_of_one_place(one: Row, other: Row, *, is_one_place: bool) -> None:
    pool = pool_of(observed("a", "1", **MIRI, **one), observed("b", "2", **MIRI, targetid="2", **other))
    refusals = explain(pool, "b_", rules=["Asn_Lv3Image", "Asn_Lv3ImageMosaic"]).refusals
    assert (
        [each.fix.statements for each in refusals if each.fix] == [("--candidate c1000=mosaic:o001,o002",)]
    ) == is_one_place


def test_a_pair_that_a_candidate_combines() -> None:
    found = explain_pair(two_names(), "a1", "b1", rules=MISSION.of_level(3))
    assert str(found).splitlines()[:4] == [
        "a1_uncal.fits and b1_uncal.fits",
        "  together in no association",
        (
            "  Asn_Lv3Image does not add b1_uncal.fits to jw00001-o001_t001_miri_f770w: "
            "its target is NGC-628-REPEAT, not NGC-628"
        ),
        (
            "    instead: add --candidate c1000=mosaic:o001,o003 "
            "to use it as science in an Asn_Lv3ImageMosaic association of 4 members"
        ),
    ]
