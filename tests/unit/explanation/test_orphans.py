"""Why exposures are in no association."""

from __future__ import annotations

import pytest

from rules import MISSION
from solver import explain_orphans
from solver.explanation.facts import Alike, Need, Reason
from tests.unit.small import candidates, counted, pool_of, row

#: Each is called once for an array operation over all exposures, or over all members.
SCANS = "solver.pools.columns.EncodedColumn.given", "solver.associations.association_table._owners"

ANSWER = """\
8 of 9 exposures in no association
  3 exposures of MIR_IMAGE: no rule fits; the closest, Asn_Lv3Image, rejects each: SUBARRAY is missing \
(b1_uncal.fits, b2_uncal.fits, b3_uncal.fits)
  2 exposures of MIR_LYOT: Asn_Lv3MIRCoron in candidate a3001: no matching PSF exposure \
(c1_uncal.fits, c2_uncal.fits)
  1 exposure of no type: no rule takes exposures without a type (d_uncal.fits)
  1 exposure of MIR_FLATMRS: no association is expected: darks, flats and lamps of this kind are made into reference \
files, not into science products (e_uncal.fits)
  1 exposure of MIR_TACQ: no rule takes it by itself, and it matches no association to join (f_uncal.fits)"""


def test_every_reason_with_its_exposures() -> None:
    pool = pool_of(
        row("a"),
        *(row(f"b{number}", subarray="") for number in (1, 2, 3)),
        *(row(f"c{number}", exp_type="MIR_LYOT") for number in (1, 2)),
        row("d", exp_type=""),
        row("e", exp_type="MIR_FLATMRS"),
        row("f", exp_type="MIR_TACQ", pntgtype="TARGET_ACQUISITION", obs_num="9"),
    )
    assert str(explain_orphans(pool, rules=MISSION.of_level(3))) == ANSWER


def test_a_group_is_data() -> None:
    pool = pool_of(row("a"), row("b", subarray=""))
    needs = (Need("subarray", ("subarray",), "", "given"),)
    assert explain_orphans(pool, rules=[MISSION.find("Asn_Lv3Image")]).groups == (
        Alike(
            reason="no rule fits",
            rule="Asn_Lv3Image",
            reasons=(Reason("agreement", "same subarray", "AsnMixin_OpticalPath", needs),),
            types=("mir_image",),
            exposures=("b_uncal.fits",),
        ),
    )


def reasons(**values: str) -> list[str]:
    """The reasons of an exposure that Level 2 does not take."""
    return [group.reason for group in explain_orphans(pool_of(row("a", **values)), rules=MISSION.of_level(2)).groups]


def test_candidates_are_the_reason_only_of_those_that_qualify() -> None:
    """Of an exposure that lacks a value for one rule, the candidates of another one are to blame."""
    spectrum = {"exp_type": "NIS_WFSS", "instrume": "NIRISS", "filter": "GR150R", "bkgdtarg": "T"}
    in_candidate = "Asn_Lv2WFSSParallel: in no candidate of this run whose type is direct_image"
    assert reasons(**spectrum) == [in_candidate]
    direct = candidates("c1000 direct_image")
    assert reasons(**spectrum, asn_candidate=direct) == ["Asn_Lv2WFSSParallel: not needed for any science exposure"]


def test_exposures_that_only_one_level_lacks_are_named() -> None:
    found = explain_orphans(pool_of(row("a", asn_candidate=""), row("b", asn_candidate="")))
    which = "at Level 2, Asn_Lv2WFSSParallel: in no candidate of this run whose type is direct_image"
    assert (
        str(found)
        == f"2 exposures in no Level 2 association\n  2 exposures of MIR_IMAGE: {which} (a_uncal.fits, b_uncal.fits)"
    )


def test_a_misspelt_type_is_the_reason() -> None:
    assert reasons(exp_type="MIR_IMGAE") == ["exposure type MIR_IMGAE is unknown; did you mean MIR_IMAGE?"]


def test_no_orphans() -> None:
    found = explain_orphans(pool_of(row("a")), rules=MISSION.of_level(3))
    assert found.groups == ()
    assert str(found) == "every exposure is in an association"


def test_neither_exposures_nor_members_are_scanned_for_each_orphan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for what is usual among similar exposures, nor for the rules that took these."""
    calls, found = counted(monkeypatch, *SCANS), list[int]()
    for size in (5, 20):
        calls.clear()
        lacking = (row(f"b{number}", obs_num=str(number), subarray="") for number in range(size))
        (group,) = explain_orphans(pool_of(row("a"), *lacking), rules=MISSION.of_level(3)).groups
        assert len(group.exposures) == size
        found.append(calls.total())
    assert found[0] == found[1] > 0
