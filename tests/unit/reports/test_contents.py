"""What a report shows is what the pool and its associations are."""

from __future__ import annotations

import pytest

from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION
from solver import Pool, Result, generate
from solver.reports import Contents, Why, contents_of
from solver.reports.contents import NO_ROW
from tests.unit.small import candidates, pool_of, row

POOLS = {
    "several programs": Pool.from_rows(dict(zip(COLUMNS, each, strict=True)) for each in simulate(5, programs=3)),
    "slitless": Pool.from_rows(
        dict(zip(COLUMNS, each, strict=True)) for each in simulate(6, modes=["wfss_niriss", "calibration"])
    ),
    "no level but the program": pool_of(row("b", obs_num=""), row("a", obs_num="")),
    "no association": pool_of(row("a", exp_type="MIR_DARKIMG")),
}
DARK = (
    "no association is expected: darks, flats and lamps of this kind are made into reference files, "
    "not into science products"
)

EVERY = pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))


def shown(pool: Pool) -> tuple[Contents, Result]:
    """The contents of a pool's report, and what they were made from."""
    result = generate(pool)
    return contents_of(pool, result, MISSION), result


@EVERY
def test_the_levels_are_a_traversal_of_the_hierarchy(pool: Pool) -> None:
    """The nodes of each level, their names and sizes, are those of the hierarchy graph, in its order."""
    graph = pool.hierarchy()
    contents, _ = shown(pool)
    for level in contents["levels"]:
        nodes = [graph.nodes[node] for node in graph if graph.nodes[node]["level"] == level["name"]]
        ends = (*level["starts"][1:], len(pool))
        assert list(level["labels"]) == [data["value"] or "not given" for data in nodes]
        assert [end - start for start, end in zip(level["starts"], ends, strict=True)] == [
            data["exposures"] for data in nodes
        ]
    assert {each["name"] for each in contents["levels"]} == {data["level"] for _, data in graph.nodes(data=True)}


@EVERY
def test_a_node_is_held_by_the_associations_that_have_all_of_its_exposures(pool: Pool) -> None:
    contents, result = shown(pool)
    for level in contents["levels"]:
        ends = (*level["starts"][1:], len(pool))
        for start, end, held in zip(level["starts"], ends, level["held"], strict=True):
            rows = set(range(start, end))
            assert held == [number for number, each in enumerate(result.associations) if rows <= each.rows]


@EVERY
def test_the_members_are_those_of_the_associations(pool: Pool) -> None:
    contents, result = shown(pool)
    levels = {rule.spec.name: rule.spec.level for rule in MISSION}
    texts = [
        [
            tuple(each[key] for key in ("product", "file", "rule", "type", "level", "program", "id", "target")),
            [
                (None if row == NO_ROW else row, contents["roles"][role], contents["texts"][file])
                for row, role, file in zip(each["rows"], each["roles"], each["files"], strict=True)
            ],
        ]
        for each in contents["associations"]
    ]
    assert texts == [
        [
            (
                product.name, each.file_name, each.asn_rule, each.asn_type, levels[each.asn_rule], each.program,
                each.asn_id, each.target,
            ),
            [(member.row, member.exptype, member.expname) for member in product.members],
        ]
        for each in result.associations
        for product in each.products
    ]  # fmt: skip


@EVERY
def test_the_columns_are_those_in_which_something_is_given(pool: Pool) -> None:
    contents, _ = shown(pool)
    for place in range(len(pool)):
        told = {name: values[codes[place]] for name, (values, codes) in contents["columns"].items() if codes[place]}
        given = {name: value for name, value in pool.row(place).items() if value and name != "filename"}
        assert told == given


@EVERY
def test_all_exposures_are_counted_once(pool: Pool) -> None:
    contents, result = shown(pool)
    places = [(pool["program"][row], pool["obs_num"][row]) for row in range(len(pool))]
    starts = [row for row in range(len(pool)) if not row or places[row] != places[row - 1]]
    assert [each["start"] for each in contents["observations"]] == starts
    lost = [contents["levels"][-1]["labels"][row] for rows in contents["orphans"].values() for row in rows]
    assert sorted(lost) == sorted(result.reasons)
    assert len(lost) == len(set(lost))
    counts = list(map(len, contents["orphans"].values()))
    assert counts == sorted(counts, reverse=True)


def test_files_that_are_no_exposures_have_no_row() -> None:
    contents, _ = shown(POOLS["slitless"])
    loose = {
        contents["texts"][file].rpartition("_")[2]
        for each in contents["associations"]
        for row, file in zip(each["rows"], each["files"], strict=True)
        if row == NO_ROW
    }
    assert loose == {"cat.ecsv", "i2d.fits", "segm.fits"}


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [dict(zip(COLUMNS, each, strict=True)) for each in simulate(7)]
    first = shown(Pool.from_rows(rows))[0]
    assert shown(Pool.from_rows(rows[::-1]))[0] == first
    assert shown(Pool.from_rows(rows[1::2] + rows[::2]))[0] == first


def test_what_the_rules_made_and_what_is_left() -> None:
    in_two = candidates("o001 observation", "c1000 group")
    pool = pool_of(
        row("a", asn_candidate=in_two), row("b", obs_num="2", asn_candidate=in_two), row("x", exp_type="MIR_DARKIMG")
    )
    contents = contents_of(pool, generate(pool, MISSION.of_level(3)), MISSION.of_level(3))
    assert contents["rules"] == {"Asn_Lv3Image": "Images of one target."}
    assert contents["orphans"] == {DARK: [1]}
    assert contents["dropped"] == {"same members": 2}


def test_by_default_an_association_says_what_its_exposures_share() -> None:
    contents, result = shown(pool_of(row("a"), row("x", exp_type="MIR_DARKIMG")))
    for listed, association in zip(contents["associations"], result.associations, strict=True):
        (ground,) = listed["grounds"]
        assert "; ".join(contents["grounds"][ground]) == association.constraints
    assert contents["orphans"] == {DARK: [1]}


def test_explanations_say_more() -> None:
    pool = pool_of(row("a"), row("b", filter="F560W"), row("x", exp_type="MIR_DARKIMG"))
    result = generate(pool, MISSION.of_level(3))
    names = [association.file_name for association in result.associations]
    inside = {(name, place): (f"{place} in {name}", "as all") for name in names for place in range(2)}
    kept = {names[0]: [{"rows": [1], "reasons": ["its filter is F560W"], "fix": "--set filter=F770W:b"}]}
    why = Why(inside, kept)
    contents = contents_of(pool, result, MISSION.of_level(3), why=why)
    for listed in contents["associations"]:
        for place, ground in zip(listed["rows"], listed["grounds"], strict=True):
            assert contents["grounds"][ground] == (f"{place} in {listed['file']}", "as all")
    assert [each["absent"] for each in contents["associations"]] == [kept[names[0]], []]


def test_the_rules_have_to_be_those_of_the_associations() -> None:
    pool = pool_of(row("a", detector="MIRIMAGE"))
    with pytest.raises(ValueError, match="Asn_Lv2Image"):
        contents_of(pool, generate(pool), MISSION.of_level(3))
