"""What an explanation must say, and what it must not say, because it would be false or of no use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.mission import MISSION
from solver import Pool, explain, explain_orphans, explain_pair, generate
from solver.explanation import Explanation, explain_candidates

_POOLS = {each.stem: each for each in (Path(__file__).parent / "pools").glob("*.csv")}
_POOLS["demo"] = Path("benchmarks/demo_pool.csv")

_MRS = "jw04321001001_02101_00002_mirifushort", "jw04321002001_02101_00001_mirifushort"


def _pair(*names: str) -> Callable[[Pool], Explanation]:
    return lambda pool: explain_pair(pool, *names)


def _not_in(name: str, association: str) -> Callable[[Pool], Explanation]:
    return lambda pool: explain(pool, name, association=association)


def _within(name: str, candidate: str) -> Callable[[Pool], Explanation]:
    return lambda pool: explain(pool, name, candidate=candidate)


def _alone(name: str) -> Callable[[Pool], Explanation]:
    return lambda pool: explain(pool, name)


def _made_of(*ids: str) -> Callable[[Pool], Explanation]:
    return lambda pool: explain_candidates(pool, ids)


#: The pool, what is asked of it, what the answer says in short, and what it does not say.
CASES: dict[str, tuple[str, Callable[[Pool], Explanation], str, str]] = {
    "a background that a candidate links": (
        "demo", _not_in("jw01001008001_03101_00001_mirifulong", "jw01001-o007_t005_miri"),
        "c1002 (background) links it, but this product was made within o007 (observation)", "no candidate links",
    ),
    "a background that is linked in a candidate that is not for the rule": (
        "time_series_background", _pair("jw04321001001", "jw04321002001"),
        "it is in c1000 (background), o002 (observation), not in o001 (observation)",
        "no candidate links",
    ),
    "candidates that were not asked for": (
        "wavefront_group", _within("jw04321001001_02101_00001_nrca1", "c1000"),
        "this rule works only within o001 (observation), which was not asked for", "not in any",
    ),
    "candidates that were not asked for, of two types": (
        "demo", _within("jw01001001001_02101_00001", "c1001"),
        "Asn_Lv2Image rejects it: this rule works only within o001 (observation), which was not asked for",
        "not in any",
    ),
    "a candidate with a background that the rule does not take": (
        "time_series_background", _made_of("c1000"),
        (
            "no association is made from its 2 exposures, which are in associations of o001, o002; "
            "Asn_MIRLRSTAConfirm rejects "
            "jw04321002001_02101_00001_mirimage_uncal.fits: it is a background exposure, "
            "but this rule does not take background exposures for time series"
        ),
        "no background exposure",
    ),
    "a candidate with one association": (
        "demo", _made_of("c1001"), "1 association: Asn_Lv3MIRCoron (jw01001-c1001_t002_miri_f2300c-masklyot)", "kept",
    ),
    "science that lacks a value, and its background": (
        "no_band", _pair(*_MRS),
        f"BAND is missing\n    if BAND is SHORT, add --set band=short:{_MRS[0]}", "has exactly one",
    ),
    "a value that is said once": (
        "demo", _not_in("jw01001005001_03101_00001", "jw01001-c1001_t002_miri_f2300c-masklyot"),
        "its exposure type is MIR_CORONCAL, but this rule takes MIR_4QPM, MIR_LYOT", "not MIR_LYOT",
    ),
    "which of two columns": (
        "other_pupils", _pair("02102_00001_nis", "02101_00001_nis"), "its pupil is F115W", "pupil or grating is",
    ),
    "exposures that do not fit": (
        "other_pupils", _alone("jw04321001001_02102_00001_nis"),
        "the nearest direct image exposures have pupil F115W, not F200W", "; the direct image exposures have",
    ),
    "a value that no alternative takes": (
        "demo", _alone("jw01001013001_02105_00001_nrs1"),
        "Asn_Lv2NRSLAMPSpectral rejects it: its opmode is GRATING-ONLY, but this rule takes MSASPEC, IFU, FIXEDSLIT\n",
        "does not take GRATING-ONLY",
    ),
    "a file that only the observer knows": (
        "demo", _alone("jw01001013001_02104_00001_nrs1"),
        (
            "Asn_Lv2NRSLAMPSpectral rejects it: MSAMETFL is missing\n    if MSAMETFL is YOUR_FILE.FITS, add "
            "--set msametfl=your_file.fits:jw01001013001_02104_00001_nrs1"
        ),
        "takes MSASPEC",
    ),
    "a rule that takes it in another candidate": (
        "time_series_background", _within("jw04321001001", "c1000"),
        "Asn_MIRLRSTAConfirm rejects it: no background exposure is grouped with it in c1000 (background)\n",
        "--background",
    ),
    "a type of which some exposures are taken at Level 2": (
        "demo", lambda pool: explain_orphans(pool, rules=MISSION.of_level(2)),
        "2 exposures of NRS_LAMP: no rule fits", "only lamp exposures that put light on the detector",
    ),
    "a product of the same name by another rule": (
        "demo", lambda pool: _pair("jw01001004001_03102_00001", "jw01001005001_03102_00001")(
            pool.with_statements({"psf": ["o005:o003"]})
        ),
        "jw01001005001_03102_00001_mirimage in o005 was left out for the same product by Asn_Lv2ImageSpecial in o005",
        "left out for jw01001005001_03102_00001_mirimage",
    ),
    "a background in a candidate that the rule is not for": (
        "demo", _within("jw01001006001_03102_00001", "c1001"),
        "Asn_Lv2Image rejects it: this rule works only within o006 (observation), which was not asked for",
        "none is grouped with it",
    ),
    "an exposure type that there is not": (
        "no_band", lambda pool: explain_orphans(pool.with_statements({"set": ["exp_type=mir_xxx:o001"]})),
        "8 exposures of MIR_XXX: exposure type MIR_XXX is unknown", "the closest",
    ),
    "the closest rule of orphans": (
        "demo", explain_orphans, "the closest, Asn_Lv2NRSLAMPSpectral, rejects each: MSAMETFL is missing", "LAMPImage",
    ),
    "a direct image of another filter": (
        "other_pupils", _pair("02102_00001_nis", "02101_00001_nis"),
        "Asn_Lv2WFSSNIS rejects jw04321001001_02101_00001_nis_uncal.fits: its pupil is F115W, not F200W",
        "takes science exposures",
    ),
    "a rule for nods that does not work within the candidate": (
        "demo",
        lambda pool: explain(
            pool, "jw01001009001_02101_00001", rule="Asn_Lv2MIRLRSFixedSlitNod", candidate="c1003"
        ),
        "this rule works only within o009 (observation), which was not asked for", "needs a science exposure",
    ),
    "what each of two nods is": (
        "demo", _pair("009001_02101_00001", "009001_02101_00002"),
        "(Asn_Lv3SpectralTarget, as science and background)", "the second",
    ),
    "a flag that members have": (
        "time_series_background",
        lambda pool: _not_in("jw04321001001", "jw04321002001_02101_00001_mirimage")(
            pool.with_statements({"imprint": ["o001"]})
        ),
        "it is not a background exposure, but this rule takes background exposures", "missing",
    ),
    "what one level lacks": (
        "other_pupils", explain_orphans,
        "2 exposures of NIS_WFSS: at Level 2, Asn_Lv2WFSSNIS in candidate o001: no matching direct", "at Level 3",
    ),
    "what further exposures lack": (
        "demo", explain_orphans,
        "at Level 3, no rule takes it by itself, and it matches no association to join", "at Level 2",
    ),
    "an acquisition image that other candidates could take": (
        "demo", _alone("jw01001006001_02101_00001_mirimage"), "Asn_Lv3MIRCoron does not add it", "MIRMRS",
    ),
    "an acquisition image of another observation": (
        "demo", _alone("jw01001003001_02101_00001_mirimage"), "5 rules came close", "a3001",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_said(case: str) -> None:
    name, ask, says, never = CASES[case]
    text = str(ask(Pool.read(_POOLS[name])))
    assert says in text
    assert never not in text


def test_a_pair_shows_a_rule_with_a_fix() -> None:
    """Together at Level 3, the two are apart at Level 2 until somebody states that they belong together."""
    rows = [dict(row) for row in Pool.read(_POOLS["time_series_background"])]
    rows = [row | {"exp_type": "mir_mrs", "band": "short", "channel": "12", "tsovisit": "f"} for row in rows]
    for row in rows:
        row["detector"], row["asn_candidate"] = "mirifushort", f"[('o00{row['obs_num']}', 'observation')]"
    found = explain_pair(Pool.from_rows(rows), "jw04321001001", "jw04321002001")
    assert found.memberships
    assert "add --background o002:o001" in str(found)


def test_no_fix_is_not_denied_where_a_candidate_is_missing() -> None:
    found = explain(Pool.read(_POOLS["demo"]), "jw01001001001_02101_00001_nis", rule="Asn_Lv3ImageMosaic")
    assert str(found.line(every=True)).splitlines()[-1].strip() == (
        "it is in c1000 (group), o001 (observation), not in any mosaic candidate (Asn_Lv3ImageMosaic)"
    )


def test_orphans_of_a_run_for_some_candidates() -> None:
    pool = Pool.read(_POOLS["wavefront_group"])
    (group,) = explain_orphans(pool, result=generate(pool, candidates="c1000")).groups
    assert group.reason == "Asn_Lv2WFSC: in no candidate of this run whose type is observation"
