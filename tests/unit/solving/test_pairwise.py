"""Pairwise conditions: groups are maximal cliques of the compatibility graph."""

from __future__ import annotations

import pytest

from benchmarks.simulator import COLUMNS, POSITION_COLUMNS, simulate, with_positions
from rules.level3_base import AsnMixin_Base, AsnMixin_Image, AsnMixin_OpticalPath, DMS_Level3_Base
from rules.naming import FIELDS
from rules.rule import Rule
from rules.vocabulary import at_least, close_on_sky, one_seed, product_name, require, within
from solver import Pool, generate
from solver.errors import MissingColumnError, TooManyGroupsError
from solver.pools import numbers_of
from solver.solving import groups
from solver.solving.generation import Engine
from tests.unit.small import agreeing

ARCSECOND = 1 / 3600


class Asn_Near(AsnMixin_Image, AsnMixin_OpticalPath, AsnMixin_Base, DMS_Level3_Base):
    """Images within 10 arcseconds and 2 days. Overlapping groups need names of their own."""

    product_name = product_name("jw{program}-{candidate}_{exposure}_near", FIELDS)
    constraints = require(close_on_sky(arcseconds=10), within("expstart", 2))


class Asn_NearPair(Asn_Near):
    """The same, at least two."""

    constraints = require(at_least(2))


def image(number: int, east: float | str, north: float | str, day: float | str, **more: str) -> dict[str, str]:
    return {
        "filename": f"{number}_uncal.fits",
        "program": "1",
        "obs_num": "1",
        "instrume": "miri",
        "exp_type": "mir_image",
        "filter": "f770w",
        "subarray": "full",
        "pntgtype": "science",
        "asn_candidate": "[('o001', 'observation')]",
        "targ_ra": str(east),
        "targ_dec": str(north),
        "expstart": str(day),
    } | more


def members(rows: list[dict[str, str]], rule: type[Rule] = Asn_Near, engine: Engine = "signatures") -> list[str]:
    result = generate(Pool.from_rows(rows), [rule], engine=engine)
    return sorted(
        "".join(member.expname[0] for member in product.members)
        for association in result.associations
        for product in association.products
    )


#: Rows as (east in arcseconds, north in arcseconds, day), and the groups of their numbers.
CASES = {
    "one place": ([(0, 0, 0), (1, 1, 1)], ["12"]),
    "too far apart": ([(0, 0, 0), (11, 0, 0)], ["1", "2"]),
    "exactly at the limit of time": ([(0, 0, 0), (0, 0, 2)], ["12"]),
    "nearly at the limit of distance": ([(0, 0, 0), (9.999, 0, 0)], ["12"]),
    "just beyond it": ([(0, 0, 0), (10.001, 0, 0)], ["1", "2"]),
    "too late": ([(0, 0, 0), (0, 0, 2.1)], ["1", "2"]),
    "a chain makes overlapping groups": ([(0, 0, 0), (8, 0, 0), (16, 0, 0)], ["12", "23"]),
    "near in place, not in time, and the other way": ([(0, 0, 0), (0, 0, 9), (50, 0, 0)], ["1", "2", "3"]),
    "two pairs": ([(0, 0, 0), (0, 0, 1), (99, 0, 0), (99, 0, 1)], ["12", "34"]),
}


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize(("places", "expected"), CASES.values(), ids=CASES)
def test_groups_are_the_maximal_sets_of_exposures_near_each_other(
    places: list[tuple[float, float, float]], expected: list[str], engine: Engine
) -> None:
    rows = [image(i, x * ARCSECOND, y * ARCSECOND, day) for i, (x, y, day) in enumerate(places, 1)]
    assert members(rows, engine=engine) == expected
    assert members(rows[::-1], engine=engine) == expected


def test_a_place_across_zero_degrees_is_one_place() -> None:
    rows = [image(1, 359.9999, 0, 0), image(2, 0.0001, 0, 0)]
    assert members(rows) == ["12"]


def test_near_the_pole_degrees_of_right_ascension_are_short() -> None:
    rows = [image(1, 0, 89.9999, 0), image(2, 180, 89.9999, 0), image(3, 0, 0, 0), image(4, 1, 0, 0)]
    assert members(rows) == ["12", "3", "4"]


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
def test_the_constraints_text_gives_the_limits(engine: Engine) -> None:
    made = generate(Pool.from_rows([image(1, 0, 0, 0)]), [agreeing(within("expstart", 2))], engine=engine)
    assert made.associations[0].constraints == f"program = 1; {within('expstart', 2)}"


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
def test_exposures_also_have_to_agree(engine: Engine) -> None:
    rows = [image(1, 0, 0, 0), image(2, 0, 0, 0, filter="f560w"), image(3, 0, 0, 0, filter="")]
    assert members(rows, engine=engine) == ["13", "23"]


@pytest.mark.parametrize("place", ["", "null", "nan", "inf", "north"])
def test_an_exposure_without_a_number_does_not_qualify(place: str) -> None:
    assert members([image(1, 0, 0, 0), image(2, 0, 0, 0), image(3, place, 0, 0)]) == ["12"]


def test_validity_is_judged_on_the_group() -> None:
    rows = [image(1, 0, 0, 0), image(2, 0, 0, 1), image(3, ARCSECOND, 0, 0), image(4, 1, 0, 0)]
    assert members(rows, Asn_NearPair) == ["123"]
    assert members([image(1, 0, 0, 0), image(2, 1, 0, 0)], Asn_NearPair) == []


def test_a_pool_without_the_column_is_refused() -> None:
    rows = [{key: value for key, value in image(1, 0, 0, 0).items() if key != "targ_ra"}]
    with pytest.raises(MissingColumnError) as error:
        members(rows)
    assert str(error.value) == "Asn_Near needs numbers in the column TARG_RA, which the pool does not have; add them"


@pytest.mark.parametrize(
    ("limit", "what"),
    [("EXPOSURES", "exposures to compare with each other"), ("LIMIT", "groups of exposures near each other")],
)
def test_the_search_is_bounded(limit: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, limit, 2)
    with pytest.raises(TooManyGroupsError) as error:
        members([image(i, i, 0, 0) for i in range(1, 4)])
    assert str(error.value) == (
        f"Asn_Near on candidate ('o001', 'observation'): more than 2 {what}; "
        "narrow the rule: a smaller limit, or more that has to be the same"
    )


def test_as_many_as_the_bounds_allow_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "EXPOSURES", 2)
    monkeypatch.setattr(groups, "LIMIT", 2)
    rows = [image(i, i, 0, 0, filter=f"f{i // 2}") for i in range(4)]
    assert members(rows) == ["0", "1", "2", "3"]


def test_more_exposures_than_a_byte_has_bits() -> None:
    rows = [image(i, 0, 0, 10 * i) for i in range(10)] + [image(9, 0, 0, 11, filename="z_uncal.fits")]
    assert members(rows) == [*"0", "1z", *"23456789"]


def test_all_conditions_hold_in_whatever_order_they_are_stated() -> None:
    rows = [image(1, 0, 0, 0), image(2, 0, 0, 9), image(3, 50 * ARCSECOND, 0, 0)]
    conditions = within("expstart", 2), close_on_sky(arcseconds=10)
    for stated in (conditions, conditions[::-1]):
        assert members(rows, agreeing(*stated, product_name=Asn_Near.product_name)) == ["1", "2", "3"]


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
def test_what_fits_a_seed_is_near_it(engine: Engine) -> None:
    rows = [image(1, 0, 0, 0), image(2, 0, 0, 1, bkgdtarg="t"), image(3, 0, 0, 9, bkgdtarg="t")]
    rule = agreeing(within("expstart", 2), cardinality=one_seed("science", fitting=("background",)))
    assert members(rows, rule, engine) == ["12"]


def test_the_constraint_engine_tries_every_set_and_so_is_bounded_early() -> None:
    assert len(members([image(i, 0, 0, 0) for i in range(14)], engine="constraint")) == 1
    with pytest.raises(TooManyGroupsError) as error:
        members([image(i, 0, 0, 0) for i in range(15)], engine="constraint")
    assert str(error.value) == (
        "Asn_Near on candidate ('o001', 'observation'): more than 14 exposures to compare with each other; "
        "this engine tries every set of them; use the default engine"
    )


def test_numbers_are_read_from_texts() -> None:
    pool = Pool.from_rows([image(1, "1e1", 0, 0), image(2, "-3.5", 0, 0), image(3, "", 0, 0)])
    east = numbers_of(pool["targ_ra"])
    assert east[:2].tolist() == [10.0, -3.5]
    assert east[2] != east[2]


def test_simulated_positions_are_one_place_for_a_target_and_follow_in_time() -> None:
    rows = [
        dict(zip((*COLUMNS, *POSITION_COLUMNS), row, strict=True))
        for row in with_positions(simulate(3, modes=["image_dithers"]))
    ]
    places = {(row["targetid"], row["targ_ra"], row["targ_dec"]) for row in rows}
    assert len(places) == len({row["targetid"] for row in rows})
    first = [float(row["expstart"]) for row in rows if row["obs_num"] == rows[0]["obs_num"]]
    assert first == sorted(set(first))
    found = generate(Pool.from_rows(rows), [Asn_Near]).associations
    assert any(len(product.members) > 1 for association in found for product in association.products)
