"""The constraint engine: support of assignments."""

from __future__ import annotations

import pytest

from solver.solving.compilation import ANY
from solver.solving.constraint_engine import SupportTables, maximal, state

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
