"""Numbers that are kept. Each docstring states its invariant in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import MISSION
from solver import Pool, merge
from solver.associations import Association, Associations, compare
from solver.multimap import grouped
from solver.solving.generation import Request, solve_unchecked
from tests.properties.strategies import Row, pools

LEVEL2 = [rule.spec.name for rule in MISSION.of_level(2)]


def made(rows: list[Row], former: Associations | None = None, *, merged: bool = False) -> Associations:
    found = solve_unchecked(Pool.from_rows(rows), MISSION, Request(former=former)).associations
    return Associations.of(merge(found, LEVEL2, former)) if merged else found


def products(association: Association) -> set[tuple[str, str, str, str]]:
    return {(association.program, association.asn_id, association.asn_type, each.name) for each in association.products}


@pytest.mark.parametrize("merged", [False, True])
@given(rows=pools(), data=st.data())
def test_numbers_are_kept_whatever_arrives_or_goes(rows: list[Row], data: st.DataObject, *, merged: bool) -> None:
    """A product has its former number under any added or removed rows, and a new one takes no former number."""
    some = st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True).map(sorted)
    before = made([rows[place] for place in data.draw(some)], merged=merged)
    after = made([rows[place] for place in data.draw(some)], before, merged=merged)
    assert len({each.file_name for each in after}) == len(after)
    files = {each.file_name: products(each) for each in before}
    assert all(products(each) & files.get(each.file_name, products(each)) for each in after)
    assert merged or not compare(before, after, files=True).by_kind()["renumbered"]


@pytest.mark.parametrize("merged", [False, True])
@given(rows=pools())
def test_a_run_again_changes_nothing(rows: list[Row], *, merged: bool) -> None:
    """A run on the same pool that keeps the numbers makes the same files, and reports nothing."""
    once = made(rows, merged=merged)
    assert made(rows, once, merged=merged) == once
    assert compare(once, made(rows, merged=merged), files=True).equal


@given(pools())
def test_without_former_numbers_names_are_a_function_of_the_pool(rows: list[Row]) -> None:
    """The numbers of a type of a candidate are 1, 2, 3, …"""
    groups = grouped(((each.program, each.asn_id, each.asn_type), each.sequence) for each in made(rows))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in groups.values())
