"""What goes with what is counted before it is made, so that no pool can make a rule take all memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from benchmarks.rows import COLUMNS
from benchmarks.simulator import simulate
from rules import MISSION
from rules.vocabulary import nod_pairs
from solver import Pool, TooManyGroupsError, generate
from solver.pools.evaluation import Evaluation
from solver.solving import attachment as attach
from solver.solving import cliques, groups, selfcal
from solver.solving import products as assemble
from solver.solving.compilation import compile_rule
from solver.solving.limits import refuse_beyond
from solver.solving.pruning import prune
from tests.unit import small

ROW = {
    "program": "1", "obs_num": "1", "visit": "1", "instrume": "miri", "detector": "mirimage", "exp_type": "mir_image",
    "targetid": "1", "pntgtype": "science", "subarray": "full", "filter": "f770w",
    "asn_candidate": "[('o001', 'OBSERVATION')]",
}  # fmt: skip

#: rule, rows, the module that has the bound, how many members there are of the kind that is counted, why
CASES = [
    (
        "Asn_Lv3Image",
        [{"exp_type": "mir_tacq", "pntgtype": "target_acquisition"} if number % 2 else {"targetid": f"t{number}"}
         for number in range(8)],
        attach, 32, "so many exposures join so many groups",
    ),
    (
        "Asn_Lv2MIRLRSFixedSlitNod",
        [{"exp_type": "mir_lrs-fixedslit", "patttype": "along-slit-nod", "patt_num": f"{number}"}
         for number in range(1, 5)],
        groups, 32, "so many exposures fit so many others",
    ),
]  # fmt: skip


def pool_of(rows: Sequence[Mapping[str, str]]) -> Pool:
    return Pool.from_rows([{**ROW, "filename": f"e{number:03d}_uncal.fits", **row} for number, row in enumerate(rows)])


@pytest.mark.parametrize(("rule", "rows", "module", "members", "why"), CASES, ids=[case[0] for case in CASES])
def test_members_are_refused_beyond_a_bound_and_not_below(
    rule: str,
    rows: Sequence[Mapping[str, str]],
    module: object,
    members: int,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MEMBERS", members)
    assert generate(pool_of(rows), [MISSION.find(rule)]).associations
    monkeypatch.setattr(module, "MEMBERS", members // 2 - 1)
    with pytest.raises(TooManyGroupsError) as caught:
        generate(pool_of(rows), [MISSION.find(rule)])
    message = str(caught.value)
    assert message.startswith(f"{rule} on candidate (")
    assert message.endswith(
        f"more than {members // 2 - 1:,} members, because {why}; "
        "divide the candidate, correct the pool, or leave the rule out"
    )


def test_the_candidate_that_is_named_is_the_one_with_most_in_all() -> None:
    """Neither the one with most counts nor the one with the last count; what there is already counts for none."""
    pool = pool_of([{"asn_candidate": f"[('o{number:03d}', 'OBSERVATION')]"} for number in (1, 2, 3)])
    candidate, counts = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 1, 4, 4, 6])
    compiled = compile_rule(MISSION.find("Asn_Lv3Image").spec, Evaluation(pool), pool.sub_pools(discover=False))
    place = compiled, candidate, counts
    refuse_beyond(19, *place, "members", before=2)
    with pytest.raises(TooManyGroupsError, match=r"on candidate \('o002', 'observation'\).* more than 18 members"):
        refuse_beyond(18, *place, "members", before=2)


def test_nods_that_are_all_background_of_each_other_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in simulate(1, modes=["msa"])]
    rule = MISSION.find("Asn_Lv2NRSMSA")
    assert generate(Pool.from_rows(rows), [rule]).associations
    monkeypatch.setattr(assemble, "MEMBERS", 1)
    with pytest.raises(TooManyGroupsError, match="more than 1 members, because each of so many nods is background for"):
        generate(Pool.from_rows(rows), [rule])


def test_what_comes_along_with_each_nod_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = small.pool_of(*small.exposures("a; b; p psf; q psf; r psf"))
    rule = small.agreeing(expansion=nod_pairs("science"))
    every = sum(len(each.members) for each in generate(pool, [rule], discover=False).associations)
    monkeypatch.setattr(assemble, "MEMBERS", every)
    assert generate(pool, [rule], discover=False).associations
    monkeypatch.setattr(assemble, "MEMBERS", every - 1)
    with pytest.raises(TooManyGroupsError, match=f"more than {every - 1} members"):
        generate(pool, [rule], discover=False)


def test_selfcal_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    spectrum = {"exp_type": "mir_mrs", "detector": "mirifulong", "channel": "34", "band": "short", "mostilno": "1"}
    pool = pool_of([spectrum] * 4)
    monkeypatch.setattr(selfcal, "MEMBERS", 16)
    assert sum(len(each.members) for each in generate(pool, level=2, selfcal=True).associations) == 16
    monkeypatch.setattr(selfcal, "MEMBERS", 15)
    assert generate(pool, level=2).associations
    with pytest.raises(TooManyGroupsError) as caught:
        generate(pool, level=2, selfcal=True)
    assert str(caught.value).endswith(
        " on candidate o001: more than 15 members, because so many exposures help to find bad pixels in so many others;"
        " divide the pool, or leave the selfcal members out"
    )


def test_the_members_of_groups_that_overlap_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each filter goes with an exposure without one, and all exposures of its kind come along."""
    rows = [{"filter": f"f{number}"} for number in range(4)] + [{"filter": ""}] * 6
    monkeypatch.setattr(groups, "MEMBERS", 56)  # four groups of seven for the candidate, and four in discovery
    assert generate(pool_of(rows), [MISSION.find("Asn_Lv3Image")]).associations
    monkeypatch.setattr(groups, "MEMBERS", 55)
    with pytest.raises(TooManyGroupsError, match="more than 55 members of groups, because exposures without a value"):
        generate(pool_of(rows), [MISSION.find("Asn_Lv3Image")])


def test_pairs_of_signatures_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"filter": f"f{number}"} for number in range(4)] + [{"filter": "", "pupil": f"p{n}"} for n in range(4)]
    monkeypatch.setattr(groups, "PAIRS", 15)
    with pytest.raises(TooManyGroupsError, match="more than 15 pairs of exposures that agree, because exposures with"):
        generate(pool_of(rows), [MISSION.find("Asn_Lv3Image")])


def test_one_missing_value_makes_no_comparison_of_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of n signatures that agree with one other alone, n pairs are made, and no more."""
    made: list[int] = []
    search = cliques.maximal_cliques

    def counted(neighbours: Sequence[int]) -> object:
        made.append(sum(each.bit_count() for each in neighbours) // 2)
        return search(neighbours)

    monkeypatch.setattr(groups, "maximal_cliques", counted)
    generate(
        pool_of([{"filter": f"f{number}" if number else ""} for number in range(300)]), [MISSION.find("Asn_Lv3Image")]
    )
    assert made == [299, 299]  # once for its candidate, once for discovery


def test_signatures_to_search_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"filter": f"f{number}" if number else ""} for number in range(5)]
    monkeypatch.setattr(groups, "SIGNATURES", 4)
    with pytest.raises(TooManyGroupsError, match="more than 4 exposures that differ in what they agree on, because"):
        generate(pool_of(rows), [MISSION.find("Asn_Lv3Image")])
    assert generate(pool_of(rows[:4]), [MISSION.find("Asn_Lv3Image")]).associations


def test_rivals_of_one_size_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.solving import pruning as module

    rows = [{"visitype": f"v{number}"} for number in range(50)]
    found = generate(pool_of(rows), [MISSION.find("Asn_Lv3Image")], finalize=False, discover=False).associations
    compared: list[object] = []

    def noted(*both: object) -> bool:
        compared.append(both)
        return True

    monkeypatch.setattr(module, "_compatible", noted)
    kept, dropped = prune(found)
    assert (len(kept), len(dropped), compared) == (50, 0, [])
