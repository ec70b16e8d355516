"""Shards of a pool, and what has to be known of the whole."""

from __future__ import annotations

import pytest

from rules import MISSION
from rules.naming import FIELDS
from rules.vocabulary import case, choose, column, direct_image, has, one_of, product_name, same, within
from solver import CandidateError, generate
from solver.errors import MissingColumnError
from solver.solving.generation import Request, check_request, solve_unchecked
from solver.solving.shards import cut_into_shards
from tests.unit.small import Row, agreeing, candidates, found, pool_of, row, together


def programs(*sizes: int) -> list[Row]:
    """Exposures of programs 1, 2, … with so many each."""
    return [row(f"p{n}e{i}", program=str(n)) for n, size in enumerate(sizes, start=1) for i in range(size)]


@pytest.mark.parametrize(
    ("sizes", "size", "shards"),
    [
        ([1], 10, [1]),
        ([3, 3, 3], 9, [9]),
        ([3, 3, 3], 8, [6, 3]),
        ([3, 3, 3], 6, [6, 3]),
        ([3, 3, 3], 3, [3, 3, 3]),
        ([3, 3, 3], 1, [3, 3, 3]),
        ([2, 9, 2, 2], 4, [2, 9, 4]),
        ([9, 1], 4, [9, 1]),
        ([1, 9], 4, [1, 9]),
    ],
)
def test_a_pool_is_cut_where_programs_end(sizes: list[int], size: int, shards: list[int]) -> None:
    pool = pool_of(*programs(*sizes)[::-1])
    rows = cut_into_shards(pool, size)
    assert [len(each) for each in rows] == shards
    assert [row for each in rows for row in each] == list(range(len(pool)))


def test_programs_are_taken_in_the_order_of_the_pool() -> None:
    pool = pool_of(*(row(name, program=name) for name in ("10", "9", "0A", "00002")))
    assert [pool.select(rows)["program"][0] for rows in cut_into_shards(pool, 1)] == ["2", "9", "a", "10"]


def test_a_shard_has_exposures() -> None:
    with pytest.raises(ValueError, match="a shard of 0 exposures has none; give a size of at least 1"):
        cut_into_shards(pool_of(row("a")), 0)


def test_members_are_found_in_the_whole_pool() -> None:
    pool = pool_of(*programs(2, 2, 2))
    parts = [(rows, solve_unchecked(pool.select(rows), [agreeing()], Request())) for rows in cut_into_shards(pool, 2)]
    assert [each.rows for each in together(pool, parts).associations] == [{0, 1}, {2, 3}, {4, 5}]


def test_the_parts_together_are_the_result_of_the_whole() -> None:
    """Associations, what was dropped, orphans with their reasons and what became of rules are those of `generate`."""
    of_image = direct_image(
        "direct_image",
        about="science",
        root=product_name("jw{program}_{candidate}_image", FIELDS),
        optics=[["filter"]],
        files={"_cat.ecsv": "sourcecat"},
    )
    roles = choose(case("direct_image", one_of("filter", "f2")), otherwise="science")
    rules = [
        agreeing(has("psf"), name="Asn_Invalid"),
        agreeing(same("filter"), name="Asn_One"),
        agreeing(same("filter"), name="Asn_Two"),
        agreeing(has("science"), expansion=of_image, name="Asn_Catalog", roles=roles),
    ]
    every = [
        each
        for n in (1, 2, 3)
        for each in (
            row(f"p{n}a", program=str(n)), row(f"p{n}b", program=str(n), filter="F2"),
            row(f"p{n}c", program=str(n), filter="", asn_candidate=candidates(f"c100{n} background")),
        )
    ]  # fmt: skip
    pool = pool_of(*every)
    whole = generate(pool, rules)
    parts = [(rows, solve_unchecked(pool.select(rows), rules, Request())) for rows in cut_into_shards(pool, 3)]
    made = together(pool, parts[::-1])
    assert made.associations == whole.associations
    assert [each.rows for each in made.associations] == [each.rows for each in whole.associations]
    assert [(each.association.rows, each.kept.rows, each) for each in made.dropped] == [
        (each.association.rows, each.kept.rows, each) for each in whole.dropped
    ]
    assert (made.orphans.file_names, made.reasons) == (whole.orphans.file_names, whole.reasons)
    assert made.tried == whole.tried
    assert len(made.dropped) > 3
    assert len(made.orphans) == 3
    assert made.tried[-2].groups == 6
    assert any(member.row is None for each in made.associations for member in each.products[0].members)


# --- What is asked of the whole -----------------------------------------------------------------

O002 = candidates("o002 observation")


def test_a_candidate_has_to_be_in_the_pool_and_not_in_every_part() -> None:
    pool = pool_of(row("a"), row("b", program="2", asn_candidate=O002))
    request = Request(candidates=("o002",), discover=False)
    check_request(pool, [agreeing()], request)
    first, second = (solve_unchecked(pool.select(rows), [agreeing()], request) for rows in cut_into_shards(pool, 1))
    assert first.reasons == {"a_uncal.fits": "in no candidate that was asked for"}
    assert [each.asn_id for each in second.associations] == ["o002"]
    with pytest.raises(CandidateError):
        check_request(pool, [agreeing()], Request(candidates=("o003",)))


def test_numbers_have_to_be_in_the_pool_and_not_in_every_part() -> None:
    rule = agreeing(within("expstart", 1))
    pool = pool_of(row("a"), row("b", program="2", expstart="1"))
    check_request(pool, [rule], Request())
    first, second = (
        solve_unchecked(pool.select(rows), [rule], Request(discover=False)) for rows in cut_into_shards(pool, 1)
    )
    assert (len(first.associations), len(second.associations)) == (0, 1)
    with pytest.raises(MissingColumnError):
        check_request(pool.select(range(1)), [rule], Request())


def test_a_column_that_a_rule_asks_for_has_to_be_in_the_pool() -> None:
    pool = pool_of(row("a"))
    own, split = agreeing(same(column("instrumen", "mine")), name="Asn_Mine"), MISSION.split_by("zzz")
    with pytest.raises(MissingColumnError) as error:
        check_request(pool, [own], Request())
    assert str(error.value).startswith(
        "Asn_Mine uses the column INSTRUMEN, which the pool does not have; did you mean IN"
    )
    with pytest.raises(MissingColumnError) as error:
        check_request(pool, split, Request())
    hint = "asnsolve pool --keyword ZZZ makes it from FITS files"
    assert str(error.value) == f"--split-by names the column ZZZ, which the pool does not have; {hint}"
    check_request(pool_of(row("a", zzz="1")), split, Request())


# --- Nothing crosses programs, which shards rely on ---------------------------------------------


def test_members_of_one_name_in_two_programs_are_two_products() -> None:
    """A pool may list an exposure of one program before, and one of another after calibration."""
    rows = [row("a"), row("a", filename="a_cal.fits", program="2")]
    made = generate(pool_of(*rows), [agreeing()], discover=False)
    names = [member.expname for each in made.associations for member in each.products[0].members]
    assert names == ["a_cal.fits", "a_cal.fits"]
    assert len(made.dropped) == 0


@pytest.mark.parametrize(
    ("program", "reason"),
    [("1", "only in candidate c1000, which was not asked for"), ("2", "in no candidate that was asked for")],
)
def test_a_background_candidate_belongs_to_exposures_of_its_own_program(program: str, reason: str) -> None:
    shared = row("a", asn_candidate=candidates("o001 observation", "c1000 background"))
    other = row("b", program=program, asn_candidate=candidates("c1000 background"))
    result = generate(pool_of(shared, other), [agreeing()], candidates=["o001"], backgrounds=True)
    assert result.reasons["b_uncal.fits"] == reason


def test_with_backgrounds_discovery_is_solved_if_it_is_asked_for() -> None:
    pool = pool_of(row("a"), row("b", obs_num="2", asn_candidate=O002))
    rule = agreeing(discovered=True)
    made = found(pool, rule, candidates=["o001"], discover=True, backgrounds=True, finalize=False)
    assert made == [("a3001", "a b"), ("o001", "a")]
