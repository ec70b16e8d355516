"""Candidate cells and sub-pools."""

from __future__ import annotations

import re
import time

import pytest

from solver import CandidateError, generate
from solver.pools.candidates import Candidate, check_ids, parse_cell
from solver.pools.pool import Pool
from tests.unit.small import agreeing, candidates, cases, found, pool_of, row

CASES = cases(__file__)


@pytest.mark.parametrize(("cell", "pairs"), CASES["good"].items())
def test_a_good_cell_is_its_pairs_each_once(cell: str, pairs: list[list[str]]) -> None:
    assert parse_cell(cell) == tuple(map(tuple, pairs))


@pytest.mark.parametrize(("cell", "problem"), [(cell, why) for why, bad in CASES["bad"].items() for cell in bad])
def test_a_bad_cell_is_refused_and_nothing_is_evaluated(cell: str, problem: str) -> None:
    message = f"candidate cell {cell!r} {problem}; it should look like [('o001', 'OBSERVATION')]"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_cell(cell)


def test_a_bad_cell_is_shown_whole_if_it_is_not_long() -> None:
    cell = "x" * 80
    with pytest.raises(ValueError, match=rf"^candidate cell '{cell}' is not a list of \(id, type\) pairs; "):
        parse_cell(cell)


@pytest.mark.parametrize("length", [80, 200])
def test_a_bad_cell_is_shown_only_in_part_if_it_is_long(length: int) -> None:
    cell = "[" + "(" * length
    message = f"candidate cell {cell[:80] + '…'!r} is not a list of (id, type) pairs; it should look like "
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        parse_cell(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 50_000 + "]" * 50_000,
        "[" + " " * 100_000 + "]",
        "[('o001'" + " " * 100_000 + "x]",
        "['" + "x" * 100_000 + "]",
    ],
    ids=["nested", "blank", "spaces", "quote"],
)
def test_a_huge_cell_is_read_or_refused_quickly(cell: str) -> None:
    started = time.perf_counter()
    if cell.strip("[ ]"):
        with pytest.raises(ValueError, match="candidate cell"):
            parse_cell(cell)
    assert time.perf_counter() - started < 1


def test_a_huge_list_of_candidates_is_read() -> None:
    pairs = [(f"o{number:05d}", "observation") for number in range(5000)]
    assert parse_cell(str(pairs)) == tuple(pairs)


BOTH = candidates("o001 observation", "c1000 group")
POOL = pool_of(
    row("a", asn_candidate=BOTH),
    row("b", asn_candidate=candidates("o001 observation")),
    row("c", asn_candidate="NULL"),
    row("d", program="10", asn_candidate=candidates("o001 observation", "o001 background")),
    row("e", program="9", asn_candidate="[]"),
)


def sub_pools(pool: Pool, *ids: str, discover: bool = False) -> list[tuple[str, str]]:
    """The sub-pools as (program id type, exposures)."""
    made = pool.sub_pools(discover=discover)
    made = made.take(made.named(ids)) if ids else made
    names = [f"{each.program} {each.id} {each.type}" for each in made.candidates]
    inside: dict[str, list[str]] = {each: [] for each in names}
    for number, exposure in zip(made.candidate.tolist(), made.exposure.tolist(), strict=True):
        inside[names[number]].append(pool.file_names[exposure][0])
    assert made.sizes.tolist() == [len(inside[each]) for each in names]
    return [(each, " ".join(inside[each])) for each in names]


LISTED = [
    ("1 c1000 group", "a"),
    ("1 o001 observation", "a b"),
    ("10 o001 background", "d"),
    ("10 o001 observation", "d"),
]
ACROSS = [("1 a3001 discovered", "a b c"), ("9 a3001 discovered", "e"), ("10 a3001 discovered", "d")]


def test_the_sub_pool_of_a_candidate_is_what_lists_it_in_its_program() -> None:
    assert sub_pools(POOL) == LISTED


def test_in_discovery_each_program_is_a_candidate_too() -> None:
    assert sub_pools(POOL, discover=True) == [ACROSS[0], *LISTED[:2], ACROSS[1], ACROSS[2], *LISTED[2:]]
    assert len(POOL.sub_pools().candidates) == len(ACROSS) + len(LISTED)


def test_candidates_are_taken_by_exact_id_in_any_case_in_every_program() -> None:
    assert sub_pools(POOL, " O001 ") == LISTED[1:]
    assert sub_pools(POOL, "c1000") == LISTED[:1]
    assert sub_pools(POOL, "o009") == []
    longer = pool_of(row("a"), row("b", asn_candidate=candidates("o0010 observation", "co001 group")))
    assert sub_pools(longer, "o001") == [("1 o001 observation", "a")]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["o00"], "the pool has no candidate o00; its candidates are c1000, o001"),
        (["o009", "c1000", "O007"], "the pool has no candidate o007, o009; its candidates are c1000, o001"),
        (["a3001"], "the pool has no candidate a3001; its candidates are c1000, o001"),
    ],
)
def test_an_unknown_candidate_is_refused(ids: list[str], message: str) -> None:
    with pytest.raises(CandidateError, match=f"^{re.escape(message)}$"):
        check_ids(POOL["asn_candidate"], ids)


def test_the_message_lists_no_more_candidates_than_can_be_read() -> None:
    many = pool_of(*(row(f"a{i}", asn_candidate=candidates(f"o{i:03d} observation")) for i in range(30)))
    listed = ", ".join(f"o{i:03d}" for i in range(20))
    with pytest.raises(
        CandidateError, match=rf"^the pool has no candidate o099; its candidates are {listed}, … 10 more$"
    ):
        check_ids(many["asn_candidate"], ["o099"])
    with pytest.raises(CandidateError, match=rf"^the pool has no candidate o099; its candidates are {listed}$"):
        check_ids(many.select(range(20))["asn_candidate"], ["o099"])
    with pytest.raises(CandidateError, match=r"^the pool has no candidate o099; it has no candidates$"):
        check_ids(pool_of(row("a", asn_candidate="[]"))["asn_candidate"], ["o099"])


def test_only_candidates_of_exposures_that_are_there_count() -> None:
    part = POOL.select([1])
    assert sub_pools(part, discover=True) == [("1 a3001 discovered", "b"), ("1 o001 observation", "b")]
    with pytest.raises(CandidateError, match=r"^the pool has no candidate c1000; its candidates are o001$"):
        check_ids(part["asn_candidate"], ["c1000"])


def test_a_candidate_is_shown_as_in_a_cell() -> None:
    assert str(Candidate("1", "o001", "observation")) == "('o001', 'observation')"


def test_naming_candidates_turns_discovery_off_unless_it_is_asked_for() -> None:
    pool = pool_of(row("a", obs_num="1"), row("b", obs_num="2", asn_candidate=candidates("o002 observation")))
    rule = agreeing(discovered=True)
    assert found(pool, rule) == [("a3001", "a b"), ("o001", "a"), ("o002", "b")]
    assert found(pool, rule, candidates=["o002"]) == [("o002", "b")]
    assert found(pool, rule, candidates=["o002"], discover=True) == [("a3001", "a b"), ("o002", "b")]
    assert found(pool, rule, candidates=(), discover=True) == [("a3001", "a b")]
    assert found(pool, rule, discover=False) == [("o001", "a"), ("o002", "b")]
    assert not generate(pool, [rule], candidates=()).associations
