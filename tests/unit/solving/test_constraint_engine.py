"""The constraint engine: support of assignments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from rules.rule import Rule
from rules.vocabulary import one_seed
from solver.pools.evaluation import Evaluation
from solver.solving import constraint_engine
from solver.solving.compilation import ANY, compile_rule
from solver.solving.constraint_engine import SupportTables, maximal, solve, state
from tests.unit.small import agreeing, candidates, pool_of, row

#: Three signatures of two variables: (1, any), (any, 5), (2, 5).
TABLES = SupportTables([(1, ANY), (ANY, 5), (2, 5)])


def test_domains_have_none_where_a_signature_agrees_with_any() -> None:
    assert [sorted(values) for values in TABLES.holding] == [[ANY, 1, 2], [ANY, 5]]
    assert sorted(SupportTables([(1, 5), (2, 5)]).holding[0]) == [1, 2]


@pytest.mark.parametrize(
    ("assigned", "support"),
    [
        ({}, 0b111),
        ({0: 1}, 0b011),
        ({0: 2}, 0b110),
        ({0: ANY}, 0b010),
        ({0: 1, 1: 5}, 0b011),
        ({0: 1, 1: ANY}, 0b001),
        ({0: 2, 1: ANY}, 0),
        ({0: ANY, 1: ANY}, 0),
        ({0: ANY, 1: 5}, 0b010),
        ({0: 7}, 0),
    ],
)
def test_the_support_of_an_assignment(assigned: dict[int, int], support: int) -> None:
    assert TABLES.support(assigned) == support


def test_the_solutions_are_the_supported_assignments() -> None:
    found = sorted(tuple(each[variable] for variable in (0, 1)) for each in state(TABLES).getSolutions())
    assert found == [(ANY, 5), (1, ANY), (1, 5), (2, 5)]


def test_supports_that_are_part_of_another_are_left_out() -> None:
    assert sorted(maximal([0b011, 0b001, 0b110, 0b010, 0b011])) == [0b011, 0b110]
    assert maximal([]) == []


def test_a_change_of_the_tables_changes_the_solutions() -> None:
    changed = SupportTables([(1, ANY), (ANY, 5)])
    assert len(state(changed).getSolutions()) != len(state(TABLES).getSolutions())


def solved(rule: type[Rule], cells: list[str]) -> int:
    """The number of solutions of exposures in these candidates."""
    pool = pool_of(*(row(f"e{number}", asn_candidate=cell) for number, cell in enumerate(cells)))
    return len(solve(compile_rule(rule.spec, Evaluation(pool), pool.sub_pools())))


def test_exposures_with_the_same_values_are_one_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Mock(wraps=SupportTables)
    monkeypatch.setattr(constraint_engine, "SupportTables", tables)
    assert solved(agreeing(), [candidates("o001 observation")] * 9) == 1
    assert len(tables.call_args.args[0]) == 1


@pytest.mark.parametrize("rule", [agreeing(), agreeing(cardinality=one_seed("science", fitting=("science",)))])
def test_a_candidate_is_solved_without_going_through_the_others(
    rule: type[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    size, few, sizes = 100, 10, list[int]()

    def counted(search: Callable[..., Any], *arrays: Any) -> Any:
        sizes.extend(map(np.size, arrays))
        return search(*arrays)

    for name in ("flatnonzero", "intersect1d"):
        monkeypatch.setattr(np, name, partial(counted, getattr(np, name)))
    assert solved(rule, [candidates(f"o{number} observation") for number in range(size)]) == size
    assert sum(sizes) < few * size
