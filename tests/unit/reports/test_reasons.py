"""Why every exposure of a result is where it is, as the report tells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION
from solver import Pool, generate
from solver.reports import contents_of
from solver.reports import reasons as why
from solver.reports.reasons import explained
from tests.unit.small import Row, candidates, counted, pool_of, row


def pool() -> Pool:
    rows: list[Row] = [dict(zip(COLUMNS, row, strict=True)) for row in simulate(3, programs=2, exposures=60)]
    return Pool.from_rows(rows)


@pytest.mark.parametrize("most", [1_200, 0])
def test_each_exposure_is_told_of_just_its_associations_and_orphans_of_none(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(why, "MOST", most)
    exposures = pool()
    result = generate(exposures)
    told = explained(exposures, result, MISSION)
    inside = {(made.file_name, row) for made in result.associations for row in made.rows}
    assert set(told.inside) == (inside if most else set())
    assert all(told.inside.values())


def test_it_names_the_classes_that_state_the_constraints() -> None:
    exposures = pool()
    result = generate(exposures)
    association = next(each for each in result.associations if each.asn_type == "image3")
    row = association.products[0].members[0].row or 0
    lines = explained(exposures, result, MISSION).inside[association.file_name, row]
    assert [line.split(":")[0] for line in lines] == ["it qualifies", "it agrees in"]
    assert "program 1001, instrument NIRCAM (AsnMixin_Base)" in lines[1]


def test_in_a_program_of_very_many_it_tells_what_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why, "MOST", 0)
    exposures = pool()
    result = generate(exposures)
    contents = contents_of(exposures, result, MISSION, why=explained(exposures, result, MISSION))
    told = contents["grounds"][contents["associations"][0]["grounds"][0]]
    assert "; ".join(told) == result.associations[0].constraints


def test_it_names_what_keeps_exposures_of_the_same_type_out_of_a_product() -> None:
    exposures = pool()
    result = generate(exposures)
    kept = explained(exposures, result, MISSION).absent
    level3 = {each.file_name: each for each in result.associations if each.level == 3}
    assert set(kept) == set(level3)
    for file, every in kept.items():
        science = {exposures["exp_type"][each.row] for each in level3[file].members if each.row is not None}
        for each in every:
            assert not level3[file].rows & set(each["rows"])
            assert {exposures["exp_type"][row] for row in each["rows"]} <= science
            assert 1 <= len(each["reasons"]) <= why.NEAR


def test_targets_have_their_names() -> None:
    """In reasons and in grounds, also where some exposure of the pool has no target."""
    images = [row(name, targetid=number, targprop=f"T {number}") for name, number in (("a", "1"), ("b", "2"))]
    exposures = pool_of(*images, row("dark", exp_type="MIR_DARKIMG", targetid=""))
    result = generate(exposures)
    shown = contents_of(exposures, result, MISSION, why=explained(exposures, result, MISSION))
    level3 = {each["product"]: each for each in shown["associations"] if each["level"] == 3}
    (absent,) = level3["jw00001-o001_t001_miri_f770w"]["absent"]
    assert absent["reasons"] == ["its target is T 2, not T 1"]
    assert "; target T 1 (AsnMixin_Target)" in str(shown["grounds"])
    assert "target = T 1" in str(contents_of(exposures, result, MISSION)["grounds"])


#: an exposure of a pool by its number, and the function that would look for associations among all
ALIKE: dict[str, tuple[Callable[[int], Row], str]] = {
    "of a program": (lambda number: row(f"a{number}", program=str(number + 1)), "_among"),
    "with both exposures": (
        lambda number: row(
            f"a{number}",
            obs_num=str(number + 1),
            asn_candidate=candidates(f"o00{number + 1} observation", "c1000 group"),
        ),
        "_owners",
    ),
}


@pytest.mark.parametrize(("make", "search"), ALIKE.values(), ids=ALIKE)
def test_associations_are_not_searched_for_each_program_or_reason(
    make: Callable[[int], Row], search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [(each, generate(each)) for each in (pool_of(*map(make, range(size))) for size in (3, 9))]
    monkeypatch.setattr(why, "FIXES", 0)
    calls = counted(monkeypatch, f"solver.associations.association_table.{search}")
    found = []
    for exposures, result in results:
        calls.clear()
        assert explained(exposures, result, MISSION).inside
        found.append(calls.total())
    assert found[0] == found[1]
