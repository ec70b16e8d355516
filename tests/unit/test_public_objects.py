"""What users meet: one line as `repr`, HTML in notebooks, and copies."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from benchmarks.simulated_files import rows_of, write
from rules import MISSION
from rules.rule_set import RuleSet
from solver import (
    ArchiveError,
    MissingColumnError,
    MissingMembersError,
    OutputError,
    Pool,
    PoolError,
    TooManyGroupsError,
    UnknownRuleError,
    check,
    compare,
    explain,
    explain_association,
    explain_orphans,
    explain_pair,
    gather,
    generate,
    ingest,
    verify,
)
from solver.storage import Results
from tests.unit.small import candidates, pool_of, row

POOL = pool_of(
    row("a", detector="MIRIMAGE"),
    row("b", detector="MIRIMAGE", asn_candidate=candidates("o001 observation", "c1000 group")),
    row("x", exp_type="MIR_DARKIMG"),
)
RESULT = generate(POOL)
IMAGE = next(each for each in RESULT.associations if each.asn_type == "image3")


def written(folder: Path) -> object:
    with Results(folder / "out") as results:
        return results.write({each.file_name: each.to_json() for each in RESULT.associations}, pool="p")


def gathered(folder: Path) -> object:
    for member in IMAGE.members:
        (folder / member.expname).touch()
    return gather(IMAGE.save(folder), folder / "together")


def ingested(folder: Path) -> object:
    (folder / "bad.fits").write_text("no FITS")
    return ingest([*write(folder, rows_of("image_dithers")), folder / "bad.fits"])


#: Each kind of object: how to make one, and its `repr`, without the folder.
OBJECTS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "Pool": (lambda _: POOL, "<Pool in-memory: 3 exposures, 11 columns>"),
    "RuleSet": (lambda _: MISSION.of_level(3), "<RuleSet: 21 rules of the mission>"),
    "Association": (
        lambda _: IMAGE,
        "<Association jw00001-o001_image3_00001_asn: Asn_Lv3Image, jw00001-o001_t001_miri_f770w of 2 members>",
    ),
    "Product": (lambda _: IMAGE.products[0], "<Product jw00001-o001_t001_miri_f770w: 2 members>"),
    "Dropped": (
        lambda _: RESULT.dropped[0],
        (
            "<Dropped: association <Association jw00001-a3001_image3_00001_asn: Asn_Lv3Image, "
            "jw00001-a3001_t001_miri_f770w of 2 members>, kept <Association jw00001-o001_image3_00001_asn: "
            "Asn_Lv3Image, jw00001-o001_t001_miri_f770w of 2 members>, why same members>"
        ),
    ),
    "Explanation": (
        lambda _: explain(POOL, "b"),
        "<Explanation: heading b_uncal.fits, 2 memberships, 9 refusals, 0 groups>",
    ),
    "Explanation of a pair": (
        lambda _: explain_pair(POOL, "a_", "b_"),
        "<Explanation: heading a_uncal.fits and b_uncal.fits, 2 memberships, 1 refusal, 0 groups>",
    ),
    "Explanation of an association": (
        lambda _: explain_association(POOL, IMAGE.products[0].name),
        "<Explanation: heading jw00001-o001_t001_miri_f770w, 2 memberships, 0 refusals, 0 groups>",
    ),
    "Explanation of orphans": (
        lambda _: explain_orphans(POOL),
        "<Explanation: heading 1 of 3 exposures in no association, 0 memberships, 0 refusals, 1 group>",
    ),
    "Comparison": (
        lambda _: compare(RESULT.associations, [IMAGE]),
        "<Comparison: 1 same, 2 only first, 0 only second, 0 different>",
    ),
    "Report of a check": (
        lambda _: check(POOL, [IMAGE]),
        "<Report: 1 finding, 1 association, 2 members, 3 exposures, in none x_uncal.fits>",
    ),
    "Finding": (
        lambda _: check(POOL, [IMAGE]).findings[0],
        (
            "<Finding: code no-level-2, severity note, 0 exposures, message whether Level 2 "
            "makes the members of Level 3 was not checked, 0 rules>"
        ),
    ),
    "Report of an analysis": (
        lambda _: verify(only=("Asn_Lv2FGS",)),
        "<Report: 3 findings, 1 rule, 5 constraints, 69 exp types, 76,464,912 combinations, 128 problems>",
    ),
    "Written": (written, "<Written: folder out, 3 files, 0 removed, 0 kept>"),
    "Gathered": (gathered, "<Gathered: 1 association, 2 members, 3 new>"),
    "Ingested": (
        ingested,
        "<Ingested: pool <Pool jw01001_pool.csv: 12 exposures, 67 columns>, 9 notes, 1 skipped, 12 files>",
    ),
}


def shown(made: object) -> object:
    """An object's content: itself where it can be compared, else its text."""
    if isinstance(made, Pool | RuleSet):
        return [*made] if isinstance(made, RuleSet) else made.to_text()
    to_dict = getattr(made, "to_dict", None)
    return made if to_dict is None else to_dict()


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_repr_is_one_line(kind: str, tmp_path: Path) -> None:
    make, text = OBJECTS[kind]
    assert repr(make(tmp_path)).replace(f"{tmp_path}/", "") == text


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301 (ours)
@pytest.mark.parametrize("kind", OBJECTS)
def test_a_copy_is_the_same(kind: str, copied: Callable[[object], object], tmp_path: Path) -> None:
    made = OBJECTS[kind][0](tmp_path)
    other = copied(made)
    assert type(other) is type(made)
    assert shown(other) == shown(made)
    assert repr(other) == repr(made)
    assert str(other) == str(made)


ERRORS = [
    ArchiveError("a.jsonl", "is cut off", line=3), MissingColumnError("A_Rule", "ra"),
    MissingMembersError("a", ("b",), "name it"), OutputError("cannot write a"),
    PoolError("no value", source="a.csv", line=2, column="program"),
    TooManyGroupsError("A_Rule", "o001", 5, "groups", "give FILTER"), UnknownRuleError("Asn_X", ("Asn_Y",)),
]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_reaches_another_process_as_it_is(error: Exception) -> None:
    other = pickle.loads(pickle.dumps(error))  # noqa: S301 (ours)
    assert (type(other), str(other), vars(other)) == (type(error), str(error), vars(error))
