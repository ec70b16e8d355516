"""Other versions of the mission's rules: what they change, and that they change nothing else."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import rules
from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION, RuleFileError
from rules.mission import VERSIONS, mission_version
from rules.vocabulary import one_of
from solver import Association, Pool, generate
from solver.default import chosen_rules
from tests.unit.small import found, pool_of, row

WFSS = ("mir_wfss", "nis_wfss", "nrc_wfss")

#: The rules that each version changes.
CHANGED = {
    "mission": set[str](),
    "2.0.1": {"Asn_Lv2WFSSParallel", "Asn_Lv3TSO"},
    "development": {"Asn_Lv3WFSSMIR", "Asn_Lv3WFSSNIS", "Asn_Lv3WFSSNRC"},
    "corrected": {"Asn_Lv2MIRLRSFixedSlitNod"},
}

of_each_version = pytest.mark.parametrize("version", VERSIONS)


@of_each_version
def test_a_version_has_the_rules_of_the_mission_but_for_those_that_it_changes(version: str) -> None:
    made = mission_version(version)
    assert {rule.__name__ for rule in made if rule not in MISSION} == CHANGED[version]
    assert [rule.__name__ for rule in made] == [rule.__name__ for rule in MISSION]
    assert made.by_name.keys() == MISSION.by_name.keys()  # the older names, too
    assert made.domain is MISSION.domain


@of_each_version
def test_a_version_goes_to_another_process(version: str) -> None:
    sent = pickle.loads(pickle.dumps(mission_version(version)))  # noqa: S301 (its own)
    assert sent == mission_version(version)
    name = "the mission" if version == "mission" else f"the mission, {version}"
    assert repr(sent) == f"<RuleSet: {len(MISSION)} rules of {name}>"


@of_each_version
def test_a_version_is_chosen_by_name(version: str) -> None:
    assert chosen_rules(version=version) == mission_version(version)


def test_a_version_is_chosen_by_folder_and_a_rule_of_it_is_left_out_and_split() -> None:
    folder = Path(rules.__file__).parent
    made = chosen_rules(version=folder, without=["Asn_Lv3AMI"], split_by=["visit"])
    assert len(made) == len(MISSION) - 1
    rows = [row("a", visit="1"), row("b", visit="2"), row("c", visit="2")]
    chosen = MISSION.split_by("visit").of_level(3)
    assert (
        found(pool_of(*rows), *made.of_level(3)) == found(pool_of(*rows), *chosen) == [("o001", "a"), ("o001", "b c")]
    )


@pytest.mark.parametrize("version", [each for each, changed in CHANGED.items() if changed])
def test_a_version_is_a_rule_file_too(version: str) -> None:
    file = Path(rules.__file__).parent / "versions" / f"{VERSIONS[version]}.py"
    made = chosen_rules([file])
    assert made.by_name.keys() == MISSION.by_name.keys()
    assert {rule.__name__ for rule in made if rule not in MISSION} == CHANGED[version]
    specs = {rule.__name__: rule.spec for rule in mission_version(version)}
    assert {rule.__name__: rule.spec for rule in made} == specs


def test_a_rule_file_replaces_a_rule_of_a_version(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from rules import level3\n"
        "class Asn_Lv3TSO(level3.Asn_Lv3TSO):\n    'My time series.'\n    replaces = 'Asn_Lv3TSO'\n"
    )
    made = chosen_rules([file], version="2.0.1")
    assert len(made) == len(MISSION)
    assert made.find("Asn_MIRI_LRS_SLITLESS").spec.summary == "My time series."


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(RuleFileError, match=r"^2\.0\.2: neither a version of the rules \(mission, 2\.0\.1, "):
        mission_version("2.0.2")


# --- The development branch: Level 3 combines extracted spectra of slitless exposures --------------

SLITLESS = [(mode, seed) for mode in ("wfss_miri", "wfss_nircam", "wfss_niriss", "mixed") for seed in (1, 2, 3)]


def simulated(mode: str, seed: int) -> Pool:
    return Pool.from_rows(
        dict(zip(COLUMNS, values, strict=True)) for values in simulate(seed, modes=None if mode == "mixed" else [mode])
    )


def suffixes(pool: Pool, associations: list[Association]) -> set[tuple[int, bool, str]]:
    """Of the members that are exposures: the level, whether they are slitless spectra, and the suffix."""
    every = ((each.level, member) for each in associations for member in each.members if member.row is not None)
    return {
        (level, pool["exp_type"][member.row] in WFSS, member.expname.rpartition("_")[2].partition(".")[0])
        for level, member in every
        if member.row is not None
    }


def renamed(association: Association) -> tuple[object, ...]:
    """An association whose members are known by their exposures."""
    names = tuple((member.expname.rpartition("_")[0], member.exptype) for member in association.members)
    products = tuple(product.name for product in association.products)
    return association.asn_rule, association.asn_type, association.asn_id, association.target, products, names


@pytest.mark.parametrize(("mode", "seed"), SLITLESS)
def test_level_3_members_that_are_slitless_spectra_are_extracted_and_nothing_else_differs(mode: str, seed: int) -> None:
    pool = simulated(mode, seed)
    now, then = (list(generate(pool, each).associations) for each in (MISSION, mission_version("development")))
    assert (3, True, "x1d") in suffixes(pool, then)
    changed = {(3, True, "cal"): (3, True, "x1d")}
    assert suffixes(pool, then) == {changed.get(each, each) for each in suffixes(pool, now)}
    assert [renamed(each) for each in then] == [renamed(each) for each in now]


def test_only_rules_that_it_changes_are_about_slitless_spectra_at_level_3() -> None:
    """Elsewhere such an exposure could only be an acquisition, which a slitless spectrum is not."""
    about = {
        rule.__name__
        for rule in MISSION.of_level(3)
        if any(one_of("exp_type", kind) == part for kind in WFSS for part in rule.spec.with_parts)
    }
    assert about == CHANGED["development"]


# --- jwst 2.0.1, which the conformance tests compare ------------------------------------------------

STRIPES = ("sub41stripe1_dhs", "sub82stripe2_dhs", "sub164stripe4_dhs", "sub260stripe4_dhs")


def time_series(**values: str) -> dict[str, str]:
    usual = {"instrume": "NIRCAM", "detector": "NRCALONG", "exp_type": "NRC_TSGRISM", "pupil": "GRISMR", "nints": "2"}
    return row("a", **(usual | {"filter": "F444W", "tsovisit": "T"} | values))


@pytest.mark.parametrize(
    ("values", "versions"),
    [
        *(({"subarray": stripe}, {"2.0.1"}) for stripe in STRIPES),
        ({"subarray": STRIPES[0], "pupil": "GDHS0"}, set()),
        ({"subarray": STRIPES[0], "detector": "NRCBLONG"}, set()),
        ({"subarray": "SUBGRISM256"}, {*VERSIONS}),
    ],
)
def test_which_versions_combine_a_time_series(values: dict[str, str], versions: set[str]) -> None:
    pool = pool_of(time_series(**values))
    assert {each for each in VERSIONS if found(pool, *mission_version(each).of_level(3))} == versions


@pytest.mark.parametrize(("instrument", "letters"), [("MIRI", "MIR"), ("NIRISS", "NIS"), ("NIRCAM", "NRC")])
def test_which_versions_take_spectra_in_parallel(instrument: str, letters: str) -> None:
    usual = {"instrume": instrument, "detector": "X", "asn_candidate": "[('c1000', 'DIRECT_IMAGE')]"}
    pool = pool_of(row("a", exp_type=f"{letters}_WFSS", **usual), row("b", exp_type=f"{letters}_IMAGE", **usual))
    rules_of = {each: [mission_version(each).find("Asn_Lv2WFSSParallel")] for each in VERSIONS}
    taken = {each for each, mine in rules_of.items() if len(generate(pool, mine).associations)}
    assert taken == {*VERSIONS} - ({"2.0.1"} if instrument == "MIRI" else set())
