"""Shards: what is solved a part at a time is what is solved at once. Each docstring states its invariant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import MISSION
from rules.naming import FIELDS
from rules.rule import Rule
from rules.vocabulary import at_least, product_name, same, within
from solver import Pool, Result, generate
from solver.errors import AsnsolveError
from solver.solving.generation import Request, check_request, solve_unchecked
from solver.solving.shards import cut_into_shards
from tests.properties.strategies import Row, dense, pools
from tests.unit.small import agreeing, together

#: A rule whose products have the same name in every program, and one that compares times.
ANYWHERE = agreeing(same("filter"), name="Asn_Anywhere", product_name=product_name("all-{candidate}", FIELDS))
SOON = agreeing(within("expstart", 3), at_least(2), name="Asn_Soon")

#: What may be asked of a pool.
ASKED: list[tuple[Iterable[type[Rule]], dict[str, Any]]] = [
    (MISSION, {}),
    (MISSION, {"discover": False}),
    (MISSION, {"candidates": ()}),
    (MISSION, {"candidates": (), "discover": True}),
    (MISSION, {"candidates": ("O001",)}),
    (MISSION, {"candidates": ("o001", "c1000"), "version_id": "v1"}),
    (MISSION, {"candidates": ("o001",), "backgrounds": True}),
    (MISSION, {"finalize": False}),
    ((ANYWHERE, SOON), {}),
    ((ANYWHERE, SOON), {"finalize": False}),
]


@st.composite
def programs(draw: st.DrawFn) -> list[Row]:
    """The exposures of one to five programs, some with equal ids, names and times, in any order."""
    rows: list[Row] = []
    numbers = draw(st.lists(st.sampled_from(["1", "2", "3", "10", "0A"]), min_size=1, max_size=5, unique=True))
    for number in numbers:
        for each in draw(dense() | pools()):
            start, _, ending = each["filename"].rpartition("_")
            # two programs may hold one exposure, before and after calibration: members of one name
            name = f"{start}_{draw(st.sampled_from([ending, 'cal.fits', f'{number}_{ending}']))}"
            time = draw(st.sampled_from(["", "1", "2", "9"]))
            rows.append(each | {"filename": name, "program": number, "expstart": time})
    unique = {each["filename"].lower(): each for each in rows}
    return draw(st.permutations([{"expstart": "5"} | each for each in unique.values()]))


def asked_of(pool: Pool, rules: Iterable[type[Rule]], options: dict[str, Any], size: int) -> Result:
    """What `generate` makes, found a shard at a time, the last shard first."""
    ids = options.get("candidates")
    named = {"candidates": None if ids is None else tuple(each.lower() for each in ids)}
    request = Request(**{"discover": ids is None, **options, **named})
    check_request(pool, rules, request)
    parts = [(rows, solve_unchecked(pool.select(rows), rules, request)) for rows in cut_into_shards(pool, size)]
    return together(pool, parts[::-1])


@given(rows=programs(), asked=st.sampled_from(ASKED), size=st.integers(1, 40))
def test_shards_together_are_the_whole(rows: list[Row], asked: tuple[Any, Any], size: int) -> None:
    """Whatever the size of the shards, together they have the whole pool's result: in content, order and places."""
    pool = Pool.from_rows(rows)
    rules, options = asked
    try:
        whole = generate(pool, rules, **options)
    except AsnsolveError as error:
        with pytest.raises(type(error), match=re.escape(str(error))):
            asked_of(pool, rules, options, size)
        return
    found = asked_of(pool, rules, options, size)
    assert [each.to_json() for each in found.associations] == [each.to_json() for each in whole.associations]
    assert found.associations == whole.associations
    assert [each.rows for each in found.associations] == [each.rows for each in whole.associations]
    assert found.orphans.to_text() == whole.orphans.to_text()
    assert list(found.reasons.items()) == list(whole.reasons.items())
    assert found.tried == whole.tried
    assert found.dropped == whole.dropped
    assert [each.kept.rows for each in found.dropped] == [each.kept.rows for each in whole.dropped]


@given(rows=programs(), size=st.integers(1, 40))
def test_a_shard_is_whole_programs_of_a_limited_size(rows: list[Row], size: int) -> None:
    """Shards cover the pool in its order, cut no program, and are as few as whole programs of the size allow."""
    pool = Pool.from_rows(rows)
    shards = cut_into_shards(pool, size)
    assert [row for shard in shards for row in shard] == list(range(len(pool)))
    inside = [{pool["program"][row] for row in shard} for shard in shards]
    assert sum(map(len, inside)) == len(set().union(*inside))
    assert all(len(shard) <= size or len(held) == 1 for shard, held in zip(shards, inside, strict=True))
    for shard, following in pairwise(shards):
        first = sum(pool["program"][row] == pool["program"][following.start] for row in following)
        assert len(shard) + first > size


@given(rows=programs())
def test_a_part_is_the_pool_of_its_rows(rows: list[Row]) -> None:
    """A part has the values of its rows and no others, as if the pool had been read with these rows alone."""
    pool = Pool.from_rows(rows)
    for shard in cut_into_shards(pool, 5):
        part, read = pool.select(shard), Pool.from_rows([*pool][shard.start : shard.stop])
        assert (part.name, part.file_names, list(part.columns)) == (pool.name, read.file_names, list(pool.columns))
        for name, column in part.columns.items():
            assert column.values == read[name].values
            assert column.codes.tolist() == read[name].codes.tolist()
