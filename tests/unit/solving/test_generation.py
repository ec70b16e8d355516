"""Generation as a whole: what a result holds."""

from __future__ import annotations

import random

import pytest

from rules import MISSION
from rules.vocabulary import has, one_of, same
from solver import CandidateError, check, generate
from solver.errors import CancelledError, PoolError, UsageError
from solver.progress import Reporter
from solver.solving.result import Trial
from tests.unit.small import agreeing, candidates, make_rule, members, pool_of, row

IMAGE = MISSION.find("Asn_Image")
MIXED = [
    row("a"), row("b"), row("c", obs_num="2", asn_candidate=candidates("o002 observation", "c1000 group")),
    row("d", asn_candidate=candidates("o001 observation", "c1000 group")), row("e", filter="F1", bkgdtarg="T"),
    row("f", exp_type="MIR_TACQ", pntgtype="TARGET_ACQUISITION"), row("g", exp_type="MIR_MRS"),
    row("h", program="2", filter=""), row("i", exp_type="NRC_LED", instrume="NIRCAM"),
]  # fmt: skip


def test_any_file_of_an_exposure_is_the_exposure() -> None:
    """FILENAME names the exposure, by whatever product or telemetry; members are what the pipeline makes."""
    names = ("uncal.fits", "original.fits", "rate.fits", "cal.fits.gz", "UNCAL.FITS.GZ", "mine.fits.gz")
    pool = pool_of(*(row("a", detector="MIRIMAGE", filename=f"x{number}_{name}") for number, name in enumerate(names)))
    made = generate(pool)
    for kind, suffix in (("image2", "rate"), ("image3", "cal")):
        found = {member.expname for each in made.associations.select(type=kind) for member in each.members}
        assert found == {*(f"x{number}_{suffix}.fits" for number in range(4)), f"x4_{suffix}.FITS", "x5_mine.fits.gz"}
    assert not check(pool, made.associations).findings


def test_two_files_of_one_exposure_are_refused() -> None:
    rows = [row("a"), row("b"), row("c", filename="a_rate.fits")]
    with pytest.raises(PoolError, match=r"several files of one exposure are in it: a \(2 rows\); keep one row"):
        generate(pool_of(*rows))
    assert generate(pool_of(*rows[:2], rows[2] | {"program": "2"})).associations


def test_the_default_is_the_missions_rules() -> None:
    made = generate(pool_of(*MIXED))
    assert [each.rule for each in made.tried] == sorted(rule.__name__ for rule in MISSION)
    assert {each.asn_rule for each in made.associations} >= {"Asn_Lv2ImageNonScience", "Asn_Lv3Image", "Asn_Lv3MIRMRS"}


def test_orphans_are_the_exposures_in_no_association() -> None:
    result = generate(pool_of(*MIXED), MISSION.of_level(3))
    used = {name for each in result.associations for name in members(each)}
    assert used == set("abcdefgh")
    assert result.orphans.file_names == ("i_uncal.fits",)
    assert len(generate(pool_of(*MIXED), []).orphans) == len(MIXED)


def test_an_exposure_of_a_dropped_association_may_be_an_orphan() -> None:
    pool = pool_of(row("a", filter="F1"), row("b", filter="F2"), row("c", filter="F2"))
    result = generate(pool, [agreeing(same("obs_num"), same("band", optional=True), same("filter"))])
    names = [each.products[0].name for each in result.associations]
    assert names == ["jw00001-o001_t000__f1", "jw00001-o001_t000__f2"]
    result = generate(pool, [agreeing(same("filter"), product_name=MISSION.find("Asn_Lv3MIRMRS").spec.product_name)])
    assert [each.why for each in result.dropped] == ["same product name"]
    assert result.orphans.file_names == ("a_uncal.fits",)


def test_dropped_associations_of_all_rules_are_listed() -> None:
    """Of those of the mission and of one's own, which stand beside each other."""
    both = candidates("o001 observation", "c1000 group")
    rules = [agreeing(name="Asn_A"), agreeing(name="Asn_B", __module__="mine")]
    result = generate(pool_of(row("a", asn_candidate=both)), rules)
    assert [(each.asn_rule, each.asn_id) for each in result.associations] == [("Asn_A", "o001"), ("Asn_B", "o001")]
    assert [(each.association.asn_rule, each.association.asn_id) for each in result.dropped] == [
        ("Asn_A", "c1000"), ("Asn_B", "c1000"),
    ]  # fmt: skip


def test_every_stage_is_timed() -> None:
    reporter = Reporter()
    generate(pool_of(row("a")), [agreeing(has("science"))], reporter=reporter)
    assert list(reporter.seconds) == [
        "sub-pools", "compile", "solve", "join", "validity", "assemble", "prune", "orphans", "number",
    ]  # fmt: skip


def test_trials_have_the_outcome_of_each_rule_in_order_of_names() -> None:
    later = make_rule(one_of("exp_type", "mir_image"), same("program"), has("psf"), name="Asn_B")
    first, none = agreeing(name="Asn_A"), agreeing(same("band"), name="Asn_C")
    result = generate(pool_of(row("a"), row("b", exp_type="X")), [later, none, first])
    assert result.tried == (
        Trial("Asn_A", 2, 1, {}), Trial("Asn_B", 1, 1, {"has a psf exposure": 1}), Trial("Asn_C", 0, 0, {}),
    )  # fmt: skip


def test_each_rule_is_a_step_before_it_is_solved() -> None:
    heard: list[tuple[float, str]] = []

    class Noting(Reporter):
        def show(self, step: str) -> None:
            heard.append((self.done, step))

    generate(pool_of(row("a")), [agreeing(name="Asn_B"), agreeing(name="Asn_A")], reporter=Noting())
    assert heard == [(0, "Asn_A"), (0.5, "Asn_B")]


def test_a_run_can_be_cancelled_before_any_rule() -> None:
    heard: list[str] = []

    class Stopping(Reporter):
        def show(self, step: str) -> None:
            heard.append(step)
            self.cancel()

    with pytest.raises(CancelledError, match=r"^cancelled before Asn_B$"):
        generate(pool_of(row("a")), [agreeing(name="Asn_B"), agreeing(name="Asn_A")], reporter=Stopping())
    assert heard == ["Asn_A"]


def test_the_result_is_the_same_for_any_order_of_rows_and_either_engine() -> None:
    expected = [each.to_json() for each in generate(pool_of(*MIXED), MISSION.of_level(3)).associations]
    assert len(expected) > 5
    for seed in range(5):
        shuffled = random.Random(seed).sample(MIXED, len(MIXED))
        for engine in ("signatures", "constraint"):
            made = generate(pool_of(*shuffled), MISSION.of_level(3), engine=engine).associations
            assert [each.to_json() for each in made] == expected


def test_sequence_numbers_count_per_program_id_and_type() -> None:
    rows = [row("a", filter="F2"), row("b", filter="F1"), row("c", filter="F1", program="2")]
    made = generate(pool_of(*rows, row("d", exp_type="MIR_MRS")), MISSION.of_level(3), discover=False).associations
    assert [(each.file_name, " ".join(members(each))) for each in made] == [
        ("jw00001-o001_image3_00001_asn.json", "b"),
        ("jw00001-o001_image3_00002_asn.json", "a"),
        ("jw00001-o001_spec3_00001_asn.json", "d"),
        ("jw00002-o001_image3_00001_asn.json", "c"),
    ]


def test_a_version_is_in_names_and_files() -> None:
    (made,) = generate(pool_of(row("a")), [IMAGE], version_id="V7.a-1").associations
    with pytest.raises(UsageError, match="'a/b' becomes part of file names"):
        generate(pool_of(row("a")), [IMAGE], version_id="a/b")
    assert made.file_name == "jw00001-o001_v7.a-1_image3_00001_asn.json"
    assert made.version_id == "V7.a-1"
    assert made.code_version.startswith("asnsolve ")
    assert made.asn_pool == "in-memory"


def test_a_candidate_that_nothing_lists_is_refused() -> None:
    with pytest.raises(CandidateError, match=r"^the pool has no candidate o009; its candidates are o001$"):
        generate(pool_of(row("a")), [IMAGE], candidates=["o009"])


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="no_such_engine"):
        generate(pool_of(row("a")), [IMAGE], engine="no_such_engine")  # type: ignore[arg-type]


def test_rules_that_no_exposure_qualifies_for_are_tried_all_the_same() -> None:
    rules = [
        agreeing(one_of("exp_type", "nrc_image"), name="Asn_A"),
        agreeing(same("band"), name="Asn_B"),
        agreeing(name="Asn_C"),
    ]
    result = generate(pool_of(row("a")), rules, discover=False)
    assert result.tried == (Trial("Asn_A", 0, 0, {}), Trial("Asn_B", 0, 0, {}), Trial("Asn_C", 1, 1, {}))
